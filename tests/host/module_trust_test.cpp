// What may be loaded at all: files of the hub's own, that nobody else can write, and the very ones that were judged.
#include <sys/stat.h>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "host/connector.hpp"
#include "host/module_file.hpp"
#include "support.hpp"

namespace fs = std::filesystem;
using namespace ieum;
using namespace ieum::host;

namespace {

struct Folder {
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "ieum-host-XXXXXX").string();
    path = ::mkdtemp(pattern.data());
  }
  ~Folder() { fs::remove_all(path); }
  // A connector folder with safe permissions.
  fs::path take(const char* kind, const char* name) const {
    const fs::path to = path / name;
    fs::copy(fs::path(IEUM_BUILD_DIR) / "tests" / kind / name, to, fs::copy_options::recursive);
    for (const auto& entry : fs::recursive_directory_iterator(to))
      ::chmod(entry.path().c_str(), entry.is_directory() ? 0755 : 0644);
    ::chmod(to.c_str(), 0755);
    return to;
  }
  [[nodiscard]] Result<std::unique_ptr<Registry>> load() const {
    NullLog log;
    return load_connectors({path.string(), nullptr, true}, log);
  }
  fs::path path;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(module_trust)

BOOST_AUTO_TEST_CASE(a_folder_without_code_is_a_declarative_connector) {
  const Folder folder;
  fs::create_directories(folder.path / "acme/samples");
  std::ofstream(folder.path / "acme/manifest.yaml") << host_test::acme(
      "webhook: {verify: [{kind: url_token, secret: key}], topic: [{fixed: t}]}\nevents: {t: {samples: {a: "
      "samples/a.json}}}\n");
  std::ofstream(folder.path / "acme/samples/a.json") << R"({"n":1})";
  fs::create_directories(folder.path / "no-connector-here");
  const auto loaded = folder.load();
  BOOST_REQUIRE_MESSAGE(loaded.has_value(), (loaded.has_error() ? loaded.error().text() : ""));
  const Connector* acme = (*loaded)->find("acme");
  BOOST_REQUIRE(acme != nullptr);
  BOOST_TEST((*loaded)->digest("acme").empty());
  BOOST_TEST(acme->manifest().event("t")->sample->number("n") == 1);
  const Effect effect = acme->step(Call());
  BOOST_REQUIRE(std::holds_alternative<FailEffect>(effect));
  BOOST_TEST(std::get<FailEffect>(effect).code == "unknown_operation");
}

BOOST_AUTO_TEST_CASE(OUT_15_what_cannot_be_trusted_or_run_is_not_loaded) {
  const auto refused = [](const Folder& folder, const char* code, const std::string& says) {
    const auto loaded = folder.load();
    BOOST_REQUIRE_MESSAGE(loaded.has_error(), says);
    BOOST_TEST(loaded.error().code == code, loaded.error().text());
    BOOST_TEST(loaded.error().text().find(says) != std::string::npos, loaded.error().text());
    BOOST_TEST(!loaded.error().place.empty());
  };
  {
    const Folder folder;
    folder.take("modules", "polite");
    BOOST_TEST(folder.load().has_value());
  }
  for (const auto& [name, says] : std::initializer_list<std::pair<const char*, const char*>>{
           {"wrong_abi", "speaks ABI 2"}, {"no_symbol", "does not export"}, {"small_struct", "smaller than"}}) {
    const Folder folder;
    folder.take("bad_modules", name);
    refused(folder, "bad_module", says);
  }
  for (const mode_t mode : {0664, 0646}) {
    for (const char* file : {"module.so", "manifest.yaml"}) {
      const Folder folder;
      ::chmod((folder.take("modules", "polite") / file).c_str(), mode);
      refused(folder, "unsafe_path", "written by others");
    }
  }
  {
    const Folder folder;
    ::chmod(folder.take("modules", "polite").c_str(), 0777);
    refused(folder, "unsafe_path", "written by others");
  }
  {
    const Folder folder;
    const fs::path module = folder.take("modules", "polite") / "module.so";
    fs::rename(module, folder.path / "real.so");
    fs::create_symlink(folder.path / "real.so", module);
    refused(folder, "unsafe_path", "symbolic link");
  }
  {
    const Folder folder;
    fs::rename(folder.take("modules", "polite"), folder.path / "impolite");
    refused(folder, "bad_manifest", "another name");
  }
  {
    const Folder folder;
    fs::remove(folder.take("modules", "polite") / "module.so");
    refused(folder, "bad_manifest", "no module.so");
  }
  {
    const Folder folder;
    std::ofstream(folder.take("modules", "polite") / "module.so") << "this is no shared object";
    refused(folder, "bad_module", "cannot be loaded");
  }
  {
    const Folder folder;
    std::ofstream(folder.take("modules", "polite") / "manifest.yaml") << "connector: polite\nversoin: x\n";
    refused(folder, "unknown_key", "manifest.yaml:2:1");
  }
  NullLog log;
  BOOST_TEST(load_connectors({"/nonexistent/connectors", nullptr, true}, log).has_error());
  BOOST_TEST(load_connectors({"/nonexistent/connectors", nullptr, false}, log).has_error());
}

// Whoever puts another file in the place of the one that was judged gets the judged one loaded.
BOOST_AUTO_TEST_CASE(OUT_15_a_module_that_is_swapped_after_it_was_judged_is_not_the_one_that_runs) {
  const auto bytes = [](const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string((std::istreambuf_iterator<char>(file)), {});
  };
  const Folder folder;
  const fs::path module = folder.take("modules", "polite") / "module.so";
  const fs::path other = folder.path / "other.so";
  fs::copy_file(fs::path(IEUM_BUILD_DIR) / "tests/bad_modules/wrong_abi/module.so", other);
  const std::string judged = hex_encode(sha256(bytes(module)));
  const auto loaded = load_module(module.string(), [&](int fd) {
    const Status fit = check_file(fd, module.string());
    fs::rename(other, module);
    return fit;
  });
  BOOST_REQUIRE_MESSAGE(loaded.has_value(), (loaded.has_error() ? loaded.error().text() : ""));
  BOOST_TEST((*loaded)->digest() == judged);
  BOOST_TEST((*loaded)->connector().abi == IEUM_CONNECTOR_ABI);
  BOOST_TEST(hex_encode(sha256(bytes(module))) != judged);
  // What stands there now is another matter.
  BOOST_TEST(load_module(module.string()).error().code == "bad_module");
}

BOOST_AUTO_TEST_CASE(OUT_15_what_is_no_file_of_the_hubs_own_is_not_opened) {
  const Folder folder;
  const fs::path module = folder.take("modules", "polite") / "module.so";
  const fs::path real = folder.path / "real.so";
  const auto judged = [&] {
    const auto loaded = load_module(module.string(), [&](int fd) { return check_file(fd, module.string()); });
    return loaded.has_error() ? loaded.error().code : std::string("loaded");
  };
  BOOST_TEST(judged() == "loaded");
  fs::rename(module, real);
  fs::create_symlink(real, module);
  BOOST_TEST(judged() == "unsafe_path");
  fs::remove(module);
  BOOST_REQUIRE(::mkfifo(module.c_str(), 0600) == 0);  // whose other end nobody opens
  BOOST_TEST(judged() == "unsafe_path");
  fs::remove(module);
  fs::create_directory(module);
  BOOST_TEST(judged() == "unsafe_path");
  fs::remove(module);
  BOOST_TEST(judged() == "bad_module");
}

BOOST_AUTO_TEST_SUITE_END()
