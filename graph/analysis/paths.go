package analysis

import (
	"context"
	"fmt"
	"math"
	"slices"

	"example.com/whoserves/graph"
)

// PathQuery asks for the best chains of service from one node to another.
type PathQuery struct {
	From, To   int32
	K          int     // how many, at most MostPaths; 0: 3
	ByLeadTime bool    // shortest by hours instead of by hops
	Via        []int32 // in this order
	Avoid      []int32
}

// MostPaths is how many chains may be asked for.
const MostPaths = 100

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
	// Only without a path: how many nodes the search got to (from From, or from the last node of Via that can be reached), and
	// those of them farthest from there, by hops.
	Reached int
	Nearest []int32
}

// Paths finds the k shortest chains of service (Yen 1971), by hops or by lead time and then hops; equal ones come in the order of
// their ids, node by node. A missing lead time counts as 0; of parallel links the least that is given counts. With Via each leg between two stops visits no node twice, and
// the answer holds the best combinations of legs. An error says what is wrong with the question, or that the context is done.
func Paths(ctx context.Context, s *graph.Snapshot, q PathQuery) (*PathAnswer, error) {
	if q.K == 0 {
		q.K = 3
	}
	if err := q.check(s); err != nil {
		return nil, err
	}
	stops := slices.Compact(append(append([]int32{q.From}, q.Via...), q.To))
	m := newRoutes(s, q.ByLeadTime, q.Avoid)
	best := []route{{nodes: stops[:1]}}
	for i, stop := range stops[1:] {
		leg, err := m.shortest(ctx, stops[i], stop, q.K)
		if err != nil {
			return nil, err
		}
		if len(leg) == 0 {
			reached, nearest := m.reach(stops[i])
			return &PathAnswer{Reached: reached, Nearest: nearest}, nil
		}
		best = joinLegs(best, leg, q.K)
	}
	answer := &PathAnswer{}
	for _, r := range best {
		answer.Paths = append(answer.Paths, describe(s, r.nodes))
	}
	return answer, nil
}

// check says in words what is wrong with a question.
func (q *PathQuery) check(s *graph.Snapshot) error {
	name := func(v int32) string { return "“" + s.Nodes[v].Name + "”" }
	if q.K < 0 || q.K > MostPaths {
		return fmt.Errorf("%d chains were asked for: ask for 1 to %d", q.K, MostPaths)
	}
	stops := append(append([]int32{q.From}, q.Via...), q.To)
	for _, v := range stops {
		if s.IsBox(v) {
			return fmt.Errorf("%s is a unit, and chains run between its teams: give one of them", name(v))
		}
		if slices.Contains(q.Avoid, v) {
			return fmt.Errorf("%s is both to be avoided and to be on the chain: take it out of one", name(v))
		}
	}
	if len(slices.Compact(stops)) == 1 {
		return fmt.Errorf("a chain from %s to itself has no length: give two different nodes", name(q.From))
	}
	return nil
}

// describe measures a chain.
func describe(s *graph.Snapshot, nodes []int32) Path {
	p := Path{Nodes: nodes, Hops: len(nodes) - 1}
	var total int64
	for i, v := range nodes[1:] {
		hours := noTime
		eachLeadTime(s, v, func(provider int32, h int64) {
			if provider == nodes[i] {
				hours = leastTime(hours, h)
			}
		})
		if hours == noTime {
			p.Missing++
			continue
		}
		total += hours
	}
	if p.Missing == 0 {
		p.LeadTime = graph.Given(float64(total) / timeUnit)
	}
	return p
}

// Times are whole millionths of an hour, so that sums are exact and ties are ties.
const (
	timeUnit = 1e6
	mostTime = 1e13 // a longer lead time counts as this: a thousand years
	noTime   = int64(-1)
)

func leastTime(a, b int64) int64 {
	if a == noTime || b == noTime {
		return max(a, b)
	}
	return min(a, b)
}

// eachLeadTime calls do for every link that serves c, itself or as a team of a unit, with the provider (each team of a unit that
// provides) and the lead time, noTime where there is none.
func eachLeadTime(s *graph.Snapshot, c int32, do func(provider int32, time int64)) {
	for x := c; x >= 0; x = s.Nodes[x].Unit {
		for _, i := range s.LinksTo(x) {
			l, time := &s.Links[i], noTime
			if h, given := l.Values.LeadTime.Get(); given {
				time = int64(math.Round(min(h*timeUnit, mostTime)))
			}
			if !s.IsBox(l.Provider) {
				do(l.Provider, time)
			}
			for _, team := range s.TeamsOf(l.Provider) {
				do(team, time)
			}
		}
		if s.Nodes[c].Kind != graph.Team {
			return
		}
	}
}

// length is how long a chain is: first by time, where that counts, then by hops.
type length struct {
	time int64
	hops int32
}

var endless = length{time: math.MaxInt64}

func (a length) less(b length) bool {
	return a.time < b.time || a.time == b.time && a.hops < b.hops
}

func (a length) plus(b length) length {
	if a == endless || b == endless {
		return endless
	}
	return length{a.time + b.time, a.hops + b.hops}
}

// route is a chain while it is being looked for.
type route struct {
	nodes  []int32
	length length
}

func compareRoutes(a, b route) int {
	switch {
	case a.length.less(b.length):
		return -1
	case b.length.less(a.length):
		return 1
	}
	return slices.Compare(a.nodes, b.nodes)
}

// joinLegs gives the k best of all ways to go on from a route with a leg; both lists are sorted. The pair (i, j) has (i+1)(j+1) − 1
// better ones before it, which bounds the work to k·ln k pairs.
func joinLegs(routes, legs []route, k int) []route {
	var joined []route
	for i, r := range routes {
		for j, leg := range legs {
			if (i+1)*(j+1) > k {
				break
			}
			joined = append(joined, route{slices.Concat(r.nodes, leg.nodes[1:]), r.length.plus(leg.length)})
		}
	}
	slices.SortFunc(joined, compareRoutes)
	return joined[:min(k, len(joined))]
}
