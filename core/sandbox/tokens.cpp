#include "sandbox/tokens.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kTokensMax = 10'000;

}  // namespace

Scopes read_scopes(std::string_view text) {
  Scopes out;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(" ,");
    if (end != 0) out.emplace(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

std::string scopes_text(const Scopes& scopes, char separator) {
  std::string out;
  for (const std::string& scope : scopes) {
    if (!out.empty()) out += separator;
    out += scope;
  }
  return out;
}

std::string Tokens::issue(std::string_view prefix, Scopes scopes, Millis until) {
  const std::string seed = std::string(prefix) + "/" + std::to_string(++made_) + "/" + scopes_text(scopes, ' ');
  std::string name = std::string(prefix) + hex_encode(sha256(seed)).substr(0, 32);
  tokens_[name] = {std::move(scopes), until};
  order_.push_back(name);
  if (order_.size() > kTokensMax) {
    tokens_.erase(order_.front());
    order_.pop_front();
  }
  return name;
}

const Scopes* Tokens::find(std::string_view token, Millis now) const {
  const auto found = tokens_.find(token);
  if (found == tokens_.end() || (found->second.until != 0 && found->second.until <= now)) return nullptr;
  return &found->second.scopes;
}

void Tokens::revoke(std::string_view token) {
  if (const auto found = tokens_.find(token); found != tokens_.end()) tokens_.erase(found);
}

}  // namespace ieum::sandbox
