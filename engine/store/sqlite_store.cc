#include "engine/store/sqlite_store.h"

#include <algorithm>
#include <utility>

#include "engine/digest.h"
#include "engine/group_fields.h"
#include "engine/packing.h"
#include "engine/signal_codec.h"
#include "engine/store/stored_state.h"

namespace tripline::engine::store {

namespace {

constexpr std::uint8_t kVersion = 1;  // of all blobs here but those of signals
constexpr std::uint8_t kSignalVersion = 2;
constexpr std::uint8_t kSignalOfBefore = 1;
constexpr std::size_t kRecent = 8192;  // signals in memory
/// A row that does not fit into a page is read whole by SQLite whenever a key is looked for beside it.
constexpr std::size_t kKeysOfRow = 56;

Error damaged(std::string_view what) { return fail(ErrorCode::kStore, std::string(what) + " is damaged"); }

std::chrono::seconds period_of(const Signal& signal) {
  const RuleSet& rules = *signal.rules;
  return signal.of_correlation ? rules.correlations[signal.index].period : rules.detections[signal.index].period;
}

/// What is told of a signal's rule when it is not loaded any more, or by another process.
std::string packed_rule(const Signal& signal) {
  const Rule& rule = signal.rule();
  Packer out;
  for (const std::string* text :
       {&rule.id, &rule.name, &rule.title, &rule.description, &rule.author, &rule.status, &rule.response}) {
    out.text(*text);
  }
  out.number(rule.level);
  out.number(rule.dry_run);
  for (const auto* list : {&rule.tags, &rule.references, &rule.false_positives}) {
    out.number(static_cast<std::uint32_t>(list->size()));
    for (const std::string& text : *list) out.text(text);
  }
  const auto fields = group_fields(signal);
  out.number(static_cast<std::uint32_t>(fields.size()));
  for (const std::string_view field : fields) out.text(field);
  const Title none;
  const Title& title = signal.of_correlation ? signal.rules->correlations[signal.index].title : none;
  out.number(static_cast<std::uint32_t>(title.size()));
  for (const TitlePart& part : title) {
    out.text(part.text);
    out.text(part.field);
  }
  out.number(period_of(signal));
  return out.take();
}

Rule unpack_rule(Unpacker& in) {
  Rule rule;
  for (std::string* text :
       {&rule.id, &rule.name, &rule.title, &rule.description, &rule.author, &rule.status, &rule.response}) {
    *text = in.text();
  }
  rule.level = in.number<Level>();
  rule.dry_run = in.number<bool>();
  for (auto* list : {&rule.tags, &rule.references, &rule.false_positives}) {
    for (auto count = in.count(); count > 0; --count) list->emplace_back(in.text());
  }
  return rule;
}

/// A rule set of this rule alone.
std::shared_ptr<const RuleSet> unpack_rules(Unpacker& in, bool of_correlation) {
  auto rules = std::make_shared<RuleSet>(false);
  Rule rule = unpack_rule(in);
  std::vector<std::string> fields(in.count());
  for (auto& field : fields) field = in.text();
  Title title(in.count());
  for (TitlePart& part : title) {
    part.text = in.text();
    part.field = in.text();
  }
  const auto period = in.number<std::chrono::seconds>();
  if (of_correlation) {
    Correlation& correlation = rules->correlations.emplace_back();
    correlation.rule = std::move(rule);
    correlation.group_by = std::move(fields);
    correlation.title = std::move(title);
    correlation.period = period;
  } else {
    Detection& detection = rules->detections.emplace_back();
    detection.rule = std::move(rule);
    for (const auto& field : fields) detection.group.push_back(rules->fields.intern(field));
    detection.period = period;
  }
  return rules;
}

std::string packed(const Signal& signal) {
  Packer out;
  out.number(kSignalVersion);
  out.text(packed_rule(signal));
  pack(signal, out);
  return out.take();
}

/// Version 1: without records, and without the names of its group's fields.
Result<Signal> unpack_signal_of_before(const SignalRow& row, Unpacker& in, RemovedRules& removed) {
  Rule rule = unpack_rule(in);
  Signal signal = unpack(in, false);
  if (!in.at_end()) return damaged("signal " + to_hex(row.id));
  auto& rules = removed[(signal.of_correlation ? "1c" : "1d") + rule.id];
  if (!rules) {
    auto made = std::make_shared<RuleSet>(false);
    (signal.of_correlation ? made->correlations.emplace_back().rule : made->detections.emplace_back().rule) =
        std::move(rule);
    rules = std::move(made);
  }
  signal.rules = rules;
  signal.index = 0;
  signal.closed = !row.open;
  return signal;
}

Result<Signal> unpack_signal(const SignalRow& row, RemovedRules& removed) {
  Unpacker in(row.blob);
  const auto version = in.number<std::uint8_t>();
  if (version == kSignalOfBefore) return unpack_signal_of_before(row, in, removed);
  const std::string_view rule = in.text();
  Signal signal = unpack(in);
  if (version != kSignalVersion || !in.at_end()) return damaged("signal " + to_hex(row.id));
  auto& rules = removed[(signal.of_correlation ? "c" : "d") + std::string(rule)];
  if (!rules) {
    Unpacker of_rule(rule);
    rules = unpack_rules(of_rule, signal.of_correlation);
    if (!of_rule.at_end()) return damaged("the rule of signal " + to_hex(row.id));
  }
  signal.rules = rules;
  signal.index = 0;
  signal.closed = !row.open;
  return signal;
}

std::int64_t hour_of(EventTime time) { return std::chrono::floor<std::chrono::hours>(time).time_since_epoch().count(); }

std::string keys_key(std::int64_t hour, std::uint32_t part) {
  return big_endian(static_cast<std::uint64_t>(hour)) + big_endian(part);
}

void pack_keys(const EventKey* begin, const EventKey* end, Packer& out) {
  out.number(static_cast<std::uint32_t>(end - begin));
  for (; begin != end; ++begin) out.number(*begin);
}

}  // namespace

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::string& path, std::shared_ptr<const RuleSet> rules,
                                                       Settings settings) {
  auto database = Database::open(path, settings.database);
  if (!database) return database.error();
  std::unique_ptr<SqliteStore> store(new SqliteStore(std::move(*database), std::move(rules), std::move(settings)));
  if (const auto loaded = store->load_keys(); !loaded) return loaded.error();
  return store;
}

