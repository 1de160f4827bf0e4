#include "runtime/acceptor.hpp"

#include <memory>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "host/delivery.hpp"
#include "host/verification.hpp"
#include "runtime/loops.hpp"
#include "runtime/own_events.hpp"

namespace ieum::runtime {
namespace {

HttpResponse busy_answer(const std::string& message, int status = 503) {
  auto answer = error_answer(status, "try_again", message);
  answer.headers.set("Retry-After", "30");
  return answer;
}

HttpResponse receipt_answer(const std::string& receipt) {
  HttpResponse answer;
  answer.headers.add("Content-Type", "application/json");
  answer.headers.add("X-Ieum-Receipt", receipt);
  answer.body = "{\"receipt\":\"" + receipt + "\"}";
  return answer;
}

// Whichever headers its manifest keeps.
void keep_hops(std::string& headers, int hops) {
  if (hops == 0) return;
  Map kept;
  if (auto parsed = parse_json(headers); parsed.has_value() && parsed->if_map() != nullptr) kept = *parsed->if_map();
  kept.set(kHops, hops);
  headers = write_json(std::move(kept));
}

// What the manifest says instead of the receipt: a slash command would show the receipt to its user.
std::function<void(HttpResponse)> answer_as(const host::WebhookSpec& spec, std::function<void(HttpResponse)> done) {
  return [body = *spec.reply_body, type = spec.reply_type, done = std::move(done)](HttpResponse answer) {
    if (answer.status == 200) {
      answer.headers.set("Content-Type", type);
      answer.body = body;
    }
    done(std::move(answer));
  };
}

constexpr std::size_t kUntrustedBytes = 64u << 10;  // of one delivery that anybody can send

// The page that sent it may read the answer.
std::function<void(HttpResponse)> readable_by(const host::Untrusted& untrusted, const Value& config,
                                              const HttpRequest& request, std::function<void(HttpResponse)> done) {
  const auto origin = request.headers.get("origin");
  if (!origin || !host::allows_site(untrusted, config, *origin)) return done;
  return [origin = std::string(*origin), done = std::move(done)](HttpResponse answer) {
    answer.headers.set("Access-Control-Allow-Origin", origin);
    answer.headers.set("Vary", "Origin");
    done(std::move(answer));
  };
}

}  // namespace

HttpResponse error_answer(int status, const std::string& code, const std::string& message) {
  HttpResponse answer;
  answer.status = status;
  answer.headers.add("Content-Type", "application/json");
  answer.body = write_json(Map{{"error", Map{{"code", code}, {"message", message}}}});
  return answer;
}

void Acceptor::accept(const std::string& name, const std::string& url_token, HttpRequest request,
                      std::function<void(HttpResponse)> done, std::shared_ptr<IntakeBudget::Share> share) {
  const auto live = context_.live();
  const auto found = live->connections.find(name);
  if (found == live->connections.end()) return done(error_answer(404, "not_found", "not found"));
  const auto& connection = *found->second;
  if (connection.connector == nullptr || !connection.connector->manifest().webhook) {
    return done(busy_answer("this connection takes no deliveries now"));
  }
  const Millis now = context_.now();
  auto inspection =
      host::inspect(connection.connector->manifest(), connection.config, connection.secrets, request, url_token, now);
  using Verdict = host::Inspection::Verdict;
  if (const auto* untrusted = host::untrusted_of(connection.connector->manifest(), connection.config)) {
    done = readable_by(*untrusted, connection.config, request, std::move(done));
    if (inspection.verdict == Verdict::accept && request.body.size() > kUntrustedBytes)
      return done(error_answer(413, "too_large", "a page may send 64 KiB at once"));
    const std::int64_t rate = connection.all_config.number(untrusted->rate_field);
    if (inspection.verdict == Verdict::accept && !pace_.take(connection.row.id, rate, now)) {
      auto answer = error_answer(429, "try_again", "more than this connection takes in a minute");
      answer.headers.set("Retry-After", "60");
      return done(std::move(answer));
    }
  }
  if (inspection.verdict == Verdict::reply) return done(std::move(inspection.reply));
  RecentDeliveries::Delivery came{now, "accepted", 200, {}, {}, header_names(request)};
  if (inspection.verdict == Verdict::refuse || inspection.verdict == Verdict::quarantine)
    came.words = host::explain(inspection, connection.connector->manifest(), connection.config, connection.secrets,
                               request, url_token, now);
  if (inspection.verdict == Verdict::refuse) {
    came.verdict = "refused";
    came.status = inspection.reply.status;
    recent_.add(connection.row.id, std::move(came));
    context_.parts.log.warning("a delivery was refused", {{"connection", name}, {"why", inspection.diagnosis}});
    return done(std::move(inspection.reply));
  }
  if (context_.intake_closed) return done(busy_answer("the hub has no room on its disk"));
  if (share == nullptr) {
    std::unique_ptr<HttpResponse> refuse;
    share = take_room(name, request.body.size(), refuse);
    if (refuse) return done(std::move(*refuse));
  }
  share->shrink(request.body.size());
  if (inspection.drift && *inspection.drift != (connection.health ? connection.health->problem : ""))
    context_.parts.engine.post([this, id = connection.row.id, drift = std::move(*inspection.drift)] {
      if (context_.deliveries_drift) context_.deliveries_drift(id, drift);
    });

  store::EventWithPayload delivery;
  delivery.event.connection = connection.row.id;
  delivery.event.topic = std::move(inspection.topic);
  delivery.event.received_ms = now;
  delivery.payload.method = std::move(request.method);
  delivery.payload.path = "/hooks/" + name;  // without the token of an address, however it was spelt
  if (const auto& at = connection.connector->manifest().webhook->at; !at.empty() && request.target.starts_with(at))
    delivery.payload.path = request.target.substr(0, request.target.find('?'));
  delivery.payload.headers = std::move(inspection.kept_headers);
  if (const auto told = request.headers.get(kHopsHeader))
    keep_hops(delivery.payload.headers, read_hops(*told, context_.receipt_key.reveal()));
  delivery.payload.body = std::move(request.body);
  if (inspection.verdict == Verdict::quarantine) {
    delivery.event.state = store::EventState::quarantined;
    came.verdict = "quarantined";
    delivery.event.reason = std::move(inspection.diagnosis);
  }
  const auto& spec = *connection.connector->manifest().webhook;
  if (spec.reply_body) done = answer_as(spec, std::move(done));
  store(std::move(delivery), std::move(inspection.body), std::move(inspection.dedupe_key), std::move(came),
        std::move(done), std::move(share));
}

std::vector<std::shared_ptr<const LiveConnection>> Acceptor::sharing(const std::string& address) const {
  std::vector<std::shared_ptr<const LiveConnection>> found;
  const auto live = context_.live();
  for (const auto& [name, connection] : live->connections) {
    const auto* connector = connection->connector;
    if (connector != nullptr && connector->manifest().webhook && connector->manifest().webhook->at == address)
      found.push_back(connection);
  }
  return found;
}

void Acceptor::accept_at(const std::string& address, HttpRequest request, std::function<void(HttpResponse)> done,
                         std::shared_ptr<IntakeBudget::Share> share) {
  const auto candidates = sharing(address);
  if (candidates.empty()) return done(error_answer(404, "not_found", "not found"));
  for (const auto& connection : candidates) {
    const auto& manifest = connection->connector->manifest();
    if (host::verify_delivery(manifest, connection->config, connection->secrets, request, {}, context_.now()).verified)
      return accept(connection->row.name, {}, std::move(request), std::move(done), std::move(share));
  }
  context_.parts.log.warning("a delivery was refused", {{"address", address}, {"why", "no connection has its key"}});
  done({401, {{"content-type", "text/plain; charset=utf-8"}}, "not verified\n"});
}

HttpResponse Acceptor::preflight_at(const std::string& address, std::string_view origin) const {
  HttpResponse answer;
  answer.status = 403;
  for (const auto& connection : sharing(address)) {
    const auto* untrusted = host::untrusted_of(connection->connector->manifest(), connection->config);
    if (untrusted == nullptr || !host::allows_site(*untrusted, connection->config, origin)) continue;
    answer.status = 204;
    answer.headers.set("Access-Control-Allow-Origin", std::string(origin));
    answer.headers.set("Access-Control-Allow-Methods", "POST");
    answer.headers.set("Access-Control-Allow-Headers", "authorization, content-type");
    answer.headers.set("Access-Control-Max-Age", "86400");
    answer.headers.set("Vary", "Origin");
    break;
  }
  return answer;
}

std::shared_ptr<IntakeBudget::Share> Acceptor::take_room(const std::string& connection, std::size_t bytes,
                                                         std::unique_ptr<HttpResponse>& refuse) {
  auto asked = context_.intake->ask(connection, bytes);
  using Verdict = IntakeBudget::Verdict;
  if (asked.verdict == Verdict::connection_full)
    refuse = std::make_unique<HttpResponse>(busy_answer("too much of this connection waits already", 429));
  if (asked.verdict == Verdict::hub_full)
    refuse = std::make_unique<HttpResponse>(busy_answer("too many deliveries at once"));
  return std::move(asked.share);
}

// A delivery between its first byte on the way to the disk and its answer.
struct Acceptor::Accepted {
  store::EventWithPayload delivery;
  Value read;
  RecentDeliveries::Delivery came;
  std::function<void(HttpResponse)> done;
  std::shared_ptr<IntakeBudget::Share> share;
  bool route = false;
};

void Acceptor::store(store::EventWithPayload delivery, Value read, std::string dedupe_key,
                     RecentDeliveries::Delivery came, std::function<void(HttpResponse)> done,
                     std::shared_ptr<IntakeBudget::Share> share) {
  delivery.event.id = context_.parts.store.next_id(store::IdSpace::event);
  const bool route = delivery.event.state == store::EventState::fresh;
  if (route) context_.arrivals.add(delivery.event.received_ms);
  store::Unit unit;
  unit.writes.emplace_back(store::AcceptEvent{delivery.event, delivery.payload, std::move(dedupe_key)});
  auto accepted = std::make_shared<Accepted>(
      Accepted{std::move(delivery), std::move(read), std::move(came), std::move(done), std::move(share), route});
  context_.parts.store.submit(store::Queue::accept, std::move(unit),
                              [this, accepted](const store::UnitOutcome& outcome) { answer(*accepted, outcome); });
}

void Acceptor::answer(Accepted& accepted, const store::UnitOutcome& outcome) {
  using Kind = store::UnitOutcome::Kind;
  const bool committed = outcome.kind == Kind::committed;
  const bool known = outcome.kind == Kind::duplicate;
  const Id event = committed ? accepted.delivery.event.id : outcome.first_event;
  if (committed || known) {
    accepted.came.event = event;
    if (known) accepted.came.verdict = "duplicate";
    if (accepted.delivery.event.connection != kHubItself)
      recent_.add(accepted.delivery.event.connection, std::move(accepted.came));
    accepted.done(receipt_answer(receipt_text(event, context_.receipt_key.reveal())));
  }
  if (committed && accepted.route) {
    context_.parts.engine.post(
        [this, delivered = Delivered{std::move(accepted.delivery), std::move(accepted.read),
                                     std::move(accepted.share)}]() mutable { stored_(std::move(delivered)); });
  } else if (accepted.route) {
    context_.arrivals.remove(accepted.delivery.event.received_ms);
    context_.parts.engine.post([this] { gone_(); });
  }
  if (committed || known) return;
  context_.parts.log.error("a delivery could not be stored; the sender was asked to come again",
                           {{"error", outcome.error ? outcome.error->text() : "unknown"}});
  accepted.done(busy_answer("it could not be stored now"));
}

void Acceptor::tell(store::EventWithPayload event, std::string dedupe_key, std::function<void(bool)> done) {
  std::unique_ptr<HttpResponse> refuse;
  auto share = context_.intake_closed ? nullptr : take_room(":own", event.payload.body.size(), refuse);
  if (share == nullptr || refuse) return done(false);
  store(
      std::move(event), {}, std::move(dedupe_key), {},
      [done = std::move(done)](const HttpResponse& answer) { done(answer.status == 200); }, std::move(share));
}

Result<std::string> Acceptor::put(const LiveConnection& connection, const std::string& topic, std::string body) {
  if (context_.intake_closed)
    return Error("disk_full", "there is no room on the hub's disk", "free some space; the hub goes on by itself");
  store::EventWithPayload delivery;
  delivery.event.connection = connection.row.id;
  delivery.event.topic = topic;
  delivery.event.received_ms = context_.now();
  delivery.payload.method = "POST";
  delivery.payload.path = "/hooks/" + connection.row.name;
  delivery.payload.headers = write_json(Map{{host::kToldBy, "hub"}});
  delivery.payload.body = std::move(body);
  delivery.event.id = context_.parts.store.next_id(store::IdSpace::event);
  context_.arrivals.add(delivery.event.received_ms);
  auto outcome = context_.parts.store.submit_and_wait(
      store::Queue::accept, store::Unit{{store::AcceptEvent{delivery.event, delivery.payload, {}}}});
  if (outcome.kind != store::UnitOutcome::Kind::committed) {
    context_.arrivals.remove(delivery.event.received_ms);
    context_.parts.engine.post([this] { gone_(); });
    return outcome.error.value_or(Error("not_stored", "the event could not be stored"));
  }
  const auto receipt = receipt_text(delivery.event.id, context_.receipt_key.reveal());
  auto shared = std::make_shared<store::EventWithPayload>(std::move(delivery));
  context_.parts.engine.post([this, shared] { stored_({std::move(*shared), {}, {}}); });
  return receipt;
}

}  // namespace ieum::runtime
