package answer_test

import (
	"slices"
	"strings"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/answer"
	"example.com/whoserves/graph/graphtest"
)

// depot is a unit of two teams that serves two customers and one of its own teams.
func depot() *answer.Source {
	source := graph.NewSource("depot", []*graph.NodeRecord{
		{ID: "depot", Name: "Depot", Kind: graph.Unit}, {ID: "solo", Name: "Solo", Kind: graph.Unit},
		{ID: "day", Name: "Day shift", Kind: graph.Team, Unit: "depot"}, {ID: "night", Name: "Night shift", Kind: graph.Team, Unit: "depot"},
		{ID: "one", Name: "One", Kind: graph.Team, Unit: "solo"},
		{ID: "shop", Name: "Shop", Kind: graph.Customer}, {ID: "inn", Name: "Inn", Kind: graph.Customer},
	}, []*graph.LinkRecord{
		{Provider: "depot", Consumer: "shop", Service: "Goods", Criticality: graph.Important},
		{Provider: "depot", Consumer: "night", Service: "Keys", Criticality: graph.Minor},
		{Provider: "solo", Consumer: "inn", Service: "Song"},
		{Provider: "one", Consumer: "depot", Service: "Light"},
	})
	source.Rank = 1
	return &answer.Source{Snapshot: graph.NewSnapshot(&graph.Org{Sources: []*graph.Source{source}})}
}

// A team serves whom its unit serves; that it is one of its unit's teams is no service, on neither side.
func TestShowTeamsOfAUnit(t *testing.T) {
	for _, c := range []struct{ node, providers, consumers string }{
		{"day", `[{"id":"one","service":"Light","criticality":"critical"}]`,
			`[{"id":"night","service":"Keys","criticality":"minor"},{"id":"shop","service":"Goods","criticality":"important"}]`},
		{"night", `[{"id":"depot","service":"Keys","criticality":"minor"},{"id":"one","service":"Light","criticality":"critical"}]`,
			`[{"id":"shop","service":"Goods","criticality":"important"}]`},
		{"depot", `[{"id":"one","service":"Light","criticality":"critical"}]`,
			`[{"id":"night","service":"Keys","criticality":"minor"},{"id":"shop","service":"Goods","criticality":"important"}]`},
		{"solo", `[]`, `[{"id":"inn","service":"Song","criticality":"critical"}]`},
	} {
		a := ask(t, depot(), "show", "node="+c.node).(*answer.Show)
		if got := asJSON(t, a.Providers); got != c.providers {
			t.Errorf("%s: providers\n%s\nwant\n%s", c.node, got, c.providers)
		}
		if got := asJSON(t, a.Consumers); got != c.consumers {
			t.Errorf("%s: consumers\n%s\nwant\n%s", c.node, got, c.consumers)
		}
	}
	for node, want := range map[string]string{"day": "go on: 1 of 2 is enough", "one": "stop"} {
		if got := asText(t, ask(t, depot(), "show", "node="+node), 80); !strings.Contains(got, want) || strings.Contains(got, " teams ") {
			t.Errorf("%s: %q is not in\n%s", node, want, got)
		}
	}
	for query, want := range map[[2]string]string{
		{"risks", ""}:          "One → Solo (as one of its teams) → Inn (Song)",
		{"ripple", "fail=one"}: "One as one of its teams",
	} {
		if got := asText(t, ask(t, depot(), query[0], query[1]), 200); !strings.Contains(got, want) {
			t.Errorf("%v: %q is not in\n%s", query, want, got)
		}
	}
}

// Whom a node that works serves, says show, is whom it serves in the snapshot; a unit among them stands for its teams.
func TestShowAgreesWithServed(t *testing.T) {
	for seed := range uint64(60) {
		s := graph.NewSnapshot(graphtest.Random(seed, 12))
		for v := range int32(len(s.Nodes)) {
			if s.IsBox(v) {
				continue
			}
			var got []int32
			for _, c := range ask(t, &answer.Source{Snapshot: s}, "show", "node="+s.Nodes[v].ID).(*answer.Show).Consumers {
				if x := s.ByID(c.ID); !s.IsBox(x) {
					got = append(got, x)
				}
			}
			slices.Sort(got)
			if got, want := slices.Compact(got), s.Served(v); !slices.Equal(got, want) {
				t.Fatalf("seed %d: %s serves %v, want %v", seed, s.Nodes[v].ID, got, want)
			}
		}
	}
}
