#include "app/sandbox_vendors.hpp"

#include <set>

#include "base/json.hpp"
#include "base/url.hpp"
#include "sandbox/world.hpp"

namespace ieum::app {
namespace {

class Played final : public trial::Vendors {
 public:
  explicit Played(const Clock& clock) : world_(clock, nullptr, credentials_), approved_{"CART_REMIND", "ORDER_OK"} {}

  std::optional<trial::Account> account(const std::string& connector) override {
    if (connector == "shopify")
      return trial::Account{Map{{"shop", "ieum-demo.myshopify.com"}},
                            {{"access_token", credentials_.shopify_access_token}}};
    if (connector == "slack") return trial::Account{Map{}, {{"bot_token", credentials_.slack_bot_token}}};
    if (connector == "kakao")
      return trial::Account{Map{{"dealer", "solapi"},
                                {"api_key", credentials_.solapi_api_key},
                                {"pf_id", "KA01PF000000000000000000000demo"},
                                {"from", "0212345678"}},
                            {{"api_secret", credentials_.solapi_api_secret}}};
    if (connector == "tally") return trial::Account{Map{}, {{"api_token", credentials_.tally_api_token}}};
    if (connector == "brevo") return trial::Account{Map{}, {{"api_key", credentials_.brevo_api_key}}};
    if (connector == "airtable") return trial::Account{Map{}, {{"api_token", credentials_.airtable_api_token}}};
    if (connector == "ga4")
      return trial::Account{Map{{"measurement_id", "G-SANDBOX"}}, {{"api_secret", credentials_.ga4_api_secret}}};
    if (connector == "typeform") return trial::Account{Map{}, {{"api_token", credentials_.typeform_token}}};
    if (connector == "mailchimp")
      return trial::Account{Map{{"dc", "us21"}, {"list_id", "a6b5da1054"}},
                            {{"api_key", credentials_.mailchimp_api_key}}};
    if (connector == "http") return trial::Account{Map{}, {}};
    return std::nullopt;
  }

  net::CallResult answer(const net::CallOrigin& origin, const HttpRequest& request) override {
    using Sent = net::CallFailure::Sent;
    const auto url = parse_url(request.target);
    if (url.has_error()) return net::CallFailure{Sent::nothing, url.error()};
    HttpRequest inbound = request;
    inbound.target = origin.operation.starts_with("http.") ? "/sink/" + url->host + url->target : url->target;
    if (origin.operation.starts_with("kakao.")) approve(request.body);
    auto reply = world_.handle(std::move(inbound));
    if (reply.delivery == sandbox::Reply::Delivery::whole) return std::move(reply.response);
    return net::CallFailure{Sent::maybe, Error("connection_lost", "the vendor closed the connection")};
  }

 private:
  void approve(const std::string& body) {
    const auto json = parse_json(body);
    if (json.has_error()) return;
    std::string code = json->text("templateCode");
    if (const auto* found = json->at_path("messages.0.kakaoOptions.templateId"); found != nullptr && found->is_string())
      code = *found->if_string();
    if (code.empty() || !approved_.insert(code).second) return;
    HttpRequest put{"POST", "/_sandbox/templates", {}, write_json(Map{{"code", code}, {"text", "(" + code + ")"}})};
    static_cast<void>(world_.handle(std::move(put)));
  }

  const sandbox::Credentials credentials_;
  sandbox::World world_;
  std::set<std::string> approved_;
};

}  // namespace

std::unique_ptr<trial::Vendors> sandbox_vendors(const Clock& clock) { return std::make_unique<Played>(clock); }

}  // namespace ieum::app
