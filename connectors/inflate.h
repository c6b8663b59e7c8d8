#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "connectors/limits.h"
#include "engine/result.h"

namespace tripline::connectors {

/// Whether `bytes` begin like gzip (RFC 1952): the magic bytes decide, never a name.
bool is_gzip(std::string_view bytes);

/// The size that the last member of `gzip` says it inflates to, modulo 2^32; a hint, as anyone can write anything
/// there.
std::uint32_t gzip_size_hint(std::string_view gzip);

/// Inflates a gzip file of one member into `to` and returns how much came out. Nothing when it is anything else:
/// several members, trailing bytes, damage, or more than `size` bytes; GzipStream then says what. Uses libdeflate,
/// which is twice as fast as zlib and needs both sides in memory.
std::optional<std::size_t> inflate_whole(std::string_view gzip, char* to, std::size_t size);

/// Inflates a stream of gzip members as one text. White space and zero bytes between and behind members are passed over
/// (Data Firehose can be told to put line ends there).
///
/// What came out before damage counts, and the text goes on with the next member that can be found behind it; a limit
/// ends the text. trouble() says what happened.
/// Memory: 64 KiB, and zlib's.
class GzipStream {
 public:
  /// Fills a buffer with the next bytes of the compressed stream; 0: its end.
  using Pull = std::function<engine::Result<std::size_t>(char* to, std::size_t size)>;

  /// `left`: bytes that may still come out, shared by all streams of a delivery. Borrows both, which outlive it.
  GzipStream(Pull pull, const Limits& limits, std::uint64_t& left);
  ~GzipStream();
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

  /// Fills `to` and returns how much; less than `size` only at the end. An error is one of `pull`.
  engine::Result<std::size_t> read(char* to, std::size_t size);

  /// What went wrong first; nothing while all is well. kTruncated: the text ends in the middle of a member. kBadInput:
  /// a member is damaged, or what follows one is no gzip. kTooLarge: more comes out than Limits allow.
  const std::optional<engine::Error>& trouble() const { return trouble_; }

 private:
  struct Zlib;

  void note(engine::ErrorCode code, std::string why);
  engine::Result<bool> refill(std::size_t wanted);
  engine::Result<bool> next_member();
  void lose_member(engine::ErrorCode code, std::string why);

  Pull pull_;
  const Limits& limits_;
  std::uint64_t& left_;
  std::unique_ptr<Zlib> zlib_;
  bool between_members_ = true;
  bool any_member_ = false;
  bool lost_ = false;             // behind damage: a member has to be searched for
  std::size_t member_input_ = 0;  // where in the input at hand the present member's bytes begin, behind its first
  bool ended_ = false;
  std::uint64_t taken_ = 0;
  std::uint64_t inflated_ = 0;
  std::optional<engine::Error> trouble_;
};

}  // namespace tripline::connectors
