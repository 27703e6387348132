package graph

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/adrg/strutil/metrics"
)

// Lookup finds the node that a person means: by id, then exact name, then folded name or alias (the id that a name would
// have made counts as an alias), then the one name that is only written in another manner; nodes before units, what is described
// before what is only referred to. An error is a *UnknownError.
func (s *Snapshot) Lookup(ref string) (int32, error) { return s.lookup(ref, NoKind) }

// lookup is Lookup among the nodes of a kind; NoKind stands for all.
func (s *Snapshot) lookup(ref string, kind Kind) (int32, error) {
	fits := func(i int32) bool { return kind == NoKind || s.Nodes[i].Kind == kind }
	if i := s.ByID(ref); i >= 0 && fits(i) {
		return i, nil
	}
	for _, space := range []*namespace{s.idx.nodes, s.idx.units} {
		found := describedFirst(space.findThat(ref, fits), func(i int32) bool { return s.Nodes[i].Placeholder })
		switch len(found) {
		case 0:
		case 1:
			return found[0], nil
		default:
			e := &UnknownError{Ref: ref}
			for _, i := range found {
				e.Several = append(e.Several, s.Nodes[i].ID)
			}
			slices.Sort(e.Several)
			return -1, e
		}
	}
	for _, unit := range []bool{false, true} {
		if found := s.like(ref, unit, fits); found != nil {
			return found[0], nil
		}
	}
	return -1, &UnknownError{Ref: ref, Nearest: s.nearest(ref, 3, fits)}
}

// Means lists what a reference in a record can mean: nodes of a kind or, for NoKind, whatever an end of a link may name (nodes,
// before them what is described, then units). One is the node meant, several are ambiguous, and none would make a placeholder.
func (s *Snapshot) Means(ref string, kind Kind) []int32 {
	fits := func(i int32) bool { return kind == NoKind || s.Nodes[i].Kind == kind }
	spaces, units := []*namespace{s.idx.nodes, s.idx.units}, []bool{false, true}
	switch kind {
	case NoKind:
	case Unit:
		spaces, units = spaces[1:], units[1:]
	default:
		spaces, units = spaces[:1], units[:1]
	}
	for _, space := range spaces {
		if found := space.findThat(ref, fits); len(found) > 0 {
			if kind != NoKind {
				return found
			}
			return describedFirst(found, func(i int32) bool { return s.Nodes[i].Placeholder })
		}
	}
	for _, unit := range units {
		if found := s.like(ref, unit, fits); found != nil {
			return found
		}
	}
	return nil
}

// like gives the one node, or unit, that ref names in another spelling; nil when there is none.
func (s *Snapshot) like(ref string, unit bool, fits func(i int32) bool) []int32 {
	l := s.idx.likes
	l.once.Do(func() { l.nodes, l.units = s.newLikes(false), s.newLikes(true) })
	likes := l.nodes
	if unit {
		likes = l.units
	}
	i, _, ok := likes.find(ref, NoKind, fits, func(i int32) Kind { return cmp.Or(statedKind(s.Nodes[i].Stated), s.Nodes[i].Kind) })
	if !ok {
		return nil
	}
	return []int32{i}
}

func (s *Snapshot) newLikes(unit bool) *lookalikes {
	likes := newLookalikes(nil)
	for i := range s.Nodes {
		n := &s.Nodes[i]
		if (n.Kind == Unit) != unit {
			continue
		}
		likes.addStated(int32(i), n.Stated)
		if n.Placeholder {
			likes.add(int32(i), n.Name, n.Kind)
		}
	}
	return likes
}

// Nearest gives up to most names of nodes that are, by name or alias, like ref, best first. O(nodes).
func (s *Snapshot) Nearest(ref string, most int) []string {
	return s.nearest(ref, most, func(int32) bool { return true })
}

// nearest is Nearest among the nodes that fit.
func (s *Snapshot) nearest(ref string, most int, fits func(i int32) bool) []string {
	called := make([]calling, 0, len(s.Nodes))
	for i := range s.Nodes {
		if !fits(int32(i)) {
			continue
		}
		n := &s.Nodes[i]
		called = append(called, calling{n.Name, n.Name})
		for _, alias := range n.Aliases {
			called = append(called, calling{alias, n.Name})
		}
	}
	return nearest(called, ref, most)
}

