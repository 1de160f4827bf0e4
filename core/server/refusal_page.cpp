#include "server/refusal_page.hpp"

#include "base/encoding.hpp"

namespace ieum::server {
namespace {

constexpr const char* kStyle =
    ":root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;max-width:30rem;margin:0 auto;"
    "padding:2rem 1.25rem;word-break:keep-all;overflow-wrap:anywhere}h1{font-size:1.3rem;margin:0 0 1rem}"
    "section{border:1px solid #8884;border-radius:12px;padding:1rem;margin:1rem 0}h2{font-size:1rem;margin:0}"
    "p{margin:.4rem 0}button{font:inherit;width:100%;min-height:48px;margin-top:.75rem;border:0;border-radius:10px;"
    "background:#1a5fb4;color:#fff;cursor:pointer}button:focus-visible,a:focus-visible{outline:3px solid #f6a623;"
    "outline-offset:2px}.off{color:#2a7d3b}.trouble{color:#b3261e}footer{margin-top:2rem;font-size:.9rem}"
    "@media(prefers-color-scheme:dark){.off{color:#7fd18f}.trouble{color:#ff8a80}a{color:#8ab4f8}}";

// One thing that can be refused.
std::string section(const std::string& title, const std::string& what, bool off, const std::string& off_text,
                    const char* scope, const std::string& button) {
  std::string out = "<section><h2>" + title + "</h2><p>" + what + "</p>";
  if (off) return out + "<p class=\"off\" role=\"status\">✓ " + off_text + "</p></section>";
  return out + "<form method=\"post\"><input type=\"hidden\" name=\"scope\" value=\"" + scope + "\"><button>" + button +
         "</button></form></section>";
}

}  // namespace

bool reads_korean(const std::string& asked, const std::string& accept_language) {
  if (asked == "ko" || asked == "en") return asked == "ko";
  const std::string first = to_lower_ascii(trim(accept_language).substr(0, 2));
  return first.empty() || first == "ko" || first == "*";
}

HttpResponse refusal_page(const RefusalState& state) {
  const auto say = [&](const char* korean, const char* english) { return std::string(state.is_korean ? korean : english); };
  const std::string topic = html_escape(state.topic), sender = html_escape(state.sender);
  const std::string title = say("수신 설정", "What you get from us");
  std::string body = "<!doctype html><html lang=\"" + say("ko", "en") +
                     "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
                     "<meta name=\"robots\" content=\"noindex\"><title>" +
                     title + "</title><style>" + kStyle + "</style></head><body><main><h1>" +
                     (sender.empty() ? title : sender + " · " + title) + "</h1>";
  if (state.failed)
    body += "<p class=\"trouble\" role=\"alert\">" +
            say("지금은 저장하지 못했습니다. 아무것도 바뀌지 않았습니다. 잠시 뒤에 다시 눌러 주세요.",
                "This could not be saved, and nothing has changed. Please try again in a moment.") +
            "</p>";
  if (!state.topic.empty())
    body += section(say("이 소식", "This topic"), topic, state.topic_off || state.all_off,
                    say("더 보내지 않습니다.", "You get no more of it."), "topic",
                    say("이 소식 그만 받기", "No more of this topic"));
  body += section(say("모든 광고", "All advertising"),
                  say("메일, 문자, 카카오톡, 푸시로 가는 광고 전부입니다. 주문과 배송 안내는 계속 보냅니다.",
                      "By mail, text, KakaoTalk and push. Messages about your orders still come."),
                  state.all_off, say("더 보내지 않습니다.", "You get no more of it."), "all",
                  say("모든 광고 그만 받기", "No more advertising"));
  body += "<footer>" + say("돈이 들지 않고, 로그인하지 않아도 됩니다. 바로 적용됩니다.",
                           "It is free, needs no login, and holds at once.") +
          "<p><a href=\"?lang=" + say("en", "ko") + "\" lang=\"" + say("en", "ko") + "\">" + say("English", "한국어") +
          "</a></p></footer></main></body></html>\n";
  HttpResponse answer;
  answer.status = state.failed ? 503 : 200;
  answer.headers = {{"Content-Type", "text/html; charset=utf-8"},
                    {"Content-Language", say("ko", "en")},
                    {"Content-Security-Policy",
                     "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
                     "frame-ancestors 'none'"},
                    {"X-Robots-Tag", "noindex"}};
  answer.body = std::move(body);
  return answer;
}

}  // namespace ieum::server
