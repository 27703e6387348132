package sqlitestore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"example.com/whoserves/graph"
)

// Apply implements graph.Store. O(changes · log facts): inserts dominate, about 250,000 a second.
func (s *Store) Apply(ctx context.Context, cs *graph.ChangeSet, record graph.VersionRecord) (int64, error) {
	if s.writer == nil {
		return 0, fmt.Errorf("%s: %w", s.path, errReadOnly)
	}
	if cs.Empty() {
		return s.Version(ctx)
	}
	if record.Number != 0 && record.Number != cs.Base+1 {
		return 0, fmt.Errorf("%s: the change set leads to version %d, the record says %d", s.path, cs.Base+1, record.Number)
	}
	record.Number = cs.Base + 1
	if record.Time.IsZero() {
		record.Time = time.Now()
	}
	err := s.write(ctx, func(c *sql.Conn) error {
		a := &application{ctx: ctx, conn: c, number: record.Number}
		return a.apply(s.org, cs, record)
	})
	if err != nil {
		return 0, err
	}
	return record.Number, nil
}

// application is a change set on its way into the tables, within one transaction.
type application struct {
	ctx     context.Context
	conn    *sql.Conn
	number  int64 // the version in the making
	org     int64
	sources map[string]int64
	files   fileNumbers
}

func (a *application) apply(org string, cs *graph.ChangeSet, record graph.VersionRecord) error {
	var err error
	if a.org, err = orgForWriting(a.ctx, a.conn, org); err != nil {
		return err
	}
	var now int64
	if err := a.conn.QueryRowContext(a.ctx, "SELECT version FROM orgs WHERE id = ?", a.org).Scan(&now); err != nil {
		return err
	}
	if now != cs.Base {
		return &graph.ConflictError{Base: cs.Base, Now: now}
	}
	if err := a.rankSources(cs.Sources); err != nil {
		return err
	}
	if err := a.numberFiles(cs); err != nil {
		return err
	}
	if err := putRecords(a, nodeTable, cs.Nodes, nodeWriter{}); err != nil {
		return err
	}
	if err := putRecords(a, linkTable, cs.Links, linkWriter{}); err != nil {
		return err
	}
	if err := a.checkGone(cs.Sources); err != nil {
		return err
	}
	if err := a.record(record); err != nil {
		return err
	}
	_, err = a.conn.ExecContext(a.ctx, "UPDATE orgs SET version = ? WHERE id = ?", a.number, a.org)
	return err
}

// orgForWriting gives the number of an organisation and makes it when it is new.
func orgForWriting(ctx context.Context, c *sql.Conn, name string) (int64, error) {
	if _, err := c.ExecContext(ctx, "INSERT INTO orgs (name, version) VALUES (?, 0) ON CONFLICT DO NOTHING", name); err != nil {
		return 0, err
	}
	var id int64
	err := c.QueryRowContext(ctx, "SELECT id FROM orgs WHERE name = ?", name).Scan(&id)
	return id, err
}

// rankSources sets the ranks and learns the numbers of all sources.
func (a *application) rankSources(changes []graph.SourceChange) error {
	for _, c := range changes {
		const insert = "INSERT INTO sources (org, name, rank) VALUES (?, ?, 0) ON CONFLICT DO NOTHING"
		if _, err := a.conn.ExecContext(a.ctx, insert, a.org, c.Name); err != nil {
			return err
		}
		var id, rank int64
		const find = "SELECT id, rank FROM sources WHERE org = ? AND name = ?"
		if err := a.conn.QueryRowContext(a.ctx, find, a.org, c.Name).Scan(&id, &rank); err != nil {
			return err
		}
		if rank != int64(c.Old) {
			return fmt.Errorf("the change set takes the rank of source %q to be %d, it is %d", c.Name, c.Old, rank)
		}
		if _, err := a.conn.ExecContext(a.ctx, "UPDATE sources SET rank = ? WHERE id = ?", c.New, id); err != nil {
			return err
		}
		const log = "INSERT INTO source_changes (source, version, old_rank, new_rank) VALUES (?, ?, ?, ?)"
		if _, err := a.conn.ExecContext(a.ctx, log, id, a.number, c.Old, c.New); err != nil {
			return err
		}
	}
	rows, err := a.conn.QueryContext(a.ctx, "SELECT name, id FROM sources WHERE org = ?", a.org)
	if err != nil {
		return err
	}
	defer rows.Close()
	a.sources = map[string]int64{}
	for rows.Next() {
		var name string
		var id int64
		if err := rows.Scan(&name, &id); err != nil {
			return err
		}
		a.sources[name] = id
	}
	return rows.Err()
}

// checkGone makes sure that a source which goes leaves nothing behind.
func (a *application) checkGone(changes []graph.SourceChange) error {
	for _, c := range changes {
		if c.New > 0 {
			continue
		}
		for _, t := range []table{nodeTable, linkTable} {
			var left bool
			query := "SELECT EXISTS (SELECT 1 FROM " + t.name + " WHERE source = ? AND until IS NULL)"
			if err := a.conn.QueryRowContext(a.ctx, query, a.sources[c.Name]).Scan(&left); err != nil {
				return err
			}
			if left {
				return fmt.Errorf("the change set drops source %q, which still has %s", c.Name, t.name)
			}
		}
	}
	return nil
}

// fileNumbers knows the number of every file and sheet that rows come from.
type fileNumbers struct {
	known      map[graph.Origin]int64
	last       graph.Origin // the file and sheet asked for last: rows come by file
	lastNumber int64
}

