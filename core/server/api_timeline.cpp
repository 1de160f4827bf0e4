// A customer's timeline: what they did, what was sent to them or not and why, what they did with it, and what they said.
#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "server/api.hpp"
#include "server/run_view.hpp"

namespace ieum::server {
namespace {

struct Entry {
  Millis at_ms = 0;
  std::ptrdiff_t rank = 0;  // of several things of one instant: what follows from the others is the newer
  Map view;
};

std::ptrdiff_t rank_of(std::string_view kind) {
  static constexpr std::array<std::string_view, 9> kOrder{"merge",   "event", "consent", "opt_out",  "run_began",
                                                          "message", "open",  "click",   "run_ended"};
  return std::find(kOrder.begin(), kOrder.end(), kind) - kOrder.begin();
}

// What became of a message, in one word.
std::string_view outcome_of(const store::MessageRow& message) {
  using State = store::StepState;
  if (message.decision.until_ms) return "put_off";
  if (!message.decision.allowed) return "skipped";
  switch (message.state.value_or(State::cancelled)) {
    case State::intent:
    case State::running: return "on_its_way";
    case State::done: return "sent";
    case State::in_doubt: return "in_doubt";
    case State::failed: return "failed";
    default: return "cancelled";
  }
}

// The hub's own events stand there as what they are of: touches and refusals.
bool is_told_elsewhere(const std::string& name) {
  return name == "link_clicked" || name == "email_opened" || name == "unsubscribed";
}

class Timeline {
 public:
  Timeline(store::Reader& reader, Id customer, Millis until, int limit)
      : reader_(reader), customer_(customer), until_(until), limit_(limit), names_(recipe_names(reader)) {}

  Result<Value> read() {
    IEUM_CHECK(what_they_did());
    IEUM_CHECK(what_was_sent());
    IEUM_CHECK(what_they_said());
    std::stable_sort(entries_.begin(), entries_.end(),
                     [](const Entry& a, const Entry& b) {
                       return std::pair(a.at_ms, a.rank) > std::pair(b.at_ms, b.rank);
                     });
    Value next;
    if (entries_.size() > static_cast<std::size_t>(limit_)) {
      entries_.resize(static_cast<std::size_t>(limit_));
      // Others of the last instant may have been left out: it comes again, unless it is all that there is.
      next = std::min(entries_.back().at_ms + 1, until_ - 1);
    }
    List list;
    for (Entry& entry : entries_) list.push_back(std::move(entry.view));
    return Value(Map{{"entries", std::move(list)}, {"next", std::move(next)}});
  }

 private:
  Value recipe(Id id) const {
    const auto found = names_.find(id);
    return found == names_.end() ? Value() : Value(found->second);
  }

  void add(Millis at_ms, const char* kind, Map more) {
    if (at_ms >= until_) return;
    Map view{{"at_ms", at_ms}, {"kind", kind}};
    for (const auto& [key, value] : more) view.set(key, value);
    entries_.push_back({at_ms, rank_of(kind), std::move(view)});
  }

  Status what_they_did() {
    IEUM_TRY(const auto events, reader_.history_of(customer_, until_, limit_ + 1));
    for (const auto& row : events)
      if (!is_told_elsewhere(row.name))
        add(row.at_ms, "event", {{"name", row.name}, {"event", row.event}, {"fields", stored_json(row.fields)}});
    IEUM_TRY(const auto touches, reader_.touches(customer_, 1000));
    for (const auto& row : touches)
      add(row.at_ms, row.kind == "click" ? "click" : "open",
          {{"recipe", row.recipe}, {"step", row.step_name}, {"run", row.run}, {"link", row.link}, {"url", row.url},
           {"machine", row.machine}});
    return {};
  }

  Status what_was_sent() {
    IEUM_TRY(const auto messages, reader_.messages_of(customer_, until_, limit_ + 1));
    for (const auto& row : messages) {
      const auto& decision = row.decision;
      add(decision.at_ms, "message",
          {{"recipe", recipe(row.recipe)},
           {"step", decision.step},
           {"run", decision.run},
           {"channel", decision.channel},
           {"class", decision.message_class},
           {"outcome", outcome_of(row)},
           {"reason", decision.reason.empty() ? row.error_code : decision.reason},
           {"basis", decision.basis},
           {"until_ms", decision.until_ms ? Value(*decision.until_ms) : Value()}});
    }
    IEUM_TRY(const auto runs, reader_.runs_of(customer_, until_, limit_ + 1));
    for (const auto& row : runs) {
      add(row.started_ms, "run_began", {{"recipe", recipe(row.recipe)}, {"run", row.run}});
      if (row.ended_ms)
        add(*row.ended_ms, "run_ended",
            {{"recipe", recipe(row.recipe)}, {"run", row.run}, {"state", run_state_word(row.state)},
             {"reason", row.reason}});
    }
    return {};
  }

  Status what_they_said() {
    IEUM_TRY(const auto consents, reader_.consents(customer_));
    for (const auto& row : consents)
      add(row.at_ms, "consent",
          {{"purpose", row.purpose}, {"channel", row.channel}, {"word", row.word}, {"source", row.source}});
    IEUM_TRY(const auto opt_outs, reader_.opt_outs(customer_));
    for (const auto& row : opt_outs)
      add(row.at_ms, "opt_out", {{"topic", row.topic}, {"channel", row.channel}, {"source", row.source}});
    IEUM_TRY(const auto merges, reader_.merges_into(customer_));
    for (const auto& row : merges)
      add(row.at_ms, "merge", {{"merge", row.id}, {"customer", row.loser}, {"why", row.why}});
    return {};
  }

  store::Reader& reader_;
  const Id customer_;
  const Millis until_;
  const int limit_;
  const Names names_;
  std::vector<Entry> entries_;
};

Result<Value> show_timeline(Api&, ApiCall& call) {
  IEUM_TRY(const auto id, call.id("customer"));
  IEUM_TRY(const auto row, call.reader.customer(id));
  if (!row) return Error("unknown_customer", "there is no customer " + std::to_string(id));
  IEUM_TRY(const auto until, call.number("until_ms", std::numeric_limits<Millis>::max()));
  IEUM_TRY(const int limit, call.limit());
  return Timeline(call.reader, id, until, limit).read();
}

}  // namespace

void add_timeline_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  table.add({Method::get,
             "/api/v1/customers/{id}/timeline",
             Needs::viewer,
             {.summary = "What a person did, what was sent to them or not, and what they did with it; newest first",
              .query = {may("until_ms", Type::integer, "only what was before; the `next` of the page before"), kLimit},
              .answer = "`entries`, each with `at_ms` and `kind`: event, message (`outcome`: sent, on_its_way, put_off, "
                        "skipped, failed, in_doubt, cancelled; with the `reason`), open, click (`machine`: why it was no "
                        "person), run_began, run_ended, consent, opt_out, merge",
              .example = R"({"entries":[{"at_ms":1772411400000,"kind":"message","recipe":"cart-rescue","step":"push",)"
                         R"("run":7,"channel":"push","class":"ad","outcome":"sent","reason":"","basis":"consent 17",)"
                         R"("until_ms":null}],"next":null})"},
             api->on_admin(show_timeline)});
}

}  // namespace ieum::server
