#include "server/answers.hpp"

#include <algorithm>
#include <array>

#include "base/json.hpp"

namespace ieum::server {
namespace {

struct CodeStatus {
  std::string_view code;
  int status;
};

constexpr std::array kStatuses = std::to_array<CodeStatus>({
    {"unknown_run", 404},       {"unknown_recipe", 404},   {"unknown_connection", 404},
    {"unknown_event", 404},     {"unknown_customer", 404}, {"unknown_receipt", 404},
    {"unknown_connector", 404}, {"unknown_login", 404},    {"not_in_doubt", 409},
    {"run_ended", 409},         {"cannot_move", 409},      {"connection_taken", 409},
    {"connection_in_use", 409}, {"moved_on", 409},         {"clock_backwards", 409},
    {"real_clock", 409},        {"no_test", 409},          {"no_login", 409},
    {"no_public_url", 409},     {"bad_parameter", 400},    {"bad_json", 400},
    {"bad_form", 400},          {"bad_body", 400},         {"wrong_code", 401},
    {"too_many_tries", 429},    {"too_many_logins", 429},  {"store_closed", 503},
    {"store_broken", 503},      {"disk_full", 503},        {"not_stored", 503},
    {"too_busy", 503},          {"store_unreadable", 500}, {"recipe_version_lost", 500},
    {"trigger_lost", 500},      {"customer_lost", 500},    {"wrong_key", 500},
    {"vendor_refused", 502},    {"connect_failed", 502},   {"resolve_failed", 502},
    {"tls_failed", 502},        {"connection_lost", 502},  {"bad_answer", 502},
    {"call_timeout", 504},      {"unknown_list", 404},     {"connection_dead", 409},
    {"not_logged_in", 401},     {"not_allowed", 403},      {"wrong_scope", 403},
    {"foreign_origin", 403},    {"wrong_host", 421},       {"not_json", 415},
    {"token_in_url", 400},      {"wrong_password", 401},   {"wrong_link", 401},
    {"already_claimed", 409},   {"unknown_person", 404},   {"unknown_token", 404},
    {"unknown_view", 404},      {"unknown_session", 404},  {"name_taken", 409},
    {"last_owner", 409},        {"not_a_person", 409},     {"audit_unwritable", 503},
    {"bad_scope", 400},         {"not_found", 404},        {"wrong_method", 405},
    {"unknown_plan", 404},      {"unknown_hold", 404},     {"unknown_problem", 404},
    {"unknown_version", 404},   {"plan_used", 409},        {"already_replayed", 409},
    {"already_running", 409},   {"cannot_replay", 409},    {"not_ended", 409},
    {"recipe_gone", 409},       {"event_gone", 409},       {"is_current", 409},
    {"cannot_retry", 409},      {"in_flight", 409},        {"nothing_open", 409},
    {"no_look_up", 409},        {"event_routed", 409},     {"bad_query", 400},
    {"bad_hold", 400},          {"bad_setting", 400},      {"file_exists", 409},
    {"backup_failed", 503},     {"store_damaged", 500},    {"search_damaged", 503},
    {"bad_consent", 400},       {"bad_country", 400},      {"unknown_merge", 404},
    {"merge_undone", 409},      {"merge_too_old", 409},    {"merge_not_last", 409},
});

}  // namespace

HttpResponse json_answer(int status, const Value& body) {
  HttpResponse answer;
  answer.status = status;
  answer.headers.add("Content-Type", "application/json");
  answer.body = write_json(body);
  return answer;
}

HttpResponse error_answer(int status, const Error& error, const Value& details) {
  Map inner{{"code", error.code}, {"message", error.what}};
  if (!error.mend.empty()) inner.set("mend", error.mend);
  if (!error.place.empty()) inner.set("place", error.place);
  if (const auto* more = details.if_map()) {
    for (const auto& [key, value] : *more) inner.set(key, value);
  }
  return json_answer(status, Map{{"error", std::move(inner)}});
}

HttpResponse not_found_answer() { return error_answer(404, Error("not_found", "not found")); }

HttpResponse wrong_method_answer(const std::string& allow) {
  auto answer = error_answer(405, Error("wrong_method", "this address takes " + allow));
  answer.headers.add("Allow", allow);
  return answer;
}

int status_of(std::string_view code) {
  const auto found =
      std::find_if(kStatuses.begin(), kStatuses.end(), [&](const CodeStatus& known) { return known.code == code; });
  return found == kStatuses.end() ? 422 : found->status;
}

void add_browser_rules(HttpResponse& answer) {
  if (!answer.headers.get("Content-Security-Policy"))
    answer.headers.add(
        "Content-Security-Policy",
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'");
  answer.headers.set("Permissions-Policy",
                     "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), "
                     "microphone=(), midi=(), payment=(), publickey-credentials-get=(), serial=(), usb=()");
  answer.headers.set("X-Content-Type-Options", "nosniff");
  answer.headers.set("X-Frame-Options", "DENY");
  answer.headers.set("Referrer-Policy", "no-referrer");
  answer.headers.set("Cross-Origin-Opener-Policy", "same-origin");
  answer.headers.set("Cross-Origin-Resource-Policy", "same-origin");
  if (!answer.headers.get("Cache-Control")) answer.headers.add("Cache-Control", "no-store");
}

}  // namespace ieum::server
