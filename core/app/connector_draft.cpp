#include "app/connector_draft.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"

namespace ieum::app {
namespace {

// NAME stands for the connector's name, CODE for what an operation sends where it needs no module.
constexpr const char* kManifest =
    R"yaml(# What is known of the connector. docs/manifest.md explains every key; `ieum connector check` says what is wrong.
connector: NAME
version: "0.1.0"
title: {ko: NAME, en: NAME}
help:
  ko: 이 커넥터로 무엇을 할 수 있는지 한 문장으로 적으세요.
  en: Say in one sentence what this connector is for.

# The form of a connection. A secret lives in the vault and is never shown to recipes or modules.
fields:
  api_key:
    secret: true
    required: true
    title: {ko: API 키, en: API key}
    help: {ko: 관리자 화면의 어디에서 만드는지 적으세요., en: Say where on the vendor's pages it is made.}
  signing_secret:
    secret: true
    title: {ko: 서명 비밀키, en: Signing secret}
    help: {ko: 웹훅을 받을 때만 필요합니다., en: Needed only to receive webhooks.}
  base_url:
    default: https://api.NAME.example
    title: {ko: 서버 주소, en: Server address}
    help: {ko: 연습용 서버를 쓸 때만 바꾸세요., en: Change it only to talk to a sandbox.}

# Where credentials may go, and how they get into a request.
origins: ["https://api.NAME.example", "{base_url}"]
auth:
  key: {kind: bearer, slot: api_key}
default_auth: key
test: account.get
limits: {in_flight: 4, buckets: [{name: all, rate: 10, per: 1s}]}
TOP
# How a delivery is verified (over the raw bytes), named, and recognised when it comes again.
webhook:
  verify:
    - {kind: hmac, secret: signing_secret, header: X-Signature, encoding: hex}
  topic: [{body: type}]
  dedupe: [{body: id}]

events:
  note.created:
    title: {ko: 메모 생성, en: Note created}
    help: {ko: 메모가 하나 생겼습니다., en: A note was written.}
    project: {text: body.note.text, at: body.created_at}
    identities: {email: body.note.author}
    fields:
      id: {title: {ko: 이벤트 ID, en: Event id}}
    samples: {note: samples/note.json}

operations:
  account.get:
    internal: true
    title: {ko: 계정 보기, en: Account}
    help: {ko: 연결을 시험합니다., en: Tests the connection.}
    safety: safe
GET    sample: {inputs: {}, output: {name: 우리 가게}}
  note.create:
    title: {ko: 메모 쓰기, en: Write a note}
    help: {ko: 메모를 하나 만듭니다., en: Writes a note.}
    inputs:
      text: {required: true, title: {ko: 내용, en: Text}, help: {ko: 적을 글, en: What to write}}
    outputs:
      id: {title: {ko: 메모 번호, en: Note id}}
    safety: keyed    # the vendor honours Idempotency-Key; else: unsafe, with a reconcile operation that looks it up
POST    sample: {inputs: {text: 안녕하세요}, output: {id: "n1"}}
)yaml";

constexpr const char* kTop = R"yaml(base: "{{ config.base_url }}"
errors:    # the first that fits; without a rule 429, 5xx, 401 and 4xx mean what they mean everywhere
  - {status: 422, kind: permanent, code: "{{ body.code }}", message: "{{ body.message }}"}

)yaml";

constexpr const char* kGet = R"yaml(    request: {path: /v1/account}
    response: {output: {name: body.name}}
)yaml";

constexpr const char* kPost = R"yaml(    request:
      method: POST
      path: /v1/notes
      headers: {Idempotency-Key: "{{ step_key }}"}
      json: {text: "{{ inputs.text }}"}
    response: {output: {id: body.id}}
)yaml";

constexpr const char* kModule =
    R"draft(// NAME: a pure function from a call to an effect. The hub does all I/O; secrets never come here.
#include "ieum/module.hpp"

namespace {

using ieum::Call;
using ieum::Effect;

std::string url(const Call& call, std::string_view path) {
  return call.config("base_url", "https://api.NAME.example") + std::string(path);
}

// What every failed answer means: 429 slow down, 401 log in again, 5xx who knows, 422 the vendor's own words.
Effect failed(const Call& call) {
  if (call.status() == 422)
    return ieum::fail(ieum::Kind::permanent, ieum::text_at(call.answer(), "code"),
                      ieum::text_at(call.answer(), "message"));
  return ieum::http_failure(call);
}

Effect step(const Call& call) {
  const bool begin = call.phase() == ieum::Phase::begin;
  if (call.operation() == "account.get") {
    if (begin) return ieum::http("GET", url(call, "/v1/account"));
    if (!call.succeeded()) return failed(call);
    return ieum::done({{"name", ieum::text_at(call.answer(), "name")}});
  }
  if (call.operation() == "note.create") {
    if (begin)
      return ieum::http("POST", url(call, "/v1/notes"))
          .header("Idempotency-Key", call.step_key())
          .json(ieum::json::object{{"text", call.input("text")}})
          .keyed();
    if (!call.succeeded()) return failed(call);
    return ieum::done({{"id", ieum::text_at(call.answer(), "id")}});
  }
  return ieum::fail(ieum::Kind::permanent, "unknown_operation", "there is no operation " + call.operation());
}

}  // namespace

IEUM_CONNECTOR(step)
)draft";

