#include "app/serve/metric_table.h"

namespace tripline::app {

namespace {

using prometheus::MetricType;

template <std::uint64_t LiveStatus::*Member>
void number(const ServerFacts& facts, MetricSamples& out) {
  out.add({}, facts.live.*Member);
}
template <engine::Histogram LiveStatus::*Member>
void histogram(const ServerFacts& facts, MetricSamples& out) {
  out.add(facts.live.*Member);
}
template <std::uint64_t engine::store::Sizes::*Member>
void store_size(const ServerFacts& facts, MetricSamples& out) {
  if (facts.store) out.add({}, (*facts.store).*Member);
}

bool has_watermark(const ServerFacts& facts) { return facts.live.watermark != engine::EventTime::min(); }

constexpr MetricRow kRows[] = {
    {"tripline_work_seconds", MetricType::Histogram, "", "Reading, parsing and matching of one delivery",
     &histogram<&LiveStatus::work_seconds>},
    {"tripline_commit_seconds", MetricType::Histogram, "",
     "Applying and committing what had come since the commit before", &histogram<&LiveStatus::commit_seconds>},
    {"tripline_arrival_to_durable_seconds", MetricType::Histogram, "", "From intake to durable, of each delivery",
     &histogram<&LiveStatus::arrival_seconds>},
    {"tripline_event_to_durable_seconds", MetricType::Histogram, "",
     "From eventTime to durable, of the newest event looked at of each delivery",
     &histogram<&LiveStatus::event_seconds>},
    {"tripline_commits_total", MetricType::Counter, "outcome", "Commits to the store",
     [](const ServerFacts& facts, MetricSamples& out) {
       out.add({"durable"}, facts.live.commits);
       out.add({"failed"}, facts.live.failed_commits);
     }},
    {"tripline_watermark_timestamp_seconds", MetricType::Gauge, "",
     "Event time before which nothing is waited for any more",
     [](const ServerFacts& facts, MetricSamples& out) {
       if (has_watermark(facts)) out.add({}, unix_seconds(facts.live.watermark));
     }},
    {"tripline_watermark_lag_seconds", MetricType::Gauge, "", "From the watermark to now",
     [](const ServerFacts& facts, MetricSamples& out) {
       if (has_watermark(facts)) out.add({}, seconds_between(facts.live.watermark, facts.now));
     }},
    {"tripline_watermark_held", MetricType::Gauge, "",
     "1: after a start the watermark still waits for what came in meanwhile",
     [](const ServerFacts& facts, MetricSamples& out) { out.add({}, std::uint64_t{facts.live.watermark_held}); }},
    {"tripline_matches_of_duplicates_total", MetricType::Counter, "",
     "Matches of events that were delivered before, which change nothing", &number<&LiveStatus::matches_of_duplicates>},
    {"tripline_matches_without_time_total", MetricType::Counter, "", "Matches of events whose eventTime cannot be read",
     &number<&LiveStatus::without_time>},
    {"tripline_events_late_total", MetricType::Counter, "",
     "Matching events that came too late for correlations, which did not see them", &number<&LiveStatus::late>},
    {"tripline_events_future_total", MetricType::Counter, "",
     "Matching events dated more than five minutes after their delivery, which correlations did not see",
     &number<&LiveStatus::future>},
    {"tripline_waiting_records", MetricType::Gauge, "",
     "Records that wait to be told who started their chain of credentials", &number<&LiveStatus::waiting>},
    {"tripline_waited_without_room_total", MetricType::Counter, "",
     "Records that were judged without it, as too many waited", &number<&LiveStatus::waited_without_room>},
    {"tripline_credentials", MetricType::Gauge, "", "Credentials whose making is remembered",
     &number<&LiveStatus::credentials>},
    {"tripline_credentials_dropped_total", MetricType::Counter, "",
     "Credentials that were forgotten because of the bound on them", &number<&LiveStatus::credentials_dropped>},
    {"tripline_transitions_total", MetricType::Counter, "",
     "Openings, updates and closings of signals since the store was made", &number<&LiveStatus::last_transition>},
    {"tripline_dead_letters_total", MetricType::Counter, "", "Malformed pieces that were kept as dead letters",
     &number<&LiveStatus::dead_letters>},
    {"tripline_dead_letters_given_up_bytes_total", MetricType::Counter, "",
     "Bytes of older dead letters that went because of the bound on them",
     &number<&LiveStatus::dead_letter_bytes_given_up>},
    {"tripline_store_file_bytes", MetricType::Gauge, "", "Size of the store's file",
     &store_size<&engine::store::Sizes::file_bytes>},
    {"tripline_store_free_bytes", MetricType::Gauge, "", "Of it, held for later rows",
     &store_size<&engine::store::Sizes::free_bytes>},
    {"tripline_store_log_bytes", MetricType::Gauge, "", "Size of SQLite's log beside it",
     &store_size<&engine::store::Sizes::wal_bytes>},
    {"tripline_store_journal_rows", MetricType::Gauge, "", "Commits that the last checkpoint lacks",
     &store_size<&engine::store::Sizes::journal_rows>},
    {"tripline_store_disk_free_bytes", MetricType::Gauge, "", "Free bytes of the file system that holds the store",
     [](const ServerFacts& facts, MetricSamples& out) { out.add({}, facts.free_disk_bytes); }},
    {"tripline_event_keys_forgotten_early_total", MetricType::Counter, "",
     "Hours of remembered events that were forgotten before their time, as there were too many",
     [](const ServerFacts& facts, MetricSamples& out) { out.add({}, facts.forgotten_early); }},
};

}  // namespace

std::span<const MetricRow> engine_metrics() { return kRows; }

}  // namespace tripline::app
