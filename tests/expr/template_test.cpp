// Templates: holes in text, kept types, missing values, and that rendered text is never read again.
#include "expr/support.hpp"

using namespace ieum;
using namespace ieum::expr;
using namespace ieum::expr::test;

namespace {

const char* const kNames = R"({
  "customer": {"first_name": "길동", "blank": "  ", "nothing": null},
  "trigger": {"total": 62000.50, "n": 3, "ok": true, "items": [{"sku": "A"}], "evil": "{{ customer.first_name }}"}
})";

std::string text(std::string_view source) { return shown(render(source, json(kNames))); }

}  // namespace

BOOST_AUTO_TEST_SUITE(templates)

BOOST_AUTO_TEST_CASE(a_single_hole_keeps_the_type) {
  BOOST_TEST(text("{{ trigger.total }}") == R"({"decimal":"62000.50"})");
  BOOST_TEST(text("{{trigger.n + 1}}") == R"({"int":"4"})");
  BOOST_TEST(text("{{ trigger.items }}") == R"({"list":[{"map":[[{"string":"sku"},{"string":"A"}]]}]})");
  BOOST_TEST(text("{{ trigger.n }} ") == R"({"string":"3 "})");
  BOOST_TEST(text("plain") == R"({"string":"plain"})");
  BOOST_TEST(text("") == R"({"string":""})");
}

BOOST_AUTO_TEST_CASE(values_inside_text) {
  BOOST_TEST(text("{{ customer.first_name }}님, {{ trigger.n }}개 {{ trigger.total }}원") ==
             R"({"string":"길동님, 3개 62000.50원"})");
  BOOST_TEST(text("x{{ trigger.ok }} {{ trigger.items }}") == R"({"string":"xtrue [{\"sku\":\"A\"}]"})");
  BOOST_TEST(text("x{{ 1.5 }} {{ 1e21 }} {{ b'hi' }}") == R"({"string":"x1.5 1e+21 aGk="})");
  BOOST_TEST(text("x{{ timestamp('2026-03-02T09:00:00+09:00') }} {{ duration('90m') }}") ==
             R"({"string":"x2026-03-02T00:00:00Z 5400s"})");
  BOOST_TEST(text("x{{ optional.of('y') }}") == R"({"string":"xy"})");
}

BOOST_AUTO_TEST_CASE(holes_end_where_the_expression_ends) {
  BOOST_TEST(text("a{{ '}}' }}b") == R"({"string":"a}}b"})");
  BOOST_TEST(text("a{{ {'k': {'v': 1}}.k.v }}b") == R"({"string":"a1b"})");
  BOOST_TEST(text("{{ {'k': {'v': 1}}}}") == R"({"map":[[{"string":"k"},{"map":[[{"string":"v"},{"int":"1"}]]}]]})");
  BOOST_TEST(text("{{ '{{' }} and }}") == R"({"string":"{{ and }}"})");
  BOOST_TEST(text("{{ r'\\' + \"}}\" }}") == R"({"string":"\\}}"})");
}

BOOST_AUTO_TEST_CASE(missing_values_are_errors_that_name_the_expression) {
  for (const char* source : {"Hi {{ customer.last_name }}", "{{ customer.last_name }}", "{{ customer.nothing }}!",
                             "{{ customer.nothing }}", "{{ nobody.name }}", "x{{ customer.?last_name }}"}) {
    const Result<Value> result = render(source, json(kNames));
    BOOST_REQUIRE_MESSAGE(!result, source);
    BOOST_TEST(result.error().code == "render_missing", source << ": " << result.error().text());
  }
  const Result<Value> result = render("안녕 {{ customer.last_name }}", json(kNames));
  BOOST_TEST(result.error().what == "'customer.last_name' has no value: customer has no member 'last_name'");
  BOOST_TEST(result.error().mend == "give a default: customer.last_name | or('...')");
  BOOST_TEST(result.error().place == "1:16");
  BOOST_TEST(text("{{ customer.last_name | or('고객') }}님") == R"({"string":"고객님"})");
  BOOST_TEST(text("{{ customer.blank | or_blank('고객') }}님") == R"({"string":"고객님"})");
  BOOST_TEST(text("{{ customer.last_name | or(null) }}") == R"({"null":null})");
  BOOST_TEST(text("{{ null }}") == R"({"null":null})");
  BOOST_TEST(text("x{{ customer.last_name | or(null) }}") == "error:render_missing");
  BOOST_TEST(text("x{{ 1 / 0 }}") == "error:divide_by_zero");
  BOOST_TEST(text("x{{ [int] }}") == R"({"string":"x[\"int\"]"})");
}

