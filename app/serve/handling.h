#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/event_time.h"
#include "engine/json_text.h"

namespace tripline::app {

/// What people do with a signal. It stands beside the signal, whose id, times and counts are the events' alone: a
/// signal that was closed by hand goes on counting triggers of its period and stays handled; the next period's is a new
/// one.
struct Note {
  enum class Kind : std::int64_t { kAcknowledged = 1, kClosed = 2 };
  Kind kind = Kind::kAcknowledged;
  engine::EventTime at;  // wall time
  std::string by;
  std::string comment;  // may be empty

  static constexpr std::size_t kMostBy = 200;  // bytes
  static constexpr std::size_t kMostComment = 4000;
  static constexpr std::size_t kMost = 100;  // of one signal
};

struct NoteKindRow {
  Note::Kind kind;
  std::string_view label;   // in JSON
  std::string_view action;  // the last part of the call's path
};
inline constexpr std::array<NoteKindRow, 2> kNoteKinds{{
    {Note::Kind::kAcknowledged, "acknowledged", "acknowledge"},
    {Note::Kind::kClosed, "closed", "close"},
}};
constexpr std::string_view label_of(Note::Kind kind) {
  for (const auto& row : kNoteKinds) {
    if (row.kind == kind) return row.label;
  }
  return "other";  // of a newer version
}

/// Where the handling of a signal stands: its last note's kind; nothing: nobody has looked at it.
inline std::optional<Note::Kind> handled(const std::vector<Note>& notes) {
  return notes.empty() ? std::nullopt : std::optional(notes.back().kind);
}

/// {"kind": ..., "at": ..., "by": ..., "comment": ...}
inline void write_note(const Note& note, engine::JsonText& json) {
  json.begin_object().member("kind", label_of(note.kind)).member("at", engine::format_time(note.at));
  json.member("by", note.by).optional_member("comment", note.comment).end_object();
}

}  // namespace tripline::app
