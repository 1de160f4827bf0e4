// Resources: the hub's copies of vendors' lists (templates, channels). A step whose input names an entry gets it from here; the list is read
// again when it is older than the manifest says, or when the key is unknown. One reading of a list serves all who wait for it.
// What was found out is stored before it is used. Belongs to the engine.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runtime/context.hpp"

namespace ieum::runtime {

class Resources {
 public:
  explicit Resources(Context& context) : context_(context) {}

  // Whether the operation asks for any.
  static bool asked(const host::Operation& operation);
  // {resource: its entry, or null when the vendor has none such}. An error of the vendor is a fail{retry} or what it said; then nothing
  // may be concluded about the entry. `done` is called once on the engine, perhaps inside this call.
  using Found = std::variant<Value, host::FailEffect>;
  void find(std::shared_ptr<const LiveConnection> connection, const host::Operation& operation, const Value& inputs,
            std::function<void(Found)> done);
  // Reads the list at the vendor and stores it; who asks while it is read shares that. `resource` is of the manifest, which outlives it.
  // `done` is called once on the engine.
  void read_again(const std::shared_ptr<const LiveConnection>& connection, const host::Resource& resource,
                  std::function<void(std::optional<host::FailEffect>)> done);

 private:
  struct Search;
  void next(std::shared_ptr<Search> search);
  void store(const std::shared_ptr<const LiveConnection>& connection, const host::Resource& resource,
             host::Effect effect);

  using ListKey = std::pair<Id, std::string>;
  Context& context_;
  std::map<ListKey, std::vector<std::function<void(std::optional<host::FailEffect>)>>>
      waiting_;  // for a list under way
};

}  // namespace ieum::runtime
