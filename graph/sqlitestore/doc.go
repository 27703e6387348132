// Package sqlitestore keeps organisations in one local file, an SQLite database that other tools may open and read.
//
// The tables nodes and links hold one row for every record that a source ever stated, with the versions between which it
// stood: since is the version that brought it, until the one that took it away. The facts of today are the rows whose until
// is NULL:
//
//	SELECT provider, consumer, service FROM links WHERE until IS NULL
//
// So the log of change sets needs no second copy: what version 7 did is the rows with since = 7 and those with until = 7.
// Rows are only ever added or closed, never deleted.
//
// Several processes may use a file at once: readers never wait, writers wait for each other. The file must lie on a local
// disk; while it is open it has a -wal and a -shm file beside it that belong to it. [Store.Backup] makes a copy to hand over.
package sqlitestore
