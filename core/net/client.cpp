// The HTTP client: checks calls, keeps a pool of connections and a queue for each origin, and judges where calls may go.
#include "net/client.hpp"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <unordered_set>

#include "base/encoding.hpp"
#include "net/client_connection.hpp"
#include "net/loop.hpp"
#include "net/wire.hpp"

namespace ieum::net {

struct Origin {
  struct Resting {
    std::shared_ptr<ClientConnection> connection;
    std::chrono::steady_clock::time_point until;
  };
  std::string key;
  std::deque<std::shared_ptr<Call>> waiting;
  std::vector<Resting> resting;  // the last used at the end
  std::unordered_set<std::shared_ptr<ClientConnection>> connections;
  bool pumping = false;
};

namespace {

// Spellings that some resolvers read as an IPv4 address though they are not a dotted quad: "127.1", "0x7f000001", "2130706433".
bool ends_in_number(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  const std::size_t dot = host.rfind('.');
  std::string_view last = dot == std::string_view::npos ? host : host.substr(dot + 1);
  if (last.empty()) return true;
  const bool hex = last.starts_with("0x") || last.starts_with("0X");
  if (hex) last.remove_prefix(2);
  return std::all_of(last.begin(), last.end(), [hex](char c) {
    return (c >= '0' && c <= '9') || (hex && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')));
  });
}

bool is_name(std::string_view host) {
  return !host.empty() && host.size() <= 254 && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
  });
}

Error refused(const std::string& what, const std::string& mend, const std::string& place) {
  return Error("egress_refused", what, mend, place);
}

Result<std::shared_ptr<Call>> prepare(OutboundCall&& outbound, const std::string& user_agent) {
  auto call = std::make_shared<Call>();
  IEUM_TRY(call->url, parse_url(outbound.request.target));
  const std::string origin = call->url.origin();
  const HttpRequest& request = outbound.request;
  if (!is_token(request.method) || request.method == "CONNECT")
    return Error("invalid_header", "\"" + request.method + "\" is not a method that can be sent",
                 "use GET, POST, PUT, PATCH or DELETE", origin);
  if (!parse_address(call->url.host)) {
    if (ends_in_number(call->url.host) || !is_name(call->url.host))
      return refused("the host " + call->url.host + " is neither a name nor a plain IP address",
                     "write the address as four decimal numbers with dots", origin);
  }

  std::string& out = call->bytes;
  out.reserve(512 + request.body.size());
  out.append(request.method).append(" ").append(call->url.target).append(" HTTP/1.1\r\nHost: ");
  out.append(origin, call->url.scheme.size() + 3).append("\r\n");
  for (const auto& [name, value] : request.headers.fields()) {
    auto checked = check_outbound_header(name, value);
    if (checked.has_error()) return std::move(checked).error().at(origin);
    if (equals_ignoring_case(name, "accept-encoding") && !equals_ignoring_case(value, "identity"))
      return Error("invalid_header", "a compressed answer was asked for, and answers are not decompressed",
                   "leave Accept-Encoding out", origin);
    out.append(name).append(": ").append(value).append("\r\n");
  }
  if (request.headers.count("user-agent") == 0) out.append("User-Agent: ").append(user_agent).append("\r\n");
  if (request.headers.count("accept") == 0) out.append("Accept: */*\r\n");
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH")
    out.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
  out.append("\r\n").append(request.body);

  call->method = request.method;
  call->own_name_allowed = outbound.own_name_allowed;
  call->response_bytes_max = outbound.response_bytes_max;
  call->deadline_for = outbound.deadline_for;
  for (const std::string& text : outbound.private_addresses_allowed) {
    if (const auto address = parse_address(text)) call->allowed.push_back(*address);
  }
  return call;
}

class Client final : public ConnectionPool, public std::enable_shared_from_this<Client> {
 public:
  Client(Io& io, ClientOptions options, std::vector<Endpoint> own, std::shared_ptr<TlsContext> tls)
      : io_(io),
        options_(std::move(options)),
        own_(std::move(own)),
        tls_(std::move(tls)),
        resolver_(io, options_.resolve ? options_.resolve : system_lookup) {}

  void send(OutboundCall outbound, std::function<void(CallResult)> done);
  void close_all();

  Io& io() override { return io_; }
  Resolver& resolver() override { return resolver_; }
  const TlsContext& tls() override { return *tls_; }
  std::optional<Error> refusal(const Call& call, const Endpoint& to) override;
  void settle(const std::shared_ptr<Call>& call, CallResult result) override;
  void try_again(const std::shared_ptr<Origin>& origin, std::shared_ptr<Call> call) override;
  void rest(const std::shared_ptr<ClientConnection>& connection) override;
  void closed(const std::shared_ptr<ClientConnection>& connection) override;

