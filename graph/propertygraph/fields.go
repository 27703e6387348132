package propertygraph

import (
	"slices"
	"strconv"
	"strings"

	"example.com/whoserves/graph"
)

// sort says how the value of a property is written and compared.
type sort uint8

const (
	own    sort = iota // ours alone: it must be just what we wrote
	text               // a text; whatever has the same text will do
	figure             // a number, whole or not
	word               // one of a few words
	list               // texts; the order does not count
	attr               // a column that we do not know
)

// rule says which of several statements about a field counts.
type rule uint8

const (
	first     rule = iota // the first; of lists, all that the first source gives
	union                 // all together
	strictest             // that of the corrections, else the strictest
	mean                  // that of the corrections, else the mean
)

// statement is a record and the source that states it.
type statement[R any] struct {
	source string
	record *R
}

// field is one field of a record. Its values are lists of texts in the one way of writing them: none when it is not stated, one
// but for lists. Figures are written as Number.String does, references as they stand in the record.
type field[R any] struct {
	name     string
	sort     sort
	rule     rule
	bounds   graph.Range                  // of figures
	parse    func(string) (string, error) // of words
	stricter func(a, b string) bool       // for the rule strictest
	refers   bool                         // values name nodes
	kind     graph.Kind                   // that are meant by references; NoKind any
	get      func(*R) []string
	set      func(*R, []string)
}

func textField[R any](name string, at func(*R) *string) field[R] {
	return field[R]{name: name, sort: text, get: func(r *R) []string { return scalar(*at(r)) }, set: func(r *R, v []string) { *at(r) = only(v) }}
}

func figureField[R any](name string, bounds graph.Range, at func(*R) *graph.Number) field[R] {
	return field[R]{name: name, sort: figure, bounds: bounds,
		get: func(r *R) []string { return scalar(at(r).String()) },
		set: func(r *R, v []string) { *at(r) = number(only(v)) }}
}

func wordField[R any, W interface {
	~uint8
	String() string
}](name string, parse func(string) (W, error), at func(*R) *W) field[R] {
	return field[R]{name: name, sort: word,
		parse: func(s string) (string, error) { w, err := parse(s); return w.String(), err },
		get:   func(r *R) []string { return scalar((*at(r)).String()) },
		set:   func(r *R, v []string) { *at(r), _ = parse(only(v)) }} // known, or "" for none
}

func listField[R any](name string, rule rule, at func(*R) *[]string) field[R] {
	return field[R]{name: name, sort: list, rule: rule, get: func(r *R) []string { return *at(r) },
		set: func(r *R, v []string) { *at(r) = slices.Clone(v) }}
}

func (f field[R]) meaning(kind graph.Kind) field[R] {
	f.refers, f.kind = true, kind
	return f
}

func (f field[R]) by(r rule, stricter func(a, b string) bool) field[R] {
	f.rule, f.stricter = r, stricter
	return f
}

func more(a, b string) bool  { return number(a).Or(0) > number(b).Or(0) }
func less(a, b string) bool  { return number(a).Or(0) < number(b).Or(0) }
func later(a, b string) bool { return a > b } // dates
func worse(a, b string) bool {
	x, _ := graph.ParseCriticality(a)
	y, _ := graph.ParseCriticality(b)
	return x > y
}

// nodeFields are the properties of nodes that people may change, in the order of the files.
var nodeFields = []field[graph.NodeRecord]{
	textField("name", func(r *graph.NodeRecord) *string { return &r.Name }),
	figureField("headcount", graph.Amounts, func(r *graph.NodeRecord) *graph.Number { return &r.Headcount }),
	figureField("min_staff", graph.Counts, func(r *graph.NodeRecord) *graph.Number { return &r.MinStaff }),
	figureField("capacity", graph.Amounts, func(r *graph.NodeRecord) *graph.Number { return &r.Capacity }),
	figureField("recovery_hours", graph.Amounts, func(r *graph.NodeRecord) *graph.Number { return &r.RecoveryHours }),
	figureField("failures_per_year", graph.Amounts, func(r *graph.NodeRecord) *graph.Number { return &r.FailuresPerYear }),
	figureField("value", graph.Money, func(r *graph.NodeRecord) *graph.Number { return &r.Value }),
	wordField("segment", graph.ParseSegment, func(r *graph.NodeRecord) *graph.Segment { return &r.Segment }),
	wordField("can_fail", parseAnswer, func(r *graph.NodeRecord) *graph.Answer { return &r.CanFail }),
	textField("contact", func(r *graph.NodeRecord) *string { return &r.Contact }),
	listField("site", first, func(r *graph.NodeRecord) *[]string { return &r.Sites }).meaning(graph.Resource),
	listField("tags", first, func(r *graph.NodeRecord) *[]string { return &r.Tags }),
	listField("aliases", union, func(r *graph.NodeRecord) *[]string { return &r.Aliases }),
	textField("role", func(r *graph.NodeRecord) *string { return &r.Role }),
}

// What the graph says by labels and relationships.
var (
	kindField    = wordField("kind", graph.ParseKind, func(r *graph.NodeRecord) *graph.Kind { return &r.Kind })
	unitField    = textField("unit", func(r *graph.NodeRecord) *string { return &r.Unit }).meaning(graph.Unit)
	teamField    = listField("team", first, func(r *graph.NodeRecord) *[]string { return &r.Teams }).meaning(graph.NoKind)
	managerField = textField("manager", func(r *graph.NodeRecord) *string { return &r.Manager }).meaning(graph.NoKind)

	allNodeFields = append(slices.Clone(nodeFields), kindField, unitField, teamField, managerField)
)

