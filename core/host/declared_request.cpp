#include <algorithm>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/url.hpp"
#include "host/declared_exchange.hpp"

namespace ieum::host {
namespace {

constexpr std::size_t kBodyMax = 10u << 20;
constexpr std::size_t kAddressMax = 16u << 10;

// A hole of an address is one segment of the path; only the one that begins a whole `url` may be an address itself.
Result<std::string> write_segment(const Value& value, bool whole) {
  IEUM_TRY(std::string text, scalar_of(value, "a part of the address"));
  if (text.empty()) return Error("bad_value", "a part of the address is empty", "give the value that belongs there");
  return whole ? text : percent_encode(text);
}

Result<std::string> address_text(const expr::Template& text, const expr::Scope& scope, bool may_begin) {
  return text.render_with(
      scope, [&](const Value& value, std::size_t offset) { return write_segment(value, may_begin && offset == 0); });
}

// Dots are written as they are by percent_encode, so a value may still be "..": that would be another address.
bool climbs(std::string_view path) {
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view segment = path.substr(begin, end - begin);
    if (segment == "." || segment == "..") return true;
    begin = end + 1;
  }
  return false;
}

Result<std::string> base_of(const Declared& declared, const expr::Scope& scope) {
  if (!declared.base) return Error("bad_address", "the manifest has no base");
  IEUM_TRY(std::string base, address_text(*declared.base, scope, true));
  while (base.ends_with('/')) base.pop_back();
  return base;
}

Result<std::string> address(const Declared& declared, const DeclaredRequest& request, const expr::Scope& scope) {
  std::string out;
  if (request.url) {
    IEUM_TRY(out, address_text(*request.url, scope, true));
  } else {
    IEUM_TRY(out, base_of(declared, scope));
    IEUM_TRY(const std::string path, address_text(*request.path, scope, false));
    out += path;
  }
  if (out.size() > kAddressMax) return Error("bad_address", "the address is longer than 16 KiB");
  const auto url = parse_url(out);
  if (url.has_error()) return Error("bad_address", "the address is not absolute http(s): " + url.error().what);
  if (climbs(url->target.substr(0, url->target.find('?'))))
    return Error("bad_address", "a part of the address is \".\" or \"..\"", "give the value that belongs there");
  return url->origin() + url->target;
}

// name=value for a text, and once for each element of a list.
Status add_pairs(QueryPairs& pairs, const std::string& name, const Value& value) {
  if (const auto* list = value.if_list()) {
    for (const Value& item : *list) {
      IEUM_TRY(std::string text, scalar_of(item, name));
      pairs.emplace_back(name, std::move(text));
    }
    return {};
  }
  IEUM_TRY(std::string text, scalar_of(value, name));
  pairs.emplace_back(name, std::move(text));
  return {};
}

Status add_query(std::string& target, const DeclaredRequest& request, const expr::Scope& scope) {
  QueryPairs pairs;
  for (const auto& [name, node] : request.query) {
    IEUM_TRY(const std::optional<Value> value, render_node(node, scope, false));
    if (!value || value->is_null()) continue;
    if (request.omit_empty && value->is_string() && value->if_string()->empty()) continue;
    IEUM_CHECK(add_pairs(pairs, name, *value));
  }
  for (const auto& [name, text] : pairs) {
    target += target.find('?') == std::string::npos ? '?' : '&';
    target += percent_encode(name) + "=" + percent_encode(text);
    if (target.size() > kAddressMax) return Error("bad_address", "the address is longer than 16 KiB");
  }
  return {};
}

Result<std::string> form_body(const DeclaredRequest& request, const expr::Scope& scope) {
  IEUM_TRY(const std::optional<Value> fields, render_node(request.content, scope, request.omit_empty));
  QueryPairs pairs;
  if (fields && fields->is_map()) {
    for (const auto& [key, value] : *fields->if_map()) {
      if (!value.is_null()) IEUM_CHECK(add_pairs(pairs, *key.if_string(), value));
    }
  }
  return form_encode(pairs);
}

Status add_body(HttpRequest& out, const DeclaredRequest& request, const expr::Scope& scope) {
  const char* type = nullptr;
  switch (request.body) {
    case DeclaredRequest::Body::none: return {};
    case DeclaredRequest::Body::json: {
      IEUM_TRY(const std::optional<Value> content, render_node(request.content, scope, request.omit_empty));
      if (!content) return Error("render_missing", "the request has no body", "give the input that it is made of");
      out.body = write_json(*content);
      type = "application/json";
      break;
    }
    case DeclaredRequest::Body::form: {
      IEUM_TRY(out.body, form_body(request, scope));
      type = "application/x-www-form-urlencoded";
      break;
    }
    case DeclaredRequest::Body::text: {
      IEUM_TRY(const std::optional<Value> content, render_node(request.content, scope, false));
      if (!content) return Error("render_missing", "the request has no body", "give the input that it is made of");
      IEUM_TRY(out.body, scalar_of(*content, "the body"));
      type = "text/plain; charset=utf-8";
      break;
    }
  }
  if (out.body.size() > kBodyMax) return Error("request_too_large", "the request's body is larger than 10 MiB");
  if (!out.headers.get("content-type")) out.headers.add("content-type", type);
  return {};
}

}  // namespace

Result<HttpRequest> make_request(const Declared& declared, const DeclaredRequest& request, const expr::Scope& scope) {
  HttpRequest out;
  out.method = request.method;
  IEUM_TRY(out.target, address(declared, request, scope));
  IEUM_CHECK(add_query(out.target, request, scope));
  for (const auto& [name, node] : request.headers) {
    IEUM_TRY(const std::optional<Value> value, render_node(node, scope, false));
    if (!value || value->is_null()) continue;
    IEUM_TRY(std::string text, scalar_of(*value, "the header " + name));
    IEUM_CHECK(check_outbound_header(name, text));
    out.headers.add(name, std::move(text));
  }
  IEUM_CHECK(add_body(out, request, scope));
  return out;
}

Safety safety_of(const DeclaredRequest& request, Safety operation) {
  return request.method == "GET" || request.method == "HEAD" ? Safety::safe : operation;
}

Effect ask(const Manifest& manifest, const Declared& declared, const DeclaredRequest& request, const expr::Scope& scope,
           const Value& config, Safety safety, Value state) {
  const auto fail = [](std::string code, std::string message) {
    return FailEffect{FailKind::permanent, std::move(code), std::move(message), std::nullopt};
  };
  auto made = make_request(declared, request, scope);
  if (made.has_error()) {
    const Error& error = made.error();
    return fail(error.code == "render_missing"   ? "missing_input"
                : error.code == "invalid_header" ? error.code
                                                 : "bad_input",
                "the request cannot be made: " + error.what + (error.mend.empty() ? "" : "; " + error.mend));
  }
  const auto scheme = request.auth ? request.auth : auth_of(manifest, config);
  if (!scheme) return fail("no_auth", "no way to log in fits the connection's settings");
  if (write_json(state).size() > limits::kModuleStateBytes)
    return fail("too_much", "what must be remembered until the answer exceeds 64 KiB");
  HttpEffect out;
  out.request = std::move(*made);
  out.auth = *scheme;
  out.fill = request.fill;
  out.safety = safety;
  out.state = std::move(state);
  return out;
}

}  // namespace ieum::host
