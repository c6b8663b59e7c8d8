#include "engine/pattern.h"

#include <algorithm>
#include <span>

#include "engine/text.h"

namespace tripline::engine {
namespace {

using Part = Pattern::Part;
using Parts = std::span<const Part>;

constexpr std::size_t kNowhere = std::string_view::npos;

/// Merges neighbouring texts, and in a run of wildcards puts each `?` before one `*`, so that after `*` comes a text
/// or the end.
std::vector<Part> plainest(std::vector<Part> parts) {
  std::vector<Part> out;
  bool many = false;
  const auto end_wildcards = [&] {
    if (many) out.push_back({Part::Kind::kMany, ""});
    many = false;
  };
  for (auto& part : parts) {
    if (part.kind == Part::Kind::kMany) {
      many = true;
    } else if (part.kind == Part::Kind::kOne) {
      out.push_back({Part::Kind::kOne, ""});
    } else if (!part.text.empty()) {
      end_wildcards();
      if (!out.empty() && out.back().kind == Part::Kind::kText) {
        out.back().text += part.text;
      } else {
        out.push_back(std::move(part));
      }
    }
  }
  end_wildcards();
  return out;
}

Pattern::Kind kind_of(Parts parts) {
  using Kind = Pattern::Kind;
  const auto is_text = [&](std::size_t i) { return parts[i].kind == Part::Kind::kText; };
  const auto is_many = [&](std::size_t i) { return parts[i].kind == Part::Kind::kMany; };
  switch (parts.size()) {
    case 0:
      return Kind::kExact;
    case 1:
      return is_text(0) ? Kind::kExact : is_many(0) ? Kind::kAny : Kind::kGlob;
    case 2:
      if (is_text(0) && is_many(1)) return Kind::kPrefix;
      if (is_many(0) && is_text(1)) return Kind::kSuffix;
      return Kind::kGlob;
    case 3:
      return is_many(0) && is_text(1) && is_many(2) ? Kind::kContains : Kind::kGlob;
    default:
      return Kind::kGlob;
  }
}

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

std::size_t find(std::string_view text, std::string_view literal, std::size_t from, bool cased) {
  return cased ? text.find(literal, from) : find_folded(text, literal, from);
}
bool starts_with(std::string_view text, std::string_view literal, bool cased) {
  return cased ? text.starts_with(literal) : starts_with_folded(text, literal);
}
bool ends_with(std::string_view text, std::string_view literal, bool cased) {
  return cased ? text.ends_with(literal) : ends_with_folded(text, literal);
}

/// Matches texts and `?` at `at`; where they end, or kNowhere.
std::size_t match_forward(Parts parts, std::string_view text, std::size_t at, bool cased) {
  for (const auto& part : parts) {
    if (part.kind == Part::Kind::kText) {
      if (!starts_with(text.substr(at), part.text, cased)) return kNowhere;
      at += part.text.size();
    } else {
      if (at == text.size()) return kNowhere;
      do ++at;
      while (at < text.size() && continues_character(text[at]));
    }
  }
  return at;
}

/// Matches texts and `?` up to the end of `text`; where they begin, or kNowhere.
std::size_t match_backward(Parts parts, std::string_view text, bool cased) {
  std::size_t end = text.size();
  for (std::size_t i = parts.size(); i-- > 0;) {
    if (parts[i].kind == Part::Kind::kText) {
      if (!ends_with(text.substr(0, end), parts[i].text, cased)) return kNowhere;
      end -= parts[i].text.size();
    } else {
      if (end == 0) return kNowhere;
      do --end;
      while (end > 0 && continues_character(text[end]));
    }
  }
  return end;
}

/// Matches texts and `?`, of which the first is a text, as far left as they occur from `at` on; where they end.
std::size_t match_first(Parts parts, std::string_view text, std::size_t at, bool cased) {
  for (;;) {
    at = find(text, parts.front().text, at, cased);
    if (at == kNowhere) return kNowhere;
    const std::size_t end = match_forward(parts, text, at, cased);
    if (end != kNowhere) return end;
    ++at;
  }
}

/// `parts` are in their plainest form. Between two `*` the leftmost occurrence serves, since it leaves most to the
/// rest: all occurrences of texts and `?` have the same number of characters.
bool match_glob(Parts parts, std::string_view text, bool cased) {
  const auto is_many = [](const Part& part) { return part.kind == Part::Kind::kMany; };
  const auto first_many = static_cast<std::size_t>(std::find_if(parts.begin(), parts.end(), is_many) - parts.begin());
  std::size_t at = match_forward(parts.first(first_many), text, 0, cased);
  if (at == kNowhere) return false;
  if (first_many == parts.size()) return at == text.size();
  parts = parts.subspan(first_many + 1);

  std::size_t tail = parts.size();
  while (tail > 0 && !is_many(parts[tail - 1])) --tail;
  text.remove_prefix(at);
  const std::size_t text_end = match_backward(parts.subspan(tail), text, cased);
  if (text_end == kNowhere) return false;
  text = text.substr(0, text_end);
  parts = parts.first(tail);  // what is left are runs that each end with `*`

  at = 0;
  while (!parts.empty()) {
    const auto run = static_cast<std::size_t>(std::find_if(parts.begin(), parts.end(), is_many) - parts.begin());
    at = match_first(parts.first(run), text, at, cased);
    if (at == kNowhere) return false;
    parts = parts.subspan(run + 1);
  }
  return true;
}

std::vector<Part> folded(std::vector<Part> parts) {
  for (auto& part : parts) part.text = fold(part.text);
  return parts;
}

}  // namespace

Pattern::Pattern(std::vector<Part> parts, bool cased)
    : written_(plainest(std::move(parts))), cased_(cased), kind_(kind_of(written_)) {
  if (kind_ == Kind::kGlob) {
    parts_ = cased ? written_ : folded(written_);
    inside_ = parts_;
    inside_.insert(inside_.begin(), {Part::Kind::kMany, ""});
    inside_.push_back({Part::Kind::kMany, ""});
    inside_ = plainest(std::move(inside_));
    return;
  }
  for (const auto& part : written_) {
    if (part.kind == Part::Kind::kText) text_ = cased ? part.text : fold(part.text);
  }
}

bool Pattern::matches(std::string_view text) const {
  switch (kind_) {
    case Kind::kExact:
      return cased_ ? text == text_ : equals_folded(text, text_);
    case Kind::kPrefix:
      return starts_with(text, text_, cased_);
    case Kind::kSuffix:
      return ends_with(text, text_, cased_);
    case Kind::kContains:
      return find(text, text_, 0, cased_) != kNowhere;
    case Kind::kAny:
      return true;
    case Kind::kGlob:
      return match_glob(parts_, text, cased_);
  }
  return false;
}

bool Pattern::occurs_in(std::string_view text) const {
  if (kind_ == Kind::kAny) return true;
  if (kind_ == Kind::kGlob) return match_glob(inside_, text, cased_);
  return find(text, text_, 0, cased_) != kNowhere;
}

std::string Pattern::longest_literal() const {
  std::string_view longest = text_;
  for (const auto& part : parts_) {
    if (part.text.size() > longest.size()) longest = part.text;
  }
  return fold(longest);
}

std::string Pattern::written() const {
  std::string out;
  for (const auto& part : written_) {
    if (part.kind == Part::Kind::kMany) out += '*';
    if (part.kind == Part::Kind::kOne) out += '?';
    for (const char c : part.text) {
      if (c == '*' || c == '?' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out;
}

bool Pattern::operator==(const Pattern& other) const {
  return cased_ == other.cased_ && kind_ == other.kind_ && text_ == other.text_ && parts_ == other.parts_;
}

}  // namespace tripline::engine
