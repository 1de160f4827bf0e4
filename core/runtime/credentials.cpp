#include "runtime/credentials.hpp"

#include <algorithm>

#include "runtime/tokens.hpp"

namespace ieum::runtime {
namespace {

constexpr Millis kOverlapFor = kDay;  // how long a secret that an answer replaced verifies deliveries

// A secret that is missing or broken is for a person to mend; a request that goes to the wrong place is not.
host::FailEffect refused(const Error& error) {
  const bool wrong = error.code == "origin_refused" || error.code == "bad_fill" || error.code == "bad_auth";
  return {wrong ? host::FailKind::permanent : host::FailKind::auth_dead, error.code, error.text(), {}};
}

Status apply(Context& context, const LiveConnection& connection, const host::HttpEffect& effect, HttpRequest& request) {
  if (!effect.auth.empty()) {
    const auto scheme = connection.auth.find(effect.auth);
    if (scheme == connection.auth.end())
      return Error("bad_auth", "the manifest has no auth scheme \"" + effect.auth + "\"");
    const bool rehearsed = context.parts.rehearsal && scheme->second.fetches_tokens();  // nobody logs in for a trial
    if (!rehearsed) {
      IEUM_CHECK(vault::apply_auth(scheme->second, connection.newest, connection.all_config, connection.origins,
                                   context.now(), context.parts.random, request));
    }
  }
  std::vector<std::pair<std::string, std::string>> places;
  for (const auto& hole : effect.fill) places.emplace_back(hole.pointer, hole.slot);
  return vault::fill_body(places, connection.newest, connection.origins, request);
}

void keep(Context& context, const std::shared_ptr<const LiveConnection>& connection, const std::string& slot,
          const Secret& secret, const std::function<void()>& done) {
  const Id id = connection->row.id;
  const auto live = context.live();
  const auto now = live->connections_by_id.find(id);
  if (now == live->connections_by_id.end()) return done();
  const auto known = now->second->versions.find(slot);
  const int version = known == now->second->versions.end() ? 1 : known->second + 1;
  store::SecretRow row;
  row.connection = id;
  row.slot = slot;
  row.version = version;
  row.sealed = context.parts.vault.seal(secret, vault::secret_binding(id, slot, version));
  row.created_ms = context.now();
  store::Unit unit{
      {store::PutSecret{std::move(row)}, store::RetireSecrets{id, slot, version, context.now() + kOverlapFor}}};
  context.commit(std::move(unit), [&context, connection, slot, secret, done](const store::UnitOutcome& outcome) {
    if (outcome.kind == store::UnitOutcome::Kind::committed) {
      static_cast<void>(context.reload_connection(connection->row.id));
      return done();
    }
    // The vendor tells it once: it is kept in memory until it is on disk.
    context.parts.log.error("a secret that a vendor told cannot be stored; it is tried again",
                            {{"connection", connection->row.name}, {"slot", slot}});
    if (!context.parts.alarm || context.stopping) return done();
    context.parts.alarm(kSecond, [&context, connection, slot, secret, done] {
      context.parts.engine.post(
          [&context, connection, slot, secret, done] { keep(context, connection, slot, secret, done); });
    });
  });
}

std::string slot_of(const host::Manifest& manifest, const std::string& operation, const std::string& field,
                    const Value& inputs) {
  const bool own = std::any_of(manifest.subscriptions.begin(), manifest.subscriptions.end(),
                               [&](const auto& one) { return one.ensure == operation && !one.each.empty(); });
  const std::string element = own ? inputs.text("item") : std::string();
  return element.empty() ? field : field + "/" + element;
}

}  // namespace

void put_credentials(Context& context, const std::shared_ptr<const LiveConnection>& connection,
                     const host::HttpEffect& effect, std::function<void(std::variant<Ready, host::FailEffect>)> done) {
  context.tokens->fresh(connection, effect.auth, [&context, effect, done = std::move(done)](const Tokens::Got& got) {
    if (const auto* none = std::get_if<host::FailEffect>(&got)) return done(*none);
    Ready ready{std::get<Tokens::Connection>(got), effect.request};
    const auto applied = apply(context, *ready.connection, effect, ready.request);
    if (applied.has_error()) return done(refused(applied.error()));
    done(std::move(ready));
  });
}

void take_credentials(Context& context, const std::shared_ptr<const LiveConnection>& connection,
                      const std::string& operation, const Value& inputs, HttpResponse answer,
                      std::function<void(HttpResponse)> done) {
  const auto& manifest = connection->connector->manifest();
  const auto* known = manifest.operation(operation);
  const bool may = known != nullptr && known->capture && answer.status >= 200 && answer.status <= 299;
  auto secret = may ? vault::take_secret(answer.body, known->capture->at) : std::nullopt;
  if (!secret || context.parts.rehearsal) return done(std::move(answer));
  keep(context, connection, slot_of(manifest, operation, known->capture->slot, inputs), *secret,
       [answer = std::move(answer), done = std::move(done)] { done(answer); });
}

}  // namespace ieum::runtime
