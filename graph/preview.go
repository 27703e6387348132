package graph

import (
	"context"
	"fmt"
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

// Effect lists what a change set does to entities: nodes, units and links as they are after merging.
type Effect struct {
	Added   []EntityKey
	Changed []FieldChange // several for one entity
	Removed []EntityKey
	// ChangedCount counts the entities in Changed.
	ChangedCount int
}

// FieldChange is a field of which one source now states something else; "" stands for nothing.
type FieldChange struct {
	Key    EntityKey `json:"key"`
	Field  string    `json:"field"`
	Old    string    `json:"old"`
	New    string    `json:"new"`
	Source string    `json:"source"`
}

// NewPreview compares current with what an import brings.
func NewPreview(current, incoming *Org) *Preview { panic("todo") }

// EffectOf lists what leads from one snapshot to another by a change set.
func EffectOf(before, after *Snapshot, cs *ChangeSet) *Effect { panic("todo") }

// Commit imports: it loads the store's facts, compares, asks confirm (nil: no question) and applies. When somebody else was
// faster with other sources it compares again and retries; when the same facts moved, the conflict is returned. An import
// that changes nothing makes no version. record's counts, sources and time are filled in. It returns what was done and the
// version that the store is then at.
func Commit(ctx context.Context, st Store, incoming *Org, record VersionRecord, confirm func(*Preview) error) (*Preview, int64, error) {
	panic("todo")
}

// Undo takes version n back as a new version (n 0: the last one). It is refused with a *LaterChangesError when later versions changed the
// same facts. Undoing an undo is redo.
func Undo(ctx context.Context, st Store, n int64, record VersionRecord, confirm func(*Preview) error) (*Preview, int64, error) {
	panic("todo")
}

// LaterChangesError says that a version cannot be taken back since later ones changed the same facts.
type LaterChangesError struct {
	Version int64
	Later   []string // "version 7 changed the link Payroll → Crew scheduling (Hours)"
}

func (e *LaterChangesError) Error() string {
	return fmt.Sprintf("version %d cannot be undone, later versions changed the same facts: %s. Undo those first", e.Version, joinWords(e.Later))
}

// At gives the Org as it was at a version: the current one with the later change sets taken back.
func At(ctx context.Context, st Store, version int64) (*Org, error) { panic("todo") }
