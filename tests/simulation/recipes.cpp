#include "simulation/recipes.hpp"

#include "simulation/connector.hpp"
#include "simulation/trace.hpp"

namespace ieum::sim {
namespace {

const std::string kEdit = "  # more\n";

class Draw {
 public:
  Draw(Dice& dice, int number) : dice_(dice) { recipe_.name = words("r", number); }

  DrawnRecipe draw() {
    const auto kind = dice_.below(100);
    if (kind < 35) {
      exact();
    } else if (kind < 60) {
      keyed();
    } else if (kind < 95) {
      about(kind >= 85);
    } else {
      scheduled();
    }
    std::string source = words("recipe: ", recipe_.name, "\ntitle: 시험\n", head_);
    if (dice_.percent(25)) source += "retry: " + retry() + "\n";
    if (dice_.percent(30)) {
      const auto policy = dice_.of({"wait", "skip", "fail", "repeat"});
      repeat_all_ = policy == "repeat";
      source += "on_doubt: " + policy + "\n";
    }
    if (dice_.percent(20)) source += "on_error: [" + use("failed") + "]\n";
    asked_.clear();
    source += "steps:\n";
    for (auto left = dice_.between(1, 5); left > 0; --left) source += "  - " + step(2) + "\n";
    recipe_.source = source + kEdit;
    return std::move(recipe_);
  }

 private:
  void trigger(const std::string& topic, const std::string& more) {
    const auto& door = kDoors[static_cast<std::size_t>(dice_.below(kDoors.size()))];
    recipe_.connector = door.connector;
    recipe_.topic = topic;
    head_ += words("trigger:\n  event: ", door.connector, "/", topic, "\n");
    if (dice_.percent(25)) {
      recipe_.connection = door.connection;
      head_ += words("  connection: ", door.connection, "\n");
    }
    if (dice_.percent(50)) {
      recipe_.modulo = static_cast<int>(dice_.between(2, 3));
      recipe_.rest = static_cast<int>(dice_.below(recipe_.modulo));
      head_ += words("  where: 'int(event.n) % ", recipe_.modulo, " == ", recipe_.rest, "'\n");
    }
    head_ += more;
  }

  void exact() {
    recipe_.exact = true;
    trigger("note", "");
  }

  void keyed() {
    trigger("note", "");
    head_ += "entry: {mode: " + dice_.of({"once", "after_exit", "always"}) + ", key: 'event.key'}\n";
    if (dice_.percent(40))
      head_ += words("exit_on: [{event: ", recipe_.connector,
                     "/note, match: {event.key: 'trigger.key'}, where: 'int(event.n) % 5 == 0'}]\n");
    if (dice_.percent(20)) head_ += "keep_while: 'now < run.started_at + duration(\"5h\")'\n";
  }

  void about(bool absent) {
    about_ = true;
    head_ += "about: {email: 'event.email'}\n";
    std::string more;
    if (absent) {
      more = "  absent: {event: order_created, within: " + dice_.of({"30m", "5m", "3h"});
      more += dice_.percent(40) ? ", debounce: false}\n" : "}\n";
      if (dice_.percent(30)) more += "  max_late: 48h\n";
    }
    trigger(absent || dice_.percent(60) ? "checkouts" : "orders", more);
    std::string entry = "mode: " + dice_.of({"once", "after_exit", "after_exit"});
    if (dice_.percent(40)) entry += ", key: 'event.key'";
    if (dice_.percent(25)) entry += ", cap: {max: 2, per: 1d}";
    head_ += "entry: {" + entry + "}\n";
    if (dice_.percent(60)) head_ += "exit_on: [{event: order_created}]\n";
    if (dice_.percent(20)) head_ += "goal: {event: order_created, within: 2d}\n";
  }

  void scheduled() {
    recipe_.scheduled = schedule_ = true;
    head_ += "trigger:\n  schedule: {cron: \"" + dice_.of({"*/20 * * * *", "5 * * * *", "0 */6 * * *"});
    head_ += "\", missed: " + dice_.of({"once", "skip"}) + "}\n";
  }

  std::string retry() {
    return dice_.of({"{for: 0s}", "{for: 10m, first: 5s, cap: 1m}", "{for: 2h, first: 10s, cap: 10m}",
                     "{for: 6h, first: 1s, cap: 30m}", "{for: 40s, first: 1s, cap: 2s}"});
  }

  std::string id(const char* prefix) { return words(prefix, ++ids_); }

