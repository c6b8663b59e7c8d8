#include "engine/log_source.h"

#include "engine/text.h"

namespace tripline::engine {

bool feeds(const LogSource& feed, const LogSource& wanted) {
  const auto agrees = [](const std::string& has, const std::string& wants) {
    return wants.empty() || fold(has) == fold(wants);
  };
  return agrees(feed.category, wanted.category) && agrees(feed.product, wanted.product) &&
         agrees(feed.service, wanted.service);
}

}  // namespace tripline::engine
