// RecipeReader: calls of connectors: use and retry.
#include "base/ids.hpp"
#include "recipe/recipe_reader.hpp"

namespace ieum::recipe {

Use RecipeReader::use(const Node& node, const std::string& id) {
  const Shape& known = shape("use");
  Use use;
  use.retry = default_retry_;
  for (const auto& [key, value] : node.members) {
    if (key.text == "use") operation(value, use);
    if (key.text == "connection") use.connection = name(value, "connection"), use.connection_place = value.place;
    if (key.text == "class") use.message_class = one_of(value, *known.find("class")), use.class_place = value.place;
    if (key.text == "reaches") use.reaches = one_of(value, *known.find("reaches")), use.reaches_place = value.place;
    if (key.text == "with") inputs(value, use);
    if (key.text == "expires") use.expires_for = some_time(value, "expires", "12h, or leave it out");
    if (key.text == "retry") use.retry = retry(value), use.retry_given = true, use.retry_place = key.place;
    if (key.text == "on_error") use.on_error = block(value, "on_error", id);
    if (key.text == "on_doubt") use.on_doubt = in_doubt(value), use.on_doubt_place = value.place;
  }
  if (node.find("with") == nullptr) {
    use.with_place = use.use_place;
    if (auto empty = expr::ValueTemplate::parse(Value(Map()))) use.with = std::move(*empty);
  }
  if (use.connection.empty()) use.connection = use.connector, use.connection_place = use.use_place;
  return use;
}

void RecipeReader::operation(const Node& node, Use& use) {
  use.use_place = node.place;
  const std::string written = text(node, "use");
  const std::size_t dot = written.find('.');
  use.connector = written.substr(0, dot);
  if (dot != std::string::npos) use.operation = written.substr(dot + 1);
  bool good = is_name(use.connector) && !use.operation.empty();
  for (const char c : use.operation)
    good = good && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.');
  if (!written.empty() && !good)
    findings_.error(node.place, "bad_operation", quoted(written) + " is no operation",
                    "write connector.operation, like slack.message.post");
}

void RecipeReader::inputs(const Node& node, Use& use) {
  use.with_place = node.place;
  if (node.kind != Node::Kind::map) {
    wrong_kind(node, "with", "a map of inputs", "write `with: {text: \"...\"}`");
    return;
  }
  for (const Member& input : node.members) {
    use.inputs.emplace_back(input.key.text, input.key.place);
    if (input.value.kind == Node::Kind::scalar && input.value.text.find("{{") == std::string::npos)
      use.literals.emplace(input.key.text, input.value.text);
  }
  if (auto read = value_template(node, "", use.uses, use.holes)) use.with = std::move(*read);
  use.written = node_value(node);
}

Retry RecipeReader::retry(const Node& node) {
  const Shape& known = shape("retry");
  Retry retry;
  if (!check_map(node, known)) return retry;
  for (const auto& [key, value] : node.members) {
    if (key.text == "for") retry.budget_for = duration(value, "for").value_or(retry.budget_for);
    if (key.text == "first") retry.first_for = duration(value, "first").value_or(retry.first_for);
    if (key.text == "cap") retry.cap_for = duration(value, "cap").value_or(retry.cap_for);
  }
  check_keys(node, known);
  if (retry.first_for < kSecond)
    findings_.error(node.place, "bad_retry", "the first pause is shorter than a second", "write `first: 10s`");
  // Who says only how long the first pause is, means the longest to be no shorter.
  if (retry.cap_for < retry.first_for) {
    if (node.find("cap") == nullptr)
      retry.cap_for = retry.first_for;
    else
      findings_.error(node.place, "bad_retry", "the longest pause (`cap`) is shorter than the first",
                      "make `cap` at least as long as `first`");
  }
  return retry;
}

}  // namespace ieum::recipe
