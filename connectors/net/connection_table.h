#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

#include "connectors/net/http_limits.h"

namespace tripline::connectors::net {

/// Who is connected, and who of them is idle: decides whom to let in.
///
/// When all connections are taken, the one that has been idle longest makes room; where none is, the newcomer is turned
/// away, as those at work have spent more. One address that has its share is turned away in any case, so that it cannot
/// drive others out. IPv6 addresses count by /64, which is what one host commonly has.
/// Threads: any.
class ConnectionTable {
 public:
  using Id = std::uint64_t;
  /// Tells a connection to end, whatever it does: soon, and then it leaves. Called without a lock, on any thread.
  using Cut = std::function<void()>;
  enum class Entry { kIn, kInForAnother, kFull, kAddressFull, kClosed };

  explicit ConnectionTable(const HttpLimits& limits)
      : max_connections_(limits.max_connections), max_per_share_(limits.max_connections_per_address) {}

  /// `share` is share_of() the peer. A new connection is idle. `id` is set when it is let in.
  Entry enter(const std::string& share, Id& id);
  /// Right after enter(); false: it was told to close meanwhile, and leaves without having begun.
  bool set_cut(Id id, Cut cut);
  /// The connection has something to do; false: it was told to close while it was idle.
  bool begin(Id id);
  /// It has nothing to do; false: it is to close.
  bool rest(Id id);
  void leave(Id id);

  /// Lets nobody in any more and closes the idle ones.
  void close();
  /// Waits until all have left, or for `limit`; how many have not.
  std::size_t wait_until_empty(std::chrono::milliseconds limit);
  /// Cuts all, and waits until they have left.
  void cut_all();

  std::size_t size() const;

  /// What a peer's address counts as.
  static std::string share_of(const std::string& address);

 private:
  struct Row {
    std::string share;
    Cut cut;
    bool closing = false;  // told to close while idle
    bool idle = true;
    std::list<Id>::iterator turn{};  // in idle_, while idle
  };

  void add(Id id, const std::string& share);
  void tell_to_close(Row& row);

  const std::size_t max_connections_;
  const std::size_t max_per_share_;
  mutable std::mutex mutex_;
  std::condition_variable left_;
  std::unordered_map<Id, Row> rows_;
  std::unordered_map<std::string, std::size_t> shares_;
  std::list<Id> idle_;  // longest first
  Id next_ = 0;
  bool closed_ = false;
};

}  // namespace tripline::connectors::net
