package analysis

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"example.com/whoserves/graph"
)

func timedRow(provider, consumer string, hours float64) *graph.LinkRecord {
	l := linkRow(provider, consumer)
	l.LeadTime = graph.Given(hours)
	l.Service = strconv.FormatFloat(hours, 'f', -1, 64) // links of different lead times are different services
	return l
}

// asked finds paths and writes them as "a b c 3h" or, where the time is not known, "a b c 1?" with the number of links without.
func asked(t *testing.T, s *graph.Snapshot, q PathQuery) ([]string, *PathAnswer) {
	t.Helper()
	answer, err := Paths(context.Background(), s, q)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, p := range answer.Paths {
		end := strconv.Itoa(p.Missing) + "?"
		if p.LeadTime.IsGiven() {
			end = p.LeadTime.String() + "h"
		}
		if p.Hops != len(p.Nodes)-1 || p.LeadTime.IsGiven() != (p.Missing == 0) {
			t.Errorf("%+v does not add up", p)
		}
		got = append(got, strings.Join(append(idsOf(s, p.Nodes), end), " "))
	}
	return got, answer
}

func TestPaths(t *testing.T) {
	s := snapshotFrom([]*graph.NodeRecord{customerRow("z"), teamRow("lone"),
		{ID: "ops", Kind: graph.Unit}, {ID: "u1", Kind: graph.Team, Unit: "ops"}, {ID: "u2", Kind: graph.Team, Unit: "ops"},
		{ID: "hall", Kind: graph.Resource}, {ID: "at-hall", Kind: graph.Team, Sites: []string{"hall"}},
	}, []*graph.LinkRecord{
		timedRow("a", "b", 1), timedRow("b", "z", 1), // a b z: 2 h
		timedRow("a", "c", 0.1), timedRow("c", "d", 0.2), timedRow("d", "z", 0.3), // a c d z: 0.6 h
		timedRow("a", "e", 9), timedRow("a", "e", 1), linkRow("a", "e"), linkRow("e", "z"), // the least of parallel links, none
		timedRow("z", "a", 1), // back
		timedRow("ops", "w", 2), timedRow("w", "ops", 3), timedRow("w", "u1", 1),
		linkRow("at-hall", "w"),
	})
	for _, test := range []struct {
		name     string
		from, to string
		q        PathQuery
		via, not []string
		want     []string
	}{
		{"by hops, ties by id, three by default", "a", "z", PathQuery{}, nil, nil, []string{"a b z 2h", "a e z 1?", "a c d z 0.6h"}},
		{"one", "a", "z", PathQuery{K: 1}, nil, nil, []string{"a b z 2h"}},
		{"more than there are", "a", "z", PathQuery{K: 100}, nil, nil, []string{"a b z 2h", "a e z 1?", "a c d z 0.6h"}},
		{"by lead time, a missing one counts as 0", "a", "z", PathQuery{ByLeadTime: true}, nil, nil, []string{"a c d z 0.6h", "a e z 1?", "a b z 2h"}},
		{"via", "a", "z", PathQuery{}, []string{"d"}, nil, []string{"a c d z 0.6h"}},
		{"via in order", "c", "b", PathQuery{}, []string{"z", "a"}, nil, []string{"c d z a b 2.5h"}},
		{"round trip", "a", "a", PathQuery{K: 2}, []string{"z"}, nil, []string{"a b z a 3h", "a e z a 1?"}},
		{"via its own end", "a", "b", PathQuery{}, []string{"a", "b"}, nil, []string{"a b 1h"}},
		{"avoid", "a", "z", PathQuery{}, nil, []string{"b", "e"}, []string{"a c d z 0.6h"}},
		{"a unit provides", "u1", "w", PathQuery{}, nil, nil, []string{"u1 w 2h"}},
		{"a unit and a team of it consume", "w", "u1", PathQuery{}, nil, nil, []string{"w u1 1h"}},
		{"a unit consumes", "w", "u2", PathQuery{ByLeadTime: true}, nil, nil, []string{"w u2 3h"}},
		{"a site has no lead time", "hall", "w", PathQuery{ByLeadTime: true}, nil, nil, []string{"hall at-hall w 2?"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.q.From, test.q.To = s.ByID(test.from), s.ByID(test.to)
			for _, id := range test.via {
				test.q.Via = append(test.q.Via, s.ByID(id))
			}
			for _, id := range test.not {
				test.q.Avoid = append(test.q.Avoid, s.ByID(id))
			}
			if got, _ := asked(t, s, test.q); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestNoPathSaysHowFarTheSearchGot(t *testing.T) {
	s := snapshotFrom([]*graph.NodeRecord{customerRow("z"), teamRow("lone")}, []*graph.LinkRecord{
		linkRow("a", "b"), linkRow("a", "c"), linkRow("b", "d"), linkRow("c", "e"), linkRow("f", "z"), linkRow("b", "c"),
	})
	ask := func(q PathQuery, want []string) {
		t.Helper()
		got, answer := asked(t, s, q)
		if len(got) != 0 || !slices.Equal(idsOf(s, answer.Nearest), want) {
			t.Errorf("found %q, got to %q, want %q", got, idsOf(s, answer.Nearest), want)
		}
	}
	a, z := s.ByID("a"), s.ByID("z")
	ask(PathQuery{From: a, To: z}, []string{"d", "e"})
	ask(PathQuery{From: a, To: z, ByLeadTime: true}, []string{"d", "e"})
	ask(PathQuery{From: a, To: z, Avoid: []int32{s.ByID("c")}}, []string{"d"})
	ask(PathQuery{From: a, To: z, Via: []int32{s.ByID("c")}}, []string{"e"})
	ask(PathQuery{From: s.ByID("lone"), To: z}, []string{})
	if _, answer := asked(t, s, PathQuery{From: a, To: z}); answer.Reached != 4 {
		t.Errorf("got to %d nodes, want 4", answer.Reached)
	}
}

func TestPathsRefusesInPlainWords(t *testing.T) {
	s := snapshotFrom([]*graph.NodeRecord{{ID: "ops", Name: "Operations", Kind: graph.Unit}, {ID: "gate", Unit: "ops"}, {ID: "pay", Name: "Payroll"}},
		[]*graph.LinkRecord{linkRow("pay", "gate")})
	pay, gate, ops := s.ByID("pay"), s.ByID("gate"), s.ByID("ops")
	for _, test := range []struct {
		q    PathQuery
		want string
	}{
		{PathQuery{From: pay, To: pay}, "a chain from “Payroll” to itself has no length: give two different nodes"},
		{PathQuery{From: pay, To: ops}, "“Operations” is a unit, and chains run between its teams: give one of them"},
		{PathQuery{From: pay, To: gate, Avoid: []int32{pay}}, "“Payroll” is both to be avoided and to be on the chain: take it out of one"},
		{PathQuery{From: pay, To: gate, K: 101}, "101 chains were asked for: ask for 1 to 100"},
		{PathQuery{From: pay, To: gate, K: -1}, "-1 chains were asked for: ask for 1 to 100"},
	} {
		if _, err := Paths(context.Background(), s, test.q); err == nil || err.Error() != test.want {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
}

func TestPathsStopWhenTold(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s := snapshotFrom(nil, []*graph.LinkRecord{linkRow("a", "b"), linkRow("b", "c"), linkRow("a", "c")})
	if _, err := Paths(ctx, s, PathQuery{From: 0, To: 2}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// Of random organisations with parallel links, missing times and loops, against trying every chain.
func TestPathsAgainstTryingEveryChain(t *testing.T) {
	r := rand.New(rand.NewPCG(1971, 3))
	for round := range 400 {
		n := 3 + r.IntN(5)
		var nodes []*graph.NodeRecord
		for v := range n {
			nodes = append(nodes, teamRow(string(rune('a'+v))))
		}
		type pair struct{ a, b int32 }
		hours := map[pair]float64{} // -1: not given
		var links []*graph.LinkRecord
		for range r.IntN(4 * n) {
			p := pair{int32(r.IntN(n)), int32(r.IntN(n))}
			if p.a == p.b {
				continue
			}
			l := linkRow(nodes[p.a].ID, nodes[p.b].ID)
			l.Service = strconv.Itoa(r.IntN(3))
			if slices.ContainsFunc(links, func(o *graph.LinkRecord) bool {
				return o.Provider == l.Provider && o.Consumer == l.Consumer && o.Service == l.Service
			}) {
				continue
			}
			links = append(links, l)
			old, known := hours[p]
			if !known {
				hours[p] = -1
			}
			if r.IntN(3) > 0 {
				h := float64(r.IntN(4)) / 10
				l.LeadTime = graph.Given(h)
				if !known || old < 0 || h < old {
					hours[p] = h
				}
			}
		}
		s := snapshotFrom(nodes, links)
		m := newRoutes(s, false, nil)
		if round%2 == 0 {
			m.setTimes(func(a, b int32) int64 { return int64(10 * max(hours[pair{a, b}], 0)) })
		}
		from, to := int32(0), int32(n-1)
		var want []route
		m.everyChain([]int32{from}, length{}, to, &want)
		slices.SortFunc(want, compareRoutes)
		k := 1 + r.IntN(10)
		want = want[:min(k, len(want))]
		answer, err := Paths(context.Background(), s, PathQuery{From: from, To: to, K: k, ByLeadTime: round%2 == 0})
		if err != nil || len(answer.Paths) != len(want) {
			t.Fatalf("round %d: %v, %v, want %v", round, answer, err, want)
		}
		for i, p := range answer.Paths {
			missing := 0
			for j := range p.Nodes[1:] {
				if hours[pair{p.Nodes[j], p.Nodes[j+1]}] < 0 {
					missing++
				}
			}
			if !slices.Equal(p.Nodes, want[i].nodes) || p.Missing != missing {
				t.Fatalf("round %d, path %d: %v, want %v with %d missing", round, i, p, want[i], missing)
			}
		}
	}
}
