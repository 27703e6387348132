package analysis

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	gonum "gonum.org/v1/gonum/graph/network"
	"gonum.org/v1/gonum/graph/simple"

	"example.com/whoserves/graph"
)

// team and serve are short for records of the tests of chains.
func teamRow(id string) *graph.NodeRecord { return &graph.NodeRecord{ID: id, Kind: graph.Team} }

func customerRow(id string) *graph.NodeRecord { return &graph.NodeRecord{ID: id, Kind: graph.Customer} }

func linkRow(provider, consumer string) *graph.LinkRecord {
	return &graph.LinkRecord{Provider: provider, Consumer: consumer}
}

// snapshotFrom makes the snapshot of one source.
func snapshotFrom(nodes []*graph.NodeRecord, links []*graph.LinkRecord) *graph.Snapshot {
	return graph.NewSnapshot(&graph.Org{Sources: []*graph.Source{graph.NewSource("test", nodes, links)}})
}

func idsOf(s *graph.Snapshot, nodes []int32) []string {
	ids := []string{}
	for _, v := range nodes {
		ids = append(ids, s.Nodes[v].ID)
	}
	return ids
}

// sharesByCounting lists every shortest chain of every pair and counts what each runs through.
func sharesByCounting(g pairGraph, sources, targets []int32) (sums []float64, pairs int64) {
	m := &routes{pairGraph: g, avoid: make([]bool, len(g.served))}
	sums = make([]float64, len(g.served))
	for _, from := range sources {
		for _, to := range targets {
			var all, best []route
			if from == to {
				continue
			}
			m.everyChain([]int32{from}, length{}, to, &all)
			slices.SortFunc(all, compareRoutes)
			for _, r := range all {
				if r.length == all[0].length {
					best = append(best, r)
				}
			}
			for _, r := range best {
				for _, v := range r.nodes[1 : len(r.nodes)-1] {
					sums[v] += 1 / float64(len(best))
				}
			}
			if len(best) > 0 {
				pairs++
			}
		}
	}
	return sums, pairs
}

func someNodes(r *rand.Rand, n int) []int32 {
	var nodes []int32
	for v := range int32(n) {
		if r.IntN(2) == 0 {
			nodes = append(nodes, v)
		}
	}
	return nodes
}

func TestSharesAreWhatCountingEveryChainGives(t *testing.T) {
	r := rand.New(rand.NewPCG(2001, 1))
	for range 500 {
		n := 2 + r.IntN(7)
		g := randomPairs(r, n, r.IntN(4*n))
		sources, targets := someNodes(r, n), someNodes(r, n)
		want, wantPairs := sharesByCounting(g, sources, targets)
		got, pairs, err := g.dependencies(context.Background(), sources, targets)
		if err != nil || pairs != wantPairs {
			t.Fatalf("%d pairs (%v), want %d: %v", pairs, err, wantPairs, g.served)
		}
		for v := range want {
			if math.Abs(got[v]-want[v]) > 1e-9 {
				t.Fatalf("node %d of %v from %v to %v: %v, want %v", v, g.served, sources, targets, got[v], want[v])
			}
		}
	}
}

func TestSharesAgreeWithGonum(t *testing.T) {
	r := rand.New(rand.NewPCG(2001, 2))
	for range 5 {
		g := randomPairs(r, 150, 600)
		other := simple.NewDirectedGraph()
		for v := range g.served {
			other.AddNode(simple.Node(v))
		}
		for v, consumers := range g.served {
			for _, c := range consumers {
				other.SetEdge(other.NewEdge(simple.Node(v), simple.Node(c)))
			}
		}
		want := gonum.Betweenness(other)
		got, _, err := g.dependencies(context.Background(), everyNode(g), everyNode(g))
		if err != nil {
			t.Fatal(err)
		}
		for v := range got {
			if math.Abs(got[v]-want[int64(v)]) > 1e-6 {
				t.Fatalf("node %d: %v, gonum says %v", v, got[v], want[int64(v)])
			}
		}
	}
}

func everyNode(g pairGraph) []int32 {
	var all []int32
	for v := range g.served {
		all = append(all, int32(v))
	}
	return all
}

func TestSharesOfAnOrganisation(t *testing.T) {
	// fuel and food serve ops, ops serves desk and gate, both serve the customer; desk also serves another one.
	s := snapshotFrom([]*graph.NodeRecord{customerRow("c"), customerRow("d")}, []*graph.LinkRecord{
		linkRow("fuel", "ops"), linkRow("food", "ops"), linkRow("ops", "desk"), linkRow("ops", "gate"),
		linkRow("desk", "c"), linkRow("gate", "c"), linkRow("desk", "d"),
		linkRow("desk", "gate"), // on no shortest chain to c
	})
	// 9 pairs: fuel, food, ops, desk, gate to c; fuel, food, ops, desk to d. Through ops: fuel and food to c and d, 4.
	// Through desk: fuel, food, ops to d (3) and half of the same to c (1.5). Through gate: 1.5.
	want := map[string]float64{"ops": 4. / 9, "desk": 4.5 / 9, "gate": 1.5 / 9}
	got, bound, err := ChainShare(context.Background(), s, nil, nil, false)
	if err != nil || bound != 0 {
		t.Fatal(bound, err)
	}
	for v, share := range got {
		if math.Abs(share-want[s.Nodes[v].ID]) > 1e-12 {
			t.Errorf("%s: %v, want %v", s.Nodes[v].ID, share, want[s.Nodes[v].ID])
		}
	}
}

