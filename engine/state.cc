#include "engine/state.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include <boost/unordered/unordered_flat_set.hpp>

#include "engine/correlation_shape.h"

namespace tripline::engine {

namespace {

constexpr std::uint8_t kJournalVersion = 1;

/// The same delivered record, not merely the same event.
bool same_record(const Match& a, const Match& b) { return a.delivery == b.delivery && a.index == b.index; }

}  // namespace

State::State(Store& store, std::shared_ptr<const RuleSet> rules, StateOptions options)
    : store_(store),
      rules_(std::move(rules)),
      changes_(store),
      codec_(rules_ ? shapes_of(*rules_) : std::vector<Digest>{}),
      learns_(options.learns) {
  if (rules_ && !rules_->correlations.empty()) correlator_.emplace(rules_, options.limits, std::move(options.owns));
  if (!correlator_) return;
  if (store_.durable()) correlator_->track();
  correlator_->set_find_facts([this](const EventRef& event) { return find_facts(event); });
}

Result<void> State::apply(std::vector<Match> matches, EventTime watermark, std::optional<EventTime> now) {
  changes_.set_now(now);
  boost::unordered_flat_set<EventKey, EventKeyHash> in_this_commit;
  std::vector<Trigger> triggers;
  Packer journal;
  for (auto begin = matches.begin(); begin != matches.end();) {
    // One record's matches stand side by side; they are new or duplicates together.
    const auto end = std::find_if(begin, matches.end(), [&](const Match& m) { return !same_record(m, *begin); });
    if (store_.seen(begin->key) || !in_this_commit.insert(begin->key).second) {
      duplicates_ += static_cast<std::uint64_t>(end - begin);
    } else {
      for (auto match = begin; match != end && !learns_; ++match) {
        changes_.add(*match, match->time && *match->time < watermark_);
      }
      correlate(begin, end, triggers, journal);
      fold(triggers);
    }
    begin = end;
  }
  watermark_ = std::max(watermark_, watermark);
  if (correlator_) {
    correlator_->advance(watermark_, triggers);
    fold(triggers);
  }
  for (bool more = true; more;) {
    more = changes_.close_until(watermark_);
    Commit commit;
    if (store_.durable()) {
      Packer head;
      head.number(kJournalVersion);
      head.number(watermark_);
      commit.journal = head.take() + journal.take();
    }
    commit.keys.assign(in_this_commit.begin(), in_this_commit.end());
    in_this_commit.clear();
    if (const auto taken = changes_.take(commit); !taken) return taken.error();
    if (auto failure = std::exchange(failure_, std::nullopt)) return *std::move(failure);
    if (const auto done = store_.commit(std::move(commit)); !done) return done;
  }
  return spill_facts();
}

/// At once, as an event that comes late may say more of very many triggers.
void State::fold(std::vector<Trigger>& triggers) {
  for (const Trigger& trigger : triggers) {
    if (!learns_) changes_.add(trigger, rules_, *correlator_);
  }
  triggers.clear();
}

Result<void> State::spill_facts() {
  constexpr std::size_t kInMemory = 4096;
  if (store_.durable() || !correlator_ || correlator_->facts_in_memory() < kInMemory) return {};
  if (const auto spilt = spill_.add(codec_, correlator_->take_facts()); !spilt) {
    return fail(ErrorCode::kStore, spilt.error().message);
  }
  return {};
}

void State::correlate(MatchIterator begin, MatchIterator end, std::vector<Trigger>& triggers, Packer& journal) {
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
  if (store_.durable()) codec_.pack(*facts, journal);
  correlator_->add(std::move(facts), triggers);
}

// --- what an earlier process left ---

Result<void> State::load() {
  if (!store_.durable()) return {};
  const auto rows = store_.each_state([this](const store::StateRow& row) -> Result<void> {
    // Without correlations their rows stay as they are, for rules that may come back.
    if (!correlator_) return {};
    const auto known = correlator_->restore(codec_, row.space, row.key, *row.value);
    if (!known) return known.error();
    if (!*known) stale_.push_back({row.space, row.key, std::nullopt});
    return {};
  });
  if (!rows) return rows.error();
  if (correlator_) watermark_ = correlator_->watermark();
  const auto journal = store_.each_journal([this](std::string_view blob) { return replay(blob); });
  if (!journal) return journal.error();
  changes_.go_on_from(store_.last_transition());
  const auto open = store_.each_open_signal([this](const Signal& signal) { changes_.restore(signal, rules_.get()); });
  if (!open) return open.error();
  return changes_.none_closed() ? Result<void>() : apply({});
}

/// Does again what a commit did to the correlations; signals are in the store as they were after it.
Result<void> State::replay(std::string_view journal) {
  Unpacker in(journal);
  const auto version = in.number<std::uint8_t>();
  const auto watermark = in.number<EventTime>();
  std::vector<Trigger> triggers;
  while (version == kJournalVersion && in.ok() && !in.at_end()) {
    auto facts = codec_.unpack(in);
    if (in.ok() && correlator_) correlator_->add(std::move(facts), triggers);
  }
  if (version != kJournalVersion || !in.ok()) return fail(ErrorCode::kStore, "a row of its journal is damaged");
  watermark_ = std::max(watermark_, watermark);
  if (correlator_) correlator_->advance(watermark_, triggers);
  return {};
}

std::shared_ptr<const EventFacts> State::find_facts(const EventRef& event) {
  if (!store_.durable()) {
    auto spilled = spill_.find(codec_, event.id);
    if (spilled) return *spilled;
    failure_ = spilled.error();
    return nullptr;
  }
  const auto value = store_.find_state(store::Space::kFacts, store::facts_key(event.time, event.id));
  if (!value) failure_ = value.error();
  if (!value || !*value) return nullptr;
  Unpacker in(**value);
  in.number<std::uint8_t>();  // the version, of which there is one
  auto facts = codec_.unpack(in);
  if (in.at_end()) return facts;
  failure_ = fail(ErrorCode::kStore, "a row of its state is damaged");
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
    std::sort(rows.begin(), rows.end(), [](const store::StateRow& a, const store::StateRow& b) {
      return std::tie(a.space, a.key) < std::tie(b.space, b.key);
    });
    store_.begin_checkpoint(std::move(rows));
    return true;
  }
  const auto more = store_.continue_checkpoint();
  if (more && !*more && correlator_) correlator_->release_facts();
  return more;
}

}  // namespace tripline::engine
