#include "engine/state.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "engine/correlation_shape.h"
#include "engine/evidence.h"
#include "engine/journal_row.h"

namespace tripline::engine {

namespace {

/// The same delivered record, not merely the same event.
bool same_record(const Match& a, const Match& b) { return a.delivery == b.delivery && a.index == b.index; }

Error damaged_journal() { return fail(ErrorCode::kStore, "a row of its journal is damaged"); }

}  // namespace

State::State(Store& store, std::shared_ptr<const RuleSet> rules, StateOptions options)
    : store_(store),
      rules_(std::move(rules)),
      changes_(store),
      archive_(store, rules_ ? shapes_of(*rules_) : std::vector<Digest>{}, options.facts_in_memory),
      learns_(options.learns) {
  accounts_ = options.accounts;
  on_match_ = std::move(options.on_match);
  // What a store has of origins is kept even when nobody asks for them: its next rules may.
  if (rules_ && rules_->cloudtrail && (options.origins || store_.durable())) {
    origins_.emplace(rules_, options.origin_limits, store_.durable());
  }
  changes_.set_counts(
      [this](bool of_correlation, std::uint32_t index) -> RuleCounts& { return counts(of_correlation, index); });
  if (rules_ && !rules_->correlations.empty()) correlator_.emplace(rules_, options.limits, std::move(options.owns));
  if (!correlator_) return;
  if (store_.durable()) correlator_->track();
  correlator_->set_find_facts([this](const EventRef& event) { return archive_.find(event); });
}

struct State::Work {
  using DeliveredRecord = std::pair<std::uint64_t, std::uint32_t>;              // its delivery, and its place in there
  boost::unordered_flat_map<EventKey, DeliveredRecord, EventKeyHash> events{};  // new ones, and what brought them
  boost::unordered_flat_set<EventKey, EventKeyHash> kept_out{};  // of correlations, which is counted once an event
  std::vector<Trigger> triggers{};

