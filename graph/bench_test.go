package graph

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
)

var benchLinks = flag.Int("links", 100_000, "links in the benchmarks' organisation")

// large makes an organisation of links/10 teams.
func large(links int) *Org {
	r := rand.New(rand.NewPCG(7, 7))
	n := max(links/10, 2)
	name := func(i int) string { return fmt.Sprintf("Team %d", i) }
	var nodes []*NodeRecord
	for i := range n {
		rec := &NodeRecord{Name: name(i), Unit: fmt.Sprintf("Unit %d", i%50), From: Origin{"nodes.csv", "", i + 2}}
		if i%150 == 0 {
			rec.Kind = Customer
		}
		nodes = append(nodes, rec)
	}
	var ls []*LinkRecord
	for i := range links {
		ls = append(ls, &LinkRecord{Provider: name(r.IntN(n)), Consumer: name(r.IntN(n)), Service: fmt.Sprintf("Service %d", r.IntN(20)),
			Criticality: Criticality(r.IntN(4)), Tolerance: Given(float64(r.IntN(48))), From: Origin{"links.csv", "", i + 2}})
	}
	return &Org{Sources: []*Source{ranked(1, NewSource("bench", nodes, ls))}}
}

func BenchmarkNewSnapshot(b *testing.B) {
	o := large(*benchLinks)
	b.ReportAllocs()
	for b.Loop() {
		NewSnapshot(o)
	}
}

// BenchmarkReimport compares, applies and tells the effect of an import that changes one link.
func BenchmarkReimport(b *testing.B) {
	o, in := large(*benchLinks), large(*benchLinks)
	in.Sources[0].Links[0].Volume = Given(1)
	b.ReportAllocs()
	for b.Loop() {
		if p, err := NewPreview(o, in); err != nil || p.Effect.ChangedCount != 1 {
			b.Fatal(err, p.Effect.ChangedCount)
		}
	}
}
