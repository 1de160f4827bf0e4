#include "app/signals.hpp"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

namespace ieum::app {
namespace {

sigset_t ending() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

void block_signals() {
  const auto set = ending();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

std::optional<int> wait_for_signal(Millis at_most_for) {
  const auto set = ending();
  const timespec limit{static_cast<time_t>(at_most_for / 1000), static_cast<long>(at_most_for % 1000) * 1'000'000};
  int number = 0;
  do {  // stopping and continuing the process interrupts the wait
    number = at_most_for < 0 ? sigwaitinfo(&set, nullptr) : sigtimedwait(&set, nullptr, &limit);
  } while (number < 0 && errno == EINTR);
  if (number > 0) return number;
  return std::nullopt;
}

void wake_main() { ::kill(::getpid(), SIGTERM); }

}  // namespace ieum::app
