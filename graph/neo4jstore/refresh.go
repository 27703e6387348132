package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"strings"
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
	h, err := s.settle(ctx)
	if err != nil {
		return 0, nil, err
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
	return w, w.delta.Check()
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
		odd, err := s.readNodes(ctx, tx, c.Node)
		if err != nil {
			return err
		}
		return s.readRelationships(ctx, tx, odd, c.Relationship)
	})
	if err != nil {
		return nil, err
	}
	return c.Finish(), nil
}

// readNodes shows all nodes that may be of the organisation, and gives the element ids of those that the index of
// organisations does not lead to, the odd ones. Those come first: one that somebody mends meanwhile is shown once. The nodes of
// other organisations are not looked at; of other people's, those with the label of a kind are.
func (s *Store) readNodes(ctx context.Context, tx runner, each func(propertygraph.NodeSeen)) (odd []string, err error) {
	const regular = "MATCH (n:Entity) WHERE n.org = $org"
	kinds := strings.Join(propertygraph.KindLabels(), "|")
	shown := map[string]bool{}
	for _, found := range []string{
		"MATCH (n:Entity) WHERE n.uid STARTS WITH $prefix AND (n.org IS NULL OR n.org <> $org)",
		"MATCH (n:(" + kinds + ")&!Entity) WHERE n.org = $org OR n.uid STARTS WITH $prefix",
		regular,
	} {
		result, err := tx.Run(ctx, found+" RETURN elementId(n) AS e, labels(n) AS l, properties(n) AS p", s.belonging())
		if err != nil {
			return nil, err
		}
		for result.Next(ctx) {
			row := values{result.Record(), nil}
			n := propertygraph.NodeSeen{ElementID: row.text("e"), Labels: listOf[string](&row, "l"), Properties: valueAs[map[string]any](&row, "p")}
			if row.err != nil {
				return nil, row.err
			}
			if shown[n.ElementID] {
				continue
			}
			if found != regular {
				odd, shown[n.ElementID] = append(odd, n.ElementID), true
			}
			each(n)
		}
		if err := result.Err(); err != nil {
			return nil, err
		}
	}
	return odd, nil
}

// belonging are the parameters by which nodes of the organisation are found.
func (s *Store) belonging() map[string]any {
	return map[string]any{"org": s.org, "prefix": s.org + "/"}
}

// readRelationships shows all relationships with a node of the organisation at one end at least, each once. Most start
// at a node that is not odd, as readNodes says; they come last.
func (s *Store) readRelationships(ctx context.Context, tx runner, odd []string, each func(propertygraph.RelationshipSeen)) error {
	types := "[r:" + strings.Join(propertygraph.RelationshipTypes(), "|") + "]"
	const notA, notB = "NOT coalesce(a:Entity AND a.org = $org, false)", "NOT coalesce(b:Entity AND b.org = $org, false)"
	params := s.belonging()
	params["odd"] = odd
	started := "MATCH (a:Entity {org: $org})-" + types + "->(b)"
	shown := map[string]bool{}
	for _, found := range []string{
		"UNWIND $odd AS e MATCH (n) WHERE elementId(n) = e MATCH (n)-" + types + "-() WITH r, startNode(r) AS a, endNode(r) AS b WHERE " + notA + " AND " + notB,
		"MATCH (b:Entity {org: $org})<-" + types + "-(a) WHERE " + notA,
		started,
	} {
		err := readFound(ctx, tx, found, params, func(r propertygraph.RelationshipSeen) {
			if shown[r.ElementID] {
				return
			}
			if found != started {
				shown[r.ElementID] = true
			}
			each(r)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// readFound reads the relationships r from a to b that a pattern finds.
func readFound(ctx context.Context, tx runner, found string, params map[string]any, each func(propertygraph.RelationshipSeen)) error {
	result, err := tx.Run(ctx, found+`
		RETURN elementId(r) AS e, type(r) AS t, a.uid AS a, b.uid AS b, CASE WHEN a.uid IS :: STRING NOT NULL THEN '' ELSE elementId(a) END AS ae,
			CASE WHEN b.uid IS :: STRING NOT NULL THEN '' ELSE elementId(b) END AS be, properties(r) AS p`, params)
	if err != nil {
		return err
	}
	for result.Next(ctx) {
		row := values{result.Record(), nil}
		if row.any("t") == nil {
			continue // deleted since it was found: its id is all that is left
		}
		r := propertygraph.RelationshipSeen{ElementID: row.text("e"), Type: row.text("t"), FromElementID: row.text("ae"), ToElementID: row.text("be"),
			Properties: valueAs[map[string]any](&row, "p")}
		r.FromUID, _ = row.any("a").(string)
		r.ToUID, _ = row.any("b").(string)
		if row.err != nil {
			return row.err
		}
		each(r)
	}
	return result.Err()
}