SqliteStore::SqliteStore(Database database, std::shared_ptr<const RuleSet> rules, Settings settings)
    : database_(std::move(database)), settings_(std::move(settings)), last_checkpoint_(settings_.now()) {
  use(std::move(rules));
}

void SqliteStore::use(std::shared_ptr<const RuleSet> rules) {
  rules_ = std::move(rules);
  places_.clear();
  recent_.clear();
  for (std::uint32_t i = 0; i < rules_->correlations.size(); ++i) places_[rules_->correlations[i].rule.id] = {true, i};
  for (std::uint32_t i = 0; i < rules_->detections.size(); ++i) places_[rules_->detections[i].rule.id] = {false, i};
}

// --- events that were delivered before ---

void SqliteStore::remember(Hour hour, const EventKey& key) {
  if (keys_.insert(key).second) by_hour_[hour].all.push_back(key);
}

void SqliteStore::forget_old_keys() {
  const Hour oldest = hour_of(settings_.now() - settings_.remember);
  while (!by_hour_.empty()) {
    const auto& [hour, keys] = *by_hour_.begin();
    const bool too_many = keys_.size() > settings_.most_remembered && by_hour_.size() > 1;
    if (hour >= oldest && !too_many) return;
    forgotten_early_ += hour >= oldest ? 1 : 0;
    for (const EventKey& key : keys.all) keys_.erase(key);
    for (std::uint32_t part = 0; part < keys.rows; ++part) {
      forgotten_.push_back({static_cast<std::int64_t>(Space::kKeys), keys_key(hour, part), std::nullopt});
    }
    by_hour_.erase(by_hour_.begin());
  }
}

Result<void> SqliteStore::load_keys() {
  const auto rows = database_.read().each_state_row(static_cast<std::int64_t>(Space::kKeys),
                                                    [this](const StateView& row) -> Result<void> {
                                                      Unpacker in(row.value);
                                                      if (in.number<std::uint8_t>() != kVersion)
                                                        return damaged("a row of remembered events");
                                                      const auto hour = in.number<Hour>();
                                                      for (auto count = in.count(sizeof(EventKey)); count > 0; --count)
                                                        remember(hour, in.number<EventKey>());
                                                      if (!in.at_end()) return damaged("a row of remembered events");
                                                      Keys& keys = by_hour_[hour];
                                                      keys.stored = keys.all.size();
                                                      ++keys.rows;
                                                      return {};
                                                    });
  if (!rows) return rows.error();
  const auto checkpoint = database_.read().checkpoint();
  if (!checkpoint) return checkpoint.error();
  return database_.read().each_journal_row(*checkpoint, [this](const JournalRow& row) -> Result<void> {
    Unpacker in(row.blob);
    if (in.number<std::uint8_t>() != kVersion) return damaged("a row of its journal");
    const auto hour = in.number<Hour>();
    for (auto count = in.count(sizeof(EventKey)); count > 0; --count) remember(hour, in.number<EventKey>());
    journal_bytes_ += row.blob.size();
    return in.ok() ? Result<void>() : damaged("a row of its journal");
  });
}

