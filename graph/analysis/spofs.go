package analysis

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
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

// findImpacts works out, on all processors, when each SPOF first stops a customer and by which chain.
func (f *Findings) findImpacts(ctx context.Context, net *network) error {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(f.SPOFs)) {
		workers.Go(func() {
			r := newRipple(net)
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(f.SPOFs) {
					return
				}
				r.impact(&f.SPOFs[i])
			}
		})
	}
	workers.Wait()
	return ctx.Err()
}

// impact lets the node of a SPOF fail and stops as soon as it is clear which customer is hit first. FirstCustomer is to be
// the first by id of those that go down, at whatever hour.
func (r *ripple) impact(spof *SPOF) {
	least := spof.FirstCustomer
	first, when := int32(-1), forever
	r.start(spof.Node)
	for first != least {
		settled := r.step()
		if len(settled) == 0 || r.at.hour > when {
			break
		}
		for _, x := range settled {
			if r.net.customer[x] && (first < 0 || x < first) {
				first, when = x, r.at.hour
			}
		}
	}
	spof.FirstCustomer, spof.FirstImpact = first, when.hours()
	spof.Chain = r.chain(first)
	for _, step := range spof.Chain {
		spof.Assumed = spof.Assumed || r.net.snap.Needs[step.Need].AssumedCriticality
	}
	recovery, ok := r.net.snap.Nodes[spof.Node].RecoveryHours.Get()
	spof.RecoveryUnknown = !ok
	spof.Exposed = !ok || when < toTicks(recovery)
}
