#include "rules/expansion.h"

#include <string_view>
#include <utility>

namespace tripline::rules {
namespace {

using Part = engine::Pattern::Part;

/// One text for each way to choose one of each row, in order.
std::optional<std::vector<SigmaString>> combine(const std::vector<std::vector<SigmaString>>& choices,
                                                std::size_t most) {
  std::vector<SigmaString> texts(1);
  for (const auto& choice : choices) {
    if (texts.size() * choice.size() > most) return std::nullopt;
    std::vector<SigmaString> longer;
    longer.reserve(texts.size() * choice.size());
    for (const SigmaString& text : texts) {
      for (const SigmaString& tail : choice) {
        longer.push_back(text);
        for (const Part& part : tail) append(longer.back(), part);
      }
    }
    texts = std::move(longer);
  }
  return texts;
}

constexpr std::string_view kDashes[] = {"-", "/", "\u2013", "\u2014", "\u2015"};

/// The dash at `at`, or empty.
std::string_view dash_at(std::string_view text, std::size_t at) {
  for (const std::string_view dash : kDashes) {
    if (text.substr(at).starts_with(dash)) return dash;
  }
  return {};
}

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

/// Whether the character that begins at `at` can be in a word: letters of other alphabets can.
bool word_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return false;
  return is_word(text[at]) || (static_cast<unsigned char>(text[at]) >= 0x80 && dash_at(text, at).empty());
}

/// Where the character before `at` begins.
std::size_t before(std::string_view text, std::size_t at) {
  do --at;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
  return at;
}

}  // namespace

std::optional<std::vector<SigmaString>> dash_variants(const SigmaString& value, std::size_t most) {
  std::vector<SigmaString> dashes;
  for (const std::string_view dash : kDashes) dashes.push_back(literal(dash));

  std::vector<std::vector<SigmaString>> choices;
  for (const Part& part : value) {
    if (part.kind != Part::Kind::kText) {
      choices.push_back({{part}});
      continue;
    }
    const std::string_view text = part.text;
    std::size_t done = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const std::string_view dash = dash_at(text, i);
      if (dash.empty()) continue;
      const bool opens = word_at(text, i + dash.size()) && (i == 0 || !word_at(text, before(text, i)));
      if (opens) {
        choices.push_back({literal(text.substr(done, i - done))});
        choices.push_back(dashes);
        done = i + dash.size();
      }
      i += dash.size() - 1;
    }
    choices.push_back({literal(text.substr(done))});
  }
  return combine(choices, most);
}

std::vector<PlaceholderPart> split_placeholders(const SigmaString& value) {
  std::vector<PlaceholderPart> parts;
  SigmaString plain;
  for (const Part& part : value) {
    if (part.kind != Part::Kind::kText) {
      append(plain, part);
      continue;
    }
    const std::string& text = part.text;
    std::string run;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '%') {
        run += text[++i];
        continue;
      }
      std::size_t end = i + 1;
      while (text[i] == '%' && end < text.size() && is_word(text[end])) ++end;
      if (text[i] != '%' || end == i + 1 || end == text.size() || text[end] != '%') {
        run += text[i];
        continue;
      }
      append(plain, {Part::Kind::kText, run});
      run.clear();
      parts.push_back({false, std::exchange(plain, {})});
      parts.push_back({true, literal(std::string_view(text).substr(i + 1, end - i - 1))});
      i = end;
    }
    append(plain, {Part::Kind::kText, run});
  }
  parts.push_back({false, std::move(plain)});
  return parts;
}

std::optional<std::vector<SigmaString>> fill_placeholders(const std::vector<PlaceholderPart>& parts, const Lists& lists,
                                                          std::size_t most) {
  std::vector<std::vector<SigmaString>> choices;
  for (const PlaceholderPart& part : parts) {
    if (!part.placeholder) {
      choices.push_back({part.text});
      continue;
    }
    std::vector<SigmaString>& values = choices.emplace_back();
    for (const std::string& value : lists.at(plain_text(part.text))) values.push_back(parse_sigma_string(value));
  }
  return combine(choices, most);
}

}  // namespace tripline::rules
