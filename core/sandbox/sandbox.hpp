// Sandbox: the vendors played by the hub, over real sockets, for demos, recipe authors and tests. Shopify, Slack, Solapi,
// NHN Cloud and a sink for any other HTTP call stand on one listener: each connection's base URL is http://host:port.
// No vendor of production and no mock of ours in the hub: the hub speaks to it as it speaks to the vendors.
//
//   Shopify  POST /admin/api/{version}/graphql.json     tagsAdd, tagsRemove, discountCodeBasicCreate, codeDiscountNodeByCode, shop
//   Slack    /api/{method}                              chat.postMessage, chat.update, conversations.{list,history,replies,open},
//                                                       users.lookupByEmail, auth.test
//   Solapi   /messages/v4/..., /cash/v1/balance, /kakao/v2/{templates,channels}
//   Google   /v4/spreadsheets/..., /drive/v3/{files,channels}/..., POST /token, GET /o/oauth2/v2/auth (agrees at once)
//            /v1/forms/{id}, /v1/forms/{id}/responses, /v1/projects/{project}/messages:send (Firebase Cloud Messaging)
//   NHN      /alimtalk/v2.3/appkeys/{appkey}/..., /brand-message/v1.0/appkeys/{appkey}/..., /sms/v3.0/appKeys/{appKey}/...
//   Aligo    /akv10/{alimtalk/send,history/detail,heartinfo}/
//   Tally    /users/me, /forms (with a tly- token), /forms/{id}/{submissions,questions}, /webhooks
//   Brevo    /v3/{account,contacts,smtp,transactionalSMS,events,webhooks}/...
//   Airtable /v0/{base}/{table}, /v0/meta/..., /v0/bases/{base}/webhooks, GET /oauth2/v1/authorize (agrees at once), POST /oauth2/v1/token
//   GA4      /mp/collect, /debug/mp/collect
//   Typeform  /forms, /forms/{id}/{responses,webhooks}, /me
//   Mailchimp /3.0/{ping,lists,campaigns,batches,customer-journeys}/...
//   sink     /sink/...   answers 200; /sink/status/503/... answers 503; /sink/keyed/... acts once an Idempotency-Key
//
// What a caller can provoke by its inputs, without a fault:
//   Slack channel "#missing" (C0MISSING) is channel_not_found, "#archived" is_archived, "#private" not_in_channel;
//     other names and ids exist when they are first used. E-mail nobody@... is users_not_found. A message is known by its ts
//     when it was posted here, or told by POST /_sandbox/send (topics message and app_mention).
//   A phone number 0100000NNNN with NNNN >= 1000 is taken, and its delivery ends with code NNNN (3104, 3018, 3022 ...):
//     then the fallback SMS goes out where one was asked for.
//   Templates CART_REMIND and ORDER_OK are approved, OLD_NOTICE is stopped; others by POST /_sandbox/templates.
//   A spreadsheet exists from its first use on; ids that begin with "missing" are not found, with "private" forbidden.
//   A form or table that begins with "missing" is not found; a Google form that begins with "private" is forbidden. Airtable
//     has no field "Nope". Brevo has lists 3 and 4, template 7, attributes FIRSTNAME, LASTNAME, SMS; bounce@... bounces.
//   Forms and audiences exist from their first use on, but for "missing". Mailchimp's header X-Trigger-Error names an error.
//   A push token "missing..." is of an app that was removed, "foreign..." of another Firebase project.
//   A Shopify id that ends in /404 does not exist. Brand messages are refused from 20:50 to 08:00 Korean time.
//
// Control, for tests and the page:
//   GET    /_sandbox/                    the page: messages as their receivers see them
//   GET    /_sandbox/calls               ?vendor= &key= &effect= &after=SEQ &limit=N (the newest N, 10,000 unless told)
//   GET    /_sandbox/messages            what reached receivers, and `repeated_keys`: step keys with more than one message
//   DELETE /_sandbox/calls               forgets calls and messages; vendors keep what they know
//   DELETE /_sandbox/state               as new: also faults, templates of others, and what vendors know
//   POST, GET, DELETE /_sandbox/faults   see faults.hpp
//   POST, GET /_sandbox/templates        {code, text, title?, buttons?: [{name, url}], approved?}
//   POST   /_sandbox/tokens              {vendor, scopes: [...]}: an access token that may do only this, at slack, shopify,
//                                        google or airtable; the tokens of credentials.hpp may do all
//   POST   /_sandbox/send                lets something happen at a vendor: {vendor, topic, body?, to?, secret?}; see below
//   POST, GET, DELETE /_sandbox/hooks    hooks typed in by hand: {vendor, url, secret?, topics?, id?, more?}; GET also shows
//                                        those that were registered through the vendors' APIs
//   POST, GET, DELETE /_sandbox/reach    {address, at}: where the origin `address` leads. Vendors want https addresses of
//                                        webhooks; {https://hub.example.test, http://127.0.0.1:8080} plays the reverse proxy
//                                        that stands there, {.., http://HOST:PORT/sink/status/410} one that is broken.
//                                        No "at": nowhere special. Also `ieum sandbox --reach ADDRESS=AT`
//   GET    /_sandbox/deliveries          ?vendor= &limit=   what vendors told hooks: tries, answers, when they try again
//   GET, POST /_sandbox/sheets           spreadsheets; {spreadsheet, sheet, rows | append | rename | delete} is a person's edit
//   GET    /_sandbox/google/key.json     the key file of the service account that Google's stand-in knows
//   GET    /_sandbox/clock               POST {"to": RFC 3339 or milliseconds} where the clock is a virtual one
//
// Vendors tell their hooks what happens, in their own form, signed and repeated as each of them does it (hooks.hpp):
//   Shopify 8 times within 4 hours, then the subscription is deleted; Typeform ends at once on 404 and 410, 10 hours of 429,
//   408, 423, 503, else 5 times; Slack at once, after 1 and 5 minutes, clicks and commands never; Mailchimp for 75 minutes;
//   Drive push 8 times on 500, 502, 503, 504; Solapi 4 times; NHN never. `vendor` of /_sandbox/send is one of the above,
//   or typeform, google, mailchimp, apps_script, standard_webhooks; any other is told in plain JSON. Topics are the vendor's:
//   orders/create; form_response; app_mention, block_actions, /command; unsubscribe; SINGLE-REPORT; MESSAGE_RESULT_UPDATE.
//   Typeform with a form_id in `body` gets a response of that form, Mailchimp with a list_id a person's doing there.
//   Without `body` it is a sample. `to` is an address nobody registered, signed with `secret`.
//
// Owner: app. Everything runs on the thread of Io. In memory only: nothing survives the process. Bounded: the last 100,000
// calls and messages (and 256 MiB of them), 64 KiB of each body.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "net/io.hpp"
#include "sandbox/credentials.hpp"

namespace ieum::sandbox {

struct SandboxOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one
  // Signatures, idempotency windows, rate limits and dates ask it. Outlives the sandbox.
  const Clock* clock = nullptr;
  // The same clock, when POST /_sandbox/clock may set it; not one that a hub runs on, whose timers would not see it move.
  ManualClock* virtual_clock = nullptr;
  Credentials credentials;
  std::vector<std::pair<std::string, std::string>> reach;  // see POST /_sandbox/reach
};

class Sandbox {
 public:
  virtual ~Sandbox() = default;  // stops
  [[nodiscard]] virtual std::uint16_t port() const = 0;
  // No more calls are taken; what is open is closed. [any-thread but a handler's]
  virtual void stop() = 0;
};

// Errors: as net::listen; "bad_reach". Destroyed before io.
Result<std::unique_ptr<Sandbox>> make_sandbox(net::Io& io, const SandboxOptions& options);

}  // namespace ieum::sandbox
