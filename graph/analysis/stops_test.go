package analysis

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/graphtest"
)

// Who stops whom alone is what the oracle works out node by node, and the same as in all findings.
func TestStopsAgainstOracle(t *testing.T) {
	eachRandom(t, func(t *testing.T, _ *rand.Rand, s *graph.Snapshot, w *oracle) {
		stops, err := FindStops(context.Background(), s)
		if err != nil {
			t.Fatal(err)
		}
		of := stopsOf(analyse(t, s, Options{}))
		stoppedBy, spofs := make([]int32, len(s.Nodes)), 0
		for v := range s.Nodes {
			id := s.Nodes[v].ID
			var want []string
			if w.nodes[id] != nil && w.canFail(id) {
				want = w.stop(id).Down
			}
			sameList(t, id, nodeIDs(s, stops.Down[v]), slices.Clone(want))
			sameList(t, id+" in the findings", nodeIDs(s, of.Down[v]), slices.Clone(want))
			if n := int32(len(want)); stops.DownCount[v] != n || of.DownCount[v] != n {
				t.Errorf("%s: counts %d and %d, want %d", id, stops.DownCount[v], of.DownCount[v], n)
			}
			if len(want) > 0 {
				spofs++
			}
			for _, c := range stops.Down[v] {
				stoppedBy[c]++
			}
		}
		if stops.SPOFs() != spofs || !slices.Equal(stops.StoppedBy, stoppedBy) || !slices.Equal(of.StoppedBy, stoppedBy) {
			t.Errorf("%d stop customers %v, want %d and %v", stops.SPOFs(), stops.StoppedBy, spofs, stoppedBy)
		}
	})
}

// TestTooManyStops holds the counts where lists are too long to the findings, which were told to list all.
func TestTooManyStops(t *testing.T) {
	s := graph.NewSnapshot(graphtest.Large(4, 5500, 22000, false))
	stops, err := FindStops(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	full := stopsOf(analyse(t, s, Options{Full: true}))
	if stops.Down != nil || full.Down == nil {
		t.Fatalf("lists are there: %v, with Full %v", stops.Down != nil, full.Down != nil)
	}
	if !slices.Equal(stops.DownCount, full.DownCount) || !slices.Equal(stops.StoppedBy, full.StoppedBy) {
		t.Error("the counts differ")
	}
}

func TestStopsStopsWhenTold(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := FindStops(ctx, graph.NewSnapshot(graphtest.Random(1, 30))); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// stopsOf gives the part of the findings that FindStops should find.
func stopsOf(f *Findings) *Stops {
	stops := &Stops{Snapshot: f.Snapshot, DownCount: make([]int32, len(f.Snapshot.Nodes)), StoppedBy: f.StoppedBy}
	if !f.TooMany {
		stops.Down = make([][]int32, len(f.Snapshot.Nodes))
	}
	for i := range f.SPOFs {
		spof := &f.SPOFs[i]
		stops.DownCount[spof.Node] = int32(spof.DownCount)
		if stops.Down != nil {
			stops.Down[spof.Node] = spof.CustomersDown
		}
	}
	return stops
}
