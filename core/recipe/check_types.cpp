#include "recipe/check_types.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "recipe/content_map.hpp"

namespace ieum::recipe {

namespace {

using Type = expr::StaticType;

bool one_of(Type type, std::initializer_list<Type> types) {
  return std::find(types.begin(), types.end(), type) != types.end();
}
bool numeric(Type type) { return type >= Type::integer && type <= Type::number; }

// What a place takes, in words; nothing when the type fits or is not known.
struct Wanted {
  const char* what;
  const char* mend;
};

std::optional<Wanted> misfit(Seat seat, Type type) {
  if (type == Type::any) return {};
  const bool text_or_number = type == Type::string || numeric(type);
  switch (seat) {
    case Seat::trigger_where:
    case Seat::history_where:
    case Seat::entry_where:
    case Seat::audience:
    case Seat::absent_where:
    case Seat::exit_where:
    case Seat::goal_where:
    case Seat::await_where:
    case Seat::keep_while:
    case Seat::condition:
    case Seat::until_done:
      if (type == Type::boolean) return {};
      return Wanted{"true or false", "compare it with something: x == 'vip', dec(x) >= 50000, size(x) > 0"};
    case Seat::list:
      if (type == Type::list) return {};
      return Wanted{"a list", "name a list, or make one: [x], x.split(',')"};
    case Seat::until_time:
      if (one_of(type, {Type::timestamp, Type::string})) return {};
      return Wanted{"a time", "give a timestamp, or a text like 2026-03-02T09:00:00+09:00: timestamp(x)"};
    case Seat::goal_value:
      if (text_or_number) return {};
      return Wanted{"a number", "write it like dec(event.total)"};
    case Seat::about:
    case Seat::search:
    case Seat::entry_key:
    case Seat::match_event:
    case Seat::match_run:
    case Seat::await_match:
      if (text_or_number) return {};
      return Wanted{"a text or a number", "name a field that holds one: event.email, event.order_id"};
    default: return {};
  }
}

std::string words(Type type) {
  switch (type) {
    case Type::boolean: return "true or false";
    case Type::integer:
    case Type::unsigned_integer: return "a whole number";
    case Type::floating:
    case Type::decimal:
    case Type::number: return "a number";
    case Type::string: return "a text";
    case Type::timestamp: return "a time";
    default: return "a " + std::string(expr::static_type_name(type));
  }
}

const char* words(InputKind kind) {
  switch (kind) {
    case InputKind::text: return "a text";
    case InputKind::integer: return "a whole number";
    case InputKind::number: return "a number";
    case InputKind::boolean: return "true or false";
    case InputKind::list: return "a list";
    case InputKind::map: return "a map";
    case InputKind::time: return "a time";
    case InputKind::any: break;
  }
  return "anything";
}

const char* mend_of(InputKind kind) {
  switch (kind) {
    case InputKind::text: return "name one field of it, or make a text: json(x), x.join(', ')";
    case InputKind::integer: return "write the number without quotes, or convert: int(x)";
    case InputKind::number: return "write the number without quotes, or convert: dec(x)";
    case InputKind::boolean: return "write true or false without quotes, or compare: x == 'yes'";
    case InputKind::list: return "write a list: [x, y]";
    case InputKind::map: return "write a map: {name: value}";
    case InputKind::time: return "give a timestamp, or a text like 2026-03-02T09:00:00+09:00";
    case InputKind::any: break;
  }
  return "";
}

// Connectors take numbers for texts, and texts that hold a number for numbers; a text for a whole number, a truth value,
// a list or a map they would pass over.
bool fits(InputKind kind, Type type) {
  if (one_of(type, {Type::any, Type::null, Type::optional})) return true;
  switch (kind) {
    case InputKind::any: return true;
    case InputKind::text: return !one_of(type, {Type::list, Type::map});
    case InputKind::integer: return numeric(type);
    case InputKind::number: return numeric(type) || type == Type::string;
    case InputKind::boolean: return type == Type::boolean;
    case InputKind::list: return type == Type::list;
    case InputKind::map: return type == Type::map;
    case InputKind::time: return one_of(type, {Type::timestamp, Type::string});
  }
  return true;
}

class TypeChecker {
 public:
  TypeChecker(const KnownFields& fields, const Catalog& catalog, Findings& findings)
      : fields_(fields), catalog_(catalog), findings_(findings) {}

  void expression(const Asked& asked) {
    const Condition& condition = *asked.expression;
    const auto report =
        expr::check_types(condition.expression, [&](const auto& path) { return fields_.type(asked, path); });
    for (const Error& found : report.findings)
      findings_.error(place(condition, found), found.code, found.what, mend(found));
    for (const NameUse& use : condition.uses) missing(asked, use);
    if (!report.findings.empty()) return;
    if (const auto wanted = misfit(asked.seat, report.type))
      findings_.error(
          condition.place, "wrong_type",
          "here " + std::string(wanted->what) + " is wanted, but the expression gives " + words(report.type),
          wanted->mend);
    if (asked.seat == Seat::input) input(asked, report.type), address(asked, report.type);
  }

