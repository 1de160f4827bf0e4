#include "recipe/schema.hpp"

#include <algorithm>

#include "recipe/grammar.hpp"

namespace ieum::recipe {

namespace {

constexpr const char* kHole = "\\{\\{";  // a text with {{ }} may become anything

Value refer(const std::string& name) { return Map{{"$ref", "#/$defs/" + name}}; }
Value text_like(const char* pattern) { return Map{{"type", "string"}, {"pattern", pattern}}; }
Value types(std::initializer_list<const char*> names) {
  List list;
  for (const char* name : names) list.push_back(name);
  return list;
}

std::string both(const Words& words, const char* between) {
  if (words.ko.empty() || words.en.empty() || words.ko == words.en) return words.ko.empty() ? words.en : words.ko;
  return words.ko + between + words.en;
}

void describe(Map& map, const Words& title, const Words& help) {
  if (const std::string text = both(title, " / "); !text.empty()) map.set("title", text);
  if (const std::string text = both(help, "\n"); !text.empty()) map.set("description", text);
}

class Maker {
 public:
  explicit Maker(const Catalog& catalog) : catalog_(catalog) {}

  Value schema() {
    Map defs = basic();
    for (const Shape& each : shapes())
      if (each.name != "recipe") defs.set(shape_name(each.name), shape_schema(each));
    add_operations(defs);
    Map root{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "Ieum recipe"}};
    const Value recipe = shape_schema(shape("recipe"));
    for (const auto& [key, value] : *recipe.if_map()) root.set(key, value);
    root.set("$defs", std::move(defs));
    return root;
  }

 private:
  // A verb's shape is a whole step.
  static std::string shape_name(const std::string& name) {
    return std::find(verbs().begin(), verbs().end(), name) == verbs().end() ? name : "step." + name;
  }

  Map basic() const {
    Map defs;
    // Who leaves the quotes out where YAML does not mind, writes a number or a truth value.
    defs.set("expression", Map{{"type", types({"string", "boolean", "number"})},
                               {"minLength", 1},
                               {"description", "CEL; put it in single quotes"}});
    defs.set("name", Map{{"type", "string"}, {"pattern", "^[a-z][a-z0-9_-]{0,62}$"}});
    defs.set("variable", Map{{"type", "string"}, {"pattern", "^[a-z][a-z0-9_]{0,62}$"}});
    defs.set("duration", Map{{"type", "string"},
                             {"pattern", "^([0-9]+(ms|w|d|h|m|s))+$"},
                             {"examples", List{"30m", "5h", "7d", "1h30m"}}});
    defs.set("offset",
             Map{{"type", "string"}, {"pattern", "^[+-]?([0-9]+(ms|w|d|h|m|s))+$"}, {"examples", List{"1h", "-1d"}}});
    defs.set(
        "time_of_day",
        Map{{"type", "string"}, {"pattern", "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"}, {"examples", List{"09:30"}}});
    defs.set(
        "zone",
        Map{{"type", "string"}, {"pattern", "^[A-Za-z0-9_+-][A-Za-z0-9/_+-]*$"}, {"examples", List{"Asia/Seoul"}}});
    List steps;
    for (const std::string& verb : verbs()) steps.push_back(refer(shape_name(verb)));
    defs.set("step", Map{{"type", "object"}, {"anyOf", std::move(steps)}});
    defs.set("steps", Map{{"type", "array"}, {"items", refer("step")}});
    defs.set("event", events());
    return defs;
  }

  Value events() const {
    List names, any;
    for (const std::string& name : catalog_.events()) {
      Map one{{"const", name}};
      describe(one, catalog_.event_words(name), {});
      names.push_back(std::move(one));
    }
    if (!names.empty()) any.push_back(Map{{"anyOf", std::move(names)}});
    for (const std::string& connector : catalog_.connectors())
      if (catalog_.open_topics(connector)) any.push_back(Map{{"type", "string"}, {"pattern", "^" + connector + "/."}});
    if (any.empty()) return Map{{"type", "string"}};
    return Map{{"type", "string"}, {"anyOf", std::move(any)}};
  }

  Value shape_schema(const Shape& shape) const {
    Map properties;
    List required;
    for (const Key& key : shape.keys) {
      properties.set(key.name, key_schema(key));
      if (key.required) required.push_back(key.name);
    }
    Map map{{"type", "object"}, {"properties", std::move(properties)}};
    if (!required.empty()) map.set("required", std::move(required));
    map.set("additionalProperties", false);
    // Rules between keys that an editor should know; all others are the reader's.
    const auto one_of = [](std::initializer_list<List> choices) {
      List any;
      for (const List& keys : choices) any.push_back(Map{{"required", keys}});
      return any;
    };
    if (shape.name == "trigger") map.set("anyOf", one_of({{"event"}, {"schedule"}}));
    if (shape.name == "case") map.set("anyOf", one_of({{"if", "then"}, {"else"}}));
    if (shape.name == "wait_map" || shape.name == "window") map.set("minProperties", 1);
    return map;
  }

  Value key_schema(const Key& key) const {
    Map map = bare_schema(key);
    if (!key.help.empty()) map.set("description", key.help);
    return map;
  }

  static Map as_map(const Value& value) { return *value.if_map(); }