constexpr const char* kMakefile =
    "# Builds module.so beside the manifest. Needs g++ and Boost.JSON (libboost-json1.81-dev).\n"
    "SDK ?= SDK_FOLDER\n"
    "module.so: module.cpp $(wildcard $(SDK)/ieum/*)\n"
    "\tg++ -std=c++20 -O2 -fPIC -shared -fvisibility=hidden -Wall -Wextra -I $(SDK) \\\n"
    "\t  -Wl,--version-script=$(SDK)/module.map -Wl,-z,defs -o $@ module.cpp -lboost_json\n";

constexpr const char* kSample =
    R"({"id": "e1", "type": "note.created", "created_at": "2026-03-02T00:00:00Z", "note": {"text": "안녕하세요", "author": "mina@example.com"}}
)";

std::string filled(std::string text, const std::vector<std::pair<std::string, std::string>>& holes) {
  for (const auto& [hole, value] : holes) {
    for (auto at = text.find(hole); at != std::string::npos; at = text.find(hole, at + value.size()))
      text.replace(at, hole.size(), value);
  }
  return text;
}

Value request(const std::string& name, const std::string& method, const std::string& path, Map headers,
              const std::string& body, const char* safety, bool with_module) {
  // A manifest carries the time at which its operation began (2026-03-02T09:30+09:00, when cases play).
  const Value state = with_module ? Value() : Value(Map{{"began", Value(std::int64_t{1772411400000})}});
  return Map{{"state", state},
             {"http", Map{{"method", method},
                          {"url", "https://api." + name + ".example" + path},
                          {"headers", std::move(headers)},
                          {"body", body}}},
             {"auth", "key"},
             {"safety", safety}};
}

Value answer(int status, Value json) { return Map{{"status", status}, {"json", std::move(json)}}; }

std::string conversation(const std::string& title, const std::string& operation, Map inputs, Value first, Value reply,
                         Value last) {
  return write_pretty_json(Map{{"title", title},
                               {"operation", operation},
                               {"inputs", std::move(inputs)},
                               {"turns", List{Value(Map{{"effect", std::move(first)}, {"answer", std::move(reply)}}),
                                              Value(Map{{"effect", std::move(last)}})}}}) +
         "\n";
}

std::string delivery(const std::string& title, const std::string& body, const std::string& signature, Map expect) {
  return write_pretty_json(Map{{"title", title},
                               {"delivery", Map{{"secrets", Map{{"signing_secret", List{Value("test-secret")}}}},
                                                {"headers", Map{{"X-Signature", signature}}},
                                                {"body", body}}},
                               {"expect", std::move(expect)}}) +
         "\n";
}

}  // namespace

std::vector<std::pair<std::string, std::string>> connector_draft(const std::string& name, bool with_module,
                                                                 const std::string& sdk) {
  std::vector<std::pair<std::string, std::string>> out;
  out.emplace_back("manifest.yaml", filled(kManifest, {{"TOP\n", with_module ? "" : kTop},
                                                       {"GET", with_module ? "" : kGet},
                                                       {"POST", with_module ? "" : kPost},
                                                       {"NAME", name}}));
  if (with_module) {
    out.emplace_back("module.cpp", filled(kModule, {{"NAME", name}}));
    out.emplace_back("Makefile", filled(kMakefile, {{"SDK_FOLDER", sdk}}));
  }
  out.emplace_back("samples/note.json", kSample);

  const char* type = with_module ? "application/json; charset=utf-8" : "application/json";
  const Value create = request(name, "POST", "/v1/notes",
                               Map{{"Idempotency-Key", "5f0c6f3e1a2b4c5d8e9f0a1b2c3d4e5f"}, {"content-type", type}},
                               R"({"text":"안녕하세요"})", "keyed", with_module);
  const Value account = request(name, "GET", "/v1/account", Map(), "", "safe", with_module);
  const Map text{{"text", "안녕하세요"}};
  out.emplace_back("cases/create.json",
                   conversation("a note is written under the hub's own key", "note.create", text, create,
                                answer(201, Map{{"id", "n1"}}), Map{{"done", Map{{"id", "n1"}}}}));
  out.emplace_back("cases/create_refused.json",
                   conversation("the vendor's own words reach the run log", "note.create", text, create,
                                answer(422, Map{{"code", "too_long"}, {"message", "the text is too long"}}),
                                Map{{"fail", "permanent"}, {"code", "too_long"}, {"message", "the text is too long"}}));
  out.emplace_back("cases/account.json",
                   conversation("the connection is alive", "account.get", Map(), account,
                                answer(200, Map{{"name", "우리 가게"}}), Map{{"done", Map{{"name", "우리 가게"}}}}));
  out.emplace_back("cases/account_refused.json",
                   conversation("the account is closed", "account.get", Map(), account,
                                answer(422, Map{{"code", "closed"}, {"message", "the account is closed"}}),
                                Map{{"fail", "permanent"}, {"code", "closed"}, {"message", "the account is closed"}}));
  const std::string body =
      R"({"id":"e1","type":"note.created","note":{"text":"안녕하세요","author":"mina@example.com"}})";
  out.emplace_back("cases/delivery.json",
                   delivery("a signed delivery is taken", body, hex_encode(hmac_sha256("test-secret", body)),
                            Map{{"verdict", "accept"},
                                {"topic", "note.created"},
                                {"dedupe_key", "e1"},
                                {"events", List{Value(Map{{"identities", Map{{"email", "mina@example.com"}}}})}}}));
  out.emplace_back("cases/delivery_forged.json",
                   delivery("a delivery with a wrong signature is refused", body, std::string(64, '0'),
                            Map{{"verdict", "refuse"}, {"status", 401}}));
  return out;
}

}  // namespace ieum::app
