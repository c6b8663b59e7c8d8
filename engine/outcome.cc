#include "engine/outcome.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "engine/event.h"

namespace tripline::engine {

namespace {

/// The family of denials, without `Client.`/`Server.` before and `Exception` behind. How a code is compared differs:
/// EC2 and others put words before `UnauthorizedOperation`, some services put words behind `AccessDenied`.
/// Source: AWS IAM User Guide, "Troubleshoot access denied"; CIS AWS Foundations Benchmark, "unauthorized API calls".
enum class Compare { kWhole, kPrefix, kSuffix };
constexpr struct {
  std::string_view code;
  Compare how;
} kDenied[] = {
    {"AccessDenied", Compare::kPrefix},      {"UnauthorizedOperation", Compare::kSuffix},
    {"VpceAccessDenied", Compare::kWhole},   {"UnauthorizedAccess", Compare::kWhole},
    {"Unauthorized", Compare::kWhole},       {"Forbidden", Compare::kWhole},
    {"AuthorizationError", Compare::kWhole}, {"NotAuthorized", Compare::kWhole},
    {"AuthFailure", Compare::kWhole},        {"InvalidClientTokenId", Compare::kWhole},
    {"UnrecognizedClient", Compare::kWhole}, {"InvalidAccessKeyId", Compare::kWhole},
    {"ExpiredToken", Compare::kWhole},       {"SignatureDoesNotMatch", Compare::kWhole},
    {"InvalidSignature", Compare::kWhole},
};

bool is_failure(std::string_view answer) { return answer == "Failure" || answer == "failure" || answer == "false"; }

/// Sign-in services tell the result in the record, not by an errorCode: under the event's own name in
/// responseElements (AWS sign-in) or serviceEventDetails (IAM Identity Center), or as `success` (CLI sign-in).
bool sign_in_failed(const Event& event) {
  const std::string_view name = event.find_text("eventName");
  for (std::string_view parent : {"responseElements.", "serviceEventDetails."}) {
    if (is_failure(event.find_text(std::string(parent).append(name)))) return true;
  }
  return is_failure(event.find_text("additionalEventData.success")) || !event.find_text("errorMessage").empty();
}

}  // namespace

bool is_denied_code(std::string_view code) {
  for (std::string_view prefix : {"Client.", "Server."}) {
    if (code.starts_with(prefix)) code.remove_prefix(prefix.size());
  }
  if (constexpr std::string_view tail = "Exception"; code.ends_with(tail)) code.remove_suffix(tail.size());
  return std::any_of(std::begin(kDenied), std::end(kDenied), [&](const auto& row) {
    switch (row.how) {
      case Compare::kPrefix:
        return code.starts_with(row.code);
      case Compare::kSuffix:
        return code.ends_with(row.code);
      default:
        return code == row.code;
    }
  });
}

std::string_view outcome_of(const Event& event) {
  const std::string_view code = event.find_text("errorCode");
  if (!code.empty() && code != "Success") return is_denied_code(code) ? "denied" : "failure";
  const std::string_view source = event.find_text("eventSource");
  const bool sign_in = source == "signin.amazonaws.com" || source == "sso.amazonaws.com";
  return sign_in && sign_in_failed(event) ? "failure" : "success";
}

}  // namespace tripline::engine
