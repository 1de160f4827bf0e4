// bench_load: a closed loop of N keep-alive connections that POST orders of one size to 127.0.0.1, each with its own
// "delivery" number and delivery id, signed if told. One thread. Prints one JSON line:
//   sent, ok (2xx), non2xx, first_non2xx, errors (connections that broke), skipped (at a rate: due when no connection was
//   free), seconds (first send to last answer), rps, p50_ms, p99_ms, max_ms, first_us (CLOCK_MONOTONIC)
// Exit 1 when not a single 2xx came.
#include <algorithm>
#include <cerrno>
#include <vector>

#include "bench/arguments.hpp"
#include "bench/http_text.hpp"
#include "bench/signature.hpp"
#include "bench/sockets.hpp"

namespace {

using namespace ieum::bench;

constexpr std::int64_t kLastAnswersUs = 30'000'000;  // how long answers are awaited after the last send

// An order as a shop sends it, `bytes` long: made once, then only its number and the time are written over (always as many digits).
class Orders {
 public:
  explicit Orders(std::size_t bytes) {
    text_ = R"({"type":"order.paid","delivery":)";
    number_at_ = text_.size();
    text_ += "00000000";
    text_ += R"(,"sent_us":)";
    time_at_ = text_.size();
    text_ += "0000000000000000";
    text_ +=
        R"(,"currency":"KRW","total":62000,"customer":{"name":"김하늘","email":"buyer@example.com"},"line_items":[)";
    const std::string item = R"({"sku":"MUG-350","title":"도자기 머그","quantity":2,"price":"31000"})";
    const std::string end = R"(],"note":")";
    while (text_.size() + item.size() + end.size() + 64 < bytes) text_ += (text_.back() == '[' ? "" : ",") + item;
    text_ += end;
    if (text_.size() + 2 < bytes) text_.append(bytes - text_.size() - 2, 'x');
    text_ += "\"}";
  }
  const std::string& numbered(long long number, std::int64_t sent_us) {
    write_over(number_at_, 8, kFirst + number);  // a JSON number must not begin with 0
    write_over(time_at_, 16, kSentFirstUs + sent_us);
    return text_;
  }

 private:
  static constexpr long long kFirst = 10'000'000;
  void write_over(std::size_t at, std::size_t digits, long long number) {
    for (; digits > 0; --digits, number /= 10) text_[at + digits - 1] = static_cast<char>('0' + number % 10);
  }
  std::string text_;
  std::size_t number_at_, time_at_;
};

struct Connection {
  int fd = -1;
  bool busy = false;
  std::int64_t sent_us = 0;
  std::string in, out;
  std::size_t written = 0;
};

