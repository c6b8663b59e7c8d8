#include "app/config/variables.h"

#include <cstdlib>

namespace tripline::app {
namespace {

bool is_name(std::string_view name) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
  return !name.empty() && kLetters.find(name.front()) != std::string_view::npos &&
         name.find_first_not_of(std::string(kLetters) + "0123456789") == std::string_view::npos;
}

}  // namespace

Environment environment_of_process() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
}

Expanded expand_variables(std::string_view text, const Environment& environment) {
  Expanded out;
  while (!text.empty()) {
    const std::size_t sign = text.find("${");
    if (sign == std::string_view::npos) break;
    if (sign > 0 && text[sign - 1] == '$') {
      out.text.append(text.substr(0, sign - 1)).append("${");
      text.remove_prefix(sign + 2);
      continue;
    }
    out.text.append(text.substr(0, sign));
    const std::size_t end = text.find('}', sign);
    if (end == std::string_view::npos) {
      out.fault = "has `${` without `}`";
      return out;
    }
    const std::string_view inside = text.substr(sign + 2, end - sign - 2);
    const std::size_t dash = inside.find(":-");
    const std::string name(inside.substr(0, dash));
    if (!is_name(name)) {
      out.fault = "has no name of a variable between `${` and `}`";
      return out;
    }
    const auto value = environment(name);
    if (value && (!value->empty() || dash == std::string_view::npos)) {
      out.text += *value;
      out.used.push_back(name);
    } else if (dash != std::string_view::npos) {
      out.text += inside.substr(dash + 2);
    } else {
      out.unset.push_back(name);
    }
    text.remove_prefix(end + 1);
  }
  out.text.append(text);
  return out;
}

}  // namespace tripline::app
