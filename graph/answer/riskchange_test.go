package answer_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/answer"
	"example.com/whoserves/graph/graphtest"
	"github.com/google/go-cmp/cmp"
)

func riskChange(t *testing.T, before, after *graph.Org) *answer.RiskChange {
	t.Helper()
	r, err := answer.NewRiskChange(context.Background(), graph.NewSnapshot(before), graph.NewSnapshot(after))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// orgFrom makes an organisation of one source out of lines: "customer ID NAME", "node ID NAME" or "PROVIDER > CONSUMER SERVICE".
func orgFrom(lines ...string) *graph.Org {
	var nodes []*graph.NodeRecord
	var links []*graph.LinkRecord
	for _, line := range lines {
		w := strings.Fields(line)
		switch {
		case w[0] == "customer":
			nodes = append(nodes, &graph.NodeRecord{ID: w[1], Name: strings.Join(w[2:], " "), Kind: graph.Customer})
		case w[0] == "node":
			nodes = append(nodes, &graph.NodeRecord{ID: w[1], Name: strings.Join(w[2:], " "), Kind: graph.Team})
		default:
			links = append(links, &graph.LinkRecord{Provider: w[0], Consumer: w[2], Service: strings.Join(w[3:], " ")})
		}
	}
	source := graph.NewSource("file", nodes, links)
	source.Rank = 1
	return &graph.Org{Name: "default", Sources: []*graph.Source{source}}
}

// What changes of the risks in small organisations, worked out by hand.
func TestRiskChange(t *testing.T) {
	shops := []string{"customer corner Corner shop", "customer market Market"}
	bakery := append(shops, "node oven Oven", "node mill Mill", "oven > corner Bread", "oven > market Bread", "mill > oven Flour")
	with := func(base []string, more ...string) *graph.Org { return orgFrom(append(slices.Clone(base), more...)...) }
	for _, c := range []struct {
		name          string
		before, after *graph.Org
		json          string
		says          []string
	}{
		{"nothing", with(bakery), with(bakery),
			`{"spofs_before":2,"spofs_after":2,"nodes_before":2,"nodes_after":2,"customers":[],"new":[],"gone":[]}`,
			[]string{"2 of 2 can stop a customer alone, as before."}},
		{"a second mill", with(bakery), with(bakery, "node mill-b Mill B", "mill-b > oven Flour"),
			`{"spofs_before":2,"spofs_after":1,"nodes_before":2,"nodes_after":3,"customers":[` +
				`{"id":"corner","before":2,"after":1,"new":[],"gone":["mill"]},{"id":"market","before":2,"after":1,"new":[],"gone":["mill"]}],"new":[],"gone":["mill"]}`,
			[]string{"2 of 2 → 1 of 3 can stop a customer alone; Mill no longer can.", "1 fewer can stop Corner shop alone (2 → 1); Mill no longer can.",
				"1 fewer can stop Market alone (2 → 1); Mill no longer can."}},
		{"one customer only, and the same number", with(bakery, "node till Till", "till > corner Pay"), with(bakery, "node till Till", "till > market Pay"),
			`{"spofs_before":3,"spofs_after":3,"nodes_before":3,"nodes_after":3,"customers":[` +
				`{"id":"corner","before":3,"after":2,"new":[],"gone":["till"]},{"id":"market","before":2,"after":3,"new":["till"],"gone":[]}],"new":[],"gone":[]}`,
			[]string{"3 of 3 can stop a customer alone, as before.", "1 fewer can stop Corner shop alone (3 → 2); Till no longer can.",
				"1 more can stop Market alone (2 → 3); Till now can."}},
		{"one for another", with(bakery), with(shops, "node oven Oven", "node mill Mill", "node wind Wind", "oven > corner Bread", "oven > market Bread", "wind > oven Flour"),
			`{"spofs_before":2,"spofs_after":2,"nodes_before":2,"nodes_after":3,"customers":[` +
				`{"id":"corner","before":2,"after":2,"new":["wind"],"gone":["mill"]},{"id":"market","before":2,"after":2,"new":["wind"],"gone":["mill"]}],"new":["wind"],"gone":["mill"]}`,
			[]string{"Still 2 of 3 can stop a customer alone; Wind now can; Mill no longer can.", "Still 2 can stop Corner shop alone; Wind now can; Mill no longer can.",
				"Still 2 can stop Market alone; Wind now can; Mill no longer can."}},
		{"customers come and go", with(bakery), orgFrom("customer corner Corner shop", "customer stall Stall", "node oven Oven", "oven > corner Bread", "oven > stall Bread"),
			`{"spofs_before":2,"spofs_after":1,"nodes_before":2,"nodes_after":1,"customers":[` +
				`{"id":"corner","before":2,"after":1,"new":[],"gone":["mill"]},{"id":"market","before":2,"after":null,"new":null,"gone":null},` +
				`{"id":"stall","before":null,"after":1,"new":null,"gone":null}],"new":[],"gone":["mill"]}`,
			[]string{"2 of 2 → 1 of 1 can stop a customer alone; Mill is no longer there.", "Market is no longer there; 2 could stop it alone.",
				"1 fewer can stop Corner shop alone (2 → 1); Mill is no longer there.", "Stall is a new customer: 1 can stop it alone."}},
		{"the first import", orgFrom(), with(bakery),
			`{"spofs_before":0,"spofs_after":2,"nodes_before":0,"nodes_after":2,"customers":[` +
				`{"id":"corner","before":null,"after":2,"new":null,"gone":null},{"id":"market","before":null,"after":2,"new":null,"gone":null}],"new":["mill","oven"],"gone":[]}`,
			[]string{"2 of 2 can stop a customer alone: Mill and Oven.", "Corner shop: 2 can stop it alone.", "Market: 2 can stop it alone."}},
		{"a placeholder is described", with(shops, "Big-Oven > corner Bread"), with(shops, "node T1 Big-Oven", "Big-Oven > corner Bread"),
			`{"spofs_before":1,"spofs_after":1,"nodes_before":1,"nodes_after":1,"customers":[],"new":[],"gone":[]}`,
			[]string{"1 of 1 can stop a customer alone, as before."}},
		{"the description goes", with(shops, "node T1 Big-Oven", "Big-Oven > corner Bread"), with(shops, "Big-Oven > corner Bread"),
			`{"spofs_before":1,"spofs_after":1,"nodes_before":1,"nodes_after":1,"customers":[],"new":[],"gone":[]}`,
			[]string{"1 of 1 can stop a customer alone, as before."}},
		{"customers are named", orgFrom("a > b x"), orgFrom("a > b x", "customer b B"),
			`{"spofs_before":1,"spofs_after":1,"nodes_before":1,"nodes_after":1,"customers":[],"new":[],"gone":[]}`,
			[]string{"1 of 1 can stop a customer alone, as before.", "Before, no one outside was a customer: nodes that serve no one stood in for them."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := riskChange(t, c.before, c.after)
			if diff := cmp.Diff(c.json, asJSON(t, r)); diff != "" {
				t.Error(diff)
			}
			says := []string{r.Headline().String()}
			for _, d := range r.Details() {
				says = append(says, d.String())
			}
			if diff := cmp.Diff(c.says, says); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Names in sentences carry the id that has a page after the change.
func TestRiskChangeLinksNames(t *testing.T) {
	r := riskChange(t, orgFrom("customer c Shop", "node old Old", "node stays Stays", "old > c a", "stays > c b"),
		orgFrom("customer c Shop", "node stays Stays", "node new New", "new > c a", "new > c b", "stays > c b"))
	want := answer.Sentence{{Text: "2 → 1 of 2 can stop a customer alone"}, {Text: "; "}, {Text: "New", ID: "new"}, {Text: " now can"}, {Text: "; "},
		{Text: "Stays", ID: "stays"}, {Text: " no longer can"}, {Text: "; "}, {Text: "Old"}, {Text: " is no longer there"}, {Text: "."}}
	if diff := cmp.Diff(want, r.Headline()); diff != "" {
		t.Error(diff)
	}
}

// What changes is what differs between all findings before and after, told apart by id.
func TestRiskChangeAgainstFindings(t *testing.T) {
	for seed := range uint64(80) {
		rnd := rand.New(rand.NewPCG(seed, 5))
		before := graphtest.Random(seed, 6+rnd.IntN(30))
		after := thinned(before, rnd)
		r := riskChange(t, before, after)
		was, is := stoppersByID(t, before), stoppersByID(t, after)
		var want []string
		for c := range union(was, is) {
			x, there := was[c]
			y, stays := is[c]
			if there != stays || !slices.Equal(x, y) {
				fresh, gone := less(y, x), less(x, y)
				if there != stays {
					fresh, gone = nil, nil
				}
				want = append(want, fmt.Sprintf("%s: %d %v → %d %v, new %q, gone %q", c, len(x), there, len(y), stays, fresh, gone))
			}
		}
		slices.Sort(want)
		var got []string
		for _, c := range r.Customers {
			b, a := 0, 0
			if c.Before != nil {
				b = *c.Before
			}
			if c.After != nil {
				a = *c.After
			}
			got = append(got, fmt.Sprintf("%s: %d %v → %d %v, new %q, gone %q", c.ID, b, c.Before != nil, a, c.After != nil, c.New, c.Gone))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("seed %d: %s", seed, diff)
		}
		x, y := anyOf(was), anyOf(is)
		if r.Before != len(x) || r.After != len(y) || !slices.Equal(r.New, less(y, x)) || !slices.Equal(r.Gone, less(x, y)) {
			t.Errorf("seed %d: %d → %d, new %q, gone %q; want %q → %q", seed, r.Before, r.After, r.New, r.Gone, x, y)
		}
	}
}

// thinned leaves out some links and nodes of an organisation and turns some links round.
func thinned(o *graph.Org, rnd *rand.Rand) *graph.Org {
	var nodes []*graph.NodeRecord
	var links []*graph.LinkRecord
	for _, n := range o.Sources[0].Nodes {
		if rnd.IntN(12) > 0 {
			nodes = append(nodes, n)
		}
	}
	for _, l := range o.Sources[0].Links {
		c := *l
		switch rnd.IntN(12) {
		case 0:
			continue
		case 1:
			c.Provider, c.Consumer = l.Consumer, l.Provider
		}
		links = append(links, &c)
	}
	source := graph.NewSource(o.Sources[0].Name, nodes, links)
	source.Rank = 1
	return &graph.Org{Name: o.Name, Sources: []*graph.Source{source}}
}

// stoppersByID gives for each customer who stops it alone, sorted, as all findings say it.
func stoppersByID(t *testing.T, o *graph.Org) map[string][]string {
	t.Helper()
	s := graph.NewSnapshot(o)
	f, err := analysis.Analyse(context.Background(), s, analysis.Options{Full: true})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, c := range s.Customers {
		out[s.Nodes[c].ID] = nil
	}
	for _, p := range f.SPOFs {
		for _, c := range p.CustomersDown {
			out[s.Nodes[c].ID] = append(out[s.Nodes[c].ID], s.Nodes[p.Node].ID)
		}
	}
	for _, ids := range out {
		slices.Sort(ids)
	}
	return out
}

func union(a, b map[string][]string) map[string]bool {
	out := map[string]bool{}
	for _, m := range []map[string][]string{a, b} {
		for id := range m {
			out[id] = true
		}
	}
	return out
}

func anyOf(m map[string][]string) (all []string) {
	for _, ids := range m {
		all = append(all, ids...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// less gives what a has and b has not.
func less(a, b []string) []string {
	out := []string{}
	for _, x := range a {
		if !slices.Contains(b, x) {
			out = append(out, x)
		}
	}
	return out
}
