package analysis

import (
	"context"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"example.com/whoserves/graph"
)

// randomPairs makes a seeded pair graph; links run both ways, so there are loops.
func randomPairs(r *rand.Rand, n, m int) pairGraph {
	g := pairGraph{make([][]int32, n), make([][]int32, n)}
	for range m {
		a, b := int32(r.IntN(n)), int32(r.IntN(n))
		if a != b && !slices.Contains(g.served[a], b) {
			g.served[a] = append(g.served[a], b)
		}
	}
	for a := range g.served {
		slices.Sort(g.served[a])
		for _, b := range g.served[a] {
			g.servedBy[b] = append(g.servedBy[b], int32(a))
		}
	}
	return g
}

// everyChain lists all loopless chains between two nodes by trying every one.
func (m *routes) everyChain(way []int32, l length, to int32, found *[]route) {
	v := way[len(way)-1]
	if v == to {
		*found = append(*found, route{slices.Clone(way), l})
		return
	}
	for i, c := range m.served[v] {
		if !m.avoid[c] && !slices.Contains(way, c) {
			m.everyChain(append(way, c), l.plus(step(m.timeServed, v, i)), to, found)
		}
	}
}

func TestShortestFindsWhatTryingEveryChainFinds(t *testing.T) {
	r := rand.New(rand.NewPCG(1971, 1))
	for round := range 3000 {
		n := 2 + r.IntN(7)
		m := &routes{pairGraph: randomPairs(r, n, r.IntN(4*n)), avoid: make([]bool, n)}
		from, to := int32(r.IntN(n)), int32(r.IntN(n))
		if from == to {
			continue
		}
		if v := int32(r.IntN(n)); r.IntN(3) == 0 && v != from && v != to {
			m.avoid[v] = true
		}
		if round%2 == 1 {
			m.setTimes(func(a, b int32) int64 { return int64((a*7+b*3)%4) * int64(r.IntN(2)) })
		}
		k := 1 + r.IntN(12)
		var want []route
		m.everyChain([]int32{from}, length{}, to, &want)
		slices.SortFunc(want, compareRoutes)
		want = want[:min(k, len(want))]
		got, err := m.shortest(context.Background(), from, to, k)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(got, want, func(a, b route) bool { return compareRoutes(a, b) == 0 }) {
			t.Fatalf("round %d: %d shortest from %d to %d in %v:\ngot  %v\nwant %v", round, k, from, to, m.served, got, want)
		}
	}
}

// setTimes gives every pair a lead time.
func (m *routes) setTimes(time func(a, b int32) int64) {
	m.timeServed, m.timeServedBy = make([][]int64, len(m.served)), make([][]int64, len(m.served))
	for a := range m.served {
		for _, b := range m.served[a] {
			x := time(int32(a), b)
			m.timeServed[a] = append(m.timeServed[a], x)
			m.timeServedBy[b] = append(m.timeServedBy[b], x)
		}
	}
}

func TestLegsAreJoinedAsIfEveryCombinationWereTried(t *testing.T) {
	r := rand.New(rand.NewPCG(1971, 2))
	for range 300 {
		n := 4 + r.IntN(4)
		m := &routes{pairGraph: randomPairs(r, n, 3*n), avoid: make([]bool, n)}
		stops := []int32{int32(r.IntN(n)), int32(r.IntN(n)), int32(r.IntN(n)), int32(r.IntN(n))}
		if len(slices.Compact(slices.Clone(stops))) < 4 {
			continue
		}
		const k = 7
		every, got := []route{{nodes: stops[:1]}}, []route{{nodes: stops[:1]}}
		for i := range 3 {
			var legs []route
			m.everyChain(stops[i:i+1:i+1], length{}, stops[i+1], &legs)
			slices.SortFunc(legs, compareRoutes)
			got = joinLegs(got, legs[:min(k, len(legs))], k)
			var longer []route
			for _, a := range every {
				for _, b := range legs {
					longer = append(longer, route{slices.Concat(a.nodes, b.nodes[1:]), a.length.plus(b.length)})
				}
			}
			every = longer
		}
		slices.SortFunc(every, compareRoutes)
		want := every[:min(k, len(every))]
		if !slices.EqualFunc(got, want, func(a, b route) bool { return compareRoutes(a, b) == 0 }) {
			t.Fatalf("through %v in %v:\ngot  %v\nwant %v", stops, m.served, got, want)
		}
	}
}

func TestFrontierGivesTheNearestFirst(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	var q frontier
	var want []length
	for range 1000 {
		l := length{int64(r.IntN(30)), int32(r.IntN(3))}
		q.push(waiting{length: l})
		want = append(want, l)
	}
	slices.SortFunc(want, func(a, b length) int { return compareRoutes(route{length: a}, route{length: b}) })
	for i, l := range want {
		if got := q.pop().length; got != l {
			t.Fatalf("place %d: %v, want %v", i, got, l)
		}
	}
}

func BenchmarkFiveShortestChainsOf100000Nodes(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 7))
	links := make([]*graph.LinkRecord, 470_000)
	for i := range links {
		links[i] = &graph.LinkRecord{Provider: strconv.Itoa(r.IntN(100_000)), Consumer: strconv.Itoa(r.IntN(100_000)), LeadTime: graph.Given(float64(r.IntN(48)))}
	}
	s := snapshotFrom(nil, links)
	for _, byLeadTime := range []bool{false, true} {
		b.Run(map[bool]string{false: "hops", true: "lead_time"}[byLeadTime], func(b *testing.B) {
			for i := range b.N {
				q := PathQuery{From: int32(i % 1000), To: 99_000, K: 5, ByLeadTime: byLeadTime}
				if answer, err := Paths(b.Context(), s, q); err != nil || len(answer.Paths) != 5 {
					b.Fatal(answer, err)
				}
			}
		})
	}
}
