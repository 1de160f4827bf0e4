// Google as Sheets, Drive (for changes of a file), Forms, Cloud Messaging and its token endpoint, on one origin. Quotas: 60 reads and 60 writes a
// minute and user. A spreadsheet exists from its first use on; ids "missing..." and "private..." never do or may not be read.
#include <algorithm>
#include <map>

#include "base/time_text.hpp"
#include "sandbox/google_api.hpp"
#include "sandbox/google_channels.hpp"
#include "sandbox/google_forms.hpp"
#include "sandbox/google_key.hpp"
#include "sandbox/google_push.hpp"
#include "sandbox/google_tokens.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::int64_t kQuota = 60;

HttpResponse unauthenticated() {
  return google_error(401,
                      "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or "
                      "other valid authentication credential.",
                      "UNAUTHENTICATED");
}

HttpResponse over_quota(bool reads) {
  const std::string kind = reads ? "Read" : "Write";
  return google_error(429,
                      "Quota exceeded for quota metric '" + kind + " requests' and limit '" + kind +
                          " requests per minute per user' of service 'sheets.googleapis.com' for consumer "
                          "'project_number:100000000001'.",
                      "RESOURCE_EXHAUSTED",
                      {Map{{"@type", "type.googleapis.com/google.rpc.ErrorInfo"},
                           {"reason", "RATE_LIMIT_EXCEEDED"},
                           {"domain", "googleapis.com"},
                           {"metadata", Map{{"service", "sheets.googleapis.com"}}}}});
}

enum class Part { none, token, authorize, sheets, drive, forms, push };

Part part_of(const Incoming& in) {
  const auto& path = in.segments;
  if (path.size() == 1 && path[0] == "token") return Part::token;
  if (in.path == "/o/oauth2/v2/auth") return Part::authorize;
  // "POST /v4/spreadsheets/ID:batchUpdate" has the verb in the id's segment.
  if (path.size() >= 2 && path[0] == "v4" && path[1] == "spreadsheets") return Part::sheets;
  if (path.size() >= 3 && path[0] == "drive" && path[1] == "v3") return Part::drive;
  if (GoogleForms::owns(in)) return Part::forms;
  if (is_push(in)) return Part::push;
  return Part::none;
}

bool may(const Scopes& scopes, std::initializer_list<std::string_view> any) {
  constexpr std::string_view start = "https://www.googleapis.com/auth/";
  return std::any_of(any.begin(), any.end(),
                     [&](std::string_view name) { return scopes.contains(std::string(start) + std::string(name)); });
}

// Of the scopes that open a call, one is enough. https://developers.google.com/identity/protocols/oauth2/scopes
bool may_call(Part part, const Incoming& in, const Scopes& scopes) {
  if (part == Part::push) return may(scopes, {"firebase.messaging", "cloud-platform"});
  if (may(scopes, {"drive", "drive.file"}) && part != Part::forms) return true;
  const bool reads = in.is("GET");
  if (part == Part::drive) return may(scopes, {"drive.readonly", "drive.metadata", "drive.metadata.readonly"});
  if (part == Part::forms && in.segments.size() > 3) return may(scopes, {"drive", "forms.responses.readonly"});
  if (part == Part::forms)
    return may(scopes, {"drive", "forms.body"}) || (reads && may(scopes, {"drive.readonly", "forms.body.readonly"}));
  return may(scopes, {"spreadsheets"}) || (reads && may(scopes, {"spreadsheets.readonly", "drive.readonly"}));
}

