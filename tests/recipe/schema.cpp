// The schema names every verb, key and choice of the grammar and every operation and event of the catalog, points nowhere
// that is not there, and is the same each time. Whether recipes hold by it is tested where a validator is (web/tests).
#include "recipe/schema.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>

#include "base/json.hpp"
#include "recipe/grammar.hpp"

using namespace ieum;
using namespace ieum::recipe;

namespace {

class SmallCatalog final : public Catalog {
 public:
  std::vector<std::string> connectors() const override { return {"slack", "webhook"}; }
  bool knows_connections() const override { return false; }
  std::optional<std::string> connection(const std::string&) const override { return {}; }
  std::vector<std::string> connections() const override { return {}; }
  std::vector<std::string> operations(const std::string& connector) const override {
    if (connector == "slack") return {"message.post", "silent"};
    return {};
  }
  std::optional<OperationFacts> operation(const std::string&, const std::string&) const override { return {}; }
  std::vector<std::string> events() const override { return {"order_created", "slack/message"}; }
  bool open_topics(const std::string& connector) const override { return connector == "webhook"; }
  std::optional<OperationForm> form(const std::string&, const std::string& name) const override {
    if (name == "silent") return {};
    OperationForm form{{"글 올리기", "Post a message"}, {"도움말", "Help"}, {}, false};
    form.inputs.push_back({"channel", "string", true, {}, {}, {"채널", "Channel"}, {"어디에", "Where"}});
    form.inputs.push_back({"count", "integer", false, {}, Value(3), {}, {}});
    form.inputs.push_back({"mode", "string", false, {"loud", "quiet"}, {}, {}, {}});
    return form;
  }
  Words event_words(const std::string& name) const override {
    return name == "order_created" ? Words{"주문", "Order"} : Words{};
  }
};

Value schema() { return recipe_schema(SmallCatalog()); }

const Value& defs(const Value& schema, const std::string& name) {
  const Value* found = schema.get("$defs")->get(name);
  BOOST_REQUIRE_MESSAGE(found != nullptr, name);
  return *found;
}

void each_ref(const Value& value, const std::function<void(const std::string&)>& visit) {
  if (const List* list = value.if_list())
    for (const Value& item : *list) each_ref(item, visit);
  if (const Map* map = value.if_map())
    for (const auto& [key, member] : *map) {
      if (key == Value("$ref")) visit(*member.if_string());
      each_ref(member, visit);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(recipe_schema_suite)

BOOST_AUTO_TEST_CASE(names_all_of_the_grammar) {
  const Value made = schema();
  for (const Shape& shape : shapes()) {
    const bool verb = std::find(verbs().begin(), verbs().end(), shape.name) != verbs().end();
    const Value& own = shape.name == "recipe" ? made : defs(made, verb ? "step." + shape.name : shape.name);
    BOOST_CHECK_EQUAL(own.flag("additionalProperties", true), false);
    const Value* properties = own.get("properties");
    BOOST_REQUIRE(properties != nullptr);
    BOOST_CHECK_EQUAL(properties->if_map()->size(), shape.keys.size());
    for (const Key& key : shape.keys) {
      const Value* property = properties->get(key.name);
      BOOST_REQUIRE_MESSAGE(property != nullptr, shape.name + "." + key.name);
      BOOST_CHECK_MESSAGE(!property->text("description").empty(), shape.name + "." + key.name);
      BOOST_CHECK_MESSAGE(property->if_map()->size() > 1 || key.takes == Takes::values, shape.name + "." + key.name);
      const std::string text = write_json(*property);
      for (const std::string& choice : key.choices) BOOST_CHECK(text.find("\"" + choice + "\"") != std::string::npos);
    }
  }
  const std::string steps = write_json(defs(made, "step"));
  for (const std::string& verb : verbs())
    BOOST_CHECK_MESSAGE(steps.find("\"#/$defs/step." + verb + "\"") != std::string::npos, verb);
}

BOOST_AUTO_TEST_CASE(names_operations_with_their_inputs_in_both_languages) {
  const Value made = schema();
  BOOST_CHECK_EQUAL(
      write_json(*defs(made, "operation").get("anyOf")),
      R"([{"const":"slack.message.post","title":"글 올리기 / Post a message","description":"도움말\nHelp"},{"const":"slack.silent"}])");
  const Value& with = defs(made, "with.slack.message.post");
  BOOST_CHECK_EQUAL(
      write_json(*with.at_path("properties.channel")),
      R"({"type":["string","number","boolean","null"],"title":"채널 / Channel","description":"어디에\nWhere"})");
  BOOST_CHECK_EQUAL(with.at_path("properties.count.default")->if_int() != nullptr, true);
  BOOST_CHECK_EQUAL(write_json(*with.at_path("properties.mode.anyOf.0.enum")), R"(["loud","quiet"])");
  BOOST_CHECK_EQUAL(write_json(*with.get("required")), R"(["channel"])");
  BOOST_CHECK_EQUAL(with.flag("additionalProperties", true), false);
  BOOST_CHECK_EQUAL(write_json(*defs(made, "step.use").at_path("allOf.0.then.required")), R"(["with"])");
}

BOOST_AUTO_TEST_CASE(names_events_and_leaves_open_what_is_open) {
  BOOST_CHECK_EQUAL(
      write_json(*defs(schema(), "event").get("anyOf")),
      R"([{"anyOf":[{"const":"order_created","title":"주문 / Order"},{"const":"slack/message"}]},{"type":"string","pattern":"^webhook/."}])");
}

BOOST_AUTO_TEST_CASE(points_nowhere_that_is_not_there_and_is_the_same_each_time) {
  const Value made = schema();
  std::size_t refs = 0;
  each_ref(made, [&](const std::string& where) {
    ++refs;
    BOOST_REQUIRE(where.starts_with("#/$defs/"));
    defs(made, where.substr(8));
  });
  BOOST_CHECK_GT(refs, 50u);
  BOOST_CHECK_EQUAL(write_pretty_json(made), write_pretty_json(schema()));
}

BOOST_AUTO_TEST_SUITE_END()
