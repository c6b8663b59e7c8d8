#include "connectors/net/way_offer.h"

#include <charconv>
#include <memory>
#include <utility>

namespace tripline::connectors::net {

bool is_full_for(const WayContext& context, const HttpHead& head) {
  std::size_t bytes = 1;  // at least; those that come in chunks do not say
  if (const std::string* length = head.find("content-length")) {
    std::from_chars(length->data(), length->data() + length->size(), bytes);
  }
  return !context.intake.has_room(bytes);
}

void offer(const WayContext& context, engine::Envelope envelope, std::function<void(WayOutcome)> then) {
  // Shared, as the intake destroys what it refuses.
  const auto told = std::make_shared<std::function<void(WayOutcome)>>(std::move(then));
  const auto settled = [told](const engine::Result<void>& durable) {
    (*told)(durable ? WayOutcome::kAccepted : WayOutcome::kFailed);
  };
  switch (context.intake.offer(std::move(envelope), context.now(), settled)) {
    case Intake::Offer::kTaken:
      return;
    case Intake::Offer::kFull:
      return (*told)(WayOutcome::kFull);
    case Intake::Offer::kClosed:
      return (*told)(WayOutcome::kStopping);
  }
}

std::string reason_of(WayOutcome outcome) {
  switch (outcome) {
    case WayOutcome::kFull:
      return "the intake is full; send it again later";
    case WayOutcome::kStopping:
      return "the server is stopping; send it again later";
    case WayOutcome::kFailed:
      return "it could not be made durable; send it again later";
    default:
      return {};
  }
}

}  // namespace tripline::connectors::net
