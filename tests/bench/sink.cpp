// bench_sink: the service at the far end. Answers every POST with {"ok":true} at once and counts the different "delivery"
// numbers in the bodies, and how long each was under way since its "sent_us". GET /stats tells {"receipts", "different", "last_us",
// "p50_ms", "p99_ms", "max_ms"}, GET /reset forgets. One thread.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <map>
#include <vector>

#include "bench/arguments.hpp"
#include "bench/http_text.hpp"
#include "bench/sockets.hpp"

namespace {

using namespace ieum::bench;

constexpr long long kDeliveriesMax = 1LL << 26;  // a number beyond this counts as a receipt of nothing known

class Counter {
 public:
  void receipt(long long delivery, std::int64_t sent_us) {
    ++receipts_;
    last_us_ = now_us();
    if (sent_us >= kSentFirstUs) under_way_us_.push_back(last_us_ - (sent_us - kSentFirstUs));
    if (delivery < 0 || delivery >= kDeliveriesMax) return;
    const auto index = static_cast<std::size_t>(delivery);
    if (index >= seen_.size()) seen_.resize(2 * index + 1024);
    if (!seen_[index]) ++different_;
    seen_[index] = true;
  }
  [[nodiscard]] std::string stats() {
    std::sort(under_way_us_.begin(), under_way_us_.end());
    const auto ms = [this](std::size_t share) {
      const std::size_t count = under_way_us_.size();
      char text[32];
      const std::int64_t us = count == 0 ? 0 : under_way_us_[(count - 1) * share / 100];
      std::snprintf(text, sizeof text, "%.2f", static_cast<double>(us) / 1000);
      return std::string(text);
    };
    return "{\"receipts\":" + std::to_string(receipts_) + ",\"different\":" + std::to_string(different_) +
           ",\"last_us\":" + std::to_string(last_us_) + ",\"p50_ms\":" + ms(50) + ",\"p99_ms\":" + ms(99) +
           ",\"max_ms\":" + ms(100) + "}";
  }

 private:
  std::vector<bool> seen_;
  std::vector<std::int64_t> under_way_us_;
  long long receipts_ = 0, different_ = 0;
  std::int64_t last_us_ = 0;
};

std::string answer_to(const HttpText& request, Counter& counter) {
  if (request.first_line.starts_with("GET /stats")) return counter.stats();
  if (request.first_line.starts_with("GET /reset")) {
    counter = Counter();
  } else {
    counter.receipt(number_after(request.body, "delivery"), number_after(request.body, "sent_us"));
  }
  return R"({"ok":true})";
}

// Answers all whole requests in `in`; false when the connection is of no more use.
bool serve(int fd, std::string& in, Counter& counter) {
  std::string out;
  std::size_t used = 0;
  bool good = true;
  while (const auto request = whole_message(std::string_view(in).substr(used))) {
    const auto body = answer_to(*request, counter);
    out += "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
    used += request->bytes;
    good = good && !request->broken;
  }
  in.erase(0, used);
  return ::send(fd, out.data(), out.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(out.size()) && good;
}

}  // namespace

int main(int count, char** words) {
  const Arguments arguments(count, words, {{"port", "19900"}});
  const int door = listen_on(arguments.port("port"));
  const int poll = ::epoll_create1(EPOLL_CLOEXEC);
  watch(poll, door, EPOLLIN, static_cast<std::uint64_t>(door));
  std::map<int, std::string> connections;
  Counter counter;
  std::vector<epoll_event> events(256);
  std::vector<char> block(1 << 16);
  for (;;) {
    const int ready = ::epoll_wait(poll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < ready; ++i) {
      const int fd = static_cast<int>(events[static_cast<std::size_t>(i)].data.u64);
      if (fd == door) {
        for (int next = 0; (next = ::accept4(door, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
          no_delay(next);
          connections[next].clear();
          watch(poll, next, EPOLLIN, static_cast<std::uint64_t>(next));
        }
        continue;
      }
      auto& in = connections[fd];
      const ssize_t got = ::recv(fd, block.data(), block.size(), 0);
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
      if (got > 0) in.append(block.data(), static_cast<std::size_t>(got));
      if (got > 0 && serve(fd, in, counter)) continue;
      connections.erase(fd);
      ::close(fd);
    }
  }
}
