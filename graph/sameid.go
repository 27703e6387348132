package graph

import (
	"maps"
	"slices"
)

// idOf is an id in one of the two spaces.
type idOf struct {
	unit bool
	id   string
}

func (r *NodeRecord) idOf() idOf { return idOf{r.Kind == Unit, r.ID} }

// onlyCalls says that a row states nothing about an id but what it is called.
func (r *NodeRecord) onlyCalls() bool {
	return r.ID != "" && len(r.Aliases) > 0 && sameNode(r, &NodeRecord{ID: r.ID, Kind: r.Kind, Aliases: r.Aliases})
}

// sameIDs finds the ids that a source says are another, “my B7 is your A1”: it describes B7 by a row of its own, and a row that
// gives A1 the alias B7 and states nothing else. Where several are said to be meant, or each is said to be the other, they stay what they are.
func (r *resolver) sameIDs(sources []*Source) map[idOf]string {
	same := map[idOf]string{}
	several := map[idOf]bool{}
	for _, s := range sources {
		var described map[idOf]bool
		for _, rec := range s.Nodes {
			if !rec.onlyCalls() {
				continue
			}
			if described == nil {
				described = describedIDs(s)
			}
			for _, a := range rec.Aliases {
				my := idOf{rec.Kind == Unit, a}
				if a == rec.ID || !described[my] {
					continue
				}
				if is := same[my]; is == "" {
					r.problem(rec.From, "aliases", Info, "the id %s is the same as %s: a row gives this one the alias and states nothing else", a, rec.ID)
				} else if is != rec.ID {
					several[my] = true
				}
				same[my] = rec.ID
			}
		}
	}
	maps.DeleteFunc(same, func(my idOf, _ string) bool { return several[my] })
	return lastIDs(same)
}

// describedIDs gives the ids that rows of a source describe.
func describedIDs(s *Source) map[idOf]bool {
	ids := make(map[idOf]bool, len(s.Nodes))
	for _, rec := range s.Nodes {
		if rec.ID != "" {
			ids[rec.idOf()] = true
		}
	}
	return ids
}

// lastIDs follows chains of ids to their ends; ids that lead in a circle are left out. O(ids).
func lastIDs(same map[idOf]string) map[idOf]string {
	last := make(map[idOf]string, len(same))
	circle := map[idOf]bool{}
	for my := range same {
		var chain []idOf
		onChain := map[idOf]bool{}
		at := my
		for same[at] != "" && last[at] == "" && !circle[at] && !onChain[at] {
			chain, onChain[at] = append(chain, at), true
			at.id = same[at]
		}
		end := at.id
		if last[at] != "" {
			end = last[at]
		}
		for _, id := range slices.Backward(chain) {
			if circle[at] || onChain[at] {
				circle[id] = true
			} else {
				last[id] = end
			}
		}
	}
	return last
}
