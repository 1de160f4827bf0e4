// What an operator or author does wrong: each mistake gets one clear message with place and mend, and nothing is lost.
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "base/json.hpp"
#include "end_to_end/shop_floor.hpp"

using namespace ieum;
using namespace ieum::test;

namespace {

void expect_mistake(const Finished& finished, int code, const std::vector<std::string>& said) {
  BOOST_TEST_INFO(finished.out << finished.err);
  BOOST_TEST(finished.code == code);
  for (const auto& text : said) {
    BOOST_TEST_INFO("should say: " << text << "\n" << finished.out << finished.err);
    BOOST_TEST((finished.out + finished.err).find(text) != std::string::npos);
  }
}

std::vector<std::string> serve(const std::string& data, std::uint16_t public_port, std::uint16_t admin_port) {
  return {binary(),   "serve",
          "--data",   data,
          "--public", "127.0.0.1:" + std::to_string(public_port),
          "--admin",  "127.0.0.1:" + std::to_string(admin_port)};
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mistakes)

BOOST_AUTO_TEST_CASE(a_wrong_recipe_is_refused_with_line_and_column) {
  TempDirectory files;
  const auto check = [&](const std::string& text) {
    write_file(files.file("r.yaml"), text);
    return run({binary(), "recipe", "check", files.file("r.yaml")});
  };
  expect_mistake(check("recipe: r\ntrigger: {event: x\n"), 1, {"r.yaml:"});
  expect_mistake(check("recipe: r\ntitle: t\ntrigger: {event: shopify/orders/create}\nsteps:\n  - use: "
                       "slak.message.post\n    with: {}\n"),
                 1, {"r.yaml:5:", "slak", "slack"});
  expect_mistake(check("recipe: r\ntitle: t\ntrigger: {event: shopify/orders/create}\nsteps:\n  - use: "
                       "slack.message.post\n    with: {channel: \"#a\", txt: \"b\"}\n"),
                 1, {"r.yaml:6:", "txt", "text"});
  expect_mistake(run({binary(), "recipe", "check", files.file("missing.yaml")}), 1, {"missing.yaml", "cannot be read"});
}

BOOST_AUTO_TEST_CASE(the_recipe_of_the_readme_and_those_that_ship_hold) {
  const auto readme = bytes_of(std::string(IEUM_SOURCE_DIR) + "/README.md");
  const auto begin = readme.find("```yaml\n");
  BOOST_REQUIRE(begin != std::string::npos);
  TempDirectory files;
  write_file(files.file("readme.yaml"), readme.substr(begin + 8, readme.find("```", begin + 8) - begin - 8));
  const auto checked =
      run({binary(), "recipe", "check", files.file("readme.yaml"), std::string(IEUM_SOURCE_DIR) + "/recipes"});
  BOOST_TEST_INFO(checked.out << checked.err);
  BOOST_TEST(checked.code == 0);
  BOOST_TEST(checked.out.find("error") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(wrong_usage_is_exit_2_and_no_hub_says_how_to_start_one) {
  TempDirectory files;
  expect_mistake(run({binary(), "srve"}), 2, {});
  expect_mistake(run({binary(), "serve", "--public", "nowhere:99999", "--data", files.file("d")}), 2,
                 {"nowhere:99999", "HOST:PORT"});
  expect_mistake(run({binary(), "run", "list", "--data", files.file("d")}), 1, {"no hub", "ieum serve --data"});
}

BOOST_AUTO_TEST_CASE(a_missing_credential_an_unknown_field_and_a_bad_token_are_named) {
  ShopFloor floor({{}, {}, false, {}});
  expect_mistake(run({binary(), "connection", "add", "brevo", "--data", floor.data()}), 1, {"api_key"});
  expect_mistake(run({binary(), "connection", "add", "slack", "--set", "colour=red", "--data", floor.data()}), 1,
                 {"colour", "connector show slack"});
  expect_mistake(run({binary(), "connection", "add", "slak", "--data", floor.data()}), 1, {"slak", "connector list"});
  write_file(floor.data() + "/admin.token", "ieum_not_the_right_token_at_all\n");
  ::chmod((floor.data() + "/admin.token").c_str(), 0600);
  expect_mistake(run({binary(), "status", "--data", floor.data()}), 1, {"token"});
}

BOOST_AUTO_TEST_CASE(a_port_in_use_a_second_hub_and_a_wrong_key_are_told_apart_and_lose_nothing) {
  ShopFloor floor;
  BOOST_TEST(ShopFloor::send(floor.checkout(1)) == 200);
  floor.wait_until_done();
  // A second hub on the same data.
  expect_mistake(run(serve(floor.data(), free_port(), free_port())), 1, {"hub.db", "another hub"});
  // Another hub on the same port.
  TempDirectory other;
  const auto taken =
      static_cast<std::uint16_t>(std::stoi(floor.public_url().substr(floor.public_url().rfind(':') + 1)));
  expect_mistake(run(serve(other.file("d"), taken, free_port())), 1, {std::to_string(taken), "--public"});
  // Another key than the one that sealed what is stored.
  floor.hub().end();
  const auto key_file = floor.data() + "/vault.key";
  const auto key = bytes_of(key_file);
  write_file(key_file, bytes_of(other.file("d") + "/vault.key"));
  ::chmod(key_file.c_str(), 0600);
  expect_mistake(run(serve(floor.data(), free_port(), free_port())), 1, {"vault.key", "put the right"});
  write_file(key_file, "nonsense");
  expect_mistake(run(serve(floor.data(), free_port(), free_port())), 1, {"vault.key"});
  std::filesystem::remove(key_file);
  expect_mistake(run(serve(floor.data(), free_port(), free_port())), 1, {"vault.key"});
  BOOST_TEST(!std::filesystem::exists(key_file));
  write_file(key_file, key);
  ::chmod(key_file.c_str(), 0644);
  expect_mistake(run(serve(floor.data(), free_port(), free_port())), 1, {"vault.key", "chmod 600"});
  ::chmod(key_file.c_str(), 0600);
  floor.start_hub();
  BOOST_TEST(ShopFloor::send(floor.checkout(2)) == 200);
  floor.expect_exactly_once(2);
}

BOOST_AUTO_TEST_CASE(a_full_disk_asks_senders_to_come_again_and_goes_on_when_there_is_room) {
  // A disk of 8 MiB in a mount namespace of our own, so that nothing of it stays.
  const int flags = ::geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS;
  BOOST_REQUIRE_MESSAGE(::unshare(flags) == 0, "no mount namespace can be made here");
  TempDirectory disk;
  // In a chroot "/" is no mount point: then the directory is made one of its own.
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    BOOST_REQUIRE(::mount(disk.path().c_str(), disk.path().c_str(), nullptr, MS_BIND, nullptr) == 0);
    BOOST_REQUIRE(::mount("none", disk.path().c_str(), nullptr, MS_PRIVATE, nullptr) == 0);
  }
  BOOST_REQUIRE_MESSAGE(::mount("tmpfs", disk.path().c_str(), "tmpfs", 0, "size=8m") == 0,
                        "no tmpfs can be mounted here");
  {
    FloorOptions options;
    options.data = disk.file("data");
    options.extra = {"--disk-low", "512KB", "--disk-full", "64KB"};  // so that the disk itself says no
    ShopFloor floor(std::move(options));
    BOOST_TEST(ShopFloor::send(floor.checkout(1)) == 200);
    floor.wait_until_done();
    {
      std::ofstream ballast(disk.file("ballast"), std::ios::binary);
      const std::string block(4096, 'x');
      while (ballast.good() && ballast.flush().good()) ballast << block;
    }
    int refused = 0;
    for (int n = 2; n < 3000 && refused == 0; ++n) {
      auto big = floor.checkout(n);
      const int status = ShopFloor::send(big);
      BOOST_REQUIRE((status == 200 || status == 503));
      if (status == 503) refused = n;
    }
    BOOST_REQUIRE(refused > 0);
    BOOST_TEST(floor.hub().alive());
    std::filesystem::remove(disk.file("ballast"));
    BOOST_TEST(ShopFloor::send(floor.checkout(refused)) == 200);
    floor.expect_exactly_once(refused);
  }
  BOOST_TEST(::umount2(disk.path().c_str(), MNT_DETACH) == 0);
}

BOOST_AUTO_TEST_CASE(a_vendor_that_is_down_is_tried_again_and_the_message_goes_out_once) {
  ShopFloor floor;
  floor.sandbox("POST", "/_sandbox/faults", Map{{"vendor", "solapi"}, {"kind", "drop_before"}, {"times", 1}});
  BOOST_TEST(ShopFloor::send(floor.checkout(1)) == 200);
  floor.expect_exactly_once(1);
}

BOOST_AUTO_TEST_CASE(deliveries_in_another_version_of_the_api_are_taken_and_named_until_they_are_not) {
  ShopFloor floor({{}, {"--virtual-clock", "2026-03-02T09:00:00+09:00"}, true, {}, {}});
  int sent = 0;
  const auto tell = [&](const std::string& version) {
    floor.sandbox("POST", "/_sandbox/send",
                  Map{{"vendor", "shopify"},
                      {"topic", "orders/create"},
                      {"to", floor.hook()},
                      {"secret", "sandbox-webhook-secret"},
                      {"more", Map{{"api_version", version}}}});
    ++sent;
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (floor.totals().number("events") < sent) BOOST_REQUIRE(std::chrono::steady_clock::now() < limit);
  };
  const auto doctor = [&] { return run({binary(), "doctor", "--data", floor.data()}); };
  tell("2026-04");
  BOOST_TEST(doctor().out.find("its deliveries say") == std::string::npos);
  tell("2025-10");
  expect_mistake(doctor(), 1,
                 {"its deliveries say 2025-10 (the header X-Shopify-API-Version), and its field \"api_version\" says "
                  "2026-04; the hub takes them as they are",
                  "do: make both the same: at the vendor, or by ieum connection add shopify"});
  expect_mistake(run({binary(), "connection", "list", "--data", floor.data()}), 0,
                 {"problem", "its deliveries say 2025-10"});
  // It is known after a restart, and taken back by a delivery in the connection's own version.
  floor.options().extra = {"--virtual-clock", "2026-03-02T10:00:00+09:00"};
  floor.hub().end();
  floor.start_hub();
  expect_mistake(doctor(), 1, {"its deliveries say 2025-10"});
  tell("2026-04");
  BOOST_TEST(doctor().out.find("its deliveries say") == std::string::npos);
}

// What Mailchimp's campaigns and Kakao's brand messages carry is advertising, and the gate judges it as such.
BOOST_AUTO_TEST_CASE(operations_that_carry_advertising_are_refused_in_any_other_class) {
  TempDirectory files;
  const std::string head =
      "recipe: ad\ntitle: t\nabout: {phone: event.phone}\ntrigger: {event: order_created}\nsteps:\n";
  for (const std::string step : {"mailchimp.campaign.send\n    with: {campaign: c1}",
                                 "mailchimp.campaign.schedule\n    "
                                 "with: {campaign: c1, at: '2026-03-02T09:00:00+09:00'}",
                                 "kakao.brand_message.send\n    with: {to: '01012345678'}"}) {
    const std::string name = step.substr(0, step.find('\n'));
    const auto check = [&](const char* line) {
      write_file(files.file("ad.yaml"), head + "  - use: " + step + "\n" + line);
      return run({binary(), "recipe", "check", files.file("ad.yaml")});
    };
    expect_mistake(check("    class: info\n"), 1, {name + " cannot carry the class info", "it carries ad"});
    expect_mistake(check(""), 1, {name + " reaches a customer and needs a `class`", "add `class: ad`"});
    BOOST_TEST(check("    class: ad\n").code == 0);
  }
}

BOOST_AUTO_TEST_CASE(a_poll_that_fails_and_a_webhook_without_an_address_are_named_with_what_to_do) {
  ShopFloor floor({{}, {}, false, {}});
  TempDirectory files;
  write_file(files.file("key"), write_json(floor.sandbox("GET", "/_sandbox/google/key.json")));
  write_file(files.file("watch.yaml"),
             "recipe: watch\ntitle: t\ntrigger: {event: sheets/row.added}\nsteps: [{wait: 1m}]\n");
  floor.sandbox(
      "POST", "/_sandbox/faults",
      Map{{"vendor", "google"}, {"kind", "status"}, {"status", 503}, {"times", -1}, {"match", Map{{"path", "/v4/"}}}});
  std::vector<std::string> words{"connection", "add", "sheets", "--set", "watch=book/Sheet1", "--set", "poll_every=5s"};
  for (const char* field : {"base_url", "drive_url", "token_url", "login_url"})
    words.insert(words.end(), {"--set", std::string(field) + "=" + floor.sandbox_url()});
  words.insert(words.end(), {"--secret", "service_account=" + files.file("key")});
  floor.ieum(words);
  floor.ieum({"recipe", "apply", files.file("watch.yaml")});
  const auto failed = [&] {
    const auto connections = floor.api("GET", "/api/v1/connections");
    const auto* poll = connections.at_path("connections.0.polls.0");
    return poll != nullptr && poll->number("failures") > 0;
  };
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!failed()) {
    BOOST_REQUIRE(std::chrono::steady_clock::now() < limit);
    ::poll(nullptr, 0, 20);
  }
  expect_mistake(run({binary(), "doctor", "--data", floor.data()}), 1,
                 {"poll rows of book/Sheet1 failed", "the hub asks again at", "do: ieum connection test sheets"});
  expect_mistake(run({binary(), "connection", "list", "--data", floor.data()}), 0,
                 {"problem", "poll rows of book/Sheet1 failed"});
  // The poll works again: what is left could be better, and is no problem.
  floor.sandbox("DELETE", "/_sandbox/faults");
  floor.sandbox("POST", "/_sandbox/sheets",
                Map{{"spreadsheet", "book"}, {"sheet", "Sheet1"}, {"rows", List{List{"글"}}}});
  while (failed()) {
    BOOST_REQUIRE(std::chrono::steady_clock::now() < limit);
    ::poll(nullptr, 0, 20);
  }
  expect_mistake(run({binary(), "doctor", "--data", floor.data()}), 0,
                 {"yes connection sheets works", "hint: webhook drive_push of book/Sheet1: with --public-url",
                  "start the hub with --public-url https://"});
  expect_mistake(run({binary(), "connection", "list", "--data", floor.data()}), 0, {"ready"});
  // What comes by a webhook alone never comes: that is a problem, once a recipe waits for it.
  write_file(files.file("shop.token"), "shpat_sandbox");
  floor.ieum({"connection", "add", "shopify", "--set", "shop=ieum-demo.myshopify.com", "--set",
              "base_url=" + floor.sandbox_url(), "--secret", "access_token=" + files.file("shop.token")});
  expect_mistake(run({binary(), "doctor", "--data", floor.data()}), 0, {"yes connection shopify works"});
  write_file(files.file("orders.yaml"),
             "recipe: orders\ntitle: t\ntrigger: {event: shopify/products/update}\nsteps: [{wait: 1m}]\n");
  floor.ieum({"recipe", "apply", files.file("orders.yaml")});
  expect_mistake(run({binary(), "doctor", "--data", floor.data()}), 1,
                 {"webhook", "is not made at the vendor", "do: start the hub with --public-url https://"});
}

BOOST_AUTO_TEST_SUITE_END()
