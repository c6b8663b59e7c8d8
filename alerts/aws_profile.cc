#include "alerts/aws_profile.h"

#include <algorithm>

namespace tripline::alerts {
namespace {

std::string_view stripped(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

/// `[profile x]` -> `profile x`; blanks between are one.
std::string section_name(std::string_view line) {
  const std::string_view inside = stripped(line.substr(1, line.find(']') - 1));
  std::string name;
  for (const char c : inside) {
    const bool blank = c == ' ' || c == '\t';
    if (!blank || !name.ends_with(' ')) name += blank ? ' ' : c;
  }
  return name;
}

/// A comment behind a value has a blank before it.
std::string_view without_comment(std::string_view value) {
  for (std::size_t at = 1; at < value.size(); ++at) {
    if ((value[at] == '#' || value[at] == ';') && (value[at - 1] == ' ' || value[at - 1] == '\t')) {
      return stripped(value.substr(0, at));
    }
  }
  return value;
}

void read_section(std::string_view text, std::string_view wanted, Profile& to) {
  bool inside = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view whole = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::string_view line = stripped(whole);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      inside = section_name(line) == wanted;
      continue;
    }
    const std::size_t equals = line.find('=');
    const bool nested = whole.front() == ' ' || whole.front() == '\t';
    if (!inside || nested || equals == std::string_view::npos) continue;
    to.emplace(stripped(line.substr(0, equals)), without_comment(stripped(line.substr(equals + 1))));
  }
}

}  // namespace

Profile read_profile(std::string_view credentials, std::string_view config, std::string_view name) {
  Profile profile;
  read_section(credentials, name, profile);
  read_section(config, name == "default" ? "default" : "profile " + std::string(name), profile);
  if (name == "default") read_section(config, "profile default", profile);
  return profile;
}

}  // namespace tripline::alerts
