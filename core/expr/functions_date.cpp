// format_date: a time as people write it, in a zone and a language. It carries an example that a test runs.
#include <array>

#include "base/encoding.hpp"
#include "base/zone.hpp"
#include "expr/functions.hpp"
#include "expr/times.hpp"

namespace ieum::expr {
namespace {

struct Words {
  std::string_view locale;
  std::array<std::string_view, 7> days, long_days;  // from Sunday
  std::array<std::string_view, 12> months, long_months;
  std::string_view am, pm;
};

constexpr std::array<std::string_view, 12> kKoreanMonths = {"1월", "2월", "3월", "4월",  "5월",  "6월",
                                                            "7월", "8월", "9월", "10월", "11월", "12월"};
constexpr std::array<std::string_view, 12> kJapaneseMonths = {"1月", "2月", "3月", "4月",  "5月",  "6月",
                                                              "7月", "8月", "9月", "10月", "11月", "12月"};
constexpr Words kWords[] = {
    {"ko",
     {"일", "월", "화", "수", "목", "금", "토"},
     {"일요일", "월요일", "화요일", "수요일", "목요일", "금요일", "토요일"},
     kKoreanMonths,
     kKoreanMonths,
     "오전",
     "오후"},
    {"en",
     {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
     {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
     {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
     {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
      "December"},
     "AM",
     "PM"},
    {"ja",
     {"日", "月", "火", "水", "木", "金", "土"},
     {"日曜日", "月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日"},
     kJapaneseMonths,
     kJapaneseMonths,
     "午前",
     "午後"},
};

// "ko", "ko-KR" and "ko_KR" are one.
const Words* words_of(std::string_view locale) {
  const std::string_view language = locale.substr(0, locale.find_first_of("-_"));
  for (const Words& words : kWords)
    if (equals_ignoring_case(words.locale, language)) return &words;
  return nullptr;
}

// Text in apostrophes, two of which are one. `at` is at the first; false when there is no last.
bool append_quoted(const std::string& pattern, std::size_t& at, std::string& out) {
  if (pattern.compare(at, 2, "''") == 0) {
    out += '\'';
    at += 2;
    return true;
  }
  for (++at; at < pattern.size(); ++at) {
    if (pattern[at] != '\'') {
      out += pattern[at];
    } else if (pattern.compare(at, 2, "''") == 0) {
      out += '\'';
      ++at;
    } else {
      ++at;
      return true;
    }
  }
  return false;
}

// Letters of the pattern: yyyy yy MMMM MMM MM M dd d HH H hh h mm m ss s SSS, a (오전), E (월), EEEE (월요일). Text in
// apostrophes and all other characters stand for themselves; other ASCII letters are refused, so that a typing error
// does not go out.
bool format_date(Evaluation& e, std::span<Operand> args, Operand& out) {
  const Value* given_time = Evaluation::unwrap(args[0].get());
  if (!given_time || given_time->is_null())
    return e.fail(Code::no_such_field, "format_date was given nothing (null)", "give a default: x | or('')");
  const Value& value = *given_time;
  const std::string* pattern = args[1].get().if_string();
  const std::string* zone = args.size() > 2 ? args[2].get().if_string() : nullptr;
  const std::string* locale = args.size() > 3 ? args[3].get().if_string() : nullptr;
  if (!pattern || (args.size() > 2 && !zone) || (args.size() > 3 && !locale)) return e.no_overload("format_date", args);
  const Words* words = words_of(locale ? std::string_view(*locale) : "ko");
  if (!words)
    return e.fail(Code::bad_value, "the words of '" + locale->substr(0, 20) + "' are not known", "ko, en or ja");
  std::optional<Timestamp> time;
  if (const Timestamp* given = value.if_timestamp())
    time = *given;
  else if (const std::string* text = value.if_string())
    time = parse_timestamp(*text);
  else if (const std::int64_t* seconds = value.if_int())
    time = timestamp_from(*seconds);
  else
    return e.no_overload("format_date", args);
  if (!time) return e.fail(Code::bad_value, "this is no time", "a time looks like 2026-03-02T09:00:00+09:00");
  int offset = 0;
  if (!e.offset_at(zone ? std::string_view(*zone) : e.limits().default_zone, time->seconds, offset)) return false;
  if (!e.charge(10 + pattern->size())) return false;

  const CivilTime civil = civil_at(time->seconds, offset);
  const int weekday = weekday_from_days(days_from_civil(civil.year, civil.month, civil.day));
  const auto padded = [](std::int64_t number, std::size_t width) {
    std::string text = std::to_string(number);
    return text.size() < width ? std::string(width - text.size(), '0') + text : text;
  };
  std::string result;
  for (std::size_t i = 0; i < pattern->size();) {
    const char c = (*pattern)[i];
    std::size_t run = 1;
    while (i + run < pattern->size() && (*pattern)[i + run] == c) ++run;
    if (c == '\'') {
      if (!append_quoted(*pattern, i, result)) return e.fail(Code::bad_value, "the text in this date has no closing '");
      continue;
    }
    const int hour12 = civil.hour % 12 == 0 ? 12 : civil.hour % 12;
    if (c == 'y' && run == 4)
      result += padded(civil.year, 4);
    else if (c == 'y' && run == 2)
      result += padded(civil.year % 100, 2);
    else if (c == 'M' && run <= 2)
      result += padded(civil.month, run);
    else if (c == 'M' && run <= 4)
      result += (run == 3 ? words->months : words->long_months)[static_cast<std::size_t>(civil.month - 1)];
    else if (c == 'd' && run <= 2)
      result += padded(civil.day, run);
    else if (c == 'H' && run <= 2)
      result += padded(civil.hour, run);
    else if (c == 'h' && run <= 2)
      result += padded(hour12, run);
    else if (c == 'm' && run <= 2)
      result += padded(civil.minute, run);
    else if (c == 's' && run <= 2)
      result += padded(civil.second, run);
    else if (c == 'S' && run == 3)
      result += padded(time->nanos / 1'000'000, 3);
    else if (c == 'a' && run == 1)
      result += civil.hour < 12 ? words->am : words->pm;
    else if (c == 'E' && (run == 1 || run == 4))
      result += (run == 4 ? words->long_days : words->days)[static_cast<std::size_t>(weekday)];
    else if (c == 'T' && run == 1)
      result += 'T';
    else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
      return e.fail(Code::bad_value, "a date has no '" + std::string(run, c).substr(0, 20) + "'",
                    "yyyy MM dd HH mm ss a E, as in 'M월 d일 HH:mm'");
    else
      result.append(run, c);
    i += run;
  }
  if (!e.charge_output(result.size())) return false;
  out.set(Value(std::move(result)));
  return true;
}

constexpr Function kTable[] = {
    {.name = "format_date",
     .form = kFree,
     .min_args = 2,
     .max_args = 4,
     .call = format_date,
     .result = StaticType::string,
     .recipe = true,
     .folds = false,
     .example = "format_date('2026-03-02T00:05:00Z', 'M월 d일 (E) a h:mm', '+09:00') == '3월 2일 (월) 오전 9:05'"},
};

}  // namespace

std::span<const Function> date_functions() { return kTable; }

}  // namespace ieum::expr
