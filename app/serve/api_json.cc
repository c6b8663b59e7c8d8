#include "app/serve/api_json.h"

#include <map>

#include "app/serve/json_members.h"

namespace tripline::app {

using engine::EventTime;
using engine::JsonText;
using rules::RuleState;

namespace {

void write_item(const StoredSignals::Found& found, JsonText& json) {
  json.begin_object().key("signal").raw(found.json);
  const auto handling = handled(found.notes);
  json.member("handling", handling ? label_of(*handling) : "none");
  json.key("notes").begin_array();
  for (const Note& note : found.notes) write_note(note, json);
  json.end_array().end_object();
}

constexpr std::pair<RuleState::State, std::string_view> kRuleStates[] = {
    {RuleState::State::kLoaded, "loaded"},
    {RuleState::State::kFailed, "failed"},
    {RuleState::State::kSkippedStatus, "skipped_status"},
    {RuleState::State::kOtherLogSource, "other_log_source"},
    {RuleState::State::kDisabled, "disabled"},
};
std::string_view label_of(RuleState::State state) {
  for (const auto& [row, label] : kRuleStates) {
    if (row == state) return label;
  }
  return "";
}

std::string_view label_of(RuleState::Kind kind) {
  return kind == RuleState::Kind::kFilter        ? "filter"
         : kind == RuleState::Kind::kCorrelation ? "correlation"
                                                 : "detection";
}

void write_rule(const RuleState& state, const ServerFacts& facts, JsonText& json) {
  const engine::Rule& rule = state.rule;
  json.begin_object().member("id", rule.id).member("title", rule.title);
  json.member("level", engine::name_of(rule.level)).member("kind", label_of(state.kind));
  json.member("state", label_of(state.state)).optional_member("why", state.why).optional_member("status", rule.status);
  flag(json, "dry_run", rule.dry_run);
  json.member("path", rule.path);
  number(json, "line", static_cast<std::uint64_t>(rule.line));
  const auto found = facts.rules.find(rule.id);
  const RuleStatus status = found == facts.rules.end() ? RuleStatus{} : found->second;
  json.key("counts").begin_object();
  for (const auto& row : engine::kRuleCounts) number(json, row.name, status.counts.*row.count);
  json.end_object();
  json.key("filters").begin_array();
  for (const auto& [filter, count] : status.taken_away) {
    json.begin_object().member("id", filter);
    number(json, "filtered", count);
    json.end_object();
  }
  json.end_array();
  if (state.kind == RuleState::Kind::kCorrelation) {
    number(json, "groups", status.held.groups);
    number(json, "entries", status.held.entries);
    time(json, "learns_until", status.held.learns_until);
  }
  json.end_object();
}

/// Sources that have sent something since the start, or before it.
std::map<std::string, SourceStatus> all_sources(const ServerFacts& facts) {
  auto sources = facts.live.sources;
  for (const auto& [who, at] : facts.last_seen.all()) {
    if (who.first == LastSeen::Kind::kSource) sources.try_emplace(who.second);
  }
  return sources;
}

void write_source(const std::string& name, const SourceStatus& source, const ServerFacts& facts, JsonText& json) {
  std::uint64_t malformed = 0;
  for (const std::uint64_t count : source.set_aside) malformed += count;
  json.begin_object().member("name", name);
  number(json, "deliveries", source.durable);
  number(json, "failed_deliveries", source.failed);
  number(json, "events", source.records);
  number(json, "duplicates", source.duplicates);
  number(json, "malformed", malformed);
  number(json, "bytes", source.stored_bytes);
  time(json, "last_delivery", source.last_delivery);
  time(json, "newest_event", source.newest_event);
  if (source.newest_event && source.last_delivery) {
    span(json, "lag_seconds", *source.newest_event, *source.last_delivery);
  }
  if (const auto seen = facts.last_seen.all().find({LastSeen::Kind::kSource, name});
      seen != facts.last_seen.all().end()) {
    span(json, "silent_seconds", seen->second, facts.now);
  }
  json.end_object();
}

void write_sources(const ServerFacts& facts, JsonText& json) {
  json.key("sources").begin_array();
  for (const auto& [name, source] : all_sources(facts)) write_source(name, source, facts, json);
  json.end_array();
}

void write_store(const ServerFacts& facts, JsonText& json) {
  if (facts.store) {
    number(json, "file_bytes", facts.store->file_bytes);
    number(json, "free_bytes", facts.store->free_bytes);
    number(json, "log_bytes", facts.store->wal_bytes);
    number(json, "journal_rows", facts.store->journal_rows);
  }
  number(json, "disk_free_bytes", facts.free_disk_bytes);
}

void write_watermark(const ServerFacts& facts, JsonText& json) {
  const bool there = facts.live.watermark != EventTime::min();
  json.key("watermark").begin_object();
  if (there) {
    time(json, "at", facts.live.watermark);
    span(json, "lag_seconds", facts.live.watermark, facts.now);
  }
  flag(json, "held", facts.live.watermark_held);
  json.end_object();
}

/// All sinks together, and those that have trouble.
void write_outbox(const ServerFacts& facts, JsonText& json) {
  std::uint64_t waiting = 0, parked = 0;
  std::optional<EventTime> oldest;
  for (const alerts::SinkStatus& sink : facts.alerts.sinks) {
    waiting += sink.waiting;
    parked += sink.parked;
    if (sink.oldest && (!oldest || *sink.oldest < *oldest)) oldest = sink.oldest;
  }
  json.key("outbox").begin_object();
  number(json, "sinks", facts.alerts.sinks.size());
  number(json, "waiting", waiting);
  if (oldest) span(json, "oldest_seconds", *oldest, facts.now);
  number(json, "parked", parked);
  number(json, "stranded", stranded_deliveries(facts.alerts));
  if (facts.alerts.trouble) json.member("trouble", *facts.alerts.trouble);
  json.key("failing").begin_array();
  for (const alerts::SinkStatus& sink : facts.alerts.sinks) {
    if (sink.failures == 0) continue;
    json.begin_object().member("sink", sink.name).member("trouble", sink.trouble);
    number(json, "failures", sink.failures);
    flag(json, "open", sink.open);
    json.end_object();
  }
  json.end_array().end_object();
}

}  // namespace

std::string signals_json(const StoredSignals::Page& page) {
  JsonText json;
  json.begin_object().key("signals").begin_array();
  for (const auto& found : page.signals) write_item(found, json);
  json.end_array();
  if (page.next) json.member("next", cursor_of(*page.next));
  json.end_object();
  return line(json);
}

std::string signal_item_json(const StoredSignals::Found& found) {
  JsonText json;
  write_item(found, json);
  return line(json);
}

std::string rules_json(const ServerFacts& facts) {
  JsonText json;
  json.begin_object();
  number(json, "generation", facts.live.generation);
  json.key("rules").begin_array();
  if (facts.loaded) {
    for (const RuleState& state : facts.loaded->states) write_rule(state, facts, json);
  }
  json.end_array().end_object();
  return line(json);
}

std::string sources_json(const ServerFacts& facts) {
  JsonText json;
  json.begin_object();
  write_sources(facts, json);
  json.key("accounts").begin_array();
  for (const auto& [place, status] : facts.live.places) {
    json.begin_object().member("account", place.first).member("region", place.second);
    time(json, "last_seen", status.last_seen);
    time(json, "newest_event", status.newest_event);
    if (status.newest_event) span(json, "lag_seconds", *status.newest_event, status.last_seen);
    json.end_object();
  }
  json.end_array().end_object();
  return line(json);
}

std::string store_json(const ServerFacts& facts, const engine::store::Counts& counts) {
  JsonText json;
  json.begin_object();
  write_store(facts, json);
  number(json, "open_signals", counts.open_signals);
  number(json, "closed_signals", counts.closed_signals);
  number(json, "transitions", counts.transitions);
  number(json, "state_rows", counts.state);
  number(json, "last_transition", facts.live.last_transition);
  json.end_object();
  return line(json);
}

std::string status_json(const ServerFacts& facts, const std::optional<StoredSignals::Found>& last) {
  JsonText json;
  json.begin_object().member("version", facts.version);
  time(json, "now", facts.now);
  time(json, "started", facts.started);
  flag(json, "ready", facts.not_ready.empty());
  json.optional_member("not_ready", facts.not_ready);
  write_watermark(facts, json);
  write_sources(facts, json);
  json.key("silent").begin_array();
  for (const Silent& one : facts.silent) {
    json.begin_object().member("kind", label_of(one.kind)).member("name", one.name);
    time(json, "since", one.since);
    json.end_object();
  }
  json.end_array();
  json.key("rules").begin_object();
  number(json, "generation", facts.live.generation);
  for (const auto& [state, label] : kRuleStates) {
    std::uint64_t count = 0;
    if (facts.loaded) {
      for (const RuleState& rule : facts.loaded->states) count += rule.state == state ? 1 : 0;
    }
    number(json, label, count);
  }
  json.end_object();
  json.key("reload").begin_object();
  number(json, "succeeded", facts.reload.succeeded);
  number(json, "failed", facts.reload.failed);
  number(json, "unchanged", facts.reload.unchanged);
  json.optional_member("error", facts.reload.error);
  time(json, "at", facts.reload.at);
  json.end_object();
  json.key("intake").begin_object();
  number(json, "bytes", facts.intake.bytes);
  number(json, "limit_bytes", facts.intake.max_bytes);
  number(json, "deliveries", facts.intake.deliveries);
  if (facts.intake.oldest) span(json, "oldest_seconds", *facts.intake.oldest, facts.now);
  json.end_object();
  write_outbox(facts, json);
  json.key("store").begin_object();
  write_store(facts, json);
  number(json, "dead_letters", facts.live.dead_letters);
  json.end_object();
  if (last) json.key("last_signal").raw(last->json);
  json.end_object();
  return line(json);
}

}  // namespace tripline::app
