// matches and the regex functions, over RE2: linear time, no back-references, no look-around. RE2 is used in this file
// alone.
#include <re2/re2.h>

#include <algorithm>

#include "expr/functions.hpp"

namespace ieum::expr {
namespace {

constexpr std::size_t kPatternBytes = 8 * 1024;
constexpr std::int64_t kPatternMemory = 1 << 20;
constexpr std::uint64_t kRefusedCost = 20'000;  // what RE2 may have done before it refuses

// The compiled constant pattern of the call, or the pattern in the argument compiled now.
std::shared_ptr<const re2::RE2> pattern_of(Evaluation& e, const std::string& text) {
  if (e.node().pattern) return e.node().pattern;
  if (!e.charge(200 + text.size() * 2)) return nullptr;
  std::string reason;
  std::shared_ptr<const re2::RE2> compiled = compile_pattern(text, reason);
  if (!e.charge(compiled ? program_size(*compiled) : kRefusedCost)) return nullptr;
  if (!compiled) e.fail(Code::bad_value, "this pattern is refused: " + reason);
  return compiled;
}

bool pay(Evaluation& e, const std::string& subject) { return e.charge(1 + subject.size() / 16); }

bool matches(Evaluation& e, std::span<Operand> args, Operand& out) {
  const std::string* subject = args[0].get().if_string();
  const std::string* pattern = args[1].get().if_string();
  if (!subject || !pattern) return e.no_overload("matches", args);
  const std::shared_ptr<const re2::RE2> compiled = pattern_of(e, *pattern);
  if (!compiled || !pay(e, *subject)) return false;
  out.set(Value(re2::RE2::PartialMatch(*subject, *compiled)));
  return true;
}

// The part that an extraction gives: the one group, or the whole match when the pattern has no group.
bool one_group(Evaluation& e, const re2::RE2& pattern) {
  return pattern.NumberOfCapturingGroups() <= 1 ||
         e.fail(Code::bad_value, "a pattern to extract with has at most one group");
}

bool extract(Evaluation& e, std::span<Operand> args, Operand& out) {
  const std::string* subject = args[0].get().if_string();
  const std::string* pattern = args[1].get().if_string();
  if (!subject || !pattern) return e.no_overload("regex.extract", args);
  const std::shared_ptr<const re2::RE2> compiled = pattern_of(e, *pattern);
  if (!compiled || !pay(e, *subject) || !one_group(e, *compiled)) return false;
  re2::StringPiece groups[2];
  const int wanted = compiled->NumberOfCapturingGroups();
  OptionalValue result;
  if (compiled->Match(*subject, 0, subject->size(), re2::RE2::UNANCHORED, groups, wanted + 1) &&
      groups[wanted].data()) {
    if (!e.charge_output(groups[wanted].size())) return false;
    result.value = std::make_shared<const Value>(std::string(groups[wanted]));
  }
  out.set(Value(std::move(result)));
  return true;
}

// The end of the character at `at`, to step over an empty match.
std::size_t next_point(const std::string& text, std::size_t at) {
  ++at;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  return at;
}

bool extract_all(Evaluation& e, std::span<Operand> args, Operand& out) {
  const std::string* subject = args[0].get().if_string();
  const std::string* pattern = args[1].get().if_string();
  if (!subject || !pattern) return e.no_overload("regex.extractAll", args);
  const std::shared_ptr<const re2::RE2> compiled = pattern_of(e, *pattern);
  if (!compiled || !pay(e, *subject) || !one_group(e, *compiled)) return false;
  re2::StringPiece groups[2];
  const int wanted = compiled->NumberOfCapturingGroups();
  List found;
  std::size_t at = 0;
  while (at <= subject->size() &&
         compiled->Match(*subject, at, subject->size(), re2::RE2::UNANCHORED, groups, wanted + 1)) {
    if (!e.charge(4 + (subject->size() - at) / 256) || !e.charge_output(16 + groups[wanted].size())) return false;
    if (groups[wanted].data()) found.emplace_back(std::string(groups[wanted]));
    const std::size_t end = static_cast<std::size_t>(groups[0].data() - subject->data()) + groups[0].size();
    at = groups[0].empty() ? next_point(*subject, end) : end;
  }
  out.set(Value(std::move(found)));
  return true;
}

// regex.replace(text, pattern, replacement[, count]); \1 in the replacement is a group, \0 the match, \\ a backslash.
bool replace(Evaluation& e, std::span<Operand> args, Operand& out) {
  const std::string* subject = args[0].get().if_string();
  const std::string* pattern = args[1].get().if_string();
  const std::string* by = args[2].get().if_string();
  const std::int64_t* count = args.size() > 3 ? args[3].get().if_int() : nullptr;
  if (!subject || !pattern || !by || (args.size() > 3 && !count)) return e.no_overload("regex.replace", args);
  const std::shared_ptr<const re2::RE2> compiled = pattern_of(e, *pattern);
  if (!compiled || !pay(e, *subject)) return false;
  std::string reason;
  if (!compiled->CheckRewriteString(*by, &reason))
    return e.fail(Code::bad_value, "this replacement is refused: " + reason);
  const std::uint64_t most = count && *count >= 0 ? static_cast<std::uint64_t>(*count) : UINT64_MAX;
  re2::StringPiece groups[10];
  const int wanted = std::min(compiled->NumberOfCapturingGroups(), 9) + 1;
  std::string result;
  std::size_t at = 0, copied = 0;
  for (std::uint64_t done = 0; done < most && at <= subject->size(); ++done) {
    if (!compiled->Match(*subject, at, subject->size(), re2::RE2::UNANCHORED, groups, wanted)) break;
    if (!e.charge(4 + by->size() / 16 + (subject->size() - at) / 256)) return false;
    const auto begin = static_cast<std::size_t>(groups[0].data() - subject->data());
    const std::size_t end = begin + groups[0].size();
    result.append(*subject, copied, begin - copied);
    for (std::size_t i = 0; i < by->size(); ++i) {
      if ((*by)[i] != '\\') {
        result += (*by)[i];
        continue;
      }
      const char c = (*by)[++i];
      if (c >= '0' && c <= '9')
        result.append(groups[c - '0'].data() ? std::string(groups[c - '0']) : std::string());
      else
        result += c;
    }
    if (result.size() > e.limits().output_bytes) return e.charge_output(result.size());
    copied = end;
    at = groups[0].empty() ? next_point(*subject, end) : end;
  }
  result.append(*subject, copied);
  if (!e.charge_output(result.size())) return false;
  out.set(Value(std::move(result)));
  return true;
}

constexpr Function kTable[] = {
    {.name = "matches",
     .form = kBoth,
     .min_args = 2,
     .max_args = 2,
     .call = matches,
     .result = StaticType::boolean,
     .pattern = 1},
    {.name = "regex.extract",
     .form = kFree,
     .min_args = 2,
     .max_args = 2,
     .call = extract,
     .result = StaticType::optional,
     .pattern = 1},
    {.name = "regex.extractAll",
     .form = kFree,
     .min_args = 2,
     .max_args = 2,
     .call = extract_all,
     .result = StaticType::list,
     .pattern = 1},
    {.name = "regex.replace",
     .form = kFree,
     .min_args = 3,
     .max_args = 4,
     .call = replace,
     .result = StaticType::string,
     .pattern = 1},
};

}  // namespace

std::shared_ptr<const re2::RE2> compile_pattern(std::string_view pattern, std::string& reason) {
  if (pattern.size() > kPatternBytes) {
    reason = "it is longer than " + std::to_string(kPatternBytes) + " bytes";
    return nullptr;
  }
  re2::RE2::Options options(re2::RE2::Quiet);
  options.set_max_mem(kPatternMemory);
  auto compiled = std::make_shared<const re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (compiled->ok()) return compiled;
  reason = compiled->error();
  return nullptr;
}

std::size_t program_size(const re2::RE2& pattern) {
  return static_cast<std::size_t>(std::max(0, pattern.ProgramSize()));
}

std::span<const Function> pattern_functions() { return kTable; }

}  // namespace ieum::expr
