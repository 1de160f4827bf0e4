#include "runtime/tokens.hpp"

#include "base/url.hpp"
#include "net/egress.hpp"

namespace ieum::runtime {
namespace {

constexpr Millis kEarly = kMinute;
constexpr Millis kUnusedFor = 12 * kHour;
constexpr std::size_t kAnswerBytes = 256 * 1024;

const vault::AuthScheme* scheme_of(const LiveConnection& connection, const std::string& name) {
  const auto found = connection.auth.find(name);
  return found == connection.auth.end() || !found->second.fetches_tokens() ? nullptr : &found->second;
}

std::optional<Millis> expiry(const LiveConnection& connection, const vault::AuthScheme& scheme) {
  const auto known = connection.tokens.find(scheme.name);
  return known == connection.tokens.end() ? std::nullopt : known->second.expires_ms;
}

bool good_at(const LiveConnection& connection, const vault::AuthScheme& scheme, Millis at) {
  if (!connection.newest.contains(scheme.access_slot())) return false;
  const auto expires = expiry(connection, scheme);
  return !expires || *expires > at;
}

std::string shown(const LiveConnection& connection, const std::string& slot) {
  const auto found = connection.newest.find(slot);
  return found == connection.newest.end() ? "" : std::string(found->second.reveal());
}

// What it asks for tokens with was changed: entered anew, or by a login.
bool entered_anew(const LiveConnection& asked, const LiveConnection& now, const vault::AuthScheme& scheme) {
  const auto differs = [&](const std::string& slot) { return !slot.empty() && shown(asked, slot) != shown(now, slot); };
  return differs(scheme.refresh_slot()) || differs(scheme.access_slot()) || differs(scheme.slot) ||
         differs(scheme.token.client_secret);
}

// Its credentials went to other addresses when `asked` was in force.
bool moved(const LiveConnection& asked, const LiveConnection& now) {
  return now.connector == nullptr || leads_elsewhere(asked, now.connector->manifest(), now.origins, now.config);
}

}  // namespace

Tokens::Connection Tokens::current(const Connection& connection) const {
  const auto live = context_.live();
  const auto found = live->connections_by_id.find(connection->row.id);
  return found == live->connections_by_id.end() ? connection : found->second;
}

void Tokens::fresh(Connection connection, const std::string& name, Done done) {
  const auto* scheme = scheme_of(*connection, name);
  if (scheme == nullptr || context_.parts.rehearsal) return done(std::move(connection));
  connection = current(connection);
  scheme = scheme_of(*connection, name);
  if (scheme == nullptr || good_at(*connection, *scheme, context_.now() + kEarly)) return done(std::move(connection));
  request(connection, *scheme, std::move(done));
}

void Tokens::renew(const Connection& connection, const std::string& name, Done done) {
  const auto* scheme = scheme_of(*connection, name);
  if (scheme == nullptr || context_.parts.rehearsal)
    return done(host::FailEffect{host::FailKind::auth_dead, "auth_refused", "the vendor refuses the credentials", {}});
  const auto now = current(connection);
  const std::string slot = scheme->access_slot();
  scheme = scheme_of(*now, name);
  if (scheme == nullptr || shown(*now, slot) != shown(*connection, slot)) return done(now);
  request(now, *scheme, std::move(done));
}

void Tokens::request(const Connection& connection, const vault::AuthScheme& scheme, Done done) {
  const Key key{connection->row.id, scheme.name};
  auto& waiting = under_way_[key];
  waiting.push_back(std::move(done));
  if (waiting.size() > 1) return;
  const bool person = scheme.kind == vault::AuthScheme::Kind::oauth2_code;
  if (person && !connection->newest.contains(scheme.refresh_slot())) {
    const bool never = !connection->newest.contains(scheme.access_slot());
    return finish(key, died(connection, never ? "login_needed" : "token_ended",
                            never ? "nobody has logged in yet; log in: ieum connection login " + connection->row.name
                                  : "its token is over and the vendor gave none to renew it with; log in again: ieum "
                                    "connection login " +
                                        connection->row.name));
  }
  auto request = person ? vault::refresh_request(scheme, connection->all_config, connection->newest)
                        : vault::own_request(scheme, connection->all_config, connection->newest, context_.now());
  if (request.has_error()) return finish(key, died(connection, request.error().code, request.error().text()));
  ask(connection, std::move(*request),
      [this, key, connection](net::CallResult result) { answered(key, connection, std::move(result)); });
}

void Tokens::ask(const Connection& connection, HttpRequest request, std::function<void(net::CallResult)> done) {
  net::OutboundCall call;
  call.private_addresses_allowed = connection->private_addresses;
  // The owner names the endpoint's address, as that of the vendor: a literal private one is meant.
  if (const auto url = parse_url(request.target); url.has_value() && net::parse_address(url->host))
    call.private_addresses_allowed.push_back(url->host);
  call.request = std::move(request);
  call.response_bytes_max = kAnswerBytes;
  call.origin.operation = connection->row.connector + ".token";
  context_.parts.http.send(std::move(call), [this, done = std::move(done)](net::CallResult result) {
    context_.parts.engine.post([done, result = std::move(result)] { done(result); });
  });
}

void Tokens::answered(const Key& key, const Connection& asked, net::CallResult result) {
  context_.passing("token_answered");
  const auto live = context_.live();
  const auto found = live->connections_by_id.find(key.first);
  const auto* scheme = found == live->connections_by_id.end() ? nullptr : scheme_of(*found->second, key.second);
  if (scheme == nullptr)
    return finish(key, host::FailEffect{host::FailKind::permanent, "connection_missing", "the connection is gone", {}});
  const Connection connection = found->second;
  // Changed meanwhile, or somebody logged in anew: the answer is to what is no more.
  if (moved(*asked, *connection) || entered_anew(*asked, *connection, *scheme)) {
    auto waiting = std::move(under_way_[key]);
    under_way_.erase(key);
    for (auto& done : waiting) fresh(connection, key.second, std::move(done));
    if (context_.progressed) context_.progressed();
    return;
  }
  if (const auto* lost = std::get_if<net::CallFailure>(&result)) {
    return take(connection, *scheme,
                vault::TokenFailure{vault::TokenFailure::Kind::again, lost->error.code, lost->error.text()},
                [this, key](const Got& got) { finish(key, got); });
  }
  take(connection, *scheme, vault::read_tokens(*scheme, std::get<HttpResponse>(result)),
       [this, key](const Got& got) { finish(key, got); });
}

void Tokens::take(const Connection& connection, const vault::AuthScheme& scheme, vault::TokenAnswer answer, Done done) {
  if (auto* tokens = std::get_if<vault::Tokens>(&answer))
    return keep(connection, scheme, std::move(*tokens), std::move(done));
  const auto& told = std::get<vault::TokenFailure>(answer);
  // Renewed early, so that a hiccup of the token endpoint hurts nobody.
  if (told.kind == vault::TokenFailure::Kind::again && good_at(*connection, scheme, context_.now()))
    return done(connection);
  done(failure(connection, told));
}

void Tokens::keep(const Connection& connection, const vault::AuthScheme& scheme, vault::Tokens tokens,
                  std::function<void(Got)> done) {
  const Id id = connection->row.id;
  const Millis now = context_.now();
  if (moved(*connection, *current(connection)))
    return done(host::FailEffect{
        host::FailKind::retry, "connection_changed", "the connection was changed while its token was fetched", {}});
  store::Unit unit;
  const auto put = [&](const std::string& slot, const Secret& secret) {
    store::SecretRow row;
    row.connection = id;
    row.slot = slot;
    row.sealed = context_.parts.vault.seal(secret, vault::secret_binding(id, slot, row.version));
    row.created_ms = now;
    unit.writes.emplace_back(store::PutSecret{std::move(row)});
  };
  put(scheme.access_slot(), tokens.access);
  if (tokens.refresh) put(scheme.refresh_slot(), *tokens.refresh);
  store::TokenRow row{id, scheme.name, now, {}, {}, tokens.scope};
  if (tokens.expires_for) row.expires_ms = now + *tokens.expires_for;
  const auto known = connection->tokens.find(scheme.name);
  if (tokens.refresh_expires_for)
    row.refresh_expires_ms = now + *tokens.refresh_expires_for;
  else if (!tokens.refresh && known != connection->tokens.end())
    row.refresh_expires_ms = known->second.refresh_expires_ms;
  unit.writes.emplace_back(store::PutToken{std::move(row)});
  context_.commit(unit, [this, connection, name = scheme.name, tokens = std::move(tokens),
                         done = std::move(done)](const store::UnitOutcome& outcome) mutable {
    if (outcome.kind != store::UnitOutcome::Kind::committed) {
      const auto live = context_.live();
      const auto now = live->connections_by_id.find(connection->row.id);
      const auto* scheme = now == live->connections_by_id.end() ? nullptr : scheme_of(*now->second, name);
      if (scheme == nullptr || !context_.parts.alarm || context_.stopping) {
        return done(host::FailEffect{host::FailKind::retry, "token_not_kept", "the token could not be stored", {}});
      }
      // The old refresh token may be spent: what the vendor gave is kept in memory until it is on disk.
      context_.parts.log.error("a token cannot be stored; it is tried again",
                               {{"connection", connection->row.name},
                                {"error", outcome.error ? outcome.error->text() : "the connection moved"}});
      return context_.parts.alarm(
          kSecond, [this, connection, scheme = *scheme, tokens = std::move(tokens), done = std::move(done)] {
            context_.parts.engine.post(
                [this, connection, scheme, tokens, done] { keep(connection, scheme, tokens, done); });
          });
    }
    const auto loaded = context_.reload_connection(connection->row.id);
    if (loaded.has_error())
      return done(host::FailEffect{host::FailKind::retry, loaded.error().code, loaded.error().text(), {}});
    done(current(connection));
  });
}

void Tokens::finish(const Key& key, const Got& got) {
  const auto found = under_way_.find(key);
  if (found == under_way_.end()) return;
  const auto waiting = std::move(found->second);
  under_way_.erase(found);
  for (const auto& done : waiting) done(got);
  if (context_.progressed) context_.progressed();
}

host::FailEffect Tokens::failure(const Connection& connection, const vault::TokenFailure& told) {
  using Kind = vault::TokenFailure::Kind;
  const std::string said =
      connection->redactor.clean(told.message) + " (" + connection->redactor.clean(told.code) + ")";
  if (told.kind == Kind::again)
    return {host::FailKind::retry, "token_unavailable", "no token can be fetched now: " + said, {}};
  if (told.kind == Kind::login)
    return died(connection, "login_ended",
                "the vendor takes its login no more: " + said + "; log in again: ieum connection login " +
                    connection->row.name);
  return died(connection, "credentials_refused",
              "the vendor refuses its client id, client secret or key: " + said +
                  "; enter them again: ieum connection rotate " + connection->row.name);
}

host::FailEffect Tokens::died(const Connection& connection, const std::string& code, const std::string& problem) {
  if (context_.connection_died) context_.connection_died(connection->row.id, problem);
  return {host::FailKind::auth_dead, code, problem, {}};
}

void Tokens::look_after() {
  const Millis now = context_.now();
  const auto live = context_.live();
  for (const auto& [name, connection] : live->connections) {
    if (connection->connector == nullptr || connection->dead() || !connection->row.enabled) continue;
    const auto wanted = host::auth_of(connection->connector->manifest(), connection->config);
    const auto* scheme = wanted ? scheme_of(*connection, *wanted) : nullptr;
    if (scheme == nullptr) continue;
    const auto known = connection->tokens.find(scheme->name);
    if (known == connection->tokens.end() || !known->second.expires_ms || *known->second.expires_ms > now ||
        known->second.fetched_ms > now - kUnusedFor || under_way_.contains({connection->row.id, scheme->name}))
      continue;
    request(connection, *scheme, [](const Got&) {});
  }
}

}  // namespace ieum::runtime
