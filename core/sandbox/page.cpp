// The page's style, script and frame stand here as texts; the policy names the digest of the script, so that no other can run.
// A mail is shown in a frame without scripts, with the styles that it brings and nothing that it would have to fetch.
#include "sandbox/page.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "sandbox/page_parts.hpp"

namespace ieum::sandbox {

namespace {

std::string source_of(std::string_view text) { return "'sha256-" + base64_encode(sha256(text)) + "'"; }

}  // namespace

HttpResponse page_response() {
  HttpResponse response;
  response.headers.add("Content-Type", "text/html; charset=utf-8");
  response.headers.add("Content-Security-Policy",
                       "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src " +
                           source_of(page_script()) +
                           "; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  response.headers.add("X-Content-Type-Options", "nosniff");
  response.headers.add("Referrer-Policy", "no-referrer");
  response.headers.add("Cache-Control", "no-store");
  response.body.append("<!doctype html>\n<html lang=\"ko\">\n<head>\n<meta charset=\"utf-8\">\n")
      .append(
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>이음 "
          "샌드박스</title>\n<style>")
      .append(page_style())
      .append("</style>\n</head>\n<body>\n")
      .append(page_body())
      .append("<script>")
      .append(page_script())
      .append("</script>\n</body>\n</html>\n");
  return response;
}

}  // namespace ieum::sandbox
