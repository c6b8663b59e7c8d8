#include "tests/support/power_cut_disk.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include <sqlite3.h>

namespace tripline::tests {
namespace {

constexpr std::size_t kSector = 512;

void put(std::string& content, std::size_t at, std::string_view bytes) {
  if (content.size() < at + bytes.size()) content.resize(at + bytes.size(), '\0');
  std::copy(bytes.begin(), bytes.end(), content.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace

/// One open file: the sqlite3_file that SQLite allocates, and what it calls on it.
struct PowerCutFile {
  sqlite3_file base;  // first: SQLite knows us by its address
  PowerCutDisk* disk;
  std::shared_ptr<PowerCutDisk::Inode>* inode;
  std::string* name;  // empty: a temporary file
  bool syncs_folder;  // at its next sync
  bool delete_on_close;

  static PowerCutFile& of(sqlite3_file* file) { return *reinterpret_cast<PowerCutFile*>(file); }
  static PowerCutDisk& disk_of(sqlite3_vfs* vfs) { return *static_cast<PowerCutDisk*>(vfs->pAppData); }

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* raw, int flags, int* out_flags) {
    raw->pMethods = nullptr;
    PowerCutDisk& disk = disk_of(vfs);
    if (disk.failed()) return SQLITE_CANTOPEN;
    const std::string name = path == nullptr ? "" : path;
    std::shared_ptr<PowerCutDisk::Inode> inode;
    if (const auto found = disk.names_.find(name); found != disk.names_.end()) inode = found->second;
    if (inode == nullptr) {
      if ((flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
      inode = std::make_shared<PowerCutDisk::Inode>();
      if (!name.empty()) {
        const bool worked = disk.operate();
        disk.rename(name, inode);
        if (!worked) return SQLITE_CANTOPEN;
      }
    }
    PowerCutFile& file = of(raw);
    file.disk = &disk;
    file.inode = new std::shared_ptr<PowerCutDisk::Inode>(std::move(inode));
    file.name = new std::string(name);
    file.syncs_folder = (flags & SQLITE_OPEN_CREATE) != 0 &&
                        (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL)) != 0;
    file.delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    file.base.pMethods = methods();
    ++disk.open_files_;
    if (out_flags != nullptr) *out_flags = flags;
    return SQLITE_OK;
  }

  static int close(sqlite3_file* raw) {
    PowerCutFile& file = of(raw);
    --file.disk->open_files_;
    if (file.delete_on_close && !file.name->empty()) file.disk->rename(*file.name, nullptr);
    delete file.inode;
    delete file.name;
    return SQLITE_OK;
  }

  static int read(sqlite3_file* raw, void* bytes, int size, sqlite3_int64 at) {
    const PowerCutFile& file = of(raw);
    if (file.disk->failed()) return SQLITE_IOERR_READ;
    const std::string& content = (*file.inode)->now;
    const auto wanted = static_cast<std::size_t>(size), from = static_cast<std::size_t>(at);
    const std::size_t there = from >= content.size() ? 0 : std::min(wanted, content.size() - from);
    std::memcpy(bytes, content.data() + (there == 0 ? 0 : from), there);
    std::memset(static_cast<char*>(bytes) + there, 0, wanted - there);
    return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
  }

  static int write(sqlite3_file* raw, const void* bytes, int size, sqlite3_int64 at) {
    const PowerCutFile& file = of(raw);
    PowerCutDisk& disk = *file.disk;
    if (disk.failed()) return SQLITE_IOERR_WRITE;
    PowerCutDisk::Inode& inode = **file.inode;
    const auto from = static_cast<std::size_t>(at), length = static_cast<std::size_t>(size);
    const std::size_t grows = from + length > inode.now.size() ? from + length - inode.now.size() : 0;
    if (grows != 0 && disk.bytes() + grows > disk.capacity_) return SQLITE_FULL;
    const bool worked = disk.operate();
    disk.write(inode, from, static_cast<const char*>(bytes), length);
    return worked ? SQLITE_OK : SQLITE_IOERR_WRITE;
  }

  static int truncate(sqlite3_file* raw, sqlite3_int64 size) {
    const PowerCutFile& file = of(raw);
    if (file.disk->failed()) return SQLITE_IOERR_TRUNCATE;
    const bool worked = file.disk->operate();
    (*file.inode)->now.resize(static_cast<std::size_t>(size));
    (*file.inode)->unsynced.push_back({true, static_cast<std::size_t>(size), {}});
    return worked ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
  }

  static int sync(sqlite3_file* raw, int) {
    PowerCutFile& file = of(raw);
    if (file.disk->failed() || !file.disk->operate()) return SQLITE_IOERR_FSYNC;
    PowerCutDisk::Inode& inode = **file.inode;
    inode.synced = inode.now;
    inode.unsynced.clear();
    if (file.syncs_folder) {
      // SQLite's own file system takes no notice when this fails; there, we sync the folder ourselves.
      if (!file.disk->operate()) return SQLITE_IOERR_DIR_FSYNC;
      file.disk->sync_names();
      file.syncs_folder = false;
    }
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* vfs, const char* path, int sync_folder) {
    PowerCutDisk& disk = disk_of(vfs);
    if (disk.failed()) return SQLITE_IOERR_DELETE;
    if (!disk.names_.contains(path)) return SQLITE_IOERR_DELETE_NOENT;
    const bool worked = disk.operate();
    disk.rename(path, nullptr);
    if (!worked) return SQLITE_IOERR_DELETE;
    if (sync_folder != 0) {
      if (!disk.operate()) return SQLITE_IOERR_DIR_FSYNC;
      disk.sync_names();
    }
    return SQLITE_OK;
  }

  static int access(sqlite3_vfs* vfs, const char* path, int flags, int* result) {
    const PowerCutDisk& disk = disk_of(vfs);
    if (disk.failed()) return SQLITE_IOERR_ACCESS;
    const auto found = disk.names_.find(path);
    const bool there = found != disk.names_.end();
    *result = there && (flags != SQLITE_ACCESS_EXISTS || !found->second->now.empty()) ? 1 : 0;  // as SQLite's own does
    return SQLITE_OK;
  }

  static int file_size(sqlite3_file* raw, sqlite3_int64* size) {
    if (of(raw).disk->failed()) return SQLITE_IOERR_FSTAT;
    *size = static_cast<sqlite3_int64>((*of(raw).inode)->now.size());
    return SQLITE_OK;
  }

  static int map_shared(sqlite3_file* raw, int region, int size, int, void volatile** out) {
    auto& regions = of(raw).disk->shared_memory_[*of(raw).name];
    while (regions.size() <= static_cast<std::size_t>(region)) {
      regions.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
    }
    *out = regions[static_cast<std::size_t>(region)].get();
    return SQLITE_OK;
  }

  static int unmap_shared(sqlite3_file* raw, int) {
    of(raw).disk->shared_memory_.erase(*of(raw).name);
    return SQLITE_OK;
  }

  static const sqlite3_io_methods* methods() {
    static const sqlite3_io_methods kMethods = [] {
      sqlite3_io_methods m{};
      m.iVersion = 2;
      m.xClose = close;
      m.xRead = read;
      m.xWrite = write;
      m.xTruncate = truncate;
      m.xSync = sync;
      m.xFileSize = file_size;
      m.xLock = [](sqlite3_file*, int) { return SQLITE_OK; };
      m.xUnlock = [](sqlite3_file*, int) { return SQLITE_OK; };
      m.xCheckReservedLock = [](sqlite3_file*, int* result) { return *result = 0, SQLITE_OK; };
      m.xFileControl = [](sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; };
      m.xSectorSize = [](sqlite3_file*) { return static_cast<int>(kSector); };
      m.xDeviceCharacteristics = [](sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; };  // as SQLite's own
      m.xShmMap = map_shared;
      m.xShmLock = [](sqlite3_file*, int, int, int) { return SQLITE_OK; };
      m.xShmBarrier = [](sqlite3_file*) {};
      m.xShmUnmap = unmap_shared;
      return m;
    }();
    return &kMethods;
  }
};

PowerCutDisk::PowerCutDisk() : vfs_(std::make_unique<sqlite3_vfs>(*sqlite3_vfs_find(nullptr))) {
  static int made = 0;
  name_ = "power_cut_" + std::to_string(++made);
  vfs_->iVersion = 1;
  vfs_->pNext = nullptr;
  vfs_->zName = name_.c_str();
  vfs_->pAppData = this;
  vfs_->szOsFile = sizeof(PowerCutFile);
  vfs_->xOpen = PowerCutFile::open;
  vfs_->xDelete = PowerCutFile::remove;
  vfs_->xAccess = PowerCutFile::access;
  vfs_->xFullPathname = [](sqlite3_vfs*, const char* path, int size, char* out) {
    return sqlite3_snprintf(size, out, "%s", path), SQLITE_OK;
  };
  sqlite3_vfs_register(vfs_.get(), 0);
}

PowerCutDisk::~PowerCutDisk() { sqlite3_vfs_unregister(vfs_.get()); }

bool PowerCutDisk::operate() { return ++operations_ < fail_at_ && operations_ != fail_once_at_; }

std::size_t PowerCutDisk::bytes() const {
  std::size_t sum = 0;
  for (const auto& [name, inode] : names_) sum += inode->now.size();
  return sum;
}

void PowerCutDisk::write(Inode& inode, std::size_t at, const char* bytes, std::size_t size) {
  put(inode.now, at, {bytes, size});
  while (size > 0) {
    const std::size_t piece = std::min(size, kSector - at % kSector);
    inode.unsynced.push_back({false, at, std::string(bytes, piece)});
    at += piece;
    bytes += piece;
    size -= piece;
  }
}

void PowerCutDisk::rename(const std::string& name, std::shared_ptr<Inode> inode) {
  unsynced_names_.push_back({name, inode});
  if (inode == nullptr) {
    names_.erase(name);
  } else {
    names_[name] = std::move(inode);
  }
}

void PowerCutDisk::sync_names() {
  synced_names_ = names_;
  unsynced_names_.clear();
}

void PowerCutDisk::settle(Inode& inode, Survives survives, std::mt19937_64& random) {
  inode.now = inode.synced;
  if (survives == Survives::kSome) {
    std::shuffle(inode.unsynced.begin(), inode.unsynced.end(), random);
    std::bernoulli_distribution survived(std::uniform_real_distribution<>(0, 1)(random));
    for (const Change& change : inode.unsynced) {
      if (!survived(random)) continue;
      if (change.truncates) {
        inode.now.resize(change.at);
      } else {
        put(inode.now, change.at, change.bytes);
      }
    }
  }
  inode.synced = inode.now;
  inode.unsynced.clear();
}

void PowerCutDisk::cut_power(Survives survives, std::mt19937_64& random) {
  assert(open_files_ == 0);
  shared_memory_.clear();
  fail_at_ = SIZE_MAX;
  if (survives == Survives::kAll) return;
  names_ = synced_names_;
  std::bernoulli_distribution survived(0.5);
  for (const NameChange& change : unsynced_names_) {
    if (survives == Survives::kNothing || !survived(random)) continue;
    if (change.inode == nullptr) {
      names_.erase(change.name);
    } else {
      names_[change.name] = change.inode;
    }
  }
  sync_names();
  for (const auto& [name, inode] : names_) settle(*inode, survives, random);
}

}  // namespace tripline::tests
