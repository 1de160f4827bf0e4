// The listening side: accepts, counts and limits connections, watches their deadlines, and carries answers from other
// threads to the io thread in batches.
#include "net/listener.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "net/connection.hpp"
#include "net/loop.hpp"
#include "net/socket.hpp"

namespace ieum::net {
namespace {

constexpr int kAcceptsAtOnce = 64;
constexpr Millis kAcceptRetryMs = 100;          // after the machine ran out of descriptors or memory
constexpr std::size_t kSpareDescriptors = 128;  // for the store, modules and outbound calls

class Core;

// What a responder or a stream wants of its connection.
struct Message {
  enum class Kind { answer, stream, chunk, end, abandon };
  Kind kind;
  std::uint64_t connection;
  std::uint64_t request;
  HttpResponse response;
  std::string chunk;
  std::shared_ptr<std::atomic<bool>> gone;
};

// Outlives the listener where a responder does; then messages go nowhere.
class Mailbox : public std::enable_shared_from_this<Mailbox> {
 public:
  Mailbox(Io& io, Core& core) : io_(io), core_(&core) {}
  void put(Message message);
  void close();

 private:
  void deliver_all();
  Io& io_;
  std::mutex mutex_;
  Core* core_;  // nothing after close()
  std::vector<Message> messages_;
};

class StreamHandle final : public ResponseStream {
 public:
  StreamHandle(std::shared_ptr<Mailbox> mailbox, std::uint64_t connection, std::uint64_t request)
      : mailbox_(std::move(mailbox)), connection_(connection), request_(request) {}
  ~StreamHandle() override { close(); }
  void write(std::string chunk) override {
    if (!gone()) mailbox_->put({Message::Kind::chunk, connection_, request_, {}, std::move(chunk), {}});
  }
  void close() override {
    if (!gone()) mailbox_->put({Message::Kind::end, connection_, request_, {}, {}, {}});
  }
  bool gone() const override { return gone_->load(); }
  std::shared_ptr<std::atomic<bool>> flag() const { return gone_; }

 private:
  std::shared_ptr<Mailbox> mailbox_;
  std::uint64_t connection_;
  std::uint64_t request_;
  std::shared_ptr<std::atomic<bool>> gone_ = std::make_shared<std::atomic<bool>>(false);
};

class OneResponder final : public Responder {
 public:
  OneResponder(std::shared_ptr<Mailbox> mailbox, std::uint64_t connection, std::uint64_t request)
      : mailbox_(std::move(mailbox)), connection_(connection), request_(request) {}
  ~OneResponder() override {
    if (!used_) mailbox_->put({Message::Kind::abandon, connection_, request_, {}, {}, {}});
  }
  void send(HttpResponse response) override {
    IEUM_ASSERT(!used_.exchange(true));
    mailbox_->put({Message::Kind::answer, connection_, request_, std::move(response), {}, {}});
  }
  std::shared_ptr<ResponseStream> stream(HttpResponse head) override {
    IEUM_ASSERT(!used_.exchange(true));
    auto handle = std::make_shared<StreamHandle>(mailbox_, connection_, request_);
    mailbox_->put({Message::Kind::stream, connection_, request_, std::move(head), {}, handle->flag()});
    return handle;
  }

 private:
  std::shared_ptr<Mailbox> mailbox_;
  std::uint64_t connection_;
  std::uint64_t request_;
  std::atomic<bool> used_ = false;
};

class Core final : public ConnectionOwner, public Waiter, public std::enable_shared_from_this<Core> {
 public:
  Core(Io& io, ListenerOptions options, RequestHandler& handler, int listening, std::shared_ptr<TlsContext> tls)
      : io_(io),
        options_(std::move(options)),
        handler_(handler),
        tls_(std::move(tls)),
        acceptor_(io.impl().watch(listening)),
        mailbox_(std::make_shared<Mailbox>(io, *this)) {}

  void start() { wait_accept(); }
  void stop(std::function<void()> drained);
  void close_all();
  void deliver(Message message);

  void on_ready(Direction) override;
  RequestHandler& handler() override { return handler_; }
  const ListenerPatience& patience() const override { return options_.patience; }
  std::shared_ptr<Responder> make_responder(std::uint64_t connection, std::uint64_t request) override {
    return std::make_shared<OneResponder>(mailbox_, connection, request);
  }
  void closed(std::uint64_t connection) override;

