#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/piece.h"
#include "connectors/record_start.h"
#include "connectors/structure_scan.h"

namespace tripline::connectors {

/// Finds the spans of the objects in a stream of JSON text without parsing them: one after another with or without line
/// ends (NDJSON, concatenated, pretty-printed), and the elements of arrays, one by one as they complete. With
/// `open_records`, also the elements of the array in `{"Records": [...]}` and its kin, whatever other keys there are.
///
/// Broken text takes no neighbour with it. Strings and brackets are followed strictly enough that damage shows at the
/// latest where the next record begins: a quote too many or too few (structure_scan.h), a closing bracket of the wrong
/// kind, an object where a key must be. Then the search goes back to where the broken object began and takes up again
/// at the next thing that begins like a record (record_start.h). What is balanced and still no JSON is left to the
/// parser; it spans no neighbour.
/// Cost: each byte is scanned once, and at most once again behind damage; nothing recurses.
/// What is found does not depend on how the stream is cut into feeds.
class JsonSplitter {
 public:
  struct Options {
    bool open_records = true;
    int max_depth = 64;
    std::uint64_t max_bytes = std::uint64_t{64} << 20;
  };
  explicit JsonSplitter(const Options& options);

  /// The stream from offset `base` on; it holds everything from keep_from() on. `last`: nothing follows it.
  /// Borrows `data` until the next feed().
  void feed(std::string_view data, std::uint64_t base, bool last);

  /// The next piece; false: more has to be fed, or all was found.
  bool next(Piece& piece);

  /// What lies before this offset is not needed any more.
  std::uint64_t keep_from() const;

 private:
  enum class Mode { kBetween, kInside, kLost, kDone };
  struct Frame {
    bool wrapper;  // an object whose array is being taken apart; else an array
    bool damaged = false;
  };

  bool between(Piece& piece);
  bool take_data_object(Piece& piece);
  bool inside(Piece& piece);
  void end_value(Piece& piece);
  bool lost(Piece& piece);
  void open(std::uint64_t at);
  bool close_array();
  bool opens_well(std::uint64_t at) const;
  bool opens_records(std::uint64_t at) const;
  void lose(Piece::Kind kind, std::uint64_t from, std::uint64_t at);

  bool next_mark(std::uint64_t& at, bool& broken);
  bool scan_ahead();
  void take_block();
  void restart_scan(std::uint64_t at, std::size_t window);
  void seek_mark(std::uint64_t at);
  char byte(std::uint64_t at) const { return data_[static_cast<std::size_t>(at - base_)]; }
  std::string_view around(std::uint64_t at) const;

  Options options_;
  std::string_view data_;
  std::uint64_t base_ = 0;
  std::uint64_t end_ = 0;
  bool last_ = false;

  Mode mode_ = Mode::kBetween;
  std::uint64_t pos_ = 0;  // kBetween: the next byte to look at; kLost: where the search goes on
  std::vector<Frame> frames_;

  // kInside: the open object, or the rest of a wrapper behind its array.
  std::uint64_t begin_ = 0;
  bool rest_of_wrapper_ = false;
  std::int64_t depth_ = 0;
  std::vector<std::uint32_t> opened_;  // brackets by depth, up to max_depth; no chars, as those may alias all members
  bool too_deep_ = false;

  // kLost: what is being passed over.
  Piece::Kind lost_kind_ = Piece::Kind::kGarbage;
  std::uint64_t lost_from_ = 0;
  bool lost_like_record_ = false;
  RecordStart start_;
  std::uint64_t rescanned_ = 0;

  // Marks of the blocks ahead. The window starts small behind damage, so that much damage costs no more than its bytes.
  static constexpr std::size_t kWindow = 64;
  ScanState scan_;
  std::array<BlockMarks, kWindow> marks_;
  std::size_t window_ = kWindow;  // blocks to scan next time
  std::size_t scanned_ = 0;       // blocks in marks_
  std::size_t used_ = 0;          // of them, those begun
  std::uint64_t block_at_ = 0;    // where the current block begins
  std::uint64_t scan_at_ = 0;     // where the next scan begins
  std::uint64_t ahead_ = 0;       // marks of both kinds of the current block that are still ahead
  std::uint64_t broken_ = 0;      // the current block's marks of broken text
};

}  // namespace tripline::connectors
