// Effects: what runs did at vendors, counted by step: what happens again when they are replayed, or may when a doubt is sent again.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "base/error.hpp"
#include "base/value.hpp"
#include "store/reader.hpp"

namespace ieum::server {

class Api;

class Effects {
 public:
  static constexpr std::size_t kToMax = 5;  // addresses shown of each

  // All that it did, or what is in doubt of it.
  enum class Of { run, doubt };
  Status add(Api& api, store::Reader& reader, Id run, Of of = Of::run);
  // [{step, operation, connection, count, to, reaches, channel, title}]
  [[nodiscard]] Value view(Api& api, store::Reader& reader) const;

 private:
  struct Effect {
    std::int64_t count = 0;
    std::vector<std::string> to;
  };
  std::map<std::tuple<std::string, std::string, Id>, Effect> effects_;  // step, operation, connection
};

}  // namespace ieum::server
