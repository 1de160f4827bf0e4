// Connection: one client of a listener. Reads requests one after the other, hands each to the handler and writes its answer
// before it looks at the next, so that pipelined requests are answered in order. Private to net; io thread only.
#pragma once
#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "net/listener.hpp"
#include "net/stream.hpp"
#include "net/wire.hpp"

namespace ieum::net {

class Connection;
using Instant = std::chrono::steady_clock::time_point;

// What a connection needs of its listener.
class ConnectionOwner {
 public:
  virtual ~ConnectionOwner() = default;
  virtual RequestHandler& handler() = 0;
  virtual const ListenerPatience& patience() const = 0;
  virtual std::shared_ptr<Responder> make_responder(std::uint64_t connection, std::uint64_t request) = 0;
  virtual void closed(std::uint64_t connection) = 0;  // the last call
};

class Connection final : public Waiter, public std::enable_shared_from_this<Connection> {
 public:
  Connection(ConnectionOwner& owner, std::uint64_t id, std::unique_ptr<Stream> stream, std::string peer_address);
  void start();
  void on_ready(Direction direction) override;

  // Each names the request it answers; what names another than the open one is late and does nothing.
  void answer(std::uint64_t request, const HttpResponse& response);
  void begin_stream(std::uint64_t request, const HttpResponse& head, std::shared_ptr<std::atomic<bool>> gone);
  void write_stream(std::uint64_t request, std::string_view chunk);
  void end_stream(std::uint64_t request);
  void abandon(std::uint64_t request);  // the responder was dropped

  void check_deadline(Instant now);
  void end_soon();  // the listener stops: answers what is in flight, then closes
  void close();
  [[nodiscard]] const std::string& peer_address() const { return peer_address_; }

 private:
  enum class Stage { handshake, head, body, handling, streaming, lingering, closed };
  void shake_hands();
  void read_some();
  void run();
  bool take_head();
  bool take_body();
  void finish_with(const HttpResponse& response, std::size_t drain_bytes);  // answers, then reads no more requests
  void fail(int status, std::string_view what);
  void dispatch();
  void put_answer(const HttpResponse& response);
  void after_answer();
  bool flush();  // true when everything was written
  void linger();
  void wait_read();
  void set_deadline(Millis from_now);
  void consume(std::size_t size);
  [[nodiscard]] std::string_view unread() const { return std::string_view(buffer_).substr(begin_, end_ - begin_); }

  ConnectionOwner& owner_;
  const std::uint64_t id_;
  std::unique_ptr<Stream> stream_;
  const std::string peer_address_;
  Stage stage_ = Stage::handshake;
  bool running_ = false;  // inside run(): answers given meanwhile only fill out_
  bool read_waits_ = false;
  bool write_waits_ = false;
  bool close_after_write_ = false;

  std::string buffer_;  // its size is the room; begin_..end_ is unread
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::string out_;
  std::size_t out_begin_ = 0;

  std::uint64_t request_ = 0;   // counts; the open one while handling and streaming
  bool request_begun_ = false;  // its first byte came
  Instant request_start_;
  std::size_t request_bytes_ = 0;
  Instant deadline_ = Instant::max();
  Instant write_deadline_ = Instant::max();
  std::size_t drain_left_ = 0;

  HeadScan scan_;
  RequestHead head_;
  bool head_only_ = false;  // the method is HEAD
  BodyReader body_;
  std::size_t body_max_ = 0;
  std::shared_ptr<void> hold_;  // while the body is read
  bool chunked_out_ = false;
  std::shared_ptr<std::atomic<bool>> gone_;
};

}  // namespace ieum::net
