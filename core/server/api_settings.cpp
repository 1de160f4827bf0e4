// Settings of the hub and its backups.
#include <algorithm>
#include <filesystem>

#include "server/api.hpp"
#include "store/backup.hpp"

namespace ieum::server {
namespace {

namespace fs = std::filesystem;

Result<Value> show_settings(Api& api, ApiCall& call) {
  IEUM_TRY(auto retention, api.parts.hub.retention(call.reader));
  return Value(Map{{"retention", std::move(retention)},
                   {"public_url", api.public_url.empty() ? Value() : Value(api.public_url)},
                   {"version", api.version}});
}

Result<Value> change_settings(Api& api, ApiCall& call) {
  const auto* retention = call.body.get("retention");
  IEUM_TRY(const auto now, api.parts.hub.retention(call.reader));
  IEUM_CHECK(api.parts.hub.set_retention(retention->number("runs_days", now.number("runs_days")),
                                         retention->number("events_days", now.number("events_days")),
                                         retention->number("max_bytes", now.number("max_bytes"))));
  return show_settings(api, call);
}

fs::path backups_of(const Api& api) { return fs::path(api.parts.store.path()).parent_path() / "backups"; }

Result<Value> list_backups(Api& api, ApiCall&) {
  List list;
  std::error_code failed;
  std::vector<fs::directory_entry> files;
  for (fs::directory_iterator at(backups_of(api), failed), end; !failed && at != end; at.increment(failed))
    if (at->path().extension() == ".db") files.push_back(*at);
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path() > b.path(); });
  for (const auto& file : files) {
    std::error_code unreadable;
    const auto bytes = file.file_size(unreadable);
    list.push_back(Map{{"file", file.path().string()},
                       {"name", file.path().filename().string()},
                       {"bytes", unreadable ? Value() : Value(static_cast<std::int64_t>(bytes))}});
  }
  return Value(Map{{"folder", backups_of(api).string()}, {"backups", std::move(list)}});
}

Result<Value> make_backup(Api& api, ApiCall&) {
  const auto folder = backups_of(api);
  std::error_code failed;
  fs::create_directories(folder, failed);
  fs::permissions(folder, fs::perms::owner_all, failed);
  const Millis now = api.parts.clock.now();
  const auto file = store::copy_name(folder.string(), "hub", now);
  IEUM_CHECK(store::backup_store(api.parts.store.path(), file, now));
  const auto bytes = fs::file_size(file, failed);
  return Value(Map{{"file", file}, {"bytes", failed ? Value() : Value(static_cast<std::int64_t>(bytes))}});
}

}  // namespace

void add_setting_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  table.add({Method::get,
             "/api/v1/settings",
             Needs::viewer,
             {.summary = "How long runs and events are kept, and how large the store may be",
              .answer = "`retention` (runs_days, events_days, max_bytes; 0 is no limit), `public_url` and `version`"},
             api->on_admin(show_settings)});
  table.add({Method::post,
             "/api/v1/settings",
             Needs::owner,
             {.summary = "Changes them",
              .body = {shown(must("retention", Type::object, "runs_days, events_days, max_bytes"))},
              .answer = "the settings",
              .errors = {"bad_setting"}},
             api->on_admin(change_settings)});
  table.add({Method::get,
             "/api/v1/backups",
             Needs::owner,
             {.summary = "Backups that lie beside the store", .answer = "`folder` and `backups`: file, name, bytes"},
             api->on_admin(list_backups)});
  table.add({Method::post,
             "/api/v1/backups",
             Needs::owner,
             {.summary = "Copies the store, as it is now, into the data directory; the vault's key is not in it",
              .answer = "`file` and `bytes`",
              .errors = {"file_exists", "disk_full", "backup_failed"}},
             api->on_commands(make_backup)});
}

}  // namespace ieum::server
