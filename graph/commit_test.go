package graph_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/sqlitestore"
	"example.com/whoserves/graph/storetest"
)

func openStore(t *testing.T) graph.Store {
	t.Helper()
	st, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), graph.DefaultOrg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

// facts lists what an organisation states: the rank under the name of each source, and each record under source and key.
// The rows that records stand in do not count.
func facts(o *graph.Org) map[string]string {
	all := map[string]string{}
	put := func(s *graph.Source, key, record any) {
		b, err := json.Marshal(record)
		if err != nil {
			panic(err)
		}
		all[fmt.Sprintf("%s/%+v", s.Name, key)] = string(b)
	}
	for _, s := range o.Sources {
		all[s.Name] = fmt.Sprint(s.Rank)
		for _, r := range s.Nodes {
			c := *r
			c.From = graph.Origin{}
			put(s, r.Key(), c)
		}
		for _, r := range s.Links {
			c := *r
			c.From = graph.Origin{}
			put(s, r.Key(), c)
		}
	}
	return all
}

// differ gives the facts that are not the same in two organisations.
func differ(a, b map[string]string) map[string]bool {
	d := map[string]bool{}
	for k, v := range a {
		if w, ok := b[k]; !ok || v != w {
			d[k] = true
		}
	}
	for k := range b {
		if _, ok := a[k]; !ok {
			d[k] = true
		}
	}
	return d
}

func sourceOf(fact string) string {
	s, _, _ := strings.Cut(fact, "/")
	return s
}

// undone works out what taking version n back must lead to; ok is false where later changes stand in the way.
func undone(orgs []*graph.Org, n int) (want map[string]string, ok bool) {
	before, after, now := facts(orgs[n-1]), facts(orgs[n]), facts(orgs[len(orgs)-1])
	mine := differ(before, after)
	about := map[string]bool{}
	for k := range mine {
		about[sourceOf(k)] = true
	}
	has := func(facts map[string]string, source string) bool { _, ok := facts[source]; return ok }
	for k := range differ(after, now) {
		s := sourceOf(k)
		if mine[k] || has(after, s) && !has(before, s) && s != graph.EditsSource || about[s] && has(after, s) && !has(now, s) {
			return nil, false
		}
	}
	for k := range mine {
		if k == graph.EditsSource && !has(before, k) && more(now, mine, k) {
			continue // later corrections stand by themselves
		}
		if v, was := before[k]; was {
			now[k] = v
		} else {
			delete(now, k)
		}
	}
	return now, true
}

// more says whether a source states facts beside some.
func more(facts map[string]string, some map[string]bool, source string) bool {
	for k := range facts {
		if sourceOf(k) == source && !some[k] {
			return true
		}
	}
	return false
}

func randomSource(r *rand.Rand) *graph.Source {
	text := func() string { return string(rune('a' + r.IntN(5))) }
	var nodes []*graph.NodeRecord
	for row := range r.IntN(5) {
		nodes = append(nodes, &graph.NodeRecord{ID: text(), Contact: []string{"", "x", "y"}[r.IntN(3)], From: graph.Origin{File: "n.csv", Row: row + r.IntN(3)}})
	}
	var links []*graph.LinkRecord
	for row := range r.IntN(5) {
		links = append(links, &graph.LinkRecord{Provider: text(), Consumer: text(), Volume: graph.Given(float64(r.IntN(3))), From: graph.Origin{File: "l.csv", Row: row + r.IntN(3)}})
	}
	return graph.NewSource([]string{"hr", "orgs", "it", graph.EditsSource}[r.IntN(4)], nodes, links)
}

// rankOrDrop changes the rank of a source or takes it out.
func rankOrDrop(r *rand.Rand, o *graph.Org) *graph.ChangeSet {
	s := o.Sources[r.IntN(len(o.Sources))]
	if r.IntN(2) == 0 {
		return &graph.ChangeSet{Base: o.Version, Sources: []graph.SourceChange{{Name: s.Name, Old: s.Rank, New: s.Rank + 1 + r.IntN(3)}}}
	}
	cs := graph.Diff(o, &graph.Org{Sources: []*graph.Source{graph.NewSource(s.Name, nil, nil)}})
	cs.Sources = []graph.SourceChange{{Name: s.Name, Old: s.Rank}}
	return cs
}

