#include "connectors/inflate.h"

#include <algorithm>
#include <array>
#include <utility>

#include <libdeflate.h>
#include <zlib.h>

namespace tripline::connectors {

using engine::ErrorCode;
using engine::fail;
using engine::Result;

namespace {

constexpr std::size_t kInputBytes = std::size_t{64} << 10;
/// The ratio of sizes is not judged before so much came out.
constexpr std::uint64_t kRatioFrom = std::uint64_t{64} << 20;
constexpr int kGzipOnly = 16 + MAX_WBITS;

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

std::uint32_t gzip_size_hint(std::string_view gzip) {
  if (gzip.size() < 18) return 0;
  std::uint32_t size = 0;
  for (std::size_t i = 1; i <= 4; ++i) size = size << 8 | static_cast<unsigned char>(gzip[gzip.size() - i]);
  return size;
}

std::optional<std::size_t> inflate_whole(std::string_view gzip, char* to, std::size_t size) {
  struct Free {
    void operator()(libdeflate_decompressor* decompressor) const { libdeflate_free_decompressor(decompressor); }
  };
  const std::unique_ptr<libdeflate_decompressor, Free> decompressor(libdeflate_alloc_decompressor());
  if (!decompressor) return std::nullopt;
  std::size_t taken = 0;
  std::size_t inflated = 0;
  const auto result =
      libdeflate_gzip_decompress_ex(decompressor.get(), gzip.data(), gzip.size(), to, size, &taken, &inflated);
  if (result != LIBDEFLATE_SUCCESS || taken != gzip.size()) return std::nullopt;
  return inflated;
}

struct GzipStream::Zlib {
  z_stream stream{};
  std::array<Bytef, kInputBytes> input;
};

GzipStream::GzipStream(Pull pull, const Limits& limits, std::uint64_t& left)
    : pull_(std::move(pull)), limits_(limits), left_(left), zlib_(std::make_unique<Zlib>()) {
  if (inflateInit2(&zlib_->stream, kGzipOnly) != Z_OK) end_with(ErrorCode::kTooLarge, "zlib has no memory to inflate");
}

GzipStream::~GzipStream() { inflateEnd(&zlib_->stream); }

void GzipStream::end_with(ErrorCode code, std::string why) {
  trouble_ = fail(code, std::move(why));
  ended_ = true;
}

/// Sees to it that there is input; false: the compressed stream has ended.
Result<bool> GzipStream::refill() {
  if (zlib_->stream.avail_in > 0) return true;
  auto got = pull_(reinterpret_cast<char*>(zlib_->input.data()), kInputBytes);
  if (!got) return got.error();
  zlib_->stream.next_in = zlib_->input.data();
  zlib_->stream.avail_in = static_cast<uInt>(*got);
  taken_ += *got;
  return *got > 0;
}

/// Passes what stands between members; false: there is no further one.
Result<bool> GzipStream::next_member() {
  z_stream& stream = zlib_->stream;
  for (;;) {
    const auto more = refill();
    if (!more || !*more) return more;
    const Bytef c = *stream.next_in;
    if (any_member_ && (c == '\n' || c == '\r' || c == ' ' || c == '\t' || c == '\0')) {
      ++stream.next_in;
      --stream.avail_in;
      continue;
    }
    if (any_member_ && c != 0x1f) {
      end_with(ErrorCode::kBadInput, "what follows the gzip data is no gzip");
      return false;
    }
    inflateReset2(&stream, kGzipOnly);
    any_member_ = true;
    between_members_ = false;
    return true;
  }
}

Result<std::size_t> GzipStream::read(char* to, std::size_t size) {
  z_stream& stream = zlib_->stream;
  std::size_t filled = 0;
  while (filled < size && !ended_) {
    if (between_members_) {
      const auto more = next_member();
      if (!more) return more.error();
      if (!*more) ended_ = true;
      continue;
    }
    const auto more = refill();
    if (!more) return more.error();
    const auto room = static_cast<uInt>(std::min<std::size_t>(size - filled, kInputBytes));
    stream.next_out = reinterpret_cast<Bytef*>(to + filled);
    stream.avail_out = room;
    const int status = ::inflate(&stream, Z_NO_FLUSH);
    const std::uint64_t out = room - stream.avail_out;
    filled += static_cast<std::size_t>(std::min(out, left_));
    inflated_ += out;
    if (out > left_) {
      end_with(ErrorCode::kTooLarge,
               "the gzip data inflates to more than " + std::to_string(limits_.max_inflated_bytes) + " bytes");
    } else if (inflated_ > kRatioFrom && inflated_ / taken_ > limits_.max_inflate_ratio) {
      end_with(ErrorCode::kTooLarge,
               "the gzip data inflates to more than " + std::to_string(limits_.max_inflate_ratio) + " times its size");
    } else if (status == Z_STREAM_END) {
      between_members_ = true;
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      end_with(ErrorCode::kBadInput, "the gzip data is damaged");
    } else if (!*more && out == 0) {  // without input, zlib still gives what it holds
      end_with(ErrorCode::kTruncated, "the gzip data ends in the middle");
    }
    left_ -= std::min(out, left_);
  }
  return filled;
}

}  // namespace tripline::connectors
