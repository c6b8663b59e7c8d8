#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "engine/digest.h"
#include "engine/event_time.h"

namespace tripline::connectors {

/// A file as a look at its folder found it.
struct FoundFile {
  std::string path;
  std::uint64_t size = 0;
  std::int64_t changed_ns = 0;  // since 1970
  std::uint64_t inode = 0;
  bool operator==(const FoundFile&) const = default;

  /// What it is remembered by; a file that changes is another one.
  engine::Digest digest() const;
};

/// Which files of a folder are to be read now: each once, and none before it has stayed as it is for a while, so that
/// no file is read half-written. Files whose names say when they were delivered come in that order, the others after
/// them. Decides only: others look, read, and say what became of it. Time is passed in. Threads: one.
class FolderFiles {
 public:
  explicit FolderFiles(std::chrono::milliseconds settle) : settle_(settle) {}

  /// It was read by an earlier process.
  void remember(const engine::Digest& digest) { done_.insert(digest); }

  /// A look at one folder (with its slash), not below it, found these files there, and no others.
  void look_at(std::string_view folder, const std::vector<FoundFile>& found, engine::EventTime now);
  /// A look at everything.
  void look_at_all(const std::vector<FoundFile>& found, engine::EventTime now);

  /// The next file to read, which is in hand from now on; nothing: none is ready.
  std::optional<FoundFile> next(engine::EventTime now);

  /// What became of a file in hand. One that failed is given again, not before the next look at it.
  void done(const FoundFile& file);
  void failed(const FoundFile& file);
  /// A file in hand has become another one before it was read: it has to stay as it is anew.
  void put_back(const FoundFile& as_it_is, engine::EventTime now);

  /// Files that were done with and that no look at everything finds any more: they need not be remembered.
  std::vector<engine::Digest> take_forgotten();

  std::size_t waiting() const { return waiting_.size(); }
  std::size_t remembered() const { return done_.size(); }
  /// The earliest time of delivery of what waits, is in hand or has failed, as names say it; nothing: none says one.
  std::optional<engine::EventTime> oldest() const;
  /// When the first of those that wait will have stayed as it is long enough; nothing: none waits.
  std::optional<engine::EventTime> next_ready() const;

 private:
  struct Waiting {
    FoundFile file;
    engine::EventTime ready;  // if it stays as it is
    std::optional<engine::EventTime> delivered;
  };
  using ByPath = std::map<std::string, Waiting, std::less<>>;
  /// The order of reading: has no time of delivery, that time, path.
  using Place = std::tuple<bool, engine::EventTime, std::string>;
  static Place place_of(const Waiting& waiting);
  void drop(ByPath::iterator waiting);
  void find(const FoundFile& file, engine::EventTime now);
  void wait(const FoundFile& file, engine::EventTime ready);

  std::chrono::milliseconds settle_;
  ByPath waiting_;
  std::set<Place> order_;  // of waiting_
  ByPath in_hand_;
  ByPath failed_;  // until the next look
  std::set<engine::Digest> done_;
  std::vector<engine::Digest> forgotten_;
};

}  // namespace tripline::connectors
