// Recipe functions over text: josa, mask, e164, slug. Each carries an example that a test runs.
#include <algorithm>
#include <vector>

#include "base/encoding.hpp"
#include "expr/functions.hpp"

namespace ieum::expr {
namespace {

const std::string* text_of_arg(Evaluation& e, std::string_view name, std::span<Operand> args) {
  const Value* value = Evaluation::unwrap(args[0].get());
  const std::string* text = value ? value->if_string() : nullptr;
  if (!text) {
    if (!value || value->is_null())
      e.fail(Code::no_such_field, std::string(name) + " was given nothing (null)", "give a default: x | or('')");
    else
      e.no_overload(name, args);
    return nullptr;
  }
  return e.charge(1 + text->size() / 16) ? text : nullptr;
}

bool give(Evaluation& e, Operand& out, std::string text) {
  if (!e.charge_output(text.size())) return false;
  out.set(Value(std::move(text)));
  return true;
}

std::vector<char32_t> points_of(std::string_view text) {
  std::vector<char32_t> points;
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    char32_t point = length == 1 ? first : first & (0xFFu >> (length + 1));
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k)
      point = point << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3F);
    points.push_back(point);
    i += length;
  }
  return points;
}

// How the last sound of a word ends: open (a vowel), closed (a consonant) or with ㄹ, which 으로/로 treats as open.
enum class Ending { open, closed, rieul };

bool is_letter(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xAC00 && c <= 0xD7A3) ||
         (c >= 0x3131 && c <= 0x318E) || c == '%';
}

// How many of the points decide: what stands behind the last letter is not read, nor is a remark in brackets at the
// end: 티셔츠(블랙)를.
std::size_t read_part(const std::vector<char32_t>& points) {
  std::size_t end = points.size();
  for (;;) {
    while (end > 0 && !is_letter(points[end - 1]) && points[end - 1] != ')' && points[end - 1] != ']' &&
           points[end - 1] != 0xFF09)
      --end;
    if (end == 0 || is_letter(points[end - 1])) return end;
    const char32_t close = points[end - 1];
    const char32_t open = close == ')' ? U'(' : close == ']' ? U'[' : char32_t{0xFF08};
    std::size_t begin = end - 1;
    while (begin > 0 && points[begin - 1] != open) --begin;
    const bool word_before =
        begin > 0 && std::any_of(points.begin(), points.begin() + static_cast<std::ptrdiff_t>(begin),
                                 [](char32_t c) { return is_letter(c); });
    end = word_before ? begin - 1 : end - 1;
  }
}

// Latin words by how they are written in Hangul: Slack 슬랙, Test 테스트, Google 구글, iPhone 아이폰, IBM 아이비엠.
Ending latin_ending(char32_t previous, char32_t last) {
  const auto one_of = [](char32_t c, std::string_view letters) {
    return c < 0x80 && c != 0 && letters.find(static_cast<char>(c)) != std::string_view::npos;
  };
  if (last >= 'A' && last <= 'Z') {  // read letter by letter: 엘, 알, 엠, 엔; all others end in a vowel
    if (last == 'L') return Ending::rieul;
    if (last == 'R') return previous >= 'a' && previous <= 'z' ? Ending::open : Ending::rieul;
    return one_of(last, "MN") ? Ending::closed : Ending::open;
  }
  if (last == 'l' || (last == 'e' && previous == 'l')) return Ending::rieul;
  if (last == 'r') return previous == 0 ? Ending::rieul : Ending::open;
  if (one_of(last, "mn") || (last == 'e' && one_of(previous, "mn"))) return Ending::closed;
  if (last == 'g') return previous == 'n' ? Ending::closed : Ending::open;
  if (one_of(last, "bckpt")) {
    if (last == 't' && one_of(previous, "scnrlfpx")) return Ending::open;
    if (last == 'k' && one_of(previous, "nrsl")) return Ending::open;
    if (last == 'p' && one_of(previous, "mlrs")) return Ending::open;
    return Ending::closed;
  }
  return Ending::open;
}

