// The C++ face of connector.h: write one function `ieum::Effect step(const ieum::Call&)` and end the file with
// IEUM_CONNECTOR(step). Header only; needs the standard library and Boost.JSON, nothing of the hub.
//
// The function is pure: the same call gives the same effect, byte for byte. No clock (use call.now_ms()), no chance (use
// call.step_key()), no I/O, no state between calls; it may run on several threads at once. An exception that leaves it
// becomes fail{permanent, "module_exception"}.
//
//   ieum::Effect step(const ieum::Call& call) {
//     if (call.phase() == ieum::Phase::begin)
//       return ieum::http("POST", "https://api.example.com/notes").json({{"text", call.input("text")}}).keyed();
//     if (call.status() == 201) return ieum::done({{"id", ieum::text_at(call.answer(), "id")}});
//     return ieum::http_failure(call, ieum::text_at(call.answer(), "error.message"));
//   }
//   IEUM_CONNECTOR(step)
#pragma once
#include <exception>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ieum/connector.h"
#include "ieum/json.hpp"
#include "ieum/source.hpp"

namespace ieum {

enum class Phase { begin, resume, webhook, poll };

// One call of the host, read-only. Text views live until step returns.
class Call {
 public:
  Call(std::string_view envelope, std::string_view body) : fields_(envelope, "inputs", inputs_), body_(body) {
    const std::string phase = source_text(fields_.source("phase"));
    readable_ = true;
    if (phase == "begin")
      phase_ = Phase::begin;
    else if (phase == "resume")
      phase_ = Phase::resume;
    else if (phase == "webhook")
      phase_ = Phase::webhook;
    else if (phase == "poll")
      phase_ = Phase::poll;
    else
      readable_ = false;
  }
  [[nodiscard]] bool readable() const { return readable_; }
  [[nodiscard]] Phase phase() const { return phase_; }
  [[nodiscard]] std::string operation() const { return source_text(fields_.source("operation")); }
  [[nodiscard]] std::string topic() const { return source_text(fields_.source("topic")); }  // webhook
  [[nodiscard]] const json::object& inputs() const { return object("inputs"); }
  [[nodiscard]] const json::object& connection() const { return object("connection"); }  // never holds a secret
  // What the last effect left: the continuation (resume) or the cursor (poll). Null at first.
  [[nodiscard]] const json::value& state() const { return value("state"); }
  [[nodiscard]] std::int64_t now_ms() const { return int_at(value("now_ms"), "").value_or(0); }
  // 32 hex digits, equal on every attempt of this step: the idempotency key.
  [[nodiscard]] std::string step_key() const { return source_text(fields_.source("step_key")); }
  // webhook: the delivery's bytes; resume: the answer's bytes.
  [[nodiscard]] std::string_view body() const { return body_; }

  // resume: status of the answer; 0 when this resume has no answer (after a wait).
  [[nodiscard]] int status() const { return static_cast<int>(int_at(value("outcome"), "status").value_or(0)); }
  [[nodiscard]] bool waited() const { return flag_at(value("outcome"), "waited"); }
  [[nodiscard]] bool succeeded() const { return status() >= 200 && status() <= 299; }
  // Header of the answer (resume) or of the delivery (webhook, only those of keep_headers); name in lower case.
  [[nodiscard]] std::string header(std::string_view lower_case_name) const {
    const json::object* outcome = value("outcome").if_object();
    const json::value* headers = outcome != nullptr ? outcome->if_contains("headers") : fields_.find("headers");
    if (headers == nullptr || !headers->is_object()) return {};
    const json::value* field = headers->get_object().if_contains({lower_case_name.data(), lower_case_name.size()});
    return field == nullptr ? std::string() : scalar_text(*field).value_or("");
  }
  // body() as JSON; null when it is none. Parsed at the first use.
  [[nodiscard]] const json::value& answer() const {
    if (!answer_) answer_ = parse_json(body_);
    return *answer_;
  }

