// Admin door: the guard, the API and the console's files. A request is judged from its head, before its body is read, and
// once more when it is whole.
#pragma once
#include <memory>
#include <optional>

#include "server/api.hpp"
#include "server/console_files.hpp"
#include "server/routes.hpp"

namespace ieum::server {

class AdminDoor final : public net::RequestHandler {
 public:
  // `open`: the routes of the public door, for the document of all.
  AdminDoor(const std::shared_ptr<Api>& api, ConsoleFiles files, const RouteTable& open);
  HeadVerdict on_head(const HttpRequest& head, const std::string& peer_address) override;
  void on_request(net::IncomingRequest request, std::shared_ptr<net::Responder> responder) override;
  [[nodiscard]] const RouteTable& table() const { return table_; }

 private:
  struct Judged {
    RouteTable::Match match;
    Caller caller;
    std::optional<HttpResponse> refusal;
  };
  [[nodiscard]] Judged judge(const HttpRequest& head) const;

  std::shared_ptr<Api> api_;
  const ConsoleFiles files_;
  RouteTable table_;
};

}  // namespace ieum::server
