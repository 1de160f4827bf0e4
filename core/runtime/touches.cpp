#include "runtime/touches.hpp"

#include <algorithm>

namespace ieum::runtime {
namespace {

// Of one message: what comes after is somebody who plays with an address.
constexpr int kTouchesMost = 200;

}  // namespace

std::optional<audience::Ticket> Touches::read(std::string_view text, audience::Ticket::Kind kind) const {
  return audience::opened(text, kind, context_.touch_key.reveal(), context_.now());
}

void Touches::touched(const audience::Ticket& ticket, const std::string& method, const std::string& user_agent,
                      std::function<void()> done) {
  const Millis now = context_.now();
  context_.parts.engine.post([this, ticket, now, method, user_agent, done = std::move(done)]() mutable {
    const auto steps = context_.reader->steps(ticket.run);
    const auto run = context_.reader->run(ticket.run);
    if (steps.has_error() || run.has_error() || !*run) return done();
    const auto step = std::find_if(steps->begin(), steps->end(),
                                   [&](const store::StepRow& one) { return one.id == ticket.step; });
    const auto live = context_.live();
    const auto recipe = live->recipes_by_id.find((*run)->recipe);
    if (step == steps->end() || recipe == live->recipes_by_id.end()) return done();
    const auto known = context_.reader->touches_of(ticket.step, kTouchesMost);
    if (known.has_error() || known->size() >= static_cast<std::size_t>(kTouchesMost)) return done();
    const auto decisions = context_.reader->decisions(ticket.run);
    const auto decision = decisions.has_error() ? nullptr : [&]() -> const store::DecisionRow* {
      for (const auto& one : *decisions)
        if (one.id == step->decision) return &one;
      return nullptr;
    }();
    Touch touch;
    touch.channel = decision == nullptr ? "" : decision->channel;
    touch.step_key = step->key;
    auto& row = touch.row;
    row.customer = (*run)->customer;
    row.run = ticket.run;
    row.step = ticket.step;
    row.recipe = recipe->second->row.name;
    row.step_name = step->step;
    row.kind = ticket.kind == audience::Ticket::Kind::link ? "click" : "open";
    row.link = ticket.name;
    row.url = ticket.target;
    // A message that is on its way yet was opened by nobody.
    const Millis sent = step->closed_ms.value_or(now);
    row.machine = audience::machine_of({method, user_agent, touch.channel, now - sent});
    const auto by_person = [](const store::TouchRow& one) { return one.machine.empty(); };
    touch.implies_open = row.kind == "click" && touch.channel == "email" &&
                         std::none_of(known->begin(), known->end(), by_person);
    auto delivery = touch_delivery(touch, now);
    const std::string once = row.kind + ":" + std::to_string(row.step) + ":" + row.link + ":" + row.url + ":" + row.machine + ":" +
                             std::to_string(now / kSecond);
    acceptor_.tell(std::move(delivery), once, [done = std::move(done)](bool) { done(); });
  });
}

void Touches::refused(const audience::Ticket& ticket, bool of_all, std::function<void(bool)> done) {
  const Millis now = context_.now();
  context_.parts.engine.post([this, ticket, of_all, now, done = std::move(done)]() mutable {
    Refusal refusal;
    refusal.customer = ticket.customer;
    refusal.topic = of_all ? "" : ticket.name;
    refusal.channel = ticket.target;
    if (const auto run = context_.reader->run(ticket.run); run.has_value() && *run) {
      refusal.customer = (*run)->customer;  // may be somebody else by now: customers merge
      const auto live = context_.live();
      if (const auto recipe = live->recipes_by_id.find((*run)->recipe); recipe != live->recipes_by_id.end())
        refusal.recipe = recipe->second->row.name;
      if (const auto steps = context_.reader->steps(ticket.run); steps.has_value())
        for (const auto& step : *steps)
          if (step.id == ticket.step) refusal.step = step.step;
    }
    acceptor_.tell(refusal_delivery(refusal, now), {}, std::move(done));
  });
}

}  // namespace ieum::runtime
