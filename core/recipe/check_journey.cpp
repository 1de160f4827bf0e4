#include "recipe/check_journey.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "recipe/check_uses.hpp"
#include "recipe/walk.hpp"

namespace ieum::recipe {

namespace {

class JourneyChecker {
 public:
  JourneyChecker(const Recipe& recipe, const Catalog& catalog, Findings& findings)
      : recipe_(recipe), catalog_(catalog), findings_(findings) {}

  void check() {
    zones();
    entry();
    constants();
    if (recipe_.goal && !reaches_customer(recipe_, catalog_))
      findings_.warning(recipe_.goal->match.place, "goal_unused",
                        "a goal counts from messages to a customer, and this recipe sends none",
                        "leave `goal` out, or send something");
    cart();
  }

 private:
  void zone(const std::string& name, Place place) {
    if (name.empty() || name == "customer" || catalog_.knows_zone(name)) return;
    findings_.error(place, "unknown_zone", "there is no time zone " + quoted(name), "write one like Asia/Seoul");
  }

  void zones() {
    if (recipe_.zone_place.line > 0) zone(recipe_.zone, recipe_.zone_place);
    if (recipe_.schedule) zone(recipe_.schedule->zone, recipe_.schedule->place);
    each_step(recipe_, [&](const Step& step) {
      if (const auto* wait = std::get_if<Wait>(&step.verb)) wait_zone(*wait, step.place);
      if (const auto* await = std::get_if<WaitFor>(&step.verb)) wait_zone(await->timeout, await->timeout_place);
    });
  }

  void wait_zone(const Wait& wait, Place place) {
    zone(wait.zone, place);
    if (wait.zone == "customer" && !recipe_.has_customers())
      findings_.error(place, "customer_without_about", "there is no customer whose zone it could be",
                      "name a zone, or add `about`");
  }

  void entry() {
    const bool keyed = recipe_.entry.key.has_value() || recipe_.has_customers();
    if (recipe_.entry.mode == EntryMode::once && !keyed)
      findings_.error(recipe_.entry_place, "once_for_nobody", "`mode: once` needs to know once for whom",
                      "add `about`, or a `key` to `entry`");
    if (recipe_.entry.cap && !recipe_.has_customers())
      findings_.error(recipe_.entry_place, "cap_for_nobody",
                      "a cap counts the runs of a customer, and there is no `about`",
                      "add `about: {email: event.email}`, or leave `cap` out");
  }

  // What is asked again and again, and can never change its answer.
  void constants() {
    if (recipe_.keep_while)
      constant(*recipe_.keep_while, "keep_while", {"customer", "history", "vars", "steps", "now"});
    each_step(recipe_, [&](const Step& step) {
      const auto* loop = std::get_if<Repeat>(&step.verb);
      if (loop != nullptr && loop->until)
        constant(*loop->until, "until", {"customer", "history", "vars", "steps", "now", "loop"});
    });
  }

  void constant(const Condition& condition, const std::string& key, const std::vector<std::string>& changing) {
    const bool changes = std::any_of(condition.uses.begin(), condition.uses.end(), [&](const NameUse& use) {
      return !use.names.empty() && std::find(changing.begin(), changing.end(), use.names[0]) != changing.end();
    });
    if (!changes)
      findings_.warning(condition.place, "constant_condition",
                        "`" + key + "` asks nothing that changes while the run lives, so its answer stays the same",
                        "ask " + joined(changing) + (key == "keep_while" ? ", or use `where` at the trigger" : ""));
  }

  // Whoever left a cart and then bought must not be reminded of it.
  void cart() {
    if (!is_cart() || !reaches_customer(recipe_, catalog_)) return;
    const auto mentions = [&](const EventMatch& match) { return is_order(match.event); };
    if (std::any_of(recipe_.exit_on.begin(), recipe_.exit_on.end(), mentions)) return;
    const bool absent = recipe_.absent && mentions(recipe_.absent->match);
    // A wait_for of the order decides for itself what happens then.
    bool waits_for_order = false, pauses = false;
    each_step(recipe_, [&](const Step& step) {
      const auto* await = std::get_if<WaitFor>(&step.verb);
      pauses = pauses || await != nullptr || std::holds_alternative<Wait>(step.verb) ||
               std::holds_alternative<Repeat>(step.verb);
      if (await != nullptr)
        for (const Awaited& one : await->events) waits_for_order = waits_for_order || mentions(one.match);
    });
    if (waits_for_order || (absent && (recipe_.keep_while || !pauses))) return;
    findings_.warning(recipe_.trigger.place, "cart_without_exit",
                      "a customer who orders meanwhile is reminded of the cart all the same",
                      "add `exit_on: [{event: order_created}]`");
  }

  bool is_cart() const {
    if (recipe_.schedule) return false;
    const auto of_cart = [](const std::string& text) {
      return to_lower_ascii(text).find("cart") != std::string::npos || text.find("장바구니") != std::string::npos;
    };
    return of_cart(recipe_.trigger.event) || recipe_.trigger.event.find("checkout") != std::string::npos ||
           of_cart(recipe_.name) || of_cart(recipe_.topic);
  }

  static bool is_order(const std::string& event) {
    return event.find("order") != std::string::npos || event.find("purchase") != std::string::npos;
  }

  const Recipe& recipe_;
  const Catalog& catalog_;
  Findings& findings_;
};

}  // namespace

void check_journey(const Recipe& recipe, const Catalog& catalog, Findings& findings) {
  JourneyChecker(recipe, catalog, findings).check();
}

}  // namespace ieum::recipe
