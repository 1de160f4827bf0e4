// A module written with the C++ face, as connectors are: shows and proves what module.hpp does.
#include <stdexcept>

#include "ieum/module.hpp"

namespace {

ieum::Effect create(const ieum::Call& call) {
  if (call.phase() == ieum::Phase::begin) {
    return ieum::http("POST", call.config("base_url") + "/notes?key=" + ieum::percent_encode(call.step_key()))
        .header("X-Note", "1")
        .json({{"text", call.input("text")}, {"order_id", call.input_value("order_id")}, {"price", 62000.0}})
        .state({{"tries", 1}});
  }
  if (call.succeeded()) {
    return ieum::done(
        {{"id", *ieum::find(call.answer(), "note.id")}, {"tries", ieum::int_at(call.state(), "tries").value_or(0)}});
  }
  return ieum::http_failure(call, ieum::text_at(call.answer(), "error.message"));
}

ieum::Effect step(const ieum::Call& call) {
  if (call.phase() == ieum::Phase::webhook) {
    ieum::Events events;
    const auto* notes = ieum::find(call.answer(), "notes");
    const std::size_t count = notes != nullptr && notes->is_array() ? notes->get_array().size() : 0;
    for (std::size_t i = 0; i < count; ++i) events.at("note.created", "/notes/" + std::to_string(i));
    return events.data("note.batch", {{"count", count}, {"source", call.header("x-source")}});
  }
  if (call.phase() == ieum::Phase::poll)
    return ieum::events().cursor(ieum::int_at(call.state(), "seen").value_or(0) + 1).more();
  if (call.operation() == "note.create") return create(call);
  if (call.operation() == "note.find")
    return call.has_input("id") ? ieum::found({{"id", call.input("id")}}) : ieum::not_found();
  if (call.operation() == "note.later") return ieum::wait(call.now_ms() + 60'000, call.waited());
  if (call.operation() == "note.throw") throw std::runtime_error("넘어졌습니다");
  throw 7;
}

}  // namespace

IEUM_CONNECTOR(step)
