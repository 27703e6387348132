package viewer

import (
	"context"
	"path/filepath"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/graphtest"
)

// BenchmarkFirstPage opens a stored organisation of 10,000 nodes and shows its overview: what somebody waits for after the start.
func BenchmarkFirstPage(b *testing.B) {
	st := openStore(b, filepath.Join(b.TempDir(), "a.db"))
	importInto(b, st, graphtest.Large(1, 10_000, 40_000, true))
	for b.Loop() {
		ctx, cancel := context.WithCancel(context.Background())
		s, err := New(ctx, Config{Store: st, Render: drawer()})
		if err != nil {
			b.Fatal(err)
		}
		get(b, s, "/")
		b.StopTimer()
		cancel()
		s.keeper.work.Wait()
		b.StartTimer()
	}
}

// BenchmarkPages shows pages whose pictures are drawn already.
func BenchmarkPages(b *testing.B) {
	for _, size := range []struct {
		name string
		n    int
	}{{"60", 60}, {"2000", 2000}} {
		s := serverOf(b, layers(size.n))
		for _, path := range []string{"/", "/customers/customer-0", "/risks", "/teams"} {
			b.Run(size.name+path, func(b *testing.B) {
				get(b, s, path)
				for b.Loop() {
					get(b, s, path)
				}
			})
		}
	}
}

// BenchmarkHours works out the hours from every one that can stop a customer alone to the customers, which tables show: cold,
// in an organisation of 10,000 nodes.
func BenchmarkHours(b *testing.B) {
	s := serverOf(b, graphtest.Large(1, 10_000, 40_000, true))
	ed := s.keeper.now.Load()
	for b.Loop() {
		t := newTimes(ed.snap)
		for i := range ed.findings.SPOFs {
			t.of(ed.findings.SPOFs[i].Node)
		}
	}
}

// BenchmarkColdRisks shows the risks of 10,000 nodes and few customers, a column of hours for each, which nobody has asked for yet.
func BenchmarkColdRisks(b *testing.B) {
	o := graphtest.Large(1, 10_000, 40_000, true)
	customers := 0
	for _, n := range o.Sources[0].Nodes {
		if n.Kind == graph.Customer {
			if customers++; customers > gridCustomers {
				n.Kind = graph.Team
			}
		}
	}
	s := serverOf(b, o)
	get(b, s, "/risks")
	ed := s.keeper.now.Load()
	for b.Loop() {
		cold := *ed
		cold.times = newTimes(ed.snap)
		s.keeper.now.Store(&cold)
		get(b, s, "/risks")
	}
}
