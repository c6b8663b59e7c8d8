#include "engine/signal_codec.h"

namespace tripline::engine {
namespace {

constexpr std::string Evidence::*kTexts[] = {
    &Evidence::event_id, &Evidence::event_name, &Evidence::event_source, &Evidence::account,
    &Evidence::region,   &Evidence::actor,      &Evidence::address,      &Evidence::outcome,
    &Evidence::origin,   &Evidence::chain,      &Evidence::path,
};
static_assert(sizeof(Evidence) == sizeof kTexts / sizeof *kTexts * sizeof(std::string) + sizeof(std::uint64_t) +
                                      sizeof(Evidence::shown),
              "a new member of Evidence is to be packed too");

constexpr std::vector<std::string> Signal::*kScopes[] = {&Signal::accounts, &Signal::regions, &Signal::addresses};

}  // namespace

void pack_evidence(const Evidence& evidence, Packer& out) {
  for (const auto part : kTexts) out.text(evidence.*part);
  out.number(evidence.index);
  out.number(static_cast<std::uint32_t>(evidence.shown.size()));
  for (const auto& [field, value] : evidence.shown) {
    out.text(field);
    out.text(value);
  }
}

Evidence unpack_evidence(Unpacker& in) {
  Evidence evidence;
  for (const auto part : kTexts) evidence.*part = in.text();
  evidence.index = in.number<std::uint32_t>();
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
  out.number(static_cast<std::uint32_t>(signal.group.size()));
  for (const auto& value : signal.group) out.text(value);
  out.number(signal.period_start);
  out.number(signal.closes_at);
  out.number(signal.first);
  out.number(signal.last);
  out.number(signal.triggers);
  out.number(signal.peak);
  out.number(signal.partial);
  out.number(signal.closed);
  out.text(signal.continues);
  for (const auto part : kScopes) {
    out.number(static_cast<std::uint32_t>((signal.*part).size()));
    for (const auto& value : signal.*part) out.text(value);
  }
  out.number(static_cast<std::uint32_t>(signal.evidence.size()));
  for (const auto& evidence : signal.evidence) pack_evidence(*evidence, out);
}

Signal unpack(Unpacker& in) {
  Signal signal;
  signal.id = in.text();
  signal.of_correlation = in.number<bool>();
  signal.index = in.number<std::uint32_t>();
  for (auto count = in.count(); count > 0; --count) signal.group.emplace_back(in.text());
  signal.period_start = in.number<EventTime>();
  signal.closes_at = in.number<EventTime>();
  signal.first = in.number<EventTime>();
  signal.last = in.number<EventTime>();
  signal.triggers = in.number<std::uint64_t>();
  signal.peak = in.number<double>();
  signal.partial = in.number<bool>();
  signal.closed = in.number<bool>();
  signal.continues = in.text();
  for (const auto part : kScopes) {
    for (auto count = in.count(); count > 0; --count) (signal.*part).emplace_back(in.text());
  }
  for (auto count = in.count(); count > 0; --count) {
    signal.evidence.push_back(std::make_shared<Evidence>(unpack_evidence(in)));
  }
  return signal;
}

}  // namespace tripline::engine
