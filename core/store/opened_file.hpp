// OpenedFile: a store's file, locked, migrated, with this process's epoch, and the ids that are next. What both kinds of
// store (thread and inline) stand on.
#pragma once
#include <array>
#include <atomic>
#include <functional>
#include <memory>

#include "store/process_lock.hpp"
#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ieum::store {

inline constexpr std::size_t kIdSpaces = 14;

struct OpenedFile {
  StoreOptions options;
  ProcessLock lock;  // freed last
  std::shared_ptr<Database> database;
  std::int64_t epoch = 0;
  bool ended_cleanly = true;
  std::array<Id, kIdSpaces> last_ids{};
  bool search_emptied = false;  // it was damaged
  // For its readers: leaves a note, and breaks the store unless what is damaged is the search index alone. [any-thread]
  std::function<void(const Error&)> on_damage;
};

Result<OpenedFile> open_file(StoreOptions options);

// Hands out ids. [any-thread]
class IdSource {
 public:
  explicit IdSource(const std::array<Id, kIdSpaces>& last) {
    for (std::size_t space = 0; space < kIdSpaces; ++space) last_[space] = last[space];
  }
  Id next(IdSpace space) { return last_[static_cast<std::size_t>(space)].fetch_add(1) + 1; }

 private:
  std::array<std::atomic<Id>, kIdSpaces> last_;
};

std::unique_ptr<Store> make_inline_store(OpenedFile file, Log& log);
std::unique_ptr<Store> make_thread_store(OpenedFile file, Log& log);

// The answer to a unit that comes after close().
UnitOutcome closed_outcome(const std::string& path);

}  // namespace ieum::store