 private:
  [[nodiscard]] bool is_own_name(const Url& url) const;
  void begin(const std::shared_ptr<Call>& call);
  void expire(const std::shared_ptr<Call>& call);
  void pump(const std::shared_ptr<Origin>& origin);
  bool carry_next(const std::shared_ptr<Origin>& origin);
  void watch_resting();

  Io& io_;
  const ClientOptions options_;
  const std::vector<Endpoint> own_;
  const std::shared_ptr<TlsContext> tls_;
  Resolver resolver_;
  std::unordered_map<std::string, std::shared_ptr<Origin>> origins_;
  bool resting_watched_ = false;
  bool ended_ = false;
};

void Client::send(OutboundCall outbound, std::function<void(CallResult)> done) {
  auto prepared = prepare(std::move(outbound), options_.user_agent);
  if (prepared.has_error()) {
    io_.post([weak = weak_from_this(), done = std::move(done), error = std::move(prepared).error()]() mutable {
      if (const auto self = weak.lock(); self && !self->ended_)
        done(CallFailure{CallFailure::Sent::nothing, std::move(error)});
    });
    return;
  }
  auto call = std::move(*prepared);
  call->done = std::move(done);
  io_.post([weak = weak_from_this(), call = std::move(call)] {
    if (const auto self = weak.lock(); self && !self->ended_) self->begin(call);
  });
}

bool Client::is_own_name(const Url& url) const {
  std::string_view host = url.host;
  if (host.ends_with('.')) host.remove_suffix(1);
  const auto usual = [](std::uint16_t port) { return port == 443 || port == 80; };
  return host == options_.own_name && (url.port == options_.own_port || (usual(url.port) && usual(options_.own_port)));
}

void Client::begin(const std::shared_ptr<Call>& call) {
  if (!call->own_name_allowed && is_own_name(call->url))
    return settle(call, CallFailure{CallFailure::Sent::nothing,
                                    refused("the hub does not call itself (" + call->url.host + ")",
                                            "to call a webhook of this hub, enter its address for a connection that "
                                            "does nothing else",
                                            call->url.origin())});
  // A literal is judged for each call, since an address that one connection may use is closed to the others.
  if (const auto literal = parse_address(call->url.host)) {
    if (auto error = refusal(*call, {*literal, call->url.port}))
      return settle(call, CallFailure{CallFailure::Sent::nothing, *std::move(error)});
  }
  call->expires = std::chrono::steady_clock::now() + std::chrono::milliseconds(call->deadline_for);
  call->timer = io_.after(call->deadline_for, [weak = weak_from_this(), weak_call = std::weak_ptr(call)] {
    const auto self = weak.lock();
    const auto call = weak_call.lock();
    if (self && call) self->expire(call);
  });
  auto& origin = origins_[call->url.origin()];
  if (!origin) {
    origin = std::make_shared<Origin>();
    origin->key = call->url.origin();
  }
  origin->waiting.push_back(call);
  pump(std::shared_ptr(origin));
}

void Client::expire(const std::shared_ptr<Call>& call) {
  if (!call->done) return;
  Error error("call_timeout",
              "no whole answer of " + call->url.origin() + " within " + std::to_string(call->deadline_for) + " ms", {},
              call->url.origin());
  if (const auto connection = call->connection.lock()) return connection->give_up(std::move(error));
  const auto found = origins_.find(call->url.origin());
  if (found != origins_.end()) std::erase(found->second->waiting, call);
  settle(call, CallFailure{CallFailure::Sent::nothing, std::move(error)});
}

void Client::settle(const std::shared_ptr<Call>& call, CallResult result) {
  if (!call || !call->done) return;
  io_.cancel(call->timer);
  call->connection.reset();
  const auto done = std::exchange(call->done, nullptr);
  done(std::move(result));
}

std::optional<Error> Client::refusal(const Call& call, const Endpoint& to) {
  const std::string place = call.url.origin();
  const Address address = unmapped(to.address);
  const bool unspecified = refused_reason(to.address) == "unspecified" || refused_reason(to.address) == "this_network";
  for (const Endpoint& own : own_) {
    if (own.port != to.port) continue;
    const bool everywhere = own.address == Address{} || own.address == Address{true, {}};
    if (unspecified || unmapped(own.address) == address || (everywhere && is_own_interface(address)))
      return refused("the hub does not call itself (" + endpoint_text(to) + ")", "give the address of another service",
                     place);
  }
  const auto reason = refused_reason(to.address);
  if (!reason) return std::nullopt;
  const auto literal = parse_address(call.url.host);
  if (literal && *literal == to.address &&
      std::find(call.allowed.begin(), call.allowed.end(), to.address) != call.allowed.end())
    return std::nullopt;
  return refused(call.url.host + (literal ? "" : " resolves to " + address_text(to.address) + ", which") +
                     " is not a public address (" + std::string(*reason) + ")",
                 "an address inside your own network must be entered for this connection, as a plain IP address",
                 place);
}

void Client::try_again(const std::shared_ptr<Origin>& origin, std::shared_ptr<Call> call) {
  if (ended_) return;
  origins_[origin->key] = origin;  // closing its last connection may have dropped it
  origin->waiting.push_front(std::move(call));
  pump(origin);
}

void Client::rest(const std::shared_ptr<ClientConnection>& connection) {
  const auto& origin = connection->origin();
  const Millis keep_for = std::min(options_.idle_for, connection->server_keeps_for().value_or(options_.idle_for));
  origin->resting.push_back({connection, std::chrono::steady_clock::now() + std::chrono::milliseconds(keep_for)});
  watch_resting();
  pump(origin);
}

void Client::closed(const std::shared_ptr<ClientConnection>& connection) {
  const auto origin = connection->origin();
  std::erase_if(origin->resting, [&](const Origin::Resting& entry) { return entry.connection == connection; });
  origin->connections.erase(connection);
  if (!ended_) pump(origin);
}

void Client::pump(const std::shared_ptr<Origin>& origin) {
  if (origin->pumping) return;  // the call below goes on
  origin->pumping = true;
  while (carry_next(origin)) {}
  origin->pumping = false;
  if (origin->waiting.empty() && origin->connections.empty()) {
    const auto found = origins_.find(origin->key);
    if (found != origins_.end() && found->second == origin) origins_.erase(found);
  }
}

bool Client::carry_next(const std::shared_ptr<Origin>& origin) {
  if (origin->waiting.empty()) return false;
  const auto call = origin->waiting.front();
  const auto now = std::chrono::steady_clock::now();
  if (call->expires <= now) {  // its timer is about to fire too: nothing is begun for it
    expire(call);
    return true;
  }
  if (!origin->resting.empty()) {
    const Origin::Resting resting = origin->resting.back();
    origin->resting.pop_back();
    const bool fit = !call->again && resting.until > now;
    if (!fit) {
      resting.connection->close();
      return true;
    }
    origin->waiting.pop_front();
    if (!resting.connection->reuse(call)) origin->waiting.push_front(call);
    return true;
  }
  if (origin->connections.size() >= options_.connections_per_host) return false;
  origin->waiting.pop_front();
  const auto connection = std::make_shared<ClientConnection>(*this, origin);
  origin->connections.insert(connection);
  connection->start(call);
  return true;
}

void Client::watch_resting() {
  if (resting_watched_) return;
  resting_watched_ = true;
  io_.after(std::clamp<Millis>(options_.idle_for / 2, 10, kSecond), [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->resting_watched_ = false;
    const auto now = std::chrono::steady_clock::now();
    std::vector<std::shared_ptr<ClientConnection>> old;
    bool left = false;
    for (const auto& [key, origin] : self->origins_) {
      for (const auto& entry : origin->resting) {
        if (entry.until <= now)
          old.push_back(entry.connection);
        else
          left = true;
      }
    }
    for (const auto& connection : old) connection->close();
    if (left) self->watch_resting();
  });
}

void Client::close_all() {
  ended_ = true;
  const auto origins = std::exchange(origins_, {});
  for (const auto& [key, origin] : origins) {
    for (const auto& call : std::exchange(origin->waiting, {})) io_.cancel(call->timer);
    const auto connections = origin->connections;
    for (const auto& connection : connections) connection->close();
  }
}

class ClientHandle final : public HttpClient {
 public:
  ClientHandle(Io& io, std::shared_ptr<Client> client) : io_(io), client_(std::move(client)) {}
  ~ClientHandle() override {
    io_.impl().run_and_wait([this] {
      client_->close_all();
      client_.reset();
    });
  }
  void send(OutboundCall call, std::function<void(CallResult)> done) override {
    client_->send(std::move(call), std::move(done));
  }

 private:
  Io& io_;
  std::shared_ptr<Client> client_;
};

}  // namespace

Result<std::unique_ptr<HttpClient>> make_http_client(Io& io, ClientOptions options) {
  IEUM_TRY(auto tls, make_client_tls(options.extra_ca_file));
  std::vector<Endpoint> own;
  for (const std::string& text : options.own_addresses) {
    const auto endpoint = parse_endpoint(text);
    if (!endpoint)
      return Error("bad_address", "\"" + text + "\" is not an address and a port",
                   "write it as 127.0.0.1:8080 or [::1]:8080");
    own.push_back(*endpoint);
  }
  auto client = std::make_shared<Client>(io, std::move(options), std::move(own), std::move(tls));
  return std::unique_ptr<HttpClient>(std::make_unique<ClientHandle>(io, std::move(client)));
}

}  // namespace ieum::net
