package analysis

import "math/bits"

// avalanche is a class whose failure takes very many others, and which very many take: through loops of alternates one
// failure may bring down most of an organisation, and so does nearly every other that gets as far as those loops. What
// goes down with one is a start for all of them, instead of following the whole fall again for each.
type avalanche struct {
	falls  []int32 // all that go down with it, itself too
	in     bitset  // the same
	setOff bitset  // classes that take it, itself too; those that were not found only cost time
}

// findAvalanche looks for one in a sample of the columns: that which saves most, by what goes down with it and by how many of
// the sample take it. Nil when none is worth it.
func findAvalanche(c *classes, columns []int32) *avalanche {
	sample := make([]int32, min(blockSize, len(columns)))
	for i := range sample {
		sample[i] = columns[i*len(columns)/len(sample)]
	}
	b := newBlock(c, nil)
	b.solve(sample)
	var falls counter
	b.touched.each(func(x int32) { falls.add(&b.rows[x]) })
	best, most := -1, 0
	for i, x := range sample {
		if saves := int(falls.of(i)) * (b.rows[x].count() - 1); saves > most {
			best, most = i, saves
		}
	}
	if most < c.n {
		return nil
	}
	a := &avalanche{in: newBitset(c.n)}
	b.touched.each(func(x int32) {
		if b.rows[x].has(best) {
			a.falls = append(a.falls, x)
			a.in.add(x)
		}
	})
	a.setOff = c.takersOf(sample[best], columns)
	return a
}

// takersOf finds the classes that take x, one by one: each is followed until it comes to one that is known to. The work
// is bounded, and what it is not enough for is left out.
func (c *classes) takersOf(x int32, columns []int32) bitset {
	takers := newBitset(c.n)
	providers := c.single.reverse()
	add := func(x int32) { // and those who take it through single links
		for open := []int32{x}; len(open) > 0; {
			x := open[len(open)-1]
			open = open[:len(open)-1]
			if !takers.has(x) {
				takers.add(x)
				open = append(open, providers.of(x)...)
			}
		}
	}
	add(x)
	f := &follower{c: c, seen: make([]int32, c.n), lost: make([]int32, len(c.multi)), mark: make([]int32, len(c.multi))}
	for f.work = 20 * (c.n + len(c.single.to) + len(c.served.to)); f.work > 0 && len(columns) > 0; columns = columns[1:] {
		if v := columns[0]; !takers.has(v) && f.reaches(v, takers) {
			add(v)
		}
	}
	return takers
}

// follower follows the failure of one class.
type follower struct {
	c          *classes
	run        int32
	seen       []int32 // by class: the last run that reached it
	lost, mark []int32 // by need: providers lost, and the run in which
	open       []int32
	work       int // steps left
}

// reaches says whether v takes one of the goals. When the work runs out it says no.
func (f *follower) reaches(v int32, goals bitset) bool {
	f.run++
	f.open = append(f.open[:0], v)
	f.seen[v] = f.run
	for len(f.open) > 0 && f.work > 0 {
		x := f.open[len(f.open)-1]
		f.open = f.open[:len(f.open)-1]
		if goals.has(x) {
			return true
		}
		f.work -= 1 + len(f.c.single.of(x)) + len(f.c.served.of(x))
		for _, y := range f.c.single.of(x) {
			f.reach(y)
		}
		for _, i := range f.c.served.of(x) {
			f.lose(i, x)
		}
	}
	return false
}

func (f *follower) reach(x int32) {
	if f.seen[x] != f.run {
		f.seen[x] = f.run
		f.open = append(f.open, x)
	}
}

// lose counts the providers of a need that are of class x as lost.
func (f *follower) lose(i, x int32) {
	need := &f.c.multi[i]
	if f.mark[i] != f.run {
		f.mark[i], f.lost[i] = f.run, 0
	}
	for _, p := range need.providers {
		if p == x {
			f.lost[i]++
		}
	}
	if f.lost[i] >= need.loss {
		f.reach(need.consumer)
	}
}

// letGo gives the failures that have set off the avalanche all that goes down with it. Within that nothing is left to be
// worked off, as it is a fixpoint; but all else that they take has to be looked at again.
func (b *block) letGo() {
	var down row
	for k, word := range b.touched {
		for word &= b.start.setOff[k]; word != 0; word &= word - 1 {
			down.unite(&b.rows[k*64+bits.TrailingZeros64(word)])
		}
	}
	if down.empty() {
		return
	}
	for k := range b.touched {
		b.changed[k] |= b.touched[k] &^ b.start.in[k]
		b.touched[k] |= b.start.in[k]
	}
	for _, x := range b.start.falls {
		b.rows[x].unite(&down)
	}
}
