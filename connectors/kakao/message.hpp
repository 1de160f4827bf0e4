// From the inputs of a step to a message that may be sent: numbers, templates, lengths, night. Pure.
#pragma once
#include <optional>
#include <string_view>

#include "dealers.hpp"

namespace kakao {

struct Outgoing {
  Message message;
  std::optional<ieum::Effect> refusal;  // then nothing is sent
};

Product product_of(std::string_view operation);  // "sms.send", "sms.find" -> sms
Outgoing read_message(const ieum::Call& call, Product product);
Handle read_handle(const ieum::Call& call);

}  // namespace kakao
