#include "message.hpp"

#include "block_limits.hpp"
#include "blocks.hpp"
#include "characters.hpp"

namespace slack {

namespace {

constexpr std::size_t kTextMax = 40'000;  // Slack cuts what is longer
constexpr std::size_t kMarkdownMax = 12'000;
constexpr std::size_t kAttachmentsMax = 100;
constexpr std::size_t kBlocksOfAttachment = 50;

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

// Mentions begin with "<"; ">" begins a quotation and stays.
std::string escape_markdown(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else
      out += c;
  }
  return out;
}

bool is_given(const ieum::Call& call, std::string_view name) {
  const ieum::json::value& given = call.input_value(name);
  return !(given.is_null() || (given.is_string() && given.get_string().empty()) ||
           (given.is_array() && given.get_array().empty()) || (given.is_object() && given.get_object().empty()));
}

// Attachments as their author wrote them; false when they cannot be sent, and the draft says why.
bool attach(const ieum::Call& call, Draft& draft) {
  const ieum::json::value& given = call.input_value("attachments");
  if (!is_given(call, "attachments")) return true;
  const ieum::json::array* list = given.if_array();
  if (list == nullptr || list->size() > kAttachmentsMax) {
    draft = refuse({}, "too_many_attachments", "`attachments` is a list of at most 100");
    return false;
  }
  for (const ieum::json::value& one : *list) {
    const ieum::json::value* blocks = ieum::find(one, "blocks");
    if (blocks == nullptr || !blocks->is_array()) continue;
    if (const auto problem = over_limits(blocks->get_array(), kBlocksOfAttachment)) {
      draft = refuse({}, "invalid_blocks", "Slack would not take the blocks of an attachment: " + *problem);
      return false;
    }
  }
  draft.body["attachments"] = *list;
  return true;
}

// What stands in the notification where the author gave no text.
std::string text_instead(const ieum::json::array& blocks, const ieum::Call& call) {
  std::string text = text_of_blocks(blocks);
  if (!text.empty()) return text;
  const ieum::json::array* attachments = call.input_value("attachments").if_array();
  if (attachments == nullptr || attachments->empty()) return text;
  const ieum::json::value& first = attachments->front();
  for (const char* name : {"fallback", "title", "text"})
    if (text = cut(ieum::text_at(first, name), 300); !text.empty()) return escape(text);
  return text;
}

// Markdown goes alone: Slack takes neither text nor blocks beside it.
Draft made_of_markdown(const ieum::Call& call) {
  Draft draft;
  for (const char* other : {"text", "mentions", "header", "fields", "buttons", "blocks"})
    if (is_given(call, other))
      return refuse(draft, "markdown_goes_alone",
                    std::string("leave out `") + other + "`: Slack takes it only without markdown_text");
  const std::string markdown = escape_markdown(call.input("markdown_text"));
  if (length(markdown) > kMarkdownMax)
    return refuse(draft, "msg_too_long", "markdown_text has at most 12000 characters");
  draft.body["markdown_text"] = markdown;
  return draft;
}

Draft made_of_text(const ieum::Call& call, bool asks) {
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
  if (text.empty() && blocks.empty() && !is_given(call, "attachments"))
    return refuse(draft, "no_text", "the message has neither text nor blocks");
  if (length(text) > kTextMax)
    return refuse(draft, "msg_too_long", "the text has at most 40000 characters; Slack cuts what is longer");
  ieum::json::array made = blocks.take();
  if (text.empty()) text = text_instead(made, call);
  draft.body["text"] = text;
  if (!made.empty()) draft.body["blocks"] = std::move(made);
  return draft;
}

Draft made(const ieum::Call& call, bool asks) {
  Draft draft = is_given(call, "markdown_text") ? made_of_markdown(call) : made_of_text(call, asks);
  if (draft.refusal || !attach(call, draft)) return draft;
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
