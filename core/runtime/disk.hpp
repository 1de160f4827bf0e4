// Disk: looks each second at the room that the store has, closes and opens the intake, hurries retention, and tells people.
//
// Measures through HubParts::space, judges by runtime/disk_marks.hpp. Works on the executor behind the hub; without an alarm it
// looks whenever the hub does.
#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

#include "runtime/context.hpp"
#include "runtime/disk_marks.hpp"

namespace ieum::runtime {

class Disk : public std::enable_shared_from_this<Disk> {
 public:
  struct Links {
    std::function<void()> press;   // retention has more to do than usual
    std::function<void()> opened;  // deliveries are taken again
    std::function<void()> looked;
  };
  Disk(Context& context, Executor* behind, Links links)
      : context_(context), executor_(behind), links_(std::move(links)) {}

  void start();
  void pass();                                       // looks, where no alarm does [engine]
  void leave() { left_ = true; }                     // what is still queued does nothing
  void stop();                                       // lets go of its reader
  [[nodiscard]] Room room() const { return room_; }  // [any-thread]
  // For people: sizes, what there is room for, how fast the store grows and when the disk is full. [any-thread]
  [[nodiscard]] Value view() const;

 private:
  struct Look {
    store::Space space;
    store::Pages pages;
    std::int64_t keep_bytes = 0;           // the store is to stay below; 0: it may grow
    std::optional<Millis> log_held_since;  // somebody reads, and keeps the log from being emptied
    Forecast forecast;
  };
  void arm();
  void look();  // [behind]
  void judge(const Look& look);
  void remember(Look& look);

  Context& context_;
  Executor* executor_;
  Links links_;
  std::unique_ptr<store::Reader> reader_;  // [behind]
  DiskHistory history_;                    // [behind]
  bool read_ = false;                      // the history of the process before [behind]
  Millis written_ms_ = 0;                  // [behind]
  int until_press_ = 0;                    // looks [behind]
  std::int64_t least_used_ = 0;            // bytes, since retention was hurried; 0: nothing yet [behind]
  std::atomic<Room> room_ = Room::enough;
  std::atomic<bool> left_ = false, stopped_ = false;
  mutable std::mutex mutex_;
  Look last_;                       // with mutex_
  std::optional<Millis> since_ms_;  // of a room that is not enough; with mutex_
};

}  // namespace ieum::runtime
