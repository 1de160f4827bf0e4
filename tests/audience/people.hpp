// What the cases of the gate have in common: Seoul, Korea, and instants as people write them.
#pragma once
#include <boost/test/unit_test.hpp>
#include <memory>
#include <string_view>

#include "audience/country.hpp"
#include "base/time_text.hpp"
#include "base/zone.hpp"

namespace ieum::test {

struct Seoul {
  std::unique_ptr<ZoneSource> zones = system_zones();
  audience::Country country = audience::korea();
  const Zone& zone = *zones->find("Asia/Seoul").value();
};

// "2026-04-06T21:00:00" in Korea; milliseconds as ".999".
inline Millis kst(const std::string& text) {
  const auto read = parse_rfc3339(text + "+09:00");
  BOOST_REQUIRE(read.has_value());
  return *read;
}

}  // namespace ieum::test
