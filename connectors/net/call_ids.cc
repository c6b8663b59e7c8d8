#include "connectors/net/call_ids.h"

#include "engine/digest.h"

namespace tripline::connectors::net {

std::string CallIds::next() {
  const auto digest = engine::digest_128({"call", std::to_string(started_.time_since_epoch().count()),
                                          std::to_string(calls_.fetch_add(1, std::memory_order_relaxed))});
  std::string id = engine::to_hex(digest);
  for (const std::size_t dash : {8, 13, 18, 23}) id.insert(dash, "-");
  return id;
}

}  // namespace tripline::connectors::net
