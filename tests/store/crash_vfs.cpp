#include "store/crash_vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "base/random.hpp"

namespace ieum::store::test {
namespace {

constexpr std::size_t kSector = 512;

// ---- failures ---------------------------------------------------------------------------------------------------------
std::atomic<int> g_seen{0};
std::atomic<int> g_at{0};
std::atomic<bool> g_from_then{false};
std::atomic<bool> g_full{false};
std::atomic<bool> g_done{false};
std::atomic<Operation> g_operation{Operation::write};

bool fails(Operation operation) {
  if (operation != g_operation.load(std::memory_order_relaxed)) return false;
  const int count = ++g_seen;
  const int at = g_at.load();
  return at != 0 && (count == at || (g_from_then.load() && count > at));
}

sqlite3_mem_methods g_memory;

// SQLite's memory, that runs out. Its methods can be changed before its first use only.
bool install_memory() {
  sqlite3_config(SQLITE_CONFIG_GETMALLOC, &g_memory);
  sqlite3_mem_methods failing = g_memory;
  failing.xMalloc = [](int size) -> void* { return fails(Operation::memory) ? nullptr : g_memory.xMalloc(size); };
  failing.xRealloc = [](void* from, int size) -> void* {
    return fails(Operation::memory) ? nullptr : g_memory.xRealloc(from, size);
  };
  return sqlite3_config(SQLITE_CONFIG_MALLOC, &failing) == SQLITE_OK;
}
const bool g_memory_installed = install_memory();

// ---- what is not synced -----------------------------------------------------------------------------------------------
struct Change {
  bool truncates = false;
  std::size_t at = 0;  // of a write; of a truncation: the size
  std::string bytes;
};

void put(std::string& file, const Change& change) {
  if (change.truncates) return file.resize(change.at);
  if (change.bytes.empty()) return;
  if (file.size() < change.at + change.bytes.size()) file.resize(change.at + change.bytes.size());
  file.replace(change.at, change.bytes.size(), change.bytes);
}

struct Watched {
  std::string synced;
  std::vector<Change> changes;
  bool new_name = false;              // its folder was not synced since it was made
  std::optional<std::string> before;  // what the name led to before it was removed, where that was not synced
};

std::mutex g_mutex;
bool g_watching = false;
std::function<void()> g_at_sync;
std::map<std::string, Watched> g_watched;

Watched* watched(const char* path) {
  if (path == nullptr || !g_watching) return nullptr;
  const auto found = g_watched.find(path);
  return found == g_watched.end() ? nullptr : &found->second;
}

void note(const char* path, Change change) {
  const std::lock_guard lock(g_mutex);
  if (Watched* file = watched(path)) file->changes.push_back(std::move(change));
}

void note_opened(const char* path, int flags) {
  const std::lock_guard lock(g_mutex);
  if (path == nullptr || !g_watching) return;
  std::error_code none;
  const bool there = std::filesystem::exists(path, none);
  const auto [found, fresh] = g_watched.try_emplace(path);
  if (fresh && there) {
    std::ifstream in(path, std::ios::binary);
    found->second.synced.assign(std::istreambuf_iterator<char>(in), {});
  }
  if (!there && (flags & SQLITE_OPEN_CREATE) != 0) found->second.new_name = true;
}

void note_synced(const char* path) {
  const std::lock_guard lock(g_mutex);
  Watched* file = watched(path);
  if (file == nullptr) return;
  for (const Change& change : file->changes) put(file->synced, change);
  file->changes.clear();
  if (!file->new_name) return;
  // SQLite syncs the folder with the first sync of a file that it made: what was removed from it is gone as well.
  file->new_name = false;
  for (auto& [name, other] : g_watched) other.before.reset();
}

void note_removed(const char* path, bool folder_synced) {
  const std::lock_guard lock(g_mutex);
  Watched* file = watched(path);
  if (file == nullptr) return;
  std::optional<std::string> before = file->before;
  if (!before && !file->new_name) before = file->synced;
  *file = Watched{};
  if (!folder_synced) file->before = std::move(before);
}

void leave_sectors(std::string& file, const Change& change, Random& random, bool garbage) {
  if (change.truncates) {
    if (random.next() % 2 == 0) put(file, change);
    return;
  }
  for (std::size_t at = change.at; at < change.at + change.bytes.size();) {
    const std::size_t end = std::min((at / kSector + 1) * kSector, change.at + change.bytes.size());
    Change sector{false, at, change.bytes.substr(at - change.at, end - at)};
    const auto dice = random.next() % 16;
    if (garbage && dice == 0) sector.bytes = random.bytes(sector.bytes.size());
    if (dice < 9) put(file, sector);
    at = end;
  }
}

std::string after_power_cut(const Watched& file, Fate fate, Random& random) {
  if (file.before && fate != Fate::kept && (fate == Fate::dropped || random.next() % 2 == 0)) return *file.before;
  std::string left = file.synced;
  if (fate == Fate::dropped) return left;
  const std::size_t all = file.changes.size();
  const std::size_t torn = fate == Fate::torn && all > 0 ? random.next() % all : all;
  for (std::size_t i = 0; i < all && i <= torn; ++i) {
    if (fate == Fate::reordered || i == torn) {
      leave_sectors(left, file.changes[i], random, fate == Fate::reordered);
    } else {
      put(left, file.changes[i]);
    }
  }
  return left;
}

// ---- the VFS ----------------------------------------------------------------------------------------------------------
struct File {
  sqlite3_file base;
  sqlite3_file* real;
  const char* path;  // SQLite keeps it as long as the file is open
};

File* mine(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
sqlite3_file* real(sqlite3_file* file) { return mine(file)->real; }
#define IEUM_CALL(method, ...) real(file)->pMethods->method(real(file) __VA_OPT__(, ) __VA_ARGS__)

int close_file(sqlite3_file* file) {
  const int code = IEUM_CALL(xClose);
  std::free(real(file));
  return code;
}
int read_file(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
  if (fails(Operation::read)) return SQLITE_IOERR_READ;
  return IEUM_CALL(xRead, to, size, at);
}
int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  const bool failed = fails(Operation::write);
  const int some = failed ? size / 2 : size;
  const int code = IEUM_CALL(xWrite, from, some, at);
  note(mine(file)->path,
       {false, static_cast<std::size_t>(at), {static_cast<const char*>(from), static_cast<std::size_t>(some)}});
  if (failed) return g_full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
  return code;
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  if (fails(Operation::truncate)) return SQLITE_IOERR_TRUNCATE;
  note(mine(file)->path, {true, static_cast<std::size_t>(size), {}});
  return IEUM_CALL(xTruncate, size);
}
int sync_file(sqlite3_file* file, int flags) {
  const bool failed = fails(Operation::sync);
  if (failed && !g_done) return SQLITE_IOERR_FSYNC;
  std::function<void()> at_sync;
  {
    const std::lock_guard lock(g_mutex);
    if (watched(mine(file)->path) != nullptr) at_sync = g_at_sync;
  }
  if (at_sync) at_sync();
  const int code = IEUM_CALL(xSync, flags);
  if (code == SQLITE_OK) note_synced(mine(file)->path);
  return failed ? SQLITE_IOERR_FSYNC : code;
}
int file_size(sqlite3_file* file, sqlite3_int64* size) { return IEUM_CALL(xFileSize, size); }
int lock_file(sqlite3_file* file, int level) { return IEUM_CALL(xLock, level); }
int unlock_file(sqlite3_file* file, int level) { return IEUM_CALL(xUnlock, level); }
int reserved(sqlite3_file* file, int* answer) { return IEUM_CALL(xCheckReservedLock, answer); }
int control(sqlite3_file* file, int operation, void* argument) { return IEUM_CALL(xFileControl, operation, argument); }
int sector(sqlite3_file* file) { return IEUM_CALL(xSectorSize); }
int device(sqlite3_file* file) { return IEUM_CALL(xDeviceCharacteristics); }
int map_shared(sqlite3_file* file, int page, int size, int extend, void volatile** to) {
  if (extend != 0 && fails(Operation::map)) return SQLITE_IOERR_SHMSIZE;
  return IEUM_CALL(xShmMap, page, size, extend, to);
}
int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
  return IEUM_CALL(xShmLock, offset, count, flags);
}
void barrier(sqlite3_file* file) { IEUM_CALL(xShmBarrier); }
int unmap_shared(sqlite3_file* file, int remove) { return IEUM_CALL(xShmUnmap, remove); }
int fetch(sqlite3_file* file, sqlite3_int64 at, int size, void** to) { return IEUM_CALL(xFetch, at, size, to); }
int unfetch(sqlite3_file* file, sqlite3_int64 at, void* from) { return IEUM_CALL(xUnfetch, at, from); }
#undef IEUM_CALL

const sqlite3_io_methods kMethods = {3,         close_file,   read_file, write_file,  truncate_file,
                                     sync_file, file_size,    lock_file, unlock_file, reserved,
                                     control,   sector,       device,    map_shared,  lock_shared,
                                     barrier,   unmap_shared, fetch,     unfetch};

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  auto* below = static_cast<sqlite3_vfs*>(vfs->pAppData);
  mine(file)->base.pMethods = nullptr;
  if (fails(Operation::open)) return SQLITE_CANTOPEN;
  mine(file)->path = name;
  mine(file)->real = static_cast<sqlite3_file*>(std::calloc(1, static_cast<std::size_t>(below->szOsFile)));
  note_opened(name, flags);
  const int code = below->xOpen(below, name, real(file), flags, out_flags);
  if (real(file)->pMethods == nullptr) {
    std::free(real(file));
    return code;
  }
  mine(file)->base.pMethods = &kMethods;
  return code;
}

