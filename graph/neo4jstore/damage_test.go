package neo4jstore

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/neo4jstore/neo4jtest"
	"example.com/whoserves/graph/propertygraph"
	"example.com/whoserves/graph/storetest"
)

// TestDamage lets a person delete and spoil what only whoserves writes, under a handle that knows it and one that does not: what
// cannot be told any more is a clear error, never half an answer, and nothing is built on facts that are gone.
func TestDamage(t *testing.T) {
	a := neo4jtest.Server(t)
	for _, d := range []struct {
		name, cypher                   string
		load, changes, history, commit bool // whether they still work, but for the facts that a handle remembers
	}{
		{"a chunk of facts deleted", "MATCH (f:WhoservesFacts) WITH f ORDER BY f.uid LIMIT 1 DELETE f", false, true, true, false},
		{"facts emptied", "MATCH (f:WhoservesFacts) REMOVE f.data", false, true, true, false},
		{"log deleted", "MATCH (c:WhoservesChanges) DELETE c", true, false, true, true},
		{"versions deleted", "MATCH (v:WhoservesVersion) DELETE v", true, false, false, true},
		{"an old version deleted", "MATCH (v:WhoservesVersion {number: 1}) DELETE v", true, false, true, true},
		{"chunks miscounted", "MATCH (v:WhoservesVersion) SET v.chunks = -1", true, false, true, true},
		{"the organisation deleted", "MATCH (o:WhoservesOrg) DELETE o", true, false, true, false},
		{"an import that never was", `MATCH (o:WhoservesOrg) SET o.pending = 3, o.phase = 'applying', o.pending_chunks = -1, o.pending_record = '{}', o.pending_seal = '',
			o.pending_sources = [], o.pending_ranks = [], o.pending_gone = [], o.pending_token = ''`, true, true, true, false},
		{"everything deleted", "MATCH (n) DETACH DELETE n", true, false, true, true},
	} {
		for _, remembers := range []bool{true, false} {
			a.Empty(t)
			st := openStore(t, a, usual)
			importSource(t, st, someSource("s", 30, 1))
			importSource(t, st, someSource("s2", 20, 1))
			a.Run(t, d.cypher, nil)
			if !remembers {
				st = openStore(t, a, usual)
			}
			st.patience = 50 * time.Millisecond
			works := func(what string, want bool, err error) {
				t.Helper()
				if (err == nil) != want || err != nil && strings.Contains(err.Error(), "\n") {
					t.Errorf("%s: %s gives %v (the handle remembers: %v)", d.name, what, err, remembers)
				}
			}
			_, err := st.Load(t.Context())
			works("Load", d.load || remembers, err)
			_, err = st.Changes(t.Context(), 0, 2)
			works("Changes", d.changes, err)
			_, err = st.History(t.Context())
			works("History", d.history, err)
			_, _, err = graph.Commit(t.Context(), st, orgOf(someSource("s3", 10, 1)), graph.VersionRecord{}, nil)
			works("Commit", d.commit, err)
			if d.commit {
				_, err = openStore(t, a, usual).Load(t.Context())
				works("Load after that", true, err)
			}
		}
	}
}

// TestTooLong refuses an id or a name that no index takes before anything is written, and says where it stands; one that a
// person wrote is a Problem.
func TestTooLong(t *testing.T) {
	a, long := neo4jtest.Server(t), strings.Repeat("long ", 4000)
	st := openStore(t, a, small)
	for what, change := range map[string]func(s *graph.Source){
		"name": func(s *graph.Source) { s.Nodes[1].Name = long },
		"id":   func(s *graph.Source) { s.Nodes[1].ID = long },
	} {
		s := someSource("s", 30, 1)
		change(s)
		_, _, err := graph.Commit(t.Context(), st, orgOf(graph.NewSource("s", s.Nodes, s.Links)), graph.VersionRecord{}, nil)
		if err == nil || !strings.Contains(err.Error(), "nodes.csv row 3): its "+what) || len(err.Error()) > 300 {
			t.Errorf("%s: %.1000v", what, err)
		}
	}
	if n := len(a.Run(t, "MATCH (n) WHERE NOT n:WhoservesStore RETURN n", nil)); n > 0 {
		t.Errorf("%d nodes were written", n)
	}
	a.Run(t, "CREATE (:Team {org: 'default', name: $long}), (:Team {org: 'default', id: $long, name: 'b'}), (:Team {org: 'default', name: 'c'})", map[string]any{"long": long})
	v, problems, err := st.Refresh(t.Context(), graph.VersionRecord{})
	if v != 1 || len(problems) != 2 || err != nil {
		t.Errorf("version %d, %q, %v", v, texts(problems), err)
	}
	checkGraph(t, st)
}

