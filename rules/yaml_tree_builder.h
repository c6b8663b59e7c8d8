#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include "rules/yaml.h"

namespace tripline::rules {

/// A file is beyond a limit. Thrown through yaml-cpp to stop it; read_yaml() catches it.
struct YamlRefused {
  int line;
  int column;
  std::string message;
  std::string hint;
};

/// Builds trees of yaml-cpp's events. Throws YamlRefused at a limit, and YAML::ParserException for what yaml-cpp lets
/// pass though it is no YAML.
class YamlTreeBuilder : public YAML::EventHandler {
 public:
  /// Borrows the limits, and the list of documents, to which it adds.
  YamlTreeBuilder(std::string path, const YamlLimits& limits, std::vector<YamlDocument>& documents);

  /// Begins with another text, which begins on `first_line` of the file; forgets a document that was not finished.
  void begin(std::string_view text, int first_line);

  /// The innermost list or map that is not closed; 0:0 when all are.
  Position innermost_open() const;

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override;
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override;
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override;

 private:
  /// A list or map whose end has not come yet.
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor = 0;
    // Of a map:
    bool has_key = false;
    bool key_is_text = false;
    bool key_merges = false;
    YamlNode::Entry entry;                                // its key, when has_key
    std::unordered_map<std::string, std::size_t> places;  // of each key in node.entries
    std::vector<YamlNode> merged;                         // values of `<<`
  };

  [[noreturn]] void refuse(const YAML::Mark& mark, std::string message, std::string hint) const;
  YamlNode node_at(const YAML::Mark& mark, YamlNode::Kind kind) const;
  void check_tag(const YAML::Mark& mark, const std::string& tag);
  std::size_t move_to_text(const YAML::Mark& mark, YamlNode& node) const;
  void check_closed(std::size_t quote, const YAML::Mark& mark) const;
  void forget_document();
  void count(std::size_t nodes, std::size_t bytes, const YAML::Mark& mark);
  void check_depth(std::size_t depth, const YAML::Mark& mark) const;
  void open(YamlNode node, YAML::anchor_t anchor, const YAML::Mark& mark);
  void close();
  static void merge(YamlNode from, Open& into);
  void finish(YamlNode node, YAML::anchor_t anchor);
  void take_key(YamlNode node, Open& map);
  void take_value(YamlNode node, Open& map);

  const std::string path_;
  const YamlLimits& limits_;
  std::vector<YamlDocument>& documents_;
  std::string_view text_;
  int first_line_ = 1;
  std::size_t nodes_ = 0;  // of the whole file
  std::size_t bytes_ = 0;
  bool merge_key_ = false;  // the scalar that is about to be finished is a plain `<<`
  std::vector<Open> open_;
  std::unordered_map<YAML::anchor_t, YamlNode> anchors_;
  YamlNode root_;
  Diagnostics problems_;
};

}  // namespace tripline::rules
