#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tripline::app {

/// What stands behind a key, and how it is written.
enum class ConfigType {
  kSection,   // a map of keys that have rows of their own
  kSections,  // a list of such maps
  kText,      //
  kTexts,     // one text, or a list of them
  kPath,      // of a file or folder; a relative one begins at the configuration's own folder
  kPaths,     // one path, or a list of them
  kTextMap,   // a map of texts to texts, whose keys are the user's
  kFlag,      // true or false
  kNumber,    // a whole number
  kDuration,  // a whole number and a unit: ms, s, m, h, d, w
  kBytes,     // a whole number and a unit: B, KiB, MiB, GiB, TiB, or kB, MB, GB, TB
  kAddress,   // host:port, an IP address or `localhost`
  kWord,      // one of the row's words
};

/// One key of the configuration. The reader, `config print`, docs/configuration.md and did-you-mean read these rows
/// and nothing else.
struct ConfigKey {
  /// Dots between sections; `[]` behind one that is a list: `listen[].tls.cert`.
  std::string_view path;
  ConfigType type = ConfigType::kText;
  /// As a file would say it, lists joined by `, `. Empty: none, and the value is absent where nobody gives it. Of
  /// kSections `[{}]`: one of them with the defaults of its keys.
  std::string_view fallback = "";
  std::string_view meaning = "";  // sentences, for people
  std::string_view words = "";    // of kWord, with blanks between
  /// Of kNumber; of kDuration in milliseconds, of kBytes in bytes; of texts the bytes that each has.
  std::uint64_t least = 0;
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  bool required = false;  // in its section, where that stands
  bool optional = false;  // of a section: where it is not given, its keys have no defaults
  bool secret = false;    // may be `file:PATH`; never shown

  /// The part behind the last dot.
  std::string_view name() const { return path.substr(path.rfind('.') + 1); }
};

/// Every key, in the order of the documentation: sections before what they hold.
std::span<const ConfigKey> config_keys();

// Parts of the table, each in the file of its name; another section is another of them, or rows in one.
std::span<const ConfigKey> server_keys();
std::span<const ConfigKey> source_keys();
std::span<const ConfigKey> rule_keys();
std::span<const ConfigKey> alert_keys();

/// Those that stand directly in the section of that path (`listen[].tls`; empty: at the top), in order.
std::vector<const ConfigKey*> keys_in(std::string_view section);

/// What the type is called in the documentation and in messages: `a duration`.
std::string_view name_of(ConfigType type);

}  // namespace tripline::app
