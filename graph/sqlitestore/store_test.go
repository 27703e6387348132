package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/storetest"
)

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Opener {
		path := filepath.Join(t.TempDir(), "store.db")
		t.Cleanup(func() { checkFile(t, path) })
		return func(ctx context.Context, org string) (graph.Store, error) { return Open(ctx, path, org) }
	})
}

// checkFile lets SQLite check a closed store and its references, and expects nothing left beside it.
func checkFile(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return // nobody opened it
	}
	for _, left := range []string{path + "-wal", path + "-shm", path + "-journal"} {
		if _, err := os.Stat(left); err == nil {
			t.Errorf("%s was left behind", left)
		}
	}
	db := connect(path, url.Values{"mode": {"ro"}})
	defer db.Close()
	var said string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&said); err != nil || said != "ok" {
		t.Errorf("integrity_check: %s, %v", said, err)
	}
	if err := db.QueryRow("SELECT \"table\" FROM pragma_foreign_key_check").Scan(&said); !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("foreign_key_check: %s, %v", said, err)
	}
	os.Remove(path + "-wal") // a reader leaves them, empty
	os.Remove(path + "-shm")
}

func TestHostilePaths(t *testing.T) {
	for _, name := range []string{"a b.db", "it's.db", `"q".db`, "what?mode=memory.db", "50%41#x.db", "水 – Ä.db", "file:x.db", ":memory:", "a;b&c=d.db", "-rf.db", "x\xff.db"} {
		path := filepath.Join(t.TempDir(), name)
		st, err := Open(t.Context(), path, "it's an org")
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		commit(t, st, someLinks("s", 3, 1))
		if err := st.Backup(t.Context(), path+".copy"); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		if err := st.Close(); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		if files := listFiles(t, filepath.Dir(path)); !slices.Equal(files, []string{name, name + ".copy"}) {
			t.Errorf("files %q, want %q and its copy", files, name)
		}
	}
	for _, name := range []string{"", "nul\x00.db"} {
		if _, err := Open(t.Context(), name, "x"); err == nil {
			t.Errorf("%q was opened", name)
		}
	}
	t.Chdir(t.TempDir())
	for _, name := range []string{"relative.db", ":memory:", "file:uri.db?mode=memory"} {
		commit(t, openStore(t, name), someLinks("s", 3, 1))
		if info, err := os.Stat(name); err != nil || info.Size() == 0 {
			t.Errorf("%q is no file: %v", name, err)
		}
	}
}

func listFiles(t *testing.T, folder string) []string {
	t.Helper()
	var names []string
	for _, e := range must[[]os.DirEntry](t)(os.ReadDir(folder)) {
		names = append(names, e.Name())
	}
	return names
}

func TestReadOnly(t *testing.T) {
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "store.db")
	_, err := OpenReadOnly(ctx, path, graph.DefaultOrg)
	contains(t, err, path, "no such store", "import")
	if !errors.Is(err, fs.ErrNotExist) || len(listFiles(t, filepath.Dir(path))) > 0 {
		t.Errorf("a store that is not there: %v, files %v", err, listFiles(t, filepath.Dir(path)))
	}
	st := openStore(t, path)
	commit(t, st, someLinks("s", 10, 1))
	r := must[*Store](t)(OpenReadOnly(ctx, path, graph.DefaultOrg))
	defer r.Close()
	commit(t, st, someLinks("s", 10, 2))
	if d := storetest.DiffOrgs(must[*graph.Org](t)(st.Load(ctx)), must[*graph.Org](t)(r.Load(ctx))); d != "" {
		t.Error(d)
	}
	cs := graph.Diff(must[*graph.Org](t)(r.Load(ctx)), &graph.Org{Sources: []*graph.Source{someLinks("s", 10, 3)}})
	_, err = r.Apply(ctx, cs, graph.VersionRecord{})
	contains(t, err, path, "for reading only")
	contains(t, r.PutDocument(ctx, "view", "x", []byte("1")), path, "for reading only")
	contains(t, r.DeleteDocument(ctx, "view", "x"), path, "for reading only")
	if v := must[int64](t)(st.Version(ctx)); v != 2 {
		t.Errorf("version %d, want 2", v)
	}
	if err := r.Backup(ctx, path+".copy"); err != nil {
		t.Error(err)
	}
}