  // Inputs that are written without {{ }}.
  void literals(const Use& use) {
    const auto facts = catalog_.operation(use.connector, use.operation);
    const Map* written = use.written.if_map();
    if (!facts || written == nullptr) return;
    for (const auto& [name, place] : use.inputs) {
      const auto known = facts->input_facts.find(name);
      const Value* value = written->find(name);
      if (known == facts->input_facts.end() || value == nullptr || value->is_null()) continue;
      const std::string* text = value->if_string();
      const bool holes = text != nullptr && text->find("{{") != std::string::npos;
      const bool alone = std::any_of(use.holes.begin(), use.holes.end(),
                                     [&, input = name](const Hole& hole) { return hole.key == input && hole.alone; });
      if (alone) continue;
      if (!fits(known->second.kind, type_of_value(*value))) {
        wrong_input(place, use, name, known->second.kind, type_of_value(*value));
        continue;
      }
      if (text == nullptr || holes) continue;
      const auto& choices = known->second.choices;
      if (!choices.empty() && std::find(choices.begin(), choices.end(), *text) == choices.end())
        findings_.error(place, "unknown_choice", quoted(name) + " cannot be " + quoted(*text),
                        did_you_mean(*text, choices, "it is one of " + joined(choices)));
    }
  }

 private:
  static Place place(const Condition& condition, const Error& found) {
    return condition.map != nullptr ? condition.map->at(std::string_view(found.place)) : condition.place;
  }

  static std::string mend(const Error& found) {
    if (found.code == "needs_conversion")
      return found.mend.empty() ? "convert it first: dec(x)" : "write " + found.mend;
    if (!found.mend.empty()) return found.mend;
    if (found.what.starts_with("a condition")) return "compare it with something: x == 'vip'";
    return "convert one side: dec(x) makes a number, string(x) a text, timestamp(x) a time";
  }

  void missing(const Asked& asked, const NameUse& use) {
    if (use.names.size() < 2) return;
    const auto missing = fields_.missing(asked, use.names);
    if (!missing) return;
    const bool many = missing->others.size() > kShown;
    findings_.warning(use.place, "unknown_field", missing->owner + " has no field " + quoted(missing->name),
                      did_you_mean(missing->name, missing->others,
                                   many ? "`ieum connector show` names its fields; the vendor's whole body is in `body`"
                                        : "it has " + joined(missing->others)));
  }

  void input(const Asked& asked, Type type) {
    if (!asked.hole->alone) return;
    const Use& use = std::get<Use>(asked.step->verb);
    const auto facts = catalog_.operation(use.connector, use.operation);
    if (!facts) return;
    const auto known = facts->input_facts.find(asked.hole->key);
    if (known != facts->input_facts.end() && !fits(known->second.kind, type))
      wrong_input(asked.expression->place, use, asked.hole->key, known->second.kind, type);
  }

  // Behind the beginning of an address a value is one part of it, whatever stands in the value.
  void address(const Asked& asked, Type type) {
    const Use& use = std::get<Use>(asked.step->verb);
    const bool part = use.connector == "http" && use.operation == "request" && asked.hole->key == "url";
    const expr::Expression& value = asked.expression->expression;
    if (!part || asked.hole->first || numeric(type) || value.gives_only("url_encode")) return;
    findings_.error(asked.expression->place, "bare_part_of_address",
                    "a \"/\", \"?\" or \"#\" in this value would change where the request goes",
                    "write {{ url_encode(" + std::string(trim(value.source())) + ") }}");
  }

  void wrong_input(Place place, const Use& use, const std::string& input, InputKind kind, Type type) {
    findings_.error(place, "wrong_type",
                    quoted(input) + " of " + use.connector + "." + use.operation + " takes " + words(kind) +
                        ", but gets " + words(type),
                    mend_of(kind));
  }

  static constexpr std::size_t kShown = 12;
  const KnownFields& fields_;
  const Catalog& catalog_;
  Findings& findings_;
};

}  // namespace

void check_types(const Recipe& recipe, const KnownFields& fields, const Catalog& catalog,
                 const std::set<const Condition*>& wrong, Findings& findings) {
  TypeChecker checker(fields, catalog, findings);
  each_expression(recipe, [&](const Asked& asked) {
    if (!findings.full() && wrong.count(asked.expression) == 0) checker.expression(asked);
  });
  each_step(recipe, [&](const Step& step) {
    if (const auto* use = std::get_if<Use>(&step.verb)) checker.literals(*use);
  });
}

}  // namespace ieum::recipe