// TestLargeFigures keeps what fits a number, and refuses infinity.
func TestLargeFigures(t *testing.T) {
	a := neo4jtest.Server(t)
	st := openStore(t, a, usual)
	s := someSource("s", 30, 1)
	s.Nodes[0].Capacity, s.Nodes[1].Value, s.Nodes[1].Contact = graph.Given(1e300), graph.Given(-1e300), strings.Repeat("x", 5<<20)
	s.Links[0].Service = strings.Repeat("service ", 4000)
	s = graph.NewSource("s", s.Nodes, s.Links)
	s.Rank = 1
	importSource(t, st, s)
	if d := storetest.DiffOrgs(orgOf(s), orgOf(need[*graph.Org](t)(openStore(t, a, usual).Load(t.Context())).Source("s"))); d != "" {
		t.Errorf("%.1000s", d)
	}
	checkGraph(t, st)
	s = someSource("s", 30, 1)
	s.Nodes[0].Capacity = graph.Given(math.Inf(1))
	if _, _, err := graph.Commit(t.Context(), st, orgOf(s), graph.VersionRecord{}, nil); err == nil {
		t.Error("infinity is stored")
	}
}

// TestOddEnds ties nodes of the organisation that its index leads to, nodes that it does not lead to, and strangers to each
// other: each relationship is shown once, and nothing of anybody else.
func TestOddEnds(t *testing.T) {
	a := neo4jtest.Server(t)
	st := openStore(t, a, usual)
	importSource(t, st, someSource("s", 30, 1))
	ab := need[*Store](t)(Open(t.Context(), configFor(a), "default-2"))
	defer ab.Close()
	importSource(t, ab, someSource("s", 30, 1))
	nodes := map[string]string{
		"ours":        "(%s:Entity {uid: 'default/p000001'})",
		"unlabelled":  "(%s:Team {uid: 'default/team-x'})",
		"named":       "(%s:Supplier {name: 'X'})",
		"without org": "(%s:Entity:Person {uid: 'default/person-y'})",
		"stranger":    "(%s:Person {name: 'Somebody'})",
		"another":     "(%s:Entity {uid: 'default-2/p000001'})",
	}
	a.Run(t, `CREATE (:Team {uid: 'default/team-x'}), (:Supplier {org: 'default', name: 'X'}), (:Entity:Person {uid: 'default/person-y', name: 'Y'}), (:Person {name: 'Somebody'})`, nil)
	isOurs := func(name string) bool { return name != "stranger" && name != "another" }
	want := len(graph.NewSnapshot(need[*graph.Org](t)(st.Load(t.Context()))).Links)
	for from, p := range nodes {
		for to, q := range nodes {
			if from == to {
				continue
			}
			a.Run(t, fmt.Sprintf("MATCH "+p+", "+q+" CREATE (a)-[:SERVES {service: $service}]->(b)", "a", "b"), map[string]any{"service": from + " → " + to})
			if isOurs(from) || isOurs(to) {
				want++
			}
		}
	}
	shown := map[string]int{}
	err := st.read(t.Context(), func(tx neo4j.ManagedTransaction) error {
		odd, err := st.readNodes(t.Context(), tx, func(propertygraph.NodeSeen) {})
		if err != nil {
			return err
		}
		if len(odd) != 3 {
			t.Errorf("%d nodes are odd", len(odd))
		}
		return st.readRelationships(t.Context(), tx, odd, func(r propertygraph.RelationshipSeen) { shown[r.ElementID]++ })
	})
	if err != nil {
		t.Fatal(err)
	}
	for id, n := range shown {
		if n > 1 {
			t.Errorf("%s was shown %d times", id, n)
		}
	}
	if len(shown) != want {
		t.Errorf("%d relationships were shown, not %d", len(shown), want)
	}
	if _, problems, err := st.Refresh(t.Context(), graph.VersionRecord{}); err != nil || len(problems) != 16 {
		t.Errorf("%d problems, %v:\n%s", len(problems), err, strings.Join(texts(problems), "\n"))
	}
	checkGraph(t, ab)
	if left := a.Run(t, "MATCH (n:Person {name: 'Somebody'}) WHERE size(keys(n)) = 1 AND size(labels(n)) = 1 RETURN n", nil); len(left) != 1 {
		t.Error("what is not ours was changed")
	}
}
