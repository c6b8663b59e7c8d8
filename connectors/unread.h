#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "connectors/limits.h"
#include "connectors/piece.h"
#include "connectors/record_batch.h"
#include "engine/result.h"

namespace tripline::connectors {

/// Gathers the stretches of a delivery that are no record, and says each once: what stands side by side without a
/// record between is one stretch, but an object that began like a record, or that a limit cut, is one by itself. A
/// delivery that held nothing else is one stretch, no log.
class Unread {
 public:
  /// Borrows `limits`, which outlives it.
  explicit Unread(const Limits& limits) : limits_(limits) {}

  /// `piece` is no record (kValue: an object that is none).
  void add(const Piece& piece, std::vector<SetAside>& out);

  /// A record, or something known, stands here: the stretch before it is complete.
  void known(std::vector<SetAside>& out);

  /// The delivery ends, at offset `end`; `trouble`: what was wrong with its gzip, or the limit that ended it.
  void finish(std::uint64_t end, const std::optional<engine::Error>& trouble, std::vector<SetAside>& out);

 private:
  void flush(std::vector<SetAside>& out);
  std::string reason(Piece::Kind kind, std::uint64_t pieces) const;

  const Limits& limits_;
  std::optional<Piece> stretch_;
  std::uint64_t pieces_ = 0;  // of the stretch
  bool only_stretch_ = true;  // nothing known, and nothing set aside before
};

}  // namespace tripline::connectors
