package graph

import (
	"strconv"
	"strings"
)

// field is one field of a record as text, for lists of differences and changes. The names are those of the files.
type field[R any] struct {
	name string
	get  func(*R) string
}

var nodeFields = []field[NodeRecord]{
	{"name", func(r *NodeRecord) string { return r.Name }},
	{"kind", func(r *NodeRecord) string { return r.Kind.String() }},
	{"unit", func(r *NodeRecord) string { return r.Unit }},
	{"headcount", func(r *NodeRecord) string { return r.Headcount.String() }},
	{"min_staff", func(r *NodeRecord) string { return r.MinStaff.String() }},
	{"capacity", func(r *NodeRecord) string { return r.Capacity.String() }},
	{"recovery_hours", func(r *NodeRecord) string { return r.RecoveryHours.String() }},
	{"failures_per_year", func(r *NodeRecord) string { return r.FailuresPerYear.String() }},
	{"value", func(r *NodeRecord) string { return r.Value.String() }},
	{"segment", func(r *NodeRecord) string { return r.Segment.String() }},
	{"can_fail", func(r *NodeRecord) string { return r.CanFail.String() }},
	{"contact", func(r *NodeRecord) string { return r.Contact }},
	{"site", func(r *NodeRecord) string { return strings.Join(r.Sites, "|") }},
	{"tags", func(r *NodeRecord) string { return strings.Join(r.Tags, "|") }},
	{"aliases", func(r *NodeRecord) string { return strings.Join(r.Aliases, "|") }},
	{"team", func(r *NodeRecord) string { return strings.Join(r.Teams, "|") }},
	{"manager", func(r *NodeRecord) string { return r.Manager }},
	{"role", func(r *NodeRecord) string { return r.Role }},
}

var linkFields = []field[LinkRecord]{
	{"service", func(r *LinkRecord) string { return r.Service }},
	{"criticality", func(r *LinkRecord) string { return r.Criticality.String() }},
	{"min_providers", func(r *LinkRecord) string { return r.MinProviders.String() }},
	{"tolerance_hours", func(r *LinkRecord) string { return r.Tolerance.String() }},
	{"volume", func(r *LinkRecord) string { return r.Volume.String() }},
	{"lead_time_hours", func(r *LinkRecord) string { return r.LeadTime.String() }},
	{"satisfaction", func(r *LinkRecord) string { return r.Satisfaction.String() }},
	{"agreement", func(r *LinkRecord) string { return r.Agreement }},
	{"channel", func(r *LinkRecord) string { return r.Channel }},
	{"feedback", func(r *LinkRecord) string { return r.Feedback }},
	{"response_hours", func(r *LinkRecord) string { return r.ResponseHours.String() }},
	{"declared_by", func(r *LinkRecord) string { return r.DeclaredBy }},
	{"confirmed_on", func(r *LinkRecord) string { return r.ConfirmedOn }},
	{"cost", func(r *LinkRecord) string { return r.Cost.String() }},
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
