package analysis

import (
	"context"
	"runtime"
	"slices"
	"sync"

	"example.com/whoserves/graph"
)

// mostWork is how many targets × pairs are worked through exactly when nobody insists.
const mostWork = 500_000_000

// ChainShare gives for every node the share, 0 to 1, of all chains that run through it. Every pair of a source and a target that it
// reaches weighs 1, split evenly over the shortest chains between the two; a node at the end of a chain is not on it. Without
// sources they are all nodes but customers, without targets all customers.
//
// It is exact (Brandes 2001, from the targets backwards; O(targets × pairs of the snapshot)) and bound is 0, unless that would be too much work and
// exact is not set: then it is estimated from a sample of chains that is the same each time, and bound says how far off any
// share is at most, with a probability of 95 % for all of them together (Riondato and Kornaropoulos 2016).
// The result does not depend on how many processors there are. It stops with the context's error when that is done.
func ChainShare(ctx context.Context, s *graph.Snapshot, sources, targets []int32, exact bool) (shares []float64, bound float64, err error) {
	if targets == nil {
		targets = s.Customers
	}
	if sources == nil {
		sources = sharers(s)
	}
	targets = slices.Compact(slices.Sorted(slices.Values(targets)))
	g := pairsOf(s)
	if !exact && int64(len(targets))*int64(s.PairCount()) > mostWork {
		return g.sampleShares(ctx, sources, targets, sampleError)
	}
	sums, pairs, err := g.dependencies(ctx, sources, targets)
	if err != nil {
		return nil, 0, err
	}
	if pairs > 0 {
		for v := range sums {
			sums[v] /= float64(pairs)
		}
	}
	return sums, 0, nil
}

// sharers lists the nodes that chains start from: all but customers and boxes of the org chart.
func sharers(s *graph.Snapshot) []int32 {
	var nodes []int32
	for v := range s.Nodes {
		if _, customer := slices.BinarySearch(s.Customers, int32(v)); !customer && !s.IsBox(int32(v)) {
			nodes = append(nodes, int32(v))
		}
	}
	return nodes
}

// chunks is how many parts the targets are dealt into. It is fixed, and sums are added up part by part, so that rounding is
// the same on every machine.
const chunks = 16

// dependencies gives for every node the sum of its shares over all pairs of a source and a target that it reaches, and how
// many such pairs there are.
func (g pairGraph) dependencies(ctx context.Context, sources, targets []int32) (sums []float64, pairs int64, err error) {
	isSource := marks(len(g.served), sources)
	var part [chunks][]float64
	var partPairs [chunks]int64
	inParallel(func() func(int) {
		w := newBackwards(g.servedBy, isSource)
		return func(chunk int) {
			part[chunk] = make([]float64, len(g.served))
			for i := chunk; i < len(targets) && ctx.Err() == nil; i += chunks {
				partPairs[chunk] += w.add(targets[i], part[chunk])
			}
		}
	})
	if err := ctx.Err(); err != nil {
		return nil, 0, err
	}
	sums = part[0]
	pairs = partPairs[0]
	for c := 1; c < chunks; c++ {
		for v, x := range part[c] {
			sums[v] += x
		}
		pairs += partPairs[c]
	}
	return sums, pairs, nil
}

// inParallel does every chunk once, on all processors; worker makes what one of them works with.
func inParallel(worker func() func(chunk int)) {
	var wg sync.WaitGroup
	next := make(chan int, chunks)
	for c := range chunks {
		next <- c
	}
	close(next)
	for range min(runtime.GOMAXPROCS(0), chunks) {
		wg.Go(func() {
			do := worker()
			for c := range next {
				do(c)
			}
		})
	}
	wg.Wait()
}

func marks(n int, nodes []int32) []bool {
	m := make([]bool, n)
	for _, v := range nodes {
		m[v] = true
	}
	return m
}

// backwards is the working memory of one search from a target backwards.
type backwards struct {
	servedBy [][]int32
	isSource []bool
	hops     []int32   // to the target; -1: not found
	ways     []float64 // shortest chains to the target, see shrink
	carried  []float64 // (1 if a source, and what runs through) / ways
	order    []int32   // as found
	next     []int32   // the providers of each that are one hop further away, in the order of order
	nextFrom []int32   // by place in order: where its part of next begins
	shrunk   []float64 // by hops: what ways of that distance were multiplied with
}

func newBackwards(servedBy [][]int32, isSource []bool) *backwards {
	n := len(servedBy)
	b := &backwards{servedBy: servedBy, isSource: isSource, hops: make([]int32, n), ways: make([]float64, n), carried: make([]float64, n),
		order: make([]int32, 0, n)}
	for v := range b.hops {
		b.hops[v] = -1
	}
	return b
}

// add adds what runs through every node on the way to one target to sums and gives the number of sources that reach it.
func (b *backwards) add(target int32, sums []float64) (pairs int64) {
	b.find(target)
	hops, carried := b.hops, b.carried
	end := int32(len(b.next))
	for i := len(b.order) - 1; i > 0; i-- {
		v := b.order[i]
		var sum float64
		for _, p := range b.next[b.nextFrom[i]:end] {
			sum += carried[p]
		}
		end = b.nextFrom[i]
		if further := int(hops[v] + 1); further < len(b.shrunk) {
			sum *= b.shrunk[further]
		}
		sums[v] += sum * b.ways[v]
		if b.isSource[v] {
			sum += 1 / b.ways[v]
			pairs++
		}
		carried[v] = sum
	}
	for _, v := range b.order {
		hops[v] = -1
	}
	return pairs
}

// find measures the distance of every node to the target and counts the shortest chains.
func (b *backwards) find(target int32) {
	hops, ways := b.hops, b.ways
	hops[target], ways[target] = 0, 1
	b.order, b.shrunk = append(b.order[:0], target), b.shrunk[:0]
	b.next, b.nextFrom = b.next[:0], b.nextFrom[:0]
	for from, end := 0, 1; from < end; from, end = end, len(b.order) {
		b.shrink(b.order[from:end])
		for _, v := range b.order[from:end] {
			further, w := hops[v]+1, ways[v]
			b.nextFrom = append(b.nextFrom, int32(len(b.next)))
			for _, p := range b.servedBy[v] {
				switch hops[p] {
				case -1:
					hops[p], ways[p] = further, w
					b.order, b.next = append(b.order, p), append(b.next, p)
				case further:
					ways[p] += w
					b.next = append(b.next, p)
				}
			}
		}
	}
}

// shrink keeps the number of ways within what a float64 holds: only the ratios between neighbours count.
func (b *backwards) shrink(level []int32) {
	const large, small = 1e150, 1e-300
	factor := 1.0
	for _, v := range level {
		if b.ways[v] > large {
			factor = 1 / large
		}
	}
	if factor < 1 {
		for _, v := range level {
			b.ways[v] = max(b.ways[v]*factor, small)
		}
	}
	b.shrunk = append(b.shrunk, factor)
}
