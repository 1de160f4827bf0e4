#include "runtime/test_hub.hpp"

#include <stdlib.h>

#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "vault/vault.hpp"

namespace ieum::test {
namespace {

template <class T>
std::string why(const Result<T>& result) {
  return result.has_error() ? result.error().text() : std::string();
}

constexpr const char* kManifest = R"yaml(connector: acme
version: "1.0.0"
title: {ko: 시험, en: Test}
help: {ko: 시험용, en: For tests}
origins: ["https://acme.example"]
fields:
  url_token: {secret: true, title: {ko: 주소 비밀, en: Address secret}, help: {ko: 시험용, en: For tests}}
webhook:
  verify: [{kind: url_token, secret: url_token}]
  topic: [{header: X-Topic}]
  dedupe: [{header: X-Delivery}]
  events: module
events:
  orders/create:
    title: {ko: 주문, en: Order}
    help: {ko: 주문, en: An order}
    means: order_created
    project: {total: dec(body.total), order_id: body.id, first_name: body.name, source_key: "'order:' + string(body.id)", token: body.token, at: body.at}
    identities: {email: body.email, phone: body.phone}
  checkouts/create:
    title: {ko: 체크아웃, en: Checkout}
    help: {ko: 체크아웃, en: A checkout}
    means: checkout_started
    project: {total: dec(body.total), token: body.token, first_name: body.name, at: body.at}
    identities: {email: body.email, phone: body.phone}
  clicks:
    title: {ko: 클릭, en: Click}
    help: {ko: 클릭, en: A click}
    means: link_clicked
    project: {run: body.run, step: body.step, link: body.link}
    identities: {email: body.email}
  answers:
    title: {ko: 답, en: Answer}
    help: {ko: 답, en: An answer to a question}
    project: {step_key: body.key, yes: body.yes, who: body.who, at: body.at}
  note:
    title: {ko: 쪽지, en: Note}
    help: {ko: 쪽지, en: A note}
operations:
  post:
    title: {ko: 쓰기, en: Post}
    help: {ko: 쓰기, en: Posts}
    inputs: {text: {required: true, title: {ko: 글, en: Text}, help: {ko: 글, en: Text}}}
    safety: unsafe
    reconcile: find
    sample: {inputs: {text: a}, output: {}}
  post_blind:
    title: {ko: 쓰기, en: Post}
    help: {ko: 찾을 수 없는 쓰기, en: Posts what cannot be looked up}
    inputs: {text: {required: true, title: {ko: 글, en: Text}, help: {ko: 글, en: Text}}}
    safety: unsafe
    sample: {inputs: {text: a}, output: {}}
  put:
    title: {ko: 두기, en: Put}
    help: {ko: 두기, en: Puts}
    inputs: {text: {required: true, title: {ko: 글, en: Text}, help: {ko: 글, en: Text}}}
    safety: idempotent
    sample: {inputs: {text: a}, output: {}}
  twice:
    title: {ko: 두 번, en: Twice}
    help: {ko: 묻고 쓰기, en: Asks and then posts}
    inputs: {text: {required: true, title: {ko: 글, en: Text}, help: {ko: 글, en: Text}}}
    safety: unsafe
    reconcile: find
    sample: {inputs: {text: a}, output: {}}
  tell:
    title: {ko: 알리기, en: Tell}
    help: {ko: 고객에게 알리기, en: Tells a customer}
    inputs:
      to: {title: {ko: 번호, en: To}, help: {ko: 번호, en: Number}}
      text: {required: true, title: {ko: 글, en: Text}, help: {ko: 글, en: Text}}
    safety: unsafe
    reconcile: find
    reaches: customer
    channel: acme_message
    classes: [info, ad]
    label: text
    address: to
    text: text
    sample: {inputs: {to: "01012345678", text: a}, output: {}}
  find:
    internal: true
    title: {ko: 찾기, en: Find}
    help: {ko: 찾기, en: Finds}
    open_inputs: true
    safety: safe
    sample: {inputs: {}, output: {found: false}}
)yaml";

class AcmeConnector final : public host::Connector {
 public:
  AcmeConnector(host::Manifest manifest, std::function<void()>& on_webhook, bool& refuses)
      : manifest_(std::move(manifest)), on_webhook_(on_webhook), refuses_(refuses) {}
  const host::Manifest& manifest() const override { return manifest_; }

