package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"example.com/whoserves/graph"
)

// Copy copies random histories from one kind of store to another and compares both ends: whole, interrupted after every
// version and taken up again, twice, and into targets that hold something else, which must stay as they are. newFrom and newTo
// make empty stores as for [Run].
func Copy(t *testing.T, newFrom, newTo func(t *testing.T) Opener) {
	from, to := place{t, newFrom(t)}, place{t, newTo(t)}
	for seed := range uint64(3) {
		name := fmt.Sprintf("org %d", seed)
		original := from.open(name)
		history(from, original, newRandom(300+seed), 8)
		target := to.open("copy of " + name)
		for range 9 {
			if interrupted(from, original, target) {
				break
			}
		}
		compareEnds(t, original, target)
		if done, err := graph.Copy(t.Context(), original, target, nil); err != nil || done.New != 0 || done.Versions != 8 || done.Documents != 3 {
			t.Errorf("seed %d: a second time: %+v, %v", seed, done, err)
		}
		record, err := target.History(t.Context())
		to.no(err)
		_, _, err = graph.Undo(t.Context(), target, record[0].Number, graph.VersionRecord{By: "x"}, nil)
		to.no(err)
		refused(to, original, target, "version 9")
	}
	testOtherTargets(from, to)
}

// history makes versions and documents.
func history(p place, st graph.Store, r random, versions int64) {
	p.Helper()
	for p.version(st) < versions {
		now := p.load(st)
		record := graph.VersionRecord{By: r.text(), Program: r.optional(), Sources: r.list(), Mapping: r.optional(), Added: r.IntN(9), Changed: r.IntN(9),
			Removed: r.IntN(9), Undoes: int64(r.IntN(3)), Time: time.Date(2026, 1, 2, 3, 4, r.IntN(60), 0, time.UTC)}
		for _, name := range r.list() {
			record.Files = append(record.Files, graph.FileHash{Name: name, SHA256: "ab"})
		}
		_, err := st.Apply(p.Context(), r.change(now), record)
		p.no(err)
	}
	for _, key := range []string{"mine", "it's", "水"} {
		p.no(st.PutDocument(p.Context(), "view "+key, key, fmt.Appendf(nil, ` {"key": %q} `, key)))
	}
}

// interrupted copies until two more versions are there; it gives true when there was no need to stop.
func interrupted(p place, original, target graph.Store) bool {
	p.Helper()
	ctx, cancel := context.WithCancel(p.Context())
	defer cancel()
	before := p.version(target)
	done, err := graph.Copy(ctx, original, target, func(done, _ int64) {
		if done >= before+2 {
			cancel()
		}
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		p.Fatal(err)
	}
	return err == nil && done.Versions == p.version(original)
}

// compareEnds expects the same in both stores: every version, history, documents.
func compareEnds(t *testing.T, original, target graph.Store) {
	t.Helper()
	ends := [2]place{{t, nil}, {t, nil}}
	want, got := ends[0].load(original), ends[1].load(target)
	got.Name = want.Name
	if d := DiffOrgs(want, got); d != "" {
		t.Errorf("facts (-original +copy):\n%s", d)
	}
	wantHistory, err := original.History(t.Context())
	ends[0].no(err)
	gotHistory, err := target.History(t.Context())
	ends[1].no(err)
	if d := diff(wantHistory, gotHistory); d != "" {
		t.Errorf("history (-original +copy):\n%s", d)
	}
	for v := range want.Version {
		a, err := original.Changes(t.Context(), want.Version, v)
		ends[0].no(err)
		b, err := target.Changes(t.Context(), want.Version, v)
		ends[1].no(err)
		if d := DiffChanges(a, b); d != "" {
			t.Errorf("back to version %d (-original +copy):\n%s", v, d)
		}
	}
	if a, b := documentsOf(t, original), documentsOf(t, target); !reflect.DeepEqual(a, b) {
		t.Errorf("documents %q, want %q", b, a)
	}
}

func documentsOf(t *testing.T, st graph.Store) map[string]string {
	t.Helper()
	all := map[string]string{}
	kinds, err := st.DocumentKinds(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range kinds {
		keys, err := st.Documents(t.Context(), kind)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range keys {
			data, err := st.Document(t.Context(), kind, key)
			if err != nil {
				t.Fatal(err)
			}
			all[kind+"/"+key] = string(data)
		}
	}
	return all
}

// testOtherTargets copies into organisations that hold something else, and while somebody imports into the original.
func testOtherTargets(from, to place) {
	original := from.open("acme")
	history(from, original, newRandom(400), 4)

	other := to.open("other facts")
	history(to, other, newRandom(401), 2)
	refused(to, original, other, "another history")

	records, err := original.History(from.Context())
	from.no(err)
	forged := to.open("forged")
	_, err = forged.Apply(to.Context(), graph.Diff(to.load(forged), org("", newRandom(402).source("forged", 20))), records[3])
	to.no(err)
	refused(to, original, forged, "other facts")

	documents := to.open("documents")
	to.no(documents.PutDocument(to.Context(), "view", "own", []byte(`1`)))
	refused(to, original, documents, "view “own”")

	late := to.open("late")
	imported := false
	done, err := graph.Copy(to.Context(), original, late, func(now, total int64) {
		if now == total && !imported {
			imported = true
			r := newRandom(403)
			from.apply(original, graph.Diff(from.load(original), org("", r.source("late", 20))))
			from.no(original.PutDocument(from.Context(), "view", "late", []byte(`2`)))
		}
	})
	to.no(err)
	if done.Versions != 5 || done.New != 5 || done.Documents != 4 {
		to.Errorf("copied while somebody imported: %+v", done)
	}
	compareEnds(to.T, original, late)

	empty := to.open("empty")
	if done, err := graph.Copy(to.Context(), from.open("nothing"), empty, nil); err != nil || *done != (graph.Copied{}) {
		to.Errorf("a copy of nothing: %+v, %v", done, err)
	}
}

// refused expects that a target is refused with words, and stays as it is.
func refused(p place, original, target graph.Store, words string) {
	p.Helper()
	before, documents := p.load(target), documentsOf(p.T, target)
	_, err := graph.Copy(p.Context(), original, target, nil)
	var bad *graph.TargetError
	if !errors.As(err, &bad) || !strings.Contains(err.Error(), words) {
		p.Errorf("got %v, want a refusal with %q", err, words)
	}
	if d := DiffOrgs(before, p.load(target)); d != "" {
		p.Errorf("a refused target changed (-before +after):\n%s", d)
	}
	if after := documentsOf(p.T, target); !reflect.DeepEqual(documents, after) {
		p.Errorf("a refused target holds the documents %q, before %q", after, documents)
	}
}
