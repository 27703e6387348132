package graph

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
)

// Copied says what [Copy] left in the target. All of it was compared with the original.
type Copied struct {
	Versions  int64 // that the target holds
	New       int64 // of these, how many came just now
	Documents int   // that the target holds
}

// TargetError says why a store cannot take a copy: it holds something else. Nothing was written to it.
type TargetError struct{ What string }

func (e *TargetError) Error() string {
	return "the target " + e.What + ": copy into an organisation or a store that is empty"
}

// Copy copies the organisation that from is opened for into the one that to is opened for: every version with its record,
// and all documents. The target is empty or holds a beginning of the same history, as after a copy that was interrupted;
// then it goes on from there. Any other target is refused with a *TargetError before anything is written. What came in is read
// again from the target and compared: each version, the documents, then all facts. Versions that others make in from
// meanwhile are copied too. progress (nil: nobody) hears how many versions are done. O(changes of all versions) time; memory as for one
// version and for the facts of both ends.
func Copy(ctx context.Context, from, to Store, progress func(done, total int64)) (*Copied, error) {
	if progress == nil {
		progress = func(int64, int64) {}
	}
	c := copying{from: from, to: to, progress: progress}
	if err := c.checkTarget(ctx); err != nil {
		return nil, err
	}
	for {
		if err := c.copyVersions(ctx); err != nil {
			return nil, err
		}
		if err := c.copyDocuments(ctx); err != nil {
			return nil, err
		}
		switch same, err := c.compareFacts(ctx); {
		case err != nil:
			return nil, err
		case same:
			return &c.done, nil
		}
	}
}

// copying is a copy on its way.
type copying struct {
	from, to Store
	progress func(done, total int64)
	done     Copied
}

// checkTarget refuses a target that holds anything but a beginning of what is to be copied, and learns how much is there.
func (c *copying) checkTarget(ctx context.Context) error {
	wanted, err := oldestFirst(ctx, c.from)
	if err != nil {
		return err
	}
	have, err := oldestFirst(ctx, c.to)
	if err != nil {
		return err
	}
	if len(have) > len(wanted) {
		return &TargetError{fmt.Sprintf("is at version %d, the original at version %d", len(have), len(wanted))}
	}
	for i, r := range have {
		v := int64(i) + 1
		if !r.same(&wanted[i]) {
			return &TargetError{fmt.Sprintf("holds another history: its version %d is not that of the original", v)}
		}
		cs, err := c.from.Changes(ctx, v-1, v)
		if err != nil {
			return err
		}
		if same, err := c.holds(ctx, v, cs); err != nil {
			return err
		} else if !same {
			return &TargetError{fmt.Sprintf("holds other facts: its version %d does not change what that of the original changes", v)}
		}
		c.progress(v, int64(len(wanted)))
	}
	c.done.Versions = int64(len(have))
	return eachDocument(ctx, c.to, func(kind, key string, data []byte) error {
		original, err := c.from.Document(ctx, kind, key)
		if err != nil && !errors.Is(err, ErrNoDocument) {
			return err
		}
		if err != nil || !bytes.Equal(original, data) {
			return &TargetError{fmt.Sprintf("holds a document that the original does not hold: %s “%s”", kind, key)}
		}
		return nil
	})
}

// oldestFirst gives the records of all versions, that of version n at n-1.
func oldestFirst(ctx context.Context, st Store) ([]VersionRecord, error) {
	records, err := st.History(ctx)
	if err != nil {
		return nil, err
	}
	slices.Reverse(records)
	for i, r := range records {
		if r.Number != int64(i)+1 {
			return nil, fmt.Errorf("the history of the store has version %d where version %d belongs", r.Number, i+1)
		}
	}
	return records, nil
}

// holds says that the target's version v changes the same as cs.
func (c *copying) holds(ctx context.Context, v int64, cs *ChangeSet) (bool, error) {
	got, err := c.to.Changes(ctx, v-1, v)
	if err != nil {
		return false, err
	}
	return got.same(cs), nil
}

// copyVersions copies the versions that the target does not hold yet.
func (c *copying) copyVersions(ctx context.Context) error {
	records, err := oldestFirst(ctx, c.from)
	if err != nil {
		return err
	}
	for _, r := range records[min(c.done.Versions, int64(len(records))):] {
		if err := c.copyVersion(ctx, r); err != nil {
			return fmt.Errorf("copying version %d: %w", r.Number, err)
		}
		c.done.Versions++
		c.done.New++
		c.progress(r.Number, int64(len(records)))
	}
	copied, err := oldestFirst(ctx, c.to)
	if err != nil {
		return err
	}
	if !slices.EqualFunc(copied, records, func(a, b VersionRecord) bool { return a.same(&b) }) {
		return errors.New("the history of the copy is not that of the original: somebody else writes into the target")
	}
	return nil
}