  host::Effect step(const host::Call& call) const override {
    if (call.phase == host::Phase::webhook) {
      if (on_webhook_) on_webhook_();
      auto body = parse_json(call.body);
      if (body.has_error()) return host::FailEffect{host::FailKind::permanent, "bad_body", "no JSON", {}};
      if (body->if_list() == nullptr) return host::EventsEffect{{{call.topic, *body}}, {}, false};
      host::EventsEffect several;
      for (const auto& item : *body->if_list()) several.items.push_back({call.topic, item, item.text("item")});
      return several;
    }
    if (call.phase == host::Phase::begin) {
      if (call.operation == "find")
        return request("GET", "/messages?key=" + call.step_key, host::Safety::safe, "", "find");
      if (refuses_) return host::FailEffect{host::FailKind::permanent, "stopped", "what it asks for was stopped", {}};
      if (call.operation == "twice") return request("GET", "/channel", host::Safety::safe, "", "channel");
      return post(call);
    }
    const auto status = call.outcome.number("status");
    if (status == 429) {
      const bool told = call.outcome.at_path("headers.retry-after") != nullptr;
      return host::FailEffect{host::FailKind::rate_limited, "rate_limited", "slow down",
                              told ? std::nullopt : std::optional<Millis>(30'000)};
    }
    if (status == 408 || status == 425) return host::FailEffect{host::FailKind::retry, "again", "try again", {}};
    if (status == 410) return host::FailEffect{host::FailKind::gone, "gone", "the address is gone", {}};
    if (status >= 500) return host::FailEffect{host::FailKind::retry, "unavailable", "try again", {}};
    if (status >= 300) return host::FailEffect{host::FailKind::permanent, "refused", "the vendor refuses", {}};
    if (call.state.is_string() && *call.state.if_string() == "channel") return post(call);
    auto body = parse_json(call.body);
    if (body.has_error()) return host::FailEffect{host::FailKind::retry, "bad_answer", "no JSON", {}};
    return host::DoneEffect{std::move(*body)};
  }

 private:
  static host::Effect post(const host::Call& call) {
    return request("POST", "/messages", call.operation == "put" ? host::Safety::idempotent : host::Safety::unsafe,
                   write_json(Map{{"key", call.step_key}, {"text", call.inputs.text("text")}}), "posted");
  }
  static host::Effect request(std::string method, const std::string& path, host::Safety safety, std::string body,
                              const char* state) {
    host::HttpEffect effect;
    effect.request.method = std::move(method);
    effect.request.target = "https://acme.example" + path;
    effect.request.body = std::move(body);
    effect.safety = safety;
    effect.state = state;
    return effect;
  }
  host::Manifest manifest_;
  std::function<void()>& on_webhook_;
  bool& refuses_;
};

class OneConnector final : public host::Registry {
 public:
  explicit OneConnector(std::unique_ptr<host::Connector> connector) : connector_(std::move(connector)) {}
  const host::Connector* find(std::string_view name) const override {
    return name == connector_->manifest().name ? connector_.get() : nullptr;
  }
  std::vector<const host::Connector*> all() const override { return {connector_.get()}; }
  std::string digest(std::string_view) const override { return {}; }

 private:
  std::unique_ptr<host::Connector> connector_;
};

}  // namespace

void FakeVendor::send(net::OutboundCall call, std::function<void(net::CallResult)> done) {
  auto run = [this, call = std::move(call), done = std::move(done)] { done(act(call)); };
  if (hold) {
    held_.emplace_back(std::move(run));
  } else {
    run();
  }
}

void FakeVendor::release() {
  hold = false;
  auto held = std::move(held_);
  held_.clear();
  for (auto& run : held) run();
}

net::CallResult FakeVendor::act(const net::OutboundCall& call) {
  const auto& target = call.request.target;
  if (target.ends_with("/channel")) return HttpResponse{200, {}, R"({"channel":"C1"})"};
  if (call.request.method == "GET") {
    ++lookups_seen;
    if (lookup_fails) return HttpResponse{503, {}, ""};
    const auto key = target.substr(target.find("key=") + 4);
    for (const auto& [seen, text] : messages) {
      if (seen == key) return HttpResponse{200, {}, R"({"found":true,"output":{"ok":true,"found_later":true}})"};
    }
    return HttpResponse{200, {}, R"({"found":false})"};
  }
  ++writes_seen;
  if (on_write) on_write(call.request.body);
  auto body = parse_json(call.request.body);
  const std::string key = body->text("key");
  keys_seen.push_back(key);
  if (clock != nullptr) times_seen.push_back(clock->now());
  if (!answers.empty()) {
    auto answer = std::move(answers.front());
    answers.pop_front();
    return answer;
  }
  Fate fate = Fate::answer;
  if (!fates.empty()) {
    fate = fates.front();
    fates.pop_front();
  }
  switch (fate) {
    case Fate::refuse_503: return HttpResponse{503, {}, ""};
    case Fate::rate_limit: return HttpResponse{429, {}, ""};
    case Fate::reject_400: return HttpResponse{400, {}, ""};
    case Fate::drop_before:
      return net::CallFailure{net::CallFailure::Sent::nothing, Error("connect_failed", "refused")};
    case Fate::drop_after:
      messages.emplace_back(key, body->text("text"));
      return net::CallFailure{net::CallFailure::Sent::maybe, Error("connection_lost", "closed")};
    case Fate::answer: break;
  }
  messages.emplace_back(key, body->text("text"));
  return HttpResponse{200, {}, R"({"ok":true})"};
}

namespace {

class Listening final : public runtime::Watchdog {
 public:
  explicit Listening(std::string& heard) : heard_(heard) {}
  void working_on(std::string unit) override { heard_ = std::move(unit); }
  void entering(const std::string&, const char*) override {}
  void left() override {}
  void note_from_signal(const char*) noexcept override {}

