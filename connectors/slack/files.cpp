// file.upload: in three steps, for files.upload is gone: an address is asked for, the bytes are sent there without our token,
// then the file is shared. https://docs.slack.dev/messaging/working-with-files#uploading_files
#include "answers.hpp"
#include "api.hpp"
#include "base64.hpp"
#include "ieum/address.hpp"
#include "message.hpp"
#include "operations.hpp"

namespace slack {

namespace {

using ieum::Call;
using ieum::Effect;
using ieum::Kind;

// The bytes; nothing when content_base64 is not base64.
std::optional<std::string> content(const Call& call) {
  if (!call.has_input("content_base64")) return call.input("content");
  return decode_base64(call.input("content_base64"));
}

// "https://files.slack.com/upload/v1/…" of Slack's, or an address of the server that the connection names: the bytes go
// nowhere else.
bool is_upload_url(const Call& call, const std::string& url) {
  if (!ieum::is_address(url)) return false;
  const std::string base = ieum::base_url(call, "https://slack.com");
  if (base != "https://slack.com") return url.starts_with(base + "/");
  const std::size_t end = std::min(url.find('/', 8), url.size());
  const std::string_view host = std::string_view(url).substr(0, end);
  return host.starts_with("https://") && (host.ends_with(".slack.com") || host.ends_with(".slack-files.com"));
}

Effect reserve(const Call& call, const std::string& channel) {
  const std::optional<std::string> bytes = content(call);
  return ask(call, "files.getUploadURLExternal",
             {{"filename", call.input("filename")},
              {"length", std::to_string(bytes ? bytes->size() : 0)},
              {"alt_txt", call.input("alt_text")}})
      .safe()
      .state({{"at", "reserve"}, {"channel", channel}});
}

Effect send_bytes(const Call& call) {
  const std::string url = ieum::text_at(call.answer(), "upload_url");
  const std::string file = ieum::text_at(call.answer(), "file_id");
  if (file.empty() || url.empty()) return unreadable("Slack does not say where the file goes");
  if (!is_upload_url(call, url))
    return ieum::fail(Kind::permanent, "bad_upload_url", "Slack names an address for the file that is not its own");
  return ieum::http("POST", url)
      .body(content(call).value_or(""), "application/octet-stream")
      .auth("")
      .idempotent()
      .state({{"at", "bytes"}, {"channel", ieum::text_at(call.state(), "channel")}, {"file", file}});
}

// Plain text; a second time to the same address is no harm.
std::optional<Effect> refused_bytes(const Call& call) {
  if (call.succeeded()) return std::nullopt;
  if (call.status() == 429) return ieum::fail(Kind::rate_limited, "http_429", "Slack asks to slow down");
  if (call.status() >= 500)
    return ieum::fail(Kind::retry, "http_" + std::to_string(call.status()), "the upload failed");
  return ieum::fail(Kind::permanent, "upload_refused",
                    "Slack does not take the file (HTTP " + std::to_string(call.status()) + ")");
}

Effect share(const Call& call) {
  const std::string channel = ieum::text_at(call.state(), "channel");
  const std::string file = ieum::text_at(call.state(), "file");
  const std::string title = call.input("title", call.input("filename"));
  ieum::json::object body{
      {"files", ieum::json::array{ieum::json::object{{"id", file}, {"title", title.empty() ? file : title}}}}};
  body["channel_id"] = channel;
  if (const std::string comment = call.input("comment"); !comment.empty()) body["initial_comment"] = escape(comment);
  if (const std::string thread = call.input("thread_ts"); !thread.empty()) body["thread_ts"] = thread;
  return tell(call, "files.completeUploadExternal", body)
      .unsafe()
      .state({{"at", "share"}, {"channel", channel}, {"file", file}});
}

ieum::json::object output(const Call& call, const ieum::json::value& file) {
  return {{"file", ieum::text_at(call.state(), "file")},
          {"channel", ieum::text_at(call.state(), "channel")},
          {"permalink", ieum::text_at(file, "permalink")}};
}

}  // namespace

Effect upload_file(const Call& call) {
  if (call.input("filename").empty()) return ieum::fail(Kind::permanent, "no_filename", "the file has no name");
  const std::optional<std::string> bytes = content(call);
  if (!bytes) return ieum::fail(Kind::permanent, "bad_base64", "content_base64 is no base64");
  if (bytes->empty()) return ieum::fail(Kind::permanent, "empty_file", "the file is empty; Slack takes no empty file");
  return with_channel(call, call.input("channel"), reserve);
}

Effect uploaded_file(const Call& call) {
  if (is_looking_up_channel(call)) return looked_up_channel(call, call.input("channel"), reserve);
  const std::string at = ieum::text_at(call.state(), "at");
  if (at == "bytes") {
    if (auto failed = refused_bytes(call)) return std::move(*failed);
    return share(call);
  }
  if (auto failed = failure(call)) return std::move(*failed);
  if (at == "reserve") return send_bytes(call);
  const ieum::json::value* files = ieum::find(call.answer(), "files.0");
  return ieum::done(output(call, files == nullptr ? ieum::json::value() : *files));
}

// After a lost answer: the file is there, and shared, or it is not.
Effect find_file(const Call& call) {
  const std::string file = ieum::text_at(call.state(), "file");
  if (file.empty()) return ieum::not_found();
  return ask(call, "files.info", {{"file", file}})
      .safe()
      .state({{"at", "info"}, {"channel", ieum::text_at(call.state(), "channel")}, {"file", file}});
}

Effect found_file(const Call& call) {
  if (error_code(call) == "file_not_found") return ieum::not_found();
  if (auto failed = failure(call)) return std::move(*failed);
  const ieum::json::value* file = ieum::find(call.answer(), "file");
  if (file == nullptr) return unreadable("Slack does not tell of the file");
  const std::string channel = ieum::text_at(call.state(), "channel");
  for (const char* list : {"channels", "groups", "ims"}) {
    const ieum::json::value* places = ieum::find(*file, list);
    if (places == nullptr || !places->is_array()) continue;
    for (const ieum::json::value& place : places->get_array())
      if (ieum::scalar_text(place) == channel) return ieum::found(output(call, *file));
  }
  return ieum::not_found();
}

}  // namespace slack
