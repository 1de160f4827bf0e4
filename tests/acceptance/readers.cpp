// What readers do with what they got: they click, and they want no more of it.
#include <httplib.h>

#include <boost/test/unit_test.hpp>
#include <cctype>

#include "acceptance/floor.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"

namespace ieum::acceptance {

namespace {

constexpr const char* kPerson =
    "Mozilla/5.0 (Linux; Android 14; SM-S921N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile "
    "Safari/537.36";
constexpr const char* kScanner = "Barracuda Sentinel (EE)";

// The addresses of the hub's that stand in a request, in order.
std::vector<std::string> addresses(const std::string& request, const std::string& kind) {
  std::vector<std::string> found;
  for (auto at = request.find(kind); at != std::string::npos; at = request.find(kind, at + 1)) {
    auto end = at + kind.size();
    while (end < request.size() && (std::isalnum(static_cast<unsigned char>(request[end])) != 0 || request[end] == '-' ||
                                    request[end] == '_'))
      ++end;
    found.push_back(request.substr(at, end - at));
  }
  return found;
}

// Which link it is: its ticket says so.
bool is_called(const std::string& address, const std::string& name) {
  const auto ticket = base64url_decode(address.substr(address.rfind('/') + 1));
  return ticket && ticket->find("\n" + name + "\nhttp") != std::string::npos;
}

}  // namespace

void Floor::click(const Value& item) {
  const Value& message = *item.get("msg");
  const std::string link = item.text("link");
  std::string address;
  for (const Handed& one : handed()) {
    if (one.sent.recipe != message.text("recipe") || one.sent.step != message.text("step") ||
        one.sent.to != message.text("to"))
      continue;
    for (const std::string& each : addresses(one.request, "/t/c/"))
      if (address.empty() || is_called(each, link)) address = each;
  }
  BOOST_REQUIRE_MESSAGE(!address.empty(), "nothing to click on: " + write_json(item));
  httplib::Client client("127.0.0.1", public_port_);
  const auto answer = client.Get(address, {{"User-Agent", item.flag("bot") ? kScanner : kPerson}});
  BOOST_REQUIRE(answer);
  BOOST_TEST(answer->status == 302);
  if (!link.empty()) BOOST_TEST(answer->get_header_value("Location") == "https://shop.example.kr/" + link);
}

void Floor::unsubscribe(const Value& item) {
  const std::string to = item.get("ids")->if_list()->front().if_string()->substr(6);
  std::string address;
  for (const Handed& one : handed()) {
    if (one.sent.to != to) continue;
    const auto request = parse_json(one.request);
    BOOST_REQUIRE(request.has_value());
    const Value* header = request->at_path("headers.List-Unsubscribe");
    BOOST_REQUIRE_MESSAGE(header != nullptr, "a mail without List-Unsubscribe: " + one.request);
    BOOST_TEST(request->at_path("headers.List-Unsubscribe-Post")->if_string()->compare("List-Unsubscribe=One-Click") == 0);
    address = addresses(*header->if_string(), "/u/").at(0);
  }
  BOOST_REQUIRE_MESSAGE(!address.empty(), "no mail to unsubscribe by: " + write_json(item));
  httplib::Client client("127.0.0.1", public_port_);
  const auto answer = item.text("method") == "GET"
                          ? client.Get(address)
                          : client.Post(address, "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded");
  BOOST_REQUIRE(answer);
  BOOST_TEST(answer->status == 200);
}

}  // namespace ieum::acceptance
