package graph

import "slices"

// Ranked lists the sources whose rank can be changed, the winning one first: all but those that always win.
func (o *Org) Ranked() []*Source {
	return slices.DeleteFunc(slices.Clone(o.Sources), func(s *Source) bool { return s.Name == EditsSource || s.Name == Neo4jSource })
}

// Rerank makes the change set that gives a source another place among those that can be ranked, from 1; the others keep their
// order. Where sources differ, the first wins. An error is a *CorrectionError or an *UnknownError.
func Rerank(o *Org, name string, place int) (*ChangeSet, error) {
	ranked := o.Ranked()
	at := slices.IndexFunc(ranked, func(s *Source) bool { return s.Name == name })
	switch {
	case name == EditsSource || name == Neo4jSource:
		return nil, badCorrection("", "the source “%s” always goes before the files: its rank cannot be changed", name)
	case at < 0:
		e := &UnknownError{Ref: name}
		var called []calling
		for _, s := range ranked {
			called = append(called, calling{s.Name, s.Name})
		}
		e.Nearest = nearest(called, name, 3)
		return nil, e
	case place < 1 || place > len(ranked):
		return nil, badCorrection("", "there is no place %d: sources have places 1 to %d", place, len(ranked))
	}
	moved := ranked[at]
	ranked = slices.Insert(slices.Delete(ranked, at, at+1), place-1, moved)
	cs := &ChangeSet{Base: o.Version}
	if place == at+1 {
		return cs, nil
	}
	for i, s := range ranked {
		if s.Rank != i+1 {
			cs.Sources = append(cs.Sources, SourceChange{s.Name, s.Rank, i + 1})
		}
	}
	cs.sort()
	return cs, nil
}
