#include "app/crash_note.hpp"

#include <signal.h>
#include <unistd.h>

#include <atomic>

namespace ieum::app {
namespace {

std::atomic<runtime::Watchdog*> noting{nullptr};

const char* signal_text(int number) {
  switch (number) {
    case SIGSEGV: return "it touched memory that is not its own (SIGSEGV)";
    case SIGBUS: return "it touched memory that is not there (SIGBUS)";
    case SIGFPE: return "it divided by zero or the like (SIGFPE)";
    case SIGILL: return "it ran an illegal instruction (SIGILL)";
    default: return "it aborted (SIGABRT)";
  }
}

void handle(int number) {
  if (auto* watchdog = noting.exchange(nullptr)) watchdog->note_from_signal(signal_text(number));
  ::signal(number, SIG_DFL);
  ::raise(number);
}

}  // namespace

void note_crashes_to(runtime::Watchdog* watchdog) {
  noting.store(watchdog);
  if (watchdog == nullptr) return;
  struct sigaction action {};
  action.sa_handler = handle;
  action.sa_flags = SA_ONSTACK | SA_NODEFER;
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) ::sigaction(number, &action, nullptr);
}

}  // namespace ieum::app
