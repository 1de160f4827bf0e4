// Drive's push channels: files.watch, channels.stop, and what is told through them. Private to sandbox; one thread.
// https://developers.google.com/workspace/drive/api/guides/push  Bounded: 1,000 channels.
#pragma once
#include <string>
#include <vector>

#include "base/error.hpp"
#include "sandbox/hooks.hpp"

namespace ieum::sandbox {

class GoogleChannels {
 public:
  // The answer of files.watch; tells `sync` first. Error "bad_channel" with Google's reason in `mend`.
  Result<Value> watch(const std::string& file, const Value& request, Millis now);
  bool stop(const std::string& id, const std::string& resource);  // false when there is no such channel
  void changed(const std::string& file);                          // the channels of the file hear `update`
  [[nodiscard]] std::vector<Hook> hooks() const;
  std::vector<Told> told(Millis now);  // also drops what is over

 private:
  struct Channel {
    std::string id, file, resource, address, token;
    Millis until = 0;
  };
  std::vector<Channel> channels_;
  std::vector<Told> told_;
  Millis now_ = 0;
};

}  // namespace ieum::sandbox
