#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/serve/dead_letters.h"
#include "connectors/limits.h"
#include "connectors/record_batch.h"
#include "engine/accounts.h"
#include "engine/batch.h"
#include "engine/envelope.h"
#include "engine/matcher.h"
#include "engine/processor.h"
#include "engine/record_filter.h"
#include "engine/rule_set.h"

namespace tripline::app {

/// What all workers judge by until the next reload. Immutable.
struct Generation {
  std::uint64_t number = 0;
  std::shared_ptr<const engine::RuleSet> rules;
  std::shared_ptr<const engine::Accounts> accounts;  // null: there is no file of accounts
  engine::Matcher matcher;
  std::shared_ptr<const engine::RecordFilter> filter;  // null: it would dismiss nothing
};
std::shared_ptr<const Generation> make_generation(std::uint64_t number, std::shared_ptr<const engine::RuleSet> rules,
                                                  std::shared_ptr<const engine::Accounts> accounts);

/// What came of one delivery, for the state thread.
struct Worked {
  std::uint64_t sequence = 0;
  std::string source;
  std::optional<engine::EventTime> delivered;
  std::optional<engine::Mark> mark;
  engine::Batch found;
  std::vector<engine::EventKey> events;  // of all records
  std::vector<DeadLetter> dead_letters;
  std::uint64_t dismissed = 0;  // records that no rule can match, and so were not parsed
  std::array<std::uint64_t, std::size(engine::kErrorCodes)> set_aside{};
  std::array<std::uint64_t, std::size(connectors::kSkippedRows)> skipped{};
  std::uint64_t stored_bytes = 0;
  std::uint64_t inflated_bytes = 0;
  /// Newest event time by account and region, of every kLookedAt-th record and of each account's first.
  std::map<std::pair<std::string, std::string>, std::optional<engine::EventTime>> places;
  std::chrono::nanoseconds took{};
  std::optional<engine::Error> unreadable;  // kIo: the delivery as a whole, which must come again

  static constexpr std::uint32_t kLookedAt = 64;
};

/// Reads deliveries and matches their records. Threads: one each.
class LiveWorker {
 public:
  /// Borrows the limits.
  explicit LiveWorker(const connectors::Limits& limits) : limits_(limits) {}

  Worked work(const engine::Envelope& envelope, const std::shared_ptr<const Generation>& generation);

 private:
  void look_at(const engine::Record& record, const engine::EventIdentity& identity, Worked& worked);

  const connectors::Limits& limits_;
  std::shared_ptr<const Generation> generation_;
  std::optional<engine::Processor> processor_;  // of the generation
  connectors::RecordBatch batch_;
  std::string last_account_;
};

}  // namespace tripline::app
