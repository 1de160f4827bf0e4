#include "sandbox/incoming.hpp"

#include <algorithm>
#include <charconv>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"

namespace ieum::sandbox {

namespace {

constexpr int kKoreaSeconds = 9 * 3600;

}  // namespace

std::string Incoming::parameter(std::string_view name, std::string_view fallback) const {
  for (const auto& [key, value] : query)
    if (key == name) return value;
  return std::string(fallback);
}

std::string Incoming::header(std::string_view name) const { return std::string(http.headers.get(name).value_or("")); }

Incoming read_incoming(HttpRequest request, Millis now) {
  Incoming in;
  in.now = now;
  const std::size_t mark = std::min(request.target.find('?'), request.target.size());
  in.path = request.target.substr(0, mark);
  if (mark < request.target.size())
    if (auto pairs = form_decode(std::string_view(request.target).substr(mark + 1))) in.query = std::move(*pairs);
  for (std::size_t from = 0; from < in.path.size();) {
    const std::size_t end = std::min(in.path.find('/', from), in.path.size());
    const std::string_view segment = std::string_view(in.path).substr(from, end - from);
    if (!segment.empty()) in.segments.push_back(percent_decode(segment).value_or(std::string(segment)));
    from = end + 1;
  }
  if (!request.body.empty()) {
    if (auto json = parse_json(request.body)) {
      in.json = std::move(*json);
      in.json_readable = true;
    }
  }
  in.http = std::move(request);
  return in;
}

HttpResponse json_response(int status, const Value& body) {
  return {status, {{"Content-Type", "application/json; charset=utf-8"}}, write_json(body)};
}

std::string text_of(const Value* value) {
  const std::string* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : *text;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string korean_time(Millis at) {
  std::string text = rfc3339_offset(at - (at % kSecond + kSecond) % kSecond, kKoreaSeconds).substr(0, 19);
  text[10] = ' ';
  return text;
}

Result<Millis> parse_korean_time(std::string_view text) {
  std::string full(text);
  if (full.size() == 16) full += ":00";
  if (full.size() != 19 || full[10] != ' ')
    return Error("bad_time", "the time is not of the form yyyy-MM-dd HH:mm", "", std::string(text));
  full[10] = 'T';
  return parse_rfc3339(full + "+09:00");
}

int korean_minute_of_day(Millis at) {
  const Millis local = at + kKoreaSeconds * kSecond;
  return static_cast<int>(((local % kDay + kDay) % kDay) / kMinute);
}

}  // namespace ieum::sandbox
