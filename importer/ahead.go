package importer

import (
	"iter"
	"maps"
	"runtime"
	"slices"
	"sync"

	"example.com/whoserves/graph"
)

// ahead reads the links of long delimited text beside its reader, on all processors. It cuts the text into blocks, and each is read as if
// nothing of the rows above it mattered. When the reader comes to the first row of a block, it takes its links over if that was right: a row
// begins there, and nothing had to be told of any row of the block or asked of those above, so that its links are all that it gives. Else the
// reader goes on by itself, and ahead begins anew behind the block. So what is read and what is told is what one reader reads and tells.
//
// It holds a few blocks of records more than a single reader.
type ahead struct {
	links   *records[graph.LinkRecord]
	size    int // of a block, in bytes
	most    int // blocks that wait to be taken over
	next    int // where the next block begins, or before the start, the byte from which on it starts
	waiting []*block
	todo    chan *block // nil: not started
	workers sync.WaitGroup
	luck    int // blocks that were taken over, less those that were not
}

// block is a part of a text between two line ends.
type block struct {
	from, to int
	done     chan struct{} // closed when it was read

	plain bool // its links are all that it gives
	links []*graph.LinkRecord
	rows  int
	last  []byte // the last text in the first column
}

const (
	aheadBlock = 256 << 10 // bytes
	aheadRow   = 1 << 30   // behind the number of every row: those of a block are not known when it is read
)

// readLinks reads the rows of a table of links.
func readLinks(links *records[graph.LinkRecord]) error {
	a := newAhead(links)
	if a == nil {
		return links.eachRow(links.take, oneByOne)
	}
	defer a.stop()
	return links.eachRow(links.take, a.skip)
}

// newAhead gives nil where there is little to read, or where rows give more than their links, which must be gathered in order.
func newAhead(links *records[graph.LinkRecord]) *ahead {
	a := &ahead{links: links, size: links.options.ahead, most: 2 * runtime.GOMAXPROCS(0)}
	if a.size == 0 {
		a.size = aheadBlock
	}
	a.next = a.size
	gathers := links.answers != nil || links.relation != nil || links.ends != nil && links.ends.what != ""
	if a.size < 0 || len(links.sheet.text.text) < 4*a.size || gathers || runtime.GOMAXPROCS(0) == 1 {
		return nil
	}
	return a
}

// skip takes over the links of the block that begins with the present row, and gives the rows behind it; nil where there is no such block.
func (a *ahead) skip(seen *rowsSeen) iter.Seq[*row] {
	at := a.links.row.at
	if a.todo == nil {
		if at >= a.next && a.luck > -a.most && seen.data && (a.links.ends == nil || a.links.ends.firstRow != 0) {
			a.start(at)
		}
		return nil
	}
	if len(a.waiting) == 0 || at < a.waiting[0].from {
		return nil
	}
	b := a.waiting[0]
	if <-b.done; at > b.from || !b.plain {
		a.stop()
		a.next = b.to
		a.luck--
		return nil
	}
	return a.takeOver(b)
}

// start lets others read what is behind the block that begins with the present row.
func (a *ahead) start(at int) {
	a.todo, a.next = make(chan *block, a.most), a.links.sheet.text.line(at+a.size)
	for range runtime.GOMAXPROCS(0) {
		t := a.links.aside()
		a.workers.Go(func() {
			links := newLinks(t)
			for b := range a.todo {
				b.read(links)
			}
		})
	}
	a.order()
}

// order has as many blocks read as may wait.
func (a *ahead) order() {
	text := a.links.sheet.text
	for len(a.waiting) < a.most && a.next < len(text.text) {
		b := &block{from: a.next, to: text.line(a.next + a.size), done: make(chan struct{})}
		a.next, a.waiting = b.to, append(a.waiting, b)
		a.todo <- b
	}
}

// takeOver takes a block as read, and gives the rows behind it.
func (a *ahead) takeOver(b *block) iter.Seq[*row] {
	t, before := a.links.tableReader, a.links.row.number-1
	for _, l := range b.links {
		l.From.Row += before - aheadRow
	}
	a.links.all = append(a.links.all, b.links...)
	t.result.Rows += len(b.links)
	t.reading.Rows += len(b.links)
	t.above.last = append(t.above.last[:0], b.last...)
	a.waiting = a.waiting[1:]
	a.luck++
	a.order()
	return t.sheet.text.rows(b.to, before+b.rows)
}

// stop waits until nobody reads any more, and forgets what was read.
func (a *ahead) stop() {
	if a.todo == nil {
		return
	}
	close(a.todo)
	for range a.todo { // what nobody has begun
	}
	a.workers.Wait()
	a.todo, a.waiting = nil, nil
}

// aside gives a reader of the same table that knows what t knows and shares nothing with it that changes. Of the rows above its own it knows
// nothing, and notes when that matters.
func (t *tableReader) aside() *tableReader {
	w := *t
	w.reader = &reader{ctx: t.ctx, options: t.options, result: &Result{}}
	w.isAside, w.ends, w.attrs = true, nil, nil
	w.shown, w.told = slices.Clone(t.shown), map[toldOf]bool{}
	w.columns = make([]*cells, len(t.columns))
	same := map[*cells]*cells{nil: nil}
	for i, c := range t.columns {
		is := *c
		is.numbers, is.lists, is.words = maps.Clone(c.numbers), maps.Clone(c.lists), maps.Clone(c.words)
		w.columns[i], same[c] = &is, &is
	}
	for is := range t.told {
		w.told[toldOf{same[is.column], is.format}] = true
	}
	w.above = above{column: same[t.above.column]}
	return &w
}

// read reads the block, up to the first row that is not plain.
func (b *block) read(links *records[graph.LinkRecord]) {
	defer close(b.done)
	defer func() { _ = recover() }() // it happens again where it is dealt with: the reader reads the block itself
	t := links.tableReader
	t.problems, t.reading, t.unsure = problemList{}, &Reading{}, false
	links.all = make([]*graph.LinkRecord, 0, (b.to-b.from)/64)
	seen := rowsSeen{data: true}
	end := len(t.sheet.text.text)
	for t.row = range t.sheet.text.rows(b.from, aheadRow) {
		if end = t.row.at; end >= b.to {
			break
		}
		end = len(t.sheet.text.text)
		if t.isData(&seen) {
			links.take()
		}
		if b.rows++; t.unsure || len(t.problems.list) > 0 || len(t.reading.Examples) > 0 || b.rows&1023 == 0 && t.ctx.Err() != nil {
			return
		}
	}
	b.links, b.last = links.all, slices.Clone(t.above.last)
	b.plain = end == b.to && b.rows == len(b.links)
}
