#include "runtime/resources.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "runtime/talk.hpp"

namespace ieum::runtime {
namespace {

constexpr Millis kJustRead = 10 * kSecond;   // a list so fresh is not read again for a key that is not in it
constexpr std::size_t kEntriesMax = 10'000;  // of one list
constexpr std::size_t kEntryBytes = 64 * 1024;

std::string key_of(const Value& inputs, const std::string& name) {
  const auto* value = inputs.get(name);
  if (value == nullptr || value->is_null()) return {};
  const auto* text = value->if_string();
  return text != nullptr ? *text : write_json(*value);
}

}  // namespace

struct Resources::Search {
  std::shared_ptr<const LiveConnection> connection;
  struct Wanted {
    const host::Resource* resource;  // of the manifest, which outlives it
    std::string key;
    bool read = false;
  };
  std::vector<Wanted> wanted;
  std::size_t at = 0;
  Map found;
  std::function<void(Found)> done;
};

bool Resources::asked(const host::Operation& operation) {
  return std::any_of(operation.inputs.begin(), operation.inputs.end(),
                     [](const host::Field& input) { return !input.resource.empty() && input.resource_strict; });
}

void Resources::find(std::shared_ptr<const LiveConnection> connection, const host::Operation& operation,
                     const Value& inputs, std::function<void(Found)> done) {
  auto search = std::make_shared<Search>();
  const auto& manifest = connection->connector->manifest();
  for (const auto& input : operation.inputs) {
    const auto* resource =
        input.resource.empty() || !input.resource_strict ? nullptr : manifest.resource(input.resource);
    if (resource == nullptr) continue;
    std::string key = key_of(inputs, input.name);
    if (context_.parts.rehearsal) continue;  // nobody asked the vendor: whether it has this is the vendor's to say
    if (key.empty()) {
      search->found.set(resource->name, Value());
      continue;
    }
    search->wanted.push_back({resource, std::move(key)});
  }
  search->connection = std::move(connection);
  search->done = std::move(done);
  next(std::move(search));
}

void Resources::next(std::shared_ptr<Search> search) {
  if (search->at == search->wanted.size()) return search->done(Value(std::move(search->found)));
  auto& wanted = search->wanted[search->at];
  const auto& name = wanted.resource->name;
  const Id id = search->connection->row.id;
  const auto retry = [&](const Error& error) {
    search->done(host::FailEffect{host::FailKind::retry, error.code, error.text(), {}});
  };
  const auto fetched = context_.reader->resources_fetched(id, name);
  if (fetched.has_error()) return retry(fetched.error());
  const auto row = context_.reader->resource(id, name, wanted.key);
  if (row.has_error()) return retry(row.error());
  const Millis age = *fetched ? std::max<Millis>(0, context_.now() - **fetched) : INT64_MAX;
  const bool good = *row ? age <= wanted.resource->every_for : age <= kJustRead;
  if (good || wanted.read) {
    auto entry = *row ? parse_json((*row)->data) : Result<Value>(Value());
    if (entry.has_error()) return retry(entry.error());
    search->found.set(name, std::move(*entry));
    ++search->at;
    return next(std::move(search));
  }
  read_again(search->connection, *wanted.resource,
             [this, search, known = row->has_value()](std::optional<host::FailEffect> fail) {
               // An older copy of the entry is better than none; that there is none such is only known from the vendor.
               if (fail && !known) return search->done(std::move(*fail));
               search->wanted[search->at].read = true;
               next(search);
             });
}

void Resources::read_again(const std::shared_ptr<const LiveConnection>& connection, const host::Resource& resource,
                           std::function<void(std::optional<host::FailEffect>)> done) {
  auto& waiting = waiting_[{connection->row.id, resource.name}];
  waiting.push_back(std::move(done));
  if (waiting.size() > 1) return;
  TalkCall begin{connection, {}};
  begin.call.operation = resource.list;
  begin.call.inputs = Map{};
  begin.call.now_ms = context_.now();
  begin.call.step_key = "list";
  begin.requests_max = 50;  // a list comes in pages
  begin.first_counted = false;
  talk(context_, std::move(begin),
       [this, connection, &resource](host::Effect effect) { store(connection, resource, std::move(effect)); });
}

void Resources::store(const std::shared_ptr<const LiveConnection>& connection, const host::Resource& resource,
                      host::Effect effect) {
  const ListKey key{connection->row.id, resource.name};
  const auto tell = [this, key](const std::optional<host::FailEffect>& fail) {
    auto waiting = std::move(waiting_[key]);
    waiting_.erase(key);
    for (auto& one : waiting) one(fail);
  };
  const auto* end = std::get_if<host::DoneEffect>(&effect);
  const auto* items = end == nullptr ? nullptr : end->output.get("items");
  if (items == nullptr || items->if_list() == nullptr || items->if_list()->size() > kEntriesMax) {
    if (auto* fail = std::get_if<host::FailEffect>(&effect)) {
      context_.parts.log.warning(
          "a vendor's list cannot be read; the copy that is there is used",
          {{"connection", connection->row.name}, {"list", resource.name}, {"why", fail->message}});
      return tell(*fail);
    }
    return tell(host::FailEffect{host::FailKind::broken,
                                 "module_answer",
                                 "the connector's list \"" + resource.name + "\" is none, or longer than 10,000",
                                 {}});
  }
  store::PutResources put{key.first, key.second, context_.now(), {}};
  for (const auto& item : *items->if_list()) {
    store::ResourceRow row{key_of(item, "key"), write_json(item)};
    if (!row.key.empty() && row.data.size() <= kEntryBytes) put.rows.push_back(std::move(row));
  }
  context_.commit(store::Unit{{std::move(put)}}, [tell](const store::UnitOutcome& outcome) {
    if (outcome.kind == store::UnitOutcome::Kind::committed) return tell({});
    tell(host::FailEffect{
        host::FailKind::retry, "not_stored", outcome.error ? outcome.error->text() : "the connection is gone", {}});
  });
}

}  // namespace ieum::runtime
