#include "sandbox/slack_extras.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "base/json.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kKeptMax = 10'000;  // of each kind
constexpr std::int64_t kFarthest = 120LL * 24 * 3600;
constexpr std::int64_t kScheduledInFiveMinutes = 30;
constexpr int kAnswersMax = 5;

// Calls a minute; 0 for methods with a limit of their own.
int tier_of(std::string_view method) {
  constexpr std::string_view second[] = {"conversations.list", "files.getUploadURLExternal"};
  constexpr std::string_view fourth[] = {"views.open", "chat.postEphemeral", "files.info",
                                         "files.completeUploadExternal"};
  if (method == "chat.postMessage" || method == "auth.test") return 0;
  if (std::find(std::begin(second), std::end(second), method) != std::end(second)) return 20;
  if (std::find(std::begin(fourth), std::end(fourth), method) != std::end(fourth)) return 100;
  return 50;
}

template <class Kept>
void bound(Kept& kept) {
  if (kept.size() >= kKeptMax) kept.erase(kept.begin());
}

Outcome text_answer(int status, std::string body, Effect effect) {
  return {{status, {{"Content-Type", "text/html"}}, std::move(body)}, effect, {}, {}};
}

// The body as it stands, or the first part of a multipart/form-data body: Slack's own client sends the latter.
std::string_view uploaded_bytes(const Incoming& in) {
  const std::string_view body = in.http.body;
  const std::string type = in.header("Content-Type");
  const std::size_t named = type.find("boundary=");
  if (!to_lower_ascii(type).starts_with("multipart/form-data") || named == std::string::npos) return body;
  std::string_view boundary = std::string_view(type).substr(named + 9);
  boundary = boundary.substr(0, boundary.find(';'));
  if (boundary.size() > 1 && boundary.starts_with('"')) boundary = boundary.substr(1, boundary.find('"', 1) - 1);
  const std::size_t head = body.find("\r\n\r\n");
  if (head == std::string_view::npos) return {};
  const std::size_t end = body.find("\r\n--" + std::string(boundary), head + 2);
  return end == std::string_view::npos || end < head + 4 ? std::string_view() : body.substr(head + 4, end - head - 4);
}

Message shown_as(const SlackPlace& place, const Arguments& arguments, std::string title) {
  Message message;
  message.channel = "slack";
  message.to = place.shown;
  message.from = "ieum";
  message.title = std::move(title);
  message.text = arguments.text("text").empty() ? "(blocks)" : arguments.text("text");
  message.view = Map{{"channel", place.id}, {"blocks", arguments.structure("blocks")}};
  return message;
}

}  // namespace

Outcome slack_refuses(std::string_view error, Effect effect) {
  return {json_response(200, Map{{"ok", false}, {"error", error}}), effect, {}, {}};
}

Outcome slack_answers(const Map& fields, Effect effect) {
  Map all{{"ok", true}};
  for (const auto& [key, value] : fields) all.set(key, value);
  return {json_response(200, std::move(all)), effect, {}, {}};
}

Outcome slack_slows_down(std::string_view seconds) {
  Outcome outcome{{429,
                   {{"Retry-After", std::string(seconds)}, {"Content-Type", "application/json; charset=utf-8"}},
                   R"({"ok":false,"error":"ratelimited"})"},
                  Effect::refused,
                  {},
                  {}};
  outcome.limited = true;
  return outcome;
}

std::string_view SlackExtras::scope_of(std::string_view method) {
  static const std::map<std::string_view, std::string_view> kScopes{{"chat.postMessage", "chat:write"},
                                                                    {"chat.update", "chat:write"},
                                                                    {"chat.delete", "chat:write"},
                                                                    {"chat.postEphemeral", "chat:write"},
                                                                    {"chat.scheduleMessage", "chat:write"},
                                                                    {"conversations.list", "channels:read"},
                                                                    {"conversations.history", "channels:history"},
                                                                    {"conversations.replies", "channels:history"},
                                                                    {"conversations.join", "channels:join"},
                                                                    {"conversations.open", "im:write"},
                                                                    {"users.lookupByEmail", "users:read.email"},
                                                                    {"files.getUploadURLExternal", "files:write"},
                                                                    {"files.completeUploadExternal", "files:write"},
                                                                    {"files.info", "files:read"},
                                                                    {"reactions.add", "reactions:write"}};
  const auto found = kScopes.find(method);
  return found == kScopes.end() ? std::string_view() : found->second;
}

