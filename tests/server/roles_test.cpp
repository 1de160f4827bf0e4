// Every route of the admin door against every role, with a session, with a token, and without the scope.
#include <array>
#include <set>

#include "server/visitors.hpp"

using namespace ieum;
using namespace ieum::server;
using namespace ieum::server::testing;

namespace {

constexpr std::array kRoles{"viewer", "operator", "editor", "owner"};

std::string sample_path(std::string pattern) {
  for (auto at = pattern.find('{'); at != std::string::npos; at = pattern.find('{')) {
    const auto end = pattern.find('}', at);
    const auto name = pattern.substr(at + 1, end - at - 1);
    pattern.replace(at, end - at + 1,
                    name == "id" || name == "nth" ? "999999"
                    : name == "path..."           ? "enter"
                                                  : "nobody");
  }
  return pattern;
}

// The live view has no end; logging out ends what the next line needs.
bool is_left_out(const RouteLine& line) {
  return line.door != "admin" || line.pattern == "/api/v1/runs/live" ||
         (line.method == "DELETE" && line.pattern == "/api/v1/sessions");
}

bool is_shut(const Answer& answer) { return answer.status == 401 || answer.status == 403; }

}  // namespace

BOOST_AUTO_TEST_SUITE(roles)

BOOST_AUTO_TEST_CASE(CON_03_every_route_asks_for_its_role_of_sessions_and_of_tokens) {
  RunningHub hub;
  auto owner = claim(hub);
  std::vector<std::pair<Visitor, Visitor>> by_role;
  for (const char* role : kRoles)
    by_role.emplace_back(invite(hub, owner, std::string("a-") + role, role), program(hub, owner, role));
  Visitor nobody(hub);
  Visitor wrong(hub, "ieum_wrong");
  int checked = 0;
  for (const auto& line : route_table(*hub.server)) {
    if (is_left_out(line)) continue;
    const auto role = role_for(line.needs);
    const auto path = sample_path(line.pattern);
    BOOST_TEST_CONTEXT(line.method << " " << line.pattern << " for " << needs_name(line.needs)) {
      ++checked;
      if (!role) {
        BOOST_TEST(nobody.send(line.method, path).status != 403);
        continue;
      }
      for (auto* stranger : {&nobody, &wrong}) {
        const auto answer = stranger->send(line.method, path);
        BOOST_TEST(answer.status == 401);
        BOOST_TEST(answer.code() == "not_logged_in");
      }
      for (std::size_t i = 0; i < kRoles.size(); ++i) {
        for (auto* visitor : {&by_role[i].first, &by_role[i].second}) {
          const bool may = line.needs != Needs::local && static_cast<Role>(i) >= *role;
          const auto answer = visitor->send(line.method, path);
          BOOST_TEST(is_shut(answer) != may, kRoles[i] << " got " << answer.status << ": " << answer.body);
        }
      }
    }
  }
  BOOST_TEST(checked > 40);
}

