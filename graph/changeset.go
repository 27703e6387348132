package graph

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// ChangeSet is what leads from one version of an Org to another: facts added, changed and removed, per source. It is the one
// mechanism behind preview, import, diff, history and undo.
type ChangeSet struct {
	Base    int64          `json:"base"` // the version that it applies to
	Sources []SourceChange `json:"sources,omitempty"`
	Nodes   []NodeChange   `json:"nodes,omitempty"` // sorted by source, then key
	Links   []LinkChange   `json:"links,omitempty"` // sorted by source, then key
}

// SourceChange is a source that appears (Old 0), changes its rank, or goes (New 0).
type SourceChange struct {
	Name string `json:"name"`
	Old  int    `json:"old,omitempty"` // rank
	New  int    `json:"new,omitempty"` // rank
}

// NodeChange is a record of a source that appears (Old nil), changes, or goes (New nil). Old and New have the same key.
type NodeChange struct {
	Source string      `json:"source"`
	Old    *NodeRecord `json:"old,omitempty"`
	New    *NodeRecord `json:"new,omitempty"`
}

// LinkChange is a record of a source that appears (Old nil), changes, or goes (New nil). Old and New have the same key.
type LinkChange struct {
	Source string      `json:"source"`
	Old    *LinkRecord `json:"old,omitempty"`
	New    *LinkRecord `json:"new,omitempty"`
}

// Key names the record that changes.
func (c NodeChange) Key() NodeKey {
	if c.New != nil {
		return c.New.Key()
	}
	return c.Old.Key()
}

// Key names the record that changes.
func (c LinkChange) Key() LinkKey {
	if c.New != nil {
		return c.New.Key()
	}
	return c.Old.Key()
}

// moved says that the record states the same as before, in another row.
func (c NodeChange) moved() bool { return c.Old != nil && c.New != nil && sameNode(c.Old, c.New) }

// moved says that the record states the same as before, in another row.
func (c LinkChange) moved() bool { return c.Old != nil && c.New != nil && sameLink(c.Old, c.New) }

// Empty says that nothing changes. Rows that only moved within their sheet do not count.
func (cs *ChangeSet) Empty() bool {
	return len(cs.Sources) == 0 &&
		!slices.ContainsFunc(cs.Nodes, func(c NodeChange) bool { return !c.moved() }) &&
		!slices.ContainsFunc(cs.Links, func(c LinkChange) bool { return !c.moved() })
}

// Inverse gives the change set that takes this one back; its Base is the version that this one led to, Base+1, unless the
// caller sets another.
func (cs *ChangeSet) Inverse() *ChangeSet {
	inv := &ChangeSet{Base: cs.Base + 1}
	for _, c := range cs.Sources {
		inv.Sources = append(inv.Sources, SourceChange{c.Name, c.New, c.Old})
	}
	for _, c := range cs.Nodes {
		inv.Nodes = append(inv.Nodes, NodeChange{c.Source, c.New, c.Old})
	}
	for _, c := range cs.Links {
		inv.Links = append(inv.Links, LinkChange{c.Source, c.New, c.Old})
	}
	return inv
}

func (cs *ChangeSet) sort() {
	slices.SortFunc(cs.Sources, func(a, b SourceChange) int { return strings.Compare(a.Name, b.Name) })
	sortRecords(cs.Nodes, compareNodeChanges)
	sortRecords(cs.Links, compareLinkChanges)
}

func compareNodeChanges(a, b NodeChange) int {
	return cmp.Or(strings.Compare(a.Source, b.Source), a.record().Compare(b.record()))
}

func compareLinkChanges(a, b LinkChange) int {
	if c := strings.Compare(a.Source, b.Source); c != 0 {
		return c
	}
	return a.record().Compare(b.record())
}

// isAscending says that no element comes after or is equal to the one behind it.
func isAscending[C any](cs []C, compare func(a, b C) int) bool {
	for i := 1; i < len(cs); i++ {
		if compare(cs[i-1], cs[i]) >= 0 {
			return false
		}
	}
	return true
}

func (c NodeChange) record() *NodeRecord { return cmp.Or(c.New, c.Old) }
func (c LinkChange) record() *LinkRecord { return cmp.Or(c.New, c.Old) }

