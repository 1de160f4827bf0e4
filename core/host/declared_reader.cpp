#include "host/declared_reader.hpp"

#include <algorithm>

namespace ieum::host {
namespace {

constexpr std::size_t kStepsMax = 5;

using Roots = std::set<std::string, std::less<>>;

const Roots kAsking = {"inputs", "config", "resources", "step_key", "now", "page"};

Roots with(Roots roots, std::initializer_list<const char*> more) {
  for (const char* name : more) roots.insert(name);
  return roots;
}

Roots answered(Roots roots) { return with(std::move(roots), {"status", "headers", "body"}); }

// Has the keys of one section that only a declared operation or poll has.
bool declares(const YamlNode& node) {
  return std::any_of(node.members.begin(), node.members.end(), [](const YamlNode::Member& member) {
    return member.key == "request" || member.key == "steps" || member.key == "response" || member.key == "errors" ||
           member.key == "more" || member.key == "items" || member.key == "refuse";
  });
}

Outputs read_output(ManifestReader& reader, const YamlNode& map, const Sight& sight) {
  Outputs out;
  const YamlNode* node = map.member("output");
  if (node == nullptr || !reader.is_map(*node, "output")) return out;
  for (const auto& member : node->members) {
    if (auto parsed = read_expression(reader, member.value, sight)) out.emplace_back(member.key, std::move(*parsed));
  }
  return out;
}

DeclaredResponse read_response(ManifestReader& reader, const YamlNode& map, const Sight& sight, bool with_output) {
  DeclaredResponse out;
  const YamlNode* node = map.member("response");
  if (node == nullptr) return out;
  const bool known = with_output ? reader.keys(*node, "response", {"success", "format", "output"})
                                 : reader.keys(*node, "response", {"success", "format"});
  if (!known) return out;
  if (const YamlNode* success = node->member("success")) out.success = read_expression(reader, *success, sight);
  out.format = static_cast<DeclaredResponse::Format>(reader.choice(*node, "format", 0, {"json", "text", "none"}));
  if (with_output) out.output = read_output(reader, *node, sight);
  return out;
}

class Reader {
 public:
  Reader(ManifestReader& reader, const YamlNode& root, const Manifest& manifest)
      : reader_(reader), root_(root), manifest_(manifest) {}

  std::shared_ptr<const Declared> read() {
    auto out = std::make_shared<Declared>();
    if (const YamlNode* base = root_.member("base")) {
      out->base = read_template(reader_, *base, sight({"config"}, nullptr));
      const bool whole = out->base && (out->base->text().starts_with("{{") || out->base->text().starts_with("http"));
      if (out->base && !whole)
        reader_.fail(*base, "bad_manifest", "base is an address", "for example \"{{ config.base_url }}/v1\"");
    }
    out->errors = read_errors(reader_, root_, sight(answered(with(kAsking, {"steps", "began"})), nullptr));
    if (const YamlNode* operations = root_.member("operations"))
      for (const auto& member : operations->members)
        if (declares(member.value)) out->operations.emplace(member.key, operation(member, *out));
    if (const YamlNode* polls = root_.member("polls"))
      for (const auto& member : polls->members)
        if (declares(member.value)) read_poll(member, *out);
    const YamlNode* webhook = root_.member("webhook");
    if (webhook != nullptr && webhook->member("items") != nullptr)
      out->deliveries = items(*webhook, sight(with({"config", "now"}, {"headers", "body", "topic"}), nullptr));
    return out;
  }

 private:
  [[nodiscard]] Sight sight(Roots roots, const Operation* operation) const {
    Sight out;
    out.roots = std::move(roots);
    out.manifest = &manifest_;
    if (operation != nullptr && !operation->open_inputs) out.inputs = &operation->inputs;
    return out;
  }

  Exchange exchange(const YamlNode& node, const Sight& asking, bool with_output, const Declared& declared) {
    Exchange out;
    Sight after = asking;
    after.roots = answered(after.roots);
    if (const YamlNode* request = node.member("request"))
      out.request = read_request(reader_, *request, asking, declared.base.has_value());
    out.response = read_response(reader_, node, after, with_output);
    out.errors = read_errors(reader_, node, after);
    return out;
  }

  DeclaredOperation operation(const YamlNode::Member& member, const Declared& declared) {
    DeclaredOperation out;
    const YamlNode& node = member.value;
    const Operation* known = manifest_.operation(member.key);
    Sight asking = sight(with(kAsking, {"began", "steps"}), known);
    const YamlNode* steps = node.member("steps");
    if ((steps == nullptr) == (node.member("request") == nullptr)) {
      reader_.fail(node, "missing_key", member.key + " has either request or steps");
      return out;
    }
    out.refusals = read_refusals(reader_, node, sight({"inputs", "config", "now"}, known));
    if (steps != nullptr) {
      read_steps(node, *steps, std::move(asking), declared, out);
      return out;
    }
    out.steps.push_back(exchange(node, asking, true, declared));
    Sight after = asking;
    after.roots = answered(after.roots);
    if (const YamlNode* more = node.member("more")) out.more = read_expression(reader_, *more, after);
    return out;
  }

