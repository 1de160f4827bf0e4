// A customer's timeline, over real sockets: everything that happened to them in its order, a page at a time.
#include "server/sources.hpp"

using namespace ieum;
using namespace ieum::server;
using namespace ieum::server::testing;

namespace {

const std::string kLetter = R"yaml(recipe: letter
title: 소식
topic: promo
about: {user: event.user_id}
trigger: {event: segment/Joined}
steps:
  - {id: mail, use: brevo.email.send, class: ad, connection: mail, with: {to: '{{ customer.email }}', sender: shop@example.com, subject: 안녕, html: '<a href="https://shop.example.com/" data-link="shop">가게</a>'}}
)yaml";

struct Lived : Sources {
  Lived() {
    hub.post("/api/v1/connections", Map{{"name", "mail"},
                                        {"connector", "brevo"},
                                        {"config", Map{}},
                                        {"secrets", Map{{"api_key", "xkeysib-of-this-test"}}}});
    hub.post("/api/v1/audience",
             Map{{"sender", Map{{"name", "허브상점"}, {"contact", "02-123-4567"}, {"free_opt_out", "080-123-4567"}}}});
    hub.apply(kLetter);
  }
  void identify(Map traits) {
    server("identify", Map{{"userId", "7001"}, {"messageId", "i" + std::to_string(++nth)}, {"traits", std::move(traits)}});
    hub.settle();
    hub.clock.advance(kMinute);
  }
  void join() {
    server("track", Map{{"userId", "7001"}, {"event", "Joined"}, {"messageId", "j" + std::to_string(++nth)}});
    hub.settle();
    hub.clock.advance(kMinute);
  }
  Value page(const std::string& query = {}) {
    return hub.get("/api/v1/customers/" + std::to_string(who("user:7001")) + "/timeline" + query);
  }
  // "message skipped no_ad_consent; ", newest first.
  static std::string said(const Value& page) {
    std::string text;
    for (const auto& entry : *page.get("entries")->if_list()) {
      text += entry.text("kind");
      for (const char* key : {"name", "outcome", "reason", "state", "word", "topic", "link", "machine"})
        if (!entry.text(key).empty()) text += " " + entry.text(key);
      text += "; ";
    }
    return text;
  }
  int nth = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(timeline)

BOOST_AUTO_TEST_CASE(what_happened_stands_in_its_order) {
  Lived lived;
  lived.identify(Map{{"email", "minji@example.com"}});
  lived.join();
  lived.identify(Map{{"ad_consent", Map{{"email", true}}}});
  lived.join();
  const auto run = lived.hub.get("/api/v1/runs/2");
  const std::string html = run.at_path("steps.0.inputs")->text("html");
  const auto from = html.find("/t/c/");
  lived.hub.public_client().Get(html.substr(from, html.find('"', from) - from), {{"User-Agent", "Mozilla/5.0 (X11) Firefox/125.0"}});
  lived.hub.settle();
  BOOST_TEST(Lived::said(lived.page()) ==
             "click shop; "
             "run_ended finished; message sent; run_began; event segment/Joined; "
             "consent granted; event identified; "
             "run_ended finished; message skipped no_ad_consent; run_began; event segment/Joined; "
             "event identified; ");
  const auto page = lived.page();
  const auto* sent = page.at_path("entries.2");
  BOOST_TEST(sent->text("channel") == "email");
  BOOST_TEST(sent->text("basis").starts_with("consent "));
}

BOOST_AUTO_TEST_CASE(pages_leave_nothing_out_and_end) {
  Lived lived;
  lived.identify(Map{{"email", "minji@example.com"}});
  for (int i = 0; i < 5; ++i) lived.join();
  std::set<std::string> all, paged;
  const auto keys = [](const Value& page, std::set<std::string>& into) {
    for (const auto& entry : *page.get("entries")->if_list()) into.insert(write_json(entry));
  };
  keys(lived.page("?limit=200"), all);
  std::string query = "?limit=6";
  for (int pages = 0; pages < 20; ++pages) {
    const auto page = lived.page(query);
    keys(page, paged);
    const auto* next = page.get("next");
    if (next->if_int() == nullptr) break;
    query = "?limit=6&until_ms=" + std::to_string(*next->if_int());
  }
  BOOST_TEST(all.size() == 21u);  // five times an event, a message that is skipped, a run's beginning and its end
  BOOST_TEST((paged == all));
  BOOST_TEST(lived.page("?until_ms=1").get("entries")->if_list()->empty());
  lived.hub.get("/api/v1/customers/99/timeline", 404);
}

BOOST_AUTO_TEST_SUITE_END()
