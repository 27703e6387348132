package diagram

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/phrase"
)

// builder holds what the building of every view needs.
type builder struct {
	ctx context.Context
	s   *graph.Snapshot
	f   *analysis.Findings // nil: not worked out yet
	v   View
	d   *Diagram

	keep   []bool  // by node: passes kind, unit, site and tag; nil: no such filter
	hide   []bool  // by node: hidden on request; nil: none
	hidden []int32 // the same as a list
	isCust []bool  // by node: an external customer, or stands in for one
}

func newBuilder(ctx context.Context, s *graph.Snapshot, f *analysis.Findings, v View) (*builder, error) {
	b := &builder{ctx: ctx, s: s, f: f, v: v, d: &Diagram{View: v, space: spacing{rank: 0.5, node: 0.18, wrap: 22}, index: map[string]int{}},
		isCust: make([]bool, len(s.Nodes))}
	for _, c := range s.Customers {
		b.isCust[c] = true
	}
	return b, b.readFilters()
}

// readFilters works out which nodes kind=, unit=, site=, tag= and hide= leave.
func (b *builder) readFilters() error {
	if len(b.v.Kind) > 0 {
		b.keep = make([]bool, len(b.s.Nodes))
		for i := range b.s.Nodes {
			b.keep[i] = slices.Contains(b.v.Kind, b.s.Nodes[i].Kind.String())
		}
	}
	for _, g := range [...]struct {
		prefix string
		names  []string
	}{{"unit:", b.v.Unit}, {"site:", b.v.Site}, {"tag:", b.v.Tag}} {
		if len(g.names) == 0 {
			continue
		}
		in := make([]bool, len(b.s.Nodes))
		for _, name := range g.names {
			members, err := b.s.Group(g.prefix + name)
			if err != nil {
				return err
			}
			for _, m := range members {
				in[m] = b.keep == nil || b.keep[m]
			}
		}
		b.keep = in
	}
	for _, name := range b.v.Hide {
		if b.hide == nil {
			b.hide = make([]bool, len(b.s.Nodes))
		}
		members, err := b.s.Group(name)
		if err != nil {
			return err
		}
		for _, m := range members {
			if !b.hide[m] {
				b.hide[m] = true
				b.hidden = append(b.hidden, m)
			}
		}
	}
	slices.Sort(b.hidden)
	return nil
}

// wanted says whether the filters leave a node in the picture. Customers are only left out by name: without them no
// picture says whom a failure reaches.
func (b *builder) wanted(v int32) bool {
	if b.hide != nil && b.hide[v] {
		return false
	}
	return b.keep == nil || b.keep[v] || b.isCust[v]
}

func (b *builder) filtered() bool { return b.keep != nil || b.hide != nil }

// lookup finds a node that a key names; the key must be there.
func (b *builder) lookup(key, ref, why string) (int32, error) {
	if ref == "" {
		return -1, &QueryError{Key: key, Missing: true, Why: why}
	}
	return b.s.Lookup(ref)
}

func (b *builder) note(format string, args ...any) {
	b.d.Notes = append(b.d.Notes, fmt.Sprintf(format, args...))
}

func (b *builder) name(v int32) string {
	return cmp.Or(clean(b.s.Nodes[v].Name), clean(b.s.Nodes[v].ID), "(no name)")
}

// some lists the first few names and counts the rest.
func (b *builder) some(nodes []int32, most int) string {
	var names []string
	for i, v := range nodes {
		if i == most && len(nodes) > most+1 {
			names = append(names, phrase.Count(len(nodes)-most)+" others")
			break
		}
		names = append(names, b.name(v))
	}
	return phrase.List(names, "and")
}

// kindWord is what a node of a kind is called.
func kindWord(k graph.Kind) string {
	switch k {
	case graph.NoKind:
		return "team"
	case graph.Customer:
		return "customer"
	}
	return k.String()
}

// kindOf is the kind that a node is drawn as.
func (b *builder) kindOf(v int32) graph.Kind {
	if k := b.s.Nodes[v].Kind; k != graph.NoKind {
		return k
	}
	return graph.Team
}

