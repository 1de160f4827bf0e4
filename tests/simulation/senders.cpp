// Senders: each means to tell something once, and sends it again until it is answered with 2xx; some send it once more.
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "simulation/connector.hpp"
#include "simulation/world.hpp"

namespace ieum::sim {
namespace {
constexpr Millis kPatience = 5 * kSecond;
}  // namespace

std::string World::body_of(const std::string& uid, const std::string& topic) {
  Map body{{"uid", uid}, {"n", dice_.below(30)}, {"key", words("k", dice_.below(4))}};
  List list;
  for (auto left = dice_.below(4); left > 0; --left) list.push_back(static_cast<std::int64_t>(list.size()));
  body.set("list", std::move(list));
  if (topic != "note" || dice_.percent(20)) {
    body.set("email", words("p", dice_.below(4), "@example.com"));
    body.set("phone", words("0101234000", dice_.below(4)));
  }
  // Some tell late, and out of order.
  if (dice_.percent(60)) body.set("at", rfc3339_utc(timeline_.now() - (dice_.percent(30) ? dice_.below(2 * kDay) : 0)));
  return write_json(Value(std::move(body)));
}

void World::plan_delivery(Millis at) {
  const auto& door = kDoors[static_cast<std::size_t>(dice_.below(kDoors.size()))];
  Delivery delivery;
  delivery.uid = words("u", deliveries_.size());
  if (!dice_.percent(10)) delivery.key = delivery.uid;
  delivery.connection = door.connection;
  delivery.topic = dice_.of({"note", "note", "note", "orders", "checkouts", "checkouts"});
  delivery.copies = dice_.percent(25) ? static_cast<int>(dice_.between(1, 2)) : 0;
  deliveries_.push_back(std::move(delivery));
  const auto number = deliveries_.size() - 1;
  plan(at, true, [this, number] {
    auto& it = deliveries_[number];
    if (it.topic == "note" && dice_.percent(15)) {
      it.body = "{\"uid\":\"" + it.uid + "\",\"several\":[";
      const auto items = dice_.between(1, 4);
      for (std::int64_t i = 0; i < items; ++i) it.body += (i > 0 ? "," : "") + body_of(words(it.uid, "-", i), it.topic);
      it.body += "]}";
    } else {
      it.body = body_of(it.uid, it.topic);
    }
    send(number);
  });
}

void World::send(std::size_t number) {
  auto& delivery = deliveries_[number];
  ++delivery.sent;
  if (!process_) {
    plan(timeline_.world() + dice_.between(kSecond, kMinute), true, [this, number] { send(number); });
    return;
  }
  delivery.under_way = true;
  HttpRequest request;
  request.method = "POST";
  request.target = "/hooks/" + delivery.connection + "/token-of-the-senders";
  request.headers.add("Content-Type", "application/json");
  request.headers.add("X-Topic", delivery.topic);
  if (!delivery.key.empty()) request.headers.add("X-Delivery", delivery.key);
  request.body = delivery.body;
  trace_.line(words("delivery ", delivery.uid, " ", delivery.topic, " to ", delivery.connection));
  // A sender that is not answered gives up, and sends again: whether its hub died, or is slow.
  const auto awaited = std::make_shared<bool>(true);
  plan(timeline_.world() + kPatience, true, [this, number, awaited] {
    if (!*awaited) return;
    *awaited = false;
    trace_.line("no answer to " + deliveries_[number].uid);
    deliveries_[number].under_way = false;
    plan(timeline_.world() + dice_.between(10, kMinute), true, [this, number] { send(number); });
  });
  process_->hub().accept(delivery.connection, "token-of-the-senders", std::move(request),
                         [this, number, awaited](const HttpResponse& answer) {
                           if (std::exchange(*awaited, false)) answered(number, answer);
                         });
}

void World::answered(std::size_t number, const HttpResponse& answer) {
  auto& delivery = deliveries_[number];
  delivery.under_way = false;
  trace_.line(words("answer to ", delivery.uid, " ", answer.status, " ", answer.body));
  if (answer.status != 200) {
    if (answer.status != 503) trace_.problem(words("delivery ", delivery.uid, " is answered with ", answer.status));
    plan(timeline_.world() + dice_.between(10, kMinute), true, [this, number] { send(number); });
    return;
  }
  ++delivery.taken;
  const auto parsed = parse_json(answer.body);
  const std::string receipt = parsed.has_value() ? parsed->text("receipt") : "";
  if (!delivery.receipt.empty() && !delivery.key.empty() && receipt != delivery.receipt)
    trace_.problem(words("I1: delivery ", delivery.uid, " has two receipts, ", delivery.receipt, " and ", receipt));
  delivery.receipt = receipt;
  if (delivery.taken > delivery.copies) return;
  plan(timeline_.world() + dice_.between(0, 2 * kHour), true, [this, number] { send(number); });
}

}  // namespace ieum::sim
