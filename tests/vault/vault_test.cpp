// Secrets at rest: what is sealed opens only under the same key and binding; a key file that others could read is refused.
#include "vault/vault.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace fs = std::filesystem;
using ieum::Secret;
using namespace ieum::vault;

namespace {

struct Folder {
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "ieum-vault-XXXXXX").string();
    path = ::mkdtemp(pattern.data());
  }
  ~Folder() { fs::remove_all(path); }
  [[nodiscard]] std::string file(const std::string& name = "key") const { return (path / name).string(); }
  fs::path path;
};

void write(const std::string& path, const std::string& text, mode_t mode = 0600) {
  std::ofstream(path, std::ios::binary) << text;
  ::chmod(path.c_str(), mode);
}

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string key_text(char fill) { return "ieum-key-v1 " + ieum::base64_encode(std::string(32, fill)) + "\n"; }

std::unique_ptr<Vault> vault_with(const Folder& folder, char fill, ieum::Random& random) {
  const std::string file = folder.file(std::string("key-") + fill);
  write(file, key_text(fill));
  return std::move(open_vault(file, false, random).value());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vault)

BOOST_AUTO_TEST_CASE(what_is_sealed_opens_again) {
  const Folder folder;
  ieum::SystemRandom random;
  const auto vault = vault_with(folder, 'a', random);
  for (const std::string& text :
       {std::string("xoxb-1234"), std::string(), std::string("비밀\0번호", 13), std::string(70'000, 'x')}) {
    const std::string sealed = vault->seal(Secret(text), "7|token|1");
    BOOST_TEST(sealed.size() == 2 + 8 + 12 + text.size() + 16);
    BOOST_TEST((text.empty() || sealed.find(text) == std::string::npos));
    const auto opened = vault->open(sealed, "7|token|1");
    BOOST_REQUIRE(opened.has_value());
    BOOST_TEST(opened->reveal() == text);
  }
}

BOOST_AUTO_TEST_CASE(a_row_copied_elsewhere_does_not_open) {
  const Folder folder;
  ieum::SystemRandom random;
  const auto vault = vault_with(folder, 'a', random);
  const std::string sealed = vault->seal(Secret("xoxb-1234"), secret_binding(7, "token", 1));
  for (const auto& other :
       {secret_binding(8, "token", 1), secret_binding(7, "tokem", 1), secret_binding(7, "token", 2), std::string()}) {
    const auto opened = vault->open(sealed, other);
    BOOST_REQUIRE(opened.has_error());
    BOOST_TEST(opened.error().code == "damaged_secret");
  }
  BOOST_TEST(secret_binding(1, "a", 23) != secret_binding(12, "a", 3));
}

BOOST_AUTO_TEST_CASE(every_changed_byte_and_every_cut_is_found) {
  const Folder folder;
  ieum::SystemRandom random;
  const auto vault = vault_with(folder, 'a', random);
  const std::string sealed = vault->seal(Secret("a secret of some length"), "b");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = sealed;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      BOOST_TEST(vault->open(changed, "b").has_error());
    }
    BOOST_TEST(vault->open(sealed.substr(0, i), "b").has_error());
  }
  BOOST_TEST(vault->open(sealed + "x", "b").has_error());
}

BOOST_AUTO_TEST_CASE(another_key_is_named_as_such) {
  const Folder folder;
  ieum::SystemRandom random;
  const auto first = vault_with(folder, 'a', random);
  const auto second = vault_with(folder, 'b', random);
  const auto opened = second->open(first->seal(Secret("token-1"), "b"), "b");
  BOOST_REQUIRE(opened.has_error());
  BOOST_TEST(opened.error().code == "wrong_key");
}

BOOST_AUTO_TEST_CASE(SEC_06_a_million_seals_have_a_million_nonces) {
  const Folder folder;
  ieum::SystemRandom random;
  const auto vault = vault_with(folder, 'a', random);
  constexpr std::size_t kSeals = 1'000'000;
  std::vector<std::string> nonces;
  nonces.reserve(kSeals);
  const Secret same("same");
  for (std::size_t i = 0; i < kSeals; ++i) nonces.push_back(vault->seal(same, "b").substr(10, 12));
  std::sort(nonces.begin(), nonces.end());
  BOOST_TEST((std::adjacent_find(nonces.begin(), nonces.end()) == nonces.end()));
}

