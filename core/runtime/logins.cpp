#include "runtime/logins.hpp"

#include <algorithm>
#include <memory>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "runtime/probe.hpp"

namespace ieum::runtime {
namespace {

constexpr Millis kLoginFor = 10 * kMinute;
constexpr std::size_t kLoginsMax = 100;
constexpr std::size_t kCodeBytes = 4096;

std::string value_of(const QueryPairs& query, std::string_view name) {
  const auto found = std::find_if(query.begin(), query.end(), [&](const auto& pair) { return pair.first == name; });
  return found == query.end() ? "" : found->second;
}

const vault::AuthScheme* login_scheme(const LiveConnection& connection) {
  if (connection.connector == nullptr) return nullptr;
  const auto name = host::auth_of(connection.connector->manifest(), connection.config);
  const auto found = name ? connection.auth.find(*name) : connection.auth.end();
  const bool person = found != connection.auth.end() && found->second.kind == vault::AuthScheme::Kind::oauth2_code;
  return person ? &found->second : nullptr;
}

}  // namespace

Result<Value> Logins::begin(const std::string& name) {
  forget_old();
  const auto live = context_.live();
  const auto found = live->connections.find(name);
  if (found == live->connections.end())
    return Error("unknown_connection", "there is no connection \"" + name + "\"", "see: ieum connection list");
  const auto* scheme = login_scheme(*found->second);
  if (scheme == nullptr)
    return Error("no_login", "connection \"" + name + "\" uses no login: its credentials are entered",
                 "see: ieum connector show " + found->second->row.connector);
  if (context_.parts.public_url.empty())
    return Error("no_public_url", "the vendor must know where to send the person back to",
                 "start the hub with --public-url, for example http://localhost:8080 on your own machine");
  if (logins_.size() >= kLoginsMax)
    return Error("too_many_logins", "too many logins are open", "finish one, or wait ten minutes");
  if (!scheme->token.client_secret.empty() && !found->second->newest.contains(scheme->token.client_secret))
    return Error("missing_credential", "the credential \"" + scheme->token.client_secret + "\" is not entered",
                 "enter it: ieum connection rotate " + name + " " + scheme->token.client_secret);
  Login login;
  login.connection = found->second->row.id;
  login.name = name;
  login.scheme = scheme->name;
  login.state = base64url_encode(context_.parts.random.bytes(32));
  login.verifier = base64url_encode(context_.parts.random.bytes(32));
  login.redirect = context_.parts.public_url + "/oauth/callback";
  login.expires_ms = context_.now() + kLoginFor;
  IEUM_TRY(const std::string url,
           vault::authorize_url(*scheme, found->second->all_config, login.redirect, login.state, login.verifier));
  const std::string id = hex_encode(context_.parts.random.bytes(16));
  Value answer = Map{{"login", id}, {"url", url}, {"expires_at", login.expires_ms}, {"redirect", login.redirect}};
  logins_.emplace(id, std::move(login));
  return answer;
}

void Logins::finish(const QueryPairs& query, std::function<void(Result<std::string>)> done) {
  forget_old();
  const std::string state = value_of(query, "state");
  const auto found = std::find_if(logins_.begin(), logins_.end(), [&](const auto& login) {
    return !state.empty() && !login.second.used && login.second.state == state;
  });
  if (found == logins_.end())
    return done(Error("unknown_login", "this login is over, was used already, or was not begun here",
                      "begin it again: ieum connection login NAME"));
  found->second.used = true;
  const std::string id = found->first;
  const Login login = found->second;
  const auto failed = [this, id, done](const Error& error) {
    end(id, error.text());
    done(error);
  };
  const auto live = context_.live();
  const auto connection = live->connections_by_id.find(login.connection);
  const auto* scheme = connection == live->connections_by_id.end() ? nullptr : login_scheme(*connection->second);
  if (scheme == nullptr || scheme->name != login.scheme)
    return failed(Error("unknown_login", "the connection was changed or removed meanwhile", "begin the login again"));
  if (scheme->token.shopify_callback) {
    const auto secret = connection->second->newest.find(scheme->token.client_secret);
    const Status signed_well =
        vault::check_shopify_callback(query, secret == connection->second->newest.end() ? Secret() : secret->second,
                                      connection->second->all_config.text("shop"), context_.now());
    if (signed_well.has_error()) return failed(signed_well.error());
  }
  if (const std::string refused = value_of(query, "error"); !refused.empty())
    return failed(Error("login_refused", "the vendor says: " + refused.substr(0, 200), "begin the login again"));
  const std::string code = value_of(query, "code");
  if (code.empty() || code.size() > kCodeBytes)
    return failed(Error("login_refused", "the vendor sent no code", "begin the login again"));
  auto request = vault::code_request(*scheme, connection->second->all_config, connection->second->newest,
                                     login.redirect, code, login.verifier);
  if (request.has_error()) return failed(request.error());
  const auto of = connection->second;
  tokens_.ask(of, std::move(*request), [this, id, login, of, scheme = *scheme, done, failed](net::CallResult result) {
    if (const auto* lost = std::get_if<net::CallFailure>(&result)) return failed(lost->error);
    auto answer = vault::read_tokens(scheme, std::get<HttpResponse>(result));
    if (const auto* told = std::get_if<vault::TokenFailure>(&answer)) {
      return failed(
          Error("login_refused",
                "the vendor gave no token: " + of->redactor.clean(told->message) + " (" +
                    of->redactor.clean(told->code) + ")",
                "begin the login again; when it fails again, check the client id, its secret and the redirect "
                "address " +
                    login.redirect));
    }
    tokens_.take(of, scheme, std::move(answer), [this, id, login, done, failed](const Tokens::Got& got) {
      if (const auto* lost = std::get_if<host::FailEffect>(&got)) return failed(Error(lost->code, lost->message));
      learn(std::get<Tokens::Connection>(got), login.scheme, [this, id, login, done, failed](const Status& learned) {
        if (learned.has_error()) return failed(learned.error());
        held_.mended(login.connection, [this, id, login, done] {
          end(id, "");
          done(login.name);
        });
      });
    });
  });
}

void Logins::learn(const Tokens::Connection& connection, const std::string& scheme, std::function<void(Status)> done) {
  const auto& manifest = connection->connector->manifest();
  const auto asked = manifest.after_login.find(scheme);
  const auto* operation = asked == manifest.after_login.end() ? nullptr : manifest.operation(asked->second);
  if (operation == nullptr) return done({});
  probe(context_, connection, operation->name, Map{}, [this, connection, operation, done](Result<Value> told) {
    const std::string mend = "log in again: ieum connection login " + connection->row.name;
    if (told.has_error())
      return done(Error(told.error().code,
                        "the vendor let the hub in and then did not say what it was asked: " + told.error().what,
                        mend));
    const auto live = context_.live();
    const auto now = live->connections_by_id.find(connection->row.id);
    if (now == live->connections_by_id.end())
      return done(Error("unknown_login", "the connection was removed meanwhile"));
    Map fields = now->second->config.if_map() == nullptr ? Map() : *now->second->config.if_map();
    for (const auto& output : operation->outputs)
      if (std::string text = told->text(output.name); !text.empty()) fields.set(output.name, std::move(text));
    auto row = now->second->row;
    row.config = write_json(fields);
    const auto origins = origins_of(connection->connector->manifest(), row, fields);
    if (origins.has_error()) return done(origins.error());
    context_.commit(store::Unit{{store::PutConnection{std::move(row)}}},
                    [this, id = connection->row.id, mend, done](const store::UnitOutcome& outcome) {
                      if (outcome.kind != store::UnitOutcome::Kind::committed)
                        return done(Error("not_kept", "what the vendor told could not be stored", mend));
                      done(context_.reload_connection(id));
                    });
  });
}

void Logins::await(const std::string& id, Millis at_most_for, std::function<void(Result<Value>)> done) {
  forget_old();
  const auto found = logins_.find(id);
  if (found == logins_.end())
    return done(Error("unknown_login", "there is no such login, or it is over", "begin it again"));
  if (found->second.ended || !context_.parts.alarm) return done(view(found->second));
  const auto once = std::make_shared<bool>(false);
  const auto tell = [this, id, done, once] {
    if (std::exchange(*once, true)) return;
    const auto now = logins_.find(id);
    if (now == logins_.end())
      return done(
          Error("unknown_login", "the login is over: it was not finished within ten minutes", "begin it again"));
    done(view(now->second));
  };
  found->second.waiting.push_back(tell);
  context_.parts.alarm(at_most_for, [this, tell] { context_.parts.engine.post(tell); });
}

void Logins::end(const std::string& id, const std::string& problem) {
  const auto found = logins_.find(id);
  if (found == logins_.end()) return;
  found->second.ended = true;
  found->second.problem = problem;
  const auto waiting = std::exchange(found->second.waiting, {});
  for (const auto& tell : waiting) tell();
}

void Logins::forget_old() {
  const Millis now = context_.now();
  std::vector<std::function<void()>> waiting;
  std::erase_if(logins_, [&](auto& login) {
    if (login.second.expires_ms > now) return false;
    for (auto& tell : login.second.waiting) waiting.push_back(std::move(tell));
    return true;
  });
  for (const auto& tell : waiting) tell();
}

Value Logins::view(const Login& login) const {
  Map out{{"connection", login.name},
          {"state", !login.ended            ? "waiting"
                    : login.problem.empty() ? "done"
                                            : "failed"},
          {"expires_at", login.expires_ms}};
  if (!login.problem.empty()) out.set("problem", login.problem);
  return out;
}

}  // namespace ieum::runtime
