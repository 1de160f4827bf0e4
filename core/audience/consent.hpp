// Consent: whether somebody may be sent advertising on a channel, at an instant. What was said is a list that only grows; this
// reads it. Pure rules over facts.
//
// Said of one channel ("email") or of all (""): for a channel the newest word counts, of either. Who never agreed may be sent
// advertising as an existing customer, for a time after a purchase, unless they refused. A refusal is an own word: that nobody
// agreed is none.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audience/country.hpp"
#include "base/clock.hpp"
#include "base/ids.hpp"

namespace ieum::audience {

enum class Word {
  granted,
  refused,    // also a withdrawal
  confirmed,  // the notice that a consent goes on was sent; nothing else is said by it
};

struct Said {
  Id id = 0;
  std::string purpose;  // "ad" | "night": advertising while the country's night lasts, besides "ad"
  std::string channel;  // "" all
  Word word = Word::granted;
  Millis at_ms = 0;
};

struct Purchase {
  Id event = 0;
  Millis at_ms = 0;
  std::string goods;  // kind of goods, "" unknown
};

struct Permission {
  enum class Basis { none, consent, existing_customer };
  Basis basis = Basis::none;
  Id consent = 0;   // the word that grants it
  Id purchase = 0;  // existing_customer: the event
  bool night = false;
  std::string why_not;  // none: "no_ad_consent" | "consent_unconfirmed"
  [[nodiscard]] bool granted() const { return basis != Basis::none; }
};

// `said`: in the order in which it came in. `purchases`: those of which one may still count. `goods`: of the recipe; "" any. A
// purchase of unknown goods counts for all. `now` at the anniversary is too late, and so is `now` at the end of the months.
Permission permission(const std::vector<Said>& said, const std::vector<Purchase>& purchases, std::string_view channel,
                      std::string_view goods, Millis now, const Country& country, const Zone& zone);

// The newest word about a channel, granted or refused; nothing when nobody said any.
std::optional<Word> stands_at(const std::vector<Said>& said, std::string_view purpose, std::string_view channel);

// What is new when a source says again and again whether somebody agrees, as it does with each contact. `told`: "yes", "no" or
// "refused". Granted where they had not; a "no" of somebody who had is a withdrawal, and of somebody who never agreed it is
// no refusal. What is older than what is known is no news.
std::optional<Word> news(const std::vector<Said>& said, std::string_view purpose, std::string_view channel,
                         std::string_view told, Millis at_ms);

// The name under which consents to a channel are kept: Kakao's friendtalk ended with 2025, and the brand message took its place.
std::string_view channel_named(std::string_view channel);

// When the consent that counts for the channel ends unless it is confirmed; nothing when there is none, or it does not end.
std::optional<Millis> confirm_by(const std::vector<Said>& said, std::string_view channel, const Country& country,
                                 const Zone& zone);

}  // namespace ieum::audience
