#include "runtime/story.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

#include "base/json.hpp"

namespace ieum::test {
namespace {

using Fate = FakeVendor::Fate;

// What can be looked up, and what may be repeated.
constexpr const char* kPost = R"yaml(recipe: post
trigger: {event: acme/note}
search: {note: 'event.text'}
steps: [{id: post, use: acme.post, connection: shop, with: {text: "{{ trigger.text }}"}}]
)yaml";
constexpr const char* kPut = R"yaml(recipe: put
trigger: {event: acme/note}
steps: [{id: put, use: acme.put, connection: shop, with: {text: "put {{ trigger.text }}"}}]
)yaml";
// A timer, an exit, the gate, two steps one after the other.
constexpr const char* kRescue = R"yaml(recipe: rescue
about: {email: event.email, phone: event.phone}
trigger: {event: checkout_started}
entry: {mode: after_exit}
exit_on: [{event: order_created}]
steps:
  - wait: 30m
  - {id: tell, use: acme.tell, connection: shop, class: info, with: {to: "{{ customer.phone }}", text: "tell {{ trigger.token }}"}}
  - {id: after, use: acme.post, connection: shop, with: {text: "after {{ trigger.token }}"}}
)yaml";
constexpr const char* kAbsent = R"yaml(recipe: absent
about: {email: event.email}
trigger: {event: checkout_started, absent: {event: order_created, within: 1h}}
steps: [{id: miss, use: acme.post, connection: shop, with: {text: "miss {{ trigger.token }}"}}]
)yaml";

std::string note(int number) { return R"({"text":"n)" + std::to_string(number) + "\"}"; }
std::string person(const std::string& who) {
  return R"({"email":")" + who + R"(@example.com","phone":"010-1111-000)" + std::to_string(who[0] - 'a') +
         R"(","total":"62000","token":")" + who + R"(","id":")" + who + "\"}";
}

struct Message {
  std::string key, text;
  auto operator<=>(const Message&) const = default;
};

}  // namespace

void Story::prepare(TestHub& hub) {
  for (const char* recipe : {kPost, kPut, kRescue, kAbsent}) hub.apply(recipe);
}

void Story::revive(TestHub& hub) {
  for (int starts = 1; hub.broken || hub.hub == nullptr; ++starts) {
    hub.crash();
    if (starts % 3 == 0) mend_();
    if (!hub.try_start()) hub.crash();
  }
}

bool Story::ask(TestHub& hub, Delivery& delivery) {
  revive(hub);
  const auto answer = hub.deliver(delivery.topic, delivery.body, delivery.id);
  if (answer.status / 100 != 2) return false;
  const auto receipt = parse_json(answer.body)->text("receipt");
  BOOST_TEST((delivery.receipt.empty() || delivery.receipt == receipt));
  delivery.receipt = receipt;
  return true;
}

void Story::send(TestHub& hub, const std::string& topic, const std::string& body, const std::string& id) {
  sent_.push_back({topic, body, id, {}});
  for (int tries = 1; !ask(hub, sent_.back()); ++tries)
    if (tries % 3 == 0) mend_();
}

void Story::pass(TestHub& hub, Millis to) {
  for (int stands = 0;;) {
    revive(hub);
    hub.engine->post([&] { hub.hub->tick(); });
    hub.settle();
    hub.wake();
    if (hub.broken) continue;
    const auto due = hub.hub->next_due();
    if (due.has_error()) {
      if (++stands % 20 == 0) mend_();
      continue;
    }
    Millis next = due->value_or(to + 1);
    if (!hub.alarms.empty()) next = std::min(next, hub.alarms.begin()->first);
    if (next > to) break;
    if (next > hub.clock.now()) {
      hub.clock.set(next);
    } else if (++stands % 20 == 0) {
      mend_();
      hub.clock.advance(kMinute);
    }
  }
  hub.clock.set(std::max(to, hub.clock.now()));
}

void Story::tell(TestHub& hub, std::function<void()> mend) {
  mend_ = std::move(mend);
  send(hub, "note", note(1), "n1");
  send(hub, "note", note(2), "n2");
  send(hub, "checkouts/create", person("a"), "a1");
  send(hub, "checkouts/create", person("b"), "b1");
  for (auto& delivery : sent_) ask(hub, delivery);
  hub.vendor.fates = {Fate::drop_after, Fate::answer};
  send(hub, "note", note(3), "n3");
  hub.vendor.fates = {Fate::refuse_503, Fate::drop_before};
  send(hub, "note", note(4), "n4");
  hub.crash();
  pass(hub, kMonday + 10 * kMinute);
  send(hub, "orders/create", person("a"), "a2");
  revive(hub);
  static_cast<void>(hub.hub->rotate_secret("shop", "url_token", Secret("token-of-the-shop"), true, 0));
  pass(hub, kMonday + 40 * kMinute);
  revive(hub);
  if (hub.store != nullptr && !hub.broken) hub.stop();
  send(hub, "note", "[" + note(5) + "," + note(6) + "]", "n5");
  send(hub, "checkouts/create", person("c"), "c1");
  pass(hub, kMonday + 3 * kHour);
}

std::vector<std::string> Story::expected() const {
  std::set<std::string> ordered, texts;
  for (const auto& delivery : sent_)
    if (delivery.topic == "orders/create") ordered.insert(delivery.id.substr(0, 1));
  for (const auto& delivery : sent_) {
    if (delivery.topic == "note") {
      auto body = *parse_json(delivery.body);
      const List items = body.if_list() != nullptr ? *body.if_list() : List{body};
      for (const auto& item : items) texts.insert({item.text("text"), "put " + item.text("text")});
    } else if (const auto who = delivery.id.substr(0, 1); !ordered.contains(who)) {
      texts.insert({"tell " + who, "after " + who, "miss " + who});
    }
  }
  return {texts.begin(), texts.end()};
}

void Story::judge(TestHub& after, const FakeVendor& vendor) const {
  std::map<Id, store::RunState> ended;
  for (const auto& run : after.runs())
    if (is_terminal(run.state)) ended[run.id] = run.state;
  Story again = *this;
  again.mend_ = [] { BOOST_FAIL("the hub that took it up stands still"); };
  for (auto& delivery : again.sent_) BOOST_TEST(again.ask(after, delivery), delivery.id);
  again.pass(after, after.clock.now() + kDay);

  const auto events = after.events();
  BOOST_TEST(events.size() == sent_.size());
  for (const auto& event : events) BOOST_TEST((event.state == store::EventState::routed));
  for (const auto& run : after.runs()) {
    BOOST_TEST((run.state == store::RunState::finished || run.state == store::RunState::exited),
               "run " << run.id << " is in state " << static_cast<int>(run.state) << " at " << run.at_step << ", due "
                      << run.due_ms.value_or(0) << ", " << run.reason);
    if (ended.contains(run.id)) BOOST_TEST((ended[run.id] == run.state));
    std::set<std::string> done;
    for (const auto& step : after.steps(run.id))
      if (step.state == store::StepState::done) BOOST_TEST(done.insert(step.step).second, step.step);
  }
  std::set<Message> messages;
  for (const auto& [key, text] : vendor.messages)
    BOOST_TEST((messages.insert({key, text}).second || text.starts_with("put ")), text << " went out twice");
  std::vector<std::string> texts;
  for (const auto& message : messages) texts.push_back(message.text);
  std::sort(texts.begin(), texts.end());
  BOOST_TEST(texts == expected(), boost::test_tools::per_element());
  BOOST_TEST(*after.hub->search_behind(*after.reader) == 0);
}

}  // namespace ieum::test
