// 'text %s'.format([values]): CEL's format function.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/decimal.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "expr/functions.hpp"
#include "expr/times.hpp"

namespace ieum::expr {
namespace {

constexpr int kPrecisionMax = 100;
constexpr std::size_t kFormatDepth = 64;

bool wrong(Evaluation& e, char verb, const Value& value) {
  return e.fail(Code::no_such_overload,
                std::string("%") + verb + " does not take " + std::string(type_name(value, e.recipe())));
}

std::optional<std::string> special(const Value& value) {
  const double* number = value.if_double();
  if (!number || std::isfinite(*number)) return std::nullopt;
  return std::isnan(*number) ? "NaN" : *number < 0 ? "-Infinity" : "Infinity";
}

// %s: text of anything; lists and maps with their elements, the keys of maps sorted.
bool as_text(Evaluation& e, std::string& out, const Value& value, std::size_t depth = 0) {
  if (depth > kFormatDepth) return e.fail(Code::depth, "this value is nested too deeply");
  if (!e.charge(1)) return false;
  if (const List* list = value.if_list()) {
    out += '[';
    for (std::size_t i = 0; i < list->size(); ++i) {
      if (i) out += ", ";
      if (!as_text(e, out, (*list)[i], depth + 1)) return false;
    }
    out += ']';
    return e.charge_output(2 * list->size());
  }
  if (const Map* map = value.if_map()) {
    std::vector<std::pair<std::string, const Value*>> entries;
    for (const Map::Entry& entry : *map) {
      std::string key;
      if (!as_text(e, key, entry.first, depth + 1)) return false;
      entries.emplace_back(std::move(key), &entry.second);
    }
    std::sort(entries.begin(), entries.end());
    out += '{';
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (i) out += ", ";
      out += entries[i].first + ": ";
      if (!as_text(e, out, *entries[i].second, depth + 1)) return false;
    }
    out += '}';
    return e.charge_output(4 * map->size());
  }
  if (const TypeName* type = value.if_type()) {
    out += type->name;
    return true;
  }
  if (const Bytes* bytes = value.if_bytes()) {
    if (!utf8_valid(bytes->data)) return e.fail(Code::bad_value, "these bytes are no UTF-8 text");
    out += bytes->data;
    return e.charge_output(bytes->data.size());
  }
  return e.append_text(out, value);
}

bool as_whole(Evaluation& e, std::string& out, const Value& value) {
  if (const std::optional<std::string> text = special(value)) {
    out += *text;
    return true;
  }
  if (!is_number(value)) return wrong(e, 'd', value);
  return e.append_text(out, value);
}

// %f and %e; the numbers are printed by the C library, whose result does not depend on the locale for "C".
bool as_real(Evaluation& e, std::string& out, const Value& value, char verb, int precision) {
  if (const std::optional<std::string> text = special(value)) {
    out += *text;
    return true;
  }
  if (verb == 'f' && value.if_decimal() && e.recipe()) {
    Decimal rounded = decimal::round(*value.if_decimal(), precision);
    const std::size_t dot = rounded.digits.find('.');
    std::size_t have = dot == std::string::npos ? 0 : rounded.digits.size() - dot - 1;
    if (dot == std::string::npos && precision > 0) rounded.digits += '.';
    for (; have < static_cast<std::size_t>(precision); ++have) rounded.digits += '0';
    out += rounded.digits;
    return e.charge_output(rounded.digits.size());
  }
  double number = 0;
  if (const double* v = value.if_double())
    number = *v;
  else if (const std::int64_t* i = value.if_int())
    number = static_cast<double>(*i);
  else if (const std::uint64_t* u = value.if_uint())
    number = static_cast<double>(*u);
  else if (const Decimal* exact = value.if_decimal())
    number = decimal::to_double(*exact);
  else
    return wrong(e, verb, value);
  char text[512];
  const int length = std::snprintf(text, sizeof text, verb == 'f' ? "%.*f" : "%.*e", precision, number);
  if (length < 0 || static_cast<std::size_t>(length) >= sizeof text)
    return e.fail(Code::bad_value, "this number is too long");
  for (char* c = text; *c; ++c)
    if (*c == ',') *c = '.';
  out += text;
  return e.charge_output(static_cast<std::size_t>(length));
}

std::string digits_of(std::uint64_t number, unsigned base, bool upper) {
  const char* alphabet = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string text;
  do {
    text += alphabet[number % base];
    number /= base;
  } while (number);
  std::reverse(text.begin(), text.end());
  return text;
}

// %b %o %x %X
bool as_based(Evaluation& e, std::string& out, const Value& value, char verb) {
  const bool upper = verb == 'X';
  const unsigned base = verb == 'b' ? 2 : verb == 'o' ? 8 : 16;
  if (const std::int64_t* i = value.if_int()) {
    if (*i < 0) out += '-';
    out += digits_of(*i < 0 ? 0 - static_cast<std::uint64_t>(*i) : static_cast<std::uint64_t>(*i), base, upper);
  } else if (const std::uint64_t* u = value.if_uint()) {
    out += digits_of(*u, base, upper);
  } else if (const bool* truth = value.if_bool(); truth && verb == 'b') {
    out += *truth ? '1' : '0';
  } else if (base == 16 && (value.if_string() || value.if_bytes())) {
    const std::string& bytes = value.if_string() ? *value.if_string() : value.if_bytes()->data;
    if (!e.charge_output(bytes.size() * 2)) return false;
    std::string hex = hex_encode(bytes);
    if (upper)
      for (char& c : hex)
        if (c >= 'a') c = static_cast<char>(c - 32);
    out += hex;
  } else {
    return wrong(e, verb, value);
  }
  return e.charge_output(64);
}

bool format(Evaluation& e, std::span<Operand> args, Operand& out) {
  const std::string* pattern = args[0].get().if_string();
  const List* values = args[1].get().if_list();
  if (!pattern || !values) return e.no_overload("format", args);
  if (!e.charge_output(pattern->size())) return false;
  std::string result;
  std::size_t used = 0;
  for (std::size_t i = 0; i < pattern->size(); ++i) {
    const char c = (*pattern)[i];
    if (c != '%') {
      result += c;
      continue;
    }
    if (++i >= pattern->size()) return e.fail(Code::bad_value, "the format ends behind %");
    if ((*pattern)[i] == '%') {
      result += '%';
      continue;
    }
    int precision = 6;
    bool has_precision = false;
    if ((*pattern)[i] == '.') {
      precision = 0;
      for (++i; i < pattern->size() && (*pattern)[i] >= '0' && (*pattern)[i] <= '9'; ++i) {
        precision = precision * 10 + ((*pattern)[i] - '0');
        has_precision = true;
        if (precision > kPrecisionMax) return e.fail(Code::bad_value, "the precision of a format is at most 100");
      }
      if (!has_precision) return e.fail(Code::bad_value, "the format has '.' without a precision");
      if (i >= pattern->size()) return e.fail(Code::bad_value, "the format ends behind %");
    }
    const char verb = (*pattern)[i];
    if (std::string_view("sdfebxXo").find(verb) == std::string_view::npos)
      return e.fail(Code::bad_value, "the format knows %s %d %f %e %b %o %x %X and %%");
    if (has_precision && verb != 'f' && verb != 'e') return e.fail(Code::bad_value, "only %f and %e have a precision");
    if (used >= values->size()) return e.fail(Code::bad_value, "the format wants more values than the list has");
    const Value& value = (*values)[used++];
    bool ok = false;
    switch (verb) {
      case 's': ok = as_text(e, result, value); break;
      case 'd': ok = as_whole(e, result, value); break;
      case 'f':
      case 'e': ok = as_real(e, result, value, verb, precision); break;
      default: ok = as_based(e, result, value, verb); break;
    }
    if (!ok) return false;
  }
  out.set(Value(std::move(result)));
  return true;
}

constexpr Function kTable[] = {
    {.name = "format", .form = kMethod, .min_args = 2, .max_args = 2, .call = format, .result = StaticType::string}};

}  // namespace

std::span<const Function> format_functions() { return kTable; }

}  // namespace ieum::expr
