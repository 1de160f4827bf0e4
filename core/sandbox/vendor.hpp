// Vendor: what every stand-in is: a function from a request to an answer, with the memory that its look-ups need.
// No sockets and no waiting; faults are applied around it. Private to sandbox; one thread.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/http.hpp"
#include "sandbox/credentials.hpp"
#include "sandbox/hooks.hpp"
#include "sandbox/incoming.hpp"
#include "sandbox/templates.hpp"
#include "sandbox/tokens.hpp"

namespace ieum::sandbox {

// What a vendor did with a call. repeated: it knew that this was done before and did nothing more.
enum class Effect { applied, refused, repeated, read };
std::string_view effect_name(Effect effect);

// A message as its receiver gets it.
struct Message {
  std::string channel;  // slack, kakao_alimtalk, kakao_brand_message, sms, lms, http
  std::string to;       // as in the call: national phone digits, channel id, path
  std::string from;     // sender profile, number or bot
  std::string title;
  std::string text;
  std::string template_code;
  std::vector<Button> buttons;
  std::string key;     // the hub's step key
  std::string result;  // the delivery code that reports tell ("4000", "1000"); empty where there is none
  // What the page draws beyond the text: Slack {channel, ts, blocks}, mail {subject, from, html}, sheet {title, rows}.
  Value view;
};

// What a call asks for, known before anything is done.
struct Description {
  std::string operation;
  bool reads = false;  // a look-up: acts on nothing
  std::string key;
  std::optional<Message> message;  // the first one, when it sends any
};

struct Outcome {
  HttpResponse response;
  Effect effect = Effect::refused;
  std::vector<Message> reached;    // messages that somebody got because of this call
  std::optional<Message> message;  // the first one of the call, as the vendor understood it
  bool limited = false;            // refused by the vendor's own rate limit
};

class Vendor {
 public:
  virtual ~Vendor() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual bool owns(const Incoming& in) const = 0;
  [[nodiscard]] virtual Description describe(const Incoming& in) const = 0;
  // limits: apply the vendor's own rate limit.
  virtual Outcome act(const Incoming& in, bool limits) = 0;

  // The vendor's own webhooks, see hooks.hpp. A vendor that tells nothing leaves these alone.
  // The hooks that were registered through its API, also those that it has disabled.
  [[nodiscard]] virtual std::vector<Hook> hooks() const { return {}; }
  // It gave up on one of them: Shopify deletes the subscription, Typeform disables the hook.
  virtual void lose_hook(const std::string& /*id*/) {}
  // What has happened since this was last asked. Asked after each call, and as time goes by.
  virtual std::vector<Told> told(Millis /*now*/) { return {}; }
  // POST /_sandbox/send without "to": lets it happen at the vendor (a person edits a row, clicks a button), to be heard by
  // told(). Nothing: it only tells, and the topic and body are taken as they were sent.
  virtual std::optional<Result<Value>> happen(const Told& /*what*/, Millis /*now*/) { return std::nullopt; }
  // Messages that reach somebody because of the time: scheduled ones. Asked when told() is.
  virtual std::vector<Message> arrived(Millis /*now*/) { return {}; }
  // How it tells; null: the format of that name in hooks.hpp, or plain JSON.
  [[nodiscard]] virtual const HookFormat* hook_format() const { return nullptr; }
  // POST /_sandbox/tokens: an access token that may do only this. Nothing: its tokens all may do the same.
  virtual std::optional<std::string> issue(const Scopes& /*scopes*/, Millis /*now*/) { return std::nullopt; }
  // POST /_sandbox/send, with "to" or without: what it knows from then on, a message that a person wrote.
  virtual void wrote(const Told& /*what*/, Millis /*now*/) {}
  // A path below /_sandbox/ that is this vendor's own (segments[1] is there). Nothing: it has none such.
  virtual std::optional<HttpResponse> control(const Incoming& /*in*/) { return std::nullopt; }
};

// The step key that travels with a call: Idempotency-Key or X-NC-API-IDEMPOTENCY-KEY.
std::string header_key(const Incoming& in);
// The delivery code that a number of the form 0100000NNNN asks for.
std::optional<std::string> wanted_result(std::string_view phone);
// "sms" up to 90 bytes of EUC-KR (a Hangul syllable is two), else "lms".
std::string text_channel(std::string_view text);
bool is_brand_message_night(Millis at);

std::unique_ptr<Vendor> make_shopify(const Credentials& credentials);
std::unique_ptr<Vendor> make_slack(const Credentials& credentials);
std::unique_ptr<Vendor> make_solapi(const Credentials& credentials, const TemplateStore& templates);
std::unique_ptr<Vendor> make_nhn(const Credentials& credentials, const TemplateStore& templates);
std::unique_ptr<Vendor> make_google(const Credentials& credentials);
std::unique_ptr<Vendor> make_nhn_sms(const Credentials& credentials);
std::unique_ptr<Vendor> make_aligo(const Credentials& credentials, const TemplateStore& templates);
std::unique_ptr<Vendor> make_tally(const Credentials& credentials);
std::unique_ptr<Vendor> make_brevo(const Credentials& credentials);
std::unique_ptr<Vendor> make_airtable(const Credentials& credentials);
std::unique_ptr<Vendor> make_ga4(const Credentials& credentials);
std::unique_ptr<Vendor> make_typeform(const Credentials& credentials);
std::unique_ptr<Vendor> make_mailchimp(const Credentials& credentials);
std::unique_ptr<Vendor> make_sink();

}  // namespace ieum::sandbox
