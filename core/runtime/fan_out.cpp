#include "runtime/fan_out.hpp"

#include <algorithm>

#include "base/time_text.hpp"
#include "engine/reasons.hpp"
#include "runtime/stored_events.hpp"

namespace ieum::runtime {
namespace {

constexpr int kPage = 100;
constexpr Millis kLookAgain = 100;
constexpr Millis kTryAgain = kSecond;
constexpr int kRounds = 50;  // judged anew that often, it is looked at again in a while

}  // namespace

// A page of customers, under their locks.
struct FanOut::Page {
  store::FanOutRow row;  // as it will be behind the page
  Id from = 0;
  std::shared_ptr<const LiveRecipe> recipe;
  std::vector<Id> customers;
  KeyLocks::Ticket ticket{};
  // What the page comes to.
  std::vector<store::Write> writes;
  std::vector<store::RunRow> started;
  std::vector<OpenedRun> opened;
};

Status FanOut::take_up() {
  IEUM_TRY(const auto rows, context_.reader->fan_outs());
  for (const auto& row : rows) begin(row);
  return {};
}

void FanOut::begin(const store::FanOutRow& row) {
  // What was routed while the rest was taken up is in the store, too.
  const bool known = std::any_of(waiting_.begin(), waiting_.end(),
                                 [&](const store::FanOutRow& one) { return one.event == row.event; });
  if (!known) waiting_.push_back(row);
  pump();
}

void FanOut::pump() {
  if (waiting_.empty() || under_way_ || context_.stopping) return;
  if (context_.crowded()) return later();
  under_way_ = true;
  context_.parts.engine.post_behind([this] { next(); });
}

void FanOut::later() {
  if (std::exchange(looks_again_, true) || !context_.parts.alarm) return;
  context_.parts.alarm(kLookAgain, [this] {
    context_.parts.engine.post([this] {
      looks_again_ = false;
      pump();
    });
  });
}

void FanOut::next() {
  const auto live = context_.live();
  auto page = std::make_shared<Page>();
  page->row = waiting_.front();
  page->from = page->row.behind;
  const auto recipe = live->recipes_by_id.find(page->row.recipe);
  if (recipe == live->recipes_by_id.end() || !recipe->second->row.enabled ||
      !recipe->second->program->recipe.audience)
    return finish(std::string(engine::reasons::kRecipeOff));
  page->recipe = recipe->second;
  auto customers = context_.reader->customers(page->from, kPage);
  if (customers.has_error()) {
    context_.parts.log.error("the customers of an audience cannot be read; it is tried again",
                             {{"recipe", page->recipe->row.name}, {"error", customers.error().text()}});
    under_way_ = false;
    return later();
  }
  if (customers->empty()) return finish({});
  page->customers = std::move(*customers);
  std::vector<std::string> locks;
  for (const Id customer : page->customers) locks.push_back("c:" + std::to_string(customer));
  context_.locks.acquire(std::move(locks), [this, page](KeyLocks::Ticket ticket) {
    page->ticket = ticket;
    plan(page);
  });
}

Result<TriggerFact> FanOut::trigger_of(const store::FanOutRow& row) const {
  IEUM_TRY(const auto stored, context_.reader->event(row.event));
  if (!stored) return Error("trigger_lost", "the schedule's firing is not kept any more");
  IEUM_TRY(const auto events, events_of(*context_.live(), *stored));
  return TriggerFact{row.event, 0, host::event_scope(events.front()), row.at_ms};
}

Status FanOut::plan_starts(Page& page) {
  IEUM_TRY(const TriggerFact trigger, trigger_of(page.row));
  const auto& program = page.recipe->program;
  for (const Id customer : page.customers) {
    ++page.row.looked;
    page.row.behind = customer;
    const Entrant entrant{customer, {}, nullptr};
    IEUM_TRY(const bool meets, is_of_audience(context_, *page.recipe, entrant, trigger, page.row.at_ms));
    if (!meets) continue;
    ++page.row.met;
    IEUM_TRY(const auto refused, refusal_to_start(context_, *page.recipe, entrant, trigger, {}, context_.now()));
    if (!refused.empty()) continue;
    IEUM_TRY(auto advanced, start_run(context_, *page.recipe, entrant, trigger, context_.now()));
    ++page.row.started;
    for (auto& write : advanced.writes) page.writes.emplace_back(std::move(write));
    if (advanced.open)
      page.opened.push_back(
          {advanced.run, std::move(*advanced.open), program, false, 0, std::move(advanced.inputs)});
    page.started.push_back(std::move(advanced.run));
  }
  page.writes.emplace_back(store::MoveFanOut{page.from, page.row, false});
  return {};
}

void FanOut::plan(const std::shared_ptr<Page>& page) {
  const auto leave = [this, page](bool again) {
    context_.locks.release(page->ticket);
    under_way_ = false;
    if (again && context_.parts.alarm)
      context_.parts.alarm(kTryAgain, [this] { context_.parts.engine.post([this] { pump(); }); });
    else
      pump();
  };
  if (const auto planned = plan_starts(*page); planned.has_error()) {
    context_.parts.log.error("the runs of an audience cannot be decided on now; it is tried again",
                             {{"recipe", page->recipe->row.name}, {"error", planned.error().text()}});
    if (planned.error().code == "trigger_lost") {
      context_.locks.release(page->ticket);
      return finish(planned.error().code);
    }
    return leave(true);
  }
  context_.commit(store::Unit{std::move(page->writes)}, [this, page, leave](const store::UnitOutcome& outcome) {
    using Kind = store::UnitOutcome::Kind;
    if (outcome.kind == Kind::stale) return leave(++rounds_ % kRounds == 0);  // somebody moved meanwhile: judged anew
    if (outcome.kind != Kind::committed) {
      context_.parts.log.error("the runs of an audience could not be committed; it is tried again",
                               {{"recipe", page->recipe->row.name},
                                {"error", outcome.error ? outcome.error->text() : "unknown"}});
      return leave(true);
    }
    rounds_ = 0;
    waiting_.front() = page->row;
    for (const auto& run : page->started) {
      context_.tell_run(run);
      if (run.due_ms) links_.due(*run.due_ms);
    }
    for (auto& opened : page->opened) links_.act(std::move(opened));
    leave(false);
  });
}

// All of them have been looked at, or nobody is to be any more.
void FanOut::finish(std::string why) {
  const auto row = waiting_.front();
  const auto live = context_.live();
  const auto recipe = live->recipes_by_id.find(row.recipe);
  const std::string name = recipe == live->recipes_by_id.end() ? "" : recipe->second->row.name;
  // "seg-50k: 4 of 8 customers, 3 started"
  std::string said = name + ": " + std::to_string(row.met) + " of " + std::to_string(row.looked) + " customers, " +
                     std::to_string(row.started) + " started";
  if (!why.empty()) said += ", " + why;
  std::vector<store::Write> writes;
  writes.emplace_back(store::MoveFanOut{row.behind, row, true});
  writes.emplace_back(store::SettleEvent{row.event, store::EventState::routed, store::EventState::routed, said});
  context_.commit(store::Unit{std::move(writes)}, [this, said](const store::UnitOutcome& outcome) {
    under_way_ = false;
    if (outcome.kind == store::UnitOutcome::Kind::failed) {
      context_.parts.log.error("the end of an audience could not be committed; it is tried again",
                               {{"error", outcome.error ? outcome.error->text() : "unknown"}});
      if (context_.parts.alarm)
        context_.parts.alarm(kTryAgain, [this] { context_.parts.engine.post([this] { pump(); }); });
      return;
    }
    waiting_.pop_front();
    context_.parts.log.info("a schedule has started the runs of its audience", {{"what", said}});
    links_.progressed();
    pump();
  });
}

struct FanOut::Looking {
  std::shared_ptr<const LiveRecipe> recipe;
  std::size_t shown = 0;
  std::function<void(Result<Preview>)> done;
  Preview preview;
  Id behind = 0;
  TriggerFact trigger;
};

void FanOut::preview(std::shared_ptr<const LiveRecipe> recipe, std::size_t shown,
                     std::function<void(Result<Preview>)> done) {
  auto looking = std::make_shared<Looking>();
  looking->trigger.at_ms = context_.now();
  looking->trigger.scope = Map{
      {"scheduled_at", Timestamp{looking->trigger.at_ms / kSecond, 0}}, {"recipe", recipe->row.name}, {"firing", ""}};
  looking->recipe = std::move(recipe);
  looking->shown = shown;
  looking->done = std::move(done);
  look(looking);
}

void FanOut::look(const std::shared_ptr<Looking>& looking) {
  auto& preview = looking->preview;
  const auto customers = context_.reader->customers(looking->behind, kPage);
  if (customers.has_error()) return looking->done(customers.error());
  for (const Id customer : *customers) {
    const auto meets =
        is_of_audience(context_, *looking->recipe, {customer, {}, nullptr}, looking->trigger, looking->trigger.at_ms);
    if (meets.has_error()) return looking->done(meets.error());
    ++preview.looked;
    looking->behind = customer;
    if (!*meets) continue;
    ++preview.met;
    if (preview.customers.size() < looking->shown) preview.customers.push_back(customer);
  }
  if (customers->empty() || context_.stopping) return looking->done(std::move(preview));
  context_.parts.engine.post_behind([this, looking] { look(looking); });
}

}  // namespace ieum::runtime
