#include "host/module_connector.hpp"

#include <exception>

#include "base/json.hpp"
#include "host/effect_reader.hpp"
#include "host/module_file.hpp"

namespace ieum::host {
namespace {

constexpr std::size_t kEnvelopeMax = 16u << 20;
constexpr std::size_t kBodyMax = 32u << 20;

const char* phase_name(Phase phase) {
  switch (phase) {
    case Phase::begin: return "begin";
    case Phase::resume: return "resume";
    case Phase::webhook: return "webhook";
    case Phase::poll: return "poll";
  }
  return "";
}

Value map_or_empty(const Value& value) { return value.is_map() ? value : Value(Map()); }

std::string call_envelope(const Call& call) {
  Map out;
  out.set("phase", phase_name(call.phase));
  if (call.phase == Phase::webhook) {
    out.set("topic", call.topic);
    out.set("headers", map_or_empty(call.headers));
  } else {
    out.set("operation", call.operation);
  }
  const bool action = call.phase == Phase::begin || call.phase == Phase::resume;
  if (call.phase != Phase::webhook) out.set("inputs", map_or_empty(call.inputs));
  if (action && call.resources.is_map()) out.set("resources", call.resources);
  out.set("connection", map_or_empty(call.connection));
  const bool reconciles = call.phase == Phase::begin && !call.state.is_null();
  if (reconciles || call.phase == Phase::resume || call.phase == Phase::poll) out.set("state", call.state);
  if (call.phase == Phase::resume) out.set("outcome", call.outcome);
  out.set("now_ms", call.now_ms);
  if (action) out.set("step_key", call.step_key);
  return write_json(Value(std::move(out)));
}

// What the module hands over during one call.
struct Answer {
  int count = 0;
  bool too_large = false, lost = false;
  std::string envelope, body;
};

extern "C" void take_effect(void* context, ieum_bytes envelope, ieum_bytes body) {
  auto& answer = *static_cast<Answer*>(context);
  ++answer.count;
  if (answer.count > 1) return;
  if (envelope.size > kEnvelopeMax || body.size > kBodyMax) {
    answer.too_large = true;
    return;
  }
  try {
    if (envelope.data != nullptr) answer.envelope.assign(envelope.data, envelope.size);
    if (body.data != nullptr) answer.body.assign(body.data, body.size);
  } catch (const std::exception&) {  // out of memory must not unwind through the module
    answer.lost = true;
  }
}

class Observed {
 public:
  Observed(CallObserver* observer, const std::string& connector, Phase phase) : observer_(observer) {
    if (observer_ != nullptr) observer_->entering(connector, phase_name(phase));
  }
  ~Observed() {
    if (observer_ != nullptr) observer_->left();
  }
  Observed(const Observed&) = delete;
  Observed& operator=(const Observed&) = delete;

 private:
  CallObserver* observer_;
};

FailEffect broken(const std::string& connector, std::string code, const std::string& cause) {
  return {FailKind::broken, std::move(code), "connector " + connector + ": " + cause, std::nullopt};
}

class ModuleConnector final : public Connector {
 public:
  ModuleConnector(Manifest manifest, std::unique_ptr<ModuleFile> module, CallObserver* observer)
      : manifest_(std::move(manifest)), module_(std::move(module)), observer_(observer) {}

  [[nodiscard]] const Manifest& manifest() const override { return manifest_; }

  [[nodiscard]] Effect step(const Call& call) const override {
    const std::string envelope = call_envelope(call);
    const ieum_call raw{sizeof(ieum_call), {envelope.data(), envelope.size()}, {call.body.data(), call.body.size()}};
    Answer answer;
    const ieum_sink sink{sizeof(ieum_sink), &answer, &take_effect};
    try {
      const Observed observed(observer_, manifest_.name, call.phase);
      module_->connector().step(&raw, &sink);
    } catch (...) {  // a module that breaks the ABI's no-throw rule
      return broken(manifest_.name, "module_threw", "the module threw an exception across the border");
    }
    if (answer.count == 0) return broken(manifest_.name, "bad_effect", "the module answered nothing");
    if (answer.count > 1)
      return broken(manifest_.name, "bad_effect", "the module answered " + std::to_string(answer.count) + " times");
    if (answer.too_large)
      return broken(manifest_.name, "bad_effect", "the answer is larger than 16 MiB, or its body than 32 MiB");
    if (answer.lost) return broken(manifest_.name, "bad_effect", "there was no memory for the answer");
    auto effect = read_effect(manifest_, call, answer.envelope, std::move(answer.body));
    if (effect.has_error()) return broken(manifest_.name, effect.error().code, effect.error().what);
    return std::move(*effect);
  }

 private:
  Manifest manifest_;
  std::unique_ptr<ModuleFile> module_;
  CallObserver* observer_;
};

}  // namespace

std::unique_ptr<Connector> module_connector(Manifest manifest, std::unique_ptr<ModuleFile> module,
                                            CallObserver* observer) {
  return std::make_unique<ModuleConnector>(std::move(manifest), std::move(module), observer);
}

}  // namespace ieum::host
