#include "connectors/folder_files.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "connectors/s3_path.h"

namespace tripline::connectors {

using engine::Digest;
using engine::EventTime;

namespace {

EventTime changed_at(const FoundFile& file) {
  return EventTime(std::chrono::floor<std::chrono::milliseconds>(std::chrono::nanoseconds{file.changed_ns}));
}

std::string_view folder_of(std::string_view path) { return path.substr(0, path.rfind('/') + 1); }

}  // namespace

Digest FoundFile::digest() const {
  return engine::digest_128({path, std::to_string(size), std::to_string(changed_ns), std::to_string(inode)});
}

FolderFiles::Place FolderFiles::place_of(const Waiting& waiting) {
  return {!waiting.delivered, waiting.delivered.value_or(EventTime{}), waiting.file.path};
}

void FolderFiles::drop(ByPath::iterator waiting) {
  order_.erase(place_of(waiting->second));
  waiting_.erase(waiting);
}

void FolderFiles::look_at(std::string_view folder, const std::vector<FoundFile>& found, EventTime now) {
  std::set<std::string_view> there;
  for (const FoundFile& file : found) there.insert(file.path);
  for (auto one = waiting_.lower_bound(folder); one != waiting_.end() && one->first.starts_with(folder);) {
    const auto next = std::next(one);
    if (folder_of(one->first) == folder && !there.contains(one->first)) drop(one);
    one = next;
  }
  for (const FoundFile& file : found) find(file, now);
}

void FolderFiles::look_at_all(const std::vector<FoundFile>& found, EventTime now) {
  std::set<Digest> digests;
  std::set<std::string_view> paths;
  for (const FoundFile& file : found) {
    digests.insert(file.digest());
    paths.insert(file.path);
  }
  for (auto one = waiting_.begin(); one != waiting_.end();) {
    const auto next = std::next(one);
    if (!paths.contains(one->first)) drop(one);
    one = next;
  }
  for (const FoundFile& file : found) find(file, now);
  failed_.clear();  // of those that are gone
  for (auto digest = done_.begin(); digest != done_.end();) {
    if (digests.contains(*digest)) {
      ++digest;
    } else {
      forgotten_.push_back(*digest);
      digest = done_.erase(digest);
    }
  }
}

void FolderFiles::find(const FoundFile& file, EventTime now) {
  failed_.erase(file.path);
  if (in_hand_.contains(file.path) || done_.contains(file.digest())) return;
  const auto known = waiting_.find(file.path);
  if (known != waiting_.end() && known->second.file == file) return;
  // One that has been lying there need not be watched first. A time to come says nothing.
  wait(file, (known == waiting_.end() ? std::min(changed_at(file), now) : now) + settle_);
}

void FolderFiles::wait(const FoundFile& file, EventTime ready) {
  const auto s3 = parse_s3_path(file.path);
  Waiting waiting{file, ready, s3 ? std::optional(s3->delivered) : std::nullopt};
  order_.insert(place_of(waiting));
  waiting_.insert_or_assign(file.path, std::move(waiting));
}

std::optional<FoundFile> FolderFiles::next(EventTime now) {
  for (const Place& place : order_) {
    const auto waiting = waiting_.find(std::get<std::string>(place));
    if (waiting->second.ready > now) continue;
    FoundFile file = waiting->second.file;
    in_hand_.emplace(file.path, waiting->second);
    drop(waiting);
    return file;
  }
  return std::nullopt;
}

void FolderFiles::done(const FoundFile& file) {
  in_hand_.erase(file.path);
  done_.insert(file.digest());
}

void FolderFiles::failed(const FoundFile& file) {
  const auto known = in_hand_.find(file.path);
  if (known == in_hand_.end()) return;
  failed_.insert_or_assign(file.path, std::move(known->second));
  in_hand_.erase(known);
}

void FolderFiles::put_back(const FoundFile& as_it_is, EventTime now) {
  in_hand_.erase(as_it_is.path);
  wait(as_it_is, now + settle_);
}

std::vector<Digest> FolderFiles::take_forgotten() { return std::exchange(forgotten_, {}); }

std::optional<EventTime> FolderFiles::oldest() const {
  std::optional<EventTime> oldest;
  for (const auto* files : {&waiting_, &in_hand_, &failed_}) {
    for (const auto& [path, one] : *files) {
      if (one.delivered && (!oldest || *one.delivered < *oldest)) oldest = one.delivered;
    }
  }
  return oldest;
}

std::optional<EventTime> FolderFiles::next_ready() const {
  std::optional<EventTime> next;
  for (const auto& [path, one] : waiting_) next = next ? std::min(*next, one.ready) : one.ready;
  return next;
}

}  // namespace tripline::connectors
