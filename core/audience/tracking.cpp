#include "audience/tracking.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "audience/html.hpp"
#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace ieum::audience {
namespace {

constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kTextMax = 8'192;
constexpr std::array<std::string_view, 3> kKinds{"link", "opening", "refusal"};

std::string tag_of(std::string_view said, std::string_view key) {
  return hmac_sha256(key, "ticket\n" + std::string(said)).substr(0, kTagBytes);
}

std::optional<std::int64_t> whole_number(const std::string& text) {
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = !text.empty() && read.ec == std::errc() && read.ptr == text.data() + text.size() && number >= 0;
  return whole ? std::optional(number) : std::nullopt;
}

std::optional<std::vector<std::string>> lines_of(std::string_view text, std::size_t count) {
  std::vector<std::string> lines;
  while (lines.size() + 1 < count) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  lines.emplace_back(text);
  return lines;
}

}  // namespace

std::string sealed(const Ticket& ticket, std::string_view key) {
  std::string name = ticket.name;
  std::replace(name.begin(), name.end(), '\n', ' ');
  const std::string said = std::string(kKinds[static_cast<std::size_t>(ticket.kind)]) + "\n" +
                           std::to_string(ticket.issued_ms / kSecond) + "\n" + std::to_string(ticket.run) + "\n" +
                           std::to_string(ticket.step) + "\n" + std::to_string(ticket.customer) + "\n" + name + "\n" +
                           ticket.target;
  return base64url_encode(said + tag_of(said, key));
}

std::optional<Ticket> opened(std::string_view text, Ticket::Kind kind, std::string_view key, Millis now_ms) {
  if (text.size() > kTextMax) return std::nullopt;
  const auto bytes = base64url_decode(text);
  if (!bytes || bytes->size() < kTagBytes) return std::nullopt;
  const std::string_view said = std::string_view(*bytes).substr(0, bytes->size() - kTagBytes);
  if (!constant_time_equal(std::string_view(*bytes).substr(said.size()), tag_of(said, key))) return std::nullopt;
  const auto lines = lines_of(said, 7);
  if (!lines || (*lines)[0] != kKinds[static_cast<std::size_t>(kind)]) return std::nullopt;
  const auto issued = whole_number((*lines)[1]), run = whole_number((*lines)[2]), step = whole_number((*lines)[3]),
             customer = whole_number((*lines)[4]);
  if (!issued || !run || !step || !customer || now_ms - *issued * kSecond > kTicketFor) return std::nullopt;
  return Ticket{kind, *issued * kSecond, *run, *step, *customer, (*lines)[5], (*lines)[6]};
}

bool is_web_address(std::string_view text) {
  const std::string start = to_lower_ascii(text.substr(0, 8));
  const std::size_t scheme = start.starts_with("https://") ? 8 : start.starts_with("http://") ? 7 : 0;
  if (scheme == 0 || text.size() == scheme || text[scheme] == '/') return false;
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > 0x20 && c != 0x7F; });
}

std::string with_pixel(std::string html, const std::string& address) {
  return at_end_of_body(std::move(html),
                        "<img src=\"" + html_escape(address) + "\" width=\"1\" height=\"1\" alt=\"\">");
}

std::string with_way_out(std::string html, const std::string& address) {
  return at_end_of_body(std::move(html),
                        "<p><a href=\"" + html_escape(address) + "\">수신거부 · Unsubscribe</a></p>");
}

std::string with_campaign(const std::string& target, const Campaign& campaign) {
  const auto hash = std::min(target.find('#'), target.size());
  const std::string before = target.substr(0, hash);
  const auto question = before.find('?');
  if (campaign.source.empty() ||
      (question != std::string::npos && before.find("utm_", question) != std::string::npos))
    return target;
  std::string added = "utm_source=" + percent_encode(campaign.source);
  for (const auto& [name, value] : {std::pair("utm_medium", &campaign.medium), std::pair("utm_campaign", &campaign.campaign),
                                    std::pair("utm_content", &campaign.content)})
    if (!value->empty()) added += std::string("&") + name + "=" + percent_encode(*value);
  const bool first = question == std::string::npos;
  const bool ends = before.ends_with('?') || before.ends_with('&');
  return before + (first ? "?" : ends ? "" : "&") + added + target.substr(hash);
}

std::string_view machine_of(const Hit& hit) {
  static constexpr std::array<std::string_view, 24> kPrograms{
      "bot",       "crawl",    "spider",     "scan",       "preview",  "monitor",    "curl/",     "wget/",
      "python",    "go-http",  "java/",      "okhttp",     "headless", "facebookexternalhit", "kakaotalk-scrap", "slack-img",
      "barracuda", "mimecast", "proofpoint", "safelinks",  "phantom",  "libwww",     "httpclient", "node-fetch"};
  // People take longer to see that a mail has come; a push is tapped when it shows.
  constexpr Millis kMailSeen = 5 * kSecond;
  if (hit.method == "HEAD") return "only_looked";
  std::string agent = to_lower_ascii(hit.user_agent);
  if (trim(agent).empty()) return "no_user_agent";
  // Apple's mail privacy loads all pictures under this name alone, whether or not somebody reads.
  if (agent == "mozilla/5.0") return "privacy_proxy";
  if (const auto phone = agent.find("cubot"); phone != std::string::npos) agent.erase(phone, 5);  // a maker of phones
  for (const auto program : kPrograms)
    if (agent.find(program) != std::string::npos) return "known_bot";
  return hit.channel == "email" && hit.after_ms < kMailSeen ? "at_once" : "";
}

}  // namespace ieum::audience
