#include "request.hpp"

#include <algorithm>
#include <array>

#include "ieum/address.hpp"

namespace http_connector {

namespace {

using ieum::Kind;

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return lower(x) == lower(y); });
}

bool has_header(const ieum::json::object& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(), [&](const auto& field) { return same_name(field.key(), name); });
}

bool is_one_of(char c, std::string_view letters) { return letters.find(c) != std::string_view::npos; }

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

// "/path" stands on the connection's base URL. Spaces, letters beyond ASCII and what else an address cannot hold are
// percent-encoded. "" when the text is no address.
std::string address(const ieum::Call& call) {
  std::string url = call.input("url");
  if (url.starts_with('/')) url.insert(0, ieum::base_url(call, ""));
  std::string out;
  for (const char c : url) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    if (control || ieum::is_address_character(c) || c == '[' || c == ']')
      out += c;
    else
      out += ieum::percent_encode({&c, 1});
  }
  return ieum::is_address(out) ? out : "";
}

// A path with "." or ".." in it, escaped or not: servers do not agree where that leads.
bool climbs(std::string_view url) {
  std::string path;
  for (std::size_t i = std::min(url.find('/', url.find("//") + 2), url.size()); i < url.size(); ++i) {
    if (is_one_of(url[i], "?#")) break;
    const bool dot = url[i] == '%' && url[i + 1] == '2' && is_one_of(url[i + 2], "eE");
    path += dot ? '.' : url[i];
    if (dot) i += 2;
  }
  path += '/';
  return path.find("/./") != std::string::npos || path.find("/../") != std::string::npos;
}

// Why a header that the author wrote cannot be sent; "" when it can.
std::string header_refusal(std::string_view name, std::string_view value) {
  const std::string quoted = "the header '" + std::string(name) + "'";
  const auto is_token = [](char c) { return is_word(c) || is_one_of(c, "!#$%&'*+-.^_`|~"); };
  if (name.empty() || !std::all_of(name.begin(), name.end(), is_token))
    return quoted + " has a name that HTTP does not allow";
  for (const std::string_view secret : {"authorization", "proxy-authorization", "cookie"})
    if (same_name(name, secret)) return quoted + " holds credentials; use the connection's token";
  for (const std::string_view owned : {"host", "content-length", "transfer-encoding", "connection", "keep-alive", "te",
                                       "trailer", "upgrade", "proxy-connection", "expect", "accept-encoding"})
    if (same_name(name, owned)) return quoted + " is set by the hub itself";
  for (const char c : value)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F)
      return quoted + " has a line end or control character";
  return "";
}

// From the text of the map, so that numbers keep their digits.
std::string form_text(std::string_view fields) {
  std::string text;
  const auto add = [&](std::string_view name, std::string_view value) {
    text +=
        (text.empty() ? "" : "&") + ieum::percent_encode(name) + "=" + ieum::percent_encode(ieum::source_text(value));
  };
  ieum::each_member(fields, [&](std::string_view name, std::string_view value) {
    if (value.starts_with('['))
      ieum::each_element(value, [&](std::string_view element) { add(name, element); });
    else
      add(name, value);
  });
  return text;
}

// What the method promises by itself (RFC 9110, 9.2), unless the author knows better.
ieum::Safety safety_of(const ieum::Call& call, std::string_view method) {
  const std::string declared = call.input("safety");
  if (declared == "safe") return ieum::Safety::safe;
  if (declared == "idempotent") return ieum::Safety::idempotent;
  if (declared == "keyed") return ieum::Safety::keyed;
  if (declared == "natural") return ieum::Safety::natural;
  if (declared == "unsafe") return ieum::Safety::unsafe;
  if (method == "GET" || method == "HEAD" || method == "OPTIONS") return ieum::Safety::safe;
  if (method == "PUT" || method == "DELETE") return ieum::Safety::idempotent;
  return ieum::Safety::unsafe;
}

}  // namespace

ieum::Effect make_request(const ieum::Call& call) {
  std::string method = call.input("method", "GET");
  for (char& c : method)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  constexpr std::array<std::string_view, 7> methods = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"};
  if (std::find(methods.begin(), methods.end(), method) == methods.end())
    return ieum::fail(Kind::permanent, "bad_method", "'" + method + "' is no method that can be sent");
  const std::string url = address(call);
  if (url.empty())
    return ieum::fail(Kind::permanent, "bad_url",
                      "'" + call.input("url") + "' is no http address, and no path below the connection's base URL");
  if (climbs(url))
    return ieum::fail(Kind::permanent, "bad_url", "a part of the path of '" + url + "' is \".\" or \"..\"");
  const int bodies = call.has_input("json") + call.has_input("body") + call.has_input("form");
  if (bodies > 1) return ieum::fail(Kind::permanent, "two_bodies", "give one of json, body and form");

  ieum::Http request = ieum::http(method, url);
  ieum::json::object headers;
  if (const ieum::json::object* given = call.input_value("headers").if_object()) {
    for (const auto& field : *given) {
      if (has_header(headers, field.key()))
        return ieum::fail(Kind::permanent, "invalid_header",
                          "the header '" + std::string(field.key()) + "' comes twice");
      if (field.value().is_null()) continue;
      const auto text = ieum::scalar_text(field.value());
      if (!text)
        return ieum::fail(Kind::permanent, "invalid_header",
                          "the header '" + std::string(field.key()) + "' is no text");
      if (const std::string refusal = header_refusal(field.key(), *text); !refusal.empty())
        return ieum::fail(Kind::permanent, "invalid_header", refusal);
      headers[field.key()] = *text;
    }
  }
  // content-type is set with the body; what the author wrote wins.
  if (call.has_input("json")) {
    request.body(std::string(call.input_source("json")), "application/json; charset=utf-8");
  } else if (call.has_input("form")) {
    if (!call.input_value("form").is_object())
      return ieum::fail(Kind::permanent, "bad_form", "form is no map of fields");
    request.body(form_text(call.input_source("form")), "application/x-www-form-urlencoded");
  } else if (call.has_input("body")) {
    request.body(call.input("body"), "text/plain; charset=utf-8");
  }
  for (const auto& field : headers)
    request.header(
        same_name(field.key(), "content-type") ? std::string_view("content-type") : std::string_view(field.key()),
        field.value().get_string());
  if (method != "GET" && method != "HEAD" && !has_header(headers, "idempotency-key"))
    request.header("Idempotency-Key", call.step_key());
  const std::string auth = call.config("auth");
  if (!auth.empty() && auth != "none" && auth != "bearer" && auth != "header")
    return ieum::fail(Kind::permanent, "bad_auth", "the connection's authentication is none of none, bearer, header");
  request.auth(auth == "none" ? "" : auth);
  return request.safety(safety_of(call, method));
}

}  // namespace http_connector
