#include "acceptance/floor.hpp"

#include <httplib.h>

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"

namespace ieum::acceptance {

using test::binary;
using test::write_file;

namespace {

constexpr const char* kJson = "application/json";
const std::string kWriteKey = "write-key-of-the-scenarios";
const std::string kShopSecret = "sandbox-webhook-secret";
const std::string kFormSecret = "sandbox-form-secret";

List items(const Value* of) { return of == nullptr || of->if_list() == nullptr ? List() : *of->if_list(); }

// Calls of one thread over one connection that stays open.
Value request(httplib::Client& client, const std::string& token, const std::string& method, const std::string& path,
              const Value& body) {
  httplib::Request call;
  call.method = method;
  call.path = path;
  if (!token.empty()) call.headers.emplace("Authorization", "Bearer " + token);
  if (method != "GET") {
    call.headers.emplace("Content-Type", kJson);
    call.body = body.is_null() ? "{}" : write_json(body);
  }
  const auto answer = client.send(call);
  BOOST_REQUIRE_MESSAGE(answer, method + " " + path + ": nothing answered");
  BOOST_REQUIRE_MESSAGE(answer->status < 300,
                        method + " " + path + ": " + std::to_string(answer->status) + " " + answer->body);
  auto value = parse_json(answer->body.empty() ? "{}" : answer->body);
  BOOST_REQUIRE(value.has_value());
  return std::move(*value);
}

// The customers of the scenarios: 민지 is 7001, and so on.
List customers() {
  static constexpr std::array<std::pair<const char*, const char*>, 6> kNames{{{"민지", "minji.kim"},
                                                                              {"준호", "junho.lee"},
                                                                              {"소라", "sora.park"},
                                                                              {"하나", "hana.choi"},
                                                                              {"도윤", "doyun.jung"},
                                                                              {"유나", "yuna.han"}}};
  List out;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    const Map consent{
        {"email", true}, {"sms", true}, {"push", true}, {"kakao_friendtalk", true}, {"kakao_alimtalk", true}};
    out.push_back(Map{{"ids", List{"user:700" + number}},
                      {"name", kNames[i].first},
                      {"email", std::string(kNames[i].second) + "@example.com"},
                      {"phone", "+82101111000" + number},
                      {"push_token", "tok-700" + number},
                      {"ad_consent", consent}});
  }
  return out;
}

}  // namespace

// The vendors' clock is the hub's: what they note stands at the hub's own instant.
class Floor::HubClock final : public Clock {
 public:
  HubClock(std::uint16_t port, std::string token) : client_("127.0.0.1", port), token_(std::move(token)) {
    client_.set_keep_alive(true);
  }
  [[nodiscard]] Millis now() const override {
    return request(client_, token_, "GET", "/api/v1/status", {}).get("clock")->number("now_ms");
  }

 private:
  mutable httplib::Client client_;  // of the vendors' one thread
  const std::string token_;
};

Floor::Floor(const Value& scenario)
    : scenario_(scenario), public_port_(test::free_port()), admin_port_(test::free_port()) {
  hub_ = std::make_unique<test::Background>(std::vector<std::string>{
      binary(), "serve", "--data", directory_.file("data"), "--public", "127.0.0.1:" + std::to_string(public_port_),
      "--public-url", "http://127.0.0.1:" + std::to_string(public_port_), "--admin",
      "127.0.0.1:" + std::to_string(admin_port_), "--log", "json", "--virtual-clock", scenario.text("start")});
  BOOST_REQUIRE_MESSAGE(hub_->wait_for("the hub listens"), hub_->printed());
  std::ifstream file(directory_.file("data") + "/admin.token");
  std::getline(file, token_);
  clock_ = std::make_unique<HubClock>(admin_port_, token_);
  io_.start();
  sandbox::SandboxOptions options;
  options.clock = clock_.get();
  auto vendors = sandbox::make_sandbox(io_, options);
  BOOST_REQUIRE(vendors.has_value());
  vendors_ = std::move(*vendors);
  connect();
  set_audience();
  load_people();
  const auto translated = translate(scenario_);
  httplib::Client dealer("127.0.0.1", vendors_->port());
  for (const auto& made : translated.templates)
    request(dealer, "", "POST", "/_sandbox/templates",
            Map{{"code", made.code}, {"text", made.text}, {"approved", true}});
  for (const auto& recipe : translated.recipes) {
    const std::string path = directory_.file(recipe.text("recipe") + ".json");
    write_file(path, write_json(recipe));
    ieum({"recipe", "apply", path});
  }
}

