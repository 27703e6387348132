// Package storetest holds the contract that every graph.Store passes. A store's own test calls Run.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"example.com/whoserves/graph"
)

// Opener opens a store for one organisation. All stores that one Opener opens are handles on the same store, as if other
// processes had opened it: what one writes the others see.
type Opener func(ctx context.Context, org string) (graph.Store, error)

// Run holds a kind of store to the contract of graph.Store. newStore makes an empty store, which lives as long as its test,
// and gives what opens it.
func Run(t *testing.T, newStore func(t *testing.T) Opener) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, p place)
	}{
		{"empty", testEmpty},
		{"names of organisations", testNames},
		{"every field comes back", testFields},
		{"random sequences", testSequences},
		{"history", testHistory},
		{"empty change sets make no version", testNoChange},
		{"stale change sets", testStale},
		{"conflict", testConflict},
		{"organisations are apart", testOrgs},
		{"documents", testDocuments},
		{"ranks", testRanks},
		{"two sources over one link", testOneLink},
		{"undo and redo", testUndo},
		{"concurrent imports", testConcurrentImports},
		{"readers see whole versions", testReaders},
		{"cancelled", testCancelled},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, place{t, newStore(t)}) })
	}
}

// DiffOrgs says how two organisations differ, "" when they are equal. Empty and missing lists are the same.
func DiffOrgs(want, got *graph.Org) string { return diff(want, got) }

// DiffChanges says how two change sets differ, "" when they are equal.
func DiffChanges(want, got *graph.ChangeSet) string { return diff(want, got) }

// diff asks reflect first: it is much faster where there is nothing to tell.
func diff(want, got any) string {
	if reflect.DeepEqual(want, got) {
		return ""
	}
	return cmp.Diff(want, got, options...)
}

var options = cmp.Options{
	cmpopts.EquateEmpty(),
	cmp.Comparer(func(a, b graph.Number) bool { return a == b }),
}

// place is a store under test.
type place struct {
	*testing.T
	opener Opener
}

func (p place) open(org string) graph.Store {
	p.Helper()
	st, err := p.opener(p.Context(), org)
	p.no(err)
	p.Cleanup(func() {
		if err := st.Close(); err != nil {
			p.Errorf("Close: %v", err)
		}
	})
	return st
}

func (p place) no(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p place) version(st graph.Store) int64 {
	p.Helper()
	v, err := st.Version(p.Context())
	p.no(err)
	return v
}

func (p place) load(st graph.Store) *graph.Org {
	p.Helper()
	o, err := st.Load(p.Context())
	p.no(err)
	return o
}

func (p place) apply(st graph.Store, cs *graph.ChangeSet) int64 {
	p.Helper()
	v, err := st.Apply(p.Context(), cs, graph.VersionRecord{By: "tester"})
	p.no(err)
	return v
}

// same fails when two organisations state different things; their version may differ.
func (p place) same(want, got *graph.Org, format string, args ...any) {
	p.Helper()
	w, g := *want, *got
	w.Version, g.Version = 0, 0
	if d := DiffOrgs(&w, &g); d != "" {
		p.Fatalf("%s (-want +got):\n%s", fmt.Sprintf(format, args...), d)
	}
}

// next gives the organisation after a change set, worked out in memory.
func (p place) next(o *graph.Org, cs *graph.ChangeSet) *graph.Org {
	p.Helper()
	after, err := o.Apply(cs)
	p.no(err)
	after.Version = o.Version
	if !cs.Empty() {
		after.Version++
	}
	return after
}

func org(name string, sources ...*graph.Source) *graph.Org {
	return &graph.Org{Name: name, Sources: sources}
}

