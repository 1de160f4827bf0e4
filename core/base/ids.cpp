#include "base/ids.hpp"

#include <charconv>

#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace ieum {
namespace {

constexpr std::string_view kReceiptPrefix = "rcp_";
constexpr std::size_t kTagBytes = 10;  // 80 bits, 16 characters

std::string receipt_tag(std::string_view id_text, std::string_view receipt_key) {
  return base32_encode(hmac_sha256(receipt_key, "receipt " + std::string(id_text)).substr(0, kTagBytes));
}

// Length before content, so that no two sets of fields give one text.
void append_field(std::string& out, std::string_view field) {
  out += std::to_string(field.size());
  out += ':';
  out += field;
}

}  // namespace

std::string receipt_text(Id event_id, std::string_view receipt_key) {
  const std::string id_text = std::to_string(event_id);
  return std::string(kReceiptPrefix) + id_text + "_" + receipt_tag(id_text, receipt_key);
}

std::optional<Id> receipt_event(std::string_view receipt, std::string_view receipt_key) {
  if (!receipt.starts_with(kReceiptPrefix)) return std::nullopt;
  receipt.remove_prefix(kReceiptPrefix.size());
  const std::size_t split = receipt.find('_');
  if (split == std::string_view::npos) return std::nullopt;
  const std::string_view id_text = receipt.substr(0, split);
  Id id = 0;
  const auto [end, failure] = std::from_chars(id_text.data(), id_text.data() + id_text.size(), id);
  if (failure != std::errc() || end != id_text.data() + id_text.size() || id <= 0 || id_text.front() == '0')
    return std::nullopt;
  if (!constant_time_equal(receipt.substr(split + 1), receipt_tag(id_text, receipt_key))) return std::nullopt;
  return id;
}

std::string step_key(std::string_view hub_id, Id run, std::string_view step, int iteration) {
  std::string fields;
  append_field(fields, hub_id);
  append_field(fields, std::to_string(run));
  append_field(fields, step);
  append_field(fields, std::to_string(iteration));
  return hex_encode(sha256(fields)).substr(0, 32);
}

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > 63) return false;
  if (text.front() < 'a' || text.front() > 'z') return false;
  for (const char c : text)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-')) return false;
  // Names become keys of JavaScript objects in the console.
  return text != "__proto__" && text != "constructor" && text != "prototype";
}

}  // namespace ieum