HttpResponse insufficient(Part part) {
  const char* service = part == Part::drive   ? "drive"
                        : part == Part::forms ? "forms"
                        : part == Part::push  ? "fcm"
                                              : "sheets";
  HttpResponse out = google_error(403, "Request had insufficient authentication scopes.", "PERMISSION_DENIED",
                                  {Map{{"@type", "type.googleapis.com/google.rpc.ErrorInfo"},
                                       {"reason", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"},
                                       {"domain", "googleapis.com"},
                                       {"metadata", Map{{"service", std::string(service) + ".googleapis.com"}}}}});
  out.headers.add("WWW-Authenticate", "Bearer realm=\"https://accounts.google.com/\", error=\"insufficient_scope\"");
  return out;
}

class Google final : public Vendor {
 public:
  explicit Google(const Credentials& credentials) : tokens_(credentials) {}

  [[nodiscard]] std::string_view name() const override { return "google"; }
  [[nodiscard]] bool owns(const Incoming& in) const override { return part_of(in) != Part::none; }

  [[nodiscard]] Description describe(const Incoming& in) const override {
    Description out;
    switch (part_of(in)) {
      case Part::token: out.operation = "token"; break;
      case Part::authorize: out.operation = "authorize"; break;
      case Part::forms: out.operation = in.segments.size() > 3 ? "forms." + in.segments[3] : "forms.get"; break;
      case Part::push:
        out.operation = "messages.send";
        out.message = push_message(in);
        break;
      case Part::drive:
        out.operation = in.is("GET") ? "files.get" : in.segments.back() == "watch" ? "files.watch" : "channels.stop";
        break;
      default: {
        out.operation = sheets_path(in).what;
        if (const Value* values = in.json.get("values")) out.key = row_key(*values);
      }
    }
    out.reads = in.is("GET");
    return out;
  }

  Outcome act(const Incoming& in, bool limits) override {
    const Part part = part_of(in);
    if (part == Part::token || part == Part::authorize) {
      const bool right = in.is(part == Part::token ? "POST" : "GET");
      if (!right) return {google_error(404, "Not Found", "NOT_FOUND"), Effect::refused, {}, {}};
      return {part == Part::token ? tokens_.token(in) : tokens_.authorize(in), Effect::read, {}, {}};
    }
    const auto holder = tokens_.holder_of(in);
    if (!holder) return {unauthenticated(), Effect::refused, {}, {}};
    if (holder->scopes && !may_call(part, in, *holder->scopes)) return {insufficient(part), Effect::refused, {}, {}};
    if (part == Part::drive) return drive(in, holder->user);
    if (part == Part::push) return push(in, ++pushes_);
    if (limits && !counted(holder->user, in.is("GET"), in.now)) {
      Outcome outcome{over_quota(in.is("GET")), Effect::refused, {}, {}};
      outcome.limited = true;
      return outcome;
    }
    if (part == Part::forms) return forms_.act(in);
    SheetsOutcome did = sheets_call(books_, sheets_path(in), in);
    if (!did.changed.empty()) channels_.changed(did.changed);
    return std::move(did.outcome);
  }

  std::optional<std::string> issue(const Scopes& scopes, Millis now) override { return tokens_.issue(scopes, now); }
  [[nodiscard]] std::vector<Hook> hooks() const override { return channels_.hooks(); }
  void lose_hook(const std::string&) override {}  // a lost message is lost; the channel lives on
  std::vector<Told> told(Millis now) override { return channels_.told(now); }

  // Topic "edit": a person changes a sheet, see edit_sheet. "form_response": somebody submits a form, see GoogleForms.
  std::optional<Result<Value>> happen(const Told& what, Millis now) override {
    if (what.topic == "form_response") return Result<Value>(forms_.submit(what.body, now));
    if (what.topic != "edit") return std::nullopt;
    auto book = edit_sheet(books_, what.body, now);
    if (!book) return Result<Value>(book.error());
    channels_.changed(*book);
    return Result<Value>(Value(Map{{"spreadsheet", *book}}));
  }

  std::optional<HttpResponse> control(const Incoming& in) override {
    if (in.segments[1] == "sheets" && in.segments.size() == 2) {
      if (in.is("GET")) return json_response(200, books_view(books_));
      if (!in.is("POST")) return std::nullopt;
      Told edit;
      edit.topic = "edit";
      edit.body = in.json;
      const auto did = happen(edit, in.now);
      if (did->has_error())
        return json_response(
            400,
            Map{{"error", Map{{"code", did->error().code}, {"what", did->error().what}, {"mend", did->error().mend}}}});
      return json_response(200, books_view(books_));
    }
    if (in.path == "/_sandbox/google/key.json" && in.is("GET"))
      return json_response(200, google_key_file("http://" + in.header("Host") + "/token"));
    return std::nullopt;
  }

 private:
  struct Minute {
    Millis minute = -1;
    std::int64_t calls = 0;
  };

  bool counted(const std::string& user, bool reads, Millis now) {
    Minute& window = minutes_[user + (reads ? " reads" : " writes")];
    if (window.minute != now / kMinute) window = {now / kMinute, 0};
    return ++window.calls <= kQuota;
  }

  Outcome drive(const Incoming& in, const std::string& user) {
    const auto& path = in.segments;
    if (in.path == "/drive/v3/about" && in.is("GET"))
      return {json_response(200, Map{{"user", Map{{"emailAddress", user}}}}), Effect::read, {}, {}};
    if (in.path == "/drive/v3/channels/stop" && in.is("POST")) {
      const bool known = channels_.stop(in.json.text("id"), in.json.text("resourceId"));
      if (known) return {{204, {}, ""}, Effect::applied, {}, {}};
      return {google_error(404, "Channel '" + in.json.text("id") + "' not found for project", "NOT_FOUND"),
              Effect::refused,
              {},
              {}};
    }
    if (path[2] != "files" || path.size() < 4)
      return {google_error(404, "Not Found", "NOT_FOUND"), Effect::refused, {}, {}};
    const auto book = books_.open(path[3], in.now);
    if (!book) return {google_error(404, "File not found: " + path[3] + ".", "NOT_FOUND"), Effect::refused, {}, {}};
    if (path.size() == 4 && in.is("GET"))
      return {json_response(200, Map{{"id", path[3]},
                                     {"name", (*book)->title},
                                     {"modifiedTime", rfc3339_utc((*book)->modified_at)},
                                     {"version", std::to_string((*book)->version)}}),
              Effect::read,
              {},
              {}};
    if (path.size() == 5 && path[4] == "watch" && in.is("POST")) {
      auto channel = channels_.watch(path[3], in.json, in.now);
      if (channel) return {json_response(200, *channel), Effect::applied, {}, {}};
      const Error& error = channel.error();
      Map body{{"code", 400},
               {"message", error.what},
               {"errors", List{Map{{"domain", "push"}, {"reason", error.mend}, {"message", error.what}}}}};
      return {json_response(400, Map{{"error", std::move(body)}}), Effect::refused, {}, {}};
    }
    return {google_error(404, "Not Found", "NOT_FOUND"), Effect::refused, {}, {}};
  }

  GoogleTokens tokens_;
  Books books_;
  GoogleChannels channels_;
  GoogleForms forms_;
  std::map<std::string, Minute> minutes_;
  std::int64_t pushes_ = 0;
};

}  // namespace

std::unique_ptr<Vendor> make_google(const Credentials& credentials) { return std::make_unique<Google>(credentials); }

}  // namespace ieum::sandbox
