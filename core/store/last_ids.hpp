// Last ids: the highest number of a run or event that was ever given out, although its row has gone. meta keeps it.
#pragma once

#define IEUM_LAST_ID(table) \
  "SELECT max(id) FROM (SELECT max(id) AS id FROM " table \
  " UNION ALL SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'store.last_" table "')"
