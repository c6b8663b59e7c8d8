#include "connectors/net/http_body_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "connectors/inflate.h"

namespace tripline::connectors::net {
namespace {

constexpr std::size_t kKeptGzipBytes = std::size_t{1} << 20;
/// No deflate stream inflates to more than this times its size (RFC 1951: 258 bytes from two bits).
constexpr std::size_t kMostInflation = 1032;

enum class Encoding { kNone, kGzip, kUnknown };

Encoding encoding_of(const HttpHead& head) {
  Encoding encoding = Encoding::kNone;
  for (const auto& [name, value] : head.headers) {
    if (name != "content-encoding") continue;
    std::string lowered(value);
    for (char& c : lowered) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    }
    if (lowered == "identity" || lowered.empty()) continue;
    // A second encoding around the first is one that nobody here takes off.
    if ((lowered != "gzip" && lowered != "x-gzip") || encoding != Encoding::kNone) return Encoding::kUnknown;
    encoding = Encoding::kGzip;
  }
  return encoding;
}

}  // namespace

HttpBodyReader::HttpBodyReader(const RequestHead& request, const Admission& admission, const HttpLimits& limits)
    : framing_(request.body),
      length_(request.length),
      max_body_bytes_(admission.max_body_bytes),
      max_inflated_bytes_(admission.max_inflated_bytes),
      chunks_(limits.max_head_bytes) {
  if (framing_ == RequestHead::Body::kNone) {
    whole_ = true;
    return;
  }
  const Encoding encoding = admission.inflate ? encoding_of(request.head) : Encoding::kNone;
  gzip_ = encoding == Encoding::kGzip;
  if (encoding == Encoding::kUnknown) refuse(HttpRefusal(HttpEnd::kUnknownEncoding));
  if (length_ > max_body_bytes_) refuse(HttpRefusal(HttpEnd::kBodyTooLarge));
}

std::size_t HttpBodyReader::feed(std::string_view bytes) {
  if (whole_ || refused_) return 0;
  return framing_ == RequestHead::Body::kLength ? feed_length(bytes) : feed_chunks(bytes);
}

std::size_t HttpBodyReader::feed_length(std::string_view bytes) {
  const std::size_t taken = std::min(bytes.size(), length_ - received_);
  add(bytes.substr(0, taken));
  if (!refused_ && received_ == length_) end();
  return taken;
}

std::size_t HttpBodyReader::feed_chunks(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && !whole_ && !refused_) {
    const auto step = chunks_.next(bytes.substr(taken));
    taken += step.taken;
    switch (step.found) {
      case ChunkDecoder::Found::kMore:
        return taken;
      case ChunkDecoder::Found::kData:
        if (step.data.size() > max_body_bytes_ - received_) {
          refuse(HttpRefusal(HttpEnd::kBodyTooLarge));
        } else {
          add(step.data);
        }
        break;
      case ChunkDecoder::Found::kEnd:
        end();
        break;
      case ChunkDecoder::Found::kBad:
        refuse(HttpRefusal(HttpEnd::kBadFraming, chunks_.bad()));
        break;
    }
  }
  return taken;
}

void HttpBodyReader::add(std::string_view data) {
  received_ += data.size();
  if (!gzip_) {
    body_.append(data);
  } else if (gunzip_ || received_ > kKeptGzipBytes) {
    inflate(data);
  } else {
    compressed_.append(data);
  }
}

void HttpBodyReader::inflate(std::string_view compressed) {
  if (!gunzip_) {
    gunzip_ = std::make_unique<Gunzip>();
    const std::string kept = std::exchange(compressed_, {});
    inflate(kept);
    if (refused_) return;
  }
  switch (gunzip_->add(compressed, body_, max_inflated_bytes_)) {
    case Gunzip::Outcome::kMore:
      return;
    case Gunzip::Outcome::kTooLarge:
      return refuse(HttpRefusal(HttpEnd::kInflatesTooLarge));
    case Gunzip::Outcome::kBad:
      return refuse(HttpRefusal(HttpEnd::kBadGzip));
  }
}

void HttpBodyReader::end() {
  if (gzip_ && received_ > 0 && !gunzip_) {
    // One member, whose size its last bytes say; where that is not so, the way below tells what it is.
    const std::size_t size = gzip_size_hint(compressed_);
    if (size <= max_inflated_bytes_ && size / kMostInflation <= compressed_.size()) {
      body_.resize(size);
      if (inflate_whole(compressed_, body_.data(), size) == size) {
        compressed_ = {};
        whole_ = true;
        return;
      }
      body_.clear();
    }
    inflate({});
  }
  if (gunzip_ && !refused_ && !gunzip_->complete())
    refuse(HttpRefusal(HttpEnd::kBadGzip, "the gzip ends in the middle"));
  whole_ = !refused_;
}

}  // namespace tripline::connectors::net