// key is the name of a node in the picture.
func (b *builder) key(v int32) string { return elementID("n-", b.s.Nodes[v].ID) }

// node makes the box of a node, without marks.
func (b *builder) node(v int32) Node {
	x := &b.s.Nodes[v]
	kind := b.kindOf(v)
	return Node{Key: b.key(v), ID: x.ID, Name: b.name(v), Kind: kind, Segment: x.Segment, URL: Href(kind, x.ID),
		Tooltip: b.name(v) + " (" + kindWord(kind) + ")", Count: 1}
}

// add puts a box into the picture, once; it gives its place.
func (b *builder) add(n Node) *Node {
	if i, ok := b.d.index[n.Key]; ok {
		return &b.d.Nodes[i]
	}
	b.d.index[n.Key] = len(b.d.Nodes)
	b.d.Nodes = append(b.d.Nodes, n)
	return &b.d.Nodes[len(b.d.Nodes)-1]
}

func (b *builder) at(key string) *Node {
	if i, ok := b.d.index[key]; ok {
		return &b.d.Nodes[i]
	}
	return nil
}

// end names a node in a fact.
func (b *builder) end(v int32) End {
	x := &b.s.Nodes[v]
	return End{ID: x.ID, Name: b.name(v), Kind: b.kindOf(v), URL: Href(b.kindOf(v), x.ID)}
}

// The risk marks.

// spof finds what the findings say of a node that can stop a customer alone; nil if it cannot.
func (b *builder) spof(v int32) *analysis.SPOF {
	if b.f == nil || b.f.SPOFOf[v] < 0 {
		return nil
	}
	return &b.f.SPOFs[b.f.SPOFOf[v]]
}

// sign is one triangle for whoever can stop a customer alone, two for who then comes back too late, or nobody knows when.
func sign(exposed bool) string {
	if exposed {
		return "▲▲"
	}
	return "▲"
}

// stops writes "stops 4 of 5".
func (b *builder) stops(p *analysis.SPOF) string {
	return fmt.Sprintf("stops %s of %s", phrase.Count(p.DownCount), phrase.Count(len(b.s.Customers)))
}

// colourNode marks a node as colour= says: by risk, load, share, rating or not at all.
func (b *builder) colourNode(n *Node, v int32) {
	if b.f == nil {
		return
	}
	switch b.v.colour() {
	case "risk":
		if b.isCust[v] {
			b.markCustomer(n, v)
		} else if p := b.spof(v); p != nil {
			n.look.spof, n.look.exposed = true, p.Exposed
			n.Badges = append(n.Badges, Badge{Text: sign(p.Exposed) + " " + b.stops(p), Tone: Breaks})
		}
	case "load":
		b.gaugeLoad(n, v)
	case "share":
		b.gaugeShare(n, v)
	case "rating":
		b.rate(n, v)
	}
}

// markCustomer says how many can stop a customer.
func (b *builder) markCustomer(n *Node, v int32) {
	if b.f == nil {
		return
	}
	if k := b.f.StoppedBy[v]; k > 0 {
		n.Badges = append(n.Badges, Badge{Text: fmt.Sprintf("▲ %s can stop it alone", phrase.Count(int(k))), Tone: Breaks})
	} else {
		n.Badges = append(n.Badges, Badge{Text: "nobody can stop it alone"})
	}
}

// HotShare is the chain share from which a node counts as a structural bottleneck.
const HotShare = 0.10

func (b *builder) gaugeLoad(n *Node, v int32) {
	if b.isCust[v] {
		return
	}
	l := b.f.Load[v]
	u, ok := l.Utilisation.Get()
	if !ok {
		n.Badges = append(n.Badges, Badge{Text: "load not measured"})
		return
	}
	n.look.measured, n.look.gauge, n.look.gaugeFill, n.look.hot = true, u, loadFill, u >= analysis.Hot
	text := "load " + phrase.Percent(u)
	if u >= analysis.Hot {
		text = "■ " + text
	}
	if u > 1 {
		text += " · over capacity"
	}
	n.Badges = append(n.Badges, Badge{Text: text, Tone: Worse})
	n.Tooltip += fmt.Sprintf(": load %s of %s", phrase.Figure(l.Load.Or(0)), phrase.Figure(l.Capacity.Or(0)))
}

