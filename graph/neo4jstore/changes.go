package neo4jstore

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"example.com/whoserves/graph"
)

// Changes implements graph.Store. O(changes between), about 300,000 a second.
func (s *Store) Changes(ctx context.Context, from, to int64) (*graph.ChangeSet, error) {
	return graph.Between(from, to, func(from, to int64) (*graph.ChangeSet, error) { return s.changes(ctx, from, to) })
}

// changes gives what leads from one version to a later one.
func (s *Store) changes(ctx context.Context, from, to int64) (*graph.ChangeSet, error) {
	var sets []*graph.ChangeSet
	err := s.settled(ctx, func() (version int64, err error) {
		err = s.read(ctx, func(tx neo4j.ManagedTransaction) error {
			h, err := readHead(ctx, tx, s.org)
			if err != nil {
				return err
			}
			version = h.version
			if err := graph.CheckVersions(h.version, from, to); err != nil {
				return err
			}
			sets, err = s.readLog(ctx, tx, from, to)
			return err
		})
		return version, err
	})
	if err != nil {
		return nil, err
	}
	cs := graph.Compose(sets...)
	cs.Base = from
	return cs, nil
}

// readLog reads the change sets that lead from one version to a later one.
func (s *Store) readLog(ctx context.Context, tx runner, from, to int64) ([]*graph.ChangeSet, error) {
	if from == to {
		return nil, nil
	}
	var versions []string
	for v := from + 1; v <= to; v++ {
		versions = append(versions, s.versionUID(v))
	}
	result, err := tx.Run(ctx, `UNWIND $versions AS uid MATCH (v:WhoservesVersion {uid: uid}) RETURN v.number AS number, v.chunks AS chunks`,
		map[string]any{"versions": versions})
	if err != nil {
		return nil, err
	}
	var uids []string
	found := 0
	for result.Next(ctx) {
		row := values{result.Record(), nil}
		version, chunks := row.number("number"), row.chunks("chunks")
		if row.err != nil {
			return nil, damaged(fmt.Sprintf("version %d", version), row.err)
		}
		found++
		uids = append(uids, s.changesUIDs(version, chunks)...)
	}
	if err := result.Err(); err != nil {
		return nil, err
	}
	if found != len(versions) {
		return nil, errMoved
	}
	return s.readChanges(ctx, tx, uids)
}

// readChanges reads chunks of the log, and joins those of a version.
func (s *Store) readChanges(ctx context.Context, tx runner, uids []string) ([]*graph.ChangeSet, error) {
	result, err := tx.Run(ctx, `UNWIND $uids AS uid MATCH (c:WhoservesChanges {uid: uid}) RETURN c.uid AS uid, c.version AS version, c.n AS n, c.data AS data`,
		map[string]any{"uids": uids})
	if err != nil {
		return nil, err
	}
	chunks, err := unpackChanges(ctx, result)
	if err != nil {
		return nil, err
	}
	if len(chunks) != len(uids) {
		return nil, errMoved
	}
	slices.SortFunc(chunks, func(a, b *loggedChunk) int { return cmp.Or(cmp.Compare(a.version, b.version), cmp.Compare(a.n, b.n)) })
	var sets []*graph.ChangeSet
	for _, c := range chunks {
		if c.err != nil {
			return nil, damaged("WhoservesChanges "+c.uid, c.err)
		}
		if len(sets) == 0 || c.version != sets[len(sets)-1].Base+1 {
			sets = append(sets, &graph.ChangeSet{Base: c.version - 1})
		}
		cs := sets[len(sets)-1]
		cs.Sources, cs.Nodes, cs.Links = append(cs.Sources, c.changes.Sources...), append(cs.Nodes, c.changes.Nodes...), append(cs.Links, c.changes.Links...)
	}
	return sets, nil
}

// loggedChunk is a chunk of the log as it was read.
type loggedChunk struct {
	uid        string
	version, n int64
	data       []byte
	changes    *graph.ChangeSet
	err        error
}

// unpackChanges reads a result with chunks of the log to its end, several at once.
func unpackChanges(ctx context.Context, result neo4j.ResultWithContext) ([]*loggedChunk, error) {
	packed := make(chan *loggedChunk, 16)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			texts := interner{}
			for c := range packed {
				if c.err == nil {
					c.changes, c.err = unpackLog(c.data, texts)
					c.data = nil
				}
			}
		})
	}
	var all []*loggedChunk
	for result.Next(ctx) {
		row := values{result.Record(), nil}
		c := &loggedChunk{uid: row.text("uid"), version: row.number("version"), n: row.number("n"), data: valueAs[[]byte](&row, "data")}
		c.err = row.err
		all = append(all, c)
		packed <- c
	}
	close(packed)
	workers.Wait()
	return all, result.Err()
}

// chunks reads how many chunks the log of a version has.
func (v *values) chunks(name string) int {
	n := v.number(name)
	if (n < 0 || n > 1<<20) && v.err == nil {
		v.err = fmt.Errorf("its %s is %d", name, n)
	}
	if v.err != nil {
		return 0
	}
	return int(n)
}

// versionUID names the node of a version.
func (s *Store) versionUID(version int64) string { return fmt.Sprintf("%s/%d", s.org, version) }

// changesUIDs names the chunks of a version's log.
func (s *Store) changesUIDs(version int64, chunks int) []string {
	uids := make([]string, chunks)
	for n := range uids {
		uids[n] = fmt.Sprintf("%s/%d/%d", s.org, version, n)
	}
	return uids
}
