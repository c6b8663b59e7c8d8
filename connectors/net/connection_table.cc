#include "connectors/net/connection_table.h"

#include <algorithm>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <utility>
#include <vector>

namespace tripline::connectors::net {

ConnectionTable::Entry ConnectionTable::enter(const std::string& share, Id& id) {
  Cut cut_other;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return Entry::kClosed;
    const auto mine = shares_.find(share);
    if (mine != shares_.end() && mine->second >= max_per_share_) return Entry::kAddressFull;
    if (rows_.size() >= max_connections_) {
      if (idle_.empty()) return Entry::kFull;
      Row& other = rows_.at(idle_.front());
      tell_to_close(other);
      cut_other = other.cut;
    }
    id = next_++;
    add(id, share);
  }
  if (!cut_other) return Entry::kIn;
  try {
    cut_other();
  } catch (...) {  // for want of memory; it is told to close all the same, and sees it when it has something to do
  }
  return Entry::kInForAnother;
}

/// Wholly or, when there is no memory for it, not at all.
void ConnectionTable::add(Id id, const std::string& share) {
  Row row;
  row.share = share;
  std::list<Id> turn{id};
  row.turn = turn.begin();
  const auto mine = shares_.try_emplace(share, 0).first;
  try {
    rows_.emplace(id, std::move(row));
  } catch (...) {
    if (mine->second == 0) shares_.erase(mine);
    throw;
  }
  ++mine->second;
  idle_.splice(idle_.end(), turn);
}

void ConnectionTable::tell_to_close(Row& row) {
  idle_.erase(row.turn);
  row.idle = false;
  row.closing = true;
}

bool ConnectionTable::set_cut(Id id, Cut cut) {
  const std::lock_guard lock(mutex_);
  Row& row = rows_.at(id);
  row.cut = std::move(cut);
  return !row.closing;
}

bool ConnectionTable::begin(Id id) {
  const std::lock_guard lock(mutex_);
  Row& row = rows_.at(id);
  if (row.closing) return false;
  if (row.idle) idle_.erase(row.turn);
  row.idle = false;
  return true;
}

bool ConnectionTable::rest(Id id) {
  const std::lock_guard lock(mutex_);
  Row& row = rows_.at(id);
  if (row.closing || closed_) return false;
  if (!row.idle) row.turn = idle_.insert(idle_.end(), id);
  row.idle = true;
  return true;
}

void ConnectionTable::leave(Id id) {
  Cut cut;  // dies without the lock, as it may hold the last of the connection
  const std::lock_guard lock(mutex_);
  const auto found = rows_.find(id);
  if (found == rows_.end()) return;
  Row& row = found->second;
  if (row.idle) idle_.erase(row.turn);
  if (const auto share = shares_.find(row.share); --share->second == 0) shares_.erase(share);
  cut = std::move(row.cut);
  rows_.erase(found);
  left_.notify_all();
}

void ConnectionTable::close() {
  std::vector<Cut> cut_them;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    while (!idle_.empty()) {
      Row& row = rows_.at(idle_.front());
      tell_to_close(row);
      cut_them.push_back(row.cut);
    }
  }
  for (const auto& cut_it : cut_them) {
    if (cut_it) cut_it();
  }
}

std::size_t ConnectionTable::wait_until_empty(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  left_.wait_for(lock, limit, [this] { return rows_.empty(); });
  return rows_.size();
}

void ConnectionTable::cut_all() {
  std::vector<Cut> cut_them;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    for (auto& [id, row] : rows_) {
      if (row.idle) tell_to_close(row);
      cut_them.push_back(row.cut);
    }
  }
  for (const auto& cut_it : cut_them) {
    if (cut_it) cut_it();
  }
  std::unique_lock lock(mutex_);
  left_.wait(lock, [this] { return rows_.empty(); });
}

std::size_t ConnectionTable::size() const {
  const std::lock_guard lock(mutex_);
  return rows_.size();
}

std::string ConnectionTable::share_of(const std::string& address) {
  in6_addr parsed{};
  const std::string plain = address.substr(0, address.find('%'));  // a link-local address names its interface
  if (inet_pton(AF_INET6, plain.c_str(), &parsed) != 1 || IN6_IS_ADDR_V4MAPPED(&parsed)) return address;
  std::fill(std::begin(parsed.s6_addr) + 8, std::end(parsed.s6_addr), std::uint8_t{0});
  char text[INET6_ADDRSTRLEN];
  return inet_ntop(AF_INET6, &parsed, text, sizeof text) == nullptr ? address : text + std::string("/64");
}

}  // namespace tripline::connectors::net
