package answer

import (
	"cmp"
	"slices"

	"example.com/whoserves/graph"
)

// Rank gives the change set that puts the named sources first, in that order, and keeps the order of the others. It is
// empty when they stand so already. A source that is not there gives a *QuestionError.
func Rank(org *graph.Org, first []string) (*graph.ChangeSet, error) {
	names := make([]string, len(org.Sources))
	for i, s := range org.Sources {
		names[i] = s.Name
	}
	for i, name := range first {
		switch {
		case !slices.Contains(names, name):
			return nil, &QuestionError{Command: "sources", Key: "rank", Value: name, Right: names, Message: "there is no such source"}
		case slices.Contains(first[:i], name):
			return nil, &QuestionError{Command: "sources", Key: "rank", Value: name, Message: "name it only once"}
		}
	}
	place := func(s *graph.Source) int {
		if i := slices.Index(first, s.Name); i >= 0 {
			return i
		}
		return len(first)
	}
	order := slices.Clone(org.Sources)
	slices.SortStableFunc(order, func(a, b *graph.Source) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.Name, b.Name))
	})
	cs := &graph.ChangeSet{Base: org.Version}
	if slices.IsSortedFunc(order, func(a, b *graph.Source) int { return cmp.Compare(a.Rank, b.Rank) }) {
		return cs, nil
	}
	for i, s := range order {
		if s.Rank != i+1 {
			cs.Sources = append(cs.Sources, graph.SourceChange{Name: s.Name, Old: s.Rank, New: i + 1})
		}
	}
	slices.SortFunc(cs.Sources, func(a, b graph.SourceChange) int { return cmp.Compare(a.Name, b.Name) })
	return cs, nil
}
