// ClientConnection: one connection of the HTTP client to one origin, from resolving its name to its last answer. Carries one
// call at a time. Private to net; io thread only.
#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/url.hpp"
#include "net/answer_reader.hpp"
#include "net/client.hpp"
#include "net/resolver.hpp"
#include "net/socket.hpp"
#include "net/stream.hpp"

namespace ieum::net {

class ClientConnection;

// A call on its way. done is empty once it was told.
struct Call {
  Url url;
  std::string method;
  std::string bytes;  // head and body as they go out
  std::size_t response_bytes_max = 0;
  Millis deadline_for = 0;
  std::vector<Address> allowed;
  bool own_name_allowed = false;
  std::function<void(CallResult)> done;
  std::chrono::steady_clock::time_point expires;
  std::uint64_t timer = 0;
  std::weak_ptr<ClientConnection> connection;
  bool again = false;  // second try: wants a fresh connection
};

struct Origin;

// What a connection needs of its client.
class ConnectionPool {
 public:
  virtual ~ConnectionPool() = default;
  virtual Io& io() = 0;
  virtual Resolver& resolver() = 0;
  virtual const TlsContext& tls() = 0;
  // Why this call may not go to that address; nothing when it may.
  virtual std::optional<Error> refusal(const Call& call, const Endpoint& to) = 0;
  virtual void settle(const std::shared_ptr<Call>& call, CallResult result) = 0;
  virtual void try_again(const std::shared_ptr<Origin>& origin, std::shared_ptr<Call> call) = 0;
  virtual void rest(const std::shared_ptr<ClientConnection>& connection) = 0;    // free for the next call
  virtual void closed(const std::shared_ptr<ClientConnection>& connection) = 0;  // the last word of a connection
};

class ClientConnection final : public Waiter, public std::enable_shared_from_this<ClientConnection> {
 public:
  ClientConnection(ConnectionPool& pool, std::shared_ptr<Origin> origin);
  void start(std::shared_ptr<Call> call);  // opens, then carries the call
  bool reuse(std::shared_ptr<Call> call);  // false when the peer has closed meanwhile: closes, the call was not taken
  void on_ready(Direction direction) override;
  void give_up(Error error);  // the call's deadline: fails the call and closes
  void close();
  [[nodiscard]] const std::shared_ptr<Origin>& origin() const { return origin_; }
  // How long the server said that it keeps a resting connection ("Keep-Alive: timeout=5"), less a second.
  [[nodiscard]] std::optional<Millis> server_keeps_for() const { return server_keeps_for_; }

 private:
  enum class Stage { resolving, connecting, handshake, exchange, resting, closed };
  void resolved(Result<std::vector<Address>> addresses);
  void connect_next();
  void connected();
  void shake_hands();
  void send_call();
  void write_some();
  void read_some();
  bool take_answer();
  void complete();
  void lost();
  void refuse_answer(std::string code, std::string_view what);
  void fail(CallFailure::Sent sent, Error error);
  void wait_read();
  [[nodiscard]] CallFailure::Sent sent() const;
  [[nodiscard]] std::string place() const;

  ConnectionPool& pool_;
  const std::shared_ptr<Origin> origin_;
  std::shared_ptr<Call> call_;
  Stage stage_ = Stage::resolving;

  std::vector<Address> addresses_;
  std::size_t next_address_ = 0;
  std::string connect_failure_;
  std::unique_ptr<Watch> connecting_;
  std::uint64_t attempt_timer_ = 0;
  std::unique_ptr<Stream> stream_;

  bool reused_ = false;
  bool read_waits_ = false;
  bool write_waits_ = false;
  std::size_t out_begin_ = 0;
  std::uint64_t bytes_out_before_ = 0;
  bool answer_begun_ = false;
  std::string buffer_;  // its size is the room; begin_..end_ is unread
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  AnswerReader answer_;
  std::optional<Millis> server_keeps_for_;
};

}  // namespace ieum::net
