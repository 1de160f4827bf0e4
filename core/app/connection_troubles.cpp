#include "app/connection_troubles.hpp"

#include "app/asking.hpp"
#include "app/terminal.hpp"

namespace ieum::app {
namespace {

constexpr const char* kPublicUrl = "start the hub with --public-url https://..., the address that a vendor reaches";

// "poll rows of 1AbC"
std::string chore(const char* kind, const Value& fact, const char* name) {
  const std::string item = fact.text("item");
  return std::string(kind) + " " + fact.text(name) + (item.empty() ? "" : " of " + item);
}

std::string failed_times(const Value& fact) {
  const auto failures = fact.number("failures");
  return failures == 1 ? "failed" : "failed " + std::to_string(failures) + " times";
}

std::string again(const Value& fact) {
  const std::string due = time_of(fact, "due_ms");
  return due.empty() ? "" : " at " + due;
}

Trouble dead(const Value& connection, const std::string& name, const std::string& problem) {
  std::string slot = "SECRET";
  for (const auto& secret : list_of(connection, "secrets")) slot = secret.text("slot");
  if (list_of(connection, "secrets").size() != 1) slot = "SECRET";
  const bool login = connection.get("login") != nullptr;
  return {problem,
          "a person must mend it: " + problem + "; the hub holds its steps and asks its vendor for nothing until then",
          (login ? "ieum connection login " + name : "ieum connection rotate " + name + " " + slot) +
              "; when the vendor has been mended instead: ieum connection test " + name};
}

Trouble of_poll(const Value& poll, const std::string& name) {
  const std::string what = chore("poll", poll, "poll");
  return {what + " " + failed_times(poll) + ": " + poll.text("problem"),
          what + " " + failed_times(poll) + ": " + poll.text("problem") + "; the hub asks again" + again(poll) +
              ", and tells then what came in the meantime",
          "ieum connection test " + name};
}

Trouble of_subscription(const Value& subscription, const std::string& name) {
  const std::string what = chore("webhook", subscription, "subscription");
  const std::string problem = subscription.text("problem");
  if (problem.find("--public-url") != std::string::npos)
    return {what + " needs --public-url",
            what + " is not made at the vendor: " + "the hub does not know the address by which vendors reach it" +
                "; the hub hears from this vendor only what it asks for itself",
            kPublicUrl};
  return {what + " " + failed_times(subscription) + ": " + problem,
          what + " could not be looked after at the vendor: " + problem + "; the hub tries again" + again(subscription),
          "ieum connection test " + name};
}

}  // namespace

std::vector<Trouble> troubles_of(const Value& connection) {
  std::vector<Trouble> troubles;
  const std::string name = connection.text("name");
  if (!connection.flag("installed")) {
    troubles.push_back({"connector missing",
                        "its connector " + connection.text("connector") +
                            " is not installed; the hub keeps its deliveries, and its steps fail",
                        "put the connector's folder into --connectors and start the hub again"});
    return troubles;
  }
  const Value* health = connection.get("health");
  const std::string problem = health == nullptr ? "" : health->text("problem");
  if (health != nullptr && health->text("state") == "dead") {
    troubles.push_back(dead(connection, name, problem));
    return troubles;
  }
  if (health != nullptr && health->text("state") == "login") {
    troubles.push_back({"log in first",
                        "nobody has logged in yet; the hub holds its steps and asks its vendor for nothing until then",
                        "ieum connection login " + name});
    return troubles;
  }
  if (!problem.empty())
    troubles.push_back(
        {problem, problem + "; until then its steps are tried as ever",
         connection.get("login") != nullptr ? "ieum connection login " + name : "ieum connection test " + name});
  if (const std::string drift = health == nullptr ? "" : health->text("drift"); !drift.empty())
    troubles.push_back({drift, drift + "; the hub takes them as they are, and recipes may miss fields",
                        "make both the same: at the vendor, or by ieum connection add " + name});
  for (const auto& subscription : list_of(connection, "subscriptions"))
    if (!subscription.text("problem").empty()) troubles.push_back(of_subscription(subscription, name));
  for (const auto& poll : list_of(connection, "polls"))
    if (!poll.text("problem").empty()) troubles.push_back(of_poll(poll, name));
  for (const auto& subscription : list_of(connection, "subscriptions"))
    if (const std::string hint = subscription.text("hint"); !hint.empty())
      troubles.push_back({"", chore("webhook", subscription, "subscription") + ": " + hint, kPublicUrl, true});
  return troubles;
}

}  // namespace ieum::app
