package graph

import (
	"cmp"
	"slices"
)

// Ranked lists the sources whose rank can be changed, the winning one first: all but those that always win.
func (o *Org) Ranked() []*Source {
	return slices.DeleteFunc(slices.Clone(o.Sources), func(s *Source) bool { return IsCorrection(s.Name) })
}

// Rerank makes the change set that puts the named sources first, in that order; the others keep theirs. Where sources differ, the
// first wins. It is empty when they stand so already. An error is an *UnknownError or a *CorrectionError.
func Rerank(o *Org, first ...string) (*ChangeSet, error) {
	ranked := o.Ranked()
	for i, name := range first {
		switch {
		case IsCorrection(name):
			return nil, badCorrection("", "the source “%s” always goes before the files: it has no rank to change", name)
		case !slices.ContainsFunc(ranked, func(s *Source) bool { return s.Name == name }):
			return nil, unknownSource(ranked, name)
		case slices.Contains(first[:i], name):
			return nil, badCorrection("", "the source “%s” is named twice: it can have one place only", name)
		}
	}
	place := func(s *Source) int {
		if i := slices.Index(first, s.Name); i >= 0 {
			return i
		}
		return len(first)
	}
	cs := &ChangeSet{Base: o.Version}
	inOrder := func(a, b *Source) int { return cmp.Compare(place(a), place(b)) }
	if slices.IsSortedFunc(ranked, inOrder) {
		return cs, nil
	}
	slices.SortStableFunc(ranked, inOrder)
	for i, s := range ranked {
		if s.Rank != i+1 {
			cs.Sources = append(cs.Sources, SourceChange{s.Name, s.Rank, i + 1})
		}
	}
	cs.sort()
	return cs, nil
}

func unknownSource(there []*Source, name string) error {
	var called []calling
	for _, s := range there {
		called = append(called, calling{s.Name, s.Name})
	}
	return &UnknownError{Ref: name, Nearest: nearest(called, name, 3)}
}