int remove_file(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  auto* below = static_cast<sqlite3_vfs*>(vfs->pAppData);
  const int code = below->xDelete(below, name, sync_folder);
  if (code == SQLITE_OK) note_removed(name, sync_folder != 0);
  return code;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const FaultPlan& plan) {
  static constexpr const char* kNames[] = {"open", "read", "write", "sync", "truncate", "map", "memory"};
  return out << kNames[static_cast<int>(plan.operation)] << (plan.full ? ", full" : "")
             << (plan.done ? ", done all the same" : "") << (plan.from_then ? ", from then on" : ", once");
}

std::ostream& operator<<(std::ostream& out, Fate fate) {
  static constexpr const char* kNames[] = {"kept", "dropped", "torn", "reordered"};
  return out << kNames[static_cast<int>(fate)];
}

void CrashVfs::arm(const FaultPlan& plan) {
  static sqlite3_vfs vfs = [] {
    sqlite3_vfs* below = sqlite3_vfs_find(nullptr);
    sqlite3_vfs made = *below;
    made.zName = kName;
    made.szOsFile = sizeof(File);
    made.pAppData = below;
    made.xOpen = open_file;
    made.xDelete = remove_file;
    return made;
  }();
  if (sqlite3_vfs_find(kName) == nullptr) sqlite3_vfs_register(&vfs, 0);
  g_at = 0;
  g_operation = plan.operation;
  g_from_then = plan.from_then;
  g_full = plan.full;
  g_done = plan.done;
  g_seen = 0;
  g_at = plan.at;
}

int CrashVfs::seen() { return g_seen.load(); }

void CrashVfs::watch(std::function<void()> at_sync) {
  disarm();
  const std::lock_guard lock(g_mutex);
  g_watched.clear();
  g_at_sync = std::move(at_sync);
  g_watching = true;
}

void CrashVfs::at_sync(std::function<void()> call) {
  const std::lock_guard lock(g_mutex);
  g_at_sync = std::move(call);
}

void CrashVfs::unwatch() {
  const std::lock_guard lock(g_mutex);
  g_watching = false;
  g_watched.clear();
  g_at_sync = nullptr;
}

void CrashVfs::image(const std::string& folder, Fate fate, std::uint64_t seed) {
  const std::lock_guard lock(g_mutex);
  SeededRandom random(seed);
  for (const auto& [path, file] : g_watched) {
    const std::string left = after_power_cut(file, fate, random);
    const auto to = std::filesystem::path(folder) / std::filesystem::path(path).filename();
    std::error_code none;
    std::filesystem::remove(to, none);
    if (!left.empty()) std::ofstream(to, std::ios::binary) << left;
  }
}

}  // namespace ieum::store::test
