// Real sockets on loopback for the tests of net: a blocking client that sees bytes, and a server that plays a script.
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace ieum::net::testing {

// A blocking socket. Every wait ends after ten seconds with a failure, so that a test cannot hang.
class Peer {
 public:
  explicit Peer(int fd) : fd_(fd) {}
  Peer(Peer&& other) noexcept : fd_(std::exchange(other.fd_, -1)), unread_(std::move(other.unread_)) {}
  ~Peer() { close(); }

  bool send(std::string_view bytes);              // false when the other side does not take it
  std::string read_until(std::string_view mark);  // with the mark; what there was when the other side ended
  std::string read_exactly(std::size_t size);
  std::string read_to_end();   // until the other side closes
  std::string read_message();  // a head, and a body by Content-Length
  bool ended();                // waits for the other side's end; false when bytes come instead
  void finish();               // half-close
  void reset();                // closes with RST
  void close();
  [[nodiscard]] int fd() const { return fd_; }

 private:
  bool fill();
  int fd_;
  std::string unread_;
};

Peer connect_to(std::uint16_t port);

// Takes connections on 127.0.0.1 and plays the script on each, on a thread of its own. The index counts connections from 0.
class ScriptedServer {
 public:
  using Script = std::function<void(Peer& peer, int index)>;
  explicit ScriptedServer(Script script);
  ~ScriptedServer();
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url(const std::string& path = "/") const;
  [[nodiscard]] int connections() const { return connections_.load(); }

 private:
  void serve();
  Script script_;
  int listening_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  std::atomic<bool> ended_ = false;
  std::thread acceptor_;
  std::vector<std::thread> players_;
};

// A value that another thread gives; get() fails the test after ten seconds.
template <class T>
class Awaited {
 public:
  void give(T value) { promise_.set_value(std::move(value)); }
  T get() {
    if (future_.wait_for(std::chrono::seconds(10)) != std::future_status::ready)
      throw std::runtime_error("nothing came within ten seconds");
    return future_.get();
  }

 private:
  std::promise<T> promise_;
  std::future<T> future_ = promise_.get_future();
};

}  // namespace ieum::net::testing
