#include "rules/query_word.h"

#include <charconv>
#include <system_error>

#include "engine/ip.h"

namespace tripline::rules {
namespace {

/// What a backslash makes literal; before anything else it stands for itself, as in Sigma (`C:\Windows`).
constexpr std::string_view kEscapable = "\\*?\"():-![{<> \t";

bool is_escape(std::string_view text, std::size_t at) {
  return text[at] == '\\' && at + 1 < text.size() && kEscapable.find(text[at + 1]) != std::string_view::npos;
}

}  // namespace

std::size_t find_plain(std::string_view text, std::string_view wanted, std::size_t from) {
  for (std::size_t i = from; i < text.size(); ++i) {
    if (is_escape(text, i)) {
      ++i;
    } else if (wanted.find(text[i]) != std::string_view::npos) {
      return i;
    }
  }
  return std::string_view::npos;
}

std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_escape(text, i)) ++i;
    out += text[i];
  }
  return out;
}

std::vector<engine::Pattern::Part> parts_of(std::string_view word) {
  using Kind = engine::Pattern::Part::Kind;
  std::vector<engine::Pattern::Part> parts;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] == '*' || word[i] == '?') {
      const auto kind = word[i] == '*' ? Kind::kMany : Kind::kOne;
      if (kind == Kind::kMany && !parts.empty() && parts.back().kind == kind) continue;
      parts.push_back({kind, ""});
      continue;
    }
    if (is_escape(word, i)) ++i;
    if (parts.empty() || parts.back().kind != Kind::kText) parts.push_back({Kind::kText, ""});
    parts.back().text += word[i];
  }
  return parts;
}

std::optional<double> number_of(std::string_view text) {
  const auto digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || digits[0] < '0' || digits[0] > '9') return {};
  if (digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9') return {};
  if (digits.ends_with('.')) return {};
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return number;
}

bool is_free_text(std::string_view word, std::size_t colon) {
  const char first = word[0];
  const bool may_begin_name = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first == '_' ||
                              first == '@' || first == '$' || first == '*' || first == '?' || first == '\\' ||
                              static_cast<unsigned char>(first) >= 0x80;
  if (colon != 0 && !may_begin_name) return true;
  return word.starts_with("arn:aws") || word.substr(colon).starts_with("://") ||
         engine::parse_address(word).has_value();
}

}  // namespace tripline::rules
