package diagram

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/phrase"
)

// bundle is all links from one box to another, and those that run back.
type bundle struct {
	from, to    int
	there, back traffic
}

// traffic is a number of links and the strongest of them.
type traffic struct {
	links int
	worst graph.Criticality
}

func (t *traffic) add(c graph.Criticality) {
	t.links++
	t.worst = max(t.worst, c)
}

func (u *bundle) links() int { return u.there.links + u.back.links }

// ends are two boxes of the overview.
type ends struct{ from, to int32 }

// connect bundles the links between boxes. O(links).
func (o *outline) connect() {
	found := map[ends]*traffic{}
	o.faint = map[ends]int{}
	least := o.v.least()
	for i := range o.s.Needs {
		n := &o.s.Needs[i]
		if n.Origin == graph.FromTeams {
			continue
		}
		to := o.of[n.Consumer]
		for _, p := range o.teams(n.Providers) {
			switch e := (ends{o.of[p], to}); {
			case e.from < 0 || to < 0:
			case e.from == to:
				o.inside++
			case n.Criticality < least:
				o.weaker[n.Criticality]++
				o.faint[e]++
			default:
				if found[e] == nil {
					found[e] = &traffic{}
				}
				found[e].add(n.Criticality)
			}
		}
	}
	key := func(i int) string { return o.groups[i].key }
	for e, there := range found {
		u := bundle{from: int(e.from), to: int(e.to), there: *there}
		if back := found[ends{e.to, e.from}]; back != nil {
			if back.links > there.links || back.links == there.links && key(u.to) < key(u.from) {
				continue // comes with the way back
			}
			u.back = *back
		}
		o.bundles = append(o.bundles, u)
	}
	slices.SortFunc(o.bundles, func(x, y bundle) int {
		return cmp.Or(cmp.Compare(key(x.from), key(y.from)), cmp.Compare(key(x.to), key(y.to)))
	})
}

// teams replaces boxes of the org chart that are open by their teams.
func (o *outline) teams(providers []int32) []int32 {
	open := func(p int32) bool { return o.of[p] < 0 && o.s.IsBox(p) }
	if !slices.ContainsFunc(providers, open) {
		return providers
	}
	var all []int32
	for _, p := range providers {
		if open(p) {
			all = append(all, o.s.TeamsOf(p)...)
		} else {
			all = append(all, p)
		}
	}
	return all
}

// calm says that a picture shows so many folded boxes that all lines between them could not be told apart.
func (o *outline) calm() bool {
	folded := 0
	for i := range o.groups {
		if len(o.groups[i].members) > 0 && o.groups[i].single < 0 {
			folded++
		}
	}
	return folded > calmGroups && o.v.Nodes == 0
}

// heaviest gives the bundles that a picture may show.
func (o *outline) heaviest() []bundle {
	most := o.v.maxLinks()
	if o.calm() {
		most = min(most, calmBundles)
	}
	return heavy(o.bundles, most)
}

// divide parts the bundles of a picture into those drawn as lines and those that the mark of a hub stands for.
func (o *outline) divide(drawn []bundle) (lines, marked []bundle) {
	hubs := o.hubGroups(drawn, len(o.d.Nodes))
	for _, u := range drawn {
		if hubs[u.from] && o.groups[u.to].kind != graph.Customer {
			marked = append(marked, u)
		} else {
			lines = append(lines, u)
		}
	}
	if o.calm() {
		lines = heavy(lines, calmLines)
	}
	if n := len(lines) + len(marked); n < len(o.bundles) {
		o.note("Showing %d of %d lines: the heaviest.", n, len(o.bundles))
	}
	return lines, marked
}

// hubGroups marks the boxes that serve most of the others.
func (o *outline) hubGroups(drawn []bundle, boxes int) map[int]bool {
	hubs := map[int]bool{}
	if o.v.Hubs == "draw" {
		return hubs
	}
	serves := make([]int, len(o.groups))
	for _, u := range drawn {
		serves[u.from]++
		if u.back.links > 0 {
			serves[u.to]++
		}
	}
	servedBy := make([][]int, len(o.groups))
	for i := range o.groups {
		if !isHub(serves[i], boxes-1) {
			continue
		}
		hubs[i] = true
		o.markHub(o.at(o.groups[i].key), o.groups[i].name, len(hubs), serves[i], boxes-1)
		for _, u := range drawn {
			if u.from == i && o.groups[u.to].kind != graph.Customer {
				servedBy[u.to] = append(servedBy[u.to], len(hubs))
			}
		}
	}
	for i, numbers := range servedBy {
		markServed(o.at(o.groups[i].key), numbers)
	}
	return hubs
}

