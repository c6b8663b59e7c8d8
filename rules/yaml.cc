#include "rules/yaml.h"

#include <algorithm>
#include <exception>
#include <sstream>
#include <utility>

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "engine/utf8.h"
#include "rules/cpu_time.h"
#include "rules/yaml_syntax_error.h"
#include "rules/yaml_tree_builder.h"

namespace tripline::rules {
namespace {

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

Position position_of(std::size_t offset, std::string_view text, const std::string& path) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line = before.rfind('\n') + 1;  // 0 in the first
  return {path, 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n')),
          1 + static_cast<int>(offset - line)};
}

/// Reads documents until the end or the first error, which it reports. Returns where to read on.
Restart read_some(std::string_view text, int first_line, const std::string& path, YamlTreeBuilder& builder,
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

std::string_view YamlNode::text_at(std::string_view key) const {
  const YamlNode* value = find(key);
  return value && value->kind == Kind::kScalar && !value->is_null() ? std::string_view(value->text)
                                                                    : std::string_view{};
}

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
  if (const std::size_t good = std::min(engine::utf8_prefix(text), text.find('\0')); good < text.size()) {
    file.diagnostics.add("not-utf8", position_of(good, text, path), "the file is not UTF-8 text", "save it as UTF-8");
    return file;
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // yaml-cpp does not count it either
  const double start = cpu_seconds();
  try {
    YamlTreeBuilder builder(path, limits, file.documents);
    constexpr std::size_t kMostErrors = 20;  // each costs a new start
    for (int first_line = 1; file.diagnostics.all().size() < kMostErrors;) {
      const Restart restart = read_some(text, first_line, path, builder, file.diagnostics);
      if (restart.offset == std::string_view::npos) break;
      text.remove_prefix(restart.offset);
      first_line += restart.line;
    }
  } catch (const YamlRefused& refused) {
    file.documents.clear();
    file.diagnostics.add("yaml-bomb", {path, refused.line, refused.column}, refused.message, refused.hint);
  } catch (const std::exception& error) {
    file.documents.clear();
    file.diagnostics.add("yaml-syntax", {path, 0, 0}, "the file cannot be read as YAML: " + std::string(error.what()));
  }
  file.parse_seconds = cpu_seconds() - start;
  return file;
}

}  // namespace tripline::rules