func testEmpty(t *testing.T, p place) {
	st := p.open("acme")
	if v := p.version(st); v != 0 {
		t.Errorf("version %d of an empty store", v)
	}
	if d := DiffOrgs(org("acme"), p.load(st)); d != "" {
		t.Error(d)
	}
	history, err := st.History(t.Context())
	if len(history) != 0 || err != nil {
		t.Errorf("history %v, %v", history, err)
	}
	orgs, err := st.Orgs(t.Context())
	if len(orgs) != 0 || err != nil {
		t.Errorf("orgs %v, %v", orgs, err)
	}
	cs, err := st.Changes(t.Context(), 0, 0)
	if err != nil || !cs.Empty() || cs.Base != 0 {
		t.Errorf("changes from 0 to 0: %v, %v", cs, err)
	}
	for _, v := range [][2]int64{{0, 1}, {1, 0}, {-1, 0}, {0, -1}, {5, 5}} {
		if _, err := st.Changes(t.Context(), v[0], v[1]); !errors.Is(err, graph.ErrNoVersion) {
			t.Errorf("changes from %d to %d: %v", v[0], v[1], err)
		}
	}
}

func testNames(t *testing.T, p place) {
	for _, name := range []string{"", " ", "a/b", "/", "nul\x00", "broken\xff"} {
		if st, err := p.opener(t.Context(), name); err == nil {
			st.Close()
			t.Errorf("organisation %q was opened", name)
		}
	}
	names := []string{graph.DefaultOrg, "it's", `"x"`, "水 – 航空", "a b", "%41", "x'; DROP TABLE orgs; --"}
	for _, name := range names {
		st := p.open(name)
		p.apply(st, graph.Diff(p.load(st), org(name, newRandom(1).source("s", 5))))
	}
	slices.Sort(names)
	got, err := p.open("other").Orgs(t.Context())
	p.no(err)
	if d := cmp.Diff(names, got); d != "" {
		t.Error(d)
	}
}

