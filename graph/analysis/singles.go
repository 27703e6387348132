package analysis

import (
	"context"
	"math/bits"
	"runtime"
	"sync"
	"sync/atomic"
)

// blockSize is how many failures are worked out at once: a row of them is one cache line.
const blockSize = 512

// row is a set of failures of one block.
type row [blockSize / 64]uint64

func (r *row) has(i int) bool { return r[i/64]>>(i%64)&1 != 0 }
func (r *row) add(i int)      { r[i/64] |= 1 << (i % 64) }

// unite adds o to r and says whether that made a difference.
func (r *row) unite(o *row) bool {
	var changed uint64
	for k := range r {
		with := r[k] | o[k]
		changed |= with ^ r[k]
		r[k] = with
	}
	return changed != 0
}

func (r *row) empty() bool {
	var any uint64
	for k := range r {
		any |= r[k]
	}
	return any == 0
}

func (r *row) count() (n int) {
	for _, word := range r {
		n += bits.OnesCount64(word)
	}
	return n
}

// each calls f with every member of the set, in order.
func (r *row) each(f func(i int)) {
	for k, word := range r {
		for ; word != 0; word &= word - 1 {
			f(k*64 + bits.TrailingZeros64(word))
		}
	}
}

// block answers "who alone takes whom out" for some of the classes: column i stands for the failure of any one node of the
// class columns[i]. The rows are the least solution of
//
//	row(x) = {x itself} ∪ ⋃ over needs of x { failures that are in the rows of loss or more of its providers },
//
// which for failures of one node is the least fixpoint of states, for all of them at once. It is found by working off a
// list of changed classes in order of number, so that without loops every class is worked off once.
type block struct {
	c       *classes
	start   *avalanche // may be nil
	columns []int32
	rows    []row  // by class
	changed bitset // classes whose consumers have to be looked at
	touched bitset // classes whose row is not empty
}

func newBlock(c *classes, start *avalanche) *block {
	return &block{c: c, start: start, rows: make([]row, c.n), changed: newBitset(c.n), touched: newBitset(c.n)}
}

// solve fills the rows for these columns.
func (b *block) solve(columns []int32) {
	b.touched.each(func(x int32) { b.rows[x] = row{} })
	clear(b.touched)
	b.columns = columns
	for i, x := range columns {
		b.rows[x].add(i)
		b.mark(x)
	}
	if b.start != nil {
		b.settle(b.start.setOff)
		b.letGo()
	}
	b.settle(nil)
}

// settle works off the changed classes, but those to be left alone.
func (b *block) settle(leave bitset) {
	for more := true; more; {
		more = false
		for k := range b.changed {
			for b.changed[k] != 0 {
				x := int32(k*64 + bits.TrailingZeros64(b.changed[k]))
				b.changed[k] &= b.changed[k] - 1
				if leave == nil || !leave.has(x) {
					more = b.spread(x) || more
				}
			}
		}
	}
}

// spread brings the consumers of x up to date and says whether one before x has changed, which takes another round.
func (b *block) spread(x int32) (back bool) {
	for _, y := range b.c.single.of(x) {
		if b.rows[y].unite(&b.rows[x]) {
			b.mark(y)
			back = back || y < x
		}
	}
	for _, i := range b.c.served.of(x) {
		need := &b.c.multi[i]
		broken := breaks(need.loss, need.providers, b.rows)
		if b.rows[need.consumer].unite(&broken) {
			b.mark(need.consumer)
			back = back || need.consumer < x
		}
	}
	return back
}

func (b *block) mark(x int32) {
	b.changed.add(x)
	b.touched.add(x)
}

// breaks gives the failures that are in the rows of loss or more of the providers, loss at least 2. O(providers · log providers).
func breaks(loss int32, providers []int32, rows []row) (broken row) {
	switch {
	case int(loss) == len(providers):
		broken = rows[providers[0]]
		for _, p := range providers[1:] {
			var any uint64
			for k := range broken {
				broken[k] &= rows[p][k]
				any |= broken[k]
			}
			if any == 0 {
				break
			}
		}
	case loss == 2:
		var once row
		for _, p := range providers {
			for k := range broken {
				broken[k] |= once[k] & rows[p][k]
				once[k] |= rows[p][k]
			}
		}
	default:
		var sum counter
		for _, p := range providers {
			sum.add(&rows[p])
		}
		broken = sum.atLeast(uint(loss))
	}
	return broken
}

// counter counts for every column at once in how many rows it is: digit by digit, base 2.
type counter struct{ digits []row }

func (c *counter) add(r *row) {
	carry := *r
	for d := 0; ; d++ {
		if d == len(c.digits) {
			if carry.empty() {
				return
			}
			c.digits = append(c.digits, row{})
		}
		var any uint64
		digit := &c.digits[d]
		for k := range carry {
			digit[k], carry[k] = digit[k]^carry[k], digit[k]&carry[k]
			any |= carry[k]
		}
		if any == 0 {
			return
		}
	}
}

func (c *counter) atLeast(bound uint) (more row) {
	if bits.Len(bound) > len(c.digits) {
		return more
	}
	var same row
	for k := range same {
		same[k] = ^uint64(0)
	}
	for d := len(c.digits) - 1; d >= 0; d-- {
		for k := range same {
			digit := c.digits[d][k]
			if bound>>d&1 == 0 {
				more[k] |= same[k] & digit
				digit = ^digit
			}
			same[k] &= digit
		}
	}
	more.unite(&same)
	return more
}

func (c *counter) of(i int) (n int32) {
	for d := range c.digits {
		if c.digits[d].has(i) {
			n |= 1 << d
		}
	}
	return n
}

// bitset is a set of small numbers.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) add(x int32)      { b[x/64] |= 1 << (x % 64) }
func (b bitset) has(x int32) bool { return b[x/64]>>(x%64)&1 != 0 }

func (b bitset) each(f func(x int32)) {
	for k, word := range b {
		for ; word != 0; word &= word - 1 {
			f(int32(k*64 + bits.TrailingZeros64(word)))
		}
	}
}

// inBlocks solves all columns (classes that can fail), block by block on all processors. Each worker makes a visitor of its
// own, which is called with every block that the worker has solved.
func inBlocks(ctx context.Context, c *classes, visitor func() func(*block)) error {
	var columns []int32
	for x := int32(c.n) - 1; x >= 0; x-- { // consumers first: they are the quicker to follow
		if len(c.failing.of(x)) > 0 {
			columns = append(columns, x)
		}
	}
	blocks := (len(columns) + blockSize - 1) / blockSize
	var start *avalanche
	if blocks > 2 {
		start = findAvalanche(c, columns)
	}
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), blocks) {
		visit := visitor()
		workers.Go(func() {
			b := newBlock(c, start)
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= blocks {
					return
				}
				b.solve(columns[i*blockSize : min((i+1)*blockSize, len(columns))])
				visit(b)
			}
		})
	}
	workers.Wait()
	return ctx.Err()
}
