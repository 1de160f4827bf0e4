#include "server/public_door.hpp"

#include <charconv>

#include "server/answers.hpp"
#include "server/login_page.hpp"

namespace ieum::server {
namespace {

constexpr std::string_view kHooks = "/hooks/";
constexpr std::string_view kShared = "/v1";  // where Segment's SDKs send to

HttpResponse no_route_answer(const RouteTable::Match& match) {
  return match.kind == RouteTable::Match::Kind::wrong_method ? wrong_method_answer(match.allow) : not_found_answer();
}

Result<Value> show_receipt(Api& api, ApiCall& call) { return api.parts.hub.receipt(call.path("id"), call.reader); }

// Nothing when it is told in pieces.
std::optional<std::size_t> announced_length(const HttpRequest& head) {
  if (head.headers.get("Transfer-Encoding")) return std::nullopt;
  const auto length = head.headers.get("Content-Length");
  std::size_t bytes = 0;
  if (length) std::from_chars(length->data(), length->data() + length->size(), bytes);
  return bytes;
}

}  // namespace

PublicDoor::PublicDoor(const std::shared_ptr<Api>& api) : hub_(api->parts.hub) {
  add_hooks();
  add_shared();
  table_.add({Method::get,
              "/oauth/callback",
              Needs::anyone,
              {.summary = "Where a vendor sends a person back after a login; its one-time state is the proof",
               .answer = "a page that says how it went",
               .media = "text/html",
               .open = true},
              [this](const Exchange& exchange) { finish_login(exchange); }});
  table_.add({Method::get,
              "/receipts/{id}",
              Needs::anyone,
              {.summary = "What became of a delivery",
               .answer = "its state, and how many runs it began",
               .example = R"({"receipt":"rcp_1042_dybs1snk60v90v1y","state":"routed","runs":1})",
               .errors = {"unknown_receipt"}},
              api->on_receipts(show_receipt)});
  table_.add({Method::get,
              "/healthz",
              Needs::anyone,
              {.summary = "Whether the hub answers",
               .answer = "always the same",
               .example = R"({"status":"ok"})",
               .open = true},
              [](const Exchange& exchange) {
                exchange.responder->send({200, {{"Content-Type", "application/json"}}, R"({"status":"ok"})"});
              }});
}

// Some vendors ask with a GET whether the address is theirs to use; the manifest says how that is answered.
void PublicDoor::add_hooks() {
  const auto take = [this](Exchange exchange) { accept(std::move(exchange), {}); };
  const auto take_secret = [this](Exchange exchange) {
    const auto token = exchange.path.at("token");
    accept(std::move(exchange), token);
  };
  static constexpr std::string_view kReceipt = R"({"receipt":"rcp_1042_dybs1snk60v90v1y"})";
  table_.add({Method::post,
              "/hooks/{connection}",
              Needs::anyone,
              {.summary = "A delivery of a vendor",
               .answer = "a receipt: the delivery is on disk",
               .example = kReceipt,
               .open = true},
              take});
  table_.add({Method::post,
              "/hooks/{connection}/{token}",
              Needs::anyone,
              {.summary = "The same, for connections that are recognised by a secret address",
               .answer = "a receipt: the delivery is on disk",
               .example = kReceipt,
               .open = true},
              take_secret});
  table_.add({Method::get,
              "/hooks/{connection}",
              Needs::anyone,
              {.summary = "Vendors that ask first whether the address is theirs to use",
               .answer = "what the vendor wants to hear",
               .media = "*/*",
               .open = true},
              take});
  table_.add({Method::get,
              "/hooks/{connection}/{token}",
              Needs::anyone,
              {.summary = "The same with a secret address",
               .answer = "what the vendor wants to hear",
               .media = "*/*",
               .open = true},
              take_secret});
}

void PublicDoor::add_shared() {
  const std::string pattern = std::string(kShared) + "/{call}";
  table_.add(
      {Method::post,
       pattern,
       Needs::anyone,
       {.summary =
            "What a source of behaviour tells, as Segment's SDKs send it: track, identify, page, screen, group, alias "
            "and batch; the write key says whose it is",
        .answer = "it is on disk",
        .example = R"({"success":true})",
        .open = true},
       [this](Exchange exchange) {
         hub_.accept_at(
             std::string(kShared), std::move(exchange.request.http),
             [responder = std::move(exchange.responder)](HttpResponse answer) { responder->send(std::move(answer)); },
             std::static_pointer_cast<runtime::IntakeBudget::Share>(std::move(exchange.request.hold)));
       }});
  table_.add({Method::options,
              pattern,
              Needs::anyone,
              {.summary = "A browser asks whether a page of another site may send there",
               .answer = "nothing but headers",
               .media = "*/*",
               .open = true},
              [this](const Exchange& exchange) {
                const auto origin = exchange.request.http.headers.get("Origin");
                exchange.responder->send(hub_.preflight_at(std::string(kShared), origin.value_or("")));
              }});
}

// A vendor sends a person back here; the state in the query, made by the hub for one login, is the proof.
void PublicDoor::finish_login(const Exchange& exchange) {
  auto query = form_decode(query_of(exchange.request.http.target));
  if (query.has_error())
    return exchange.responder->send(login_page(Error("bad_callback", "the address cannot be read")));
  hub_.finish_login(std::move(*query), [responder = exchange.responder](const Result<std::string>& outcome) {
    responder->send(login_page(outcome));
  });
}

void PublicDoor::accept(Exchange exchange, const std::string& url_token) {
  hub_.accept(
      exchange.path.at("connection"), url_token, std::move(exchange.request.http),
      [responder = std::move(exchange.responder)](HttpResponse answer) { responder->send(std::move(answer)); },
      std::static_pointer_cast<runtime::IntakeBudget::Share>(std::move(exchange.request.hold)));
}

net::RequestHandler::HeadVerdict PublicDoor::on_head(const HttpRequest& head, const std::string&) {
  HeadVerdict verdict;
  verdict.body_bytes_max = 0;
  const auto match = table_.find(head.method, head.target);
  if (match.kind != RouteTable::Match::Kind::found) {
    verdict.refuse = std::make_unique<HttpResponse>(no_route_answer(match));
    return verdict;
  }
  const bool hook = match.route->pattern.starts_with(kHooks);
  if (!hook && !(match.route->pattern.starts_with(kShared) && match.route->method == Method::post)) return verdict;
  auto room = hook ? hub_.room_for(match.path.at("connection"), announced_length(head))
                   : hub_.room_at(std::string(kShared), announced_length(head));
  if (!room) {
    verdict.refuse = std::make_unique<HttpResponse>(not_found_answer());
    return verdict;
  }
  verdict.body_bytes_max = room->bytes_max;
  verdict.hold = std::move(room->share);
  verdict.refuse = std::move(room->refuse);
  return verdict;
}

void PublicDoor::on_request(net::IncomingRequest request, std::shared_ptr<net::Responder> responder) {
  auto match = table_.find(request.http.method, request.http.target);
  if (match.kind != RouteTable::Match::Kind::found) return responder->send(no_route_answer(match));
  match.route->handler({std::move(request), std::move(match.path), std::move(responder), *match.route, {}});
}

}  // namespace ieum::server
