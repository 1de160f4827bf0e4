// Strict YAML: what is refused, where the error points, and how scalars are typed.
#include "host/yaml_tree.hpp"

#include "support.hpp"

using namespace ieum;
using ieum::host::read_yaml;

BOOST_AUTO_TEST_SUITE(yaml)

BOOST_AUTO_TEST_CASE(scalars_are_typed_as_in_json) {
  const auto root = read_yaml(
      "a: 12\nb: 1.50\nc: true\nd: null\ne:\nf: yes\ng: '12'\nh: \"true\"\ni: 0x1F\nj: 012\nk: 9223372036854775808\n"
      "l: 한글 값\nm: -3\nn: ~\no: 2026-01-31\np: |\n  여러\n  줄\nq: [1, x, {y: 2}]\n",
      "f.yaml");
  BOOST_REQUIRE(root.has_value());
  const Value value = root->value();
  BOOST_TEST((
      value ==
      host_test::json(R"({"a":12,"b":1.50,"c":true,"d":null,"e":null,"f":"yes","g":"12","h":"true","i":"0x1F","j":"012",
    "k":9223372036854775808,"l":"한글 값","m":-3,"n":"~","o":"2026-01-31","p":"여러\n줄\n","q":[1,"x",{"y":2}]})")));
}

BOOST_AUTO_TEST_CASE(what_is_not_strict_is_refused_at_its_place) {
  struct Case {
    const char* text;
    const char* place;
    const char* says;
  };
  for (const auto& c : std::initializer_list<Case>{
           {"a: &x 1\n", "f.yaml:1:4", "anchor"},
           {"a: {b: &x [1]}\n", "f.yaml:1:8", "anchor"},
           {"a: *x\n", "f.yaml:1:4", ""},
           {"a: !!str 1\n", "f.yaml:1:4", "tag"},
           {"a: !has(x)\n", "f.yaml:1:4", "tag"},
           {"<<: {a: 1}\n", "f.yaml:1:1", "merge"},
           {"a: 1\nb: 2\na: 3\n", "f.yaml:3:1", "twice"},
           {"a: 1\n\"a\": 3\n", "f.yaml:2:1", "twice"},
           {"둘둘: {ㄱ: 1, ㄱ: 2}\n", "f.yaml:1:12", "twice"},
           {"한글: &x 1\n", "f.yaml:1:5", "anchor"},
           {"[a]: 1\n", "f.yaml:1:1", "key"},
           {"? {a: 1}\n: 2\n", "f.yaml:1:3", "key"},
           {": 1\n", "f.yaml:1:1", "key"},
           {"a: 1\n---\nb: 2\n", "f.yaml:2:1", "second document"},
           {"%YAML 1.1\n---\na: 1\n", "f.yaml:1:1", "directive"},
           {"", "f.yaml", "empty"},
           {"# nothing\n", "f.yaml", "empty"},
           {"a: [1\n", "f.yaml:2:1", ""},
           {"a: \"x\n", "f.yaml:2:1", ""},
           {"\xEF\xBB\xBF"
            "a: 1\n",
            "f.yaml", "byte order mark"},
           {"a: \xFF\n", "f.yaml", "UTF-8"},
           {"a: 1\nb: \x01\n", "f.yaml:2:1", "control"},
       }) {
    const auto root = read_yaml(c.text, "f.yaml");
    BOOST_REQUIRE_MESSAGE(root.has_error(), c.text);
    BOOST_TEST(root.error().code == "bad_yaml");
    BOOST_TEST(root.error().place == c.place, c.text << " -> " << root.error().text());
    BOOST_TEST(root.error().what.find(c.says) != std::string::npos, c.text << " -> " << root.error().text());
  }
}

BOOST_AUTO_TEST_CASE(depth_and_size_are_bounded) {
  const auto nested = [](int depth) { return std::string(depth, '[') + "1" + std::string(depth, ']'); };
  BOOST_TEST(read_yaml(nested(32), "f").has_value());
  BOOST_TEST(read_yaml(nested(33), "f").has_error());
  BOOST_TEST(read_yaml(nested(100'000), "f").has_error());
  BOOST_TEST(read_yaml("a: " + std::string((1u << 20) - 3, 'x'), "f").has_value());
  BOOST_TEST(read_yaml("a: " + std::string(1u << 20, 'x'), "f").has_error());
}

BOOST_AUTO_TEST_CASE(a_cut_file_never_crashes) {
  const std::string text =
      host_test::read_file(std::string(IEUM_SOURCE_DIR) + "/tests/host_modules/polite/manifest.yaml");
  BOOST_REQUIRE(read_yaml(text, "f").has_value());
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto root = read_yaml(text.substr(0, size), "f");
    BOOST_TEST((root.has_value() || root.error().code == "bad_yaml"));
  }
}

BOOST_AUTO_TEST_SUITE_END()