 private:
  using Connections = std::unordered_map<std::uint64_t, std::shared_ptr<Connection>>;
  void wait_accept();
  void take_in(int fd, const Endpoint& peer);
  void watch_deadlines();
  void report_drained();
  [[nodiscard]] std::vector<std::shared_ptr<Connection>> all() const;

  Io& io_;
  const ListenerOptions options_;
  RequestHandler& handler_;
  std::shared_ptr<TlsContext> tls_;
  std::unique_ptr<Watch> acceptor_;
  std::shared_ptr<Mailbox> mailbox_;
  Connections connections_;
  std::unordered_map<std::string, std::size_t> per_address_;
  std::uint64_t last_connection_ = 0;
  bool stopping_ = false;
  bool deadlines_watched_ = false;
  std::vector<std::function<void()>> drained_;
};

void Mailbox::put(Message message) {
  std::unique_lock lock(mutex_);
  if (core_ == nullptr) {
    if (message.gone) message.gone->store(true);
    return;
  }
  if (messages_.empty() && io_.impl().on_thread()) {
    Core* core = core_;
    lock.unlock();  // only this thread closes the mailbox
    return core->deliver(std::move(message));
  }
  messages_.push_back(std::move(message));
  if (messages_.size() == 1) io_.post([self = shared_from_this()] { self->deliver_all(); });
}

void Mailbox::deliver_all() {
  std::vector<Message> messages;
  {
    std::lock_guard lock(mutex_);
    messages.swap(messages_);
  }
  for (Message& message : messages) {
    Core* core = nullptr;
    {
      std::lock_guard lock(mutex_);
      core = core_;
    }
    if (core != nullptr) {
      core->deliver(std::move(message));
    } else if (message.gone) {
      message.gone->store(true);
    }
  }
}

void Mailbox::close() {
  std::vector<Message> late;
  std::lock_guard lock(mutex_);
  core_ = nullptr;
  late.swap(messages_);
  for (const Message& message : late) {
    if (message.gone) message.gone->store(true);
  }
}

void Core::deliver(Message message) {
  const auto found = connections_.find(message.connection);
  if (found == connections_.end()) {
    if (message.gone) message.gone->store(true);
    return;
  }
  const std::shared_ptr<Connection> connection = found->second;
  switch (message.kind) {
    case Message::Kind::answer: return connection->answer(message.request, std::move(message.response));
    case Message::Kind::stream:
      return connection->begin_stream(message.request, message.response, std::move(message.gone));
    case Message::Kind::chunk: return connection->write_stream(message.request, message.chunk);
    case Message::Kind::end: return connection->end_stream(message.request);
    case Message::Kind::abandon: return connection->abandon(message.request);
  }
}

void Core::wait_accept() { acceptor_->wait(Direction::read, shared_from_this()); }

void Core::on_ready(Direction) {
  for (int i = 0; i < kAcceptsAtOnce && !stopping_; ++i) {
    Endpoint peer;
    const int fd = accept_one(acceptor_->fd(), peer);
    if (fd >= 0) {
      take_in(fd, peer);
      continue;
    }
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      io_.after(kAcceptRetryMs, [weak = weak_from_this()] {
        if (const auto self = weak.lock(); self && !self->stopping_) self->wait_accept();
      });
      return;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) break;
  }
  if (!stopping_) wait_accept();
}

void Core::take_in(int fd, const Endpoint& peer) {
  std::string address = address_text(peer.address);
  const bool counted = refused_reason(peer.address) != "loopback";
  const auto count = per_address_.find(address);
  const bool full = connections_.size() >= options_.connections_max ||
                    (count != per_address_.end() && count->second >= options_.connections_per_address);
  if (full) {
    ::close(fd);
    return;
  }
  if (counted) ++per_address_[address];
  auto watch = io_.impl().watch(fd);
  auto stream = tls_ ? tls_server_stream(std::move(watch), *tls_) : plain_stream(std::move(watch));
  const std::uint64_t id = ++last_connection_;
  const auto connection = std::make_shared<Connection>(*this, id, std::move(stream), std::move(address));
  connections_.emplace(id, connection);
  connection->start();
  watch_deadlines();
}

void Core::closed(std::uint64_t id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  const auto count = per_address_.find(found->second->peer_address());
  if (count != per_address_.end() && --count->second == 0) per_address_.erase(count);
  connections_.erase(found);
  if (stopping_ && connections_.empty()) report_drained();
}

// One timer for all connections: a few thousand comparisons a round are cheaper than a timer set twice for each request.
void Core::watch_deadlines() {
  if (deadlines_watched_ || connections_.empty()) return;
  deadlines_watched_ = true;
  const ListenerPatience& p = options_.patience;
  const Millis shortest = std::min({p.header_for, p.request_for, p.slow_after, p.idle_for, p.write_for, p.linger_for});
  io_.after(std::clamp<Millis>(shortest / 4, 5, 250), [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    const Instant now = std::chrono::steady_clock::now();
    for (const auto& connection : self->all()) connection->check_deadline(now);
    self->deadlines_watched_ = false;
    self->watch_deadlines();
  });
}

std::vector<std::shared_ptr<Connection>> Core::all() const {
  std::vector<std::shared_ptr<Connection>> all;
  all.reserve(connections_.size());
  for (const auto& [id, connection] : connections_) all.push_back(connection);
  return all;
}

void Core::stop(std::function<void()> drained) {
  drained_.push_back(std::move(drained));
  if (!stopping_) {
    stopping_ = true;
    acceptor_->close();
    for (const auto& connection : all()) connection->end_soon();
  }
  if (connections_.empty()) report_drained();
}

void Core::report_drained() {
  for (const auto& drained : std::exchange(drained_, {})) {
    if (drained) drained();
  }
}

void Core::close_all() {
  mailbox_->close();
  stopping_ = true;
  drained_.clear();
  acceptor_->close();
  for (const auto& connection : all()) connection->close();
}

class TcpListener final : public Listener {
 public:
  TcpListener(Io& io, std::shared_ptr<Core> core, std::string host, std::uint16_t port)
      : io_(io), core_(std::move(core)), host_(std::move(host)), port_(port) {}
  ~TcpListener() override {
    io_.impl().run_and_wait([this] {
      core_->close_all();
      core_.reset();
    });
  }
  std::string host() const override { return host_; }
  std::uint16_t port() const override { return port_; }
  void stop(std::function<void()> drained) override {
    io_.post([weak = std::weak_ptr(core_), drained = std::move(drained)]() mutable {
      if (const auto core = weak.lock()) core->stop(std::move(drained));
    });
  }