BOOST_AUTO_TEST_CASE(what_came_from_outside_is_never_read_as_source) {
  BOOST_TEST(text("{{ trigger.evil }}") == R"({"string":"{{ customer.first_name }}"})");
  BOOST_TEST(text("a{{ trigger.evil }}b") == R"({"string":"a{{ customer.first_name }}b"})");
  BOOST_TEST(text("{{ '{{ ' + 'customer.first_name' + ' }}' }}") == R"({"string":"{{ customer.first_name }}"})");
}

BOOST_AUTO_TEST_CASE(a_value_passes_through_a_mapping_untouched_whatever_it_spells) {
  // The texts are data: through a mapping, through what a mapping made, and as keys.
  for (const char* spelled : {"{{ secret }}", "{{ 1 + 1 }}", "a {{ secret | or('') }} b", "{{", "}}", "{{ '}}' }}",
                              "secret", "1 + 1", "${secret}", "{% secret %}", "<%= secret %>", "#{secret}",
                              "\\u007b\\u007b secret }}", "' + secret + '", "') || true || ('", "\"}}{{ secret }}"}) {
    const Value names(
        Map{{"v", Value(spelled)}, {"secret", Value("s3cret")}, {"m", Value(Map{{Value(spelled), Value(spelled)}})}});
    const Result<ValueTemplate> mapping = ValueTemplate::parse(json(
        R"({"whole": "{{ v }}", "inside": "<{{ v }}>", "list": ["{{ [v] }}"], "map": "{{ m }}", "json": "{{ json(v) }}",
            "piped": "{{ v | or('') }}", "made": "{{ '%s'.format([v]) + '' }}", "bound": "{{ cel.bind(x, v, x) }}"})"));
    BOOST_REQUIRE(mapping);
    const MapScope scope(names);
    const Result<Value> made = mapping->render(scope);
    BOOST_REQUIRE_MESSAGE(made, spelled);
    BOOST_TEST(made->text("whole") == spelled);
    BOOST_TEST(made->text("inside") == "<" + std::string(spelled) + ">");
    BOOST_TEST(*made->at_path("list.0.0")->if_string() == spelled);
    BOOST_TEST(*made->get("map")->if_map()->begin()->first.if_string() == spelled);
    BOOST_TEST(made->text("json") == write_json(Value(spelled)));
    BOOST_TEST(made->text("piped") == spelled);
    BOOST_TEST(made->text("made") == spelled);
    BOOST_TEST(made->text("bound") == spelled);
    BOOST_TEST(write_json(*made).find("s3cret") == std::string::npos);
    // What one step made is a value for the next one.
    const MapScope next(Value(Map{{"v", *made}, {"secret", Value("s3cret")}}));
    const Result<Value> again = ValueTemplate::parse(json(R"({"all": "{{ v }}", "text": "{{ v }}!"})"))->render(next);
    BOOST_REQUIRE(again);
    BOOST_TEST(write_json(*again->get("all")) == write_json(*made));
    BOOST_TEST(again->text("text") == write_json(*made) + "!");
  }
}