// linkFields are the properties of SERVES that people may change beside the service.
var linkFields = []field[graph.LinkRecord]{
	wordField("criticality", graph.ParseCriticality, func(r *graph.LinkRecord) *graph.Criticality { return &r.Criticality }).by(strictest, worse),
	figureField("min_providers", graph.Providers, func(r *graph.LinkRecord) *graph.Number { return &r.MinProviders }).by(strictest, more),
	figureField("tolerance_hours", graph.Amounts, func(r *graph.LinkRecord) *graph.Number { return &r.Tolerance }).by(strictest, less),
	figureField("volume", graph.Amounts, func(r *graph.LinkRecord) *graph.Number { return &r.Volume }),
	figureField("lead_time_hours", graph.Amounts, func(r *graph.LinkRecord) *graph.Number { return &r.LeadTime }),
	figureField("satisfaction", graph.Ratings, func(r *graph.LinkRecord) *graph.Number { return &r.Satisfaction }).by(mean, nil),
	textField("agreement", func(r *graph.LinkRecord) *string { return &r.Agreement }),
	textField("channel", func(r *graph.LinkRecord) *string { return &r.Channel }),
	textField("feedback", func(r *graph.LinkRecord) *string { return &r.Feedback }),
	figureField("response_hours", graph.Amounts, func(r *graph.LinkRecord) *graph.Number { return &r.ResponseHours }),
	textField("declared_by", func(r *graph.LinkRecord) *string { return &r.DeclaredBy }),
	textField("confirmed_on", func(r *graph.LinkRecord) *string { return &r.ConfirmedOn }).by(strictest, later),
	figureField("cost", graph.Money, func(r *graph.LinkRecord) *graph.Number { return &r.Cost }),
}

// names are the property names of one sort of entity that are not free for columns that we do not know.
type names struct {
	own       map[string]bool   // written by us, put back when changed
	fields    map[string]bool   // read and written
	elsewhere map[string]string // never written: what says it instead
}

var nodeNames = names{
	own: setOf(PropertyUID, PropertyOrg, PropertyID, PropertySources, PropertyRows, PropertyStated, PropertyVersion, PropertyPlaceholder),
	elsewhere: map[string]string{"kind": "the label of the node says its kind", "unit": "a relationship PART_OF says the unit",
		"parent": "a relationship PART_OF says what a unit is part of", "team": "relationships MEMBER_OF say the teams",
		"manager": "a relationship REPORTS_TO says the manager"},
	fields: fieldNames(nodeFields),
}

var linkNames = names{
	own: setOf(PropertyOrg, PropertyService, PropertySources, PropertyRows, PropertyStated, PropertyVersion, PropertyDerived),
	elsewhere: map[string]string{"provider": "the node at which the relationship starts is the provider",
		"consumer": "the node at which the relationship ends is the consumer"},
	fields: fieldNames(linkFields),
}

func setOf(words ...string) map[string]bool {
	m := map[string]bool{}
	for _, w := range words {
		m[w] = true
	}
	return m
}

func fieldNames[R any](fields []field[R]) map[string]bool {
	m := map[string]bool{}
	for _, f := range fields {
		m[f.name] = true
	}
	return m
}

func (n names) taken(name string) bool {
	return n.own[name] || n.fields[name] || n.elsewhere[name] != ""
}

// property gives the name of the property that holds an unknown column: its own, with _ behind it where that is one of ours (with or
// without _ behind it). ok is false for what no property can be called.
func (n names) property(column string) (name string, ok bool) {
	if column == "" || strings.ContainsRune(column, 0) || column != valid(column) {
		return "", false
	}
	if n.taken(strings.TrimRight(column, "_")) {
		return column + "_", true
	}
	return column, true
}

// column gives the unknown column that a property holds. The property must not be one of ours.
func (n names) column(property string) string {
	if n.taken(strings.TrimRight(property, "_")) {
		return strings.TrimSuffix(property, "_")
	}
	return property
}

func scalar(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func only(v []string) string {
	if len(v) == 0 {
		return ""
	}
	return v[0]
}

// number reads what Number.String wrote.
func number(s string) graph.Number {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return graph.Number{}
	}
	return graph.Given(v)
}

// merged gives what a list of statements, the winning source first, says of a field.
func (f *field[R]) merged(stated []statement[R]) []string {
	var all []string
	source, sum, n := "", 0.0, 0
	for _, st := range stated {
		v := f.get(st.record)
		switch {
		case f.name == "name":
			v = scalar(strings.TrimSpace(only(v)))
		case f.sort == list && f.rule == first && source != "" && source != st.source:
			return all
		}
		if len(v) == 0 {
			continue
		}
		source = st.source
		switch {
		case f.sort == list:
			for _, x := range v {
				if !slices.Contains(all, x) {
					all = append(all, x)
				}
			}
		case f.rule == first, graph.IsCorrection(st.source):
			return v
		case f.rule == strictest:
			if all == nil || f.stricter(v[0], all[0]) {
				all = v
			}
		case f.rule == mean:
			sum += number(v[0]).Or(0)
			n++
			all = scalar(graph.Given(sum / float64(n)).String())
		}
	}
	return all
}

// who gives the first statement that says something of a field.
func (f *field[R]) who(stated []statement[R]) (statement[R], bool) {
	for _, st := range stated {
		if len(f.get(st.record)) > 0 {
			return st, true
		}
	}
	return statement[R]{}, false
}

// parseAnswer takes true and false for yes and no.
func parseAnswer(s string) (graph.Answer, error) {
	switch graph.Fold(s) {
	case "true":
		return graph.Yes, nil
	case "false":
		return graph.No, nil
	}
	return graph.ParseAnswer(s)
}
