package viewer

import (
	"cmp"
	"encoding/csv"
	"io"
	"math"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/formula"
	"example.com/whoserves/graph/phrase"
)

// table is rows of facts under a heading.
type table struct {
	ID      string
	Label   string // names the table where it has no heading of its own
	Labelby string // id of the heading that names it
	Caption text
	Class   string // "grid" for hours by customer
	Columns []column
	Rows    []row
	CSV     string // where the same table is as CSV
	Pages   *pager
	Empty   string // said when there are no rows
}

type column struct {
	Head  string
	Name  string // in CSV, where Head would not do
	Right bool
	Key   string // to sort by; "" where one cannot
	Down  bool   // the first click sorts the largest first
	Href  string
	Sort  string // ascending, descending, or ""
}

type row struct {
	Cells []cell
	Why   text // a second line under the row, over its whole width
}

type cell struct {
	Text   text
	Small  text // a second, smaller line
	Gauge  *gauge
	Class  string
	Head   bool // it names the row
	Detail text // behind Text, opened on demand
	Raw    string
	Post   *post
}

// CSV gives the cell as a spreadsheet wants it.
func (c cell) csv() string {
	s := c.Raw
	if s == "" {
		s = c.Text.String()
		if len(c.Small) > 0 && s == "" {
			s = c.Small.String()
		}
	}
	return s
}

// gauge is a bar beside its number.
type gauge struct {
	Share float64 // 0 to 1
	Amber bool
}

// Width is that of the filled part, in pixels of 78.
func (g *gauge) Width() float64 { return math.Round(78 * min(max(g.Share, 0), 1)) }

// perPage is how many rows of a table stand on one page.
const perPage = 100

// pager leads to the other rows.
type pager struct {
	First, Last, Of int
	What            string
	Before, After   string
}

// tableOf makes a table out of entries of any type: sorted as the query wants, cut to one page, each turned into a row.
type tableOf[T any] struct {
	id, label, labelby, class, empty string
	what                             [2]string // singular and plural of an entry
	caption                          text
	columns                          []columnOf[T]
	entries                          []T
	why                              func(T) text
	sort                             string // by default: the key of a column, "-" before it for the largest first
	fixed                            bool   // the order says something: it cannot be changed
	most                             int    // rows shown; 0: all, on several pages
	all                              string // where all rows are, when not all are shown
}

type columnOf[T any] struct {
	head, name string
	right      bool
	key        string
	down       bool // the first click sorts the largest first
	// What it is sorted by: a number that may be unknown (those come last, whichever way), or words.
	number func(T) (float64, bool)
	words  func(T) string
	cell   func(T) cell
}

func (c columnOf[T]) sorts(key string) bool {
	return c.key != "" && c.key == strings.TrimPrefix(key, "-") && (c.number != nil || c.words != nil)
}

// order compares two entries by the column, for sorting down or up.
func (c columnOf[T]) order(a, b T, down bool) int {
	sign := 1
	if down {
		sign = -1
	}
	if c.words != nil {
		return sign * cmp.Compare(graph.Fold(c.words(a)), graph.Fold(c.words(b)))
	}
	x, xOK := c.number(a)
	y, yOK := c.number(b)
	switch {
	case xOK && yOK:
		return sign * cmp.Compare(x, y)
	case xOK:
		return -1
	case yOK:
		return 1
	}
	return 0
}

// build makes the table for a request and registers it with the page, so that it can be had as CSV.
func (d tableOf[T]) build(p *page, r *request) *table {
	key := r.sort
	if d.fixed || !d.sortable(key) {
		key = d.sort
	}
	entries := d.sorted(key)
	t := &table{ID: d.id, Label: d.label, Labelby: d.labelby, Class: d.class, Empty: d.empty, Caption: d.caption}
	if len(entries) > 0 {
		t.CSV = r.with("csv", d.id)
	}
	for _, c := range d.columns {
		t.Columns = append(t.Columns, d.heading(c, key, r))
	}
	first, last := 0, len(entries)
	switch {
	case r.csv != "":
	case d.most > 0 && len(entries) > d.most:
		last = d.most
		t.Caption = append(say("The first ", last, " of ", link(phrase.Plural(len(entries), d.what[0], d.what[1]), d.all), ". "), d.caption...)
	default:
		first, last, t.Pages = r.pageOf(d.id, len(entries), d.what[1])
	}
	for _, e := range entries[first:last] {
		if r.ctx.Err() != nil {
			break // the answer will be that it took too long
		}
		line := row{}
		for _, c := range d.columns {
			x := c.cell(e)
			if c.right {
				x.Class = strings.TrimSpace("r " + x.Class)
			}
			line.Cells = append(line.Cells, x)
		}
		if d.why != nil {
			line.Why = d.why(e)
		}
		t.Rows = append(t.Rows, line)
	}
	p.tables[d.id] = t
	return t
}

func (d tableOf[T]) sortable(key string) bool {
	return slices.ContainsFunc(d.columns, func(c columnOf[T]) bool { return c.sorts(key) })
}

func (d tableOf[T]) sorted(key string) []T {
	entries := slices.Clone(d.entries)
	for _, c := range d.columns {
		if c.sorts(key) {
			slices.SortStableFunc(entries, func(a, b T) int { return c.order(a, b, strings.HasPrefix(key, "-")) })
		}
	}
	return entries
}

// heading makes a column's heading: a link that sorts by it, and turns the order round when it already is.
func (d tableOf[T]) heading(c columnOf[T], key string, r *request) column {
	h := column{Head: c.head, Name: cmp.Or(c.name, c.head), Right: c.right, Key: c.key, Down: c.down}
	if d.fixed || !c.sorts(c.key) || len(d.entries) < 2 {
		return h
	}
	next := c.key
	if c.down {
		next = "-" + c.key
	}
	switch key {
	case c.key:
		h.Sort, next = "ascending", "-"+c.key
	case "-" + c.key:
		h.Sort, next = "descending", c.key
	}
	h.Href = r.with("sort", next) + "#" + d.id
	return h
}

// writeCSV writes the table for a spreadsheet. Text that it would take for a formula gets an apostrophe before it, headings too: some
// are names of customers.
func (t *table) writeCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	var line []string
	for _, c := range t.Columns {
		line = append(line, formula.Cell(c.Name))
	}
	if t.why() {
		line = append(line, "Why")
	}
	if err := out.Write(line); err != nil {
		return err
	}
	for _, row := range t.Rows {
		line = line[:0]
		for _, c := range row.Cells {
			line = append(line, formula.Cell(strings.TrimSpace(c.csv())))
		}
		if t.why() {
			line = append(line, formula.Cell(row.Why.String()))
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// why says that rows have a second line.
func (t *table) why() bool {
	return slices.ContainsFunc(t.Rows, func(r row) bool { return len(r.Why) > 0 })
}

// known makes a number to sort by out of one that is always there.
func known[T any](f func(T) int) func(T) (float64, bool) {
	return func(x T) (float64, bool) { return float64(f(x)), true }
}

// finite makes a number to sort by out of hours, where never is not known.
func finite(h float64) (float64, bool) { return h, !math.IsInf(h, 0) && !math.IsNaN(h) }
