#include "engine/record_filter.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/event.h"
#include "engine/matcher.h"

namespace {

using namespace tripline::engine;

std::shared_ptr<const RuleSet> some_rules() {
  auto rules = std::make_shared<RuleSet>();
  const auto want = [&](const char* path, std::vector<Pattern::Part> parts) {
    TextTest test;
    test.any.emplace_back(std::move(parts), false);
    auto& detection = rules->detections.emplace_back();
    detection.condition = Expression::of(rules->predicates.intern({rules->fields.intern(path), std::move(test)}));
  };
  using Kind = Pattern::Part::Kind;
  want("eventName", {{Kind::kText, "StopLogging"}});
  want("readOnly", {{Kind::kText, "false"}});
  want("userIdentity.type", {{Kind::kText, "Root"}});
  want("userIdentity.sessionContext.sessionIssuer.type", {{Kind::kText, "Role"}});
  want("userIdentity.arn", {{Kind::kMany, ""}, {Kind::kText, ":assumed-role/"}, {Kind::kMany, ""}});
  want("requestParameters.policy.Effect", {{Kind::kText, "Allow"}});
  return rules;
}

}  // namespace

/// No record is dismissed that a rule matches, whatever its bytes are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto rules = some_rules();
  static const RecordFilter filter(needs_of(*rules), rules->fields);
  static Matcher matcher(rules);
  static Event event(rules->fields);
  const std::string padded = std::string(reinterpret_cast<const char*>(data), size) + std::string(kRecordPadding, ' ');
  const Record record{.json = std::string_view(padded).substr(0, size)};
  EventIdentity identity;
  const bool dismissed = filter.usable() && filter.dismisses(record.json, identity);
  if (dismissed && event.read(record) && !matcher.match(event).empty()) std::abort();
  return 0;
}
