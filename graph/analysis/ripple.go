package analysis

import (
	"cmp"
	"slices"

	"example.com/whoserves/graph"
)

// moment is when a node goes down: by hour, then by wave. The zero moment is that of the nodes that failed.
type moment struct {
	hour ticks
	wave int32
}

func (a moment) before(b moment) bool { return a.hour < b.hour || a.hour == b.hour && a.wave < b.wave }

func (a moment) compare(b moment) int {
	return cmp.Or(cmp.Compare(a.hour, b.hour), cmp.Compare(a.wave, b.wave))
}

// ripple finds who goes down and when, one failure after the other: a generalised Dijkstra search (Knuth 1977) on moments,
// where a need breaks with the (n−k+1)-th of its providers. Its memory is reused: a run costs only what it reaches,
// O(reached links + late arrivals · log). Not for several goroutines at once.
type ripple struct {
	net   *network
	round uint32 // of this run; even numbers only
	nodes []rippleNode
	needs []rippleNeed

	now, next []int32     // nodes that go down in the present moment, and one wave later in the same hour
	later     momentQueue // nodes that go down in a later hour
	at        moment      // the present moment
	settled   []int32     // all that went down so far, in order of moment
	losses    []lost      // scratch

	aims []aim // when not nil, only nodes that keep to the goal are followed
	goal aim
}

type rippleNode struct {
	moment
	mark uint32 // round: its moment may still become earlier; round+1: it is settled
}

type rippleNeed struct {
	mark uint32
	lost int32 // providers lost so far in this round
}

func newRipple(net *network) *ripple {
	return &ripple{net: net, nodes: make([]rippleNode, len(net.needFrom)-1), needs: make([]rippleNeed, len(net.needs))}
}

// start begins a new run with these nodes failing at hour 0.
func (r *ripple) start(failed ...int32) {
	r.round += 2
	if r.round == 0 { // after two thousand million runs the marks of old ones would count again
		clear(r.nodes)
		clear(r.needs)
		r.round = 2
	}
	r.now, r.next, r.later, r.settled = r.now[:0], r.next[:0], r.later[:0], r.settled[:0]
	r.at = moment{}
	for _, v := range failed {
		if r.nodes[v].mark != r.round {
			r.nodes[v] = rippleNode{moment{}, r.round}
			r.next = append(r.next, v)
		}
	}
	r.at.wave = -1 // so that the failed are the next wave
}

// step settles all nodes of the next moment and gives them, in no order; none when the ripple has run out.
func (r *ripple) step() []int32 {
	r.now, r.next = r.next, r.now[:0]
	if len(r.now) > 0 {
		r.at.wave++
	} else if !r.skipStale() {
		return nil
	} else {
		r.at = r.later[0].moment
	}
	for r.skipStale() && r.later[0].moment == r.at {
		r.now = append(r.now, r.later[0].node)
		r.later.pop()
	}
	// A node may stand twice in the queue with one moment, so what is settled twice is dropped.
	kept := r.now[:0]
	for _, v := range r.now {
		if r.nodes[v].mark == r.round {
			r.nodes[v].mark = r.round + 1
			kept = append(kept, v)
		}
	}
	r.now = kept
	for _, v := range r.now {
		for _, i := range r.net.critical.of(v) {
			r.lose(i)
		}
	}
	r.settled = append(r.settled, r.now...)
	return r.now
}

// skipStale drops what is out of date at the head of the queue and says whether anything is left.
func (r *ripple) skipStale() bool {
	for len(r.later) > 0 {
		head := &r.later[0]
		if node := &r.nodes[head.node]; node.mark == r.round && node.moment == head.moment {
			return true
		}
		r.later.pop()
	}
	return false
}

