#include "engine/undecided_codec.h"

#include <algorithm>
#include <string_view>

#include "engine/origin_codec.h"

namespace tripline::engine {

void pack(const Undecided& undecided, Packer& out) {
  out.number(*undecided.time);
  out.number(undecided.key);
  out.number(undecided.delivered.has_value());
  out.number(undecided.delivered.value_or(EventTime{}));
  out.number(undecided.delivery);
  out.number(undecided.index);
  out.text(undecided.path);
  pack(undecided.bearer, out);
  out.number(static_cast<std::uint32_t>(undecided.detections.size()));
  for (const std::uint32_t detection : undecided.detections) {
    out.text(undecided.rules->detections[detection].rule.id);
  }
  out.text(undecided.record);
}

Undecided unpack_undecided(Unpacker& in, const std::shared_ptr<const RuleSet>& rules, const DetectionPlaces& places) {
  Undecided undecided;
  undecided.rules = rules;
  undecided.time = in.number<EventTime>();
  undecided.key = in.number<EventKey>();
  const bool was_delivered = in.number<std::uint8_t>() != 0;
  const auto delivered = in.number<EventTime>();
  if (was_delivered) undecided.delivered = delivered;
  undecided.delivery = in.number<std::uint64_t>();
  undecided.index = in.number<std::uint32_t>();
  undecided.path = in.text();
  undecided.bearer = unpack_bearer(in);
  for (auto count = in.count(); count > 0; --count) {
    const auto found = places.find(in.text());
    if (found != places.end()) undecided.detections.push_back(found->second);
  }
  std::sort(undecided.detections.begin(), undecided.detections.end());
  undecided.record = in.text();
  return undecided;
}

}  // namespace tripline::engine
