#include "rules/yaml_tree_builder.h"

#include <algorithm>
#include <utility>

#include <yaml-cpp/exceptions.h>

#include "rules/text_lines.h"

namespace tripline::rules {
namespace {

constexpr std::string_view kAliasHint = "write the values out instead of repeating them with `*`";

std::size_t height_of(const YamlNode& node) {
  std::size_t height = 0;
  for (const auto& item : node.items) height = std::max(height, height_of(item));
  for (const auto& entry : node.entries) height = std::max(height, height_of(entry.value));
  return height + 1;
}

}  // namespace

YamlTreeBuilder::YamlTreeBuilder(std::string path, const YamlLimits& limits, std::vector<YamlDocument>& documents)
    : path_(std::move(path)), limits_(limits), documents_(documents) {}

void YamlTreeBuilder::begin(std::string_view text, int first_line) {
  text_ = text;
  first_line_ = first_line;
  forget_document();
}

Position YamlTreeBuilder::innermost_open() const {
  if (open_.empty()) return {path_, 0, 0};
  return {path_, open_.back().node.line, open_.back().node.column};
}

void YamlTreeBuilder::OnDocumentStart(const YAML::Mark&) { forget_document(); }
void YamlTreeBuilder::OnDocumentEnd() { documents_.push_back({std::move(root_), std::move(problems_)}); }

void YamlTreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  YamlNode node = node_at(mark, YamlNode::Kind::kScalar);
  if (anchor != 0) {
    problems_.add("yaml-mark", {path_, node.line, node.column},
                  "an unquoted `&` gives a value a name, and here is none", "quote a value that begins with `&`");
  }
  count(1, 0, mark);
  finish(std::move(node), anchor);
}

void YamlTreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                               const std::string& value) {
  YamlNode node = node_at(mark, YamlNode::Kind::kScalar);
  const bool plain = tag == "?" || tag == "tag:yaml.org,2002:null" || tag == "tag:yaml.org,2002:bool" ||
                     tag == "tag:yaml.org,2002:int" || tag == "tag:yaml.org,2002:float";
  node.scalar = plain ? plain_kind(value) : Scalar::Kind::kString;
  node.text = value;
  std::size_t text_at = static_cast<std::size_t>(mark.pos);
  if (tag == "!") text_at = move_to_text(mark, node);
  if (tag == "!" || tag == "?") node.lines = text_lines(text_, text_at, node.line, value);
  check_tag(mark, tag);
  count(1, value.size(), mark);
  merge_key_ = tag == "?" && value == "<<";
  finish(std::move(node), anchor);
}

void YamlTreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) refuse(mark, "an alias stands inside what it names", std::string(kAliasHint));
  const YamlSize size = size_of(found->second);
  count(size.nodes, size.bytes, mark);
  check_depth(open_.size() + height_of(found->second), mark);
  YamlNode copy = found->second;
  merge_key_ = false;
  finish(std::move(copy), 0);
}

void YamlTreeBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                                      YAML::EmitterStyle::value) {
  check_tag(mark, tag);
  open(node_at(mark, YamlNode::Kind::kList), anchor, mark);
}
void YamlTreeBuilder::OnSequenceEnd() { close(); }
void YamlTreeBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                                 YAML::EmitterStyle::value) {
  check_tag(mark, tag);
  open(node_at(mark, YamlNode::Kind::kMap), anchor, mark);
}
void YamlTreeBuilder::OnMapEnd() { close(); }

void YamlTreeBuilder::refuse(const YAML::Mark& mark, std::string message, std::string hint) const {
  throw YamlRefused{first_line_ + mark.line, mark.column + 1, std::move(message), std::move(hint)};
}

YamlNode YamlTreeBuilder::node_at(const YAML::Mark& mark, YamlNode::Kind kind) const {
  YamlNode node;
  node.kind = kind;
  node.line = first_line_ + mark.line;
  node.column = mark.column + 1;
  return node;
}

/// A tag of the author's own (`!x`) is most likely meant as text.
void YamlTreeBuilder::check_tag(const YAML::Mark& mark, const std::string& tag) {
  if (tag.size() < 2 || tag[0] != '!') return;
  problems_.add("yaml-mark", {path_, first_line_ + mark.line, mark.column + 1},
                "`" + tag + "` is a tag of YAML, and no part of the value", "quote a value that begins with `!`");
}

/// From the quote, or the sign of a block, to the first character of what it holds; its offset.
std::size_t YamlTreeBuilder::move_to_text(const YAML::Mark& mark, YamlNode& node) const {
  const auto at = static_cast<std::size_t>(mark.pos);
  if (at >= text_.size()) return at;
  if (text_[at] == '"' || text_[at] == '\'') {
    check_closed(at, mark);
    ++node.column;
    return at + 1;
  }
  if (text_[at] != '|' && text_[at] != '>') return at;
  const std::size_t line_end = text_.find('\n', at);
  const std::size_t first = text_.find_first_not_of(" \t\r\n", line_end);
  if (first == std::string_view::npos) return at;
  const std::string_view between = text_.substr(at, first - at);
  node.line += static_cast<int>(std::count(between.begin(), between.end(), '\n'));
  node.column = static_cast<int>(first - text_.rfind('\n', first));
  return first;
}

