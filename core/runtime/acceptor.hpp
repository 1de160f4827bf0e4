// Acceptor: ACCEPT. Verifies over the raw bytes, stores, then answers. No module is called and nothing is parsed that
// the manifest does not ask for. Thread: any; the answer comes on the writer.
#pragma once
#include <functional>
#include <string>

#include "runtime/context.hpp"
#include "runtime/pace.hpp"
#include "runtime/recent_deliveries.hpp"

namespace ieum::runtime {

class Acceptor {
 public:
  struct Delivered {
    store::EventWithPayload stored;
    Value read;                                  // its body; null when it was not read
    std::shared_ptr<IntakeBudget::Share> share;  // until it is routed; null: of the hub's own making
  };
  // Called on the engine for every stored delivery that is to be routed.
  using Stored = std::function<void(Delivered)>;
  // Called on the engine when a delivery turned out not to be routed: a timer may have waited for it.
  using Gone = std::function<void()>;
  Acceptor(Context& context, Stored stored, Gone gone)
      : context_(context), stored_(std::move(stored)), gone_(std::move(gone)) {}

  void accept(const std::string& connection, const std::string& url_token, HttpRequest request,
              std::function<void(HttpResponse)> done, std::shared_ptr<IntakeBudget::Share> share);
  // A delivery at an address that connections share: verification tells whose it is.
  void accept_at(const std::string& address, HttpRequest request, std::function<void(HttpResponse)> done,
                 std::shared_ptr<IntakeBudget::Share> share);
  [[nodiscard]] HttpResponse preflight_at(const std::string& address, std::string_view origin) const;
  // The connections that share an address, in order of name.
  [[nodiscard]] std::vector<std::shared_ptr<const LiveConnection>> sharing(const std::string& address) const;
  // Null, and an answer, when too much waits already.
  std::shared_ptr<IntakeBudget::Share> take_room(const std::string& connection, std::size_t bytes,
                                                 std::unique_ptr<HttpResponse>& refuse);
  // Stores an event of the hub's own making; the answer is its receipt.
  Result<std::string> put(const LiveConnection& connection, const std::string& topic, std::string body);
  // Stores an event that the hub itself tells, once under this key ("" every time). `done` on the writer, or here when there is no
  // room: false then, and when it could not be stored.
  void tell(store::EventWithPayload event, std::string dedupe_key, std::function<void(bool)> done);
  [[nodiscard]] const RecentDeliveries& recent() const { return recent_; }

 private:
  // `read`: its body; `came`: goes among the recent ones, with what became of it.
  void store(store::EventWithPayload delivery, Value read, std::string dedupe_key, RecentDeliveries::Delivery came,
             std::function<void(HttpResponse)> done, std::shared_ptr<IntakeBudget::Share> share);
  struct Accepted;
  void answer(Accepted& accepted, const store::UnitOutcome& outcome);

  Context& context_;
  RecentDeliveries recent_;
  Pace pace_;
  Stored stored_;
  Gone gone_;
};

// A JSON answer {"error":{"code","message"}}.
HttpResponse error_answer(int status, const std::string& code, const std::string& message);

}  // namespace ieum::runtime
