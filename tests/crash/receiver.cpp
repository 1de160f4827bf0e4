#include "crash/receiver.hpp"

#include <sys/eventfd.h>

#include <cerrno>

#include "bench/http_text.hpp"
#include "bench/sockets.hpp"

namespace ieum::test {

Receiver::Receiver(std::uint16_t port)
    : door_(bench::listen_on(port)),
      poll_(::epoll_create1(EPOLL_CLOEXEC)),
      bell_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  for (const int fd : {door_, bell_}) bench::watch(poll_, fd, EPOLLIN, static_cast<std::uint64_t>(fd));
  thread_ = std::thread([this] { serve(); });
}

Receiver::~Receiver() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  ::eventfd_write(bell_, 1);
  thread_.join();
  for (const auto& [fd, in] : connections_) ::close(fd);
  for (const int fd : {door_, poll_, bell_}) ::close(fd);
}

void Receiver::next_life() {
  std::unique_lock lock(mutex_);
  waits_until_alone_ = true;
  ::eventfd_write(bell_, 1);
  alone_.wait(lock, [this] { return !waits_until_alone_; });
  ++life_;
}

std::vector<Call> Receiver::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(calls_, {});
}

void Receiver::accept_all() {
  for (int next = 0; (next = ::accept4(door_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
    bench::no_delay(next);
    connections_[next].clear();
    bench::watch(poll_, next, EPOLLIN, static_cast<std::uint64_t>(next));
  }
}

// Answers the whole requests in `in`; false when the connection is of no more use.
bool Receiver::answer(int fd, std::string& in) {
  for (;;) {
    const auto request = bench::whole_message(in);
    if (!request) return true;
    Call call;
    call.delivery = bench::number_after(request->body, "delivery");
    call.key = bench::header_value(std::string_view(in).substr(0, in.find("\r\n\r\n") + 2), "idempotency-key");
    const bool lost = loses_answer(call.delivery) && seen_[call.delivery]++ == 0;
    call.answered = !lost;
    const std::string text = std::string("HTTP/1.1 ") + (refuses(call.delivery) ? "400 Bad Request" : "200 OK") +
                             "\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"ok\":true}";
    {
      const std::lock_guard lock(mutex_);
      call.life = life_;
      calls_.push_back(std::move(call));
    }
    in.erase(0, request->bytes);
    if (lost || ::send(fd, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size())) return false;
  }
}

void Receiver::serve() {
  std::vector<epoll_event> events(256);
  std::vector<char> block(1 << 16);
  for (;;) {
    bool hurries = false;
    {
      const std::lock_guard lock(mutex_);
      if (ends_) return;
      hurries = waits_until_alone_;
    }
    const int ready = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), hurries ? 1 : -1);
    if (ready == 0 && connections_.empty()) {
      const std::lock_guard lock(mutex_);
      waits_until_alone_ = false;
      alone_.notify_all();
    }
    for (int i = 0; i < ready; ++i) {
      const int fd = static_cast<int>(events[static_cast<std::size_t>(i)].data.u64);
      if (fd == bell_) {
        eventfd_t rung = 0;
        ::eventfd_read(bell_, &rung);
        continue;
      }
      if (fd == door_) {
        accept_all();
        continue;
      }
      auto& in = connections_[fd];
      const ssize_t got = ::recv(fd, block.data(), block.size(), 0);
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
      if (got > 0) in.append(block.data(), static_cast<std::size_t>(got));
      if (got > 0 && answer(fd, in)) continue;
      connections_.erase(fd);
      ::close(fd);
    }
  }
}

}  // namespace ieum::test