BOOST_AUTO_TEST_CASE(CON_03_a_refusal_does_not_tell_whether_the_thing_exists) {
  RunningHub hub;
  hub.connect_all();
  hub.apply(kNoteRecipe);
  hub.post("/api/v1/events", Map{{"connection", "inbox"}, {"topic", "note"}, {"data", Map{{"text", "a"}}}});
  hub.settle();
  auto owner = claim(hub);
  auto viewer = invite(hub, owner, "junho", "viewer");
  auto other = invite(hub, owner, "sora", "viewer");
  for (const auto& [method, there, missing] :
       {std::tuple<std::string, std::string, std::string>{"POST", "/api/v1/runs/1/cancel", "/api/v1/runs/2/cancel"},
        {"POST", "/api/v1/connections/team/test", "/api/v1/connections/none/test"},
        {"POST", "/api/v1/connections/team/reveal", "/api/v1/connections/none/reveal"},
        {"DELETE", "/api/v1/connections/team", "/api/v1/connections/none"},
        {"POST", "/api/v1/recipes/post-note/disable", "/api/v1/recipes/none/disable"},
        {"DELETE", "/api/v1/people/1", "/api/v1/people/9"}}) {
    const auto first = viewer.send(method, there);
    const auto second = viewer.send(method, missing);
    BOOST_TEST_CONTEXT(method << " " << there) {
      BOOST_TEST(first.status == 403);
      BOOST_TEST(first.body == second.body);
    }
  }
  // What belongs to one person is unknown to the others.
  const auto view = other.post("/api/v1/views", Map{{"name", "mine"}, {"query", "?q=a"}});
  BOOST_REQUIRE(view.status == 200);
  const auto path = "/api/v1/views/" + std::to_string(view.value().number("id"));
  BOOST_TEST(viewer.del(path).status == 404);
  BOOST_TEST(viewer.get("/api/v1/views").value().get("views")->if_list()->empty());
  const auto own = other.get("/api/v1/me/sessions").value();
  const auto* sessions = own.get("sessions")->if_list();
  BOOST_REQUIRE(sessions->size() == 1u);
  const auto missing = viewer.del("/api/v1/me/sessions/0123456789abcdef");
  const auto foreign = viewer.del("/api/v1/me/sessions/" + sessions->front().text("id"));
  BOOST_TEST(foreign.status == 404);
  BOOST_TEST(foreign.body == missing.body);
  BOOST_TEST(other.get("/api/v1/me").status == 200);
}

BOOST_AUTO_TEST_CASE(CON_03_a_view_for_everybody_is_an_editors) {
  RunningHub hub;
  auto owner = claim(hub);
  auto operator_ = invite(hub, owner, "junho", "operator");
  const Value shared = Map{{"name", "stuck"}, {"query", "?q=state:in_doubt"}, {"shared", true}};
  BOOST_TEST(operator_.post("/api/v1/views", shared).status == 403);
  const auto made = owner.post("/api/v1/views", shared);
  BOOST_REQUIRE(made.status == 200);
  const auto listed = operator_.get("/api/v1/views").value();
  const auto* seen = listed.get("views")->if_list();
  BOOST_REQUIRE(seen->size() == 1u);
  BOOST_TEST(seen->front().flag("shared"));
  const auto path = "/api/v1/views/" + std::to_string(made.value().number("id"));
  BOOST_TEST(operator_.del(path).status == 403);
  BOOST_TEST(owner.del(path).status == 200);
}

BOOST_AUTO_TEST_CASE(CON_13_a_scope_lets_into_its_area_and_no_other) {
  RunningHub hub;
  auto owner = claim(hub);
  auto reader = program(hub, owner, "owner", {"runs:read"});
  auto writer = program(hub, owner, "owner", {"recipes:write", "settings:read"});
  for (const auto& line : route_table(*hub.server)) {
    if (is_left_out(line) || !role_for(line.needs) || line.needs == Needs::local) continue;
    const auto area = area_of(line.pattern);
    const bool looks = line.method == "GET";
    const auto path = sample_path(line.pattern);
    BOOST_TEST_CONTEXT(line.method << " " << line.pattern) {
      const bool reader_may = area.empty() || (area == "runs" && looks);
      const bool writer_may = area.empty() || area == "recipes" || (area == "settings" && looks);
      const auto read_answer = reader.send(line.method, path);
      BOOST_TEST((read_answer.status == 403) != reader_may, read_answer.body);
      const auto write_answer = writer.send(line.method, path);
      BOOST_TEST((write_answer.status == 403) != writer_may, write_answer.body);
    }
  }
  BOOST_TEST(reader.get("/api/v1/recipes").code() == "wrong_scope");
  for (const List& bad : {List{"runs"}, List{"runs:own"}, List{"all:read"}, List{"runs:read", ""}})
    BOOST_TEST(owner.post("/api/v1/tokens", Map{{"name", "a"}, {"role", "viewer"}, {"scopes", bad}}).code() ==
               "bad_scope");
}

BOOST_AUTO_TEST_SUITE_END()
