#include "server/routes.hpp"

#include <algorithm>
#include <optional>

#include "base/encoding.hpp"
#include "base/error.hpp"

namespace ieum::server {
namespace {

// Takes the next segment of a path that begins with '/'.
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

bool is_plain(std::string_view text) {
  return !text.empty() &&
         std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F || c == '/'; });
}

std::optional<std::string> decoded(std::string_view segment) {
  if (segment.find('%') == std::string_view::npos) {
    return is_plain(segment) && utf8_valid(segment) ? std::optional(std::string(segment)) : std::nullopt;
  }
  auto text = percent_decode(segment);
  if (!text || !is_plain(*text) || !utf8_valid(*text)) return std::nullopt;
  return text;
}

}  // namespace

std::string_view method_name(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::post: return "POST";
    case Method::del: return "DELETE";
    case Method::options: return "OPTIONS";
  }
  return "";
}

const std::string& PathValues::at(std::string_view name) const {
  const auto found =
      std::find_if(values_.begin(), values_.begin() + size_, [&](const auto& value) { return value.first == name; });
  IEUM_ASSERT(found != values_.begin() + size_);
  return found->second;
}

std::string PathValues::text() const {
  std::string text;
  for (std::size_t i = 0; i < size_; ++i) text.append(i == 0 ? "" : "/").append(values_[i].second);
  return text;
}

void PathValues::add(std::string_view name, std::string value) {
  IEUM_ASSERT(size_ < kMax);
  values_[size_++] = {name, std::move(value)};
}

Route::Route(Method method_, std::string pattern_, Needs needs_, RouteDoc doc_, Handler handler_)
    : method(method_), pattern(std::move(pattern_)), needs(needs_), doc(std::move(doc_)), handler(std::move(handler_)) {
  IEUM_ASSERT(pattern.starts_with('/') && handler);
  std::size_t values = 0;
  for (std::string_view left = pattern; !left.empty();) {
    IEUM_ASSERT(segments_.empty() || segments_.back().kind != Segment::Kind::rest);
    auto text = take_segment(left);
    auto kind = Segment::Kind::literal;
    if (text.starts_with('{')) {
      IEUM_ASSERT(text.ends_with('}'));
      text = text.substr(1, text.size() - 2);
      kind = text.ends_with("...") ? Segment::Kind::rest : Segment::Kind::value;
      if (kind == Segment::Kind::rest) text.remove_suffix(3);
      IEUM_ASSERT(++values <= PathValues::kMax);
    }
    segments_.push_back({kind, std::string(text)});
  }
}

void RouteTable::add(Route route) { routes_.push_back(std::make_unique<const Route>(std::move(route))); }

RouteTable::Match RouteTable::find(std::string_view method, std::string_view target) const {
  const bool head = method == "HEAD";
  const auto whole = path_of(target);
  Match match;
  if (!whole.starts_with('/')) return match;
  for (const auto& route : routes_) {
    const bool same_method = method == method_name(route->method) || (head && route->method == Method::get);
    const bool rest_route = route->segments_.back().kind == Route::Segment::Kind::rest;
    if (!same_method && rest_route) continue;
    PathValues values;
    auto left = whole;
    bool fits = true;
    for (const auto& segment : route->segments_) {
      if (left.empty()) fits = false;
      if (!fits) break;
      if (segment.kind == Route::Segment::Kind::rest) {
        values.add(segment.text, std::string(left.substr(1)));
        left = {};
        break;
      }
      const auto sent = take_segment(left);
      if (segment.kind == Route::Segment::Kind::literal) {
        fits = sent == segment.text;
        continue;
      }
      auto text = decoded(sent);
      fits = text.has_value();
      if (fits) values.add(segment.text, std::move(*text));
    }
    if (!fits || !left.empty()) continue;
    if (same_method) {
      match.kind = Match::Kind::found;
      match.route = route.get();
      match.path = std::move(values);
      match.allow.clear();
      return match;
    }
    match.kind = Match::Kind::wrong_method;
    match.allow.append(match.allow.empty() ? "" : ", ").append(method_name(route->method));
  }
  return match;
}

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

std::string_view query_of(std::string_view target) {
  const auto mark = target.find('?');
  return mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
}

}  // namespace ieum::server