Ending ending_of(std::string_view word) {
  const std::vector<char32_t> points = points_of(word);
  const std::size_t end = read_part(points);
  if (end == 0) return Ending::open;
  const char32_t last = points[end - 1];
  const char32_t previous = end > 1 && is_letter(points[end - 2]) ? points[end - 2] : 0;
  if (last >= 0xAC00 && last <= 0xD7A3) {
    const char32_t coda = (last - 0xAC00) % 28;
    return coda == 0 ? Ending::open : coda == 8 ? Ending::rieul : Ending::closed;
  }
  if (last >= 0x3131 && last <= 0x314E) return last == 0x3139 ? Ending::rieul : Ending::closed;
  switch (last) {  // digits as they are read: 영, 일, 삼, 육, 칠, 팔 end in a consonant; 퍼센트 does not
    case '1':
    case '7':
    case '8': return Ending::rieul;
    case '0':
    case '3':
    case '6': return Ending::closed;
    default: return last < 0x80 ? latin_ending(previous, last) : Ending::open;
  }
}

// Pairs are written closed/open: 은/는, 이/가, 을/를, 과/와, 으로/로, 아/야, 이나/나.
bool josa(Evaluation& e, std::span<Operand> args, Operand& out) {
  const std::string* word = text_of_arg(e, "josa", args);
  if (!word) return false;
  const std::string* pair = args[1].get().if_string();
  if (!pair) return e.no_overload("josa", args);
  const std::size_t slash = pair->find('/');
  if (slash == std::string::npos || slash == 0 || slash + 1 == pair->size())
    return e.fail(Code::bad_value, "a pair of particles looks like 을/를");
  std::string closed = pair->substr(0, slash), open = pair->substr(slash + 1);
  // Written the other way round it is understood as well.
  const auto adds = [&](std::string_view first) { return open.starts_with(first) && open.ends_with(closed); };
  if (closed == "는" || closed == "가" || closed == "를" || closed == "와" || closed == "야" || closed == "예요" ||
      adds("으") || adds("이"))
    std::swap(closed, open);
  const Ending ending = ending_of(*word);
  const bool takes_open = ending == Ending::open || (ending == Ending::rieul && closed.starts_with("으로"));
  return give(e, out, *word + (takes_open ? open : closed));
}

bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }

// An address keeps at most two letters before @, a telephone number its first three and last four digits, a name its first and
// last letter. Everything else that is a letter or digit becomes *.
bool mask(Evaluation& e, std::span<Operand> args, Operand& out) {
  const std::string* text = text_of_arg(e, "mask", args);
  if (!text) return false;
  std::vector<char32_t> points = points_of(*text);
  std::string result;
  const auto at = std::find(points.begin(), points.end(), U'@');
  const auto digits = static_cast<std::size_t>(std::count_if(points.begin(), points.end(), is_digit));
  const bool phone = digits >= 8 && std::all_of(points.begin(), points.end(), [](char32_t c) {
                       return is_digit(c) || c == '+' || c == '-' || c == ' ' || c == '(' || c == ')' || c == '.';
                     });
  if (at != points.end() && at != points.begin()) {
    const auto local = static_cast<std::size_t>(at - points.begin());
    const std::size_t kept = std::min<std::size_t>(2, local / 2);
    for (std::size_t i = 0; i < kept; ++i) utf8_append(result, points[i]);
    result += "***";
    for (auto it = at; it != points.end(); ++it) utf8_append(result, *it);
  } else if (phone) {
    std::size_t seen = 0;
    for (const char32_t c : points) {
      if (!is_digit(c)) {
        utf8_append(result, c);
        continue;
      }
      ++seen;
      if (seen <= 3 || seen > digits - 4)
        utf8_append(result, c);
      else
        result += '*';
    }
  } else {
    for (std::size_t i = 0; i < points.size(); ++i) {
      const bool kept = i == 0 || (points.size() > 2 && i + 1 == points.size()) || points[i] == ' ';
      if (kept && points.size() > 1)
        utf8_append(result, points[i]);
      else
        result += '*';
    }
  }
  return give(e, out, std::move(result));
}

struct Region {
  std::string_view name, code;
  bool drops_zero;  // the trunk prefix 0 of a national number is not dialled from abroad
};

constexpr Region kRegions[] = {{"KR", "82", true},  {"US", "1", false},   {"CA", "1", false},  {"JP", "81", true},
                               {"GB", "44", true},  {"DE", "49", true},   {"FR", "33", true},  {"CN", "86", false},
                               {"TW", "886", true}, {"HK", "852", false}, {"SG", "65", false}, {"AU", "61", true},
                               {"VN", "84", true},  {"TH", "66", true},   {"IN", "91", true}};

