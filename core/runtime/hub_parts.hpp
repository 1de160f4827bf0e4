// The hub's inside, shared by hub.cpp (life and intake), hub_commands.cpp and hub_recipes.cpp (what people ask for). Private to runtime.
#pragma once
#include <future>
#include <map>
#include <mutex>

#include "runtime/acceptor.hpp"
#include "runtime/context.hpp"
#include "runtime/disk.hpp"
#include "runtime/fan_out.hpp"
#include "runtime/held.hpp"
#include "runtime/hub.hpp"
#include "runtime/logins.hpp"
#include "runtime/poller.hpp"
#include "runtime/recovery.hpp"
#include "runtime/repairs.hpp"
#include "runtime/retention.hpp"
#include "runtime/router.hpp"
#include "runtime/scheduler.hpp"
#include "runtime/search_index.hpp"
#include "runtime/starting.hpp"
#include "runtime/subscriptions.hpp"
#include "runtime/tokens.hpp"
#include "runtime/touches.hpp"
#include "runtime/worker.hpp"

namespace ieum::runtime {

// The answer of a command that was committed, or why it was not.
Status committed(const store::UnitOutcome& outcome);

class HubInside final : public Hub {
 public:
  explicit HubInside(HubParts parts);
  ~HubInside() override {
    search_->leave();
    retention_->leave();
    disk_->leave();
  }

  Status start() override;
  void stop(Millis grace_for, std::function<void()> done) override;
  void accept(const std::string& connection, const std::string& url_token, HttpRequest request,
              std::function<void(HttpResponse)> done, std::shared_ptr<IntakeBudget::Share> share) override;
  void accept_at(const std::string& address, HttpRequest request, std::function<void(HttpResponse)> done,
                 std::shared_ptr<IntakeBudget::Share> share) override;
  HttpResponse preflight_at(const std::string& address, std::string_view origin) const override;
  std::optional<audience::Ticket> ticket(std::string_view text, audience::Ticket::Kind kind) const override {
    return touches_.read(text, kind);
  }
  void touched(const audience::Ticket& ticket, const std::string& method, const std::string& user_agent,
               std::function<void()> done) override {
    touches_.touched(ticket, method, user_agent, std::move(done));
  }
  void refused(const audience::Ticket& ticket, bool of_all, std::function<void(bool)> done) override {
    touches_.refused(ticket, of_all, std::move(done));
  }
  std::optional<BodyRoom> room_for(const std::string& connection, std::optional<std::size_t> length) override;
  std::optional<BodyRoom> room_at(const std::string& address, std::optional<std::size_t> length) override;
  IntakeBudget::Level intake() const override { return context_.intake->level(); }
  Result<Value> receipt(const std::string& receipt, store::Reader& reader) const override;

  Result<Id> put_connection(const NewConnection& connection) override;
  Status remove_connection(const std::string& name) override;
  Result<Value> test_connection(const std::string& name) override;
  Status read_list(const std::string& name, const std::string& list) override;
  Status rotate_secret(const std::string& name, const std::string& slot, const Secret& secret, bool drop_old,
                       Millis overlap_for) override;
  Result<Value> reveal_secret(const std::string& name, const std::string& slot) const override;
  Result<Value> begin_login(const std::string& name) override;
  void finish_login(QueryPairs query, std::function<void(Result<std::string>)> done) override;
  void await_login(const std::string& login, Millis at_most_for, std::function<void(Result<Value>)> done) override;
  Result<AppliedRecipe> apply_recipe(const std::string& source, recipe::Format format,
                                     const std::string& file) override;
  Result<Value> plan_recipes(const std::vector<RecipeText>& texts) override;
  Result<AppliedRecipes> apply_recipes(const std::vector<RecipeText>& texts, RunsBecome runs) override;
  Status enable_recipe(const std::string& name, bool enabled) override;
  Status repair_run(Id run, const RunDeed& deed) override;
  std::vector<Status> repair_runs(const std::vector<std::pair<Id, std::int64_t>>& runs, const RunDeed& deed) override;
  Result<Value> deeds(Id run) override;
  Result<Id> replay_run(Id run, std::int64_t nth, const std::string& by) override;
  Status retry_event(Id event) override;
  Status discard_event(Id event, const std::string& by) override;
  Result<Id> put_hold(store::HoldRow hold) override;
  Status release_hold(Id hold, std::int64_t per_minute, std::optional<Millis> expire_after_ms,
                      const std::string& expire_then) override;
  Status move_run(Id run, std::int64_t rev) override;
  Result<std::string> send_event(const std::string& connection, const std::string& topic, const Value& data) override;
  Status advance_clock(ManualClock& clock, Millis to) override;

  Result<std::optional<Millis>> next_due() override;

