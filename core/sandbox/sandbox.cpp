// The sandbox on a listener: what World decides, done to a connection.
#include "sandbox/sandbox.hpp"

#include "net/listener.hpp"
#include "sandbox/postman.hpp"
#include "sandbox/world.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kBodyMax = 16u << 20;  // ten thousand messages in one request of Solapi
constexpr std::size_t kMoreThanAStreamHolds = (1u << 20) + 1;

void deliver(Reply reply, net::Responder& responder) {
  switch (reply.delivery) {
    case Reply::Delivery::whole: return responder.send(std::move(reply.response));
    case Reply::Delivery::none: return;  // dropping the responder closes the connection
    case Reply::Delivery::half: break;
  }
  std::string half = reply.response.body.substr(0, reply.response.body.size() / 2);
  reply.response.body.clear();
  const auto stream = responder.stream(std::move(reply.response));
  if (!half.empty()) stream->write(std::move(half));
  // The listener gives up a stream that leaves more than a megabyte unsent: the answer ends in the middle.
  stream->write(std::string(kMoreThanAStreamHolds, ' '));
}

class OnListener final : public Sandbox, private net::RequestHandler {
 public:
  OnListener(net::Io& io, const SandboxOptions& options)
      : io_(io), world_(*options.clock, options.virtual_clock, options.credentials) {}

  Status open(const SandboxOptions& options) {
    for (const auto& [address, at] : options.reach) IEUM_CHECK(world_.reach(address, at));
    net::ListenerOptions at;
    at.host = options.host;
    at.port = options.port;
    IEUM_TRY(postman_, Postman::make(io_, *options.clock, world_));
    IEUM_TRY(listener_, net::listen(io_, at, *this));
    port_ = listener_->port();
    return {};
  }

  [[nodiscard]] std::uint16_t port() const override { return port_; }
  void stop() override {
    listener_.reset();
    postman_.reset();
  }

 private:
  HeadVerdict on_head(const HttpRequest&, const std::string&) override { return {kBodyMax, nullptr}; }

  void on_request(net::IncomingRequest request, std::shared_ptr<net::Responder> responder) override {
    Reply reply = world_.handle(std::move(request.http));
    postman_->pump();
    if (reply.delay_for <= 0) return deliver(std::move(reply), *responder);
    const Millis delay_for = reply.delay_for;
    io_.after(delay_for, [reply = std::move(reply), responder = std::move(responder)] { deliver(reply, *responder); });
  }

  net::Io& io_;
  World world_;
  std::unique_ptr<Postman> postman_;
  std::unique_ptr<net::Listener> listener_;  // ends first: its handler uses the others
  std::uint16_t port_ = 0;
};

}  // namespace

Result<std::unique_ptr<Sandbox>> make_sandbox(net::Io& io, const SandboxOptions& options) {
  IEUM_ASSERT(options.clock != nullptr);
  auto sandbox = std::make_unique<OnListener>(io, options);
  IEUM_CHECK(sandbox->open(options));
  return std::unique_ptr<Sandbox>(std::move(sandbox));
}

}  // namespace ieum::sandbox
