#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/config/key.h"
#include "rules/diagnostic.h"

namespace tripline::app {

/// Where a value came from.
struct ConfigOrigin {
  bool given = false;                    // by the file; else it is the default
  rules::Position at{};                  // of what was given
  std::vector<std::string> variables{};  // of the environment, that were put into it
  std::string file{};                    // of a secret, that it was read from
};

/// The configuration as a tree of keys and values, defaults included. A section holds every key that its rows have, in
/// their order, whether somebody gave it or not.
struct ConfigNode {
  const ConfigKey* key = nullptr;  // null: the top, or one map of a list of them
  ConfigOrigin origin{};
  bool present = false;  // it has a value, given or by default; of a section: it was given

  std::vector<std::string> texts{};                          // the value as it is written, one but for lists
  std::vector<std::pair<std::string, std::string>> pairs{};  // of kTextMap
  std::uint64_t number = 0;  // of kFlag 0 or 1, of kDuration milliseconds, of kBytes bytes, of kAddress the port
  std::vector<ConfigNode> children{};  // of a section its keys; of kSections its maps

  /// A key below a section, with dots: `tls.cert`. Requires that it is in the table.
  const ConfigNode& at(std::string_view path) const;
  ConfigNode& at(std::string_view path);

  /// Empty when absent.
  std::string text() const { return texts.empty() ? std::string() : texts.front(); }
  bool flag() const { return number != 0; }
  std::chrono::milliseconds duration() const { return std::chrono::milliseconds{static_cast<std::int64_t>(number)}; }
};

}  // namespace tripline::app
