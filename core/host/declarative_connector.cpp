// DeclarativeConnector: a manifest that says itself what to ask a vendor. The engine cannot tell it from a module.
#include "host/declarative_connector.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "host/body.hpp"
#include "host/module_connector.hpp"

namespace ieum::host {
namespace {

constexpr std::int64_t kPagesMax = 20;
constexpr std::size_t kItemsMax = 10'000;
constexpr std::size_t kOutputMax = 4u << 20;

FailEffect fail(FailKind kind, std::string code, std::string message) {
  return {kind, std::move(code), std::move(message), std::nullopt};
}

bool asked_again(const Value& page) {
  const bool* flag = page.if_bool();
  const std::string* text = page.if_string();
  return !page.is_null() && (flag == nullptr || *flag) && (text == nullptr || !text->empty());
}

// `value` unless it is missing; then the field's default.
Map with_defaults(const std::vector<Field>& fields, const Value& given) {
  Map out;
  if (const Map* map = given.if_map()) out = *map;
  for (const Field& field : fields) {
    if (!field.secret && field.fallback && out.find(field.name) == nullptr) out.set(field.name, *field.fallback);
  }
  return out;
}

}  // namespace

expr::MapScope call_scope(const Manifest& manifest, const Call& call) {
  expr::MapScope scope;
  const Operation* operation = manifest.operation(call.operation);
  scope.set("inputs",
            operation == nullptr ? with_defaults({}, call.inputs) : with_defaults(operation->inputs, call.inputs));
  scope.set("config", config_with_defaults(manifest, call.connection));
  scope.set("step_key", call.step_key).set("resources", call.resources);
  scope.set("now", Timestamp{call.now_ms / kSecond, static_cast<std::int32_t>(call.now_ms % kSecond * 1'000'000)});
  return scope;
}

void add_answer(expr::MapScope& scope, const DeclaredAnswer& answer) {
  scope.set("status", answer.status).set("headers", answer.headers).set("body", answer.body);
}

// How far a conversation has come.
struct DeclaredRun::Progress {
  Millis began = 0;
  std::size_t step = 0;
  Map steps;   // name -> its output
  Value page;  // null on the first page
  std::int64_t pages = 0;
  Map output;  // of the pages before

  [[nodiscard]] Value value() const {
    Map out{{"began", Value(began)}};
    if (step > 0) out.set("step", static_cast<std::int64_t>(step));
    if (!steps.empty()) out.set("steps", steps);
    if (pages > 0) out.set("page", page);
    if (pages > 0) out.set("pages", pages);
    if (!output.empty()) out.set("output", output);
    return Value(std::move(out));
  }

  static Progress of(const Value& state, Millis now_ms) {
    Progress out;
    out.began = state.number("began", now_ms);
    out.step = static_cast<std::size_t>(std::max<std::int64_t>(0, state.number("step")));
    out.pages = state.number("pages");
    if (const Value* steps = state.get("steps"); steps != nullptr && steps->is_map()) out.steps = *steps->if_map();
    if (const Value* page = state.get("page")) out.page = *page;
    if (const Value* seen = state.get("output"); seen != nullptr && seen->is_map()) out.output = *seen->if_map();
    return out;
  }

