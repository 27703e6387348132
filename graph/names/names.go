// Package names finds names that probably mean one thing though they are written in two ways, says why, and keeps what people
// decided about them as plain aliases of the source. It merges nothing itself.
//
// Names that are the same but for case, accents, spaces, company form or the order of words are brought together by package graph
// wherever this is certain. What is left here are misspellings, plurals, abbreviations, first letters, words like “team” that
// one source writes and another does not, and the certain cases where something speaks against them.
package names

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// Pair is two names that may mean one thing.
type Pair struct {
	// Name is what an incoming source says, Like is what it may mean; both as they are written.
	Name string `json:"name"`
	Like string `json:"like"`
	// ID is the id that Source gives the one, LikeID the id that sources give the other; "" where none does.
	ID     string `json:"id,omitempty"`
	LikeID string `json:"like_id,omitempty"`
	// Node and LikeNode are the ids of the two nodes in the snapshot.
	Node     string     `json:"node"`
	LikeNode string     `json:"like_node"`
	Kind     graph.Kind `json:"-"`
	LikeKind graph.Kind `json:"-"`
	// Source says Name, LikeSource says Like; Origin and LikeOrigin are the first rows that do.
	Source     string       `json:"source"`
	LikeSource string       `json:"like_source"`
	Origin     graph.Origin `json:"origin"`
	LikeOrigin graph.Origin `json:"like_origin"`
	// Uses and LikeUses count the rows of all sources that speak of the one and of the other.
	Uses     int        `json:"uses"`
	LikeUses int        `json:"like_uses"`
	Evidence []Evidence `json:"evidence"`
	Score    float64    `json:"score"` // 0 to 1, two decimals; at least 0.75

	kind graph.Kind // what a decision has to say: that it is a unit, and of what nobody describes, what it is
}

// String says the two names and why they may mean one thing: “Payrol” may be “Payroll” (one letter differs; but their contacts differ).
func (p Pair) String() string {
	var reasons []string
	for _, e := range p.Evidence {
		if e.Against {
			reasons = append(reasons, "but "+e.Text)
		} else {
			reasons = append(reasons, e.Text)
		}
	}
	return fmt.Sprintf("“%s” may be “%s” (%s)", p.Name, p.Like, strings.Join(reasons, "; "))
}

// Found is what Propose found.
type Found struct {
	Pairs []Pair // the most likely first
	// Left counts comparisons that were not made and pairs that were left out, because a name is like so many others that it is
	// one of a series. 0 for all but odd input.
	Left int
}

const (
	least     = 0.75 // score of what is proposed
	worth     = 0.60 // score of names alone from which it is worth looking at what else is known
	mostPairs = 20   // proposals for one name
)

// calling is how one source calls a node.
type calling struct {
	source, text string
	from         graph.Origin
	alias        bool // not in use: only said to be another name
}

// called is all that is said about how a node is called.
type called struct {
	callings []calling
	rows     int
	own      []string // fresh sources in which a decision about this node holds
	old      bool     // a source that is not fresh speaks of it
}

// Propose finds the names of the fresh sources that probably mean something that has another name: in the other sources or in the
// same. The snapshot holds all sources, the fresh ones included. What was decided is not proposed again. Any input takes a bounded
// time, O(names · letters) and at most 16 million comparisons.
func Propose(snap *graph.Snapshot, fresh []string, decided Decisions) Found {
	return newProposer(snap, fresh, decided).propose()
}

func newProposer(snap *graph.Snapshot, fresh []string, decided Decisions) *proposer {
	p := &proposer{snap: snap, fresh: map[string]bool{}, decided: decided.index()}
	for _, s := range fresh {
		p.fresh[s] = true
	}
	p.call()
	p.spell()
	return p
}

type proposer struct {
	snap    *graph.Snapshot
	fresh   map[string]bool
	decided map[decidedKey]bool
	called  []called

	index *index
	nodes []int32 // by spelling: its node
}

// best is the best comparison of two nodes, the name of the first being that of a fresh source.
type best struct {
	score       float64
	why         []Evidence
	name, other int32 // spellings
}

