// The control side of what vendors tell: POST /_sandbox/send, /_sandbox/hooks, GET /_sandbox/deliveries.
#include <algorithm>

#include "base/url.hpp"
#include "sandbox/control.hpp"
#include "sandbox/world.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::int64_t kShownMax = 10'000;

Told read_told(const Incoming& in) {
  Told told;
  told.topic = in.json.text("topic");
  told.id = in.json.text("id");
  if (const Value* body = in.json.get("body")) told.body = *body;
  if (const Value* more = in.json.get("more"); more != nullptr && more->is_map()) told.more = *more->if_map();
  told.only = in.json.text("hook");
  return told;
}

}  // namespace

// {vendor, topic, body?, to?, secret?, hook?, id?, more?}. With `to`: to this address, registered or not. Else the vendor
// does what the topic says, if it can (a row is edited, a button is clicked), and tells every hook that wants the topic.
HttpResponse World::control_send(const Incoming& in) {
  if (!in.is("POST")) return control_wrong_method();
  if (!in.json_readable) return control_needs_json();
  const std::string name = in.json.text("vendor");
  if (name.empty())
    return control_error(400, Error("bad_send", "'vendor' is missing", R"(send {"vendor": "shopify", "topic": ...})"));
  Vendor* vendor = find(name);
  const HookFormat* format = vendor == nullptr ? nullptr : vendor->hook_format();
  const Told told = read_told(in);
  const std::int64_t before = senders_.last();
  Value did;
  if (vendor != nullptr) vendor->wrote(told, in.now);
  if (const std::string to = in.json.text("to"); !to.empty()) {
    if (parse_url(to).has_error())
      return control_error(400, Error("bad_send", "'to' is no absolute address", "send the hub's hook URL"));
    Hook hook;
    hook.id = told.only.empty() ? "to" : told.only;
    hook.url = to;
    hook.secret = in.json.text("secret");
    senders_.send(name, format, told, std::move(hook), in.now);
  } else {
    std::optional<Result<Value>> happened;
    if (vendor != nullptr) happened = vendor->happen(told, in.now);
    if (happened && happened->has_error()) return control_error(400, happened->error());
    if (happened) did = **happened;
    if (happened)
      collect(in.now);
    else
      senders_.tell(name, format, told, vendor == nullptr ? std::vector<Hook>() : vendor->hooks(), in.now);
    if (!happened && senders_.last() == before)
      return control_error(409, Error("no_hook", "no hook of " + name + " hears '" + told.topic + "'",
                                      "register one, POST /_sandbox/hooks, or say where: \"to\""));
  }
  List deliveries;
  for (std::int64_t seq = before + 1; seq <= senders_.last(); ++seq) deliveries.emplace_back(seq);
  return json_response(202, Map{{"deliveries", std::move(deliveries)}, {"did", std::move(did)}});
}

HttpResponse World::control_hooks(const Incoming& in) {
  if (in.is("DELETE")) {
    senders_.forget_hooks();
    return {204, {}, ""};
  }
  if (in.is("POST")) {
    if (!in.json_readable) return control_needs_json();
    const auto hook = senders_.configure(in.json);
    if (!hook) return control_error(400, hook.error());
    return json_response(201, hook_value(in.json.text("vendor"), *hook, "console"));
  }
  if (!in.is("GET")) return control_wrong_method();
  List hooks;
  for (const auto& vendor : vendors_)
    for (const Hook& hook : vendor->hooks()) hooks.emplace_back(hook_value(std::string(vendor->name()), hook, "api"));
  for (const auto& [vendor, hook] : senders_.configured()) hooks.emplace_back(hook_value(vendor, hook, "console"));
  return json_response(200, Map{{"hooks", std::move(hooks)}});
}

HttpResponse World::control_reach(const Incoming& in) {
  if (in.is("DELETE")) {
    senders_.forget_reach();
    return {204, {}, ""};
  }
  if (in.is("POST")) {
    if (!in.json_readable) return control_needs_json();
    if (const Status set = senders_.reach(in.json.text("address"), in.json.text("at")); !set)
      return control_error(400, set.error());
  } else if (!in.is("GET")) {
    return control_wrong_method();
  }
  List list;
  for (const auto& [address, at] : senders_.reached()) list.emplace_back(Map{{"address", address}, {"at", at}});
  return json_response(200, Map{{"reach", std::move(list)}});
}

HttpResponse World::control_deliveries(const Incoming& in) {
  if (!in.is("GET")) return control_wrong_method();
  const std::int64_t limit =
      std::clamp<std::int64_t>(whole_number(in.parameter("limit")).value_or(kShownMax), 0, kShownMax);
  return json_response(200, senders_.deliveries(in.parameter("vendor"), static_cast<std::size_t>(limit)));
}

Vendor* World::find(const std::string& name) {
  for (const auto& vendor : vendors_)
    if (vendor->name() == name) return vendor.get();
  return nullptr;
}

void World::collect(Millis now) {
  for (const auto& vendor : vendors_) {
    for (Message& message : vendor->arrived(now))
      calls_.reached(0, now, std::string(vendor->name()), std::move(message));
    for (const Told& told : vendor->told(now))
      senders_.tell(std::string(vendor->name()), vendor->hook_format(), told, vendor->hooks(), now);
  }
}

std::vector<DueDelivery> World::due() {
  const Millis now = clock_.now();
  collect(now);
  return senders_.due(now);
}

void World::answered(std::int64_t seq, const HttpResponse* answer, const std::string& failure) {
  const HookDelivery* lost = senders_.answered(seq, answer, failure, clock_.now());
  if (lost == nullptr) return;
  if (Vendor* vendor = find(lost->vendor)) vendor->lose_hook(lost->hook.id);
}

}  // namespace ieum::sandbox
