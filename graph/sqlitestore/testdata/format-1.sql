-- A store of format 1 as it was written then: two organisations, three versions, a source that went and came.
PRAGMA application_id = 1466462035;
PRAGMA user_version = 1;
CREATE TABLE orgs (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	version INTEGER NOT NULL
) STRICT;
CREATE TABLE sources (
	id INTEGER PRIMARY KEY,
	org INTEGER NOT NULL REFERENCES orgs,
	name TEXT NOT NULL,
	rank INTEGER NOT NULL,
	UNIQUE (org, name)
) STRICT;
CREATE TABLE source_changes (
	source INTEGER NOT NULL REFERENCES sources,
	version INTEGER NOT NULL,
	old_rank INTEGER NOT NULL,
	new_rank INTEGER NOT NULL,
	PRIMARY KEY (source, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE files (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	sheet TEXT NOT NULL,
	UNIQUE (name, sheet)
) STRICT;
CREATE TABLE versions (
	org INTEGER NOT NULL REFERENCES orgs,
	version INTEGER NOT NULL,
	time TEXT NOT NULL,
	by TEXT NOT NULL,
	program TEXT,
	sources TEXT,
	files TEXT,
	mapping TEXT,
	added INTEGER NOT NULL,
	changed INTEGER NOT NULL,
	removed INTEGER NOT NULL,
	undoes INTEGER,
	PRIMARY KEY (org, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE documents (
	org INTEGER NOT NULL REFERENCES orgs,
	kind TEXT NOT NULL,
	key TEXT NOT NULL,
	data TEXT NOT NULL,
	PRIMARY KEY (org, kind, key)
) STRICT;
CREATE TABLE nodes (
	fact INTEGER PRIMARY KEY,
	source INTEGER NOT NULL REFERENCES sources,
	since INTEGER NOT NULL,
	until INTEGER,
	id TEXT,
	name TEXT,
	nth INTEGER NOT NULL,
	kind TEXT,
	unit TEXT,
	headcount REAL,
	min_staff REAL,
	capacity REAL,
	recovery_hours REAL,
	failures_per_year REAL,
	value REAL,
	segment TEXT,
	can_fail TEXT,
	contact TEXT,
	site TEXT,
	tags TEXT,
	aliases TEXT,
	team TEXT,
	manager TEXT,
	role TEXT,
	attributes TEXT,
	file INTEGER REFERENCES files,
	row INTEGER
) STRICT;
CREATE TABLE links (
	fact INTEGER PRIMARY KEY,
	source INTEGER NOT NULL REFERENCES sources,
	since INTEGER NOT NULL,
	until INTEGER,
	provider TEXT NOT NULL,
	consumer TEXT NOT NULL,
	service TEXT NOT NULL,
	nth INTEGER NOT NULL,
	criticality TEXT,
	min_providers REAL,
	tolerance_hours REAL,
	volume REAL,
	lead_time_hours REAL,
	satisfaction REAL,
	response_hours REAL,
	cost REAL,
	agreement TEXT,
	channel TEXT,
	feedback TEXT,
	declared_by TEXT,
	confirmed_on TEXT,
	attributes TEXT,
	file INTEGER REFERENCES files,
	row INTEGER
) STRICT;
CREATE INDEX nodes_since ON nodes (source, since);
CREATE INDEX links_since ON links (source, since);
CREATE UNIQUE INDEX nodes_now ON nodes (source, (kind IS 'unit'), (id IS NULL), coalesce(id, name, ''), nth) WHERE until IS NULL;
CREATE INDEX nodes_gone ON nodes (source, until) WHERE until IS NOT NULL;
CREATE UNIQUE INDEX links_now ON links (source, provider, consumer, service, nth) WHERE until IS NULL;
CREATE INDEX links_gone ON links (source, until) WHERE until IS NOT NULL;
INSERT INTO orgs VALUES (1, 'default', 2), (2, 'other', 1);
INSERT INTO sources VALUES (1, 1, 'hr', 1), (2, 2, 'hr', 1);
INSERT INTO source_changes VALUES (1, 1, 0, 1), (2, 1, 0, 1);
INSERT INTO files VALUES (1, 'hr.csv', '');
INSERT INTO versions (org, version, time, by, sources, added, changed, removed) VALUES
	(1, 1, '2026-01-02T03:04:05Z', 'ann', '["hr"]', 3, 0, 0),
	(2, 1, '2026-01-03T03:04:05Z', 'bob', '["hr"]', 1, 0, 0),
	(1, 2, '2026-01-04T03:04:05Z', 'ann', '["hr"]', 1, 1, 1);
INSERT INTO nodes (fact, source, since, until, id, name, nth, kind, capacity, tags, attributes, file, row) VALUES
	(1, 1, 1, NULL, 'it', 'IT', 0, 'team', 5, '["core"]', '{"Floor":"3"}', 1, 2),
	(2, 1, 1, 2, 'hr', 'HR', 0, 'team', 2.5, NULL, NULL, 1, 3),
	(3, 2, 1, NULL, NULL, 'Alone', 0, 'person', NULL, NULL, NULL, NULL, NULL),
	(4, 1, 2, NULL, 'hr', 'HR', 0, 'team', 3.5, NULL, NULL, 1, 3);
INSERT INTO links (fact, source, since, until, provider, consumer, service, nth, criticality, volume, file, row) VALUES
	(1, 1, 1, 2, 'it', 'hr', 'Mail', 0, 'minor', 9, 1, 7),
	(2, 1, 2, NULL, 'hr', 'it', '', 0, NULL, NULL, 1, 8);
INSERT INTO documents VALUES (1, 'view', 'mine', '{"a":1}');
