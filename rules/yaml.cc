#include "rules/yaml.h"

#include <algorithm>
#include <exception>
#include <sstream>
#include <unordered_map>
#include <utility>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "engine/utf8.h"
#include "rules/cpu_time.h"

namespace tripline::rules {
namespace {

/// Thrown through yaml-cpp to stop it, and caught in this file.
struct Refused {
  std::string_view code;
  int line;
  int column;
  std::string message;
  std::string hint;
};

constexpr std::string_view kAliasHint = "write the values out instead of repeating them with `*`";

/// Builds trees of yaml-cpp's events, within the limits.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::string path, const YamlLimits& limits, std::vector<YamlDocument>& documents)
      : path_(std::move(path)), limits_(limits), documents_(documents) {}

  /// Begins with another text, which begins on `first_line` of the file; forgets a document that was not finished.
  void begin(std::string_view text, int first_line) {
    text_ = text;
    first_line_ = first_line;
    forget_document();
  }

  /// The innermost list or map that is not closed; 0:0 when all are.
  Position innermost_open() const {
    if (open_.empty()) return {path_, 0, 0};
    return {path_, open_.back().node.line, open_.back().node.column};
  }

  void OnDocumentStart(const YAML::Mark&) override { forget_document(); }
  void OnDocumentEnd() override { documents_.push_back({std::move(root_), std::move(problems_)}); }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    YamlNode node = node_at(mark, YamlNode::Kind::kScalar);
    count(1, 0, mark);
    finish(std::move(node), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode node = node_at(mark, YamlNode::Kind::kScalar);
    const bool plain = tag == "?" || tag == "tag:yaml.org,2002:null" || tag == "tag:yaml.org,2002:bool" ||
                       tag == "tag:yaml.org,2002:int" || tag == "tag:yaml.org,2002:float";
    node.scalar = plain ? plain_kind(value) : Scalar::Kind::kString;
    node.text = value;
    if (tag == "!") move_to_text(mark, node);
    count(1, value.size(), mark);
    merge_key_ = tag == "?" && value == "<<";
    finish(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) refuse("yaml-bomb", mark, "an alias stands inside what it names", kAliasHint);
    const YamlSize size = size_of(found->second);
    count(size.nodes, size.bytes, mark);
    check_depth(open_.size() + height_of(found->second), mark);
    YamlNode copy = found->second;
    merge_key_ = false;
    finish(std::move(copy), 0);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(node_at(mark, YamlNode::Kind::kList), anchor, mark);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(node_at(mark, YamlNode::Kind::kMap), anchor, mark);
  }
  void OnMapEnd() override { close(); }

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

  [[noreturn]] void refuse(std::string_view code, const YAML::Mark& mark, std::string message,
                           std::string_view hint) const {
    throw Refused{code, first_line_ + mark.line, mark.column + 1, std::move(message), std::string(hint)};
  }

  YamlNode node_at(const YAML::Mark& mark, YamlNode::Kind kind) const {
    YamlNode node;
    node.kind = kind;
    node.line = first_line_ + mark.line;
    node.column = mark.column + 1;
    return node;
  }

  /// From the quote, or the sign of a block, to the first character of what it holds.
  void move_to_text(const YAML::Mark& mark, YamlNode& node) const {
    const auto at = static_cast<std::size_t>(mark.pos);
    if (at >= text_.size()) return;
    if (text_[at] == '"' || text_[at] == '\'') {
      check_closed(at, mark);
      ++node.column;
    }
    if (text_[at] != '|' && text_[at] != '>') return;
    const std::size_t line_end = text_.find('\n', at);
    const std::size_t first = text_.find_first_not_of(" \t\r\n", line_end);
    if (first == std::string_view::npos) return;
    const std::string_view between = text_.substr(at, first - at);
    node.line += static_cast<int>(std::count(between.begin(), between.end(), '\n'));
    node.column = static_cast<int>(first - text_.rfind('\n', first));
  }

