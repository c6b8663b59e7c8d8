#include "app/serve/file_stamp.h"

#include <sys/stat.h>

namespace tripline::app {

FileStamp::FileStamp(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    struct stat status {};
    File file{.path = path};
    if (::stat(path.c_str(), &status) == 0) {
      file.changed_ns = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
      file.size = static_cast<std::uint64_t>(status.st_size);
      file.inode = status.st_ino;
    }
    files_.push_back(std::move(file));
  }
}

}  // namespace tripline::app
