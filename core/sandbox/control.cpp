// The control side of the sandbox: /_sandbox/*. For tests, the page and whoever plays with faults.
#include "sandbox/control.hpp"
#include "base/encoding.hpp"
#include "base/time_text.hpp"
#include "sandbox/page.hpp"
#include "sandbox/world.hpp"

namespace ieum::sandbox {

namespace {

HttpResponse not_found(const Incoming& in) {
  return control_error(404, Error("not_found", "there is no " + in.path, "see /_sandbox/"));
}

// A page of somebody else must not steer the sandbox of a visitor's machine.
bool is_foreign(const Incoming& in) {
  const std::string origin = in.header("Origin");
  if (origin.empty() || in.is("GET") || in.is("HEAD")) return false;
  const std::string host = in.header("Host");
  return origin != "http://" + host && origin != "https://" + host;
}

}  // namespace

HttpResponse control_error(int status, const Error& error) {
  return json_response(status, Map{{"error", Map{{"code", error.code}, {"what", error.what}, {"mend", error.mend}}}});
}

HttpResponse control_wrong_method() {
  return control_error(405, Error("wrong_method", "this is not done here with that method"));
}

HttpResponse control_needs_json() {
  return control_error(400, Error("bad_json", "the body is no JSON", "send a JSON object"));
}

Reply World::control(const Incoming& in) {
  if (in.path == "/") return {{302, {{"Location", "/_sandbox/"}}, ""}};
  if (in.segments.empty() || in.segments[0] != "_sandbox") return {not_found(in)};
  if (is_foreign(in)) return {control_error(403, Error("foreign_origin", "another site's page may not do this"))};
  const std::string what = in.segments.size() > 1 ? in.segments[1] : "";
  if (!what.empty()) {
    for (const auto& vendor : vendors_) {
      if (auto own = vendor->control(in)) {
        collect(in.now);
        return {std::move(*own)};
      }
    }
  }
  if (in.segments.size() > 2) return {not_found(in)};
  if (what.empty()) return {in.is("GET") || in.is("HEAD") ? page_response() : control_wrong_method()};
  if (what == "calls" || what == "messages") return {control_records(in, what)};
  if (what == "faults") return {control_faults(in)};
  if (what == "templates") return {control_templates(in)};
  if (what == "tokens") return {control_tokens(in)};
  if (what == "clock") return {control_clock(in)};
  if (what == "send") return {control_send(in)};
  if (what == "hooks") return {control_hooks(in)};
  if (what == "reach") return {control_reach(in)};
  if (what == "deliveries") return {control_deliveries(in)};
  if (what == "state") {
    if (!in.is("DELETE")) return {control_wrong_method()};
    reset();
    return {{204, {}, ""}};
  }
  return {not_found(in)};
}

HttpResponse World::control_records(const Incoming& in, const std::string& what) {
  if (in.is("GET"))
    return json_response(200, what == "calls" ? calls_.calls(read_filter(in)) : calls_.messages(read_filter(in)));
  if (!in.is("DELETE")) return control_wrong_method();
  calls_.clear();
  return {204, {}, ""};
}

HttpResponse World::control_faults(const Incoming& in) {
  if (in.is("GET")) return json_response(200, faults_.list());
  if (in.is("DELETE")) {
    faults_.clear();
    return {204, {}, ""};
  }
  if (!in.is("POST")) return control_wrong_method();
  if (!in.json_readable) return control_needs_json();
  const auto id = faults_.add(in.json);
  if (!id) return control_error(400, id.error());
  return json_response(201, Map{{"id", *id}});
}

HttpResponse World::control_templates(const Incoming& in) {
  if (in.is("POST")) {
    if (!in.json_readable) return control_needs_json();
    if (const Status put = templates_.put(in.json); !put) return control_error(400, put.error());
    return json_response(201, template_value(*templates_.find(in.json.text("code"))));
  }
  if (!in.is("GET")) return control_wrong_method();
  List list;
  for (const Template& item : templates_.all()) list.emplace_back(template_value(item));
  return json_response(200, Map{{"templates", std::move(list)}});
}

HttpResponse World::control_tokens(const Incoming& in) {
  if (!in.is("POST")) return control_wrong_method();
  if (!in.json_readable) return control_needs_json();
  Scopes scopes;
  const Value* given = in.json.get("scopes");
  if (given != nullptr && given->is_list())
    for (const Value& scope : *given->if_list()) scopes.insert(text_of(&scope));
  Vendor* vendor = find(in.json.text("vendor"));
  const auto token = vendor == nullptr || given == nullptr ? std::nullopt : vendor->issue(scopes, in.now);
  if (!token)
    return control_error(
        400, Error("bad_token", "no token with scopes can be issued so",
                   R"(send {"vendor": "slack", "scopes": ["chat:write"]}; also shopify, google, airtable)"));
  return json_response(201, Map{{"token", *token}});
}

HttpResponse World::control_clock(const Incoming& in) {
  if (in.is("POST")) {
    if (virtual_clock_ == nullptr)
      return control_error(
          409, Error("real_clock", "the sandbox runs on the machine's clock", "start it with --virtual-clock START"));
    const Value* to = in.json.get("to");
    if (to != nullptr && to->if_int() != nullptr) {
      virtual_clock_->set(*to->if_int());
    } else {
      const auto at = parse_rfc3339(text_of(to));
      if (!at)
        return control_error(400, Error("bad_time", "'to' is no time", R"(send {"to": "2026-03-02T09:00:00+09:00"})"));
      virtual_clock_->set(*at);
    }
  } else if (!in.is("GET")) {
    return control_wrong_method();
  }
  const Millis now = clock_.now();
  return json_response(200, Map{{"now", rfc3339_utc(now)}, {"now_ms", now}, {"virtual", virtual_clock_ != nullptr}});
}

}  // namespace ieum::sandbox