func (b *builder) gaugeShare(n *Node, v int32) {
	if b.isCust[v] {
		return
	}
	x := b.f.Shares[v]
	n.look.measured, n.look.gauge, n.look.gaugeFill, n.look.hot = true, x, shareFill, x >= HotShare
	text := "share " + phrase.Percent(x)
	if n.look.hot {
		text = "■ " + text
	}
	n.Badges = append(n.Badges, Badge{Text: text, Tone: Through})
}

// lowRating is the rating below which a link is shown as weak.
const lowRating = 60

// rate says how those whom a node serves rate it, on average.
func (b *builder) rate(n *Node, v int32) {
	sum, rated, all := 0.0, 0, 0
	for _, l := range b.s.LinksFrom(v) {
		all++
		if r, ok := b.s.Links[l].Values.Satisfaction.Get(); ok {
			sum += r
			rated++
		}
	}
	switch {
	case all == 0:
	case rated == 0:
		n.Badges = append(n.Badges, Badge{Text: "not rated"})
	default:
		mean := sum / float64(rated)
		badge := Badge{Text: fmt.Sprintf("rated %.0f of 100", mean)}
		if mean < lowRating {
			badge.Tone, badge.Text = Worse, "▼ "+badge.Text
			n.look.tone = Worse
		}
		n.Badges = append(n.Badges, badge)
	}
}

// rating gives the rating of the link behind a provider of a need.
func (b *builder) rating(need *graph.Need, provider int32) (float64, bool) {
	l := b.linkOf(need, provider)
	if l == nil {
		return 0, false
	}
	return l.Values.Satisfaction.Get()
}

func (b *builder) linkOf(need *graph.Need, provider int32) *graph.Link {
	for i, p := range need.Providers {
		if p == provider && need.Links[i] >= 0 {
			return &b.s.Links[need.Links[i]]
		}
	}
	return nil
}

// Words for needs and links.

func withoutIt(c graph.Criticality) string {
	switch c {
	case graph.Critical:
		return "stops without it"
	case graph.Important:
		return "works worse without it"
	}
	return "notices"
}

// words says what a consumer is without a need: "stops without it after 4 h; 1 of 2 must work".
func (b *builder) words(need *graph.Need) string {
	w := withoutIt(need.Criticality)
	if need.Criticality == graph.Critical && need.Tolerance > 0 {
		w += " after " + phrase.Hours(need.Tolerance)
	}
	if len(need.Providers) > 1 {
		w += fmt.Sprintf("; %d of %d must work", need.K, len(need.Providers))
	}
	return w
}

// fact puts one provider of a need into the list of facts.
func (b *builder) fact(need *graph.Need, provider int32, marks ...string) Fact {
	p, c := b.end(provider), b.end(need.Consumer)
	f := Fact{From: p, To: c, Service: clean(need.Service), Words: b.words(need), Marks: marks}
	how := "serves " + c.Name
	switch {
	case need.Origin == graph.FromMembers:
		how = "is a member of " + c.Name
	case need.Origin == graph.FromTeams:
		how = "is a team of " + c.Name
	case need.Origin == graph.FromSite:
		how = "is a site of " + c.Name
	case f.Service != "":
		how += " with " + f.Service
	}
	f.Text = fmt.Sprintf("%s %s: it %s", p.Name, how, f.Words)
	if need.AssumedCriticality {
		f.Text += " (assumed)"
	}
	if len(marks) > 0 {
		f.Text += "; " + strings.Join(marks, ", ")
	}
	f.Text += "."
	return f
}

// serviceLabel is the word on a line.
func serviceLabel(need *graph.Need) string {
	switch need.Origin {
	case graph.FromMembers:
		if len(need.Providers) == 1 {
			return "only member"
		}
		return "member"
	case graph.FromSite:
		return "site"
	case graph.FromTeams:
		return "one of its teams"
	}
	return clean(need.Service)
}