func TestBackup(t *testing.T) {
	ctx, folder := t.Context(), t.TempDir()
	st := openStore(t, filepath.Join(folder, "store.db"))
	commit(t, st, someLinks("s", 100, 1))
	commit(t, st, someLinks("s", 90, 2))
	path := filepath.Join(folder, "copy.db")
	if err := st.Backup(ctx, path); err != nil {
		t.Fatal(err)
	}
	commit(t, st, someLinks("s", 80, 3))
	checkFile(t, path)
	err := st.Backup(ctx, path)
	contains(t, err, path, "new name")
	if !errors.Is(err, fs.ErrExist) {
		t.Errorf("%v is not fs.ErrExist", err)
	}
	contains(t, st.Backup(ctx, filepath.Join(folder, "no", "such", "folder.db")), "folder")
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if err := st.Backup(cancelled, filepath.Join(folder, "never.db")); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled backup: %v", err)
	}
	copied := openStore(t, path, Check())
	if d := storetest.DiffOrgs(must[*graph.Org](t)(graph.At(ctx, st, 2)), must[*graph.Org](t)(copied.Load(ctx))); d != "" {
		t.Error(d)
	}
	if v := commit(t, copied, someLinks("s", 70, 4)); v != 3 {
		t.Errorf("the copy goes on with version %d", v)
	}
}

// TestMigration opens a file of format 1: it must become what Open writes today, with a copy of the old beside it.
func TestMigration(t *testing.T) {
	ctx, folder := t.Context(), t.TempDir()
	path := filepath.Join(folder, "store.db")
	script := must[[]byte](t)(os.ReadFile("testdata/format-1.sql"))
	makeFile(t, path, string(script))
	_, err := OpenReadOnly(ctx, path, graph.DefaultOrg)
	var format *FormatError
	if !errors.As(err, &format) || format.Have != 1 || format.Known != currentFormat {
		t.Errorf("format 1, read only: %v", err)
	}
	contains(t, err, path, "older")
	if err := os.WriteFile(path+".format-1", []byte("an earlier copy"), 0o600); err != nil {
		t.Fatal(err)
	}
	st := openStore(t, path)
	if files := listFiles(t, folder); !slices.Contains(files, "store.db.format-1-2") {
		t.Errorf("no copy beside the store: %v", files)
	}
	checkMigrated(t, st)
	if v := commit(t, st, someLinks("s", 20, 1)); v != 3 {
		t.Errorf("the next import made version %d", v)
	}
	st.Close()
	db := connect(path+".format-1-2", url.Values{"mode": {"ro"}})
	defer db.Close()
	var was, links int
	if err := db.QueryRow("PRAGMA user_version").Scan(&was); err != nil || was != 1 {
		t.Errorf("the copy has format %d, %v", was, err)
	}
	if err := db.QueryRow("SELECT count(*) FROM links").Scan(&links); err != nil || links != 2 {
		t.Errorf("the copy has %d links, %v", links, err)
	}
	again := openStore(t, path)
	if v := must[int64](t)(again.Version(ctx)); v != 3 {
		t.Errorf("version %d after opening again", v)
	}
}

