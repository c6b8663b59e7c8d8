#include "tests/support/alert_store.h"

#include <stdexcept>
#include <utility>

#include "engine/digest.h"
#include "tests/support/messages.h"

namespace tripline::tests {

using engine::Result;
using engine::store::SqliteStore;

AlertStore::AlertStore(engine::EventTime at) : now(at) { reopen(); }

std::string AlertStore::id(std::uint64_t number) { return engine::to_hex({number, number}); }

void AlertStore::reopen() {
  store_.reset();
  SqliteStore::Settings settings;
  settings.now = [this] { return now; };
  store_ = SqliteStore::open(path(), std::make_shared<engine::RuleSet>(), settings).value();
}

void AlertStore::commit(const std::vector<Change>& changes) {
  engine::Commit commit;
  for (const Change& change : changes) {
    auto signal = bare_signal();
    signal->id = id(change.signal);
    signal->group = {std::to_string(change.signal)};
    auto rules = std::make_shared<engine::RuleSet>();
    rules->detections.emplace_back().rule = signal->rule();
    rules->detections[0].rule.id = "rule-" + std::to_string(change.rule);
    signal->rules = std::move(rules);
    signal->closed = change.kind == engine::Transition::Kind::kClosed;
    commit.signals.push_back(*signal);
    commit.transitions.push_back({.kind = change.kind, .signal = signal->id});
  }
  commit.journal = "j" + std::to_string(store_->last_journal());
  store_->commit(std::move(commit)).value();
}

void AlertStore::forget_closed() {
  store_->database().forget_signals({.changed_before = now + std::chrono::seconds{1}}).value();
}

alerts::Outbox AlertStore::outbox() {
  return alerts::Outbox(path(), [this](const alerts::Outbox::Work& work) -> Result<void> {
    if (broken) return engine::fail(engine::ErrorCode::kStore, "the disk is full");
    return work(store_->database());
  });
}

alerts::RoutingStep pass_on(const std::vector<alerts::SignalChange>& changes, const std::vector<std::string>& sinks,
                            engine::EventTime now) {
  alerts::RoutingStep step;
  for (const alerts::SignalChange& change : changes) {
    step.position = change.number;
    if (change.signal == nullptr) continue;
    alerts::Message message = message_of(change.signal, change.change, change.number);
    for (const std::string& sink : sinks) {
      alerts::Delivery& delivery = step.deliveries.emplace_back();
      delivery.sink = sink;
      delivery.route = "all";
      delivery.thread = thread_of(message);
      delivery.key = message.key;
      delivery.members = {{engine::from_hex(change.signal->id), change.number, change.change}};
      delivery.written_at = now;
    }
  }
  return step;
}

}  // namespace tripline::tests
