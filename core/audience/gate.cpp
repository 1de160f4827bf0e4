#include "audience/gate.hpp"

namespace ieum::audience {

namespace {

bool closes(const OptOut& opt_out, const Send& send) {
  const bool channel = opt_out.channel.empty() || opt_out.channel == send.channel;
  // An order confirmation still goes to who wants no more advertising; only the channel as a whole can be refused.
  if (send.message_class == "info") return opt_out.topic.empty() && !opt_out.channel.empty() && channel;
  return channel && (opt_out.topic.empty() || opt_out.topic == send.topic);
}

}  // namespace

Verdict judge(const Send& send, const GateFacts& facts) {
  if (!facts.run_alive) return {false, "run_ended", true};
  if (facts.exited) return {false, "exit_on_already_true", true};
  bool closed = false, ends_run = false;
  for (const OptOut& opt_out : facts.opt_outs) {
    if (!closes(opt_out, send)) continue;
    closed = true;
    // Who refused one channel may still be reached by another; who refused the topic is done with it.
    ends_run = ends_run || opt_out.channel.empty();
  }
  if (closed) return {false, "unsubscribed", ends_run};
  if (send.address.empty()) return {false, "no_address", false};
  if (send.message_class != "info") return {false, "class_not_supported", false};
  return {true, "", false};
}

}  // namespace ieum::audience
