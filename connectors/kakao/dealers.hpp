// The dealers through which messages go: the same steps, three protocols. The connection's `dealer` chooses.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ieum/module.hpp"
#include "template.hpp"

namespace kakao {

enum class Product { alimtalk, brand_message, sms, lms };

// What a send needs, checked.
struct Message {
  Product product = Product::alimtalk;
  std::string to;                // national digits
  std::string text_template;     // alimtalk, brand message of a template
  ieum::json::object variables;  // names without #{}; values are text
  std::vector<Button> buttons;   // of the step
  bool dealer_fallback = false;
  std::string fallback_text, fallback_title;
  std::int64_t at_ms = 0;  // 0: at once
  bool auth = false;       // alimtalk that holds a one-time code (NHN Cloud has an address of its own for it)
  std::string text;        // brand message, SMS, LMS; alimtalk when the template is known: what the receiver will read
  std::string subject;     // LMS
  std::string bubble;      // brand message: TEXT, IMAGE, WIDE ...
  std::string targeting;   // brand message: I, M, N
  bool adult = false;
  bool silent = false;
  ieum::json::object parts;  // brand message: what a bubble has besides, in the dealer's own form
};

// A message that was sent, as message.get, scheduled.cancel and the look-ups name it.
struct Handle {
  Product product = Product::alimtalk;
  std::string message_id, group_id;
  std::string recipient;  // NHN Cloud: number in the request, usually 1
  bool auth = false;      // NHN Cloud: sent as one with a one-time code
};

// How far a look-up reaches around the time of the send, or the one it was scheduled for, and how many pages it reads.
inline constexpr std::int64_t kLookAroundMs = 24 * 3600 * 1000;
inline constexpr std::int64_t kPagesMax = 5;
// A poll looks this far behind its cursor: a result is told by the minute in which it came.
inline constexpr std::int64_t kOverlapMs = 2 * 60 * 1000;
// Templates that a list may have before it is given up as unreadable (its pages are carried as state).
inline constexpr std::size_t kTemplateBytesMax = 56 * 1024;

// Each dealer: what to ask, and what to make of the answer. A dealer without a call for something fails in words.
struct Dealer {
  ieum::Effect (*send)(const ieum::Call& call, const Message& message);
  ieum::Effect (*sent)(const ieum::Call& call, const Message& message);
  ieum::Effect (*find)(const ieum::Call& call, Product product);
  ieum::Effect (*found)(const ieum::Call& call, Product product);
  ieum::Effect (*get)(const ieum::Call& call, const Handle& handle);
  ieum::Effect (*got)(const ieum::Call& call, const Handle& handle);
  ieum::Effect (*cancel)(const ieum::Call& call, const Handle& handle);
  ieum::Effect (*cancelled)(const ieum::Call& call);
  ieum::Effect (*templates)(const ieum::Call& call);
  ieum::Effect (*templates_came)(const ieum::Call& call);
  ieum::Effect (*test)(const ieum::Call& call);
  ieum::Effect (*tested)(const ieum::Call& call);
  ieum::Effect (*reports)(const ieum::Call& call);  // a webhook
  ieum::Effect (*results)(const ieum::Call& call);  // a poll: since the cursor
  ieum::Effect (*results_came)(const ieum::Call& call);
};

extern const Dealer kSolapi, kNhn, kAligo;

// What tells one result from another, for a webhook and a poll alike: the message, the recipient and the code. How far the
// fallback is, is no part of it: one failure is told once. "" when the dealer names no message.
std::string result_key(const ieum::json::object& result);
// The same key, as a poll must write it.
inline std::string polled_key(const ieum::json::object& result) { return "delivery:" + result_key(result); }

// How long a message rests that the dealer refused for the night. One that waited for the morning rests a little.
std::int64_t night_delay_ms(const ieum::Call& call);

// Output of a send and of its look-up.
ieum::json::object accepted(std::string_view dealer, const std::string& message_id, const std::string& group_id,
                            const ieum::Call& call);

}  // namespace kakao
