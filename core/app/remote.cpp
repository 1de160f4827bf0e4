#include "app/remote.hpp"

#include <httplib.h>

#include "app/data_dir.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/random.hpp"
#include "base/url.hpp"

namespace ieum::app {
namespace {

httplib::Headers headers_of(const Headers& headers) {
  httplib::Headers out;
  for (const auto& [name, value] : headers.fields()) {
    if (!equals_ignoring_case(name, "Content-Type")) out.emplace(name, value);
  }
  return out;
}

Error no_hub(const std::string& place) {
  return Error("no_hub", "no hub answers", "start it: ieum serve --data DIR (or make run for the demo)", place);
}

}  // namespace

Result<Remote> Remote::to(const std::string& data_dir) {
  auto address = read_file(data_dir + "/admin.address", 256);
  if (address.has_error())
    return Error("no_hub", "no hub runs on this data directory", "start it: ieum serve --data " + data_dir, data_dir);
  SystemRandom random;
  IEUM_TRY(const auto token, admin_token(DataDir{data_dir}, false, random));
  return Remote(std::string(trim(*address)), std::string(token.reveal()));
}

Result<Value> Remote::call(const std::string& method, const std::string& path, const Value& body,
                           int patience_s) const {
  httplib::Client client(address_);
  // The address is the one that the hub wrote down for its owner; its certificate is made out to the name that others use.
  client.enable_server_certificate_verification(false);
  client.set_connection_timeout(5);
  client.set_read_timeout(patience_s);
  httplib::Request request;
  request.method = method;
  request.path = path;
  request.headers = {{"Authorization", "Bearer " + token_}};
  if (method != "GET") {
    request.headers.emplace("Content-Type", "application/json");
    request.body = body.is_null() ? "{}" : write_json(body);
  }
  const auto answer = client.send(request);
  if (!answer) return no_hub(address_);
  auto value = answer->body.empty() ? Result<Value>(Value(Map{})) : parse_json(answer->body);
  if (value.has_error())
    return Error("bad_answer",
                 "the hub answered with something else than JSON (" + std::to_string(answer->status) + ")", {},
                 address_);
  if (answer->status >= 200 && answer->status < 300) return std::move(*value);
  const auto* error = value->get("error");
  if (error == nullptr) return Error("bad_answer", "the hub answered " + std::to_string(answer->status), {}, address_);
  return Error(error->text("code"), error->text("message"), error->text("mend"), error->text("place"));
}

Result<PostedAnswer> post(const HttpRequest& request) {
  IEUM_TRY(const auto url, parse_url(request.target));
  httplib::Client client(url.origin());
  client.set_connection_timeout(5);
  const std::string type(request.headers.get("Content-Type").value_or("application/json"));
  const auto answer = client.Post(url.target, headers_of(request.headers), request.body, type);
  if (!answer) return Error("no_answer", "nothing answered", {}, url.origin());
  return PostedAnswer{answer->status, answer->body};
}

}  // namespace ieum::app
