// HTTP: calls any address. What the author says about repeating decides the safety of each call.
//
// Every call that is no GET or HEAD carries Idempotency-Key: <step key>, the same on each attempt. Numbers with a fraction
// in `json` and in the answer pass as doubles; money that needs its digits goes as text.
#include "ieum/module.hpp"
#include "answer.hpp"
#include "request.hpp"

namespace http_connector {

namespace {

ieum::Effect step(const ieum::Call& call) {
  const std::string operation = call.operation();
  if (operation == "request") {
    if (call.phase() == ieum::Phase::begin) return make_request(call);
    if (call.phase() == ieum::Phase::resume) return read_answer(call);
  }
  return ieum::fail(ieum::Kind::permanent, "unknown_operation", "http has no operation '" + operation + "'");
}

}  // namespace

}  // namespace http_connector

IEUM_CONNECTOR(http_connector::step)
