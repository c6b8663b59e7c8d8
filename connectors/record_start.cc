#include "connectors/record_start.h"

#include <algorithm>

#include "connectors/json_space.h"

namespace tripline::connectors {
namespace {

bool is_first_of_line(std::string_view text, std::size_t at) {
  const std::size_t reach = std::min(at, kStartReach);
  for (std::size_t i = 1; i <= reach; ++i) {
    const char c = text[at - i];
    if (c == '\n') return true;
    if (!is_space(c)) return false;
  }
  return reach == at;  // the text's first line
}

}  // namespace

std::string_view first_key(std::string_view text) {
  text = text.substr(0, kStartReach);
  std::size_t begin = 1;
  while (begin < text.size() && is_space(text[begin])) ++begin;
  if (begin >= text.size() || text[begin] != '"') return {};
  const std::size_t end = text.find('"', ++begin);
  return end == std::string_view::npos ? std::string_view{} : text.substr(begin, end - begin);
}

bool RecordStart::has(std::string_view first) const {
  if (first.empty()) return false;
  return any_object || first == key || (cloudtrail && (first == "eventVersion" || first == "Records"));
}

std::size_t find_record_start(std::string_view text, std::size_t from, const RecordStart& start) {
  for (std::size_t at = text.find('{', from); at != std::string_view::npos; at = text.find('{', at + 1)) {
    if (is_first_of_line(text, at) || start.has(first_key(text.substr(at)))) return at;
  }
  return std::string_view::npos;
}

}  // namespace tripline::connectors
