#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "alerts/outbox.h"
#include "app/serve/handling.h"
#include "engine/signal.h"
#include "engine/store/sqlite_store.h"
#include "tests/support/places.h"

namespace tripline::app {

/// A store with signals that a test makes up, beside which others may read.
class SomeSignals {
 public:
  static constexpr engine::EventTime kNow{std::chrono::hours{500'000}};

  SomeSignals() {
    auto rules = std::make_shared<engine::RuleSet>();
    for (const auto& row : engine::kLevels) {
      auto& rule = rules->detections.emplace_back().rule;
      rule.id = "rule-" + std::string(row.name);
      rule.title = "Title of " + std::string(row.name);
      rule.level = row.level;
    }
    rules_ = std::move(rules);
    engine::store::SqliteStore::Settings settings;
    settings.now = [] { return kNow; };
    store_ = engine::store::SqliteStore::open(path(), rules_, settings).value();
  }

  std::string path() const { return (folder_.path() / "store.db").string(); }
  engine::store::SqliteStore& store() { return *store_; }

  /// A signal of `number`, so many minutes before now.
  engine::Signal make(int number, engine::Level level, int minutes_ago, bool closed = false) const {
    engine::Signal signal;
    signal.rules = rules_;
    signal.index = static_cast<std::uint32_t>(level);
    signal.group = {"group " + std::to_string(number)};
    signal.first = kNow - std::chrono::minutes{minutes_ago};
    signal.last = signal.first;
    signal.period_start = engine::period_start(signal.first, std::chrono::hours{1});
    signal.closes_at = signal.period_start + std::chrono::hours{1};
    signal.id = engine::signal_id(signal.rule().id, signal.group, signal.period_start);
    signal.triggers = 1;
    signal.closed = closed;
    return signal;
  }

  std::string add(engine::Signal signal) {
    const std::string id = signal.id;
    engine::Commit commit;
    if (signal.closed) commit.closed.push_back(id);
    commit.signals.push_back(std::move(signal));
    store_->commit(std::move(commit)).value();
    return id;
  }

  bool add_note(const std::string& id, const Note& note) {
    return store_->database()
        .add_note({engine::from_hex(id), static_cast<std::int64_t>(note.kind), note.at, note.by, note.comment})
        .value();
  }

 private:
  tests::TemporaryFolder folder_{tests::memory_folder()};
  std::shared_ptr<const engine::RuleSet> rules_;
  std::unique_ptr<engine::store::SqliteStore> store_;
};

/// A delivery about that signal; its number.
inline std::uint64_t add_delivery(SomeSignals& some, const std::string& sink, const std::string& signal) {
  alerts::Outbox outbox(some.path(), [&](const auto& work) { return work(some.store().database()); });
  alerts::RoutingStep step;
  alerts::Delivery& delivery = step.deliveries.emplace_back();
  delivery.sink = sink;
  delivery.route = "all";
  delivery.thread = "thread";
  delivery.key = signal + "." + std::to_string(outbox.counts().value().size() + 1);
  delivery.members = {{engine::from_hex(signal), 1, alerts::Change::kOpened}};
  delivery.written_at = SomeSignals::kNow - std::chrono::minutes{2};
  return outbox.commit(step).value().front();
}

}  // namespace tripline::app
