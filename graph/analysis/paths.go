package analysis

import (
	"context"

	"example.com/whoserves/graph"
)

// PathQuery asks for the best chains of service from one node to another.
type PathQuery struct {
	From, To   int32
	K          int     // how many; 0: 3
	ByLeadTime bool    // shortest by hours instead of by hops
	Via        []int32 // in this order
	Avoid      []int32
}

// Path is one chain: who serves whom, from first to last.
type Path struct {
	Nodes    []int32
	Hops     int
	LeadTime graph.Number // hours; not given when a link on it has none
	Missing  int          // links on it without a lead time
}

// PathAnswer is the answer to a PathQuery.
type PathAnswer struct {
	Paths []Path // best first; ties by ids
	// Only without a path: how many nodes the search got to, and those of them farthest from From.
	Reached int
	Nearest []int32
}

// Paths finds the k shortest chains (Yen 1971).
func Paths(ctx context.Context, s *graph.Snapshot, q PathQuery) (*PathAnswer, error) { panic("todo") }
