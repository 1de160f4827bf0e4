// Second pass: binds macros, their variables, functions and names; compiles constant patterns; folds constants; lists
// the member paths that the expression uses.
#include <algorithm>

#include "expr/ast.hpp"
#include "expr/functions.hpp"

namespace ieum::expr {
namespace {

struct MacroShape {
  std::string_view name;
  Op op;
  std::uint8_t variables;
  std::uint8_t min_bodies, max_bodies;
};

constexpr MacroShape kMacros[] = {
    {"all", Op::all, 1, 1, 1},
    {"all", Op::all, 2, 1, 1},
    {"exists", Op::exists, 1, 1, 1},
    {"exists", Op::exists, 2, 1, 1},
    {"exists_one", Op::exists_one, 1, 1, 1},
    {"exists_one", Op::exists_one, 2, 1, 1},
    {"existsOne", Op::exists_one, 1, 1, 1},
    {"existsOne", Op::exists_one, 2, 1, 1},
    {"map", Op::map_list, 1, 1, 2},
    {"filter", Op::filter, 1, 1, 1},
    {"transformList", Op::transform_list, 2, 1, 2},
    {"transformMap", Op::transform_map, 2, 1, 2},
    {"transformMapEntry", Op::transform_map_entry, 2, 1, 2},
    {"sortBy", Op::sort_by, 1, 1, 1},
    {"optMap", Op::opt_map, 1, 1, 1},
    {"optFlatMap", Op::opt_flat_map, 1, 1, 1},
};

class Resolver {
 public:
  explicit Resolver(Ast& ast) : ast_(ast), fold_budget_(fold_limits_) {}

  Status run() {
    if (!resolve(ast_.root)) return std::move(error_);
    collect(*ast_.root, false);
    return {};
  }

 private:
  bool fail(std::size_t offset, std::string what, std::string mend = {}) {
    error_ = Error("bad_expression", std::move(what), std::move(mend), ast_.place(offset));
    return false;
  }
  [[nodiscard]] bool recipe() const { return ast_.options.recipe_functions; }

  bool resolve(Node*& node) {
    switch (node->op) {
      case Op::constant: return true;
      case Op::identifier: return name(node);
      case Op::select:
        if (chain(node)) return true;
        break;
      case Op::call: return call(node);
      default: break;
    }
    if (!resolve_all(node->args)) return false;
    fold(node);
    return true;
  }

  bool resolve_all(std::vector<Node*>& nodes) {
    return std::all_of(nodes.begin(), nodes.end(), [&](Node*& child) { return resolve(child); });
  }

  [[nodiscard]] const std::uint32_t* local(const Node& identifier) const {
    if (identifier.flag) return nullptr;
    for (auto it = variables_.rbegin(); it != variables_.rend(); ++it)
      if (it->first == identifier.name) return &it->second;
    return nullptr;
  }

  bool name(Node* node) {
    if (const std::uint32_t* slot = local(*node)) {
      node->op = Op::local;
      node->slot = *slot;
    } else if (is_type_name(node->name)) {
      node->op = Op::constant;
      node->value = Value(TypeName{node->name});
    } else if (!recipe()) {
      node->op = Op::qualified;
      node->names = {node->name};
    } else {
      node->op = Op::root;
      const auto found = std::find(ast_.root_names.begin(), ast_.root_names.end(), node->name);
      node->slot = static_cast<std::uint32_t>(found - ast_.root_names.begin());
      if (found == ast_.root_names.end()) ast_.root_names.push_back(node->name);
    }
    return true;
  }

  // "a.b.c" when the node is nothing but names joined by dots whose first is no variable; else empty. A part in
  // parentheses is a value and no part of a longer name.
  std::vector<std::string> dotted(const Node& node) const {
    std::vector<std::string> names;
    const Node* part = &node;
    for (; part->op == Op::select; part = part->args[0]) {
      if (part->args[0]->slot) return {};
      names.push_back(part->name);
    }
    if (part->op != Op::identifier || local(*part)) return {};
    names.push_back(part->name);
    std::reverse(names.begin(), names.end());
    return names;
  }

  static std::string join(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& part : names) text += (text.empty() ? "" : ".") + part;
    return text;
  }

  // A select that is a dotted name: a type, or in plain CEL a name to be looked up longest first.
  bool chain(Node* node) {
    std::vector<std::string> names = dotted(*node);
    if (names.empty()) return false;
    if (is_type_name(join(names))) {
      node->op = Op::constant;
      node->value = Value(TypeName{join(names)});
      return true;
    }
    if (recipe()) return false;
    const Node* first = node;
    while (first->op == Op::select) first = first->args[0];
    node->op = Op::qualified;
    node->flag = first->flag;
    node->names = std::move(names);
    return true;
  }