// Even with one nonce for all, two versions of a secret share no key stream: what was the same text is not the same bytes.
BOOST_AUTO_TEST_CASE(SEC_06_each_version_of_a_secret_has_a_key_of_its_own) {
  class OneNonce final : public ieum::Random {
   public:
    void fill(void* out, std::size_t size) override { std::memset(out, 'n', size); }
  };
  const Folder folder;
  OneNonce random;
  const auto vault = vault_with(folder, 'a', random);
  std::set<std::string> sealed;
  for (const auto& binding : {secret_binding(7, "token", 1), secret_binding(7, "token", 2), secret_binding(7, "key", 1),
                              secret_binding(8, "token", 1)})
    sealed.insert(vault->seal(Secret("the same secret"), binding).substr(22, 15));
  BOOST_TEST(sealed.size() == 4U);
}

BOOST_AUTO_TEST_CASE(derived_keys_are_stable_and_differ_by_purpose_and_key) {
  const Folder folder;
  ieum::SystemRandom random;
  const auto first = vault_with(folder, 'a', random);
  const auto again = vault_with(folder, 'a', random);
  const auto other = vault_with(folder, 'b', random);
  BOOST_TEST(first->derive("receipts").reveal() == again->derive("receipts").reveal());
  BOOST_TEST(first->derive("receipts").reveal() != first->derive("admin-login").reveal());
  BOOST_TEST(first->derive("receipts").reveal() != other->derive("receipts").reveal());
  BOOST_TEST(first->derive("receipts").reveal().size() == 32U);
}

BOOST_AUTO_TEST_CASE(a_missing_key_file_is_made_once_and_for_the_owner_only) {
  const Folder folder;
  ieum::SystemRandom random;
  BOOST_TEST(open_vault(folder.file(), false, random).error().code == "key_missing");
  const auto made = open_vault(folder.file(), true, random);
  BOOST_REQUIRE(made.has_value());
  struct stat info {};
  BOOST_REQUIRE(::stat(folder.file().c_str(), &info) == 0);
  BOOST_TEST((info.st_mode & 0777) == 0600U);
  const std::string text = read(folder.file());
  BOOST_TEST(text.starts_with("ieum-key-v1 "));
  const std::string sealed = (*made)->seal(Secret("token-1"), "b");
  const auto again = open_vault(folder.file(), true, random);
  BOOST_REQUIRE(again.has_value());
  BOOST_TEST(read(folder.file()) == text);
  BOOST_TEST((*again)->open(sealed, "b").value().reveal() == "token-1");
  BOOST_TEST(std::distance(fs::directory_iterator(folder.path), fs::directory_iterator()) == 1);
}

BOOST_AUTO_TEST_CASE(a_half_made_key_of_a_crash_is_replaced) {
  const Folder folder;
  ieum::SystemRandom random;
  write(folder.file("key.new"), "ieum-key-v1 abc");
  BOOST_TEST(open_vault(folder.file(), true, random).has_value());
  BOOST_TEST(!fs::exists(folder.file("key.new")));
}

BOOST_AUTO_TEST_CASE(unsafe_and_malformed_key_files_are_refused_and_left_alone) {
  const Folder folder;
  ieum::SystemRandom random;
  const auto code = [&](const std::string& text, mode_t mode) {
    write(folder.file(), text, mode);
    const auto opened = open_vault(folder.file(), true, random);
    BOOST_TEST(read(folder.file()) == text);
    BOOST_REQUIRE(opened.has_error());
    BOOST_TEST(opened.error().place == folder.file());
    BOOST_TEST(!opened.error().mend.empty());
    return opened.error().code;
  };
  const std::string good = key_text('k');
  BOOST_TEST(code(good, 0640) == "key_permissions");
  BOOST_TEST(code(good, 0604) == "key_permissions");
  BOOST_TEST(code(good, 0620) == "key_permissions");
  BOOST_TEST(code("", 0600) == "key_malformed");
  BOOST_TEST(code(good.substr(0, good.size() - 1), 0600) == "key_malformed");
  BOOST_TEST(code(good + good, 0600) == "key_malformed");
  BOOST_TEST(code("ieum-key-v1 " + ieum::base64_encode(std::string(31, 'k')) + "\n", 0600) == "key_malformed");
  BOOST_TEST(code("ieum-key-v2 " + ieum::base64_encode(std::string(32, 'k')) + "\n", 0600) == "key_malformed");
  BOOST_TEST(code(std::string(4096, 'x'), 0600) == "key_malformed");
  fs::remove(folder.file());
  write(folder.file("real"), good);
  fs::create_symlink(folder.file("real"), folder.file());
  BOOST_TEST(open_vault(folder.file(), true, random).error().code == "key_permissions");
}

BOOST_AUTO_TEST_SUITE_END()
