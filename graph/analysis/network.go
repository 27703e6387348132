package analysis

import (
	"math"

	"example.com/whoserves/graph"
)

// network is what failure is worked out on: the needs of a snapshot packed for speed. Needs keep the snapshot's numbers.
type network struct {
	snap  *graph.Snapshot
	needs []packedNeed

	needFrom []int32 // by node: its needs are needs[needFrom[x]:needFrom[x+1]]
	provFrom []int32 // by need: its providers are providers[provFrom[i]:provFrom[i+1]], sorted
	provs    []int32

	critical  adjacency // by node: the critical needs that it is a provider of
	important adjacency // by node: the important ones

	customer []bool
}

// packedNeed is a need as the inner loops want it.
type packedNeed struct {
	consumer  int32
	loss      int32 // how many lost providers break it: n − k + 1
	tolerance ticks
}

// adjacency lists numbers by node, all in one slice.
type adjacency struct{ from, to []int32 }

func (a *adjacency) of(x int32) []int32 { return a.to[a.from[x]:a.from[x+1]] }

// compile packs a snapshot. O(nodes + links).
func compile(s *graph.Snapshot) *network {
	n, m := len(s.Nodes), len(s.Needs)
	net := &network{
		snap: s, needs: make([]packedNeed, m),
		needFrom: make([]int32, n+1), provFrom: make([]int32, m+1),
		customer: make([]bool, n),
	}
	total := 0
	for i := range s.Needs {
		nd := &s.Needs[i]
		total += len(nd.Providers)
		net.provFrom[i+1] = int32(total)
		net.needFrom[nd.Consumer+1]++
		net.needs[i] = packedNeed{nd.Consumer, int32(len(nd.Providers)) - nd.K + 1, toTicks(nd.Tolerance)}
	}
	for x := range n {
		net.needFrom[x+1] += net.needFrom[x]
	}
	net.provs = make([]int32, 0, total)
	for i := range s.Needs {
		net.provs = append(net.provs, s.Needs[i].Providers...)
	}
	net.critical = net.servedNeeds(graph.Critical)
	net.important = net.servedNeeds(graph.Important)
	for _, c := range s.Customers {
		net.customer[c] = true
	}
	return net
}

// servedNeeds lists, by provider, the needs of one criticality, in order.
func (net *network) servedNeeds(of graph.Criticality) adjacency {
	needs := net.snap.Needs
	a := adjacency{from: make([]int32, len(net.snap.Nodes)+1)}
	for i := range needs {
		if needs[i].Criticality == of {
			for _, p := range needs[i].Providers {
				a.from[p+1]++
			}
		}
	}
	for x := 1; x < len(a.from); x++ {
		a.from[x] += a.from[x-1]
	}
	a.to = make([]int32, a.from[len(a.from)-1])
	next := append([]int32(nil), a.from...)
	for i := range needs {
		if needs[i].Criticality == of {
			for _, p := range needs[i].Providers {
				a.to[next[p]] = int32(i)
				next[p]++
			}
		}
	}
	return a
}

func (net *network) providers(need int32) []int32 {
	return net.provs[net.provFrom[need]:net.provFrom[need+1]]
}

// ticks are hours counted in whole microseconds. Sums of them are exact and do not depend on order, so two chains that
// take equally long do so to the last bit, and 0.1 h + 0.2 h is 0.3 h.
type ticks int64

const (
	ticksPerHour       = 3_600_000_000
	forever      ticks = math.MaxInt64
)

func toTicks(hours float64) ticks {
	t := math.Round(hours * ticksPerHour)
	if t >= float64(forever)/2 { // 146,000 years
		return forever / 2
	}
	return ticks(max(t, 0))
}

func (t ticks) hours() float64 {
	if t == forever {
		return math.Inf(1)
	}
	return float64(t) / ticksPerHour
}

// plus adds, and stays below forever.
func (t ticks) plus(d ticks) ticks {
	if sum := t + d; sum >= t {
		return min(sum, forever-1)
	}
	return forever - 1
}
