// Audit: what people and programs did to the hub, written down before it is done. An act that cannot be written is not done.
//
// Entries are chained: each is sealed together with the seal before it, under a key of the vault, and the number of the last one and its
// seal are kept apart, sealed too. So a changed, an inserted and a missing entry are found, also when the last ones are missing. Whoever
// has the vault's key can forge them; whoever has only the file cannot. [any-thread]
#pragma once
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"
#include "store/store.hpp"

namespace ieum::server {

class Audit {
 public:
  Audit(store::Store& store, Clock& clock, Secret key);
  Status load();  // once, before anything else

  struct Act {
    std::string who, kind, what, target, peer, details;
  };
  // Returns when it is on disk. Error "audit_unwritable".
  Result<Id> begin(const Act& act);
  // How it ended; not sealed. Waits for nothing.
  void end(Id entry, int status);

  // Whether these entries, the newest first and without gaps, are as they were written; else the number of the first that is not.
  struct Chain {
    bool whole = true;
    Id at = 0;
    Id entries = 0;
  };
  // Rows of a page, each against the one before it.
  Result<Chain> verify(store::Reader& reader, const std::vector<store::AuditRow>& rows) const;
  Result<Chain> verify_all(store::Reader& reader);

 private:
  struct Head {
    Id id = 0;
    std::string seal;
  };
  [[nodiscard]] std::string seal_of(const store::AuditRow& row, const std::string& before) const;
  [[nodiscard]] std::string head_text(const Head& head) const;
  [[nodiscard]] std::optional<Head> read_head(const std::string& text) const;
  Result<std::optional<Head>> stored_head(store::Reader& reader) const;

  store::Store& store_;
  Clock& clock_;
  const Secret key_;
  std::mutex writing_;  // held over a commit: entries follow each other
  Head head_;
};

}  // namespace ieum::server
