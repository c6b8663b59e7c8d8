#include "connectors/json_splitter.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "connectors/data_object.h"
#include "connectors/json_space.h"

namespace tripline::connectors {
namespace {

/// How far back the text before a bracket is looked at.
constexpr std::uint64_t kLookBack = 64;

/// Arrays within arrays that are taken apart; one deeper down is passed over as a whole.
constexpr std::size_t kMaxFrames = 8;

/// Behind damage the text is scanned again; past this and as much as came before, only its end is.
constexpr std::uint64_t kRescanAllowance = std::uint64_t{4} << 20;

/// Keys of arrays whose elements are records, or carry some.
constexpr std::string_view kRecordArrays[] = {
    "Records",   // CloudTrail log file; S3 notification; SQS, SNS and Kinesis events for Lambda
    "Events",    // LookupEvents
    "records",   // Data Firehose request
    "Messages",  // SQS ReceiveMessage
};

/// The last byte of `text` that is no white space, and what stands before it.
char take_last(std::string_view& text) {
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  if (text.empty()) return '\0';
  const char c = text.back();
  text.remove_suffix(1);
  return c;
}

}  // namespace

JsonSplitter::JsonSplitter(const Options& options)
    : options_(options), opened_(static_cast<std::size_t>(std::max(options.max_depth, 1))) {
  start_.cloudtrail = options.open_records;
}

void JsonSplitter::feed(std::string_view data, std::uint64_t base, bool last) {
  data_ = data;
  base_ = base;
  end_ = base + data.size();
  last_ = last;
}

bool JsonSplitter::next(Piece& piece) {
  for (;;) {
    const Mode mode = mode_;
    bool found = false;
    switch (mode) {
      case Mode::kBetween:
        found = between(piece);
        break;
      case Mode::kInside:
        found = inside(piece);
        break;
      case Mode::kLost:
        found = lost(piece);
        break;
      case Mode::kDone:
        return false;
    }
    if (found) return true;
    if (mode_ == mode) return false;
  }
}

std::uint64_t JsonSplitter::keep_from() const {
  std::uint64_t from = pos_;
  if (mode_ == Mode::kInside) {
    const bool whole = !rest_of_wrapper_ && !too_deep_ && scan_at_ - begin_ <= options_.max_bytes;
    from = whole ? begin_ : std::min(block_at_, scan_at_);
  }
  const std::uint64_t reach = std::max<std::uint64_t>(kStartReach, kLookBack) + kBlockBytes;
  return std::max(base_, from > reach ? from - reach : 0);
}

/// The text before `at` that is looked at, at most kLookBack bytes, whatever else is still in memory.
std::string_view JsonSplitter::around(std::uint64_t at) const {
  const std::uint64_t from = std::max(base_, at > kLookBack ? at - kLookBack : 0);
  return data_.substr(static_cast<std::size_t>(from - base_), static_cast<std::size_t>(at - from));
}

// Between objects: separators are passed, an object or array opens, an array closes; all else is garbage.
bool JsonSplitter::between(Piece& piece) {
  for (; pos_ < end_; ++pos_) {
    const char c = byte(pos_);
    if (is_space(c) || c == ',') continue;
    if (c == '{') {
      if (take_data_object(piece)) return true;
      open(pos_);
      return false;
    }
    if (c == '[' && frames_.size() < kMaxFrames) {
      frames_.push_back({.wrapper = false});
    } else if (c == ']' && !frames_.empty()) {
      if (close_array()) return false;
    } else if (static_cast<unsigned char>(c) == 0xef && pos_ == 0) {
      if (end_ < 3 && !last_) return false;
      if (data_.substr(0, 3) != "\xef\xbb\xbf") {
        lose(Piece::Kind::kGarbage, pos_, pos_);
        return false;
      }
      pos_ += 2;  // a byte order mark
    } else {
      lose(Piece::Kind::kGarbage, pos_, pos_);
      return false;
    }
  }
  if (!last_) return false;
  mode_ = Mode::kDone;
  const bool damaged = std::any_of(frames_.begin(), frames_.end(), [](const Frame& f) { return f.damaged; });
  if (frames_.empty() || damaged) return false;
  piece = {Piece::Kind::kTruncated, end_, end_};
  return true;
}

/// A short way through what inside() finds just so.
bool JsonSplitter::take_data_object(Piece& piece) {
  const std::size_t size = data_object_length(data_.substr(static_cast<std::size_t>(pos_ - base_)));
  if (size == 0 || size > options_.max_bytes) return false;
  begin_ = pos_;
  pos_ += size;
  end_value(piece);
  return true;
}

void JsonSplitter::open(std::uint64_t at) {
  mode_ = Mode::kInside;
  begin_ = at;
  rest_of_wrapper_ = false;
  depth_ = 0;
  too_deep_ = false;
  seek_mark(at);
}

/// Leaves an array; whether what follows is the rest of the wrapper around it.
bool JsonSplitter::close_array() {
  frames_.pop_back();
  if (frames_.empty() || !frames_.back().wrapper) return false;
  open(pos_ + 1);
  rest_of_wrapper_ = true;
  depth_ = 1;
  opened_[0] = '{';
  return true;
}

bool JsonSplitter::inside(Piece& piece) {
  std::uint64_t at = 0;
  bool broken = false;
  while (next_mark(at, broken)) {
    if (broken) {
      lose(Piece::Kind::kBroken, begin_, at);
      return false;
    }
    const char c = byte(at);
    const auto depth = static_cast<std::size_t>(depth_);
    if (c == '{' || c == '[') {
      if (depth > 0 && depth <= opened_.size() && !opens_well(at)) {
        lose(Piece::Kind::kBroken, begin_, at);
        return false;
      }
      if (depth == 1 && c == '[' && opens_records(at)) {
        if (!rest_of_wrapper_) frames_.push_back({.wrapper = true});
        frames_.push_back({.wrapper = false});
        mode_ = Mode::kBetween;
        pos_ = at + 1;
        return false;
      }
      if (depth < opened_.size()) {
        opened_[depth] = static_cast<unsigned char>(c);
      } else {
        too_deep_ = true;
      }
      ++depth_;
      continue;
    }
    --depth_;
    if (depth - 1 < opened_.size() && opened_[depth - 1] != (c == '}' ? '{' : '[')) {
      lose(Piece::Kind::kBroken, begin_, at);
      return false;
    }
    if (depth_ > 0) continue;
    mode_ = Mode::kBetween;
    pos_ = at + 1;
    if (rest_of_wrapper_) {
      frames_.pop_back();
      return false;
    }
    if (too_deep_) {
      piece = {Piece::Kind::kTooDeep, begin_, pos_};
    } else if (pos_ - begin_ > options_.max_bytes) {
      piece = {Piece::Kind::kTooLarge, begin_, pos_};
    } else {
      end_value(piece);
    }
    return true;
  }
  if (last_) lose(Piece::Kind::kTruncated, begin_, end_);
  return false;
}

/// What stands from begin_ to pos_ is one.
void JsonSplitter::end_value(Piece& piece) {
  piece = {Piece::Kind::kValue, begin_, pos_};
  if (start_.key.empty()) start_.key = first_key(data_.substr(static_cast<std::size_t>(begin_ - base_)));
}

/// Whether an object or array may begin at `at`: behind a colon in an object, behind a comma or at the start of an
/// array.
bool JsonSplitter::opens_well(std::uint64_t at) const {
  char c = byte(at - 1);  // all there is to look at in compact text
  if (is_space(c)) {
    std::string_view before = around(at);
    c = take_last(before);
    if (c == '\0') return true;  // too far to tell
  }
  return opened_[static_cast<std::size_t>(depth_) - 1] == '{' ? c == ':' : c == ',' || c == '[';
}

/// Whether the array that begins at `at`, a member of the outermost object, holds records.
bool JsonSplitter::opens_records(std::uint64_t at) const {
  if (!options_.open_records || frames_.size() + 2 > kMaxFrames) return false;
  std::string_view before = around(at);
  if (take_last(before) != ':' || take_last(before) != '"') return false;
  return std::any_of(std::begin(kRecordArrays), std::end(kRecordArrays), [&](std::string_view key) {
    if (!before.ends_with(key)) return false;
    std::string_view rest = before.substr(0, before.size() - key.size());
    if (rest.empty() || rest.back() != '"') return false;
    rest.remove_suffix(1);
    const char c = take_last(rest);
    return c == '{' || c == ',';
  });
}

/// Gives up what began at `from` and shows as damaged at `at`.
void JsonSplitter::lose(Piece::Kind kind, std::uint64_t from, std::uint64_t at) {
  const bool object = kind != Piece::Kind::kGarbage;
  pos_ = object ? from + 1 : from;
  // What was cut to size is not in memory any more, and what was scanned over and over is not scanned once more.
  const bool whole = object && !rest_of_wrapper_ && !too_deep_ && at - from <= options_.max_bytes;
  if (object && (!whole || rescanned_ > at + kRescanAllowance)) {
    pos_ = std::max(pos_, at > kLookBack ? at - kLookBack : 0);
  }
  if (object && rest_of_wrapper_) frames_.pop_back();
  mode_ = Mode::kLost;
  lost_kind_ = kind;
  lost_from_ = from;
  start_.any_object = !object;
  lost_like_record_ =
      whole &&
      start_.has(first_key(data_.substr(static_cast<std::size_t>(from - base_), static_cast<std::size_t>(at - from))));
  rescanned_ += at - std::min(at, pos_);
  for (Frame& frame : frames_) frame.damaged = true;
}

bool JsonSplitter::lost(Piece& piece) {
  const std::size_t found = find_record_start(data_, static_cast<std::size_t>(pos_ - base_), start_);
  // Near the end a start cannot be told yet.
  const bool sure = found != std::string_view::npos && (last_ || found + kStartReach <= data_.size());
  if (!sure && !last_) {
    const std::uint64_t horizon = end_ > kStartReach ? end_ - kStartReach : 0;
    pos_ = std::max(pos_, horizon);
    return false;
  }
  const std::uint64_t at = sure ? base_ + found : end_;
  const bool first_column = sure && found > 0 && data_[found - 1] == '\n';
  if (first_column) frames_.clear();  // a record's own line: whatever was open before it is not
  if (sure && lost_kind_ == Piece::Kind::kTruncated) lost_kind_ = Piece::Kind::kBroken;  // the stream went on
  piece = {lost_kind_, lost_from_, at, lost_like_record_};
  mode_ = Mode::kBetween;
  pos_ = at;
  restart_scan(at, 1);
  return true;
}

bool JsonSplitter::next_mark(std::uint64_t& at, bool& broken) {
  while (ahead_ == 0) {
    if (used_ == scanned_ && !scan_ahead()) return false;
    take_block();
  }
  const int bit = std::countr_zero(ahead_);
  ahead_ &= ahead_ - 1;
  broken = (broken_ >> bit & 1) != 0;
  at = block_at_ + static_cast<std::uint64_t>(bit);
  return true;
}

/// Marks the blocks ahead; false: there is nothing to mark yet.
bool JsonSplitter::scan_ahead() {
  const auto ahead = static_cast<std::size_t>(end_ - scan_at_);
  const char* data = data_.data() + (scan_at_ - base_);
  std::size_t blocks = std::min(window_, ahead / kBlockBytes);
  if (blocks > 0) {
    scan_blocks(data, blocks, scan_, marks_.data());
  } else {
    if (!last_ || ahead == 0) return false;
    char tail[kBlockBytes];
    std::memset(tail, ' ', sizeof tail);
    std::memcpy(tail, data, ahead);
    blocks = 1;
    scan_blocks(tail, blocks, scan_, marks_.data());
    marks_[0].broken &= (std::uint64_t{1} << ahead) - 1;
  }
  block_at_ = scan_at_ - kBlockBytes;
  scan_at_ = std::min(end_, scan_at_ + blocks * kBlockBytes);
  scanned_ = blocks;
  used_ = 0;
  window_ = std::min(kWindow, window_ * 2);
  return true;
}

void JsonSplitter::take_block() {
  const BlockMarks& marks = marks_[used_++];
  ahead_ = marks.brackets | marks.broken;
  broken_ = marks.broken;
  block_at_ += kBlockBytes;
}

void JsonSplitter::restart_scan(std::uint64_t at, std::size_t window) {
  scan_ = {};
  scan_at_ = at;
  block_at_ = at;
  window_ = window;
  scanned_ = used_ = 0;
  ahead_ = broken_ = 0;
}

/// Moves on to the marks from `at` on. What lies between has no quote, so the scan's idea of strings holds there.
void JsonSplitter::seek_mark(std::uint64_t at) {
  while (used_ > 0 && at >= block_at_ + kBlockBytes && used_ < scanned_) take_block();
  if (used_ == 0 || at >= block_at_ + kBlockBytes) {
    restart_scan(at, window_);
    return;
  }
  ahead_ &= ~std::uint64_t{0} << (at - block_at_);
}

}  // namespace tripline::connectors
