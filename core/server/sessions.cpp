#include "server/sessions.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace ieum::server {

Sessions::Made Sessions::make(Expiries& into, std::size_t max, Millis live_for) {
  if (into.size() >= max) {
    into.erase(
        std::min_element(into.begin(), into.end(), [](const auto& a, const auto& b) { return a.second < b.second; }));
  }
  Made made{base64url_encode(random_.bytes(16)), clock_.now() + live_for};
  into[sha256(made.text)] = made.expires_ms;
  return made;
}

void Sessions::forget_old() {
  const Millis now = clock_.now();
  for (auto* expiries : {&codes_, &sessions_}) {
    std::erase_if(*expiries, [now](const auto& entry) { return entry.second <= now; });
  }
  std::erase_if(wrong_, [now](Millis at) { return at + kWrongFor <= now; });
}

Sessions::Made Sessions::make_code() {
  const std::lock_guard lock(mutex_);
  forget_old();
  wrong_.clear();
  return make(codes_, kCodesMax, kCodeFor);
}

Result<Sessions::Made> Sessions::open(std::string_view code) {
  const std::lock_guard lock(mutex_);
  forget_old();
  if (wrong_.size() >= kWrongMax) {
    return Error("too_many_tries", "too many wrong codes within a minute", "wait a minute, or make a new login link");
  }
  const auto found = codes_.find(sha256(code));
  if (found == codes_.end()) {
    wrong_.push_back(clock_.now());
    return Error("wrong_code", "this login link was used already or is too old",
                 "make a new one; a link works once, within five minutes");
  }
  codes_.erase(found);
  return make(sessions_, kSessionsMax, kSessionFor);
}

bool Sessions::known(std::string_view id) {
  const auto hash = sha256(id);
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(hash);
  return found != sessions_.end() && clock_.now() < found->second;
}

void Sessions::close(std::string_view id) {
  const auto hash = sha256(id);
  const std::lock_guard lock(mutex_);
  sessions_.erase(hash);
}

void Sessions::clock_moved(Millis by) {
  const std::lock_guard lock(mutex_);
  for (auto* expiries : {&codes_, &sessions_}) {
    for (auto& [hash, expires_ms] : *expiries) expires_ms += by;
  }
}

}  // namespace ieum::server
