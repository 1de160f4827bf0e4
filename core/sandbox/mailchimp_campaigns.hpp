// MailchimpCampaigns: campaigns in the sandbox, from being saved to having been sent. Private to sandbox; one thread.
#pragma once
#include <functional>
#include <map>
#include <string>

#include "sandbox/mailchimp_audience.hpp"
#include "sandbox/vendor.hpp"

namespace ieum::sandbox {

class MailchimpCampaigns {
 public:
  // /campaigns/...; `audience` gives the members of a list, null when there is none.
  Outcome act(const Incoming& in, const std::function<const MailchimpAudience*(const std::string&)>& audience);

 private:
  struct Campaign {
    std::string id, list, subject, from, title, status = "save", html;
    Millis created = 0, sent = 0;
    std::int64_t emails = 0;
  };
  Outcome create(const Incoming& in, const MailchimpAudience* list);
  Outcome send(const Incoming& in, Campaign& campaign, const MailchimpAudience* list);
  static Outcome schedule(const Incoming& in, Campaign& campaign);
  static Value shown(const Campaign& campaign);

  std::map<std::string, Campaign> campaigns_;
  std::int64_t made_ = 0;
};

}  // namespace ieum::sandbox
