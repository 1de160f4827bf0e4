// Recipe functions over numbers and values: dec, round, format_number, format_money, json, lines, sha256, url_encode. Each carries an example that a test runs.
// A missing value (null) given to them fails like a missing member, so that `| or(...)` behind them gives the default.
#include "base/decimal.hpp"
#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "expr/functions.hpp"

namespace ieum::expr {
namespace {

bool is_missing(Evaluation& e, const Operand& arg, std::string_view name) {
  const Value* value = Evaluation::unwrap(arg.get());
  if (value && !value->is_null()) return false;
  e.fail(Code::no_such_field, std::string(name) + " was given nothing (null)", "give a default: x | or(0)");
  return true;
}

// A number, or text that is one.
std::optional<Decimal> exact(Evaluation& e, std::string_view name, std::span<Operand> args) {
  if (is_missing(e, args[0], name)) return std::nullopt;
  const Value& value = *Evaluation::unwrap(args[0].get());
  if (std::optional<Decimal> number = decimal_of(value)) return number;
  const std::string* text = value.if_string();
  if (!text) {
    e.no_overload(name, args);
    return std::nullopt;
  }
  if (!e.charge(text->size() / 64)) return std::nullopt;
  Result<Decimal> number = decimal::parse(*text);
  if (number) return std::move(*number);
  e.fail(number.error().code == "decimal_range" ? Code::overflow : Code::bad_value, "this text is no decimal number",
         "digits with one point and nothing else: 1234.50");
  return std::nullopt;
}

bool dec(Evaluation& e, std::span<Operand> args, Operand& out) {
  std::optional<Decimal> number = exact(e, "dec", args);
  if (!number) return false;
  out.set(Value(std::move(*number)));
  return true;
}

constexpr std::int64_t kScaleMax = 30;

bool scale_of(Evaluation& e, std::string_view name, std::span<Operand> args, std::size_t index, int fallback,
              int& scale) {
  scale = fallback;
  if (args.size() <= index) return true;
  const std::int64_t* given = args[index].get().if_int();
  if (!given) return e.no_overload(name, args);
  if (*given < 0 || *given > kScaleMax) return e.fail(Code::bad_value, "the number of digits is 0 to 30");
  scale = static_cast<int>(*given);
  return true;
}

bool round(Evaluation& e, std::span<Operand> args, Operand& out) {
  int scale = 0;
  if (!scale_of(e, "round", args, 1, 0, scale)) return false;
  std::optional<Decimal> number = exact(e, "round", args);
  if (!number) return false;
  out.set(Value(decimal::round(*number, scale)));
  return true;
}

// "1234567.5" with scale 2 to "1,234,567.50"; scale -1 keeps the digits behind the point.
std::string grouped(const Decimal& value, int scale) {
  const Decimal number = scale < 0 ? value : decimal::round(value, scale);
  std::string digits = number.digits;
  const bool negative = digits.front() == '-';
  if (negative) digits.erase(0, 1);
  const std::size_t dot = digits.find('.');
  std::string whole = digits.substr(0, dot);
  std::string fraction = dot == std::string::npos ? "" : digits.substr(dot + 1);
  if (scale >= 0) fraction.resize(static_cast<std::size_t>(scale), '0');
  for (std::size_t i = whole.size(); i > 3; i -= 3) whole.insert(i - 3, ",");
  const bool zero = whole == "0" && fraction.find_first_not_of('0') == std::string::npos;
  return (negative && !zero ? "-" : "") + whole + (fraction.empty() ? "" : "." + fraction);
}

bool give(Evaluation& e, Operand& out, std::string text) {
  if (!e.charge_output(text.size())) return false;
  out.set(Value(std::move(text)));
  return true;
}

bool format_number(Evaluation& e, std::span<Operand> args, Operand& out) {
  int scale = -1;
  if (!scale_of(e, "format_number", args, 1, -1, scale)) return false;
  const std::optional<Decimal> number = exact(e, "format_number", args);
  return number && give(e, out, grouped(*number, scale));
}

struct Currency {
  std::string_view code, before, behind;
  int scale;
};

constexpr Currency kCurrencies[] = {
    {"KRW", "", "원", 0},  {"USD", "$", "", 2},   {"JPY", "¥", "", 0},   {"EUR", "€", "", 2},  {"GBP", "£", "", 2},
    {"CNY", "CN¥", "", 2}, {"TWD", "NT$", "", 0}, {"HKD", "HK$", "", 2}, {"SGD", "S$", "", 2}, {"AUD", "A$", "", 2},
    {"CAD", "CA$", "", 2}, {"VND", "", "₫", 0},   {"THB", "฿", "", 2},   {"INR", "₹", "", 2},  {"PHP", "₱", "", 2},
};

bool format_money(Evaluation& e, std::span<Operand> args, Operand& out) {
  const std::string* code = args[1].get().if_string();
  if (!code) return is_missing(e, args[1], "format_money") ? false : e.no_overload("format_money", args);
  if (code->size() != 3) return e.fail(Code::bad_value, "a currency has three letters", "KRW, USD, JPY ...");
  const std::optional<Decimal> number = exact(e, "format_money", args);
  if (!number) return false;
  for (const Currency& currency : kCurrencies) {
    if (!equals_ignoring_case(currency.code, *code)) continue;
    std::string text = grouped(*number, currency.scale);
    const bool negative = text.front() == '-';
    if (negative) text.erase(0, 1);
    return give(e, out, (negative ? "-" : "") + std::string(currency.before) + text + std::string(currency.behind));
  }
  std::string upper = *code;
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return give(e, out, grouped(*number, 2) + " " + upper);
}

bool json(Evaluation& e, std::span<Operand> args, Operand& out) {
  std::string text;
  if (!e.append_json(text, args[0].get())) return false;
  out.set(Value(std::move(text)));
  return true;
}

// A list to lines of text; null and blank elements leave no line.
bool lines(Evaluation& e, std::span<Operand> args, Operand& out) {
  const List* list = args[0].get().if_list();
  if (!list) return is_missing(e, args[0], "lines") ? false : e.no_overload("lines", args);
  std::string result;
  for (const Value& element : *list) {
    const Value* value = Evaluation::unwrap(element);
    if (!e.charge(1)) return false;
    if (!value || value->is_null()) continue;
    std::string line;
    if (!e.append_text(line, *value)) return false;
    if (trim(line).empty()) continue;
    if (!result.empty()) result += '\n';
    result += line;
  }
  return give(e, out, std::move(result));
}

bool sha256_text(Evaluation& e, std::span<Operand> args, Operand& out) {
  const std::string* text = args[0].get().if_string();
  const Bytes* bytes = args[0].get().if_bytes();
  if (!text && !bytes) return is_missing(e, args[0], "sha256") ? false : e.no_overload("sha256", args);
  const std::string& data = text ? *text : bytes->data;
  return e.charge(20 + data.size() / 8) && give(e, out, hex_encode(sha256(data)));
}

bool url_encode(Evaluation& e, std::span<Operand> args, Operand& out) {
  if (is_missing(e, args[0], "url_encode")) return false;
  const Value& value = *Evaluation::unwrap(args[0].get());
  if (value.is_list() || value.is_map()) return e.no_overload("url_encode", args);
  std::string text;
  if (!e.append_text(text, value) || !e.charge(text.size() / 16)) return false;
  return give(e, out, percent_encode(text));
}

constexpr Function kTable[] = {
    {.name = "dec",
     .form = kFree,
     .min_args = 1,
     .max_args = 1,
     .call = dec,
     .result = StaticType::decimal,
     .recipe = true,
     .example = "dec('0.1') + dec('0.2') == dec('0.3')"},
    {.name = "round",
     .form = kFree,
     .min_args = 1,
     .max_args = 2,
     .call = round,
     .result = StaticType::decimal,
     .recipe = true,
     .example = "round('12.345', 2) == dec('12.35')"},
    {.name = "format_number",
     .form = kFree,
     .min_args = 1,
     .max_args = 2,
     .call = format_number,
     .result = StaticType::string,
     .recipe = true,
     .example = "format_number(1234567.5, 2) == '1,234,567.50'"},
    {.name = "format_money",
     .form = kFree,
     .min_args = 2,
     .max_args = 2,
     .call = format_money,
     .result = StaticType::string,
     .recipe = true,
     .example = "format_money('62000.00', 'KRW') == '62,000원'"},
    {.name = "json",
     .form = kFree,
     .min_args = 1,
     .max_args = 1,
     .call = json,
     .result = StaticType::string,
     .recipe = true,
     .example = "json({'이름': '이음'}) == '{\"이름\":\"이음\"}'"},
    {.name = "lines",
     .form = kFree,
     .min_args = 1,
     .max_args = 1,
     .call = lines,
     .result = StaticType::string,
     .recipe = true,
     .example = "lines(['주문 1042', null, '', 3]) == '주문 1042\\n3'"},
    {.name = "sha256",
     .form = kFree,
     .min_args = 1,
     .max_args = 1,
     .call = sha256_text,
     .result = StaticType::string,
     .recipe = true,
     .example = "sha256('abc').startsWith('ba7816bf')"},
    {.name = "url_encode",
     .form = kFree,
     .min_args = 1,
     .max_args = 1,
     .call = url_encode,
     .result = StaticType::string,
     .recipe = true,
     .example = "url_encode('a/b?c=이') == 'a%2Fb%3Fc%3D%EC%9D%B4'"},
};

}  // namespace

std::span<const Function> recipe_functions() { return kTable; }

}  // namespace ieum::expr