// --- commits ---

Result<void> SqliteStore::commit(Commit commit) {
  const bool nothing = commit.keys.empty() && commit.signals.empty() && commit.closed.empty() && commit.marks.empty();
  if (nothing && commit.journal == last_journal_) return {};
  const EventTime now = settings_.now();
  const Hour hour = hour_of(now);
  journal_.clear();
  journal_.number(kVersion);
  journal_.number(hour);
  pack_keys(commit.keys.data(), commit.keys.data() + commit.keys.size(), journal_);
  journal_.bytes(commit.journal);

  // A signal that is closed in the commit that changes it is written once.
  std::map<std::string_view, Signal*> changed;
  const auto has = [](const std::vector<std::string>& ids, const std::string& id) {
    return std::binary_search(ids.begin(), ids.end(), id);
  };
  for (Signal& signal : commit.signals) {
    signal.closed |= has(commit.closed, signal.id);
    changed.emplace(signal.id, &signal);
  }
  std::deque<Signal> closed;
  for (const std::string& id : commit.closed) {
    if (changed.contains(id)) continue;
    const auto found = find(id);
    if (!found) return found.error();
    if (*found == nullptr) continue;
    closed.push_back(**found);
    closed.back().closed = true;
    closed.back().rule_removed = has(commit.removed, id);
    changed.emplace(closed.back().id, &closed.back());
  }
  std::deque<std::string> blobs;
  CommitRows rows;
  for (const Mark& mark : commit.marks) rows.meta.push_back({mark.key, mark.value});
  rows.journal = journal_.view();
  for (const auto& [id, signal] : changed) {
    blobs.push_back(packed(*signal));
    rows.signals.push_back({.id = from_hex(id),
                            .rule_id = signal->rule().id,
                            .open = !signal->closed,
                            .closes_at = signal->closes_at,
                            .changed_at = now,
                            .first = signal->first,
                            .blob = blobs.back()});
  }
  for (const Transition& transition : commit.transitions) {
    Packer out;
    out.number(kVersion);
    out.number(transition.widened);
    blobs.push_back(out.take());
    rows.transitions.push_back({.signal = from_hex(transition.signal),
                                .kind = static_cast<std::int64_t>(transition.kind),
                                .blob = blobs.back()});
  }
  if (const auto done = database_.commit(rows); !done) return done.error();

  last_journal_ = std::move(commit.journal);
  journal_bytes_ += journal_.size();
  for (const EventKey& key : commit.keys) remember(hour, key);
  if (recent_.size() + changed.size() > kRecent) recent_.clear();
  for (const auto& [id, signal] : changed) recent_.insert_or_assign(std::string(id), std::move(*signal));
  return {};
}

// --- signals ---

Result<Signal> SqliteStore::signal_of(const SignalRow& row) const {
  auto signal = unpack_signal(row, removed_rules_);
  if (!signal) return signal;
  const auto place = places_.find(std::string(row.rule_id));
  if (place == places_.end()) return signal;
  signal->rules = rules_;
  signal->of_correlation = place->second.of_correlation;
  signal->index = place->second.index;
  return signal;
}

Result<Signal> stored_signal(const SignalRow& row, RemovedRules& rules) { return unpack_signal(row, rules); }

Result<void> each_stored_signal(const Reader& reader, const std::function<void(const Signal&)>& visit) {
  RemovedRules rules;
  return reader.each_signal(Which::kAll, [&](const SignalRow& row) -> Result<void> {
    const auto signal = unpack_signal(row, rules);
    if (!signal) return signal.error();
    visit(*signal);
    return {};
  });
}

Result<const Signal*> SqliteStore::find(const std::string& id) const {
  const auto known = recent_.find(id);
  if (known != recent_.end()) return known->second ? &*known->second : nullptr;
  std::optional<Signal> signal;
  const auto found = database_.read().find_signal(from_hex(id), [&](const SignalRow& row) -> Result<void> {
    auto read = signal_of(row);
    if (!read) return read.error();
    signal = std::move(*read);
    return {};
  });
  if (!found) return found.error();
  if (recent_.size() >= kRecent) recent_.clear();
  auto& entry = recent_[id];
  entry = std::move(signal);
  return entry ? &*entry : nullptr;
}

