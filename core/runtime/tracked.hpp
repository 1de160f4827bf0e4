// Tracked: a message with the hub's own addresses in it, by which a click, an opening and a refusal come back. Put there once, with
// the INTENT: what is stored is what goes out, and another attempt sends the same. Belongs to the engine; commits nothing.
#pragma once
#include <string>

#include "host/manifest.hpp"
#include "runtime/context.hpp"

namespace ieum::runtime {

class Tracked {
 public:
  // `step`: the row of the message.
  Tracked(const Context& context, const store::RunRow& run, const recipe::Recipe& recipe, Id step,
          const std::string& step_name, const host::Operation& operation, bool is_ad, Millis now_ms);
  // Where its receiver goes who wants no more; "" when the hub does not know by which address the world reaches it, or when the
  // message is no advertisement and of no topic.
  [[nodiscard]] const std::string& way_out() const { return way_out_; }
  // Whether the operation has a place for any address, and the hub knows its own.
  [[nodiscard]] bool concerns() const;
  [[nodiscard]] Value into(Value inputs) const;  // as they go out

 private:
  [[nodiscard]] std::string address(const audience::Link& link) const;
  [[nodiscard]] std::string ticket(audience::Ticket::Kind kind, const std::string& name,
                                   const std::string& target) const;
  const Context& context_;
  const store::RunRow& run_;
  const host::Operation& operation_;
  const std::string step_name_, recipe_;
  const Id step_;
  const bool is_ad_;
  const Millis now_ms_;
  std::string way_out_;
};

}  // namespace ieum::runtime
