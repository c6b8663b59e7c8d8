#include "tests/support/direct_server.h"

#include <utility>

#include "connectors/inflate.h"

namespace tripline::tests {

using connectors::net::HttpRequest;
using connectors::net::HttpResponse;

DirectServer::DirectServer(const Ways::Options& options, std::size_t intake_bytes, engine::EventTime start)
    : intake({.max_bytes = intake_bytes}),
      now(start),
      durable(boost::system::in_place_value),
      ways(options, intake, [this] { return now; }) {}

const DirectServer::Exchange& DirectServer::send(HttpRequest request) {
  Exchange& exchange = exchanges_.emplace_back();
  const auto reply = [&exchange](HttpResponse answer) {
    exchange.answer = std::move(answer);
    ++exchange.answers;
  };
  const auto admission = ways.admit(request.head);
  const auto refuse = [&](int status, std::string_view why) -> const Exchange& {
    HttpResponse answer;
    answer.status = status;
    reply(admission.refuse ? admission.refuse(status, why) : answer);
    return exchange;
  };
  if (admission.refusal) {
    reply(*admission.refusal);
    return exchange;
  }
  if (request.body.size() > admission.max_body_bytes) return refuse(413, "the body is too large");
  const std::string* encoding = request.head.find("content-encoding");
  if (admission.inflate && encoding && *encoding == "gzip") {
    const std::size_t size = connectors::gzip_size_hint(request.body);
    if (size > admission.max_inflated_bytes) return refuse(413, "the body is too large inflated");
    std::string inflated(size, '\0');
    if (!connectors::inflate_whole(request.body, inflated.data(), size)) return refuse(400, "broken gzip");
    request.body = std::move(inflated);
  }
  ways.handle(std::move(request), reply);
  return exchange;
}

std::optional<WireAnswer> DirectServer::exchange(HttpRequest request) {
  const Exchange& sent = send(std::move(request));
  settle();
  if (!sent.answer) return std::nullopt;
  return on_the_wire(*sent.answer);
}

void DirectServer::settle() {
  while (intake.bytes() > 0) {  // no way takes an empty body
    settled.push_back(*intake.take());
    intake.settle(settled.back().sequence, durable);
  }
}

}  // namespace tripline::tests
