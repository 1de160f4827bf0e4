// Writing a connector: what `connector new` writes builds and passes `connector check`, and the check names what is wrong.
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "end_to_end/process.hpp"

using namespace ieum::test;
namespace fs = std::filesystem;

namespace {

void replace_in(const std::string& file, const std::string& from, const std::string& to) {
  std::ifstream in(file);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  const auto at = text.find(from);
  BOOST_REQUIRE_MESSAGE(at != std::string::npos, from + " is not in " + file);
  write_file(file, text.replace(at, from.size(), to));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(connector_authoring)

BOOST_AUTO_TEST_CASE(a_new_module_builds_and_holds) {
  TempDirectory files;
  const auto made = run({binary(), "connector", "new", "acme", "--module", "--in", files.path()});
  BOOST_REQUIRE_MESSAGE(made.code == 0, made.err);
  const auto unbuilt = run({binary(), "connector", "check", files.file("acme")});
  BOOST_TEST(unbuilt.code == 1);
  BOOST_TEST(unbuilt.out.find("module.so") != std::string::npos, unbuilt.out);
  const auto built = run({"/usr/bin/make", "-s", "-C", files.file("acme")});
  BOOST_REQUIRE_MESSAGE(built.code == 0, built.out + built.err);
  const auto held = run({binary(), "connector", "check", files.file("acme")});
  BOOST_TEST(held.code == 0, held.out + held.err);
  BOOST_TEST(held.out.find("6 cases hold") != std::string::npos, held.out);
}

BOOST_AUTO_TEST_CASE(a_new_manifest_holds_and_its_mistakes_are_named) {
  TempDirectory files;
  const auto made = run({binary(), "connector", "new", "acme", "--in", files.path()});
  BOOST_REQUIRE_MESSAGE(made.code == 0, made.err);
  const auto held = run({binary(), "--json", "connector", "check", files.path()});
  BOOST_REQUIRE_MESSAGE(held.code == 0, held.out + held.err);
  const auto twice = run({binary(), "connector", "new", "acme", "--in", files.path()});
  BOOST_TEST(twice.code == 1);
  BOOST_TEST(twice.err.find("there already") != std::string::npos, twice.err);

  const std::string wanted = files.file("acme/cases/create.json");
  replace_in(wanted, "\"n1\"", "\"n2\"");
  const auto differs = run({binary(), "connector", "check", files.file("acme")});
  BOOST_TEST(differs.code == 1);
  BOOST_TEST(differs.out.find("cases/create.json, turn 2") != std::string::npos, differs.out);
  replace_in(wanted, "\"n2\"", "\"n1\"");

  fs::remove(files.file("acme/cases/account_refused.json"));
  const auto untried = run({binary(), "connector", "check", files.file("acme")});
  BOOST_TEST(untried.code == 1);
  BOOST_TEST(untried.out.find("account.get has no case that fails") != std::string::npos, untried.out);

  replace_in(files.file("acme/manifest.yaml"), "safety: keyed", "safety: keyd");
  const auto misspelt = run({binary(), "connector", "check", files.file("acme")});
  BOOST_TEST(misspelt.out.find("did you mean \"keyed\"") != std::string::npos, misspelt.out);
  BOOST_TEST(run({binary(), "connector", "new", "Acme!", "--in", files.path()}).code == 1);
  BOOST_TEST(run({binary(), "connector", "check", files.file("nowhere")}).code == 1);
}

BOOST_AUTO_TEST_SUITE_END()
