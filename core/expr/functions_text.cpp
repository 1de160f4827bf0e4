// Text: CEL's string functions and its string extension. Positions count code points.
#include <algorithm>
#include <cstring>

#include "base/encoding.hpp"
#include "expr/functions.hpp"

namespace ieum::expr {
namespace {

// Linear in the length of the text, whatever the part: std::string::find is not.
std::size_t find_text(std::string_view text, std::string_view part, std::size_t from) {
  if (from > text.size()) return std::string::npos;
  const void* found = memmem(text.data() + from, text.size() - from, part.data(), part.size());
  return found ? static_cast<std::size_t>(static_cast<const char*>(found) - text.data()) : std::string::npos;
}

// The last place at or before `latest`.
std::size_t find_last(std::string_view text, std::string_view part, std::size_t latest) {
  if (part.size() > text.size()) return std::string::npos;
  const std::size_t end = std::min(latest, text.size() - part.size()) + part.size();
  const std::string backwards(text.rend() - static_cast<std::ptrdiff_t>(end), text.rend());
  const std::string part_backwards(part.rbegin(), part.rend());
  const std::size_t found = find_text(backwards, part_backwards, 0);
  return found == std::string::npos ? found : end - found - part.size();
}

const std::string* text_at(std::span<Operand> args, std::size_t i) { return args[i].get().if_string(); }

bool pay(Evaluation& e, std::span<Operand> args) {
  std::size_t bytes = 0;
  for (const Operand& arg : args)
    if (const std::string* text = arg.get().if_string()) bytes += text->size();
  return e.charge(bytes / 32);
}

bool give(Evaluation& e, Operand& out, std::string text) {
  if (!e.charge_output(text.size())) return false;
  out.set(Value(std::move(text)));
  return true;
}

bool outside(Evaluation& e) { return e.fail(Code::bad_value, "this position is outside the text"); }

template <class Test>
bool test(Evaluation& e, std::string_view name, std::span<Operand> args, Operand& out, Test holds) {
  const std::string* text = text_at(args, 0);
  const std::string* part = text_at(args, 1);
  if (!text || !part) return e.no_overload(name, args);
  if (!pay(e, args)) return false;
  out.set(Value(holds(*text, *part)));
  return true;
}

bool contains(Evaluation& e, std::span<Operand> args, Operand& out) {
  return test(e, "contains", args, out,
              [](const std::string& a, const std::string& b) { return find_text(a, b, 0) != std::string::npos; });
}

bool starts_with(Evaluation& e, std::span<Operand> args, Operand& out) {
  return test(e, "startsWith", args, out, [](const std::string& a, const std::string& b) { return a.starts_with(b); });
}

bool ends_with(Evaluation& e, std::span<Operand> args, Operand& out) {
  return test(e, "endsWith", args, out, [](const std::string& a, const std::string& b) { return a.ends_with(b); });
}

bool char_at(Evaluation& e, std::span<Operand> args, Operand& out) {
  const std::string* text = text_at(args, 0);
  const std::int64_t* at = args[1].get().if_int();
  if (!text || !at) return e.no_overload("charAt", args);
  if (!pay(e, args)) return false;
  const std::size_t length = utf8_length(*text);
  if (*at < 0 || static_cast<std::uint64_t>(*at) > length) return outside(e);
  const std::size_t from = utf8_offset(*text, static_cast<std::size_t>(*at));
  const std::size_t to = utf8_offset(*text, static_cast<std::size_t>(*at) + 1);
  return give(e, out, text->substr(from, to - from));
}

bool index_of(Evaluation& e, std::span<Operand> args, Operand& out) {
  const std::string* text = text_at(args, 0);
  const std::string* part = text_at(args, 1);
  const std::int64_t* given = args.size() > 2 ? args[2].get().if_int() : nullptr;
  if (!text || !part || (args.size() > 2 && !given)) return e.no_overload("indexOf", args);
  if (!pay(e, args)) return false;
  const std::int64_t from = given ? *given : 0;
  std::int64_t result = -1;
  if (part->empty()) {
    result = from;
  } else if (from < 0) {
    return outside(e);
  } else if (static_cast<std::uint64_t>(from) < utf8_length(*text)) {
    const std::size_t found = find_text(*text, *part, utf8_offset(*text, static_cast<std::size_t>(from)));
    if (found != std::string::npos)
      result = static_cast<std::int64_t>(utf8_length(std::string_view(*text).substr(0, found)));
  }
  out.set(Value(result));
  return true;
}

bool last_index_of(Evaluation& e, std::span<Operand> args, Operand& out) {
  const std::string* text = text_at(args, 0);
  const std::string* part = text_at(args, 1);
  const std::int64_t* given = args.size() > 2 ? args[2].get().if_int() : nullptr;
  if (!text || !part || (args.size() > 2 && !given)) return e.no_overload("lastIndexOf", args);
  if (!e.charge((text->size() + part->size()) / 8)) return false;
  const auto length = static_cast<std::int64_t>(utf8_length(*text));
  std::int64_t result = -1;
  if (part->empty()) {
    result = given ? *given : length;
  } else if (given && *given < 0) {
    return outside(e);
  } else if (!given || *given < length) {
    const std::size_t start = given ? utf8_offset(*text, static_cast<std::size_t>(*given)) : std::string::npos;
    const std::size_t found = find_last(*text, *part, start);
    if (found != std::string::npos)
      result = static_cast<std::int64_t>(utf8_length(std::string_view(*text).substr(0, found)));
  }
  out.set(Value(result));
  return true;
}

bool substring(Evaluation& e, std::span<Operand> args, Operand& out) {
  const std::string* text = text_at(args, 0);
  const std::int64_t* from = args[1].get().if_int();
  const std::int64_t* to = args.size() > 2 ? args[2].get().if_int() : nullptr;
  if (!text || !from || (args.size() > 2 && !to)) return e.no_overload("substring", args);
  if (!pay(e, args)) return false;
  const auto length = static_cast<std::int64_t>(utf8_length(*text));
  const std::int64_t end = to ? *to : length;
  if (*from < 0 || *from > length || end < *from || end > length) return outside(e);
  const std::size_t first = utf8_offset(*text, static_cast<std::size_t>(*from));
  const std::size_t last = utf8_offset(*text, static_cast<std::size_t>(end));
  return give(e, out, text->substr(first, last - first));
}

bool replace(Evaluation& e, std::span<Operand> args, Operand& out) {
  const std::string* text = text_at(args, 0);
  const std::string* from = text_at(args, 1);
  const std::string* to = text_at(args, 2);
  const std::int64_t* given = args.size() > 3 ? args[3].get().if_int() : nullptr;
  if (!text || !from || !to || (args.size() > 3 && !given)) return e.no_overload("replace", args);
  if (!pay(e, args)) return false;
  const std::uint64_t most = given && *given >= 0 ? static_cast<std::uint64_t>(*given) : UINT64_MAX;
  std::string result;
  std::size_t at = 0;
  for (std::uint64_t done = 0; done < most; ++done) {
    const std::size_t found = from->empty() ? at : find_text(*text, *from, at);
    if (found == std::string::npos) break;
    if (result.size() + to->size() > e.limits().output_bytes) return e.charge_output(result.size() + to->size());
    if (!e.charge(1 + to->size() / 64)) return false;
    result.append(*text, at, found - at);
    result += *to;
    at = found + from->size();
    if (from->empty()) {
      if (at >= text->size()) break;
      std::size_t next = at + 1;
      while (next < text->size() && (static_cast<unsigned char>((*text)[next]) & 0xC0) == 0x80) ++next;
      result.append(*text, at, next - at);
      at = next;
    }
  }
  result.append(*text, at);
  return give(e, out, std::move(result));
}

bool split(Evaluation& e, std::span<Operand> args, Operand& out) {
  const std::string* text = text_at(args, 0);
  const std::string* by = text_at(args, 1);
  const std::int64_t* given = args.size() > 2 ? args[2].get().if_int() : nullptr;
  if (!text || !by || (args.size() > 2 && !given)) return e.no_overload("split", args);
  if (!pay(e, args) || !e.charge_output(text->size())) return false;
  const std::uint64_t most = given && *given >= 0 ? static_cast<std::uint64_t>(*given) : UINT64_MAX;
  List parts;
  std::size_t at = 0;
  while (most > 0) {
    std::size_t end = std::string::npos;
    if (parts.size() + 1 < most) {
      if (!by->empty()) {
        end = find_text(*text, *by, at);
      } else if (at < text->size()) {
        end = at + 1;
        while (end < text->size() && (static_cast<unsigned char>((*text)[end]) & 0xC0) == 0x80) ++end;
        if (end == text->size()) end = std::string::npos;
      }
    }
    if (!e.charge_elements(1)) return false;
    if (end == std::string::npos) {
      if (!by->empty() || at < text->size()) parts.emplace_back(text->substr(at));
      break;
    }
    parts.emplace_back(text->substr(at, end - at));
    at = end + by->size();
  }
  out.set(Value(std::move(parts)));
  return true;
}

bool join(Evaluation& e, std::span<Operand> args, Operand& out) {
  const List* list = args[0].get().if_list();
  const std::string* by = args.size() > 1 ? text_at(args, 1) : nullptr;
  if (!list || (args.size() > 1 && !by)) return e.no_overload("join", args);
  std::string result;
  for (const Value& element : *list) {
    const std::string* text = element.if_string();
    if (!text)
      return e.fail(Code::no_such_overload,
                    "join takes a list of text, one element is " + std::string(type_name(element, e.recipe())),
                    "items.map(item, string(item)).join(', ')");
    if (!e.charge(1) || !e.charge_output(text->size() + (by ? by->size() : 0))) return false;
    if (by && &element != &list->front()) result += *by;
    result += *text;
  }
  out.set(Value(std::move(result)));
  return true;
}

// White space of Unicode (White_Space=yes) as UTF-8.
constexpr std::string_view kWide[] = {"\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81",
                                      "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86",
                                      "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8",
                                      "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};

// Bytes of white space at the front or the back; 0 when there is none.
std::size_t space(std::string_view text, bool front) {
  if (text.empty()) return 0;
  const char c = front ? text.front() : text.back();
  if (c == ' ' || (c >= '\t' && c <= '\r')) return 1;
  for (const std::string_view wide : kWide)
    if (front ? text.starts_with(wide) : text.ends_with(wide)) return wide.size();
  return 0;
}

bool trim_text(Evaluation& e, std::span<Operand> args, Operand& out) {
  const std::string* text = text_at(args, 0);
  if (!text) return e.no_overload("trim", args);
  if (!pay(e, args)) return false;
  std::string_view rest = *text;
  while (const std::size_t n = space(rest, true)) rest.remove_prefix(n);
  while (const std::size_t n = space(rest, false)) rest.remove_suffix(n);
  return give(e, out, std::string(rest));
}

template <char First, int Shift>
bool change_case(Evaluation& e, std::string_view name, std::span<Operand> args, Operand& out) {
  const std::string* text = text_at(args, 0);
  if (!text) return e.no_overload(name, args);
  if (!e.charge(text->size() / 32)) return false;
  std::string result = *text;
  for (char& c : result)
    if (c >= First && c < First + 26) c = static_cast<char>(c + Shift);
  return give(e, out, std::move(result));
}

bool lower_ascii(Evaluation& e, std::span<Operand> args, Operand& out) {
  return change_case<'A', 32>(e, "lowerAscii", args, out);
}
bool upper_ascii(Evaluation& e, std::span<Operand> args, Operand& out) {
  return change_case<'a', -32>(e, "upperAscii", args, out);
}

bool reverse(Evaluation& e, std::span<Operand> args, Operand& out) {
  if (const List* list = args[0].get().if_list()) {
    List result;
    for (auto it = list->rbegin(); it != list->rend(); ++it)
      if (!e.append(result, *it)) return false;
    out.set(Value(std::move(result)));
    return true;
  }
  const std::string* text = text_at(args, 0);
  if (!text) return e.no_overload("reverse", args);
  if (!e.charge(text->size() / 8)) return false;
  std::string result;
  result.reserve(text->size());
  for (std::size_t end = text->size(); end > 0;) {
    std::size_t begin = end - 1;
    while (begin > 0 && (static_cast<unsigned char>((*text)[begin]) & 0xC0) == 0x80) --begin;
    result.append(*text, begin, end - begin);
    end = begin;
  }
  return give(e, out, std::move(result));
}

bool quote(Evaluation& e, std::span<Operand> args, Operand& out) {
  const std::string* text = text_at(args, 0);
  if (!text) return e.no_overload("strings.quote", args);
  if (!pay(e, args)) return false;
  std::string result = "\"";
  constexpr std::string_view kPlain = "\a\b\f\n\r\t\v\\\"";
  constexpr std::string_view kEscaped = "abfnrtv\\\"";
  for (const char c : *text) {
    const std::size_t special = kPlain.find(c);
    if (special == std::string_view::npos) {
      result += c;
    } else {
      result += '\\';
      result += kEscaped[special];
    }
  }
  result += '"';
  return give(e, out, std::move(result));
}

constexpr Function kTable[] = {
    {.name = "contains",
     .form = kMethod,
     .min_args = 2,
     .max_args = 2,
     .call = contains,
     .result = StaticType::boolean},
    {.name = "startsWith",
     .form = kMethod,
     .min_args = 2,
     .max_args = 2,
     .call = starts_with,
     .result = StaticType::boolean},
    {.name = "endsWith",
     .form = kMethod,
     .min_args = 2,
     .max_args = 2,
     .call = ends_with,
     .result = StaticType::boolean},
    {.name = "charAt", .form = kMethod, .min_args = 2, .max_args = 2, .call = char_at, .result = StaticType::string},
    {.name = "indexOf", .form = kMethod, .min_args = 2, .max_args = 3, .call = index_of, .result = StaticType::integer},
    {.name = "lastIndexOf",
     .form = kMethod,
     .min_args = 2,
     .max_args = 3,
     .call = last_index_of,
     .result = StaticType::integer},
    {.name = "substring",
     .form = kMethod,
     .min_args = 2,
     .max_args = 3,
     .call = substring,
     .result = StaticType::string},
    {.name = "replace", .form = kMethod, .min_args = 3, .max_args = 4, .call = replace, .result = StaticType::string},
    {.name = "split", .form = kMethod, .min_args = 2, .max_args = 3, .call = split, .result = StaticType::list},
    {.name = "join", .form = kMethod, .min_args = 1, .max_args = 2, .call = join, .result = StaticType::string},
    {.name = "trim", .form = kMethod, .min_args = 1, .max_args = 1, .call = trim_text, .result = StaticType::string},
    {.name = "lowerAscii",
     .form = kMethod,
     .min_args = 1,
     .max_args = 1,
     .call = lower_ascii,
     .result = StaticType::string},
    {.name = "upperAscii",
     .form = kMethod,
     .min_args = 1,
     .max_args = 1,
     .call = upper_ascii,
     .result = StaticType::string},
    {.name = "reverse", .form = kMethod, .min_args = 1, .max_args = 1, .call = reverse},
    {.name = "strings.quote", .form = kFree, .min_args = 1, .max_args = 1, .call = quote, .result = StaticType::string},
};

}  // namespace

std::span<const Function> text_functions() { return kTable; }

}  // namespace ieum::expr