  void show(expr::MapScope& scope) const {
    scope.set("began", Timestamp{began / kSecond, static_cast<std::int32_t>(began % kSecond * 1'000'000)});
    scope.set("steps", steps).set("page", page);
  }
};

Effect DeclaredRun::step(const Call& call) const {
  if (call.phase == Phase::resume) return answered(call, Progress::of(call.state, call.now_ms));
  for (const Field& input : operation_.inputs) {
    if (!input.required || input.fallback) continue;
    const Value* given = call.inputs.get(input.name);
    if (given == nullptr || given->is_null())
      return fail(FailKind::permanent, "missing_input", operation_.name + " needs \"" + input.name + "\"");
  }
  if (call.phase == Phase::begin && !program_.refusals.empty()) {
    const expr::MapScope scope = call_scope(manifest_, call);
    for (const Refusal& refusal : program_.refusals) {
      if (!holds(refusal.when, scope)) continue;
      std::string message = rendered(refusal.message, scope);
      if (message.empty()) message = manifest_.title.en + " would not take this";
      return fail(FailKind::permanent, refusal.code, std::move(message));
    }
  }
  // A look-up goes over the state of the call in doubt: when that began, and what its steps had found.
  Progress progress = Progress::of(call.state, call.now_ms);
  progress.step = 0;
  progress.page = Value();
  progress.pages = 0;
  progress.output = Map();
  return next(call, std::move(progress));
}

// The next request that is due, or the end.
Effect DeclaredRun::next(const Call& call, Progress progress) const {
  expr::MapScope scope = call_scope(manifest_, call);
  progress.show(scope);
  while (progress.step < program_.steps.size()) {
    const Exchange& exchange = program_.steps[progress.step];
    if (exchange.when && !holds(*exchange.when, scope)) {
      ++progress.step;
      continue;
    }
    return ask(manifest_, declared_, exchange.request, scope, call.connection,
               safety_of(exchange.request, operation_.safety), progress.value());
  }
  return DoneEffect{Value(read_outputs(program_.output, scope))};
}

Effect DeclaredRun::answered(const Call& call, Progress progress) const {
  if (progress.step >= program_.steps.size())
    return fail(FailKind::permanent, "bad_state", operation_.name + " has no such step any more");
  const Exchange& exchange = program_.steps[progress.step];
  const auto answer = read_answer(exchange.response, call);
  const Safety safety = safety_of(exchange.request, operation_.safety);
  if (!answer) {
    return fail(safety == Safety::unsafe ? FailKind::ambiguous : FailKind::retry, "no_answer",
                manifest_.title.en + " gave no answer");
  }
  expr::MapScope scope = call_scope(manifest_, call);
  progress.show(scope);
  add_answer(scope, *answer);
  if (auto problem = judge_answer(manifest_, declared_, exchange, *answer, safety, call, scope)) return *problem;
  return finish(call, std::move(progress), scope, exchange, read_outputs(exchange.response.output, scope));
}

// What is known after a good answer: the next page, the next step, or the end.
Effect DeclaredRun::finish(const Call& call, Progress progress, const expr::Scope& last, const Exchange& exchange,
                           const Map& output) const {
  for (const auto& [name, value] : output) {
    const Value* before = progress.output.find(name);
    if (before != nullptr && before->is_list() && value.is_list()) {
      List joined = *before->if_list();
      joined.insert(joined.end(), value.if_list()->begin(), value.if_list()->end());
      progress.output.set(name, std::move(joined));
    } else {
      progress.output.set(name, value);
    }
  }
  if (program_.more) {
    auto page = value_of(*program_.more, last).value_or(Value());
    if (asked_again(page) && !(progress.pages > 0 && page == progress.page)) {
      if (progress.pages + 1 >= kPagesMax)
        return fail(FailKind::permanent, "too_many", operation_.name + " has more than 20 pages");
      progress.page = page.if_bool() != nullptr ? Value(progress.pages + 2) : std::move(page);
      ++progress.pages;
      return next(call, std::move(progress));
    }
  }
  if (program_.steps.size() > 1 || !exchange.name.empty()) {
    progress.steps.set(exchange.name, std::move(progress.output));
    progress.output = Map();
    ++progress.step;
    return next(call, std::move(progress));
  }
  Value done(std::move(progress.output));
  if (write_json(done).size() > kOutputMax)
    return fail(FailKind::permanent, "output_too_large", "what " + operation_.name + " gives exceeds 4 MiB");
  return DoneEffect{std::move(done)};
}

Effect read_items(const Manifest& manifest, const DeclaredItems& items, const Call& call) {
  expr::MapScope scope = call_scope(manifest, call);
  scope.set("topic", call.topic).set("headers", call.headers);
  auto body = read_body(*manifest.webhook, call.headers.text("content-type"), call.body);
  if (body.has_error())
    return fail(FailKind::permanent, "unreadable_delivery", "the delivery cannot be read: " + body.error().what);
  scope.set("body", std::move(*body));
  const auto found = value_of(items.items, scope);
  if (!found || !found->is_list())
    return fail(FailKind::permanent, "unreadable_delivery", "the delivery has no list of events where it should");
  if (found->if_list()->size() > kItemsMax)
    return fail(FailKind::permanent, "unreadable_delivery", "the delivery has more than 10,000 events");
  EventsEffect out;
  for (const Value& item : *found->if_list()) {
    expr::MapScope inner(&scope);
    inner.set("item", item);
    out.items.push_back(make_item(items, call.topic, item, inner));
  }
  return out;
}

namespace {

class DeclarativeConnector final : public Connector {
 public:
  DeclarativeConnector(Manifest manifest, std::unique_ptr<Connector> module)
      : manifest_(std::move(manifest)), module_(std::move(module)) {}
  [[nodiscard]] const Manifest& manifest() const override { return manifest_; }

  [[nodiscard]] Effect step(const Call& call) const override {
    const Declared& declared = *manifest_.declared;
    if (call.phase == Phase::webhook) {
      if (declared.deliveries) return read_items(manifest_, *declared.deliveries, call);
      return elsewhere(call);
    }
    if (call.phase != Phase::begin) {
      const auto poll = declared.polls.find(call.operation);
      if (poll != declared.polls.end()) return step_poll(manifest_, declared, poll->second, call);
    }
    const auto program = declared.operations.find(call.operation);
    if (program == declared.operations.end() || call.phase == Phase::poll) return elsewhere(call);
    return DeclaredRun(manifest_, declared, *manifest_.operation(call.operation), program->second).step(call);
  }

 private:
  [[nodiscard]] Effect elsewhere(const Call& call) const {
    if (module_ != nullptr) return module_->step(call);
    return fail(FailKind::permanent, "unknown_operation",
                manifest_.name + " has no \"" + call.operation + "\" that could be called");
  }

  Manifest manifest_;
  std::unique_ptr<Connector> module_;  // may be null
};

}  // namespace

std::unique_ptr<Connector> declarative_connector(Manifest manifest, std::unique_ptr<Connector> module) {
  if (manifest.declared == nullptr) manifest.declared = std::make_shared<const Declared>();
  return std::make_unique<DeclarativeConnector>(std::move(manifest), std::move(module));
}

}  // namespace ieum::host