// checkMigrated compares with what testdata/format-1.sql says.
func checkMigrated(t *testing.T, st *Store) {
	t.Helper()
	ctx := t.Context()
	it := &graph.NodeRecord{ID: "it", Name: "IT", Kind: graph.Team, Capacity: graph.Given(5), Tags: []string{"core"},
		Attrs: []graph.Attr{{Name: "Floor", Value: "3"}}, From: graph.Origin{File: "hr.csv", Row: 2}}
	hr1 := &graph.NodeRecord{ID: "hr", Name: "HR", Kind: graph.Team, Capacity: graph.Given(2.5), From: graph.Origin{File: "hr.csv", Row: 3}}
	hr2 := *hr1
	hr2.Capacity = graph.Given(3.5)
	link1 := &graph.LinkRecord{Provider: "it", Consumer: "hr", Service: "Mail", Criticality: graph.Minor, Volume: graph.Given(9), From: graph.Origin{File: "hr.csv", Row: 7}}
	link2 := &graph.LinkRecord{Provider: "hr", Consumer: "it", From: graph.Origin{File: "hr.csv", Row: 8}}
	source := func(nodes []*graph.NodeRecord, links ...*graph.LinkRecord) *graph.Source {
		s := graph.NewSource("hr", nodes, links)
		s.Rank = 1
		return s
	}
	want := &graph.Org{Name: graph.DefaultOrg, Version: 2, Sources: []*graph.Source{source([]*graph.NodeRecord{it, &hr2}, link2)}}
	if d := storetest.DiffOrgs(want, must[*graph.Org](t)(st.Load(ctx))); d != "" {
		t.Errorf("version 2 (-want +got):\n%s", d)
	}
	want = &graph.Org{Name: graph.DefaultOrg, Version: 1, Sources: []*graph.Source{source([]*graph.NodeRecord{it, hr1}, link1)}}
	if d := storetest.DiffOrgs(want, must[*graph.Org](t)(graph.At(ctx, st, 1))); d != "" {
		t.Errorf("version 1 (-want +got):\n%s", d)
	}
	if cs := must[*graph.ChangeSet](t)(st.Changes(ctx, 0, 1)); len(cs.Nodes) != 2 || len(cs.Links) != 1 || len(cs.Sources) != 1 {
		t.Errorf("version 1 came by %d nodes, %d links and %d sources", len(cs.Nodes), len(cs.Links), len(cs.Sources))
	}
	history := must[[]graph.VersionRecord](t)(st.History(ctx))
	if len(history) != 2 || history[1].By != "ann" || history[1].Added != 3 {
		t.Errorf("history %+v", history)
	}
	if doc := must[[]byte](t)(st.Document(ctx, "view", "mine")); string(doc) != `{"a":1}` {
		t.Errorf("document %s", doc)
	}
}

// makeFile makes an SQLite file by statements.
func makeFile(t testing.TB, path, script string) {
	t.Helper()
	db := connect(path, url.Values{"mode": {"rwc"}})
	defer db.Close()
	db.SetMaxOpenConns(1)
	must[sql.Result](t)(db.Exec(script))
}

// TestForeignFiles opens what is no sound store of this format: each is refused, and neither the file nor its folder changes.
func TestForeignFiles(t *testing.T) {
	good := filepath.Join(t.TempDir(), "good.db")
	st := openStore(t, good)
	commit(t, st, someLinks("s", 2000, 1))
	st.Close()
	whole := must[[]byte](t)(os.ReadFile(good))
	write := func(content []byte) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	with := func(script string) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			write(whole)(t, path)
			makeFile(t, path, script)
		}
	}
	for name, c := range map[string]struct {
		make func(t *testing.T, path string)
		want error
		says string
	}{
		"text":             {write([]byte("provider,consumer\nIT,HR\n")), ErrForeign, "not an SQLite database"},
		"long text":        {write([]byte(strings.Repeat("provider,consumer\n", 1000))), ErrForeign, "not an SQLite database"},
		"one byte":         {write([]byte{0}), ErrForeign, "no store"},
		"other program":    {func(t *testing.T, path string) { makeFile(t, path, "CREATE TABLE moz_places (id)") }, ErrForeign, "mark of another"},
		"other with a log": {func(t *testing.T, path string) { makeFile(t, path, "PRAGMA journal_mode = wal; CREATE TABLE x (id)") }, ErrForeign, "mark of another"},
		"only our mark": {func(t *testing.T, path string) {
			makeFile(t, path, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d; CREATE TABLE x (id)", applicationID, currentFormat))
		}, ErrForeign, `"x"`},
		"a trigger":     {with("CREATE TRIGGER evil AFTER INSERT ON links BEGIN DELETE FROM nodes; END"), ErrForeign, `trigger "evil"`},
		"a view":        {with("CREATE VIEW evil AS SELECT 1"), ErrForeign, `view "evil"`},
		"a table more":  {with("CREATE TABLE more (x)"), ErrForeign, `table "more"`},
		"an index less": {with("DROP INDEX links_now"), ErrDamaged, "missing"},
		"a column more": {with("ALTER TABLE links ADD COLUMN extra TEXT"), ErrForeign, `table "links"`},
		"half a file":   {write(whole[:len(whole)/2/4096*4096]), ErrDamaged, "copy"},
		"a broken page": {write(slices.Concat(whole[:40*4096], []byte(strings.Repeat("\xff", 4096)), whole[41*4096:])), ErrDamaged, "copy"},
		"newer":         {with("PRAGMA user_version = 99"), nil, "newer"},
		"never":         {with("PRAGMA user_version = -3"), ErrDamaged, "never a format"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "store.db")
			c.make(t, path)
			before, files := must[[]byte](t)(os.ReadFile(path)), listFiles(t, filepath.Dir(path))
			for how, open := range map[string]func(context.Context, string, string, ...Option) (*Store, error){"Open": Open, "OpenReadOnly": OpenReadOnly} {
				st, err := open(t.Context(), path, graph.DefaultOrg)
				if err == nil {
					st.Close()
					t.Fatalf("%s took it", how)
				}
				if name == "never" && how == "OpenReadOnly" {
					continue // it only sees an older format
				}
				contains(t, err, path, c.says)
				var format *FormatError
				if c.want != nil && !errors.Is(err, c.want) || c.want == nil && !errors.As(err, &format) {
					t.Errorf("%s: %v is of another sort", how, err)
				}
			}
			if !slices.Equal(before, must[[]byte](t)(os.ReadFile(path))) {
				t.Error("the file changed")
			}
			if after := listFiles(t, filepath.Dir(path)); !slices.Equal(files, after) {
				t.Errorf("files %v, before %v", after, files)
			}
		})
	}
	_, err := Open(t.Context(), t.TempDir(), graph.DefaultOrg)
	contains(t, err, "not a file")
	_, err = Open(t.Context(), filepath.Join(t.TempDir(), "no", "such.db"), graph.DefaultOrg)
	contains(t, err, "folder")
}

func TestEmptyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if v := commit(t, openStore(t, path), someLinks("s", 3, 1)); v != 1 {
		t.Errorf("version %d in a file that was empty", v)
	}
}

// TestDiskFull stops the file from growing, which SQLite reports as a full disk does.
func TestDiskFull(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	st := openStore(t, path)
	commit(t, st, someLinks("s", 100, 1))
	before := must[*graph.Org](t)(st.Load(t.Context()))
	must[sql.Result](t)(st.writer.Exec("PRAGMA max_page_count = 40"))
	_, _, err := graph.Commit(t.Context(), st, &graph.Org{Sources: []*graph.Source{someLinks("s", 5000, 2)}}, graph.VersionRecord{}, nil)
	contains(t, err, path, "disk is full", "nothing was changed")
	if d := storetest.DiffOrgs(before, must[*graph.Org](t)(st.Load(t.Context()))); d != "" {
		t.Error(d)
	}
	must[sql.Result](t)(st.writer.Exec("PRAGMA max_page_count = 100000"))
	if v := commit(t, st, someLinks("s", 5000, 2)); v != 2 {
		t.Errorf("version %d after there was room again", v)
	}
}

// TestBusy has another program keep the file for longer than the store waits.
func TestBusy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	st := openStore(t, path, Wait(0))
	commit(t, st, someLinks("s", 10, 1))
	other := connect(path, url.Values{"mode": {"rw"}})
	defer other.Close()
	other.SetMaxOpenConns(1)
	must[sql.Result](t)(other.Exec("BEGIN IMMEDIATE"))
	contains(t, st.PutDocument(t.Context(), "view", "x", []byte("1")), path, "another program", "try again")
	if v := must[int64](t)(st.Version(t.Context())); v != 1 {
		t.Errorf("readers must not wait: version %d", v)
	}
	second := openStore(t, path) // opening does not wait either
	go other.Exec("ROLLBACK")
	if err := second.PutDocument(t.Context(), "view", "x", []byte("1")); err != nil {
		t.Errorf("a store that waits: %v", err)
	}
}

// TestOtherTools asks the file what the package comment says that people can ask.
func TestOtherTools(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	st := openStore(t, path)
	commit(t, st, someLinks("s", 10, 1))
	commit(t, st, someLinks("s", 7, 1))
	db := connect(path, url.Values{"mode": {"ro"}})
	defer db.Close()
	for query, want := range map[string]int{
		"SELECT count(*) FROM links WHERE until IS NULL":                     7,
		"SELECT count(*) FROM links":                                         10,
		"SELECT count(*) FROM links WHERE until = 2":                         3,
		"SELECT volume FROM links WHERE consumer = 'consumer 3'":             1,
		"SELECT count(*) FROM links JOIN files ON file = files.id":           10,
		"SELECT count(*) FROM links JOIN sources ON source = sources.id":     10,
		"SELECT count(DISTINCT provider) FROM links WHERE service LIKE 's%'": 1,
	} {
		var got int
		if err := db.QueryRow(query).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %d, %v, want %d", query, got, err, want)
		}
	}
}