class Load {
 public:
  explicit Load(const Arguments& arguments)
      : port_(arguments.port("port")),
        ends_after_us_(static_cast<std::int64_t>(arguments.number("seconds") * 1e6)),
        orders_(static_cast<std::size_t>(arguments.number("bytes"))),
        sign_header_(arguments.text("sign")),
        delivery_header_(arguments.text("delivery-header")),
        run_(arguments.text("run")),
        signer_(arguments.text("secret")),
        pause_us_(arguments.number("rate") > 0 ? static_cast<std::int64_t>(1e6 / arguments.number("rate")) : 0),
        connections_(static_cast<std::size_t>(arguments.number("connections"))) {
    head_ = "POST " + arguments.text("path") + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) +
            "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(orders_.numbered(0, 0).size()) +
            "\r\n";
  }

  int run() {
    first_us_ = last_us_ = now_us();
    stop_us_ = first_us_ + ends_after_us_;
    for (std::size_t i = 0; i < connections_.size(); ++i) open(i);
    std::vector<epoll_event> events(connections_.size());
    next_us_ = first_us_;
    while ((under_way_ > 0 || (pause_us_ > 0 && now_us() < stop_us_)) && now_us() < stop_us_ + kLastAnswersUs) {
      send_in_time();
      const int ready = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), pause_us_ > 0 ? 1 : 100);
      for (int i = 0; i < ready; ++i) {
        const auto& event = events[static_cast<std::size_t>(i)];
        if ((event.events & EPOLLOUT) != 0) write(connections_[event.data.u64]);
        if ((event.events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) read(event.data.u64);
      }
    }
    return report();
  }

 private:
  void open(std::size_t index) {
    auto& connection = connections_[index];
    connection.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(port_);
    if (::connect(connection.fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
      ::close(connection.fd);
      connection.fd = -1;
      ++errors_;
      return;
    }
    no_delay(connection.fd);
    watch(poll_, connection.fd, EPOLLIN | EPOLLOUT | EPOLLET, index);
    if (pause_us_ == 0) send_next(connection);
  }

  // At a rate: by the clock, on any connection that is free, whatever became of those before.
  void send_in_time() {
    for (; pause_us_ > 0 && next_us_ <= now_us() && next_us_ < stop_us_; next_us_ += pause_us_) {
      const auto idle = std::find_if(connections_.begin(), connections_.end(),
                                     [](const Connection& one) { return one.fd >= 0 && !one.busy; });
      if (idle == connections_.end())
        ++skipped_;
      else
        send_next(*idle);
    }
  }

  void send_next(Connection& connection) {
    if (now_us() >= stop_us_) return;
    const auto& body = orders_.numbered(++sent_, now_us());
    connection.out = head_;
    if (!delivery_header_.empty())
      connection.out += delivery_header_ + ": " + run_ + "-" + std::to_string(sent_) + "\r\n";
    if (!sign_header_.empty()) connection.out += sign_header_ + ": " + signer_.sign(body) + "\r\n";
    connection.out += "\r\n" + body;
    connection.written = 0;
    connection.busy = true;
    ++under_way_;
    connection.sent_us = now_us();
    write(connection);
  }

  static void write(Connection& connection) {
    while (connection.busy && connection.written < connection.out.size()) {
      const ssize_t put = ::send(connection.fd, connection.out.data() + connection.written,
                                 connection.out.size() - connection.written, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (put <= 0) return;
      connection.written += static_cast<std::size_t>(put);
    }
  }

  void read(std::size_t index) {
    auto& connection = connections_[index];
    if (connection.fd < 0) return;
    bool ended = false;
    for (;;) {
      const ssize_t got = ::recv(connection.fd, block_.data(), block_.size(), MSG_DONTWAIT);
      if (got > 0) {
        connection.in.append(block_.data(), static_cast<std::size_t>(got));
        if (static_cast<std::size_t>(got) == block_.size()) continue;
      }
      ended = got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
      break;
    }
    if (const auto answer = whole_message(connection.in); answer && connection.busy) {
      take(connection, *answer);
      ended = ended || answer->broken;
      connection.in.erase(0, answer->bytes);
      if (!ended && pause_us_ == 0) return send_next(connection);
    }
    if (!ended) return;
    if (connection.busy) {
      ++errors_;
      --under_way_;
      connection.busy = false;
    }
    ::close(connection.fd);
    connection.fd = -1;
    connection.in.clear();
    if (now_us() < stop_us_) open(index);
  }

  void take(Connection& connection, const HttpText& answer) {
    last_us_ = now_us();
    connection.busy = false;
    --under_way_;
    const int status = std::atoi(std::string(answer.first_line.substr(9, 3)).c_str());
    if (status / 100 == 2) {
      latencies_us_.push_back(static_cast<std::uint32_t>(last_us_ - connection.sent_us));
      return;
    }
    if (non2xx_++ == 0) {
      first_non2xx_ = status;
      std::fprintf(stderr, "bench_load: %s %s\n", std::string(answer.first_line).c_str(),
                   std::string(answer.body.substr(0, 300)).c_str());
    }
  }

  [[nodiscard]] double latency_ms(double share) const {
    if (latencies_us_.empty()) return 0;
    const auto index = static_cast<std::size_t>(share * static_cast<double>(latencies_us_.size()));
    return latencies_us_[std::min(index, latencies_us_.size() - 1)] / 1000.0;
  }

  int report() {
    std::sort(latencies_us_.begin(), latencies_us_.end());
    const double seconds = std::max(static_cast<double>(last_us_ - first_us_) / 1e6, 1e-6);
    std::printf(
        "{\"sent\":%lld,\"ok\":%zu,\"non2xx\":%lld,\"first_non2xx\":%d,\"errors\":%lld,\"skipped\":%lld,"
        "\"seconds\":%.3f,\"rps\":%.1f,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f,\"first_us\":%lld}\n",
        sent_, latencies_us_.size(), non2xx_, first_non2xx_, errors_, skipped_, seconds,
        static_cast<double>(latencies_us_.size()) / seconds, latency_ms(0.5), latency_ms(0.99), latency_ms(1),
        static_cast<long long>(first_us_));
    return latencies_us_.empty() ? 1 : 0;
  }

  std::uint16_t port_;
  std::int64_t ends_after_us_;
  Orders orders_;
  std::string sign_header_, delivery_header_, run_;
  Signer signer_;
  std::int64_t pause_us_;  // 0: each connection sends when its last answer is there
  std::vector<Connection> connections_;
  std::string head_;
  int poll_ = ::epoll_create1(EPOLL_CLOEXEC);
  std::vector<char> block_ = std::vector<char>(1 << 16);
  std::vector<std::uint32_t> latencies_us_;
  std::size_t under_way_ = 0;
  long long sent_ = 0, non2xx_ = 0, errors_ = 0, skipped_ = 0;
  int first_non2xx_ = 0;
  std::int64_t first_us_ = 0, last_us_ = 0, stop_us_ = 0, next_us_ = 0;
};

}  // namespace

int main(int count, char** words) {
  const Arguments arguments(count, words,
                            {{"port", "8080"},
                             {"path", "/"},
                             {"connections", "32"},
                             {"seconds", "5"},
                             {"bytes", "1500"},
                             {"rate", "0"},  // a second, of all connections; 0: as fast as answers come
                             {"sign", ""},   // the header that takes the signature; none: unsigned
                             {"secret", "bench"},
                             {"delivery-header", ""},  // the header that takes RUN-NUMBER, different for each request
                             {"run", "bench"}});
  Load load(arguments);
  return load.run();
}
