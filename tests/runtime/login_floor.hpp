// A hub whose one connector needs tokens, and the vendor with its token endpoint in memory: refresh tokens that rotate, tokens
// that can be revoked, and a service that takes what it is told.
#pragma once
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "base/zone.hpp"
#include "host/connector.hpp"
#include "net/client.hpp"
#include "runtime/hub.hpp"
#include "store/store.hpp"

namespace ieum::test {

class TokenVendor final : public net::HttpClient {
 public:
  void send(net::OutboundCall call, std::function<void(net::CallResult)> done) override;

  bool hold = false;  // calls stay open until release()
  void release();
  std::string token_error;  // what the token endpoint answers instead; "" answers well
  bool rotates = true;      // a refresh token is good once
  std::set<std::string> refresh_tokens{"rt-0"}, access_tokens;
  std::string verifier;                  // of the last code
  std::vector<std::string> token_calls;  // grant types
  std::vector<std::string> entries;      // what POST /entries was told under a good token
  int refused = 0;                       // requests under a bad one
  std::vector<std::string> bodies;       // of everything but token requests
  int expires_in = 3600;

 private:
  HttpResponse token(const HttpRequest& request);
  HttpResponse give();
  int made_ = 0;
  std::vector<std::function<void()>> held_;
};

class LoginFloor {
 public:
  LoginFloor();
  ~LoginFloor();
  void start();
  void crash();  // what was in memory is gone; calls under way too
  void settle() { engine->run_all(); }
  void run_until(Millis to);
  // Adds or changes connection `books`. login: "token" (one that is entered, or none yet) or "oauth".
  void connect(const std::string& login = "oauth", bool entered = true);
  // Logs in; what the call-back was answered with.
  Result<std::string> log_in();
  void apply(int recipes = 1);
  void event(const std::string& text);
  std::vector<store::RunRow> runs();  // oldest first
  Value connection();                 // as people see it
  std::vector<store::StepRow> steps(Id run) { return *reader->steps(run); }

  ManualClock clock;
  SeededRandom random{11};
  TokenVendor vendor;
  std::unique_ptr<runtime::ManualExecutor> engine;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<runtime::Hub> hub;
  std::unique_ptr<store::Reader> reader;
  std::unique_ptr<vault::Vault> vault;
  std::unique_ptr<ZoneSource> zones;
  std::unique_ptr<host::Registry> registry;
  NullLog log;
  std::function<void(std::string_view)> passing;

 private:
  std::string directory_;
};

}  // namespace ieum::test