Floor::~Floor() {
  hub_.reset();
  vendors_.reset();
}

std::string Floor::ieum(std::vector<std::string> words) {
  words.insert(words.begin(), binary());
  words.insert(words.end(), {"--data", directory_.file("data")});
  const auto finished = test::run(words);
  BOOST_REQUIRE_MESSAGE(finished.code == 0, words[1] + " " + words[2] + " " + words[3] + ": exit " +
                                                std::to_string(finished.code) + "\n" + finished.out + finished.err);
  return finished.out;
}

Value Floor::api(const std::string& method, const std::string& path, const Value& body) {
  httplib::Client client("127.0.0.1", admin_port_);
  client.set_read_timeout(120);
  return request(client, token_, method, path, body);
}

void Floor::connect() {
  const std::string vendors = "http://127.0.0.1:" + std::to_string(vendors_->port()), base = "base_url=" + vendors;
  const auto secret = [&](const std::string& field, const std::string& text) {
    const std::string path = directory_.file(field + "-" + std::to_string(text.size()));
    write_file(path, text);
    return field + "=" + path;
  };
  httplib::Client google("127.0.0.1", vendors_->port());
  const auto key = google.Get("/_sandbox/google/key.json");
  BOOST_REQUIRE(key);
  ieum({"connection", "add", "segment", "--set", "source=server", "--secret", secret("write_key", kWriteKey)});
  ieum({"connection", "add", "shopify", "--set", "shop=hub-test.myshopify.com", "--set", base, "--secret",
        secret("client_secret", kShopSecret), "--secret", secret("access_token", "shpat_sandbox")});
  ieum({"connection", "add", "typeform", "--set", "forms=[\"lT4Z3j\"]", "--set", base, "--secret",
        secret("api_token", "tfp_sandbox"), "--secret", secret("webhook_secret", kFormSecret)});
  ieum({"connection", "add", "kakao", "--set", "dealer=solapi", "--set", "api_key=sandbox-key", "--set",
        "pf_id=KA01PF0001", "--set", "from=0212341234", "--set", base, "--secret",
        secret("api_secret", "sandbox-secret")});
  ieum({"connection", "add", "slack", "--set", base, "--secret", secret("bot_token", "xoxb-sandbox")});
  ieum({"connection", "add", "brevo", "--set", base, "--secret", secret("api_key", "xkeysib-sandbox")});
  ieum({"connection", "add", "fcm", "--set", base, "--set", "token_url=" + vendors, "--secret",
        secret("service_account", key->body)});
}

void Floor::set_audience() {
  Map audience{{"sender", Map{{"name", "허브상점"}, {"contact", "02-123-4567"}, {"free_opt_out", "080-123-4567"}}}};
  List caps;
  if (const Value* config = scenario_.get("config"))
    for (const Value& cap : items(config->get("caps")))
      caps.push_back(
          Map{{"channel", channel_name(cap.text("channel"))}, {"max", cap.number("max")}, {"per", cap.text("per")}});
  audience.set("caps", std::move(caps));
  write_file(directory_.file("audience.json"), write_json(audience));
  ieum({"audience", "set", directory_.file("audience.json")});
}