bool e164(Evaluation& e, std::span<Operand> args, Operand& out) {
  const std::string* text = text_of_arg(e, "e164", args);
  if (!text) return false;
  const std::string* region_name = args.size() > 1 ? args[1].get().if_string() : nullptr;
  if (args.size() > 1 && !region_name) return e.no_overload("e164", args);
  const std::string wanted = region_name ? *region_name : "KR";
  const auto region = std::find_if(std::begin(kRegions), std::end(kRegions),
                                   [&](const Region& r) { return equals_ignoring_case(r.name, wanted); });
  if (region == std::end(kRegions))
    return e.fail(Code::bad_value, "the dialling rules of '" + wanted.substr(0, 20) + "' are not known",
                  "write the number with + and country code");

  const auto no_number = [&] { return e.fail(Code::bad_value, "this text is no telephone number"); };
  std::string digits;
  bool international = false;
  for (const char32_t c : points_of(trim(*text))) {
    if (is_digit(c))
      digits += static_cast<char>(c);
    else if (c >= 0xFF10 && c <= 0xFF19)  // as some keyboards write them: ０１０
      digits += static_cast<char>('0' + (c - 0xFF10));
    else if ((c == '+' || c == 0xFF0B) && digits.empty() && !international)
      international = true;
    else if (c != ' ' && c != '-' && c != '(' && c != ')' && c != '.' && !(c >= 0x2010 && c <= 0x2015) && c != 0xFF0D)
      return no_number();
  }
  if (!international && digits.starts_with("00")) {
    digits.erase(0, 2);
    international = true;
  }
  if (international) {
    // +82 (0)10-...: the trunk zero is often left in.
    if (digits.starts_with("820")) digits.erase(2, 1);
  } else {
    const bool trunk_zero = region->drops_zero && digits.starts_with("0");
    const bool trunk_one = region->code == "1" && digits.size() == 11 && digits.starts_with("1");
    if (trunk_zero || trunk_one)
      digits.erase(0, 1);
    else if (region->drops_zero && digits.starts_with(region->code) && digits.size() > 10)
      digits.erase(0, region->code.size());
    digits.insert(0, region->code);
  }
  if (digits.size() < 8 || digits.size() > 15 || digits.front() == '0') return no_number();
  // A Korean number has 8 to 11 digits behind the country code, that of a mobile telephone (010) has 10.
  if (digits.starts_with("82") && (digits.size() < 10 || (digits.starts_with("8210") && digits.size() != 12)))
    return no_number();
  return give(e, out, "+" + digits);
}

// Lower case, every run of other characters one hyphen; letters beyond ASCII (Hangul) stay.
bool slug(Evaluation& e, std::span<Operand> args, Operand& out) {
  const std::string* text = text_of_arg(e, "slug", args);
  if (!text) return false;
  std::string result;
  for (const char32_t c : points_of(to_lower_ascii(*text))) {
    const bool separator =
        c < 0x80 ? !(is_digit(c) || (c >= 'a' && c <= 'z'))
                 : (c >= 0x80 && c <= 0xBF) || (c >= 0x2000 && c <= 0x206F) || (c >= 0x3000 && c <= 0x3020);
    if (!separator)
      utf8_append(result, c);
    else if (!result.empty() && result.back() != '-')
      result += '-';
  }
  while (!result.empty() && result.back() == '-') result.pop_back();
  return give(e, out, std::move(result));
}

constexpr Function kTable[] = {
    {.name = "josa",
     .form = kFree,
     .min_args = 2,
     .max_args = 2,
     .call = josa,
     .result = StaticType::string,
     .recipe = true,
     .example = "josa('이음', '을/를') == '이음을'"},
    {.name = "mask",
     .form = kFree,
     .min_args = 1,
     .max_args = 1,
     .call = mask,
     .result = StaticType::string,
     .recipe = true,
     .example = "mask('010-1234-5678') == '010-****-5678'"},
    {.name = "e164",
     .form = kFree,
     .min_args = 1,
     .max_args = 2,
     .call = e164,
     .result = StaticType::string,
     .recipe = true,
     .example = "e164('010-1234-5678') == '+821012345678'"},
    {.name = "slug",
     .form = kFree,
     .min_args = 1,
     .max_args = 1,
     .call = slug,
     .result = StaticType::string,
     .recipe = true,
     .example = "slug('Spring Sale 2026: 봄!') == 'spring-sale-2026-봄'"},
};

}  // namespace

std::span<const Function> recipe_text_functions() { return kTable; }

}  // namespace ieum::expr
