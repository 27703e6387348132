package names

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"example.com/whoserves/graph"
)

// manyNames makes two sources of n names each: of three words of 4,000, half of the new ones a slip away from an old one.
func manyNames(n int) *graph.Org {
	r := rand.New(rand.NewPCG(1, 2))
	words := make([]string, 4000)
	for i := range words {
		for range 2 + r.IntN(3) {
			words[i] += []string{"ka", "ter", "mo", "lin", "sch", "ul", "ed", "ing", "pro", "ves", "tan", "or", "ibe", "gru", "zel", "nif"}[r.IntN(16)]
		}
	}
	name := func() string {
		return fmt.Sprintf("%s %s %s", words[r.IntN(len(words))], words[r.IntN(len(words))], words[r.IntN(len(words))])
	}
	var old, fresh []*graph.NodeRecord
	for i := range n {
		was := name()
		old = append(old, &graph.NodeRecord{ID: fmt.Sprintf("A%d", i), Name: was})
		is := name()
		if i%2 == 0 {
			at := 1 + r.IntN(len(was)-1)
			is = was[:at] + "x" + was[at:]
		}
		fresh = append(fresh, &graph.NodeRecord{ID: fmt.Sprintf("B%d", i), Name: strings.ToUpper(is[:1]) + is[1:]})
	}
	return &graph.Org{Sources: []*graph.Source{ranked(1, graph.NewSource("old", old, nil)), ranked(2, graph.NewSource("new", fresh, nil))}}
}

// BenchmarkPropose20000 matches 20,000 names against 20,000; the ratio is to folding all of them once.
func BenchmarkPropose20000(b *testing.B) {
	o := manyNames(20_000)
	s := graph.NewSnapshot(o)
	start := time.Now()
	for _, src := range o.Sources {
		for _, n := range src.Nodes {
			graph.Fold(n.Name)
		}
	}
	fold := time.Since(start)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	pairs := 0
	for b.Loop() {
		pairs = len(Propose(s, []string{"new"}, nil).Pairs)
	}
	runtime.ReadMemStats(&after)
	each := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(each.Seconds(), "s/op")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(b.N)/1e6, "MB-allocated/op")
	b.ReportMetric(float64(after.Sys)/1e6, "MB-of-process")
	b.ReportMetric(float64(each)/float64(fold), "times-Fold")
	b.ReportMetric(float64(pairs), "pairs")
}