BOOST_AUTO_TEST_CASE(broken_templates_say_where_in_the_file) {
  const auto error = [](const char* source) {
    const Result<Template> result = Template::parse(source, 10, 5);
    BOOST_REQUIRE_MESSAGE(!result, source);
    return result.error().place + " " + result.error().what;
  };
  BOOST_TEST(error("ab {{ x") == "10:8 '{{' has no '}}'");
  BOOST_TEST(error("ab {{ }}") == "10:8 '{{ }}' is empty");
  BOOST_TEST(error("고객\n {{ x + }}") == "11:8 the expression ends where a value was expected");
  BOOST_TEST(error("고객 {{ nope(1) }}") == "10:11 there is no function nope");
}

BOOST_AUTO_TEST_CASE(what_a_template_uses) {
  const Result<Template> parsed = Template::parse("{{ a.b }} {{ c | or(d.e) }}", 3, 1);
  BOOST_REQUIRE(parsed);
  const std::vector<std::string> roots = {"a", "c", "d"};
  BOOST_TEST(parsed->roots() == roots, boost::test_tools::per_element());
  BOOST_TEST(parsed->uses().size() == 3u);
  BOOST_TEST(parsed->uses()[1].guarded);
  BOOST_TEST(parsed->uses()[2].line == 3u);
  BOOST_TEST(parsed->uses()[2].column == 21u);
  BOOST_TEST(!parsed->is_literal());
  BOOST_TEST(Template::parse("no hole")->is_literal());
  BOOST_TEST(Template::parse("{{ x }}")->is_single_hole());
}

BOOST_AUTO_TEST_CASE(a_tree_of_templates) {
  const Result<ValueTemplate> tree = ValueTemplate::parse(json(R"({
    "title": "{{ customer.first_name | or('고객') }}님", "count": "{{ trigger.n }}", "fixed": {"a": [1, "two", null]},
    "variables": {"고객명": "{{ customer.first_name }}", "list": ["{{ trigger.ok }}", "x"]}})"));
  BOOST_REQUIRE(tree);
  const MapScope scope(json(kNames));
  const Result<Value> value = tree->render(scope);
  BOOST_REQUIRE(value);
  BOOST_TEST(
      write_json(*value) ==
      R"({"title":"길동님","count":3,"fixed":{"a":[1,"two",null]},"variables":{"고객명":"길동","list":[true,"x"]}})");
  BOOST_TEST(!tree->is_literal());
  BOOST_TEST(tree->uses().size() == 4u);
  BOOST_TEST(ValueTemplate::parse(json(R"({"a": [1, "b"]})"))->is_literal());
}

BOOST_AUTO_TEST_CASE(an_error_in_a_tree_has_its_path) {
  const Result<ValueTemplate> broken = ValueTemplate::parse(json(R"({"variables": {"고객명": ["a", "b {{ x + }}"]}})"));
  BOOST_REQUIRE(!broken);
  BOOST_TEST(broken.error().place == "variables.고객명.1 1:9");
  const Result<ValueTemplate> tree = ValueTemplate::parse(json(R"({"a": {"b": ["{{ customer.x }}"]}})"));
  BOOST_REQUIRE(tree);
  const MapScope scope(json(kNames));
  const Result<Value> value = tree->render(scope);
  BOOST_REQUIRE(!value);
  BOOST_TEST(value.error().code == "render_missing");
  BOOST_TEST(value.error().place == "a.b.0 1:13");
  const Result<ValueTemplate> top = ValueTemplate::parse(Value("{{ customer.x }}"));
  BOOST_REQUIRE(top);
  BOOST_TEST(top->render(scope).error().place == "1:13");
}

BOOST_AUTO_TEST_CASE(a_tree_has_one_budget) {
  List many;
  for (int i = 0; i < 100; ++i) many.emplace_back("x{{ s }}");
  const Result<ValueTemplate> tree = ValueTemplate::parse(Value(many));
  BOOST_REQUIRE(tree);
  const MapScope scope(Value(Map{{"s", Value(std::string(1000, 'x'))}}));
  BOOST_TEST(shown(tree->render(scope, {.output_bytes = 50'000})) == "error:output_too_large");
  BOOST_TEST(shown(tree->render(scope, {.fuel = 50})) == "error:fuel");
  BOOST_TEST(tree->render(scope).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
