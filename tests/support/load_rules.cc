#include "tests/support/load_rules.h"

#include <map>
#include <utility>

#include "engine/matcher.h"
#include "tests/support/events.h"

namespace tripline::tests {

using State = rules::RuleState::State;

std::string detection(const std::string& name, const std::string& event_name, const std::string& more) {
  return "title: " + name + "\nname: " + name + "\nlevel: high\nlogsource: {product: aws, service: cloudtrail}\n" +
         "detection: {s: {eventName: " + event_name + "}, condition: s}\n" + more;
}

std::string filter(const std::string& rules, const std::string& body, const std::string& source) {
  return "title: Filter\nlogsource: {" + source + "}\nfilter:\n  rules: " + rules + "\n" + body;
}

std::string correlation(const std::string& name, const std::string& rules, const std::string& more) {
  return "title: " + name + "\nname: " + name + "\ncorrelation:\n  type: temporal\n  rules: [" + rules +
         "]\n  timespan: 5m\n" + more;
}

rules::Loaded LoadRules::load(rules::LoadOptions options) {
  options.threads = 2;
  auto loaded = rules::load_rules({folder_.path().string()}, options);
  EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().message);
  return loaded ? std::move(*loaded) : rules::Loaded{};
}

std::string LoadRules::states(const rules::Loaded& loaded) {
  static const std::map<State, std::string> names = {{State::kLoaded, "loaded"},
                                                     {State::kFailed, "failed"},
                                                     {State::kSkippedStatus, "skipped"},
                                                     {State::kOtherLogSource, "other"},
                                                     {State::kDisabled, "disabled"}};
  std::string text;
  for (const auto& state : loaded.states) {
    text += (text.empty() ? "" : ", ") + state.rule.title + " " + names.at(state.state);
    EXPECT_EQ(state.why.empty(), state.state == State::kLoaded) << state.rule.title;
  }
  return text;
}

std::string LoadRules::matches(const rules::Loaded& loaded, std::string_view json) {
  OwnedEvent event(loaded.rules->fields, json);
  std::string text;
  for (const std::uint32_t i : engine::full_scan(*loaded.rules, *event)) {
    text += (text.empty() ? "" : ", ") + loaded.rules->detections[i].rule.title;
  }
  return text;
}

}  // namespace tripline::tests
