#include "server/caller.hpp"

#include <algorithm>
#include <array>

namespace ieum::server {
namespace {

constexpr std::array<std::string_view, 4> kRoles{"viewer", "operator", "editor", "owner"};

}  // namespace

std::string_view role_name(Role role) { return kRoles[static_cast<std::size_t>(role)]; }

std::optional<Role> role_of(std::string_view name) {
  const auto found = std::find(kRoles.begin(), kRoles.end(), name);
  return found == kRoles.end() ? std::nullopt : std::optional(static_cast<Role>(found - kRoles.begin()));
}

std::string_view needs_name(Needs needs) {
  switch (needs) {
    case Needs::anyone: return "anyone";
    case Needs::page: return "page";
    case Needs::login: return "login";
    case Needs::local: return "local";
    case Needs::viewer:
    case Needs::operator_:
    case Needs::editor:
    case Needs::owner: return role_name(*role_for(needs));
  }
  return "";
}

std::optional<Role> role_for(Needs needs) {
  switch (needs) {
    case Needs::viewer: return Role::viewer;
    case Needs::operator_: return Role::operator_;
    case Needs::editor: return Role::editor;
    case Needs::owner:
    case Needs::local: return Role::owner;
    case Needs::anyone:
    case Needs::page:
    case Needs::login: break;
  }
  return std::nullopt;
}

std::string_view area_of(std::string_view pattern) {
  using Pair = std::pair<std::string_view, std::string_view>;
  static constexpr auto kAreas = std::to_array<Pair>({{"runs", "runs"},
                                                      {"bulk", "runs"},
                                                      {"search", "runs"},
                                                      {"problems", "runs"},
                                                      {"holds", "runs"},
                                                      {"overview", "runs"},
                                                      {"throughput", "runs"},
                                                      {"status", "runs"},
                                                      {"views", "runs"},
                                                      {"events", "events"},
                                                      {"recipes", "recipes"},
                                                      {"connections", "connections"},
                                                      {"connectors", "connections"},
                                                      {"logins", "connections"},
                                                      {"customers", "customers"},
                                                      // no scope lets in: a token could make itself another
                                                      {"people", "people"},
                                                      {"tokens", "people"},
                                                      {"audit", "people"},
                                                      {"claim-links", "people"},
                                                      {"me", ""},
                                                      {"door", ""},
                                                      {"openapi.json", ""},
                                                      {"sessions", ""}});
  static constexpr std::string_view kApi = "/api/v1/";
  if (!pattern.starts_with(kApi)) return "settings";
  pattern.remove_prefix(kApi.size());
  const auto first = pattern.substr(0, pattern.find('/'));
  const auto found = std::find_if(kAreas.begin(), kAreas.end(), [&](const Pair& pair) { return pair.first == first; });
  return found == kAreas.end() ? "settings" : found->second;
}

bool lets_in(const Scopes& scopes, std::string_view area, bool writes) {
  if (scopes.empty() || area.empty()) return true;
  return std::any_of(scopes.begin(), scopes.end(), [&](const std::string& scope) {
    const auto colon = std::min(scope.find(':'), scope.size());
    return std::string_view(scope).substr(0, colon) == area && (!writes || scope.ends_with(":write"));
  });
}

std::string_view kind_name(Caller::Kind kind) {
  switch (kind) {
    case Caller::Kind::local: return "local";
    case Caller::Kind::person: return "person";
    case Caller::Kind::token: return "token";
    case Caller::Kind::nobody: break;
  }
  return "nobody";
}

}  // namespace ieum::server
