#include "alerts/aws_answer.h"

#include <algorithm>

#include <simdjson.h>

#include "alerts/judge_status.h"

namespace tripline::alerts {
namespace {

using Kind = Verdict::Kind;

struct CodeRow {
  std::string_view code;
  Kind kind;
  bool of_sink;
  bool credentials;  // others may help
};
constexpr CodeRow kCodes[] = {
    {"Throttled", Kind::kRetry, true, false},
    {"Throttling", Kind::kRetry, true, false},
    {"ThrottlingException", Kind::kRetry, true, false},
    {"RequestThrottled", Kind::kRetry, true, false},
    {"ThrottledException", Kind::kRetry, true, false},
    {"KMSThrottling", Kind::kRetry, true, false},
    {"KmsThrottled", Kind::kRetry, true, false},
    {"OverLimit", Kind::kRetry, true, false},
    {"ServiceUnavailable", Kind::kRetry, true, false},
    {"InternalError", Kind::kRetry, false, false},
    {"InternalFailure", Kind::kRetry, false, false},
    {"RequestExpired", Kind::kRetry, true, false},
    {"ExpiredToken", Kind::kRetry, true, true},
    {"ExpiredTokenException", Kind::kRetry, true, true},
    {"InvalidClientTokenId", Kind::kGiveUp, true, true},
    {"UnrecognizedClientException", Kind::kGiveUp, true, true},
    {"InvalidAccessKeyId", Kind::kGiveUp, true, true},
    {"SignatureDoesNotMatch", Kind::kGiveUp, true, true},
    {"InvalidSignatureException", Kind::kGiveUp, true, true},
    {"MissingAuthenticationToken", Kind::kGiveUp, true, false},
    {"AuthorizationError", Kind::kGiveUp, true, false},
    {"AccessDenied", Kind::kGiveUp, true, false},
    {"AccessDeniedException", Kind::kGiveUp, true, false},
    {"InvalidSecurity", Kind::kGiveUp, true, false},
    {"InvalidAddress", Kind::kGiveUp, true, false},
    {"NotFound", Kind::kGiveUp, true, false},
    {"NotFoundException", Kind::kGiveUp, true, false},
    {"QueueDoesNotExist", Kind::kGiveUp, true, false},
    {"EndpointDisabled", Kind::kGiveUp, true, false},
    {"KMSAccessDenied", Kind::kGiveUp, true, false},
    {"KMSDisabled", Kind::kGiveUp, true, false},
    {"KMSInvalidState", Kind::kGiveUp, true, false},
    {"KMSNotFound", Kind::kGiveUp, true, false},
    {"KMSOptInRequired", Kind::kGiveUp, true, false},
    {"KmsAccessDenied", Kind::kGiveUp, true, false},
    {"KmsDisabled", Kind::kGiveUp, true, false},
    {"KmsInvalidState", Kind::kGiveUp, true, false},
    {"KmsNotFound", Kind::kGiveUp, true, false},
    {"InvalidParameter", Kind::kGiveUp, false, false},
    {"ParameterValueInvalid", Kind::kGiveUp, false, false},
    {"InvalidParameterValue", Kind::kGiveUp, false, false},
    {"ValidationError", Kind::kGiveUp, false, false},
    {"ValidationException", Kind::kGiveUp, false, false},
    {"InvalidMessageContents", Kind::kGiveUp, false, false},
    {"BatchRequestTooLong", Kind::kGiveUp, false, false},
};

const CodeRow* find(std::string_view code) {
  const auto* row =
      std::find_if(std::begin(kCodes), std::end(kCodes), [&](const CodeRow& r) { return r.code == code; });
  return row == std::end(kCodes) ? nullptr : row;
}

std::string resolved(std::string_view text) {
  constexpr std::pair<std::string_view, char> kEntities[] = {
      {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}};
  std::string out;
  while (!text.empty()) {
    const auto* entity = std::find_if(std::begin(kEntities), std::end(kEntities),
                                      [&](const auto& row) { return text.starts_with(row.first); });
    const bool found = entity != std::end(kEntities);
    out += found ? entity->second : text.front();
    text.remove_prefix(found ? entity->first.size() : 1);
  }
  return out;
}

std::optional<AwsFault> json_fault(std::string_view body) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view type, message;
  if (parser.parse(body.data(), body.size()).get(root) != simdjson::SUCCESS) return std::nullopt;
  if (root["__type"].get(type) != simdjson::SUCCESS) return std::nullopt;
  for (const char* key : {"message", "Message"}) {
    if (root[key].get(message) == simdjson::SUCCESS) break;
  }
  return AwsFault{std::string(type.substr(type.rfind('#') + 1)), std::string(message)};  // com.amazonaws.sqs#OverLimit
}

std::string why(const AwsFault& fault) { return fault.code + said(fault.message); }

}  // namespace

std::optional<std::string> xml_text(std::string_view xml, std::string_view name, std::size_t& from) {
  const std::string open = "<" + std::string(name) + ">";
  const std::string close = "</" + std::string(name) + ">";
  const std::size_t begin = xml.find(open, from);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::size_t end = xml.find(close, begin);
  if (end == std::string_view::npos) return std::nullopt;
  from = end + close.size();
  return resolved(xml.substr(begin + open.size(), end - begin - open.size()));
}

std::optional<AwsFault> aws_fault(const Response& response) {
  if (response.status < 400) return std::nullopt;
  if (response.body.starts_with('{')) return json_fault(response.body);
  std::size_t from = 0;
  const auto code = xml_text(response.body, "Code", from);
  if (!code) return std::nullopt;
  const auto message = xml_text(response.body, "Message", from);
  return AwsFault{*code, message.value_or("")};
}

Verdict judge_aws(const Response& response, engine::EventTime now) {
  Verdict verdict = judge_status(response, now);
  const auto fault = aws_fault(response);
  if (!fault) return verdict;
  if (const CodeRow* row = find(fault->code)) {
    verdict.kind = row->kind;
    verdict.of_sink = row->of_sink;
    if (row->kind != Kind::kRetry) verdict.after.reset();
  }
  verdict.why = "status " + std::to_string(response.status) + ", " + why(*fault);
  return verdict;
}

Verdict judge_aws_entry(const AwsFault& fault, bool sender_fault) {
  const CodeRow* row = find(fault.code);
  const Kind kind = row != nullptr ? row->kind : sender_fault ? Kind::kGiveUp : Kind::kRetry;
  return {kind, std::nullopt, row != nullptr && row->of_sink, why(fault)};
}

bool refuses_credentials(const Response& response) {
  const auto fault = aws_fault(response);
  const CodeRow* row = fault ? find(fault->code) : nullptr;
  return row != nullptr && row->credentials;
}

}  // namespace tripline::alerts
