// Forms: what people are shown of operations and events, for schema and completion. Plain values, filled from manifests.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/value.hpp"

namespace ieum::recipe {

struct Words {
  std::string ko, en;
};

struct InputForm {
  std::string name;
  std::string type;       // string | integer | number | boolean | list | map | any | time
  bool required = false;  // and without a fallback
  std::vector<std::string> choices;
  std::optional<Value> fallback;
  Words title, help;
};

struct OperationForm {
  Words title, help;
  std::vector<InputForm> inputs;
  bool open_inputs = false;  // takes inputs that are not listed
};

}  // namespace ieum::recipe
