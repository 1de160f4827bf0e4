#include "sandbox/postman.hpp"

#include <algorithm>
#include <mutex>

#include "base/url.hpp"

namespace ieum::sandbox {

namespace {

constexpr Millis kLookAgain = 250;
constexpr std::size_t kAnswerMax = 1u << 20;

}  // namespace

struct Postman::Core : std::enable_shared_from_this<Postman::Core> {
  Core(net::Io& io_, const Clock& clock_, World& world_) : io(io_), clock(clock_), world(world_) {}

  void pump() {
    const std::lock_guard lock(mutex);
    if (closed) return;
    for (DueDelivery& due : world.due()) send(std::move(due));
    const auto next = world.next_due();
    if (!next || timer_set) return;
    timer_set = true;
    const Millis in = std::clamp<Millis>(*next - clock.now(), 1, kLookAgain);
    io.after(in, [weak = weak_from_this()] {
      const auto core = weak.lock();
      if (core == nullptr) return;
      {
        const std::lock_guard again(core->mutex);
        core->timer_set = false;
      }
      core->pump();
    });
  }

  void send(DueDelivery due) {
    net::OutboundCall call;
    if (const auto url = parse_url(due.request.target)) call.private_addresses_allowed.push_back(url->host);
    call.request = std::move(due.request);
    call.deadline_for = due.deadline_for;
    call.response_bytes_max = kAnswerMax;
    client->send(std::move(call), [weak = weak_from_this(), seq = due.seq](net::CallResult result) {
      const auto core = weak.lock();
      if (core == nullptr) return;
      {
        const std::lock_guard lock(core->mutex);
        if (core->closed) return;
        if (const auto* answer = std::get_if<HttpResponse>(&result))
          core->world.answered(seq, answer, "");
        else
          core->world.answered(seq, nullptr, std::get<net::CallFailure>(result).error.code);
      }
      core->pump();
    });
  }

  net::Io& io;
  const Clock& clock;
  World& world;
  std::unique_ptr<net::HttpClient> client;
  std::mutex mutex;  // against the end, which comes from another thread
  bool closed = false;
  bool timer_set = false;
};

Result<std::unique_ptr<Postman>> Postman::make(net::Io& io, const Clock& clock, World& world) {
  auto core = std::make_shared<Core>(io, clock, world);
  net::ClientOptions options;
  options.user_agent = "ieum-sandbox";
  IEUM_TRY(core->client, net::make_http_client(io, options));
  return std::unique_ptr<Postman>(new Postman(std::move(core)));
}

Postman::~Postman() {
  {
    const std::lock_guard lock(core_->mutex);
    core_->closed = true;
  }
  core_->client.reset();
}

void Postman::pump() { core_->pump(); }

}  // namespace ieum::sandbox
