#include "connectors/net/gunzip.h"

#include <algorithm>
#include <new>

#include <zlib.h>

namespace tripline::connectors::net {
namespace {

constexpr int kGzipOnly = 16 + MAX_WBITS;
/// How much is inflated before it is seen whether there is more.
constexpr std::size_t kStepBytes = std::size_t{64} << 10;

}  // namespace

struct Gunzip::Zlib {
  z_stream stream{};
};

Gunzip::Gunzip() : zlib_(std::make_unique<Zlib>()) {
  if (inflateInit2(&zlib_->stream, kGzipOnly) != Z_OK) throw std::bad_alloc();
}

Gunzip::~Gunzip() { inflateEnd(&zlib_->stream); }

Gunzip::Outcome Gunzip::add(std::string_view compressed, std::string& to, std::size_t max_bytes) {
  z_stream& stream = zlib_->stream;
  // zlib reads through a pointer to what it does not change.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
  stream.avail_in = static_cast<uInt>(compressed.size());
  bool more_inside = false;  // zlib filled all the room it had, so it may hold more
  while (stream.avail_in > 0 || more_inside) {
    if (between_members_) {
      inflateReset2(&stream, kGzipOnly);
      between_members_ = false;
      any_member_ = true;
    }
    const std::size_t before = to.size();
    // One byte beyond the cap, so that a text of just that size is told from a larger one.
    const std::size_t room = std::min(kStepBytes, max_bytes - before + 1);
    to.resize(before + room);
    stream.next_out = reinterpret_cast<Bytef*>(to.data() + before);
    stream.avail_out = static_cast<uInt>(room);
    const int status = ::inflate(&stream, Z_NO_FLUSH);
    const std::size_t after = before + room - stream.avail_out;
    to.resize(std::min(after, max_bytes));
    if (after > max_bytes) return Outcome::kTooLarge;
    if (status == Z_STREAM_END) {
      between_members_ = true;
      more_inside = false;
    } else if (status == Z_OK || status == Z_BUF_ERROR) {
      more_inside = stream.avail_out == 0;
    } else {
      return Outcome::kBad;
    }
  }
  return Outcome::kMore;
}

}  // namespace tripline::connectors::net
