#include "engine/signal_codec.h"

#include <iterator>
#include <optional>

namespace tripline::engine {
namespace {

constexpr std::string Evidence::*kTexts[] = {
    &Evidence::event_id,       &Evidence::event_name,    &Evidence::event_source,    &Evidence::account,
    &Evidence::region,         &Evidence::address,       &Evidence::user_agent,      &Evidence::outcome,
    &Evidence::error_code,     &Evidence::actor,         &Evidence::actor_principal, &Evidence::actor_kind,
    &Evidence::actor_type,     &Evidence::actor_account, &Evidence::access_key,      &Evidence::mfa,
    &Evidence::from_console,   &Evidence::session_start, &Evidence::origin,          &Evidence::origin_principal,
    &Evidence::origin_account, &Evidence::origin_kind,   &Evidence::resolution,      &Evidence::chain,
    &Evidence::path,           &Evidence::title,
};
constexpr bool Signal::*kFlags[] = {&Signal::partial, &Signal::evicted, &Signal::late, &Signal::widened, &Signal::cut};
/// Whether it is closed, and how.
enum class Closed : std::uint8_t { kNot, kAtItsEnd, kRuleRemoved };
constexpr std::string Resource::*kResourceTexts[] = {&Resource::id, &Resource::type, &Resource::account};
static_assert(std::size(kTexts) <= TextPool::kPlaces);
static_assert(sizeof(Evidence) == std::size(kTexts) * sizeof(std::string) + 2 * sizeof(std::optional<EventTime>) +
                                      sizeof(std::uint64_t) + sizeof(Evidence::resources) + sizeof(Evidence::shown),
              "a new member of Evidence is to be packed too");

template <class T>
void pack_count(const std::vector<T>& items, Packer& out) {
  out.count(items.size());
}

void pack_time(std::optional<EventTime> time, Packer& out) {
  out.number(time.has_value());
  out.number(time.value_or(EventTime{}));
}

std::optional<EventTime> unpack_time(Unpacker& in) {
  const bool known = in.number<bool>();
  const auto time = in.number<EventTime>();
  return known ? std::optional(time) : std::nullopt;
}

void pack_texts(const std::vector<std::string>& texts, Packer& out) {
  pack_count(texts, out);
  for (const auto& text : texts) out.text(text);
}

std::vector<std::string> unpack_texts(Unpacker& in) {
  std::vector<std::string> texts(in.count());
  for (auto& text : texts) text = in.text();
  return texts;
}

void pack_record(const KeptRecord& record, Packer& out) {
  out.number(record.text != nullptr);
  if (!record.text) return;
  out.number(record.time);
  out.number(record.event);
  out.number(record.text->cut);
  out.text(record.text->json);
}

KeptRecord unpack_record(Unpacker& in) {
  KeptRecord record;
  if (!in.number<bool>()) return record;
  record.time = in.number<EventTime>();
  record.event = in.number<std::uint64_t>();
  const bool cut = in.number<bool>();
  record.text = std::make_shared<const RecordText>(RecordText{std::string(in.text()), true, cut});
  return record;
}

void pack_resources(const std::vector<Resource>& resources, Packer& out) {
  pack_count(resources, out);
  for (const auto& resource : resources) {
    for (const auto part : kResourceTexts) out.text(resource.*part);
  }
}

std::vector<Resource> unpack_resources(Unpacker& in) {
  std::vector<Resource> resources(in.count());
  for (auto& resource : resources) {
    for (const auto part : kResourceTexts) resource.*part = in.text();
  }
  return resources;
}

void pack_actions(const std::vector<ActionCount>& actions, Packer& out) {
  pack_count(actions, out);
  for (const auto& action : actions) {
    out.text(action.event_name);
    for (const auto& row : kOutcomeCounts) out.number(action.*row.count);
    pack_count(action.error_codes, out);
    for (const auto& [code, count] : action.error_codes) {
      out.text(code);
      out.number(count);
    }
  }
}

std::vector<ActionCount> unpack_actions(Unpacker& in) {
  std::vector<ActionCount> actions(in.count());
  for (auto& action : actions) {
    action.event_name = in.text();
    for (const auto& row : kOutcomeCounts) action.*row.count = in.number<std::uint64_t>();
    action.error_codes.resize(in.count());
    for (auto& [code, count] : action.error_codes) {
      code = in.text();
      count = in.number<std::uint64_t>();
    }
  }
  return actions;
}

}  // namespace

void pack_evidence(const Evidence& evidence, Packer& out) {
  pack_time(evidence.time, out);
  pack_time(evidence.delivered, out);
  for (std::size_t i = 0; i < std::size(kTexts); ++i) out.text(evidence.*kTexts[i], i);
  out.number(evidence.index);
  pack_resources(evidence.resources, out);
  pack_count(evidence.shown, out);
  for (const auto& [field, value] : evidence.shown) {
    out.text(field);
    out.text(value);
  }
}

Evidence unpack_evidence(Unpacker& in) {
  Evidence evidence;
  evidence.time = unpack_time(in);
  evidence.delivered = unpack_time(in);
  for (const auto part : kTexts) evidence.*part = in.text();
  evidence.index = in.number<std::uint32_t>();
  evidence.resources = unpack_resources(in);
  for (auto count = in.count(); count > 0; --count) {
    std::string field(in.text());
    evidence.shown.emplace_back(std::move(field), in.text());
  }
  return evidence;
}

void pack(const Signal& signal, Packer& out) {
  out.text(signal.id);
  out.number(signal.of_correlation);
  out.number(signal.index);
  pack_texts(signal.group, out);
  out.number(signal.period_start);
  out.number(signal.closes_at);
  out.number(signal.first);
  out.number(signal.last);
  out.number(signal.triggers);
  out.number(signal.peak);
  for (const auto flag : kFlags) out.number(signal.*flag);
  out.number(!signal.closed ? Closed::kNot : signal.rule_removed ? Closed::kRuleRemoved : Closed::kAtItsEnd);
  out.text(signal.continues);
  out.text(signal.title);
  pack_time(signal.detected, out);
  pack_time(signal.arrived, out);
  for (const Scope& scope : kScopes) pack_texts(signal.*scope.of_signal, out);
  pack_actions(signal.actions, out);
  out.number(signal.other_actions);
  pack_resources(signal.resources, out);
  pack_count(signal.fields, out);
  for (const auto& [field, values] : signal.fields) {
    out.text(field);
    pack_texts(values, out);
  }
  pack_count(signal.evidence, out);
  for (const auto& evidence : signal.evidence) pack_evidence(*evidence, out);
  const bool one = signal.first_record.text == signal.last_record.text;
  pack_record(signal.first_record, out);
  out.number(one);
  if (!one) pack_record(signal.last_record, out);
  out.number(signal.gathered_until);
}

Signal unpack(Unpacker& in, bool with_records) {
  Signal signal;
  signal.id = in.text();
  signal.of_correlation = in.number<bool>();
  signal.index = in.number<std::uint32_t>();
  signal.group = unpack_texts(in);
  signal.period_start = in.number<EventTime>();
  signal.closes_at = in.number<EventTime>();
  signal.first = in.number<EventTime>();
  signal.last = in.number<EventTime>();
  signal.triggers = in.number<std::uint64_t>();
  signal.peak = in.number<double>();
  for (const auto flag : kFlags) signal.*flag = in.number<bool>();
  const auto closed = in.number<Closed>();
  signal.closed = closed != Closed::kNot;
  signal.rule_removed = closed == Closed::kRuleRemoved;
  signal.continues = in.text();
  signal.title = in.text();
  signal.detected = unpack_time(in);
  signal.arrived = unpack_time(in);
  for (const Scope& scope : kScopes) signal.*scope.of_signal = unpack_texts(in);
  signal.actions = unpack_actions(in);
  signal.other_actions = in.number<std::uint64_t>();
  signal.resources = unpack_resources(in);
  for (auto count = in.count(); count > 0; --count) {
    std::string field(in.text());
    signal.fields.emplace_back(std::move(field), unpack_texts(in));
  }
  for (auto count = in.count(); count > 0; --count) {
    signal.evidence.push_back(std::make_shared<Evidence>(unpack_evidence(in)));
  }
  if (!with_records) return signal;
  signal.first_record = unpack_record(in);
  signal.last_record = in.number<bool>() ? signal.first_record : unpack_record(in);
  signal.gathered_until = in.number<EventTime>();
  return signal;
}

}  // namespace tripline::engine
