// Remote: the command line's way to a running hub, through its admin API. Finds the hub by the files of the data directory.
#pragma once
#include <string>

#include "base/error.hpp"
#include "base/http.hpp"
#include "base/value.hpp"

namespace ieum::app {

class Remote {
 public:
  // Errors: "no_hub" when none runs on this directory, and those of admin_token.
  static Result<Remote> to(const std::string& data_dir);
  static Remote at(std::string address, std::string token) { return Remote(std::move(address), std::move(token)); }

  // `body` null: none. Errors are the hub's own, with code, what and mend; "no_hub" when it does not answer.
  Result<Value> call(const std::string& method, const std::string& path, const Value& body = {},
                     int patience_s = 120) const;
  [[nodiscard]] const std::string& address() const { return address_; }

 private:
  Remote(std::string address, std::string token) : address_(std::move(address)), token_(std::move(token)) {}
  std::string address_, token_;
};

// Sends a request made elsewhere (a signed delivery) as it is; the answer's status and body, or error "no_answer".
struct PostedAnswer {
  int status = 0;
  std::string body;
};
Result<PostedAnswer> post(const HttpRequest& request);

}  // namespace ieum::app