  // `why`: of a handler of errors, which has no branches of its own.
  std::string use(const char* why = nullptr) {
    const auto& door = kDoors[static_cast<std::size_t>(dice_.below(kDoors.size()))];
    const auto name = id("s");
    const bool tells = about_ && why == nullptr && dice_.percent(25);
    const auto operation =
        tells ? "tell" : dice_.of({"read", "put", "pay", "register", "job", "post", "post", "talk", "shout"});
    std::string text =
        words("{id: ", name, ", use: ", door.connector, ".", operation, ", connection: ", door.connection);
    const std::string said = schedule_ ? "'tick'" : "trigger.uid";
    text += tells ? ", class: info, with: {to: \"{{ trigger.phone | or('') }}\", text: \"{{ " + said + " }}\"}"
                  : ", with: {text: \"{{ " + said + " }} " + name + "\"}";
    if (dice_.percent(40)) text += ", retry: " + retry();
    bool repeats = repeat_all_;
    if (dice_.percent(25)) {
      const auto policy = dice_.of({"wait", "skip", "fail", "repeat"});
      repeats = policy == "repeat";
      text += ", on_doubt: " + policy;
    }
    if (repeats) recipe_.repeats.insert(name);
    if (why == nullptr && dice_.percent(25)) text += ", on_error: [" + use("failed") + "]";
    asked_ = why == nullptr ? name : "";
    asked_of_ = door.connector;
    return text + "}";
  }

  std::string steps(int deep) {
    std::string text = "[" + step(deep);
    if (dice_.percent(30)) text += ", " + step(deep);
    return text + "]";
  }

  std::string condition() {
    if (schedule_) return "'now > timestamp(\"2026-01-06T00:00:00Z\")'";
    return words("'int(trigger.n) % ", dice_.between(2, 4), " == 0'");
  }

  std::string step(int deep) {
    const auto roll = dice_.below(100);
    if (deep == 0 || roll < 42) return use();
    if (roll < 56)
      return "{wait: " +
             dice_.of({"5s", "1m", "30m", "5h", "1d", "{at: \"10:00\"}", "{days: 1, at: \"09:30\"}",
                       "{window: {from: \"09:00\", to: \"18:00\"}}"}) +
             "}";
    if (roll < 70 && !schedule_) return wait_for(deep);
    std::string text;
    // One part after the other: the order in which a call's arguments are drawn is the compiler's.
    const auto branch = [&](const char* before) {
      const auto asked = asked_;
      text += before + steps(deep - 1);
      asked_ = asked;
    };
    if (roll < 78) {
      text = "{if: " + condition();
      branch(", then: ");
      if (dice_.percent(50)) branch(", else: ");
      return text + "}";
    }
    if (roll < 81 && !schedule_) {
      text = "{switch: [{if: " + condition();
      branch(", then: ");
      branch("}, {else: ");
      return text + "}]}";
    }
    if (roll < 85) {
      text = words("{id: ", id("x"), ", split: ", recipe_.name, ", variants: [{id: a, weight: 1");
      branch(", do: ");
      branch("}, {id: b, weight: 2, do: ");
      return text + "}]}";
    }
    if (roll < 90 && !schedule_) {
      text = words("{id: ", id("f"), ", for_each: 'trigger.list', as: item, max: 5, on_item_error: ");
      text += dice_.of({"continue", "stop"});
      branch(", do: ");
      return text + "}";
    }
    if (roll < 95) {
      text = words("{id: ", id("p"), ", repeat: {max: ", dice_.between(2, 3));
      text += ", every: " + dice_.of({"10s", "20m", "3h"}) + "}";
      branch(", do: ");
      return text + "}";
    }
    if (roll < 98) return words("{set: {v: \"{{ ", schedule_ ? "1" : "trigger.uid", " }}\"}}");
    return words("{if: ", condition(), ", then: [{stop: enough}]}");
  }

  std::string wait_for(int deep) {
    const auto name = id("w");
    std::string match;
    if (!asked_.empty() && dice_.percent(40)) {
      match = words("{event: ", asked_of_, "/answers, step: ", asked_, "}");
    } else if (about_) {
      match = dice_.of({"{event: order_created}", "{event: checkout_started}"});
    } else {
      match = words("{event: ", recipe_.connector, "/note, match: {event.key: 'trigger.key'}}");
    }
    const auto timeout = dice_.of({"10s", "20m", "3h", "1d"});
    std::string text = words("{id: ", name, ", wait_for: ", match, ", timeout: ", timeout);
    const auto asked = asked_;
    if (dice_.percent(60)) text += ", then: " + steps(deep - 1);
    asked_ = asked;
    if (dice_.percent(60)) text += ", on_timeout: " + steps(deep - 1);
    asked_ = asked;
    return text + "}";
  }

  Dice& dice_;
  DrawnRecipe recipe_;
  std::string head_;
  std::string asked_, asked_of_;  // a step that answers may name
  int ids_ = 0;
  bool about_ = false, schedule_ = false, repeat_all_ = false;
};

}  // namespace

DrawnRecipe draw_recipe(Dice& dice, int number) { return Draw(dice, number).draw(); }

std::string edited(const DrawnRecipe& recipe, int edition) {
  std::string source = recipe.source;
  source.replace(source.size() - kEdit.size(), kEdit.size(),
                 words("  - {id: e", edition, ", use: alpha.put, connection: a1, with: {text: more}}\n", kEdit));
  return source;
}

}  // namespace ieum::sim