/// yaml-cpp takes the file's end for a closing quote when a line ends there.
void YamlTreeBuilder::check_closed(std::size_t quote, const YAML::Mark& mark) const {
  for (std::size_t at = quote + 1; at < text_.size(); ++at) {
    if (text_[at] == '\\' && text_[quote] == '"') {
      ++at;
    } else if (text_[at] == text_[quote]) {
      const bool doubled = text_[quote] == '\'' && text_.substr(at + 1).starts_with('\'');
      if (!doubled) return;
      ++at;
    }
  }
  throw YAML::ParserException(mark, YAML::ErrorMsg::EOF_IN_SCALAR);
}

void YamlTreeBuilder::forget_document() {
  open_.clear();
  anchors_.clear();
  root_ = {};
  problems_ = {};
}

void YamlTreeBuilder::count(std::size_t nodes, std::size_t bytes, const YAML::Mark& mark) {
  nodes_ += nodes;
  bytes_ += bytes;
  if (nodes_ > limits_.max_nodes) {
    refuse(mark, "the file holds more than " + std::to_string(limits_.max_nodes) + " values, aliases written out",
           "split the file; " + std::string(kAliasHint));
  }
  if (bytes_ > limits_.max_bytes) {
    refuse(mark,
           "the file's values are longer than " + std::to_string(limits_.max_bytes) + " bytes, aliases written out",
           "split the file; " + std::string(kAliasHint));
  }
}

void YamlTreeBuilder::check_depth(std::size_t depth, const YAML::Mark& mark) const {
  if (depth > static_cast<std::size_t>(limits_.max_depth)) {
    refuse(mark, "the file is nested deeper than " + std::to_string(limits_.max_depth) + " levels",
           "a Sigma rule needs no more than a handful of levels");
  }
}

void YamlTreeBuilder::open(YamlNode node, YAML::anchor_t anchor, const YAML::Mark& mark) {
  merge_key_ = false;
  count(1, 0, mark);
  Open frame;
  frame.node = std::move(node);
  frame.anchor = anchor;
  open_.push_back(std::move(frame));
  check_depth(open_.size(), mark);
}

void YamlTreeBuilder::close() {
  Open frame = std::move(open_.back());
  open_.pop_back();
  for (YamlNode& merged : frame.merged) merge(std::move(merged), frame);
  merge_key_ = false;
  finish(std::move(frame.node), frame.anchor);
}

/// `<<`: keys of the map, or of the list's maps, that the map does not have itself. The first to give a key wins.
void YamlTreeBuilder::merge(YamlNode from, Open& into) {
  if (from.kind == YamlNode::Kind::kList) {
    for (YamlNode& item : from.items) {
      if (item.kind == YamlNode::Kind::kMap) merge(std::move(item), into);
    }
    return;
  }
  for (auto& entry : from.entries) {
    if (into.places.emplace(entry.key, into.node.entries.size()).second) {
      into.node.entries.push_back(std::move(entry));
    }
  }
}

void YamlTreeBuilder::finish(YamlNode node, YAML::anchor_t anchor) {
  if (anchor != 0) {
    // The kept copy counts too, or many anchors around one large value would hold it many times.
    const YamlSize size = size_of(node);
    nodes_ += size.nodes;
    bytes_ += size.bytes;
    anchors_[anchor] = node;
  }
  if (open_.empty()) {
    root_ = std::move(node);
  } else if (Open& parent = open_.back(); parent.node.kind == YamlNode::Kind::kList) {
    parent.node.items.push_back(std::move(node));
  } else if (!parent.has_key) {
    take_key(std::move(node), parent);
  } else {
    take_value(std::move(node), parent);
  }
}

void YamlTreeBuilder::take_key(YamlNode node, Open& map) {
  map.has_key = true;
  map.key_is_text = node.kind == YamlNode::Kind::kScalar && !node.is_null();
  map.key_merges = map.key_is_text && merge_key_;
  if (!map.key_is_text) {
    problems_.add("wrong-type", {path_, node.line, node.column}, "a key must be text",
                  "quote the key; quote a whole value that begins with `{`");
  }
  map.entry = {std::move(node.text), node.line, node.column, {}};
}

void YamlTreeBuilder::take_value(YamlNode node, Open& map) {
  map.has_key = false;
  if (!map.key_is_text) return;
  const bool maps_only = node.kind != YamlNode::Kind::kScalar;
  if (map.key_merges && maps_only) {
    map.merged.push_back(std::move(node));
    return;
  }
  const auto [place, is_new] = map.places.emplace(map.entry.key, map.node.entries.size());
  if (!is_new) {
    const auto& first = map.node.entries[place->second];
    problems_.add("duplicate-key", {path_, map.entry.line, map.entry.column},
                  "`" + map.entry.key + "` stands twice in one map, first at line " + std::to_string(first.line) +
                      ", column " + std::to_string(first.column),
                  "only one of the two would count: give one key a list of values, or make two searches");
    return;
  }
  if (node.is_null() && node.text.empty()) {  // yaml-cpp places a value that is not there on a later line
    node.line = map.entry.line;
    node.column = map.entry.column;
  }
  map.entry.value = std::move(node);
  map.node.entries.push_back(std::move(map.entry));
}

}  // namespace tripline::rules
