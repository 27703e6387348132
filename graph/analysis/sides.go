package analysis

import (
	"cmp"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// Side is an end of a link, as somebody who says something about it.
type Side uint8

// The sides.
const (
	ProviderSide Side = iota
	ConsumerSide
)

// Other gives the side across.
func (s Side) Other() Side { return 1 - s }

// Openness says what keeps a link from being confirmed by both sides.
type Openness uint8

// What can be open.
const (
	OneSided    Openness = iota // one side declared it; the other one declared other links, but not this one
	NotAnswered                 // one side declared it; the other one declared nothing at all yet
	Differing                   // both declared it, and do not say the same
)

// Reconciliation is what the two sides of the links make of one another.
type Reconciliation struct {
	Snapshot *graph.Snapshot
	Open     []OpenLink // by link
	Agreed   int        // links that both sides declared, and on which they say the same
	Others   int        // links that only somebody else declared, or one side alone where there is nobody on the other to ask
	Unsaid   int        // links of which no row says who declared it
	Answered []bool     // by node: it declared a link, or somebody who speaks for it did
}

// OpenLink is a link that is not confirmed by both sides.
type OpenLink struct {
	Link    int32
	Why     Openness
	Missing Side                  // who has to be asked; not of Differing: both
	Said    [2][]graph.LinkSource // what each side declared, the latest first
	Fields  []SidedField          // of Differing
}

// SidedField is a field of which the two sides say something else.
type SidedField struct {
	Name  string // of the native column
	Value [2]string
	Said  [2]graph.LinkSource // where each says so
}

// sidedFields are the fields on which both sides have a word to say.
var sidedFields = []struct {
	name string
	get  func(*graph.LinkRecord) string
}{
	{"criticality", func(r *graph.LinkRecord) string { return r.Criticality.String() }},
	{"min_providers", func(r *graph.LinkRecord) string { return r.MinProviders.String() }},
	{"tolerance_hours", func(r *graph.LinkRecord) string { return r.Tolerance.String() }},
	{"satisfaction", func(r *graph.LinkRecord) string { return r.Satisfaction.String() }},
}

// SidedValue is what a row says about a field on which both sides have a word to say.
type SidedValue struct{ Name, Value string }

// SidedValues lists what a row says about those fields.
func SidedValues(r *graph.LinkRecord) (values []SidedValue) {
	for _, f := range sidedFields {
		if v := f.get(r); v != "" {
			values = append(values, SidedValue{f.name, v})
		}
	}
	return values
}

// Reconcile finds the links that not both sides declared, and those on which they differ. A row is declared by whom its declared_by
// names, an id or a name as in a reference, several with | between, or the words provider, consumer and both. An end is spoken for by
// itself, by its members, by the units that it lies in and, where it is a unit, by what lies in it. Of several rows of a side the one
// confirmed last counts for each field, and where the days do not tell, the one imported last. Nobody can be asked on the side of a resource. O(rows).
func Reconcile(s *graph.Snapshot) *Reconciliation {
	r := &Reconciliation{Snapshot: s, Answered: make([]bool, len(s.Nodes))}
	d := declarations{s: s, meant: map[string]int32{}, spoke: r.Answered}
	said := make([][2][]graph.LinkSource, len(s.Links))
	named := make([]bool, len(s.Links)) // somebody is named, on either side or elsewhere
	for i := range s.Links {
		l := &s.Links[i]
		for _, row := range l.Stated {
			sides, anybody := d.by(row.Record.DeclaredBy, l)
			named[i] = named[i] || anybody
			for side, end := range [...]int32{l.Provider, l.Consumer} {
				if sides[side] {
					said[i][side] = append(said[i][side], row)
					r.Answered[end] = true
				}
			}
		}
	}
	for i := range s.Links {
		r.judge(int32(i), said[i], named[i])
	}
	return r
}

// judge says how it stands with one link.
func (r *Reconciliation) judge(link int32, said [2][]graph.LinkSource, named bool) {
	provider, consumer := len(said[ProviderSide]) > 0, len(said[ConsumerSide]) > 0
	open := OpenLink{Link: link, Said: said}
	for side := range open.Said {
		latestFirst(open.Said[side])
	}
	switch {
	case provider && consumer:
		if open.Why, open.Fields = Differing, differing(open.Said); len(open.Fields) == 0 {
			r.Agreed++
			return
		}
	case provider || consumer:
		if open.Missing = ProviderSide; provider {
			open.Missing = ConsumerSide
		}
		asked := r.End(&open, open.Missing)
		if r.Snapshot.Nodes[asked].Kind == graph.Resource {
			r.Others++
			return
		}
		if open.Why = OneSided; !r.Answered[asked] {
			open.Why = NotAnswered
		}
	case named:
		r.Others++
		return
	default:
		r.Unsaid++
		return
	}
	r.Open = append(r.Open, open)
}

// latestFirst brings rows into the order in which they count: corrections first, then by the day of confirmation, the latest first; of
// several of one day, or of none, that of the source imported last, and of its rows the last.
func latestFirst(rows []graph.LinkSource) {
	corrected := func(row graph.LinkSource) int {
		if row.Source == graph.EditsSource || row.Source == graph.Neo4jSource {
			return 1
		}
		return 0
	}
	slices.Reverse(rows)
	slices.SortStableFunc(rows, func(a, b graph.LinkSource) int {
		return cmp.Or(cmp.Compare(corrected(b), corrected(a)), strings.Compare(b.Record.ConfirmedOn, a.Record.ConfirmedOn))
	})
}

// End gives the node on a side of an open link.
func (r *Reconciliation) End(o *OpenLink, side Side) int32 {
	l := &r.Snapshot.Links[o.Link]
	if side == ProviderSide {
		return l.Provider
	}
	return l.Consumer
}

// differing lists the fields for which both sides give a value, and not the same.
func differing(said [2][]graph.LinkSource) (fields []SidedField) {
	for _, f := range sidedFields {
		field := SidedField{Name: f.name}
		for side, rows := range said {
			if i := slices.IndexFunc(rows, func(row graph.LinkSource) bool { return f.get(row.Record) != "" }); i >= 0 {
				field.Value[side], field.Said[side] = f.get(rows[i].Record), rows[i]
			}
		}
		if field.Value[0] != "" && field.Value[1] != "" && field.Value[0] != field.Value[1] {
			fields = append(fields, field)
		}
	}
	return fields
}

// declarations finds out on which side of a link those stand who declared it.
type declarations struct {
	s     *graph.Snapshot
	meant map[string]int32 // by declared_by: the node, -1 none or several
	spoke []bool           // by node: it declared something
}

// by says for which sides a declared_by speaks, and whether it names anybody.
func (d *declarations) by(declaredBy string, l *graph.Link) (sides [2]bool, anybody bool) {
	for ref := range strings.SplitSeq(declaredBy, "|") {
		if ref = strings.TrimSpace(ref); ref == "" {
			continue
		}
		anybody = true
		v := d.node(ref)
		switch {
		case v >= 0:
			d.spoke[v] = true
			sides[ProviderSide] = sides[ProviderSide] || d.speaksFor(v, l.Provider)
			sides[ConsumerSide] = sides[ConsumerSide] || d.speaksFor(v, l.Consumer)
		case isFold(ref, "both"):
			sides = [2]bool{true, true}
		case isFold(ref, "provider"):
			sides[ProviderSide] = true
		case isFold(ref, "consumer"):
			sides[ConsumerSide] = true
		}
	}
	return sides, anybody
}

func isFold(a, b string) bool { return graph.Fold(a) == b }

// node gives the node that a reference means, -1 for none or several.
func (d *declarations) node(ref string) int32 {
	v, known := d.meant[ref]
	if !known {
		v = -1
		if is := d.s.Means(ref, graph.NoKind); len(is) == 1 {
			v = is[0]
		}
		d.meant[ref] = v
	}
	return v
}

// speaksFor says that what v says counts as said by end.
func (d *declarations) speaksFor(v, end int32) bool {
	if v == end || d.within(end, v) || d.within(v, end) {
		return true
	}
	return slices.ContainsFunc(d.s.Nodes[v].Teams, func(team int32) bool { return team == end || d.within(team, end) })
}

// within says that x lies in the unit u, however deep.
func (d *declarations) within(x, u int32) bool {
	for at := d.s.Nodes[x].Unit; at >= 0; at = d.s.Nodes[at].Unit {
		if at == u {
			return true
		}
	}
	return false
}
