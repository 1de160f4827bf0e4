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

// The JSON text of a call, member by member.
class Envelope {
 public:
  explicit Envelope(std::size_t bytes) { text_.reserve(bytes); }
  void add(std::string_view name, const Value& value) {
    begin(name);
    append_json(text_, value);
  }
  void add_map(std::string_view name, const Value& value) {
    begin(name);
    if (value.is_map())
      append_json(text_, value);
    else
      text_ += "{}";
  }
  void add_json(std::string_view name, std::string_view json) {
    begin(name);
    text_ += json;
  }
  std::string end() {
    text_ += '}';
    return std::move(text_);
  }

 private:
  void begin(std::string_view name) {
    text_ += text_.empty() ? "{\"" : ",\"";
    text_ += name;
    text_ += "\":";
  }
  std::string text_;
};

std::string call_envelope(const Call& call) {
  Envelope out(call.inputs_json.size() + 512);
  out.add("phase", phase_name(call.phase));
  if (call.phase == Phase::webhook) {
    out.add("topic", call.topic);
    out.add_map("headers", call.headers);
  } else {
    out.add("operation", call.operation);
    if (call.inputs_json.starts_with('{'))
      out.add_json("inputs", call.inputs_json);
    else
      out.add_map("inputs", call.inputs);
  }
  const bool action = call.phase == Phase::begin || call.phase == Phase::resume;
  if (action && call.resources.is_map()) out.add("resources", call.resources);
  out.add_map("connection", call.connection);
  const bool reconciles = call.phase == Phase::begin && !call.state.is_null();
  if (reconciles || call.phase == Phase::resume || call.phase == Phase::poll) out.add("state", call.state);
  if (call.phase == Phase::resume) out.add("outcome", call.outcome);
  out.add("now_ms", call.now_ms);
  if (action) out.add("step_key", call.step_key);
  return out.end();
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
