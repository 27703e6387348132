package analysis

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"example.com/whoserves/graph"
)

func TestLoops(t *testing.T) {
	of := func(provider, consumer string, c graph.Criticality) *graph.LinkRecord {
		l := linkRow(provider, consumer)
		l.Criticality = c
		return l
	}
	s := snapshotFrom([]*graph.NodeRecord{customerRow("z"), {ID: "ground", Kind: graph.Unit}, {ID: "ramp", Kind: graph.Team, Unit: "ground"}}, []*graph.LinkRecord{
		of("hr", "it", graph.Critical), of("it", "hr", graph.Minor), // harmless
		of("a", "b", graph.Critical), of("b", "c", graph.NoCriticality), of("c", "a", graph.Critical), // round, all critical
		of("c", "d", graph.Minor), of("d", "b", graph.Minor), // a longer way round
		of("ground", "tower", graph.Critical), of("tower", "ramp", graph.Critical), // through a unit
		of("ramp", "z", graph.Critical),
	})
	var got []string
	for _, l := range Loops(s) {
		word := "harmless"
		if l.Circular {
			word = "circular"
		}
		got = append(got, strings.Join(idsOf(s, l.Nodes), " ")+": "+strings.Join(idsOf(s, l.Example), " ")+" "+word)
	}
	want := []string{"a b c d: a b c circular", "hr it: hr it harmless", "ramp tower: ramp tower circular"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestComponentsAreWhoReachesEachOther(t *testing.T) {
	r := rand.New(rand.NewPCG(1972, 1))
	for range 300 {
		n := 1 + r.IntN(10)
		g := randomPairs(r, n, r.IntN(3*n))
		m := &routes{pairGraph: g, avoid: make([]bool, n)}
		component, sizes := g.components()
		var counted []int32
		counted = append(counted, make([]int32, len(sizes))...)
		reach := make([][]length, n)
		for v := range n {
			reach[v], _ = m.lengths(int32(v), g.served, nil, nil)
			counted[component[v]]++
		}
		for a := range n {
			for b := range n {
				together := reach[a][b] != endless && reach[b][a] != endless
				if together != (component[a] == component[b]) || !together && reach[a][b] != endless && component[a] < component[b] {
					t.Fatalf("%d and %d of %v: components %v", a, b, g.served, component)
				}
			}
			if component[a] >= 0 && sizes[component[a]] > 1 {
				round := g.shortestRound(int32(a), component)
				if !isShortestRound(g, reach, round, int32(a)) {
					t.Fatalf("round %v from %d of %v", round, a, g.served)
				}
			}
		}
		if !slices.Equal(counted, sizes) {
			t.Fatalf("sizes %v, want %v", sizes, counted)
		}
	}
}

func isShortestRound(g pairGraph, reach [][]length, round []int32, home int32) bool {
	shortest := int32(len(g.served)) + 1
	for _, c := range g.served[home] {
		if back := reach[c][home]; back != endless {
			shortest = min(shortest, back.hops+1)
		}
	}
	for i, v := range round {
		if !slices.Contains(g.served[v], round[(i+1)%len(round)]) {
			return false
		}
	}
	return round[0] == home && int32(len(round)) == shortest
}

func TestLoads(t *testing.T) {
	volume := func(provider, consumer string, v float64) *graph.LinkRecord {
		l := linkRow(provider, consumer)
		l.Volume = graph.Given(v)
		return l
	}
	s := snapshotFrom([]*graph.NodeRecord{
		{ID: "fuel", Kind: graph.Team, Capacity: graph.Given(40)}, {ID: "none", Kind: graph.Team, Capacity: graph.Given(0)},
		{ID: "idle", Kind: graph.Team, Capacity: graph.Given(5)}, {ID: "open", Kind: graph.Team},
		{ID: "ground", Kind: graph.Unit, Capacity: graph.Given(50)}, {ID: "ramp", Kind: graph.Team, Unit: "ground", Capacity: graph.Given(10)},
	}, []*graph.LinkRecord{
		volume("fuel", "a", 20), volume("fuel", "b", 15.5), linkRow("fuel", "c"), volume("none", "a", 3), linkRow("idle", "a"), volume("open", "a", 7),
		volume("ground", "a", 45), volume("a", "ground", 2),
	})
	loads := Loads(s)
	for _, test := range []struct {
		id                string
		load, cap, useful string
		blank             int
	}{
		{"fuel", "35.5", "40", "0.8875", 1},
		{"none", "3", "0", "", 0},
		{"idle", "", "5", "", 1},
		{"open", "7", "", "", 0},
		{"ground", "45", "50", "0.9", 0}, // as stated: the unit's volume is not its teams'
		{"ramp", "", "10", "", 0},
		{"a", "2", "", "", 0}, // what it provides to a unit counts once
		{"c", "", "", "", 0},
	} {
		l := loads[s.ByID(test.id)]
		if l.Load.String() != test.load || l.Capacity.String() != test.cap || l.Utilisation.String() != test.useful || l.Blank != test.blank {
			t.Errorf("%s: %+v, want %+v", test.id, l, test)
		}
	}
}
