#include "server/bulk.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "server/api.hpp"

namespace ieum::server {
namespace {

constexpr std::size_t kSlice = 100;
constexpr std::size_t kProblemsShown = 50;
constexpr std::size_t kRefusedShown = 5;
constexpr std::size_t kEffectsFrom = 1000;  // runs whose effects are counted

using Kind = runtime::RunDeed::Kind;

std::optional<Kind> kind_of(std::string_view action) {
  if (action == "retry") return Kind::retry;
  if (action == "skip") return Kind::skip;
  if (action == "fail") return Kind::fail;
  if (action == "cancel") return Kind::cancel;
  return {};
}

// Whether runs of this state can be meant at all; the rest is judged when it is done.
std::optional<Error> refusal(std::string_view action, const store::RunRow& run) {
  using State = store::RunState;
  const bool ended = store::is_terminal(run.state);
  const Error over("run_ended", "it has ended already");
  if (action == "replay") return ended ? std::nullopt : std::optional(Error("not_ended", "it has not ended"));
  if (ended && (action == "cancel" || run.state != State::failed)) return over;
  if (action == "fail" && run.state != State::in_doubt) return Error("not_in_doubt", "it is not in doubt");
  if (action == "retry" && run.state == State::waiting)
    return Error("nothing_open", "it waits; nothing of it was refused");
  return {};
}

}  // namespace

Result<Value> Bulk::preview(store::Reader& reader, const Wanted& wanted) {
  const auto& action = wanted.action;
  if (action != "replay" && !kind_of(action))
    return Error("bad_body", "\"action\" must be retry, skip, fail, cancel or replay");
  auto plan = std::make_shared<Plan>();
  plan->action = action;
  plan->q = wanted.q;
  plan->made_ms = api_.parts.clock.now();
  std::map<std::pair<std::string, std::string>, std::pair<std::int64_t, List>> refused;  // by code and what it says
  Effects effects;
  const auto take = [&](const store::RunRow& row) -> Status {
    if (const auto error = refusal(action, row)) {
      auto& [count, shown] = refused[{error->code, error->what}];
      if (++count <= static_cast<std::int64_t>(kRefusedShown)) shown.push_back(row.id);
      return {};
    }
    Item item{row.id, row.rev, 0};
    if (action == "replay") {
      IEUM_TRY(const auto replays, reader.replays(row.id));
      item.nth = store::next_replay(replays);
    }
    // What was sent and is in doubt may arrive a second time.
    const bool again = action == "replay" || (action == "retry" && row.state == store::RunState::in_doubt);
    if (again && plan->items.size() < kEffectsFrom)
      IEUM_CHECK(effects.add(api_, reader, row.id, action == "retry" ? Effects::Of::doubt : Effects::Of::run));
    plan->items.push_back(item);
    return {};
  };
  if (!wanted.runs.empty()) {
    for (const Id id : wanted.runs) {
      IEUM_TRY(const auto row, reader.run(id));
      if (row) IEUM_CHECK(take(*row));
    }
  } else {
    auto filter = wanted.filter;
    filter.limit = 500;
    for (std::size_t pages = 0; !plan->capped; ++pages) {
      IEUM_TRY(const auto page, reader.runs(filter));
      for (const auto& row : page.rows) {
        plan->capped = plan->items.size() == kRunsMax;
        if (plan->capped) break;
        IEUM_CHECK(take(row));
      }
      if (page.next == 0) break;
      filter.before = page.next;
      plan->capped = plan->capped || pages + 1 == kPagesMax;
    }
  }
  // The oldest first, as they came; each once.
  std::sort(plan->items.begin(), plan->items.end(), [](const Item& a, const Item& b) { return a.run < b.run; });
  const auto again =
      std::unique(plan->items.begin(), plan->items.end(), [](const Item& a, const Item& b) { return a.run == b.run; });
  plan->items.erase(again, plan->items.end());
  plan->id = hex_encode(api_.parts.random.bytes(8));
  List refusals;
  for (auto& [why, counted] : refused)
    refusals.push_back(
        Map{{"code", why.first}, {"why", why.second}, {"count", counted.first}, {"runs", std::move(counted.second)}});
  {
    const std::lock_guard lock(mutex_);
    if (plans_.size() >= kPlansMax) {
      const auto oldest = std::min_element(plans_.begin(), plans_.end(), [](const auto& a, const auto& b) {
        const auto rank = [](const Plan& one) {
          const int worth = one.state == Plan::State::running ? 2 : one.by.kind != Caller::Kind::nobody ? 1 : 0;
          return std::pair{worth, one.made_ms};
        };
        return rank(*a.second) < rank(*b.second);
      });
      if (oldest->second->state == Plan::State::running)
        return Error("too_busy", "too many plans are running", "stop one, or wait until one is done");
      plans_.erase(oldest);
    }
    plans_[plan->id] = plan;
  }
  return Value(Map{{"plan", plan->id},
                   {"action", action},
                   {"total", static_cast<std::int64_t>(plan->items.size())},
                   {"capped", plan->capped},
                   {"effects", effects.view(api_, reader)},
                   {"refused", std::move(refusals)},
                   {"expires_ms", plan->made_ms + kPlanFor}});
}

Result<Bulk::PlanPtr> Bulk::find(const std::string& id) {
  const auto found = plans_.find(id);
  if (found == plans_.end())
    return Error("unknown_plan", "there is no such plan; plans are forgotten after a while and at a restart",
                 "preview it again");
  return found->second;
}

Value Bulk::plan_view(const Plan& plan) {
  static constexpr const char* kStates[] = {"planned", "running", "stopped", "done"};
  return Map{{"plan", plan.id},
             {"action", plan.action},
             {"state", kStates[static_cast<int>(plan.state)]},
             {"total", static_cast<std::int64_t>(plan.items.size())},
             {"done", plan.done},
             {"failed", plan.failed},
             {"problems", plan.problems},
             {"by", plan.by.name},
             {"made_ms", plan.made_ms},
             {"q", plan.q}};
}

Result<Value> Bulk::begin(const std::string& id, std::int64_t per_minute, const Caller& caller) {
  PlanPtr plan;
  {
    const std::lock_guard lock(mutex_);
    IEUM_TRY(plan, find(id));
    if (plan->state != Plan::State::planned)
      return Error("plan_used", "this plan was begun already", "preview it again for what is left");
    if (api_.parts.clock.now() - plan->made_ms > kPlanFor)
      return Error("unknown_plan", "this plan is too old to be begun", "preview it again");
    if (per_minute < 0) return Error("bad_body", "\"per_minute\" must be 0 or more");
    plan->state = Plan::State::running;
    plan->per_minute = per_minute;
    plan->by = caller;
  }
  api_.in_background([self = shared_from_this(), plan] { self->slice(plan); });
  return view(id);
}

Result<Value> Bulk::view(const std::string& id) {
  const std::lock_guard lock(mutex_);
  IEUM_TRY(const auto plan, find(id));
  return plan_view(*plan);
}

List Bulk::list() {
  const std::lock_guard lock(mutex_);
  std::vector<PlanPtr> begun;
  for (const auto& [id, plan] : plans_)
    if (plan->by.kind != Caller::Kind::nobody) begun.push_back(plan);
  std::sort(begun.begin(), begun.end(), [](const auto& a, const auto& b) { return a->made_ms > b->made_ms; });
  List list;
  for (const auto& plan : begun) list.push_back(plan_view(*plan));
  return list;
}

Map Bulk::told(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto plan = find(id);
  if (plan.has_error()) return {};
  return Map{
      {"action", (*plan)->action}, {"total", static_cast<std::int64_t>((*plan)->items.size())}, {"q", (*plan)->q}};
}

Result<Value> Bulk::stop(const std::string& id) {
  const std::lock_guard lock(mutex_);
  IEUM_TRY(const auto plan, find(id));
  if (plan->state == Plan::State::running || plan->state == Plan::State::planned) plan->state = Plan::State::stopped;
  return plan_view(*plan);
}

void Bulk::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
}

