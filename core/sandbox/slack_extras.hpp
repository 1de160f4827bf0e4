// What Slack does besides messages in channels: files, scheduled and ephemeral messages, reactions, modals, incoming webhooks
// and response addresses, and how many calls of a method a minute takes. Private to sandbox; one thread.
// https://docs.slack.dev/reference/methods
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "sandbox/slack_arguments.hpp"
#include "sandbox/vendor.hpp"

namespace ieum::sandbox {

// {"ok": false, "error"}, and {"ok": true, ...}.
Outcome slack_refuses(std::string_view error, Effect effect = Effect::refused);
Outcome slack_answers(const Map& fields, Effect effect);
Outcome slack_slows_down(std::string_view seconds);

// A conversation as these methods see it; error: what a call about it is refused with, "" when it works.
struct SlackPlace {
  std::string id, name, shown, error;
};

class SlackExtras {
 public:
  using Find = std::function<std::optional<SlackPlace>(const std::string& channel, bool names_too)>;
  using Has =
      std::function<bool(const std::string& channel_id, const std::string& ts)>;  // whether there is such a message
  SlackExtras(Find find, Has has) : find_(std::move(find)), has_(std::move(has)) {}

  // The scope that a method needs; "" needs none.
  static std::string_view scope_of(std::string_view method);

  // Whether this path is one of these: /upload/v1/…, /services/…, /actions/…, /commands/….
  static bool owns(const Incoming& in);
  static std::string_view operation_of(const Incoming& in);  // of such a path
  // Nothing when the method is not among these.
  std::optional<Outcome> call(std::string_view method, const Arguments& arguments, const Incoming& in);
  Outcome visit(const Incoming& in);  // a path that owns() takes
  // The limit of the method's tier; nothing when there is room.
  std::optional<Outcome> tier(std::string_view method, Millis now);

 private:
  Outcome ephemeral(const Arguments& arguments, Millis now);
  Outcome schedule(const Arguments& arguments, Millis now);
  Outcome scheduled(const Arguments& arguments) const;
  Outcome reserve(const Arguments& arguments, const Incoming& in);
  Outcome complete(const Arguments& arguments, const Incoming& in);
  Outcome info(const Arguments& arguments) const;
  Outcome react(const Arguments& arguments);
  Outcome join(const Arguments& arguments);
  Outcome open_view(const Arguments& arguments);
  Outcome upload(const Incoming& in);
  Outcome hook(const Incoming& in);

  struct File {
    std::string name, title, channel;
    std::int64_t length = 0;
    std::string content;
    bool there = false;     // its bytes
    bool complete = false;  // said to be so; channel is "" when it was shared with nobody
  };
  struct Scheduled {
    std::string channel, text;
    std::int64_t post_at = 0, made_at = 0;
  };
  struct Used {
    Millis minute = -1;
    int calls = 0;
  };

  Find find_;
  Has has_;
  std::map<std::string, File> files_;              // by id
  std::map<std::string, Scheduled> scheduled_;     // by id
  std::set<std::string> reactions_;                // channel, ts, name
  std::map<std::string, int> answers_;             // of a response address
  std::map<std::string, Used, std::less<>> used_;  // by method
  std::int64_t last_ = 0;
};

}  // namespace ieum::sandbox
