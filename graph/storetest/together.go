package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/whoserves/graph"
)

// testOneLink imports what three sources state about one link, in every order, and takes it away again in every order.
func testOneLink(t *testing.T, p place) {
	states := map[string]graph.Criticality{"a": graph.Minor, "b": graph.Critical, "c": graph.Important}
	link := func(source string) *graph.Source {
		return graph.NewSource(source, nil, []*graph.LinkRecord{{Provider: "IT", Consumer: "Sales", Service: "Mail", Criticality: states[source],
			Channel: "channel of " + source, From: graph.Origin{File: source + ".csv", Row: 2}}})
	}
	orders := [][]string{{"a", "b", "c"}, {"a", "c", "b"}, {"b", "a", "c"}, {"b", "c", "a"}, {"c", "a", "b"}, {"c", "b", "a"}}
	for i, in := range orders {
		for j, out := range orders {
			st := p.open(fmt.Sprintf("%d-%d", i, j))
			for n, source := range in {
				_, v, err := graph.Commit(t.Context(), st, org("", link(source)), graph.VersionRecord{By: "x"}, nil)
				p.no(err)
				if v != int64(n+1) {
					t.Fatalf("version %d after %d imports", v, n+1)
				}
			}
			stated := slices.Clone(in)
			for {
				checkOneLink(t, p.load(st), stated, states)
				if len(stated) == 0 {
					break
				}
				gone := out[len(out)-len(stated)]
				_, _, err := graph.Commit(t.Context(), st, org("", graph.NewSource(gone, nil, nil)), graph.VersionRecord{By: "x"}, nil)
				p.no(err)
				stated = slices.DeleteFunc(stated, func(s string) bool { return s == gone })
			}
		}
	}
}

// checkOneLink expects one link, stated by the sources in their order of rank, while there are any.
func checkOneLink(t *testing.T, o *graph.Org, stated []string, states map[string]graph.Criticality) {
	t.Helper()
	links := graph.NewSnapshot(o).Links
	if len(stated) == 0 {
		if len(links) != 0 {
			t.Errorf("a link that no source states any more")
		}
		return
	}
	if len(links) != 1 {
		t.Fatalf("%d links while %v state one", len(links), stated)
	}
	var by []string
	strictest := graph.NoCriticality
	for _, s := range links[0].Stated {
		by = append(by, s.Source)
		strictest = max(strictest, states[s.Source])
	}
	if !slices.Equal(by, stated) {
		t.Errorf("stated by %v, want %v", by, stated)
	}
	if v := links[0].Values; v.Criticality != strictest || v.Channel != "channel of "+stated[0] {
		t.Errorf("%v state: %v by %q", stated, v.Criticality, v.Channel)
	}
}

// testUndo takes random imports back one by one, the last first, and then takes the undoing back, the last first: every
// organisation on the way there and back again equals the one that was there before.
func testUndo(t *testing.T, p place) {
	record := graph.VersionRecord{By: "x"}
	for seed := range uint64(4) {
		name := fmt.Sprintf("org %d", seed)
		st, r := p.open(name), newRandom(100+seed)
		orgs := []*graph.Org{p.load(st)}
		for len(orgs) < 7 {
			now := orgs[len(orgs)-1]
			if cs := r.change(now); !cs.Empty() {
				p.apply(st, cs)
				orgs = append(orgs, p.load(st))
			}
		}
		undo := func(n int64) {
			t.Helper()
			_, v, err := graph.Undo(t.Context(), st, n, record, nil)
			if err != nil {
				t.Fatalf("seed %d: undo of version %d at version %d: %v", seed, n, v, err)
			}
			orgs = append(orgs, p.load(st))
		}
		last := int64(len(orgs) - 1)
		for n := last; n >= 1; n-- {
			undo(n)
			p.same(orgs[n-1], p.load(st), "seed %d: after undo of %d", seed, n)
		}
		for n := 2 * last; n > last; n-- {
			undo(n)
			p.same(orgs[n-1], p.load(st), "seed %d: after redo by undo of %d", seed, n)
		}
		p.same(orgs[last], p.load(st), "seed %d: after all was undone and redone", seed)
		for range 5 { // undo, redo, undo, …
			before := p.load(st)
			undo(0)
			p.same(orgs[len(orgs)-3], p.load(st), "seed %d: after undo of the last", seed)
			p.same(before, orgs[len(orgs)-2], "seed %d: the organisation before", seed)
		}
		for v, o := range orgs {
			at, err := graph.At(t.Context(), st, int64(v))
			p.no(err)
			if d := DiffOrgs(o, at); d != "" {
				t.Fatalf("seed %d: as it was at version %d (-want +got):\n%s", seed, v, d)
			}
		}
	}
}