func (c *copying) copyVersion(ctx context.Context, r VersionRecord) error {
	cs, err := c.from.Changes(ctx, r.Number-1, r.Number)
	if err != nil {
		return err
	}
	now, err := c.to.Apply(ctx, cs, r)
	var conflict *ConflictError
	switch {
	case errors.As(err, &conflict):
		return fmt.Errorf("somebody else writes into the target: %w", err)
	case err != nil:
		return err
	case now != r.Number:
		return fmt.Errorf("it led to version %d of the target", now)
	}
	if same, err := c.holds(ctx, r.Number, cs); err != nil {
		return err
	} else if !same {
		return errors.New("the target gives it back otherwise than it was written")
	}
	return nil
}

// copyDocuments copies the documents that the target does not hold as they are, and reads them again.
func (c *copying) copyDocuments(ctx context.Context) error {
	c.done.Documents = 0
	return eachDocument(ctx, c.from, func(kind, key string, data []byte) error {
		c.done.Documents++
		have, err := c.to.Document(ctx, kind, key)
		if err == nil && bytes.Equal(have, data) || err != nil && !errors.Is(err, ErrNoDocument) {
			return err
		}
		if err := c.to.PutDocument(ctx, kind, key, data); err != nil {
			return err
		}
		if have, err = c.to.Document(ctx, kind, key); err == nil && !bytes.Equal(have, data) {
			err = fmt.Errorf("the target gives the document %s “%s” back otherwise than it was written", kind, key)
		}
		return err
	})
}

// eachDocument hands out all documents of a store, by kind and key. One that goes meanwhile is left out.
func eachDocument(ctx context.Context, st Store, each func(kind, key string, data []byte) error) error {
	kinds, err := st.DocumentKinds(ctx)
	if err != nil {
		return err
	}
	for _, kind := range kinds {
		keys, err := st.Documents(ctx, kind)
		if err != nil {
			return err
		}
		for _, key := range keys {
			data, err := st.Document(ctx, kind, key)
			if err == nil {
				err = each(kind, key, data)
			} else if errors.Is(err, ErrNoDocument) {
				continue
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// compareFacts compares the current facts of both ends. It gives false when the original moved on meanwhile.
func (c *copying) compareFacts(ctx context.Context) (bool, error) {
	original, err := c.from.Load(ctx)
	if err != nil {
		return false, err
	}
	if original.Version > c.done.Versions {
		return false, nil
	}
	copied, err := c.to.Load(ctx)
	if err != nil {
		return false, err
	}
	if difference := original.difference(copied); difference != "" {
		return false, fmt.Errorf("the copy does not hold what the original holds: %s", difference)
	}
	return true, nil
}

// difference says how two organisations of the same history differ, whatever they are called; "" when they do not.
func (o *Org) difference(other *Org) string {
	if o.Version != other.Version {
		return fmt.Sprintf("version %d, not %d", other.Version, o.Version)
	}
	if !slices.EqualFunc(o.Sources, other.Sources, func(a, b *Source) bool { return a.Name == b.Name && a.Rank == b.Rank }) {
		return "other sources, or in another order"
	}
	cs := Diff(other, o)
	for _, c := range cs.Nodes {
		return fmt.Sprintf("source “%s” differs about “%s”", c.Source, c.Key().Ref)
	}
	for _, c := range cs.Links {
		return fmt.Sprintf("source “%s” differs about the link “%s” → “%s”", c.Source, c.Key().Provider, c.Key().Consumer)
	}
	return ""
}

// same says that two records tell the same.
func (r *VersionRecord) same(other *VersionRecord) bool {
	return r.Number == other.Number && r.Time.Equal(other.Time) && r.By == other.By && r.Program == other.Program &&
		slices.Equal(r.Sources, other.Sources) && slices.Equal(r.Files, other.Files) && r.Mapping == other.Mapping &&
		r.Added == other.Added && r.Changed == other.Changed && r.Removed == other.Removed && r.Undoes == other.Undoes
}

// same says that two change sets change the same, in the same rows.
func (cs *ChangeSet) same(other *ChangeSet) bool {
	return cs.Base == other.Base && slices.Equal(cs.Sources, other.Sources) &&
		slices.EqualFunc(cs.Nodes, other.Nodes, func(a, b NodeChange) bool {
			return a.Source == b.Source && alike(a.Old, b.Old, sameNodeAndRow) && alike(a.New, b.New, sameNodeAndRow)
		}) &&
		slices.EqualFunc(cs.Links, other.Links, func(a, b LinkChange) bool {
			return a.Source == b.Source && alike(a.Old, b.Old, sameLinkAndRow) && alike(a.New, b.New, sameLinkAndRow)
		})
}

func sameNodeAndRow(a, b *NodeRecord) bool {
	return a.From == b.From && a.Nth == b.Nth && sameNode(a, b)
}
func sameLinkAndRow(a, b *LinkRecord) bool {
	return a.From == b.From && a.Nth == b.Nth && sameLink(a, b)
}

// alike says that two records are both missing or the same.
func alike[R any](a, b *R, same func(a, b *R) bool) bool {
	if a == nil || b == nil {
		return a == b
	}
	return same(a, b)
}
