package answer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"example.com/whoserves/graph"
)

var diff = Command{
	Name: "diff",
	Does: "what differs between two versions",
	Keys: []Key{
		{Name: "a", Does: "the version to start from; the one before b when not given", Type: Number},
		{Name: "b", Does: "the version to end at; the latest when not given", Type: Number},
	},
	Args: []string{"a", "b"},
	ask:  askDiff,
}

// Diff says what leads from one version to another.
type Diff struct {
	From    int64               `json:"from"`
	To      int64               `json:"to"`
	Added   []graph.EntityKey   `json:"added"`
	Changed []graph.FieldChange `json:"changed"` // several for one entity
	Removed []graph.EntityKey   `json:"removed"`
	Risks   *RiskChange         `json:"risks"` // what it does to customers; null: nothing was compared

	before, after *graph.Snapshot
}

func askDiff(ctx context.Context, src *Source, q *question) (Answer, error) {
	if src.Store == nil {
		return nil, q.errorf("", "", "files have no versions: ask a store")
	}
	from, to, err := q.versions(ctx, src.Store)
	if err != nil {
		return nil, err
	}
	changes, err := src.Store.Changes(ctx, from, to)
	if err != nil {
		return nil, err
	}
	before, err := q.snapshotAt(ctx, src, from)
	if err != nil {
		return nil, err
	}
	after, err := q.snapshotAt(ctx, src, to)
	if err != nil {
		return nil, err
	}
	a := NewDiff(before, after, graph.EffectOf(before, after, changes))
	a.From, a.To = from, to
	if !changes.Empty() {
		if a.Risks, err = NewRiskChange(ctx, before, after); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// versions gives the two versions that are asked about and refuses those that do not exist.
func (q *question) versions(ctx context.Context, st graph.Store) (from, to int64, err error) {
	last, err := st.Version(ctx)
	if err != nil {
		return 0, 0, err
	}
	to = last
	if v := q.text("b"); v != "" {
		to, _ = strconv.ParseInt(v, 10, 64)
	}
	from = max(to-1, 0)
	if v := q.text("a"); v != "" {
		from, _ = strconv.ParseInt(v, 10, 64)
	}
	for _, k := range []struct {
		key string
		v   int64
	}{{"a", from}, {"b", to}} {
		if k.v < 0 || k.v > last {
			return 0, 0, q.errorf(k.key, strconv.FormatInt(k.v, 10), "there is no such version: they go from 0 (nothing) to %d", last)
		}
	}
	return from, to, nil
}

// snapshotAt gives the organisation as it was at a version.
func (q *question) snapshotAt(ctx context.Context, src *Source, version int64) (*graph.Snapshot, error) {
	if src.Snapshot != nil && src.Snapshot.Version == version {
		return src.Snapshot, nil
	}
	org, err := graph.At(ctx, src.Store, version)
	if errors.Is(err, graph.ErrNoVersion) {
		return nil, q.errorf("", strconv.FormatInt(version, 10), "%s", err)
	}
	if err != nil {
		return nil, err
	}
	return graph.NewSnapshot(org), nil
}

// NewDiff puts the effect of a change set into the form of the answer. From and To are the versions of the snapshots.
func NewDiff(before, after *graph.Snapshot, e *graph.Effect) *Diff {
	a := &Diff{From: before.Version, To: after.Version, before: before, after: after,
		Added: append([]graph.EntityKey{}, e.Added...), Removed: append([]graph.EntityKey{}, e.Removed...),
		Changed: append([]graph.FieldChange{}, e.Changed...)}
	slices.SortFunc(a.Added, compareKeys)
	slices.SortFunc(a.Removed, compareKeys)
	slices.SortStableFunc(a.Changed, func(x, y graph.FieldChange) int {
		return cmp.Or(compareKeys(x.Key, y.Key), cmp.Compare(x.Field, y.Field), cmp.Compare(x.Source, y.Source))
	})
	return a
}

// compareKeys orders nodes before links, each by id.
func compareKeys(a, b graph.EntityKey) int {
	return cmp.Or(-cmp.Compare(a.Entity, b.Entity), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Provider, b.Provider),
		cmp.Compare(a.Consumer, b.Consumer), cmp.Compare(a.Service, b.Service))
}

// WriteCSV writes all three lists in one table.
func (a *Diff) WriteCSV(w io.Writer) error {
	t := newCSV(w, "change", "entity", "id", "provider", "consumer", "service", "field", "old", "new", "source")
	row := func(change string, k graph.EntityKey, c graph.FieldChange) {
		t.row(change, k.Entity, k.ID, k.Provider, k.Consumer, k.Service, c.Field, c.Old, c.New, c.Source)
	}
	for _, k := range a.Added {
		row("added", k, graph.FieldChange{})
	}
	for _, c := range a.Changed {
		row("changed", c.Key, c)
	}
	for _, k := range a.Removed {
		row("removed", k, graph.FieldChange{})
	}
	return t.end()
}

// WriteText writes a line for each change, + added, ≠ changed, − removed, then what they do to the risks.
func (a *Diff) WriteText(w io.Writer, width int) error {
	p := newPage(w, width)
	if len(a.Added)+len(a.Changed)+len(a.Removed) == 0 {
		p.say("Versions %d and %d say the same.", a.From, a.To)
		return p.end()
	}
	p.say("From version %d to version %d: %s.", a.From, a.To, a.counts())
	p.gap()
	a.writeLines(p)
	if a.Risks != nil {
		a.Risks.write(p)
	}
	return p.end()
}

// counts writes how many entities are added, changed and removed.
func (a *Diff) counts() string {
	return changes(len(a.Added), a.changedEntities(), len(a.Removed))
}

func (a *Diff) changedEntities() int {
	n := 0
	for i, c := range a.Changed {
		if i == 0 || c.Key != a.Changed[i-1].Key {
			n++
		}
	}
	return n
}

func (a *Diff) writeLines(p *page) {
	for _, k := range a.Added {
		p.mark("+", "%s", entity(a.after, k))
	}
	for _, c := range a.Changed {
		p.mark("≠", "%s: %s %s → %s%s", entity(a.after, c.Key), fieldWords(c.Field), orNothing(c.Old), orNothing(c.New), a.by(c.Source))
	}
	for _, k := range a.Removed {
		p.mark("−", "%s", entity(a.before, k))
	}
}

// by names the source that states something else now, where there are several: what it says need not be what counts.
func (a *Diff) by(source string) string {
	if source == "" || len(a.before.Org.Sources) < 2 && len(a.after.Org.Sources) < 2 {
		return ""
	}
	return ", says " + source
}

// Name names what a key of the diff is about: "Payroll", "Payroll serves Crew scheduling with Salaries".
func (a *Diff) Name(k graph.EntityKey) string {
	for _, id := range []string{k.ID, k.Provider, k.Consumer} {
		if id != "" && a.after.ByID(id) < 0 {
			return entity(a.before, k)
		}
	}
	return entity(a.after, k)
}

// mark writes a line of a change set, its sign in front.
func (p *page) mark(sign, format string, args ...any) {
	p.write(sign + " " + wrap(printable(fmt.Sprintf(format, args...)), p.width-2, "  "))
}

// entity names a node, "Payroll", or a link, "Payroll serves Crew scheduling with Salaries".
func entity(s *graph.Snapshot, k graph.EntityKey) string {
	if k.Entity == "link" {
		return nameOf(s, k.Provider) + " serves " + nameOf(s, k.Consumer) + withService(k.Service)
	}
	return nameOf(s, k.ID)
}