// testConcurrentImports lets several people import at the same moment, each their own source, several times. Nothing may be lost.
func testConcurrentImports(t *testing.T, p place) {
	const people, imports = 4, 5
	var sources [people]*graph.Source
	var all sync.WaitGroup
	for i := range people {
		st := p.open("acme")
		all.Go(func() {
			r := newRandom(uint64(200 + i))
			sources[i] = r.source(fmt.Sprintf("source %d", i), 20)
			for n := range imports {
				if n > 0 {
					sources[i] = r.edited(sources[i], 5)
				}
				sources[i].Links = append(sources[i].Links, &graph.LinkRecord{Provider: "round", Consumer: fmt.Sprint(n)})
				sources[i] = graph.NewSource(sources[i].Name, sources[i].Nodes, sources[i].Links)
				_, _, err := graph.Commit(t.Context(), st, org("acme", sources[i]), graph.VersionRecord{By: sources[i].Name}, nil)
				if err != nil {
					t.Errorf("import %d of %s: %v", n, sources[i].Name, err)
				}
			}
		})
	}
	all.Wait()
	st := p.open("acme")
	got := p.load(st)
	if got.Version != people*imports || len(got.Sources) != people {
		t.Fatalf("version %d with %d sources, want %d and %d", got.Version, len(got.Sources), people*imports, people)
	}
	for _, want := range sources {
		s := *got.Source(want.Name)
		s.Rank = 0
		p.same(org("", want), org("", &s), "%s", want.Name)
	}
	history, err := st.History(t.Context())
	p.no(err)
	if len(history) != people*imports {
		t.Errorf("%d versions in the history, want %d", len(history), people*imports)
	}
}

// testReaders changes every record with every version while others load: each load must be one whole version.
func testReaders(t *testing.T, p place) {
	const links, versions, readers = 300, 12, 3
	source := func(version int) *graph.Source {
		var ls []*graph.LinkRecord
		for i := range links {
			ls = append(ls, &graph.LinkRecord{Provider: fmt.Sprintf("p%d", i%17), Consumer: fmt.Sprintf("c%d", i), Volume: graph.Given(float64(version))})
		}
		for i := range version {
			ls = append(ls, &graph.LinkRecord{Provider: "new", Consumer: fmt.Sprint(i), Volume: graph.Given(float64(version))})
		}
		return graph.NewSource("s", nil, ls)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var all sync.WaitGroup
	shared := p.open("acme")
	for i := range readers {
		st := shared // the first two use one handle at once
		if i > 1 {
			st = p.open("acme")
		}
		all.Go(func() {
			var newest int64
			for ctx.Err() == nil {
				o, err := st.Load(ctx)
				if err != nil {
					if ctx.Err() == nil {
						t.Errorf("load: %v", err)
					}
					return
				}
				if o.Version < newest {
					t.Errorf("version %d after version %d", o.Version, newest)
				}
				newest = o.Version
				checkWhole(t, o, links)
			}
		})
	}
	writer := p.open("acme")
	now := p.load(writer)
	for v := 1; v <= versions; v++ {
		cs := graph.Diff(now, org("acme", source(v)))
		p.apply(writer, cs)
		now = p.next(now, cs)
	}
	stop()
	all.Wait()
	if d := DiffOrgs(now, p.load(writer)); d != "" {
		t.Error(d)
	}
}

func checkWhole(t *testing.T, o *graph.Org, links int) {
	if o.Version == 0 {
		if len(o.Sources) > 0 {
			t.Errorf("version 0 has %d sources", len(o.Sources))
		}
		return
	}
	if len(o.Sources) != 1 || len(o.Sources[0].Links) != links+int(o.Version) {
		t.Errorf("version %d is not whole", o.Version)
		return
	}
	for _, l := range o.Sources[0].Links {
		if l.Volume != graph.Given(float64(o.Version)) {
			t.Errorf("version %d holds a link of version %s", o.Version, l.Volume)
			return
		}
	}
}

// testCancelled gives up at ever later moments: what was not done whole was not done at all.
func testCancelled(t *testing.T, p place) {
	st, r := p.open("acme"), newRandom(5)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	cs := graph.Diff(p.load(st), org("acme", r.source("s", 10)))
	if _, err := st.Apply(cancelled, cs, graph.VersionRecord{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Apply with a cancelled context: %v", err)
	}
	if _, err := st.Load(cancelled); !errors.Is(err, context.Canceled) {
		t.Errorf("Load with a cancelled context: %v", err)
	}
	if v := p.version(st); v != 0 {
		t.Fatalf("version %d", v)
	}
	now := p.load(st)
	var gaveUp, done int
	for delay := 500 * time.Microsecond; done == 0; delay += delay / 2 {
		cs := graph.Diff(now, org("acme", wide("s", 3000, gaveUp)))
		ctx, cancel := context.WithTimeout(t.Context(), delay)
		v, err := st.Apply(ctx, cs, graph.VersionRecord{By: "hasty"})
		cancel()
		if err == nil {
			done++
			now = p.next(now, cs)
			if v != now.Version {
				t.Errorf("version %d, want %d", v, now.Version)
			}
		} else {
			gaveUp++
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("Apply that ran out of time: %v", err)
			}
			if delay > time.Minute {
				t.Fatalf("Apply gives up after %v even when it has %v: %v", gaveUp, delay, err)
			}
		}
		if d := DiffOrgs(now, p.load(st)); d != "" {
			t.Fatalf("after %v, done %d: (-want +got):\n%.2000s", delay, done, d)
		}
	}
	if gaveUp == 0 {
		t.Error("nothing was cancelled on the way")
	}
}

// wide makes a source of n links.
func wide(name string, n, seed int) *graph.Source {
	var links []*graph.LinkRecord
	for i := range n {
		links = append(links, &graph.LinkRecord{Provider: fmt.Sprintf("p%d", i%97), Consumer: fmt.Sprintf("c%d", i), Service: strings.Repeat("s", seed%9+1),
			Volume: graph.Given(float64(seed)), From: graph.Origin{File: "wide.csv", Row: i + 2}})
	}
	return graph.NewSource(name, nil, links)
}
