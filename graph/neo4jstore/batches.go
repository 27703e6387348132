package neo4jstore

import (
	"context"
	"fmt"
	"iter"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/propertygraph"
)

// settings say how imports are written; tests change them.
type settings struct {
	most  int           // nodes and relationships that are tried in one transaction
	rows  int           // of one statement, and of one transaction of an import in batches
	lease time.Duration // how long an import in batches may be silent before others may take it over
}

// usual holds for every store: a transaction needs about 1.5 KB of the server's memory for each row, so that the usual ones
// fit a heap of 512 MB.
var usual = settings{most: 150_000, rows: 10_000, lease: 20 * time.Second}

// statement is Cypher with rows for its $rows.
type statement struct {
	cypher string
	rows   []any
}

func (s statement) run(ctx context.Context, tx runner) error {
	return exec(ctx, tx, s.cypher, map[string]any{"rows": s.rows})
}

// exec runs a statement whose rows do not matter.
func exec(ctx context.Context, tx runner, cypher string, params map[string]any) error {
	result, err := tx.Run(ctx, cypher, params)
	if err != nil {
		return err
	}
	_, err = result.Consume(ctx)
	return err
}

// statements are made one after the other; an error ends them.
type statements = iter.Seq2[statement, error]

// ahead makes the next statement while the one before it is at work.
func ahead(all ...statements) statements {
	type made struct {
		statement
		err error
	}
	return func(yield func(statement, error) bool) {
		queue, stop := make(chan made, 1), make(chan struct{})
		defer close(stop)
		go func() {
			defer close(queue)
			for _, seq := range all {
				for st, err := range seq {
					select {
					case queue <- made{st, err}:
					case <-stop:
						return
					}
				}
			}
		}()
		for m := range queue {
			if !yield(m.statement, m.err) {
				return
			}
		}
	}
}

// packsPerStatement is how many chunks one statement writes: some megabytes.
const packsPerStatement = 50

// factStatements write chunks of facts that stand from a version on.
func factStatements(org string, version int64, fresh []freshChunk) statements {
	return packStatements("CREATE (f:WhoservesFacts) SET f = row", fresh, func(_ int, c freshChunk) (map[string]any, error) {
		data, err := encode(c.records)
		if err != nil {
			return nil, fmt.Errorf("source “%s”: %w", c.source, err)
		}
		return map[string]any{"uid": c.uid, "org": org, "since": version, "source": c.source, "entity": c.entity, "count": c.count, "data": data}, nil
	})
}

// logStatements write the log of a version.
func logStatements(org string, version int64, uids []string, log []*graph.ChangeSet) statements {
	return packStatements("CREATE (c:WhoservesChanges) SET c = row", log, func(n int, c *graph.ChangeSet) (map[string]any, error) {
		data, err := encode(c)
		if err != nil {
			return nil, fmt.Errorf("the log of version %d: %w", version, err)
		}
		t := tell(c)
		return map[string]any{"uid": uids[n], "org": org, "version": version, "n": n, "did": t.did, "entity": t.entity, "key": t.key, "source": t.source, "data": data}, nil
	})
}

func packStatements[C any](cypher string, chunks []C, row func(n int, c C) (map[string]any, error)) statements {
	return func(yield func(statement, error) bool) {
		for from := 0; from < len(chunks); from += packsPerStatement {
			st := statement{cypher: "UNWIND $rows AS row " + cypher}
			for n := from; n < min(from+packsPerStatement, len(chunks)); n++ {
				r, err := row(n, chunks[n])
				if err != nil {
					yield(statement{}, err)
					return
				}
				st.rows = append(st.rows, r)
			}
			if !yield(st, nil) {
				return
			}
		}
	}
}

// graphStatements write to the plain graph. With again they may be run on a graph in which any part of them was done already.
func graphStatements(delta *propertygraph.Delta, rows int, again bool) statements {
	return func(yield func(statement, error) bool) {
		for _, b := range delta.Batches(rows) {
			if !yield(statement{cypherOf(b, again), rowsOf(b)}, nil) {
				return
			}
		}
	}
}

