-- Version 5: what people need to watch, find and repair (schema.sql has the engine's tables). core/store/schema.cpp runs it as one migration.
-- Nothing here is written on the way of a plain run but `search_*`, behind it, and one row of `minute` and of `recipe_tally` a commit.

-- Who works with the hub. password: an Argon2id text, '' until the invitation was taken up. Names are unique without case.
CREATE TABLE person (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  role TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'editor', 'owner')),
  password TEXT NOT NULL,
  disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),
  created_ms INTEGER NOT NULL,
  seen_ms INTEGER
) STRICT;

-- One-time links: the claim of the hub (person 0), an invitation, a new password. hash: SHA-256 of the text, hex.
CREATE TABLE invitation (
  hash TEXT PRIMARY KEY,
  person INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- person 0: the owner of the machine, by a link that the command line made.
CREATE TABLE session (
  hash TEXT PRIMARY KEY,
  person INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  peer TEXT NOT NULL,
  agent TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_person ON session (person);

-- scopes: JSON list of "area:read" and "area:write". hint: the first letters, so that a person knows which it is.
CREATE TABLE api_token (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  hash TEXT NOT NULL UNIQUE,
  hint TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'editor', 'owner')),
  scopes TEXT NOT NULL,
  made_by TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER,
  used_ms INTEGER,
  revoked_ms INTEGER
) STRICT;

-- Each act of a person or program, before it is done. seal: HMAC over the row and the seal before it, under a key of the vault;
-- status is filled in when the act is over and is not sealed.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  who TEXT NOT NULL,
  kind TEXT NOT NULL,
  what TEXT NOT NULL,
  target TEXT NOT NULL,
  peer TEXT NOT NULL,
  details TEXT NOT NULL,
  seal TEXT NOT NULL,
  status INTEGER
) STRICT;
CREATE INDEX audit_by_who ON audit (who);

-- Saved views of the console. person 0: for everybody.
CREATE TABLE saved_view (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  person INTEGER NOT NULL,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  UNIQUE (person, name)
) STRICT;

-- Outward actions of a recipe, connection or connector wait while a row covers them. released: the row stays until all that
-- it held was given its turn (due_ms of the run), and new actions queue no more. expire_after_ms: what waited longer when it is released does not go any more.
CREATE TABLE hold (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('recipe', 'connection', 'connector')),
  name TEXT NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  since_ms INTEGER NOT NULL,
  until_ms INTEGER,
  per_minute INTEGER,
  expire_after_ms INTEGER,
  expire_then TEXT NOT NULL CHECK (expire_then IN ('skip', 'cancel')),
  UNIQUE (kind, name)
) STRICT;

-- Failures grouped by cause. state: 0 open, 1 resolved. seen: how often in all; since_open: since it was opened last.
CREATE TABLE problem (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  recipe INTEGER NOT NULL,
  step TEXT NOT NULL,
  operation TEXT NOT NULL,
  connection INTEGER NOT NULL,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  state INTEGER NOT NULL CHECK (state IN (0, 1)),
  seen INTEGER NOT NULL,
  since_open INTEGER NOT NULL,
  reopened INTEGER NOT NULL,
  first_ms INTEGER NOT NULL,
  last_ms INTEGER NOT NULL,
  last_run INTEGER NOT NULL,
  resolved_ms INTEGER,
  resolved_by TEXT NOT NULL,
  UNIQUE (recipe, step, operation, connection, code)
) STRICT;
CREATE INDEX problem_by_time ON problem (state, last_ms);
CREATE TABLE problem_run (
  problem INTEGER NOT NULL,
  run INTEGER NOT NULL,
  PRIMARY KEY (problem, run)
) STRICT, WITHOUT ROWID;
CREATE INDEX problem_run_by_run ON problem_run (run);

-- Retention asks what an event is still needed for.
CREATE INDEX absence_by_event ON absence (event);

-- A run that was begun from the trigger of another. nth: the first, second ... of that one; two people cannot both make it.
CREATE TABLE replay (
  run INTEGER PRIMARY KEY,
  original INTEGER NOT NULL,
  nth INTEGER NOT NULL,
  made_by TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  UNIQUE (original, nth)
) STRICT;

-- The search index, behind the run. text: what a person may look for, one line each; search_text has its grams (search_grams.hpp),
-- and forgets them only when it is told them again.
CREATE TABLE search_doc (
  run INTEGER PRIMARY KEY,
  text TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE search_text USING fts5 (grams, content = '', detail = 'none', columnsize = 0,
  tokenize = 'unicode61 remove_diacritics 0');
CREATE TABLE search_field (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  run INTEGER NOT NULL,
  PRIMARY KEY (name, value, run)
) STRICT, WITHOUT ROWID;
CREATE INDEX search_field_by_run ON search_field (run);
-- Runs that were indexed while they lived, and are indexed once more when they have ended.
CREATE TABLE search_live (
  run INTEGER PRIMARY KEY
) STRICT;

-- Totals of each recipe, moved once for each commit that moves runs of it.
CREATE TABLE recipe_tally (
  recipe INTEGER PRIMARY KEY,
  acting INTEGER NOT NULL,
  waiting INTEGER NOT NULL,
  in_doubt INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  last_started_ms INTEGER NOT NULL
) STRICT;

-- What went through, by the minute; one row a commit.
CREATE TABLE minute (
  at INTEGER PRIMARY KEY,
  events INTEGER NOT NULL,
  started INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  steps INTEGER NOT NULL
) STRICT;