  bool call(Node*& node) {
    const bool piped = !node->names.empty();
    node->names.clear();
    if (node->flag) {
      const std::vector<std::string> space = dotted(*node->args[0]);
      if (!space.empty()) {
        const std::string full = join(space) + "." + node->name;
        if (full == "cel.bind" && node->args.size() == 4) return bind(node);
        if (find_function(full, kFree, recipe())) {
          node->name = full;
          node->flag = false;
          node->args.erase(node->args.begin());
          return function(node, kFree);
        }
      }
      return method(node);
    }
    if (!piped && node->name == "has" && node->args.size() == 1) return has(node);
    if (recipe() && (node->name == "or" || node->name == "or_blank")) {
      if (node->args.size() != 2)
        return fail(node->offset, node->name + " takes one default: x | " + node->name + "('text')");
      node->flag = node->name == "or_blank";
      node->op = Op::otherwise;
      if (!resolve_all(node->args)) return false;
      fold(node);
      return true;
    }
    if (piped && !find_function(node->name, kFree, recipe())) return method(node);
    return function(node, kFree);
  }

  bool method(Node*& node) {
    bool named = false;
    for (const MacroShape& shape : kMacros) {
      if (shape.name != node->name) continue;
      named = true;
      const std::size_t bodies = node->args.size() - 1 - shape.variables;
      if (node->args.size() > shape.variables && bodies >= shape.min_bodies && bodies <= shape.max_bodies &&
          (shape.variables == 1 || node->args[2]->op == Op::identifier))
        return macro(node, shape);
    }
    if (named && recipe())
      return fail(node->offset, "the macro " + node->name + " is not written like this",
                  "items." + node->name + "(item, ...)");
    return function(node, kMethod);
  }

  bool variable(const Node& node, std::uint32_t& slot) {
    if (node.op != Op::identifier || node.flag)
      return fail(node.offset, "the variable of a macro must be a plain name");
    slot = static_cast<std::uint32_t>(variables_.size());
    variables_.emplace_back(node.name, slot);
    ast_.locals = std::max(ast_.locals, variables_.size());
    return true;
  }

  bool macro(Node* node, const MacroShape& shape) {
    std::vector<Node*> args = std::move(node->args);
    node->op = shape.op;
    node->flag = shape.variables == 2;
    node->args = {args[0]};
    if (!resolve(node->args[0])) return false;
    const std::size_t before = variables_.size();
    if (!variable(*args[1], node->slot)) return false;
    if (shape.variables == 2) {
      if (!variable(*args[2], node->slot2)) return false;
      if (args[1]->name == args[2]->name) return fail(args[2]->offset, "the two variables of a macro need two names");
    }
    for (std::size_t i = 1 + shape.variables; i < args.size(); ++i) {
      node->args.push_back(args[i]);
      if (!resolve(node->args.back())) return false;
    }
    variables_.resize(before);
    return true;
  }

  bool bind(Node* node) {
    std::vector<Node*> args = std::move(node->args);
    node->op = Op::bind;
    node->args = {args[2], args[3]};
    if (!resolve(node->args[0])) return false;
    const std::size_t before = variables_.size();
    if (!variable(*args[1], node->slot) || !resolve(node->args[1])) return false;
    variables_.resize(before);
    return true;
  }

  bool has(Node* node) {
    Node* member = node->args[0];
    if (member->op != Op::select && member->op != Op::opt_select)
      return fail(node->offset, "has() takes a member", "has(event.customer), or 'key' in event for a key of a map");
    node->op = Op::has;
    node->name = member->name;
    node->args = {member->args[0]};
    if (!resolve(node->args[0])) return false;
    fold(node);
    return true;
  }

  bool function(Node* node, Form form) {
    const Function* found = find_function(node->name, form, recipe());
    const std::size_t count = node->args.size();
    const bool fits = found && count >= found->min_args && (found->max_args == kAny || count <= found->max_args);
    if (!fits) {
      if (recipe()) return found ? bad_arity(*node, *found, form) : unknown(*node, form);
      node->op = Op::unknown_call;
      return resolve_all(node->args);
    }
    node->function = found;
    if (!resolve_all(node->args)) return false;
    // Beyond the budget patterns are compiled by each evaluation, which pays for it.
    if (found->pattern && found->pattern < count && pattern_size_ < kPatternSizeMax) {
      if (const std::string* pattern = node->args[found->pattern]->value.if_string()) {
        std::string reason;
        node->pattern = compile_pattern(*pattern, reason);
        if (node->pattern) pattern_size_ += program_size(*node->pattern);
        if (!node->pattern && recipe())
          return fail(node->args[found->pattern]->offset, "this pattern is refused: " + reason);
      }
    }
    fold(node);
    return true;
  }

