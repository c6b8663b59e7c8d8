#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace tripline::connectors::net {

/// Inflates gzip that comes in parts of any size, as one text of all members (RFC 1952, 2.2), and stops at a cap. What
/// is damaged, or followed by anything but a member, is refused: unlike a log file, a request can be sent again.
/// Memory: some 50 KiB, and what comes out.
class Gunzip {
 public:
  enum class Outcome { kMore, kTooLarge, kBad };

  Gunzip();
  ~Gunzip();
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  /// Inflates the next bytes to the end of `to`, which never gets larger than `max_bytes`. Not called again after
  /// anything but kMore.
  Outcome add(std::string_view compressed, std::string& to, std::size_t max_bytes);

  /// Whether the text may end here: behind a member.
  bool complete() const { return between_members_ && any_member_; }

 private:
  struct Zlib;
  std::unique_ptr<Zlib> zlib_;
  bool between_members_ = true;
  bool any_member_ = false;
};

}  // namespace tripline::connectors::net
