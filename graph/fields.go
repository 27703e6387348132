package graph

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// field is one field of a record. The names are those of the files.
type field[R any] struct {
	name  string
	get   func(*R) string        // its value as text; "" where the record does not state it
	given func(*R) bool          // whether the record states it; costs no allocation
	set   func(*R, string) error // takes a value as text; "" takes it out. An error says what is allowed
	list  bool                   // several, with | between
	names Kind                   // of what its values name
	any   bool                   // its values name nodes of any kind
}

func textField[R any](name string, at func(*R) *string) field[R] {
	return field[R]{name: name, get: func(r *R) string { return *at(r) }, given: func(r *R) bool { return *at(r) != "" },
		set: func(r *R, v string) error { *at(r) = v; return nil }}
}

// dateField holds a date as 2026-11-02; sources may state it otherwise.
func dateField[R any](name string, at func(*R) *string) field[R] {
	f := textField(name, at)
	f.set = func(r *R, v string) error {
		if _, err := time.Parse(time.DateOnly, v); err != nil && v != "" {
			return fmt.Errorf("“%s” is no date: write it as 2026-11-02", v)
		}
		*at(r) = v
		return nil
	}
	return f
}

func figureField[R any](name string, allowed Range, at func(*R) *Number) field[R] {
	return field[R]{name: name, get: func(r *R) string { return at(r).String() }, given: func(r *R) bool { return at(r).IsGiven() },
		set: func(r *R, v string) (err error) { *at(r), err = allowed.read(v); return err }}
}

func wordField[R any, W interface {
	~uint8
	String() string
}](name string, parse func(string) (W, error), at func(*R) *W) field[R] {
	return field[R]{name: name, get: func(r *R) string { return (*at(r)).String() }, given: func(r *R) bool { return *at(r) != 0 },
		set: func(r *R, v string) (err error) { *at(r), err = parse(v); return err }}
}

func listField[R any](name string, at func(*R) *[]string) field[R] {
	return field[R]{name: name, list: true, get: func(r *R) string { return strings.Join(*at(r), "|") }, given: func(r *R) bool { return len(*at(r)) > 0 },
		set: func(r *R, v string) error { *at(r) = texts(v); return nil }}
}

// naming says that the values name units or nodes of a kind.
func (f field[R]) naming(kind Kind) field[R] {
	f.names = kind
	return f
}

// namingAny says that the values name nodes.
func (f field[R]) namingAny() field[R] {
	f.any = true
	return f
}

// texts cuts a list at |; blank and repeated texts are left out.
func texts(list string) (all []string) {
	for t := range strings.SplitSeq(list, "|") {
		if t = strings.TrimSpace(t); t != "" && !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	return all
}

// read reads a number of the range as people type it; "" gives one that is not given.
func (r Range) read(s string) (Number, error) {
	if s == "" {
		return Number{}, nil
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || strings.Trim(s, "+-.0123456789eE") != "" {
		return Number{}, fmt.Errorf("“%s” is no number: write digits, such as 12 or 12.5", s)
	}
	if wrong := r.Check(v); wrong != "" {
		return Number{}, fmt.Errorf("“%s”: it %s", s, wrong)
	}
	return Given(v), nil
}

var nodeFields = []field[NodeRecord]{
	textField("name", func(r *NodeRecord) *string { return &r.Name }),
	wordField("kind", ParseKind, func(r *NodeRecord) *Kind { return &r.Kind }),
	textField("unit", func(r *NodeRecord) *string { return &r.Unit }).naming(Unit),
	figureField("headcount", Amounts, func(r *NodeRecord) *Number { return &r.Headcount }),
	figureField("min_staff", Counts, func(r *NodeRecord) *Number { return &r.MinStaff }),
	figureField("capacity", Amounts, func(r *NodeRecord) *Number { return &r.Capacity }),
	figureField("recovery_hours", Amounts, func(r *NodeRecord) *Number { return &r.RecoveryHours }),
	figureField("failures_per_year", Amounts, func(r *NodeRecord) *Number { return &r.FailuresPerYear }),
	figureField("value", Money, func(r *NodeRecord) *Number { return &r.Value }),
	wordField("segment", ParseSegment, func(r *NodeRecord) *Segment { return &r.Segment }),
	wordField("can_fail", ParseAnswer, func(r *NodeRecord) *Answer { return &r.CanFail }),
	textField("contact", func(r *NodeRecord) *string { return &r.Contact }),
	listField("site", func(r *NodeRecord) *[]string { return &r.Sites }).naming(Resource),
	listField("tags", func(r *NodeRecord) *[]string { return &r.Tags }),
	listField("aliases", func(r *NodeRecord) *[]string { return &r.Aliases }),
	listField("team", func(r *NodeRecord) *[]string { return &r.Teams }).namingAny(),
	textField("manager", func(r *NodeRecord) *string { return &r.Manager }).namingAny(),
	textField("role", func(r *NodeRecord) *string { return &r.Role }),
}

var linkFields = []field[LinkRecord]{
	textField("service", func(r *LinkRecord) *string { return &r.Service }),
	wordField("criticality", ParseCriticality, func(r *LinkRecord) *Criticality { return &r.Criticality }),
	figureField("min_providers", Providers, func(r *LinkRecord) *Number { return &r.MinProviders }),
	figureField("tolerance_hours", Amounts, func(r *LinkRecord) *Number { return &r.Tolerance }),
	figureField("volume", Amounts, func(r *LinkRecord) *Number { return &r.Volume }),
	figureField("lead_time_hours", Amounts, func(r *LinkRecord) *Number { return &r.LeadTime }),
	figureField("satisfaction", Ratings, func(r *LinkRecord) *Number { return &r.Satisfaction }),
	textField("agreement", func(r *LinkRecord) *string { return &r.Agreement }),
	textField("channel", func(r *LinkRecord) *string { return &r.Channel }),
	textField("feedback", func(r *LinkRecord) *string { return &r.Feedback }),
	figureField("response_hours", Amounts, func(r *LinkRecord) *Number { return &r.ResponseHours }),
	textField("declared_by", func(r *LinkRecord) *string { return &r.DeclaredBy }),
	dateField("confirmed_on", func(r *LinkRecord) *string { return &r.ConfirmedOn }),
	figureField("cost", Money, func(r *LinkRecord) *Number { return &r.Cost }),
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

// Fields lists the native fields of which the record states something else than before, in the order of the files, without keys.
func (c NodeChange) Fields() []FieldChange { return fieldsChanged(c.Source, c.Old, c.New, nodeFields) }

// Fields lists the native fields of which the record states something else than before, in the order of the files, without keys.
func (c LinkChange) Fields() []FieldChange { return fieldsChanged(c.Source, c.Old, c.New, linkFields) }

func fieldsChanged[R any](source string, old, new *R, fields []field[R]) (changed []FieldChange) {
	value := func(r *R, f field[R]) string {
		if r == nil {
			return ""
		}
		return f.get(r)
	}
	for _, f := range fields {
		if was, is := value(old, f), value(new, f); was != is {
			changed = append(changed, FieldChange{Field: f.name, Old: was, New: is, Source: source})
		}
	}
	return changed
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