  // An input as text, "" when it is missing: input("channel"). A number has the digits that the recipe gave. A dot leads into
  // an object.
  [[nodiscard]] std::string input(std::string_view name, std::string_view fallback = {}) const {
    const auto dot = name.find('.');
    if (dot != std::string_view::npos) return text_at(input_value(name.substr(0, dot)), name.substr(dot + 1), fallback);
    const json::value& found = input_value(name);
    if (found.is_double()) return std::string(input_source(name));
    return scalar_text(found).value_or(std::string(fallback));
  }
  // The JSON text of an input, digit by digit as the recipe gave it; empty when it is missing.
  [[nodiscard]] std::string_view input_source(std::string_view name) const { return inputs_.source(name); }
  [[nodiscard]] bool has_input(std::string_view name) const {
    const std::string_view source = input_source(name);
    return !source.empty() && source != "null";
  }
  // An input with its type; null when it is missing.
  [[nodiscard]] const json::value& input_value(std::string_view name) const {
    const json::value* found = inputs_.find(name);
    return found == nullptr ? nothing() : *found;
  }
  // The vendor's item that an input with `resource` chose; null when the vendor has none such, or the manifest says none.
  [[nodiscard]] const json::value& resource(std::string_view name) const {
    const json::value* found = object("resources").if_contains({name.data(), name.size()});
    return found == nullptr ? nothing() : *found;
  }
  // False where the hub has no list to look into (a trial of a recipe): then null above says nothing.
  [[nodiscard]] bool has_resource(std::string_view name) const {
    return object("resources").if_contains({name.data(), name.size()}) != nullptr;
  }
  // poll, and a subscription's operations: the element of the connection's list, "" when it has none.
  [[nodiscard]] std::string item() const { return input("item"); }
  [[nodiscard]] std::string config(std::string_view name, std::string_view fallback = {}) const {
    return text_at(connection(), name, fallback);
  }

 private:
  static const json::value& nothing() {
    static const json::value null;
    return null;
  }
  [[nodiscard]] const json::value& value(std::string_view name) const {
    const json::value* found = fields_.find(name);
    return found == nullptr ? nothing() : *found;
  }
  [[nodiscard]] const json::object& object(std::string_view name) const {
    static const json::object empty;
    const json::object* found = value(name).if_object();
    return found == nullptr ? empty : *found;
  }
  Members inputs_;  // found by fields_
  Members fields_;
  std::string_view body_;
  mutable std::optional<json::value> answer_;
  Phase phase_ = Phase::begin;
  bool readable_ = false;
};

// What a step answers. Made by the builders below.
struct Effect {
  json::object envelope;
  std::string body;
  // One more member of the envelope as JSON text ("\"output\":{...}"), for digits that a double would lose.
  std::string member = {};
};

// What to do after the answer is lost or the hub crashed; see docs/manifest.md. The manifest's value holds when a
// request does not name one.
enum class Safety { safe, idempotent, keyed, natural, unsafe };

class Http {
 public:
  Http(std::string_view method, std::string_view url) {
    request_["method"] = method;
    request_["url"] = url;
  }
  Http& header(std::string_view name, std::string_view value) {
    headers_[{name.data(), name.size()}] = value;
    return *this;
  }
  Http& json(const json::value& value) { return body(to_json(value), "application/json; charset=utf-8"); }
  Http& form(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
    std::string text;
    for (const auto& [name, value] : fields) {
      text += (text.empty() ? "" : "&") + percent_encode(name) + "=" + percent_encode(value);
    }
    return body(std::move(text), "application/x-www-form-urlencoded");
  }
  Http& body(std::string bytes, std::string_view content_type) {
    body_ = std::move(bytes);
    return header("content-type", content_type);
  }
  // A scheme of the manifest's `auth`; default_auth holds when this is not called, "" sends no credentials.
  Http& auth(std::string_view scheme) {
    envelope_["auth"] = scheme;
    return *this;
  }
  // The host puts the secret of this slot at that JSON pointer of the body (or "/name" of a form); this code never sees it.
  Http& fill(std::string_view pointer, std::string_view slot) {
    fill_[{pointer.data(), pointer.size()}] = slot;
    return *this;
  }
  Http& safety(Safety safety) {
    static constexpr const char* names[] = {"safe", "idempotent", "keyed", "natural", "unsafe"};
    envelope_["safety"] = names[static_cast<int>(safety)];
    return *this;
  }
  Http& safe() { return safety(Safety::safe); }
  Http& idempotent() { return safety(Safety::idempotent); }
  Http& keyed() { return safety(Safety::keyed); }
  Http& natural() { return safety(Safety::natural); }
  Http& unsafe() { return safety(Safety::unsafe); }
  // Comes back with the answer; at most 64 KiB as JSON, never a secret.
  Http& state(json::value value) {
    envelope_["state"] = std::move(value);
    return *this;
  }
  operator Effect() const {  // NOLINT(google-explicit-constructor): `return http(..).json(..);` is the point
    Effect effect{envelope_, body_};
    json::object request = request_;
    request["headers"] = headers_;
    effect.envelope["effect"] = "http";
    effect.envelope["request"] = std::move(request);
    if (!fill_.empty()) effect.envelope["fill"] = fill_;
    return effect;
  }

