#include "engine/processor.h"

#include <utility>

#include "engine/evidence.h"
#include "engine/group_key.h"
#include "engine/outcome.h"
#include "engine/principal.h"
#include "engine/secrets.h"
#include "engine/shown_record.h"
#include "engine/shown_text.h"

namespace tripline::engine {

namespace {

std::vector<std::pair<std::string, std::string>> shown_values(Event& event, const Detection& detection) {
  std::vector<std::pair<std::string, std::string>> shown;
  shown.reserve(detection.shown.size());
  for (FieldId field : detection.shown) {
    std::string values = shown_text(event, field);
    if (!values.empty()) shown.emplace_back(event.fields()[field].path, std::move(values));
  }
  return shown;
}

/// In the order of kScopes.
EvidenceBudget::Scopes scopes_of(const Event& event, std::string_view actor) {
  return {event.find_text("recipientAccountId"), event.find_text("awsRegion"), event.find_text("sourceIPAddress"),
          agent_of(event), actor};
}

/// The groups that the rule itself asks for; a missing value is one too, so that no match is lost.
void set_groups(Event& event, const Detection& detection, Match& match) {
  const std::vector<std::string> keys = groups_of(event, detection);
  match.group = values_of_key(keys.front());
  for (std::size_t i = 1; i < keys.size(); ++i) match.more_groups.push_back(values_of_key(keys[i]));
}

}  // namespace

Processor::Processor(std::shared_ptr<const RuleSet> rules, Options options)
    : rules_(std::move(rules)),
      event_(rules_->fields, options.knowledge),
      filter_(std::move(options.filter)),
      records_(options.records) {
  if (options.spare_evidence) budget_.emplace();
}

Processor::Processor(std::shared_ptr<const RuleSet> rules, const Matcher& matcher, Options options)
    : Processor(std::move(rules), std::move(options)) {
  matcher_ = matcher;
}

/// Asks the filter, unless it dismissed too few of the records before, in the same delivery, to be worth its time.
bool Processor::dismisses(const Record& record) {
  constexpr std::uint32_t kStretch = 64;
  constexpr std::uint32_t kMostPassed = kStretch * 3 / 4;
  constexpr std::uint32_t kRest = kStretch * 15;
  if (!filter_) return false;
  if (record.index == 0) filtered_ = passed_ = unasked_ = 0;  // what is dismissed depends on no other delivery
  if (unasked_ > 0) {
    --unasked_;
    return false;
  }
  const bool dismissed = filter_->dismisses(record.json, identity_);
  passed_ += dismissed ? 0 : 1;
  if (++filtered_ == kStretch) {
    if (passed_ > kMostPassed) unasked_ = kRest;
    filtered_ = passed_ = 0;
  }
  return dismissed;
}

EvidenceBudget::Wanted Processor::wants(const Match& match, const EvidenceBudget::Scopes& scopes) {
  const bool feeds = !match.feeds.empty();
  const bool opens = match.rule().opens_signals;
  if (!budget_ || feeds) return {.evidence = true, .record = records_ && (feeds || opens)};
  if (!opens) return {};
  EvidenceBudget::Wanted wanted = budget_->wants(match, scopes);
  wanted.record &= records_;
  return wanted;
}

/// As it is where that is short, as few of them are shown in the end.
std::shared_ptr<const RecordText> Processor::record_text() const {
  const std::string_view json = event_.record().json;
  if (json.size() > kMaxShownRecord) return std::make_shared<const RecordText>(shown_record(event_.root()));
  return std::make_shared<const RecordText>(RecordText{.json = std::string(json)});
}

Result<void> Processor::process(const Record& record, Batch& out) {
  matched_ = false;
  if (dismisses(record)) return {};
  if (auto read = event_.read(record); !read) return read.error();
  identity_ = event_.identity();
  const auto& found = matcher_->match(event_);
  matched_ = true;
  const auto& taken_away = matcher_->taken_away();
  out.taken_away.insert(out.taken_away.end(), taken_away.begin(), taken_away.end());
  if (matcher_->origins() == Origins::kLater && rules_->cloudtrail) note_origins(record, out);
  add_matches(record, found, out.matches);
  return {};
}

Result<void> Processor::judge(const Record& record, std::span<const std::uint32_t> detections,
                              std::vector<Match>& out) {
  matched_ = false;
  judged_.clear();
  if (auto read = event_.read(record); !read) return read.error();
  identity_ = event_.identity();
  std::vector<std::uint32_t> found;
  for (const std::uint32_t index : detections) {
    const Detection& detection = rules_->detections[index];
    if (holds(detection.condition, *rules_, event_)) {
      found.push_back(index);
    } else if (!detection.filters.empty() && holds(detection.unfiltered, *rules_, event_)) {
      note_filters_of(index);
    }
  }
  add_matches(record, found, out);
  return {};
}

/// Of a detection that would match without them.
void Processor::note_filters_of(std::uint32_t detection) {
  const auto& filters = rules_->detections[detection].filters;
  bool again = false;
  for (std::uint32_t filter = 0; filter < filters.size(); ++filter) {
    if (holds(filters[filter].condition, *rules_, event_)) continue;
    judged_.push_back({.detection = detection, .filter = filter, .again = std::exchange(again, true)});
  }
}

void Processor::note_origins(const Record& record, Batch& out) {
  if (auto mint = mint_of(event_)) {
    out.mints.push_back(std::move(*mint));
  } else if (auto call = shared_call_of(event_)) {
    out.mints.push_back(std::move(*call));
  }
  if (matcher_->undecided().empty()) return;
  Undecided& undecided = out.undecided.emplace_back();
  undecided.rules = rules_;
  undecided.detections = matcher_->undecided();
  undecided.bearer = bearer_of(event_);
  undecided.key = event_key(identity_, record);
  undecided.time = parse_time(event_.find_text("eventTime"));
  undecided.index = record.index;
  if (record.envelope != nullptr) {
    undecided.delivered = record.envelope->delivered;
    undecided.path = record.envelope->path;
    undecided.delivery = record.envelope->sequence;
  }
  undecided.record = holds_secret(record.json) ? without_secrets(event_.root()) : std::string(record.json);
}

void Processor::add_matches(const Record& record, const std::vector<std::uint32_t>& found, std::vector<Match>& out) {
  if (found.empty()) return;
  const std::size_t first = out.size();
  Match& match = out.emplace_back();  // what the record's matches have in common
  match.rules = rules_;
  match.index = record.index;
  match.delivery = record.envelope == nullptr ? 0 : record.envelope->sequence;
  match.time = parse_time(event_.find_text("eventTime"));
  match.key = event_key(identity_, record);
  if (record.envelope != nullptr) match.delivered = record.envelope->delivered;
  if (rules_->cloudtrail) {
    const Principal& actor = event_.principal();
    match.actor = actor.name;
    match.event_name = event_.find_text("eventName");
    match.outcome = outcome_of(event_);
    match.error_code = event_.find_text("errorCode");
    match.group = {identity_.account.empty() ? actor.account : std::string(identity_.account), actor.principal};
  }
  for (std::size_t i = 1; i < found.size(); ++i) out.push_back(Match(out[first]));
  EvidenceBudget::Scopes scopes{};
  if (budget_) scopes = scopes_of(event_, out[first].actor);  // not match, which growing moved
  std::shared_ptr<const Evidence> common;
  std::shared_ptr<const Bearer> bearer;
  std::shared_ptr<const RecordText> text;
  for (std::size_t i = 0; i < found.size(); ++i) {
    Match& one = out[first + i];
    one.detection = found[i];
    const Detection& detection = rules_->detections[found[i]];
    if (!detection.group.empty()) set_groups(event_, detection, one);
    if (!detection.feeds.empty()) one.feeds = feeds_of(event_, *rules_, found[i]);
    const EvidenceBudget::Wanted wanted = wants(one, scopes);
    if (wanted.record) {
      if (!text) text = record_text();
      one.record = text;
    }
    if (!wanted.evidence) continue;
    if (!common) {
      common = std::make_shared<const Evidence>(evidence_of(event_, one.outcome));
      const bool tells_origin = event_.has_lineage() || !matcher_ || matcher_->origins() == Origins::kKnown;
      if (!tells_origin && rules_->cloudtrail) bearer = std::make_shared<const Bearer>(bearer_of(event_));
    }
    one.evidence = common;
    one.bearer = bearer;
    if (detection.shown.empty() && detection.title.empty()) continue;
    auto evidence = std::make_shared<Evidence>(*common);
    evidence->shown = shown_values(event_, detection);
    evidence->title = title_of(event_, detection.title);
    one.evidence = std::move(evidence);
  }
}

std::shared_ptr<const RecordFilter> filter_of(const RuleSet& rules, Origins origins) {
  if (!rules.cloudtrail) return nullptr;
  std::vector<Needs> needs = needs_of(rules, origins);
  FieldTable fields = rules.fields;  // with those of mints, which no rule may name
  if (origins == Origins::kLater) needs.push_back(needs_of_lineage(fields));
  auto filter = std::make_shared<const RecordFilter>(needs, fields);
  return filter->usable() ? filter : nullptr;
}

}  // namespace tripline::engine
