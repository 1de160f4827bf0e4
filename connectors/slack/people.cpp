// People: found by e-mail, and written to directly. Nobody there is a normal answer: {found: false}.
#include "answers.hpp"
#include "api.hpp"
#include "message.hpp"
#include "operations.hpp"

namespace slack {

namespace {

using ieum::Call;
using ieum::Effect;
using ieum::Kind;

Effect look_up(const Call& call) {
  const std::string email = call.input("email");
  if (email.find('@') == std::string::npos)
    return ieum::fail(Kind::permanent, "bad_email", "'" + email + "' is no e-mail address");
  return ask(call, "users.lookupByEmail", {{"email", email}}).safe().state({{"at", "user"}});
}

Effect open(const Call& call, const std::string& user) {
  return tell(call, "conversations.open", {{"users", user}}).safe().state({{"at", "direct"}, {"user", user}});
}

}  // namespace

Effect find_user(const Call& call) { return look_up(call); }

Effect found_user(const Call& call) {
  if (error_code(call) == "users_not_found") return ieum::done({{"found", false}});
  if (auto failed = failure(call)) return std::move(*failed);
  const ieum::json::value& answer = call.answer();
  const std::string real = ieum::text_at(answer, "user.real_name");
  return ieum::done({{"found", true},
                     {"user", ieum::text_at(answer, "user.id")},
                     {"name", ieum::text_at(answer, "user.name")},
                     {"real_name", real.empty() ? ieum::text_at(answer, "user.profile.real_name") : real},
                     {"timezone", ieum::text_at(answer, "user.tz")}});
}

Effect post_direct(const Call& call) {
  if (Draft message = draft(call); message.refusal) return std::move(*message.refusal);
  const std::string user = call.input("user");
  if (user.empty()) return look_up(call);
  if (!is_id(user) || (user.front() != 'U' && user.front() != 'W'))
    return ieum::fail(Kind::permanent, "bad_user", "'" + user + "' is no member id");
  return open(call, user);
}

Effect posted_direct(const Call& call) {
  const std::string at = ieum::text_at(call.state(), "at");
  if (at == "user" && error_code(call) == "users_not_found")
    return ieum::done({{"found", false}, {"user", ""}, {"channel", ""}, {"ts", ""}});
  if (auto failed = failure(call)) return std::move(*failed);
  if (at == "user") {
    const std::string user = ieum::text_at(call.answer(), "user.id");
    return user.empty() ? unreadable("Slack does not say whom it found") : open(call, user);
  }
  const std::string user = ieum::text_at(call.state(), "user");
  if (at == "direct") {
    const std::string channel = ieum::text_at(call.answer(), "channel.id");
    if (channel.empty()) return unreadable("Slack does not say which conversation it opened");
    Draft message = draft(call);
    if (message.refusal) return std::move(*message.refusal);
    ieum::json::object body{{"channel", channel}};
    for (const auto& member : message.body) body[member.key()] = member.value();
    body["metadata"] = marker(call);
    return tell(call, "chat.postMessage", body).unsafe().state({{"at", "post"}, {"channel", channel}, {"user", user}});
  }
  return ieum::done({{"found", true},
                     {"user", user},
                     {"channel", ieum::text_at(call.answer(), "channel")},
                     {"ts", ieum::text_at(call.answer(), "ts")}});
}

}  // namespace slack