func (p *proposer) propose() Found {
	found := map[[2]int32]*best{}
	compared := 0
	for i := range int32(len(p.index.spellings)) {
		for _, j := range p.index.candidates(i) {
			if p.nodes[i] == p.nodes[j] {
				continue
			}
			if compared >= mostCompare {
				p.index.left++
				continue
			}
			compared++
			if !p.index.mayMatch(i, j) {
				continue
			}
			score, why := compare(p.index.spellings[i], p.index.spellings[j])
			if score < worth {
				continue
			}
			for _, at := range [][2]int32{{i, j}, {j, i}} {
				if p.index.fresh[at[0]] {
					keep(found, [2]int32{p.nodes[at[0]], p.nodes[at[1]]}, &best{score, why, at[0], at[1]})
				}
			}
		}
	}
	p.index.compared += compared
	var pairs []Pair
	for _, key := range slices.SortedFunc(maps.Keys(found), func(a, b [2]int32) int { return slices.Compare(a[:], b[:]) }) {
		if found[[2]int32{key[1], key[0]}] != nil && p.rather(key[1], key[0]) {
			continue
		}
		if pair, ok := p.judge(key[0], key[1], found[key]); ok {
			pairs = append(pairs, pair)
		} else if other := found[[2]int32{key[1], key[0]}]; other != nil {
			if pair, ok := p.judge(key[1], key[0], other); ok {
				pairs = append(pairs, pair)
			}
		}
	}
	return p.finish(pairs)
}

func keep(found map[[2]int32]*best, key [2]int32, b *best) {
	if have := found[key]; have == nil || cmp.Or(cmp.Compare(b.score, have.score), cmp.Compare(have.name, b.name), cmp.Compare(have.other, b.other)) > 0 {
		found[key] = b
	}
}

// finish sorts, and leaves out what is one of a series.
func (p *proposer) finish(pairs []Pair) Found {
	slices.SortFunc(pairs, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.Name, b.Name), strings.Compare(a.Like, b.Like), strings.Compare(a.Node, b.Node), strings.Compare(a.LikeNode, b.LikeNode))
	})
	of := map[string]int{}
	out := Found{Left: p.index.left}
	for _, pair := range pairs {
		if of[pair.Node]++; of[pair.Node] > mostPairs {
			out.Left++
			continue
		}
		out.Pairs = append(out.Pairs, pair)
	}
	return out
}

// call lists how every node is called, by whom.
func (p *proposer) call() {
	s := p.snap
	p.called = make([]called, len(s.Nodes))
	for i := range s.Nodes {
		n := &s.Nodes[i]
		for _, st := range n.Stated {
			r := st.Record
			p.add(int32(i), st.Source, r.Name, r.From, false)
			p.called[i].rows++
			for _, a := range r.Aliases {
				p.add(int32(i), st.Source, a, r.From, true)
			}
			p.refer(st.Source, r.Unit, graph.Unit, r.From)
			p.refer(st.Source, r.Manager, graph.NoKind, r.From)
			for _, t := range r.Teams {
				p.refer(st.Source, t, graph.NoKind, r.From)
			}
			for _, site := range r.Sites {
				p.refer(st.Source, site, graph.Resource, r.From)
			}
		}
	}
	for i := range s.Links {
		l := &s.Links[i]
		for _, st := range l.Stated {
			p.end(l.Provider, st.Source, st.Record.Provider, st.Record.From)
			p.end(l.Consumer, st.Source, st.Record.Consumer, st.Record.From)
		}
	}
	for i := range p.called {
		p.owners(int32(i))
	}
}

// refer notes a reference in a column.
func (p *proposer) refer(source, text string, kind graph.Kind, from graph.Origin) {
	if strings.TrimSpace(text) == "" {
		return
	}
	if means := p.snap.Means(strings.TrimSpace(text), kind); len(means) == 1 {
		p.end(means[0], source, text, from)
	}
}

// end notes a reference that came to mean a node.
func (p *proposer) end(node int32, source, text string, from graph.Origin) {
	p.called[node].rows++
	n := &p.snap.Nodes[node]
	if text = strings.TrimSpace(text); text == n.ID && !n.Placeholder && n.Name != n.ID {
		text = "" // by id
	}
	p.add(node, source, text, from, false)
}

func (p *proposer) add(node int32, source, text string, from graph.Origin, alias bool) {
	c := &p.called[node]
	c.old = c.old || !p.fresh[source] && !alias
	if text = strings.TrimSpace(text); text == "" {
		return
	}
	for i := range c.callings {
		if had := &c.callings[i]; had.source == source && had.text == text {
			had.alias = had.alias && alias
			if compareOrigins(from, had.from) < 0 {
				had.from = from
			}
			return
		}
	}
	c.callings = append(c.callings, calling{source, text, from, alias})
}