  void read_steps(const YamlNode& node, const YamlNode& list, Sight asking, const Declared& declared,
                  DeclaredOperation& out) {
    for (const char* key : {"errors", "more"}) {
      if (const YamlNode* other = node.member(key))
        reader_.fail(*other, "bad_manifest", std::string(key) + " belongs to a request, not beside steps");
    }
    if (!reader_.is_list(list, "steps")) return;
    if (list.items.empty() || list.items.size() > kStepsMax)
      reader_.fail(list, "bad_manifest", "steps are one to five requests", "what needs more is a module");
    for (const YamlNode& item : list.items) {
      if (!reader_.keys(item, "a step", {"name", "when", "request", "response", "errors"})) continue;
      const std::string name = reader_.required_text(item, "name");
      if (item.member("request") == nullptr) reader_.fail(item, "missing_key", "a step has a request");
      Exchange step = exchange(item, asking, true, declared);
      step.name = name;
      if (const YamlNode* when = item.member("when")) step.when = read_expression(reader_, *when, asking);
      if (!asking.steps.insert(name).second) reader_.fail(item, "bad_manifest", "two steps are named \"" + name + "\"");
      out.steps.push_back(std::move(step));
    }
    if (const YamlNode* response = node.member("response");
        response != nullptr && reader_.keys(*response, "response beside steps", {"output"}))
      out.output = read_output(reader_, *response, asking);
  }

  DeclaredItems items(const YamlNode& node, const Sight& around) {
    Sight of = around;
    of.roots.insert("item");
    auto list = read_expression(reader_, *node.member("items"), around);
    DeclaredItems out{list ? std::move(*list) : *expr::Expression::parse("[]"), {}, {}, {}};
    if (const YamlNode* key = node.member("key")) out.key = read_expression(reader_, *key, of);
    if (const YamlNode* data = node.member("data")) out.data = read_expression(reader_, *data, of);
    if (const YamlNode* event = node.member("event")) {
      out.event = read_template(reader_, *event, of);
      if (out.event && out.event->is_literal() && manifest_.event(out.event->text()) == nullptr)
        reader_.fail(*event, "bad_manifest", "there is no event \"" + out.event->text() + "\"",
                     "name a topic of `events`");
    }
    return out;
  }

  void read_poll(const YamlNode::Member& member, Declared& out) {
    const YamlNode& node = member.value;
    for (const char* key : {"request", "items"}) {
      if (node.member(key) != nullptr) continue;
      reader_.fail(node, "missing_key", "the poll " + member.key + " has no " + key);
      return;
    }
    if (manifest_.operation(member.key) != nullptr)
      reader_.fail(member.line, member.column, "bad_manifest",
                   "a poll and an operation are both named \"" + member.key + "\"");
    static const std::vector<Field> item = [] {
      Field field;
      field.name = "item";
      return std::vector<Field>{field};
    }();
    Sight asking = sight(with({"inputs", "config", "now"}, {"since", "page"}), nullptr);
    asking.inputs = &item;
    Sight after = asking;
    after.roots = answered(after.roots);
    Exchange one = exchange(node, asking, false, out);
    if (one.request.method != "GET" && one.request.method != "POST")
      reader_.fail(*node.member("request"), "bad_manifest", "a poll asks with GET or POST");
    DeclaredPoll poll{std::move(one), items(node, after), {}, read_cursor(node, after), {}};
    if (const YamlNode* more = node.member("more")) poll.more = read_expression(reader_, *more, after);
    if (const YamlNode* events = node.member("events"); events != nullptr && !events->items.empty())
      poll.event = reader_.as_text(events->items.front(), "an event");
    out.polls.emplace(member.key, std::move(poll));
  }

  DeclaredCursor read_cursor(const YamlNode& node, const Sight& after) {
    DeclaredCursor out;
    const YamlNode* cursor = node.member("cursor");
    if (cursor == nullptr) {
      reader_.fail(node, "missing_key", "a poll has a cursor", "for example cursor: {kind: time, at: item.created_at}");
      return out;
    }
    if (!reader_.keys(*cursor, "a cursor", {"kind", "at", "next", "overlap"})) return out;
    reader_.required_text(*cursor, "kind");
    out.kind = static_cast<DeclaredCursor::Kind>(reader_.choice(*cursor, "kind", 0, {"time", "id", "token"}));
    Sight of = after;
    of.roots.insert("item");
    const YamlNode* at = cursor->member("at");
    const YamlNode* next = cursor->member("next");
    if (at != nullptr) out.at = read_expression(reader_, *at, of);
    if (next != nullptr) out.next = read_expression(reader_, *next, after);
    const bool token = out.kind == DeclaredCursor::Kind::token;
    if (token != (next != nullptr) || (token && at != nullptr))
      reader_.fail(*cursor, "bad_manifest", "a cursor of kind token has `next`, the others have `at`");
    if (out.kind == DeclaredCursor::Kind::id && at == nullptr)
      reader_.fail(*cursor, "missing_key", "a cursor of kind id has `at`", "for example at: item.id");
    out.overlap_for = reader_.duration(*cursor, "overlap", 0);
    if (out.overlap_for > 0 && out.kind != DeclaredCursor::Kind::time)
      reader_.fail(*cursor, "bad_manifest", "only a cursor of kind time has an overlap");
    return out;
  }

  ManifestReader& reader_;
  const YamlNode& root_;
  const Manifest& manifest_;
};

}  // namespace

std::shared_ptr<const Declared> read_declared(ManifestReader& reader, const YamlNode& root, const Manifest& manifest) {
  return Reader(reader, root, manifest).read();
}

}  // namespace ieum::host
