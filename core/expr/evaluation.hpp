// Evaluation: one walk over one Ast with its budget. Inside this room only.
//
// Every function returns false when it failed; the reason is then in the evaluation until it is absorbed (by || and &&,
// `or`, optionals) or becomes the Error of the result. Nothing is thrown. Results are borrowed where they live longer
// than the use: in the scope, in constants of the Ast, in the range of a running macro.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "expr/ast.hpp"
#include "expr/limits.hpp"

namespace ieum {
class Zone;
}  // namespace ieum

namespace ieum::expr {

enum class Code : std::uint8_t {
  none,
  unknown_name,
  unknown_function,
  no_such_field,
  no_such_overload,
  overflow,
  divide_by_zero,
  bad_value,
  unknown_zone,
  fuel,
  depth,
  output_too_large,
};

// A result: borrowed from something that outlives its use, or owned.
struct Operand {
  const Value* borrowed = nullptr;
  Value owned;

  [[nodiscard]] const Value& get() const { return borrowed ? *borrowed : owned; }
  void set(Value value) {
    owned = std::move(value);
    borrowed = nullptr;
  }
  void borrow(const Value* value) { borrowed = value; }
};

// Failures that nothing absorbs: the budget is gone.
inline bool is_fatal(Code code) { return code >= Code::fuel; }
// Failures that a default absorbs.
inline bool is_missing(Code code) { return code == Code::no_such_field || code == Code::unknown_name; }

// What several evaluations may spend together (the texts of one tree of templates).
struct Budget {
  explicit Budget(const Limits& limits) : fuel(limits.fuel), output(limits.output_bytes) {}
  std::uint64_t fuel;
  std::size_t output;
};

// Result of a comparison: unordered when a NaN takes part, mismatched when the kinds have no order.
enum class Order : std::uint8_t { less, equal, greater, unordered, mismatched };

class Evaluation {
 public:
  Evaluation(const Ast& ast, const Scope* scope, const Limits& limits, Budget& budget);

  bool run(Operand& out);  // the root
  // Appends the text of a value that the root gave, within the budget.
  bool write(std::string& out, const Value& value) {
    at_ = ast_.root;
    return append_text(out, value);
  }
  bool eval(const Node& node, Operand& out);
  [[nodiscard]] Error take_error();
  [[nodiscard]] Code code() const { return code_; }

  // For functions.
  bool fail(Code code, std::string what, std::string mend = {});
  bool no_overload(std::string_view name, std::span<const Operand> args);
  bool charge(std::uint64_t units) {
    if (units > budget_.fuel) return out_of_fuel();
    budget_.fuel -= units;
    return true;
  }
  // Before text of this size is made, or twice its size for each element of a list.
  bool charge_output(std::size_t bytes);
  bool charge_elements(std::size_t count) { return charge(count) && charge_output(count * 16); }
  // Text is copied when a value is, lists and maps are shared; so whoever copies a value that it did not make pays.
  bool copy(const Value& from, Value& to) {
    if (!charge_copy(from)) return false;
    to = from;
    return true;
  }
  bool take(Operand& from, Value& to) {
    if (from.borrowed) return copy(*from.borrowed, to);
    to = std::move(from.owned);
    return true;
  }
  bool append(List& list, const Value& element) {
    if (!charge_elements(1) || !charge_copy(element)) return false;
    list.push_back(element);
    return true;
  }
  [[nodiscard]] bool recipe() const { return ast_.options.recipe_functions; }
  [[nodiscard]] const Limits& limits() const { return limits_; }
  [[nodiscard]] const Node& node() const { return *at_; }  // the call that runs

  bool equal(const Value& a, const Value& b, bool& result, std::size_t depth = 0);
  bool order(const Value& a, const Value& b, Order& result);
  bool arithmetic(Op op, const Value& a, const Value& b, Operand& out);
  // Text as string() and templates make it; false for values that have none (types, optionals).
  bool append_text(std::string& out, const Value& value);
  bool append_json(std::string& out, const Value& value);
  // UTC, a fixed offset like "+09:00" or "02:00", or a name known to the zones of the limits.
  bool offset_at(std::string_view zone, std::int64_t seconds, int& offset);
  // Takes optionals apart: the value inside, or null for none. A value that is no optional is itself.
  static const Value* unwrap(const Value& value);
  // Sorts by first, keeping the order of equals; fails when the keys have no total order.
  bool sort_keyed(std::vector<std::pair<Value, const Value*>>& keyed);
  // Walks a value: adds its size as text to `bytes`, clears `data` when it holds a type or an optional.
  bool measure(const Value& value, std::size_t& bytes, bool& data, std::size_t depth = 0);