func TestSharesOfNothing(t *testing.T) {
	s := snapshotFrom(nil, nil)
	for _, exact := range []bool{false, true} {
		if shares, bound, err := ChainShare(context.Background(), s, nil, nil, exact); len(shares) != 0 || bound != 0 || err != nil {
			t.Error(shares, bound, err)
		}
	}
	s = snapshotFrom([]*graph.NodeRecord{customerRow("c"), teamRow("a")}, nil)
	if shares, _, err := ChainShare(context.Background(), s, nil, nil, true); err != nil || !slices.Equal(shares, []float64{0, 0}) {
		t.Error(shares, err)
	}
}

func TestSharesStopWhenTold(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	g := randomPairs(rand.New(rand.NewPCG(1, 1)), 50, 200)
	if _, _, err := g.dependencies(ctx, everyNode(g), everyNode(g)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, _, err := g.sampleShares(ctx, everyNode(g), everyNode(g), 0.1); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// Each of 700 layers doubles the number of chains: more than a float64 can count.
func TestSharesWithMoreChainsThanNumbersHold(t *testing.T) {
	const layers = 700
	g := pairGraph{make([][]int32, 2*layers+1), make([][]int32, 2*layers+1)}
	last := int32(2 * layers)
	for v := range last {
		next := []int32{last}
		if layer := v / 2; layer < layers-1 {
			next = []int32{2 * (layer + 1), 2*(layer+1) + 1}
		}
		g.served[v] = next
		for _, c := range next {
			g.servedBy[c] = append(g.servedBy[c], v)
		}
	}
	got, pairs, err := g.dependencies(context.Background(), everyNode(g), []int32{last})
	if err != nil || pairs != 2*layers {
		t.Fatal(pairs, err)
	}
	for v, sum := range got[:last] {
		if want := float64(v / 2); math.Abs(sum-want) > 1e-6 { // half of the two in every layer before
			t.Fatalf("node %d: %v, want %v", v, sum, want)
		}
	}
}

func TestSharesDoNotDependOnProcessors(t *testing.T) {
	g := randomPairs(rand.New(rand.NewPCG(5, 5)), 400, 1600)
	targets := everyNode(g)[300:]
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var exact, sampled [][]float64
	for _, n := range []int{1, 2, 5} {
		runtime.GOMAXPROCS(n)
		sums, _, err := g.dependencies(context.Background(), everyNode(g), targets)
		if err != nil {
			t.Fatal(err)
		}
		shares, _, err := g.sampleShares(context.Background(), everyNode(g), targets, 0.05)
		if err != nil {
			t.Fatal(err)
		}
		exact, sampled = append(exact, sums), append(sampled, shares)
	}
	for i := range exact {
		if !slices.Equal(exact[i], exact[0]) || !slices.Equal(sampled[i], sampled[0]) {
			t.Fatal("shares differ with the number of processors")
		}
	}
}

func TestSampledSharesAreWithinTheirBound(t *testing.T) {
	r := rand.New(rand.NewPCG(2016, 1))
	for _, size := range []struct{ n, m int }{{60, 90}, {300, 900}, {500, 2500}} {
		g := randomPairs(r, size.n, size.m)
		sources, targets := someNodes(r, size.n), someNodes(r, size.n/4)
		want, pairs, err := g.dependencies(context.Background(), sources, targets)
		if err != nil {
			t.Fatal(err)
		}
		got, bound, err := g.sampleShares(context.Background(), sources, targets, 0.03)
		if err != nil || bound <= 0 || bound > 0.2 {
			t.Fatal(bound, err)
		}
		for v := range got {
			if off := math.Abs(got[v] - want[v]/float64(pairs)); off > bound {
				t.Errorf("%v: node %d is off by %v, bound %v", size, v, off, bound)
			}
		}
	}
}

func TestSampleWithoutConnectedPairsSaysThatItKnowsNothing(t *testing.T) {
	g := randomPairs(rand.New(rand.NewPCG(9, 9)), 30, 60)
	g.served, g.servedBy = append(g.served, nil), append(g.servedBy, nil)
	shares, bound, err := g.sampleShares(context.Background(), []int32{30}, []int32{0, 1}, 0.1)
	if err != nil || bound != 1 || slices.Max(shares) != 0 {
		t.Error(bound, err)
	}
}

func TestLongestChainIsABound(t *testing.T) {
	r := rand.New(rand.NewPCG(2016, 2))
	for range 300 {
		n := 1 + r.IntN(12)
		g := randomPairs(r, n, r.IntN(3*n))
		m := &routes{pairGraph: g, avoid: make([]bool, n)}
		longest := 0
		for v := range int32(n) {
			far, found := m.lengths(v, g.served, nil, nil)
			longest = max(longest, int(far[found[len(found)-1]].hops)+1)
		}
		if bound := g.longestChain(); bound < longest || bound > n {
			t.Fatalf("a chain of %d nodes, bound %d: %v", longest, bound, g.served)
		}
	}
}

func BenchmarkShareOf666CustomersAmong10000(b *testing.B) {
	g := randomPairs(rand.New(rand.NewPCG(10, 40)), 10_000, 40_000)
	all := everyNode(g)
	for b.Loop() {
		if _, _, err := g.dependencies(b.Context(), all[666:], all[:666]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSampledShareOf100000(b *testing.B) {
	g := randomPairs(rand.New(rand.NewPCG(10, 47)), 100_000, 470_000)
	all := everyNode(g)
	for b.Loop() {
		if _, bound, err := g.sampleShares(b.Context(), all[5000:], all[:5000], sampleError); err != nil || bound > 1.01*sampleError {
			b.Fatal(bound, err)
		}
	}
}
