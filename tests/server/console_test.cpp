// The console's files: what is there, what is kept, and that nothing else is reached.
#include <fstream>

#include "server/fixture.hpp"

using namespace ieum;
using namespace ieum::server;
using namespace ieum::server::testing;
namespace fs = std::filesystem;

namespace {

// A copy of the built console with links that lead out of it.
struct Console {
  Console() {
    fs::copy(fs::path(IEUM_SOURCE_DIR) / "tests/data/server/console", folder.path() / "web",
             fs::copy_options::recursive);
    std::ofstream(folder.path() / "vault.key") << "the key";
    fs::create_symlink(folder.path() / "vault.key", folder.path() / "web" / "key.txt");
    fs::create_directory_symlink(folder.path(), folder.path() / "web" / "up");
    options.console_dir = (folder.path() / "web").string();
  }
  Folder folder;
  ServerOptions options;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(console)

BOOST_AUTO_TEST_CASE(pages_and_assets_have_their_types_and_ages) {
  Console console;
  RunningHub hub(console.options);
  auto client = hub.admin_client();
  for (const char* path : {"/", "/enter", "/claim", "/invitation", "/runs", "/runs/7", "/recipes/%EC%A3%BC%EB%AC%B8",
                           "/settings/people", "/index.html"}) {
    const auto page = client.Get(path);
    BOOST_TEST(page->status == 200);
    BOOST_TEST(page->get_header_value("Content-Type") == "text/html; charset=utf-8");
    BOOST_TEST(page->get_header_value("Cache-Control") == "no-cache");
    BOOST_TEST(page->body.find("이음") != std::string::npos);
  }
  const auto script = client.Get("/assets/index-BxYz12ab.js");
  BOOST_TEST(script->status == 200);
  BOOST_TEST(script->get_header_value("Content-Type") == "text/javascript; charset=utf-8");
  BOOST_TEST(script->get_header_value("Cache-Control") == "public, max-age=31536000, immutable");
  BOOST_TEST(client.Get("/assets/plain.css")->get_header_value("Cache-Control") == "no-cache");
  BOOST_TEST(client.Head("/enter")->status == 200);
}

BOOST_AUTO_TEST_CASE(no_path_leads_out_of_the_folder) {
  Console console;
  RunningHub hub(console.options);
  auto client = hub.admin_client();
  for (const char* path :
       {"/key.txt", "/up/vault.key", "/../vault.key", "/%2e%2e/vault.key", "/..%2fvault.key", "/assets/../../vault.key",
        "/assets/..", "/assets", "/assets/", "//index.html", "/./index.html", "/index.html/", "/runs/../vault.key",
        "/runs/%2e%2e", "/runs//7", "/runs/", "/run", "/INDEX.HTML", "/index.html%00"}) {
    BOOST_TEST_CONTEXT(path) {
      const auto answer = client.Get(path);
      BOOST_REQUIRE(answer);
      BOOST_TEST((answer->status == 404 || answer->status == 400));
      BOOST_TEST(answer->body.find("the key") == std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_person_may_follow_a_link_to_the_console_but_no_page_may_load_it) {
  Console console;
  RunningHub hub(console.options);
  auto client = hub.admin_client();
  const httplib::Headers navigation{
      {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", "navigate"}, {"Sec-Fetch-Dest", "document"}};
  BOOST_TEST(client.Get("/enter", navigation)->status == 200);
  BOOST_TEST(client.Get("/api/v1/status", navigation)->status == 403);
  BOOST_TEST(client
                 .Get("/enter",
                      {{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", "navigate"}, {"Sec-Fetch-Dest", "iframe"}})
                 ->status == 403);
  BOOST_TEST(client.Get("/assets/index-BxYz12ab.js", {{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", "no-cors"}})
                 ->status == 403);
}

BOOST_AUTO_TEST_CASE(without_a_built_console_the_page_says_how_to_get_one) {
  ServerOptions options;
  options.console_dir = "no/such/folder";
  RunningHub hub(options);
  const auto page = hub.admin_client().Get("/");
  BOOST_TEST(page->status == 200);
  BOOST_TEST(page->body.find("make build") != std::string::npos);
  BOOST_TEST(hub.admin_client().Get("/enter")->status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
