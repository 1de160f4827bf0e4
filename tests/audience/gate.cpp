// The gate's order and reasons, and what an opt-out closes.
#include "audience/gate.hpp"

#include <boost/test/unit_test.hpp>

using namespace ieum::audience;

namespace {

struct Case {
  const char* name;
  Send send;
  GateFacts facts;
  bool allowed;
  const char* reason;
  bool ends_run;
};

const Send kInfo{"cart", "kakao_alimtalk", "info", "+821012345678"};
const Send kAd{"promo", "email", "ad", "minji@example.com"};
const Send kUnnamed{"promo", "email", "", "minji@example.com"};
const Send kNobody{"cart", "kakao_alimtalk", "info", ""};

}  // namespace

BOOST_AUTO_TEST_SUITE(audience_gate)

BOOST_AUTO_TEST_CASE(judges_in_the_fixed_order) {
  const OptOut all{"", ""}, topic{"promo", ""}, channel{"", "kakao_alimtalk"}, both{"promo", "email"};
  const Case cases[] = {
      {"info passes", kInfo, {}, true, "", false},
      {"ended run first", kNobody, {false, true, {channel}}, false, "run_ended", true},
      {"exit before opt-out", kNobody, {true, true, {channel}}, false, "exit_on_already_true", true},
      {"opt-out before address", kNobody, {true, false, {channel}}, false, "unsubscribed", false},
      {"no address", kNobody, {}, false, "no_address", false},
      {"ads have no rules yet", kAd, {}, false, "class_not_supported", false},
      {"an unnamed class is treated as an ad", kUnnamed, {}, false, "class_not_supported", false},
      {"address before class", {"promo", "email", "ad", ""}, {}, false, "no_address", false},
      {"info goes on after an opt-out of all", kInfo, {true, false, {all}}, true, "", false},
      {"info goes on after an opt-out of its topic", kInfo, {true, false, {{"cart", ""}}}, true, "", false},
      {"info goes on after an opt-out of topic and channel",
       kInfo,
       {true, false, {{"cart", "kakao_alimtalk"}}},
       true,
       "",
       false},
      {"the channel as a whole closes info", kInfo, {true, false, {channel}}, false, "unsubscribed", false},
      {"another channel does not", kInfo, {true, false, {{"", "email"}}}, true, "", false},
      {"all closes ads", kAd, {true, false, {all}}, false, "unsubscribed", true},
      {"the topic closes ads", kAd, {true, false, {topic}}, false, "unsubscribed", true},
      {"topic and channel close ads there only", kAd, {true, false, {both}}, false, "unsubscribed", false},
      {"another topic does not", kAd, {true, false, {{"news", ""}}}, false, "class_not_supported", false},
      {"the wider of two opt-outs decides", kAd, {true, false, {both, topic}}, false, "unsubscribed", true},
      {"the topic closes unnamed classes", kUnnamed, {true, false, {topic}}, false, "unsubscribed", true},
  };
  for (const Case& c : cases) {
    const Verdict verdict = judge(c.send, c.facts);
    BOOST_CHECK_MESSAGE(verdict.allowed == c.allowed && verdict.reason == c.reason && verdict.ends_run == c.ends_run,
                        c.name << ": " << verdict.allowed << " " << verdict.reason << " " << verdict.ends_run);
  }
}

BOOST_AUTO_TEST_SUITE_END()
