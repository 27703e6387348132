package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/neo4jstore/neo4jtest"
)

// TestRefresh edits the plain graph by hand, one edit after the other: Check tells and changes nothing, Refresh makes a version
// where something new is stated and puts back what must not change, and a second Refresh finds nothing to do.
func TestRefresh(t *testing.T) {
	a := neo4jtest.Server(t)
	st := openStore(t, a, usual)
	importSource(t, st, someSource("s", 30, 1))
	other := need[*Store](t)(Open(t.Context(), configFor(a), "other"))
	defer other.Close()
	importSource(t, other, someSource("s", 20, 1))
	for _, edit := range []struct {
		name, cypher string
		version      int64 // how many versions it makes
		problems     []string
		states       func(s *graph.Snapshot) bool
	}{
		{name: "nothing", cypher: "RETURN 1"},
		{name: "a value", cypher: "MATCH (n:Entity {uid: 'default/p000001'}) SET n.capacity = 9, n.`Cost centre` = '77'", version: 1,
			states: func(s *graph.Snapshot) bool {
				n := s.Nodes[s.ByID("p000001")]
				return n.Capacity == graph.Given(9) && n.Stated[0].Source == graph.Neo4jSource && len(n.Attrs) == 1
			}},
		{name: "a value taken back", cypher: "MATCH (n:Entity {uid: 'default/p000001'}) SET n.capacity = 1 REMOVE n.`Cost centre`", version: 1,
			states: func(s *graph.Snapshot) bool {
				return s.Org.Source(graph.Neo4jSource) == nil || len(s.Org.Source(graph.Neo4jSource).Nodes) == 0
			}},
		{name: "a node and a link", cypher: "MATCH (n:Entity {uid: 'default/p000002'}) CREATE (:Supplier {org: 'default', name: 'Caterer'})-[:SERVES {service: 'Meals'}]->(n)", version: 1,
			states: func(s *graph.Snapshot) bool {
				n := s.ByID("caterer")
				return n >= 0 && s.Nodes[n].Kind == graph.Supplier && len(s.LinksFrom(n)) == 1
			}},
		{name: "a link goes that only others stated", cypher: "MATCH (:Entity {name: 'Caterer'})-[r:SERVES]->() DELETE r", version: 1,
			states: func(s *graph.Snapshot) bool { return len(s.LinksFrom(s.ByID("caterer"))) == 0 }},
		{name: "a node goes that a source states", cypher: "MATCH (n:Entity {uid: 'default/p000001'}) DETACH DELETE n", problems: []string{"nodes.csv", "p000001"},
			states: func(s *graph.Snapshot) bool { return s.ByID("p000001") >= 0 && len(s.LinksFrom(s.ByID("p000001"))) > 0 }},
		{name: "what is ours", cypher: "MATCH (n:Entity {uid: 'default/p000001'}) SET n.sources = ['me'], n.rows = []"},
	} {
		before := need[*graph.Org](t)(st.Load(t.Context()))
		a.Run(t, edit.cypher, nil)
		checked := texts(need[[]graph.Problem](t)(st.Check(t.Context())))
		if v := need[int64](t)(st.Version(t.Context())); v != before.Version {
			t.Errorf("%s: Check made version %d", edit.name, v)
		}
		v, problems, err := st.Refresh(t.Context(), graph.VersionRecord{By: "tester"})
		if err != nil || v != before.Version+edit.version {
			t.Errorf("%s: version %d after %d, %v", edit.name, v, before.Version, err)
		}
		if told := texts(problems); !slices.Equal(told, checked) {
			t.Errorf("%s: Check says %q, Refresh %q", edit.name, checked, told)
		}
		for _, want := range edit.problems {
			if !strings.Contains(strings.Join(checked, "\n"), want) {
				t.Errorf("%s: the problems %q do not say %q", edit.name, checked, want)
			}
		}
		o := need[*graph.Org](t)(st.Load(t.Context()))
		if edit.states != nil && !edit.states(graph.NewSnapshot(o)) {
			t.Errorf("%s: read otherwise", edit.name)
		}
		checkGraph(t, st)
		if again, _, err := st.Refresh(t.Context(), graph.VersionRecord{}); again != v || err != nil {
			t.Errorf("%s: a second time: version %d after %d, %v", edit.name, again, v, err)
		}
	}
	history := need[[]graph.VersionRecord](t)(st.History(t.Context()))
	if r := history[len(history)-2]; r.By != "tester" || r.Changed != 1 || !slices.Equal(r.Sources, []string{graph.Neo4jSource}) {
		t.Errorf("the first edit is told as %+v", r)
	}
	checkGraph(t, other)
	if v := need[int64](t)(other.Version(t.Context())); v != 1 {
		t.Errorf("another organisation is at version %d", v)
	}
}

func texts(problems []graph.Problem) []string {
	var list []string
	for _, p := range problems {
		list = append(list, p.String())
	}
	return list
}

// TestBadEdit leaves a value that cannot be read as it is, and tells it every time.
func TestBadEdit(t *testing.T) {
	a := neo4jtest.Server(t)
	st := openStore(t, a, usual)
	importSource(t, st, someSource("s", 30, 1))
	a.Run(t, "MATCH (:Entity {uid: 'default/p000000'})-[r:SERVES {service: 'service 3'}]->() SET r.criticality = 'vital', r.volume = 'lots'", nil)
	for range 2 {
		v, problems, err := st.Refresh(t.Context(), graph.VersionRecord{})
		if v != 1 || err != nil {
			t.Errorf("version %d, %v", v, err)
		}
		if told := strings.Join(texts(problems), "\n"); !strings.Contains(told, "vital") || !strings.Contains(told, "lots") {
			t.Errorf("told %q", told)
		}
		if left := a.Run(t, "MATCH ()-[r:SERVES {criticality: 'vital', volume: 'lots'}]->() RETURN r", nil); len(left) != 1 {
			t.Error("the value was changed")
		}
	}
}

// TestRefreshBesideImports refreshes all the time while others import, in one transaction and in batches, and give up now
// and then: what importers write is never taken for what others wrote.
func TestRefreshBesideImports(t *testing.T) {
	a := neo4jtest.Server(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	st := openStore(t, a, usual)
	importSource(t, st, someSource("s", 200, 0))
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	refreshed := 0
	all.Go(func() {
		for ctx.Err() == nil {
			if _, problems, err := st.Refresh(ctx, graph.VersionRecord{By: "refresh"}); err != nil && ctx.Err() == nil || len(problems) > 0 {
				t.Errorf("refresh: %v, %v", problems, err)
				return
			}
			refreshed++
		}
	})
	for i := range 30 {
		importer := openStore(t, a, []settings{usual, {most: -1, rows: 40, lease: 10 * time.Second}}[i%2])
		limited, cancel := context.WithTimeout(t.Context(), time.Duration(20+r.IntN(400))*time.Millisecond)
		_, _, err := graph.Commit(limited, importer, orgOf(someSource(fmt.Sprintf("s%d", i%3), 200+10*i, i)), graph.VersionRecord{By: "importer"}, nil)
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		cancel()
	}
	stop()
	all.Wait()
	t.Logf("%d refreshes", refreshed)
	if o := need[*graph.Org](t)(st.Load(t.Context())); o.Source(graph.Neo4jSource) != nil {
		t.Error("what was imported was taken for what others wrote")
	}
	checkGraph(t, st)
}
