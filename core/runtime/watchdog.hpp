// Watchdog: knows which module call runs on each thread and for which unit, and ends the process when one does not return.
// A module is trusted like the binary, so a crash or an endless loop is the process's; what survives is the note
// that names the connector, so that the next start can say why a unit was set aside.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "host/connector.hpp"

namespace ieum::runtime {

class Watchdog : public host::CallObserver {
 public:
  // "event 12" or "run 7 step greet": what the note will say this thread was working on. [any-thread]
  virtual void working_on(std::string unit) = 0;
  // Writes what is under way to the note file with async-signal-safe calls only; nothing when no module runs. For signal handlers.
  virtual void note_from_signal(const char* cause) noexcept = 0;
};

struct WatchdogOptions {
  std::string note_file;               // DATA/last-call; overwritten
  Millis call_for_max = 10 * kSecond;  // real time that one module call may take
};

// Starts the watching thread (core/runtime/watchdog.cpp is the named file for it).
std::unique_ptr<Watchdog> make_watchdog(WatchdogOptions options);

// What the former process noted, if it noted something: "connector faulty, phase webhook, event 12: did not return in 10 s".
std::string read_note(const std::string& note_file);
// The number of the "event" or "run" that such a note names.
std::optional<Id> noted_unit(std::string_view note, std::string_view kind);

}  // namespace ieum::runtime
