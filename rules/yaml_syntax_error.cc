#include "rules/yaml_syntax_error.h"

#include <string>
#include <utility>

namespace tripline::rules {
namespace {

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
    {YAML::ErrorMsg::CHAR_IN_BLOCK, "an unquoted `|` or `>` begins a block of text, which stands on the lines below",
     "quote a key or value that begins with `|` or `>`, as in `'|all':`"},
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

/// The last line in front of `line`, a part of `text`, that is not blank.
std::string_view line_above(std::string_view text, std::string_view line) {
  text = text.substr(0, static_cast<std::size_t>(line.data() - text.data()));
  while (!text.empty()) {
    text.remove_suffix(1);  // the line feed
    const std::size_t begin = text.rfind('\n') + 1;
    const std::string_view above = text.substr(begin);
    if (above.find_first_not_of(" \t\r") != std::string_view::npos) return above;
    text = text.substr(0, begin);
  }
  return {};
}

/// Why a key may not stand on `line`, when the one above it is at fault.
std::string_view hint_of_key(std::string_view text, std::string_view line) {
  std::string_view above = line_above(text, line);
  above = above.substr(0, above.find_last_not_of(" \t\r") + 1);
  const bool has_colon = above.ends_with(':') || above.find(": ") != std::string_view::npos;
  if (!has_colon) return "the line above may lack its `:`";
  // A key in a list begins behind the dash.
  const bool is_deeper = line.find_first_not_of(' ') > above.find_first_not_of("- ");
  return is_deeper ? "this line is indented deeper than the one above, which has its value: begin both in one column"
                   : kCheckIndentation;
}

}  // namespace

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
    const bool first_colon = line.find(':') == static_cast<std::size_t>(error.mark.column);
    if (error.msg == YAML::ErrorMsg::MAP_VALUE && first_colon) hint = hint_of_key(text, line);
  }
  diagnostics.add("yaml-syntax", std::move(at), std::string(message), std::string(hint));
}

}  // namespace tripline::rules
