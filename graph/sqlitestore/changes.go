package sqlitestore

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// Changes implements graph.Store. O(changes between, those that were taken back left out, and the rows of other
// organisations that came meanwhile).
func (s *Store) Changes(ctx context.Context, from, to int64) (*graph.ChangeSet, error) {
	return graph.Between(from, to, func(from, to int64) (*graph.ChangeSet, error) { return s.changes(ctx, from, to) })
}

// changes gives what leads from one version to a later one.
func (s *Store) changes(ctx context.Context, from, to int64) (*graph.ChangeSet, error) {
	cs := &graph.ChangeSet{Base: from}
	err := s.read(ctx, func(c *sql.Conn) error {
		o, err := s.readOrg(ctx, c)
		if err != nil {
			return err
		}
		if err := graph.CheckVersions(o.version, from, to); err != nil {
			return err
		}
		if from == to {
			return nil
		}
		b := between{ctx: ctx, conn: c, org: o, from: from, to: to}
		return b.read(cs)
	})
	if err != nil {
		return nil, err
	}
	return cs, nil
}

// between reads what two versions differ in: old are the records that stood at from and were taken away by to, new those
// that came after from and stood at to.
type between struct {
	ctx      context.Context
	conn     *sql.Conn
	org      *org
	from, to int64
}

func (b *between) read(cs *graph.ChangeSet) error {
	if err := b.ranks(cs); err != nil {
		return err
	}
	r, err := newRecordReader(b.ctx, b.conn)
	if err != nil {
		return err
	}
	var oldNodes, newNodes []fact[graph.NodeRecord]
	err = b.records(nodeTable, "last_node",
		func(source string, row []driver.Value) error {
			oldNodes = append(oldNodes, fact[graph.NodeRecord]{source, r.nodeOf(row)})
			return r.err
		},
		func(source string, row []driver.Value) error {
			newNodes = append(newNodes, fact[graph.NodeRecord]{source, r.nodeOf(row)})
			return r.err
		})
	if err != nil {
		return err
	}
	pair(oldNodes, newNodes, (*graph.NodeRecord).Compare, func(source string, old, new *graph.NodeRecord) {
		cs.Nodes = append(cs.Nodes, graph.NodeChange{Source: source, Old: old, New: new})
	})
	var oldLinks, newLinks []fact[graph.LinkRecord]
	err = b.records(linkTable, "last_link",
		func(source string, row []driver.Value) error {
			oldLinks = append(oldLinks, fact[graph.LinkRecord]{source, r.linkOf(row)})
			return r.err
		},
		func(source string, row []driver.Value) error {
			newLinks = append(newLinks, fact[graph.LinkRecord]{source, r.linkOf(row)})
			return r.err
		})
	if err != nil {
		return err
	}
	pair(oldLinks, newLinks, (*graph.LinkRecord).Compare, func(source string, old, new *graph.LinkRecord) {
		cs.Links = append(cs.Links, graph.LinkChange{Source: source, Old: old, New: new})
	})
	// What came to be as it was is left out.
	cs.Sources = slices.DeleteFunc(cs.Sources, func(c graph.SourceChange) bool { return c.Old == c.New })
	cs.Nodes = slices.DeleteFunc(cs.Nodes, func(c graph.NodeChange) bool {
		return c.Old != nil && c.New != nil && c.Old.From == c.New.From && (&graph.ChangeSet{Nodes: []graph.NodeChange{c}}).Empty()
	})
	cs.Links = slices.DeleteFunc(cs.Links, func(c graph.LinkChange) bool {
		return c.Old != nil && c.New != nil && c.Old.From == c.New.From && (&graph.ChangeSet{Links: []graph.LinkChange{c}}).Empty()
	})
	return nil
}

// ranks reads how the ranks of sources differ.
func (b *between) ranks(cs *graph.ChangeSet) error {
	rows, err := b.conn.QueryContext(b.ctx, `SELECT name, old_rank, new_rank FROM source_changes JOIN sources ON id = source
		WHERE org = ? AND version > ? AND version <= ? ORDER BY name, version`, b.org.id, b.from, b.to)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var c graph.SourceChange
		if err := rows.Scan(&c.Name, &c.Old, &c.New); err != nil {
			return err
		}
		if n := len(cs.Sources); n > 0 && cs.Sources[n-1].Name == c.Name {
			cs.Sources[n-1].New = c.New
			continue
		}
		cs.Sources = append(cs.Sources, c)
	}
	return rows.Err()
}

// records reads the rows of a table that differ; last is the column of versions that bounds its new rows.
func (b *between) records(t table, last string, old, new func(source string, row []driver.Value) error) error {
	for id, source := range b.org.sources {
		query := t.selects("INDEXED BY " + t.name + "_gone WHERE source = ? AND until > ? AND until <= ? AND since <= ?")
		err := scan(b.ctx, b.conn, query, []any{id, b.from, b.to, b.from}, func(row []driver.Value) error {
			return old(source.Name, row[1:])
		})
		if err != nil {
			return err
		}
	}
	low, err := b.last(last, b.from)
	if err != nil {
		return err
	}
	high, err := b.last(last, b.to)
	if err != nil {
		return err
	}
	query := t.selects("WHERE fact > ? AND fact <= ? AND since > ? AND (until IS NULL OR until > ?)")
	return scan(b.ctx, b.conn, query, []any{low, high, b.from, b.to}, func(row []driver.Value) error {
		id, _ := row[0].(int64)
		if source := b.org.sources[id]; source != nil { // others are of other organisations
			return new(source.Name, row[1:])
		}
		return nil
	})
}

func (b *between) last(column string, version int64) (int64, error) {
	var last int64
	err := b.conn.QueryRowContext(b.ctx, "SELECT "+column+" FROM versions WHERE org = ? AND version = ?", b.org.id, version).Scan(&last)
	if errors.Is(err, sql.ErrNoRows) && version == 0 {
		return 0, nil
	}
	return last, err
}

// fact is a record and the source that states it.
type fact[R any] struct {
	source string
	record *R
}

// pair joins old and new records by source and key.
func pair[R any](olds, news []fact[R], compare func(a, b *R) int, each func(source string, old, new *R)) {
	order := func(a, b fact[R]) int {
		return cmp.Or(strings.Compare(a.source, b.source), compare(a.record, b.record))
	}
	slices.SortFunc(olds, order)
	slices.SortFunc(news, order)
	for len(olds) > 0 || len(news) > 0 {
		at := 0
		switch {
		case len(news) == 0:
			at = -1
		case len(olds) == 0:
			at = 1
		default:
			at = order(olds[0], news[0])
		}
		switch {
		case at < 0:
			each(olds[0].source, olds[0].record, nil)
			olds = olds[1:]
		case at > 0:
			each(news[0].source, nil, news[0].record)
			news = news[1:]
		default:
			each(olds[0].source, olds[0].record, news[0].record)
			olds, news = olds[1:], news[1:]
		}
	}
}