func (f *fileNumbers) number(o graph.Origin) int64 {
	if o.File != f.last.File || o.Sheet != f.last.Sheet {
		f.last = graph.Origin{File: o.File, Sheet: o.Sheet}
		f.lastNumber = f.known[f.last]
	}
	return f.lastNumber
}

// numberFiles gives a number to every file that the new records come from.
func (a *application) numberFiles(cs *graph.ChangeSet) error {
	a.files.known = map[graph.Origin]int64{{}: 0}
	var last graph.Origin
	learn := func(o graph.Origin) error {
		if o.File == last.File && o.Sheet == last.Sheet {
			return nil
		}
		o.Row = 0
		last = o
		if _, ok := a.files.known[o]; ok {
			return nil
		}
		if _, err := a.conn.ExecContext(a.ctx, "INSERT INTO files (name, sheet) VALUES (?, ?) ON CONFLICT DO NOTHING", o.File, o.Sheet); err != nil {
			return err
		}
		var id int64
		err := a.conn.QueryRowContext(a.ctx, "SELECT id FROM files WHERE name = ? AND sheet = ?", o.File, o.Sheet).Scan(&id)
		a.files.known[o] = id
		return err
	}
	var err error
	for _, c := range cs.Nodes {
		if c.New != nil {
			err = errors.Join(err, learn(c.New.From))
		}
	}
	for _, c := range cs.Links {
		if c.New != nil {
			err = errors.Join(err, learn(c.New.From))
		}
	}
	return err
}

// changeWriter says how one sort of change is written.
type changeWriter[C any] interface {
	parts(c C) (source string, old, new bool)
	key(v *values, c C)
	record(v *values, c C, files *fileNumbers)
	name(c C) string
}

type nodeWriter struct{}

func (nodeWriter) parts(c graph.NodeChange) (string, bool, bool) {
	return c.Source, c.Old != nil, c.New != nil
}
func (nodeWriter) key(v *values, c graph.NodeChange) { v.nodeKey(c.Old.Key()) }
func (nodeWriter) record(v *values, c graph.NodeChange, files *fileNumbers) {
	v.node(c.New, files)
}
func (nodeWriter) name(c graph.NodeChange) string { return fmt.Sprintf("node “%s”", c.Key().Ref) }

type linkWriter struct{}

func (linkWriter) parts(c graph.LinkChange) (string, bool, bool) {
	return c.Source, c.Old != nil, c.New != nil
}
func (linkWriter) key(v *values, c graph.LinkChange) { v.linkKey(c.Old.Key()) }
func (linkWriter) record(v *values, c graph.LinkChange, files *fileNumbers) {
	v.link(c.New, files)
}
func (linkWriter) name(c graph.LinkChange) string {
	return fmt.Sprintf("link “%s” → “%s”", c.Key().Provider, c.Key().Consumer)
}

// putRecords closes the rows of old records and adds those of new ones. The change set is sorted as the index is, so that
// rows that follow each other touch the same pages; that makes it as fast as building the index afterwards.
func putRecords[C any](a *application, t table, changes []C, w changeWriter[C]) error {
	if len(changes) == 0 {
		return nil
	}
	return a.conn.Raw(func(dc any) error {
		insert, err := prepareBulk(dc, t.insert())
		if err != nil {
			return err
		}
		defer insert.Close()
		close, err := prepareBulk(dc, t.close())
		if err != nil {
			return err
		}
		defer close.Close()
		added, closed := newValues(2+len(t.columns)), newValues(6)
		for i, c := range changes {
			if i%1024 == 0 && a.ctx.Err() != nil {
				return a.ctx.Err()
			}
			source, old, new := w.parts(c)
			id, ok := a.sources[source]
			if !ok {
				return fmt.Errorf("the change set is about source %q, which is not there", source)
			}
			if old {
				closed.start(a.number, id)
				w.key(closed, c)
				if err := closeRow(close, closed); err != nil {
					return fmt.Errorf("source %q, %s: %w", source, w.name(c), err)
				}
			}
			if new {
				added.start(id, a.number)
				w.record(added, c, &a.files)
				if _, err := execBulk(insert, added.args); err != nil {
					if code(err) == constraint {
						err = errStale
					}
					return fmt.Errorf("source %q, %s: %w", source, w.name(c), err)
				}
			}
		}
		return nil
	})
}

var errStale = errors.New("the change set was made for other facts than those that are there")

func closeRow(close driver.Stmt, v *values) error {
	done, err := execBulk(close, v.args)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, errStale)
	}
	return nil
}

// record writes the version record.
func (a *application) record(r graph.VersionRecord) error {
	optional := func(present bool, x any) any {
		if !present {
			return nil
		}
		return x
	}
	const insert = `INSERT INTO versions (org, version, time, by, program, sources, files, mapping, added, changed, removed, undoes,
		last_node, last_link) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
		(SELECT coalesce(max(fact), 0) FROM nodes), (SELECT coalesce(max(fact), 0) FROM links))`
	_, err := a.conn.ExecContext(a.ctx, insert, a.org, r.Number, r.Time.UTC().Format(time.RFC3339), r.By,
		optional(r.Program != "", r.Program), optional(len(r.Sources) > 0, jsonText(r.Sources)),
		optional(len(r.Files) > 0, jsonText(r.Files)), optional(r.Mapping != "", r.Mapping),
		r.Added, r.Changed, r.Removed, optional(r.Undoes != 0, r.Undoes))
	return err
}
