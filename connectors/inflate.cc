#include "connectors/inflate.h"

#include <algorithm>
#include <array>
#include <cstring>
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

/// How a member begins (RFC 1952, 2.3.1): the magic bytes, and the one method there is.
constexpr std::array<Bytef, 3> kMemberStart = {0x1f, 0x8b, 0x08};

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
  if (inflateInit2(&zlib_->stream, kGzipOnly) != Z_OK) {
    note(ErrorCode::kTooLarge, "zlib has no memory to inflate");
    ended_ = true;
  }
}

GzipStream::~GzipStream() { inflateEnd(&zlib_->stream); }

void GzipStream::note(ErrorCode code, std::string why) {
  if (!trouble_) trouble_ = fail(code, std::move(why));
}

/// Sees to it that there are `wanted` bytes of input; false: the compressed stream has fewer left.
Result<bool> GzipStream::refill(std::size_t wanted) {
  z_stream& stream = zlib_->stream;
  if (stream.avail_in >= wanted) return true;
  Bytef* const begin = zlib_->input.data();
  if (stream.avail_in > 0 && stream.next_in != begin) {
    std::memmove(begin, stream.next_in, stream.avail_in);
    stream.next_in = begin;
  }
  while (stream.avail_in < wanted) {
    const auto got =
        pull_(reinterpret_cast<char*>(begin + stream.avail_in), kInputBytes - std::size_t{stream.avail_in});
    if (!got) return got.error();
    if (*got == 0) return false;  // what was there last is still there
    stream.next_in = begin;
    stream.avail_in += static_cast<uInt>(*got);
    taken_ += *got;
    member_input_ = 0;
  }
  return true;
}

/// Passes what stands between members; false: there is no further one.
Result<bool> GzipStream::next_member() {
  z_stream& stream = zlib_->stream;
  for (;; ++stream.next_in, --stream.avail_in) {
    const auto more = refill(1);
    if (!more || !*more) return more;
    const Bytef c = *stream.next_in;
    if (lost_) {
      const auto enough = refill(kMemberStart.size());
      if (!enough || !*enough) return enough;
      if (!std::equal(kMemberStart.begin(), kMemberStart.end(), stream.next_in)) continue;
    } else if (any_member_ && c != kMemberStart[0]) {
      if (c == '\n' || c == '\r' || c == ' ' || c == '\t' || c == '\0') continue;
      note(ErrorCode::kBadInput, "what follows the gzip data is no gzip");
      lost_ = true;
      continue;
    }
    inflateReset2(&stream, kGzipOnly);
    any_member_ = true;
    between_members_ = false;
    lost_ = false;
    member_input_ = static_cast<std::size_t>(stream.next_in - zlib_->input.data()) + 1;
    return true;
  }
}

/// Gives the present member up and looks for the next one: from here on when only its checksum is wrong, else from as
/// far back as the input at hand goes, as what was inflated last may have been the next member already.
void GzipStream::lose_member(ErrorCode code, std::string why) {
  note(code, std::move(why));
  between_members_ = lost_ = true;
  z_stream& stream = zlib_->stream;
  const bool checksum = stream.msg != nullptr && std::string_view(stream.msg).starts_with("incorrect");
  const auto at = static_cast<std::size_t>(stream.next_in - zlib_->input.data());
  if (checksum || member_input_ > at) return;
  stream.next_in -= at - member_input_;
  stream.avail_in += static_cast<uInt>(at - member_input_);
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
    const auto more = refill(1);
    if (!more) return more.error();
    const auto room = static_cast<uInt>(std::min<std::size_t>(size - filled, kInputBytes));
    stream.next_out = reinterpret_cast<Bytef*>(to + filled);
    stream.avail_out = room;
    const int status = ::inflate(&stream, Z_NO_FLUSH);
    const std::uint64_t out = room - stream.avail_out;
    filled += static_cast<std::size_t>(std::min(out, left_));
    inflated_ += out;
    if (out > left_) {
      note(ErrorCode::kTooLarge,
           "the gzip data inflates to more than " + std::to_string(limits_.max_inflated_bytes) + " bytes");
      ended_ = true;
    } else if (inflated_ > kRatioFrom && inflated_ / taken_ > limits_.max_inflate_ratio) {
      note(ErrorCode::kTooLarge,
           "the gzip data inflates to more than " + std::to_string(limits_.max_inflate_ratio) + " times its size");
      ended_ = true;
    } else if (status == Z_STREAM_END) {
      between_members_ = true;
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      lose_member(ErrorCode::kBadInput, "the gzip data is damaged");
    } else if (!*more && out == 0) {  // without input, zlib still gives what it holds
      lose_member(ErrorCode::kTruncated, "the gzip data ends in the middle");
    }
    left_ -= std::min(out, left_);
  }
  return filled;
}

}  // namespace tripline::connectors
