// What the store's tests share: a folder of their own, the three ways to open a store, and small rows to write.
#pragma once
#include <filesystem>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "store/soundness.hpp"
#include "store/store.hpp"

namespace ieum::store::test {

// A new folder that goes with the object.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string file(const std::string& name = "hub.db") const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

enum class Mode { thread, inline_file, memory };
inline constexpr Mode kModes[] = {Mode::thread, Mode::inline_file, Mode::memory};
std::ostream& operator<<(std::ostream& out, Mode mode);

StoreOptions options(const std::string& path, Mode mode);
std::unique_ptr<Store> open_or_fail(StoreOptions options);

// A store of one mode in its own folder, with a reader.
struct Opened {
  explicit Opened(Mode mode);
  // Submits to the work queue and waits.
  UnitOutcome put(std::vector<Write> writes) const;
  // The same, and fails the test when it is not committed.
  void must(std::vector<Write> writes) const;

  Folder folder;
  std::unique_ptr<Store> store;
  std::unique_ptr<Reader> reader;
};

// The value of an answer; fails the test when it is an error.
template <class T>
T got(Result<T> result);

inline constexpr Millis kNoon = 1'772'452'800'000;  // 2026-03-02T12:00:00Z

AcceptEvent accept(Id id, const std::string& dedupe_key = "", Millis at = kNoon, Id connection = 1);
StartRun start(Id id, Id recipe = 1, Id customer = 0, const std::string& key = "");
MoveRun move(Id run, std::int64_t rev, RunState to, std::optional<Millis> due = std::nullopt);
OpenStep open_step(Id id, Id run);
MoveStep close_step(Id step, StepState to = StepState::done);
AddCustomer add_customer(Id id);
IndexRun index_run(Id run, const std::string& text, std::vector<std::pair<std::string, std::string>> fields,
                   bool lives);

}  // namespace ieum::store::test

#include <boost/test/unit_test.hpp>

template <class T>
T ieum::store::test::got(Result<T> result) {
  BOOST_REQUIRE_MESSAGE(result.has_value(), (result.has_error() ? result.error().text() : ""));
  return std::move(*result);
}
