#include "rules/title_template.h"

namespace tripline::rules {

std::variant<engine::Title, BadTitle> read_title(std::string_view text) {
  engine::Title title(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool doubled = i + 1 < text.size() && text[i + 1] == text[i];
    if (text[i] != '{' && text[i] != '}') {
      title.back().text += text[i];
    } else if (doubled) {
      title.back().text += text[i++];
    } else if (text[i] == '}') {
      return BadTitle{"`tripline.title` has a `}` that no `{` opens", "write `}}` for the brace itself"};
    } else {
      const std::size_t end = text.find_first_of("{}", i + 1);
      if (end == std::string_view::npos || text[end] == '{') {
        return BadTitle{"`tripline.title` has a `{` that is not closed", "close it behind the field, or write `{{`"};
      }
      const std::string_view field = text.substr(i + 1, end - i - 1);
      if (field.empty() || field.find_first_of(" \t\n") != std::string_view::npos) {
        return BadTitle{"`{" + std::string(field) + "}` in `tripline.title` names no field",
                        "write the field as in a search, such as {requestParameters.userName}"};
      }
      title.back().field = field;
      title.emplace_back();
      i = end;
    }
  }
  return title;
}

}  // namespace tripline::rules
