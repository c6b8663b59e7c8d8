// What stays of a Router beyond a step, and what it says of itself.

#include <set>
#include <string>

#include "alerts/router.h"

namespace tripline::alerts {

using engine::EventTime;
using engine::Result;

namespace {

constexpr std::chrono::minutes kForgetEvery{1};

}  // namespace

Result<RoutingStep> Router::silence(const Silence& silence, EventTime now) {
  if (auto put = silences_.put(silence, now); !put) return put.error();
  return take();
}

Result<RoutingStep> Router::end_silence(const std::string& id, EventTime now) {
  if (auto ended = silences_.end(id, now); !ended) return ended.error();
  return take();
}

void Router::forget_old(EventTime now) {
  if (forgot_at_ != EventTime::min() && now < forgot_at_ + kForgetEvery) return;
  forgot_at_ = now;
  told_.forget_until(now);
  noisy_.forget_quiet(now);
  silences_.forget_old(now);
}

RoutingStep Router::take() {
  RoutingStep step;
  step.position = position_;
  step.deliveries = std::exchange(deliveries_, {});
  batches_.take_rows(step.rows);
  silences_.take_rows(step.rows);
  noisy_.take_rows(step.rows);
  told_.take_rows(step.rows);
  return step;
}

Result<void> Router::restore(std::uint64_t position, std::span<const RoutingRow> rows) {
  position_ = position;
  std::set<std::string> sinks;
  for (const RoutedSink& sink : options_.sinks) sinks.insert(sink.name);
  for (const RoutingRow& row : rows) {
    const std::string_view key = row.key;
    const std::string_view blob = row.blob ? std::string_view(*row.blob) : std::string_view();
    Result<void> restored;
    if (key.starts_with(Batches::kRows)) {
      restored = batches_.restore(key.substr(Batches::kRows.size()), blob);
    } else if (key.starts_with(Silences::kRows)) {
      restored = silences_.restore(blob);
    } else if (key.starts_with(NoisyRules::kRows)) {
      restored = noisy_.restore(key, blob);
    } else if (key.starts_with(ToldThreads::kRows)) {
      restored = told_.restore(key.substr(ToldThreads::kRows.size()), blob, sinks);
    } else {
      restored = engine::fail(engine::ErrorCode::kStore,
                              "routing remembers something that is not known; a newer Tripline wrote it");
    }
    if (!restored) return restored;
  }
  return {};
}

Router::Status Router::status(EventTime now) const {
  Status status = status_;
  for (const auto& [id, batch] : batches_.all()) {
    status.batches += batch.pending() ? 1 : 0;
    status.waiting += batch.listed.size() + batch.more;
  }
  std::uint64_t limit = 0;
  for (const Way& way : ways_) {
    for (const Lead& lead : way.leads) {
      const auto above = lead.pace.digest_above;
      if (above > 0 && (limit == 0 || above < limit)) limit = above;
    }
  }
  if (limit > 0) status.noisy_rules = noisy_.count(limit, now);
  status.active_silences = silences_.active(now);
  status.threads = told_.size();
  status.threads_given_up = told_.given_up();
  return status;
}

}  // namespace tripline::alerts
