#include "recipe/known_fields.hpp"

#include "expr/scope.hpp"
#include "recipe/findings.hpp"

namespace ieum::recipe {

namespace {

using Type = expr::StaticType;

bool numeric(Type type) { return type >= Type::integer && type <= Type::number; }

Type joined_type(Type a, Type b) {
  if (a == b) return a;
  return numeric(a) && numeric(b) ? Type::number : Type::any;
}

// What is left of a type when the value was stored as JSON and read again.
Type stored(Type type) {
  switch (type) {
    case Type::boolean:
    case Type::integer:
    case Type::string:
    case Type::list:
    case Type::map: return type;
    default: return numeric(type) ? Type::number : Type::any;
  }
}

}  // namespace

expr::StaticType type_of_value(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::boolean: return Type::boolean;
    case Value::Kind::integer: return Type::integer;
    case Value::Kind::decimal: return Type::decimal;
    case Value::Kind::string: return Type::string;
    case Value::Kind::list: return Type::list;
    case Value::Kind::map: return Type::map;
    default: return Type::any;
  }
}

KnownFields::KnownFields(const Recipe& recipe, const StepIndex& index, const Catalog& catalog)
    : recipe_(recipe), index_(index), catalog_(catalog) {
  learn_variables(recipe);
}

// A variable has the type that all its `set` agree on. What is written out comes first; then what is made of other
// variables, again and again until nothing changes: `n: 0`, later `n: {{ vars.n + 1 }}`.
void KnownFields::learn_variables(const Recipe& recipe) {
  constexpr int kRounds = 5;
  variables_ = variable_types(recipe, false);
  for (int round = 0; round < kRounds; ++round) {
    std::map<std::string, Type> next = variable_types(recipe, true);
    if (next == variables_) return;
    for (auto& [name, type] : next)
      if (const auto before = variables_.find(name); round > 0 && before->second != type) type = Type::any;
    variables_ = std::move(next);
  }
  variables_.clear();
}

std::map<std::string, KnownFields::Type> KnownFields::variable_types(const Recipe& recipe, bool with_holes) const {
  std::map<std::string, Type> found;
  const auto learn = [&](const std::string& name, Type type) {
    const auto [at, is_new] = found.emplace(name, stored(type));
    if (!is_new) at->second = joined_type(at->second, stored(type));
  };
  std::map<std::pair<const Step*, std::string>, Type> alone;
  each_expression(recipe, [&](const Asked& asked) {
    if (asked.seat != Seat::variable || !asked.hole->alone) return;
    const auto type_here = [&](const Path& path) { return type(asked, path); };
    alone.emplace(std::pair(asked.step, asked.hole->key),
                  expr::check_types(asked.expression->expression, type_here).type);
  });
  each_step(recipe, [&](const Step& step) {
    const auto* set = std::get_if<Set>(&step.verb);
    if (set == nullptr) return;
    for (const auto& [name, value] : set->values) {
      if (value.is_literal()) {
        const auto literal = value.render(expr::MapScope());
        learn(name, literal.has_error() ? Type::any : type_of_value(*literal));
      } else if (with_holes) {
        const auto hole = alone.find({&step, name});
        learn(name, hole == alone.end() ? Type::any : hole->second);
      }
    }
  });
  return found;
}

std::optional<KnownFields::Owner> KnownFields::event(const std::string& name, std::size_t depth) const {
  if (name.empty()) return {};
  const auto [known, is_new] = events_.try_emplace(name);
  if (is_new) known->second = catalog_.event(name);
  if (!known->second) return {};
  Owner owner{name, known->second->fields, known->second->open, depth};
  owner.fields["name"] = Type::string;
  owner.fields["topic"] = Type::string;
  owner.fields["body"] = Type::any;
  return owner;
}

