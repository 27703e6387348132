package analysis

import (
	"cmp"
	"container/heap"
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"example.com/whoserves/graph"
)

// findImpacts works out, on all processors, when each SPOF first stops a customer and by which chain.
func (f *Findings) findImpacts(ctx context.Context, net *network) error {
	if len(f.SPOFs) == 0 {
		return ctx.Err()
	}
	aims := aimsOf(net)
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
				r.impact(&f.SPOFs[i], aims)
			}
		})
	}
	workers.Wait()
	return ctx.Err()
}

// impact finds the customer that the failure of a SPOF hits first, when, and the chain. FirstCustomer is to be the first by id of
// those that go down, at whatever hour.
func (r *ripple) impact(spof *SPOF, aims []aim) {
	first, ok := r.firstAimed(spof.Node, aims)
	if !ok {
		first = r.first(spof)
	}
	when := r.nodes[first].hour
	spof.FirstCustomer, spof.FirstImpact = first, when.hours()
	spof.Chain = r.chain(first)
	for _, step := range spof.Chain {
		spof.Assumed = spof.Assumed || r.net.snap.Needs[step.Need].AssumedCriticality
	}
	recovery, ok := r.net.snap.Nodes[spof.Node].RecoveryHours.Get()
	spof.RecoveryUnknown = !ok
	spof.Exposed = !ok || when < toTicks(recovery)
}

// first lets the node of a SPOF fail and stops as soon as it is clear which customer is hit first.
func (r *ripple) first(spof *SPOF) int32 {
	first, when := int32(-1), forever
	r.start(spof.Node)
	for first != spof.FirstCustomer {
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
	return first
}

// aim is, for one node, a bound on the customer hit first when the node goes down: no customer is hit earlier, none with a smaller id at
// the same hour, nor that one in an earlier wave. It is exact where no alternates delay the ripple.
type aim struct {
	customer int32 // -1: the node leads to none
	moment         // after the node went down
}

func (a aim) before(b aim) bool {
	return cmp.Or(cmp.Compare(a.hour, b.hour), cmp.Compare(a.customer, b.customer), cmp.Compare(a.wave, b.wave)) < 0
}

// aimsOf finds the aims of all nodes by a search from the customers backwards, as if every provider alone broke the needs
// that it serves (Dijkstra 1959). O(links · log links).
func aimsOf(net *network) []aim {
	aims := make([]aim, len(net.customer))
	q := make(aimQueue, 0, len(net.snap.Customers))
	for x := range aims {
		aims[x] = aim{-1, moment{forever, 0}}
	}
	reach := func(x int32, a aim) {
		if a.before(aims[x]) {
			aims[x] = a
			heap.Push(&q, aimed{a, x})
		}
	}
	for _, c := range net.snap.Customers {
		reach(c, aim{c, moment{}})
	}
	for len(q) > 0 {
		at := heap.Pop(&q).(aimed)
		if at.aim != aims[at.node] {
			continue
		}
		for i := net.needFrom[at.node]; i < net.needFrom[at.node+1]; i++ {
			if net.snap.Needs[i].Criticality != graph.Critical {
				continue
			}
			a := aim{at.customer, moment{at.hour.plus(net.needs[i].tolerance), at.wave + 1}}
			for _, p := range net.providers(i) {
				reach(p, a)
			}
		}
	}
	return aims
}

type aimed struct {
	aim
	node int32
}

// aimQueue is a heap, the nearest aim first.
type aimQueue []aimed

func (q aimQueue) Len() int           { return len(q) }
func (q aimQueue) Less(i, j int) bool { return q[i].before(q[j].aim) }
func (q aimQueue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *aimQueue) Push(x any)        { *q = append(*q, x.(aimed)) }
func (q *aimQueue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// firstAimed follows the ripple only where it keeps to the aim of v: to nodes from which the same customer
// can still be hit at the same moment. When it gets there, that is the answer: as nothing can be earlier than the aim, all
// that has a part in it, alternates too, goes down at one moment and lies on the way. It fails where alternates delay the
// ripple.
func (r *ripple) firstAimed(v int32, aims []aim) (first int32, ok bool) {
	goal := aims[v]
	r.aims, r.goal = aims, goal
	defer func() { r.aims = nil }()
	r.start(v)
	for len(r.step()) > 0 {
		if r.down(goal.customer) {
			return goal.customer, true
		}
	}
	return -1, false
}

// astray says that a node that goes down at this moment does not keep to the goal.
func (r *ripple) astray(x int32, when moment) bool {
	a := &r.aims[x]
	return a.customer != r.goal.customer || when.hour.plus(a.hour) != r.goal.hour || when.wave+a.wave != r.goal.wave
}
