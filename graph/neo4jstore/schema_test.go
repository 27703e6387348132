package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/neo4jstore/neo4jtest"
)

// TestSchemaTogether opens a store in an empty database many times at once.
func TestSchemaTogether(t *testing.T) {
	server := neo4jtest.Server(t)
	server.DropSchema(t)
	failed := make(chan error)
	const n = 12
	for i := range n {
		go func() {
			s, err := Open(t.Context(), configFor(server), fmt.Sprint("org ", i))
			if err == nil {
				err = errors.Join(s.PutDocument(t.Context(), "view", "mine", []byte(`1`)), s.Close())
			}
			failed <- err
		}()
	}
	for range n {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	s := opened(t, configFor(server))
	found, err := s.look(t.Context())
	if err != nil || len(found.missing()) > 0 || found.format != currentFormat {
		t.Errorf("%+v, %v: missing %v", found, err, found.missing())
	}
	if rows := server.Run(t, "MATCH (s:WhoservesStore) RETURN s.format AS format", nil); len(rows) != 1 {
		t.Errorf("there are %d nodes for the store: %v", len(rows), rows)
	}
	if orgs, err := s.Orgs(t.Context()); len(orgs) != n || err != nil {
		t.Errorf("%q, %v", orgs, err)
	}
	rows := server.Run(t, "SHOW CONSTRAINTS YIELD labelsOrTypes, properties RETURN labelsOrTypes[0] + '.' + properties[0] AS c ORDER BY c", nil)
	var constraints []string
	for _, row := range rows {
		constraints = append(constraints, row["c"].(string))
	}
	want := []string{"Entity.uid", "WhoservesChanges.uid", "WhoservesDocument.uid", "WhoservesFacts.uid", "WhoservesOrg.name", "WhoservesStore.name", "WhoservesVersion.uid"}
	if d := cmp.Diff(want, constraints); d != "" {
		t.Error(d)
	}
}

// TestSchemaInTheWay opens a store in a database where others have used our labels.
func TestSchemaInTheWay(t *testing.T) {
	server := neo4jtest.Server(t)
	server.DropSchema(t)
	t.Cleanup(func() {
		server.Try(context.Background(), "DROP INDEX theirs IF EXISTS", nil)
		server.Try(context.Background(), "DROP CONSTRAINT theirs_too IF EXISTS", nil)
	})
	server.Run(t, "CREATE (:Entity {uid: 'x'}), (:Entity {uid: 'x'}), (:Entity {uid: 'y'})", nil)
	refused(t, configFor(server), ErrForeign, "Entity", "uid")
	server.Run(t, "MATCH (n:Entity) DELETE n", nil)

	server.Run(t, "CREATE INDEX theirs FOR (n:Entity) ON (n.uid)", nil)
	refused(t, configFor(server), ErrForeign, "index (:Entity {uid})")
	server.DropSchema(t)

	// A constraint or an index that does the same under another name is as good as ours.
	server.Run(t, "CREATE CONSTRAINT theirs_too FOR (n:Entity) REQUIRE n.uid IS UNIQUE", nil)
	server.Run(t, "CREATE INDEX theirs FOR (n:Entity) ON (n.name)", nil)
	s := opened(t, configFor(server))
	if found, err := s.look(t.Context()); err != nil || len(found.missing()) > 0 {
		t.Errorf("missing %v, %v", found.missing(), err)
	}
}

func TestNewerFormat(t *testing.T) {
	server := neo4jtest.Server(t)
	opened(t, configFor(server))
	server.Run(t, "MATCH (s:WhoservesStore) SET s.format = 7", nil)
	for name, open := range openers {
		_, err := open(t.Context(), configFor(server), "a")
		var format *FormatError
		if !errors.As(err, &format) || format.Have != 7 || format.Known != currentFormat || !strings.Contains(err.Error(), "newer whoserves") {
			t.Errorf("%s: %v", name, err)
		}
	}
	server.Run(t, "MATCH (s:WhoservesStore) SET s.format = -1", nil)
	for name, open := range openers {
		if _, err := open(t.Context(), configFor(server), "a"); err == nil {
			t.Errorf("%s takes a format that never was", name)
		}
	}
}

var openers = map[string]func(context.Context, Config, string) (*Store, error){"Open": Open, "OpenReadOnly": OpenReadOnly}

func TestReadOnlyHandle(t *testing.T) {
	server := neo4jtest.Server(t)
	server.DropSchema(t)
	if _, err := OpenReadOnly(t.Context(), configFor(server), "a"); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "import something first") {
		t.Errorf("a database without a store: %v", err)
	}
	if rows := server.Run(t, "SHOW CONSTRAINTS", nil); len(rows) > 0 {
		t.Errorf("looking made %v", rows)
	}
	s := opened(t, configFor(server))
	if err := s.PutDocument(t.Context(), "view", "mine", []byte(`1`)); err != nil {
		t.Fatal(err)
	}
	r, err := OpenReadOnly(t.Context(), configFor(server), graph.DefaultOrg)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if data, err := r.Document(t.Context(), "view", "mine"); string(data) != "1" || err != nil {
		t.Errorf("%q, %v", data, err)
	}
	for name, err := range map[string]error{"put": r.PutDocument(t.Context(), "view", "mine", []byte(`2`)), "delete": r.DeleteDocument(t.Context(), "view", "mine")} {
		if !errors.Is(err, errReadOnly) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestMigration takes made-up steps, since there was no other format yet.
func TestMigration(t *testing.T) {
	server := neo4jtest.Server(t)
	t.Cleanup(func() { server.Try(context.Background(), "DROP CONSTRAINT whoservescopy_of IF EXISTS", nil) })
	s := opened(t, configFor(server))
	if err := s.PutDocument(t.Context(), "view", "mine", []byte(`{"a": 1}`)); err != nil {
		t.Fatal(err)
	}
	made := steps{
		1: {"MATCH (d:WhoservesDocument) SET d.content = d.data REMOVE d.data", "MATCH (o:WhoservesOrg) SET o.steps = [1]"},
		2: {"MATCH (o:WhoservesOrg) SET o.steps = o.steps + 2"},
	}
	broken := steps{1: made[1], 2: {"MATCH (o:WhoservesOrg) SET o.steps = 1 / 0"}}
	if err := broken.run(t.Context(), s, 1); err == nil || !strings.Contains(err.Error(), "from format 2 to 3") {
		t.Errorf("a step that fails: %v", err)
	}
	state := "MATCH (s:WhoservesStore), (o:WhoservesOrg), (d:WhoservesDocument) RETURN s.format AS format, o.steps AS steps, d.content AS content, d.data AS data, s.migrating AS migrating"
	before := map[string]any{"format": int64(1), "steps": nil, "content": nil, "data": `{"a": 1}`, "migrating": nil}
	if d := cmp.Diff([]map[string]any{before}, server.Run(t, state, nil)); d != "" {
		t.Errorf("after a step that failed:\n%s", d)
	}
	failed := make(chan error)
	for range 4 {
		go func() { failed <- made.run(t.Context(), s, 1) }()
	}
	for range 4 {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	after := map[string]any{"format": int64(3), "steps": []any{int64(1), int64(2)}, "content": `{"a": 1}`, "data": nil, "migrating": nil}
	if d := cmp.Diff([]map[string]any{after}, server.Run(t, state, nil)); d != "" {
		t.Error(d)
	}
	rows := server.Run(t, "MATCH (c:WhoservesCopy {copy_format: 1}) RETURN c.copy_labels[0] AS label, c.data AS data ORDER BY label", nil)
	want := []map[string]any{{"label": "WhoservesDocument", "data": `{"a": 1}`}, {"label": "WhoservesOrg", "data": nil}, {"label": "WhoservesStore", "data": nil}}
	if d := cmp.Diff(want, rows); d != "" {
		t.Errorf("the copy:\n%s", d)
	}
	var format *FormatError
	if err := made.run(t.Context(), s, 0); !errors.As(err, &format) {
		t.Errorf("from a format that never was: %v", err)
	}
}

func TestDocuments(t *testing.T) {
	server := neo4jtest.Server(t)
	s := opened(t, configFor(server))
	ctx := t.Context()
	odd := []string{"a", "a/b", "a%2Fb", "%", "水 ä", "it's \"x\" `y` \\ $org", "a\nb", strings.Repeat("long ", 200), ""}
	for i, kind := range odd {
		for j, key := range odd {
			if err := s.PutDocument(ctx, kind, key, fmt.Appendf(nil, "[%d, %d]", i, j)); err != nil {
				t.Fatalf("%q %q: %v", kind, key, err)
			}
		}
	}
	sorted := slices.Sorted(slices.Values(odd))
	if kinds, err := s.DocumentKinds(ctx); !slices.Equal(kinds, sorted) || err != nil {
		t.Errorf("kinds %q, %v", kinds, err)
	}
	for i, kind := range odd {
		if keys, err := s.Documents(ctx, kind); !slices.Equal(keys, sorted) || err != nil {
			t.Errorf("%q: keys %q, %v", kind, keys, err)
		}
		for j, key := range odd {
			if data, err := s.Document(ctx, kind, key); string(data) != fmt.Sprintf("[%d, %d]", i, j) || err != nil {
				t.Errorf("%q %q: %s, %v", kind, key, data, err)
			}
		}
	}
	if err := errors.Join(s.DeleteDocument(ctx, "a/b", "a"), s.DeleteDocument(ctx, "a/b", "a")); err != nil {
		t.Error(err)
	}
	if _, err := s.Document(ctx, "a/b", "a"); !errors.Is(err, graph.ErrNoDocument) {
		t.Error(err)
	}
	if err := s.PutDocument(ctx, "a", "a", []byte("{")); err == nil {
		t.Error("what is no JSON was stored")
	}
	if data, _ := s.Document(ctx, "a", "a"); string(data) != "[0, 0]" {
		t.Errorf("it is now %q", data)
	}
}

// TestHistoryOfOthers reads nodes that a person may have changed, and none of a version that is not reached.
func TestHistoryOfOthers(t *testing.T) {
	server := neo4jtest.Server(t)
	s := opened(t, configFor(server))
	server.Run(t, `CREATE (:WhoservesOrg {name: 'default', version: 2}), (:WhoservesOrg {name: 'begun', version: 0, pending: 1}), (:WhoservesOrg {name: 'default2', version: 1}),
		(:WhoservesVersion {uid: 'default/1', number: 1, time: 'never', by: 3, sources: 'x', added: 'many'}),
		(:WhoservesVersion {uid: 'default/2', number: 2, time: '2026-11-30T16:05:07Z', by: 'Zoë', undoes: 1}),
		(:WhoservesVersion {uid: 'default/3', number: 3, time: '2026-11-30T16:05:08Z', by: 'half'}),
		(:WhoservesVersion {uid: 'default2/1', number: 1, by: 'other'})`, nil)
	history, err := s.History(t.Context())
	if err != nil || len(history) != 2 || history[0].Number != 2 || history[0].By != "Zoë" || history[0].Undoes != 1 || history[0].Time.Second() != 7 || history[1].Number != 1 {
		t.Errorf("%+v, %v", history, err)
	}
	if orgs, err := s.Orgs(t.Context()); !slices.Equal(orgs, []string{"default", "default2"}) || err != nil {
		t.Errorf("%q, %v", orgs, err)
	}
}

// TestStreaming reads more rows than the server sends at once, and others while it does.
func TestStreaming(t *testing.T) {
	s := opened(t, configFor(neo4jtest.Server(t)))
	const n = 3*fetchSize + 7
	sum, want := int64(0), int64(n)*(n+1)/2
	err := s.read(t.Context(), func(tx neo4j.ManagedTransaction) error {
		sum = 0
		result, err := tx.Run(t.Context(), "UNWIND range(1, $n) AS x RETURN x", map[string]any{"n": n})
		if err != nil {
			return err
		}
		for result.Next(t.Context()) {
			x, _ := result.Record().Values[0].(int64)
			sum += x
		}
		return result.Err()
	})
	if sum != want || err != nil {
		t.Errorf("the sum is %d, want %d: %v", sum, want, err)
	}
}
