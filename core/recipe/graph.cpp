#include "recipe/graph.hpp"

#include "base/time_text.hpp"

namespace ieum::recipe {
namespace {

constexpr const char* kTrigger = ":trigger";
constexpr const char* kEnd = ":end";
constexpr const char* kError = ":error";

std::string clock_text(int minute) {
  const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return two(minute / 60) + ":" + two(minute % 60);
}

std::string words(const Wait& wait) {
  std::string text;
  const auto add = [&](const std::string& word) { text.append(text.empty() ? "" : " ").append(word); };
  if (wait.duration_for) add(duration_text(*wait.duration_for));
  if (wait.days) add(std::to_string(*wait.days) + "d");
  if (wait.at_minute) add(clock_text(*wait.at_minute));
  if (wait.until) add(wait.until->expression.source());
  if (wait.window) add(clock_text(wait.window->from_minute) + "-" + clock_text(wait.window->to_minute));
  return text;
}

// A way that leads on, until it is known where to.
using Ends = std::vector<GraphEdge>;

class Drawing {
 public:
  Graph graph;

  // The ways out of the last step.
  Ends steps(const Steps& steps, Ends open, const std::string& parent) {
    for (const Step& step : steps) {
      join(open, step.id);
      open = this->step(step, parent);
    }
    return open;
  }

  void join(const Ends& open, const std::string& to) {
    for (GraphEdge edge : open) {
      edge.to = to;
      graph.edges.push_back(std::move(edge));
    }
  }

 private:
  void node(const Step& step, std::string kind, std::string title, const std::string& parent,
            std::string connection = {}) {
    graph.nodes.push_back({step.id, std::move(kind), std::move(title), std::move(connection), parent, step.place.line});
  }

  void add(Ends& ends, Ends more) {
    for (auto& edge : more) ends.push_back(std::move(edge));
  }
  // A block that may be missing: then its way leads on.
  Ends block(const std::shared_ptr<Steps>& block, GraphEdge way, const std::string& parent) {
    if (block == nullptr || block->empty()) return {std::move(way)};
    return steps(*block, {std::move(way)}, parent);
  }

  Ends step(const Step& step, const std::string& parent) {
    const auto way = [&](const char* kind, std::string label = {}) {
      return GraphEdge{step.id, "", kind, std::move(label)};
    };
    Ends ends;
    if (const auto* use = std::get_if<Use>(&step.verb)) {
      node(step, "use", use->connector + "." + use->operation, parent,
           use->connection.empty() ? use->connector : use->connection);
      ends.push_back(way("next"));
      if (use->on_error != nullptr) add(ends, block(use->on_error, way("error"), parent));
    } else if (const auto* wait = std::get_if<Wait>(&step.verb)) {
      node(step, "wait", words(*wait), parent);
      ends.push_back(way("next"));
    } else if (const auto* wait_for = std::get_if<WaitFor>(&step.verb)) {
      std::string names;
      for (const auto& awaited : wait_for->events) names.append(names.empty() ? "" : ", ").append(awaited.match.event);
      node(step, "wait_for", names, parent);
      for (const auto& awaited : wait_for->events)
        add(ends, block(awaited.then_steps, way("event", awaited.match.event), parent));
      add(ends, block(wait_for->timeout_steps, way("timeout", words(wait_for->timeout)), parent));
    } else if (const auto* branch = std::get_if<If>(&step.verb)) {
      node(step, "branch", branch->condition.expression.source(), parent);
      add(ends, block(branch->then_steps, way("yes"), parent));
      add(ends, block(branch->else_steps, way("no"), parent));
    } else if (const auto* choice = std::get_if<Switch>(&step.verb)) {
      node(step, "switch", "", parent);
      for (std::size_t i = 0; i < choice->cases.size(); ++i)
        add(ends,
            block(choice->cases[i].then_steps, way("case", choice->cases[i].condition.expression.source()), parent));
      add(ends, block(choice->else_steps, way("no"), parent));
    } else if (const auto* each = std::get_if<ForEach>(&step.verb)) {
      node(step, "for_each", each->list.expression.source(), parent);
      loop(step, each->body);
      ends.push_back(way("next"));
    } else if (const auto* repeat = std::get_if<Repeat>(&step.verb)) {
      node(step, "repeat", std::to_string(repeat->max) + "x", parent);
      loop(step, repeat->body);
      ends.push_back(way("next"));
    } else if (const auto* split = std::get_if<Split>(&step.verb)) {
      node(step, "split", split->experiment, parent);
      for (const auto& variant : split->variants)
        add(ends, block(variant.steps, way("case", variant.id + " " + std::to_string(variant.weight)), parent));
    } else if (const auto* set = std::get_if<Set>(&step.verb)) {
      std::string names;
      for (const auto& [name, value] : set->values) names.append(names.empty() ? "" : ", ").append(name);
      node(step, "set", names, parent);
      ends.push_back(way("next"));
    } else {
      node(step, "stop", std::get<Stop>(step.verb).reason, parent);
    }
    return ends;
  }

  void loop(const Step& step, const std::shared_ptr<Steps>& body) {
    if (body == nullptr || body->empty()) return;
    for (GraphEdge back : steps(*body, {GraphEdge{step.id, "", "item", ""}}, step.id)) {
      back.to = step.id;
      if (back.kind == "next") back.kind = "again";
      graph.edges.push_back(std::move(back));
    }
  }
};

}  // namespace

Graph graph_of(const Recipe& recipe) {
  Drawing drawing;
  auto& nodes = drawing.graph.nodes;
  const bool timed = recipe.schedule.has_value();
  nodes.push_back({kTrigger, "trigger", timed ? recipe.schedule->written : recipe.trigger.event,
                   recipe.trigger.connection, "", timed ? recipe.schedule->place.line : recipe.trigger.place.line});
  auto open = drawing.steps(recipe.steps, {GraphEdge{kTrigger, "", "next", ""}}, "");
  if (recipe.on_error != nullptr && !recipe.on_error->empty()) {
    nodes.push_back({kError, "error", "", "", "", 0});
    for (auto& edge : drawing.steps(*recipe.on_error, {GraphEdge{kError, "", "next", ""}}, "")) open.push_back(edge);
  }
  nodes.push_back({kEnd, "end", "", "", "", 0});
  drawing.join(open, kEnd);
  return std::move(drawing.graph);
}

}  // namespace ieum::recipe
