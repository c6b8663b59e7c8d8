#include "app/serve/outbox_routes.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "app/serve/api_answer.h"
#include "app/serve/json_members.h"
#include "app/serve/outbox_query.h"

namespace tripline::app {

using alerts::OutboxEntry;
using alerts::SinkStatus;
using connectors::net::HttpRequest;
using connectors::net::HttpResponse;
using engine::EventTime;
using engine::JsonText;
using engine::Result;

namespace {

/// A sink that is not configured any more has deliveries, and nothing else.
void write_sink(const SinkStatus& sink, bool configured, EventTime now, JsonText& json) {
  json.begin_object().member("name", sink.name);
  number(json, "waiting", sink.waiting);
  number(json, "parked", sink.parked);
  if (sink.oldest) span(json, "oldest_seconds", *sink.oldest, now);
  flag(json, "configured", configured);
  if (configured) {
    number(json, "under_way", sink.under_way);
    flag(json, "open", sink.open);
    number(json, "failures", sink.failures);
    if (sink.paused_until > now) time(json, "tried_again_at", sink.paused_until);
    json.optional_member("trouble", sink.trouble);
    number(json, "retries", sink.retries);
    for (std::size_t i = 0; i < sink.ends.size(); ++i) number(json, alerts::kDeliveryEnds[i].label, sink.ends[i]);
  }
  json.end_object();
}

void write_entry(const OutboxEntry& entry, const std::optional<std::uint64_t>& attempts, JsonText& json) {
  const alerts::Delivery& delivery = entry.delivery;
  const alerts::Member& first = delivery.members.front();
  const bool one = delivery.members.size() == 1 && delivery.more == 0;
  json.begin_object();
  number(json, "id", entry.number);
  json.member("sink", delivery.sink).member("state", entry.parked_at ? "parked" : "waiting");
  json.member("key", delivery.key).member("route", delivery.route);
  json.member("change", one ? alerts::name_of(first.change) : "grouped").member("signal", engine::to_hex(first.signal));
  number(json, "signals", delivery.members.size() + delivery.more);
  time(json, "written_at", delivery.written_at);
  time(json, "parked_at", entry.parked_at);
  json.optional_member("why", entry.why);
  if (attempts) number(json, "failed_attempts", *attempts);
  json.end_object();
}

class OutboxApi {
 public:
  explicit OutboxApi(OutboxParts parts) : parts_(std::move(parts)), outbox_(parts_.store_path, nullptr) {}

  HttpResponse list(const HttpRequest& request) {
    auto query = read_outbox_query(request.head.query());
    if (!query) return failed(query.error());
    const std::size_t limit = query->limit++;
    std::vector<OutboxEntry> entries;
    const auto read = outbox_.each(*query, [&](const OutboxEntry& entry) { entries.push_back(entry); });
    if (!read) return failed(read.error());
    const auto counts = outbox_.counts();
    if (!counts) return failed(counts.error());
    const bool more = entries.size() > limit;
    if (more) entries.pop_back();
    const auto attempts = parts_.attempts(entries);
    if (!attempts) return failed(attempts.error());
    JsonText json;
    json.begin_object();
    write_sinks(*counts, json);
    json.key("deliveries").begin_array();
    for (std::size_t i = 0; i < entries.size(); ++i) write_entry(entries[i], (*attempts)[i], json);
    json.end_array();
    if (more) number(json, "next", entries.back().number);
    json.end_object();
    return answer(line(json));
  }

  using Act = std::function<Result<std::uint64_t>(const DeliverySelection&)>;
  HttpResponse act(const HttpRequest& request, bool waiting, const Act& act) {
    if (!is_json(request)) return wants_json();
    const auto selection = read_selection(request.body, waiting);
    if (!selection) return failed(selection.error());
    const auto done = act(*selection);
    if (!done) return failed(done.error());
    JsonText json;
    json.begin_object();
    number(json, "deliveries", *done);
    json.end_object();
    return answer(line(json));
  }

  const OutboxParts& parts() const { return parts_; }

 private:
  void write_sinks(const std::vector<engine::store::OutboxCount>& counts, JsonText& json) const {
    const auto sinks = parts_.status().sinks;
    const EventTime now = parts_.now();
    json.key("sinks").begin_array();
    for (const SinkStatus& sink : sinks) write_sink(sink, true, now, json);
    for (const auto& count : counts) {
      const auto known = [&](const SinkStatus& sink) { return sink.name == count.sink; };
      if (std::any_of(sinks.begin(), sinks.end(), known)) continue;
      SinkStatus gone{};
      gone.name = count.sink;
      gone.waiting = count.waiting;
      gone.parked = count.parked;
      gone.oldest = count.oldest;
      write_sink(gone, false, now, json);
    }
    json.end_array();
  }

  OutboxParts parts_;
  alerts::Outbox outbox_;  // to read
};

}  // namespace

std::vector<Route> outbox_routes(OutboxParts parts) {
  using Path = std::vector<std::string>;
  const auto api = std::make_shared<OutboxApi>(std::move(parts));
  return {
      {"GET", "/api/v1/outbox", Access::kRead,
       [api](const HttpRequest& request, const Path&) { return api->list(request); }},
      {"POST", "/api/v1/outbox/retry", Access::kAdmin,
       [api](const HttpRequest& request, const Path&) { return api->act(request, false, api->parts().retry); }},
      {"POST", "/api/v1/outbox/drop", Access::kAdmin,
       [api](const HttpRequest& request, const Path&) { return api->act(request, true, api->parts().drop); }},
  };
}

}  // namespace tripline::app
