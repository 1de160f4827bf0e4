// Arguments of a Slack method, in whichever way they came. Private to sandbox.
#pragma once
#include <string>
#include <string_view>

#include "sandbox/incoming.hpp"

namespace ieum::sandbox {

// JSON bodies, forms and queries mean the same to Slack; in the latter two, objects are JSON in a text. Methods that read
// look at no JSON.
class Arguments {
 public:
  explicit Arguments(const Incoming& in);  // outlives this

  [[nodiscard]] Value value(std::string_view name) const;       // null when it is not given
  [[nodiscard]] std::string text(std::string_view name) const;  // a number as its digits
  [[nodiscard]] bool flag(std::string_view name) const;
  [[nodiscard]] Value structure(std::string_view name) const;  // a list or map, also out of text; else null
  [[nodiscard]] bool given(std::string_view name) const { return !value(name).is_null(); }
  [[nodiscard]] bool readable() const { return !json_ || in_.http.body.empty() || in_.json_readable; }
  [[nodiscard]] bool charset_missing() const { return charset_missing_; }

 private:
  const Incoming& in_;
  QueryPairs form_;
  bool json_ = false;
  bool charset_missing_ = false;
};

}  // namespace ieum::sandbox
