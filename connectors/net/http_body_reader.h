#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "connectors/net/chunk_decoder.h"
#include "connectors/net/gunzip.h"
#include "connectors/net/http_end.h"
#include "connectors/net/http_head_parser.h"
#include "connectors/net/http_limits.h"
#include "connectors/net/http_message.h"

namespace tripline::connectors::net {

/// Reads one request's body: by its length or in chunks, and takes gzip off. Its memory grows with what came, whatever
/// Content-Length says.
///
/// Gzip of up to 1 MiB is kept until all of it came and then inflated in one go, at twice the speed; more is inflated
/// as it comes. Neither way lets more than Admission::max_inflated_bytes out.
class HttpBodyReader {
 public:
  /// May be refused() at once: by its length or its encoding.
  HttpBodyReader(const RequestHead& request, const Admission& admission, const HttpLimits& limits);

  /// Takes bytes from the front and returns how many: all, unless the body ends in them or is refused.
  std::size_t feed(std::string_view bytes);

  bool whole() const { return whole_; }
  const std::optional<HttpRefusal>& refused() const { return refused_; }

  /// Memory that the body takes.
  std::size_t held_bytes() const { return body_.capacity() + compressed_.capacity(); }
  /// How much of the body came, as sent.
  std::size_t received_bytes() const { return received_; }

  /// Requires whole().
  std::string take() { return std::move(body_); }

 private:
  std::size_t feed_length(std::string_view bytes);
  std::size_t feed_chunks(std::string_view bytes);
  void add(std::string_view data);
  void inflate(std::string_view compressed);
  void end();
  void refuse(HttpRefusal refusal) { refused_ = refusal; }

  RequestHead::Body framing_;
  std::size_t length_;
  std::size_t max_body_bytes_;
  std::size_t max_inflated_bytes_;
  ChunkDecoder chunks_;
  bool gzip_ = false;
  std::unique_ptr<Gunzip> gunzip_;  // of gzip that is inflated as it comes
  std::string compressed_;          // of gzip that is not
  std::string body_;
  std::size_t received_ = 0;
  bool whole_ = false;
  std::optional<HttpRefusal> refused_;
};

}  // namespace tripline::connectors::net
