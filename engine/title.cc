#include "engine/title.h"

#include "engine/shown_text.h"
#include "engine/utf8.h"

namespace tripline::engine {

std::string title_of(Event& event, const Title& title) {
  std::string sentence;
  for (const TitlePart& part : title) {
    sentence += part.text;
    if (part.field.empty()) continue;
    const std::string value = shown_text(event, part.id);
    sentence += value.empty() ? "(none)" : value;
  }
  return std::string(cut_utf8(sentence, kMaxTitle));
}

}  // namespace tripline::engine
