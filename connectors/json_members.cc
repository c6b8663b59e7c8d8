#include "connectors/json_members.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

#include "connectors/data_object.h"
#include "connectors/json_space.h"
#include "connectors/structure_scan.h"

namespace tripline::connectors {
namespace {

/// Length of the string that `text` begins with, quotes included; all of it when the string does not end.
std::size_t string_length(std::string_view text) {
  for (std::size_t at = 1;; ++at) {
    at = text.find('"', at);
    if (at == std::string_view::npos) return text.size();
    std::size_t backslashes = 0;
    while (text[at - 1 - backslashes] == '\\') ++backslashes;  // stops at the opening quote
    if (backslashes % 2 == 0) return at + 1;
  }
}

/// Length of the bracket of an array and of the data objects behind it, which need not be scanned; 0: there are none.
std::size_t data_objects_length(std::string_view array) {
  if (!array.starts_with('[')) return 0;
  std::size_t at = 1;
  while (const std::size_t size = data_object_length(array.substr(at))) {
    at += size;
    if (at < array.size() && array[at] == ',') ++at;
  }
  return at;
}

/// Length of the object or array that `text` begins with; all of it when that does not end.
std::size_t container_length(std::string_view text) {
  constexpr std::size_t kBlocks = 8;
  ScanState state;
  BlockMarks marks[kBlocks];
  const std::size_t begin = data_objects_length(text);
  std::int64_t depth = begin > 0 ? 1 : 0;
  for (std::size_t at = begin; at < text.size();) {
    std::size_t blocks = std::min(kBlocks, (text.size() - at) / kBlockBytes);
    if (blocks > 0) {
      scan_blocks(text.data() + at, blocks, state, marks);
    } else {
      char tail[kBlockBytes] = {};
      std::memcpy(tail, text.data() + at, text.size() - at);
      scan_blocks(tail, 1, state, marks);
      blocks = 1;
    }
    for (std::size_t i = 0; i < blocks; ++i, at += kBlockBytes) {
      for (std::uint64_t brackets = marks[i].brackets; brackets != 0; brackets &= brackets - 1) {
        const std::size_t bracket = at + static_cast<std::size_t>(std::countr_zero(brackets));
        depth += text[bracket] == '{' || text[bracket] == '[' ? 1 : -1;
        if (depth == 0) return bracket + 1;
      }
    }
  }
  return text.size();
}

std::size_t value_length(std::string_view text) {
  if (text.empty()) return 0;
  if (text.front() == '"') return string_length(text);
  if (text.front() == '{' || text.front() == '[') return container_length(text);
  const std::size_t end = text.find_first_of(",}] \n\r\t");
  return end == std::string_view::npos ? text.size() : end;
}

/// The four hex digits behind `\u`.
std::optional<std::uint32_t> code_unit(std::string_view text) {
  std::uint32_t unit = 0;
  if (text.size() < 4) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + 4, unit, 16);
  if (error != std::errc{} || end != text.data() + 4) return std::nullopt;
  return unit;
}

char* put_utf8(std::uint32_t c, char* to) {
  const auto put = [&to](std::uint32_t byte) { *to++ = static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0 | c >> 6);
    put(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    put(0xe0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3f));
    put(0x80 | (c & 0x3f));
  } else {
    put(0xf0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3f));
    put(0x80 | (c >> 6 & 0x3f));
    put(0x80 | (c & 0x3f));
  }
  return to;
}

/// Writes the character of the `\u` escape whose digits `text` begins with, and takes them off `text`.
char* put_code_units(std::string_view& text, char* to) {
  const auto first = code_unit(text);
  if (!first) return put_utf8('u', to);
  text.remove_prefix(4);
  if (*first < 0xd800 || *first > 0xdfff) return put_utf8(*first, to);
  if (*first < 0xdc00 && text.starts_with("\\u")) {
    const auto second = code_unit(text.substr(2));
    if (second && *second >= 0xdc00 && *second <= 0xdfff) {
      text.remove_prefix(6);
      return put_utf8(0x10000 + ((*first - 0xd800) << 10) + (*second - 0xdc00), to);
    }
  }
  return put_utf8(0xfffd, to);
}

/// Steps over the opening bracket or a comma. False: there is none, or nothing stands between the brackets.
bool to_next(std::string_view& rest, char opening, bool& begun) {
  skip_space(rest);
  if (rest.empty() || rest.front() != (begun ? ',' : opening)) return false;
  const bool first = !std::exchange(begun, true);
  rest.remove_prefix(1);
  skip_space(rest);
  return !(first && (rest.starts_with('}') || rest.starts_with(']')));
}

/// False: the text is no JSON from here on, and nothing is left of it.
bool take_value(std::string_view& rest, bool well, std::string_view& value) {
  skip_space(rest);
  const std::size_t length = well ? value_length(rest) : 0;
  value = rest.substr(0, length);
  rest.remove_prefix(length > 0 ? length : rest.size());
  return length > 0;
}

/// Whether `rest` is the bracket and nothing else.
bool ends_with(std::string_view rest, char bracket) {
  if (rest.empty() || rest.front() != bracket) return false;
  rest.remove_prefix(1);
  skip_space(rest);
  return rest.empty();
}

}  // namespace

bool MemberWalk::next(Member& member) {
  if (!to_next(rest_, '{', begun_)) return false;
  const std::size_t key = is_string(rest_) ? string_length(rest_) : 0;
  member.key = inner(rest_.substr(0, key));
  rest_.remove_prefix(key);
  skip_space(rest_);
  const bool colon = key > 0 && rest_.starts_with(':');
  rest_.remove_prefix(colon ? 1 : 0);
  return take_value(rest_, colon, member.value);
}

bool MemberWalk::complete() const { return ends_with(rest_, '}'); }

bool ElementWalk::next(std::string_view& element) {
  return to_next(rest_, '[', begun_) && take_value(rest_, true, element);
}

bool ElementWalk::complete() const { return ends_with(rest_, ']'); }

std::string_view find_member(std::string_view object, std::string_view key) {
  Member member;
  for (MemberWalk walk(object); walk.next(member);) {
    if (member.key == key) return member.value;
  }
  return {};
}

bool is_string(std::string_view value) { return !value.empty() && value.front() == '"'; }
bool is_object(std::string_view value) { return !value.empty() && value.front() == '{'; }
bool is_array(std::string_view value) { return !value.empty() && value.front() == '['; }

std::string_view inner(std::string_view string) {
  if (string.size() < 2 || string.front() != '"' || string.back() != '"') return {};
  return string.substr(1, string.size() - 2);
}

char* unescape(std::string_view inner, char* to) {
  while (!inner.empty()) {
    const std::size_t run = std::min(inner.find('\\'), inner.size());
    std::memcpy(to, inner.data(), run);
    to += run;
    inner.remove_prefix(run);
    if (inner.size() < 2) break;
    const char c = inner[1];
    inner.remove_prefix(2);
    switch (c) {
      case 'b':
        *to++ = '\b';
        break;
      case 'f':
        *to++ = '\f';
        break;
      case 'n':
        *to++ = '\n';
        break;
      case 'r':
        *to++ = '\r';
        break;
      case 't':
        *to++ = '\t';
        break;
      case 'u':
        to = put_code_units(inner, to);
        break;
      default:
        *to++ = c;
    }
  }
  return to;
}

}  // namespace tripline::connectors
