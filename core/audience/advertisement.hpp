// Advertisement: the frame that the law wants around one, put there by the hub: the label at the very beginning, who sends it and
// how to reach them, and how to refuse for free. An author writes only what stands between. Pure.
//
// Where the label belongs is a property of the channel: in front of an e-mail's subject, of a text message's text; some vendors put
// it there themselves; a text that was approved beforehand is never altered, so it must have the label already.
#pragma once
#include <string>
#include <string_view>

#include "audience/country.hpp"
#include "base/error.hpp"

namespace ieum::audience {

enum class LabelPlace { subject, text, vendor, approved };

struct Sender {
  std::string name, contact;  // "허브상점", "02-123-4567"
  std::string free_opt_out;   // "080-123-4567"; "" none
  std::string opt_out_url;    // of this message; "" none
};

struct Message {
  std::string subject, text;
  bool html = false;  // the text is
};

// What is missing of the sender, so that no advertisement can be composed: "" nothing.
std::string_view missing_of(const Sender& sender);

// The text with the label at its beginning, once: one that stands there already is kept, look-alikes of it are taken off.
std::string labelled(std::string_view text, const Country& country);

// Errors: "ad_label_missing_in_template": an approved text without it, or no subject or text to put it in front of, because a template
// at the vendor brings them; "sender_incomplete".
Result<Message> framed(Message message, LabelPlace place, const Sender& sender, const Country& country);

}  // namespace ieum::audience
