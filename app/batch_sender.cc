#include "app/batch_sender.h"

#include <algorithm>
#include <utility>

#include "engine/digest.h"

namespace tripline::app {
namespace {

/// No more than a second's worth at once, so that a slow rate is an even one.
std::size_t batch_of(const BatchSender::Options& options) {
  const std::uint64_t rate = options.events_per_second;
  return rate == 0 ? options.batch : static_cast<std::size_t>(std::min<std::uint64_t>(options.batch, rate));
}

}  // namespace

BatchSender::BatchSender(const Options& options, World world, std::string run)
    : options_(options),
      world_(std::move(world)),
      run_(std::move(run)),
      batch_({.max_records = batch_of(options)}),
      events_pace_(options.events_per_second),
      bytes_pace_(options.bytes_per_second) {}

std::optional<std::string> BatchSender::add(std::string_view event) {
  if (batch_.add(event)) return std::nullopt;
  if (auto why = send()) return why;
  batch_.add(event);
  return std::nullopt;
}

std::optional<std::string> BatchSender::send() {
  using Outcome = FirehoseClient::Outcome;
  if (batch_.records() == 0) return std::nullopt;
  const std::size_t records = batch_.records();
  const std::uint64_t bytes = batch_.event_bytes();
  const auto begin = world_.now();
  const auto pause = std::max(events_pace_.wait_before(begin, records), bytes_pace_.wait_before(begin, bytes));
  if (pause > Pace::Clock::duration::zero()) world_.wait(pause);

  std::string id = engine::to_hex(engine::digest_128({run_, std::to_string(++ids_)}));
  for (const std::size_t dash : {8, 13, 18, 23}) id.insert(dash, "-");
  const std::string body = batch_.take(id, world_.wall_clock());
  std::optional<Pace::Clock::time_point> deadline;
  for (int attempt = 0;; ++attempt) {
    const auto answer = world_.post(id, body);
    if (answer.outcome == Outcome::kAccepted) break;
    if (answer.outcome == Outcome::kRefused) return answer.why;
    const auto wait = back_off(attempt);
    if (!deadline) deadline = world_.now() + options_.retry_for;
    if (world_.now() + wait > *deadline) return answer.why + "; given up after --retry-for";
    world_.retrying(answer.why, wait);
    world_.wait(wait);
    ++retries_;
  }
  ++requests_;
  events_ += records;
  return std::nullopt;
}

}  // namespace tripline::app
