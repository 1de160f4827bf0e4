#include "net/resolver.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>

namespace ieum::net {
namespace {

constexpr int kThreadsMax = 4;

}  // namespace

struct Resolver::State {
  struct Job {
    std::string host;
    std::function<void(Result<std::vector<Address>>)> done;
  };
  Io* io;  // nothing after the resolver ended
  Lookup lookup;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Job> jobs;
  int threads = 0;
  int idle = 0;

  void work() {
    std::unique_lock lock(mutex);
    for (;;) {
      ++idle;
      changed.wait(lock, [&] { return io == nullptr || !jobs.empty(); });
      --idle;
      if (io == nullptr) return;
      Job job = std::move(jobs.front());
      jobs.pop_front();
      lock.unlock();
      auto result = lookup(job.host);
      lock.lock();
      if (io == nullptr) return;
      io->post([done = std::move(job.done), result = std::move(result)]() mutable { done(std::move(result)); });
    }
  }
};

Resolver::Resolver(Io& io, Lookup lookup) : state_(std::make_shared<State>()) {
  state_->io = &io;
  state_->lookup = std::move(lookup);
}

Resolver::~Resolver() {
  std::deque<State::Job> dropped;
  std::lock_guard lock(state_->mutex);
  state_->io = nullptr;
  dropped.swap(state_->jobs);
  state_->changed.notify_all();
}

void Resolver::resolve(std::string host, std::function<void(Result<std::vector<Address>>)> done) {
  std::lock_guard lock(state_->mutex);
  state_->jobs.push_back({std::move(host), std::move(done)});
  if (static_cast<std::size_t>(state_->idle) < state_->jobs.size() && state_->threads < kThreadsMax) {
    ++state_->threads;
    // Not joined: the system's resolver cannot be told to stop. The thread touches nothing but the shared state.
    std::thread([state = state_] { state->work(); }).detach();
  }
  state_->changed.notify_one();
}

Result<std::vector<Address>> system_lookup(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  const int failure = getaddrinfo(host.c_str(), nullptr, &hints, &list);
  if (failure != 0)
    return Error("resolve_failed", "the host name " + host + " could not be resolved: " + gai_strerror(failure),
                 "check the spelling of the host name and this machine's DNS");
  std::vector<Address> addresses;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    Address address;
    if (entry->ai_family == AF_INET6) {
      address.v6 = true;
      std::memcpy(address.bytes.data(), &reinterpret_cast<const sockaddr_in6*>(entry->ai_addr)->sin6_addr, 16);
    } else if (entry->ai_family == AF_INET) {
      std::memcpy(address.bytes.data(), &reinterpret_cast<const sockaddr_in*>(entry->ai_addr)->sin_addr, 4);
    } else {
      continue;
    }
    addresses.push_back(address);
  }
  freeaddrinfo(list);
  if (addresses.empty()) return Error("resolve_failed", "the host name " + host + " has no address");
  return addresses;
}

}  // namespace ieum::net
