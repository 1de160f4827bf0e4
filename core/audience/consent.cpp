#include "audience/consent.hpp"

#include <algorithm>

namespace ieum::audience {
namespace {

struct Standing {
  const Said* last = nullptr;  // granted or refused
  Millis since = 0;            // granted: when it was given or last confirmed
};

// The newest word about a channel. By event time; of two at one instant the refusal holds.
Standing standing(const std::vector<Said>& said, std::string_view purpose, std::string_view channel) {
  Standing found;
  const auto about = [&](const Said& one) {
    return one.purpose == purpose && (one.channel.empty() || one.channel == channel);
  };
  for (const Said& one : said) {
    if (!about(one) || one.word == Word::confirmed) continue;
    const bool newer =
        found.last == nullptr || one.at_ms > found.last->at_ms ||
        (one.at_ms == found.last->at_ms && (one.word == Word::refused || found.last->word != Word::refused));
    if (newer) found.last = &one;
  }
  if (found.last == nullptr) return found;
  found.since = found.last->at_ms;
  for (const Said& one : said)
    if (about(one) && one.word == Word::confirmed && one.at_ms > found.since) found.since = one.at_ms;
  return found;
}

Millis anniversary(const Standing& consent, const Country& country, const Zone& zone) {
  return months_later(consent.since, country.confirm_years * 12, zone);
}

bool ended(const Standing& consent, Millis now, const Country& country, const Zone& zone) {
  return country.confirm_years > 0 && now >= anniversary(consent, country, zone);
}

}  // namespace

Permission permission(const std::vector<Said>& said, const std::vector<Purchase>& purchases, std::string_view channel,
                      std::string_view goods, Millis now, const Country& country, const Zone& zone) {
  Permission given;
  const Standing ad = standing(said, "ad", channel), night = standing(said, "night", channel);
  given.night = night.last != nullptr && night.last->word == Word::granted && !ended(night, now, country, zone);
  if (ad.last != nullptr && ad.last->word == Word::granted) {
    if (!ended(ad, now, country, zone)) {
      given.basis = Permission::Basis::consent;
      given.consent = ad.last->id;
      return given;
    }
    given.why_not = "consent_unconfirmed";
    return given;
  }
  given.why_not = "no_ad_consent";
  if (country.existing_customer_months == 0) return given;
  if (ad.last != nullptr) return given;  // refused: no purchase speaks against that
  for (const Purchase& purchase : purchases) {
    const bool same = goods.empty() || purchase.goods.empty() || purchase.goods == goods;
    if (!same || purchase.at_ms > now || now >= months_later(purchase.at_ms, country.existing_customer_months, zone))
      continue;
    given.basis = Permission::Basis::existing_customer;
    given.purchase = purchase.event;
    given.why_not.clear();
    return given;
  }
  return given;
}

std::optional<Word> stands_at(const std::vector<Said>& said, std::string_view purpose, std::string_view channel) {
  const Standing now = standing(said, purpose, channel);
  return now.last == nullptr ? std::nullopt : std::optional(now.last->word);
}

std::optional<Word> news(const std::vector<Said>& said, std::string_view purpose, std::string_view channel,
                         std::string_view told, Millis at_ms) {
  const Standing now = standing(said, purpose, channel);
  if (now.last != nullptr && now.last->at_ms > at_ms) return std::nullopt;
  const bool granted = now.last != nullptr && now.last->word == Word::granted;
  const bool refused = now.last != nullptr && !granted;
  if (told == "yes") return granted ? std::nullopt : std::optional(Word::granted);
  const bool says_no = told == "refused" ? !refused : granted;
  return says_no ? std::optional(Word::refused) : std::nullopt;
}

std::string_view channel_named(std::string_view channel) {
  return channel == "kakao_friendtalk" ? "kakao_brand_message" : channel;
}

std::optional<Millis> confirm_by(const std::vector<Said>& said, std::string_view channel, const Country& country,
                                 const Zone& zone) {
  const Standing ad = standing(said, "ad", channel);
  if (ad.last == nullptr || ad.last->word != Word::granted || country.confirm_years == 0) return std::nullopt;
  return anniversary(ad, country, zone);
}

}  // namespace ieum::audience
