// Solapi's door: who may call. A salt is good once, a date for fifteen minutes. Private to sandbox; one thread.
#pragma once
#include <deque>
#include <optional>
#include <string>
#include <unordered_set>

#include "sandbox/credentials.hpp"
#include "sandbox/incoming.hpp"

namespace ieum::sandbox::solapi {

HttpResponse error_response(int status, std::string_view code, std::string_view message);

class Signatures {
 public:
  explicit Signatures(const Credentials& credentials)
      : key_(credentials.solapi_api_key), secret_(credentials.solapi_api_secret) {}
  // Why this call is not let in; nothing when it is. Its salt is used from here on.
  std::optional<HttpResponse> refusal(const Incoming& in);

 private:
  const std::string key_;
  const std::string secret_;
  std::unordered_set<std::string> salts_;
  std::deque<std::string> salt_order_;
};

}  // namespace ieum::sandbox::solapi
