#include "end_to_end/flow_floor.hpp"

#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "base/time_text.hpp"

namespace ieum::test {

namespace {

constexpr const char* kStart = "2026-03-02T09:00:00+09:00";

}  // namespace

const Value* find_where(const Value& value, const std::string& key, const std::string& wanted) {
  if (const Map* map = value.if_map()) {
    if (value.text(key) == wanted) return &value;
    for (const auto& [name, member] : *map)
      if (const Value* found = find_where(member, key, wanted)) return found;
  }
  if (const List* list = value.if_list()) {
    for (const Value& item : *list)
      if (const Value* found = find_where(item, key, wanted)) return found;
  }
  return nullptr;
}

FlowFloor::FlowFloor(const std::string& address)
    : ShopFloor({{}, {"--virtual-clock", kStart}, false, {}, {"--virtual-clock", kStart}, address}),
      now_(*parse_rfc3339(kStart)) {}

void FlowFloor::connect(const std::string& connector, std::vector<std::string> settings,
                        const std::vector<std::pair<std::string, std::string>>& secrets) {
  std::vector<std::string> words{"connection", "add", connector, "--set", "base_url=" + sandbox_url()};
  for (auto& setting : settings) words.insert(words.end(), {"--set", std::move(setting)});
  for (const auto& [slot, text] : secrets) {
    write_file(files_.file(slot), text);
    words.insert(words.end(), {"--secret", slot + "=" + files_.file(slot)});
  }
  ieum(std::move(words));
}

void FlowFloor::connect_sheets(const std::string& watch, const std::string& sheet, List heads,
                               std::vector<std::string> settings) {
  const auto key = sandbox("GET", "/_sandbox/google/key.json");
  settings.insert(settings.end(), {"drive_url=" + sandbox_url(), "token_url=" + sandbox_url(), "watch=" + watch});
  connect("sheets", std::move(settings), {{"service_account", write_json(key)}});
  edit_sheet(sheet, std::move(heads));
}

void FlowFloor::connect_slack() {
  connect("slack", {}, {{"bot_token", "xoxb-sandbox"}, {"signing_secret", "slack-signing-secret"}});
}

void FlowFloor::apply(const std::string& recipe) {
  ieum({"recipe", "apply", std::string(IEUM_SOURCE_DIR) + "/recipes/" + recipe});
}

void FlowFloor::apply_text(const std::string& recipe) {
  write_file(files_.file("recipe.yaml"), recipe);
  ieum({"recipe", "apply", files_.file("recipe.yaml")});
}

void FlowFloor::connect_shopify() {
  connect("shopify", {"shop=ieum-demo.myshopify.com"},
          {{"client_secret", "sandbox-webhook-secret"}, {"access_token", "shpat_sandbox"}});
}

void FlowFloor::edit_sheet(const std::string& sheet, List row) {
  sandbox("POST", "/_sandbox/sheets",
          Map{{"spreadsheet", kSheet}, {"sheet", sheet}, {"append", List{Value(std::move(row))}}});
}

List FlowFloor::rows(const std::string& sheet) {
  const auto all = sandbox("GET", "/_sandbox/sheets");
  const Value* tab = find_where(all, "title", sheet);
  BOOST_REQUIRE_MESSAGE(tab != nullptr && tab->get("rows") != nullptr, write_json(all));
  List out = *tab->get("rows")->if_list();
  if (!out.empty()) out.erase(out.begin());
  return out;
}

void FlowFloor::fault(Map fault) { sandbox("POST", "/_sandbox/faults", Value(std::move(fault))); }
void FlowFloor::tell(const std::string& vendor, const std::string& topic, const std::string& secret,
                     const Value& body) {
  Map words{{"vendor", vendor}, {"topic", topic}, {"to", public_url() + "/hooks/" + vendor}, {"secret", secret}};
  if (!body.is_null()) words.set("body", body);
  sandbox("POST", "/_sandbox/send", Value(std::move(words)));
}

void FlowFloor::clock(Millis to) {
  sandbox("POST", "/_sandbox/clock", Map{{"to", rfc3339_utc(to)}});
  api("POST", "/api/v1/clock", Map{{"to", rfc3339_utc(to)}});
  now_ = to;
}

void FlowFloor::pass_until(const std::string& what, const std::function<bool()>& reached, Millis step) {
  for (int i = 0; i < 400; ++i) {
    if (reached()) return;
    clock(now_ + step);
  }
  BOOST_FAIL(what << " did not happen: " << ieum({"run", "list"}) << ieum({"connection", "list"})
                  << write_json(totals()) << write_json(sandbox("GET", "/_sandbox/messages")));
}

void FlowFloor::restart() {
  hub().kill_now();
  options().extra = {"--virtual-clock", rfc3339_utc(now_)};
  start_hub();
}

std::vector<Value> FlowFloor::messages(const std::string& channel) {
  std::vector<Value> out;
  const auto all = sandbox("GET", "/_sandbox/messages");
  BOOST_TEST(all.get("repeated_keys")->if_list()->empty(), write_json(*all.get("repeated_keys")));
  for (const auto& message : *all.get("messages")->if_list())
    if (message.text("channel") == channel) out.push_back(message);
  return out;
}

std::vector<std::string> FlowFloor::asked(const std::string& vendor) {
  std::vector<std::string> out;
  const auto all = sandbox("GET", "/_sandbox/calls?vendor=" + vendor);
  for (const auto& call : *all.get("calls")->if_list())
    out.push_back(call.text("operation") + " " + call.text("effect") + (call.number("status") == 0 ? "!" : ""));
  return out;
}

void FlowFloor::click(const std::string& action) {
  const auto all = messages("slack");
  const Value* button = nullptr;
  for (const auto& message : all)
    if (const Value* found = find_where(message, "action_id", action)) button = found;
  BOOST_REQUIRE_MESSAGE(button != nullptr, action + " is on no message");
  tell("slack", "block_actions", "slack-signing-secret",
       Map{{"actions", List{Value(Map{{"type", "button"},
                                      {"action_id", action},
                                      {"value", button->text("value")},
                                      {"action_ts", std::to_string(now_ / kSecond) + ".000100"}})}}});
}

}  // namespace ieum::test