 private:
  Io& io_;
  std::shared_ptr<Core> core_;
  std::string host_;
  std::uint16_t port_;
};

std::size_t connections_allowed(std::size_t wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return wanted;
  const std::size_t descriptors = static_cast<std::size_t>(limit.rlim_cur);
  return std::min(wanted, descriptors > 2 * kSpareDescriptors ? descriptors - kSpareDescriptors : descriptors / 2);
}

}  // namespace

Result<std::unique_ptr<Listener>> listen(Io& io, ListenerOptions options, RequestHandler& handler) {
  const auto address = parse_address(options.host == "localhost" ? "127.0.0.1" : options.host);
  if (!address)
    return Error("bad_address", "\"" + options.host + "\" is not an IP address to listen on",
                 "give an address such as 127.0.0.1, or 0.0.0.0 for all, with --public HOST:PORT or --admin HOST:PORT");
  std::shared_ptr<TlsContext> tls;
  if (options.tls_cert_file.empty() != options.tls_key_file.empty())
    return Error("tls_file", "a TLS certificate and its key come together", "give both --tls-cert and --tls-key");
  if (!options.tls_cert_file.empty()) {
    IEUM_TRY(tls, make_server_tls(options.tls_cert_file, options.tls_key_file));
  }
  IEUM_TRY(const int fd, open_listening({*address, options.port}));
  const std::uint16_t port = local_of(fd).value_or(Endpoint{}).port;
  options.connections_max = connections_allowed(options.connections_max);
  std::string host = options.host;
  auto core = std::make_shared<Core>(io, std::move(options), handler, fd, std::move(tls));
  io.post([core] { core->start(); });
  return std::unique_ptr<Listener>(std::make_unique<TcpListener>(io, std::move(core), std::move(host), port));
}

}  // namespace ieum::net