// tooltip is what a line says when it is pointed at.
func (b *builder) tooltip(need *graph.Need, provider int32) string {
	return strings.TrimSuffix(b.fact(need, provider).Text, ".")
}

// critical sets a line in the style of a criticality.
func (l *Link) set(c graph.Criticality) {
	switch c {
	case graph.Critical:
		l.style, l.width, l.head = "solid", 1.3, "normal"
	case graph.Important:
		l.style, l.width, l.head = "dashed", 1.1, "normal"
	default:
		l.style, l.width, l.head = "dotted", 1.5, "vee"
	}
}

// strongest is the criticality that a line shows which stands for several links.
func (b *builder) strongest(wires []wire) graph.Criticality {
	c := graph.NoCriticality
	for _, x := range wires {
		c = max(c, b.s.Needs[x.need].Criticality)
	}
	return c
}

// contents counts nodes by kind: "6 teams and 2 people".
func (b *builder) contents(members []int32) string {
	kinds := map[graph.Kind]int{}
	for _, v := range members {
		kinds[b.kindOf(v)]++
	}
	var words []string
	for _, k := range graph.Kinds() {
		if kinds[k] > 0 {
			words = append(words, phrase.Things(kinds[k], k.String()))
		}
	}
	return phrase.List(words, "and")
}

// folder makes the box of several nodes: those of a unit, or (unit < 0) any.
func (b *builder) folder(members []int32, key, name string, unit int32) Node {
	n := Node{Key: key, Name: name, Kind: graph.Unit, folded: true, Count: len(members)}
	for _, v := range members {
		n.Members = append(n.Members, b.s.Nodes[v].ID)
	}
	if unit >= 0 {
		n.ID, n.URL = b.s.Nodes[unit].ID, Href(graph.Unit, b.s.Nodes[unit].ID)
	}
	n.Tooltip = name + ": " + b.some(members, 20)
	n.Badges = []Badge{{Text: b.contents(members)}}
	return n
}

// countStoppers counts the nodes that can stop a customer alone.
func (b *builder) countStoppers(members []int32) int {
	n := 0
	for _, v := range members {
		if b.spof(v) != nil {
			n++
		}
	}
	return n
}

func (b *builder) line(l Link) { b.d.Links = append(b.d.Links, l) }

// spaceFor sets a picture tighter the more it holds.
func (b *builder) spaceFor(nodes int) {
	switch {
	case nodes >= 60:
		b.d.space = spacing{rank: 0.22, node: 0.08, wrap: 14, thin: true}
	case nodes >= 40:
		b.d.space = spacing{rank: 0.3, node: 0.12, wrap: 16}
	}
}

// rankCustomers puts the customers of a picture into the last column, the most valuable first, held in that order.
func (b *builder) rankCustomers(customers []int32) {
	var keys []string
	for _, c := range b.byValue(customers) {
		if b.at(b.key(c)) != nil {
			keys = append(keys, b.key(c))
		}
	}
	b.lastColumn(keys)
	valued := func(c int32) bool { return b.s.Nodes[c].Value.IsGiven() }
	if slices.ContainsFunc(customers, valued) { // else the layout finds an order with fewer crossings
		b.holdOrder(keys)
	}
}

// holdOrder keeps boxes of one column in an order.
func (b *builder) holdOrder(keys []string) {
	for i := 1; i < len(keys); i++ {
		b.d.holds = append(b.d.holds, [2]string{keys[i-1], keys[i]})
	}
}

// lastColumn puts boxes into the last column.
func (b *builder) lastColumn(keys []string) {
	if len(keys) > 0 {
		b.d.ranks = append(b.d.ranks, rank{"max", keys})
	}
}

// byValue sorts customers by what they are worth, most first, then by id.
func (b *builder) byValue(customers []int32) []int32 {
	c := slices.Clone(customers)
	slices.SortStableFunc(c, func(x, y int32) int {
		return cmp.Or(cmp.Compare(b.s.Nodes[y].Value.Or(math.Inf(-1)), b.s.Nodes[x].Value.Or(math.Inf(-1))), cmp.Compare(x, y))
	})
	return c
}

// sortedKeys gives the keys of a map in order.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
