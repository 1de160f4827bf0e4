// Numbers from a delivery to what goes out, in a JSON body, a form and a message: long ids, cents and text that looks like
// a number keep every digit.
#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "end_to_end/shop_floor.hpp"

using namespace ieum;
using namespace ieum::test;

namespace {

constexpr const char* kRecipe = R"yaml(recipe: numbers
title: 숫자 그대로
trigger: {event: webhook/order}
steps:
  - id: as_json
    use: http.request
    connection: http
    reaches: system
    with: {method: POST, url: /sink/json, safety: keyed, json: {all: "{{ trigger }}", id: "{{ trigger.id }}", total: "{{ trigger.total }}",
      price: "{{ trigger.items[0].price }}", text: "{{ trigger.text }}", sum: "{{ dec(trigger.a) + dec(trigger.b) }}"}}
  - id: as_form
    use: http.request
    connection: http
    reaches: system
    with: {method: POST, url: /sink/form, safety: keyed, form: {id: "{{ trigger.id }}", total: "{{ trigger.total }}", text: "{{ trigger.text }}"}}
  - {id: alone, use: slack.message.post, connection: slack, with: {channel: "#orders", text: "{{ trigger.total }}"}}
  - id: as_message
    use: slack.message.post
    connection: slack
    with: {channel: "#orders", text: "{{ trigger.id }} {{ trigger.total }} {{ trigger.items[0].price }} {{ trigger.text }} {{ dec(trigger.a) + dec(trigger.b) }}"}
)yaml";

}  // namespace

BOOST_AUTO_TEST_SUITE(numbers)

BOOST_AUTO_TEST_CASE(every_digit_of_a_delivery_goes_out) {
  ShopFloor floor;
  TempDirectory files;
  write_file(files.file("secret"), "a-secret-in-the-address");
  write_file(files.file("numbers.yaml"), kRecipe);
  floor.ieum(
      {"connection", "add", "webhook", "--set", "scheme=url_token", "--secret", "secret=" + files.file("secret")});
  floor.ieum({"connection", "add", "http", "--set", "base_url=" + floor.sandbox_url()});
  floor.ieum({"recipe", "apply", files.file("numbers.yaml")});
  HttpRequest order;
  order.method = "POST";
  order.target = floor.public_url() + "/hooks/webhook/a-secret-in-the-address";
  order.headers = {{"Content-Type", "application/json"}, {"X-Event-Type", "order"}, {"X-Event-Id", "e1"}};
  order.body =
      R"({"id":12345678901234567890,"total":62000.0,"items":[{"price":19.99}],"text":"62000","a":0.1,"b":0.2,"big":123456789012345678901234567890})";
  BOOST_REQUIRE_EQUAL(ShopFloor::send(order), 200);
  floor.wait_until_done();
  const std::string calls = write_json(floor.sandbox("GET", "/_sandbox/calls"));
  const auto sent = [&](const std::string& text) {
    // Bodies stand as text inside the list of calls, so their quotes are escaped.
    std::string escaped;
    for (const char c : text) escaped += c == '"' ? std::string("\\\"") : std::string(1, c);
    return calls.find(text) != std::string::npos || calls.find(escaped) != std::string::npos;
  };
  BOOST_TEST(sent(order.body.substr(1, order.body.size() - 2)), calls);
  BOOST_TEST(sent(R"("id":12345678901234567890,"total":62000.0,"price":19.99,"text":"62000","sum":0.3)"), calls);
  BOOST_TEST(sent("id=12345678901234567890&total=62000.0&text=62000"), calls);
  BOOST_TEST(sent(R"("text":"62000.0")"), calls);  // one hole alone keeps its type, and its digits
  BOOST_TEST(sent("12345678901234567890 62000.0 19.99 62000 0.3"), calls);
}

BOOST_AUTO_TEST_SUITE_END()
