package graph_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/sqlitestore"
	"example.com/whoserves/graph/storetest"
)

// newFile makes a local store and gives what opens it.
func newFile(t *testing.T) storetest.Opener {
	path := filepath.Join(t.TempDir(), "store.db")
	return func(ctx context.Context, org string) (graph.Store, error) { return sqlitestore.Open(ctx, path, org) }
}

func TestCopy(t *testing.T) { storetest.Copy(t, newFile, newFile) }

// forgetful is a store that loses something on the way in.
type forgetful struct {
	graph.Store
	change func(*graph.ChangeSet) *graph.ChangeSet
	data   func([]byte) []byte
}

func (f forgetful) Apply(ctx context.Context, cs *graph.ChangeSet, r graph.VersionRecord) (int64, error) {
	return f.Store.Apply(ctx, f.change(cs), r)
}

func (f forgetful) PutDocument(ctx context.Context, kind, key string, data []byte) error {
	return f.Store.PutDocument(ctx, kind, key, f.data(data))
}

// A copy that is not the original is noticed.
func TestCopyIsCompared(t *testing.T) {
	from := openStore(t)
	row := func(n int) *graph.LinkRecord {
		return &graph.LinkRecord{Provider: "a", Consumer: "b", From: graph.Origin{File: "x.csv", Row: n}}
	}
	incoming := &graph.Org{Sources: []*graph.Source{graph.NewSource("s", nil, []*graph.LinkRecord{row(2)})}}
	if _, _, err := graph.Commit(t.Context(), from, incoming, graph.VersionRecord{By: "x"}, nil); err != nil {
		t.Fatal(err)
	}
	if err := from.PutDocument(t.Context(), "view", "mine", []byte(`{"a": 1}`)); err != nil {
		t.Fatal(err)
	}
	asItIs := func(cs *graph.ChangeSet) *graph.ChangeSet { return cs }
	whole := func(data []byte) []byte { return data }
	otherRow := func(cs *graph.ChangeSet) *graph.ChangeSet {
		c := *cs
		c.Links = []graph.LinkChange{{Source: "s", New: row(3)}}
		return &c
	}
	for _, c := range []struct {
		to   forgetful
		want string
	}{
		{forgetful{openStore(t), otherRow, whole}, "version 1"},
		{forgetful{openStore(t), asItIs, func([]byte) []byte { return []byte(`{"a":1}`) }}, "view “mine”"},
		{forgetful{openStore(t), asItIs, whole}, ""},
	} {
		_, err := graph.Copy(t.Context(), from, c.to, nil)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}
