// Loop: what net's own files need of Io beyond its public face: waiting on descriptors, and running work on the loop's thread
// and waiting for it. Private to net. Without Asio's headers, so that only io.cpp pays for them.
#pragma once
#include <functional>
#include <memory>

#include "net/io.hpp"

namespace ieum::net {

enum class Direction { read, write };

// Told when a descriptor it waits for is ready. [io thread]
class Waiter {
 public:
  virtual ~Waiter() = default;
  virtual void on_ready(Direction direction) = 0;
};

// A non-blocking descriptor registered with the loop; owns it. All calls on the io thread, or while no loop runs.
class Watch {
 public:
  virtual ~Watch() = default;  // closes
  [[nodiscard]] virtual int fd() const = 0;
  // Keeps the waiter alive until it was told or the watch was closed. At most one wait a direction at a time.
  // A wait that became ready just before close() may still be told: waiters keep their own "closed".
  virtual void wait(Direction direction, std::shared_ptr<Waiter> waiter) = 0;
  virtual void close() = 0;
};

struct Io::Impl {
  Impl();
  ~Impl();
  [[nodiscard]] bool on_thread() const;
  // Runs work on the loop's thread and returns when it ran; at once when this is that thread or no loop runs.
  void run_and_wait(const std::function<void()>& work);
  std::unique_ptr<Watch> watch(int fd);

  struct Core;
  std::unique_ptr<Core> core;
};

}  // namespace ieum::net
