#include "tests/support/slow_splitter.h"

#include <algorithm>
#include <string>

#include "connectors/record_start.h"

namespace tripline::tests {
namespace {

using connectors::JsonSplitter;
using connectors::Piece;
using Kind = Piece::Kind;

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

class SlowSplitter {
 public:
  SlowSplitter(std::string_view text, const JsonSplitter::Options& options) : text_(text), options_(options) {
    start_.cloudtrail = options.open_records;
  }

  std::vector<Piece> split() {
    if (text_.starts_with("\xef\xbb\xbf")) pos_ = 3;
    while (pos_ < text_.size()) {
      const char c = text_[pos_];
      if (is_space(c) || c == ',') {
        ++pos_;
      } else if (c == '{') {
        walk_object(pos_, 0, false);
      } else if (c == '[' && frames_.size() < 8) {
        frames_ += '[';
        ++pos_;
      } else if (c == ']' && !frames_.empty()) {
        leave_frame();
        ++pos_;
        if (frames_.ends_with('W')) walk_object(pos_, 1, true);
      } else {
        resume(Kind::kGarbage, pos_, pos_);
      }
    }
    if (!frames_.empty() && damaged_ == 0) pieces_.push_back({Kind::kTruncated, text_.size(), text_.size()});
    return pieces_;
  }

 private:
  // Walks the object that begins at `begin`, or the rest of one whose records were taken out.
  void walk_object(std::size_t begin, std::size_t depth, bool rest) {
    std::string open(depth, '{');
    bool in_string = false, after_string = false, too_deep = false;
    const auto limit = static_cast<std::size_t>(options_.max_depth);
    for (std::size_t at = begin; at < text_.size(); ++at) {
      const char c = text_[at];
      if (c == '\\') {
        if (after_string) return lose(Kind::kBroken, begin, at, rest, too_deep);
        if (at + 1 < text_.size() && (text_[at + 1] == '"' || text_[at + 1] == '\\')) ++at;
        continue;
      }
      if (c == '"' && !after_string) {
        in_string = !in_string;
        after_string = !in_string;
        continue;
      }
      if (in_string) continue;
      const bool follows = static_cast<unsigned char>(c) <= ' ' || c == ',' || c == ':' || c == '}' || c == ']';
      if (after_string && !follows) return lose(Kind::kBroken, begin, at, rest, too_deep);
      after_string = false;
      if (c == '{' || c == '[') {
        if (!open.empty() && open.size() <= limit && !well_placed(at, open.back())) {
          return lose(Kind::kBroken, begin, at, rest, too_deep);
        }
        if (open.size() == 1 && c == '[' && holds_records(at)) {
          frames_ += rest ? "[" : "W[";
          pos_ = at + 1;
          return;
        }
        open += c;
        too_deep = too_deep || open.size() > limit;
      } else if (c == '}' || c == ']') {
        if (open.size() <= limit && open.back() != (c == '}' ? '{' : '[')) {
          return lose(Kind::kBroken, begin, at, rest, too_deep);
        }
        open.pop_back();
        if (!open.empty()) continue;
        pos_ = at + 1;
        if (rest) {
          leave_frame();
          return;
        }
        Piece piece{Kind::kValue, begin, pos_};
        if (piece.size() > options_.max_bytes) piece.kind = Kind::kTooLarge;
        if (too_deep) piece.kind = Kind::kTooDeep;
        if (piece.kind == Kind::kValue && start_.key.empty()) start_.key = connectors::first_key(text_.substr(begin));
        pieces_.push_back(piece);
        return;
      }
    }
    lose(Kind::kTruncated, begin, text_.size(), rest, too_deep);
  }

  void leave_frame() {
    frames_.pop_back();
    damaged_ = std::min(damaged_, frames_.size());
  }

  std::string before(std::size_t at) const {
    std::string text(text_.substr(at - std::min<std::size_t>(at, 64), std::min<std::size_t>(at, 64)));
    return text;
  }

  static char take_last(std::string& text) {
    while (!text.empty() && is_space(text.back())) text.pop_back();
    const char c = text.empty() ? '\0' : text.back();
    if (!text.empty()) text.pop_back();
    return c;
  }

  bool well_placed(std::size_t at, char parent) const {
    std::string text = before(at);
    const char c = take_last(text);
    return c == '\0' || (parent == '{' ? c == ':' : c == ',' || c == '[');
  }

  bool holds_records(std::size_t at) const {
    if (!options_.open_records || frames_.size() + 2 > 8) return false;
    std::string text = before(at);
    if (take_last(text) != ':' || take_last(text) != '"') return false;
    for (const std::string key : {"\"Records", "\"Events", "\"records", "\"Messages"}) {
      if (!text.ends_with(key)) continue;
      text.resize(text.size() - key.size());
      const char c = take_last(text);
      return c == '{' || c == ',';
    }
    return false;
  }

  void lose(Kind kind, std::size_t begin, std::size_t at, bool rest, bool too_deep) {
    const bool whole = !rest && !too_deep && at - begin <= options_.max_bytes;
    if (rest) leave_frame();
    start_.any_object = false;
    const bool like_record = whole && start_.has(connectors::first_key(text_.substr(begin, at - begin)));
    resume(kind, begin, std::max(begin + 1, whole || at < 64 ? 0 : at - 64), like_record);
  }

  void resume(Kind kind, std::size_t lost_from, std::size_t from, bool like_record = false) {
    damaged_ = frames_.size();
    start_.any_object = kind == Kind::kGarbage;
    const std::size_t at = connectors::find_record_start(text_, from, start_);
    pos_ = std::min(at, text_.size());
    if (pos_ < text_.size() && pos_ > 0 && text_[pos_ - 1] == '\n') {
      frames_.clear();
      damaged_ = 0;
    }
    if (at != std::string_view::npos && kind == Kind::kTruncated) kind = Kind::kBroken;
    pieces_.push_back({kind, lost_from, pos_, like_record});
  }

  std::string_view text_;
  JsonSplitter::Options options_;
  std::size_t pos_ = 0;
  std::string frames_;       // [ an array, W an object whose array is being walked
  std::size_t damaged_ = 0;  // of them, the outermost
  connectors::RecordStart start_;
  std::vector<Piece> pieces_;
};

}  // namespace

std::vector<Piece> split_slowly(std::string_view text, const JsonSplitter::Options& options) {
  return SlowSplitter(text, options).split();
}

}  // namespace tripline::tests
