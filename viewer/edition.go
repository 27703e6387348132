package viewer

import (
	"math"
	"sync"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
)

// edition is the organisation as pages show it at one moment: a snapshot, and what was found in it once that is worked out.
// It never changes; a newer one takes its place.
type edition struct {
	snap     *graph.Snapshot
	findings *analysis.Findings // nil while they are being worked out, or when that failed
	failed   error              // why there are none
	when     time.Time          // when this version was made; zero when nobody knows
	times    *times
	tally    tally
}

// times works out how failures spread, and remembers, for nodes that were asked about, after how many hours their failure stops
// each customer.
type times struct {
	snap      *graph.Snapshot
	place     map[int32]int // of a customer in snap.Customers
	known     sync.Map      // node -> []float64, parallel to snap.Customers
	spreaders sync.Pool     // of *analysis.Spreader, which serves one request at a time
}

func newTimes(s *graph.Snapshot) *times {
	t := &times{snap: s, place: make(map[int32]int, len(s.Customers))}
	for i, c := range s.Customers {
		t.place[c] = i
	}
	t.spreaders.New = func() any { return analysis.NewSpreader(s) }
	return t
}

// spread works out how a failure spreads.
func (t *times) spread(f analysis.Failure) *analysis.Outcome {
	spreader := t.spreaders.Get().(*analysis.Spreader)
	out := spreader.Spread(f)
	t.spreaders.Put(spreader) // not after a panic: who knows what it left
	return out
}

// of gives the hours until each customer stops when v fails, parallel to snap.Customers; +Inf where it never does.
// O(nodes + needs) the first time.
func (t *times) of(v int32) []float64 {
	if known, ok := t.known.Load(v); ok {
		return known.([]float64)
	}
	out := t.spread(analysis.Failure{Stopped: []int32{v}})
	hs := make([]float64, len(t.snap.Customers))
	for i, c := range t.snap.Customers {
		hs[i] = math.Inf(1)
		if out.State[c] == analysis.Down {
			hs[i] = out.Hours[c]
		}
	}
	t.known.Store(v, hs)
	return hs
}

// to gives the hours until customer c stops when v fails.
func (t *times) to(v, c int32) float64 { return t.of(v)[t.place[c]] }
