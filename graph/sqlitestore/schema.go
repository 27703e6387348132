package sqlitestore

import "strings"

const (
	// applicationID marks a file as ours in the header that SQLite keeps for it: "WhoS".
	applicationID = 0x57686f53
	// currentFormat is the format that this package writes. A change of the schema makes a new format: raise this number
	// and add a step to migrations.
	currentFormat = 2
)

// schema makes the tables of the current format. Blank texts and lists, and figures that are not given, are NULL. Times
// are texts such as 2026-11-30T16:05:00Z. Lists are JSON arrays, attributes a JSON object.
var schema = []string{
	`CREATE TABLE orgs (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	version INTEGER NOT NULL
) STRICT`,
	// rank 0: the source is gone.
	`CREATE TABLE sources (
	id INTEGER PRIMARY KEY,
	org INTEGER NOT NULL REFERENCES orgs,
	name TEXT NOT NULL,
	rank INTEGER NOT NULL,
	UNIQUE (org, name)
) STRICT`,
	`CREATE TABLE source_changes (
	source INTEGER NOT NULL REFERENCES sources,
	version INTEGER NOT NULL,
	old_rank INTEGER NOT NULL,
	new_rank INTEGER NOT NULL,
	PRIMARY KEY (source, version)
) STRICT, WITHOUT ROWID`,
	`CREATE TABLE files (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	sheet TEXT NOT NULL,
	UNIQUE (name, sheet)
) STRICT`,
	// last_node and last_link are the highest facts when the version was made: its new rows lie between those of the
	// version before and these.
	`CREATE TABLE versions (
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
	last_node INTEGER NOT NULL,
	last_link INTEGER NOT NULL,
	PRIMARY KEY (org, version)
) STRICT, WITHOUT ROWID`,
	`CREATE TABLE documents (
	org INTEGER NOT NULL REFERENCES orgs,
	kind TEXT NOT NULL,
	key TEXT NOT NULL,
	data TEXT NOT NULL,
	PRIMARY KEY (org, kind, key)
) STRICT`,
	`CREATE TABLE nodes (
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
) STRICT`,
	`CREATE TABLE links (
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
) STRICT`,
	`CREATE UNIQUE INDEX nodes_now ON nodes (source, (kind IS 'unit'), (id IS NULL), coalesce(id, name, ''), nth) WHERE until IS NULL`,
	`CREATE INDEX nodes_gone ON nodes (source, until) WHERE until IS NOT NULL`,
	`CREATE UNIQUE INDEX links_now ON links (source, provider, consumer, service, nth) WHERE until IS NULL`,
	`CREATE INDEX links_gone ON links (source, until) WHERE until IS NOT NULL`,
}

// The columns of a record, in the order in which nodeValues and linkValues write and nodeOf and linkOf read them.
var (
	nodeColumns = strings.Fields(`id name nth kind unit headcount min_staff capacity recovery_hours failures_per_year value
		segment can_fail contact site tags aliases team manager role attributes file row`)
	linkColumns = strings.Fields(`provider consumer service nth criticality min_providers tolerance_hours volume
		lead_time_hours satisfaction response_hours cost agreement channel feedback declared_by confirmed_on attributes file row`)
)

// table says how one sort of record is stored.
type table struct {
	name    string
	columns []string
	key     string // the columns of its key below source, in the order of the keys in package graph
	match   string // the condition that finds a record by its key
}

var (
	nodeTable = table{"nodes", nodeColumns, "(kind IS 'unit'), (id IS NULL), coalesce(id, name, ''), nth",
		"(kind IS 'unit') = ? AND (id IS NULL) = ? AND coalesce(id, name, '') = ? AND nth = ?"}
	linkTable = table{"links", linkColumns, "provider, consumer, service, nth",
		"provider = ? AND consumer = ? AND service = ? AND nth = ?"}
)

// insert gives the statement that adds a record: source, since, then the columns.
func (t table) insert() string {
	return "INSERT INTO " + t.name + " (source, since, " + strings.Join(t.columns, ", ") + ") VALUES (?, ?" +
		strings.Repeat(", ?", len(t.columns)) + ")"
}

// close gives the statement that ends a record: until, source, then the key.
func (t table) close() string {
	return "UPDATE " + t.name + " INDEXED BY " + t.name + "_now SET until = ? WHERE source = ? AND " + t.match + " AND until IS NULL"
}

// selects gives the query for rows under a condition: source, then the columns.
func (t table) selects(where string) string {
	return "SELECT source, " + strings.Join(t.columns, ", ") + " FROM " + t.name + " " + where
}

// current gives the query for the records of one source that stand, in the order of their keys.
func (t table) current() string {
	return t.selects("INDEXED BY " + t.name + "_now WHERE source = ? AND until IS NULL ORDER BY " + t.key)
}
