package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/whoserves/graph/answer"
	"example.com/whoserves/graph/sqlitestore"
)

func TestCopy(t *testing.T) {
	d := imported(t)
	d.run(done, "import", "--source", "more", d.file("more/links.csv", "provider,consumer,service", "Tug,Ramp,Towing"))
	d.run(done, "undo")
	target := filepath.Join(d.dir, "copy.db")
	both := []string{"copy", "--from-store", d.store, "--to-store", target}
	type copyJSON struct {
		Org       string `json:"org"`
		Versions  int64  `json:"versions"`
		Documents int    `json:"documents"`
		Verified  bool   `json:"verified"`
	}
	for range 2 { // a second time there is nothing to do
		got := decode[copyJSON](t, d.check(done, append(both, "--format", "json")...).stdout)
		if got != (copyJSON{"default", 3, 0, true}) {
			t.Errorf("got %+v", got)
		}
	}
	copied := &desk{t: t, dir: d.dir, store: target}
	for _, args := range [][]string{{"history"}, {"risks"}, {"sources"}, {"diff", "0", "2"}, {"diff", "3", "1"}} {
		args = append(args, "--format", "json")
		if want, got := d.run(done, args...).stdout, copied.run(done, args...).stdout; got != want {
			t.Errorf("%v: %s, want %s", args, got, want)
		}
	}
	if r := d.check(done, append(both, "--to-org", "second")...); !strings.Contains(r.stdout, "“second” is now there (3 copied just now)") || !strings.Contains(r.stdout, "compared") {
		t.Errorf("got %s", r.stdout)
	}
	d.check(done, append(both, "--org", "default", "--to-org", "third", "--format", "csv")...)
	if got := decode[answer.Orgs](t, copied.run(done, "orgs", "--format", "json").stdout); len(got.Orgs) != 3 {
		t.Errorf("got %+v", got)
	}

	copied.run(done, "undo")
	for _, c := range []struct {
		args []string
		want string
	}{
		{both, "the target is at version 4, the original at version 3"},
		{[]string{"copy", "--from-store", d.store}, "both ends"},
		{[]string{"copy", "--to-store", d.store}, "both ends"},
		{[]string{"copy", "--from-store", d.store, "--to-store", d.store}, "the same organisation"},
		{[]string{"copy", "--from-store", filepath.Join(d.dir, "none.db"), "--to-store", filepath.Join(d.dir, "new.db")}, "does not exist"},
		{append(both, "--org", "nobody"), "no organisation “nobody”"},
		{append(both, "--to-org", "a/b"), "a/b"},
		{append(both, "more"), "takes no arguments"},
	} {
		if r := d.check(wrong, c.args...); !strings.Contains(r.stderr, c.want) {
			t.Errorf("%v: no %q in %s", c.args, c.want, r.stderr)
		}
	}
	if exists(filepath.Join(d.dir, "new.db")) {
		t.Error("a copy of nothing made a store")
	}
	d.check(done, "copy", "--from-store", d.store, "--to-store", d.store, "--to-org", "beside") // within one store
}

// A file of an older format is brought up to date before it is copied; documents come along.
func TestCopyDocuments(t *testing.T) {
	d := imported(t)
	st, err := sqlitestore.Open(t.Context(), d.store, "default")
	if err != nil {
		t.Fatal(err)
	}
	if err := st.PutDocument(t.Context(), "view", "mine", []byte(`{"a":1}`)); err != nil {
		t.Fatal(err)
	}
	st.Close()
	target := filepath.Join(d.dir, "copy.db")
	if r := d.check(done, "copy", "--from-store", d.store, "--to-store", target, "--format", "json"); !strings.Contains(r.stdout, `"documents":1,"verified":true`) {
		t.Errorf("got %s", r.stdout)
	}
}

// A local file has nothing to refresh, and is not made by asking.
func TestRefreshFile(t *testing.T) {
	d := newDesk(t)
	r := d.run(done, "refresh", "--format", "json")
	if got := decode[importJSON](t, r.stdout); *got.Version != 0 || !strings.Contains(r.stderr, "nothing to refresh") || exists(d.store) {
		t.Errorf("got %s, %s", r.stdout, r.stderr)
	}
	d.run(done, "import", d.file("links.csv", chain...))
	if r := d.run(done, "refresh"); !strings.Contains(r.stdout, "the store stays at version 1") {
		t.Errorf("got %s", r.stdout)
	}
	d.run(wrong, "refresh", "--org", "nobody")
	d.run(wrong, "refresh", "x")
}

