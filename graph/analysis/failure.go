package analysis

import (
	"cmp"
	"math"
	"slices"

	"example.com/whoserves/graph"
)

// State is how a node is doing. The order counts: a worse state is larger.
type State uint8

// The states.
const (
	Up State = iota
	Degraded
	Down
)

// String gives "up", "degraded" or "down".
func (s State) String() string { return [...]string{"up", "degraded", "down"}[s] }

// Failure is a question: these nodes stop at hour 0, those give poor service. Whether a node can fail at all is for the
// caller to check.
type Failure struct {
	Stopped []int32
	Worse   []int32
}

// Outcome says how a failure spreads: the state of every node, when it takes it and why.
type Outcome struct {
	State []State   // by node
	Hours []float64 // by node: hours until it is down; +Inf where it does not go down
	Wave  []int32   // by node: the round in which it takes its state, 0 for those that failed; -1 where it is up
	Cause []Cause   // by node; Need -1 where it is up or failed by itself
}

// Cause is what takes a node into its state: the need that broke and, in it, the provider whose loss broke it.
type Cause struct {
	Need     int32
	Provider int32
}

// Spread works out how a failure spreads: states are the least fixpoint, times the greatest (Knuth 1977), and the cause is
// the first need to break by hour, wave, tolerance, service and provider. Hours are exact to the microsecond.
// O(nodes + links · log links).
func Spread(s *graph.Snapshot, f Failure) *Outcome { return NewSpreader(s).Spread(f) }

// Spreader works out many failures of one snapshot, one after the other: what they share is prepared once. It is not for several
// goroutines at a time.
type Spreader struct{ r *ripple }

// NewSpreader prepares for failures of a snapshot. O(nodes + links).
func NewSpreader(s *graph.Snapshot) *Spreader { return &Spreader{newRipple(compile(s))} }

// Spread works out how one failure spreads, as the function of that name does. O(nodes + links that it reaches · log).
func (sp *Spreader) Spread(f Failure) *Outcome {
	r := sp.r
	o := r.spread(f)
	for x := range o.State {
		switch {
		case o.Wave[x] <= 0:
		case o.State[x] == Down:
			o.Cause[x] = r.cause(int32(x))
		case o.State[x] == Degraded:
			o.Cause[x] = o.degradedCause(r, int32(x))
		}
	}
	return o
}

// States gives only the states that a failure leads to. O(nodes + links · log links).
func States(s *graph.Snapshot, f Failure) []State {
	return newRipple(compile(s)).spread(f).State
}

// spread runs a failure to its end and gives all but the causes.
func (r *ripple) spread(f Failure) *Outcome {
	n := len(r.nodes)
	o := &Outcome{State: make([]State, n), Hours: make([]float64, n), Wave: make([]int32, n), Cause: make([]Cause, n)}
	for x := range n {
		o.Hours[x], o.Wave[x], o.Cause[x] = math.Inf(1), -1, Cause{-1, -1}
	}
	r.start(f.Stopped...)
	for len(r.step()) > 0 {
	}
	for _, x := range r.settled {
		o.State[x], o.Hours[x], o.Wave[x] = Down, r.nodes[x].hour.hours(), r.nodes[x].wave
	}
	o.degrade(r.net, r.settled, f.Worse)
	return o
}

// degrade adds the nodes that only degrade, wave by wave: a provider that is down or degraded counts from its own wave.
func (o *Outcome) degrade(net *network, down, worse []int32) {
	var waves [][]int32
	put := func(x, wave int32) {
		for int(wave) >= len(waves) {
			waves = append(waves, nil)
		}
		waves[wave] = append(waves[wave], x)
	}
	take := func(x, wave int32) {
		if o.State[x] == Up {
			o.State[x], o.Wave[x] = Degraded, wave
			put(x, wave)
		}
	}
	for _, x := range down {
		put(x, o.Wave[x])
	}
	for _, x := range worse {
		take(x, 0)
	}
	lost := make([]int32, len(net.needs))
	for w := int32(0); int(w) < len(waves); w++ {
		for _, p := range waves[w] { // what is added meanwhile goes to later waves
			for _, served := range [...][]int32{net.critical.of(p), net.important.of(p)} {
				for _, i := range served {
					if lost[i]++; lost[i] == net.needs[i].loss {
						take(net.needs[i].consumer, w+1)
					}
				}
			}
		}
	}
}

// degradedCause finds what degrades x: of the needs that break in its wave, the first by tolerance, service and provider.
func (o *Outcome) degradedCause(r *ripple, x int32) Cause {
	net, best := r.net, Cause{-1, -1}
	for i := net.needFrom[x]; i < net.needFrom[x+1]; i++ {
		need := &net.needs[i]
		if net.snap.Needs[i].Criticality < graph.Important {
			continue
		}
		providers := r.losses[:0]
		for _, p := range net.providers(i) {
			if o.Wave[p] >= 0 && o.Wave[p] < o.Wave[x] {
				providers = append(providers, lost{moment{0, o.Wave[p]}, p})
			}
		}
		r.losses = providers
		if last, ok := breaker(providers, need.loss); ok && last.wave+1 == o.Wave[x] {
			best = net.firstCause(best, Cause{i, last.node})
		}
	}
	return best
}

// Hit is a node that a failure reaches.
type Hit struct {
	Node  int32
	State State
	Hours float64 // +Inf where it only degrades
	Wave  int32
	Cause Cause
}

// Hits lists whom a failure reaches, those that failed left out: by hours, then id.
func (o *Outcome) Hits(s *graph.Snapshot) []Hit {
	var hits []Hit
	for x := range o.State {
		if o.Cause[x].Need >= 0 {
			hits = append(hits, Hit{int32(x), o.State[x], o.Hours[x], o.Wave[x], o.Cause[x]})
		}
	}
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Compare(a.Hours, b.Hours) }) // nodes are in order of id
	return hits
}

// Chain gives the failing chain that ends at x: from a node that failed, need by need, by the causes. Empty when x is up
// or failed by itself.
func (o *Outcome) Chain(s *graph.Snapshot, x int32) []Step {
	var steps []Step
	for c := o.Cause[x]; c.Need >= 0; c = o.Cause[c.Provider] {
		steps = append(steps, Step(c))
	}
	slices.Reverse(steps)
	return steps
}

// Step is one link of a failing chain: Provider is lost, so Need takes its consumer.
type Step struct {
	Need     int32
	Provider int32
}