bool SlackExtras::owns(const Incoming& in) {
  if (in.segments.empty()) return false;
  const std::string& first = in.segments[0];
  return (first == "upload" && in.segments.size() == 3 && in.segments[1] == "v1") ||
         ((first == "services" || first == "actions" || first == "commands") && in.segments.size() == 4);
}

std::string_view SlackExtras::operation_of(const Incoming& in) {
  return in.segments[0] == "upload" ? "upload" : in.segments[0] == "services" ? "webhook" : "response_url";
}

std::optional<Outcome> SlackExtras::tier(std::string_view method, Millis now) {
  const int most = tier_of(method);
  if (most == 0) return std::nullopt;
  Used& used = used_[std::string(method.substr(0, 64))];
  if (used.minute != now / kMinute) used = {now / kMinute, 0};
  if (++used.calls <= most) return std::nullopt;
  if (used_.size() > 1000) used_.clear();
  return slack_slows_down(std::to_string((kMinute - now % kMinute + kSecond - 1) / kSecond));
}

std::optional<Outcome> SlackExtras::call(std::string_view method, const Arguments& arguments, const Incoming& in) {
  if (method == "chat.postEphemeral") return ephemeral(arguments, in.now);
  if (method == "chat.scheduleMessage") return schedule(arguments, in.now);
  if (method == "chat.scheduledMessages.list") return scheduled(arguments);
  if (method == "files.getUploadURLExternal") return reserve(arguments, in);
  if (method == "files.completeUploadExternal") return complete(arguments, in);
  if (method == "files.info") return info(arguments);
  if (method == "reactions.add") return react(arguments);
  if (method == "conversations.join") return join(arguments);
  if (method == "views.open") return open_view(arguments);
  return std::nullopt;
}

Outcome SlackExtras::ephemeral(const Arguments& arguments, Millis now) {
  const auto place = find_(arguments.text("channel"), true);
  if (!place) return slack_refuses("channel_not_found");
  if (!place->error.empty()) return slack_refuses(place->error);
  if (arguments.text("user").empty()) return slack_refuses("invalid_arguments");
  if (arguments.text("text").empty() && arguments.structure("blocks").is_null()) return slack_refuses("no_text");
  Outcome outcome =
      slack_answers(Map{{"message_ts", std::to_string(now / kSecond) + ".00" + std::to_string(1000 + ++last_ % 9000)}},
                    Effect::applied);
  Message message = shown_as(*place, arguments, "@" + arguments.text("user"));
  outcome.message = message;
  outcome.reached.push_back(std::move(message));
  return outcome;
}