void Floor::load_people() {
  const Value* own = scenario_.get("profiles");
  const std::string start = scenario_.text("start");
  for (const Value& person : own == nullptr ? customers() : items(own)) {
    const std::string id = items(person.get("ids"))[0].if_string()->substr(5);
    Map traits;
    for (const auto& [key, value] : *person.if_map())
      if (key != Value("ids") && key != Value("events") && key != Value("refused")) traits.set(key, value);
    Map consent = person.get("ad_consent") == nullptr ? Map() : *person.get("ad_consent")->if_map();
    for (const Value& channel : items(person.get("refused"))) consent.set(channel, "refused");
    traits.set("ad_consent", std::move(consent));
    identify(id, traits, start);
    for (const Value& event : items(person.get("events"))) {
      const std::string name = event.text("event") == "order_created" ? "Order Completed" : "Product Added";
      const Map track{{"type", "track"},
                      {"userId", id},
                      {"event", name},
                      {"properties", *event.get("props")},
                      {"timestamp", event.text("at")}};
      post("/v1/track", {{"Authorization", "Basic " + base64_encode(kWriteKey + ":")}}, write_json(track));
    }
  }
}

void Floor::identify(const std::string& user, const Value& traits, const std::string& at) {
  Map said = *traits.if_map();
  if (const Value* consent = traits.get("ad_consent")) {
    Map channels;
    for (const auto& [channel, agreed] : *consent->if_map()) channels.set(channel_name(*channel.if_string()), agreed);
    said.set("ad_consent", std::move(channels));
  }
  const Map call{{"type", "identify"}, {"userId", user}, {"traits", std::move(said)}, {"timestamp", at}};
  post("/v1/identify", {{"Authorization", "Basic " + base64_encode(kWriteKey + ":")}}, write_json(call));
}

void Floor::post(const std::string& path, const std::vector<std::pair<std::string, std::string>>& headers,
                 const std::string& body) {
  httplib::Client client("127.0.0.1", public_port_);
  httplib::Headers all;
  for (const auto& [name, value] : headers)
    if (!equals_ignoring_case(name, "Content-Type")) all.emplace(name, value);
  const auto answer = client.Post(path, all, body, kJson);
  BOOST_REQUIRE_MESSAGE(answer, path + ": nothing answered");
  BOOST_TEST(answer->status == 200, path + ": " + std::to_string(answer->status) + " " + answer->body);
}

void Floor::move(const std::string& to) { api("POST", "/api/v1/clock", Map{{"to", to}}); }

void Floor::play() {
  List timeline = items(scenario_.get("timeline"));
  std::stable_sort(timeline.begin(), timeline.end(), [](const Value& a, const Value& b) {
    return *parse_rfc3339(a.text("at")) < *parse_rfc3339(b.text("at"));
  });
  for (const Value& item : timeline) {
    move(item.text("at"));
    tell(item);
  }
  move(scenario_.text("end"));
}

void Floor::tell(const Value& item) {
  if (item.text("do") == "click") return click(item);
  if (item.text("do") == "unsubscribe") return unsubscribe(item);
  const Value* wire = item.get("wire");
  BOOST_REQUIRE_MESSAGE(wire != nullptr, "no way to do " + item.text("do"));
  const std::string path = wire->text("path"), body = write_json(*wire->get("body"));
  if (path == "/v1/track") {
    const Value* traits = item.get("traits");
    if (traits != nullptr && traits->if_map()->size() != 0)
      identify(wire->get("body")->text("userId"), *traits, item.text("at"));
  }
  std::vector<std::pair<std::string, std::string>> headers;
  for (const auto& [name, value] : *wire->get("headers")->if_map()) {
    std::string text = *value.if_string();
    if (text == "<at>") text = item.text("at");
    if (text.starts_with("Basic ")) text = "Basic " + base64_encode(kWriteKey + ":");
    const bool shop = path == "/hooks/shopify";
    const std::string signature = base64_encode(hmac_sha256(shop ? kShopSecret : kFormSecret, body));
    if (text.starts_with("<base64(HMAC")) text = signature;
    if (text.starts_with("sha256=<")) text = "sha256=" + signature;
    headers.emplace_back(*name.if_string(), text);
  }
  post(path, headers, body);
}

}  // namespace ieum::acceptance
