#include "server/login_page.hpp"

#include "base/encoding.hpp"

namespace ieum::server {

HttpResponse login_page(const Result<std::string>& outcome) {
  const bool well = outcome.has_value();
  std::string body =
      "<!doctype html><html lang=\"ko\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><title>Ieum</title><style>body{font:16px/1.6 system-ui,sans-serif;"
      "max-width:32rem;margin:4rem auto;padding:0 1rem}p.en{color:#666}</style></head><body>";
  if (well) {
    const std::string name = html_escape(*outcome);
    body += "<h1>연결되었습니다</h1><p><b>" + name +
            "</b> 연결에 로그인했습니다. 기다리던 작업은 자동으로 이어집니다. 이 창을 닫고 터미널이나 콘솔로 "
            "돌아가세요.</p>"
            "<p class=\"en\">Connection <b>" +
            name +
            "</b> is logged in. What it held goes on by itself. Close this window and go back to the terminal or the "
            "console.</p>";
  } else {
    const std::string what = html_escape(outcome.error().what);
    const std::string mend = html_escape(outcome.error().mend);
    body +=
        "<h1>로그인하지 못했습니다</h1><p>허브는 아무것도 바꾸지 않았습니다. 허브에서 로그인을 다시 시작하세요.</p>"
        "<p class=\"en\">The login failed and the hub has changed nothing: " +
        what + (mend.empty() ? "" : " (" + mend + ")") + ".</p>";
  }
  body += "</body></html>\n";
  HttpResponse answer;
  answer.status = well ? 200 : 400;
  answer.headers = {
      {"Content-Type", "text/html; charset=utf-8"},
      {"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"},
      {"Referrer-Policy", "no-referrer"},
      {"X-Content-Type-Options", "nosniff"},
      {"Cache-Control", "no-store"}};
  answer.body = std::move(body);
  return answer;
}

}  // namespace ieum::server
