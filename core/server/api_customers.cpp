// Customers: what the hub knows about one person, what they said about advertising, and what the owner decided for all.
#include "audience/identity.hpp"
#include "base/json.hpp"
#include "server/api.hpp"
#include "server/run_view.hpp"

namespace ieum::server {
namespace {

constexpr int kTouchesShown = 200;  // the newest

Result<Value> show_customer(Api&, ApiCall& call) {
  IEUM_TRY(const auto id, call.id("customer"));
  auto& reader = call.reader;
  IEUM_TRY(const auto row, reader.customer(id));
  if (!row) return Error("unknown_customer", "there is no customer " + std::to_string(id));
  IEUM_TRY(const auto identities, reader.identities(id));
  IEUM_TRY(const auto opt_outs, reader.opt_outs(id));
  IEUM_TRY(const auto consents, reader.consents(id));
  IEUM_TRY(const auto runs, reader.live_runs_of(id));
  IEUM_TRY(const auto merges, reader.merges_into(id));
  const auto recipes = recipe_names(reader);
  List identity_views, opt_out_views, consent_views, run_views;
  for (const auto& identity : identities) {
    identity_views.push_back(Map{{"kind", identity.kind}, {"value", identity.value}, {"added_ms", identity.added_ms}});
  }
  for (const auto& refusal : opt_outs) {
    opt_out_views.push_back(Map{
        {"topic", refusal.topic}, {"channel", refusal.channel}, {"at_ms", refusal.at_ms}, {"source", refusal.source}});
  }
  for (const auto& said : consents) {
    consent_views.push_back(Map{{"id", said.id},
                                {"purpose", said.purpose},
                                {"channel", said.channel},
                                {"word", said.word},
                                {"at_ms", said.at_ms},
                                {"received_ms", said.received_ms},
                                {"source", said.source},
                                {"evidence", stored_json(said.evidence)},
                                {"event", said.event == 0 ? Value() : Value(said.event)}});
  }
  List merge_views;
  for (const auto& merge : merges)
    merge_views.push_back(Map{{"id", merge.id},
                              {"customer", merge.loser},
                              {"at_ms", merge.at_ms},
                              {"event", merge.event},
                              {"why", merge.why},
                              {"undone_ms", merge.undone_ms ? Value(*merge.undone_ms) : Value()}});
  for (const auto& run : runs) run_views.push_back(run_summary(run, recipes));
  IEUM_TRY(const auto touches, reader.touches(id, kTouchesShown));
  List touch_views;
  for (const auto& touch : touches)
    touch_views.push_back(Map{{"event", touch.event},
                              {"run", touch.run},
                              {"recipe", touch.recipe},
                              {"step", touch.step_name},
                              {"kind", touch.kind},
                              {"at_ms", touch.at_ms},
                              {"machine", touch.machine},
                              {"link", touch.link},
                              {"url", touch.url}});
  return Value(Map{{"id", row->id},
                   {"created_ms", row->created_ms},
                   {"traits", row->traits.empty() ? Value(Map{}) : stored_json(row->traits)},
                   {"identities", std::move(identity_views)},
                   {"opt_outs", std::move(opt_out_views)},
                   {"consents", std::move(consent_views)},
                   {"runs", std::move(run_views)},
                   {"touches", std::move(touch_views)},
                   {"merged_into", row->merged_into == 0 ? Value() : Value(row->merged_into)},
                   {"merges", std::move(merge_views)}});
}

// Who is known by "email:minji@example.com"; a text without a kind is an address or a phone number.
Result<Value> find_customers(Api&, ApiCall& call) {
  const std::string asked = call.parameter("identity");
  const std::size_t colon = asked.find(':');
  std::vector<std::pair<std::string, std::string>> keys;
  if (colon != std::string::npos && colon != 0) {
    keys.emplace_back(asked.substr(0, colon), asked.substr(colon + 1));
  } else {
    keys = {{"email", asked}, {"phone", asked}};
  }
  List found;
  for (const auto& [kind, raw] : keys) {
    const auto value = audience::normalise(kind, raw);
    if (!value) continue;
    IEUM_TRY(const Id id, call.reader.customer_by_identity(kind, *value));
    if (id != 0) found.push_back(Map{{"id", id}, {"kind", kind}, {"value", *value}});
  }
  return Value(Map{{"customers", std::move(found)}});
}

Result<Value> add_consent(Api& api, ApiCall& call) {
  store::ConsentRow said;
  IEUM_TRY(said.customer, call.id("customer"));
  IEUM_TRY(said.word, call.text("word"));
  said.purpose = call.body.get("purpose") == nullptr ? "ad" : call.body.text("purpose");
  said.channel = call.body.text("channel");
  said.at_ms = call.body.number("at_ms");
  said.source = "api: " + call.caller().name;
  Map evidence;
  if (const auto* given = call.body.get("evidence"); given != nullptr && given->if_map() != nullptr)
    evidence = *given->if_map();
  said.evidence = write_json(evidence);
  IEUM_CHECK(api.parts.hub.add_consent(std::move(said)));
  return show_customer(api, call);
}

Result<Value> undo_merge(Api& api, ApiCall& call) {
  IEUM_TRY(const auto id, call.id("merge"));
  IEUM_CHECK(api.parts.hub.undo_merge(id));
  IEUM_TRY(const auto merge, call.reader.merge(id));
  return Value(Map{{"id", id}, {"customers", List{merge->survivor, merge->loser}}});
}

// The first hundred by name, so that a person can tell whether the rule means whom it should.
Result<Value> preview_audience(Api& api, ApiCall& call) {
  IEUM_TRY(const auto found, api.parts.hub.audience_of(call.path("name")));
  List people;
  for (const auto& id : *found.get("customers")->if_list()) {
    IEUM_TRY(const auto row, call.reader.customer(*id.if_int()));
    const Value traits = row ? stored_json(row->traits) : Value();
    const Value* name = traits.at_path("name.value");
    people.push_back(Map{{"id", id}, {"name", name == nullptr ? Value("") : *name}});
  }
  return Value(Map{{"looked", found.number("looked")}, {"met", found.number("met")}, {"customers", std::move(people)}});
}

Result<Value> show_audience(Api& api, ApiCall& call) { return api.parts.hub.audience_setting(call.reader); }

Result<Value> change_audience(Api& api, ApiCall& call) {
  IEUM_CHECK(api.parts.hub.set_audience(call.body));
  return show_audience(api, call);
}

}  // namespace

void add_customer_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  table.add(
      {Method::get,
       "/api/v1/recipes/{name}/audience",
       Needs::viewer,
       {.summary = "Who would get a run if the recipe's schedule fired now",
        .answer = "`met` of `looked` customers are of its audience; `customers`: the first hundred, [{id, name}]. "
                  "Who may not enter or must not be sent to is among them",
        .example = R"({"looked":8,"met":1,"customers":[{"id":5,"name":"민지"}]})",
        .errors = {"unknown_recipe", "no_audience"}},
       api->on_commands(preview_audience)});
  table.add(
      {Method::get,
       "/api/v1/customers",
       Needs::viewer,
       {.summary = "Finds a person by what they are known by",
        .query = {shown(may("identity", Type::text,
                            "email:minji@example.com, phone:010-1234-5678, or any kind that a connector tells; an "
                            "address or a phone number may stand alone"))},
        .answer = "`customers`: [{id, kind, value}]; empty when nobody is known by it"},
       api->on_admin(find_customers)});
  table.add(
      {Method::get,
       "/api/v1/customers/{id}",
       Needs::viewer,
       {.summary = "What is known about a person",
        .answer =
            "traits, identities, opt_outs, consents (all that was said, oldest first), the runs that live, "
            "`merged_into` "
            "(whose all of it became), `merges`: the customers who became this one, and `touches`: messages that they "
            "opened (open) and links that they clicked (click), newest first; `machine` says why one was no "
            "person"},
       api->on_admin(show_customer)});
  table.add(
      {Method::post,
       "/api/v1/customers/{id}/consents",
       Needs::operator_,
       {.summary = "Writes down what a person said about advertising; nothing of it is ever changed",
        .body = {shown(must("word", Type::text, "granted, refused or confirmed (the notice that it goes on was sent)")),
                 shown(may("purpose", Type::text, "ad, or night: advertising at night; ad unless told otherwise")),
                 may("channel", Type::text, "email, sms ...; all unless told otherwise"),
                 may("at_ms", Type::integer, "when it was said; now unless told otherwise"),
                 may("evidence", Type::object, "what was shown, where, and how it was said")},
        .answer = "the customer",
        .errors = {"unknown_customer", "bad_consent"}},
       api->on_admin(add_consent)});
  table.add({Method::post,
             "/api/v1/merges/{id}/undo",
             Needs::operator_,
             {.summary = "Makes two customers of one again, within 30 days; they stay two from then on",
              .answer = "`customers`: the two",
              .errors = {"unknown_merge", "merge_undone", "merge_too_old", "merge_not_last"}},
             api->on_admin(undo_merge)});
  table.add(
      {Method::get,
       "/api/v1/audience",
       Needs::viewer,
       {.summary = "What the owner decided for all messages to customers",
        .answer =
            "`sender` (name, contact, free_opt_out), `country`, `caps` and `shared`, as they were set; {} before"},
       api->on_admin(show_audience)});
  table.add(
      {Method::post,
       "/api/v1/audience",
       Needs::owner,
       {.summary = "Decides it anew, as a whole",
        .body = {shown(may("sender", Type::object, "name, contact, free_opt_out: without them no ad goes out")),
                 may("country", Type::object, "the rules of a country other than Korea"),
                 may("caps", Type::list, "most ads to one person: [{channel, max, per: 16h}]"),
                 may("shared", Type::list, "keys of several people, that make nobody one: [email:info@agency.example]"),
                 may("tracking", Type::object, "links, opens (true unless told otherwise), utm_source")},
        .answer = "what is in force now",
        .errors = {"bad_setting", "bad_country"}},
       api->on_admin(change_audience)});
}

}  // namespace ieum::server
