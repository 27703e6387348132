package graphtest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/whoserves/graph"
)

func TestTheSameSeedGivesTheSame(t *testing.T) {
	numbers := cmp.Comparer(func(a, b graph.Number) bool { return a == b })
	if d := cmp.Diff(Random(5, 20), Random(5, 20), numbers); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(Large(5, 300, 900, true), Large(5, 300, 900, true), numbers); d != "" {
		t.Error(d)
	}
	if cmp.Equal(Random(5, 20), Random(6, 20), numbers) {
		t.Error("two seeds give the same")
	}
}

// TestEverythingHappens makes sure that tests on random organisations meet what they should.
func TestEverythingHappens(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(200) {
		s := graph.NewSnapshot(Random(seed, 15))
		note := func(what string, so bool) {
			if so {
				seen[what]++
			}
		}
		note("no customers", s.StandIn)
		for i := range s.Nodes {
			n := &s.Nodes[i]
			note("placeholder", n.Placeholder)
			note("cannot fail", n.Kind != graph.Customer && !n.CanFail && !s.IsBox(int32(i)))
			note("customer that provides", n.Kind == graph.Customer && len(s.NeedsServed(int32(i))) > 0)
			note("unit that provides", s.IsBox(int32(i)) && len(s.LinksFrom(int32(i))) > 0)
			note("unit that consumes", s.IsBox(int32(i)) && len(s.LinksTo(int32(i))) > 0)
			note("unit without teams", n.Kind == graph.Unit && !s.IsBox(int32(i)))
			note("unit in a unit", n.Kind == graph.Unit && n.Unit >= 0)
		}
		for i := range s.Needs {
			n := &s.Needs[i]
			note("unmet", n.Unmet)
			note("alternates", int(n.K) < len(n.Providers))
			note("two of three", n.K > 1 && int(n.K) < len(n.Providers))
			note("assumed", n.AssumedCriticality)
			note("blank service", n.Service == "")
			note(n.Criticality.String(), true)
			note("origin "+string('0'+rune(n.Origin)), true)
		}
		for i := range s.Links {
			note("rows twice", len(s.Links[i].Stated) > 1)
		}
	}
	for _, what := range []string{"no customers", "placeholder", "cannot fail", "customer that provides", "unit that provides", "unit that consumes",
		"unit without teams", "unit in a unit", "unmet", "alternates", "two of three", "assumed", "blank service", "critical", "important", "minor",
		"origin 0", "origin 1", "origin 2", "origin 3", "rows twice"} {
		if seen[what] < 10 {
			t.Errorf("%q happens %d times in 200 organisations", what, seen[what])
		}
	}
}

func TestLargeHasTheSizeAskedFor(t *testing.T) {
	for _, mixed := range []bool{true, false} {
		s := graph.NewSnapshot(Large(1, 1500, 6000, mixed))
		if len(s.Nodes) != 1500 || len(s.Links) != 6000 || s.PairCount() != 6000 || len(s.Customers) != 100 {
			t.Errorf("mixed %v: %d nodes, %d links, %d pairs, %d customers", mixed, len(s.Nodes), len(s.Links), s.PairCount(), len(s.Customers))
		}
	}
}
