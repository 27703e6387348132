package graph

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Undo takes version n back as a new version (n 0: the last one). It is refused with a *LaterChangesError when facts that
// version n changed are not as it left them; what later versions changed and changed back does not count. Undoing an undo is
// redo. confirm is asked as in [Commit]; when somebody else was faster, all of it starts again. O(changes since version n).
func Undo(ctx context.Context, st Store, n int64, record VersionRecord, confirm func(*Preview) error) (*Preview, int64, error) {
	return change(ctx, st, confirm, func(current *Org) (*ChangeSet, VersionRecord, error) {
		if n == 0 {
			n = current.Version
		}
		back, err := takeBack(ctx, st, n, current.Version)
		if err == nil {
			record.Undoes, record.Sources = n, back.sourceNames()
		}
		return back, record, err
	})
}

// takeBack gives the change set that takes version n back when the store is at version now.
func takeBack(ctx context.Context, st Store, n, now int64) (*ChangeSet, error) {
	if n < 1 || n > now {
		return nil, fmt.Errorf("version %d: %w", n, ErrNoVersion)
	}
	back, err := st.Changes(ctx, n, n-1)
	if err != nil {
		return nil, err
	}
	since, err := st.Changes(ctx, n, now)
	if err != nil {
		return nil, err
	}
	back.keepEdits(since)
	if shared := back.shared(since); len(shared) > 0 {
		return nil, laterChanges(ctx, st, n, now, shared)
	}
	back.leaveMoved(since)
	back.Base = now
	return back, nil
}

// keepEdits lets the corrections stay where later versions made more of them: each stands by itself.
func (cs *ChangeSet) keepEdits(later *ChangeSet) {
	if slices.ContainsFunc(later.Nodes, func(c NodeChange) bool { return c.Source == EditsSource && c.New != nil }) ||
		slices.ContainsFunc(later.Links, func(c LinkChange) bool { return c.Source == EditsSource && c.New != nil }) {
		cs.Sources = slices.DeleteFunc(cs.Sources, func(c SourceChange) bool { return c.Name == EditsSource && c.New == 0 })
	}
}

// factKey names what a change set changes: a record of a source or, with neither key, the source itself.
type factKey struct {
	source string
	isNode bool
	isLink bool
	node   NodeKey
	link   LinkKey
}

// facts gives what a change set changes, each with words for it. Rows that only moved do not count.
func (cs *ChangeSet) facts() iter.Seq2[factKey, func() string] {
	return func(yield func(factKey, func() string) bool) {
		for _, c := range cs.Sources {
			if !yield(factKey{source: c.Name}, c.words) {
				return
			}
		}
		for _, c := range cs.Nodes {
			if !c.moved() && !yield(factKey{source: c.Source, isNode: true, node: c.Key()}, c.words) {
				return
			}
		}
		for _, c := range cs.Links {
			if !c.moved() && !yield(factKey{source: c.Source, isLink: true, link: c.Key()}, c.words) {
				return
			}
		}
	}
}

func (c SourceChange) words() string {
	switch {
	case c.Old == 0:
		return fmt.Sprintf("added source “%s”", c.Name)
	case c.New == 0:
		return fmt.Sprintf("removed source “%s”", c.Name)
	}
	return fmt.Sprintf("changed the rank of source “%s”", c.Name)
}

func (c NodeChange) words() string {
	return fmt.Sprintf("changed “%s”", cmp.Or(c.record().Name, c.record().ID))
}

func (c LinkChange) words() string {
	return fmt.Sprintf("changed the link “%s” → “%s”", c.record().Provider, c.record().Consumer)
}

// shared gives what a later change set changes of that which this one changes. A source that goes takes all its facts with it.
func (cs *ChangeSet) shared(later *ChangeSet) map[factKey]bool {
	mine, about, dropped := map[factKey]bool{}, map[string]bool{}, map[string]bool{}
	for k := range cs.facts() {
		mine[k], about[k.source] = true, true
	}
	for _, c := range cs.Sources {
		dropped[c.Name] = c.New == 0
	}
	shared := map[factKey]bool{}
	for k := range later.facts() {
		if mine[k] || dropped[k.source] {
			shared[k] = true
		}
	}
	for _, c := range later.Sources {
		if c.New == 0 && about[c.Name] {
			shared[factKey{source: c.Name}] = true
		}
	}
	return shared
}

// leaveMoved leaves out the rows that only moved where later versions changed what they state.
func (cs *ChangeSet) leaveMoved(later *ChangeSet) {
	changed := map[factKey]bool{}
	for k := range later.facts() {
		changed[k] = true
	}
	cs.Nodes = slices.DeleteFunc(cs.Nodes, func(c NodeChange) bool {
		return c.moved() && changed[factKey{source: c.Source, isNode: true, node: c.Key()}]
	})
	cs.Links = slices.DeleteFunc(cs.Links, func(c LinkChange) bool {
		return c.moved() && changed[factKey{source: c.Source, isLink: true, link: c.Key()}]
	})
}

// laterChanges says which versions after n changed the facts that stand in the way, a few of each.
func laterChanges(ctx context.Context, st Store, n, now int64, shared map[factKey]bool) error {
	const most = 5
	later := &LaterChangesError{Version: n}
	for v := n + 1; v <= now; v++ {
		cs, err := st.Changes(ctx, v-1, v)
		if err != nil {
			return err
		}
		found := 0
		for k, words := range cs.facts() {
			if !shared[k] {
				continue
			}
			if found++; found <= most {
				later.Later = append(later.Later, fmt.Sprintf("version %d %s", v, words()))
			}
		}
		if found > most {
			later.Later = append(later.Later, fmt.Sprintf("version %d changed %d more of them", v, found-most))
		}
	}
	return later
}

// LaterChangesError says that a version cannot be taken back since later ones changed the same facts.
type LaterChangesError struct {
	Version int64
	Later   []string // "version 7 changed the link “Payroll” → “Crew scheduling”"
}

func (e *LaterChangesError) Error() string {
	return fmt.Sprintf("version %d cannot be undone, since later versions changed the same facts: %s. Undo those first",
		e.Version, strings.Join(e.Later, ", "))
}

// sourceNames names the sources that a change set is about, sorted.
func (cs *ChangeSet) sourceNames() []string {
	var names []string
	for _, c := range cs.Sources {
		names = append(names, c.Name)
	}
	for _, c := range cs.Nodes {
		names = append(names, c.Source)
	}
	for _, c := range cs.Links {
		names = append(names, c.Source)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
