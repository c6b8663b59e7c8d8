#include "connectors/file_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <set>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "connectors/s3_path.h"

namespace tripline::connectors {

using engine::ErrorCode;
using engine::fail;
using engine::Result;

namespace {

/// Ends of names that are no logs, within folders.
constexpr std::string_view kNoLogs[] = {
    ".md",  ".txt", ".rst", ".yml", ".yaml", ".toml", ".ini", ".cfg", ".py",  ".sh",  ".go",  ".js",  ".ts",
    ".tf",  ".c",   ".cc",  ".h",   ".rs",   ".html", ".htm", ".css", ".pdf", ".png", ".jpg", ".gif", ".svg",
    ".csv", ".xml", ".sql", ".db",  ".zip",  ".tar",  ".tgz", ".bz2", ".xz",  ".zst", ".7z",  ".sum", ".parquet",
};
constexpr std::string_view kNoLogNames[] = {"LICENSE", "LICENCE", "COPYING", "NOTICE", "README", "Makefile"};

bool is_no_log(std::string_view name) {
  return std::any_of(std::begin(kNoLogs), std::end(kNoLogs), [&](auto end) { return name.ends_with(end); }) ||
         std::find(std::begin(kNoLogNames), std::end(kNoLogNames), name) != std::end(kNoLogNames);
}

engine::Error io_error(const std::string& path) { return fail(ErrorCode::kIo, path + ": " + std::strerror(errno)); }

}  // namespace

/// Gathers the files of one open().
class FileSource::Walk {
 public:
  explicit Walk(FileSource& source) : source_(source) {}

  Result<void> add_named(const std::string& path) {
    struct stat info {};
    if (path != "-" && ::stat(path.c_str(), &info) != 0) return io_error(path);
    if (S_ISDIR(info.st_mode)) return add_folder(path.ends_with('/') ? path : path + "/", info);
    if (path != "-" && ::access(path.c_str(), R_OK) != 0) return io_error(path);
    source_.folders_.emplace_back();
    add_file(path, info);
    return {};
  }

 private:
  using Identity = std::pair<dev_t, ino_t>;

  struct Entry {
    std::string name;
    struct stat info;
  };

  /// `folder` ends in a slash.
  Result<void> add_folder(const std::string& folder, const struct stat& folder_info) {
    if (!seen_.insert({folder_info.st_dev, folder_info.st_ino}).second) {
      ++source_.repeated_;
      return {};
    }
    std::vector<Entry> entries;
    if (auto read = read_folder(folder, entries); !read) return read;
    const auto folder_index = source_.folders_.size();
    source_.folders_.push_back(folder);
    for (const Entry& entry : entries) {
      if (S_ISDIR(entry.info.st_mode)) {
        if (auto added = add_folder(folder + entry.name + "/", entry.info); !added) {
          source_.unreadable_.push_back(added.error().message);
        }
      } else {
        add_file(entry.name, entry.info, folder_index);
      }
    }
    return {};
  }

  Result<void> read_folder(const std::string& folder, std::vector<Entry>& entries) {
    DIR* const dir = ::opendir(folder.c_str());
    if (dir == nullptr) return io_error(folder);
    errno = 0;
    while (const dirent* const found = ::readdir(dir)) {
      Entry entry{found->d_name, {}};
      if (entry.name == "." || entry.name == "..") continue;
      const bool there = ::fstatat(::dirfd(dir), found->d_name, &entry.info, 0) == 0;  // a link may lead nowhere
      if (!there) {
        source_.unreadable_.push_back(io_error(folder + entry.name).message);
        errno = 0;
        continue;
      }
      const bool folder_or_file = (S_ISDIR(entry.info.st_mode) || S_ISREG(entry.info.st_mode));
      if (folder_or_file && !entry.name.starts_with('.') && !(S_ISREG(entry.info.st_mode) && is_no_log(entry.name))) {
        entries.push_back(std::move(entry));
      } else {
        ++source_.others_;
      }
      errno = 0;
    }
    const int error = errno;
    ::closedir(dir);
    errno = error;
    if (error != 0) return io_error(folder);
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
    return {};
  }

  void add_file(const std::string& name, const struct stat& info) { add_file(name, info, source_.folders_.size() - 1); }

  void add_file(const std::string& name, const struct stat& info, std::size_t folder) {
    if (!seen_.insert({info.st_dev, info.st_ino}).second) {  // stdin has no identity: 0, 0
      ++source_.repeated_;
      return;
    }
    const auto s3 = parse_s3_path(name);
    if (s3 && s3->is_digest()) {
      ++source_.digests_;
      return;
    }
    source_.files_.push_back({.folder = static_cast<std::uint32_t>(folder),
                              .name_bytes = static_cast<std::uint32_t>(name.size()),
                              .name_at = source_.names_.size(),
                              .delivered = s3 ? s3->delivered.time_since_epoch().count() : kNoTime});
    source_.names_ += name;
    if (S_ISREG(info.st_mode)) source_.bytes_ += static_cast<std::uint64_t>(info.st_size);
  }

  FileSource& source_;
  std::set<Identity> seen_;
};

Result<std::unique_ptr<FileSource>> FileSource::open(const std::vector<std::string>& paths) {
  std::unique_ptr<FileSource> source(new FileSource);
  Walk walk(*source);
  for (const std::string& path : paths) {
    if (auto added = walk.add_named(path); !added) return added.error();
  }
  std::stable_sort(source->files_.begin(), source->files_.end(), [&](const File& a, const File& b) {
    if (a.delivered != b.delivered) return a.delivered < b.delivered;
    return a.delivered != kNoTime && source->path_of(a) < source->path_of(b);
  });
  return source;
}

std::string FileSource::path_of(const File& file) const {
  return folders_[file.folder] + names_.substr(file.name_at, file.name_bytes);
}

Result<std::optional<engine::Envelope>> FileSource::next() {
  if (next_ == files_.size()) return std::optional<engine::Envelope>{};
  engine::Envelope envelope;
  envelope.sequence = next_;
  envelope.path = path_of(files_[next_++]);
  if (auto s3 = parse_s3_path(envelope.path)) {
    envelope.delivered = s3->delivered;
    envelope.account = std::move(s3->account);
    envelope.region = std::move(s3->region);
  }
  return std::optional(std::move(envelope));
}

}  // namespace tripline::connectors
