#include "app/input_report.h"

#include "app/quantity.h"

namespace tripline::app {

void InputReport::set_aside(const std::string& path, const connectors::SetAside& piece) {
  if (++pieces_ > kNamed) {
    Unnamed& unnamed = unnamed_[piece.code];
    ++unnamed.pieces;
    unnamed.bytes += piece.bytes;
    return;
  }
  std::string line = path + ", byte " + std::to_string(piece.offset) + ": set aside";
  if (piece.bytes > 0) line += " " + counted(piece.bytes, "byte");
  console_.warning(line + " (" + std::string(engine::row_of(piece.code).label) + "): " + piece.reason);
}

void InputReport::warning(const std::string& path, const std::string& text) {
  if (++warnings_ <= kNamed) console_.warning(path + ": " + text);
}

void InputReport::finish() {
  for (const auto& [code, unnamed] : unnamed_) {
    console_.warning("set aside without naming each: " + counted(unnamed.pieces, "more piece") + ", " +
                     byte_size(unnamed.bytes) + " (" + std::string(engine::row_of(code).label) + ")");
  }
  if (warnings_ > kNamed) console_.warning(counted(warnings_ - kNamed, "more warning") + " about the input");
}

}  // namespace tripline::app