// Apply gives the Org after the change set; o stays as it is. It fails, naming the first record, when what the change set
// takes as old is not what o holds (the row that it stood in does not count), and when the change set is not sorted or changes
// a record twice. The new Org's Version is o.Version; the store sets it. O(facts of the sources that change).
func (o *Org) Apply(cs *ChangeSet) (*Org, error) {
	if !isAscending(cs.Nodes, compareNodeChanges) || !isAscending(cs.Links, compareLinkChanges) {
		return nil, errors.New("the change set is out of order or changes a record twice")
	}
	after := &Org{Name: o.Name, Version: o.Version}
	byName := map[string]*Source{}
	for _, s := range o.Sources {
		c := *s
		byName[s.Name] = &c
	}
	for _, c := range cs.Sources {
		s := byName[c.Name]
		if s == nil && c.Old != 0 || s != nil && s.Rank != c.Old {
			return nil, fmt.Errorf("the change set takes source “%s” to rank %d, which is not so", c.Name, c.Old)
		}
		if s == nil {
			s = &Source{Name: c.Name}
			byName[c.Name] = s
		}
		s.Rank = c.New
	}
	for nodes := range runs(cs.Nodes, func(c NodeChange) string { return c.Source }) {
		s := byName[nodes[0].Source]
		if s == nil {
			return nil, fmt.Errorf("the change set is about source “%s”, which is not there", nodes[0].Source)
		}
		merged, stale := applyRecords(s.Nodes, nodes, NodeChange.parts, (*NodeRecord).Compare, sameNode)
		if stale != nil {
			return nil, fmt.Errorf("source “%s”, node “%s”: %w", s.Name, cmp.Or(stale.ID, stale.Name), errStale)
		}
		s.Nodes = merged
	}
	for links := range runs(cs.Links, func(c LinkChange) string { return c.Source }) {
		s := byName[links[0].Source]
		if s == nil {
			return nil, fmt.Errorf("the change set is about source “%s”, which is not there", links[0].Source)
		}
		merged, stale := applyRecords(s.Links, links, LinkChange.parts, (*LinkRecord).Compare, sameLink)
		if stale != nil {
			return nil, fmt.Errorf("source “%s”, link “%s” → “%s”: %w", s.Name, stale.Provider, stale.Consumer, errStale)
		}
		s.Links = merged
	}
	for _, s := range byName {
		if s.Rank <= 0 && len(s.Nodes)+len(s.Links) > 0 {
			return nil, fmt.Errorf("the change set drops source “%s”, which still states something", s.Name)
		}
		if s.Rank > 0 {
			after.Sources = append(after.Sources, s)
		}
	}
	SortSources(after.Sources)
	return after, nil
}

var errStale = errors.New("the change set was made for other facts than those that are there")

func (c NodeChange) parts() (old, new *NodeRecord) { return c.Old, c.New }
func (c LinkChange) parts() (old, new *LinkRecord) { return c.Old, c.New }

// runs cuts a sorted list into its stretches of one source.
func runs[C any](cs []C, source func(C) string) iter.Seq[[]C] {
	return func(yield func([]C) bool) {
		for len(cs) > 0 {
			n := 1
			for n < len(cs) && source(cs[n]) == source(cs[0]) {
				n++
			}
			if !yield(cs[:n]) {
				return
			}
			cs = cs[n:]
		}
	}
}

// applyRecords merges changes into the sorted records of one source. It gives the first record that is not as the changes
// take it, or nil.
func applyRecords[R, C any](records []*R, changes []C, parts func(C) (old, new *R), compare func(a, b *R) int, same func(a, b *R) bool) (merged []*R, stale *R) {
	merged = make([]*R, 0, len(records)+len(changes))
	for _, c := range changes {
		old, new := parts(c)
		at := cmp.Or(new, old)
		n, found := slices.BinarySearchFunc(records, at, compare)
		merged = append(merged, records[:n]...)
		records = records[n:]
		switch {
		case found != (old != nil), found && !same(records[0], old):
			return nil, at
		case found:
			records = records[1:]
		}
		if new != nil {
			merged = append(merged, new)
		}
	}
	return append(merged, records...), nil
}

// SortSources brings sources into the order in which they win: corrections first, then what others wrote into the database,
// then by rank and name.
func SortSources(ss []*Source) {
	class := func(s *Source) int {
		switch s.Name {
		case EditsSource:
			return 0
		case Neo4jSource:
			return 1
		}
		return 2
	}
	slices.SortFunc(ss, func(a, b *Source) int {
		return cmp.Or(cmp.Compare(class(a), class(b)), cmp.Compare(a.Rank, b.Rank), strings.Compare(a.Name, b.Name))
	})
}

// Compose joins change sets that follow one another into one, so that every record and source appears at most once and
// what came and went again does not appear. The Base is that of the first. O(changes).
func Compose(css ...*ChangeSet) *ChangeSet {
	if len(css) == 1 {
		return css[0]
	}
	type nodeAt struct {
		source string
		key    NodeKey
	}
	type linkAt struct {
		source string
		key    LinkKey
	}
	all := &ChangeSet{}
	sources, nodes, links := map[string]int{}, map[nodeAt]int{}, map[linkAt]int{}
	for n, cs := range css {
		if n == 0 {
			all.Base = cs.Base
		}
		for _, c := range cs.Sources {
			if i, ok := sources[c.Name]; ok {
				all.Sources[i].New = c.New
				continue
			}
			sources[c.Name] = len(all.Sources)
			all.Sources = append(all.Sources, c)
		}
		for _, c := range cs.Nodes {
			at := nodeAt{c.Source, c.Key()}
			if i, ok := nodes[at]; ok {
				all.Nodes[i].New = c.New
				continue
			}
			nodes[at] = len(all.Nodes)
			all.Nodes = append(all.Nodes, c)
		}
		for _, c := range cs.Links {
			at := linkAt{c.Source, c.Key()}
			if i, ok := links[at]; ok {
				all.Links[i].New = c.New
				continue
			}
			links[at] = len(all.Links)
			all.Links = append(all.Links, c)
		}
	}
	all.Sources = slices.DeleteFunc(all.Sources, func(c SourceChange) bool { return c.Old == c.New })
	all.Nodes = slices.DeleteFunc(all.Nodes, func(c NodeChange) bool {
		return c.Old == nil && c.New == nil || c.moved() && c.Old.From == c.New.From
	})
	all.Links = slices.DeleteFunc(all.Links, func(c LinkChange) bool {
		return c.Old == nil && c.New == nil || c.moved() && c.Old.From == c.New.From
	})
	all.sort()
	return all
}