 private:
  json::object envelope_, request_, headers_, fill_;
  std::string body_;
};

inline Http http(std::string_view method, std::string_view url) { return {method, url}; }

inline Effect done(json::object output = {}) { return {{{"effect", "done"}, {"output", std::move(output)}}, {}}; }
// The same with the output as JSON text, an object; its numbers keep their digits.
inline Effect done_source(std::string_view output) {
  return {{{"effect", "done"}}, {}, "\"output\":" + std::string(output)};
}
// Answers of a reconcile operation.
inline Effect found(json::object output) { return done({{"found", true}, {"output", std::move(output)}}); }
inline Effect not_found() { return done({{"found", false}}); }

// until_ms: milliseconds since the epoch, reckoned from call.now_ms().
inline Effect wait(std::int64_t until_ms, json::value state) {
  return {{{"effect", "wait"}, {"until_ms", until_ms}, {"state", std::move(state)}}, {}};
}

// retry: surely not done, try later. rate_limited: the same, and slow down. auth_refresh: the token is stale.
// auth_dead: a person must log in again. permanent: will never work. gone: the target is no more (address, channel).
// ambiguous: it may have happened.
enum class Kind { retry, rate_limited, auth_refresh, auth_dead, permanent, gone, ambiguous };

// code: the vendor's own code. message: for a person, no secret. retry_after_ms: milliseconds from now; leave it out for
// an answer with a Retry-After header, the host reads that one.
inline Effect fail(Kind kind, std::string_view code, std::string_view message,
                   std::optional<std::int64_t> retry_after_ms = std::nullopt) {
  static constexpr const char* names[] = {"retry",     "rate_limited", "auth_refresh", "auth_dead",
                                          "permanent", "gone",         "ambiguous"};
  Effect effect{{{"effect", "fail"}, {"kind", names[static_cast<int>(kind)]}, {"code", code}, {"message", message}},
                {}};
  if (retry_after_ms) effect.envelope["retry_after_ms"] = *retry_after_ms;
  return effect;
}

// What an HTTP status means when the vendor says nothing better: 429 rate_limited, 401 auth_dead, 408, 425 and 503 retry,
// any other 5xx ambiguous, all else permanent.
inline Kind kind_of_status(int status) {
  if (status == 429) return Kind::rate_limited;
  if (status == 401) return Kind::auth_dead;
  if (status == 408 || status == 425 || status == 503) return Kind::retry;
  return status >= 500 ? Kind::ambiguous : Kind::permanent;
}
inline Effect http_failure(const Call& call, std::string_view message = {}) {
  const std::string status = std::to_string(call.status());
  return fail(kind_of_status(call.status()), "http_" + status,
              message.empty() ? "HTTP " + status : std::string(message));
}

// Events of a webhook delivery or of a poll: events().at("orders/create", "/items/0").data("note", {..}).cursor(c).
class Events {
 public:
  // The event's data is the part of the body at this JSON pointer ("" is the whole body); the host reads it itself, so
  // that numbers keep their digits.
  Events& at(std::string_view name, std::string_view pointer) {
    items_.push_back(json::object{{"name", name}, {"at", pointer}});
    return *this;
  }
  Events& data(std::string_view name, json::value data) {
    items_.push_back(json::object{{"name", name}, {"data", std::move(data)}});
    return *this;
  }
  // The same with a key: of a poll each item needs one, and what is told again under a known key is passed over.
  Events& keyed_at(std::string_view name, std::string_view key, std::string_view pointer) {
    items_.push_back(json::object{{"name", name}, {"key", key}, {"at", pointer}});
    return *this;
  }
  Events& keyed(std::string_view name, std::string_view key, json::value data) {
    items_.push_back(json::object{{"name", name}, {"key", key}, {"data", std::move(data)}});
    return *this;
  }
  // The data as JSON text; its numbers keep their digits. Items of this kind stand before the others.
  Events& keyed_source(std::string_view name, std::string_view key, std::string_view data) {
    const std::string head = to_json(json::object{{"name", name}, {"key", key}});
    sources_ +=
        (sources_.empty() ? "" : ",") + head.substr(0, head.size() - 1) + ",\"data\":" + std::string(data) + "}";
    return *this;
  }
  Events& cursor(json::value cursor) {
    cursor_ = std::move(cursor);
    return *this;
  }
  Events& more(bool more = true) {
    more_ = more;
    return *this;
  }
  operator Effect() const {  // NOLINT(google-explicit-constructor)
    Effect effect{{{"effect", "events"}, {"cursor", cursor_}, {"more", more_}}, {}, {}};
    if (sources_.empty()) {
      effect.envelope["items"] = items_;
      return effect;
    }
    const std::string others = to_json(items_);
    effect.member = "\"items\":[" + sources_ + (items_.empty() ? "" : ",") + others.substr(1);
    return effect;
  }

