#include "server/fixture.hpp"

#include <stdlib.h>

namespace ieum::server::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAcme = R"yaml(connector: acme
version: "1.0.0"
title: {ko: 시험, en: Test}
help: {ko: 시험용, en: For tests}
origins: ["https://acme.example"]
fields:
  api_token: {secret: true, title: {ko: 토큰, en: Token}, help: {ko: 시험용, en: For tests}}
test: check
resources:
  people: {title: {ko: 사람, en: People}, help: {ko: 시험용, en: For tests}, list: people}
operations:
  post:
    title: {ko: 쓰기, en: Post}
    help: {ko: 쓰기, en: Posts}
    inputs: {text: {required: true, title: {ko: 글, en: Text}, help: {ko: 글, en: Text}}}
    safety: unsafe
    sample: {inputs: {text: a}, output: {}}
  letter:
    title: {ko: 편지, en: Letter}
    help: {ko: 편지, en: Sends}
    inputs:
      to: {required: true, title: {ko: 받는이, en: To}, help: {ko: 받는이, en: To}}
      template: {required: true, resource: people, title: {ko: 템플릿, en: Template}, help: {ko: 템플릿, en: Template}}
      variables: {type: map, title: {ko: 변수, en: Variables}, help: {ko: 변수, en: Variables}}
    safety: unsafe
    reaches: customer
    channel: letter
    classes: [info]
    address: to
    template: template
    variables: variables
    sample: {inputs: {to: a, template: b}, output: {}}
  people:
    internal: true
    title: {ko: 사람, en: People}
    help: {ko: 사람, en: People}
    safety: safe
    sample: {inputs: {}, output: {items: []}}
  check:
    internal: true
    title: {ko: 시험, en: Check}
    help: {ko: 시험, en: Checks}
    safety: safe
    sample: {inputs: {}, output: {}}
)yaml";

class Acme final : public host::Connector {
 public:
  explicit Acme(host::Manifest manifest) : manifest_(std::move(manifest)) {}
  const host::Manifest& manifest() const override { return manifest_; }
  host::Effect step(const host::Call& call) const override {
    if (call.phase == host::Phase::resume) {
      auto body = parse_json(call.body);
      if (body.has_error()) return host::FailEffect{host::FailKind::permanent, "bad_answer", "no JSON", {}};
      return host::DoneEffect{std::move(*body)};
    }
    host::HttpEffect effect;
    const bool reads = call.operation != "post";
    effect.request.method = reads ? "GET" : "POST";
    effect.request.target = "https://acme.example/" + call.operation;
    effect.request.body = call.inputs.text("text");
    effect.safety = reads ? host::Safety::safe : host::Safety::unsafe;
    return effect;
  }

 private:
  host::Manifest manifest_;
};

// The loaded connectors and acme.
class WithAcme final : public host::Registry {
 public:
  WithAcme(std::unique_ptr<host::Registry> loaded, host::Manifest acme)
      : loaded_(std::move(loaded)), acme_(std::move(acme)) {}
  const host::Connector* find(std::string_view name) const override {
    return name == "acme" ? &acme_ : loaded_->find(name);
  }
  std::vector<const host::Connector*> all() const override {
    auto list = loaded_->all();
    list.insert(list.begin(), &acme_);
    return list;
  }
  std::string digest(std::string_view name) const override { return loaded_->digest(name); }

 private:
  std::unique_ptr<host::Registry> loaded_;
  Acme acme_;
};

template <class T>
T got(Result<T> result) {
  BOOST_REQUIRE_MESSAGE(result.has_value(), (result.has_error() ? result.error().text() : std::string()));
  return std::move(*result);
}

}  // namespace

const std::string kNoteRecipe = R"yaml(recipe: post-note
title: 쪽지 전달
trigger: {event: webhook/note}
steps:
  - id: send
    use: acme.post
    connection: team
    with: {text: "{{ trigger.text }}"}
)yaml";

