#include "sandbox/senders.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "base/time_text.hpp"
#include "base/url.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kDeliveriesMax = 10'000;
constexpr std::size_t kHooksMax = 1'000;
constexpr std::size_t kReachMax = 100;
constexpr std::size_t kAnswerMax = 4 * 1024;
constexpr std::size_t kAttemptsMax = 1'000;

using State = HookDelivery::State;

std::string_view state_name(State state) {
  switch (state) {
    case State::waiting: return "waiting";
    case State::in_flight: return "in_flight";
    case State::delivered: return "delivered";
    case State::given_up: return "given_up";
  }
  return "";
}

bool wants(const Hook& hook, const std::string& topic) {
  return hook.topics.empty() || std::find(hook.topics.begin(), hook.topics.end(), topic) != hook.topics.end();
}

bool hears(const Hook& hook, const Told& told) {
  if (!told.only.empty()) return hook.id == told.only && hook.enabled;
  return hook.enabled && wants(hook, told.topic);
}

Value delivery_value(const HookDelivery& delivery) {
  List attempts;
  for (const HookDelivery::Attempt& attempt : delivery.attempts)
    attempts.emplace_back(Map{{"at", rfc3339_utc(attempt.at)},
                              {"at_ms", attempt.at},
                              {"status", attempt.status},
                              {"answer", attempt.answer}});
  const bool waits = delivery.state == State::waiting;
  return Map{{"seq", delivery.seq},
             {"vendor", delivery.vendor},
             {"topic", delivery.told.topic},
             {"to", delivery.hook.url},
             {"hook", delivery.hook.id},
             {"id", delivery.told.id},
             {"state", state_name(delivery.state)},
             {"hook_lost", delivery.hook_lost},
             {"next_at", waits ? Value(rfc3339_utc(delivery.due_at)) : Value()},
             {"attempts", std::move(attempts)}};
}

}  // namespace

