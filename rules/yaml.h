#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rules/ast.h"
#include "rules/diagnostic.h"

namespace tripline::rules {

/// Caps on a rule file. A file beyond one is refused as a whole, with the cap's name.
struct YamlLimits {
  std::size_t max_bytes = std::size_t{4} << 20;  // of the file, and of its values with aliases written out
  int max_depth = 32;
  std::size_t max_nodes = 200'000;  // aliases counted as often as they are used
};

/// One value of a YAML document; aliases and merge keys (`<<`) are written out. Line and column of its first
/// character (inside its quotes, or below a block's sign) count from 1.
struct YamlNode {
  enum class Kind { kScalar, kList, kMap };
  struct Entry;

  Kind kind = Kind::kScalar;
  int line = 0;
  int column = 0;
  Scalar::Kind scalar = Scalar::Kind::kNull;
  std::string text;             // of a scalar
  std::vector<TextLine> lines;  // of the text
  std::vector<YamlNode> items;  // of a list
  std::vector<Entry> entries;   // of a map, each key once, in the order of the file

  bool is_null() const { return kind == Kind::kScalar && scalar == Scalar::Kind::kNull; }
  /// The value of a map's key; null when there is no such key or this is no map.
  const YamlNode* find(std::string_view key) const;
  YamlNode* find(std::string_view key);
  /// The text of a map's key; empty when there is no such key or its value is null, a list or a map.
  std::string_view text_at(std::string_view key) const;
};

struct YamlNode::Entry {
  std::string key;
  int line = 0;
  int column = 0;
  YamlNode value;
};

struct YamlDocument {
  YamlNode root;
  Diagnostics problems;  // duplicate keys and keys that are no text; they matter only if the document is a rule
};

struct YamlFile {
  std::vector<YamlDocument> documents;  // without those that are no YAML
  Diagnostics diagnostics;
  double parse_seconds = 0;  // of processor time inside yaml-cpp, which hands events to us as it reads
};

/// Reads YAML 1.2 with the scalar kinds of `Scalar`. After a syntax error reading goes on at the next `---`.
/// A file beyond a limit yields no document. Never throws.
YamlFile read_yaml(std::string_view text, const std::string& path, const YamlLimits& limits);

/// How plain (unquoted) text is read; see Scalar.
Scalar::Kind plain_kind(std::string_view text);

/// Nodes and bytes of text, for those who write trees out several times.
struct YamlSize {
  std::size_t nodes = 0;
  std::size_t bytes = 0;
};
YamlSize size_of(const YamlNode& node);

}  // namespace tripline::rules
