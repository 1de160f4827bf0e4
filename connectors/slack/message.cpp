#include "message.hpp"

#include "blocks.hpp"

namespace slack {

namespace {

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

bool is_id_of(std::string_view text, std::string_view kinds) {
  if (text.size() < 3 || kinds.find(text.front()) == std::string_view::npos) return false;
  for (const char c : text)
    if (!is_capital(c) && !(c >= '0' && c <= '9')) return false;
  return true;
}

Draft refuse(Draft draft, std::string_view code, const std::string& message) {
  draft.refusal = ieum::fail(ieum::Kind::permanent, code, message);
  return draft;
}

Draft made(const ieum::Call& call, bool asks) {
  Draft draft;
  std::string mentions;
  if (const ieum::json::array* list = call.input_value("mentions").if_array()) {
    for (const ieum::json::value& item : *list) {
      const std::string who = ieum::scalar_text(item).value_or("");
      const std::optional<std::string> form = mention(who);
      if (!form)
        return refuse(draft, "bad_mention", "'" + who + "' is no member id, channel id, here, channel or everyone");
      mentions += *form + " ";
    }
  }
  std::string text = mentions + escape(call.input("text"));
  while (!text.empty() && text.back() == ' ') text.pop_back();

  Blocks blocks(call, mentions, asks);
  if (const auto& problem = blocks.problem()) return refuse(draft, problem->code, problem->message);
  if (text.empty() && blocks.empty()) return refuse(draft, "no_text", "the message has neither text nor blocks");

  draft.body["text"] = text;
  if (!blocks.empty()) draft.body["blocks"] = blocks.take();
  if (const std::string thread = call.input("thread_ts"); !thread.empty()) {
    draft.body["thread_ts"] = thread;
    if (ieum::flag_at(call.inputs(), "reply_broadcast")) draft.body["reply_broadcast"] = true;
  }
  if (call.has_input("unfurl_links")) draft.body["unfurl_links"] = ieum::flag_at(call.inputs(), "unfurl_links");
  return draft;
}

}  // namespace

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
  return out;
}

std::optional<std::string> mention(std::string_view who) {
  if (who == "here" || who == "channel" || who == "everyone") return "<!" + std::string(who) + ">";
  if (is_id_of(who, "UW")) return "<@" + std::string(who) + ">";
  if (is_id_of(who, "C")) return "<#" + std::string(who) + ">";
  return std::nullopt;
}

bool is_id(std::string_view channel) { return is_id_of(channel, "CGDUW"); }

Draft draft(const ieum::Call& call) { return made(call, false); }
Draft approval_draft(const ieum::Call& call) { return made(call, true); }

ieum::json::object marker(const ieum::Call& call) {
  return {{"event_type", "ieum_step"}, {"event_payload", ieum::json::object{{"hub_step", call.step_key()}}}};
}

}  // namespace slack
