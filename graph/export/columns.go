package export

import (
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// cell is what one cell holds: nil for nothing, a string, a graph.Number, or []string.
type cell any

// column is a native column of a table, with the way to its cells.
type column[R any] struct {
	name string
	get  func(*R) cell
}

func text[R any](name string, get func(*R) string) column[R] {
	return column[R]{name, func(r *R) cell {
		if s := get(r); s != "" {
			return s
		}
		return nil
	}}
}

func figure[R any](name string, get func(*R) graph.Number) column[R] {
	return column[R]{name, func(r *R) cell {
		if n := get(r); n.IsGiven() {
			return n
		}
		return nil
	}}
}

func list[R any](name string, get func(*R) []string) column[R] {
	return column[R]{name, func(r *R) cell {
		if l := get(r); len(l) > 0 {
			return l
		}
		return nil
	}}
}

type (
	node = graph.NodeRecord
	link = graph.LinkRecord
)

var (
	idColumn      = text("id", func(r *node) string { return r.ID })
	nameColumn    = text("name", func(r *node) string { return r.Name })
	contactColumn = text("contact", func(r *node) string { return r.Contact })
)

var nodeColumns = []column[node]{
	idColumn,
	nameColumn,
	text("kind", func(r *node) string { return r.Kind.String() }),
	text("unit", func(r *node) string { return r.Unit }),
	figure("headcount", func(r *node) graph.Number { return r.Headcount }),
	figure("min_staff", func(r *node) graph.Number { return r.MinStaff }),
	figure("capacity", func(r *node) graph.Number { return r.Capacity }),
	figure("recovery_hours", func(r *node) graph.Number { return r.RecoveryHours }),
	figure("failures_per_year", func(r *node) graph.Number { return r.FailuresPerYear }),
	figure("value", func(r *node) graph.Number { return r.Value }),
	text("segment", func(r *node) string { return r.Segment.String() }),
	text("can_fail", func(r *node) string { return r.CanFail.String() }),
	contactColumn,
	list("site", func(r *node) []string { return r.Sites }),
	list("tags", func(r *node) []string { return r.Tags }),
	list("aliases", func(r *node) []string { return r.Aliases }),
}

var unitColumns = []column[node]{
	idColumn,
	nameColumn,
	text("parent", func(r *node) string { return r.Unit }),
}

var peopleColumns = []column[node]{
	idColumn,
	nameColumn,
	list("team", func(r *node) []string { return r.Teams }),
	text("manager", func(r *node) string { return r.Manager }),
	text("role", func(r *node) string { return r.Role }),
	contactColumn,
}

var linkColumns = []column[link]{
	text("provider", func(r *link) string { return r.Provider }),
	text("consumer", func(r *link) string { return r.Consumer }),
	text("service", func(r *link) string { return r.Service }),
	text("criticality", func(r *link) string { return r.Criticality.String() }),
	figure("min_providers", func(r *link) graph.Number { return r.MinProviders }),
	figure("tolerance_hours", func(r *link) graph.Number { return r.Tolerance }),
	figure("volume", func(r *link) graph.Number { return r.Volume }),
	figure("lead_time_hours", func(r *link) graph.Number { return r.LeadTime }),
	figure("satisfaction", func(r *link) graph.Number { return r.Satisfaction }),
	text("agreement", func(r *link) string { return r.Agreement }),
	text("channel", func(r *link) string { return r.Channel }),
	text("feedback", func(r *link) string { return r.Feedback }),
	figure("response_hours", func(r *link) graph.Number { return r.ResponseHours }),
	text("declared_by", func(r *link) string { return r.DeclaredBy }),
	text("confirmed_on", func(r *link) string { return r.ConfirmedOn }),
	figure("cost", func(r *link) graph.Number { return r.Cost }),
}

// table is a native table, filled.
type table struct {
	name   string
	native int // how many of the columns are native; behind them are the attributes, by name
	header []string
	rows   [][]cell
}

// newTable fills a table. A native header gets a * behind where an attribute has that very name: headers fold, of two that are
// alike the first has the field, and the name of the other one is kept as it is.
func newTable[R any](name string, columns []column[R], records []*R, attrs func(*R) []graph.Attr) table {
	place := map[string]int{}
	var names []string
	for _, r := range records {
		for _, a := range attrs(r) {
			if _, known := place[a.Name]; !known && header(a.Name) != "" {
				place[a.Name] = 0
				names = append(names, a.Name)
			}
		}
	}
	slices.Sort(names)
	t := table{name: name, native: len(columns), header: make([]string, 0, len(columns)+len(names))}
	for _, c := range columns {
		h := c.name
		for _, taken := place[h]; taken; _, taken = place[h] {
			h += "*"
		}
		t.header = append(t.header, h)
	}
	for i, n := range names {
		place[n] = len(columns) + i
		t.header = append(t.header, header(n))
	}
	cells := make([]cell, len(records)*len(t.header))
	for _, r := range records {
		row := cells[:len(t.header):len(t.header)]
		cells = cells[len(t.header):]
		for i, c := range columns {
			row[i] = c.get(r)
		}
		for _, a := range attrs(r) {
			if i := place[a.Name]; i > 0 && a.Value != "" {
				row[i] = a.Value
			}
		}
		t.rows = append(t.rows, row)
	}
	return t
}

// header is the name of an attribute as a header can hold it: in one line.
func header(name string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(strings.ToValidUTF8(name, "\uFFFD"), "\x00", "")), " ")
}