void Bulk::slice(const PlanPtr& plan) {
  std::vector<Item> items;
  Millis pause = 0;
  {
    const std::lock_guard lock(mutex_);
    if (ended_ || plan->state != Plan::State::running) return;
    if (!api_.identity.still_may(plan->by, Role::operator_)) {
      plan->state = Plan::State::stopped;
      plan->problems.push_back(
          Map{{"run", Value()}, {"code", "not_allowed"}, {"message", "who began the plan may not act any more"}});
      return;
    }
    std::size_t many = kSlice;
    if (plan->per_minute > 0) {
      // A second's worth, or one and the pause that it takes.
      many = static_cast<std::size_t>(std::clamp<std::int64_t>(plan->per_minute / 60, 1, kSlice));
      pause = static_cast<Millis>(many) * kMinute / plan->per_minute;
    }
    many = std::min(many, plan->items.size() - plan->next);
    const auto first = plan->items.begin() + static_cast<std::ptrdiff_t>(plan->next);
    items.assign(first, first + static_cast<std::ptrdiff_t>(many));
    plan->next += many;
  }
  act_on(*plan, items);
  {
    const std::lock_guard lock(mutex_);
    if (plan->next == plan->items.size() && plan->state == Plan::State::running) plan->state = Plan::State::done;
    if (plan->state != Plan::State::running) return;
  }
  const auto go_on = [weak = weak_from_this(), plan] {
    if (const auto self = weak.lock()) self->slice(plan);
  };
  if (pause == 0) return api_.in_background(go_on);
  api_.parts.io.after(pause, [weak = weak_from_this(), go_on] {
    if (const auto self = weak.lock()) self->api_.in_background(go_on);
  });
}

void Bulk::act_on(Plan& plan, const std::vector<Item>& items) {
  const auto note = [&](Id run, const Status& status) {
    const std::lock_guard lock(mutex_);
    if (status.has_value()) {
      ++plan.done;
      return;
    }
    ++plan.failed;
    if (plan.problems.size() < kProblemsShown)
      plan.problems.push_back(Map{{"run", run}, {"code", status.error().code}, {"message", status.error().what}});
  };
  std::vector<std::pair<Id, std::int64_t>> unmoved;
  for (const auto& item : items) {
    const auto row = api_.background_reader().run(item.run);
    if (row.has_error()) {
      note(item.run, row.error());
    } else if (!*row || (*row)->rev != item.rev) {
      note(item.run, Error("moved_on", "it moved since it was planned"));
    } else if (plan.action == "replay") {
      const auto replayed = api_.parts.hub.replay_run(item.run, item.nth, plan.by.name);
      note(item.run, replayed.has_value() ? Status() : Status(replayed.error()));
    } else {
      unmoved.emplace_back(item.run, item.rev);
    }
  }
  if (unmoved.empty()) return;
  runtime::RunDeed deed;
  deed.kind = *kind_of(plan.action);
  deed.by = plan.by.name;
  const auto statuses = api_.parts.hub.repair_runs(unmoved, deed);
  for (std::size_t i = 0; i < unmoved.size(); ++i) note(unmoved[i].first, statuses[i]);
}

}  // namespace ieum::server
