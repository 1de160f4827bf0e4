// A recipe as a graph: every step is a node, every way that a run may take an edge, and both lead to the end.
#include "recipe/graph.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

#include "recipe/reader.hpp"

using namespace ieum::recipe;

namespace {

const char* const kJourney = R"(recipe: r
title: t
trigger: {event: order_created, connection: shop}
steps:
  - id: nap
    wait: {days: 1, at: "10:00"}
  - id: tell
    use: slack.message.post
    connection: team
    with: {channel: "#a", text: x}
    on_error:
      - id: sorry
        use: slack.message.post
        with: {channel: "#b", text: sorry}
  - id: ask
    if: 'trigger.total > 1'
    then:
      - id: over
        stop: {reason: big}
  - id: each
    for_each: 'trigger.items'
    do:
      - id: one
        set: {n: 1}
  - id: heard
    wait_for: {event: order_paid}
    timeout: 2h
)";

std::set<std::string> ways(const Graph& graph, const std::string& from) {
  std::set<std::string> found;
  for (const auto& edge : graph.edges)
    if (edge.from == from) found.insert(edge.kind + " " + edge.to);
  return found;
}

using Ways = std::set<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(graph)

BOOST_AUTO_TEST_CASE(each_way_that_a_run_may_take_is_an_edge) {
  const auto read = read_recipe(kJourney, Format::yaml);
  BOOST_REQUIRE_MESSAGE(read.recipe, (read.findings.empty() ? "" : read.findings.front().what));
  const auto drawn = graph_of(*read.recipe);
  BOOST_TEST((ways(drawn, ":trigger") == Ways{"next nap"}));
  BOOST_TEST((ways(drawn, "nap") == Ways{"next tell"}));
  BOOST_TEST((ways(drawn, "tell") == Ways{"next ask", "error sorry"}));
  BOOST_TEST((ways(drawn, "sorry") == Ways{"next ask"}));
  BOOST_TEST((ways(drawn, "ask") == Ways{"yes over", "no each"}));
  BOOST_TEST(ways(drawn, "over").empty());
  BOOST_TEST((ways(drawn, "each") == Ways{"item one", "next heard"}));
  BOOST_TEST((ways(drawn, "one") == Ways{"again each"}));
  BOOST_TEST((ways(drawn, "heard") == Ways{"event :end", "timeout :end"}));
}

BOOST_AUTO_TEST_CASE(each_node_says_what_it_does_and_where_it_stands) {
  const auto read = read_recipe(kJourney, Format::yaml);
  BOOST_REQUIRE(read.recipe);
  const auto drawn = graph_of(*read.recipe);
  const auto node = [&](const std::string& id) {
    for (const auto& one : drawn.nodes)
      if (one.id == id) return one;
    return GraphNode{};
  };
  BOOST_TEST(node("nap").title == "1d 10:00");
  BOOST_TEST(node("tell").title == "slack.message.post");
  BOOST_TEST(node("tell").connection == "team");
  BOOST_TEST(node("tell").line == 7);
  BOOST_TEST(node("one").parent == "each");
  BOOST_TEST(node(":trigger").title == "order_created");
  BOOST_TEST(drawn.nodes.back().id == ":end");
}

BOOST_AUTO_TEST_SUITE_END()
