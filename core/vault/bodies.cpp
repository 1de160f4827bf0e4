// Secrets in bodies: put into those that leave, taken out of those that come.
#include <algorithm>
#include <charconv>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/url.hpp"
#include "vault/auth.hpp"
#include "vault/auth_parts.hpp"

namespace ieum::vault {
namespace {

Error bad(const std::string& pointer, const std::string& what) {
  return {"bad_fill", "the body has no place \"" + pointer + "\" for a secret: " + what};
}

std::vector<std::string> pointer_parts(std::string_view pointer) {
  std::vector<std::string> parts;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const auto slash = pointer.find('/');
    std::string part;
    for (std::size_t i = 0; i < std::min(slash, pointer.size()); ++i) {
      if (pointer[i] == '~' && i + 1 < pointer.size() && (pointer[i + 1] == '0' || pointer[i + 1] == '1'))
        part += pointer[++i] == '0' ? '~' : '/';
      else
        part += pointer[i];
    }
    parts.push_back(std::move(part));
    pointer = slash == std::string_view::npos ? std::string_view() : pointer.substr(slash);
  }
  return parts;
}

std::optional<std::size_t> index_of(const std::string& part) {
  std::size_t index = 0;
  const auto read = std::from_chars(part.data(), part.data() + part.size(), index);
  if (part.empty() || read.ec != std::errc() || read.ptr != part.data() + part.size()) return std::nullopt;
  return index;
}

// The value with `secret` at the end of `parts`; nothing when the way there does not exist.
std::optional<Value> with(const Value& here, const std::vector<std::string>& parts, std::size_t at, const Value& put,
                          bool may_add) {
  if (at == parts.size()) return put;
  const bool last = at + 1 == parts.size();
  if (const Map* map = here.if_map()) {
    const Value* member = map->find(parts[at]);
    if (member == nullptr && (!last || !may_add)) return std::nullopt;
    auto inner = with(member != nullptr ? *member : Value(), parts, at + 1, put, may_add);
    if (!inner) return std::nullopt;
    Map out = *map;
    out.set(parts[at], std::move(*inner));
    return Value(std::move(out));
  }
  if (const List* list = here.if_list()) {
    const auto index = index_of(parts[at]);
    if (!index || *index >= list->size()) return std::nullopt;
    auto inner = with((*list)[*index], parts, at + 1, put, may_add);
    if (!inner) return std::nullopt;
    List out = *list;
    out[*index] = std::move(*inner);
    return Value(std::move(out));
  }
  return std::nullopt;
}

bool is_form(const HttpRequest& request) {
  const auto type = request.headers.get("content-type").value_or("");
  return equals_ignoring_case(trim(type.substr(0, type.find(';'))), "application/x-www-form-urlencoded");
}

Result<std::string> filled_form(const std::string& body, const std::string& pointer, const Secret& secret) {
  auto fields = form_decode(body);
  const auto parts = pointer_parts(pointer);
  if (fields.has_error()) return bad(pointer, "it is no form");
  if (parts.size() != 1 || parts.front().empty()) return bad(pointer, "a form has fields of one name, /name");
  std::erase_if(*fields, [&](const auto& field) { return field.first == parts.front(); });
  fields->emplace_back(parts.front(), std::string(secret.reveal()));
  return form_encode(*fields);
}

Result<std::string> filled_json(const std::string& body, const std::string& pointer, const Secret& secret) {
  const auto json = parse_json(body);
  if (json.has_error()) return bad(pointer, "it is no JSON");
  if (!utf8_valid(secret.reveal())) return Error("bad_credential", "the secret is no text", "enter it again");
  const auto filled = with(*json, pointer_parts(pointer), 0, Value(secret.reveal()), true);
  if (!filled) return bad(pointer, "its parent is not there");
  return write_json(*filled);
}

}  // namespace

Status check_origin(const HttpRequest& request, const std::vector<std::string>& origins) {
  const auto url = parse_url(request.target);
  if (url.has_error()) return Error("origin_refused", "the request has no valid address: " + url.error().what);
  const std::string origin = url->origin();
  const bool allowed = std::any_of(origins.begin(), origins.end(), [&](const std::string& text) {
    const auto known = parse_url(text);
    return known.has_value() && known->origin() == origin;
  });
  if (allowed) return {};
  return Error("origin_refused", "credentials of this connection are not sent to " + origin,
               "only its owner can add an origin");
}

Status fill_body(const std::vector<std::pair<std::string, std::string>>& pointer_to_slot,
                 const std::map<std::string, Secret>& secrets, const std::vector<std::string>& origins,
                 HttpRequest& request) {
  if (pointer_to_slot.empty()) return {};
  IEUM_CHECK(check_origin(request, origins));
  std::string body = request.body;
  for (const auto& [pointer, slot] : pointer_to_slot) {
    const auto found = secrets.find(slot);
    if (found == secrets.end() || found->second.empty())
      return Error("missing_credential", "the credential \"" + slot + "\" is not entered",
                   "enter it in the connection");
    IEUM_TRY(body,
             is_form(request) ? filled_form(body, pointer, found->second) : filled_json(body, pointer, found->second));
  }
  request.body = std::move(body);
  return {};
}

std::optional<Secret> take_secret(std::string& json_body, std::string_view path) {
  const auto json = parse_json(json_body);
  if (json.has_error()) return std::nullopt;
  const Value* found = json->at_path(path);
  const std::string* text = found == nullptr ? nullptr : found->if_string();
  if (text == nullptr || text->empty()) return std::nullopt;
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= path.size();) {
    const auto dot = std::min(path.find('.', at), path.size());
    parts.emplace_back(path.substr(at, dot - at));
    at = dot + 1;
  }
  auto cleaned = with(*json, parts, 0, Value("[redacted]"), false);
  if (!cleaned) return std::nullopt;
  Secret out(*text);
  json_body = write_json(*cleaned);
  return out;
}

}  // namespace ieum::vault
