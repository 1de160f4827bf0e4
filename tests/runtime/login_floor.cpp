#include "runtime/login_floor.hpp"

#include <stdlib.h>

#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "base/url.hpp"
#include "vault/vault.hpp"

namespace ieum::test {
namespace {

constexpr Millis kMonday = 1'772'409'600'000;

constexpr const char* kManifest = R"yaml(connector: books
version: "1.0.0"
title: {ko: 장부, en: Books}
help: {ko: 시험용, en: For tests}
origins: ["https://books.example"]
fields:
  login: {choices: [token, oauth], default: oauth, title: {ko: 방식, en: Login}, help: {ko: 시험용, en: For tests}}
  login_url: {default: "https://login.example", title: {ko: 주소, en: Address}, help: {ko: 시험용, en: For tests}}
  client_id: {default: hub-1, title: {ko: 아이디, en: Id}, help: {ko: 시험용, en: For tests}}
  client_secret: {secret: true, title: {ko: 비밀, en: Secret}, help: {ko: 시험용, en: For tests}}
  api_token: {secret: true, title: {ko: 토큰, en: Token}, help: {ko: 시험용, en: For tests}}
  region: {derive: {from: api_token, after_last: "-"}, title: {ko: 지역, en: Region}, help: {ko: 시험용, en: For tests}}
  hook_secret: {secret: true, title: {ko: 비밀, en: Secret}, help: {ko: 시험용, en: For tests}}
auth:
  token: {kind: bearer, slot: api_token, when: {login: token}}
  oauth:
    kind: oauth2_code
    when: {login: oauth}
    authorize_url: "{login_url}/authorize"
    token_url: "{login_url}/token"
    client_id: client_id
    client_secret: client_secret
    scopes: [entries]
default_auth: [token, oauth]
test: check
webhook:
  verify: [{kind: url_token, secret: hook_secret}]
  topic: [{header: X-Topic}]
events:
  note: {title: {ko: 쪽지, en: Note}, help: {ko: 쪽지, en: A note}}
operations:
  add:
    title: {ko: 쓰기, en: Add}
    help: {ko: 쓰기, en: Adds}
    inputs: {text: {required: true, title: {ko: 글, en: Text}, help: {ko: 글, en: Text}}}
    safety: idempotent
    capture: {slot: hook_secret, at: hook.secret}
    sample: {inputs: {text: a}, output: {}}
  check:
    internal: true
    title: {ko: 확인, en: Check}
    help: {ko: 확인, en: Checks}
    safety: safe
    sample: {inputs: {}, output: {}}
)yaml";

class Books final : public host::Connector {
 public:
  explicit Books(host::Manifest manifest) : manifest_(std::move(manifest)) {}
  const host::Manifest& manifest() const override { return manifest_; }
  host::Effect step(const host::Call& call) const override {
    if (call.phase == host::Phase::begin) {
      host::HttpEffect effect;
      effect.auth = host::auth_of(manifest_, call.connection).value_or("");
      effect.request.method = call.operation == "add" ? "POST" : "GET";
      effect.request.target = "https://books.example/entries";
      if (call.operation == "add") {
        effect.request.body = write_json(Map{{"text", call.inputs.text("text")}});
        if (call.inputs.text("text") == "subscribe") effect.fill = {{"/secret", "hook_secret"}};
      }
      effect.safety = host::Safety::idempotent;
      return effect;
    }
    const auto status = call.outcome.number("status");
    if (status == 401)
      return host::FailEffect{host::FailKind::auth_refresh, "unauthorized", "the token is refused", {}};
    if (status == 403) return host::FailEffect{host::FailKind::auth_dead, "revoked", "the app was removed", {}};
    if (status >= 500) return host::FailEffect{host::FailKind::retry, "down", "later", {}};
    auto body = parse_json(call.body);
    return host::DoneEffect{body.has_value() ? *body : Value(Map{})};
  }

 private:
  host::Manifest manifest_;
};

class OneConnector final : public host::Registry {
 public:
  explicit OneConnector(std::unique_ptr<host::Connector> connector) : connector_(std::move(connector)) {}
  const host::Connector* find(std::string_view name) const override {
    return name == "books" ? connector_.get() : nullptr;
  }
  std::vector<const host::Connector*> all() const override { return {connector_.get()}; }
  std::string digest(std::string_view) const override { return {}; }

 private:
  std::unique_ptr<host::Connector> connector_;
};

std::string field(const QueryPairs& pairs, const std::string& name) {
  for (const auto& [key, value] : pairs)
    if (key == name) return value;
  return "";
}

}  // namespace

void TokenVendor::send(net::OutboundCall call, std::function<void(net::CallResult)> done) {
  auto run = [this, request = std::move(call.request), done = std::move(done)] {
    if (request.target == "https://login.example/token") return done(token(request));
    bodies.push_back(request.body);
    const std::string held(request.headers.get("authorization").value_or(""));
    const bool good =
        held == "Bearer entered-1" || (held.starts_with("Bearer ") && access_tokens.contains(held.substr(7)));
    if (!good) {
      ++refused;
      return done(HttpResponse{held == "Bearer entered-0" ? 403 : 401, {}, R"({"error":"who are you"})"});
    }
    if (request.method == "GET") return done(HttpResponse{200, {}, R"({"name":"장부"})"});
    const std::string text = parse_json(request.body)->text("text");
    entries.push_back(text);
    if (text == "subscribe") return done(HttpResponse{200, {}, R"({"hook":{"secret":"whsec-told-once"}})"});
    done(HttpResponse{200, {}, R"({"ok":true})"});
  };
  if (hold)
    held_.push_back(std::move(run));
  else
    run();
}

void TokenVendor::release() {
  hold = false;
  auto held = std::move(held_);
  held_.clear();
  for (auto& run : held) run();
}

