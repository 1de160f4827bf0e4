#include "app/audience_commands.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/asking.hpp"
#include "app/data_dir.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"

namespace ieum::app {
namespace {

int print_audience(const Common& common, const char* method, const Value& body) {
  return ask(common, method, "/api/v1/audience", body, [](const Value& audience, const Terminal&) {
    const auto* sender = audience.get("sender");
    if (sender == nullptr) std::printf("no sender is known: no ad goes out until there is one\n");
    std::printf("%s\n", write_pretty_json(audience).c_str());
  });
}

int audience_set(const Common& common, const std::string& file) {
  const auto text = read_file(file, 1u << 20);
  if (text.has_error()) return report(text.error(), common.json);
  auto written = parse_json(*text);
  if (written.has_error()) return report(std::move(written.error()).at(file), common.json);
  return print_audience(common, "POST", *written);
}

int customer_consent(const Common& common, const AudienceWords& arguments) {
  Map body{{"word", arguments.word}, {"purpose", arguments.purpose}, {"channel", arguments.channel}};
  if (!arguments.at.empty()) {
    const auto at = parse_rfc3339(arguments.at);
    if (at.has_error()) return report(at.error(), common.json), 2;
    body.set("at_ms", *at);
  }
  if (!arguments.evidence.empty()) body.set("evidence", Map{{"text", arguments.evidence}});
  const auto id = customer_id(common, arguments.customer);
  if (id.has_error()) return report(id.error(), common.json);
  return ask(common, "POST", "/api/v1/customers/" + *id + "/consents", body,
             [](const Value& customer, const Terminal& terminal) {
               std::vector<std::vector<std::string>> rows;
               for (const auto& said : list_of(customer, "consents"))
                 rows.push_back({said.text("purpose"), said.text("channel").empty() ? "all" : said.text("channel"),
                                 said.text("word"), time_of(said, "at_ms"), said.text("source")});
               std::printf("%s", terminal.table({"PURPOSE", "CHANNEL", "WORD", "SAID", "BY"}, rows).c_str());
             });
}

int customer_split(const Common& common, std::int64_t merge) {
  return ask(common, "POST", "/api/v1/merges/" + std::to_string(merge) + "/undo", {},
             [](const Value& split, const Terminal&) {
               std::string names;
               for (const auto& id : list_of(split, "customers"))
                 names += (names.empty() ? "" : " and ") + std::to_string(id.if_int() == nullptr ? 0 : *id.if_int());
               std::printf("customers %s are two again\n", names.c_str());
             });
}

int audience_preview(const Common& common, const std::string& recipe) {
  return ask(common, "GET", "/api/v1/recipes/" + percent_encode(recipe) + "/audience", {},
             [](const Value& found, const Terminal& terminal) {
               std::printf("%lld of %lld customers\n", static_cast<long long>(found.number("met")),
                           static_cast<long long>(found.number("looked")));
               std::vector<std::vector<std::string>> rows;
               for (const auto& one : list_of(found, "customers"))
                 rows.push_back({std::to_string(one.number("id")), one.text("name")});
               if (!rows.empty()) std::printf("%s", terminal.table({"CUSTOMER", "NAME"}, rows).c_str());
             });
}

}  // namespace

void add_audience_commands(CLI::App& app, CLI::App& customer, const Common& common, AudienceWords& words, int& code) {
  auto* audience = app.add_subcommand("audience", "what holds for all messages to customers")->require_subcommand(1);
  audience->add_subcommand("show", "sender, country and caps")->callback([&] {
    code = print_audience(common, "GET", {});
  });
  auto* set = audience->add_subcommand("set", "decide it anew, from a JSON file");
  set->add_option("file", words.file, "{\"sender\": {\"name\", \"contact\", \"free_opt_out\"}, \"caps\": [...]}")
      ->required();
  set->callback([&] { code = audience_set(common, words.file); });
  auto* preview = audience->add_subcommand("preview", "who would get a run if a recipe's schedule fired now");
  preview->add_option("recipe", words.file, "with a `schedule` and an `audience`")->required();
  preview->callback([&] { code = audience_preview(common, words.file); });
  auto* consent = customer.add_subcommand("consent", "write down what a person said about advertising");
  consent->add_option("who", words.customer, "the customer: a number, an address, a phone number, user:7001")
      ->required();
  consent->add_option("word", words.word, "granted, refused, or confirmed")->required();
  consent->add_option("--purpose", words.purpose, "ad, or night: advertising at night")->capture_default_str();
  consent->add_option("--channel", words.channel, "email, sms ... (default: all)");
  consent->add_option("--at", words.at, "when it was said, 2026-03-02T09:00:00+09:00 (default: now)");
  consent->add_option("--evidence", words.evidence, "what was shown, and how it was said");
  consent->callback([&] { code = customer_consent(common, words); });
  auto* split = customer.add_subcommand("split", "undo a merge that `customer show` names, within 30 days");
  split->add_option("merge", words.merge, "the merge's id")->required();
  split->callback([&] { code = customer_split(common, words.merge); });
}

}  // namespace ieum::app
