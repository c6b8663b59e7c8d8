#include "connectors/net/events_way.h"

#include "connectors/inflate.h"
#include "connectors/json_space.h"
#include "engine/json_text.h"
#include "engine/text.h"

namespace tripline::connectors::net {
namespace {

/// The token of `Authorization: Bearer TOKEN`. Source: RFC 6750, 2.1; schemes have no case (RFC 9110, 11.1).
std::optional<std::string_view> bearer_token(const HttpHead& head) {
  constexpr std::string_view kScheme = "bearer ";
  const std::string* header = head.find("authorization");
  if (!header || !engine::starts_with_folded(*header, kScheme)) return std::nullopt;
  std::string_view token = std::string_view(*header).substr(kScheme.size());
  while (token.starts_with(' ')) token.remove_prefix(1);
  return token;
}

/// Whether it begins like something that holds events.
bool may_hold_events(std::string_view body) {
  if (is_gzip(body)) return true;
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (body.starts_with(kByteOrderMark)) body.remove_prefix(kByteOrderMark.size());
  skip_space(body);
  return body.starts_with('{') || body.starts_with('[');
}

}  // namespace

std::optional<EventsWay::Refusal> EventsWay::check(const HttpHead& head, const WaySource* source) const {
  if (head.method != "POST") return Refusal{405, WayOutcome::kBadRequest, "events are sent by POST"};
  if (!source) {
    return Refusal{401, WayOutcome::kUnauthorised,
                   head.find("authorization") ? "the bearer token is none that this server knows"
                                              : "this server wants `Authorization: Bearer TOKEN`"};
  }
  const std::string* encoding = head.find("content-encoding");
  if (encoding && *encoding != "gzip" && *encoding != "identity" && !encoding->empty()) {
    return Refusal{400, WayOutcome::kBadRequest, "Content-Encoding has to be gzip or absent"};
  }
  return std::nullopt;
}

HttpResponse EventsWay::refuse(const WaySource* source, const Refusal& refusal, std::size_t bytes) {
  (source ? *source->counters : context_.counters.of("")).add(Way::kEvents, refusal.outcome, bytes);
  engine::JsonText json;
  json.begin_object().raw_member("accepted", "false");
  json.member("error", kWayOutcomes[static_cast<std::size_t>(refusal.outcome)].label);
  json.member("message", refusal.why).end_object();
  HttpResponse answer;
  answer.status = refusal.status;
  answer.body = json.take();
  if (refusal.status == 401) answer.headers.emplace_back("www-authenticate", "Bearer");
  if (refusal.status == 405) answer.headers.emplace_back("allow", "POST");
  if (refusal.status == 503) answer.headers.emplace_back("retry-after", "1");
  return answer;
}

Admission EventsWay::admit(const HttpHead& head, const WayAccess& access) {
  Admission admission;
  admission.max_body_bytes = admission.max_inflated_bytes = max_bytes_;
  const WaySource* source = access.events.find(bearer_token(head));
  if (const auto refusal = check(head, source)) {
    admission.refusal = refuse(source, *refusal, 0);
    return admission;
  }
  if (is_full_for(context_, head)) {
    admission.refusal = refuse(source, {503, WayOutcome::kFull, reason_of(WayOutcome::kFull)}, 0);
    return admission;
  }
  admission.refuse = [this, named = *source](int status, std::string_view why) {
    return refuse(&named, {status, status == 413 ? WayOutcome::kTooLarge : WayOutcome::kBadRequest, std::string(why)},
                  0);
  };
  return admission;
}

void EventsWay::handle(HttpRequest request, const WayAccess& access, Reply reply) {
  const std::size_t bytes = request.body.size();
  const WaySource* source = access.events.find(bearer_token(request.head));
  auto refusal = check(request.head, source);
  if (!refusal && !may_hold_events(request.body)) {
    refusal = Refusal{400, WayOutcome::kBadRequest,
                      "the body has to be JSON: an event a line, an array, or {\"Records\":[...]}; perhaps gzip"};
  }
  if (refusal) return reply(refuse(source, *refusal, bytes));

  engine::Envelope envelope;
  envelope.path = ids_.next();
  envelope.source = source->name;
  envelope.delivered = context_.now();
  envelope.body = std::move(request.body);
  offer(context_, std::move(envelope), [this, named = *source, bytes, reply = std::move(reply)](WayOutcome outcome) {
    if (outcome != WayOutcome::kAccepted) return reply(refuse(&named, {503, outcome, reason_of(outcome)}, bytes));
    named.counters->add(Way::kEvents, outcome, bytes);
    HttpResponse answer;
    answer.body = R"({"accepted":true,"bytes":)" + std::to_string(bytes) + "}";
    reply(std::move(answer));
  });
}

}  // namespace tripline::connectors::net
