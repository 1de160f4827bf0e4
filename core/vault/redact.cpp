#include "vault/redact.hpp"

#include <algorithm>
#include <utility>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"

namespace ieum::vault {
namespace {

constexpr std::size_t kSecretBytesLeast = 6;
constexpr std::string_view kMark = "[redacted]";

std::string upper_hex(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c; });
  return text;
}

std::string lower_escapes(std::string text) {
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    if (text[i] == '%') {
      const std::string digits = to_lower_ascii(std::string_view(text).substr(i + 1, 2));
      text.replace(i + 1, 2, digits);
    }
  }
  return text;
}

// The characters of base64 that depend on the secret alone when it stands `shift` bytes behind a multiple of three, as in
// Basic credentials ("user:secret").
std::string base64_inside(std::string_view secret, std::size_t shift) {
  std::string text = base64_encode(std::string(shift, '\0') + std::string(secret));
  const std::size_t whole = (shift + secret.size()) / 3 * 4;
  const std::size_t skip = shift == 0 ? 0 : shift + 1;
  return text.substr(skip, whole - skip);
}

std::string url_alphabet(std::string text) {
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

std::string without_quotes(const std::string& json) { return json.substr(1, json.size() - 2); }

std::string escaped_slashes(std::string text) {
  for (std::size_t at = text.find('/'); at != std::string::npos; at = text.find('/', at + 2)) text.insert(at, "\\");
  return text;
}

// A text without its line breaks, as they are or as JSON writes them, and without the blanks that fold a header's next line.
struct Unbroken {
  std::string text;
  std::vector<std::size_t> at;  // where each byte stands in the text as it was
};

Unbroken unbroken(std::string_view text) {
  Unbroken result;
  const auto break_at = [&](std::size_t at) -> std::size_t {
    if (text[at] == '\n' || text[at] == '\r') return 1;
    return text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == 'n' || text[at + 1] == 'r') ? 2 : 0;
  };
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t size = break_at(at); size > 0) {
      at += size;
      while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
      continue;
    }
    result.text += text[at];
    result.at.push_back(at++);
  }
  return result;
}

bool has_breaks(std::string_view text) {
  return text.find('\n') != std::string_view::npos || text.find("\\n") != std::string_view::npos ||
         text.find("\\r") != std::string_view::npos;
}

}  // namespace

void Redactor::add(const Secret& secret) {
  const std::string text(secret.reveal());
  if (text.size() < kSecretBytesLeast) return;
  std::vector<std::string> forms{text, base64_encode(text), base64url_encode(text), hex_encode(text),
                                 upper_hex(hex_encode(text))};
  forms.push_back(percent_encode(text));
  forms.push_back(lower_escapes(percent_encode(text)));
  if (utf8_valid(text)) {
    forms.push_back(without_quotes(write_json(Value(text))));
    forms.push_back(escaped_slashes(forms.back()));
  }
  for (std::size_t shift = 0; shift < 3; ++shift) {
    forms.push_back(base64_inside(text, shift));
    forms.push_back(url_alphabet(forms.back()));
  }
  for (auto& form : forms) {
    const bool known = std::any_of(forms_.begin(), forms_.end(),
                                   [&](const Secret& s) { return constant_time_equal(s.reveal(), form); });
    if (!known && form.size() >= kSecretBytesLeast) forms_.emplace_back(std::move(form));
  }
}

std::string Redactor::clean(std::string_view text) const {
  std::vector<std::pair<std::size_t, std::size_t>> holes;
  for (const auto& form : forms_) {
    const std::string_view wanted = form.reveal();
    for (auto at = text.find(wanted); at != std::string_view::npos; at = text.find(wanted, at + 1)) {
      holes.emplace_back(at, at + wanted.size());
    }
  }
  if (!forms_.empty() && has_breaks(text)) {
    const Unbroken lines = unbroken(text);
    for (const auto& form : forms_) {
      const std::string_view wanted = form.reveal();
      for (auto at = lines.text.find(wanted); at != std::string::npos; at = lines.text.find(wanted, at + 1))
        holes.emplace_back(lines.at[at], lines.at[at + wanted.size() - 1] + 1);
    }
  }
  if (holes.empty()) return std::string(text);
  std::sort(holes.begin(), holes.end());
  std::string out;
  std::size_t done = 0, open = holes.front().first, close = holes.front().second;
  const auto cut = [&] {
    out += text.substr(done, open - done);
    out += kMark;
    done = close;
  };
  for (const auto& [from, to] : holes) {
    if (from > close) {
      cut();
      open = from;
    }
    close = std::max(close, to);
  }
  cut();
  out += text.substr(done);
  return out;
}

}  // namespace ieum::vault
