// Slack's Web API, as far as connectors use it. https://docs.slack.dev/reference/methods
// HTTP 200 with {"ok": false, "error"} is how it refuses. Channels exist when they are first used, apart from three.
#include <algorithm>
#include <deque>
#include <map>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "sandbox/slack_arguments.hpp"
#include "sandbox/slack_extras.hpp"
#include "sandbox/vendor.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kTextMax = 40'000;  // code points; Slack cuts what is longer
constexpr std::size_t kMarkdownMax = 12'000, kAttachmentsMax = 100;
constexpr std::size_t kMessagesMax = 100'000;  // of all channels
constexpr std::size_t kChannelsMax = 10'000;
constexpr const char* kBotUser = "U0IEUMBOT";
constexpr const char* kBotId = "B0IEUM";
constexpr const char* kTeamId = "T0SANDBOX";

struct Channel {
  std::string id;
  std::string name;   // of a person: their id
  std::string error;  // what posting answers, "" when it works
  bool archived = false;
  Millis last_second = -1;  // second of the last message, for the limit of one a second
};

struct Posted {
  std::string channel;
  std::string ts;
  std::string thread;  // ts of the first message; "" outside of threads
  bool in_channel = true;
  Value message;
  Value metadata;
};

Outcome refuse(std::string_view error, Effect effect = Effect::refused) { return slack_refuses(error, effect); }
Outcome answer(const Map& fields, Effect effect) { return slack_answers(fields, effect); }

bool is_method_that_reads(std::string_view method) {
  return method == "auth.test" || method == "users.lookupByEmail" || method == "conversations.list" ||
         method == "conversations.history" || method == "conversations.replies" || method == "conversations.open" ||
         method == "chat.scheduledMessages.list" || method == "files.info" || method == "files.getUploadURLExternal";
}

std::string key_of(const Arguments& arguments) {
  const Value metadata = arguments.structure("metadata");
  return text_of(metadata.at_path("event_payload.hub_step"));
}

