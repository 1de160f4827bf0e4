#include "audience/country.hpp"

#include <algorithm>
#include <array>

#include "base/json.hpp"

namespace ieum::audience {
namespace {

constexpr const char* kKorea = R"json({
  "country": "kr",
  "zone": "Asia/Seoul",
  "night": {"from": "21:00", "to": "08:00", "exempt": ["email"]},
  "label": {"text": "(광고)", "look_alikes": ["[광고]", "<광고>", "{광고}", "【광고】", "（광고）", "(ad)", "[ad]", "광고)", "(광고"]},
  "free_opt_out": "무료수신거부",
  "existing_customer_months": 6,
  "confirm": {"years": 2, "notice_days": 30},
  "result_notice_days": 14
})json";

Error bad(const std::string& key, const std::string& why) {
  return Error("bad_country", "`" + key + "` " + why, "compare it with what `ieum country show kr` prints", key);
}

std::optional<int> minute_of(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t at : {0u, 1u, 3u, 4u})
    if (text[at] < '0' || text[at] > '9') return std::nullopt;
  const int hours = (text[0] - '0') * 10 + (text[1] - '0'), minutes = (text[3] - '0') * 10 + (text[4] - '0');
  if (minutes > 59 || hours > 23) return std::nullopt;
  return hours * 60 + minutes;
}

Result<std::vector<std::string>> texts_of(const Value& file, const std::string& key) {
  std::vector<std::string> texts;
  const auto* found = file.get(key);
  if (found == nullptr) return texts;
  if (found->if_list() == nullptr) return bad(key, "is no list");
  for (const auto& one : *found->if_list()) {
    if (one.if_string() == nullptr || one.if_string()->empty()) return bad(key, "holds something that is no text");
    texts.push_back(*one.if_string());
  }
  return texts;
}

Result<int> count_of(const Value& file, const std::string& key, int most) {
  const auto* found = file.get(key);
  if (found == nullptr) return 0;
  const auto* number = found->if_int();
  if (number == nullptr || *number < 0 || *number > most)
    return bad(key, "is no whole number from 0 to " + std::to_string(most));
  return static_cast<int>(*number);
}

Status known(const Value& map, const std::string& where, std::initializer_list<std::string_view> keys) {
  if (map.if_map() == nullptr) return bad(where, "is no map");
  for (const auto& [key, value] : *map.if_map()) {
    const auto* text = key.if_string();
    if (text == nullptr || std::find(keys.begin(), keys.end(), *text) == keys.end())
      return bad(text == nullptr ? where : *text, "is not known");
  }
  return {};
}

}  // namespace

Result<Country> read_country(const Value& file) {
  IEUM_CHECK(known(file, "country",
                   {"country", "zone", "night", "label", "free_opt_out", "existing_customer_months", "confirm",
                    "result_notice_days"}));
  static const Value kNone = Map{};
  Country country;
  country.code = file.text("country");
  country.zone = file.text("zone");
  country.free_opt_out = file.text("free_opt_out");
  if (country.code.empty()) return bad("country", "is missing");
  if (country.zone.empty()) return bad("zone", "is missing: night and anniversaries go by it");
  if (const auto* night = file.get("night")) {
    IEUM_CHECK(known(*night, "night", {"from", "to", "exempt"}));
    const auto from = minute_of(night->text("from")), to = minute_of(night->text("to"));
    if (!from || !to) return bad("night", "needs `from` and `to` as \"21:00\"");
    country.night = {*from, *to};
    IEUM_TRY(country.night_exempt, texts_of(*night, "exempt"));
  }
  if (const auto* label = file.get("label")) {
    IEUM_CHECK(known(*label, "label", {"text", "look_alikes"}));
    country.label = label->text("text");
    IEUM_TRY(country.label_look_alikes, texts_of(*label, "look_alikes"));
  }
  IEUM_TRY(country.existing_customer_months, count_of(file, "existing_customer_months", 120));
  IEUM_TRY(country.result_notice_days, count_of(file, "result_notice_days", 366));
  const auto* confirm = file.get("confirm");
  if (confirm == nullptr) confirm = &kNone;
  IEUM_CHECK(known(*confirm, "confirm", {"years", "notice_days"}));
  IEUM_TRY(country.confirm_years, count_of(*confirm, "years", 100));
  IEUM_TRY(country.confirm_notice_days, count_of(*confirm, "notice_days", 366));
  return country;
}

Country korea() {
  auto file = parse_json(kKorea);
  IEUM_ASSERT(file.has_value());
  auto country = read_country(*file);
  IEUM_ASSERT(country.has_value());
  return std::move(*country);
}

Millis months_later(Millis instant, int months, const Zone& zone) {
  static constexpr std::array kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  CivilTime civil = zone.to_civil(instant);
  const int month = civil.month - 1 + months;
  civil.year += month / 12;
  civil.month = month % 12 + 1;
  const bool leap = (civil.year % 4 == 0 && civil.year % 100 != 0) || civil.year % 400 == 0;
  const int last = civil.month == 2 && leap ? 29 : kDays[static_cast<std::size_t>(civil.month - 1)];
  civil.day = std::min(civil.day, last);
  return zone.to_instant(civil);
}

Millis opens_at(const Hours& closed, Millis now, const Zone& zone) {
  CivilTime civil = zone.to_civil(now);
  const int minute = civil.hour * 60 + civil.minute;
  if (!closed.holds(minute)) return now;
  if (minute >= closed.to_minute) {  // before midnight: it opens tomorrow
    int year = 0, month = 0, day = 0;
    civil_from_days(days_from_civil(civil.year, civil.month, civil.day) + 1, year, month, day);
    civil.year = year, civil.month = month, civil.day = day;
  }
  civil.hour = closed.to_minute / 60;
  civil.minute = closed.to_minute % 60;
  civil.second = civil.millisecond = 0;
  return zone.to_instant(civil);
}

}  // namespace ieum::audience