func testFields(t *testing.T, p place) {
	one := graph.Given(1.25)
	node := func(id string) *graph.NodeRecord {
		return &graph.NodeRecord{ID: id, Name: "Name of " + id, Kind: graph.Customer, Unit: "unit", Headcount: one, MinStaff: graph.Given(0), Capacity: graph.Given(1e300),
			RecoveryHours: graph.Given(4), FailuresPerYear: graph.Given(0.1), Value: graph.Given(-3), Segment: graph.Potential, CanFail: graph.No, Contact: "a@b.c",
			Sites: []string{"Dallas", "水"}, Tags: []string{"x", ""}, Aliases: []string{"a|b"}, Teams: []string{`"q"`, "t2"}, Manager: "boss", Role: "clerk",
			Attrs: []graph.Attr{{Name: "", Value: ""}, {Name: "Kosten", Value: "ä"}, {Name: `q"`, Value: "\\"}},
			From:  graph.Origin{File: "a/b.xlsx", Sheet: "Blatt 1", Row: 1048576}}
	}
	link := func(provider string) *graph.LinkRecord {
		return &graph.LinkRecord{Provider: provider, Consumer: "c", Service: "s", Criticality: graph.Minor, MinProviders: graph.Given(2), Tolerance: one, Volume: graph.Given(3),
			LeadTime: graph.Given(4), Satisfaction: graph.Given(5), ResponseHours: graph.Given(6), Cost: graph.Given(7), Agreement: "SLA", Channel: "#ops",
			Feedback: "yearly", DeclaredBy: "both", ConfirmedOn: "2026-11-30", Attrs: []graph.Attr{{Name: "n", Value: "v"}}, From: graph.Origin{File: "b.csv", Row: 2}}
	}
	nodes := []*graph.NodeRecord{node("full"), {ID: "bare"}, {Name: "only a name"}, {Name: "only a name"}, {Kind: graph.Unit, ID: "full"}, {Kind: graph.Unit, Name: "only a name"}, {}}
	links := []*graph.LinkRecord{link("full"), link("full"), {}, {Provider: "a", Consumer: "b"}, {Provider: "a", Consumer: "b", Service: "S"}, {Provider: "a", Consumer: "b", Service: "s"}}
	for i, text := range texts {
		row := graph.Origin{File: text, Row: i}
		nodes = append(nodes, &graph.NodeRecord{ID: text, Name: text, Contact: text, Tags: []string{text, text}, Attrs: []graph.Attr{{Name: text, Value: text}}, From: row})
		links = append(links, &graph.LinkRecord{Provider: text, Consumer: texts[(i+1)%len(texts)], Service: text, Channel: text, Attrs: []graph.Attr{{Name: text, Value: text}}, From: row})
	}
	want := org("acme", graph.NewSource("s", nodes, links))
	st := p.open("acme")
	p.apply(st, graph.Diff(p.load(st), want))
	want.Version, want.Sources[0].Rank = 1, 1
	if d := DiffOrgs(want, p.load(st)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	cs, err := st.Changes(t.Context(), 0, 1)
	p.no(err)
	if d := DiffChanges(graph.Diff(org("acme"), want), cs); d != "" {
		t.Errorf("changes (-want +got):\n%s", d)
	}
	if d := DiffOrgs(want, p.load(p.open("acme"))); d != "" {
		t.Errorf("another handle (-want +got):\n%s", d)
	}
}

// testSequences applies random change sets, some of them taken back, and asks for every way between two versions.
func testSequences(t *testing.T, p place) {
	for seed := range uint64(4) {
		name := fmt.Sprintf("org %d", seed)
		r, st, other := newRandom(seed), p.open(name), p.open(name)
		orgs := []*graph.Org{org(name)}
		var sets []*graph.ChangeSet
		for len(orgs) < 10 {
			now := orgs[len(orgs)-1]
			cs := r.change(now)
			if len(sets) > 0 && r.IntN(4) == 0 {
				back, err := st.Changes(t.Context(), now.Version, now.Version-1)
				p.no(err)
				cs = back
			}
			after := p.next(now, cs)
			if got := p.apply(st, cs); got != after.Version {
				t.Fatalf("seed %d: version %d, want %d", seed, got, after.Version)
			}
			if cs.Empty() {
				after = now // rows that only moved wait for the next change
			} else {
				orgs, sets = append(orgs, after), append(sets, cs)
			}
			if d := DiffOrgs(after, p.load(other)); d != "" {
				t.Fatalf("seed %d, version %d (-memory +store):\n%s", seed, after.Version, d)
			}
		}
		for i, from := range orgs {
			for j, to := range orgs {
				cs, err := other.Changes(t.Context(), int64(i), int64(j))
				p.no(err)
				if cs.Base != int64(i) {
					t.Errorf("seed %d: changes from %d to %d have base %d", seed, i, j, cs.Base)
				}
				after, err := from.Apply(cs)
				if err != nil {
					t.Fatalf("seed %d: changes from %d to %d: %v", seed, i, j, err)
				}
				p.same(to, after, "seed %d, changes from %d to %d", seed, i, j)
				if i < j {
					if d := DiffChanges(graph.Compose(sets[i:j]...), cs); d != "" {
						t.Fatalf("seed %d: changes from %d to %d (-composed +store):\n%s", seed, i, j, d)
					}
				}
			}
		}
	}
}

func testHistory(t *testing.T, p place) {
	st, r := p.open("acme"), newRandom(7)
	full := graph.VersionRecord{Number: 1, Time: time.Date(2026, 11, 30, 16, 5, 7, 0, time.UTC), By: "Zoë \"Z\"", Program: "v1.2.3", Sources: []string{"a", "水"},
		Files: []graph.FileHash{{Name: "x.csv", SHA256: "ab"}, {Name: "y's.csv", SHA256: "cd"}}, Mapping: `{"Team":"provider"}`, Added: 3, Changed: 2, Removed: 1, Undoes: 9}
	_, err := st.Apply(t.Context(), graph.Diff(p.load(st), org("acme", r.source("a", 9))), full)
	p.no(err)
	before := time.Now().Add(-time.Second)
	_, err = st.Apply(t.Context(), graph.Diff(p.load(st), org("acme", r.source("b", 9))), graph.VersionRecord{By: "x"})
	p.no(err)
	history, err := p.open("acme").History(t.Context())
	p.no(err)
	if len(history) != 2 {
		t.Fatalf("%d versions, want 2", len(history))
	}
	if d := cmp.Diff(full, history[1]); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	last := history[0]
	if last.Number != 2 || last.By != "x" || last.Time.Before(before) || last.Time.After(time.Now()) || last.Time.Location() != time.UTC || last.Time.Nanosecond() != 0 {
		t.Errorf("number and time were not filled in well: %+v", last)
	}
}

func testNoChange(t *testing.T, p place) {
	st, r := p.open("acme"), newRandom(3)
	if v := p.apply(st, &graph.ChangeSet{}); v != 0 {
		t.Errorf("version %d after nothing", v)
	}
	first := r.source("s", 20)
	p.apply(st, graph.Diff(p.load(st), org("acme", first)))
	loaded := p.load(st)
	if cs := graph.Diff(loaded, org("acme", first)); len(cs.Nodes)+len(cs.Links)+len(cs.Sources) > 0 {
		t.Errorf("the same facts again change %d nodes and %d links", len(cs.Nodes), len(cs.Links))
	}
	var moved []*graph.LinkRecord
	for _, l := range first.Links {
		m := *l
		m.From.Row += 1000
		moved = append(moved, &m)
	}
	cs := graph.Diff(loaded, org("acme", graph.NewSource("s", first.Nodes, moved)))
	if len(cs.Links) == 0 {
		t.Fatal("no link moved: this proves nothing")
	}
	if v := p.apply(st, cs); v != 1 {
		t.Errorf("rows that moved made version %d", v)
	}
	history, err := st.History(t.Context())
	p.no(err)
	if len(history) != 1 {
		t.Errorf("%d versions, want 1", len(history))
	}
}

// testStale gives change sets of the right version that do not fit the facts: nothing may happen.
func testStale(t *testing.T, p place) {
	st := p.open("acme")
	a, b := &graph.LinkRecord{Provider: "a", Consumer: "b"}, &graph.LinkRecord{Provider: "b", Consumer: "c"}
	n, m := &graph.NodeRecord{ID: "a"}, &graph.NodeRecord{ID: "b"}
	p.apply(st, graph.Diff(p.load(st), org("acme", graph.NewSource("s", []*graph.NodeRecord{n}, []*graph.LinkRecord{a}))))
	before := p.load(st)
	for name, cs := range map[string]*graph.ChangeSet{
		"a link that is there already":   {Links: []graph.LinkChange{{Source: "s", New: b}, {Source: "s", New: a}}},
		"a link that is not there":       {Links: []graph.LinkChange{{Source: "s", Old: a}, {Source: "s", Old: b}}},
		"a node that is there already":   {Nodes: []graph.NodeChange{{Source: "s", New: m}, {Source: "s", New: n}}},
		"a node that is not there":       {Nodes: []graph.NodeChange{{Source: "s", Old: n}, {Source: "s", Old: m}}},
		"a source that is not there":     {Links: []graph.LinkChange{{Source: "other", New: a}}},
		"another rank":                   {Sources: []graph.SourceChange{{Name: "s", Old: 2, New: 3}}},
		"a source that is there already": {Sources: []graph.SourceChange{{Name: "s", Old: 0, New: 3}}},
		"a source that goes too soon":    {Sources: []graph.SourceChange{{Name: "s", Old: 1}}, Links: []graph.LinkChange{{Source: "s", Old: a}}},
	} {
		cs.Base = 1
		if _, err := st.Apply(t.Context(), cs, graph.VersionRecord{By: "x"}); err == nil {
			t.Errorf("%s: no error", name)
		}
		if d := DiffOrgs(before, p.load(st)); d != "" {
			t.Errorf("%s:\n%s", name, d)
		}
	}
	_, err := st.Apply(t.Context(), &graph.ChangeSet{Base: 1, Links: []graph.LinkChange{{Source: "s", Old: a}}}, graph.VersionRecord{Number: 7})
	if err == nil {
		t.Error("a record with the number of another version was taken")
	}
}

func testConflict(t *testing.T, p place) {
	a, b, r := p.open("acme"), p.open("acme"), newRandom(4)
	start := p.load(a)
	first, second := graph.Diff(start, org("acme", r.source("a", 9))), graph.Diff(start, org("acme", r.source("b", 9)))
	p.apply(a, first)
	after := p.load(a)
	for _, st := range []graph.Store{a, b} {
		_, err := st.Apply(t.Context(), second, graph.VersionRecord{By: "late"})
		var conflict *graph.ConflictError
		if !errors.As(err, &conflict) || *conflict != (graph.ConflictError{Base: 0, Now: 1}) {
			t.Errorf("a change set for version 0 at version 1: %v", err)
		}
		ahead := *second
		ahead.Base = 5
		if _, err := st.Apply(t.Context(), &ahead, graph.VersionRecord{}); !errors.As(err, &conflict) {
			t.Errorf("a change set for version 5 at version 1: %v", err)
		}
		if d := DiffOrgs(after, p.load(st)); d != "" {
			t.Error(d)
		}
	}
}

func testOrgs(t *testing.T, p place) {
	names := []string{"as-is", "to-be", "Zürich"}
	want := map[string]*graph.Org{}
	for round := range 3 {
		for i, name := range names {
			st, r := p.open(name), newRandom(uint64(10*round+i))
			now := p.load(st)
			cs := graph.Diff(now, org(name, r.source("same name", 15)))
			p.apply(st, cs)
			want[name] = p.next(now, cs)
			p.no(st.PutDocument(t.Context(), "view", "mine", fmt.Appendf(nil, `{"org":%q}`, name)))
		}
	}
	for _, name := range names {
		st := p.open(name)
		if d := DiffOrgs(want[name], p.load(st)); d != "" {
			t.Errorf("%s: (-want +got):\n%s", name, d)
		}
		history, err := st.History(t.Context())
		p.no(err)
		if len(history) != 3 {
			t.Errorf("%s has %d versions, want 3", name, len(history))
		}
		all, err := st.Changes(t.Context(), 0, 3)
		p.no(err)
		p.same(want[name], p.next(org(name), all), "%s from its changes", name)
		doc, err := st.Document(t.Context(), "view", "mine")
		if string(doc) != fmt.Sprintf(`{"org":%q}`, name) || err != nil {
			t.Errorf("%s has the document %s, %v", name, doc, err)
		}
	}
	got, err := p.open("as-is").Orgs(t.Context())
	p.no(err)
	slices.Sort(names)
	if !slices.Equal(got, names) {
		t.Errorf("orgs %v, want %v", got, names)
	}
}

func testDocuments(t *testing.T, p place) {
	st, other := p.open("acme"), p.open("acme")
	if _, err := st.Document(t.Context(), "view", "x"); !errors.Is(err, graph.ErrNoDocument) {
		t.Errorf("a missing document: %v", err)
	}
	p.no(st.DeleteDocument(t.Context(), "view", "x"))
	long := `{"text":"` + strings.Repeat("水 ", 50_000) + `"}`
	for key, data := range map[string]string{"z": `1`, "a": `null`, "it's \"x\"/水": `{"a":[1,2,{"b":"\u0000"}]}`, "long": long, "": `""`} {
		p.no(st.PutDocument(t.Context(), "view", key, []byte(data)))
		got, err := other.Document(t.Context(), "view", key)
		if string(got) != data || err != nil {
			t.Errorf("%q: %.80s, %v", key, got, err)
		}
	}
	p.no(st.PutDocument(t.Context(), "user", "z", []byte(`2`)))
	p.no(other.PutDocument(t.Context(), "view", "z", []byte(`3`)))
	if got, err := st.Document(t.Context(), "view", "z"); string(got) != `3` || err != nil {
		t.Errorf("replaced: %s, %v", got, err)
	}
	p.no(st.DeleteDocument(t.Context(), "view", "a"))
	keys, err := other.Documents(t.Context(), "view")
	p.no(err)
	if want := []string{"", "it's \"x\"/水", "long", "z"}; !slices.Equal(keys, want) {
		t.Errorf("keys %q, want %q", keys, want)
	}
	if keys, err := st.Documents(t.Context(), "nothing"); len(keys) != 0 || err != nil {
		t.Errorf("keys of no kind: %v, %v", keys, err)
	}
	p.no(st.PutDocument(t.Context(), "水's", "x", []byte(`2`)))
	p.no(st.PutDocument(t.Context(), "gone", "x", []byte(`2`)))
	p.no(st.DeleteDocument(t.Context(), "gone", "x"))
	p.no(p.open("elsewhere").PutDocument(t.Context(), "foreign", "x", []byte(`2`)))
	kinds, err := other.DocumentKinds(t.Context())
	p.no(err)
	if want := []string{"user", "view", "水's"}; !slices.Equal(kinds, want) {
		t.Errorf("kinds %q, want %q", kinds, want)
	}
	if kinds, err := p.open("empty").DocumentKinds(t.Context()); len(kinds) != 0 || err != nil {
		t.Errorf("kinds of an organisation without documents: %v, %v", kinds, err)
	}
	for _, bad := range []string{"", "{", "x", `{"a":1}}`} {
		if err := st.PutDocument(t.Context(), "view", "bad", []byte(bad)); err == nil {
			t.Errorf("%q was taken as JSON", bad)
		}
	}
	if v := p.version(st); v != 0 {
		t.Errorf("documents made version %d", v)
	}
}

func testRanks(t *testing.T, p place) {
	st, r := p.open("acme"), newRandom(2)
	for _, name := range []string{"b", "a", "c", graph.Neo4jSource, graph.EditsSource} {
		p.apply(st, graph.Diff(p.load(st), org("acme", r.source(name, 9))))
	}
	expect := func(want ...string) {
		t.Helper()
		var got []string
		for _, s := range p.load(st).Sources {
			got = append(got, fmt.Sprintf("%s %d", s.Name, s.Rank))
		}
		if !slices.Equal(got, want) {
			t.Errorf("sources %v, want %v", got, want)
		}
	}
	expect("edits 5", "neo4j 4", "b 1", "a 2", "c 3")
	p.apply(st, &graph.ChangeSet{Base: 5, Sources: []graph.SourceChange{{Name: "b", Old: 1, New: 3}, {Name: "c", Old: 3, New: 1}}})
	expect("edits 5", "neo4j 4", "c 1", "a 2", "b 3")
	p.apply(st, &graph.ChangeSet{Base: 6, Sources: []graph.SourceChange{{Name: "c", Old: 1, New: 2}}})
	expect("edits 5", "neo4j 4", "a 2", "c 2", "b 3")
	back, err := st.Changes(t.Context(), 7, 5)
	p.no(err)
	if want := []graph.SourceChange{{Name: "b", Old: 3, New: 1}, {Name: "c", Old: 2, New: 3}}; !slices.Equal(back.Sources, want) {
		t.Errorf("the way back: %v, want %v", back.Sources, want)
	}
	p.apply(st, back)
	expect("edits 5", "neo4j 4", "b 1", "a 2", "c 3")
	now := p.load(st)
	p.apply(st, dropped(now, now.Source("a")))
	expect("edits 5", "neo4j 4", "b 1", "c 3")
	back, err = st.Changes(t.Context(), 9, 8)
	p.no(err)
	p.apply(st, back)
	expect("edits 5", "neo4j 4", "b 1", "a 2", "c 3")
	p.same(now, p.load(st), "the source came back otherwise")
}