func compareOrigins(a, b graph.Origin) int {
	return cmp.Or(strings.Compare(a.File, b.File), strings.Compare(a.Sheet, b.Sheet), cmp.Compare(a.Row, b.Row))
}

// owners finds the fresh sources in which a decision about a node holds: those that give it its id; where it has none, those
// that speak of it.
func (p *proposer) owners(i int32) {
	c := &p.called[i]
	hasID := p.givenID(i) != ""
	add := func(source string) {
		if p.fresh[source] && !slices.Contains(c.own, source) {
			c.own = append(c.own, source)
		}
	}
	for _, st := range p.snap.Nodes[i].Stated {
		if hasID && st.Record.ID == p.snap.Nodes[i].ID {
			add(st.Source)
		}
	}
	for _, calling := range c.callings {
		if !hasID && !calling.alias {
			add(calling.source)
		}
	}
	slices.SortFunc(c.callings, func(a, b calling) int {
		return cmp.Or(strings.Compare(a.source, b.source), compareOrigins(a.from, b.from), strings.Compare(a.text, b.text))
	})
	slices.Sort(c.own)
}

// givenID gives the id of a node when a source states it, "" when it was made from its name.
func (p *proposer) givenID(i int32) string {
	n := &p.snap.Nodes[i]
	for _, st := range n.Stated {
		if st.Record.ID != "" {
			return n.ID
		}
	}
	return ""
}

// spell makes the names ready, each folded name of a node once.
func (p *proposer) spell() {
	var all []*spelling
	var fresh []bool
	for i := range p.called {
		c := &p.called[i]
		from := len(all)
		for _, k := range c.callings {
			folded := graph.Fold(k.text)
			own := !k.alias && slices.Contains(c.own, k.source)
			at := slices.IndexFunc(all[from:], func(s *spelling) bool { return s.folded == folded })
			if at >= 0 {
				for ; own && at < len(all)-from && all[from+at].folded == folded; at++ {
					all[from+at].raw, fresh[from+at] = k.text, true
				}
				continue
			}
			for _, s := range spellings(k.text) {
				all, fresh, p.nodes = append(all, s), append(fresh, own), append(p.nodes, int32(i))
			}
		}
	}
	p.index = newIndex(all, fresh)
}

// rather says that it is better to ask whether a means b than whether b means a: b is what others know, is described, has an
// id, is spoken of more.
func (p *proposer) rather(a, b int32) bool {
	rank := func(i int32) (r int) {
		if p.called[i].old {
			r += 4
		}
		if !p.snap.Nodes[i].Placeholder {
			r += 2
		}
		if p.givenID(i) != "" {
			r++
		}
		return r
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(p.called[a].rows, p.called[b].rows), cmp.Compare(b, a)) < 0
}

// judge looks at all that is known of two nodes whose names are alike, and makes the Pair unless something forbids it.
func (p *proposer) judge(x, y int32, b *best) (Pair, bool) {
	score, why := b.score, slices.Clone(b.why)
	if p.forbidden(x, y, p.index.spellings[b.name].folded == p.index.spellings[b.other].folded) || p.isDecided(x, y) {
		return Pair{}, false
	}
	note := func(points float64, format string, args ...any) {
		score += points
		why = append(why, Evidence{fmt.Sprintf(format, args...), points < 0})
	}
	n, m := &p.snap.Nodes[x], &p.snap.Nodes[y]
	if n.Contact != "" && graph.Fold(n.Contact) == graph.Fold(m.Contact) {
		note(0.15, "the same contact: %s", n.Contact)
	}
	if shared, of := p.neighbours(x, y); shared >= 2 && 2*shared >= of {
		points := 0.1 * float64(shared) / float64(of)
		if shared >= 3 {
			points += 0.05
		}
		note(points, "linked with the same: %d of %d", shared, of)
	}
	if !n.Placeholder && !m.Placeholder && n.Kind != m.Kind {
		note(-0.1, "one is a %s, the other a %s", n.Kind, m.Kind)
	}
	if n.Unit >= 0 && m.Unit >= 0 && n.Unit != m.Unit {
		note(-0.05, "one belongs to %s, the other to %s", p.snap.Nodes[n.Unit].Name, p.snap.Nodes[m.Unit].Name)
	}
	if a, b := p.givenID(x), p.givenID(y); a != "" && b != "" {
		note(-0.02, "each has an id: %s, %s", a, b)
	}
	if score = math.Round(100*min(score, 1)) / 100; score < least {
		return Pair{}, false
	}
	pair := p.pair(x, y, b, score, why)
	return pair, pair.LikeID != "" || p.isOnly(y, pair.Like)
}

