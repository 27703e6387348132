package graph

import (
	"slices"
	"strconv"
	"strings"
)

// field is one field of a record, for lists of differences and changes. The names are those of the files.
type field[R any] struct {
	name  string
	get   func(*R) string // its value as text; "" where the record does not state it
	given func(*R) bool   // whether the record states it; costs no allocation
}

func textField[R any](name string, get func(*R) string) field[R] {
	return field[R]{name, get, func(r *R) bool { return get(r) != "" }}
}

func figureField[R any](name string, get func(*R) Number) field[R] {
	return field[R]{name, func(r *R) string { return get(r).String() }, func(r *R) bool { return get(r).IsGiven() }}
}

func listField[R any](name string, get func(*R) []string) field[R] {
	return field[R]{name, func(r *R) string { return strings.Join(get(r), "|") }, func(r *R) bool { return len(get(r)) > 0 }}
}

var nodeFields = []field[NodeRecord]{
	textField("name", func(r *NodeRecord) string { return r.Name }),
	textField("kind", func(r *NodeRecord) string { return r.Kind.String() }),
	textField("unit", func(r *NodeRecord) string { return r.Unit }),
	figureField("headcount", func(r *NodeRecord) Number { return r.Headcount }),
	figureField("min_staff", func(r *NodeRecord) Number { return r.MinStaff }),
	figureField("capacity", func(r *NodeRecord) Number { return r.Capacity }),
	figureField("recovery_hours", func(r *NodeRecord) Number { return r.RecoveryHours }),
	figureField("failures_per_year", func(r *NodeRecord) Number { return r.FailuresPerYear }),
	figureField("value", func(r *NodeRecord) Number { return r.Value }),
	textField("segment", func(r *NodeRecord) string { return r.Segment.String() }),
	textField("can_fail", func(r *NodeRecord) string { return r.CanFail.String() }),
	textField("contact", func(r *NodeRecord) string { return r.Contact }),
	listField("site", func(r *NodeRecord) []string { return r.Sites }),
	listField("tags", func(r *NodeRecord) []string { return r.Tags }),
	listField("aliases", func(r *NodeRecord) []string { return r.Aliases }),
	listField("team", func(r *NodeRecord) []string { return r.Teams }),
	textField("manager", func(r *NodeRecord) string { return r.Manager }),
	textField("role", func(r *NodeRecord) string { return r.Role }),
}

var linkFields = []field[LinkRecord]{
	textField("service", func(r *LinkRecord) string { return r.Service }),
	textField("criticality", func(r *LinkRecord) string { return r.Criticality.String() }),
	figureField("min_providers", func(r *LinkRecord) Number { return r.MinProviders }),
	figureField("tolerance_hours", func(r *LinkRecord) Number { return r.Tolerance }),
	figureField("volume", func(r *LinkRecord) Number { return r.Volume }),
	figureField("lead_time_hours", func(r *LinkRecord) Number { return r.LeadTime }),
	figureField("satisfaction", func(r *LinkRecord) Number { return r.Satisfaction }),
	textField("agreement", func(r *LinkRecord) string { return r.Agreement }),
	textField("channel", func(r *LinkRecord) string { return r.Channel }),
	textField("feedback", func(r *LinkRecord) string { return r.Feedback }),
	figureField("response_hours", func(r *LinkRecord) Number { return r.ResponseHours }),
	textField("declared_by", func(r *LinkRecord) string { return r.DeclaredBy }),
	textField("confirmed_on", func(r *LinkRecord) string { return r.ConfirmedOn }),
	figureField("cost", func(r *LinkRecord) Number { return r.Cost }),
}

// fact is one field that a row states.
type fact struct{ field, value string }

func (r *NodeRecord) facts() []fact { return factsOf(r, nodeFields, r.Attrs) }
func (r *LinkRecord) facts() []fact { return factsOf(r, linkFields, r.Attrs) }

// factsOf lists what a record states, in the order of the fields, unknown columns last.
func factsOf[R any](r *R, fields []field[R], attrs []Attr) []fact {
	var fs []fact
	for _, f := range fields {
		if v := f.get(r); v != "" {
			fs = append(fs, fact{f.name, v})
		}
	}
	for _, a := range attrs {
		fs = append(fs, fact{a.Name, a.Value})
	}
	return fs
}

// count counts the facts of a record: that it is there, each field that it states, each unknown column.
func (r *NodeRecord) count() int { return countFacts(r, nodeFields, r.Attrs) }
func (r *LinkRecord) count() int { return countFacts(r, linkFields, r.Attrs) }

func countFacts[R any](r *R, fields []field[R], attrs []Attr) int {
	n := 1 + len(attrs)
	for i := range fields {
		if fields[i].given(r) {
			n++
		}
	}
	return n
}

// lost counts the facts that go with a change.
func (c NodeChange) lost() int {
	return lostFacts(c.Old, c.New, nodeFields, func(r *NodeRecord) []Attr { return r.Attrs })
}

// lost counts the facts that go with a change.
func (c LinkChange) lost() int {
	return lostFacts(c.Old, c.New, linkFields, func(r *LinkRecord) []Attr { return r.Attrs })
}

// lostFacts counts all facts of a record that goes (new nil), and the fields of a changed one that were stated before and are
// blank now. A record that is new (old nil) loses none.
func lostFacts[R any](old, new *R, fields []field[R], attrs func(*R) []Attr) int {
	if old == nil {
		return 0
	}
	if new == nil {
		return countFacts(old, fields, attrs(old))
	}
	n := countGone(attrs(old), attrs(new))
	for i := range fields {
		if fields[i].given(old) && !fields[i].given(new) {
			n++
		}
	}
	return n
}

// countGone counts the unknown columns of old that new does not have.
func countGone(old, new []Attr) int {
	n := 0
	for i := range old {
		if !slices.ContainsFunc(new, func(a Attr) bool { return a.Name == old[i].Name }) {
			n++
		}
	}
	return n
}

// String writes the place for a message: "links.csv row 31".
func (o Origin) String() string {
	parts := []string{o.File}
	if o.Sheet != "" {
		parts = append(parts, "sheet "+o.Sheet)
	}
	if o.Row > 0 {
		parts = append(parts, "row "+strconv.Itoa(o.Row))
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}
