// A module that answers exactly what its inputs say, how often they say: for every rule that the host checks.
#include <stdexcept>

#include "ieum/connector.h"
#include "ieum/json.hpp"

namespace {

void step(const ieum_call* call, const ieum_sink* sink) {
  const auto envelope = ieum::parse_json({call->envelope.data, call->envelope.size});
  if (ieum::text_at(envelope, "operation") == "throw.across") throw std::runtime_error("across the border");
  // A delivery carries its own answer; an operation has it in its inputs.
  const bool webhook = ieum::text_at(envelope, "phase") == "webhook";
  const std::string answer =
      webhook ? ieum::text_at(envelope, "headers.x-answer") : ieum::text_at(envelope, "inputs.answer");
  const std::string body = ieum::text_at(envelope, "inputs.body");
  const std::string echoed(call->envelope.data, call->envelope.size);
  const std::string out =
      answer == "ENVELOPE" ? ieum::to_json({{"effect", "done"}, {"output", {{"envelope", echoed}}}}) : answer;
  const auto times = ieum::int_at(envelope, "inputs.times").value_or(1);
  for (std::int64_t i = 0; i < times; ++i)
    sink->effect(sink->context, {out.data(), out.size()}, {body.data(), body.size()});
}

const ieum_connector connector = {sizeof(ieum_connector), IEUM_CONNECTOR_ABI, &step};

}  // namespace

extern "C" __attribute__((visibility("default"))) const ieum_connector* ieum_connector_v1(void) { return &connector; }
