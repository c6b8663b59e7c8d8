#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/ast.h"
#include "rules/diagnostic.h"
#include "rules/yaml.h"

namespace tripline::rules {

/// Takes values of one document and reports those that are not what they should be. A null value counts as absent.
class NodeReader {
 public:
  /// Borrows the diagnostics.
  NodeReader(std::string path, Diagnostics& diagnostics) : path_(std::move(path)), diagnostics_(diagnostics) {}

  /// The rule's title, for what is reported from now on.
  void set_title(std::string title) { title_ = std::move(title); }
  const std::string& path() const { return path_; }

  Position at(const YamlNode& node) const { return {path_, node.line, node.column}; }
  Position at(const YamlNode::Entry& key) const { return {path_, key.line, key.column}; }
  void report(std::string_view code, Position where, std::string message, std::string hint = "");

  Scalar scalar(const YamlNode& node) const { return {node.scalar, node.text, at(node)}; }
  /// A scalar's text; nothing for null and, with an error that calls the value `name`, for lists and maps.
  std::optional<std::string> text(const YamlNode& node, std::string_view name);
  /// A list of scalars, or one scalar as a list of one.
  std::vector<Reference> texts(const YamlNode& node, std::string_view name);
  std::vector<std::string> strings(const YamlNode& node, std::string_view name);
  bool flag(const YamlNode& node, std::string_view name);
  bool expect_map(const YamlNode& node, std::string_view name);

  /// Reports each key of a map, called `name`, that is none of `known`.
  void refuse_unknown_keys(const YamlNode& map, std::span<const std::string_view> known, std::string_view name);

 private:
  std::string path_;
  Diagnostics& diagnostics_;
  std::string title_;
};

/// The known key that `key` is likely a slip of (`groupBy`, `group_by`, `tag`, `levle`), or empty.
std::string_view slip_of(std::string_view key, std::span<const std::string_view> known);

/// "a, b and c" (or another last word), for messages.
std::string enumerate(std::span<const std::string_view> words, std::string_view last_word = "and");

}  // namespace tripline::rules
