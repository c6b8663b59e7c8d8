#include "connectors/net/firehose_delivery.h"

#include <algorithm>
#include <utility>

#include "connectors/net/firehose_answer.h"
#include "connectors/net/firehose_body.h"
#include "engine/digest.h"

namespace tripline::connectors::net {
namespace {

std::optional<std::string_view> value_of(const HttpHead& head, std::string_view name) {
  const std::string* value = head.find(name);
  if (!value) return std::nullopt;
  return *value;
}

/// As far as it can be told back.
std::string_view id_of(const HttpHead& head) {
  const auto id = value_of(head, "x-amz-firehose-request-id");
  return id && is_request_id(*id) ? *id : std::string_view{};
}

/// What a batch that is sent again has in common with the first: the id, and the records, which are looked at here and
/// there so that an id which its sender uses twice hides nothing. The timestamp may differ.
engine::Digest identity_of(const std::string& source, const FirehoseBody& body) {
  constexpr std::size_t kLooks = 64;
  constexpr std::size_t kLook = 32;
  std::string seen;
  const std::string_view records = body.records;
  const std::size_t step = std::max(records.size() / kLooks, kLook);
  for (std::size_t at = 0; at < records.size(); at += step) seen += records.substr(at, kLook);
  seen += records.substr(records.size() - std::min(records.size(), kLook));
  return engine::digest_128({source, body.request_id, std::to_string(records.size()), seen});
}

}  // namespace

std::optional<FirehoseDelivery::Refusal> FirehoseDelivery::check(const HttpHead& head, const WaySource* source) const {
  if (head.method != "POST") return Refusal{405, WayOutcome::kBadRequest, "deliveries are sent by POST"};
  if (!source) {
    const bool given = head.find("x-amz-firehose-access-key");
    return Refusal{401, WayOutcome::kUnauthorised,
                   given ? "the access key of the stream is none that this server knows"
                         : "this server wants an access key (X-Amz-Firehose-Access-Key); give the stream one"};
  }
  if (value_of(head, "x-amz-firehose-protocol-version") != "1.0") {
    return Refusal{400, WayOutcome::kBadRequest, "X-Amz-Firehose-Protocol-Version has to be 1.0"};
  }
  if (id_of(head).empty()) {
    return Refusal{400, WayOutcome::kBadRequest,
                   "X-Amz-Firehose-Request-Id has to be 1 to 256 visible ASCII characters"};
  }
  const auto encoding = value_of(head, "content-encoding");
  if (encoding && *encoding != "gzip" && *encoding != "identity" && !encoding->empty()) {
    return Refusal{400, WayOutcome::kBadRequest, "Content-Encoding has to be gzip or absent"};
  }
  return std::nullopt;
}

HttpResponse FirehoseDelivery::refuse(const HttpHead& head, const WaySource* source, const Refusal& refusal,
                                      std::size_t bytes) {
  SourceCounters& counters = source ? *source->counters : context_.counters.of("");
  counters.add(Way::kFirehose, refusal.outcome, bytes);
  HttpResponse answer = firehose_answer(refusal.status, id_of(head), context_.now(), refusal.why);
  if (refusal.status == 405) answer.headers.emplace_back("allow", "POST");
  return answer;
}

Admission FirehoseDelivery::admit(const HttpHead& head, const WayAccess& access) {
  Admission admission;
  admission.max_body_bytes = admission.max_inflated_bytes = kMaxBody;
  const WaySource* source = access.firehose.find(value_of(head, "x-amz-firehose-access-key"));
  if (const auto refusal = check(head, source)) {
    admission.refusal = refuse(head, source, *refusal, 0);
    return admission;
  }
  if (is_full_for(context_, head)) {
    admission.refusal = refuse(head, source, {503, WayOutcome::kFull, reason_of(WayOutcome::kFull)}, 0);
    return admission;
  }
  admission.refuse = [this, head, named = *source](int status, std::string_view why) {
    const auto outcome = status == 413 ? WayOutcome::kTooLarge : WayOutcome::kBadRequest;
    return refuse(head, &named, {400, outcome, std::string(why)}, 0);
  };
  return admission;
}

void FirehoseDelivery::handle(HttpRequest request, const WayAccess& access, Reply reply) {
  const HttpHead& head = request.head;
  const std::size_t bytes = request.body.size();
  const WaySource* source = access.firehose.find(value_of(head, "x-amz-firehose-access-key"));
  if (const auto refusal = check(head, source)) return reply(refuse(head, source, *refusal, bytes));

  const auto body = read_firehose_body(request.body);
  const auto bad = [&](const std::string& why) {
    reply(refuse(head, source, {400, WayOutcome::kBadRequest, why}, bytes));
  };
  if (!body) return bad(body.error().message);
  if (body->request_id != id_of(head)) return bad("`requestId` is another than X-Amz-Firehose-Request-Id");
  if (const auto attributes = value_of(head, "x-amz-firehose-common-attributes");
      attributes && !are_common_attributes(*attributes)) {
    context_.counters.add_unread_attributes();
  }

  const engine::EventTime now = context_.now();
  const auto answer = [this, id = body->request_id, counters = source->counters, bytes, reply](bool first,
                                                                                               WayOutcome outcome) {
    const bool accepted = outcome == WayOutcome::kAccepted;
    counters->add(Way::kFirehose, accepted && !first ? WayOutcome::kRepeated : outcome, bytes);
    reply(firehose_answer(accepted ? 200 : 503, id, context_.now(), reason_of(outcome)));
  };
  if (body->empty) return answer(true, WayOutcome::kAccepted);

  const engine::Digest identity = identity_of(source->name, *body);
  // Which it is shows only when it was met; nobody is told before.
  const auto first = std::make_shared<bool>(false);
  switch (ids_.meet(identity, now, [answer, first](WayOutcome outcome) { answer(*first, outcome); })) {
    case RequestIds::Met::kUnderWay:
      return;
    case RequestIds::Met::kDone:
      return answer(false, WayOutcome::kAccepted);
    case RequestIds::Met::kTooMany:
      return answer(false, WayOutcome::kFull);
    case RequestIds::Met::kNew:
      *first = true;
      break;
  }
  engine::Envelope envelope;
  envelope.path = body->request_id;
  envelope.source = source->name;
  envelope.delivered = now;
  envelope.body = std::move(request.body);
  offer(context_, std::move(envelope),
        [this, identity](WayOutcome outcome) { ids_.finish(identity, context_.now(), outcome); });
}

}  // namespace tripline::connectors::net