 private:
  bool out_of_fuel();
  bool charge_copy(const Value& value) {
    const std::string* text = value.if_string();
    const Bytes* bytes = text ? nullptr : value.if_bytes();
    const std::size_t size = text ? text->size() : bytes ? bytes->data.size() : 0;
    return size <= 64 || charge_output(size);
  }
  bool own(Operand& operand) {
    Value value;
    if (!take(operand, value)) return false;
    operand.set(std::move(value));
    return true;
  }
  // The member of a container: borrowed where the container is, else copied out of it.
  bool step_into(Operand& out, const Value* child) {
    if (out.borrowed) {
      out.borrow(child);
      return true;
    }
    Value value;
    if (!copy(*child, value)) return false;
    out.set(std::move(value));
    return true;
  }
  bool optional_of(const Value* child, Operand& out) {
    OptionalValue result;
    Value value;
    if (child) {
      if (!copy(*child, value)) return false;
      result.value = std::make_shared<const Value>(std::move(value));
    }
    out.set(Value(std::move(result)));
    return true;
  }
  bool at(const Node& node) {
    at_ = &node;
    return true;
  }
  bool eval_root(const Node& node, Operand& out);
  bool eval_qualified(const Node& node, Operand& out);
  bool select(const Node& node, Operand& out);
  bool has(const Node& node, Operand& out);
  bool index(const Node& node, Operand& out);
  // Finds a member; null without failure when it is not there.
  bool member(const Value& container, const Value& key, const Value*& found);
  bool eval_list(const Node& node, Operand& out);
  bool eval_map(const Node& node, Operand& out);
  bool eval_call(const Node& node, Operand& out);
  bool eval_logical(const Node& node, Operand& out);
  bool eval_conditional(const Node& node, Operand& out);
  bool eval_chain(const Node& node, Operand& out);
  bool eval_relation(const Node& node, Operand& out);
  bool eval_in(const Node& node, Operand& out);
  bool eval_negate(const Node& node, Operand& out);
  bool eval_macro(const Node& node, Operand& out);
  bool eval_quantifier(const Node& node, const Value& range, Operand& out);
  bool eval_collect(const Node& node, const Value& range, Operand& out);
  bool eval_collect_map(const Node& node, const Value& range, Operand& out);
  bool eval_sort_by(const Node& node, const Value& range, Operand& out);
  bool eval_opt_map(const Node& node, Operand& out);
  bool eval_otherwise(const Node& node, Operand& out);
  bool condition(const Node& node, bool& result);
  [[nodiscard]] std::string describe(const Node& node) const;
  bool decimal_arithmetic(Op op, const Value& a, const Value& b, Operand& out);

  // Sets the variables of a macro to one element of a list or map.
  void set_variables(const Node& node, std::size_t index, const Value* key, const Value& value);
  // Calls body(key or null, value) for each element; false as soon as body returns false or fuel ends.
  template <class Body>
  bool for_each(const Node& node, const Value& range, Body body);

  struct Failure {
    Code code = Code::none;
    const Node* at = nullptr;
    std::string what, mend;
  };
  Failure take_failure() { return {std::exchange(code_, Code::none), failed_at_, std::move(what_), std::move(mend_)}; }
  bool restore(Failure failure) {
    code_ = failure.code;
    failed_at_ = failure.at;
    what_ = std::move(failure.what);
    mend_ = std::move(failure.mend);
    return false;
  }

  const Ast& ast_;
  const Scope* scope_;
  const Limits& limits_;
  Budget& budget_;
  std::vector<Operand> locals_;
  std::vector<const Value*> roots_;
  const Node* at_ = nullptr;

  Code code_ = Code::none;
  const Node* failed_at_ = nullptr;
  std::string what_, mend_;
};

[[nodiscard]] std::string_view code_name(Code code);
// "int", "map", "google.protobuf.Timestamp" ...; a Decimal is a double in plain CEL and "decimal" with recipe functions.
[[nodiscard]] std::string_view type_name(const Value& value, bool recipe);
// A double exactly as its shortest decimal text; nothing for NaN and infinities.
[[nodiscard]] std::optional<Decimal> decimal_of(const Value& value);
[[nodiscard]] bool is_number(const Value& value);

// Evaluates with a budget shared by several expressions. `plain`: the value as it is, for conformance.
Result<Value> evaluate_within(const Ast& ast, const Scope& scope, const Limits& limits, Budget& budget);

}  // namespace ieum::expr
