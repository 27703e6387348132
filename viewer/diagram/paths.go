package diagram

import (
	"errors"
	"fmt"
	"slices"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/phrase"
)

// paths draws the shortest chains from one node to another, the shortest in blue.
func (b *builder) paths() error {
	from, err1 := b.lookup("from", b.v.From, "say where the chain begins")
	to, err2 := b.lookup("to", b.v.To, "say where the chain ends")
	if err := errors.Join(err1, err2); err != nil {
		if err1 != nil {
			return err1
		}
		return err2
	}
	q := analysis.PathQuery{From: from, To: to, K: b.v.K, ByLeadTime: b.v.By == "lead_time", Avoid: b.hidden}
	for _, ref := range b.v.Via {
		v, err := b.s.Lookup(ref)
		if err != nil {
			return err
		}
		q.Via = append(q.Via, v)
	}
	for _, ref := range b.v.Avoid {
		v, err := b.s.Lookup(ref)
		if err != nil {
			return err
		}
		q.Avoid = append(q.Avoid, v)
	}
	answer, err := analysis.Paths(b.ctx, b.s, q)
	if err != nil {
		return err
	}
	if len(answer.Paths) == 0 {
		b.noPath(from, to, answer)
		return nil
	}
	b.drawPaths(q, answer.Paths)
	return nil
}

// noPath says how far the search got.
func (b *builder) noPath(from, to int32, a *analysis.PathAnswer) {
	b.d.Title = fmt.Sprintf("No chain of service leads from %s to %s", b.name(from), b.name(to))
	for _, v := range []int32{from, to} {
		n := b.node(v)
		n.look.focus = true
		b.add(n)
	}
	if a.Reached <= 1 {
		b.note("%s serves nobody that leads there.", b.name(from))
	} else {
		b.note("The search got to %s; farthest from %s: %s.", phrase.Things(a.Reached, "node"), b.name(from), b.some(a.Nearest, 3))
	}
	for _, v := range a.Nearest[:min(3, len(a.Nearest))] {
		if v == from || v == to {
			continue
		}
		n := b.add(b.node(v))
		n.look.quiet = true
		l := Link{From: b.key(from), To: b.key(v), style: "solid", width: 1, head: "vee", colour: quietColour, Classes: []string{"onward"}}
		l.Label, l.Tooltip = "got this far", fmt.Sprintf("%s leads to %s, but not on to %s", b.name(from), b.name(v), b.name(to))
		b.line(l)
	}
}

func (b *builder) drawPaths(q analysis.PathQuery, paths []analysis.Path) {
	on := map[pair][]int{}
	var order []pair
	var nodes []int32
	for i, p := range paths {
		for j, v := range p.Nodes {
			if !slices.Contains(nodes, v) {
				nodes = append(nodes, v)
			}
			if j == 0 {
				continue
			}
			e := pair{p.Nodes[j-1], v}
			if on[e] == nil {
				order = append(order, e)
			}
			if !slices.Contains(on[e], i+1) {
				on[e] = append(on[e], i+1)
			}
		}
	}
	slices.Sort(nodes)
	for _, v := range nodes {
		n := b.node(v)
		n.look.focus = v == q.From || v == q.To || slices.Contains(q.Via, v)
		n.look.onPath = slices.Contains(paths[0].Nodes, v)
		if b.v.colour() != "none" {
			b.colourNode(&n, v)
		}
		b.add(n)
	}
	b.d.space = spacing{rank: 0.6, node: 0.3, wrap: 20}
	for _, e := range order {
		b.pathLine(e, on[e], len(paths))
	}
	b.pathWords(q, paths)
	b.d.Shown = Counts{len(nodes), len(order)}
	b.d.Total = b.d.Shown
}