  static Map bare_schema(const Key& key) {
    switch (key.takes) {
      case Takes::text:
      case Takes::cron: return {{"type", "string"}};
      case Takes::name: return as_map(refer("name"));
      case Takes::variable: return as_map(refer("variable"));
      case Takes::operation: return as_map(refer("operation"));
      case Takes::event: return as_map(refer("event"));
      case Takes::expression: return as_map(refer("expression"));
      case Takes::expressions:
        return {{"type", "object"}, {"propertyNames", refer("name")}, {"additionalProperties", refer("expression")}};
      case Takes::match:
        return {{"type", "object"}, {"minProperties", 1}, {"additionalProperties", refer("expression")}};
      case Takes::duration: return as_map(refer("duration"));
      case Takes::offset: return as_map(refer("offset"));
      case Takes::whole: return {{"type", "integer"}, {"minimum", key.lowest}, {"maximum", key.highest}};
      case Takes::truth: return {{"type", "boolean"}};
      case Takes::choice: return {{"enum", choices(key)}};
      case Takes::zone:
      case Takes::wait_zone: return as_map(refer("zone"));
      case Takes::time_of_day: return as_map(refer("time_of_day"));
      case Takes::weekdays:
        return {{"type", "array"}, {"items", Map{{"enum", choices(key)}}}, {"minItems", 1}, {"uniqueItems", true}};
      case Takes::values: return {{"type", "object"}};
      case Takes::steps: return as_map(refer("steps"));
      case Takes::map: return as_map(refer(shape_name(key.inner)));
      case Takes::list: return {{"type", "array"}, {"items", refer(shape_name(key.inner))}};
      case Takes::map_or_list:
        return {{"anyOf", List{refer(shape_name(key.inner)),
                               Map{{"type", "array"}, {"items", refer(shape_name(key.item))}, {"minItems", 1}}}}};
      case Takes::wait: return {{"anyOf", List{refer("duration"), refer(shape_name(key.inner))}}};
      case Takes::stop:
        return {{"anyOf", List{Map{{"type", types({"string", "null"})}}, refer(shape_name(key.inner))}}};
      case Takes::tests: return {{"type", "array"}, {"items", Map{{"type", "object"}}}};
    }
    return {};
  }

  static List choices(const Key& key) {
    List list;
    for (const std::string& choice : key.choices) list.push_back(choice);
    return list;
  }

  // Each operation with its own `with`.
  void add_operations(Map& defs) const {
    List names, rules;
    for (const std::string& connector : catalog_.connectors())
      for (const std::string& operation : catalog_.operations(connector)) {
        const std::string name = connector + "." + operation;
        const auto form = catalog_.form(connector, operation);
        Map one{{"const", name}};
        if (form) describe(one, form->title, form->help);
        names.push_back(std::move(one));
        if (!form) continue;
        defs.set("with." + name, with_schema(*form));
        Map then{{"properties", Map{{"with", refer("with." + name)}}}};
        if (std::any_of(form->inputs.begin(), form->inputs.end(), [](const InputForm& i) { return i.required; }))
          then.set("required", List{"with"});
        rules.push_back(Map{{"if", Map{{"properties", Map{{"use", Map{{"const", name}}}}}, {"required", List{"use"}}}},
                            {"then", std::move(then)}});
      }
    Map operation{{"type", "string"}, {"pattern", "^[a-z][a-z0-9_-]*\\.[a-z0-9_.]+$"}};
    if (!names.empty()) operation.set("anyOf", std::move(names));
    defs.set("operation", std::move(operation));
    Map use = *defs.find(shape_name("use"))->if_map();
    if (!rules.empty()) use.set("allOf", std::move(rules));
    defs.set(shape_name("use"), std::move(use));
  }

  static Value with_schema(const OperationForm& form) {
    Map properties;
    List required;
    for (const InputForm& input : form.inputs) {
      Map one = input_schema(input);
      describe(one, input.title, input.help);
      if (input.fallback) one.set("default", *input.fallback);
      properties.set(input.name, std::move(one));
      if (input.required) required.push_back(input.name);
    }
    Map map{{"type", "object"}, {"properties", std::move(properties)}};
    if (!required.empty()) map.set("required", std::move(required));
    if (!form.open_inputs) map.set("additionalProperties", false);
    return map;
  }

  // As the checker judges literals: numbers do for texts, and texts that hold a number for numbers.
  static Map input_schema(const InputForm& input) {
    const auto or_hole = [](const char* type) {
      return Map{{"anyOf", List{Map{{"type", types({type, "null"})}}, text_like(kHole)}}};
    };
    if (!input.choices.empty()) {
      List list;
      for (const std::string& choice : input.choices) list.push_back(choice);
      return {{"anyOf", List{Map{{"enum", std::move(list)}}, text_like(kHole)}}};
    }
    if (input.type == "string") return {{"type", types({"string", "number", "boolean", "null"})}};
    if (input.type == "number") return {{"type", types({"number", "string", "null"})}};
    if (input.type == "time") return {{"type", types({"string", "null"})}};
    if (input.type == "integer") return or_hole("number");
    if (input.type == "boolean") return or_hole("boolean");
    if (input.type == "list") return or_hole("array");
    if (input.type == "map") return or_hole("object");
    return {};
  }

  const Catalog& catalog_;
};

}  // namespace

Value recipe_schema(const Catalog& catalog) { return Maker(catalog).schema(); }

}  // namespace ieum::recipe