  /// Whether the record is the first one of its event.
  bool takes(const Store& store, const EventKey& key, const DeliveredRecord& record) {
    if (store.seen(key)) return false;
    return events.try_emplace(key, record).first->second == record;
  }
};

Result<void> State::apply(Batch batch, EventTime watermark, std::optional<EventTime> now) {
  changes_.set_now(now);
  Work work;
  count(batch.taken_away);
  work.events.reserve(batch.matches.size() + batch.undecided.size());
  if (origins_) origins_->add(batch.mints);
  std::vector<Match>& matches = batch.matches;
  for (auto begin = matches.begin(); begin != matches.end();) {
    // One record's matches stand side by side; they are new or duplicates together.
    const auto end = std::find_if(begin, matches.end(), [&](const Match& m) { return !same_record(m, *begin); });
    if (work.takes(store_, begin->key, {begin->delivery, begin->index})) {
      take(begin, end, Way::kDirect, work);
    } else {
      duplicates_ += static_cast<std::uint64_t>(end - begin);
      for (auto match = begin; match != end; ++match) ++counts(false, match->detection).duplicates;
    }
    begin = end;
  }
  for (Undecided& undecided : batch.undecided) {
    if (!work.takes(store_, undecided.key, {undecided.delivery, undecided.index})) {
      ++duplicates_;
    } else if (!origins_ || !origins_->lets_wait(undecided, watermark_, kFuture)) {
      judge(undecided, Way::kApart, work);
    }
  }
  passed_ = correlator_ ? correlator_->watermark() : watermark_;
  watermark_ = std::max(watermark_, watermark);
  if (origins_) {
    origins_->settle(watermark_);
    const auto decided = std::exchange(judges_all_, false) ? origins_->take_all() : origins_->take_decided();
    for (const Undecided& undecided : decided) judge(undecided, Way::kWaited, work);
  }
  if (correlator_) {
    correlator_->advance(judged_until(), work.triggers);
    fold(work.triggers);
  }
  if (const auto gone = let_go_of_facts(); !gone) return gone;
  for (bool more = true; more;) {
    more = changes_.close_until(judged_until());
    Commit commit;
    std::string facts;
    if (store_.durable()) {
      Packer journal;
      journal.number(JournalForm::kBlock);
      journal.number(watermark_);
      facts = archive_.take_block();
      journal.text(facts);
      journal.text(origins_ ? origins_->take_journal() : std::string());
      commit.journal = journal.take();
    }
    commit.marks = std::exchange(marks_, {});
    commit.keys.reserve(work.events.size());
    for (const auto& [key, record] : work.events) commit.keys.push_back(key);
    work.events.clear();
    if (const auto taken = changes_.take(commit); !taken) return taken.error();
    if (auto failure = archive_.take_failure()) return *std::move(failure);
    if (const auto done = store_.commit(std::move(commit)); !done) return done;
    archive_.committed(store_.last_journal(), std::move(facts), correlator());
  }
  return {};
}

void State::use(const Accounts* accounts) {
  accounts_ = accounts;
  judge_.reset();
}

Result<void> State::judge_what_waits(std::optional<EventTime> now) {
  judges_all_ = true;
  return apply({}, EventTime::min(), now);
}

/// The matches of one record, or some of them.
void State::take(MatchIterator begin, MatchIterator end, Way way, Work& work) {
  tell_origins(begin, end);
  for (auto match = begin; match != end; ++match) {
    const bool late = way != Way::kWaited && match->time && *match->time < watermark_;
    RuleCounts& counted = counts(false, match->detection);
    ++counted.matches;
    counted.late += late ? 1 : 0;
    counted.without_time += match->time ? 0 : 1;
    if (!learns_) changes_.add(*match, late);
  }
  correlate(begin, end, way, work);
  fold(work.triggers);
}

void State::judge(const Undecided& undecided, Way way, Work& work) {
  if (!judge_ || judged_rules_ != undecided.rules) {
    judged_rules_ = undecided.rules;
    const Knowledge knowledge{.accounts = accounts_, .lineage = origins_ ? &origins_->lineage() : nullptr};
    judge_.emplace(judged_rules_, Processor::Options{.filter = {}, .spare_evidence = false, .knowledge = knowledge});
  }
  Envelope envelope;
  envelope.sequence = undecided.delivery;
  envelope.path = undecided.path;
  envelope.delivered = undecided.delivered;
  const std::string text = undecided.record + std::string(kRecordPadding, ' ');
  const Record record{.json = std::string_view(text).substr(0, undecided.record.size()),
                      .envelope = &envelope,
                      .offset = 0,
                      .index = undecided.index};
  std::vector<Match> matches;
  // A worker has read the record, so that it can be read.
  if (!judge_->judge(record, undecided.detections, matches)) return;
  count(judge_->taken_away());
  for (Match& match : matches) {
    match.key = undecided.key;
    if (on_match_) on_match_(match);
  }
  if (!matches.empty()) take(matches.begin(), matches.end(), way, work);
}

/// Of matches that a worker could not tell it of.
void State::tell_origins(MatchIterator begin, MatchIterator end) const {
  if (!origins_) return;
  std::optional<Origin> origin;
  std::shared_ptr<const Evidence> from, to;  // the last one: matches of one record share theirs
  for (auto match = begin; match != end; ++match) {
    if (!match->bearer || !match->evidence) continue;
    if (!origin) origin = origins_->lineage().origin_of(*match->bearer);
    if (match->evidence != from) {
      auto told = std::make_shared<Evidence>(*match->evidence);
      set_origin(*origin, *told);
      from = match->evidence;
      to = std::move(told);
    }
    match->evidence = to;
  }
}

/// At once, as an event that comes late may say more of very many triggers.
void State::fold(std::vector<Trigger>& triggers) {
  for (const Trigger& trigger : triggers) {
    if (learns_) continue;
    counts(true, trigger.correlation).matches += trigger.fresh ? 1 : 0;
    changes_.add(trigger, rules_, *correlator_, records_);
  }
  triggers.clear();
}

/// Of correlations. Who waited was asked before.
bool State::keeps_out(const Match& match, Way way, Work& work) {
  if (!match.time) return true;
  if (way == Way::kWaited) return false;
  const bool is_late = *match.time < watermark_;
  const bool is_future = match.delivered && *match.time > *match.delivered + kFuture;
  if (!is_late && !is_future) return false;
  if (work.kept_out.insert(match.key).second) ++(is_late ? late_ : future_);
  return true;
}

void State::correlate(MatchIterator begin, MatchIterator end, Way way, Work& work) {
  if (!correlator_ || std::all_of(begin, end, [](const Match& m) { return m.feeds.empty(); })) return;
  if (keeps_out(*begin, way, work)) {
    if (!begin->time) return;
    count_kept_out(begin, end, *begin->time < watermark_ ? &RuleCounts::late : &RuleCounts::future);
    return;
  }
  auto facts = std::make_shared<EventFacts>();
  facts->time = *begin->time;
  facts->id = begin->key.low;
  if (way != Way::kDirect) {
    const auto known = way == Way::kApart ? correlator_->recent_facts(facts->id)
                                          : correlator_->facts(EventRef{facts->time, facts->id});
    if (known) *facts = *known;
  }
  const std::size_t known = facts->feeds.size();
  std::set<std::pair<std::uint32_t, std::uint16_t>> fed;
  for (auto match = begin; match != end; ++match) {
    if (match->feeds.empty()) continue;
    if (!facts->evidence) facts->evidence = match->evidence;
    if (facts->feeds.empty()) {  // those of one match are distinct
      facts->feeds = std::move(match->feeds);
      continue;
    }
    if (fed.empty()) {
      for (const Feed& feed : facts->feeds) fed.emplace(feed.correlation, feed.input);
    }
    for (Feed& feed : match->feeds) {
      if (fed.emplace(feed.correlation, feed.input).second) facts->feeds.push_back(std::move(feed));
    }
  }
  const auto with_record = std::find_if(begin, end, [](const Match& match) { return match.record != nullptr; });
  if (with_record != end) records_.add(facts->id, with_record->record);
  latest_ = std::max(latest_, facts->time);
  archive_.journal(*facts);
  correlator_->add(std::move(facts), work.triggers, known);
}

// --- what is counted ---

RuleCounts& State::counts(bool of_correlation, std::uint32_t index) {
  auto& all = of_correlation ? correlation_counts_ : detection_counts_;
  if (index >= all.size()) all.resize(index + 1);
  return all[index];
}

/// In each correlation that the event, whose matches these are, would have fed, once.
void State::count_kept_out(MatchIterator begin, MatchIterator end, std::uint64_t RuleCounts::*count) {
  std::set<std::uint32_t> correlations;
  for (auto match = begin; match != end; ++match) {
    for (const Feed& feed : match->feeds) correlations.insert(feed.correlation);
  }
  for (const std::uint32_t correlation : correlations) ++(counts(true, correlation).*count);
}

void State::count(const std::vector<TakenAway>& taken_away) {
  for (const TakenAway& taken : taken_away) {
    if (taken.detection >= taken_away_.size()) taken_away_.resize(taken.detection + 1);
    auto& by_filter = taken_away_[taken.detection];
    if (taken.filter >= by_filter.size()) by_filter.resize(taken.filter + 1);
    ++by_filter[taken.filter];
    if (!taken.again) ++counts(false, taken.detection).taken_away;
  }
}

std::uint64_t State::taken_away(std::uint32_t detection, std::uint32_t filter) const {
  if (detection >= taken_away_.size() || filter >= taken_away_[detection].size()) return 0;
  return taken_away_[detection][filter];
}

RuleCounts State::counts_of_detection(std::uint32_t detection) const {
  return detection < detection_counts_.size() ? detection_counts_[detection] : RuleCounts{};
}

RuleCounts State::counts_of_correlation(std::uint32_t correlation) const {
  RuleCounts counts = correlation < correlation_counts_.size() ? correlation_counts_[correlation] : RuleCounts{};
  if (!correlator_) return counts;
  const Correlator::Counters& bounds = correlator_->counters(correlation);
  counts.without_field = bounds.without_field;
  counts.cut_matches = bounds.cut_matches;
  counts.evicted_groups = bounds.evicted_groups;
  counts.evicted_entries = bounds.evicted_entries;
  return counts;
}

// --- what an earlier process left ---

Result<void> State::load() {
  if (!store_.durable()) return {};
  const auto rows = store_.each_state([this](const store::StateRow& row) -> Result<void> {
    if (row.space == static_cast<std::int64_t>(store::Space::kFactsEnd)) return archive_.restore(row.key, *row.value);
    if (row.space == static_cast<std::int64_t>(store::Space::kRecords)) return records_.restore(row.key, *row.value);
    if (OriginState::keeps(row.space)) {
      return origins_ ? origins_->restore(row.space, row.key, *row.value) : Result<void>();
    }
    // Without correlations their rows stay as they are, for rules that may come back.
    if (!correlator_) return {};
    const auto known = correlator_->restore(archive_.codec(), row.space, row.key, *row.value);
    if (!known) return known.error();
    if (!*known) stale_.push_back({row.space, row.key, std::nullopt});
    return {};
  });
  if (!rows) return rows.error();
  if (correlator_) watermark_ = correlator_->watermark();
  if (origins_) {
    watermark_ = std::max(watermark_, origins_->stored_watermark());
    origins_->settle(watermark_);
  }
  const auto journal =
      store_.each_journal([this](std::uint64_t number, std::string_view blob) { return replay(number, blob); });
  if (!journal) return journal.error();
  passed_ = correlator_ ? correlator_->watermark() : watermark_;
  if (correlator_) correlator_->reset_counters();
  changes_.go_on_from(store_.last_transition());
  const auto open = store_.each_open_signal([this](const Signal& signal) { changes_.restore(signal, rules_.get()); });
  if (!open) return open.error();
  return changes_.none_closed() ? Result<void>() : apply({});
}

/// Does again what a commit did to the correlations; signals are in the store as they were after it.
Result<void> State::replay(std::uint64_t number, std::string_view journal) {
  Unpacker in(journal);
  const auto form = in.number<JournalForm>();
  const auto watermark = in.number<EventTime>();
  std::vector<Trigger> triggers;
  const FactsArchive::Take take = [&](std::shared_ptr<const EventFacts> facts) {
    if (correlator_) correlator_->add(std::move(facts), triggers);
    triggers.clear();  // their signals are in the store
  };
  if (form == JournalForm::kPlain) {
    if (!archive_.replay_plain(number, in, correlator(), take)) return damaged_journal();
  } else {
    const std::string_view facts = in.text();
    const std::string_view origins = in.at_end() ? std::string_view() : in.text();
    if (form != JournalForm::kBlock || !in.at_end()) return damaged_journal();
    if (!archive_.replay(number, facts, correlator(), take)) return damaged_journal();
    if (origins_ && !origins_->replay(origins)) return damaged_journal();
  }
  watermark_ = std::max(watermark_, watermark);
  if (origins_) origins_->settle(watermark_);
  if (correlator_) correlator_->advance(judged_until(), triggers);
  return let_go_of_facts();
}

Result<bool> State::tend(bool at_once) {
  if (!store_.durable()) return false;
  if (!store_.checkpointing()) {
    if (!at_once && !store_.wants_checkpoint()) return false;
    std::vector<store::StateRow> rows = std::exchange(stale_, {});
    if (correlator_) {
      auto changed = correlator_->take_changes(archive_.codec());
      rows.insert(rows.end(), std::make_move_iterator(changed.begin()), std::make_move_iterator(changed.end()));
    }
    const EventTime facts_from = correlator_ ? correlator_->facts_from() : EventTime::min();
    archive_.take_changes(passed_, facts_from, rows);
    if (origins_) origins_->take_changes(watermark_, rows);
    records_.take_changes(store_.last_journal(), rows);
    std::sort(rows.begin(), rows.end(), [](const store::StateRow& a, const store::StateRow& b) {
      return std::tie(a.space, a.key) < std::tie(b.space, b.key);
    });
    store_.begin_checkpoint(std::move(rows), archive_.wanted_from());
    return true;
  }
  const auto more = store_.continue_checkpoint();
  if (more && !*more) archive_.release();
  return more;
}

}  // namespace tripline::engine
