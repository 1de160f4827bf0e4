// What the stand-ins ask of a caller. The defaults are public: they protect nothing and open nothing.
#pragma once
#include <string>

namespace ieum::sandbox {

struct Credentials {
  std::string shopify_access_token = "shpat_sandbox";  // X-Shopify-Access-Token
  std::string slack_bot_token = "xoxb-sandbox";        // Authorization: Bearer
  // Google: an OAuth client, and a token that never grows old; the service account is that of google_key.hpp.
  std::string google_client_id = "sandbox-client";
  std::string google_client_secret = "sandbox-client-secret";
  std::string google_access_token = "ya29.sandbox";
  std::string tally_api_token = "tly-sandbox";     // Authorization: Bearer
  std::string brevo_api_key = "xkeysib-sandbox";   // api-key
  std::string airtable_api_token = "pat.sandbox";  // Authorization: Bearer
  std::string airtable_client_id = "sandbox-client";
  std::string airtable_client_secret = "sandbox-client-secret";
  std::string ga4_api_secret = "ga4-sandbox";  // api_secret in the query
  std::string solapi_api_key = "sandbox-key";
  std::string solapi_api_secret = "sandbox-secret";
  std::string nhn_app_key = "sandbox-app";  // in the path
  std::string nhn_secret_key = "sandbox-secret-key";
  std::string nhn_sms_app_key = "sandbox-sms";  // of its product SMS, in the path
  std::string aligo_user = "sandbox";           // in the form
  std::string aligo_api_key = "sandbox-aligo-key";
  std::string typeform_token = "tfp_sandbox";          // Authorization: Bearer
  std::string mailchimp_api_key = "sandbox-key-us21";  // Basic, any user; or Bearer
};

}  // namespace ieum::sandbox
