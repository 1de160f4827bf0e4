// The interpreter's parts: operations, polls and deliveries of a manifest. Pure. For this room only.
#pragma once
#include "expr/scope.hpp"
#include "host/declared_exchange.hpp"

namespace ieum::host {

// Runs one DeclaredOperation as a conversation: state {"began", "step", "steps", "page", "pages", "output"}.
class DeclaredRun {
 public:
  DeclaredRun(const Manifest& manifest, const Declared& declared, const Operation& operation,
              const DeclaredOperation& program)
      : manifest_(manifest), declared_(declared), operation_(operation), program_(program) {}
  [[nodiscard]] Effect step(const Call& call) const;

 private:
  struct Progress;
  [[nodiscard]] Effect next(const Call& call, Progress progress) const;
  [[nodiscard]] Effect answered(const Call& call, Progress progress) const;
  [[nodiscard]] Effect finish(const Call& call, Progress progress, const expr::Scope& last, const Exchange& exchange,
                              const Map& output) const;

  const Manifest& manifest_;
  const Declared& declared_;
  const Operation& operation_;
  const DeclaredOperation& program_;
};

// One call of a poll: its cursor is {"since", "page", "page_at", "pages", "best", "began", "start"}.
Effect step_poll(const Manifest& manifest, const Declared& declared, const DeclaredPoll& poll, const Call& call);

// The events of one delivery.
Effect read_items(const Manifest& manifest, const DeclaredItems& items, const Call& call);

// What every expression sees of a call: inputs, config, step_key, now.
expr::MapScope call_scope(const Manifest& manifest, const Call& call);
void add_answer(expr::MapScope& scope, const DeclaredAnswer& answer);

// One event out of one item; `scope` sees it as `item`. The key is a text of at most 128 bytes.
EventItem make_item(const DeclaredItems& items, const std::string& event, const Value& item, const expr::Scope& scope);

}  // namespace ieum::host
