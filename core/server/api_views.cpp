// Saved views of the console: searches that a person gave a name.
#include "server/api.hpp"

namespace ieum::server {
namespace {

constexpr std::size_t kNameBytes = 128, kQueryBytes = 2048, kViewsMax = 200;

// Views of one person; the owner of the machine has none but those of everybody.
Id own(const Caller& caller) { return caller.kind == Caller::Kind::person ? caller.id : 0; }

Value view_of(const store::SavedViewRow& row) {
  return Map{{"id", row.id}, {"name", row.name}, {"query", row.query}, {"shared", row.person == 0}};
}

Result<Value> list_views(Api&, ApiCall& call) {
  List list;
  const Id person = own(call.caller());
  if (person != 0) {
    IEUM_TRY(const auto rows, call.reader.saved_views(person));
    for (const auto& row : rows) list.push_back(view_of(row));
  }
  IEUM_TRY(const auto rows, call.reader.saved_views(0));
  for (const auto& row : rows) list.push_back(view_of(row));
  return Value(Map{{"views", std::move(list)}});
}

// What is everybody's is changed by those who may change recipes.
Status judge_shared(const Caller& caller, Id person) {
  if (person != 0 || caller.role >= Role::editor) return {};
  return Error("not_allowed", "a view for everybody needs the role editor", "save it for yourself");
}

Status commit(Api& api, store::Write write) {
  const auto outcome = api.parts.store.submit_and_wait(store::Queue::work, store::Unit{{std::move(write)}});
  if (outcome.error) return *outcome.error;
  return {};
}

Result<Value> save_view(Api& api, ApiCall& call) {
  store::SavedViewRow row;
  IEUM_TRY(row.name, call.text("name"));
  IEUM_TRY(row.query, call.text("query"));
  if (row.name.empty() || row.name.size() > kNameBytes || row.query.size() > kQueryBytes)
    return Error("bad_body", "a view has a name of 1 to 128 bytes and a query of at most 2,048");
  row.person = call.body.flag("shared") ? 0 : own(call.caller());
  IEUM_CHECK(judge_shared(call.caller(), row.person));
  IEUM_TRY(const auto before, call.reader.saved_views(row.person));
  if (before.size() >= kViewsMax) return Error("too_many_views", "there are 200 views already", "delete one");
  row.id = api.parts.store.next_id(store::IdSpace::saved_view);
  for (const auto& old : before)
    if (old.name == row.name) row.id = old.id;
  row.created_ms = api.parts.clock.now();
  IEUM_CHECK(commit(api, store::PutSavedView{row}));
  return view_of(row);
}

Result<Value> drop_view(Api& api, ApiCall& call) {
  IEUM_TRY(const auto id, call.id("view"));
  IEUM_TRY(const auto row, call.reader.saved_view(id));
  // Another person's is as unknown as none.
  if (!row || (row->person != 0 && row->person != own(call.caller())))
    return Error("unknown_view", "there is no view " + std::to_string(id));
  IEUM_CHECK(judge_shared(call.caller(), row->person));
  IEUM_CHECK(commit(api, store::DropSavedView{id}));
  return Value(Map{{"removed", id}});
}

}  // namespace

void add_view_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  static constexpr std::string_view kView = R"({"id":1,"name":"Stuck","query":"?q=state:in_doubt","shared":false})";
  table.add({Method::get,
             "/api/v1/views",
             Needs::viewer,
             {.summary = "Saved views of the runs list: one's own, and those for everybody", .answer = "`views`"},
             api->on_admin(list_views)});
  table.add({Method::post,
             "/api/v1/views",
             Needs::viewer,
             {.summary = "Saves a view; one of the same name is replaced",
              .body = {shown(must("name", Type::text, "at most 128 bytes")),
                       shown(must("query", Type::text, "search text and filters, as the list's address has them")),
                       may("shared", Type::boolean, "for everybody; needs the role editor")},
              .answer = "the view",
              .example = kView,
              .errors = {"not_allowed"}},
             api->on_admin(save_view)});
  table.add({Method::del,
             "/api/v1/views/{id}",
             Needs::viewer,
             {.summary = "Deletes a view; one for everybody needs the role editor",
              .answer = "its id",
              .example = R"({"removed":1})",
              .errors = {"unknown_view", "not_allowed"}},
             api->on_admin(drop_view)});
}

}  // namespace ieum::server
