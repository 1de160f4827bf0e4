#include "trial/samples.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/url.hpp"

namespace ieum::trial {
namespace {

namespace fs = std::filesystem;
constexpr std::uintmax_t kCaseBytes = 1u << 20;

std::string read(const fs::path& path) {
  std::error_code failed;
  if (fs::file_size(path, failed) > kCaseBytes || failed) return {};
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

HttpResponse answer_of(const Value& answer) {
  HttpResponse response;
  response.status = static_cast<int>(answer.number("status", 200));
  if (const auto* headers = answer.get("headers"); headers != nullptr && headers->is_map()) {
    for (const auto& [name, value] : *headers->if_map())
      if (value.is_string()) response.headers.add(*name.if_string(), *value.if_string());
  }
  const auto* json = answer.get("json");
  response.body = json != nullptr ? write_json(*json) : answer.text("body");
  return response;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  if (from.empty()) return;
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

std::size_t common_start(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

std::string_view path_of(const Url& url) { return std::string_view(url.target).substr(0, url.target.find('?')); }

// How much a request looks like a recorded one; 0 when it is another kind of request.
std::size_t likeness(const std::string& method, const std::string& url, const std::string& body,
                     const HttpRequest& request) {
  if (method != request.method) return 0;
  const auto a = parse_url(url);
  const auto b = parse_url(request.target);
  if (a.has_error() || b.has_error()) return 0;
  std::size_t points = 1;
  if (a->host == b->host) points += 4000;
  if (path_of(*a) == path_of(*b)) points += 2000;
  points += std::min<std::size_t>(common_start(path_of(*a), path_of(*b)), 500);
  return points + std::min<std::size_t>(common_start(body, request.body), 1000);
}

}  // namespace

Samples Samples::load(const std::string& directory, const host::Registry& connectors) {
  Samples samples;
  for (const auto* connector : connectors.all()) {
    const std::string& name = connector->manifest().name;
    std::vector<fs::path> files;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(fs::path(directory) / name / "cases", failed))
      if (entry.path().extension() == ".json") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
      const auto conversation = parse_json(read(file));
      if (conversation.has_value() && conversation->get("turns") != nullptr) samples.take(name, *conversation);
    }
  }
  return samples;
}

void Samples::take(const std::string& connector, const Value& conversation) {
  const List* turns = conversation.get("turns")->if_list();
  if (turns == nullptr || turns->size() < 2) return;
  const Value* end = turns->back().get("effect");
  if (end == nullptr) return;
  auto& recorded = operations_[connector + "." + conversation.text("operation")];
  const std::string key = conversation.text("step_key", kRecordedKey);
  const auto answered = [&](const Value& turn) {
    HttpResponse response = answer_of(*turn.get("answer"));
    replace_all(response.body, key, kRecordedKey);
    return response;
  };
  if (const auto kind = end->text("fail"); !kind.empty()) {
    const Value& last = (*turns)[turns->size() - 2];
    if (turns->size() == 2 && last.get("answer") != nullptr)
      recorded.refusals.push_back({kind, end->text("code"), answered(last), write_json(conversation).size()});
    return;
  }
  if (end->get("done") == nullptr) return;
  if (const Value* config = conversation.get("connection"); config != nullptr && config->is_map())
    configs_[connector].push_back(*config);
  for (const auto& turn : *turns) {
    const Value* http = turn.at_path("effect.http");
    if (http == nullptr || turn.get("answer") == nullptr) continue;
    recorded.turns.push_back({http->text("method"), http->text("url"), http->text("body"), answered(turn)});
  }
}

Account Samples::account(const host::Manifest& manifest) const {
  Account account;
  Map config;
  // The conversation whose fields are most like the manifest's defaults, then the one that says most.
  const Value* best = nullptr;
  std::size_t best_points = 0;
  if (const auto found = configs_.find(manifest.name); found != configs_.end()) {
    for (const auto& candidate : found->second) {
      std::size_t points = candidate.if_map()->size() + 1;
      for (const auto& field : manifest.fields) {
        const Value* value = candidate.get(field.name);
        if (field.fallback && (value == nullptr || *value == *field.fallback)) points += 100;
        if (field.name == "base_url" && value != nullptr && !field.fallback)
          points -= std::min<std::size_t>(points - 1, 50);
      }
      if (points <= best_points) continue;
      best = &candidate;
      best_points = points;
    }
  }
  for (const auto& field : manifest.fields) {
    if (field.secret) {
      // As base64, which those that sign with decoded keys ask for.
      account.secrets.emplace_back(field.name, base64_encode("trial-" + manifest.name + "-" + field.name));
      continue;
    }
    const Value* value = best == nullptr ? nullptr : best->get(field.name);
    if (value != nullptr) {
      config.set(field.name, *value);
    } else if (field.required && !field.fallback) {
      config.set(field.name, field.choices.empty() ? "sample" : field.choices.front());
    }
  }
  account.config = std::move(config);
  return account;
}

std::optional<HttpResponse> Samples::success(const net::CallOrigin& origin, const HttpRequest& request) const {
  const auto found = operations_.find(origin.operation);
  if (found == operations_.end()) return std::nullopt;
  const Turn* best = nullptr;
  std::size_t best_points = 0;
  for (const auto& turn : found->second.turns) {
    const std::size_t points = likeness(turn.method, turn.url, turn.body, request);
    if (points <= best_points) continue;
    best = &turn;
    best_points = points;
  }
  if (best == nullptr) return std::nullopt;
  HttpResponse response = best->answer;
  replace_all(response.body, kRecordedKey, origin.key);
  return response;
}

std::optional<HttpResponse> Samples::failure(const net::CallOrigin& origin, const std::string& kind,
                                             const std::string& code) const {
  const auto found = operations_.find(origin.operation);
  if (found == operations_.end()) return std::nullopt;
  const Refusal* best = nullptr;
  for (const auto& refusal : found->second.refusals) {
    if (refusal.kind != kind || (!code.empty() && refusal.code != code)) continue;
    if (best == nullptr || refusal.size < best->size) best = &refusal;
  }
  if (best == nullptr) return std::nullopt;
  return best->answer;
}

}  // namespace ieum::trial
