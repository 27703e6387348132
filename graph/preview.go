package graph

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// Preview is what an import or an undo would do, before it is done.
type Preview struct {
	Changes *ChangeSet
	Effect  *Effect
	Before  *Snapshot
	After   *Snapshot
	// Shrinking names the sources that would lose more than a third of their facts.
	Shrinking []Shrinking
}

// Shrinking is a source that would lose many of its facts. A fact is a row (that the thing is there) or a field that a row
// states.
type Shrinking struct {
	Source      string
	Removed, Of int // facts
}

// NewPreview compares current with what an import brings.
func NewPreview(current, incoming *Org) (*Preview, error) {
	return preview(current, Diff(current, incoming))
}

// preview tells what a change set would do to current.
func preview(current *Org, cs *ChangeSet) (*Preview, error) {
	next, err := current.Apply(cs)
	if err != nil {
		return nil, err
	}
	p := &Preview{Changes: cs, Shrinking: shrinking(current, cs)}
	var both sync.WaitGroup
	both.Go(func() { p.Before = NewSnapshot(current) })
	p.After = NewSnapshot(next)
	both.Wait()
	p.Effect = EffectOf(p.Before, p.After, cs)
	return p, nil
}

// shrinking names the sources that would lose more than a third of their facts. O(facts of the sources that lose any).
func shrinking(current *Org, cs *ChangeSet) []Shrinking {
	removed := map[string]int{}
	for _, c := range cs.Nodes {
		removed[c.Source] += c.lost()
	}
	for _, c := range cs.Links {
		removed[c.Source] += c.lost()
	}
	var out []Shrinking
	for _, s := range current.Sources {
		if n := removed[s.Name]; n > 0 {
			if of := s.count(); 3*n > of {
				out = append(out, Shrinking{s.Name, n, of})
			}
		}
	}
	return out
}

// count counts the facts of a source.
func (s *Source) count() int {
	n := 0
	for _, r := range s.Nodes {
		n += r.count()
	}
	for _, r := range s.Links {
		n += r.count()
	}
	return n
}

// Commit imports: it loads the store's facts, compares, shows confirm (nil: nobody) what would change and applies unless that
// gives an error. When somebody else was faster with other sources it compares again, asks again and retries; when the same
// sources moved, the *ConflictError is returned. An import that changes nothing is shown too, but makes no version. The record's
// sources and counts are filled in. It returns what was done and the version that the store is then at.
func Commit(ctx context.Context, st Store, incoming *Org, record VersionRecord, confirm func(*Preview) error) (*Preview, int64, error) {
	current, err := st.Load(ctx)
	if err != nil {
		return nil, 0, err
	}
	for {
		p, err := NewPreview(current, incoming)
		if err != nil {
			return nil, 0, err
		}
		record.Sources = nil
		for _, s := range incoming.Sources {
			record.Sources = append(record.Sources, s.Name)
		}
		version, err := p.apply(ctx, st, record, confirm)
		var conflict *ConflictError
		if !errors.As(err, &conflict) {
			return p, version, err
		}
		moved, err := st.Changes(ctx, current.Version, conflict.Now)
		if err != nil {
			return p, 0, err
		}
		for _, s := range incoming.Sources {
			if moved.touches(s.Name) {
				return p, 0, conflict
			}
		}
		if current, err = current.Apply(moved); err != nil {
			return p, 0, err
		}
		current.Version = conflict.Now
	}
}

// apply asks and stores; what changes nothing is not stored.
func (p *Preview) apply(ctx context.Context, st Store, record VersionRecord, confirm func(*Preview) error) (int64, error) {
	if confirm != nil {
		if err := confirm(p); err != nil {
			return 0, err
		}
	}
	if p.Changes.Empty() {
		return p.Changes.Base, nil
	}
	record.Added, record.Changed, record.Removed = len(p.Effect.Added), p.Effect.ChangedCount, len(p.Effect.Removed)
	return st.Apply(ctx, p.Changes, record)
}

// touches says that a change set changes what a source states.
func (cs *ChangeSet) touches(source string) bool {
	return slices.ContainsFunc(cs.Sources, func(c SourceChange) bool { return c.Name == source }) ||
		slices.ContainsFunc(cs.Nodes, func(c NodeChange) bool { return c.Source == source && !c.moved() }) ||
		slices.ContainsFunc(cs.Links, func(c LinkChange) bool { return c.Source == source && !c.moved() })
}

// At gives the Org as it was at a version: the current one with the later change sets taken back.
func At(ctx context.Context, st Store, version int64) (*Org, error) {
	o, err := st.Load(ctx)
	if err != nil || o.Version == version {
		return o, err
	}
	back, err := st.Changes(ctx, o.Version, version)
	if err != nil {
		return nil, err
	}
	if o, err = o.Apply(back); err != nil {
		return nil, err
	}
	o.Version = version
	return o, nil
}
