#include "app/serve/metric_table.h"

namespace tripline::app {

namespace {

using prometheus::MetricType;

template <std::uint64_t HttpFacts::*Member>
void http(const ServerFacts& facts, MetricSamples& out) {
  out.add({}, facts.http.*Member);
}
template <std::uint64_t ProcessFacts::*Member>
void process(const ServerFacts& facts, MetricSamples& out) {
  out.add({}, facts.process.*Member);
}

constexpr std::string_view kAnswerClasses[] = {"other", "1xx", "2xx", "3xx", "4xx", "5xx"};

constexpr MetricRow kRows[] = {
    {"tripline_build_info", MetricType::Gauge, "version", "1, with what runs",
     [](const ServerFacts& facts, MetricSamples& out) { out.add({facts.version}, std::uint64_t{1}); }},
    {"tripline_ready", MetricType::Gauge, "", "1: what /readyz answers 200 for",
     [](const ServerFacts& facts, MetricSamples& out) { out.add({}, std::uint64_t{facts.not_ready.empty()}); }},
    {"tripline_clock_step_seconds", MetricType::Gauge, "",
     "How far the wall clock was stepped, or has drifted, since the start; the server goes on by its own",
     [](const ServerFacts& facts, MetricSamples& out) {
       out.add({}, static_cast<double>(facts.clock_step.count()) / 1000);
     }},
    {"tripline_reloads_total", MetricType::Counter, "outcome", "Reloads of configuration, rules and lists",
     [](const ServerFacts& facts, MetricSamples& out) {
       out.add({"succeeded"}, facts.reload.succeeded);
       out.add({"failed"}, facts.reload.failed);
       out.add({"unchanged"}, facts.reload.unchanged);
     }},
    {"tripline_last_reload_succeeded", MetricType::Gauge, "",
     "0: the last reload was refused, and what was there stays",
     [](const ServerFacts& facts, MetricSamples& out) { out.add({}, std::uint64_t{facts.reload.error.empty()}); }},
    {"tripline_last_reload_timestamp_seconds", MetricType::Gauge, "", "When the last reload was tried",
     [](const ServerFacts& facts, MetricSamples& out) {
       if (facts.reload.at) out.add({}, unix_seconds(*facts.reload.at));
     }},
    {"tripline_rules_generation", MetricType::Gauge, "", "Counts the rule sets in force since the start, from 1",
     [](const ServerFacts& facts, MetricSamples& out) { out.add({}, facts.live.generation); }},
    {"tripline_http_connections_total", MetricType::Counter, "", "Connections let in", &http<&HttpFacts::connections>},
    {"tripline_http_open_connections", MetricType::Gauge, "", "Connections now", &http<&HttpFacts::open_connections>},
    {"tripline_http_requests_total", MetricType::Counter, "", "Requests whose head was read",
     &http<&HttpFacts::requests>},
    {"tripline_http_open_requests", MetricType::Gauge, "", "Requests that are not answered yet",
     &http<&HttpFacts::open_requests>},
    {"tripline_http_received_bytes_total", MetricType::Counter, "", "Bytes of requests as sent, without TLS",
     &http<&HttpFacts::received_bytes>},
    {"tripline_http_sent_bytes_total", MetricType::Counter, "", "Bytes of answers, without TLS",
     &http<&HttpFacts::sent_bytes>},
    {"tripline_http_body_bytes", MetricType::Gauge, "", "Memory of bodies that are being received",
     &http<&HttpFacts::body_bytes>},
    {"tripline_http_answers_total", MetricType::Counter, "class", "Answers by the class of their status",
     [](const ServerFacts& facts, MetricSamples& out) {
       for (std::size_t i = 0; i < std::size(kAnswerClasses); ++i) out.add({kAnswerClasses[i]}, facts.http.answers[i]);
     }},
    {"tripline_http_ends_total", MetricType::Counter, "end",
     "Requests and connections that ended without an answer of a service, by why",
     [](const ServerFacts& facts, MetricSamples& out) {
       for (const auto& [label, count] : facts.http.ends) out.add({label}, count);
     }},
    {"tripline_api_calls_refused_total", MetricType::Counter, "", "Calls refused because too many waited",
     [](const ServerFacts& facts, MetricSamples& out) { out.add({}, facts.refused_calls); }},
    {"process_cpu_seconds_total", MetricType::Counter, "", "User and system time of the process",
     [](const ServerFacts& facts, MetricSamples& out) { out.add({}, facts.process.cpu_seconds); }},
    {"process_resident_memory_bytes", MetricType::Gauge, "", "Memory that the process has in RAM",
     &process<&ProcessFacts::resident_bytes>},
    {"process_virtual_memory_bytes", MetricType::Gauge, "", "Addresses that the process has mapped",
     &process<&ProcessFacts::virtual_bytes>},
    {"process_open_fds", MetricType::Gauge, "", "Open file descriptors", &process<&ProcessFacts::open_files>},
    {"process_max_fds", MetricType::Gauge, "", "How many file descriptors it may have",
     &process<&ProcessFacts::max_files>},
    {"process_threads", MetricType::Gauge, "", "Threads of the process", &process<&ProcessFacts::threads>},
    {"process_start_time_seconds", MetricType::Gauge, "", "When the process was started",
     [](const ServerFacts& facts, MetricSamples& out) { out.add({}, facts.process.start_seconds); }},
};

}  // namespace

std::span<const MetricRow> server_metrics() { return kRows; }

}  // namespace tripline::app