// pathLine draws one step, with its services and the paths that it is on.
func (b *builder) pathLine(e pair, on []int, all int) {
	l := Link{From: b.key(e.from), To: b.key(e.to), weight: 1}
	worst := graph.NoCriticality
	var services []string
	for _, i := range b.needsBetween(e) {
		n := &b.s.Needs[i]
		worst = max(worst, n.Criticality)
		if s := serviceLabel(n); s != "" && !slices.Contains(services, s) {
			services = append(services, s)
		}
		b.d.Facts = append(b.d.Facts, b.fact(n, e.from, pathWords(on)))
		l.Stands++
	}
	l.set(worst)
	l.Classes = []string{worst.String()}
	for _, i := range on {
		l.Classes = append(l.Classes, fmt.Sprintf("path-%d", i))
	}
	if len(services) > 2 {
		services = append(services[:2], "more")
	}
	l.Label = phrase.List(services, "and")
	if all > 1 {
		if l.Label != "" {
			l.Label += "\n"
		}
		if len(on) == all {
			l.Label += "all paths"
		} else {
			l.Label += pathWords(on)
		}
	}
	l.Tooltip = fmt.Sprintf("%s serves %s", b.name(e.from), b.name(e.to))
	if on[0] == 1 {
		l.colour, l.width, l.weight = blue, 3, 8
	}
	b.line(l)
}

// needsBetween finds the needs that one node meets of another; a unit stands for its teams.
func (b *builder) needsBetween(e pair) []int32 {
	var found []int32
	needs, first := b.s.NeedsOf(e.to)
	for i := range needs {
		for _, p := range needs[i].Providers {
			if p == e.from || b.s.IsBox(p) && slices.Contains(b.s.TeamsOf(p), e.from) {
				found = append(found, first+int32(i))
				break
			}
		}
	}
	return found
}

func pathWords(on []int) string {
	s := "path"
	for i, p := range on {
		if i > 0 {
			s += ","
		}
		s += fmt.Sprintf(" %d", p)
	}
	return s
}

func (b *builder) pathWords(q analysis.PathQuery, paths []analysis.Path) {
	what := "shortest chain"
	if q.ByLeadTime {
		what = "quickest chain"
	}
	if len(paths) > 1 {
		what = fmt.Sprintf("%d %ss", len(paths), what)
	} else {
		what = "the " + what
	}
	b.d.Title = fmt.Sprintf("%s → %s: %s", b.name(q.From), b.name(q.To), what)
	var words []string
	for i, p := range paths {
		w := fmt.Sprintf("path %d: %s", i+1, phrase.Things(p.Hops, "link"))
		if t, ok := p.LeadTime.Get(); ok && q.ByLeadTime {
			w += ", " + phrase.Hours(t)
		} else if q.ByLeadTime {
			w += fmt.Sprintf(", %s without a lead time", phrase.Things(p.Missing, "link"))
		}
		words = append(words, w)
		if i == 5 && len(paths) > 7 {
			words = append(words, fmt.Sprintf("and %d more", len(paths)-i-1))
			break
		}
	}
	s := ""
	for i, w := range words {
		if i > 0 {
			s += "; "
		}
		s += w
	}
	b.note("%s.", s)
	if len(paths) > 1 {
		common := b.onAll(paths)
		if len(common) > 0 {
			b.note("All of them run through %s.", b.some(common, 4))
		}
	}
	if len(q.Via) > 0 {
		b.note("By way of %s.", b.some(q.Via, 4))
	}
	if len(q.Avoid) > 0 {
		b.note("Avoiding %s.", b.some(q.Avoid, 4))
	}
}

// onAll gives the nodes between the ends that every path runs through.
func (b *builder) onAll(paths []analysis.Path) []int32 {
	var common []int32
	first := paths[0].Nodes
	for _, v := range first[1 : len(first)-1] {
		if !slices.ContainsFunc(paths, func(p analysis.Path) bool { return !slices.Contains(p.Nodes, v) }) {
			common = append(common, v)
		}
	}
	return common
}
