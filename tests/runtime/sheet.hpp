// Sheet: a vendor of tables that tells nothing by itself, and its connector. Rows are numbered from 1; an answer overlaps the one
// before by a row, as vendors with a lag make it necessary.
#pragma once
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "host/connector.hpp"
#include "net/client.hpp"

namespace ieum::test {

class SheetVendor final : public net::HttpClient {
 public:
  enum class Fate { answer, refuse_503, rate_limit, unauthorized, unreachable };
  void send(net::OutboundCall call, std::function<void(net::CallResult)> done) override;
  void release();  // answers what is held
  void forget();   // never answers it: the hub that asked is gone

  std::map<std::string, std::vector<std::string>> tables;
  std::deque<Fate> fates;               // of the next polls; then `answer`
  bool hold = false;                    // calls stay open until release()
  std::vector<std::string> asked;       // the target of every call
  std::vector<std::string> subscribed;  // bodies of calls that made or removed a webhook
  List templates;
  bool templates_down = false;
  int secrets_to_tell = 0;  // with the next answers to push.ensure

 private:
  net::CallResult act(const net::OutboundCall& call);
  std::vector<std::function<void()>> held_;
};

struct SheetManners {
  bool tells_backlog = false;  // breaks the rule that a first poll tells nothing
  bool wants_token = false;    // its calls carry the connection's api_token
  bool signs = false;          // a webhook is made with the connection's push_secret
  bool optional = false;       // the poll is no more than a second way to hear, and wants the connection's api_token
  bool captures = false;       // the answer to push.ensure tells the push_secret
  std::function<void(const host::Call&)> on_step = nullptr;
};
std::unique_ptr<host::Connector> make_sheet(SheetManners manners = {});

}  // namespace ieum::test
