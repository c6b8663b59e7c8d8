#include "alerts/test_message.h"

#include <memory>
#include <utility>

#include "engine/rule_set.h"

namespace tripline::alerts {

Message test_message(engine::EventTime now) {
  auto rules = std::make_shared<engine::RuleSet>();
  engine::Rule& rule = rules->detections.emplace_back().rule;
  rule.id = "tripline-sink-test";
  rule.title = "Test of a sink";
  rule.description = "Somebody ran `tripline sink test`. Nothing has happened.";
  rule.level = engine::Level::kLow;
  rule.response = "Nothing: signals arrive here.";
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  auto signal = std::make_shared<engine::Signal>();
  signal->rules = std::move(rules);
  signal->period_start = engine::period_start(second, std::chrono::hours{1});
  signal->closes_at = signal->period_start + std::chrono::hours{1};
  signal->id = engine::signal_id(signal->rule().id, {}, signal->period_start);
  signal->first = signal->last = second;
  signal->triggers = 1;
  signal->arrived = signal->detected = now;
  signal->title = "Signals of Tripline arrive here";
  Message message;
  message.key = "test-" + std::to_string(now.time_since_epoch().count());
  message.told.push_back({std::move(signal), Change::kOpened, 1});
  message.test = true;
  return message;
}

}  // namespace tripline::alerts
