#include "sandbox/world.hpp"

namespace ieum::sandbox {

namespace {

CallRecord record_of(const Incoming& in) {
  CallRecord record;
  record.at = in.now;
  record.method = in.http.method;
  record.target = in.http.target;
  record.headers = without_credentials(in.http.headers);
  record.body = in.http.body;
  return record;
}

bool is_control(const Incoming& in) {
  return in.path == "/" || in.path == "/favicon.ico" || (!in.segments.empty() && in.segments[0] == "_sandbox");
}

bool refuses(const Fault& fault) {
  if (fault.kind == FaultKind::drop_before) return true;
  return (fault.kind == FaultKind::status || fault.kind == FaultKind::lookup_fails) && !fault.acts;
}

}  // namespace

World::World(const Clock& clock, ManualClock* virtual_clock, Credentials credentials)
    : clock_(clock), virtual_clock_(virtual_clock), credentials_(std::move(credentials)) {
  reset();
}

void World::reset() {
  calls_.clear();
  faults_.clear();
  senders_.clear();
  templates_ = TemplateStore();
  vendors_.clear();
  vendors_.push_back(make_slack(credentials_));
  vendors_.push_back(make_shopify(credentials_));
  vendors_.push_back(make_solapi(credentials_, templates_));
  vendors_.push_back(make_nhn(credentials_, templates_));
  vendors_.push_back(make_google(credentials_));
  vendors_.push_back(make_nhn_sms(credentials_));
  vendors_.push_back(make_aligo(credentials_, templates_));
  vendors_.push_back(make_tally(credentials_));
  vendors_.push_back(make_brevo(credentials_));
  vendors_.push_back(make_airtable(credentials_));
  vendors_.push_back(make_ga4(credentials_));
  vendors_.push_back(make_typeform(credentials_));
  vendors_.push_back(make_mailchimp(credentials_));
  vendors_.push_back(make_sink());
}

Reply World::handle(HttpRequest request) {
  const Incoming in = read_incoming(std::move(request), clock_.now());
  if (is_control(in)) return control(in);
  for (const auto& vendor : vendors_)
    if (vendor->owns(in)) return serve(in, *vendor);
  Reply reply{json_response(404, Map{{"error", "no vendor has this path; see /_sandbox/"}})};
  CallRecord record = record_of(in);
  record.status = 404;
  record.effect = effect_name(Effect::refused);
  calls_.add(std::move(record));
  return reply;
}

Reply World::serve(const Incoming& in, Vendor& vendor) {
  const std::string name(vendor.name());
  const Description description = vendor.describe(in);
  const std::optional<Fault> fault = faults_.next(name, in, description);
  CallRecord record = record_of(in);
  record.vendor = name;
  record.operation = description.operation;
  record.key = description.key;
  record.message = description.message;
  record.effect = effect_name(Effect::refused);

  Reply reply;
  std::vector<Message> reached;
  if (!fault || !refuses(*fault)) {
    Outcome outcome = vendor.act(in, faults_.limits(name));
    if (outcome.limited) {
      faults_.count_limited(name);
      record.fault = fault_name(FaultKind::rate_limit);
    }
    record.effect = effect_name(outcome.effect);
    if (outcome.message) record.message = std::move(outcome.message);
    reached = std::move(outcome.reached);
    reply.response = std::move(outcome.response);
  }
  if (fault) {
    record.fault = fault_name(fault->kind);
    switch (fault->kind) {
      case FaultKind::status:
      case FaultKind::lookup_fails: reply.response = fault->response; break;
      case FaultKind::drop_before:
      case FaultKind::drop_after: reply.delivery = Reply::Delivery::none; break;
      case FaultKind::half: reply.delivery = Reply::Delivery::half; break;
      case FaultKind::delay: reply.delay_for = fault->delay_ms; break;
      case FaultKind::rate_limit: break;
    }
  }
  const bool answered = reply.delivery != Reply::Delivery::none;
  record.status = answered ? reply.response.status : 0;
  if (answered) record.answer = reply.response.body;
  const std::int64_t call = calls_.add(std::move(record));
  for (Message& message : reached) calls_.reached(call, in.now, name, std::move(message));
  collect(in.now);
  return reply;
}

}  // namespace ieum::sandbox
