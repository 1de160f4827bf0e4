#include "server/message_view.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "server/api.hpp"
#include "server/run_view.hpp"

namespace ieum::server {
namespace {

// #{name} becomes the variable of that name; one that is not there stays.
std::string filled(const std::string& text, const Value& variables) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto open = text.find("#{", at);
    const auto close = open == std::string::npos ? open : text.find('}', open);
    out.append(text, at, open - at);
    if (close == std::string::npos) break;
    const auto name = text.substr(open + 2, close - open - 2);
    const auto* value = variables.get(name);
    out += value == nullptr     ? text.substr(open, close - open + 1)
           : value->is_string() ? *value->if_string()
                                : write_json(*value);
    at = close + 1;
  }
  return out;
}

// A step that names no connection uses the one that is called as its connector.
std::string connection_of(const recipe::Graph& graph, const trial::Sent& sent) {
  const auto node =
      std::find_if(graph.nodes.begin(), graph.nodes.end(), [&](const auto& n) { return n.id == sent.step; });
  return node == graph.nodes.end() || node->connection.empty() ? sent.use.substr(0, sent.use.find('.'))
                                                               : node->connection;
}

Result<std::string> template_text(store::Reader& reader, const host::Operation& operation,
                                  const std::string& connection, const Value& inputs) {
  const auto* list = operation.input(operation.template_input);
  const auto key = inputs.text(operation.template_input);
  if (list == nullptr || key.empty()) return std::string();
  IEUM_TRY(const auto rows, reader.connections());
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const auto& one) { return one.name == connection; });
  if (row == rows.end()) return std::string();
  IEUM_TRY(const auto item, reader.resource(row->id, list->resource, key));
  if (!item) return std::string();
  const auto data = parse_json(item->data);
  if (data.has_error()) return std::string();
  const auto* variables = inputs.get(operation.variables_input);
  return filled(data->text("text"), variables == nullptr ? Value(Map{}) : *variables);
}

}  // namespace

Result<std::optional<Value>> message_view(Api& api, store::Reader& reader, const recipe::Graph& graph,
                                          const trial::Sent& sent) {
  const auto dot = sent.use.find('.');
  const auto* connector = api.parts.connectors.find(sent.use.substr(0, dot));
  const auto* operation = connector == nullptr ? nullptr : connector->manifest().operation(sent.use.substr(dot + 1));
  if (operation == nullptr || operation->reaches == host::Reaches::system) return std::optional<Value>();
  const auto input = [&](const std::string& name) { return name.empty() ? std::string() : sent.inputs.text(name); };
  std::string text = input(operation->text_input);
  if (text.empty() && !operation->template_input.empty()) {
    IEUM_TRY(text, template_text(reader, *operation, connection_of(graph, sent), sent.inputs));
  }
  return std::optional<Value>(
      Map{{"at_ms", sent.at_ms},
          {"run", sent.run},
          {"step", sent.step},
          {"use", sent.use},
          {"reaches", reaches_word(operation->reaches)},
          {"channel", operation->channel.empty() ? sent.use.substr(0, dot) : operation->channel},
          {"to", sent.to},
          {"title", input(operation->subject_input)},
          {"text", std::move(text)},
          {"inputs", sent.inputs},
          {"request", sent.request}});
}

}  // namespace ieum::server
