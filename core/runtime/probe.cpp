#include "runtime/probe.hpp"

#include "runtime/talk.hpp"

namespace ieum::runtime {

void probe(Context& context, std::shared_ptr<const LiveConnection> connection, const std::string& operation,
           Value inputs, std::function<void(Result<Value>)> done) {
  TalkCall begin{std::move(connection), {}};
  begin.call.operation = operation;
  begin.call.inputs = std::move(inputs);
  begin.call.now_ms = context.now();
  begin.call.step_key = "probe";
  begin.by_person = true;
  begin.first_counted = false;
  const Id id = begin.connection->row.id;
  talk(context, std::move(begin), [&context, id, done = std::move(done)](host::Effect effect) {
    if (auto* end = std::get_if<host::DoneEffect>(&effect)) return done(std::move(end->output));
    const auto* fail = std::get_if<host::FailEffect>(&effect);
    if (fail == nullptr) return done(Error("module_answer", "the connector told events where an end was asked"));
    // What was never entered is no dead credential: other calls of the connection may do without it.
    const bool dead = fail->kind == host::FailKind::auth_dead && fail->code != "missing_credential";
    if (dead && context.connection_died) context.connection_died(id, fail->message);
    done(
        Error(fail->code, fail->message, fail->kind == host::FailKind::auth_dead ? "enter the credentials again" : ""));
  });
}

}  // namespace ieum::runtime
