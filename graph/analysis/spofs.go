package analysis

import (
	"cmp"
	"context"
	"slices"
)

// findStops fills in who alone stops and degrades whom.
func (f *Findings) findStops(ctx context.Context, net *network, down, worse *takes) error {
	f.StoppedBy = down.byNode
	f.TooMany, f.TooManyDegraded = down.lists == nil, worse.lists == nil
	degraded := make([][]int32, down.classes.n) // by class of down: nodes that stop the same degrade the same
	for v := range int32(len(f.Snapshot.Nodes)) {
		if !f.Snapshot.Nodes[v].CanFail {
			continue
		}
		stopped, downCount, first := down.of(v)
		reached, reachedCount, _ := worse.of(v)
		if reachedCount == 0 {
			continue
		}
		class := down.classes.of[v]
		if degraded[class] == nil && !f.TooManyDegraded {
			degraded[class] = without(reached, stopped)
		}
		if downCount == 0 {
			f.Degrading = append(f.Degrading, Degrading{Node: v, Customers: degraded[class], Count: int(reachedCount)})
			continue
		}
		f.SPOFs = append(f.SPOFs, SPOF{
			Node: v, CustomersDown: stopped, DownCount: int(downCount), FirstCustomer: first,
			CustomersDegraded: degraded[class], DegradedCount: int(reachedCount - downCount),
		})
	}
	slices.SortStableFunc(f.SPOFs, func(a, b SPOF) int { return cmp.Compare(b.DownCount, a.DownCount) })
	f.SPOFOf = make([]int32, len(f.Snapshot.Nodes))
	for v := range f.SPOFOf {
		f.SPOFOf[v] = -1
	}
	for i := range f.SPOFs {
		f.SPOFOf[f.SPOFs[i].Node] = int32(i)
	}
	return f.findImpacts(ctx, net)
}

// without gives the members of a that are not in b; both are sorted.
func without(a, b []int32) []int32 {
	rest := make([]int32, 0, len(a)-len(b))
	for _, x := range a {
		for len(b) > 0 && b[0] < x {
			b = b[1:]
		}
		if len(b) == 0 || b[0] != x {
			rest = append(rest, x)
		}
	}
	return rest
}