bool is_id(std::string_view text, std::string_view kinds) {
  return text.size() >= 3 && kinds.find(text.front()) != std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

bool is_channel_name(std::string_view text) {
  if (!utf8_valid(text) || text.empty() || utf8_length(text) > 80) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

// The same id for the same name, whatever came before: nine capital letters and digits.
std::string id_for(char kind, std::string_view name) {
  std::string id(1, kind);
  for (const char c : hex_encode(sha256(name)).substr(0, 9)) id += static_cast<char>(c >= 'a' ? c - 32 : c);
  return id;
}

class Slack final : public Vendor {
 public:
  explicit Slack(const Credentials& credentials) : token_(credentials.slack_bot_token) {
    for (const char* name : {"general", "cs", "orders", "marketing", "ops"}) add(id_for('C', name), name);
    add("C0MISSING", "missing").error = "channel_not_found";
    add("C0PRIVATE", "private").error = "not_in_channel";
    Channel& archived = add("C0ARCHIVED", "archived");
    archived.error = "is_archived";
    archived.archived = true;
  }

  [[nodiscard]] std::string_view name() const override { return "slack"; }
  [[nodiscard]] bool owns(const Incoming& in) const override {
    return (!in.segments.empty() && in.segments[0] == "api") || SlackExtras::owns(in);
  }

  [[nodiscard]] Description describe(const Incoming& in) const override {
    const Arguments arguments(in);
    Description out;
    if (SlackExtras::owns(in)) {
      out.operation = SlackExtras::operation_of(in);
      out.reads = out.operation == "upload";
      return out;
    }
    out.operation = in.segments.size() == 2 ? in.segments[1] : "";
    out.reads = is_method_that_reads(out.operation);
    out.key = key_of(arguments);
    if (out.operation == "chat.postMessage") out.message = message_of(arguments, out.key);
    return out;
  }

  Outcome act(const Incoming& in, bool limits) override {
    if (SlackExtras::owns(in)) return extras_.visit(in);
    const Arguments arguments(in);
    const std::string method = in.segments.size() == 2 ? in.segments[1] : "";
    if (!arguments.readable()) return refuse("invalid_json");
    std::string token = in.header("Authorization");
    if (token.starts_with("Bearer "))
      token.erase(0, 7);
    else
      token = arguments.text("token");
    if (token.empty()) return refuse("not_authed");
    if (!constant_time_equal(token, token_)) {
      const Scopes* scopes = tokens_.find(token, in.now);
      if (scopes == nullptr) return refuse("invalid_auth");
      const std::string_view needed = SlackExtras::scope_of(method);
      if (!needed.empty() && !scopes->contains(needed)) return lacks(needed, *scopes, is_method_that_reads(method));
    }
    if (limits)
      if (auto limited = extras_.tier(method, in.now)) return std::move(*limited);
    auto extra = extras_.call(method, arguments, in);
    Outcome outcome = extra ? std::move(*extra) : call(method, arguments, in.now, limits);
    if (arguments.charset_missing()) warn(outcome);
    return outcome;
  }

  std::optional<std::string> issue(const Scopes& scopes, Millis) override { return tokens_.issue("xoxb-", scopes); }

  // A person wrote into a channel: the message that the event tells of is there from now on.
  void wrote(const Told& what, Millis now) override {
    if (what.topic != "message" && what.topic != "app_mention") return;
    const Value& body = what.body.at_path("event") == nullptr ? what.body : *what.body.at_path("event");
    Channel* to = channel(body.text("channel", "C0SANDBOX1"), true);
    if (to == nullptr) return;
    const std::string ts = body.text("ts", slack_ts(now));
    posted_.push_back(
        {to->id,
         ts,
         "",
         true,
         Map{{"type", "message"}, {"user", body.text("user", "U0MINJI")}, {"text", body.text("text")}, {"ts", ts}},
         {}});
    if (posted_.size() > kMessagesMax) posted_.pop_front();
  }

 private:
  static Outcome lacks(std::string_view needed, const Scopes& scopes, bool reads) {
    return {
        json_response(
            200,
            Map{{"ok", false}, {"error", "missing_scope"}, {"needed", needed}, {"provided", scopes_text(scopes, ',')}}),
        reads ? Effect::read : Effect::refused,
        {},
        {}};
  }

  [[nodiscard]] bool has(const std::string& channel, const std::string& ts) const {
    return std::any_of(posted_.begin(), posted_.end(),
                       [&](const Posted& item) { return item.ts == ts && item.channel == channel; });
  }

  Outcome call(std::string_view method, const Arguments& arguments, Millis now, bool limits) {
    if (method == "chat.postMessage") return post(arguments, now, limits);
    if (method == "chat.update") return update(arguments);
    if (method == "chat.delete") return remove(arguments);
    if (method == "conversations.history") return history(arguments, "");
    if (method == "conversations.replies")
      return arguments.text("ts").empty() ? refuse("invalid_arguments") : history(arguments, arguments.text("ts"));
    if (method == "conversations.list") return list(arguments);
    if (method == "conversations.open") return open(arguments);
    if (method == "users.lookupByEmail") return look_up(arguments);
    if (method == "auth.test")
      return answer(Map{{"url", "https://ieum-sandbox.slack.com/"},
                        {"team", "이음 샌드박스"},
                        {"user", "ieum"},
                        {"team_id", kTeamId},
                        {"user_id", kBotUser},
                        {"bot_id", kBotId}},
                    Effect::read);
    return refuse("unknown_method");
  }

  static void warn(Outcome& outcome) {
    auto body = parse_json(outcome.response.body);
    if (!body || !body->is_map()) return;
    Map fields = *body->if_map();
    fields.set("warning", "missing_charset");
    outcome.response.body = write_json(fields);
  }

  Message message_of(const Arguments& arguments, const std::string& key) const {
    Message message;
    message.channel = "slack";
    message.to = arguments.text("channel");
    if (const auto at = channels_.find(message.to); at != channels_.end())
      message.to = shown(at->second);
    else if (names_.contains(message.to))
      message.to.insert(0, 1, '#');
    message.from = "ieum";
    message.text = arguments.text("text");
    message.key = key;
    return message;
  }

  static std::string shown(const Channel& channel) {
    return channel.id.front() == 'D' ? "@" + channel.name : "#" + channel.name;
  }

  Channel& add(const std::string& id, const std::string& name) {
    Channel& channel = channels_[id];
    channel.id = id;
    channel.name = name;
    names_[name] = id;
    return channel;
  }

  // By id, name or "#name"; a person's id is their direct conversation. Null when there is none and none may be made.
  Channel* channel(std::string text, bool names_too) {
    if (is_id(text, "CGD")) {
      if (const auto at = channels_.find(text); at != channels_.end()) return &at->second;
      return channels_.size() < kChannelsMax ? &add(text, to_lower_ascii(text)) : nullptr;
    }
    if (!names_too) return nullptr;
    if (is_id(text, "UW")) return &direct(text);
    if (text.starts_with('#')) text.erase(0, 1);
    if (const auto at = names_.find(text); at != names_.end()) return &channels_[at->second];
    if (!is_channel_name(text) || channels_.size() >= kChannelsMax) return nullptr;
    return &add(id_for('C', text), text);
  }

  Channel& direct(const std::string& user) {
    const std::string id = id_for('D', user);
    if (const auto at = channels_.find(id); at != channels_.end()) return at->second;
    return add(id, user);
  }

  std::string next_ts(Millis now) {
    const Millis second = std::max(now / kSecond, ts_second_);
    ts_count_ = second == ts_second_ ? ts_count_ + 1 : 1;
    ts_second_ = ts_count_ > 999'999 ? second + 1 : second;
    if (ts_count_ > 999'999) ts_count_ = 1;
    const std::string count = std::to_string(ts_count_);
    return std::to_string(ts_second_) + "." + std::string(6 - count.size(), '0') + count;
  }

  Outcome post(const Arguments& arguments, Millis now, bool limits) {
    if (arguments.text("channel").empty()) return refuse("invalid_arguments");
    Channel* to = channel(arguments.text("channel"), true);
    if (to == nullptr) return refuse("channel_not_found");
    if (!to->error.empty()) return refuse(to->error);
    std::string text = arguments.text("text");
    const Value blocks = arguments.structure("blocks");
    const std::string markdown = arguments.text("markdown_text");
    if (!markdown.empty() && (!text.empty() || !blocks.is_null())) return refuse("markdown_text_conflict");
    if (utf8_valid(markdown) && utf8_length(markdown) > kMarkdownMax) return refuse("msg_too_long");
    if (text.empty()) text = markdown;
    const Value attachments = arguments.structure("attachments");
    if (text.empty() && blocks.is_null() && attachments.is_null()) return refuse("no_text");
    if (attachments.is_list() && attachments.if_list()->size() > kAttachmentsMax) return refuse("too_many_attachments");
    if (arguments.given("blocks") && (!blocks.is_list() || blocks.if_list()->empty() || blocks.if_list()->size() > 50))
      return refuse("invalid_blocks");
    const Value metadata = arguments.structure("metadata");
    if (arguments.given("metadata") &&
        (metadata.text("event_type").empty() || metadata.get("event_payload") == nullptr))
      return refuse("invalid_metadata_format");
    if (limits && to->last_second == now / kSecond) return slack_slows_down("1");
    to->last_second = now / kSecond;
    text.resize(utf8_valid(text) ? utf8_offset(text, kTextMax) : text.size());

    const std::string ts = next_ts(now);
    Map stored{{"type", "message"}, {"user", kBotUser}, {"bot_id", kBotId}, {"text", text}, {"ts", ts}};
    if (!blocks.is_null()) stored.set("blocks", blocks);
    if (!attachments.is_null()) stored.set("attachments", attachments);
    const std::string thread = arguments.text("thread_ts");
    if (!thread.empty()) stored.set("thread_ts", thread);
    posted_.push_back({to->id, ts, thread, thread.empty() || arguments.flag("reply_broadcast"), stored, metadata});
    if (posted_.size() > kMessagesMax) posted_.pop_front();

    Outcome outcome = answer(Map{{"channel", to->id}, {"ts", ts}, {"message", std::move(stored)}}, Effect::applied);
    Message message = message_of(arguments, key_of(arguments));
    message.to = shown(*to);
    message.text = text.empty() ? "(blocks)" : text;
    message.view = Map{{"channel", to->id}, {"ts", ts}, {"blocks", blocks}};
    outcome.message = message;
    outcome.reached.push_back(std::move(message));
    return outcome;
  }

  Outcome update(const Arguments& arguments) {
    const std::string ts = arguments.text("ts");
    const auto at = std::find_if(posted_.begin(), posted_.end(), [&](const Posted& item) {
      return item.ts == ts && item.channel == arguments.text("channel");
    });
    if (at == posted_.end()) return refuse("message_not_found");
    Map message = *at->message.if_map();
    message.set("text", arguments.text("text"));
    if (arguments.given("blocks")) message.set("blocks", arguments.structure("blocks"));
    at->message = message;
    return answer(Map{{"channel", at->channel}, {"ts", ts}, {"text", arguments.text("text")}}, Effect::applied);
  }

  Outcome remove(const Arguments& arguments) {
    const auto at = std::find_if(posted_.begin(), posted_.end(), [&](const Posted& item) {
      return item.ts == arguments.text("ts") && item.channel == arguments.text("channel");
    });
    if (at == posted_.end()) return refuse("message_not_found");
    const std::string channel = at->channel, ts = at->ts;
    posted_.erase(at);
    return answer(Map{{"channel", channel}, {"ts", ts}}, Effect::applied);
  }

  std::optional<SlackPlace> place(const std::string& text, bool names_too) {
    const Channel* found = channel(text, names_too);
    if (found == nullptr) return std::nullopt;
    return SlackPlace{found->id, found->name, shown(*found), found->error};
  }

  // Newest first; of a thread (with its first message) oldest first.
  Outcome history(const Arguments& arguments, const std::string& thread) {
    const Channel* of = channel(arguments.text("channel"), false);
    if (of == nullptr) return refuse("channel_not_found", Effect::read);
    if (!of->error.empty() && !of->archived) return refuse(of->error, Effect::read);
    const std::string oldest = arguments.text("oldest");
    const std::string latest = arguments.text("latest");
    const bool inclusive = arguments.flag("inclusive");
    const bool with_metadata = arguments.flag("include_all_metadata");
    const std::int64_t limit = std::clamp<std::int64_t>(whole_number(arguments.text("limit")).value_or(100), 1, 999);
    std::int64_t skip = whole_number(arguments.text("cursor")).value_or(0);
    List messages;
    bool more = false;
    const auto take = [&](const Posted& item) {
      const bool here = thread.empty() ? item.in_channel : item.thread == thread || item.ts == thread;
      if (more || item.channel != of->id || !here) return;
      // Times of equal length compare as text.
      if (!oldest.empty() && (inclusive ? item.ts < oldest : item.ts <= oldest)) return;
      if (!latest.empty() && (inclusive ? item.ts > latest : item.ts >= latest)) return;
      if (skip-- > 0) return;
      if (static_cast<std::int64_t>(messages.size()) == limit) {
        more = true;
        return;
      }
      Map message = *item.message.if_map();
      if (with_metadata && !item.metadata.is_null()) message.set("metadata", item.metadata);
      messages.emplace_back(std::move(message));
    };
    if (thread.empty())
      std::for_each(posted_.rbegin(), posted_.rend(), take);
    else
      std::for_each(posted_.begin(), posted_.end(), take);
    const std::int64_t next = whole_number(arguments.text("cursor")).value_or(0) + limit;
    return answer(Map{{"messages", std::move(messages)},
                      {"has_more", more},
                      {"response_metadata", Map{{"next_cursor", more ? std::to_string(next) : ""}}}},
                  Effect::read);
  }

  Outcome list(const Arguments& arguments) {
    const std::int64_t limit = std::clamp<std::int64_t>(whole_number(arguments.text("limit")).value_or(100), 1, 999);
    const std::int64_t skip = whole_number(arguments.text("cursor")).value_or(0);
    List channels;
    std::int64_t seen = 0;
    bool more = false;
    for (const auto& [name, id] : names_) {
      const Channel& item = channels_[id];
      if (item.id.front() == 'D' || item.error == "channel_not_found") continue;
      if (item.archived && arguments.flag("exclude_archived")) continue;
      if (seen++ < skip) continue;
      if (static_cast<std::int64_t>(channels.size()) == limit) {
        more = true;
        break;
      }
      channels.emplace_back(Map{{"id", item.id},
                                {"name", item.name},
                                {"is_channel", true},
                                {"is_private", item.error == "not_in_channel"},
                                {"is_archived", item.archived},
                                {"is_member", item.error.empty()}});
    }
    return answer(Map{{"channels", std::move(channels)},
                      {"response_metadata", Map{{"next_cursor", more ? std::to_string(skip + limit) : ""}}}},
                  Effect::read);
  }

  Outcome open(const Arguments& arguments) {
    const std::string user = arguments.text("users");
    if (!is_id(user, "UW")) return refuse("user_not_found", Effect::read);
    return answer(Map{{"channel", Map{{"id", direct(user).id}}}}, Effect::read);
  }

  Outcome look_up(const Arguments& arguments) {
    const std::string email = to_lower_ascii(arguments.text("email"));
    if (email.find('@') == std::string::npos || email.starts_with("nobody@"))
      return refuse("users_not_found", Effect::read);
    const std::string user = id_for('U', email);
    return answer(Map{{"user", Map{{"id", user},
                                   {"team_id", kTeamId},
                                   {"name", email.substr(0, email.find('@'))},
                                   {"profile", Map{{"email", email}}}}}},
                  Effect::read);
  }

  const std::string token_;
  Tokens tokens_;
  SlackExtras extras_{[this](const std::string& channel, bool names_too) { return place(channel, names_too); },
                      [this](const std::string& channel, const std::string& ts) { return has(channel, ts); }};
  std::map<std::string, Channel> channels_;   // by id
  std::map<std::string, std::string> names_;  // name to id
  std::deque<Posted> posted_;
  Millis ts_second_ = 0;
  Millis ts_count_ = 0;
};

}  // namespace

std::unique_ptr<Vendor> make_slack(const Credentials& credentials) { return std::make_unique<Slack>(credentials); }

}  // namespace ieum::sandbox
