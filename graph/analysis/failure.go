package analysis

import "example.com/whoserves/graph"

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

// Failure is a question: these nodes stop at hour 0, those give poor service.
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

// Spread works out how a failure spreads (design: least fixpoint of states, greatest of times, causes by hour, wave,
// tolerance, service, provider).
func Spread(s *graph.Snapshot, f Failure) *Outcome { panic("todo") }

// States gives only the states that a failure leads to.
func States(s *graph.Snapshot, f Failure) []State { panic("todo") }

// Hit is a node that a failure reaches.
type Hit struct {
	Node  int32
	State State
	Hours float64 // +Inf where it only degrades
	Wave  int32
	Cause Cause
}

// Hits lists whom a failure reaches, those that failed left out: by hours, then id.
func (o *Outcome) Hits(s *graph.Snapshot) []Hit { panic("todo") }

// Chain gives the failing chain that ends at x: from a node that failed, need by need, by the causes. Empty when x is up
// or failed by itself.
func (o *Outcome) Chain(s *graph.Snapshot, x int32) []Step { panic("todo") }

// Step is one link of a failing chain: Provider is lost, so Need takes its consumer.
type Step struct {
	Need     int32
	Provider int32
}
