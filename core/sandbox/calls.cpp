#include "sandbox/calls.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "base/time_text.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kRecordsMax = 100'000;
constexpr std::size_t kBytesMax = 256u << 20;  // of calls, and again of messages
constexpr std::size_t kBodyMax = 64 * 1024;
constexpr std::size_t kAnswerMax = 4 * 1024;
constexpr std::size_t kOverhead = 512;  // of a record beside its texts

// At most size bytes, and no half character at the end.
void cut(std::string& text, std::size_t size) {
  if (text.size() <= size) return;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  text.resize(size);
  text.shrink_to_fit();
}

std::size_t bytes_of(const Message& message) {
  return message.text.size() + message.title.size() + message.to.size() + message.key.size() + kOverhead;
}

std::size_t bytes_of(const CallRecord& record) {
  std::size_t bytes = record.body.size() + record.answer.size() + record.target.size() + record.key.size() + kOverhead;
  for (const auto& [name, value] : record.headers.fields()) bytes += name.size() + value.size();
  return bytes + (record.message ? bytes_of(*record.message) : 0);
}

Map message_fields(const Message& message) {
  return Map{{"channel", message.channel},
             {"to", message.to},
             {"from", message.from},
             {"title", message.title},
             {"text", message.text},
             {"template", message.template_code},
             {"buttons", buttons_value(message.buttons)},
             {"key", message.key},
             {"result", message.result},
             {"view", message.view}};
}

Value call_value(const CallRecord& record) {
  Map headers;
  for (const auto& [name, value] : record.headers.fields()) headers.set(to_lower_ascii(name), value);
  return Map{{"seq", record.seq},
             {"at", rfc3339_utc(record.at)},
             {"at_ms", record.at},
             {"vendor", record.vendor},
             {"method", record.method},
             {"path", record.target},
             {"operation", record.operation},
             {"status", record.status},
             {"key", record.key},
             {"effect", record.effect},
             {"fault", record.fault},
             {"message", record.message ? Value(message_fields(*record.message)) : Value()},
             {"request_headers", std::move(headers)},
             {"request_body", record.body},
             {"answer_body", record.answer}};
}

Value message_value(const MessageRecord& record) {
  Map out{{"seq", record.seq},
          {"call", record.call},
          {"at", rfc3339_utc(record.at)},
          {"at_ms", record.at},
          {"vendor", record.vendor}};
  for (const auto& [key, value] : message_fields(record.message)) out.set(key, value);
  return out;
}

bool fits(const CallFilter& filter, const std::string& vendor, const std::string& key, std::int64_t seq) {
  return seq > filter.after && (filter.vendor.empty() || filter.vendor == vendor) &&
         (filter.key.empty() || filter.key == key);
}

// The newest that fit, in order of time.
template <class Record, class Fits, class Show>
List newest(const std::deque<Record>& records, std::size_t limit, std::int64_t& left_out, const Fits& fits,
            const Show& show) {
  List out;
  for (auto at = records.rbegin(); at != records.rend(); ++at) {
    if (!fits(*at)) continue;
    if (out.size() < limit)
      out.push_back(show(*at));
    else
      ++left_out;
  }
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace

CallFilter read_filter(const Incoming& in) {
  CallFilter filter;
  filter.vendor = in.parameter("vendor");
  filter.key = in.parameter("key");
  filter.effect = in.parameter("effect");
  filter.after = whole_number(in.parameter("after")).value_or(0);
  if (const auto limit = whole_number(in.parameter("limit")); limit && *limit >= 0)
    filter.limit = static_cast<std::size_t>(std::min<std::int64_t>(*limit, kRecordsMax));
  return filter;
}

std::int64_t Calls::add(CallRecord record) {
  cut(record.body, kBodyMax);
  cut(record.answer, kAnswerMax);
  if (record.message) cut(record.message->text, kBodyMax);
  record.seq = ++last_call_;
  call_bytes_ += bytes_of(record);
  calls_.push_back(std::move(record));
  while (calls_.size() > kRecordsMax || call_bytes_ > kBytesMax) {
    call_bytes_ -= bytes_of(calls_.front());
    calls_.pop_front();
    ++dropped_;
  }
  return last_call_;
}

void Calls::reached(std::int64_t call, Millis at, const std::string& vendor, Message message) {
  cut(message.text, kBodyMax);
  message_bytes_ += bytes_of(message);
  if (!message.key.empty() && ++times_[message.key] == 2) repeated_.insert(message.key);
  messages_.push_back({++last_message_, call, at, vendor, std::move(message)});
  while (messages_.size() > kRecordsMax || message_bytes_ > kBytesMax) {
    const Message& oldest = messages_.front().message;
    message_bytes_ -= bytes_of(oldest);
    if (const auto at = times_.find(oldest.key); at != times_.end()) {
      if (--at->second == 1) repeated_.erase(oldest.key);
      if (at->second == 0) times_.erase(at);
    }
    messages_.pop_front();
    ++dropped_;
  }
}

void Calls::clear() {
  calls_.clear();
  messages_.clear();
  times_.clear();
  repeated_.clear();
  call_bytes_ = message_bytes_ = 0;
  dropped_ = 0;
}

Value Calls::calls(const CallFilter& filter) const {
  std::int64_t left_out = 0;
  List list = newest(
      calls_, filter.limit, left_out,
      [&](const CallRecord& record) {
        return fits(filter, record.vendor, record.key, record.seq) &&
               (filter.effect.empty() || filter.effect == record.effect);
      },
      call_value);
  return Map{{"calls", std::move(list)},
             {"total", static_cast<std::int64_t>(calls_.size())},
             {"left_out", left_out},
             {"dropped", dropped_},
             {"last", last_call_}};
}

Value Calls::messages(const CallFilter& filter) const {
  std::int64_t left_out = 0;
  List list = newest(
      messages_, filter.limit, left_out,
      [&](const MessageRecord& record) { return fits(filter, record.vendor, record.message.key, record.seq); },
      message_value);
  List repeated;
  for (const std::string& key : repeated_) repeated.emplace_back(key);
  return Map{{"messages", std::move(list)},
             {"total", static_cast<std::int64_t>(messages_.size())},
             {"left_out", left_out},
             {"repeated_keys", std::move(repeated)},
             {"last", last_message_}};
}

Headers without_credentials(const Headers& headers) {
  Headers out;
  for (const auto& [name, value] : headers.fields()) {
    const std::string lower = to_lower_ascii(name);
    const auto has = [&](std::string_view word) { return lower.find(word) != std::string::npos; };
    const bool is_idempotency = has("idempotency");
    const bool hidden =
        !is_idempotency && (has("authorization") || has("cookie") || has("token") || has("secret") || has("key"));
    out.add(name, hidden ? "(hidden)" : value);
  }
  return out;
}

}  // namespace ieum::sandbox
