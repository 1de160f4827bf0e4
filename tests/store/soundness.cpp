#include "store/soundness.hpp"

#include <sqlite3.h>

namespace ieum::store::test {

std::string faults_of(const std::string& path) {
  sqlite3* database = nullptr;
  std::string faults;
  const auto collect = [](void* to, int count, char** values, char**) {
    for (int at = 0; at < count; ++at) {
      if (values[at] != nullptr && std::string(values[at]) != "ok")
        *static_cast<std::string*>(to) += std::string(values[at]) + " ";
    }
    return 0;
  };
  if (sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK) faults += "cannot open ";
  const char* questions =
      "PRAGMA integrity_check; PRAGMA foreign_key_check;"
      "SELECT 'totals differ' FROM tally WHERE events <> (SELECT count(*) FROM event)"
      " OR events_fresh <> (SELECT count(*) FROM event WHERE state = 0)"
      " OR events_quarantined <> (SELECT count(*) FROM event WHERE state = 2)"
      " OR events_dead <> (SELECT count(*) FROM event WHERE state = 3)"
      " OR runs <> (SELECT count(*) FROM run) OR runs_acting <> (SELECT count(*) FROM run WHERE state = 1)"
      " OR runs_waiting <> (SELECT count(*) FROM run WHERE state = 2)"
      " OR runs_in_doubt <> (SELECT count(*) FROM run WHERE state = 3)"
      " OR runs_failed <> (SELECT count(*) FROM run WHERE state = 13)"
      " OR runs_finished <> (SELECT count(*) FROM run WHERE state = 10);"
      "SELECT 'event without payload' FROM event WHERE id NOT IN (SELECT event FROM payload);"
      "SELECT 'payload without event' FROM payload WHERE event NOT IN (SELECT id FROM event);"
      "SELECT 'step without run' FROM step WHERE run NOT IN (SELECT id FROM run);"
      "SELECT 'variables without run' FROM run_vars WHERE run NOT IN (SELECT id FROM run);"
      "SELECT 'two open steps of a run' FROM step WHERE state = 0 GROUP BY run HAVING count(*) > 1;"
      "SELECT 'open step of an ended run' FROM step WHERE state = 0 AND run IN (SELECT id FROM run WHERE state >= 10);";
  char* message = nullptr;
  if (sqlite3_exec(database, questions, collect, &faults, &message) != SQLITE_OK) faults += message;
  sqlite3_free(message);
  sqlite3_close(database);
  return faults;
}

}  // namespace ieum::store::test
