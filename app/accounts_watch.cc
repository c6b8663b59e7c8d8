#include "app/accounts_watch.h"

#include <sys/stat.h>
#include <utility>

#include "app/accounts_file.h"

namespace tripline::app {

AccountsWatch::Version AccountsWatch::version() const {
  struct stat info {};
  if (::stat(path_.c_str(), &info) != 0) return {};
  return {.changed_ns = info.st_mtim.tv_sec * 1'000'000'000 + info.st_mtim.tv_nsec,
          .size = static_cast<std::uint64_t>(info.st_size),
          .inode = info.st_ino};
}

engine::Result<AccountsWatch> AccountsWatch::open(std::string path) {
  AccountsWatch watch(std::move(path));
  watch.read_ = watch.version();
  auto accounts = read_accounts_file(watch.path_);
  if (!accounts) return accounts.error();
  watch.accounts_ = std::move(*accounts);
  return watch;
}

engine::Result<bool> AccountsWatch::refresh() {
  const Version now = version();  // before reading: a change meanwhile is seen next time
  if (now == read_) return false;
  read_ = now;
  auto accounts = read_accounts_file(path_);
  if (!accounts) return accounts.error();
  accounts_ = std::move(*accounts);
  return true;
}

}  // namespace tripline::app