 private:
  json::array items_;
  std::string sources_;
  json::value cursor_;
  bool more_ = false;
};
inline Events events() { return {}; }

// Escapes one member name for a JSON pointer.
inline std::string pointer_part(std::string_view name) {
  std::string out;
  for (const char c : name) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return out;
}

namespace detail {
inline void answer(const ieum_sink& sink, const Effect& effect) {
  std::string envelope = to_json(effect.envelope);
  if (!effect.member.empty()) {
    envelope.pop_back();
    envelope += "," + effect.member + "}";
  }
  sink.effect(sink.context, {envelope.data(), envelope.size()}, {effect.body.data(), effect.body.size()});
}

template <Effect (*Step)(const Call&)>
void step(const ieum_call* raw, const ieum_sink* sink) noexcept {
  static constexpr char broken[] =
      R"({"effect":"fail","kind":"permanent","code":"module_exception","message":"the module threw an exception"})";
  try {
    Effect effect;
    try {
      const Call call({raw->envelope.data, raw->envelope.size}, {raw->body.data, raw->body.size});
      effect = call.readable() ? Step(call) : fail(Kind::permanent, "bad_envelope", "the call cannot be read");
    } catch (const std::exception& error) {
      effect = fail(Kind::permanent, "module_exception", std::string("the module threw an exception: ") + error.what());
    } catch (...) {
      effect = fail(Kind::permanent, "module_exception", "the module threw an exception");
    }
    answer(*sink, effect);
  } catch (...) {
    sink->effect(sink->context, {broken, sizeof broken - 1}, {nullptr, 0});
  }
}
}  // namespace detail

}  // namespace ieum

#define IEUM_CONNECTOR(step_function) \
  extern "C" __attribute__((visibility("default"))) const ieum_connector* ieum_connector_v1(void) { \
    static const ieum_connector connector = {sizeof(ieum_connector), IEUM_CONNECTOR_ABI, \
                                             &::ieum::detail::step<&step_function>}; \
    return &connector; \
  }
