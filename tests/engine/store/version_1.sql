-- A store of version 1 as its Tripline left it: a checkpoint, a journal behind it, signals, transitions and marks.
-- Released versions do not change, and neither does this file: it is what migrations start from.
PRAGMA application_id = 0x5472704c;
PRAGMA user_version = 1;

CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE progress (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  checkpoint INTEGER NOT NULL,
  staging INTEGER NOT NULL,
  last_transition INTEGER NOT NULL
);
CREATE TABLE journal (number INTEGER PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE state (
  space INTEGER NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (space, key)
) WITHOUT ROWID;
CREATE TABLE state_next (
  space INTEGER NOT NULL, key BLOB NOT NULL, value BLOB, PRIMARY KEY (space, key)
) WITHOUT ROWID;
CREATE TABLE signals (
  id BLOB NOT NULL UNIQUE,
  rule_id TEXT NOT NULL,
  open INTEGER NOT NULL,
  closes_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  first INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  value BLOB NOT NULL
);
CREATE INDEX signals_by_first ON signals (first, id);
CREATE INDEX signals_open ON signals (first, id) WHERE open = 1;
CREATE INDEX signals_closed ON signals (changed_at, bytes) WHERE open = 0;
CREATE TABLE transitions (
  number INTEGER PRIMARY KEY,
  signal BLOB NOT NULL,
  kind INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  value BLOB NOT NULL
);
CREATE INDEX transitions_by_signal ON transitions (signal, bytes);

INSERT INTO progress VALUES (1, 2, 2, 7);
INSERT INTO meta VALUES ('watermark', x'0177');
INSERT INTO journal VALUES (2, x'0132'), (3, x'0133'), (4, x'0134');
INSERT INTO state VALUES (0, x'61', x'0161'), (0, x'62', x'0162');
INSERT INTO state_next VALUES (0, x'61', NULL), (1, x'63', x'0163');
INSERT INTO signals VALUES
  (x'00000000000000010000000000000001', 'some-rule', 1, 1100, 100, 5, 2, x'016f'),
  (x'00000000000000020000000000000002', 'some-rule', 0, 1200, 200, 4, 2, x'0163');
INSERT INTO transitions VALUES
  (6, x'00000000000000010000000000000001', 1, 2, x'0174'),
  (7, x'00000000000000020000000000000002', 3, 2, x'0174');