// Random imports, new ranks, sources that go, and undoing of any version: it is refused just when later changes stand in the
// way, else it takes back what that version changed and nothing else; the undoing can be taken back.
func TestUndoOfAnyVersion(t *testing.T) {
	record := graph.VersionRecord{By: "test"}
	undos, refusals := 0, 0
	for seed := range uint64(12) {
		st, r := openStore(t), rand.New(rand.NewPCG(seed, 9))
		load := func() *graph.Org {
			o, err := st.Load(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return o
		}
		orgs := []*graph.Org{load()}
		undo := func(n int) {
			want, ok := undone(orgs, n)
			p, version, err := graph.Undo(t.Context(), st, int64(n), record, nil)
			var later *graph.LaterChangesError
			switch {
			case !ok:
				if refusals++; !errors.As(err, &later) || len(later.Later) == 0 {
					t.Fatalf("seed %d: undo of %d at %d: want a refusal with reasons, got %v", seed, n, len(orgs)-1, err)
				}
				return
			case err != nil:
				t.Fatalf("seed %d: undo of %d at %d: %v", seed, n, len(orgs)-1, err)
			}
			undos++
			now := load()
			if d := cmp.Diff(want, facts(now)); d != "" {
				t.Fatalf("seed %d: undo of %d at %d (-want +got):\n%s", seed, n, len(orgs)-1, d)
			}
			if version != now.Version {
				t.Fatalf("seed %d: undo gives version %d, the store is at %d", seed, version, now.Version)
			}
			if version < int64(len(orgs)) {
				return // nothing was left to take back
			}
			history, err := st.History(t.Context())
			if err != nil || history[0].Undoes != int64(n) || history[0].Added != len(p.Effect.Added) || history[0].Removed != len(p.Effect.Removed) {
				t.Fatalf("seed %d: undo of %d: %+v, %v", seed, n, history[0], err)
			}
			orgs = append(orgs, now)
		}
		for len(orgs) < 12 {
			now := orgs[len(orgs)-1]
			switch {
			case len(orgs) > 2 && r.IntN(2) == 0:
				undo(1 + r.IntN(len(orgs)-1))
				continue
			case len(now.Sources) > 0 && r.IntN(5) == 0:
				if _, err := st.Apply(t.Context(), rankOrDrop(r, now), record); err != nil {
					t.Fatal(err)
				}
			default:
				in := &graph.Org{Sources: []*graph.Source{randomSource(r)}}
				p, version, err := graph.Commit(t.Context(), st, in, record, nil)
				if err != nil {
					t.Fatal(err)
				}
				if p.Changes.Empty() != (version == now.Version) {
					t.Fatalf("seed %d: version %d after %d, changes %+v", seed, version, now.Version, p.Changes)
				}
				if version == now.Version {
					continue
				}
			}
			orgs = append(orgs, load())
		}
		// The last first, all is undone, and redone.
		end := len(orgs) - 1
		for n := end; n > 0; n-- {
			undo(n)
		}
		if got := orgs[len(orgs)-1]; len(got.Sources) > 0 {
			t.Fatalf("seed %d: after all was undone: %+v", seed, got.Sources)
		}
		for n := len(orgs) - 1; n > end; n-- {
			undo(n)
		}
		if d := cmp.Diff(facts(orgs[end]), facts(orgs[len(orgs)-1])); d != "" {
			t.Fatalf("seed %d: after all was undone and redone (-want +got):\n%s", seed, d)
		}
		for v, o := range orgs {
			at, err := graph.At(t.Context(), st, int64(v))
			if d := storetest.DiffOrgs(o, at); err != nil || d != "" {
				t.Fatalf("seed %d, version %d: %v\n%s", seed, v, err, d)
			}
		}
	}
	if undos < 100 || refusals < 10 {
		t.Errorf("%d undos and %d refusals prove little", undos, refusals)
	}
}

// overtaken is a store in which somebody else is faster once.
type overtaken struct {
	graph.Store
	meanwhile func()
}

func (o *overtaken) Apply(ctx context.Context, cs *graph.ChangeSet, record graph.VersionRecord) (int64, error) {
	if f := o.meanwhile; f != nil {
		o.meanwhile = nil
		f()
	}
	return o.Store.Apply(ctx, cs, record)
}

func TestSomebodyElseIsFaster(t *testing.T) {
	record := graph.VersionRecord{By: "test"}
	source := func(name, contact string) *graph.Org {
		return &graph.Org{Sources: []*graph.Source{graph.NewSource(name, []*graph.NodeRecord{{ID: "x", Contact: contact}}, nil)}}
	}
	commit := func(st graph.Store, in *graph.Org, confirm func(*graph.Preview) error) (int64, error) {
		_, v, err := graph.Commit(t.Context(), st, in, record, confirm)
		return v, err
	}
	for _, other := range []string{"b", "a"} {
		st := &overtaken{Store: openStore(t)}
		st.meanwhile = func() {
			if _, err := commit(st.Store, source(other, "theirs"), nil); err != nil {
				t.Fatal(err)
			}
		}
		asked := 0
		v, err := commit(st, source("a", "mine"), func(*graph.Preview) error { asked++; return nil })
		var conflict *graph.ConflictError
		switch {
		case other == "b" && (err != nil || v != 2 || asked != 2):
			t.Errorf("other facts moved: version %d, %v, asked %d times", v, err, asked)
		case other == "a" && (!errors.As(err, &conflict) || conflict.Now != 1 || asked != 1):
			t.Errorf("the same facts moved: version %d, %v, asked %d times", v, err, asked)
		}
	}
	for _, other := range []string{"b", "a"} {
		st := &overtaken{Store: openStore(t)}
		if _, err := commit(st, source("a", "mine"), nil); err != nil {
			t.Fatal(err)
		}
		st.meanwhile = func() {
			if _, err := commit(st.Store, source(other, "theirs"), nil); err != nil {
				t.Fatal(err)
			}
		}
		p, v, err := graph.Undo(t.Context(), st, 0, record, nil)
		var later *graph.LaterChangesError
		switch {
		case other == "b" && (err != nil || v != 3 || p.After.Org.Source("b") == nil || p.After.Org.Source("a") != nil):
			t.Errorf("undo while other facts moved: version %d, %v", v, err)
		case other == "a" && (!errors.As(err, &later) || later.Version != 1):
			t.Errorf("undo while the same facts moved: version %d, %v", v, err)
		}
	}
}

// What a version removed cannot come back into a source that is gone.
func TestUndoIntoASourceThatWent(t *testing.T) {
	st, record := openStore(t), graph.VersionRecord{By: "test"}
	for _, ids := range [][]string{{"x", "y"}, {"x"}} {
		var nodes []*graph.NodeRecord
		for _, id := range ids {
			nodes = append(nodes, &graph.NodeRecord{ID: id})
		}
		if _, _, err := graph.Commit(t.Context(), st, &graph.Org{Sources: []*graph.Source{graph.NewSource("a", nodes, nil)}}, record, nil); err != nil {
			t.Fatal(err)
		}
	}
	now, err := st.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	gone := graph.Diff(now, &graph.Org{Sources: []*graph.Source{graph.NewSource("a", nil, nil)}})
	gone.Sources = []graph.SourceChange{{Name: "a", Old: 1}}
	if _, err := st.Apply(t.Context(), gone, record); err != nil {
		t.Fatal(err)
	}
	var later *graph.LaterChangesError
	if _, _, err := graph.Undo(t.Context(), st, 2, record, nil); !errors.As(err, &later) || later.Later[0] != "version 3 removed source “a”" {
		t.Errorf("undo of version 2: %v", err)
	}
}
