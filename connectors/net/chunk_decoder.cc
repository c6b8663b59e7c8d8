#include "connectors/net/chunk_decoder.h"

#include <algorithm>

#include "connectors/net/http_head_parser.h"

namespace tripline::connectors::net {
namespace {

/// Of one chunk's extension; nobody sends any.
constexpr std::size_t kMaxExtensionBytes = 256;
constexpr int kMaxDigits = 16;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < ' ' && c != '\t') || byte == 0x7f;
}

bool take_word(std::string_view& text) {
  const auto* const end = std::find_if_not(text.begin(), text.end(), [](const char& c) { return is_token({&c, 1}); });
  const auto size = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(size);
  return size > 0;
}

bool take_quoted(std::string_view& text) {
  std::size_t at = 1;
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  if (at >= text.size()) return false;
  text.remove_prefix(at + 1);
  return true;
}

/// What stands behind the first semicolon: words, each perhaps with a word or a quoted string behind an equals sign,
/// and semicolons between them. Blanks, which the grammar allows and nobody sends, are refused as around the size.
bool are_extensions(std::string_view text) {
  for (;;) {
    if (!take_word(text)) return false;
    if (text.starts_with('=')) {
      text.remove_prefix(1);
      if (!(text.starts_with('"') ? take_quoted(text) : take_word(text))) return false;
    }
    if (text.empty()) return true;
    if (text.front() != ';') return false;
    text.remove_prefix(1);
  }
}

}  // namespace

bool ChunkDecoder::refuse(std::string_view why) {
  in_ = In::kBad;
  bad_ = why;
  return false;
}

/// One byte of the framing; false: it may not stand there.
bool ChunkDecoder::take(char c) {
  switch (in_) {
    case In::kSize: {
      const int value = hex_value(c);
      if (value >= 0) {
        if (++digits_ > kMaxDigits) return refuse("a chunk's size has too many digits");
        left_ = left_ << 4 | static_cast<std::uint64_t>(value);
        return true;
      }
      if (digits_ == 0) return refuse("a chunk's size is hexadecimal");
      extension_.clear();
      if (c == '\r')
        in_ = In::kLineEnd;
      else if (c == ';')
        in_ = In::kExtension;
      else
        return refuse("a chunk's size is hexadecimal");
      return true;
    }
    case In::kExtension:
      if (c != '\r') {
        if (is_control(c)) return refuse("a chunk's extension holds control characters");
        if (extension_.size() == kMaxExtensionBytes) return refuse("a chunk's extension is too long");
        extension_ += c;
        return true;
      }
      if (!are_extensions(extension_)) return refuse("a chunk's extension is none");
      in_ = In::kLineEnd;
      return true;
    case In::kLineEnd:
      if (c != '\n') return refuse("each line ends with CRLF");
      in_ = left_ > 0 ? In::kData : In::kTrailer;
      return true;
    case In::kDataEnd:
      if (c != '\r') return refuse("a chunk is longer than its size");
      in_ = In::kDataLineEnd;
      return true;
    case In::kDataLineEnd:
      if (c != '\n') return refuse("a chunk is longer than its size");
      in_ = In::kSize;
      digits_ = 0;
      left_ = 0;
      return true;
    case In::kTrailer:
      if (c == '\r')
        in_ = In::kLastEnd;
      else if (is_token({&c, 1}))
        in_ = In::kTrailerName;
      else
        return refuse("a trailer is no header");
      break;
    case In::kTrailerName:
      if (c == ':')
        in_ = In::kTrailerText;
      else if (!is_token({&c, 1}))
        return refuse("a trailer is no header");
      break;
    case In::kTrailerText:
      if (c == '\r')
        in_ = In::kTrailerEnd;
      else if (is_control(c))
        return refuse("a trailer holds control characters");
      break;
    case In::kTrailerEnd:
      if (c != '\n') return refuse("each line ends with CRLF");
      in_ = In::kTrailer;
      break;
    case In::kLastEnd:
      if (c != '\n') return refuse("each line ends with CRLF");
      in_ = In::kDone;
      return true;
    case In::kData:
    case In::kDone:
    case In::kBad:
      return false;
  }
  if (trailer_left_ == 0) return refuse("the trailers are too large");
  --trailer_left_;
  return true;
}

ChunkDecoder::Step ChunkDecoder::next(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && in_ != In::kDone && in_ != In::kBad) {
    if (in_ == In::kData) {
      const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - taken));
      left_ -= size;
      if (left_ == 0) in_ = In::kDataEnd;
      return {Found::kData, taken + size, bytes.substr(taken, size)};
    }
    if (!take(bytes[taken])) break;
    ++taken;
  }
  const auto found = in_ == In::kDone ? Found::kEnd : in_ == In::kBad ? Found::kBad : Found::kMore;
  return {found, taken, {}};
}

}  // namespace tripline::connectors::net