 private:
  std::string& heard_;
};

}  // namespace

TestHub::TestHub(Setup setup)
    : clock(kMonday),
      watchdog_(std::make_unique<Listening>(working_on)),
      directory_(std::move(setup.directory)),
      own_directory_(directory_.empty()),
      alarms_(setup.alarms),
      watches_disk_(setup.watches_disk),
      http_(setup.http != nullptr ? setup.http : &vendor),
      public_url_(std::move(setup.public_url)),
      vfs_(std::move(setup.vfs)) {
  vendor.clock = &clock;
  if (own_directory_) {
    const std::filesystem::path shared = "/dev/shm";
    const bool fast = setup.in_memory && std::filesystem::is_directory(shared);
    auto pattern = ((fast ? shared : std::filesystem::temp_directory_path()) / "ieum-runtime-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    directory_ = pattern;
  }
  if (setup.connector == nullptr) {
    auto manifest = host::read_manifest(kManifest, "manifest.yaml");
    BOOST_REQUIRE_MESSAGE(manifest.has_value(), why(manifest));
    setup.connector = std::make_unique<AcmeConnector>(std::move(*manifest), on_webhook, refuses);
  }
  runtime::NewConnection shop;
  shop.connector = setup.connector->manifest().name;
  registry = std::make_unique<OneConnector>(std::move(setup.connector));
  zones = system_zones();
  vault = std::move(*vault::open_vault(directory_ + "/key", true, random));
  if (!own_directory_) return;  // whoever has it starts the hub when the clock is set
  start();
  shop.name = "shop";
  shop.config = std::move(setup.config);
  shop.secrets.emplace_back("url_token", Secret("token-of-the-shop"));
  const auto put = hub->put_connection(shop);
  BOOST_REQUIRE_MESSAGE(put.has_value(), why(put));
}

TestHub::~TestHub() {
  crash();
  std::error_code ignored;
  if (own_directory_) std::filesystem::remove_all(directory_, ignored);
}

void TestHub::start() { BOOST_REQUIRE_MESSAGE(try_start(), problem); }

bool TestHub::try_start() {
  broken = false;
  store::StoreOptions options;
  options.path = store_path();
  options.inline_writer = true;
  options.vfs = vfs_;
  options.on_broken = [this](const Error&) { broken = true; };
  auto opened = store::open_store(std::move(options), log);
  problem = why(opened);
  if (opened.has_error()) return false;
  store = std::move(*opened);
  reader = store->reader();
  engine = std::make_unique<runtime::ManualExecutor>();
  runtime::HubParts parts{*store, *registry, *http_,          *vault,      *zones,  clock,   random,
                          log,    *engine,   watchdog_.get(), crash_cause, nullptr, nullptr, nullptr};
  if (alarms_)
    parts.alarm = [this](Millis delay_for, std::function<void()> work) {
      alarms.emplace(clock.now() + delay_for, std::move(work));
    };
  parts.fatal = [this](const Error&) { broken = true; };
  parts.public_url = public_url_;
  parts.behind = engine.get();
  if (watches_disk_) parts.space = [this] { return space; };
  parts.disk_marks = disk_marks;
  parts.intake_limits = intake_limits;
  hub = runtime::make_hub(std::move(parts));
  const auto started = hub->start();
  problem = why(started);
  if (started.has_value()) settle();
  return started.has_value();
}

void TestHub::stop() {
  bool stopped = false;
  hub->stop(0, [&] { stopped = true; });
  settle();
  wake();
  BOOST_REQUIRE(stopped);
  store->close();
  crash();
}

void TestHub::crash() {
  alarms.clear();
  hub.reset();
  reader.reset();
  engine.reset();
  store.reset();
}

void TestHub::wake() {
  while (!broken && !alarms.empty() && alarms.begin()->first <= clock.now()) {
    alarms.extract(alarms.begin()).mapped()();
    settle();
  }
}

void TestHub::ring() {
  auto due = std::exchange(alarms, {});
  for (auto& [at, work] : due) work();
  settle();
}

void TestHub::settle() { engine->run_all(); }

void TestHub::run_until(Millis to) {
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

Result<runtime::AppliedRecipe> TestHub::try_apply(const std::string& yaml) {
  return hub->apply_recipe(yaml, recipe::Format::yaml, "test.yaml");
}

void TestHub::apply(const std::string& yaml) {
  const auto applied = try_apply(yaml);
  BOOST_REQUIRE_MESSAGE(applied.has_value(), why(applied));
}

HttpResponse TestHub::deliver(const std::string& topic, const std::string& body, const std::string& delivery_id) {
  HttpRequest request;
  request.method = "POST";
  request.target = "/hooks/shop/token-of-the-shop";
  request.headers.add("Content-Type", "application/json");
  request.headers.add("X-Topic", topic);
  if (!delivery_id.empty()) request.headers.add("X-Delivery", delivery_id);
  request.body = body;
  HttpResponse answer;
  answer.status = 0;
  hub->accept("shop", "token-of-the-shop", std::move(request),
              [&](HttpResponse response) { answer = std::move(response); });
  settle();
  return answer;
}

std::vector<store::RunRow> TestHub::runs() {
  store::RunFilter filter;
  filter.limit = 1000;
  auto rows = reader->runs(filter)->rows;
  return {rows.rbegin(), rows.rend()};
}

store::RunRow TestHub::only_run() {
  auto rows = runs();
  BOOST_REQUIRE_EQUAL(rows.size(), 1u);
  return rows.front();
}

std::vector<store::StepRow> TestHub::steps(Id run) { return *reader->steps(run); }

std::vector<store::EventRow> TestHub::events() {
  store::EventFilter filter;
  filter.limit = 1000;
  auto rows = *reader->events(filter);
  return {rows.rbegin(), rows.rend()};
}

}  // namespace ieum::test
