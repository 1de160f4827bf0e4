#include "expr/type_check.hpp"

#include "expr/ast.hpp"
#include "expr/functions.hpp"

namespace ieum::expr {
namespace {

bool numeric(StaticType type) { return type >= StaticType::integer && type <= StaticType::number; }

StaticType type_of_value(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::null: return StaticType::null;
    case Value::Kind::boolean: return StaticType::boolean;
    case Value::Kind::integer: return StaticType::integer;
    case Value::Kind::unsigned_integer: return StaticType::unsigned_integer;
    case Value::Kind::floating: return StaticType::floating;
    case Value::Kind::decimal: return StaticType::decimal;
    case Value::Kind::string: return StaticType::string;
    case Value::Kind::bytes: return StaticType::bytes;
    case Value::Kind::list: return StaticType::list;
    case Value::Kind::map: return StaticType::map;
    case Value::Kind::timestamp: return StaticType::timestamp;
    case Value::Kind::duration: return StaticType::duration;
    case Value::Kind::type: return StaticType::type;
    case Value::Kind::optional: return StaticType::optional;
  }
  return StaticType::any;
}

StaticType joined(StaticType a, StaticType b) {
  if (a == b) return a;
  return numeric(a) && numeric(b) ? StaticType::number : StaticType::any;
}

std::string_view symbol(Op op) {
  switch (op) {
    case Op::add: return "+";
    case Op::subtract: return "-";
    case Op::multiply: return "*";
    case Op::divide: return "/";
    case Op::modulo: return "%";
    case Op::less: return "<";
    case Op::less_equal: return "<=";
    case Op::greater: return ">";
    default: return ">=";
  }
}

class Checker {
 public:
  Checker(const Ast& ast, const TypeOfPath& type_of)
      : ast_(ast), type_of_(type_of), locals_(ast.locals, StaticType::any) {}

  TypeReport run() {
    report_.type = visit(*ast_.root);
    return std::move(report_);
  }

 private:
  void find(const Node& node, const char* code, std::string what, std::string mend = {}) {
    report_.findings.emplace_back(code, std::move(what), std::move(mend), ast_.place(node.offset));
  }

  // "event.total" for a chain of names; "the value" for everything else.
  static std::string words(const Node& node) {
    switch (node.op) {
      case Op::root: return node.name;
      case Op::select:
      case Op::opt_select: {
        const std::string inner = words(*node.args[0]);
        return inner == "x" ? inner : inner + "." + node.name;
      }
      default: return "x";
    }
  }

  bool path(const Node& node, std::vector<std::string>& names) const {
    if (node.op == Op::root) {
      names.push_back(node.name);
      return true;
    }
    if (node.op == Op::select) {
      if (!path(*node.args[0], names)) return false;
      names.push_back(node.name);
      return true;
    }
    const std::string* key = node.op == Op::index ? node.args[1]->value.if_string() : nullptr;
    if (!key || !path(*node.args[0], names)) return false;
    names.push_back(*key);
    return true;
  }

  StaticType member(const Node& node) {
    std::vector<std::string> names;
    if (type_of_ && path(node, names)) return type_of_(names);
    StaticType container = StaticType::any;
    for (const Node* arg : node.args) {
      const StaticType type = visit(*arg);
      if (arg == node.args.front()) container = type;
    }
    if (node.op == Op::opt_select || node.op == Op::opt_index || container == StaticType::optional)
      return StaticType::optional;
    return StaticType::any;
  }

  // Whether one side is known and the other is not, or both are unknown: a conversion decides what is meant.
  void want_conversion(const Node& node, const Node& side, StaticType other) {
    const std::string name = words(side);
    std::string mend;
    if (numeric(other))
      mend = "dec(" + name + ")";
    else if (other == StaticType::string)
      mend = "string(" + name + ")";
    else if (other == StaticType::timestamp)
      mend = "timestamp(" + name + ")";
    else if (other == StaticType::duration)
      mend = "duration(" + name + ")";
    else if (other == StaticType::list)
      mend = "no conversion makes a list; use flatten or map";
    else
      mend = "dec(" + name + ") for a number, string(" + name + ") for text, timestamp(" + name + ") for a time";
    find(node, "needs_conversion",
         (name == "x" ? "a value" : name) + " may be of any type, and '" + std::string(symbol(node.op)) +
             "' must know which",
         std::move(mend));
  }

  void no_overload(const Node& node, StaticType a, StaticType b) {
    find(node, "no_such_overload",
         "'" + std::string(symbol(node.op)) + "' does not take " + std::string(static_type_name(a)) + " and " +
             std::string(static_type_name(b)),
         numeric(a) && numeric(b) ? "convert one side: dec(x), int(x) or double(x)" : "");
  }

  // Numbers of two kinds: only a decimal mixes with the others in arithmetic.
  static bool mixes(StaticType a, StaticType b) {
    return a == b || a == StaticType::decimal || b == StaticType::decimal || a == StaticType::number ||
           b == StaticType::number;
  }

