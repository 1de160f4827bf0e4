#include "server/public_door.hpp"

#include <charconv>

#include "server/answers.hpp"
#include "server/login_page.hpp"
#include "server/refusal_page.hpp"

namespace ieum::server {
namespace {

constexpr std::string_view kHooks = "/hooks/";
constexpr std::string_view kShared = "/v1";  // where Segment's SDKs send to
constexpr std::string_view kRefusals = "/u/";
constexpr std::size_t kFormBytes = 4'096;
// A picture of one transparent point.
constexpr std::string_view kPixel{
    "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00!\xF9\x04\x01\x00\x00\x00\x00,"
    "\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02"
    "D\x01\x00;",
    43};

HttpResponse no_route_answer(const RouteTable::Match& match) {
  return match.kind == RouteTable::Match::Kind::wrong_method ? wrong_method_answer(match.allow) : not_found_answer();
}

Result<Value> show_receipt(Api& api, ApiCall& call) { return api.parts.hub.receipt(call.path("id"), call.reader); }

std::string parameter_of(std::string_view target, std::string_view name) {
  const auto query = form_decode(query_of(target));
  if (query.has_value())
    for (const auto& [key, value] : *query)
      if (key == name) return value;
  return {};
}

Result<HttpResponse> show_refusals(Api& api, ApiCall& call) {
  const auto ticket = api.parts.hub.ticket(call.path("ticket"), audience::Ticket::Kind::refusal);
  if (!ticket) return not_found_answer();
  const auto& request = call.exchange.request.http;
  RefusalState state;
  state.topic = ticket->name;
  state.is_korean = reads_korean(parameter_of(request.target, "lang"),
                                 std::string(request.headers.get("Accept-Language").value_or("")));
  IEUM_TRY(const auto setting, api.parts.hub.audience_setting(call.reader));
  if (const auto* sender = setting.get("sender")) state.sender = sender->text("name");
  Id customer = ticket->customer;
  for (;;) {
    IEUM_TRY(const auto row, call.reader.customer(customer));
    if (!row || row->merged_into == 0) break;
    customer = row->merged_into;
  }
  IEUM_TRY(const auto opt_outs, call.reader.opt_outs(customer));
  for (const auto& row : opt_outs) {
    if (!row.channel.empty()) continue;
    state.all_off = state.all_off || row.topic.empty();
    state.topic_off = state.topic_off || row.topic == state.topic;
  }
  return refusal_page(state);
}

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
  add_touches(api);
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

// The addresses in messages.
void PublicDoor::add_touches(const std::shared_ptr<Api>& api) {
  using audience::Ticket;
  const auto come_back = [this](const Exchange& exchange, Ticket::Kind kind) {
    auto ticket = hub_.ticket(exchange.path.at("ticket"), kind);
    if (!ticket) return exchange.responder->send(not_found_answer());
    const auto& request = exchange.request.http;
    hub_.touched(*ticket, request.method, std::string(request.headers.get("User-Agent").value_or("")),
                 [responder = exchange.responder, target = ticket->target, kind] {
                   HttpResponse answer;
                   answer.status = kind == Ticket::Kind::link ? 302 : 200;
                   answer.headers = {{"Cache-Control", "no-store"}, {"Referrer-Policy", "no-referrer"}};
                   if (kind == Ticket::Kind::link)
                     answer.headers.add("Location", target);
                   else
                     answer.headers.add("Content-Type", "image/gif"), answer.body = kPixel;
                   responder->send(std::move(answer));
                 });
  };
  table_.add({Method::get,
              "/t/c/{ticket}",
              Needs::anyone,
              {.summary = "A link in a message; leads on to where it was written to lead, and nowhere else",
               .answer = "302 to the page; 404 for an address that the hub did not write",
               .media = "*/*",
               .open = true},
              [come_back](const Exchange& exchange) { come_back(exchange, Ticket::Kind::link); }});
  table_.add({Method::get,
              "/t/o/{ticket}",
              Needs::anyone,
              {.summary = "The picture at the end of a mail, which tells that it was opened",
               .answer = "a picture of one point",
               .media = "image/gif",
               .open = true},
              [come_back](const Exchange& exchange) { come_back(exchange, Ticket::Kind::opening); }});
  table_.add({Method::get,
              std::string(kRefusals) + "{ticket}",
              Needs::anyone,
              {.summary = "Where a message says that its reader can want no more of it; looking changes nothing",
               .answer = "a page in Korean or English, with a button for the topic and one for all advertising",
               .media = "text/html",
               .open = true},
              api->on_receipts(Api::PageHandler(show_refusals))});
  table_.add({Method::post,
              std::string(kRefusals) + "{ticket}",
              Needs::anyone,
              {.summary = "Wants no more: the page's buttons, and the one click of mail programs (RFC 8058)",
               .answer = "that it holds",
               .media = "text/html",
               .open = true},
              [this](const Exchange& exchange) { refuse(exchange); }});
}

void PublicDoor::refuse(const Exchange& exchange) {
  const auto ticket = hub_.ticket(exchange.path.at("ticket"), audience::Ticket::Kind::refusal);
  const auto& request = exchange.request.http;
  const auto form = form_decode(request.body);
  if (!ticket || form.has_error()) return exchange.responder->send(not_found_answer());
  const auto said = [&](std::string_view name) {
    for (const auto& [key, value] : *form)
      if (key == name) return value;
    return std::string();
  };
  const bool of_all = ticket->name.empty() || said("scope") == "all";
  RefusalState state;
  state.topic = ticket->name;
  state.is_korean = reads_korean(parameter_of(request.target, "lang"),
                                 std::string(request.headers.get("Accept-Language").value_or("")));
  hub_.refused(*ticket, of_all, [responder = exchange.responder, state, of_all](bool kept) mutable {
    state.failed = !kept;
    state.all_off = kept && of_all;
    state.topic_off = kept;
    auto answer = refusal_page(state);
    add_browser_rules(answer);
    responder->send(std::move(answer));
  });
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
  if (match.route->pattern.starts_with(kRefusals) && match.route->method == Method::post) {
    verdict.body_bytes_max = kFormBytes;
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