// tether ties boxes without any drawn line, unseen, to the box that they serve most by the weaker links, so that they stand
// where they belong.
func (o *outline) tether() {
	tied := map[int32]bool{}
	for _, u := range o.bundles {
		tied[int32(u.from)], tied[int32(u.to)] = true, true
	}
	best := map[int32]ends{}
	for e, n := range o.faint {
		if g := &o.groups[e.from]; g.kind == graph.Customer || o.panelKey(g.panel) != "" || tied[e.from] || o.at(o.groups[e.to].key) == nil {
			continue
		}
		b, ok := best[e.from]
		if !ok || n > o.faint[b] || n == o.faint[b] && o.groups[e.to].key < o.groups[b.to].key {
			best[e.from] = e
		}
	}
	for _, g := range sortedKeys(best) {
		if to := best[g].to; tied[to] || g < to { // never two tied to each other alone
			o.line(Link{From: o.groups[g].key, To: o.groups[to].key, hidden: true, weight: 1})
		}
	}
}

// bundleWidth widens a line by its links: by each doubling, or in proportion where some have so many that all would be
// thick.
func bundleWidth(links, busiest int) float64 {
	if busiest > 17 {
		return 0.9 + 3.1*float64(links)/float64(busiest)
	}
	return min(4, 0.9+0.75*math.Log2(float64(links)))
}

// bundleLine draws all links between two boxes as one line, thicker the more there are.
func (o *outline) bundleLine(u bundle, place []int, busiest int) {
	from, to := &o.groups[u.from], &o.groups[u.to]
	n := u.links()
	l := Link{From: from.key, To: to.key, Stands: n, Both: u.back.links > 0}
	l.set(u.there.worst)
	l.head = "normal"
	if from.single >= 0 && to.single >= 0 && !l.Both {
		l.Classes = []string{u.there.worst.String()}
		l.Tooltip = fmt.Sprintf("%s serves %s", from.name, to.name)
	} else {
		l.style, l.Classes = "solid", []string{"agg"}
		l.width = bundleWidth(n, busiest)
		l.Tooltip = fmt.Sprintf("%s %s: %s", from.serve(), to.name, phrase.Things(u.there.links, "link"))
	}
	if n == 1 {
		l.colour, l.width = quietColour, 0.9
	} else {
		l.weight = 2 // the heavier lie straight
	}
	if u.there.links >= 3 {
		l.Label = phrase.Count(u.there.links)
	}
	if l.Both {
		l.tail = "vee"
		l.Label = fmt.Sprintf("%d (back %d)", u.there.links, u.back.links)
		l.Tooltip += fmt.Sprintf("; back: %s", phrase.Things(u.back.links, "link"))
		l.Classes = append(l.Classes, "both")
	}
	if place[u.from] > place[u.to] {
		l.backward = true
		l.Classes = append(l.Classes, "back")
	}
	o.line(l)
}

// serve begins a sentence: "Finance serves", "Resources serve".
func (g *group) serve() string {
	if g.single < 0 && g.unit < 0 {
		return g.name + " serve"
	}
	return g.name + " serves"
}

func (o *outline) bundleFact(u bundle) {
	one := func(from, to *group, t traffic) {
		if t.links == 0 {
			return
		}
		f := Fact{From: o.groupEnd(from), To: o.groupEnd(to), Words: phrase.Things(t.links, "link")}
		f.Text = fmt.Sprintf("%s %s: %s", from.serve(), to.name, f.Words)
		if t.worst == graph.Critical && to.single >= 0 {
			f.Text += "; it stops without"
		} else if t.worst == graph.Critical {
			f.Text += ", some of which it cannot work without"
		}
		f.Text += "."
		o.d.Facts = append(o.d.Facts, f)
		o.d.Shown.Links += t.links
	}
	from, to := &o.groups[u.from], &o.groups[u.to]
	one(from, to, u.there)
	one(to, from, u.back)
}

func (o *outline) groupEnd(g *group) End {
	switch {
	case g.single >= 0:
		return o.end(g.single)
	case g.unit >= 0:
		return o.end(g.unit)
	}
	return End{Name: g.name, Kind: g.kind}
}
