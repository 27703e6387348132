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
	Agreed   int        // links that both sides declared, each in its words, and on which they say the same
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
// confirmed last counts for each field, and where the days do not tell, the one imported last. Nobody can be asked on the side of
// a resource.
//
// The other side may say the same in its own words: with a unit in the place of what lies in it, or the other way round, and without naming a
// service. That counts as declared by it.
//
// O(rows + links of one side · links at the end with the fewer links, what lies in a unit included).
func Reconcile(s *graph.Snapshot) *Reconciliation {
	r := &Reconciliation{Snapshot: s, Answered: make([]bool, len(s.Nodes))}
	d := declarations{s: s, meant: map[string][]speaker{}, spoke: r.Answered}
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
	r.answerForUnits()
	e := echoes{declarations: &d, said: said}
	for i := range s.Links {
		r.judge(int32(i), said[i], named[i], &e)
	}
	return r
}

// answerForUnits says of the units and teams that those belong to who answered that they answered too.
func (r *Reconciliation) answerForUnits() {
	for v := range r.Snapshot.Nodes {
		if !r.Answered[v] {
			continue
		}
		n := &r.Snapshot.Nodes[v]
		for _, at := range append([]int32{n.Unit}, n.Teams...) {
			for ; at >= 0 && !r.Answered[at]; at = r.Snapshot.Nodes[at].Unit { // from one that answered the way up was or will be gone
				r.Answered[at] = true
			}
		}
	}
}

// judge says how it stands with one link.
func (r *Reconciliation) judge(link int32, said [2][]graph.LinkSource, named bool, e *echoes) {
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
		if e.of(link, open.Missing) {
			r.Agreed++
			return
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
		if graph.IsCorrection(row.Source) {
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
	meant map[string][]speaker // by declared_by
	spoke []bool               // by node: it declared something
}

// speaker is one of those whom a declared_by names: a node, or one of the sides by its word.
type speaker struct {
	node  int32   // -1 none, or several
	sides [2]bool // of a word
}

// by says for which sides a declared_by speaks, and whether it names anybody.
func (d *declarations) by(declaredBy string, l *graph.Link) (sides [2]bool, anybody bool) {
	if declaredBy == "" {
		return sides, false
	}
	speakers, known := d.meant[declaredBy]
	if !known {
		speakers = d.speakers(declaredBy)
		d.meant[declaredBy] = speakers
	}
	for _, w := range speakers {
		for side, end := range [...]int32{l.Provider, l.Consumer} {
			sides[side] = sides[side] || w.sides[side] || w.node >= 0 && d.speaksFor(w.node, end)
		}
	}
	return sides, len(speakers) > 0
}

// speakers finds out whom a declared_by names.
func (d *declarations) speakers(declaredBy string) (all []speaker) {
	for ref := range strings.SplitSeq(declaredBy, "|") {
		if ref = strings.TrimSpace(ref); ref == "" {
			continue
		}
		w := speaker{node: -1}
		if is := d.s.Means(ref, graph.NoKind); len(is) == 1 {
			w.node = is[0]
			d.spoke[w.node] = true
		} else if len(is) == 0 {
			word := graph.Fold(ref)
			w.sides = [2]bool{word == "provider" || word == "both", word == "consumer" || word == "both"}
		}
		all = append(all, w)
	}
	return all
}

// speaksFor says that what v says counts as said by end.
func (d *declarations) speaksFor(v, end int32) bool {
	if d.related(v, end) {
		return true
	}
	return slices.ContainsFunc(d.s.Nodes[v].Teams, func(team int32) bool { return team == end || d.s.IsIn(team, end) })
}

// echoes finds links that say the same as others in other words.
type echoes struct {
	*declarations
	said [][2][]graph.LinkSource // by link
}

// of says that a side declared a link that says the same as this one: its ends are the same or one lies in the other, and so is its
// service, or one of the two names none.
func (e *echoes) of(link int32, side Side) bool {
	l := &e.s.Links[link]
	from, to := e.at(l.Provider, e.s.LinksFrom), e.at(l.Consumer, e.s.LinksTo)
	if to.size() < from.size() {
		from = to
	}
	for _, links := range from {
		for _, other := range links {
			o := &e.s.Links[other]
			if other != link && len(e.said[other][side]) > 0 && e.related(l.Provider, o.Provider) && e.related(l.Consumer, o.Consumer) &&
				(l.Service == "" || o.Service == "" || graph.Fold(l.Service) == graph.Fold(o.Service)) {
				return true
			}
		}
	}
	return false
}

// linkLists are the links of several nodes.
type linkLists [][]int32

func (ls linkLists) size() (n int) {
	for _, l := range ls {
		n += len(l)
	}
	return n
}

// at lists the links at an end: of the node, of the units that it lies in, of the teams that lie in it.
func (e *echoes) at(v int32, links func(v int32) []int32) linkLists {
	lists := linkLists{links(v)}
	for at := e.s.Nodes[v].Unit; at >= 0; at = e.s.Nodes[at].Unit {
		lists = append(lists, links(at))
	}
	for _, x := range e.inside(v) {
		lists = append(lists, links(x))
	}
	return lists
}

// inside lists what lies in a unit, however deep.
func (e *echoes) inside(v int32) (all []int32) {
	if e.s.Nodes[v].Kind != graph.Unit {
		return nil
	}
	all = slices.Clone(e.s.InUnit(v))
	for i := 0; i < len(all); i++ {
		if e.s.Nodes[all[i]].Kind == graph.Unit {
			all = append(all, e.s.InUnit(all[i])...)
		}
	}
	return all
}

func (d *declarations) related(a, b int32) bool { return a == b || d.s.IsIn(a, b) || d.s.IsIn(b, a) }
