package analysis

import (
	"context"
	"flag"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/graphtest"
)

// The graphs of the benchmarks: 10,000 nodes and 40,000 links unless flags say otherwise.
var (
	benchNodes = flag.Int("bench.nodes", 10_000, "nodes of the graphs of the benchmarks")
	benchLinks = flag.Int("bench.links", 40_000, "links of the graphs of the benchmarks")
)

// benchSeed makes the two graphs of the benchmarks.
const benchSeed = 2026

// eachLarge runs a benchmark on both kinds of graph.
func eachLarge(b *testing.B, run func(b *testing.B, s *graph.Snapshot)) {
	for _, kind := range []string{"mixed", "all-critical"} {
		s := graph.NewSnapshot(graphtest.Large(benchSeed, *benchNodes, *benchLinks, kind == "mixed"))
		b.Run(kind, func(b *testing.B) {
			b.ReportAllocs()
			run(b, s)
		})
	}
}

// BenchmarkSinglesOfEveryCustomer is who alone stops and who alone degrades which customer, for all nodes and customers.
func BenchmarkSinglesOfEveryCustomer(b *testing.B) {
	eachLarge(b, func(b *testing.B, s *graph.Snapshot) {
		for b.Loop() {
			net := compile(s)
			for _, worst := range []graph.Criticality{graph.Critical, graph.Important} {
				takes, err := takesOf(context.Background(), net, worst, true, nil)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(takes.pairs), worst.String()+"-pairs")
			}
		}
	})
}

// BenchmarkRisks is everything about failures of one node: single points of failure with hours and chains, redundancy.
func BenchmarkRisks(b *testing.B) {
	eachLarge(b, func(b *testing.B, s *graph.Snapshot) {
		for b.Loop() {
			f := &Findings{Snapshot: s, Load: Loads(s)}
			if err := f.findRisks(context.Background(), Options{}); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(len(f.SPOFs)), "spofs")
			b.ReportMetric(float64(f.FalseCount), "false")
		}
	})
}

func BenchmarkAnalyse(b *testing.B) {
	eachLarge(b, func(b *testing.B, s *graph.Snapshot) {
		for b.Loop() {
			analyse(b, s, Options{})
		}
	})
}

// BenchmarkSpread is the ripple of one failure: that of a hub.
func BenchmarkSpread(b *testing.B) {
	eachLarge(b, func(b *testing.B, s *graph.Snapshot) {
		for b.Loop() {
			o := Spread(s, Failure{Stopped: []int32{1}})
			b.ReportMetric(float64(len(o.Hits(s))), "hit")
		}
	})
}
