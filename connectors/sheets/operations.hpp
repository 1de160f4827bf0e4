// The operations by file. Each takes a begin or a resume and answers the next effect.
#pragma once
#include "ieum/module.hpp"

namespace sheets {

ieum::Effect poll_rows(const ieum::Call& call);  // poll.cpp

ieum::Effect append_row(const ieum::Call& call);  // append.cpp
ieum::Effect look_up_row(const ieum::Call& call);

ieum::Effect update_row(const ieum::Call& call);  // change.cpp
ieum::Effect batch_update(const ieum::Call& call);
ieum::Effect clear_range(const ieum::Call& call);

ieum::Effect create_spreadsheet(const ieum::Call& call);  // structure.cpp
ieum::Effect add_sheet(const ieum::Call& call);
ieum::Effect delete_row(const ieum::Call& call);
ieum::Effect find_deleted_row(const ieum::Call& call);
ieum::Effect replace_cells(const ieum::Call& call);

ieum::Effect read_rows_of(const ieum::Call& call);  // read.cpp
ieum::Effect find_row(const ieum::Call& call);
ieum::Effect list_sheets(const ieum::Call& call);
ieum::Effect test_login(const ieum::Call& call);

ieum::Effect ensure_channel(const ieum::Call& call);  // channel.cpp
ieum::Effect remove_channel(const ieum::Call& call);

}  // namespace sheets