const std::string kOrderRecipe = R"yaml(recipe: order-thanks
title: 주문 감사
about: {email: event.email}
trigger: {event: order_created}
steps:
  - wait: 30m
)yaml";

void Vendor::send(net::OutboundCall call, std::function<void(net::CallResult)> done) {
  if (call.request.target == "https://login.ledger.example/token") {
    ++tokens_asked;
    return done(token_answer);
  }
  if (call.request.method == "POST") ++posted;
  if (lose_answers) return done(net::CallFailure{net::CallFailure::Sent::maybe, Error("connection_lost", "closed")});
  std::string body = call.request.target.ends_with("/people") ? people : R"({"ok":true})";
  auto answer = [done = std::move(done), body = std::move(body)] { done(HttpResponse{200, {}, body}); };
  if (thinking != nullptr) return thinking->set_value(std::move(answer));
  answer();
}

void KeptLog::write(Level, std::string_view message, std::initializer_list<Field> fields) {
  const std::lock_guard lock(mutex_);
  text_ += message;
  for (const auto& [name, value] : fields) text_ += " " + std::string(name) + "=" + value;
  text_ += "\n";
}

std::string KeptLog::text() const {
  const std::lock_guard lock(mutex_);
  return text_;
}

Folder::Folder() {
  std::string pattern = (fs::temp_directory_path() / "ieum-server-XXXXXX").string();
  path_ = ::mkdtemp(pattern.data());
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

RunningHub::RunningHub(ServerOptions options, bool virtual_clock) {
  const auto connectors = folder.path() / "connectors";
  fs::copy(fs::path(IEUM_SOURCE_DIR) / "tests/data/server/connectors", connectors, fs::copy_options::recursive);
  fs::copy(fs::path(IEUM_SOURCE_DIR) / "connectors/webhook", connectors / "webhook", fs::copy_options::recursive);
  fs::copy(fs::path(IEUM_SOURCE_DIR) / "connectors/brevo", connectors / "brevo", fs::copy_options::recursive);
  fs::copy(fs::path(IEUM_SOURCE_DIR) / "connectors/segment", connectors / "segment", fs::copy_options::recursive);
  host::LoadOptions load;
  load.directory = connectors.string();
  registry_ =
      std::make_unique<WithAcme>(got(host::load_connectors(load, log)), got(host::read_manifest(kAcme, "acme")));
  zones_ = system_zones();
  samples_ = std::make_unique<trial::Samples>(trial::Samples::load(folder.path().string(), *registry_));
  stage_ = std::make_unique<trial::StageParts>(trial::StageParts{*registry_, *samples_, *zones_});
  vault_ = got(vault::open_vault((folder.path() / "key").string(), true, random_));
  store::StoreOptions store_options;
  store_options.path = (folder.path() / "hub.db").string();
  store = got(store::open_store(std::move(store_options), log));
  io_ = std::make_unique<net::Io>();
  engine_ = runtime::make_thread_executor("engine");
  admin = runtime::make_thread_executor("admin");
  runtime::HubParts parts{*store, *registry_, vendor, *vault_, *zones_, clock, random_, log, *engine_};
  parts.public_url = "https://hub.example";
  parts.behind = engine_.get();
  parts.space = [path = store->path()] { return store::measure(path); };
  hub = runtime::make_hub(std::move(parts));
  io_->start();
  const auto started = hub->start();
  BOOST_REQUIRE_MESSAGE(started.has_value(), (started.has_error() ? started.error().text() : std::string()));
  options.public_port = options.admin_port = 0;
  options.admin_token = Secret(kToken);
  options.audit_key = vault_->derive("audit");
  options.password_cost = {64, 1};
  options.version = "0.1.0-test";
  server = got(make_server({*io_, *hub, *store, *registry_, clock, virtual_clock ? &clock : nullptr, random_, log,
                            *admin, [this]() -> const trial::StageParts& { return *stage_; }},
                           options));
}

RunningHub::~RunningHub() { stop(); }

Status RunningHub::second_server(ServerOptions options) {
  options.public_port = options.admin_port = 0;
  options.admin_token = Secret(kToken);
  options.audit_key = vault_->derive("audit");
  options.password_cost = {64, 1};
  IEUM_TRY(const auto second,
           make_server({*io_, *hub, *store, *registry_, clock, &clock, random_, log, *admin}, options));
  std::promise<void> drained;
  second->stop([&] { drained.set_value(); });
  drained.get_future().get();
  return {};
}

void RunningHub::stop() {
  if (!server) return;
  std::promise<void> drained;
  server->stop([&] { drained.set_value(); });
  drained.get_future().get();
  std::promise<void> quiet;
  hub->stop(0, [&] { quiet.set_value(); });
  quiet.get_future().get();
  store->close();
  admin->stop();
  server.reset();
  io_->stop();
  engine_->stop();
  hub.reset();
  store.reset();
  io_.reset();
}

httplib::Client RunningHub::public_client() const { return httplib::Client("127.0.0.1", server->public_port()); }
httplib::Client RunningHub::admin_client() const { return httplib::Client("127.0.0.1", server->admin_port()); }

httplib::Client RunningHub::operator_client() const {
  auto client = admin_client();
  client.set_default_headers({{"Authorization", "Bearer " + kToken}});
  return client;
}

Value read(const std::string& body) {
  const auto value = parse_json(body);
  BOOST_REQUIRE_MESSAGE(value.has_value(), "no JSON: " + body);
  return *value;
}

namespace {

Value judged(const httplib::Result& answer, const std::string& what, int status) {
  BOOST_REQUIRE_MESSAGE(answer, what + " was not answered");
  BOOST_REQUIRE_MESSAGE(answer->status == status,
                        what + " gave " + std::to_string(answer->status) + ": " + answer->body);
  return read(answer->body);
}

}  // namespace

Value RunningHub::get(const std::string& path, int status) {
  return judged(operator_client().Get(path), "GET " + path, status);
}
Value RunningHub::post(const std::string& path, const Value& body, int status) {
  return judged(operator_client().Post(path, write_json(body), kJson), "POST " + path, status);
}
Value RunningHub::del(const std::string& path, int status) {
  return judged(operator_client().Delete(path), "DELETE " + path, status);
}

void RunningHub::connect_all() {
  post("/api/v1/connections", Map{{"name", "shop"},
                                  {"connector", "paper"},
                                  {"config", Map{{"shop", "gangnam"}}},
                                  {"secrets", Map{{"hook_secret", "secret-of-the-shop"}}}});
  post("/api/v1/connections",
       Map{{"name", "team"}, {"connector", "acme"}, {"secrets", Map{{"api_token", "token-of-the-team"}}}});
  post("/api/v1/connections", Map{{"name", "inbox"},
                                  {"connector", "webhook"},
                                  {"config", Map{{"scheme", "url_token"}}},
                                  {"secrets", Map{{"secret", "secret-of-the-inbox"}}}});
}

void RunningHub::apply(const std::string& yaml) { post("/api/v1/recipes", Map{{"source", yaml}}); }

std::string RunningHub::deliver(const std::string& body, const std::string& delivery) {
  httplib::Headers headers{{"X-Paper-Topic", "orders/create"}};
  if (!delivery.empty()) headers.emplace("X-Paper-Delivery", delivery);
  const auto answer = public_client().Post("/hooks/shop/secret-of-the-shop", headers, body, kJson);
  return judged(answer, "the delivery", 200).text("receipt");
}

void RunningHub::settle() {
  const auto settled = hub->advance_clock(clock, clock.now());
  BOOST_REQUIRE(settled.has_value());
}

}  // namespace ieum::server::testing
