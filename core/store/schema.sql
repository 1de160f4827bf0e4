-- The store's tables, version 3 (1 and 2 were drafts). core/store/schema.cpp runs this file as the first migration; a later change is a
-- migration of its own and never an edit here once a release carries it.
--
-- Times are integer Unix milliseconds, UTC. Ids are given out by the hub in order of time. A plain run (one event, one
-- step) costs eight row writes: event, payload, dedupe, event, run, step, step, run. Every index below is either partial
-- or grows at its end; only the dedupe tables (one a day, made and dropped by dedupe.cpp) have random keys on that path.
-- The number 10 in `state < 10` is the first terminal state of a run (rows.hpp).

CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Totals for people, moved once for each commit (tally.hpp).
CREATE TABLE tally (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  events INTEGER NOT NULL,
  events_fresh INTEGER NOT NULL,
  events_dead INTEGER NOT NULL,
  events_quarantined INTEGER NOT NULL,
  runs INTEGER NOT NULL,
  runs_acting INTEGER NOT NULL,
  runs_waiting INTEGER NOT NULL,
  runs_in_doubt INTEGER NOT NULL,
  runs_failed INTEGER NOT NULL,
  runs_finished INTEGER NOT NULL
) STRICT;
INSERT INTO tally VALUES (1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  connection INTEGER NOT NULL,
  topic TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),
  reason TEXT NOT NULL
) STRICT;
-- Fresh, quarantined and dead events; a routed event (1) leaves it.
CREATE INDEX event_open ON event (state) WHERE state <> 1;
CREATE INDEX event_by_connection ON event (connection);

CREATE TABLE payload (
  event INTEGER PRIMARY KEY,
  method TEXT NOT NULL,
  path TEXT NOT NULL,
  headers TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT;

CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  recipe INTEGER NOT NULL,
  version INTEGER NOT NULL,
  customer INTEGER NOT NULL,
  key TEXT NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 3 OR state BETWEEN 10 AND 14),
  rev INTEGER NOT NULL,
  lease_epoch INTEGER NOT NULL,
  at_step TEXT NOT NULL,
  due_ms INTEGER,
  trigger_event INTEGER NOT NULL,
  trigger_item INTEGER NOT NULL,
  started_ms INTEGER NOT NULL,
  ended_ms INTEGER,
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX run_due ON run (due_ms) WHERE state < 10 AND due_ms IS NOT NULL;
-- Live runs about somebody or something: what an event is matched against, and the guard of an exclusive entry.
CREATE INDEX run_live ON run (customer, recipe, key) WHERE state < 10 AND (customer <> 0 OR key <> '');
-- Entries of a customer or, where the recipe is about nobody, of a key; caps count them.
CREATE INDEX run_by_customer ON run (customer, recipe, key, started_ms) WHERE customer <> 0;
CREATE INDEX run_by_key ON run (recipe, key, started_ms) WHERE customer = 0 AND key <> '';
-- Lists for people, newest first. A finished run (10) is in no list of states: it is found by walking the ids.
CREATE INDEX run_by_state ON run (state) WHERE state <> 10;
CREATE INDEX run_by_recipe ON run (recipe);
CREATE INDEX run_by_trigger ON run (trigger_event);

-- Variables lie apart, so that a move of the run does not write them again. No row means {}.
CREATE TABLE run_vars (
  run INTEGER PRIMARY KEY,
  vars TEXT NOT NULL
) STRICT;

CREATE TABLE decision (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL,
  customer INTEGER NOT NULL,
  step TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  allowed INTEGER NOT NULL CHECK (allowed IN (0, 1)),
  reason TEXT NOT NULL,
  channel TEXT NOT NULL,
  message_class TEXT NOT NULL
) STRICT;
CREATE INDEX decision_by_run ON decision (run);

-- What reaches a customer cannot be written without the decision of the gate.
CREATE TABLE step (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL,
  step TEXT NOT NULL,
  iteration INTEGER NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 6),
  attempt INTEGER NOT NULL,
  key TEXT NOT NULL,
  connection INTEGER NOT NULL,
  operation TEXT NOT NULL,
  decision INTEGER REFERENCES decision (id),
  reaches_customer INTEGER NOT NULL CHECK (reaches_customer IN (0, 1)),
  inputs TEXT NOT NULL,
  continuation TEXT NOT NULL,
  exchange TEXT NOT NULL,
  output TEXT NOT NULL,
  error_code TEXT NOT NULL,
  error_text TEXT NOT NULL,
  opened_ms INTEGER NOT NULL,
  closed_ms INTEGER,
  CONSTRAINT what_reaches_a_customer_has_a_decision CHECK (reaches_customer = 0 OR decision IS NOT NULL)
) STRICT;
CREATE INDEX step_by_run ON step (run);
-- Steps that may be under way.
CREATE INDEX step_open ON step (state) WHERE state = 0;
-- Loops that a run is in.
CREATE INDEX step_running ON step (run) WHERE state = 6;
CREATE INDEX step_by_decision ON step (decision) WHERE decision IS NOT NULL;

-- Explicit keys under which an event finds what listens for it (match in a recipe). owner: a run, or, below zero, the
-- negated id of an absence. for_life: until the run ends (exit_on); else while it stands at its wait_for.
CREATE TABLE listener (
  event TEXT NOT NULL,
  shape TEXT NOT NULL,
  value TEXT NOT NULL,
  owner INTEGER NOT NULL,
  for_life INTEGER NOT NULL CHECK (for_life IN (0, 1)),
  PRIMARY KEY (event, shape, value, owner)
) STRICT, WITHOUT ROWID;
CREATE INDEX listener_by_owner ON listener (owner);

