#include "simulation/vendors.hpp"

#include "base/json.hpp"

namespace ieum::sim {
namespace {

constexpr Millis kGaveUp = 30 * kSecond;  // the hub's patience with one call

// "https://alpha.example/post?key=..." -> "alpha", "post", "key=..."
void split(const std::string& target, std::string& vendor, std::string& path, std::string& query) {
  const auto host = target.find("://") + 3;
  const auto slash = target.find('/', host);
  vendor = target.substr(host, target.find('.', host) - host);
  path = target.substr(slash + 1);
  if (const auto mark = path.find('?'); mark != std::string::npos) {
    query = path.substr(mark + 1);
    path.resize(mark);
  }
}

net::CallResult lost(const char* code, bool maybe) {
  return net::CallFailure{maybe ? net::CallFailure::Sent::maybe : net::CallFailure::Sent::nothing,
                          Error(code, "so the vendor wants it")};
}

}  // namespace

const char* name_of(Mood mood) {
  static constexpr const char* kNames[kMoods] = {"well",        "slow",    "lossy",    "flapping", "limited",
                                                 "unavailable", "failing", "refusing", "down",     "black hole"};
  return kNames[static_cast<int>(mood)];
}

Vendors::Fate Vendors::fate_of(Mood mood) {
  const auto roll = dice_.below(100);
  switch (mood) {
    case Mood::well: return roll < 97 ? Fate::well : Fate::slow;
    case Mood::slow: return roll < 15 ? Fate::well : Fate::slow;
    case Mood::lossy:
      return roll < 35 ? Fate::lost_answer : roll < 60 ? Fate::lost_request : roll < 70 ? Fate::garbage : Fate::well;
    case Mood::flapping: return roll < 40 ? Fate::well : static_cast<Fate>(dice_.between(1, 9));
    case Mood::limited: return roll < 60 ? Fate::status_429 : Fate::well;
    case Mood::unavailable: return roll < 90 ? Fate::status_503 : Fate::well;
    case Mood::failing: return roll < 50 ? Fate::status_502 : roll < 80 ? Fate::status_500 : Fate::well;
    case Mood::refusing: return roll < 50 ? Fate::status_400 : Fate::well;
    case Mood::down: return Fate::not_connected;
    case Mood::black_hole: return roll < 50 ? Fate::lost_request : Fate::lost_answer;
  }
  return Fate::well;
}

void Vendors::send(const net::OutboundCall& call, std::function<void(net::CallResult)> answer) {
  Request request;
  split(call.request.target, request.vendor, request.path, request.query);
  request.operation = call.origin.operation;
  request.changes = call.request.method == "POST";
  request.key = call.origin.key;
  std::string body = call.request.body;
  if (request.changes) {
    auto parsed = parse_json(body);
    request.key = parsed.has_value() ? parsed->text("key") : "";
    const int before = sent_[request.key + request.path]++;
    if (bug == Bug::changes_keys && before > 0) request.key += "-again";
    if (request.key.empty()) trace_.problem("I4: a request without a key: " + request.operation);
    const auto [first, fresh] = bodies_.emplace(request.key + " " + request.path, body);
    if (!fresh && first->second != body)
      trace_.problem(words("I4: a repeated request of ", request.operation, " differs from the first: ", body));
  }
  const Mood mood = moods[request.vendor];
  const auto auth = call.request.headers.get("Authorization");
  const bool known = !auth || *auth == "Bearer " + token[request.vendor];
  const Fate fate = fate_of(mood);
  const Millis now = timeline_.world();
  trace_.line(words("call ", request.vendor, "/", request.path, " of run ", call.origin.run, " ", call.origin.step,
                    call.origin.looks_up ? " (look-up)" : "", " fate ", static_cast<int>(fate),
                    known ? "" : ", token refused"));
  Millis arrives = now + (at_once ? 0 : dice_.between(0, 900));
  Millis answered = arrives + dice_.between(1, 300);
  if (fate == Fate::slow) answered = arrives + dice_.between(kSecond, 25 * kSecond);
  if (fate == Fate::lost_request || fate == Fate::lost_answer)
    answered = mood == Mood::black_hole ? now + kGaveUp : arrives + dice_.between(0, 5 * kSecond);
  auto result = std::make_shared<net::CallResult>(HttpResponse{401, {}, "{}"});
  if (fate == Fate::not_connected) {
    *result = lost("connect_failed", false);
  } else if (known) {
    timeline_.at(arrives, {[this, request, fate, result] { *result = serve(request, fate); }, false, true});
  }
  timeline_.at(answered, {[this, result, answer = std::move(answer), request] {
                            const auto* response = std::get_if<HttpResponse>(result.get());
                            trace_.line(words("answer of ", request.vendor, "/", request.path, " ",
                                              response == nullptr ? -1 : response->status));
                            answer(*result);
                          },
                          true, true});
}

net::CallResult Vendors::serve(const Request& request, Fate fate) {
  HttpResponse answer;
  int status = 200;
  // A vendor that honours the key tells a repetition what became of the first.
  const bool honours = request.path == "pay" || request.path == "job" || request.path == "register";
  if (fate == Fate::status_400 && honours && done_[request.key].times > 0) fate = Fate::well;
  switch (fate) {
    case Fate::status_503:
    case Fate::status_429:
      answer.status = fate == Fate::status_503 ? 503 : 429;
      if (dice_.percent(60)) answer.headers.add("Retry-After", std::to_string(dice_.of<int>({0, 1, 5, 30, 120})));
      return answer;
    case Fate::status_500: answer.status = 500; return answer;
    case Fate::status_400: answer.status = 400; return answer;
    case Fate::lost_request: return lost("connection_lost", true);
    default: break;
  }
  answer.body = act(request, status);
  answer.status = status;
  if (fate == Fate::lost_answer) return lost("call_timeout", true);
  if (fate == Fate::status_502) {
    if (request.changes) done_[request.key].denied = true;
    return HttpResponse{502, {}, ""};
  }
  if (fate == Fate::garbage) answer.body = "<html>";
  return answer;
}

std::string Vendors::act(const Request& request, int& status) {
  if (!request.changes) {
    if (request.path != "find") return R"({"ok":true})";
    const auto key = request.query.substr(request.query.find('=') + 1);
    const auto found = done_.find(key);
    return found != done_.end() && found->second.times > 0 ? R"({"found":true,"output":{"ok":true}})"
                                                           : R"({"found":false})";
  }
  const bool takes_key = request.path == "pay" || request.path == "job" || request.path == "put";
  auto& done = done_[request.key];
  if (done.times > 0 && request.path == "register") {
    status = 409;
    return "{}";
  }
  done.operation = request.path;
  done.vendor = request.vendor;
  if (takes_key && done.times > 0) return R"({"ok":true})";
  ++done.times;
  trace_.line(
      words("done at ", request.vendor, ": ", request.path, " ", request.key, " for the ", done.times, ". time"));
  if (on_done) on_done(request.vendor, request.key);
  return R"({"ok":true})";
}

}  // namespace ieum::sim
