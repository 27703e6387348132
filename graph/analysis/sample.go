package analysis

import (
	"context"
	"math"
	"math/bits"
	"math/rand/v2"
)

const (
	sampleError = 0.01 // how far off an estimated share may be
	sampleDoubt = 0.05 // with what probability it may be further off
	sampleSeed  = 2016
	// mostTries is how many pairs are drawn at most for each chain of the sample: not every source reaches every target.
	mostTries = 50
)

// sampleShares estimates the shares of 2.5 from a sample: pairs of a source and a target that it reaches, each as likely as any other,
// and one of the shortest chains between them, each as likely as any other (Riondato and Kornaropoulos, Fast approximation of
// betweenness centrality through sampling, 2016). The bound holds for all nodes at once with a probability of 95 %. When few pairs are
// connected the sample is smaller and the bound wider.
func (g pairGraph) sampleShares(ctx context.Context, sources, targets []int32, eps float64) (shares []float64, bound float64, err error) {
	shares = make([]float64, len(g.served))
	longest := g.longestChain()
	if longest <= 2 || len(sources) == 0 || len(targets) == 0 {
		return shares, 0, nil // no chain has a middle
	}
	size := int(math.Ceil(sampleSpread(longest) / (eps * eps)))
	var counts [chunks][]int32
	var drawn [chunks]int
	inParallel(func() func(int) {
		m := newMeeting(g)
		return func(chunk int) {
			counts[chunk] = make([]int32, len(g.served))
			m.random = rand.New(rand.NewPCG(sampleSeed, uint64(chunk)))
			want := (size + chunks - 1) / chunks
			for tries := 0; tries < want*mostTries && drawn[chunk] < want && ctx.Err() == nil; tries++ {
				from, to := sources[m.random.IntN(len(sources))], targets[m.random.IntN(len(targets))]
				if from != to && m.chain(from, to, counts[chunk]) {
					drawn[chunk]++
				}
			}
		}
	})
	if err := ctx.Err(); err != nil {
		return nil, 0, err
	}
	total := 0
	for c := range chunks {
		total += drawn[c]
		for v, x := range counts[c] {
			shares[v] += float64(x)
		}
	}
	if total == 0 {
		return shares, 1, nil
	}
	for v := range shares {
		shares[v] /= float64(total)
	}
	return shares, min(1, math.Sqrt(sampleSpread(longest)/float64(total))), nil
}

// sampleSpread is the size of a sample times the square of its error: (floor(log2(longest − 2)) + 1 + ln(1/doubt)) / 2, where
// longest is the number of nodes on the longest of all shortest chains.
func sampleSpread(longest int) float64 {
	return (float64(bits.Len(uint(longest-2))) + math.Log(1/sampleDoubt)) / 2
}

// longestChain gives a number of nodes that no shortest chain exceeds: a chain passes through each strongly connected component once,
// and in it takes at most the steps to its first node and those away from it. O(nodes + pairs).
func (g pairGraph) longestChain() int {
	component, sizes := g.components()
	seen := make([]bool, len(component))
	inside := func(home int32, next [][]int32, mark bool) (steps int) {
		level := []int32{home}
		seen[home] = mark
		for ; len(level) > 0; steps++ {
			var after []int32
			for _, v := range level {
				for _, x := range next[v] {
					if component[x] == component[home] && seen[x] != mark {
						seen[x] = mark
						after = append(after, x)
					}
				}
			}
			level = after
		}
		return steps - 1
	}
	weight := make([]int, len(sizes)) // nodes that a shortest chain has in the component at most
	members := make([][]int32, len(sizes))
	for v, c := range component {
		members[c] = append(members[c], int32(v))
		if weight[c] == 0 {
			weight[c] = min(int(sizes[c]), inside(int32(v), g.served, true)+inside(int32(v), g.servedBy, false)+1)
		}
	}
	longest := 0
	chain := make([]int, len(sizes)) // from the component on: those that it serves have lower numbers
	for c := range chain {
		for _, v := range members[c] {
			for _, x := range g.served[v] {
				if component[x] != int32(c) {
					chain[c] = max(chain[c], chain[component[x]])
				}
			}
		}
		chain[c] += weight[c]
		longest = max(longest, chain[c])
	}
	return longest
}

// meeting searches from both ends of a chain at once until the searches meet.
type meeting struct {
	random *rand.Rand
	ends   [2]end // forwards from the source, backwards from the target
}

// end is the search from one end.
type end struct {
	next  [][]int32
	back  [][]int32
	hops  []int32 // -1: not found
	ways  []float64
	found []int32
	level int // where in found the last level starts
}

func newMeeting(g pairGraph) *meeting {
	m := &meeting{}
	for i, next := range [][][]int32{g.served, g.servedBy} {
		e := end{next: next, hops: make([]int32, len(next)), ways: make([]float64, len(next))}
		for v := range e.hops {
			e.hops[v] = -1
		}
		m.ends[i] = e
	}
	m.ends[0].back, m.ends[1].back = m.ends[1].next, m.ends[0].next
	return m
}

// chain draws one of the shortest chains between two different nodes and counts the nodes in its middle. It gives false when there is none.
func (m *meeting) chain(from, to int32, counts []int32) bool {
	a, b := &m.ends[0], &m.ends[1]
	a.begin(from)
	b.begin(to)
	defer a.clear()
	defer b.clear()
	for {
		near, far := a, b
		if b.cost() < a.cost() {
			near, far = b, a
		}
		if near.level == len(near.found) {
			return false
		}
		near.step()
		if mid, ok := m.meet(near.found[near.level:], far); ok {
			a.walk(mid, m.random, counts)
			b.walk(mid, m.random, counts)
			if mid != from && mid != to {
				counts[mid]++
			}
			return true
		}
	}
}

// meet draws one of the nodes of a level that the other end has found too, by the number of chains through it.
func (m *meeting) meet(level []int32, far *end) (mid int32, ok bool) {
	var sum float64
	for _, v := range level {
		if far.hops[v] >= 0 {
			sum += m.ends[0].ways[v] * m.ends[1].ways[v]
			if !ok || m.random.Float64()*sum < m.ends[0].ways[v]*m.ends[1].ways[v] {
				mid, ok = v, true
			}
		}
	}
	return mid, ok
}

func (e *end) begin(v int32) {
	e.found, e.level = append(e.found[:0], v), 0
	e.hops[v], e.ways[v] = 0, 1
}

func (e *end) clear() {
	for _, v := range e.found {
		e.hops[v] = -1
	}
}

// cost is the work of the next step; a search that has come to its end costs nothing.
func (e *end) cost() (n int) {
	for _, v := range e.found[e.level:] {
		n += len(e.next[v])
	}
	return n
}

// step finds the next level.
func (e *end) step() {
	last := e.found[e.level:]
	e.level = len(e.found)
	for _, v := range last {
		for _, x := range e.next[v] {
			switch e.hops[x] {
			case -1:
				e.hops[x], e.ways[x] = e.hops[v]+1, e.ways[v]
				e.found = append(e.found, x)
			case e.hops[v] + 1:
				e.ways[x] += e.ways[v]
			}
		}
	}
}

// walk draws a way back from v to where the search began and counts the nodes between the two.
func (e *end) walk(v int32, random *rand.Rand, counts []int32) {
	for e.hops[v] > 1 {
		var sum float64
		drawn := int32(-1)
		for _, x := range e.back[v] {
			if e.hops[x] == e.hops[v]-1 {
				sum += e.ways[x]
				if drawn < 0 || random.Float64()*sum < e.ways[x] {
					drawn = x
				}
			}
		}
		v = drawn
		counts[v]++
	}
}