// isOnly says that a name means this node and no other, so that a decision can speak of it by name.
func (p *proposer) isOnly(node int32, name string) bool {
	kind := graph.NoKind
	if p.snap.Nodes[node].Kind == graph.Unit {
		kind = graph.Unit
	}
	means := p.snap.Means(name, kind)
	return len(means) == 1 && means[0] == node
}

// pair writes down what is known.
func (p *proposer) pair(x, y int32, b *best, score float64, why []Evidence) Pair {
	n, m := &p.snap.Nodes[x], &p.snap.Nodes[y]
	name, like := p.who(x, b.name, true), p.who(y, b.other, false)
	kind := graph.NoKind
	switch {
	case m.Kind == graph.Unit:
		kind = m.Kind
	case m.Placeholder && !n.Placeholder:
		kind = n.Kind
	case m.Placeholder && m.Kind != graph.Team:
		kind = m.Kind
	}
	return Pair{
		Name: name.text, ID: p.givenID(x), Node: n.ID, Kind: n.Kind, Source: name.source, Origin: name.from, Uses: p.called[x].rows,
		Like: like.text, LikeID: p.givenID(y), LikeNode: m.ID, LikeKind: m.Kind, LikeSource: like.source, LikeOrigin: like.from, LikeUses: p.called[y].rows,
		Evidence: why, Score: score, kind: kind,
	}
}

// who finds the source that calls a node so, and where.
func (p *proposer) who(node, spelling int32, own bool) calling {
	c := &p.called[node]
	folded := p.index.spellings[spelling].folded
	for _, k := range c.callings {
		if graph.Fold(k.text) == folded && (!own || !k.alias && slices.Contains(c.own, k.source)) {
			return k
		}
	}
	return calling{text: p.snap.Nodes[node].Name}
}

// neighbours counts whom both are linked with, of those that the one with fewer is.
func (p *proposer) neighbours(x, y int32) (shared, of int) {
	a, b := p.linked(x), p.linked(y)
	for _, n := range a {
		if _, ok := slices.BinarySearch(b, n); ok {
			shared++
		}
	}
	return shared, min(len(a), len(b))
}

func (p *proposer) linked(x int32) []int32 {
	const most = 1000
	var all []int32
	for _, l := range p.snap.LinksFrom(x)[:min(most, len(p.snap.LinksFrom(x)))] {
		all = append(all, p.snap.Links[l].Consumer)
	}
	for _, l := range p.snap.LinksTo(x)[:min(most, len(p.snap.LinksTo(x)))] {
		all = append(all, p.snap.Links[l].Provider)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// forbidden says that two nodes are two things whatever their names, or that x cannot become y.
func (p *proposer) forbidden(x, y int32, sameName bool) bool {
	n, m := &p.snap.Nodes[x], &p.snap.Nodes[y]
	switch {
	case n.Kind == graph.Unit != (m.Kind == graph.Unit) && !(n.Placeholder && n.Kind == graph.Team && m.Kind == graph.Unit),
		(isSite(n) || isSite(m)) && n.Kind != m.Kind,
		n.Contact != "" && m.Contact != "" && graph.Fold(n.Contact) != graph.Fold(m.Contact):
		return true
	}
	if !n.Placeholder && !m.Placeholder {
		if (n.Kind == graph.Person) != (m.Kind == graph.Person) || n.Kind == graph.Person && n.Contact == "" {
			return true
		}
		for _, a := range n.Stated {
			for _, b := range m.Stated {
				if a.Source == b.Source && a.Record.ID != "" && b.Record.ID != "" {
					return true
				}
			}
		}
	}
	return p.areLinked(x, y) || p.areLinked(y, x)
}

// isSite says that a node is known only as the site of others: none but a resource can be that.
func isSite(n *graph.Node) bool { return n.Placeholder && n.Kind == graph.Resource }

// areLinked says that x serves y, is in it, reports to it, stands there.
func (p *proposer) areLinked(x, y int32) bool {
	n := &p.snap.Nodes[x]
	if n.Unit == y || n.Manager == y || slices.Contains(n.Teams, y) || slices.Contains(n.Sites, y) {
		return true
	}
	return slices.ContainsFunc(p.snap.LinksFrom(x), func(l int32) bool { return p.snap.Links[l].Consumer == y })
}