// calling is what something is called, and the name under which to suggest it.
type calling struct{ as, name string }

// nearest gives the names of what is called like ref, by the similarity of Jaro and Winkler (1990) of the folded texts, best
// first.
func nearest(called []calling, ref string, most int) []string {
	const alike = 0.82
	type hit struct {
		name string
		like float64
	}
	var hits []hit
	jw := metrics.NewJaroWinkler()
	folded := Fold(ref)
	for _, c := range called {
		f := Fold(c.as)
		like := jw.Compare(folded, f)
		if len(folded) >= 3 && strings.Contains(f, folded) {
			like = max(like, 0.9)
		}
		if like >= alike {
			hits = append(hits, hit{c.name, like})
		}
	}
	slices.SortFunc(hits, func(a, b hit) int { return cmp.Or(cmp.Compare(b.like, a.like), strings.Compare(a.name, b.name)) })
	var out []string
	for _, h := range hits {
		if len(out) < most && !slices.Contains(out, h.name) {
			out = append(out, h.name)
		}
	}
	return out
}

// ByID finds a node by its exact id; -1 when there is none. O(log nodes).
func (s *Snapshot) ByID(id string) int32 {
	i, ok := slices.BinarySearchFunc(s.Nodes, id, func(n Node, id string) int { return strings.Compare(n.ID, id) })
	if !ok {
		return -1
	}
	return int32(i)
}

// Group gives the nodes that a group name means, sorted: "unit:ID" (all in the unit, nested too), "site:NAME" (all at the
// site, and the site itself), "tag:NAME"; boxes of the org chart and customers, or those that stand in for them, are never in
// one. Anything else is one node, as in Lookup. An error is a *UnknownError.
func (s *Snapshot) Group(ref string) ([]int32, error) {
	sort, name, ok := strings.Cut(ref, ":")
	if !ok {
		sort = ""
	}
	switch sort {
	case "unit":
		u, err := s.lookupAs(ref, name, Unit)
		if err != nil {
			return nil, err
		}
		return s.groupOf(func(i int32) bool { return i == u || s.IsIn(i, u) }), nil
	case "site":
		site, err := s.lookupAs(ref, name, Resource)
		if err != nil {
			return nil, err
		}
		return s.groupOf(func(i int32) bool { return i == site || slices.Contains(s.Nodes[i].Sites, site) }), nil
	case "tag":
		return s.tagged(ref, name)
	}
	i, err := s.Lookup(ref)
	if err != nil {
		return nil, err
	}
	return []int32{i}, nil
}

// lookupAs is lookup for a name that is a part of ref: an error speaks of the whole.
func (s *Snapshot) lookupAs(ref, name string, kind Kind) (int32, error) {
	i, err := s.lookup(name, kind)
	var unknown *UnknownError
	if errors.As(err, &unknown) {
		unknown.Ref = ref
	}
	return i, err
}

// tagged gives the group of those that bear a tag.
func (s *Snapshot) tagged(ref, tag string) ([]int32, error) {
	folded := Fold(tag)
	group := s.groupOf(func(i int32) bool {
		return slices.ContainsFunc(s.Nodes[i].Tags, func(t string) bool { return Fold(t) == folded })
	})
	if len(group) > 0 {
		return group, nil
	}
	var called []calling
	for _, t := range s.Tags() {
		called = append(called, calling{t, t})
	}
	return nil, &UnknownError{Ref: ref, Nearest: nearest(called, tag, 3)}
}

func (s *Snapshot) groupOf(in func(int32) bool) []int32 {
	var group []int32
	for i := range int32(len(s.Nodes)) {
		if _, customer := slices.BinarySearch(s.Customers, i); !customer && !s.IsBox(i) && in(i) {
			group = append(group, i)
		}
	}
	return group
}

// IsIn says that x lies in the unit u, however deep.
func (s *Snapshot) IsIn(x, u int32) bool {
	for at := s.Nodes[x].Unit; at >= 0; at = s.Nodes[at].Unit {
		if at == u {
			return true
		}
	}
	return false
}

// Tags lists the tags that nodes have, sorted.
func (s *Snapshot) Tags() []string {
	var tags []string
	for i := range s.Nodes {
		tags = append(tags, s.Nodes[i].Tags...)
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}
