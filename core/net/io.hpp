// Io: the thread on which sockets live, behind a header without Asio. Listeners and the HTTP client are built on one.
// Owner: app (tests make their own). Everything posted runs on the one thread, in order.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>

#include "base/clock.hpp"

namespace ieum::net {

class Io {
 public:
  Io();   // SIGPIPE is ignored from here on: a peer that closed is an error of the write, not the end of the process
  ~Io();  // stops and joins
  Io(const Io&) = delete;
  Io& operator=(const Io&) = delete;

  void post(std::function<void()> work);  // [any-thread]
  // Runs work once after that much real (monotonic) time. Returns a handle for cancel; 0 is never one. [any-thread]
  std::uint64_t after(Millis delay_for, std::function<void()> work);
  void cancel(std::uint64_t handle);  // [any-thread] harmless when it ran already
  void start();                       // runs the loop on its own thread
  void run_here();                    // runs the loop on the caller until stop()
  void stop();                        // [any-thread]

  struct Impl;
  [[nodiscard]] Impl& impl() { return *impl_; }  // for net's own .cpp files

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace ieum::net