  std::vector<Value> connections() const override;
  std::set<std::string> search_names() const override;
  Result<std::int64_t> search_behind(store::Reader& reader) const override;
  Result<Value> retention(store::Reader& reader) const override;
  Status set_retention(std::int64_t runs_days, std::int64_t events_days, std::int64_t max_bytes) override;
  Result<Value> audience_setting(store::Reader& reader) const override;
  Status set_audience(const Value& written) override;
  Status add_consent(store::ConsentRow said) override;
  Status undo_merge(Id merge) override;
  Result<Value> audience_of(const std::string& recipe) override;
  Value disk() const override { return disk_->view(); }
  Value quotas() const override;
  Value hosts() const override;
  Result<std::vector<Value>> deliveries(const std::string& connection, Id before, std::size_t limit) const;
  std::vector<Value> recipes() const override;
  std::unique_ptr<recipe::Catalog> catalog() const override;
  std::uint64_t subscribe(std::function<void(const RunNews&)> listener) override;
  void unsubscribe(std::uint64_t handle) override;
  void tick() override { scheduler_.pass(); }
  bool idle() const override;

 private:
  void delivered(Acceptor::Delivered delivery);
  void look_after_vendors();                                // connections or recipes changed
  [[nodiscard]] std::optional<Millis> vendors_due() const;  // [any-thread]
  void act(OpenedRun opened, bool fate_unknown);
  void look_after_credentials();  // once an hour
  void wake_held();               // [any-thread]
  void progressed();
  void wait_until_idle();
  Result<std::optional<Millis>> earliest_due();  // with commands_mutex_ held
  void close_instant_later(Millis at, std::uint64_t deliveries);
  Status reload();  // with commands_mutex_ held
  // Called on the engine under the run's lock with its stored row; its unit is committed, an empty one is not.
  using RunWork = std::function<Result<Repair>(const store::RunRow&)>;
  Status change_run(Id run, const RunWork& work);
  // All at once, so that their units share commits; the answers in the same order.
  std::vector<Status> change_runs(const std::vector<Id>& runs, const RunWork& work);
  void change_on_engine(Id run, const RunWork& work, const std::function<void(Status)>& done);
  RunWork repair_work(const RunDeed& deed);
  // The locks under which a run of its kind begins, moves or comes back.
  static std::vector<std::string> locks_about(const store::RunRow& run);
  // To a version of its recipe; error "cannot_move" says why not. [engine]
  Result<Repair> move_of(const store::RunRow& row, Id version);
  // Runs work on the engine and waits for its answer; not from the engine or the writer.
  template <class T>
  Result<T> ask_engine(const std::function<void(std::function<void(Result<T>)>)>& work);
  struct ReplaySource {
    std::shared_ptr<const LiveRecipe> recipe;
    TriggerFact trigger;
  };
  // Whether a replay may begin, and from what; nth 0 asks for no place among the replays. [engine]
  Result<ReplaySource> judge_replay(const store::RunRow& run, std::int64_t nth);
  Status judge_move(const store::RunRow& run);                 // to the current version [engine]
  Status judge_move_to(const store::RunRow& run, Id version);  // [engine]
  Result<store::RunRow> read_run(Id id);                       // error "unknown_run" [engine]
  Status settle_event(Id event, store::EventState to, const std::string& reason);
  Status write_hold(store::Write write);
  Status settle_older_runs(const std::vector<AppliedRecipe>& recipes, RunsBecome runs, RunsOutcome& outcome);

  Context context_;
  Router router_;
  Worker worker_;
  Scheduler scheduler_;
  FanOut fan_out_;
  Recovery recovery_;
  Acceptor acceptor_;
  Touches touches_{context_, acceptor_};
  Poller poller_;
  Subscriptions subscriptions_;
  Repairs repairs_;
  Held held_;
  Tokens tokens_;
  Logins logins_;
  const std::shared_ptr<SearchIndex> search_;
  const std::shared_ptr<Disk> disk_;
  const std::shared_ptr<Retention> retention_;
  bool routing_open_ = false;      // old events are settled
  std::deque<Arrival> held_back_;  // new events until then

  std::mutex commands_mutex_;
  std::unique_ptr<store::Reader> commands_reader_;
  mutable std::mutex listeners_mutex_;
  std::map<std::uint64_t, std::function<void(const RunNews&)>> listeners_;
  std::uint64_t last_listener_ = 0;
  std::vector<std::promise<void>> waiting_for_idle_;  // [engine]
  std::function<void()> stopped_;                     // [engine]
};

template <class T>
Result<T> HubInside::ask_engine(const std::function<void(std::function<void(Result<T>)>)>& work) {
  auto promise = std::make_shared<std::promise<Result<T>>>();
  auto answer = promise->get_future();
  context_.parts.engine.post(
      [work, promise] { work([promise](Result<T> result) { promise->set_value(std::move(result)); }); });
  context_.parts.engine.lend_hand();
  return answer.get();
}

}  // namespace ieum::runtime
