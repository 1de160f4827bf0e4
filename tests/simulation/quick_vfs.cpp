#include "simulation/quick_vfs.hpp"

#include <sqlite3.h>

#include <map>

namespace ieum::sim {
namespace {

// The default VFS has a few tables of methods; each is copied with another sync.
const sqlite3_io_methods* without_sync(const sqlite3_io_methods* methods) {
  static std::map<const sqlite3_io_methods*, sqlite3_io_methods> copies;
  auto [found, fresh] = copies.emplace(methods, *methods);
  if (fresh) found->second.xSync = [](sqlite3_file*, int) { return SQLITE_OK; };
  return &found->second;
}

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  auto* below = static_cast<sqlite3_vfs*>(vfs->pAppData);
  const int code = below->xOpen(below, name, file, flags, out_flags);
  if (file->pMethods != nullptr) file->pMethods = without_sync(file->pMethods);
  return code;
}

}  // namespace

const char* quick_vfs() {
  static constexpr const char* kName = "ieum-quick";
  static sqlite3_vfs vfs = [] {
    sqlite3_vfs* below = sqlite3_vfs_find(nullptr);
    sqlite3_vfs mine = *below;
    mine.zName = kName;
    mine.pAppData = below;
    mine.xOpen = open_file;
    return mine;
  }();
  if (sqlite3_vfs_find(kName) == nullptr) sqlite3_vfs_register(&vfs, 0);
  return kName;
}

}  // namespace ieum::sim
