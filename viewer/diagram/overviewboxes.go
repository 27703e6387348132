package diagram

import (
	"fmt"
	"slices"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/phrase"
)

// box makes the box of a group.
func (o *outline) box(g *group, most int) Node {
	if g.single >= 0 {
		n := o.overviewNode(g.single)
		n.panel = o.panelKey(g.panel)
		return n
	}
	n := Node{Key: g.key, Name: g.name, Kind: g.kind, Count: len(g.members), folded: true, panel: o.panelKey(g.panel)}
	for _, v := range g.members {
		n.Members = append(n.Members, o.s.Nodes[v].ID)
	}
	o.nameFold(&n, g)
	if g.kind == graph.Customer {
		o.customersFold(&n, g)
		return n
	}
	o.listStoppers(&n, g)
	if o.v.colour() == "risk" && most > 0 {
		if k := o.countStoppers(g.members); k > 0 {
			n.look.heat = 1 + int(0.9999*4*float64(k)/float64(most))
		}
	}
	n.look.left = true
	return n
}

// nameFold gives the box of several nodes its name, words and address.
func (o *outline) nameFold(n *Node, g *group) {
	what := o.contents(g.members)
	switch {
	case g.unit >= 0:
		x := &o.s.Nodes[g.unit]
		n.ID, n.URL = x.ID, Href(graph.Unit, x.ID)
	case g.others:
		n.Name = "Others"
		if g.kind == graph.Unit {
			n.Name = "Other units"
		}
	}
	if n.URL == "" && g.kind == graph.Customer {
		n.URL = "/customers"
	}
	n.Tooltip = n.Name + ": " + what
	n.Badges = append(n.Badges, Badge{Text: what})
}

func (o *outline) customersFold(n *Node, g *group) {
	stopped := 0
	for _, c := range g.members {
		if o.f != nil && o.f.StoppedBy[c] > 0 {
			stopped++
		}
	}
	if o.f != nil {
		text := "none of them can be stopped by one alone"
		if stopped > 0 {
			text = fmt.Sprintf("▲ %s of them can be stopped by one alone", phrase.Count(stopped))
		}
		n.Badges = append(n.Badges, Badge{Text: text, Tone: Breaks})
	}
}

// listStoppers names up to three members that can stop a customer alone, a line each.
func (o *outline) listStoppers(n *Node, g *group) {
	if o.f == nil {
		return
	}
	var at []int32
	for _, v := range g.members {
		if o.spof(v) != nil {
			at = append(at, o.f.SPOFOf[v])
		}
	}
	slices.Sort(at)
	if len(at) > 1 && len(o.groups) >= crowded {
		n.Badges = append(n.Badges, Badge{Text: fmt.Sprintf("▲ %s can stop a customer", phrase.Count(len(at))), Tone: Breaks})
		return
	}
	for i, j := range at {
		p := &o.f.SPOFs[j]
		if i == namesInBox && len(at) > namesInBox+1 {
			n.Badges = append(n.Badges, Badge{Text: fmt.Sprintf("▲ %s more", phrase.Count(len(at)-i)), Tone: Breaks})
			break
		}
		name := facing(wrap(o.name(p.Node), 26, 1)[0])
		n.Badges = append(n.Badges, Badge{Text: fmt.Sprintf("%s %s · %d of %d", sign(p.Exposed), name, p.DownCount, len(o.s.Customers)), Tone: Breaks})
	}
	if len(at) > 0 && len(g.members) > len(at) {
		n.Badges = append(n.Badges, Badge{Text: "+ " + o.others(g, len(g.members)-len(at))})
	}
}

// others counts the members that are not named: "6 other teams" where all are of one kind.
func (o *outline) others(g *group, n int) string {
	kind := o.kindOf(g.members[0])
	for _, v := range g.members {
		if o.kindOf(v) != kind {
			return phrase.Things(n, "other")
		}
	}
	return phrase.Things(n, "other "+kindWord(kind))
}

func (o *outline) panelKey(unit int32) string {
	if unit < 0 || !o.open[unit] {
		return ""
	}
	return elementID("c-", o.s.Nodes[unit].ID)
}

// panels draws a panel for each open unit.
func (o *outline) panels() {
	var units []int32
	for _, g := range o.groups {
		if o.panelKey(g.panel) != "" && len(g.members) > 0 && !slices.Contains(units, g.panel) {
			units = append(units, g.panel)
		}
	}
	slices.Sort(units)
	for _, u := range units {
		o.d.panels = append(o.d.panels, panel{key: o.panelKey(u), label: o.name(u), url: Href(graph.Unit, o.s.Nodes[u].ID), class: "unit open", margin: 8, left: true})
	}
}
