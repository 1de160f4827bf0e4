#include "audience/advertisement.hpp"

#include <algorithm>

#include "audience/html.hpp"
#include "base/encoding.hpp"

namespace ieum::audience {
namespace {

// How many bytes of the beginning are this mark, whatever spaces and points were put into it; 0 when it is not there.
std::size_t mark_at(std::string_view text, std::string_view mark) {
  std::size_t at = 0;
  for (std::size_t next = 0; next < mark.size();) {
    if (at == text.size()) return 0;
    if (at > 0 && (text[at] == ' ' || text[at] == '.' || text[at] == '\t')) {
      ++at;
      continue;
    }
    const char here = text[at], wanted = mark[next];
    const char lower = here >= 'A' && here <= 'Z' ? static_cast<char>(here - 'A' + 'a') : here;
    if (here != wanted && lower != wanted) return 0;
    ++at;
    ++next;
  }
  return at;
}

// The text without labels and look-alikes at its beginning.
std::string_view bare(std::string_view text, const Country& country) {
  for (bool again = true; again;) {
    again = false;
    text = trim(text);
    std::size_t taken = mark_at(text, country.label);
    for (const auto& look_alike : country.label_look_alikes)
      if (taken == 0) taken = mark_at(text, look_alike);
    if (taken == 0) continue;
    text.remove_prefix(taken);
    again = true;
  }
  return text;
}

std::string footer(const Sender& sender, const Country& country) {
  std::string text = "\n\n" + sender.name + " " + sender.contact;
  if (!sender.free_opt_out.empty()) text += "\n" + country.free_opt_out + " " + sender.free_opt_out;
  if (!sender.opt_out_url.empty()) text += "\n" + country.free_opt_out + " " + sender.opt_out_url;
  return text;
}

std::string html_footer(const Sender& sender, const Country& country) {
  std::string text = "<hr><p>" + html_escape(sender.name) + " " + html_escape(sender.contact);
  if (!sender.free_opt_out.empty()) text += "<br>" + html_escape(country.free_opt_out + " " + sender.free_opt_out);
  if (!sender.opt_out_url.empty())
    text += "<br><a href=\"" + html_escape(sender.opt_out_url) + "\">" + html_escape(country.free_opt_out) + "</a>";
  return text + "</p>";
}

// In front of the end of the body, where a document says it.
void add_footer(Message& message, const Sender& sender, const Country& country) {
  if (!message.html) {
    message.text += footer(sender, country);
    return;
  }
  message.text = at_end_of_body(std::move(message.text), html_footer(sender, country));
}

Error no_place(const std::string& what) {
  return Error("ad_label_missing_in_template",
               "an advertisement whose " + what + " is not known here, so that no label can be put there",
               "write the " + what + " in the step instead of leaving it to a template");
}

}  // namespace

std::string_view missing_of(const Sender& sender) {
  if (sender.name.empty()) return "name";
  if (sender.contact.empty()) return "contact";
  if (sender.free_opt_out.empty() && sender.opt_out_url.empty()) return "free_opt_out";
  return {};
}

std::string labelled(std::string_view text, const Country& country) {
  if (country.label.empty()) return std::string(text);
  return country.label + " " + std::string(bare(text, country));
}

Result<Message> framed(Message message, LabelPlace place, const Sender& sender, const Country& country) {
  if (place == LabelPlace::approved) {
    if (!trim(message.text).starts_with(country.label))
      return Error("ad_label_missing_in_template",
                   "an advertisement, and the approved text does not begin with " + country.label,
                   "have a template approved that does, or use a channel for advertising");
    return message;
  }
  if (const auto missing = missing_of(sender); !missing.empty())
    return Error("sender_incomplete",
                 "an advertisement names its sender, and the hub does not know its " + std::string(missing),
                 "enter it: ieum settings sender");
  if (place == LabelPlace::vendor) return message;
  if (trim(message.text).empty()) return no_place("text");
  if (place == LabelPlace::subject) {
    if (trim(message.subject).empty()) return no_place("subject");
    message.subject = labelled(message.subject, country);
  } else {
    message.text = labelled(message.text, country);
  }
  add_footer(message, sender, country);
  return message;
}

}  // namespace ieum::audience