  bool unknown(const Node& node, Form form) {
    if (form == kMethod && find_function(node.name, kFree, true))
      return fail(node.offset, node.name + " is a function and not a method",
                  "write " + node.name + "(x) or x | " + node.name);
    if (form == kFree && find_function(node.name, kMethod, true))
      return fail(node.offset, node.name + " is a method", "write x." + node.name + "(...)");
    const std::string_view near = nearest_function(node.name, true);
    return fail(node.offset, "there is no function " + node.name,
                near.empty() ? "" : "did you mean " + std::string(near) + "?");
  }

  bool bad_arity(const Node& node, const Function& function, Form form) {
    const std::size_t target = form == kMethod ? 1 : 0;
    const std::string least = std::to_string(function.min_args - target);
    std::string wanted = least;
    if (function.max_args == kAny)
      wanted = "at least " + least;
    else if (function.max_args != function.min_args)
      wanted = least + " to " + std::to_string(function.max_args - target);
    return fail(node.offset,
                node.name + " takes " + wanted + " arguments, not " + std::to_string(node.args.size() - target));
  }

  static bool folds(const Node& node) {
    switch (node.op) {
      case Op::select:
      case Op::opt_select:
      case Op::has:
      case Op::index:
      case Op::opt_index:
      case Op::list:
      case Op::map:
      case Op::conditional:
      case Op::logical_and:
      case Op::logical_or:
      case Op::logical_not:
      case Op::add:
      case Op::subtract:
      case Op::multiply:
      case Op::divide:
      case Op::modulo:
      case Op::negate:
      case Op::less:
      case Op::less_equal:
      case Op::greater:
      case Op::greater_equal:
      case Op::equal:
      case Op::not_equal:
      case Op::in:
      case Op::otherwise: return true;
      case Op::call: return node.function->folds;
      default: return false;
    }
  }

  // What fails stays as it is and fails when it is evaluated.
  void fold(Node* node) {
    const auto constant = [](const Node* arg) { return arg->op == Op::constant; };
    if (!folds(*node) || !std::all_of(node->args.begin(), node->args.end(), constant)) return;
    Evaluation evaluation(ast_, nullptr, fold_limits_, fold_budget_);
    Operand result;
    std::size_t bytes = 0;
    bool data = true;
    if (!evaluation.eval(*node, result) || !evaluation.measure(result.get(), bytes, data)) return;
    // A list that holds a type is made anew each time, so that a result borrowed from the Ast is always data.
    if (!data && !result.get().if_type() && !result.get().if_optional()) return;
    node->value = Value(result.get());
    node->op = Op::constant;
    node->args.clear();
    node->names.clear();
    node->depth = 1;
  }

  // The member path that ends at this node; false when it does not begin at a root. Keys that are no constants end a
  // path and are walked on their own.
  bool path(const Node& node, PathUse& use, bool& open) {
    switch (node.op) {
      case Op::root:
      case Op::qualified: {
        const Position position = position_of(ast_.source, node.offset, ast_.first);
        use.line = position.line;
        use.column = position.column;
        if (node.op == Op::root)
          use.names = {node.name};
        else
          use.names = node.names;
        return true;
      }
      case Op::select:
      case Op::opt_select:
        if (!path(*node.args[0], use, open)) return false;
        if (node.op == Op::opt_select) use.guarded = true;
        if (open) use.names.push_back(node.name);
        return true;
      case Op::index:
      case Op::opt_index: {
        if (!path(*node.args[0], use, open)) return false;
        if (node.op == Op::opt_index) use.guarded = true;
        const std::string* key = node.args[1]->op == Op::constant ? node.args[1]->value.if_string() : nullptr;
        if (open && key)
          use.names.push_back(*key);
        else
          open = false;
        if (!key) collect(*node.args[1], false);
        return true;
      }
      default: return false;
    }
  }

  void collect(const Node& node, bool guarded) {
    PathUse use;
    use.guarded = guarded;
    bool open = true;
    if (node.op == Op::has) {
      if (path(*node.args[0], use, open)) {
        if (open) use.names.push_back(node.name);
        use.guarded = true;
        ast_.uses.push_back(std::move(use));
      } else {
        collect(*node.args[0], true);
      }
      return;
    }
    if (path(node, use, open)) {
      ast_.uses.push_back(std::move(use));
      return;
    }
    for (std::size_t i = 0; i < node.args.size(); ++i)
      collect(*node.args[i], guarded || (node.op == Op::otherwise && i == 0));
  }

  Ast& ast_;
  const Limits fold_limits_{.fuel = 100'000, .depth = 1000, .output_bytes = 64 * 1024};
  Budget fold_budget_;
  static constexpr std::size_t kPatternSizeMax = 50'000;  // instructions of all constant patterns, under a megabyte
  std::size_t pattern_size_ = 0;
  std::vector<std::pair<std::string, std::uint32_t>> variables_;
  Error error_;
};

}  // namespace

Status resolve(Ast& ast) { return Resolver(ast).run(); }

}  // namespace ieum::expr