// lose counts one provider of a need as lost at the present moment.
func (r *ripple) lose(i int32) {
	need := &r.net.needs[i]
	if need.loss > 1 {
		state := &r.needs[i]
		if state.mark != r.round {
			*state = rippleNeed{mark: r.round}
		}
		if state.lost++; state.lost != need.loss {
			return
		}
	}
	node := &r.nodes[need.consumer]
	when := moment{r.at.hour.plus(need.tolerance), r.at.wave + 1}
	switch {
	case node.mark == r.round+1 || node.mark == r.round && !when.before(node.moment):
		return
	case r.aims != nil && r.astray(need.consumer, when):
		return
	case when.hour == r.at.hour:
		r.next = append(r.next, need.consumer)
	default:
		r.later.push(arrival{when, need.consumer})
	}
	*node = rippleNode{when, r.round}
}

// down says whether x has gone down so far.
func (r *ripple) down(x int32) bool { return r.nodes[x].mark == r.round+1 }

// cause finds what takes x down, once x is settled; Need -1 when it failed by itself. O(links of x).
func (r *ripple) cause(x int32) Cause {
	when := r.nodes[x].moment
	if when.wave == 0 {
		return Cause{-1, -1}
	}
	best := Cause{-1, -1}
	for i := r.net.needFrom[x]; i < r.net.needFrom[x+1]; i++ {
		need := &r.net.needs[i]
		if r.net.snap.Needs[i].Criticality != graph.Critical {
			continue
		}
		providers := r.losses[:0]
		for _, p := range r.net.providers(i) {
			if r.down(p) && r.nodes[p].before(when) {
				providers = append(providers, lost{r.nodes[p].moment, p})
			}
		}
		r.losses = providers
		if last, ok := breaker(providers, need.loss); ok && last.hour.plus(need.tolerance) == when.hour && last.wave+1 == when.wave {
			best = r.net.firstCause(best, Cause{i, last.node})
		}
	}
	return best
}

// firstCause gives that of two causes of one moment that counts: by tolerance, then service, then provider. None has Need -1.
func (net *network) firstCause(a, b Cause) Cause {
	if a.Need < 0 {
		return b
	}
	service := func(c Cause) string { return graph.Fold(net.snap.Needs[c.Need].Service) }
	if cmp.Or(cmp.Compare(net.needs[a.Need].tolerance, net.needs[b.Need].tolerance), cmp.Compare(service(a), service(b)),
		cmp.Compare(a.Provider, b.Provider)) <= 0 {
		return a
	}
	return b
}

// lost is a provider and when it was lost.
type lost struct {
	moment
	node int32
}

// breaker gives the provider whose loss broke a need: the loss-th of those lost, by moment, then id.
func breaker(ps []lost, loss int32) (lost, bool) {
	if int(loss) > len(ps) {
		return lost{}, false
	}
	byMoment := func(a, b lost) int { return cmp.Or(a.compare(b.moment), cmp.Compare(a.node, b.node)) }
	if loss == 1 {
		return slices.MinFunc(ps, byMoment), true
	}
	slices.SortFunc(ps, byMoment)
	return ps[loss-1], true
}

// chain gives the steps that lead to x, from a node that failed.
func (r *ripple) chain(x int32) []Step {
	steps := make([]Step, r.nodes[x].wave)
	for i := len(steps) - 1; i >= 0; i-- {
		c := r.cause(x)
		steps[i] = Step(c)
		x = c.Provider
	}
	return steps
}

// arrival is a node and when it would go down.
type arrival struct {
	moment
	node int32
}

// momentQueue is a binary heap, the earliest arrival first.
type momentQueue []arrival

func (q *momentQueue) push(a arrival) {
	h := append(*q, a)
	i := len(h) - 1
	for i > 0 {
		parent := (i - 1) / 2
		if !a.before(h[parent].moment) {
			break
		}
		h[i] = h[parent]
		i = parent
	}
	h[i] = a
	*q = h
}

func (q *momentQueue) pop() {
	h := *q
	last := h[len(h)-1]
	h = h[:len(h)-1]
	*q = h
	if len(h) == 0 {
		return
	}
	i := 0
	for {
		child := 2*i + 1
		if child >= len(h) {
			break
		}
		if child+1 < len(h) && h[child+1].before(h[child].moment) {
			child++
		}
		if !h[child].before(last.moment) {
			break
		}
		h[i] = h[child]
		i = child
	}
	h[i] = last
}
