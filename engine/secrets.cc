#include "engine/secrets.h"

#include <algorithm>
#include <iterator>

#include "engine/text.h"

namespace tripline::engine {
namespace {

/// Ends of key names, folded: `masterUserPassword`, `newPassword` and `X-Amz-Security-Token` are meant too.
constexpr std::string_view kSecretEndings[] = {
    "password",           "passphrase",   "secretaccesskey", "sessiontoken",  "security-token",
    "securitytoken",      "secretstring", "secretbinary",    "privatekey",    "private_key",
    "authorizationtoken", "accesstoken",  "refreshtoken",    "idtoken",       "identitytoken",
    "authtoken",          "signintoken",  "clientsecret",    "samlassertion",
};

/// Last steps, folded, of what names a setting and of what it is set to: ECS and Batch, CodeBuild, CloudFormation,
/// Elastic Beanstalk, SSM, SQS.
constexpr std::string_view kSettingNames[] = {"name", "key", "parametername", "parameterkey", "optionname"};
constexpr std::string_view kSettings[] = {"value", "parametervalue", "stringvalue", "defaultvalue"};

std::string_view last_step(std::string_view path) { return path.substr(path.rfind('.') + 1); }

template <class Table>
bool is_one_of(std::string_view word, const Table& table) {
  return std::any_of(std::begin(table), std::end(table),
                     [&](std::string_view folded) { return equals_folded(word, folded); });
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char folded = fold(c);
  return folded >= 'a' && folded <= 'f' ? folded - 'a' + 10 : -1;
}

/// Whether letters are written as `\u0061` or `%61`, which nobody does who does not want to hide them.
bool hides_letters(std::string_view text) {
  for (const std::string_view mark : {"\\u00", "%"}) {
    for (std::size_t at = 0; (at = text.find(mark, at)) != std::string_view::npos; at += mark.size()) {
      const std::string_view digits = text.substr(at + mark.size(), 2);
      if (digits.size() < 2) break;
      const int high = hex_digit(digits[0]);
      const int low = hex_digit(digits[1]);
      if (high < 0 || low < 0) continue;
      const char letter = fold(static_cast<char>(high * 16 + low));
      if (letter >= 'a' && letter <= 'z') return true;
    }
  }
  return false;
}

}  // namespace

bool is_secret(std::string_view path) {
  return std::any_of(std::begin(kSecretEndings), std::end(kSecretEndings),
                     [&](std::string_view ending) { return ends_with_folded(path, ending); });
}

bool holds_secret(std::string_view json) {
  // A key ends in a quote: a bare one, one that is escaped as JSON in a string has it, or a percent-encoded one. In the
  // query of a URL it ends in an equals sign.
  const auto ends_key = [](std::string_view rest) {
    return rest.starts_with('"') || rest.starts_with('\\') || rest.starts_with("%22") || rest.starts_with('=') ||
           rest.starts_with("%3D") || rest.starts_with("%3d");
  };
  const auto has_key = [&](std::string_view ending) {
    for (std::size_t at = 0; (at = find_folded(json, ending, at)) != std::string_view::npos; at += ending.size()) {
      if (ends_key(json.substr(at + ending.size()))) return true;
    }
    return false;
  };
  return std::any_of(std::begin(kSecretEndings), std::end(kSecretEndings), has_key) || hides_letters(json);
}

bool may_hold_secret(std::string_view text) {
  return text.find_first_of("{%=") != std::string_view::npos && holds_secret(text);
}

bool names_setting(std::string_view key) { return is_one_of(key, kSettingNames); }

bool is_setting(std::string_view path) { return is_one_of(last_step(path), kSettings); }

std::span<const std::string_view> secret_endings() { return kSecretEndings; }

}  // namespace tripline::engine
