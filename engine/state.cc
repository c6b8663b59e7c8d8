#include "engine/state.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include <boost/unordered/unordered_flat_set.hpp>

#include "engine/correlation_shape.h"

namespace tripline::engine {

namespace {

constexpr std::uint8_t kJournalVersion = 2;
// As stores of before have it: facts one by one, with all their texts, in the journal and as rows of state.
constexpr std::uint8_t kPlainJournal = 1;
constexpr char kPlainFacts = 1;

/// The same delivered record, not merely the same event.
bool same_record(const Match& a, const Match& b) { return a.delivery == b.delivery && a.index == b.index; }

Error damaged_journal() { return fail(ErrorCode::kStore, "a row of its journal is damaged"); }

}  // namespace

State::State(Store& store, std::shared_ptr<const RuleSet> rules, StateOptions options)
    : store_(store),
      rules_(std::move(rules)),
      changes_(store),
      codec_(rules_ ? shapes_of(*rules_) : std::vector<Digest>{}),
      journaled_(codec_),
      learns_(options.learns),
      facts_in_memory_(options.facts_in_memory) {
  if (rules_ && !rules_->correlations.empty()) correlator_.emplace(rules_, options.limits, std::move(options.owns));
  if (!correlator_) return;
  if (store_.durable()) correlator_->track();
  correlator_->set_find_facts([this](const EventRef& event) { return find_facts(event); });
}

Result<void> State::apply(std::vector<Match> matches, EventTime watermark, std::optional<EventTime> now) {
  changes_.set_now(now);
  boost::unordered_flat_set<EventKey, EventKeyHash> in_this_commit;
  std::vector<Trigger> triggers;
  for (auto begin = matches.begin(); begin != matches.end();) {
    // One record's matches stand side by side; they are new or duplicates together.
    const auto end = std::find_if(begin, matches.end(), [&](const Match& m) { return !same_record(m, *begin); });
    if (store_.seen(begin->key) || !in_this_commit.insert(begin->key).second) {
      duplicates_ += static_cast<std::uint64_t>(end - begin);
    } else {
      for (auto match = begin; match != end && !learns_; ++match) {
        changes_.add(*match, match->time && *match->time < watermark_);
      }
      correlate(begin, end, triggers);
      fold(triggers);
    }
    begin = end;
  }
  passed_ = correlator_ ? correlator_->watermark() : watermark_;
  watermark_ = std::max(watermark_, watermark);
  if (correlator_) {
    correlator_->advance(watermark_, triggers);
    fold(triggers);
  }
  for (bool more = true; more;) {
    more = changes_.close_until(watermark_);
    Commit commit;
    if (store_.durable()) {
      Packer journal;
      journal.number(kJournalVersion);
      journal.number(watermark_);
      Packer block;
      journaled_.write(block);
      journal.text(block.take());
      commit.journal = journal.take();
    }
    commit.keys.assign(in_this_commit.begin(), in_this_commit.end());
    in_this_commit.clear();
    if (const auto taken = changes_.take(commit); !taken) return taken.error();
    if (auto failure = std::exchange(failure_, std::nullopt)) return *std::move(failure);
    if (const auto done = store_.commit(std::move(commit)); !done) return done;
    for (const EventRef& event : std::exchange(journaled_of_, {})) {
      index_.add(event.time, event.id, store_.last_journal(), correlator_->facts_wanted_until(event.time));
    }
  }
  return let_go_of_facts();
}

/// At once, as an event that comes late may say more of very many triggers.
void State::fold(std::vector<Trigger>& triggers) {
  for (const Trigger& trigger : triggers) {
    if (!learns_) changes_.add(trigger, rules_, *correlator_);
  }
  triggers.clear();
}

/// Of those that are in the journal, or in a file from now on.
Result<void> State::let_go_of_facts() {
  if (!correlator_ || correlator_->facts_in_memory() < facts_in_memory_) return {};
  const auto facts = correlator_->take_facts();
  if (store_.durable()) return {};
  if (const auto spilt = spill_.add(codec_, facts); !spilt) {
    return fail(ErrorCode::kStore, spilt.error().message);
  }
  return {};
}

void State::correlate(MatchIterator begin, MatchIterator end, std::vector<Trigger>& triggers) {
  if (!correlator_ || std::all_of(begin, end, [](const Match& m) { return m.feeds.empty(); })) return;
  if (!begin->time) return;
  if (*begin->time < watermark_) {
    ++late_;
    return;
  }
  if (begin->delivered && *begin->time > *begin->delivered + kFuture) {
    ++future_;
    return;
  }
  auto facts = std::make_shared<EventFacts>();
  facts->time = *begin->time;
  facts->id = begin->key.low;
  std::set<std::pair<std::uint32_t, std::uint16_t>> fed;
  for (auto match = begin; match != end; ++match) {
    if (match->feeds.empty()) continue;
    if (!facts->evidence) facts->evidence = match->evidence;
    for (Feed& feed : match->feeds) {
      if (fed.emplace(feed.correlation, feed.input).second) facts->feeds.push_back(std::move(feed));
    }
  }
  latest_ = std::max(latest_, facts->time);
  if (store_.durable()) {
    journaled_.add(*facts);
    journaled_of_.push_back({facts->time, facts->id});
  }
  correlator_->add(std::move(facts), triggers);
}

// --- what an earlier process left ---

Result<void> State::load() {
  if (!store_.durable()) return {};
  const auto rows = store_.each_state([this](const store::StateRow& row) -> Result<void> {
    if (row.space == static_cast<std::int64_t>(store::Space::kFactsEnd)) return index_.restore(row.key, *row.value);
    // Without correlations their rows stay as they are, for rules that may come back.
    if (!correlator_) return {};
    const auto known = correlator_->restore(codec_, row.space, row.key, *row.value);
    if (!known) return known.error();
    if (!*known) stale_.push_back({row.space, row.key, std::nullopt});
    return {};
  });
  if (!rows) return rows.error();
  if (correlator_) watermark_ = correlator_->watermark();
  const auto journal =
      store_.each_journal([this](std::uint64_t number, std::string_view blob) { return replay(number, blob); });
  if (!journal) return journal.error();
  passed_ = correlator_ ? correlator_->watermark() : watermark_;
  changes_.go_on_from(store_.last_transition());
  const auto open = store_.each_open_signal([this](const Signal& signal) { changes_.restore(signal, rules_.get()); });
  if (!open) return open.error();
  return changes_.none_closed() ? Result<void>() : apply({});
}

/// Does again what a commit did to the correlations; signals are in the store as they were after it.
Result<void> State::replay(std::uint64_t number, std::string_view journal) {
  Unpacker in(journal);
  const auto version = in.number<std::uint8_t>();
  const auto watermark = in.number<EventTime>();
  std::vector<Trigger> triggers;
  if (version == kPlainJournal) {
    while (in.ok() && !in.at_end()) {
      auto facts = codec_.unpack(in);
      if (in.ok()) replay(number, std::move(facts), triggers);
    }
    if (!in.ok()) return damaged_journal();
  } else {
    const auto block = FactsBlock::read(in.text());
    if (version != kJournalVersion || !in.at_end() || !block) return damaged_journal();
    for (std::size_t i = 0; i < block->size(); ++i) {
      auto facts = block->facts(codec_, i);
      if (!facts) return damaged_journal();
      replay(number, std::move(facts), triggers);
    }
  }
  watermark_ = std::max(watermark_, watermark);
  if (correlator_) correlator_->advance(watermark_, triggers);
  return let_go_of_facts();
}

void State::replay(std::uint64_t number, std::shared_ptr<const EventFacts> facts, std::vector<Trigger>& triggers) {
  if (!correlator_) return;
  index_.add(facts->time, facts->id, number, correlator_->facts_wanted_until(facts->time));
  correlator_->add(std::move(facts), triggers);
  triggers.clear();  // their signals are in the store
}

// --- facts that are not in memory ---

std::shared_ptr<const EventFacts> State::find_facts(const EventRef& event) {
  const auto found = store_.durable() ? stored_facts(event) : spill_.find(codec_, event.id);
  if (found) return *found;
  failure_ = found.error();
  return nullptr;
}

State::FoundFacts State::stored_facts(const EventRef& event) const {
  if (const auto number = index_.find(event.id)) return journaled_facts(*number, event.id);
  std::optional<std::uint64_t> number;
  std::shared_ptr<const EventFacts> facts;
  const std::string plain = store::facts_key(event.time, event.id);  // in a store of before
  const auto from = store::facts_key(std::chrono::floor<std::chrono::seconds>(event.time), 0);
  const auto read = store_.each_state_between(
      store::Space::kFacts, from, store::facts_key(event.time + std::chrono::milliseconds{1}, 0),
      [&](const store::StateRow& row) -> Result<void> {
        if (const auto found = FactsIndex::find_in(row.key, *row.value, event.id)) number = found;  // the last one
        if (number || row.key != plain || row.value->front() != kPlainFacts) return {};
        Unpacker in(std::string_view(*row.value).substr(1));
        facts = codec_.unpack(in);
        return in.at_end() ? Result<void>() : fail(ErrorCode::kStore, "a row of its state is damaged");
      });
  if (!read) return read.error();
  if (number) return journaled_facts(*number, event.id);
  return facts;
}

State::FoundFacts State::journaled_facts(std::uint64_t number, std::uint64_t event) const {
  const auto journal = store_.find_journal(number);
  if (!journal) return journal.error();
  if (!*journal) return nullptr;
  Unpacker in(**journal);
  const auto version = in.number<std::uint8_t>();
  in.number<EventTime>();  // the watermark
  if (version == kPlainJournal) {
    while (in.ok() && !in.at_end()) {
      if (auto facts = codec_.unpack(in); facts->id == event && in.ok()) return facts;
    }
    return in.ok() ? FoundFacts(nullptr) : damaged_journal();
  }
  const auto block = FactsBlock::read(in.text());
  if (version != kJournalVersion || !in.ok() || !block) return damaged_journal();
  for (std::size_t i = block->size(); i > 0; --i) {
    if (block->id(i - 1) != event) continue;
    auto facts = block->facts(codec_, i - 1);
    return facts ? FoundFacts(std::move(facts)) : damaged_journal();
  }
  return nullptr;
}

Result<bool> State::tend(bool at_once) {
  if (!store_.durable()) return false;
  if (!store_.checkpointing()) {
    if (!at_once && !store_.wants_checkpoint()) return false;
    std::vector<store::StateRow> rows = std::exchange(stale_, {});
    if (correlator_) {
      auto changed = correlator_->take_changes(codec_);
      rows.insert(rows.end(), std::make_move_iterator(changed.begin()), std::make_move_iterator(changed.end()));
    }
    const EventTime facts_from = correlator_ ? correlator_->facts_from() : EventTime::min();
    index_.take_changes(store_.last_journal(), passed_, facts_from, rows);
    std::sort(rows.begin(), rows.end(), [](const store::StateRow& a, const store::StateRow& b) {
      return std::tie(a.space, a.key) < std::tie(b.space, b.key);
    });
    store_.begin_checkpoint(std::move(rows), index_.wanted_from());
    return true;
  }
  const auto more = store_.continue_checkpoint();
  if (more && !*more) index_.release();
  return more;
}

}  // namespace tripline::engine
