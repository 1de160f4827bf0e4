#include "audience/gate.hpp"

#include <algorithm>

namespace ieum::audience {
namespace {

using Kind = Verdict::Kind;

Verdict no(Kind kind, const char* reason) { return {kind, reason, 0, {}}; }

bool closes(const OptOut& opt_out, const Send& send) {
  const bool channel = opt_out.channel.empty() || opt_out.channel == send.channel;
  // An order confirmation still goes to who wants no more advertising; only the channel as a whole can be refused.
  if (send.message_class == "info") return opt_out.topic.empty() && !opt_out.channel.empty() && channel;
  return channel && (opt_out.topic.empty() || opt_out.topic == send.topic);
}

std::optional<Verdict> judge_refusals(const Send& send, const GateFacts& facts) {
  bool closed = false, ends_run = false;
  for (const OptOut& opt_out : facts.opt_outs) {
    if (!closes(opt_out, send)) continue;
    closed = true;
    // Who refused one channel may still be reached by another; who refused the topic is done with it.
    ends_run = ends_run || opt_out.channel.empty();
  }
  if (!closed) return std::nullopt;
  return no(ends_run ? Kind::ended : Kind::skipped, "unsubscribed");
}

// The hours at which it may not go, the law's before the channel's.
std::optional<Verdict> judge_hours(const Send& send, const GateFacts& facts, bool agreed_to_nights,
                                   const Country& country, const Zone& zone) {
  const auto until = [&](const Hours& closed, const char* reason) -> std::optional<Verdict> {
    const Millis opens = opens_at(closed, facts.now_ms, zone);
    if (opens == facts.now_ms) return std::nullopt;
    return Verdict{Kind::deferred, reason, opens, {}};
  };
  const auto& exempt = country.night_exempt;
  const bool rests = send.message_class != "info" && !agreed_to_nights &&
                     std::find(exempt.begin(), exempt.end(), send.channel) == exempt.end();
  if (rests) {
    if (auto night = until(country.night, "ad_quiet_hours")) return night;
  }
  return send.channel_rests ? until(*send.channel_rests, "channel_window") : std::nullopt;
}

}  // namespace

Verdict judge(const Send& send, const GateFacts& facts, const Country& country, const Zone& zone) {
  if (!facts.run_alive) return no(Kind::ended, "run_ended");
  if (facts.exited) return no(Kind::ended, "exit_on_already_true");
  if (auto refused = judge_refusals(send, facts)) return *refused;
  if (send.address.empty()) return no(Kind::skipped, "no_address");
  const bool ad = send.message_class != "info";
  Permission given;
  if (ad) {
    given = permission(facts.said, facts.purchases, send.channel, send.goods, facts.now_ms, country, zone);
    if (!given.granted()) return {Kind::skipped, given.why_not, 0, {}};
  }
  if (auto closed = judge_hours(send, facts, given.night, country, zone)) return *closed;
  if (send.expires_ms && facts.now_ms >= *send.expires_ms) return no(Kind::skipped, "expired");
  if (!ad) return {Kind::allowed, {}, 0, {}};
  for (const Cap& cap : facts.caps)
    if (cap.counted >= cap.most)
      return {Kind::skipped, "frequency_cap", 0,
              cap.of + " " + std::to_string(cap.most) + " in " + std::to_string(cap.per_for) + " ms"};
  return {Kind::allowed,
          {},
          0,
          given.basis == Permission::Basis::consent ? "consent " + std::to_string(given.consent)
                                                    : "existing_customer " + std::to_string(given.purchase)};
}

}  // namespace ieum::audience
