// Samples: what vendors answered once, from the connectors' golden conversations (connectors/<name>/cases/*.json), and how
// they refuse. The answer to a call is the recorded one whose request looks most like it; the step's own key takes the place
// of the recorded one. Read once; immutable afterwards. [any-thread]
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "host/connector.hpp"
#include "trial/vendors.hpp"

namespace ieum::trial {

// Stands in recorded answers for the key of the step that asks.
inline constexpr std::string_view kRecordedKey = "5f0c6f3e1a2b4c5d8e9f0a1b2c3d4e5f";

class Samples {
 public:
  // `directory`: one folder a connector, with `cases` inside. What is not there or cannot be read is left out: a connector
  // may come without conversations.
  static Samples load(const std::string& directory, const host::Registry& connectors);

  // A connection as the conversations have it, completed from the manifest; secrets are made up.
  [[nodiscard]] Account account(const host::Manifest& manifest) const;
  // Nothing when no successful conversation of the operation ("slack.message.post") has such a request.
  [[nodiscard]] std::optional<HttpResponse> success(const net::CallOrigin& origin, const HttpRequest& request) const;
  // How the vendor refuses with this kind of failure; `code`: the connector's word for it, "" the plainest one.
  [[nodiscard]] std::optional<HttpResponse> failure(const net::CallOrigin& origin, const std::string& kind,
                                                    const std::string& code) const;

 private:
  struct Turn {
    std::string method, url, body;
    HttpResponse answer;
  };
  struct Refusal {
    std::string kind, code;
    HttpResponse answer;
    std::size_t size = 0;  // of the conversation: short ones are plain
  };
  struct Recorded {
    std::vector<Turn> turns;  // of conversations that ended well
    std::vector<Refusal> refusals;
  };
  struct Config {
    std::string operation;
    Value fields;
  };
  void take(const std::string& connector, const Value& conversation);

  std::map<std::string, Recorded, std::less<>> operations_;         // "slack.message.post"
  std::map<std::string, std::vector<Value>, std::less<>> configs_;  // by connector
};

}  // namespace ieum::trial
