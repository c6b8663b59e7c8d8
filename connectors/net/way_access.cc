#include "connectors/net/way_access.h"

namespace tripline::connectors::net {
namespace {

WaySource source_of(const std::string& name, WayCounters& counters) { return {name, &counters.of(name)}; }

std::vector<std::string> secrets_of(const std::vector<WayOptions::Key>& keys) {
  std::vector<std::string> secrets;
  for (const auto& key : keys) secrets.push_back(key.secret);
  return secrets;
}

}  // namespace

WayKeys::WayKeys(const std::vector<WayOptions::Key>& keys, const std::string& open_source, bool open,
                 WayCounters& counters)
    : ring_(secrets_of(keys)) {
  for (const auto& key : keys) sources_.push_back(source_of(key.source, counters));
  if (open && keys.empty()) open_ = source_of(open_source, counters);
}

const WaySource* WayKeys::find(const std::optional<std::string_view>& secret) const {
  if (open_) return &*open_;
  if (!secret) return nullptr;
  const auto index = ring_.find(*secret);
  return index ? &sources_[*index] : nullptr;
}

WayAccess::WayAccess(const WayOptions& options, WayCounters& counters)
    : firehose(options.firehose_keys, "firehose", options.open_without_keys, counters),
      events(options.event_tokens, "events", options.open_without_keys, counters),
      unsigned_calls(options.credentials.empty() && options.open_without_keys),
      region(options.region),
      account(options.account) {
  for (const auto& credentials : options.credentials) secrets.emplace(credentials.key_id, credentials.secret);
  for (const auto& stream : options.streams) streams.emplace(stream.name, source_of(stream.source, counters));
  if (streams.empty()) any_stream = source_of("aws", counters);
}

const WaySource* WayAccess::stream(std::string_view name) const {
  if (any_stream) return &*any_stream;
  const auto at = streams.find(name);
  return at == streams.end() ? nullptr : &at->second;
}

}  // namespace tripline::connectors::net
