// Google Sheets: tells of rows by polling, appends and changes them, keeps Drive's push channel alive.
//
// Rows have no identity at Google and appends no idempotency key. So an appended row carries its step key in a column of
// the hub's own, by which a row is found after a lost answer; and a poll remembers a print of every row (watch.hpp).
// https://developers.google.com/workspace/sheets/api/reference/rest
#include "ieum/module.hpp"

#include "operations.hpp"
#include "place.hpp"

namespace sheets {

namespace {

using ieum::Call;
using ieum::Effect;

struct Entry {
  std::string_view name;
  Effect (*run)(const Call&);
};

constexpr Entry kOperations[] = {
    {"rows", poll_rows},
    {"row.append", append_row},
    {"row.look_up", look_up_row},
    {"row.update", update_row},
    {"rows.batch_update", batch_update},
    {"rows.read", read_rows_of},
    {"rows.find", find_row},
    {"range.clear", clear_range},
    {"spreadsheet.create", create_spreadsheet},
    {"sheet.add", add_sheet},
    {"row.delete", delete_row},
    {"row.find_deleted", find_deleted_row},
    {"cells.replace", replace_cells},
    {"sheets.list", list_sheets},
    {"channel.ensure", ensure_channel},
    {"channel.remove", remove_channel},
    {"login.test", test_login},
};

Effect step(const Call& call) {
  const std::string operation = call.operation();
  if (auto refusal = bad_address(call)) return std::move(*refusal);
  if (call.phase() != ieum::Phase::webhook)
    for (const Entry& entry : kOperations)
      if (entry.name == operation) return entry.run(call);
  return ieum::fail(ieum::Kind::permanent, "unknown_operation", "sheets has no operation '" + operation + "'");
}

}  // namespace

}  // namespace sheets

IEUM_CONNECTOR(sheets::step)
