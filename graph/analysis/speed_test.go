package analysis

import (
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/graphtest"
)

// BenchmarkSPOFsOfEveryCustomer is who alone stops which customer, for all nodes and customers, every pair listed.
func BenchmarkSPOFsOfEveryCustomer(b *testing.B) {
	eachLarge(b, func(b *testing.B, s *graph.Snapshot) {
		for b.Loop() {
			takes, err := takesOf(b.Context(), compile(s), graph.Critical, true, nil)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(takes.pairs), "pairs")
		}
	})
}

// BenchmarkExactSharesOfEveryNode is the chain share of every node towards the customers of the mixed graph.
func BenchmarkExactSharesOfEveryNode(b *testing.B) {
	s := graph.NewSnapshot(graphtest.Large(benchSeed, *benchNodes, *benchLinks, true))
	for b.Loop() {
		if _, _, err := ChainShare(b.Context(), s, shareSources(s), s.Customers, true); err != nil {
			b.Fatal(err)
		}
	}
}