-- What named a step of a live run, by its key, while the run did not (or not yet) wait for it.
CREATE TABLE told (
  run INTEGER NOT NULL,
  step_key TEXT NOT NULL,
  name TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  event INTEGER NOT NULL,
  fields TEXT NOT NULL,
  PRIMARY KEY (run, step_key, name, at_ms, event)
) STRICT, WITHOUT ROWID;

-- A pending absence is no run: the last trigger event, and when its time is over.
CREATE TABLE absence (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  recipe INTEGER NOT NULL,
  customer INTEGER NOT NULL,
  key TEXT NOT NULL,
  due_ms INTEGER NOT NULL,
  event INTEGER NOT NULL,
  item INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  UNIQUE (recipe, customer, key)
) STRICT;
CREATE INDEX absence_due ON absence (due_ms);
CREATE INDEX absence_by_customer ON absence (customer) WHERE customer <> 0;

-- A run whose goal was reached: at most once.
CREATE TABLE conversion (
  run INTEGER PRIMARY KEY,
  event INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE customer (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  rev INTEGER NOT NULL,
  created_ms INTEGER NOT NULL
) STRICT;

-- Traits lie apart, so that a move of the customer's rev does not write them again. No row means "".
CREATE TABLE customer_traits (
  customer INTEGER PRIMARY KEY REFERENCES customer (id) ON DELETE CASCADE,
  traits TEXT NOT NULL
) STRICT;

CREATE TABLE identity (
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  customer INTEGER NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
  added_ms INTEGER NOT NULL,
  PRIMARY KEY (kind, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_by_customer ON identity (customer);

CREATE TABLE history (
  id INTEGER PRIMARY KEY,
  customer INTEGER NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  received_ms INTEGER NOT NULL,
  event INTEGER NOT NULL,
  source_key TEXT NOT NULL,
  fields TEXT NOT NULL
) STRICT;
CREATE INDEX history_by_name ON history (customer, name, at_ms);
CREATE UNIQUE INDEX history_by_source ON history (customer, name, source_key) WHERE source_key <> '';

CREATE TABLE opt_out (
  customer INTEGER NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
  topic TEXT NOT NULL,
  channel TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  source TEXT NOT NULL,
  PRIMARY KEY (customer, topic, channel)
) STRICT, WITHOUT ROWID;

-- AUTOINCREMENT where rows can be removed one by one: an id is never given out twice.
CREATE TABLE connection (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  connector TEXT NOT NULL,
  config TEXT NOT NULL,
  origins TEXT NOT NULL,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE secret (
  connection INTEGER NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
  slot TEXT NOT NULL,
  version INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  created_ms INTEGER NOT NULL,
  until_ms INTEGER,
  PRIMARY KEY (connection, slot, version)
) STRICT, WITHOUT ROWID;

-- Where a poll stands: one row for each element that it asks about (item; '' when there is one). cursor: JSON, '' before the
-- first answer. It moves in the unit that accepts what the poll told.
CREATE TABLE poll (
  connection INTEGER NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
  poll TEXT NOT NULL,
  item TEXT NOT NULL,
  cursor TEXT NOT NULL,
  due_ms INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  last_ok_ms INTEGER,
  problem TEXT NOT NULL,
  PRIMARY KEY (connection, poll, item)
) STRICT, WITHOUT ROWID;

-- A webhook that the hub has made at the vendor. ensured_for: what it was last made with, so that a change is seen.
CREATE TABLE subscription (
  connection INTEGER NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  item TEXT NOT NULL,
  state TEXT NOT NULL,
  ensured_for TEXT NOT NULL,
  due_ms INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  last_ok_ms INTEGER,
  problem TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (connection, name, item)
) STRICT, WITHOUT ROWID;

-- Copies of a vendor's own lists (templates, forms, channels), replaced whole.
CREATE TABLE resource_list (
  connection INTEGER NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  fetched_ms INTEGER NOT NULL,
  PRIMARY KEY (connection, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE resource (
  connection INTEGER NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (connection, kind, key),
  FOREIGN KEY (connection, kind) REFERENCES resource_list (connection, kind) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Requests of people, told by vendors, to forget them. A row stays when it is done: it proves that it was.
CREATE TABLE erasure (
  event INTEGER NOT NULL,
  item INTEGER NOT NULL,
  connection INTEGER NOT NULL,
  subject TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  state INTEGER NOT NULL CHECK (state IN (0, 1)),
  PRIMARY KEY (event, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX erasure_open ON erasure (event) WHERE state = 0;

-- What is known of a fetched token; the token itself is a row of secret.
CREATE TABLE token (
  connection INTEGER NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
  scheme TEXT NOT NULL,
  fetched_ms INTEGER NOT NULL,
  expires_ms INTEGER,
  refresh_expires_ms INTEGER,
  scope TEXT NOT NULL,
  PRIMARY KEY (connection, scheme)
) STRICT, WITHOUT ROWID;

-- A connection with a problem. dead: a person must mend it, and its steps are held until then.
CREATE TABLE health (
  connection INTEGER PRIMARY KEY REFERENCES connection (id) ON DELETE CASCADE,
  dead INTEGER NOT NULL CHECK (dead IN (0, 1)),
  problem TEXT NOT NULL,
  since_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE recipe (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  current_version INTEGER NOT NULL
) STRICT;

CREATE TABLE recipe_version (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  recipe INTEGER NOT NULL REFERENCES recipe (id),
  hash TEXT NOT NULL,
  source TEXT NOT NULL,
  format TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  UNIQUE (recipe, hash)
) STRICT;

-- How often an event or run was taken up again after an unclean end. Empty in normal running.
CREATE TABLE crash_tries (
  is_event INTEGER NOT NULL CHECK (is_event IN (0, 1)),
  id INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  PRIMARY KEY (is_event, id)
) STRICT, WITHOUT ROWID;
