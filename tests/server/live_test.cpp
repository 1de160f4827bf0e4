// The live view: news of runs as they move, for as long as one may look.
#include <future>

#include "server/fixture.hpp"
#include "server/live_runs.hpp"

using namespace ieum;
using namespace ieum::server;
using namespace ieum::server::testing;

namespace {

void send_note(RunningHub& hub, const std::string& text) {
  hub.post("/api/v1/events", Map{{"connection", "inbox"}, {"topic", "note"}, {"data", Map{{"text", text}}}});
}

// What a stream tells, event by event; `on_open` runs when it stands, `enough` ends it.
std::string watch(httplib::Client client, const std::function<void()>& on_open,
                  const std::function<bool(const std::string&)>& enough) {
  std::string told;
  bool open = false;
  client.Get("/api/v1/runs/live", [&](const char* data, std::size_t size) {
    told.append(data, size);
    if (!std::exchange(open, true)) on_open();
    return !enough(told);
  });
  return told;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(live)

BOOST_AUTO_TEST_CASE(a_run_is_told_as_the_list_shows_it) {
  RunningHub hub;
  hub.connect_all();
  hub.apply(kNoteRecipe);
  const auto told = watch(
      hub.operator_client(), [&] { send_note(hub, "안녕"); },
      [](const std::string& text) { return text.find("\"finished\"") != std::string::npos; });
  BOOST_TEST(told.starts_with("retry: "));
  const auto at = told.rfind("event: run\ndata: ");
  BOOST_REQUIRE(at != std::string::npos);
  const auto data = told.substr(at + 17, told.find("\n\n", at) - at - 17);
  const auto list = hub.get("/api/v1/runs");
  BOOST_TEST((read(data) == *list.at_path("runs.0")));
}

BOOST_AUTO_TEST_CASE(a_session_that_ended_hears_nothing_more) {
  RunningHub hub;
  hub.connect_all();
  hub.apply(kNoteRecipe);
  const auto url = hub.post("/api/v1/login-links").text("url");
  auto client = hub.admin_client();
  const auto session = client.Post("/api/v1/sessions", write_json(Map{{"code", url.substr(url.find('#') + 1)}}), kJson);
  const auto set = session->get_header_value("Set-Cookie");
  client.set_default_headers({{"Cookie", set.substr(0, set.find(';'))}});
  auto logging_out = hub.admin_client();
  logging_out.set_default_headers({{"Cookie", set.substr(0, set.find(';'))}, {"Sec-Fetch-Site", "same-origin"}});
  const auto told = watch(
      std::move(client),
      [&] {
        BOOST_TEST(logging_out.Delete("/api/v1/sessions")->status == 200);
        send_note(hub, "비밀");
      },
      [](const std::string&) { return false; });  // the hub ends it
  BOOST_TEST(told.find("event: run") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(whoever_left_takes_no_place) {
  RunningHub hub;
  for (std::size_t i = 0; i < LiveRuns::kStreamsMax + 8; ++i) {
    const auto told = watch(
        hub.operator_client(), [] {}, [](const std::string&) { return true; });
    BOOST_TEST(told.starts_with("retry: "));
  }
}

BOOST_AUTO_TEST_CASE(too_many_watchers_are_refused) {
  RunningHub hub;
  std::function<void(std::size_t)> nest = [&](std::size_t depth) {
    watch(
        hub.operator_client(),
        [&] {
          if (depth < LiveRuns::kStreamsMax) return nest(depth + 1);
          BOOST_TEST(hub.operator_client().Get("/api/v1/runs/live")->status == 503);
        },
        [](const std::string&) { return true; });
  };
  nest(1);
}

BOOST_AUTO_TEST_CASE(stopping_the_server_ends_the_streams) {
  RunningHub hub;
  std::promise<void> drained;
  const auto told = watch(
      hub.operator_client(), [&] { hub.server->stop([&] { drained.set_value(); }); },
      [](const std::string&) { return false; });
  drained.get_future().get();
  BOOST_TEST(told.starts_with("retry: "));
}

BOOST_AUTO_TEST_SUITE_END()