// The problems of a store are those of its facts, wherever they came from.
func TestValidateStore(t *testing.T) {
	d := newDesk(t)
	if r := d.run(done, "validate"); exists(d.store) || !strings.Contains(r.stderr, "no data yet") {
		t.Errorf("nothing: %+v", r)
	}
	d.run(done, "import", d.file("a.csv", "provider,consumer,service,criticality", "Ramp,Ramp,Itself,"))
	r := d.run(done, "validate", "--format", "json")
	got := decode[importJSON](t, r.stdout)
	if *got.Version != 1 || len(got.Problems) == 0 || got.Problems[0].File != "a.csv" || got.Problems[0].Row != 2 {
		t.Errorf("got %s", r.stdout)
	}
	d.run(done, "import", d.file("nodes.csv", "id,name", "t1,Twin", "t2,Twin"))
	d.run(wrong, "import", d.file("b.csv", "provider,consumer", "Twin,Ramp"))
	if n, _ := decode[importJSON](t, d.run(wrong, "validate", "--format", "json").stdout).errors(); n == 0 {
		t.Error("no error about a name that two have")
	}
	d.run(wrong, "validate", "--org", "nobody")
	d.run(wrong, "validate", filepath.Join(d.dir, "a.csv"))
	d.run(wrong, "validate", "--strict")
	d.run(wrong, "validate", "--direction", "consumer-first")
}

func TestSchema(t *testing.T) {
	r := runWith("schema")
	if r.status != done || !strings.Contains(r.stdout, "SERVES") || r.stderr != "" {
		t.Errorf("got %+v", r)
	}
}

// secret is what must never be said.
const secret = "hunter2-Geheimnis"

// A password in an address is refused, and not repeated; nor is one anywhere else.
func TestPasswordInAddress(t *testing.T) {
	d := newDesk(t)
	links := d.file("links.csv", chain...)
	for _, uri := range []string{"neo4j://ann:" + secret + "@localhost", "bolt+s://" + secret + "@localhost:7687", "NEO4J://x:" + secret + "@h", "mysql://x:" + secret + "@h/db"} {
		for _, args := range [][]string{{"risks", "--store", uri}, {"import", links, "--store", uri}, {"refresh", "--store", uri}, {"copy", "--from-store", d.store, "--to-store", uri},
			{"copy", "--from-store", uri, "--to-store", d.store}, {"serve", "--listen", "127.0.0.1:0", "--store", uri}, {"validate", "--store", uri}} {
			r := d.check(wrong, args...)
			if strings.Contains(r.stdout+r.stderr, secret) || !strings.Contains(r.stderr, "must not hold a user or password") {
				t.Errorf("%v: %s", args[0], r.stderr)
			}
		}
	}
	t.Setenv("WHOSERVES_STORE", "neo4j://ann:"+secret+"@localhost")
	if r := d.check(wrong, "risks"); strings.Contains(r.stderr, secret) {
		t.Error(r.stderr)
	}
}

func TestPasswordFile(t *testing.T) {
	d := newDesk(t)
	t.Setenv("NEO4J_PASSWORD", "from the environment")
	t.Setenv("NEO4J_USERNAME", "ann")
	t.Setenv("NEO4J_DATABASE", "acme")
	config := func(file, stderr string) string {
		t.Helper()
		var words strings.Builder
		a := &app{stderr: &words, neo4j: neo4jOptions{passwordFile: file}}
		c, err := a.neo4jConfig("neo4j://localhost")
		if err != nil {
			t.Fatal(err)
		}
		if c.User != "ann" || c.Database != "acme" || c.URI != "neo4j://localhost" {
			t.Errorf("got %+v", c)
		}
		if (words.String() != "") != (stderr != "") || !strings.Contains(words.String(), stderr) || strings.Contains(words.String(), secret) {
			t.Errorf("words %q, want %q", &words, stderr)
		}
		return c.Password
	}
	if got := config("", ""); got != "from the environment" {
		t.Errorf("got %q", got)
	}
	for text, want := range map[string]string{secret: secret, secret + "\n": secret, secret + "\r\n": secret, " a b \n": " a b ", "é水\n\n": "é水"} {
		file := d.file("password")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for mode, words := range map[os.FileMode]string{0o600: "", 0o640: "", 0o644: "can read the password"} {
			if err := os.Chmod(file, mode); err != nil {
				t.Fatal(err)
			}
			if got := config(file, words); got != want {
				t.Errorf("%q: got %q, want %q", text, got, want)
			}
		}
	}
	for _, bad := range []string{d.file("empty"), d.file("two", secret, "more"), filepath.Join(d.dir, "none"), d.dir} {
		if r := d.check(wrong, "risks", "--store", "neo4j://localhost", "--neo4j-password-file", bad); strings.Contains(r.stderr, secret) || !strings.Contains(r.stderr, "--neo4j-password-file") {
			t.Errorf("%s: %s", bad, r.stderr)
		}
	}
	d.check(wrong, "risks", "--store", "neo4j+s://localhost", "--neo4j-ca", filepath.Join(d.dir, "none"))
	d.check(wrong, "risks", "--store", "neo4j+s://localhost", "--neo4j-ca", d.file("ca", "no certificate"))
	for _, bad := range []string{"neo4j://", "bolt://localhost/acme", "bolt://localhost?x=y"} {
		d.check(wrong, "risks", "--store", bad)
	}
	a := &app{neo4j: neo4jOptions{user: "bob", database: "other"}}
	if c, err := a.neo4jConfig("bolt://h"); err != nil || c.User != "bob" || c.Database != "other" {
		t.Errorf("options do not win over the environment: %+v, %v", c, err)
	}
}