Result<Hook> Senders::configure(const Value& json) {
  Hook hook;
  const std::string vendor = json.text("vendor");
  hook.url = json.text("url");
  if (vendor.empty() || parse_url(hook.url).has_error())
    return Error("bad_hook", "a hook needs 'vendor' and an absolute 'url'",
                 R"(send {"vendor": "slack", "url": "http://127.0.0.1:8080/hooks/team", "secret": "..."})");
  if (configured_.size() >= kHooksMax) return Error("too_many", "there are 1,000 hooks", "DELETE /_sandbox/hooks");
  hook.id = json.text("id", "console");
  hook.secret = json.text("secret");
  hook.enabled = json.flag("enabled", true);
  if (const Value* topics = json.get("topics"); topics != nullptr && topics->is_list())
    for (const Value& topic : *topics->if_list())
      if (topic.is_string()) hook.topics.push_back(*topic.if_string());
  if (const Value* more = json.get("more"); more != nullptr && more->is_map()) hook.more = *more->if_map();
  std::erase_if(configured_, [&](const auto& entry) { return entry.first == vendor && entry.second.id == hook.id; });
  configured_.emplace_back(vendor, hook);
  return hook;
}

Status Senders::reach(const std::string& address, const std::string& at) {
  const auto from = parse_url(address);
  constexpr const char* kMend =
      "name the origin and where it leads: https://hub.example.test and http://127.0.0.1:8080";
  if (!from || from->target != "/") return Error("bad_reach", "'" + address + "' is no address of a host", kMend);
  if (at.empty()) {
    reach_.erase(from->origin());
    return {};
  }
  const auto to = parse_url(at);
  if (!to || to->target.find('?') != std::string::npos)
    return Error("bad_reach", "'" + at + "' is no address that can be called", kMend);
  if (reach_.size() >= kReachMax && !reach_.contains(from->origin()))
    return Error("too_many", "100 addresses lead elsewhere already", "DELETE /_sandbox/reach");
  std::string base = to->origin() + to->target;
  while (base.ends_with('/')) base.pop_back();
  reach_[from->origin()] = std::move(base);
  return {};
}

std::string Senders::target_of(const std::string& url) const {
  const auto parsed = parse_url(url);
  if (!parsed) return url;
  const auto found = reach_.find(parsed->origin());
  return found == reach_.end() ? url : found->second + parsed->target;
}

void Senders::clear() {
  configured_.clear();
  entries_.clear();
}

std::size_t Senders::tell(const std::string& vendor, const HookFormat* format, const Told& told,
                          const std::vector<Hook>& registered, Millis now) {
  std::size_t heard = 0;
  const auto consider = [&](const Hook& hook) {
    if (!hears(hook, told)) return;
    add(vendor, format, told, hook, now);
    ++heard;
  };
  for (const Hook& hook : registered) consider(hook);
  for (const auto& [of, hook] : configured_)
    if (of == vendor) consider(hook);
  return heard;
}

std::int64_t Senders::send(const std::string& vendor, const HookFormat* format, const Told& told, Hook hook,
                           Millis now) {
  return add(vendor, format, told, std::move(hook), now);
}

std::int64_t Senders::add(const std::string& vendor, const HookFormat* format, const Told& told, Hook hook,
                          Millis now) {
  Entry entry;
  entry.format = format != nullptr ? format : &hook_format(vendor);
  HookDelivery& delivery = entry.delivery;
  delivery.seq = ++last_;
  delivery.vendor = vendor;
  delivery.told = told;
  if (delivery.told.id.empty())
    delivery.told.id = uuid_of(vendor + "/" + std::to_string(now) + "/" + std::to_string(last_));
  for (const auto& [key, value] : told.more) hook.more.set(key, value);
  delivery.hook = std::move(hook);
  delivery.first_at = delivery.due_at = now;
  entries_.push_back(std::move(entry));
  if (entries_.size() > kDeliveriesMax) entries_.pop_front();
  return last_;
}

std::vector<DueDelivery> Senders::due(Millis now) {
  std::vector<DueDelivery> out;
  for (Entry& entry : entries_) {
    HookDelivery& delivery = entry.delivery;
    if (delivery.state != State::waiting || delivery.due_at > now) continue;
    delivery.state = State::in_flight;
    HttpRequest request = entry.format->make(delivery, now);
    request.target = target_of(delivery.hook.url);
    if (const Value* headers = delivery.hook.more.find("headers"); headers != nullptr && headers->is_map())
      for (const auto& [name, value] : *headers->if_map())
        if (name.is_string() && value.is_string()) request.headers.set(*name.if_string(), *value.if_string());
    out.push_back({delivery.seq, std::move(request), entry.format->deadline_for});
  }
  return out;
}

std::optional<Millis> Senders::next_due() const {
  std::optional<Millis> next;
  for (const Entry& entry : entries_)
    if (entry.delivery.state == State::waiting && (!next || entry.delivery.due_at < *next))
      next = entry.delivery.due_at;
  return next;
}

const HookDelivery* Senders::answered(std::int64_t seq, const HttpResponse* answer, const std::string& failure,
                                      Millis now) {
  const auto at = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.delivery.seq == seq; });
  if (at == entries_.end() || at->delivery.state != State::in_flight) return nullptr;
  HookDelivery& delivery = at->delivery;
  std::string text = answer == nullptr ? failure : answer->body;
  if (!utf8_valid(text))
    text = "(no text)";
  else if (text.size() > kAnswerMax)
    text.resize(utf8_offset(text, kAnswerMax / 4));
  delivery.attempts.push_back({now, answer == nullptr ? 0 : answer->status, std::move(text)});
  const NextTry next = at->format->after(delivery, answer == nullptr ? Headers() : answer->headers, now);
  using Kind = NextTry::Kind;
  if (next.kind == Kind::again && delivery.attempts.size() < kAttemptsMax) {
    delivery.state = State::waiting;
    delivery.due_at = now + next.in_ms;
    return nullptr;
  }
  delivery.state = next.kind == Kind::delivered ? State::delivered : State::given_up;
  if (next.kind != Kind::lose_hook) return nullptr;
  delivery.hook_lost = true;
  for (auto& [vendor, hook] : configured_)
    if (vendor == delivery.vendor && hook.id == delivery.hook.id) hook.enabled = false;
  // What else waits for that hook will never be sent.
  for (Entry& entry : entries_) {
    HookDelivery& other = entry.delivery;
    if (other.state == State::waiting && other.vendor == delivery.vendor && other.hook.id == delivery.hook.id &&
        other.hook.url == delivery.hook.url)
      other.state = State::given_up;
  }
  return &delivery;
}

Value Senders::deliveries(const std::string& vendor, std::size_t limit) const {
  List list;
  std::size_t total = 0;
  for (auto at = entries_.rbegin(); at != entries_.rend(); ++at) {
    if (!vendor.empty() && at->delivery.vendor != vendor) continue;
    if (++total <= limit) list.push_back(delivery_value(at->delivery));
  }
  std::reverse(list.begin(), list.end());
  return Map{{"deliveries", std::move(list)}, {"total", static_cast<std::int64_t>(total)}, {"last", last_}};
}

Value hook_value(const std::string& vendor, const Hook& hook, std::string_view from) {
  List topics;
  for (const std::string& topic : hook.topics) topics.emplace_back(topic);
  return Map{{"vendor", vendor},
             {"id", hook.id},
             {"url", hook.url},
             {"topics", std::move(topics)},
             {"enabled", hook.enabled},
             {"signed", !hook.secret.empty()},
             {"from", from},
             {"more", hook.more}};
}

}  // namespace ieum::sandbox
