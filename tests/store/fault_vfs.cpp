#include "store/fault_vfs.hpp"

#include <sqlite3.h>

#include <atomic>
#include <cstdlib>
#include <cstring>

namespace ieum::store::test {
namespace {

struct File {
  sqlite3_file base;
  sqlite3_file* real;
};

std::atomic<int> g_seen{0};
std::atomic<int> g_at{0};
std::atomic<bool> g_from_then{false};
std::atomic<bool> g_full{false};
std::atomic<Operation> g_operation{Operation::write};

bool fails(Operation operation) {
  if (operation != g_operation.load()) return false;
  const int count = ++g_seen;
  const int at = g_at.load();
  return at != 0 && (count == at || (g_from_then.load() && count > at));
}

sqlite3_file* real(sqlite3_file* file) { return reinterpret_cast<File*>(file)->real; }
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
  if (fails(Operation::write)) {
    IEUM_CALL(xWrite, from, size / 2, at);
    return g_full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
  }
  return IEUM_CALL(xWrite, from, size, at);
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  if (fails(Operation::truncate)) return SQLITE_IOERR_TRUNCATE;
  return IEUM_CALL(xTruncate, size);
}
int sync_file(sqlite3_file* file, int flags) {
  if (fails(Operation::sync)) return SQLITE_IOERR_FSYNC;
  return IEUM_CALL(xSync, flags);
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
  auto* mine = reinterpret_cast<File*>(file);
  mine->base.pMethods = nullptr;
  if (fails(Operation::open)) return SQLITE_CANTOPEN;
  mine->real = static_cast<sqlite3_file*>(std::calloc(1, static_cast<std::size_t>(below->szOsFile)));
  const int code = below->xOpen(below, name, mine->real, flags, out_flags);
  if (mine->real->pMethods == nullptr) {
    std::free(mine->real);
    return code;
  }
  mine->base.pMethods = &kMethods;
  return code;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const FaultPlan& plan) {
  static constexpr const char* kNames[] = {"open", "read", "write", "sync", "truncate", "map"};
  return out << kNames[static_cast<int>(plan.operation)] << (plan.full ? ", full" : "")
             << (plan.from_then ? ", from then on" : ", once");
}

void FaultVfs::arm(const FaultPlan& plan) {
  static sqlite3_vfs vfs = [] {
    sqlite3_vfs* below = sqlite3_vfs_find(nullptr);
    sqlite3_vfs mine = *below;
    mine.zName = kName;
    mine.szOsFile = sizeof(File);
    mine.pAppData = below;
    mine.xOpen = open_file;
    return mine;
  }();
  if (sqlite3_vfs_find(kName) == nullptr) sqlite3_vfs_register(&vfs, 0);
  g_operation = plan.operation;
  g_from_then = plan.from_then;
  g_full = plan.full;
  g_at = plan.at;
  g_seen = 0;
}

int FaultVfs::seen() { return g_seen.load(); }

}  // namespace ieum::store::test
