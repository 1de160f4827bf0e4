// Live: the connections and recipes in force, as an immutable snapshot that accept() and the engine read without a lock.
// Made anew from the store after every change. Clear secrets live here, in memory, and nowhere else.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/value.hpp"
#include "host/connector.hpp"
#include "host/delivery.hpp"
#include "recipe/program.hpp"
#include "recipe/reader.hpp"
#include "store/reader.hpp"
#include "vault/auth.hpp"
#include "vault/redact.hpp"
#include "vault/vault.hpp"

namespace ieum::runtime {

struct LiveConnection {
  store::ConnectionRow row;
  Value config;
  const host::Connector* connector = nullptr;
  host::SlotSecrets secrets;
  std::map<std::string, Secret> newest;           // slot -> newest version
  std::map<std::string, int> versions;            // slot -> number of the newest version
  std::set<std::string> made;                     // slots whose newest version the hub made
  std::map<std::string, store::TokenRow> tokens;  // what is known of fetched tokens, by scheme
  std::optional<store::HealthRow> health;         // none: no problem is known
  std::optional<Millis> changes_ms;               // when an older version of a secret ends
  Value all_config;                               // config with the manifest's defaults
  std::vector<std::string> origins;               // where its credentials may go
  std::vector<std::string> private_addresses;     // literal private hosts that the owner entered
  std::map<std::string, vault::AuthScheme> auth;
  bool awaits_login = false;  // a person must log in, and nobody ever did
  vault::Redactor redactor;
  std::shared_ptr<const host::Limits>
      limits;           // the manifest's, with what its fields say of them; null without connector
  std::string account;  // whose limits its calls count towards: a digest, the same for connections with one credential

  // A person must mend it first: its steps are held, and nobody asks its vendor for anything.
  [[nodiscard]] bool dead() const { return health && health->dead; }
  // Polls and webhooks wait: it is dead, or nobody has logged in yet.
  [[nodiscard]] bool asleep() const { return dead() || awaits_login; }
  // It has what its way to log in needs; of a login in the browser, the login itself.
  [[nodiscard]] bool can_log_in() const;
};

struct LiveRecipe {
  store::RecipeRow row;
  std::string hash;
  std::shared_ptr<const recipe::Program> program;
};

struct Live {
  std::map<std::string, std::shared_ptr<const LiveConnection>> connections;  // by name
  std::unordered_map<Id, std::shared_ptr<const LiveConnection>> connections_by_id;
  std::map<std::string, std::shared_ptr<const LiveRecipe>> recipes;  // by name
  std::unordered_map<Id, std::shared_ptr<const LiveRecipe>> recipes_by_id;
  // Enabled recipes by the event name of their trigger ("schedule/<recipe>" for schedules), in order of name.
  std::unordered_map<std::string, std::vector<std::shared_ptr<const LiveRecipe>>> by_trigger;
  // Recipes with `about` by the names of events that they listen for: exits, waits, absences, goals. Older versions that
  // have live runs are among them.
  std::unordered_map<std::string, std::vector<std::shared_ptr<const LiveRecipe>>> by_listened;
  // What enabled recipes, and runs that live, hear of: event and connection ("" is any).
  std::set<std::pair<std::string, std::string>> heard;

  std::vector<store::HoldRow> holds;  // also those that were released and let go what they held

  // What makes an outward action of this recipe at this connection wait; null when nothing does.
  [[nodiscard]] const store::HoldRow* hold_over(Id recipe, const LiveConnection& connection) const;
  // The released hold that this action waits for its turn of; null when there is none.
  [[nodiscard]] const store::HoldRow* release_over(Id recipe, const LiveConnection& connection) const;
  // Whether somebody hears of this topic of the connection, by its own name or by its standard one.
  [[nodiscard]] bool wants(const LiveConnection& connection, const std::string& topic) const;
};

// Errors: a connection whose connector is not installed is kept with connector == nullptr and a warning; a secret that
// does not open is an error ("wrong_key"); a stored recipe that no longer reads is an error naming it.
Result<std::shared_ptr<const Live>> load_live(store::Reader& reader, const host::Registry& connectors,
                                              const vault::Vault& vault, Millis now_ms, Log& log);

// One of them, anew; null when it is no more.
Result<std::shared_ptr<const LiveConnection>> load_live_connection(Id id, store::Reader& reader,
                                                                   const host::Registry& connectors,
                                                                   const vault::Vault& vault, Millis now_ms, Log& log);

// Origins of a connection: the row's own, or the manifest's with the config's fields filled in.
Result<std::vector<std::string>> origins_of(const host::Manifest& manifest, const store::ConnectionRow& row,
                                            const Value& config);

// With these destinations and fields its credentials would go to others than now: what was entered or fetched for the old ones
// must not be given to the new.
bool leads_elsewhere(const LiveConnection& connection, const host::Manifest& manifest,
                     const std::vector<std::string>& origins, const Value& config);

Result<std::shared_ptr<const recipe::Program>> compile_version(const store::RecipeVersionRow& version);

}  // namespace ieum::runtime
