#include "app/input_report.h"

#include <memory>

#include "app/quantity.h"

namespace tripline::app {
namespace {

std::string label_of(engine::ErrorCode code) { return std::string(engine::row_of(code).label); }

}  // namespace

InputListener InputReport::listener(const connectors::FileSource& source, bool shows_progress) {
  InputListener listener;
  listener.set_aside = [this](const auto& path, const auto& piece) { set_aside(path, piece); };
  listener.warning = [this](const auto& path, const auto& text) { warning(path, text); };
  for (const auto& what : source.unreadable()) {
    ++by_code_[engine::ErrorCode::kIo];
    if (++pieces_ <= kNamed) {
      console_.warning(what + ": set aside (" + label_of(engine::ErrorCode::kIo) + ")");
    } else {
      ++unnamed_[engine::ErrorCode::kIo].pieces;
    }
  }
  if (!shows_progress || !console_.is_terminal(Stream::kErr)) return listener;
  listener.progress = [&source, progress = std::make_shared<Progress>(console_, start_)](const InputTotals& totals) {
    progress->update(Progress::Clock::now(), totals.stored_bytes, source.bytes_on_disk(), totals.records);
  };
  return listener;
}

void InputReport::set_aside(const std::string& path, const connectors::SetAside& piece) {
  ++by_code_[piece.code];
  if (++pieces_ > kNamed) {
    Unnamed& unnamed = unnamed_[piece.code];
    ++unnamed.pieces;
    unnamed.bytes += piece.bytes;
    return;
  }
  const bool unread = piece.code == engine::ErrorCode::kIo && piece.offset == 0;
  std::string line = path + (unread ? "" : ", byte " + std::to_string(piece.offset)) + ": set aside";
  if (piece.bytes > 0) line += " " + counted(piece.bytes, "byte");
  console_.warning(line + " (" + label_of(piece.code) + "): " + piece.reason);
}

void InputReport::warning(const std::string& path, const std::string& text) {
  if (++warnings_ <= kWarnings) console_.warning(path + ": " + text);
}

void InputReport::finish() {
  console_.status("");
  for (const auto& [code, unnamed] : unnamed_) {
    console_.warning("set aside without naming each: " + counted(unnamed.pieces, "more piece") + ", " +
                     byte_size(unnamed.bytes) + " (" + label_of(code) + ")");
  }
  if (warnings_ > kWarnings) console_.warning(counted(warnings_ - kWarnings, "more warning") + " about the input");
}

void InputReport::summary(const InputTotals& totals, const connectors::FileSource& source) const {
  const std::chrono::duration<double> elapsed = Progress::Clock::now() - start_;
  console_.note(counted(totals.records, "event") + " in " + counted(source.files(), "file") + ", " +
                byte_size(totals.inflated_bytes) + ", " + duration_text(elapsed) + ": " +
                grouped(per_second(totals.records, elapsed)) + " events/s, " +
                byte_size(per_second(totals.inflated_bytes, elapsed)) + "/s");
  if (totals.records == 0) console_.warning(source.files() == 0 ? "no log file was found" : "no event was read");
  if (totals.out_of_span > 0) console_.note(counted(totals.out_of_span, "event") + " outside --from and --to");
  std::string skipped;
  const auto skip = [&](std::uint64_t count, const std::string& one, const std::string& many) {
    if (count > 0) skipped += (skipped.empty() ? "skipped: " : ", ") + counted(count, one, many);
  };
  skip(source.digests_skipped(), "digest file", "digest files");
  skip(source.others_skipped(), "file that is no log by its name", "files that are no logs by their name");
  skip(source.repeated_skipped(), "file named twice", "files named twice");
  for (const auto& row : connectors::kSkippedRows) {
    skip(totals.skipped[static_cast<std::size_t>(row.what)], row.one, row.many);
  }
  if (!skipped.empty()) console_.note(skipped);
  std::string reasons;
  for (const auto& [code, pieces] : by_code_) {
    reasons += (reasons.empty() ? "" : ", ") + grouped(pieces) + " " + label_of(code);
  }
  if (!reasons.empty()) console_.note(console_.paint(Stream::kErr, Style::kYellow, "set aside: " + reasons));
}

}  // namespace tripline::app
