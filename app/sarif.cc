#include "app/sarif.h"

#include <set>
#include <string_view>

#include "app/diagnostic_text.h"
#include "engine/json_text.h"

namespace tripline::app {
namespace {

using engine::JsonText;

/// A path as a URI reference: what RFC 3986 does not allow in one is percent-encoded.
std::string uri_of(std::string_view path) {
  constexpr std::string_view kPlain = "-._~/!$&'()*+,;=:@";
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string uri;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_letter_or_digit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (is_letter_or_digit || kPlain.find(c) != std::string_view::npos) {
      uri += c;
    } else {
      uri.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
    }
  }
  return uri;
}

void write_codes(JsonText& json, const std::vector<rules::Diagnostic>& diagnostics) {
  std::set<std::string_view> used;
  for (const auto& diagnostic : diagnostics) used.insert(diagnostic.code->code);
  json.key("rules").begin_array();
  for (const auto& code : rules::diagnostic_codes()) {
    if (!used.contains(code.code)) continue;
    json.begin_object().member("id", code.code);
    json.key("shortDescription").begin_object().member("text", code.meaning).end_object();
    json.key("defaultConfiguration").begin_object().member("level", name_of(code.severity)).end_object();
    json.end_object();
  }
  json.end_array();
}

void write_result(JsonText& json, const rules::Diagnostic& diagnostic) {
  json.begin_object().member("ruleId", diagnostic.code->code).member("level", name_of(diagnostic.code->severity));
  std::string text = diagnostic.message;
  if (!diagnostic.hint.empty()) text += "\n" + diagnostic.hint;
  json.key("message").begin_object().member("text", text).end_object();
  json.key("locations").begin_array().begin_object().key("physicalLocation").begin_object();
  json.key("artifactLocation").begin_object().member("uri", uri_of(diagnostic.at.path)).end_object();
  if (diagnostic.at.line > 0) {
    json.key("region").begin_object().raw_member("startLine", std::to_string(diagnostic.at.line));
    if (diagnostic.at.column > 0) json.raw_member("startColumn", std::to_string(diagnostic.at.column));
    json.end_object();
  }
  json.end_object().end_object().end_array().end_object();
}

}  // namespace

std::string sarif(const std::vector<rules::Diagnostic>& diagnostics) {
  JsonText json;
  json.begin_object().member("$schema", "https://json.schemastore.org/sarif-2.1.0.json").member("version", "2.1.0");
  json.key("runs").begin_array().begin_object();
  json.key("tool").begin_object().key("driver").begin_object();
  json.member("name", "tripline").member("version", TRIPLINE_VERSION);
  write_codes(json, diagnostics);
  json.end_object().end_object();
  json.key("results").begin_array();
  for (const auto& diagnostic : diagnostics) write_result(json, diagnostic);
  return json.end_array().end_object().end_array().end_object().take();
}

}  // namespace tripline::app
