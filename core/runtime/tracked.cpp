#include "runtime/tracked.hpp"

#include "audience/tracking.hpp"

namespace ieum::runtime {

using audience::Ticket;

Tracked::Tracked(const Context& context, const store::RunRow& run, const recipe::Recipe& recipe, Id step,
                 const std::string& step_name, const host::Operation& operation, bool is_ad, Millis now_ms)
    : context_(context),
      run_(run),
      operation_(operation),
      step_name_(step_name),
      recipe_(recipe.name),
      step_(step),
      is_ad_(is_ad),
      now_ms_(now_ms) {
  if (!context.parts.public_url.empty() && run.customer != 0 && (is_ad || !recipe.topic.empty()))
    way_out_ = context.parts.public_url + "/u/" + ticket(Ticket::Kind::refusal, recipe.topic, operation.channel);
}

std::string Tracked::ticket(Ticket::Kind kind, const std::string& name, const std::string& target) const {
  return audience::sealed({kind, now_ms_, run_.id, step_, run_.customer, name, target}, context_.touch_key.reveal());
}

std::string Tracked::address(const audience::Link& link) const {
  if (link.target.starts_with(context_.parts.public_url + "/")) return {};
  const std::string target = audience::with_campaign(
      link.target, {context_.policy.tracking.utm_source, operation_.channel, recipe_, step_name_});
  return context_.parts.public_url + "/t/c/" + ticket(Ticket::Kind::link, link.name, target);
}

bool Tracked::concerns() const {
  return !context_.parts.public_url.empty() &&
         (operation_.text_is_html || !operation_.opt_out_input.empty() || !operation_.link_inputs.empty());
}

Value Tracked::into(Value inputs) const {
  const auto& tracking = context_.policy.tracking;
  if (!concerns() || inputs.if_map() == nullptr) return inputs;
  Map out = *inputs.if_map();
  if (!operation_.opt_out_input.empty() && !way_out_.empty() && inputs.text(operation_.opt_out_input).empty())
    out.set(operation_.opt_out_input, way_out_);
  for (const auto& input : operation_.link_inputs)
    if (const std::string target = inputs.text(input); tracking.links && audience::is_web_address(target))
      if (std::string tracked = address({{}, target}); !tracked.empty()) out.set(input, std::move(tracked));
  if (std::string html = inputs.text(operation_.text_input); operation_.text_is_html && !html.empty()) {
    if (!is_ad_ && !way_out_.empty()) html = audience::with_way_out(std::move(html), way_out_);
    if (tracking.links)
      html = audience::with_links(html, [this](const audience::Link& link) { return address(link); });
    if (tracking.opens)
      html = audience::with_pixel(std::move(html),
                                  context_.parts.public_url + "/t/o/" + ticket(Ticket::Kind::opening, {}, {}));
    out.set(operation_.text_input, std::move(html));
  }
  return Value(std::move(out));
}

}  // namespace ieum::runtime
