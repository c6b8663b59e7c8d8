#include "app/serve/note_body.h"

#include <string>

#include <simdjson.h>

namespace tripline::app {

namespace {

namespace dom = simdjson::dom;

engine::Error bad(std::string_view why) {
  return engine::fail(
      engine::ErrorCode::kBadInput,
      R"(the body is to be {"by": "who", "comment": "why"}, where the comment may be left out: )" + std::string(why));
}

}  // namespace

engine::Result<Note> read_note(std::string_view body) {
  dom::parser parser;
  dom::object object;
  if (parser.parse(simdjson::padded_string(body)).get(object) != simdjson::SUCCESS) return bad("it is no JSON object");
  Note note;
  for (const auto& [name, value] : object) {
    std::string_view text;
    const bool is_text = value.get(text) == simdjson::SUCCESS;
    if (name == "by" && is_text) {
      note.by = text;
    } else if (name == "comment" && is_text) {
      note.comment = text;
    } else {
      return bad("a member has another name, or is no text");
    }
  }
  if (note.by.empty()) return bad("`by` is missing");
  if (note.by.size() > Note::kMostBy) return bad("`by` has more than 200 bytes");
  if (note.comment.size() > Note::kMostComment) return bad("`comment` has more than 4000 bytes");
  return note;
}

}  // namespace tripline::app
