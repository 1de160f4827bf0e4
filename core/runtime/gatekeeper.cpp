#include "runtime/gatekeeper.hpp"

#include "base/json.hpp"
#include "engine/reasons.hpp"
#include "runtime/tracked.hpp"

namespace ieum::runtime {
namespace {

audience::LabelPlace label_place(const host::Operation& operation) {
  switch (operation.label) {
    case host::AdLabel::subject: return audience::LabelPlace::subject;
    case host::AdLabel::text: return audience::LabelPlace::text;
    case host::AdLabel::approved: return audience::LabelPlace::approved;
    case host::AdLabel::vendor: break;
  }
  return audience::LabelPlace::vendor;
}

// When this visit of the step was come to first: its time to expire runs from there. Decisions of a visit are those that deferred it,
// the one that let it go, and those that deferred another attempt.
Result<Millis> reached_at(Context& context, const store::RunRow& run, const std::string& step, Id earlier,
                          Millis now_ms) {
  Millis reached = now_ms;
  if (earlier == 0 && !is_deferred(run)) return reached;
  IEUM_TRY(const auto decisions, context.reader->decisions(run.id));
  for (auto at = decisions.rbegin(); at != decisions.rend(); ++at) {
    if (at->step != step) continue;
    if (!at->until_ms && at->id != earlier) break;
    reached = at->at_ms;
  }
  return reached;
}

// The text as it was approved: the step's own, else that of its template.
Result<std::string> approved_text(Context& context, const host::Operation& operation, Id connection,
                                  const Value& inputs) {
  std::string text = inputs.text(operation.text_input);
  const auto* chosen = operation.template_input.empty() ? nullptr : operation.input(operation.template_input);
  if (!text.empty() || chosen == nullptr) return text;
  IEUM_TRY(const auto row,
           context.reader->resource(connection, chosen->resource, inputs.text(operation.template_input)));
  if (!row) return text;
  const auto item = parse_json(row->data);
  return item.has_value() ? item->text("text") : text;
}

Result<Value> framed_inputs(Context& context, const host::Operation& operation, Id connection, const Value& inputs,
                            const std::string& way_out) {
  audience::Sender sender = context.policy.sender;
  // A text has little room: the free number is enough where there is one.
  if (operation.text_is_html || sender.free_opt_out.empty()) sender.opt_out_url = way_out;
  audience::Message message{inputs.text(operation.subject_input), inputs.text(operation.text_input),
                            operation.text_is_html};
  if (operation.label == host::AdLabel::approved) {
    IEUM_TRY(message.text, approved_text(context, operation, connection, inputs));
  }
  IEUM_TRY(message, audience::framed(std::move(message), label_place(operation), sender, context.policy.country));
  Map out = inputs.if_map() == nullptr ? Map() : *inputs.if_map();
  if (!operation.subject_input.empty() && operation.label == host::AdLabel::subject)
    out.set(operation.subject_input, message.subject);
  if (!operation.text_input.empty() && operation.label != host::AdLabel::approved)
    out.set(operation.text_input, message.text);
  if (!operation.ad_flag_input.empty()) out.set(operation.ad_flag_input, true);
  return Value(std::move(out));
}

}  // namespace

bool is_deferred(const store::RunRow& run) {
  return run.reason == engine::reasons::kAdQuietHours || run.reason == engine::reasons::kChannelWindow;
}

bool reaches_customer(const host::Operation& operation, const recipe::Use& use) {
  return operation.reaches == host::Reaches::customer || use.reaches == "customer";
}

Result<Sending> judge_send(Context& context, const store::RunRow& run, Id row, const std::string& step,
                           const recipe::Use& use, const host::Operation& operation, Id connection, const Value& inputs,
                           RunFacts& facts, Id earlier, Millis now_ms) {
  const auto& policy = context.policy;
  const bool ad = use.message_class != "info";
  audience::Send send;
  send.topic = facts.recipe().topic;
  send.channel = operation.channel;
  send.message_class = use.message_class;
  // An operation that names no address input (http.request) has its address in the request itself.
  send.address = operation.address_input.empty() ? std::string("-") : inputs.text(operation.address_input);
  if (use.expires_for) {
    IEUM_TRY(const Millis reached, reached_at(context, run, step, earlier, now_ms));
    send.expires_ms = reached + *use.expires_for;
  }
  IEUM_TRY(auto known, facts.gate_facts(ad, send.channel, earlier, now_ms));
  IEUM_TRY(const Zone* zone, context.parts.zones.find(policy.country.zone));
  Sending sending;
  sending.verdict = audience::judge(send, known, policy.country, *zone);
  auto& decision = sending.decision;
  decision.id = context.parts.store.next_id(store::IdSpace::decision);
  decision.run = run.id;
  decision.customer = run.customer;
  decision.step = step;
  decision.at_ms = now_ms;
  decision.allowed = sending.verdict.allowed();
  decision.reason = sending.verdict.reason;
  decision.channel = operation.channel;
  decision.message_class = use.message_class;
  decision.basis = sending.verdict.basis;
  if (sending.verdict.kind == audience::Verdict::Kind::deferred) decision.until_ms = sending.verdict.until_ms;
  if (earlier != 0 || !sending.verdict.allowed()) return sending;
  const Tracked tracked(context, run, facts.recipe(), row, step, operation, ad, now_ms);
  if (!ad) {
    if (tracked.concerns()) sending.inputs = tracked.into(inputs);
    return sending;
  }
  auto framed = framed_inputs(context, operation, connection, inputs, tracked.way_out());
  if (framed.has_value()) {
    sending.inputs = tracked.into(std::move(*framed));
  } else if (framed.error().code == "ad_label_missing_in_template") {
    sending.verdict = {audience::Verdict::Kind::skipped, framed.error().code, 0, {}};
    decision.allowed = false;
    decision.reason = framed.error().code;
    decision.basis.clear();
  } else {
    sending.unframed = framed.error();
  }
  return sending;
}

}  // namespace ieum::runtime