Result<void> SqliteStore::each(Which which, const std::function<void(const Signal&)>& visit) const {
  return database_.read().each_signal(which, [&](const SignalRow& row) -> Result<void> {
    const auto signal = signal_of(row);
    if (!signal) return signal.error();
    visit(*signal);
    return {};
  });
}

Result<void> SqliteStore::each_signal_since(std::uint64_t transition,
                                            const std::function<void(const Signal&)>& visit) const {
  boost::unordered_flat_set<Digest, DigestHash> ids;
  const auto read =
      database_.read().each_transition(transition, SIZE_MAX, [&](const TransitionRow& row) -> Result<void> {
        ids.insert(row.signal);
        return {};
      });
  if (!read) return read;
  std::vector<std::pair<EventTime, Digest>> in_order;
  for (const Digest& id : ids) {
    const auto signal = find(to_hex(id));
    if (!signal) return signal.error();
    if (*signal != nullptr) in_order.emplace_back((*signal)->first, id);
  }
  std::sort(in_order.begin(), in_order.end());
  for (const auto& [first, id] : in_order) {
    const auto signal = find(to_hex(id));
    if (!signal) return signal.error();
    visit(**signal);
  }
  return {};
}

// --- state ---

Result<void> SqliteStore::each_state(const std::function<Result<void>(const StateRow&)>& visit) const {
  return each_stored_state(database_.read(), visit);
}

Result<void> SqliteStore::each_state_between(Space space, std::string_view from, std::string_view to,
                                             const std::function<Result<void>(const StateRow&)>& visit) const {
  return each_stored_state(database_.read(), space, from, to, visit);
}

Result<void> SqliteStore::each_journal(
    const std::function<Result<void>(std::uint64_t, std::string_view)>& visit) const {
  return each_stored_journal(database_.read(), visit);
}

Result<std::optional<std::string>> SqliteStore::find_journal(std::uint64_t number) const {
  return find_stored_journal(database_.read(), number);
}

bool SqliteStore::wants_checkpoint() const {
  if (journal_bytes_ == 0) return false;
  return journal_bytes_ >= settings_.checkpoint_bytes ||
         settings_.now() - last_checkpoint_ >= settings_.checkpoint_after;
}

void SqliteStore::begin_checkpoint(std::vector<StateRow> rows, std::uint64_t keep_from) {
  forget_old_keys();
  std::vector<StateRow> keys = std::exchange(forgotten_, {});
  for (auto& [hour, of_hour] : by_hour_) {
    while (of_hour.stored < of_hour.all.size()) {
      const std::size_t count = std::min(kKeysOfRow, of_hour.all.size() - of_hour.stored);
      Packer out;
      out.number(kVersion);
      out.number(hour);
      pack_keys(of_hour.all.data() + of_hour.stored, of_hour.all.data() + of_hour.stored + count, out);
      keys.push_back({static_cast<std::int64_t>(Space::kKeys), keys_key(hour, of_hour.rows++), out.take(),
                      StateRow::Kind::kLasting});
      of_hour.stored += count;
    }
  }
  std::sort(keys.begin(), keys.end(), [](const StateRow& a, const StateRow& b) { return a.key < b.key; });
  const auto behind = std::upper_bound(rows.begin(), rows.end(), static_cast<std::int64_t>(Space::kKeys),
                                       [](std::int64_t space, const StateRow& row) { return space < row.space; });
  rows.insert(behind, std::make_move_iterator(keys.begin()), std::make_move_iterator(keys.end()));
  database_.begin_checkpoint(std::move(rows), keep_from);
  last_checkpoint_ = settings_.now();
  journal_bytes_ = 0;
  forgets_signals_ = true;
}

Result<bool> SqliteStore::continue_checkpoint() {
  if (database_.checkpointing()) {
    const auto more = database_.continue_checkpoint(settings_.step);
    if (!more) return more.error();
    return *more || forgets_signals_;
  }
  const Retention retention{.changed_before = settings_.now() - settings_.keep, .max_bytes = settings_.keep_bytes};
  const auto forgotten = database_.forget_signals(retention, settings_.step);
  if (!forgotten) return forgotten.error();
  if (*forgotten > 0) recent_.clear();
  forgets_signals_ = *forgotten > 0;
  return forgets_signals_;
}

}  // namespace tripline::engine::store
