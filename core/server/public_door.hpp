// Public door: deliveries, receipts, health. What does not exist is one 404, byte for byte the same, refused before its body
// is read. The io thread verifies and hands on; it never reads the store.
#pragma once
#include <memory>

#include "runtime/hub.hpp"
#include "server/api.hpp"
#include "server/routes.hpp"

namespace ieum::server {

class PublicDoor final : public net::RequestHandler {
 public:
  explicit PublicDoor(const std::shared_ptr<Api>& api);
  HeadVerdict on_head(const HttpRequest& head, const std::string& peer_address) override;
  void on_request(net::IncomingRequest request, std::shared_ptr<net::Responder> responder) override;
  [[nodiscard]] const RouteTable& table() const { return table_; }

 private:
  void add_hooks();
  void finish_login(const Exchange& exchange);
  void add_shared();
  void add_touches(const std::shared_ptr<Api>& api);
  void refuse(const Exchange& exchange);
  void accept(Exchange exchange, const std::string& url_token);
  runtime::Hub& hub_;
  RouteTable table_;
};

}  // namespace ieum::server
