#include "tests/support/store_history.h"

#include <algorithm>
#include <sstream>

#include "tests/support/store_rows.h"

namespace tripline::tests {

using namespace engine;
using namespace engine::store;

namespace {

/// What a journal row says of the state: a line each of space, key and value, or `-` for a row that goes.
using Changes = std::map<StoreModel::StateKey, std::optional<std::string>>;

std::string encode(const Changes& changes) {
  std::string text = "\1";
  for (const auto& [key, value] : changes) {
    text += std::to_string(key.first) + " " + key.second + " " + value.value_or("-") + "\n";
  }
  return text;
}

Changes decode(std::string_view blob) {
  Changes changes;
  std::istringstream lines{std::string(blob.substr(1))};
  std::int64_t space = 0;
  for (std::string key, value; lines >> space >> key >> value;) {
    changes[{space, key}] = value == "-" ? std::optional<std::string>{} : value;
  }
  return changes;
}

void apply_to_state(const Changes& changes, std::map<StoreModel::StateKey, std::string>& state) {
  for (const auto& [key, value] : changes) {
    if (value) {
      state[key] = *value;
    } else {
      state.erase(key);
    }
  }
}

template <class Row, class Add>
Visit<Row> each(const Add& add) {
  return [add](const Row& row) -> Result<void> { return add(row), Result<void>{}; };
}

std::string summary(const StoreModel& model) {
  std::size_t bytes = 0;
  for (const auto& [key, value] : model.state) bytes += value.size();
  return std::to_string(model.commits) + " commits, " + std::to_string(model.state.size()) + " rows of state (" +
         std::to_string(bytes) + " bytes), " + std::to_string(model.signals.size()) + " signals, " +
         std::to_string(model.transitions.size()) + " transitions, " + std::to_string(model.meta.size()) + " marks";
}

}  // namespace

void StoreModel::remove_signal(std::uint64_t id) {
  signals.erase(id);
  std::erase_if(transitions, [&](const auto& entry) { return entry.second.signal == id; });
  std::erase_if(outbox, [&](const auto& entry) { return entry.second.signal == id && !entry.second.why.empty(); });
}

StoreHistory::StoreHistory(std::uint64_t seed, Synchronous synchronous) : random_(seed), cut_random_(seed + 1) {
  options_.vfs = disk_.name();
  options_.synchronous = synchronous;
  options_.wal_pages = 12;  // carried over, and begun again, every few commits
}

std::string StoreHistory::round(int count, std::size_t fail_at, PowerCutDisk::Survives survives) {
  std::string wrong;
  if (fail_at != 0) disk_.fail_at(fail_at);
  {
    auto database = Database::open(store_in(folder_), options_);
    if (!database) {
      if (!disk_.failed() && !disk_.failed_once()) wrong = "cannot be opened: " + database.error().message;
    } else {
      wrong = calls(*database, count);
      // Closing tidies up, which a process that is killed does not come to.
      if (!disk_.failed()) disk_.fail_at(1);
    }
  }
  disk_.cut_power(survives, cut_random_);
  return wrong;
}

std::string StoreHistory::calls(Database& database, int count) {
  try {
    if (std::string wrong = compare(database); !wrong.empty()) return wrong;
  } catch (const std::exception& error) {
    return disk_.failed() ? "" : error.what();
  }
  for (int i = 0; i < count; ++i) {
    auto done = call(database);
    if (done) continue;
    if (disk_.failed()) return "";
    if (!disk_.failed_once()) return done.error().message;
    if (load(database) != now_) return "something has happened of what failed: " + done.error().message;
  }
  return "";
}

Result<void> StoreHistory::call(Database& database) {
  const std::size_t choice = roll(14);
  if (choice < 5) return commit(database);
  if (choice < 9) return checkpoint(database);
  if (choice < 11) return route(database);
  if (choice < 13) return settle(database);
  return forget(database);
}

std::string StoreHistory::random_blob() {
  // Some fill pages, some need several.
  const std::size_t size = roll(4) == 0 ? 1 + roll(9000) : 1 + roll(300);
  std::string text = "\1";
  for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('a' + (random_() & 15));
  return text;
}

Result<void> StoreHistory::commit(Database& database) {
  StoreModel after = now_;
  Changes changes;
  for (std::size_t i = roll(6); i > 0; --i) {
    auto& change = changes[{static_cast<std::int64_t>(roll(2)), "key" + std::to_string(roll(12))}];
    change = roll(4) == 0 ? std::optional<std::string>{} : random_blob();
  }
  const std::string journal = encode(changes);
  CommitRows rows;
  rows.journal = journal;
  apply_to_state(changes, after.state);
  ++after.commits;
  for (std::size_t i = roll(3); i > 0; --i) {
    const std::uint64_t id = roll(8);
    after.signals[id] = {roll(2) == 0, static_cast<std::int64_t>(after.commits * 10 + i), random_blob()};
    after.transitions[++after.last_transition] = {id, random_blob()};
  }
  // The rows view what is in `after`, as it is from here on.
  for (const auto& [id, signal] : after.signals) {
    const auto before = now_.signals.find(id);
    if (before != now_.signals.end() && before->second == signal) continue;
    rows.signals.push_back(signal_row(id, signal.open, signal.changed_at, signal.blob));
  }
  for (auto it = after.transitions.upper_bound(now_.last_transition); it != after.transitions.end(); ++it) {
    rows.transitions.push_back({0, {it->second.signal, it->second.signal}, 1, it->second.blob});
  }
  if (roll(2) == 0) after.meta["mark" + std::to_string(roll(3))] = random_blob();
  for (const auto& [key, value] : after.meta) rows.meta.push_back({key, value});
  StoreModel model = after;
  if (roll(8) == 0) {
    const std::uint64_t id = roll(8);
    rows.deleted_signals.push_back({id, id});
    model.remove_signal(id);
  }

  allowed_ = {now_, model};
  const auto done = database.commit(rows);
  if (!done) return done.error();
  for (auto& [key, value] : changes) dirty_[key] = value;
  now_ = model;
  allowed_ = {std::move(model)};
  return {};
}

Result<void> StoreHistory::checkpoint(Database& database) {
  if (!database.checkpointing()) {
    std::vector<StateRow> rows;
    for (auto& [key, value] : dirty_) rows.push_back({key.first, key.second, value});
    dirty_.clear();
    // Some of what it holds is kept nevertheless; check() finds a gap.
    const std::uint64_t keep_from =
        database.last_journal() + 1 - std::min<std::uint64_t>(roll(4), database.last_journal());
    database.begin_checkpoint(std::move(rows), roll(2) == 0 ? keep_from : UINT64_MAX);
  }
  const StepLimit limit{std::chrono::hours{1}, 1 + roll(5), std::size_t{1} << 20};
  const auto more = database.continue_checkpoint(limit);
  return more ? Result<void>{} : more.error();
}

Result<void> StoreHistory::forget(Database& database) {
  StoreModel after = now_;
  const auto oldest = std::min_element(after.signals.begin(), after.signals.end(), [](const auto& a, const auto& b) {
    return std::pair(a.second.open, a.second.changed_at) < std::pair(b.second.open, b.second.changed_at);
  });
  if (oldest != after.signals.end() && !oldest->second.open) after.remove_signal(oldest->first);
  allowed_ = {now_, after};
  const auto done = database.forget_signals({EventTime::max(), UINT64_MAX}, {std::chrono::hours{1}, 1, 1});
  if (!done) return done.error();
  now_ = after;
  allowed_ = {std::move(after)};
  return {};
}

Result<void> StoreHistory::route(Database& database) {
  StoreModel after = now_;
  RoutingRows rows;
  std::map<std::string, StoreModel::Delivery> added;
  for (std::size_t i = roll(3); i > 0; --i) added["key" + std::to_string(roll(20))] = {roll(8), "", random_blob()};
  for (const auto& [key, one] : added) {
    rows.deliveries.push_back({.sink = "soc",
                               .thread = "t",
                               .key = key,
                               .signal = {one.signal, one.signal},
                               .written_at = {},
                               .blob = one.blob});
    after.outbox.emplace(key, one);  // a key that is there stays as it is
  }
  std::map<std::string, std::string> routing;
  for (std::size_t i = roll(3); i > 0; --i)
    routing["row" + std::to_string(roll(5))] = roll(3) == 0 ? "" : random_blob();
  for (const auto& [key, value] : routing) {
    rows.routing.push_back({key, value});
    if (value.empty()) {
      after.routing.erase(key);
    } else {
      after.routing[key] = value;
    }
  }
  after.meta["routed"] = random_blob();
  rows.meta.push_back({"routed", after.meta["routed"]});
  allowed_ = {now_, after};
  const auto done = database.outbox().commit(rows);
  if (!done) return done.error();
  for (std::size_t i = 0; i < done->size(); ++i) {
    if ((*done)[i] != 0) numbers_[std::string(rows.deliveries[i].key)] = (*done)[i];
  }
  now_ = after;
  allowed_ = {std::move(after)};
  return {};
}

Result<void> StoreHistory::settle(Database& database) {
  StoreModel after = now_;
  std::vector<SettledRow> rows;
  for (auto at = after.outbox.begin(); at != after.outbox.end();) {
    const auto one = at++;
    const std::size_t choice = roll(6);
    if (choice == 0) {
      rows.push_back({.number = numbers_.at(one->first)});
      after.outbox.erase(one);
    } else if (choice == 1) {
      one->second.why = "no";
      rows.push_back({.number = numbers_.at(one->first),
                      .kind = SettledRow::Kind::kParked,
                      .at = EventTime{} + std::chrono::hours{1},
                      .why = "no"});
    } else if (choice == 2) {
      one->second.why.clear();
      rows.push_back({.number = numbers_.at(one->first), .kind = SettledRow::Kind::kWaiting});
    }
  }
  allowed_ = {now_, after};
  const auto done = database.outbox().settle(rows);
  if (!done) return done.error();
  now_ = after;
  allowed_ = {std::move(after)};
  return {};
}

StoreModel StoreHistory::load(const Database& database) {
  const Reader& read = database.read();
  StoreModel model;
  model.commits = database.last_journal();
  model.last_transition = database.last_transition();
  for (const std::int64_t space : {0, 1}) {
    const auto add = [&](const StateView& row) { model.state[{space, std::string(row.key)}] = row.value; };
    read.each_state_row(space, each<StateView>(add)).value();
  }
  dirty_.clear();
  std::uint64_t next = read.checkpoint().value();
  const auto replay = [&](const JournalRow& row) {
    if (row.number != ++next) throw std::runtime_error("a gap in the journal");
    const Changes changes = decode(row.blob);
    apply_to_state(changes, model.state);
    for (const auto& [key, value] : changes) dirty_[key] = value;
  };
  read.each_journal_row(next, each<JournalRow>(replay)).value();
  if (next != model.commits) throw std::runtime_error("the journal ends too early");
  const auto add_signal = [&](const SignalRow& row) {
    model.signals[row.id.low] = {row.open, row.changed_at.time_since_epoch().count(), std::string(row.blob)};
  };
  read.each_signal(Which::kAll, each<SignalRow>(add_signal)).value();
  const auto add_transition = [&](const TransitionRow& row) {
    model.transitions[row.number] = {row.signal.low, std::string(row.blob)};
  };
  read.each_transition(0, 1'000'000, each<TransitionRow>(add_transition)).value();
  read.each_meta(each<MetaRow>([&](const MetaRow& row) {
        if (row.key != "journal_kept_from") model.meta[std::string(row.key)] = row.blob;  // the store's own
      }))
      .value();
  numbers_.clear();
  const auto add_delivery = [&](const DeliveryRow& row) {
    model.outbox[std::string(row.key)] = {row.signal.low, std::string(row.why), std::string(row.blob)};
    numbers_[std::string(row.key)] = row.number;
  };
  read.each_delivery({}, each<DeliveryRow>(add_delivery)).value();
  read.each_routing_row(each<MetaRow>([&](const MetaRow& row) { model.routing[std::string(row.key)] = row.blob; }))
      .value();
  return model;
}

std::string StoreHistory::compare(const Database& database) {
  const StoreModel found = load(database);
  for (const std::string& finding : database.read().check().value()) return "is not sound: " + finding;
  for (const StoreModel& model : allowed_) {
    if (model != found) continue;
    now_ = found;
    return "";
  }
  return "holds " + summary(found) + "; committed were " + summary(allowed_.front());
}

}  // namespace tripline::tests
