package graph

import (
	"cmp"
	"slices"
	"strings"

	"github.com/adrg/strutil/metrics"
)

// Lookup finds the node that a person means: by id, then exact name, then folded name or alias (the id that a name would
// have made counts as an alias); nodes before units, what is described before what is only referred to. An error is a
// *UnknownError.
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
	return -1, &UnknownError{Ref: ref, Nearest: s.Nearest(ref, 3)}
}

// Nearest gives up to most names of nodes that are like ref, best first. O(nodes).
func (s *Snapshot) Nearest(ref string, most int) []string {
	names := make([]string, 0, len(s.Nodes))
	for i := range s.Nodes {
		names = append(names, s.Nodes[i].Name)
	}
	return nearest(names, ref, most)
}

// nearest gives the names that are like ref, by the similarity of Jaro and Winkler (1990) of the folded texts, best first.
func nearest(names []string, ref string, most int) []string {
	const alike = 0.82
	type hit struct {
		name string
		like float64
	}
	var hits []hit
	jw := metrics.NewJaroWinkler()
	folded := Fold(ref)
	for _, n := range names {
		f := Fold(n)
		like := jw.Compare(folded, f)
		if len(folded) >= 3 && strings.Contains(f, folded) {
			like = max(like, 0.9)
		}
		if like >= alike {
			hits = append(hits, hit{n, like})
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
	if ok {
		switch sort {
		case "unit":
			u, err := s.lookup(name, Unit)
			if err != nil {
				return nil, err
			}
			return s.groupOf(func(i int32) bool { return i == u || s.isIn(i, u) }), nil
		case "site":
			site, err := s.lookup(name, Resource)
			if err != nil {
				return nil, err
			}
			return s.groupOf(func(i int32) bool { return i == site || slices.Contains(s.Nodes[i].Sites, site) }), nil
		case "tag":
			folded := Fold(name)
			group := s.groupOf(func(i int32) bool {
				return slices.ContainsFunc(s.Nodes[i].Tags, func(t string) bool { return Fold(t) == folded })
			})
			if len(group) == 0 {
				return nil, &UnknownError{Ref: ref, Nearest: nearest(s.Tags(), name, 3)}
			}
			return group, nil
		}
	}
	i, err := s.Lookup(ref)
	if err != nil {
		return nil, err
	}
	return []int32{i}, nil
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

// isIn says that x lies in the unit u, however deep.
func (s *Snapshot) isIn(x, u int32) bool {
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
