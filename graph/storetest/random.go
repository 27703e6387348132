package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// texts are names and values as people write them, and worse.
var texts = []string{
	"Payroll", "Crew scheduling", "payroll", "PAYROLL ", " leading", "tab\tinside", "line\nbreak", "\r\n", `"quoted"`, "it's", `back\slash`, "`;--",
	"Robert'); DROP TABLE links;--", "<script>alert(1)</script>", "]]>", `\N`, "100%", "?1 :x @y $z", "{}", "[]", "null", "NULL", "0", "-0", "1e999",
	"Ärger & Söhne", "Ελληνικά", "عربي", "水産輸出", "हिन्दी", "e\u0301", "é", "👩‍🚀🛫", "\u200bzero width", "\ufeffBOM", "\u202eRLO", "\ufffd", "a|b|c", "a,b;c",
	strings.Repeat("long ", 60), strings.Repeat("水", 300),
}

// random makes organisations and changes of them; equal seeds make equal ones.
type random struct{ *rand.Rand }

func newRandom(seed uint64) random { return random{rand.New(rand.NewPCG(seed, 1))} }

func (r random) maybe() bool { return r.IntN(3) == 0 }

func (r random) text() string {
	if r.IntN(2) == 0 {
		return texts[r.IntN(len(texts))]
	}
	return fmt.Sprintf("team-%d", r.IntN(30))
}

func (r random) optional() string {
	if r.maybe() {
		return r.text()
	}
	return ""
}

func (r random) number() graph.Number {
	values := []float64{0, 1, 2, 0.1, 1.0 / 3, 1e-300, 1e300, -5, 1 << 53, 99.95}
	if r.maybe() {
		return graph.Given(values[r.IntN(len(values))])
	}
	return graph.Number{}
}

func (r random) list() []string {
	var list []string
	for r.maybe() {
		list = append(list, r.text())
	}
	return list
}

func (r random) attrs() []graph.Attr {
	var as []graph.Attr
	for r.maybe() {
		as = append(as, graph.Attr{Name: r.text(), Value: r.text()})
	}
	slices.SortFunc(as, func(a, b graph.Attr) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(as, func(a, b graph.Attr) bool { return a.Name == b.Name })
}

func (r random) origin() graph.Origin {
	switch r.IntN(4) {
	case 0:
		return graph.Origin{}
	case 1:
		return graph.Origin{File: "hr/" + r.text(), Sheet: r.text(), Row: r.IntN(1 << 20)}
	}
	return graph.Origin{File: "links.csv", Row: 1 + r.IntN(500)}
}

func (r random) node() *graph.NodeRecord {
	n := &graph.NodeRecord{
		ID: r.optional(), Name: r.text(), Kind: graph.Kind(r.IntN(int(graph.Unit) + 1)), Unit: r.optional(),
		Headcount: r.number(), MinStaff: r.number(), Capacity: r.number(), RecoveryHours: r.number(), FailuresPerYear: r.number(), Value: r.number(),
		Segment: graph.Segment(r.IntN(int(graph.Temporary) + 1)), CanFail: graph.Answer(r.IntN(int(graph.No) + 1)), Contact: r.optional(),
		Sites: r.list(), Tags: r.list(), Aliases: r.list(), Teams: r.list(), Manager: r.optional(), Role: r.optional(), Attrs: r.attrs(), From: r.origin(),
	}
	if r.maybe() && n.ID != "" {
		n.Name = ""
	}
	return n
}

func (r random) link() *graph.LinkRecord {
	return &graph.LinkRecord{
		Provider: r.text(), Consumer: r.text(), Service: r.optional(), Criticality: graph.Criticality(r.IntN(int(graph.Critical) + 1)),
		MinProviders: r.number(), Tolerance: r.number(), Volume: r.number(), LeadTime: r.number(), Satisfaction: r.number(), ResponseHours: r.number(),
		Cost: r.number(), Agreement: r.optional(), Channel: r.optional(), Feedback: r.optional(), DeclaredBy: r.optional(), ConfirmedOn: r.optional(),
		Attrs: r.attrs(), From: r.origin(),
	}
}

// source makes a source of up to n nodes and 2n links.
func (r random) source(name string, n int) *graph.Source {
	var nodes []*graph.NodeRecord
	var links []*graph.LinkRecord
	for range r.IntN(n + 1) {
		nodes = append(nodes, r.node())
	}
	for range r.IntN(2*n + 1) {
		links = append(links, r.link())
	}
	return graph.NewSource(name, nodes, links)
}

// edited gives what the source may say next time: rows gone, changed, moved and added.
func (r random) edited(s *graph.Source, n int) *graph.Source {
	more := r.source(s.Name, n)
	nodes, links := more.Nodes, more.Links
	for _, old := range s.Nodes {
		rec := *old
		switch r.IntN(6) {
		case 0:
			continue
		case 1:
			rec.Capacity, rec.Tags = r.number(), r.list()
		case 2:
			rec.From.Row++
		}
		nodes = append(nodes, &rec)
	}
	for _, old := range s.Links {
		rec := *old
		switch r.IntN(6) {
		case 0:
			continue
		case 1:
			rec.Volume, rec.Attrs = r.number(), r.attrs()
		case 2:
			rec.From.Row++
		}
		links = append(links, &rec)
	}
	return graph.NewSource(s.Name, nodes, links)
}

// incoming makes an import of one or two sources into an organisation.
func (r random) incoming(current *graph.Org, size int) *graph.Org {
	in := &graph.Org{Name: current.Name}
	names := []string{"hr", "orgs", "it's \"quoted\" – 水", graph.EditsSource}
	r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	for _, name := range names[:1+r.IntN(2)] {
		if have := current.Source(name); have != nil && r.IntN(4) > 0 {
			in.Sources = append(in.Sources, r.edited(have, size/4))
		} else {
			in.Sources = append(in.Sources, r.source(name, size))
		}
	}
	return in
}

// change makes a change set for an organisation: mostly an import, sometimes new ranks, or a source that goes with all that it states.
func (r random) change(current *graph.Org) *graph.ChangeSet {
	if len(current.Sources) > 1 {
		switch r.IntN(8) {
		case 0:
			a, b := current.Sources[0], current.Sources[1]
			return &graph.ChangeSet{Base: current.Version, Sources: sortedSources(graph.SourceChange{Name: a.Name, Old: a.Rank, New: b.Rank},
				graph.SourceChange{Name: b.Name, Old: b.Rank, New: a.Rank})}
		case 1:
			return dropped(current, current.Sources[r.IntN(len(current.Sources))])
		}
	}
	return graph.Diff(current, r.incoming(current, 12))
}

func sortedSources(cs ...graph.SourceChange) []graph.SourceChange {
	slices.SortFunc(cs, func(a, b graph.SourceChange) int { return strings.Compare(a.Name, b.Name) })
	return slices.DeleteFunc(cs, func(c graph.SourceChange) bool { return c.Old == c.New })
}

// dropped makes the change set that takes a source out of an organisation.
func dropped(o *graph.Org, s *graph.Source) *graph.ChangeSet {
	cs := graph.Diff(o, &graph.Org{Sources: []*graph.Source{graph.NewSource(s.Name, nil, nil)}})
	cs.Sources = []graph.SourceChange{{Name: s.Name, Old: s.Rank}}
	return cs
}
