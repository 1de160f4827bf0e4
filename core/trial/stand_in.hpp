// Stand-in: what a trial puts in the place of the network and of the connectors. Calls are answered at once by the test's
// `answers`, by the vendors that are bound, or by recorded samples. The connectors are the real ones: they build every
// request and read every answer; only a delivery of the trial is its event already, and an `output` is not read again.
#pragma once
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "host/connector.hpp"
#include "net/client.hpp"
#include "recipe/test_case.hpp"
#include "trial/samples.hpp"
#include "trial/vendors.hpp"

namespace ieum::trial {

class StandIn final : public net::HttpClient, public host::Registry {
 public:
  // All outlive it; `vendors` may be null.
  StandIn(const host::Registry& connectors, const Samples& samples, Vendors* vendors,
          std::vector<recipe::GivenAnswer> answers);
  ~StandIn() override;

  void send(net::OutboundCall call, std::function<void(net::CallResult)> done) override;

  [[nodiscard]] const host::Connector* find(std::string_view name) const override;
  [[nodiscard]] std::vector<const host::Connector*> all() const override;
  [[nodiscard]] std::string digest(std::string_view name) const override { return connectors_.digest(name); }

  [[nodiscard]] Account account(const host::Manifest& manifest) const;
  [[nodiscard]] std::size_t calls() const { return calls_; }

 private:
  class Passed;
  net::CallResult answer(const net::CallOrigin& origin, const HttpRequest& request);
  net::CallResult usual(const net::CallOrigin& origin, const HttpRequest& request);
  net::CallResult failed(const recipe::GivenAnswer& given, const net::CallOrigin& origin, const HttpRequest& request);
  HttpResponse with_output(Value output);

  const host::Registry& connectors_;
  const Samples& samples_;
  Vendors* vendors_;
  struct Pending {
    recipe::GivenAnswer given;
    int used = 0;
  };
  std::vector<Pending> answers_;
  std::set<std::string> taken_;  // keys of steps that a vendor took without an answer
  std::deque<Value> outputs_;    // what an answer with the header kOutputHeader stands for
  std::vector<std::unique_ptr<Passed>> passed_;
  std::size_t calls_ = 0;
};

}  // namespace ieum::trial
