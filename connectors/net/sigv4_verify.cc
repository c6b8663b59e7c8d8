#include "connectors/net/sigv4_verify.h"

#include <algorithm>
#include <utility>

#include "connectors/net/sigv4.h"
#include "engine/text.h"

namespace tripline::connectors::net {

namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

AwsError incomplete(std::string message) { return {"IncompleteSignatureException", 400, std::move(message)}; }
AwsError invalid(std::string message) { return {"InvalidSignatureException", 400, std::move(message)}; }

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t end; (end = text.find(separator)) != std::string_view::npos; text.remove_prefix(end + 1)) {
    parts.push_back(text.substr(0, end));
  }
  parts.push_back(text);
  return parts;
}

/// `name=value` with blanks around it; nothing: it is another.
std::optional<std::string_view> value_of(std::string_view part, std::string_view name) {
  part = trimmed(part);
  if (!part.starts_with(name) || !part.substr(name.size()).starts_with('=')) return std::nullopt;
  return part.substr(name.size() + 1);
}

/// The name may hold slashes: of the five parts the last four are the scope.
bool read_credential(std::string_view credential, AwsSignature& to) {
  std::string* const scope[] = {&to.terminator, &to.service, &to.region, &to.date};
  for (std::string* part : scope) {
    const std::size_t slash = credential.rfind('/');
    if (slash == std::string_view::npos) return false;
    *part = credential.substr(slash + 1);
    credential = credential.substr(0, slash);
  }
  to.key_id = credential;
  return !to.key_id.empty();
}

bool is_amz_date(std::string_view text) {
  return text.size() == 16 && text[8] == 'T' && text[15] == 'Z' && engine::parse_time(text);
}

std::string skew_text(const AwsSignature& signature, engine::EventTime now, std::chrono::minutes skew) {
  const bool early = signature.at < now;
  const std::string sign = early ? " - " : " + ";
  const engine::EventTime edge = early ? now - skew : now + skew;
  return std::string(early ? "Signature expired: " : "Signature not yet current: ") + signature.time +
         (early ? " is now earlier than " : " is still later than ") + amz_date(edge) + " (" + amz_date(now) + sign +
         std::to_string(skew.count()) + " min.)";
}

}  // namespace

AwsResult<AwsSignature> read_signature(const HttpHead& head) {
  const std::string* header = head.find("authorization");
  if (!header) return AwsError{"MissingAuthenticationTokenException", 400, "Missing Authentication Token"};
  const auto named = [](std::string_view name) { return [name](const HttpHeader& h) { return h.first == name; }; };
  if (std::count_if(head.headers.begin(), head.headers.end(), named("authorization")) > 1) {
    return incomplete("There is more than one Authorization header.");
  }
  std::string_view text = trimmed(*header);
  if (!text.starts_with(kAlgorithm) || !text.substr(kAlgorithm.size()).starts_with(' ')) {
    return incomplete("Authorization header must begin with 'AWS4-HMAC-SHA256'.");
  }
  text.remove_prefix(kAlgorithm.size());

  AwsSignature found;
  std::optional<std::string_view> credential, headers, signature;
  for (const auto part : split(text, ',')) {
    if (const auto value = value_of(part, "Credential")) credential = value;
    if (const auto value = value_of(part, "SignedHeaders")) headers = value;
    if (const auto value = value_of(part, "Signature")) signature = value;
  }
  const std::pair<const char*, bool> wanted[] = {
      {"Credential", credential.has_value()}, {"SignedHeaders", headers.has_value()}, {"Signature", !!signature}};
  for (const auto& [name, there] : wanted) {
    if (!there) return incomplete(std::string("Authorization header requires '") + name + "' parameter.");
  }
  if (!read_credential(*credential, found)) {
    return incomplete("Credential must have exactly 5 slash-delimited elements: keyid/date/region/service/term.");
  }
  found.signature = *signature;
  for (const auto name : split(*headers, ';')) found.signed_headers.push_back(engine::fold(name));
  std::sort(found.signed_headers.begin(), found.signed_headers.end());
  const auto end = std::unique(found.signed_headers.begin(), found.signed_headers.end());
  found.signed_headers.erase(end, found.signed_headers.end());

  const std::string* date = head.find("x-amz-date");
  if (!date) date = head.find("date");
  if (!date || !is_amz_date(*date)) {
    return incomplete("Authorization header requires an 'X-Amz-Date' header in the form YYYYMMDDTHHMMSSZ.");
  }
  found.time = *date;
  found.at = *engine::parse_time(*date);
  return found;
}

std::optional<AwsError> check_scope(const AwsSignature& signature, std::string_view service, engine::EventTime now,
                                    std::chrono::minutes skew) {
  if (signature.terminator != "aws4_request") {
    return invalid("Credential should be scoped with a valid terminator: 'aws4_request'.");
  }
  if (signature.service != service) {
    return invalid("Credential should be scoped to correct service: '" + std::string(service) + "'.");
  }
  if (signature.region.empty()) return invalid("Credential should be scoped to a valid Region, not ''.");
  if (signature.date != signature.time.substr(0, 8)) {
    return invalid("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: " +
                   signature.time);
  }
  if (signature.at < now - skew || signature.at > now + skew) return invalid(skew_text(signature, now, skew));
  return std::nullopt;
}

std::optional<AwsError> check_signature(const AwsSignature& signature, const HttpHead& head, std::string_view body,
                                        std::string_view secret) {
  const auto is_signed = [&signature](std::string_view name) {
    return std::binary_search(signature.signed_headers.begin(), signature.signed_headers.end(), name);
  };
  for (const std::string_view name : {"host", "content-type", "x-amz-target"}) {
    if (!is_signed(name) && (name == "host" || head.find(name))) {
      return invalid("'" + std::string(name) + "' must be a 'SignedHeader' in the AWS Authorization.");
    }
  }
  const std::string payload_hash = hex(sha256(body));
  // Nothing stands in place of the hash, UNSIGNED-PAYLOAD neither: that is S3's alone.
  if (const std::string* claimed = head.find("x-amz-content-sha256");
      claimed && is_signed("x-amz-content-sha256") && *claimed != payload_hash) {
    return invalid("The value passed in x-amz-content-sha256 does not match the SHA-256 of the body.");
  }
  const std::string canonical = canonical_request(head, signature.signed_headers, payload_hash, PathForm::kNormalised);
  const Sha256 key = signing_key(secret, signature.date, signature.region, signature.service);
  const std::string expected =
      hex(hmac_sha256(bytes_of(key), string_to_sign(signature.time, signature.scope(), canonical)));
  if (equal_in_constant_time(expected, signature.signature)) return std::nullopt;
  return invalid(
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
      "and signing method.");
}

}  // namespace tripline::connectors::net
