#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tripline::alerts {

/// How a setting is written; the same forms as elsewhere in the configuration.
enum class SettingType {
  kText,
  kTexts,     // a list
  kTextMap,   // texts by names of the user's
  kPath,      // of a file
  kUrl,       // http or https, with a host and without a user
  kFlag,      // true or false
  kNumber,    // a whole number
  kDuration,  // a whole number and a unit: ms, s, m, h, d
  kBytes,     // a whole number and a unit: B, KiB, MiB, GiB, kB, MB, GB
  kWord,      // one of `words`
};

/// One setting of a sink. Configuration, its check and docs/sinks.md read these rows and nothing else.
struct Setting {
  std::string_view key;
  SettingType type = SettingType::kText;
  std::string_view fallback = "";  // as a file would say it; empty: absent where nobody gives it
  std::string_view meaning = "";   // sentences, for people
  std::string_view words = "";     // of kWord, with blanks between
  bool required = false;
  bool secret = false;  // never shown, nor let through in what receivers answer
};

/// What a configuration gives: a list is its key several times, an entry of a map is `headers.NAME`.
using Given = std::vector<std::pair<std::string, std::string>>;

struct SettingFault {
  std::string key;
  std::string message;  // what was expected; never the value of a secret
};

/// `text` with each of the secrets in it made `(secret)`.
std::string redacted(std::string text, std::span<const std::string> secrets);

/// A sink's settings, checked, with their defaults. A value. It holds secrets: it is never printed.
class Settings {
 public:
  /// All mistakes go to `faults`; the result is of use when there are none.
  static Settings read(std::span<const Setting* const> table, const Given& given, std::vector<SettingFault>& faults);

  bool has(std::string_view key) const { return values_.find(key) != values_.end(); }
  /// Empty: it is absent.
  const std::string& text(std::string_view key) const;
  const std::vector<std::string>& texts(std::string_view key) const;
  std::vector<std::pair<std::string, std::string>> entries(std::string_view key) const;
  bool flag(std::string_view key) const { return text(key) == "true"; }
  std::uint64_t number(std::string_view key) const;  // kNumber, and kBytes in bytes
  std::chrono::milliseconds duration(std::string_view key) const;

  /// `text` without the secrets among the settings.
  std::string redacted(std::string text) const { return alerts::redacted(std::move(text), secrets_); }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  std::vector<std::string> secrets_;  // the longest first
};

}  // namespace tripline::alerts
