#include "app/asking.hpp"

#include <cstdio>

#include "app/remote.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"

namespace ieum::app {

int ask(const Common& common, const std::string& method, const std::string& path, const Value& body,
        const std::function<void(const Value&, const Terminal&)>& show) {
  const auto hub = Remote::to(common.data);
  if (hub.has_error()) return report(hub.error(), common.json);
  const auto answer = hub->call(method, path, body);
  if (answer.has_error()) return report(answer.error(), common.json);
  if (common.json) {
    std::printf("%s\n", write_json(*answer).c_str());
  } else {
    show(*answer, Terminal::standard_output());
  }
  return 0;
}

Result<std::string> customer_id(const Common& common, const std::string& who) {
  const bool number = !who.starts_with('0') && who.find_first_not_of("0123456789") == std::string::npos;
  if (number) return who;
  IEUM_TRY(const auto hub, Remote::to(common.data));
  IEUM_TRY(const auto found, hub.call("GET", "/api/v1/customers?identity=" + percent_encode(who)));
  const auto& customers = list_of(found, "customers");
  if (!customers.empty()) return std::to_string(customers.front().number("id"));
  return Error("unknown_customer", "nobody is known by \"" + who + "\"",
               "name the kind as well, for example user:7001 or email:minji@example.com");
}

const List& list_of(const Value& value, std::string_view key) {
  static const List kEmpty;
  const auto* member = value.get(key);
  return member != nullptr && member->if_list() != nullptr ? *member->if_list() : kEmpty;
}

std::string time_of(const Value& value, std::string_view key) {
  const auto* member = value.get(key);
  return member == nullptr || member->is_null() ? "" : local_time(value.number(key));
}

std::string text_of(const Value* value) {
  if (value == nullptr || value->is_null()) return "";
  return value->if_string() != nullptr ? *value->if_string() : write_json(*value);
}

}  // namespace ieum::app
