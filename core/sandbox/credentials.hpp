// What the stand-ins ask of a caller. The defaults are public: they protect nothing and open nothing.
#pragma once
#include <string>

namespace ieum::sandbox {

struct Credentials {
  std::string shopify_access_token = "shpat_sandbox";  // X-Shopify-Access-Token
  std::string slack_bot_token = "xoxb-sandbox";        // Authorization: Bearer
  std::string solapi_api_key = "sandbox-key";
  std::string solapi_api_secret = "sandbox-secret";
  std::string nhn_app_key = "sandbox-app";  // in the path
  std::string nhn_secret_key = "sandbox-secret-key";
};

}  // namespace ieum::sandbox