  /// yaml-cpp takes the file's end for a closing quote when a line ends there.
  void check_closed(std::size_t quote, const YAML::Mark& mark) const {
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

  void forget_document() {
    open_.clear();
    anchors_.clear();
    root_ = {};
    problems_ = {};
  }

  void count(std::size_t nodes, std::size_t bytes, const YAML::Mark& mark) {
    nodes_ += nodes;
    bytes_ += bytes;
    if (nodes_ > limits_.max_nodes) {
      refuse("yaml-bomb", mark,
             "the file holds more than " + std::to_string(limits_.max_nodes) + " values, aliases written out",
             "split the file; " + std::string(kAliasHint));
    }
    if (bytes_ > limits_.max_bytes) {
      refuse("yaml-bomb", mark,
             "the file's values are longer than " + std::to_string(limits_.max_bytes) + " bytes, aliases written out",
             "split the file; " + std::string(kAliasHint));
    }
  }

  void check_depth(std::size_t depth, const YAML::Mark& mark) const {
    if (depth > static_cast<std::size_t>(limits_.max_depth)) {
      refuse("yaml-bomb", mark, "the file is nested deeper than " + std::to_string(limits_.max_depth) + " levels",
             "a Sigma rule needs no more than a handful of levels");
    }
  }

  static std::size_t height_of(const YamlNode& node) {
    std::size_t height = 0;
    for (const auto& item : node.items) height = std::max(height, height_of(item));
    for (const auto& entry : node.entries) height = std::max(height, height_of(entry.value));
    return height + 1;
  }

  void open(YamlNode node, YAML::anchor_t anchor, const YAML::Mark& mark) {
    merge_key_ = false;
    count(1, 0, mark);
    Open frame;
    frame.node = std::move(node);
    frame.anchor = anchor;
    open_.push_back(std::move(frame));
    check_depth(open_.size(), mark);
  }

  void close() {
    Open frame = std::move(open_.back());
    open_.pop_back();
    for (YamlNode& merged : frame.merged) merge(std::move(merged), frame);
    merge_key_ = false;
    finish(std::move(frame.node), frame.anchor);
  }

  /// `<<`: keys of the map, or of the list's maps, that the map does not have itself. The first to give a key wins.
  void merge(YamlNode from, Open& into) {
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

  void finish(YamlNode node, YAML::anchor_t anchor) {
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

  void take_key(YamlNode node, Open& map) {
    map.has_key = true;
    map.key_is_text = node.kind == YamlNode::Kind::kScalar && !node.is_null();
    map.key_merges = map.key_is_text && merge_key_;
    if (!map.key_is_text) {
      problems_.add("wrong-type", {path_, node.line, node.column}, "a key must be text",
                    "quote the key; quote a whole value that begins with `{`");
    }
    map.entry = {std::move(node.text), node.line, node.column, {}};
  }

  void take_value(YamlNode node, Open& map) {
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
    map.entry.value = std::move(node);
    map.node.entries.push_back(std::move(map.entry));
  }

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

/// What yaml-cpp says, in words for rule authors. Matched by the beginning of its message.
struct SyntaxError {
  std::string_view yaml_cpp;
  std::string_view message;
  std::string_view hint;
};
constexpr std::string_view kCheckIndentation = "check the indentation of this line and the one above";
constexpr std::string_view kQuoteStar = "quote a value that begins with `*`; unquoted, it is an alias";
const SyntaxError kSyntaxErrors[] = {
    {YAML::ErrorMsg::TAB_IN_INDENTATION, "a tab stands in the indentation", "indent with spaces"},
    {YAML::ErrorMsg::END_OF_MAP_FLOW, "a `{` is not closed", "close it, or quote the value that begins with `{`"},
    {YAML::ErrorMsg::END_OF_SEQ_FLOW, "a `[` is not closed", "close it, or quote the value that begins with `[`"},
    {YAML::ErrorMsg::END_OF_MAP, "this line belongs neither to the map above it nor after it", kCheckIndentation},
    {YAML::ErrorMsg::END_OF_SEQ, "this line belongs neither to the list above it nor after it", kCheckIndentation},
    {YAML::ErrorMsg::BLOCK_ENTRY, "a list item cannot stand here", kCheckIndentation},
    {YAML::ErrorMsg::MAP_KEY, "a key cannot stand here", kCheckIndentation},
    {YAML::ErrorMsg::MAP_VALUE, "a `:` cannot stand here", "quote the value when the colon is part of it"},
    {YAML::ErrorMsg::FLOW_END, "a bracket is closed that was not opened", "quote the value when it is part of it"},
    {YAML::ErrorMsg::UNKNOWN_TOKEN, "an unquoted value cannot begin with this character", "quote the value"},
    {YAML::ErrorMsg::DOC_IN_SCALAR, "a quoted value is not closed before the document ends", "close its quote"},
    {YAML::ErrorMsg::EOF_IN_SCALAR, "a quoted value is not closed before the file ends", "close its quote"},
    {YAML::ErrorMsg::INVALID_ESCAPE, "a double-quoted value has an escape that YAML does not know",
     "use single quotes: between them a backslash is a backslash"},
    {YAML::ErrorMsg::UNKNOWN_ANCHOR, "an alias names an anchor that is not there", kQuoteStar},
    {YAML::ErrorMsg::ALIAS_NOT_FOUND, "an alias has no name", kQuoteStar},
    {YAML::ErrorMsg::CHAR_IN_ALIAS, "an alias has a name that YAML does not allow", kQuoteStar},
    {YAML::ErrorMsg::CHAR_IN_ANCHOR, "an anchor has a name that YAML does not allow",
     "quote a value that begins with `&`"},
};

std::string_view line_at(std::string_view text, int line) {
  std::size_t begin = 0;
  for (; line > 0 && begin != std::string_view::npos; --line) {
    begin = text.find('\n', begin);
    if (begin != std::string_view::npos) ++begin;
  }
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find('\n', begin) - begin);
}

void report_syntax_error(const YAML::Exception& error, std::string_view text, Position at, Diagnostics& diagnostics) {
  const std::string_view line = line_at(text, error.mark.line);
  const std::string_view indentation = line.substr(0, line.find_first_not_of(" \t"));
  std::string_view message = error.msg;
  std::string_view hint;
  if (const std::size_t tab = indentation.find('\t'); tab != std::string_view::npos) {
    at.column = static_cast<int>(tab) + 1;
    message = kSyntaxErrors[0].message;
    hint = kSyntaxErrors[0].hint;
  } else {
    for (const auto& row : kSyntaxErrors) {
      if (message.starts_with(row.yaml_cpp)) {
        message = row.message;
        hint = row.hint;
        break;
      }
    }
  }
  diagnostics.add("yaml-syntax", std::move(at), std::string(message), std::string(hint));
}

/// Where the next document begins after an error on `line`; npos when none does. `---` at a line's start begins one
/// wherever it stands, in quotes and blocks too.
struct Restart {
  std::size_t offset;
  int line;
};
Restart next_document(std::string_view text, int line) {
  std::size_t begin = 0;
  for (int at = 0; begin < text.size(); ++at) {
    const std::string_view rest = text.substr(begin);
    const bool marker = rest.starts_with("---") && rest.find_first_of(" \t\r\n", 3) == 3;
    if (at >= line && marker) {
      return {begin, at};
    }
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) break;
    begin += end + 1;
  }
  return {std::string_view::npos, 0};
}

/// Reads documents until the end or the first error, which it reports. Returns where to read on.
Restart read_some(std::string_view text, int first_line, const std::string& path, TreeBuilder& builder,
                  Diagnostics& diagnostics) {
  constexpr Restart kEnd{std::string_view::npos, 0};
  builder.begin(text, first_line);
  std::istringstream stream{std::string(text)};
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    return kEnd;
  } catch (const YAML::Exception& error) {
    const int line = std::max(0, error.mark.line);
    Position at{path, first_line + line, std::max(0, error.mark.column) + 1};
    // Of a bracket that is never closed, yaml-cpp knows no place, or one far below.
    const bool unclosed = error.msg == YAML::ErrorMsg::END_OF_MAP_FLOW || error.msg == YAML::ErrorMsg::END_OF_SEQ_FLOW;
    if (const Position open = builder.innermost_open(); unclosed && open.line > 0) at = open;
    report_syntax_error(error, text, std::move(at), diagnostics);
    // The first line may be the `---` of the document that failed.
    return next_document(text, std::max(1, error.mark.column > 0 ? line + 1 : line));
  }
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  for (const auto& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

YamlNode* YamlNode::find(std::string_view key) { return const_cast<YamlNode*>(std::as_const(*this).find(key)); }

YamlSize size_of(const YamlNode& node) {
  YamlSize size{1, node.text.size()};
  const auto add = [&size](const YamlNode& child) {
    const YamlSize more = size_of(child);
    size.nodes += more.nodes;
    size.bytes += more.bytes;
  };
  for (const auto& item : node.items) add(item);
  for (const auto& entry : node.entries) {
    ++size.nodes;
    size.bytes += entry.key.size();
    add(entry.value);
  }
  return size;
}

Scalar::Kind plain_kind(std::string_view text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return Scalar::Kind::kNull;
  if (text == "true" || text == "True" || text == "TRUE" || text == "false" || text == "False" || text == "FALSE") {
    return Scalar::Kind::kBool;
  }
  std::size_t at = text[0] == '-' ? 1 : 0;
  const auto digits = [&] {
    const std::size_t begin = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at - begin;
  };
  const bool leading_zero = text.substr(at).starts_with('0');
  const std::size_t whole = digits();
  if (whole == 0 || (leading_zero && whole > 1)) return Scalar::Kind::kString;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return Scalar::Kind::kString;
  }
  return at == text.size() ? Scalar::Kind::kNumber : Scalar::Kind::kString;
}

YamlFile read_yaml(std::string_view text, const std::string& path, const YamlLimits& limits) {
  YamlFile file;
  if (text.size() > limits.max_bytes) {
    file.diagnostics.add("yaml-bomb", {path, 0, 0},
                         "the file is larger than " + std::to_string(limits.max_bytes) + " bytes", "split the file");
    return file;
  }
  if (!engine::is_utf8(text) || text.find('\0') != std::string_view::npos) {
    file.diagnostics.add("not-utf8", {path, 0, 0}, "the file is not UTF-8 text", "save it as UTF-8");
    return file;
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // yaml-cpp does not count it either
  const double start = cpu_seconds();
  try {
    TreeBuilder builder(path, limits, file.documents);
    constexpr std::size_t kMostErrors = 20;  // each costs a new start
    for (int first_line = 1; file.diagnostics.all().size() < kMostErrors;) {
      const Restart restart = read_some(text, first_line, path, builder, file.diagnostics);
      if (restart.offset == std::string_view::npos) break;
      text.remove_prefix(restart.offset);
      first_line += restart.line;
    }
  } catch (const Refused& refused) {
    file.documents.clear();
    file.diagnostics.add(refused.code, {path, refused.line, refused.column}, refused.message, refused.hint);
  } catch (const std::exception& error) {
    file.documents.clear();
    file.diagnostics.add("yaml-syntax", {path, 0, 0}, "the file cannot be read as YAML: " + std::string(error.what()));
  }
  file.parse_seconds = cpu_seconds() - start;
  return file;
}

}  // namespace tripline::rules
