// Helpers of the recipe tests: good recipes, and findings as short text.
#pragma once
#include <string>
#include <string_view>

#include "recipe/reader.hpp"

namespace ieum::recipe_test {

// "line:column code" of every finding, one a line.
inline std::string brief(const std::vector<recipe::Finding>& findings) {
  std::string text;
  for (const recipe::Finding& finding : findings)
    text += std::to_string(finding.place.line) + ":" + std::to_string(finding.place.column) + " " + finding.code + "\n";
  return text;
}

inline std::string full(const std::vector<recipe::Finding>& findings) {
  std::string text;
  for (const recipe::Finding& finding : findings) text += recipe::finding_text("r.yaml", finding) + "\n";
  return text;
}

inline recipe::ReadOutcome yaml(std::string_view text) { return recipe::read_recipe(text, recipe::Format::yaml); }
inline recipe::ReadOutcome json(std::string_view text) { return recipe::read_recipe(text, recipe::Format::json); }

// A recipe whose first three lines are good: what is added begins on line 4.
inline std::string with_head(std::string_view rest) {
  return "recipe: r\ntrigger: {event: order_created}\nsteps: [{stop: done}]\n" + std::string(rest);
}
// A recipe whose steps begin on line 4.
inline std::string with_steps(std::string_view steps) {
  return "recipe: r\ntrigger: {event: order_created}\nsteps:\n" + std::string(steps);
}

// What a first recipe has.
inline constexpr std::string_view kWhole = R"(# 주석도 있다
recipe: cart-rescue
title: 장바구니 이탈
timezone: Asia/Seoul
about: {email: event.email, phone: event.phone}   # whose run
trigger:
  event: checkout_started
  connection: shop
  where: 'dec(event.total) >= 50000 && event.tag != "a #b"'
entry: {mode: after_exit, key: event.token, cap: {max: 1, per: 7d}}
exit_on: [{event: order_created, where: 'event.token == trigger.token'}]
topic: promo
on_doubt: skip
steps:
  - wait: 30m
  - id: remind
    use: kakao.alimtalk.send
    connection: kakao
    class: info
    expires: 12h
    with: {to: "{{ customer.phone }}", variables: {고객명: "{{ customer.first_name | or('고객') }}"}, n: 3, yes_no: true}
    retry: {for: 6h, first: 10s, cap: 30m}
    on_doubt: wait
    on_error:
      - use: slack.message.post
        with: {channel: "#cs", text: "실패: {{ error.message }}"}
  - if: 'steps.remind.status == "done"'
    then:
      - set: {count: "{{ 1 + 2 }}", who: 민지}
    else:
      - stop: failed
  - wait: {days: 1, at: "10:00"}
  - wait: {until: 'trigger.date'}
  - stop: {reason: end}
tests:
  - name: pays, so nothing is sent
    expect: {sent: []}
)";

// The verbs and keys that kWhole does not have.
inline constexpr std::string_view kJourney = R"(recipe: journey
title: 여정
about: {email: event.email}
trigger:
  event: checkout_started
  absent: {event: order_created, within: 30m, debounce: false, match: {event.checkout_token: trigger.token}}
  max_late: 24h
keep_while: 'customer.city != "부산"'
goal: {event: order_created, within: 7d, value: 'dec(event.total)'}
retry: {for: 6h, first: 10s}
on_error: [{stop: failed}]
steps:
  - wait: {until: 'trigger.date', offset: -1d, timezone: customer}
  - wait: {window: {from: "09:00", to: "20:00", days: [mon, tue]}}
  - id: clicked
    wait_for:
      - {event: link_clicked, step: push, then: [{wait: 1m}]}
      - {event: order_created, where: 'event.id == "가"', then: []}
    timeout: {days: 1, at: "10:00"}
    on_timeout: [{set: {late: true}}]
  - switch:
      - {if: 'steps.clicked.timed_out', then: [{wait: 1m}]}
      - {else: [{stop: 끝}]}
  - for_each: 'trigger.items'
    as: line
    max: 10
    on_item_error: stop
    do:
      - repeat: {max: 5, every: 48h, until: 'vars.late'}
        do: [{wait: 1m}]
  - split: benefit
    variants:
      - {id: a, weight: 45, do: [{wait: 1m}]}
      - {id: control, weight: 10}
)";

}  // namespace ieum::recipe_test
