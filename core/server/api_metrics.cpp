// What a monitor asks: numbers in the text form of Prometheus.
#include "server/answers.hpp"
#include "server/api.hpp"

namespace ieum::server {
namespace {

class Page {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    text_.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name);
    text_.append(" ").append(type).append("\n");
  }
  void sample(std::string_view name, std::string_view labels, std::int64_t value) {
    text_.append(name);
    if (!labels.empty()) text_.append("{").append(labels).append("}");
    text_.append(" ").append(std::to_string(value)).append("\n");
  }
  void gauge(std::string_view name, std::string_view help, std::int64_t value) {
    family(name, "gauge", help);
    sample(name, {}, value);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

// A label's value: backslash, quote and line feed are escaped.
std::string label(std::string_view name, std::string_view value) {
  std::string text = std::string(name) + "=\"";
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    text += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return text + '"';
}

void add_totals(Page& page, const store::Totals& totals) {
  page.family("ieum_events", "gauge", "Accepted events by state; routed ones ever, also those that are kept no more.");
  const auto routed = totals.events - totals.events_fresh - totals.events_quarantined - totals.events_dead;
  for (const auto& [state, count] : {std::pair<std::string_view, std::int64_t>{"accepted", totals.events_fresh},
                                     {"routed", routed},
                                     {"quarantined", totals.events_quarantined},
                                     {"set_aside", totals.events_dead}})
    page.sample("ieum_events", label("state", state), count);
  page.family("ieum_runs", "gauge", "Runs by state; other ones (exited, stopped, cancelled) ever.");
  const auto other = totals.runs - totals.runs_acting - totals.runs_waiting - totals.runs_in_doubt -
                     totals.runs_failed - totals.runs_finished;
  for (const auto& [state, count] : {std::pair<std::string_view, std::int64_t>{"acting", totals.runs_acting},
                                     {"waiting", totals.runs_waiting},
                                     {"in_doubt", totals.runs_in_doubt},
                                     {"failed", totals.runs_failed},
                                     {"finished", totals.runs_finished},
                                     {"other", other}})
    page.sample("ieum_runs", label("state", state), count);
}

void add_connections(Page& page, const runtime::Hub& hub) {
  page.family("ieum_connection_up", "gauge", "1 while the vendor takes the connection's credentials.");
  for (const auto& connection : hub.connections()) {
    const auto* health = connection.get("health");
    const auto state = health == nullptr ? std::string() : health->text("state");
    page.sample("ieum_connection_up", label("connection", connection.text("name")),
                state == "dead" || state == "login" ? 0 : 1);
  }
}

// Hosts that all is well with have no sample.
void add_hosts(Page& page, const runtime::Hub& hub) {
  const Value hosts = hub.hosts();
  page.family("ieum_host_up", "gauge", "Of a host that failed of late: 0 while its circuit is open or tried.");
  for (const auto& host : *hosts.if_list()) {
    const auto state = host.text("state");
    page.sample("ieum_host_up", label("host", host.text("host")), state == "open" || state == "half_open" ? 0 : 1);
  }
  page.family("ieum_host_runs_away", "gauge", "Runs whose call comes again later, for their host's sake.");
  for (const auto& host : *hosts.if_list())
    page.sample("ieum_host_runs_away", label("host", host.text("host")), host.number("away"));
}

// What is not known has no sample.
void add_disk(Page& page, const Value& disk, Millis now) {
  const auto put = [&](std::string_view name, std::string_view help, std::string_view field) {
    if (const auto* value = disk.get(field); value != nullptr && value->if_int() != nullptr)
      page.gauge(name, help, *value->if_int());
  };
  put("ieum_store_bytes", "Size of the store's file.", "bytes");
  put("ieum_store_free_page_bytes", "Of it, pages that are used again before it grows.", "free_page_bytes");
  put("ieum_store_log_bytes", "Size of its write-ahead log.", "wal_bytes");
  const auto* held = disk.get("wal_held_since_ms");
  const bool is_held = held != nullptr && held->if_int() != nullptr;
  page.gauge("ieum_store_log_held_seconds", "For how long somebody who reads has kept the log from being emptied.",
             is_held ? (now - *held->if_int()) / kSecond : 0);
  put("ieum_store_growth_bytes_per_day", "How fast the store grows.", "grows_bytes_per_day");
  put("ieum_disk_free_bytes", "Room left where the store lies.", "disk_free_bytes");
  put("ieum_disk_bytes", "Size of that disk.", "disk_bytes");
  put("ieum_disk_low_below_bytes", "With less room than that people are told.", "low_below_bytes");
  put("ieum_disk_full_below_bytes", "With less room than that no delivery is taken.", "full_below_bytes");
  page.family("ieum_disk_room", "gauge",
              "1 for what the disk has room for: enough, low, or full (no delivery is taken).");
  for (const std::string_view room : {"enough", "low", "full"})
    page.sample("ieum_disk_room", label("room", room), disk.text("room") == room ? 1 : 0);
  if (const auto* full = disk.get("full_at_ms"); full != nullptr && full->if_int() != nullptr)
    page.gauge("ieum_disk_full_time_seconds", "When the disk is full at this rate, Unix time.",
               *full->if_int() / kSecond);
}

// What a person would be called for.
Status add_troubles(Page& page, Api& api, store::Reader& reader) {
  constexpr std::int64_t kCountMost = 1'000'000;
  const Millis now = api.parts.clock.now();
  IEUM_TRY(const auto problems, reader.problems_open());
  IEUM_TRY(const auto held, reader.due_between(store::kHeldDue, store::kHeldDue, kCountMost));
  IEUM_TRY(const auto behind, api.parts.hub.search_behind(reader));
  IEUM_TRY(const auto fresh, reader.fresh_events(0, 1));
  Millis oldest = now;
  if (!fresh.empty()) {
    IEUM_TRY(const auto event, reader.event(fresh.front()));
    if (event) oldest = event->event.received_ms;
  }
  page.gauge("ieum_problems_open", "Causes of failures that nobody has resolved.", problems);
  page.gauge("ieum_runs_held", "Runs whose outward action waits for a person.", held);
  page.gauge("ieum_backlog_age_seconds", "Age of the oldest event that is not routed.", (now - oldest) / kSecond);
  page.gauge("ieum_search_behind_runs", "Runs that the search index has not seen.", behind);
  add_disk(page, api.parts.hub.disk(), now);
  return {};
}

Result<HttpResponse> show_metrics(Api& api, ApiCall& call) {
  IEUM_TRY(const auto totals, call.reader.totals());
  auto& store = api.parts.store;
  Page page;
  page.family("ieum_build_info", "gauge", "Always 1; the version is a label.");
  page.sample("ieum_build_info", label("version", api.version), 1);
  page.gauge("ieum_start_time_seconds", "When the hub was started, Unix time.", api.started_ms / kSecond);
  page.gauge("ieum_store_epoch", "How often this store was opened.", store.epoch());
  page.gauge("ieum_ended_cleanly", "Whether the process before this one closed the store itself.",
             store.ended_cleanly() ? 1 : 0);
  page.family("ieum_queue_units", "gauge", "Units that wait for the store's writer.");
  page.sample("ieum_queue_units", label("queue", "accept"),
              static_cast<std::int64_t>(store.queued(store::Queue::accept)));
  page.sample("ieum_queue_units", label("queue", "work"), static_cast<std::int64_t>(store.queued(store::Queue::work)));
  page.family("ieum_password_hashes_total", "counter", "Passwords that were compared since the start.");
  page.sample("ieum_password_hashes_total", {}, static_cast<std::int64_t>(api.identity.hashes_judged()));
  add_totals(page, totals);
  IEUM_CHECK(add_troubles(page, api, call.reader));
  add_connections(page, api.parts.hub);
  add_hosts(page, api.parts.hub);
  HttpResponse answer;
  answer.headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  answer.body = page.take();
  return answer;
}

}  // namespace

void add_metrics_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  table.add({Method::get,
             "/metrics",
             Needs::viewer,
             {.summary = "Numbers for a monitor; a token wants the scope settings:read",
              .answer = "the text form of Prometheus",
              .media = "text/plain"},
             api->on_admin(Api::PageHandler(show_metrics))});
}

}  // namespace ieum::server
