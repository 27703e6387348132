package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/propertygraph"
)

// Refresh reads the plain graph and makes what others changed in it a new version, as facts of the source neo4j; without
// changes it makes none. What must not change (who states what, properties of ours, what other sources state) is put back. It gives
// the version that the store is then at and what could not be read or was put back, as Problems. An import in batches that
// is going on it waits for. The record's sources and counts are filled in.
//
// O(nodes + links): about 100,000 relationships a second are read. It may run beside the work of others; what they write
// meanwhile is found by this or by the next Refresh.
func (s *Store) Refresh(ctx context.Context, record graph.VersionRecord) (int64, []graph.Problem, error) {
	for {
		version, problems, err := s.refresh(ctx, record)
		var conflict *graph.ConflictError
		if !errors.As(err, &conflict) {
			return version, problems, err
		}
	}
}

// Check is Refresh that only looks: it gives the Problems and changes nothing.
func (s *Store) Check(ctx context.Context) ([]graph.Problem, error) {
	for {
		first, err := s.head(ctx)
		if err != nil {
			return nil, err
		}
		f, err := s.facts(ctx)
		if err != nil {
			return nil, err
		}
		outcome, err := s.compare(ctx, graph.NewSnapshot(f.org))
		if err != nil {
			return nil, err
		}
		last, err := s.head(ctx)
		if err != nil {
			return nil, err
		}
		isBusy := last.pending != nil && last.pending.left > 0
		if !isBusy && first.begun == last.begun && first.seal == last.seal && f.seal == last.seal {
			return outcome.Problems, nil
		}
		if err := sleep(ctx, 200*time.Millisecond); err != nil {
			return nil, err
		}
	}
}

// refresh does it once. It gives a *graph.ConflictError when somebody imported meanwhile.
func (s *Store) refresh(ctx context.Context, record graph.VersionRecord) (int64, []graph.Problem, error) {
	if err := s.settle(ctx); err != nil {
		return 0, nil, err
	}
	h, err := s.head(ctx)
	if err != nil {
		return 0, nil, err
	}
	if h.pending != nil {
		return 0, nil, &graph.ConflictError{Base: h.version, Now: h.version}
	}
	before, err := s.facts(ctx)
	if err != nil {
		return 0, nil, err
	}
	old := graph.NewSnapshot(before.org)
	outcome, err := s.compare(ctx, old)
	if err != nil {
		return 0, nil, err
	}
	w := &work{before: before, after: before, isSeen: true, begun: h.begun}
	if cs := outcome.ChangeSet(); !cs.Empty() {
		if w, err = prepareRefresh(before, old, outcome, cs, record); err != nil {
			return 0, nil, err
		}
		w.isSeen, w.begun = true, h.begun
		if err := s.put(ctx, w); err != nil {
			return 0, nil, err
		}
		s.cache.put(w.after)
	} else if err := s.heal(ctx, w, outcome.Delta(old)); err != nil {
		return 0, nil, err
	}
	return w.after.org.Version, outcome.Problems, nil
}

// prepareRefresh works out what a refresh writes that makes a version.
func prepareRefresh(before *facts, old *graph.Snapshot, outcome *propertygraph.Outcome, cs *graph.ChangeSet, record graph.VersionRecord) (*work, error) {
	org, err := before.org.Apply(cs)
	if err != nil {
		return nil, fmt.Errorf("what others changed in Neo4j: %w", err)
	}
	org.Version = cs.Base + 1
	new := graph.NewSnapshot(org)
	effect := graph.EffectOf(old, new, cs)
	record.Number, record.Sources = org.Version, []string{graph.Neo4jSource}
	record.Added, record.Changed, record.Removed = len(effect.Added), effect.ChangedCount, len(effect.Removed)
	w := newWork(before, org, cs, record)
	w.delta = outcome.Delta(new)
	return w, nil
}

// heal puts right what differs from the facts although it states nothing new. Each batch stands for itself.
func (s *Store) heal(ctx context.Context, w *work, delta *propertygraph.Delta) error {
	for st, err := range ahead(graphStatements(delta, s.by.rows, false)) {
		if err != nil {
			return err
		}
		err := s.write(ctx, func(tx neo4j.ExplicitTransaction) error {
			if err := s.begin(ctx, tx, w); err != nil {
				return err
			}
			return st.run(ctx, tx)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// compare reads the plain graph of the organisation and compares it with what it should be.
func (s *Store) compare(ctx context.Context, should *graph.Snapshot) (*propertygraph.Outcome, error) {
	var c *propertygraph.Comparer
	err := s.read(ctx, func(tx neo4j.ManagedTransaction) error {
		c = propertygraph.NewComparer(should)
		if err := s.readNodes(ctx, tx, c); err != nil {
			return err
		}
		return s.readRelationships(ctx, tx, c)
	})
	if err != nil {
		return nil, err
	}
	return c.Finish(), nil
}

// readNodes shows a comparer all nodes that may be of the organisation.
func (s *Store) readNodes(ctx context.Context, tx runner, c *propertygraph.Comparer) error {
	labels := propertygraph.LabelEntity
	for _, l := range propertygraph.KindLabels() {
		labels += "|" + l
	}
	result, err := tx.Run(ctx, "MATCH (n:"+labels+") WHERE n.org = $org OR n.uid STARTS WITH $prefix RETURN elementId(n) AS e, labels(n) AS l, properties(n) AS p",
		map[string]any{"org": s.org, "prefix": s.org + "/"})
	if err != nil {
		return err
	}
	for result.Next(ctx) {
		row := values{result.Record(), nil}
		n := propertygraph.NodeSeen{ElementID: row.text("e"), Labels: listOf[string](&row, "l"), Properties: valueAs[map[string]any](&row, "p")}
		if row.err != nil {
			return row.err
		}
		c.Node(n)
	}
	return result.Err()
}

// readRelationships shows a comparer all relationships with such a node at one end at least.
func (s *Store) readRelationships(ctx context.Context, tx runner, c *propertygraph.Comparer) error {
	types := ""
	for _, t := range propertygraph.RelationshipTypes() {
		types += "|" + t
	}
	result, err := tx.Run(ctx, "MATCH (a)-[r:"+types[1:]+`]->(b)
		WHERE a.org = $org OR b.org = $org OR a.uid STARTS WITH $prefix OR b.uid STARTS WITH $prefix
		RETURN elementId(r) AS e, type(r) AS t, a.uid AS a, b.uid AS b, CASE WHEN a.uid IS :: STRING NOT NULL THEN '' ELSE elementId(a) END AS ae,
			CASE WHEN b.uid IS :: STRING NOT NULL THEN '' ELSE elementId(b) END AS be, properties(r) AS p`,
		map[string]any{"org": s.org, "prefix": s.org + "/"})
	if err != nil {
		return err
	}
	for result.Next(ctx) {
		row := values{result.Record(), nil}
		r := propertygraph.RelationshipSeen{ElementID: row.text("e"), Type: row.text("t"), FromElementID: row.text("ae"), ToElementID: row.text("be"),
			Properties: valueAs[map[string]any](&row, "p")}
		r.FromUID, _ = row.any("a").(string)
		r.ToUID, _ = row.any("b").(string)
		if row.err != nil {
			return row.err
		}
		c.Relationship(r)
	}
	return result.Err()
}
