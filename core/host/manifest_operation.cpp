// One entry of a manifest's `operations`.
#include <algorithm>

#include "host/manifest_reader.hpp"

namespace ieum::host {
namespace {

void want_input(ManifestReader& reader, const YamlNode& node, const Operation& operation, std::string_view key,
                const std::string& input) {
  if (input.empty()) return;
  if (operation.input(input) == nullptr) {
    reader.fail(*node.member(key), "bad_manifest", operation.name + " has no input \"" + input + "\"",
                "name one of its inputs");
  }
}

void read_label(ManifestReader& reader, const YamlNode& node, Operation& out) {
  if (node.member("label") == nullptr) {
    reader.fail(node, "missing_key", out.name + " carries ads, but does not say where their label belongs",
                "add label: subject, text, approved, or vendor when the vendor puts it there");
    return;
  }
  out.label = static_cast<AdLabel>(reader.choice(node, "label", 0, {"vendor", "subject", "text", "approved"}));
  const bool lacking = (out.label == AdLabel::subject && out.subject_input.empty()) ||
                       ((out.label == AdLabel::text || out.label == AdLabel::approved) && out.text_input.empty());
  if (lacking)
    reader.fail(*node.member("label"), "bad_manifest", out.name + " names no input that the label could stand in",
                "add subject or text");
}

void read_reach(ManifestReader& reader, const YamlNode& node, Operation& out) {
  out.reaches = static_cast<Reaches>(reader.choice(node, "reaches", 0, {"system", "team", "customer"}));
  if (out.reaches != Reaches::customer) {
    for (const char* key : {"channel", "classes", "address", "subject", "text", "text_format", "ad_flag", "label",
                            "template", "variables", "opt_out", "links"}) {
      if (node.member(key) == nullptr) continue;
      reader.fail(*node.member(key), "bad_manifest", std::string(key) + " is only for operations that reach a customer",
                  "add reaches: customer, or delete it");
    }
    return;
  }
  out.channel = reader.required_text(node, "channel");
  for (auto& name : reader.texts(node, "classes")) {
    if (name != "ad" && name != "info")
      reader.fail(*node.member("classes"), "bad_manifest", "\"" + name + "\" is no class", "known are ad, info");
    out.classes.insert(std::move(name));
  }
  if (out.classes.empty()) {
    reader.fail(node, "missing_key", out.name + " reaches a customer, but says no classes",
                "add classes: [info], [ad] or both");
  }
  out.address_input = reader.required_text(node, "address");
  out.subject_input = reader.text(node, "subject");
  out.text_input = reader.text(node, "text");
  out.ad_flag_input = reader.text(node, "ad_flag");
  out.text_is_html = reader.choice(node, "text_format", 0, {"plain", "html"}) == 1;
  if (out.classes.contains("ad")) read_label(reader, node, out);
  want_input(reader, node, out, "address", out.address_input);
  want_input(reader, node, out, "subject", out.subject_input);
  want_input(reader, node, out, "text", out.text_input);
  want_input(reader, node, out, "ad_flag", out.ad_flag_input);
  out.opt_out_input = reader.text(node, "opt_out");
  want_input(reader, node, out, "opt_out", out.opt_out_input);
  out.link_inputs = reader.texts(node, "links");
  for (const auto& input : out.link_inputs) want_input(reader, node, out, "links", input);
  out.template_input = reader.text(node, "template");
  out.variables_input = reader.text(node, "variables");
  want_input(reader, node, out, "template", out.template_input);
  want_input(reader, node, out, "variables", out.variables_input);
  if (out.template_input.empty()) return;
  const auto* list = out.input(out.template_input);
  if (list != nullptr && list->resource.empty())
    reader.fail(*node.member("template"), "bad_manifest", "the input \"" + list->name + "\" names no item of a list",
                "give the input its resource");
}

// `causes`: topics, or maps that say when. Whether there is such an event is known when the whole manifest is read.
void read_causes(ManifestReader& reader, const YamlNode& node, Operation& out) {
  const YamlNode* causes = node.member("causes");
  if (causes == nullptr || !reader.is_list(*causes, "causes")) return;
  for (const YamlNode& item : causes->items) {
    CausedEvent cause;
    if (item.kind != YamlNode::Kind::map) {
      cause.topic = reader.as_text(item, "an event of causes");
    } else if (reader.keys(item, "an entry of causes", {"event", "when", "mark"})) {
      cause.topic = reader.required_text(item, "event");
      cause.mark = reader.text(item, "mark");
      if (const YamlNode* when = item.member("when"); when != nullptr && reader.is_map(*when, "when")) {
        if (when->members.size() != 1) reader.fail(*when, "bad_manifest", "when names one input and its value");
        for (const auto& member : when->members) {
          cause.when_input = member.key;
          cause.when_value = reader.as_text(member.value, member.key);
        }
        want_input(reader, item, out, "when", cause.when_input);
      }
    }
    out.causes.push_back(std::move(cause));
  }
}

}  // namespace

Operation read_operation(ManifestReader& reader, const std::string& name, const YamlNode& node) {
  Operation out;
  out.name = name;
  if (!reader.keys(node, "an operation",
                   {"title",    "help",     "inputs",  "outputs", "open_inputs", "request",
                    "response", "errors",   "more",    "steps",   "safety",      "reconcile",
                    "reaches",  "channel",  "classes", "address", "subject",     "reconcile_after",
                    "text",     "ad_flag",  "causes",  "label",   "text_format", "capture",
                    "internal", "verified", "sample",  "refuse",  "template",    "variables",
                    "opt_out",  "links"})) {
    return out;
  }
  out.title = reader.local(node, "title", true, name);
  out.help = reader.local(node, "help", true, name);
  out.inputs = reader.fields(node, "inputs", true, false, name);
  out.outputs = reader.fields(node, "outputs", false, false, name);
  out.open_inputs = reader.flag(node, "open_inputs", false);
  if (node.member("safety") == nullptr) {
    reader.fail(node, "missing_key", name + " does not say its safety", "safe, idempotent, keyed, natural or unsafe");
  }
  out.safety =
      static_cast<Safety>(reader.choice(node, "safety", 4, {"safe", "idempotent", "keyed", "natural", "unsafe"}));
  out.reconcile = reader.text(node, "reconcile");
  out.reconcile_after_for = reader.duration(node, "reconcile_after", out.reconcile_after_for);
  if (out.safety == Safety::unsafe && out.reconcile.empty()) {
    reader.warn(node, "unreconciled",
                name + " is unsafe and has no reconcile: after a lost answer it waits for a person",
                "name an operation that finds out whether it happened, or write reconcile: none");
  }
  if (out.reconcile == "none") out.reconcile.clear();
  read_reach(reader, node, out);
  read_causes(reader, node, out);
  if (const YamlNode* capture = node.member("capture");
      capture != nullptr && reader.keys(*capture, "capture", {"slot", "at"})) {
    out.capture = Capture{reader.required_text(*capture, "slot"), reader.required_text(*capture, "at")};
  }
  out.internal = reader.flag(node, "internal", false);
  out.verified = reader.flag(node, "verified", true);
  const YamlNode* sample = node.member("sample");
  if (sample != nullptr && reader.keys(*sample, "sample", {"inputs", "output"})) {
    if (const YamlNode* inputs = sample->member("inputs")) out.sample_inputs = reader.sample(*inputs);
    if (const YamlNode* output = sample->member("output")) out.sample_output = reader.sample(*output);
  }
  if (sample == nullptr || sample->member("inputs") == nullptr || sample->member("output") == nullptr) {
    reader.warn(node, "missing_sample", name + " has no sample of inputs and output",
                "add sample: {inputs: ..., output: ...}");
  }
  return out;
}

}  // namespace ieum::host
