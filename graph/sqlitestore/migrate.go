package sqlitestore

import (
	"context"
	"database/sql"
	"fmt"
)

// migrations lead from a format to the next one. A step stands as it was written: it spells out the tables that it makes
// and never uses schema, which goes on changing.
var migrations = map[int][]string{
	// Format 1 found the rows of a version by indexes on since. Format 2 keeps the highest fact of every version.
	1: {
		`DROP INDEX nodes_since`,
		`DROP INDEX links_since`,
		`ALTER TABLE versions RENAME TO versions_1`,
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
		`INSERT INTO versions SELECT org, version, time, by, program, sources, files, mapping, added, changed, removed, undoes,
	(SELECT coalesce(max(fact), 0) FROM nodes JOIN sources ON sources.id = source WHERE sources.org = v.org AND since <= v.version),
	(SELECT coalesce(max(fact), 0) FROM links JOIN sources ON sources.id = source WHERE sources.org = v.org AND since <= v.version)
FROM versions_1 AS v`,
		`DROP TABLE versions_1`,
	},
}

// migrate brings a store of an older format to the current one, all or nothing, after a copy was put beside it. c is the
// connection that writes; it keeps others from writing until the end.
func (s *Store) migrate(ctx context.Context, c *sql.Conn) error {
	return s.transaction(ctx, c, func() error {
		format, err := pragma(ctx, c, "user_version")
		if err != nil || format >= currentFormat { // another process was faster
			return err
		}
		if migrations[format] == nil {
			return fmt.Errorf("%w: there was never a format %d", ErrDamaged, format)
		}
		err = s.onReader(ctx, func(r *sql.Conn) error { return vacuumInto(ctx, r, copyName(s.path, format)) })
		if err != nil {
			return fmt.Errorf("the copy before the change of format: %w", err)
		}
		for ; format < currentFormat; format++ {
			if err := run(ctx, c, migrations[format]...); err != nil {
				return fmt.Errorf("from format %d to %d: %w", format, format+1, err)
			}
		}
		if err := sameSchema(ctx, c); err != nil {
			return err
		}
		return run(ctx, c, fmt.Sprintf("PRAGMA user_version = %d", currentFormat))
	})
}

// copyName gives a free name for the copy of a store: crew.db.format-1, then crew.db.format-1-2, …
func copyName(path string, format int) string {
	name := fmt.Sprintf("%s.format-%d", path, format)
	for n := 2; exists(name); n++ {
		name = fmt.Sprintf("%s.format-%d-%d", path, format, n)
	}
	return name
}
