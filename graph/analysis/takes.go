package analysis

import (
	"context"
	"math/bits"
	"sync/atomic"

	"example.com/whoserves/graph"
)

// pairLimit is how many (node, customer) pairs are listed unless all are asked for.
const pairLimit = 1_000_000

// takes says which customers each node alone takes out of work (or degrades at least). Nodes of one class take the same.
type takes struct {
	classes *classes
	count   []int32   // by class: how many customers
	first   []int32   // by class: the first customer, -1
	lists   [][]int32 // by class: the customers, sorted; nil when there are too many pairs
	pairs   int64     // (node, customer)
	byNode  []int32   // by customer: how many nodes take it; 0 for other nodes
}

func (t *takes) of(v int32) (customers []int32, count, first int32) {
	class := t.classes.of[v]
	if t.lists != nil {
		customers = t.lists[class]
	}
	return customers, t.count[class], t.first[class]
}

// takesOf answers for all nodes that can fail at once. Also, when it is not nil, more() gives each worker something else to
// do with every solved block. O(columns / 512 · links · rounds), rounds as many as the loops through alternates make necessary; memory
// 64 bytes per class and worker beside the answer.
func takesOf(ctx context.Context, net *network, worst graph.Criticality, all bool, more func(*classes) func() func(*block)) (*takes, error) {
	c := contract(net, worst)
	t := &takes{classes: c, count: make([]int32, c.n), first: make([]int32, c.n), byNode: make([]int32, len(c.of))}
	t.lists = make([][]int32, c.n)
	var pairs atomic.Int64
	byNode := make([]atomic.Int32, len(c.of))
	also := func() func(*block) { return func(*block) {} }
	if more != nil {
		also = more(c)
	}
	err := inBlocks(ctx, c, func() func(*block) {
		visit := also()
		var sums counter
		return func(b *block) {
			list := all || pairs.Load() <= pairLimit
			pairs.Add(t.visit(net, b, &sums, list, byNode))
			visit(b)
		}
	})
	t.pairs = pairs.Load()
	if t.pairs > pairLimit && !all {
		t.lists = nil
	}
	for _, c := range net.snap.Customers {
		t.byNode[c] = byNode[c].Load()
	}
	return t, err
}

// visit takes the customers' rows of one block and gives the number of pairs in it.
func (t *takes) visit(net *network, b *block, sums *counter, list bool, byNode []atomic.Int32) (pairs int64) {
	clear(sums.digits)
	var several, seen row // columns that stand for more than one node; columns that took a customer
	for i, x := range b.columns {
		t.first[x] = -1
		if len(t.classes.failing.of(x)) > 1 {
			several.add(i)
		}
	}
	for _, customer := range net.snap.Customers {
		class := t.classes.of[customer]
		if !b.touched.has(class) {
			continue
		}
		r := &b.rows[class]
		sums.add(r)
		var fresh, grouped row
		takers := 0
		for k := range r {
			fresh[k], grouped[k] = r[k]&^seen[k], r[k]&several[k]
			takers += bits.OnesCount64(r[k] &^ several[k])
			seen[k] |= r[k]
		}
		fresh.each(func(i int) { t.first[b.columns[i]] = customer })
		grouped.each(func(i int) { takers += len(t.classes.failing.of(b.columns[i])) })
		if list {
			r.each(func(i int) {
				x := b.columns[i]
				t.lists[x] = append(t.lists[x], customer)
			})
		}
		byNode[customer].Add(int32(takers))
		pairs += int64(takers)
	}
	for i, x := range b.columns {
		t.count[x] = sums.of(i)
	}
	return pairs
}