std::optional<KnownFields::Owner> KnownFields::of_step(const Path& path) const {
  const StepIndex::Entry* entry = path.size() < 3 ? nullptr : index_.find(path[1]);
  if (entry == nullptr) return {};
  const std::string& member = path[2];
  if (path.size() > 3 && member == "error")
    return Owner{"error", {{"code", Type::string}, {"message", Type::string}}, false, 3};
  const auto& verb = entry->step->verb;
  if (const auto* use = std::get_if<Use>(&verb); use != nullptr && path.size() > 3 && member == "output") {
    auto facts = catalog_.operation(use->connector, use->operation);
    if (!facts || facts->outputs.empty()) return {};
    return Owner{use->connector + "." + use->operation, std::move(facts->outputs), false, 3};
  }
  if (const auto* await = std::get_if<WaitFor>(&verb); await != nullptr && path.size() > 3 && member == "event") {
    std::optional<Owner> all;
    for (const Awaited& one : await->events) {
      auto known = event(one.match.event, 3);
      if (!known) return {};
      for (auto& [name, type] : known->fields) type = stored(type);
      if (!all) {
        all = std::move(known);
        continue;
      }
      all->name += " or " + known->name;
      all->open = all->open || known->open;
      for (auto& [name, type] : all->fields)
        if (known->fields.count(name) == 0 || known->fields[name] != type) type = Type::any;
      for (const auto& [name, type] : known->fields) all->fields.emplace(name, Type::any);
    }
    return all;
  }
  // Members themselves: names are judged by check_names, here only their types count.
  return Owner{path[1],
               {{"status", Type::string},
                {"timed_out", Type::boolean},
                {"name", Type::string},
                {"matched", Type::integer},
                {"count", Type::integer},
                {"done", Type::integer},
                {"failed", Type::integer},
                {"results", Type::list},
                {"passes", Type::integer},
                {"until", Type::boolean},
                {"variant", Type::string}},
               true,
               2};
}

std::optional<KnownFields::Owner> KnownFields::owner(const Asked& asked, const Path& path) const {
  static const std::map<std::string, Type> kRun = {
      {"id", Type::integer}, {"recipe", Type::string}, {"started_at", Type::timestamp}};
  static const std::map<std::string, Type> kError = {
      {"step", Type::string}, {"code", Type::string}, {"message", Type::string}, {"cause", Type::any}};
  static const std::map<std::string, Type> kLoop = {
      {"index", Type::integer}, {"number", Type::integer}, {"count", Type::integer}};
  // Members themselves: names are judged by check_names, here only their types count.
  static const std::map<std::string, Type> kAnswer = {{"count", Type::integer},  {"first", Type::timestamp},
                                                      {"last", Type::timestamp}, {"history_capped", Type::boolean},
                                                      {"sum", Type::decimal},    {"distinct", Type::integer}};
  static const std::map<std::string, Type> kSchedule = {
      {"scheduled_at", Type::timestamp}, {"firing", Type::string}, {"recipe", Type::string}};
  const std::string& root = path[0];
  for (const Step* loop : asked.loops)
    if (const auto* each = std::get_if<ForEach>(&loop->verb); each != nullptr && each->as == root) return {};
  if (path.size() < 2) return {};
  if (root == "trigger" && recipe_.schedule) return Owner{"a schedule", kSchedule, false, 1};
  if (root == "trigger") return event(recipe_.trigger.event, 1);
  if (root == "event") return asked.event == nullptr ? std::nullopt : event(asked.event->event, 1);
  if (root == "run") return Owner{"run", kRun, false, 1};
  if (root == "error") return Owner{"error", kError, false, 1};
  if (root == "loop") return Owner{"loop", kLoop, true, 1};
  if (root == "history") return Owner{path[1], kAnswer, true, 2};
  if (root == "vars") return Owner{"vars", variables_, true, 1};
  return root == "steps" ? of_step(path) : std::nullopt;
}

KnownFields::Type KnownFields::type(const Asked& asked, const Path& path) const {
  if (path.size() == 1) {
    if (path[0] == "now") return Type::timestamp;
    return Type::any;
  }
  const auto known = owner(asked, path);
  if (!known || path.size() != known->depth + 1) return Type::any;
  const auto field = known->fields.find(path[known->depth]);
  return field == known->fields.end() ? Type::any : field->second;
}

std::optional<KnownFields::Missing> KnownFields::missing(const Asked& asked, const Path& path) const {
  const auto known = owner(asked, path);
  if (!known || path.size() <= known->depth) return {};
  const std::string& name = path[known->depth];
  if (known->fields.count(name) != 0 || known->name == "vars" || known->name == "loop") return {};
  std::vector<std::string> others;
  for (const auto& [field, type] : known->fields) others.push_back(field);
  // Of an open body only a part is known: there a name is wrong when it is nearly one that is known.
  if (known->open && (known->depth == 2 || nearest(name, others).empty())) return {};
  return Missing{known->name, name, std::move(others)};
}

}  // namespace ieum::recipe
