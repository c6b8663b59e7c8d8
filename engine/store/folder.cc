#include "engine/store/folder.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace tripline::engine::store {
namespace {

Error folder_error(const std::string& folder, std::string_view doing) {
  return fail(ErrorCode::kStore, "folder " + folder + " of the store: cannot " + std::string(doing) + ": " +
                                     std::strerror(errno) + "; name a folder that this user can write");
}

}  // namespace

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

Result<void> make_folder(const std::string& folder) {
  struct stat facts {};
  if (::stat(folder.c_str(), &facts) == 0) {
    if (S_ISDIR(facts.st_mode)) return {};
    errno = ENOTDIR;
    return folder_error(folder, "use it");
  }
  if (errno != ENOENT) return folder_error(folder, "use it");
  const std::string above = folder_of(folder);
  if (auto made = make_folder(above); !made) return made;
  // What is in there is evidence: not for everybody.
  if (::mkdir(folder.c_str(), 0750) != 0 && errno != EEXIST) return folder_error(folder, "make it");
  return sync_folder(above);
}

Result<void> sync_folder(const std::string& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return folder_error(folder, "open it");
  // EINVAL: a file system that has nothing to sync there.
  const bool synced = ::fsync(file) == 0 || errno == EINVAL;
  const int reason = errno;
  ::close(file);
  errno = reason;
  if (!synced) return folder_error(folder, "sync it");
  return {};
}

}  // namespace tripline::engine::store