HttpResponse TokenVendor::token(const HttpRequest& request) {
  const auto form = form_decode(request.body).value();
  token_calls.push_back(field(form, "grant_type"));
  if (!token_error.empty())
    return {token_error == "server_error" ? 503 : 400, {}, write_json(Map{{"error", token_error}})};
  if (field(form, "client_secret") != "cs-123456") return {401, {}, R"({"error":"invalid_client"})"};
  if (field(form, "grant_type") == "authorization_code") {
    verifier = field(form, "code_verifier");
    return field(form, "code") == "code-1" ? give() : HttpResponse{400, {}, R"({"error":"invalid_grant"})"};
  }
  const std::string refresh = field(form, "refresh_token");
  if (!refresh_tokens.contains(refresh)) return {400, {}, R"({"error":"invalid_grant"})"};
  if (rotates) refresh_tokens.erase(refresh);
  return give();
}

HttpResponse TokenVendor::give() {
  const std::string number = std::to_string(++made_);
  access_tokens.insert("access-" + number);
  Map answer{{"access_token", "access-" + number}, {"expires_in", expires_in}, {"token_type", "Bearer"}};
  if (rotates) {
    refresh_tokens.insert("refresh-" + number);
    answer.set("refresh_token", "refresh-" + number);
  } else if (made_ == 1) {
    refresh_tokens.insert("refresh-kept");
    answer.set("refresh_token", "refresh-kept");
  }
  return {200, {}, write_json(Value(std::move(answer)))};
}

LoginFloor::LoginFloor() : clock(kMonday) {
  auto pattern = (std::filesystem::temp_directory_path() / "ieum-login-XXXXXX").string();
  BOOST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
  directory_ = pattern;
  auto manifest = host::read_manifest(kManifest, "manifest.yaml");
  BOOST_REQUIRE_MESSAGE(manifest.has_value(), (manifest.has_error() ? manifest.error().text() : ""));
  registry = std::make_unique<OneConnector>(std::make_unique<Books>(std::move(*manifest)));
  zones = system_zones();
  vault = std::move(*vault::open_vault(directory_ + "/key", true, random));
  start();
}

LoginFloor::~LoginFloor() {
  crash();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void LoginFloor::start() {
  store::StoreOptions options;
  options.path = directory_ + "/hub.db";
  options.inline_writer = true;
  auto opened = store::open_store(std::move(options), log);
  BOOST_REQUIRE_MESSAGE(opened.has_value(), (opened.has_error() ? opened.error().text() : ""));
  store = std::move(*opened);
  reader = store->reader();
  engine = std::make_unique<runtime::ManualExecutor>();
  runtime::HubParts parts{*store, *registry, vendor,  *vault, *zones,  clock,   random,
                          log,    *engine,   nullptr, "",     nullptr, nullptr, nullptr};
  parts.public_url = "https://hub.example";
  parts.passing = [this](std::string_view point) {
    if (passing) passing(point);
  };
  hub = runtime::make_hub(std::move(parts));
  BOOST_REQUIRE(hub->start().has_value());
  settle();
}

void LoginFloor::crash() {
  hub.reset();
  reader.reset();
  engine.reset();
  store.reset();
}

void LoginFloor::run_until(Millis to) {
  for (;;) {
    engine->post([this] { hub->tick(); });
    settle();
    const auto due = hub->next_due();
    BOOST_REQUIRE(due.has_value());
    if (!*due || **due > to) break;
    clock.set(std::max(clock.now(), **due));
  }
  clock.set(to);
}

void LoginFloor::connect(const std::string& login, bool entered) {
  runtime::NewConnection books;
  books.name = "books";
  books.connector = "books";
  books.config = Map{{"login", login}};
  if (login == "token" && entered) books.secrets.emplace_back("api_token", Secret("entered-1"));
  books.secrets.emplace_back("client_secret", Secret("cs-123456"));
  const auto put = hub->put_connection(books);
  BOOST_REQUIRE_MESSAGE(put.has_value(), (put.has_error() ? put.error().text() : ""));
  settle();
}

Result<std::string> LoginFloor::log_in() {
  const auto begun = hub->begin_login("books");
  if (begun.has_error()) return begun.error();
  const std::string url = begun->text("url");
  const auto query = form_decode(url.substr(url.find('?') + 1)).value();
  Result<std::string> told = Error("not_told", "");
  hub->finish_login({{"code", "code-1"}, {"state", field(query, "state")}},
                    [&](Result<std::string> result) { told = std::move(result); });
  settle();
  return told;
}

void LoginFloor::apply(int recipes) {
  for (int i = 0; i < recipes; ++i) {
    const auto applied = hub->apply_recipe("recipe: keep-" + std::to_string(i) +
                                               "\ntitle: 장부\ntimezone: Asia/Seoul\ntrigger: {event: books/note}\n"
                                               "steps:\n  - id: add\n    use: books.add\n    with: {text: \"{{ "
                                               "trigger.text }}\"}\n",
                                           recipe::Format::yaml, "test.yaml");
    BOOST_REQUIRE_MESSAGE(applied.has_value(), (applied.has_error() ? applied.error().text() : ""));
  }
  settle();
}

void LoginFloor::event(const std::string& text) {
  const auto sent = hub->send_event("books", "note", Map{{"text", text}});
  BOOST_REQUIRE_MESSAGE(sent.has_value(), (sent.has_error() ? sent.error().text() : ""));
  settle();
}

std::vector<store::RunRow> LoginFloor::runs() {
  store::RunFilter filter;
  filter.limit = 1000;
  auto rows = reader->runs(filter)->rows;
  return {rows.rbegin(), rows.rend()};
}

Value LoginFloor::connection() { return hub->connections().at(0); }

}  // namespace ieum::test
