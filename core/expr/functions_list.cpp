// Lists and sets: CEL's list and set extensions. Sets are lists without regard to order and repetition.
#include <algorithm>

#include "expr/functions.hpp"

namespace ieum::expr {
namespace {

bool range(Evaluation& e, std::span<Operand> args, Operand& out) {
  const std::int64_t* count = args[0].get().if_int();
  if (!count) return e.no_overload("lists.range", args);
  if (*count > 0 && !e.charge_elements(static_cast<std::size_t>(std::min<std::int64_t>(*count, 1 << 30)))) return false;
  List list;
  for (std::int64_t i = 0; i < *count; ++i) list.emplace_back(i);
  out.set(Value(std::move(list)));
  return true;
}

bool slice(Evaluation& e, std::span<Operand> args, Operand& out) {
  const List* list = args[0].get().if_list();
  const std::int64_t* from = args[1].get().if_int();
  const std::int64_t* to = args[2].get().if_int();
  if (!list || !from || !to) return e.no_overload("slice", args);
  if (*from < 0 || *to < *from || static_cast<std::uint64_t>(*to) > list->size())
    return e.fail(Code::bad_value, "this slice is outside the list");
  List result;
  for (std::int64_t i = *from; i < *to; ++i)
    if (!e.append(result, (*list)[static_cast<std::size_t>(i)])) return false;
  out.set(Value(std::move(result)));
  return true;
}

bool flatten_into(Evaluation& e, const List& list, std::int64_t depth, List& result) {
  for (const Value& element : list) {
    if (!e.charge(1)) return false;
    const List* inner = element.if_list();
    if (!(inner && depth > 0 ? flatten_into(e, *inner, depth - 1, result) : e.append(result, element))) return false;
  }
  return true;
}

bool flatten(Evaluation& e, std::span<Operand> args, Operand& out) {
  const List* list = args[0].get().if_list();
  const std::int64_t* given = args.size() > 1 ? args[1].get().if_int() : nullptr;
  if (!list || (args.size() > 1 && !given)) return e.no_overload("flatten", args);
  if (given && *given < 0) return e.fail(Code::bad_value, "the depth of flatten cannot be negative");
  List result;
  if (!flatten_into(e, *list, std::min<std::int64_t>(given ? *given : 1, 200), result)) return false;
  out.set(Value(std::move(result)));
  return true;
}

bool holds(Evaluation& e, const List& list, const Value& wanted, bool& found) {
  found = false;
  for (const Value& element : list) {
    if (!e.charge(1) || !e.equal(element, wanted, found)) return false;
    if (found) return true;
  }
  return true;
}

bool distinct(Evaluation& e, std::span<Operand> args, Operand& out) {
  const List* list = args[0].get().if_list();
  if (!list) return e.no_overload("distinct", args);
  List result;
  for (const Value& element : *list) {
    bool found = false;
    if (!holds(e, result, element, found)) return false;
    if (!found && !e.append(result, element)) return false;
  }
  out.set(Value(std::move(result)));
  return true;
}

bool sort(Evaluation& e, std::span<Operand> args, Operand& out) {
  const List* list = args[0].get().if_list();
  if (!list) return e.no_overload("sort", args);
  std::vector<std::pair<Value, const Value*>> keyed;
  for (const Value& element : *list) {
    if (!e.charge_elements(1)) return false;
    keyed.emplace_back(Value(), &element);
    if (!e.copy(element, keyed.back().first)) return false;
  }
  if (!e.sort_keyed(keyed)) return false;
  List result;
  for (auto& [key, value] : keyed) result.push_back(std::move(key));
  out.set(Value(std::move(result)));
  return true;
}

bool end_of(Evaluation& e, std::string_view name, bool front, std::span<Operand> args, Operand& out) {
  const List* list = args[0].get().if_list();
  if (!list) return e.no_overload(name, args);
  OptionalValue result;
  Value element;
  if (!list->empty()) {
    if (!e.copy(front ? list->front() : list->back(), element)) return false;
    result.value = std::make_shared<const Value>(std::move(element));
  }
  out.set(Value(std::move(result)));
  return true;
}

bool first(Evaluation& e, std::span<Operand> args, Operand& out) { return end_of(e, "first", true, args, out); }
bool last(Evaluation& e, std::span<Operand> args, Operand& out) { return end_of(e, "last", false, args, out); }

bool contains_all(Evaluation& e, const List& list, const List& wanted, bool& result) {
  result = true;
  for (const Value& element : wanted) {
    if (!e.charge(1) || !holds(e, list, element, result)) return false;
    if (!result) return true;
  }
  return true;
}

bool set_contains(Evaluation& e, std::span<Operand> args, Operand& out) {
  const List* a = args[0].get().if_list();
  const List* b = args[1].get().if_list();
  if (!a || !b) return e.no_overload("sets.contains", args);
  bool result = false;
  if (!contains_all(e, *a, *b, result)) return false;
  out.set(Value(result));
  return true;
}

bool set_equivalent(Evaluation& e, std::span<Operand> args, Operand& out) {
  const List* a = args[0].get().if_list();
  const List* b = args[1].get().if_list();
  if (!a || !b) return e.no_overload("sets.equivalent", args);
  bool forth = false, back = false;
  if (!contains_all(e, *a, *b, forth) || !contains_all(e, *b, *a, back)) return false;
  out.set(Value(forth && back));
  return true;
}

bool set_intersects(Evaluation& e, std::span<Operand> args, Operand& out) {
  const List* a = args[0].get().if_list();
  const List* b = args[1].get().if_list();
  if (!a || !b) return e.no_overload("sets.intersects", args);
  bool found = false;
  for (const Value& element : *b) {
    if (!e.charge(1) || !holds(e, *a, element, found)) return false;
    if (found) break;
  }
  out.set(Value(found));
  return true;
}

constexpr Function kTable[] = {
    {.name = "lists.range", .form = kFree, .min_args = 1, .max_args = 1, .call = range, .result = StaticType::list},
    {.name = "slice", .form = kMethod, .min_args = 3, .max_args = 3, .call = slice, .result = StaticType::list},
    {.name = "flatten", .form = kMethod, .min_args = 1, .max_args = 2, .call = flatten, .result = StaticType::list},
    {.name = "distinct", .form = kMethod, .min_args = 1, .max_args = 1, .call = distinct, .result = StaticType::list},
    {.name = "sort", .form = kMethod, .min_args = 1, .max_args = 1, .call = sort, .result = StaticType::list},
    {.name = "first", .form = kMethod, .min_args = 1, .max_args = 1, .call = first, .result = StaticType::optional},
    {.name = "last", .form = kMethod, .min_args = 1, .max_args = 1, .call = last, .result = StaticType::optional},
    {.name = "sets.contains",
     .form = kFree,
     .min_args = 2,
     .max_args = 2,
     .call = set_contains,
     .result = StaticType::boolean},
    {.name = "sets.equivalent",
     .form = kFree,
     .min_args = 2,
     .max_args = 2,
     .call = set_equivalent,
     .result = StaticType::boolean},
    {.name = "sets.intersects",
     .form = kFree,
     .min_args = 2,
     .max_args = 2,
     .call = set_intersects,
     .result = StaticType::boolean},
};

}  // namespace

std::span<const Function> list_functions() { return kTable; }

}  // namespace ieum::expr
