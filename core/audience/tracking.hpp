// Tracking: what the hub puts into a message so that a click, an opening and a refusal come back to it. Pure.
//
// Each comes back by an address that says by itself whose it is and where it leads, signed by the hub: nothing is stored for a
// message that nobody touches, and an address works as long as it is signed, whatever else is gone. An address that was changed
// is none: no redirect leads where the hub did not write it. Addresses grow old after kTicketFor.
//
// Who touched it is told apart: programs that look at mails before people do are no readers (machine_of).
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace ieum::audience {

inline constexpr Millis kTicketFor = 730 * kDay;

// What an address of the hub's stands for.
struct Ticket {
  enum class Kind { link, opening, refusal };
  Kind kind = Kind::link;
  Millis issued_ms = 0;  // kept in whole seconds
  Id run = 0;
  Id step = 0;  // the row of the message; 0 none
  Id customer = 0;
  std::string name;    // of a link, as its author called it; of a refusal the topic, "" all
  std::string target;  // of a link where it leads; of a refusal the channel
};

// URL-safe text. Its end is an HMAC of the rest.
std::string sealed(const Ticket& ticket, std::string_view key);
// Nothing when it was changed, is of another kind, or too old.
std::optional<Ticket> opened(std::string_view text, Ticket::Kind kind, std::string_view key, Millis now_ms);

struct Link {
  std::string name;    // attribute data-link; "" none
  std::string target;  // http or https
};
using AddressOf = std::function<std::string(const Link&)>;

// Whether it leads to a web page, and has no byte that an address cannot have.
bool is_web_address(std::string_view text);
// HTML with the addresses of <a> and <area> that lead to web pages replaced, and their data-link taken out; the rest stays byte for
// byte. An empty answer leaves the link as it is. Comments, scripts and styles are passed over.
std::string with_links(std::string_view html, const AddressOf& address);
// Behind all else that the body has.
std::string with_pixel(std::string html, const std::string& address);
// The same for a way to want no more of a mail that is no advertisement.
std::string with_way_out(std::string html, const std::string& address);

// utm_source, utm_medium, utm_campaign and utm_content; an address that has any of them stays as it is.
struct Campaign {
  std::string source, medium, campaign, content;
};
std::string with_campaign(const std::string& target, const Campaign& campaign);

struct Hit {
  std::string method, user_agent, channel;
  Millis after_ms = 0;  // behind the sending
};
// Why it was no person: "no_user_agent" | "known_bot" | "privacy_proxy" | "only_looked" | "at_once"; "" a person, as far as can
// be told.
std::string_view machine_of(const Hit& hit);

}  // namespace ieum::audience
