package analysis

import (
	"context"

	"example.com/whoserves/graph"
)

// Stops says who stops whom alone, and nothing else: what it takes to compare two snapshots.
type Stops struct {
	Snapshot *graph.Snapshot
	// DownCount counts for each node the customers that its failure alone brings down.
	DownCount []int32
	// Down lists them, sorted; nodes share lists. Nil when there are more than a million (node, customer) pairs.
	Down [][]int32
	// StoppedBy counts for each node (customers only) how many SPOFs it has; 0 for all others.
	StoppedBy []int32
}

// FindStops finds who stops whom alone: the part of [Analyse] about nodes that bring customers down, without degrading, hours,
// chains, alternates, loads and shares, which is about a third of its time. It stops with the context's error when that is done.
func FindStops(ctx context.Context, s *graph.Snapshot) (*Stops, error) {
	down, err := takesOf(ctx, compile(s), graph.Critical, false, nil)
	if err != nil {
		return nil, err
	}
	stops := &Stops{Snapshot: s, DownCount: make([]int32, len(s.Nodes)), StoppedBy: down.byNode}
	if down.lists != nil {
		stops.Down = make([][]int32, len(s.Nodes))
	}
	for v := range int32(len(s.Nodes)) {
		if !s.Nodes[v].CanFail {
			continue
		}
		customers, count, _ := down.of(v)
		stops.DownCount[v] = count
		if stops.Down != nil {
			stops.Down[v] = customers
		}
	}
	return stops, nil
}

// SPOFs counts the nodes that stop at least one customer alone.
func (s *Stops) SPOFs() int {
	n := 0
	for _, count := range s.DownCount {
		if count > 0 {
			n++
		}
	}
	return n
}
