// What a status means, told by the connector that calls anything: repeated, or failed for good; and what no connector may
// let be turned off.
#include "golden/cases.hpp"

using namespace ieum;

namespace {

host::FailEffect answered(int status, Map headers) {
  host::Call call;
  call.operation = "request";
  call.inputs = Map{{"url", "https://erp.example.com/orders"}, {"method", "PUT"}};
  call.connection = Map{};
  call.step_key = "5f0c6f3e1a2b4c5d8e9f0a1b2c3d4e5f";
  const host::Connector& http = *golden::registry().find("http");
  const auto begun = http.step(call);
  BOOST_REQUIRE(std::holds_alternative<host::HttpEffect>(begun));
  call.phase = host::Phase::resume;
  call.state = std::get<host::HttpEffect>(begun).state;
  call.outcome = Map{{"status", status}, {"headers", std::move(headers)}};
  const auto effect = http.step(call);
  BOOST_REQUIRE_MESSAGE(std::holds_alternative<host::FailEffect>(effect), status);
  return std::get<host::FailEffect>(effect);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(statuses)

BOOST_AUTO_TEST_CASE(RET_03_a_status_is_repeated_or_final) {
  using Kind = host::FailKind;
  for (int status = 300; status < 600; ++status) {
    const host::FailEffect fail = answered(status, {{"retry-after", "60"}});
    const Kind expected = status == 429                                     ? Kind::rate_limited
                          : status == 504                                   ? Kind::ambiguous
                          : status == 408 || status == 425 || status >= 500 ? Kind::retry
                          : status == 410                                   ? Kind::gone
                                                                            : Kind::permanent;
    BOOST_TEST_CONTEXT(status) {
      BOOST_TEST((fail.kind == expected));
      BOOST_TEST(fail.code == "http_" + std::to_string(status));
      const bool waits = expected != Kind::permanent && expected != Kind::gone;
      BOOST_TEST(fail.retry_after_for.has_value() == waits);
      if (waits) BOOST_TEST(*fail.retry_after_for == kMinute);
    }
  }
}

BOOST_AUTO_TEST_CASE(OUT_08_no_connector_has_a_switch_for_certificates) {
  const auto is_switch = [](const std::string& name) {
    for (const char* word :
         {"insecure", "ssl", "tls", "certificate", "unauthorized", "ca_file", "skip_verif", "no_verify"})
      if (name.find(word) != std::string::npos) return true;
    return false;
  };
  std::size_t seen = 0;
  for (const host::Connector* connector : golden::registry().all()) {
    const host::Manifest& manifest = connector->manifest();
    for (const host::Field& field : manifest.fields)
      BOOST_TEST(!is_switch(field.name), manifest.name << " " << field.name);
    for (const host::Operation& operation : manifest.operations) {
      for (const host::Field& input : operation.inputs) {
        BOOST_TEST(!is_switch(input.name), operation.name << " " << input.name);
        ++seen;
      }
    }
  }
  BOOST_TEST(seen > 300u);
}

BOOST_AUTO_TEST_SUITE_END()