Outcome SlackExtras::schedule(const Arguments& arguments, Millis now) {
  const auto place = find_(arguments.text("channel"), false);
  if (!place) return slack_refuses("channel_not_found");
  if (!place->error.empty()) return slack_refuses(place->error);
  const std::int64_t at = whole_number(arguments.text("post_at")).value_or(0);
  if (at <= now / kSecond) return slack_refuses("time_in_past");
  if (at > now / kSecond + kFarthest) return slack_refuses("time_too_far");
  if (arguments.text("text").empty() && arguments.structure("blocks").is_null()) return slack_refuses("no_text");
  const auto near = std::count_if(scheduled_.begin(), scheduled_.end(), [&](const auto& entry) {
    return entry.second.channel == place->id && entry.second.post_at / 300 == at / 300;
  });
  if (near >= kScheduledInFiveMinutes) return slack_refuses("restricted_too_many");
  bound(scheduled_);
  const std::string id = "Q" + std::to_string(1'298'393'000 + ++last_);
  scheduled_[id] = {place->id, arguments.text("text"), at, now / kSecond};
  Outcome outcome = slack_answers(Map{{"channel", place->id},
                                      {"scheduled_message_id", id},
                                      {"post_at", at},
                                      {"message", Map{{"type", "delayed_message"}, {"text", arguments.text("text")}}}},
                                  Effect::applied);
  Message message = shown_as(*place, arguments, "예약 " + korean_time(at * kSecond));
  outcome.message = message;
  outcome.reached.push_back(std::move(message));
  return outcome;
}

Outcome SlackExtras::scheduled(const Arguments& arguments) const {
  const std::string channel = arguments.text("channel");
  const std::int64_t oldest = whole_number(arguments.text("oldest")).value_or(0);
  const std::int64_t latest = whole_number(arguments.text("latest")).value_or(INT64_MAX);
  List list;
  for (const auto& [id, item] : scheduled_) {
    if ((!channel.empty() && item.channel != channel) || item.post_at < oldest || item.post_at > latest) continue;
    list.emplace_back(Map{{"id", id},
                          {"channel_id", item.channel},
                          {"post_at", item.post_at},
                          {"date_created", item.made_at},
                          {"text", item.text}});
  }
  return slack_answers(Map{{"scheduled_messages", std::move(list)}, {"response_metadata", Map{{"next_cursor", ""}}}},
                       Effect::read);
}

// The address is of this very server, so that a caller that was pointed here stays here.
Outcome SlackExtras::reserve(const Arguments& arguments, const Incoming& in) {
  const std::int64_t length = whole_number(arguments.text("length")).value_or(0);
  if (arguments.text("filename").empty() || length <= 0) return slack_refuses("invalid_arguments", Effect::read);
  bound(files_);
  const std::string id = "F" + std::to_string(100'000'000 + ++last_);
  files_[id] = {arguments.text("filename"), "", "", length, "", false, false};
  return slack_answers(Map{{"upload_url", "http://" + in.header("Host") + "/upload/v1/" + id}, {"file_id", id}},
                       Effect::read);
}

Outcome SlackExtras::upload(const Incoming& in) {
  const auto at = files_.find(in.segments[2]);
  if (!in.is("POST") || at == files_.end()) return text_answer(404, "not found", Effect::refused);
  const std::string_view bytes = uploaded_bytes(in);
  if (static_cast<std::int64_t>(bytes.size()) != at->second.length)
    return text_answer(400, "length differs", Effect::refused);
  at->second.content = bytes.substr(0, 64 * 1024);
  at->second.there = true;
  return text_answer(200, "OK - " + std::to_string(at->second.length), Effect::read);
}

Outcome SlackExtras::complete(const Arguments& arguments, const Incoming&) {
  const Value files = arguments.structure("files");
  if (!files.is_list() || files.if_list()->empty()) return slack_refuses("invalid_arguments");
  // Without a channel the file stays its owner's alone.
  const bool shared = !arguments.text("channel_id").empty();
  const auto place = shared ? find_(arguments.text("channel_id"), false) : std::nullopt;
  if (shared && !place) return slack_refuses("channel_not_found");
  if (shared && !place->error.empty()) return slack_refuses(place->error);
  List done;
  Outcome outcome;
  for (const Value& one : *files.if_list()) {
    const auto at = files_.find(one.text("id"));
    if (at == files_.end() || !at->second.there) return slack_refuses("file_not_found");
    if (at->second.complete) return slack_refuses("file_already_completed");
    at->second.complete = true;
    at->second.title = one.text("title", at->second.name);
    done.emplace_back(Map{{"id", at->first},
                          {"title", at->second.title},
                          {"name", at->second.name},
                          {"permalink", "https://ieum-sandbox.slack.com/files/U0IEUMBOT/" + at->first}});
    if (!shared) continue;
    at->second.channel = place->id;
    Message message;
    message.channel = "slack";
    message.to = place->shown;
    message.from = "ieum";
    message.title = at->second.title;
    const std::string said = arguments.text("initial_comment");
    message.text = (said.empty() ? "" : said + "\n") + "📎 " + at->second.name;
    message.view = Map{{"channel", place->id},
                       {"file", at->second.name},
                       {"content", utf8_valid(at->second.content) ? at->second.content : ""}};
    outcome.reached.push_back(std::move(message));
  }
  Outcome answer = slack_answers(Map{{"files", std::move(done)}}, Effect::applied);
  if (shared) answer.message = outcome.reached.front();
  answer.reached = std::move(outcome.reached);
  return answer;
}

Outcome SlackExtras::info(const Arguments& arguments) const {
  const auto at = files_.find(arguments.text("file"));
  if (at == files_.end()) return slack_refuses("file_not_found", Effect::read);
  List channels;
  if (!at->second.channel.empty()) channels.emplace_back(at->second.channel);
  return slack_answers(Map{{"file", Map{{"id", at->first},
                                        {"name", at->second.name},
                                        {"channels", std::move(channels)},
                                        {"permalink", "https://ieum-sandbox.slack.com/files/U0IEUMBOT/" + at->first}}}},
                       Effect::read);
}

Outcome SlackExtras::react(const Arguments& arguments) {
  const auto place = find_(arguments.text("channel"), false);
  if (!place) return slack_refuses("channel_not_found");
  if (!place->error.empty()) return slack_refuses(place->error);
  const std::string name = arguments.text("name");
  if (name.empty() || name.find(':') != std::string::npos) return slack_refuses("invalid_name");
  if (arguments.text("timestamp").empty()) return slack_refuses("no_item_specified");
  if (!has_(place->id, arguments.text("timestamp"))) return slack_refuses("message_not_found");
  bound(reactions_);
  if (!reactions_.insert(place->id + " " + arguments.text("timestamp") + " " + name).second)
    return slack_refuses("already_reacted", Effect::repeated);
  return slack_answers({}, Effect::applied);
}

Outcome SlackExtras::join(const Arguments& arguments) {
  const auto place = find_(arguments.text("channel"), false);
  if (!place) return slack_refuses("channel_not_found");
  if (place->error == "is_archived") return slack_refuses(place->error);
  if (!place->error.empty()) return slack_refuses("method_not_supported_for_channel_type");
  return slack_answers(
      Map{{"channel", Map{{"id", place->id}, {"name", place->name}}}, {"warning", "already_in_channel"}},
      Effect::repeated);
}

Outcome SlackExtras::open_view(const Arguments& arguments) {
  const Value view = arguments.structure("view");
  if (arguments.text("trigger_id").empty() || !view.is_map()) return slack_refuses("invalid_arguments");
  if (arguments.text("trigger_id").starts_with("expired")) return slack_refuses("expired_trigger_id");
  return slack_answers(Map{{"view", Map{{"id", "V" + std::to_string(++last_)}}}}, Effect::applied);
}

// Incoming webhooks: /services/T…/B…/token. Response addresses: five times. Both answer in plain text.
Outcome SlackExtras::hook(const Incoming& in) {
  const bool incoming = in.segments[0] == "services";
  if (incoming && (!in.segments[1].starts_with('T') || !in.segments[2].starts_with('B')))
    return text_answer(404, "no_team", Effect::refused);
  if (incoming && in.segments[3] == "revoked") return text_answer(404, "no_service", Effect::refused);
  if (incoming && in.segments[3] == "archived") return text_answer(410, "channel_is_archived", Effect::refused);
  if (!in.json_readable || !in.json.is_map()) return text_answer(400, "invalid_payload", Effect::refused);
  if (!incoming) {
    if (answers_.size() >= kKeptMax) answers_.clear();
    if (++answers_[in.path] > kAnswersMax)
      return {json_response(404, Map{{"ok", false}, {"error", "used_url"}}), Effect::refused, {}, {}};
  }
  const Value* blocks = in.json.get("blocks");
  const bool deletes = in.json.flag("delete_original");
  const Value* attachments = in.json.get("attachments");
  if (attachments != nullptr && attachments->is_list() && attachments->if_list()->size() > 100)
    return text_answer(400, "too_many_attachments", Effect::refused);
  if (in.json.text("text").empty() && blocks == nullptr && attachments == nullptr && !deletes)
    return text_answer(400, "no_text", Effect::refused);
  Outcome outcome = text_answer(200, "ok", Effect::applied);
  if (deletes) return outcome;
  Message message;
  message.channel = "slack";
  message.to = incoming ? "#" + in.segments[2] : "response";
  message.from = "ieum";
  message.text = in.json.text("text").empty() ? "(blocks)" : in.json.text("text");
  message.view = Map{{"blocks", blocks == nullptr ? Value() : *blocks}};
  outcome.message = message;
  outcome.reached.push_back(std::move(message));
  return outcome;
}

Outcome SlackExtras::visit(const Incoming& in) { return in.segments[0] == "upload" ? upload(in) : hook(in); }

}  // namespace ieum::sandbox