  StaticType arithmetic(const Node& node) {
    const StaticType a = visit(*node.args[0]);
    const StaticType b = visit(*node.args[1]);
    if (a == StaticType::any || b == StaticType::any) {
      if (a == StaticType::any)
        want_conversion(node, *node.args[0], b);
      else
        want_conversion(node, *node.args[1], a);
      return StaticType::any;
    }
    if (numeric(a) && numeric(b)) {
      if (!mixes(a, b) || (node.op == Op::modulo &&
                           (a == StaticType::floating || a == StaticType::decimal || b == StaticType::decimal))) {
        no_overload(node, a, b);
        return StaticType::any;
      }
      if (a == StaticType::decimal || b == StaticType::decimal) return StaticType::decimal;
      return a == b ? a : StaticType::number;
    }
    using T = StaticType;
    if (node.op == Op::add && a == b && (a == T::string || a == T::bytes || a == T::list || a == T::duration)) return a;
    if (node.op == Op::add && ((a == T::timestamp && b == T::duration) || (a == T::duration && b == T::timestamp)))
      return T::timestamp;
    if (node.op == Op::subtract && a == T::timestamp && b == T::duration) return T::timestamp;
    if (node.op == Op::subtract && a == b && (a == T::timestamp || a == T::duration)) return T::duration;
    no_overload(node, a, b);
    return T::any;
  }

  void relation(const Node& node) {
    const StaticType a = visit(*node.args[0]);
    const StaticType b = visit(*node.args[1]);
    if (a == StaticType::any || b == StaticType::any) {
      if (a == StaticType::any)
        want_conversion(node, *node.args[0], b);
      else
        want_conversion(node, *node.args[1], a);
      return;
    }
    using T = StaticType;
    const bool ordered = a == T::string || a == T::bytes || a == T::boolean || a == T::timestamp || a == T::duration;
    if (!(numeric(a) && numeric(b)) && !(a == b && ordered)) no_overload(node, a, b);
  }

  void condition(const Node& node) {
    const StaticType type = visit(node);
    if (type != StaticType::any && type != StaticType::boolean)
      find(node, "no_such_overload", "a condition must be true or false, not " + std::string(static_type_name(type)));
  }

  StaticType macro(const Node& node) {
    visit(*node.args[0]);
    locals_[node.slot] = node.flag && (node.args[0]->op == Op::list) ? StaticType::integer : StaticType::any;
    if (node.flag) locals_[node.slot2] = StaticType::any;
    const bool quantifies = node.op == Op::all || node.op == Op::exists || node.op == Op::exists_one;
    for (std::size_t i = 1; i < node.args.size(); ++i) {
      if (quantifies || node.op == Op::filter || (i == 1 && node.args.size() > 2))
        condition(*node.args[i]);
      else
        visit(*node.args[i]);
    }
    switch (node.op) {
      case Op::all:
      case Op::exists:
      case Op::exists_one: return StaticType::boolean;
      case Op::transform_map:
      case Op::transform_map_entry: return StaticType::map;
      case Op::opt_map:
      case Op::opt_flat_map: return StaticType::optional;
      default: return StaticType::list;
    }
  }

  StaticType visit(const Node& node) {
    switch (node.op) {
      case Op::constant: return type_of_value(node.value);
      case Op::local: return locals_[node.slot];
      case Op::root:
      case Op::select:
      case Op::opt_select:
      case Op::index:
      case Op::opt_index: return member(node);
      case Op::add:
      case Op::subtract:
      case Op::multiply:
      case Op::divide:
      case Op::modulo: return arithmetic(node);
      case Op::negate: {
        const StaticType type = visit(*node.args[0]);
        return numeric(type) ? type : StaticType::any;
      }
      case Op::less:
      case Op::less_equal:
      case Op::greater:
      case Op::greater_equal: relation(node); return StaticType::boolean;
      case Op::logical_and:
      case Op::logical_or:
      case Op::logical_not:
        for (const Node* arg : node.args) condition(*arg);
        return StaticType::boolean;
      case Op::equal:
      case Op::not_equal:
      case Op::in:
      case Op::has: visit_all(node); return StaticType::boolean;
      case Op::conditional: {
        condition(*node.args[0]);
        const StaticType yes = visit(*node.args[1]);
        return joined(yes, visit(*node.args[2]));
      }
      case Op::otherwise: {
        const StaticType value = visit(*node.args[0]);
        const StaticType fallback = visit(*node.args[1]);
        return value == StaticType::optional || value == StaticType::null ? StaticType::any : joined(value, fallback);
      }
      case Op::bind: locals_[node.slot] = visit(*node.args[0]); return visit(*node.args[1]);
      case Op::list: visit_all(node); return StaticType::list;
      case Op::map: visit_all(node); return StaticType::map;
      case Op::call: visit_all(node); return node.function->result;
      case Op::unknown_call:
      case Op::qualified:
      case Op::identifier: return StaticType::any;
      default: return macro(node);
    }
  }

  void visit_all(const Node& node) {
    for (const Node* arg : node.args) visit(*arg);
  }

  const Ast& ast_;
  const TypeOfPath& type_of_;
  std::vector<StaticType> locals_;
  TypeReport report_;
};

}  // namespace

std::string_view static_type_name(StaticType type) {
  switch (type) {
    case StaticType::any: return "any";
    case StaticType::null: return "null";
    case StaticType::boolean: return "bool";
    case StaticType::integer: return "int";
    case StaticType::unsigned_integer: return "uint";
    case StaticType::floating: return "double";
    case StaticType::decimal: return "decimal";
    case StaticType::number: return "number";
    case StaticType::string: return "string";
    case StaticType::bytes: return "bytes";
    case StaticType::list: return "list";
    case StaticType::map: return "map";
    case StaticType::timestamp: return "timestamp";
    case StaticType::duration: return "duration";
    case StaticType::type: return "type";
    case StaticType::optional: return "optional";
  }
  return "any";
}

TypeReport check_types(const Expression& expression, const TypeOfPath& type_of) {
  return Checker(expression.ast(), type_of).run();
}

}  // namespace ieum::expr
