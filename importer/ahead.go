package importer

import (
	"iter"
	"maps"
	"runtime"
	"slices"
	"sync"

	"example.com/whoserves/graph"
)

// ahead reads the links of long delimited text beside its reader, on several processors. It cuts the text into stretches, and each is read
// as if nothing of the rows above it mattered. When the reader comes to the first row of a stretch, it takes its links over if that was
// right: a row begins there, and every row gave a link and nothing else, neither a word to tell nor a question about the rows above. Else the
// reader reads the stretch itself. So what is read and what is told is what one reader reads and tells.
//
// What others remember of cells, such as words whose meaning was told, holds for the reader too, as it tells the same when it reads the
// same rows. Where it does not, since no row began where they thought or they needed to know more, all is thrown away and begins anew. It
// is given up when that, or a stretch that was not taken over, comes too often. Beside the records of the reader there are those of at most
// 16 stretches.
type ahead struct {
	links   *records[graph.LinkRecord]
	size    int // of a stretch, in bytes
	readers int
	most    int // stretches that wait to be taken over
	next    int // where the next stretch begins, or before the start, the byte from which on it starts
	waiting []*stretch
	todo    chan *stretch // nil: not started
	working sync.WaitGroup
	luck    int // what was won, less what was in vain: nothing is read ahead when there is none left
}

// stretch is a part of a text between two line ends.
type stretch struct {
	from, to int
	done     chan struct{} // closed when it was read

	plain bool // its links are all that it gives
	lost  bool // more had to be known, so what its reader remembers may be wrong
	links []*graph.LinkRecord
	rows  int
	last  []byte // the last text in the first column
}

const (
	aheadSize    = 256 << 10 // bytes of a stretch
	aheadReaders = 8         // at most
	aheadRow     = 1 << 30   // behind the number of every row: those of a stretch are not known when it is read
)

// readLinks reads the rows of a table of links.
func readLinks(links *records[graph.LinkRecord]) error {
	a := newAhead(links)
	if a == nil {
		return links.eachRow(links.take, nil)
	}
	defer a.stop()
	return links.eachRow(links.take, a.skip)
}

// newAhead gives nil where there is little to read, or where rows give more than their links, which must be gathered in order.
func newAhead(links *records[graph.LinkRecord]) *ahead {
	a := &ahead{links: links, size: links.options.ahead, readers: min(runtime.GOMAXPROCS(0), aheadReaders)}
	if a.size == 0 {
		a.size = aheadSize
	}
	a.most, a.next, a.luck = 2*a.readers, a.size, 4*a.readers
	gathers := links.answers != nil || links.relation != nil || links.ends != nil && links.ends.what != ""
	if a.size < 0 || len(links.sheet.text.text) < 4*a.size || gathers || a.readers == 1 {
		return nil
	}
	return a
}

// skip takes over the links of the stretch that begins with the present row, and gives the rows behind it; nil where there is none to take.
func (a *ahead) skip(seen *rowsSeen) iter.Seq[*row] {
	at := a.links.row.at
	if a.todo == nil {
		if at >= a.next && a.luck > 0 && seen.data && (a.links.ends == nil || a.links.ends.firstRow != 0) {
			a.start(at)
		}
		return nil
	}
	if len(a.waiting) == 0 || at < a.waiting[0].from {
		return nil
	}
	s := a.waiting[0]
	<-s.done
	switch {
	case at > s.from || s.lost:
		a.stop()
		a.next = s.to
		a.luck -= a.most
	case !s.plain:
		a.waiting = a.waiting[1:]
		if a.luck--; a.luck <= 0 {
			a.stop()
		} else {
			a.order()
		}
	default:
		return a.takeOver(s)
	}
	return nil
}

// start lets others read what is behind the stretch that begins with the present row.
func (a *ahead) start(at int) {
	a.todo, a.next = make(chan *stretch, a.most), a.links.sheet.text.line(at+a.size)
	for range a.readers {
		t, todo := a.links.aside(), a.todo
		a.working.Go(func() {
			links := newLinks(t)
			for s := range todo {
				s.read(links)
			}
		})
	}
	a.order()
}

// order has as many stretches read as may wait.
func (a *ahead) order() {
	text := a.links.sheet.text
	for len(a.waiting) < a.most && a.next < len(text.text) {
		s := &stretch{from: a.next, to: text.line(a.next + a.size), done: make(chan struct{})}
		a.next, a.waiting = s.to, append(a.waiting, s)
		a.todo <- s
	}
}

// takeOver takes a stretch as read, and gives the rows behind it.
func (a *ahead) takeOver(s *stretch) iter.Seq[*row] {
	t, before := a.links.tableReader, a.links.row.number-1
	for _, l := range s.links {
		l.From.Row += before - aheadRow
	}
	a.links.all = append(a.links.all, s.links...)
	t.result.Rows += len(s.links)
	t.reading.Rows += len(s.links)
	t.above.last = append(t.above.last[:0], s.last...)
	a.waiting = a.waiting[1:]
	a.luck++
	a.order()
	return t.sheet.text.rows(s.to, before+s.rows)
}

// stop waits until nobody reads any more, and forgets what was read.
func (a *ahead) stop() {
	if a.todo == nil {
		return
	}
	close(a.todo)
	for range a.todo { // what nobody has begun
	}
	a.working.Wait()
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
		is.numbers, is.lists, is.words = map[string]graph.Number{}, map[string][]string{}, maps.Clone(c.words)
		w.columns[i], same[c] = &is, &is
	}
	for is := range t.told {
		w.told[toldOf{same[is.column], is.format}] = true
	}
	w.above = above{column: same[t.above.column]}
	return &w
}

// read reads the stretch, up to the first row that is not plain.
func (s *stretch) read(links *records[graph.LinkRecord]) {
	t, ended := links.tableReader, false
	defer close(s.done)
	defer func() {
		if s.lost = t.unsure || !ended; s.lost {
			_ = recover() // it happens again where it is dealt with: the reader reads the stretch itself
		}
	}()
	t.problems, t.reading, t.unsure = problemList{}, &Reading{}, false
	links.all = make([]*graph.LinkRecord, 0, min((s.to-s.from)/64, 1<<14))
	seen, end := rowsSeen{data: true}, len(t.sheet.text.text)
	for t.row = range t.sheet.text.rows(s.from, aheadRow) {
		if t.row.at >= s.to {
			end = t.row.at
			break
		}
		if t.isData(&seen) {
			links.take()
		}
		s.rows++
		if s.rows != len(links.all) || t.unsure || len(t.problems.list) > 0 || len(t.reading.Examples) > 0 || s.rows&1023 == 0 && t.ctx.Err() != nil {
			ended = true
			return
		}
	}
	s.links, s.last = links.all, slices.Clone(t.above.last)
	s.plain, ended = end == s.to, true
}
