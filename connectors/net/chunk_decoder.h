#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tripline::connectors::net {

/// Takes the framing off a chunked body (RFC 9112, 7.1). Strict: sizes are 1 to 16 hexadecimal digits with nothing
/// around them, lines end with CRLF, and chunk extensions and trailers, which are passed over, have the form of such.
class ChunkDecoder {
 public:
  /// `max_trailer_bytes`: of all trailers together.
  explicit ChunkDecoder(std::size_t max_trailer_bytes) : trailer_left_(max_trailer_bytes) {}

  enum class Found { kMore, kData, kEnd, kBad };
  struct Step {
    Found found;
    std::size_t taken;      // from the front of the bytes
    std::string_view data;  // of the body, with kData; lies in the bytes
  };
  /// Looks at the first of the bytes that come next. kMore: all are taken, and more must come. kBad: bad() says why.
  Step next(std::string_view bytes);

  /// A literal.
  std::string_view bad() const { return bad_; }

 private:
  enum class In {
    kSize,
    kExtension,
    kLineEnd,
    kData,
    kDataEnd,
    kDataLineEnd,
    kTrailer,
    kTrailerName,
    kTrailerText,
    kTrailerEnd,
    kLastEnd,
    kDone,
    kBad
  };

  bool take(char c);
  bool refuse(std::string_view why);

  In in_ = In::kSize;
  int digits_ = 0;
  std::uint64_t left_ = 0;  // of the chunk
  std::string extension_;
  std::size_t trailer_left_;
  std::string_view bad_;
};

}  // namespace tripline::connectors::net
