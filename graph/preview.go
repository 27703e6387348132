package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
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

// Shrinking is a source that would lose many of its facts (records).
type Shrinking struct {
	Source      string
	Removed, Of int
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

// shrinking names the sources that would lose more than a third of their records.
func shrinking(current *Org, cs *ChangeSet) []Shrinking {
	removed := map[string]int{}
	for _, c := range cs.Nodes {
		if c.New == nil {
			removed[c.Source]++
		}
	}
	for _, c := range cs.Links {
		if c.New == nil {
			removed[c.Source]++
		}
	}
	var out []Shrinking
	for _, s := range current.Sources {
		if of := len(s.Nodes) + len(s.Links); 3*removed[s.Name] > of {
			out = append(out, Shrinking{s.Name, removed[s.Name], of})
		}
	}
	return out
}

// Commit imports: it loads the store's facts, compares, asks confirm (nil: no question) and applies. When somebody else was
// faster with other sources it compares again, asks again and retries; when the same sources moved, the *ConflictError is
// returned. An import that changes nothing makes no version. The record's sources and counts are filled in. It returns what
// was done and the version that the store is then at.
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

// apply asks and stores. What changes nothing is not asked about.
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

// Undo takes version n back as a new version (n 0: the last one). It is refused with a *LaterChangesError when later
// versions changed the same facts. Undoing an undo is redo.
func Undo(ctx context.Context, st Store, n int64, record VersionRecord, confirm func(*Preview) error) (*Preview, int64, error) {
	current, err := st.Load(ctx)
	if err != nil {
		return nil, 0, err
	}
	if n == 0 {
		n = current.Version
	}
	if n < 1 || n > current.Version {
		return nil, 0, fmt.Errorf("version %d: %w", n, ErrNoVersion)
	}
	back, err := st.Changes(ctx, n, n-1)
	if err != nil {
		return nil, 0, err
	}
	later := &LaterChangesError{Version: n}
	for v := n + 1; v <= current.Version; v++ {
		cs, err := st.Changes(ctx, v-1, v)
		if err != nil {
			return nil, 0, err
		}
		later.Later = append(later.Later, overlap(back, cs, v)...)
	}
	if len(later.Later) > 0 {
		return nil, 0, later
	}
	back.Base = current.Version
	p, err := preview(current, back)
	if err != nil {
		return nil, 0, err
	}
	record.Undoes, record.Sources = n, back.sourceNames()
	version, err := p.apply(ctx, st, record, confirm)
	return p, version, err
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

// overlap tells which of the facts that back takes back version v changed too, at most a few of them.
func overlap(back, cs *ChangeSet, v int64) (later []string) {
	const most = 5
	type at struct {
		source string
		node   NodeKey
		link   LinkKey
	}
	mine := map[at]bool{}
	dropped := map[string]bool{}
	for _, c := range back.Sources {
		mine[at{source: c.Name}] = true
		dropped[c.Name] = c.New == 0
	}
	for _, c := range back.Nodes {
		mine[at{source: c.Source, node: c.Key()}] = true
	}
	for _, c := range back.Links {
		mine[at{source: c.Source, link: c.Key()}] = true
	}
	found := 0
	hit := func(k at, what string) {
		if !mine[k] && !dropped[k.source] {
			return
		}
		if found++; found <= most {
			later = append(later, fmt.Sprintf("version %d changed %s", v, what))
		}
	}
	for _, c := range cs.Sources {
		hit(at{source: c.Name}, fmt.Sprintf("the rank of source “%s”", c.Name))
	}
	for _, c := range cs.Nodes {
		if !c.moved() {
			hit(at{source: c.Source, node: c.Key()}, fmt.Sprintf("“%s”", cmp.Or(c.record().Name, c.record().ID)))
		}
	}
	for _, c := range cs.Links {
		if !c.moved() {
			hit(at{source: c.Source, link: c.Key()}, fmt.Sprintf("the link “%s” → “%s”", c.record().Provider, c.record().Consumer))
		}
	}
	if found > most {
		later = append(later, fmt.Sprintf("version %d changed %d more of them", v, found-most))
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