// rowsOf makes the parameters of a batch: u, or a and b, say where, p what to set; s and t are the service that a
// relationship has and gets, d whether it is derived.
func rowsOf(b propertygraph.Batch) []any {
	list := make([]any, 0, b.Len())
	switch b.Operation {
	case propertygraph.DeleteNodes, propertygraph.ChangeNodes, propertygraph.CreateNodes:
		for _, r := range b.Nodes() {
			row := map[string]any{"u": r.UID}
			if b.ByElementID {
				row["e"] = r.ElementID
			}
			if b.Operation != propertygraph.DeleteNodes {
				row["p"] = r.Properties
			}
			list = append(list, row)
		}
	default:
		for _, r := range b.Relationships() {
			list = append(list, relationshipRow(b, r))
		}
	}
	return list
}

func relationshipRow(b propertygraph.Batch, r propertygraph.RelationshipRow) map[string]any {
	row := map[string]any{"a": r.From, "b": r.To}
	if b.Operation != propertygraph.DeleteRelationships {
		row["p"] = r.Properties
	}
	if b.ByElementID {
		row["e"] = r.ElementID
	}
	if b.Type != propertygraph.Serves {
		return row
	}
	row["s"], row["t"], row["d"] = r.Service, r.Service, r.Derived
	if service, ok := r.Properties[propertygraph.PropertyService]; ok {
		row["t"], _ = service.(string)
	}
	if b.Operation == propertygraph.CreateRelationships {
		row["s"] = row["t"]
	}
	return row
}

// cypherOf gives the statement of a batch. Labels and types are those of the model, never data.
func cypherOf(b propertygraph.Batch, again bool) string {
	const node = "MATCH (n:Entity {uid: row.u}) "
	const ends = "MATCH (a:Entity {uid: row.a}) MATCH (b:Entity {uid: row.b}) "
	found, which := node, "MATCH (a)-[r:"+b.Type+"]->(b) "
	if b.Type == propertygraph.Serves {
		which += "WHERE coalesce(r.service, '') IN [row.s, row.t] AND coalesce(r.derived, false) = row.d "
	}
	relationship := ends + which
	if b.ByElementID {
		found, relationship = "MATCH (n) WHERE elementId(n) = row.e ", "MATCH ()-[r]->() WHERE elementId(r) = row.e "
	}
	const rows = "UNWIND $rows AS row "
	switch b.Operation {
	case propertygraph.DeleteRelationships:
		return rows + relationship + "DELETE r"
	case propertygraph.DeleteNodes:
		return rows + found + "DETACH DELETE n"
	case propertygraph.ChangeNodes:
		return rows + found + relabel(b.Label) + "SET n += row.p"
	case propertygraph.CreateNodes: // somebody may have made a node with this uid by hand
		return rows + "MERGE (n:Entity {uid: row.u}) " + relabel(b.Label) + "SET n += row.p"
	case propertygraph.ChangeRelationships:
		return rows + relationship + "SET r += row.p"
	}
	if again {
		return rows + ends + "OPTIONAL " + which + "DELETE r WITH DISTINCT row, a, b CREATE (a)-[x:" + b.Type + "]->(b) SET x = row.p"
	}
	return rows + ends + "CREATE (a)-[r:" + b.Type + "]->(b) SET r = row.p"
}

// relabel gives a node the labels of a kind and takes those of other kinds away.
func relabel(label string) string {
	if label == "" {
		return "SET n:" + propertygraph.LabelEntity + " "
	}
	others := ""
	for _, l := range propertygraph.KindLabels() {
		if l != label {
			others += ":" + l
		}
	}
	return "SET n:" + propertygraph.LabelEntity + ":" + label + " REMOVE n" + others + " "
}

// versionProperties gives the properties of a version's node.
func versionProperties(org, uid string, r graph.VersionRecord, chunks int, token string) map[string]any {
	names, hashes := []string{}, []string{}
	for _, f := range r.Files {
		names, hashes = append(names, f.Name), append(hashes, f.SHA256)
	}
	p := map[string]any{"uid": uid, "org": org, "number": r.Number, "time": r.Time.UTC().Format(time.RFC3339), "by": r.By, "program": r.Program,
		"sources": append([]string{}, r.Sources...), "files": names, "hashes": hashes, "mapping": r.Mapping,
		"added": r.Added, "changed": r.Changed, "removed": r.Removed, "chunks": chunks, "token": token}
	if r.Undoes != 0 {
		p["undoes"] = r.Undoes
	}
	return p
}
