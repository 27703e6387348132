package sqlitestore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"example.com/whoserves/graph"
)

// org is what a file holds about the store's organisation besides its records.
type org struct {
	id, version int64
	sources     map[int64]*graph.Source // those that are gone too, with rank 0
}

// readOrg reads the organisation; one that does not exist yet has no number, sources or versions.
func (s *Store) readOrg(ctx context.Context, c *sql.Conn) (*org, error) {
	o := &org{sources: map[int64]*graph.Source{}}
	err := c.QueryRowContext(ctx, "SELECT id, version FROM orgs WHERE name = ?", s.org).Scan(&o.id, &o.version)
	if errors.Is(err, sql.ErrNoRows) {
		return o, nil
	}
	if err != nil {
		return nil, err
	}
	rows, err := c.QueryContext(ctx, "SELECT id, name, rank FROM sources WHERE org = ?", o.id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		source := &graph.Source{}
		if err := rows.Scan(&id, &source.Name, &source.Rank); err != nil {
			return nil, err
		}
		o.sources[id] = source
	}
	return o, rows.Err()
}

// Version implements graph.Store. O(1).
func (s *Store) Version(ctx context.Context) (int64, error) {
	var version int64
	err := s.onReader(ctx, func(c *sql.Conn) error {
		err := c.QueryRowContext(ctx, "SELECT version FROM orgs WHERE name = ?", s.org).Scan(&version)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return version, explain(ctx, s.path, err)
}

// Load implements graph.Store. O(facts), about 400,000 a second.
func (s *Store) Load(ctx context.Context) (*graph.Org, error) {
	loaded := &graph.Org{Name: s.org}
	err := s.read(ctx, func(c *sql.Conn) error {
		o, err := s.readOrg(ctx, c)
		if err != nil {
			return err
		}
		loaded.Version = o.version
		r, err := newRecordReader(ctx, c)
		if err != nil {
			return err
		}
		for id, source := range o.sources {
			if source.Rank == 0 {
				continue
			}
			loaded.Sources = append(loaded.Sources, source)
			err := scan(ctx, c, nodeTable.current(), []any{id}, func(row []driver.Value) error {
				source.Nodes = append(source.Nodes, r.nodeOf(row[1:]))
				return r.err
			})
			if err != nil {
				return err
			}
			err = scan(ctx, c, linkTable.current(), []any{id}, func(row []driver.Value) error {
				source.Links = append(source.Links, r.linkOf(row[1:]))
				return r.err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	graph.SortSources(loaded.Sources)
	return loaded, nil
}

// recordReader makes records in blocks: a million small allocations would cost more than reading them.
type recordReader struct {
	*reader
	nodes []graph.NodeRecord
	links []graph.LinkRecord
}

func newRecordReader(ctx context.Context, c *sql.Conn) (*recordReader, error) {
	files := map[int64]graph.Origin{}
	rows, err := c.QueryContext(ctx, "SELECT id, name, sheet FROM files")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var o graph.Origin
		if err := rows.Scan(&id, &o.File, &o.Sheet); err != nil {
			return nil, err
		}
		files[id] = o
	}
	return &recordReader{reader: newReader(files)}, rows.Err()
}

const blockRecords = 256

func (r *recordReader) nodeOf(row []driver.Value) *graph.NodeRecord {
	if len(r.nodes) == cap(r.nodes) {
		r.nodes = make([]graph.NodeRecord, 0, blockRecords)
	}
	r.nodes = r.nodes[:len(r.nodes)+1]
	rec := &r.nodes[len(r.nodes)-1]
	r.row, r.n = row, 0
	r.node(rec)
	return rec
}

func (r *recordReader) linkOf(row []driver.Value) *graph.LinkRecord {
	if len(r.links) == cap(r.links) {
		r.links = make([]graph.LinkRecord, 0, blockRecords)
	}
	r.links = r.links[:len(r.links)+1]
	rec := &r.links[len(r.links)-1]
	r.row, r.n = row, 0
	r.link(rec)
	return rec
}

// History implements graph.Store.
func (s *Store) History(ctx context.Context) ([]graph.VersionRecord, error) {
	var history []graph.VersionRecord
	err := s.onReader(ctx, func(c *sql.Conn) error {
		rows, err := c.QueryContext(ctx, `SELECT version, time, by, coalesce(program, ''), coalesce(sources, 'null'), coalesce(files, 'null'),
			coalesce(mapping, ''), added, changed, removed, coalesce(undoes, 0)
			FROM versions WHERE org = (SELECT id FROM orgs WHERE name = ?) ORDER BY version DESC`, s.org)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var r graph.VersionRecord
			var at, sources, files string
			err := rows.Scan(&r.Number, &at, &r.By, &r.Program, &sources, &files, &r.Mapping, &r.Added, &r.Changed, &r.Removed, &r.Undoes)
			if err != nil {
				return err
			}
			var badTime error
			r.Time, badTime = time.Parse(time.RFC3339, at)
			if err := errors.Join(badTime, json.Unmarshal([]byte(sources), &r.Sources), json.Unmarshal([]byte(files), &r.Files)); err != nil {
				return fmt.Errorf("%w: version %d: %w", ErrDamaged, r.Number, err)
			}
			history = append(history, r)
		}
		return rows.Err()
	})
	return history, explain(ctx, s.path, err)
}

// Orgs implements graph.Store.
func (s *Store) Orgs(ctx context.Context) ([]string, error) {
	return s.texts(ctx, "SELECT name FROM orgs ORDER BY name")
}

// texts gives the one text column of a query.
func (s *Store) texts(ctx context.Context, query string, args ...any) ([]string, error) {
	var texts []string
	err := s.onReader(ctx, func(c *sql.Conn) error {
		rows, err := c.QueryContext(ctx, query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var text string
			if err := rows.Scan(&text); err != nil {
				return err
			}
			texts = append(texts, text)
		}
		return rows.Err()
	})
	return texts, explain(ctx, s.path, err)
}
