package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/answer"
	"github.com/jedib0t/go-pretty/v6/text"
)

// desk is a folder with files and a store to run commands on.
type desk struct {
	t     *testing.T
	dir   string
	store string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	t.Setenv("WHOSERVES_STORE", "")
	dir := t.TempDir()
	return &desk{t: t, dir: dir, store: filepath.Join(dir, "test.db")}
}

// file writes a file and gives its path.
func (d *desk) file(name string, lines ...string) string {
	d.t.Helper()
	path := filepath.Join(d.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o666); err != nil {
		d.t.Fatal(err)
	}
	return path
}

// result is what a command left behind.
type result struct {
	status         int
	stdout, stderr string
}

func runWith(args ...string) result {
	var out, err bytes.Buffer
	status := run(context.Background(), args, strings.NewReader(""), &out, &err)
	return result{status, out.String(), err.String()}
}

// run runs a command on the store of the desk and checks its exit status.
func (d *desk) run(status int, args ...string) result {
	d.t.Helper()
	return d.check(status, append(args, "--store", d.store)...)
}

// check runs a command and checks its exit status and, where that is 2 or 3, that stdout is empty.
func (d *desk) check(status int, args ...string) result {
	d.t.Helper()
	r := runWith(args...)
	if r.status != status {
		d.t.Fatalf("whoserves %s: status %d, want %d\nstdout: %s\nstderr: %s", strings.Join(args, " "), r.status, status, r.stdout, r.stderr)
	}
	if r.status >= wrong && args[0] != "import" && args[0] != "validate" && r.stdout != "" {
		d.t.Errorf("whoserves %s: status %d with stdout %s", strings.Join(args, " "), r.status, r.stdout)
	}
	if r.status >= wrong && r.stderr == "" && args[0] != "import" && args[0] != "validate" {
		d.t.Errorf("whoserves %s: status %d without a word", strings.Join(args, " "), r.status)
	}
	return r
}

// decode reads JSON that may hold only the fields of T, and all of them.
func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &fields); err != nil {
		t.Fatal(err)
	}
	for f := range reflect.TypeFor[T]().Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if _, ok := fields[name]; name != "" && !ok && options != "omitempty" {
			t.Errorf("no field %q in %s", name, text)
		}
	}
	return v
}

// importJSON is what import, validate and undo write.
type importJSON struct {
	Version  *int64 `json:"version"`
	Added    int    `json:"added"`
	Changed  int    `json:"changed"`
	Removed  int    `json:"removed"`
	Problems []struct {
		File     string `json:"file"`
		Sheet    string `json:"sheet"`
		Row      int    `json:"row"`
		Column   string `json:"column"`
		Severity string `json:"severity"`
		Message  string `json:"message"`
	} `json:"problems"`
	Risks *risksJSON `json:"risks"`
}

// risksJSON is what import, undo and diff write about customers.
type risksJSON struct {
	Before      int `json:"spofs_before"`
	After       int `json:"spofs_after"`
	NodesBefore int `json:"nodes_before"`
	NodesAfter  int `json:"nodes_after"`
	Customers   []struct {
		ID     string   `json:"id"`
		Before *int     `json:"before"`
		After  *int     `json:"after"`
		New    []string `json:"new"`
		Gone   []string `json:"gone"`
	} `json:"customers"`
	New  []string `json:"new"`
	Gone []string `json:"gone"`
}

// errors counts the problems of severity error and gives the row of the first.
func (i importJSON) errors() (n, row int) {
	for _, p := range i.Problems {
		if p.Severity == "error" {
			if n == 0 {
				row = p.Row
			}
			n++
		}
	}
	return n, row
}

// chain is links of a small chain: fuel serves ramp serves two airlines, one of which has a second ramp.
var chain = []string{
	"provider,consumer,service,tolerance_hours",
	"Fuel,Ramp,Jet fuel,4",
	"Ramp,North Air,Loading,",
	"Ramp,South Air,Loading,",
	"Ramp 2,South Air,Loading,",
}

var people = []string{
	"id,name,kind,contact,recovery_hours",
	"fuel,Fuel,supplier,fuel@example.org,24",
	"ramp,Ramp,team,,2",
	"ramp-2,Ramp 2,team,,2",
	"north-air,North Air,customer,north@example.org,",
	"south-air,South Air,customer,,",
}

// imported gives a desk whose store holds the small chain.
func imported(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	d.run(done, "import", d.file("nodes.csv", people...), d.file("links.csv", chain...))
	return d
}

func TestImport(t *testing.T) {
	d := newDesk(t)
	nodes, links := d.file("nodes.csv", people...), d.file("links.csv", chain...)
	r := d.run(done, "import", "--format", "json", nodes, links)
	got := decode[importJSON](t, r.stdout)
	if *got.Version != 1 || got.Added != 9 || got.Changed != 0 || got.Removed != 0 || got.Problems == nil {
		t.Errorf("got %s", r.stdout)
	}
	if !strings.Contains(r.stderr, "row 2 means: “Fuel” serves “Ramp”") {
		t.Errorf("no example sentence: %s", r.stderr)
	}
	r = d.run(done, "import", "--format", "json", nodes, links)
	if got := decode[importJSON](t, r.stdout); *got.Version != 1 || got.Added+got.Changed+got.Removed != 0 {
		t.Errorf("the same again: %s", r.stdout)
	}
	d.file("links.csv", append(chain[:4:4], "Ramp 2,South Air,Cleaning,")...)
	r = d.run(done, "import", "--format", "json", links)
	if got := decode[importJSON](t, r.stdout); *got.Version != 2 || got.Added != 1 || got.Removed != 1 {
		t.Errorf("one row changed its service: %s", r.stdout)
	}
}

func TestDryRun(t *testing.T) {
	d := newDesk(t)
	links := d.file("links.csv", chain...)
	r := d.run(done, "import", "--dry-run", "--format", "json", links)
	if got := decode[importJSON](t, r.stdout); *got.Version != 0 || got.Added == 0 {
		t.Errorf("got %s", r.stdout)
	}
	if exists(d.store) {
		t.Error("a dry run made the store")
	}
	d.run(done, "import", links)
	d.file("links.csv", append(chain[:4:4], "Ramp 3,South Air,Loading,")...)
	r = d.run(done, "import", "--dry-run", links)
	for _, want := range []string{"version 1 to version 2", "+ Ramp 3 serves South Air with Loading", "− Ramp 2 serves South Air with Loading"} {
		if !strings.Contains(r.stdout, want) {
			t.Errorf("no %q in %s", want, r.stdout)
		}
	}
	if r := d.run(done, "history", "--format", "json"); len(decode[answer.History](t, r.stdout).Versions) != 1 {
		t.Errorf("a dry run made a version: %s", r.stdout)
	}
}

// A row that does not count makes the status 2; the good rows go in, with --strict none.
func TestBadRows(t *testing.T) {
	d := newDesk(t)
	bad := d.file("links.csv", append(chain, ",Ramp,Nothing,", "Fuel,,Nothing,")...)
	for _, command := range []string{"import", "validate"} {
		args := []string{command, "--format", "json", bad}
		if command == "import" {
			args = append(args, "--strict", "--store", d.store)
		}
		got := decode[importJSON](t, d.check(wrong, args...).stdout)
		if n, row := got.errors(); n != 2 || row != 6 || got.Added != 0 {
			t.Errorf("%s: %d errors from row %d on, %d added: %v", command, n, row, got.Added, got.Problems)
		}
	}
	if r := d.run(done, "risks", "--format", "json"); decode[answer.Risks](t, r.stdout).Nodes != 0 {
		t.Errorf("--strict imported something: %s", r.stdout)
	}
	got := decode[importJSON](t, d.run(wrong, "import", "--format", "json", bad).stdout)
	if *got.Version != 1 || got.Added == 0 {
		t.Errorf("the good rows did not go in: %+v", got)
	}
	if r := d.check(wrong, "risks", "--from", bad); !strings.Contains(r.stderr, "row 6") {
		t.Errorf("no place: %s", r.stderr)
	}
	bad = d.file("many.csv", "provider,consumer"+strings.Repeat("\nFuel,", 150))
	if r := d.check(wrong, "risks", "--from", bad); !strings.Contains(r.stderr, "row 101,") || strings.Contains(r.stderr, "row 102,") || !strings.Contains(r.stderr, "and 50 more") {
		t.Errorf("got %s", r.stderr)
	}
}

func TestStrictRefusesPlaceholders(t *testing.T) {
	d := newDesk(t)
	nodes, links := d.file("nodes.csv", people...), d.file("links.csv", chain...)
	r := d.run(wrong, "import", "--strict", "--format", "json", links)
	if got := decode[importJSON](t, r.stdout); got.Added != 0 || !strings.Contains(r.stderr, "fuel") {
		t.Errorf("got %s, %s", r.stdout, r.stderr)
	}
	d.check(wrong, "validate", "--strict", links)
	d.check(done, "validate", links)
	d.check(done, "validate", "--strict", nodes, links)
	d.run(done, "import", "--strict", nodes)
	d.run(done, "import", "--strict", links)
}

// An import that would take away more than a third of a source asks; without a terminal it is refused and the question printed.
func TestLargeRemovalAsks(t *testing.T) {
	d := imported(t)
	links := d.file("links.csv", chain[:2]...)
	r := d.run(wrong, "import", "--format", "json", links)
	if !strings.Contains(r.stderr, "the source “links” would lose 6 of 9 facts") || !strings.Contains(r.stderr, "?") {
		t.Errorf("no question: %s", r.stderr)
	}
	if got := decode[importJSON](t, r.stdout); *got.Version != 1 || got.Removed != 0 {
		t.Errorf("got %s", r.stdout)
	}
	d.run(done, "import", "--dry-run", links)
	if got := decode[importJSON](t, d.run(done, "import", "--yes", "--format", "json", links).stdout); got.Removed != 3 {
		t.Errorf("--yes: %+v", got)
	}
}

// Where somebody is there to answer, the answer counts.
func TestLargeRemovalIsAnswered(t *testing.T) {
	d := imported(t)
	links := d.file("links.csv", chain[:2]...)
	for _, c := range []struct {
		answer string
		status int
	}{{"n\n", wrong}, {"", wrong}, {"what?\n", wrong}, {"Y\n", done}} {
		var out, err bytes.Buffer
		a := &app{stdin: strings.NewReader(c.answer), stdout: &out, stderr: &err, asks: true}
		if status := a.run(context.Background(), []string{"import", links, "--store", d.store}); status != c.status || !strings.Contains(err.String(), "Import it all the same? [y/N]") {
			t.Errorf("answer %q: status %d, %s%s", c.answer, status, &out, &err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	never, _ := io.Pipe()
	d.run(done, "undo")
	asked := &whenWritten{text: "[y/N]", then: cancel}
	a := &app{stdin: never, stdout: io.Discard, stderr: asked, asks: true}
	if status := a.run(ctx, []string{"import", links, "--store", d.store}); status != trouble || ctx.Err() == nil {
		t.Errorf("stopped while asked: status %d, %s", status, &asked.b)
	}
}

// whenWritten does something when a text is written to it.
type whenWritten struct {
	text string
	then func()
	b    bytes.Buffer
}

func (w *whenWritten) Write(p []byte) (int, error) {
	if strings.Contains(string(p), w.text) {
		w.then()
	}
	return w.b.Write(p)
}

func TestUndoAndRedo(t *testing.T) {
	d := imported(t)
	before := d.run(done, "risks", "--format", "json").stdout
	links := d.file("links.csv", append(chain[:4:4], "Ramp 2,South Air,Cleaning,")...)
	d.run(done, "import", links)
	after := d.run(done, "risks", "--format", "json").stdout
	same := func(a, b string) bool {
		x, y := decode[answer.Risks](t, a), decode[answer.Risks](t, b)
		x.Version, y.Version = nil, nil
		return reflect.DeepEqual(x, y)
	}
	if same(before, after) {
		t.Fatal("the second import changed no risk: the test proves nothing")
	}
	if got := decode[importJSON](t, d.run(done, "undo", "--dry-run", "--format", "json").stdout); *got.Version != 2 || got.Added != 1 || got.Removed != 1 {
		t.Errorf("dry run: %+v", got)
	}
	if got := decode[importJSON](t, d.run(done, "undo", "--format", "json").stdout); *got.Version != 3 {
		t.Errorf("undo led to version %d", *got.Version)
	}
	if got := d.run(done, "risks", "--format", "json").stdout; !same(got, before) {
		t.Errorf("undone:\n%s\nwant\n%s", got, before)
	}
	d.run(done, "undo", "3")
	if got := d.run(done, "risks", "--format", "json").stdout; !same(got, after) {
		t.Errorf("redone:\n%s\nwant\n%s", got, after)
	}
	history := decode[answer.History](t, d.run(done, "history", "--format", "json").stdout)
	if v := history.Versions[0]; v.Version != 4 || v.Undoes == nil || *v.Undoes != 3 || v.Files == nil {
		t.Errorf("got %+v", v)
	}
	if v := history.Versions[3]; v.Version != 1 || v.Undoes != nil || v.By == "" || len(v.Files) != 2 || len(v.Files[0].SHA256) != 64 {
		t.Errorf("got %+v", v)
	}
	for _, bad := range []string{"9", "x", "0", "-1"} {
		d.run(wrong, "undo", "--", bad)
	}
	d.run(wrong, "undo", "1", "2")
	if r := d.run(wrong, "undo", "1"); !strings.Contains(r.stderr, "later versions changed the same facts") {
		t.Errorf("got %s", r.stderr)
	}
}

func TestDiff(t *testing.T) {
	d := imported(t)
	changed := append([]string{}, chain...)
	changed[1] = "Fuel,Ramp,Jet fuel,8"
	d.run(done, "import", d.file("links.csv", changed...))
	want := `{"from":1,"to":2,"added":[],"changed":[{"key":{"entity":"link","provider":"fuel","consumer":"ramp","service":"Jet fuel"},"field":"tolerance_hours","old":"4","new":"8","source":"links"}],"removed":[],"risks":{"spofs_before":2,"spofs_after":2,"nodes_before":3,"nodes_after":3,"customers":[],"new":[],"gone":[]}}`
	for _, args := range [][]string{{"diff"}, {"diff", "1", "2"}, {"diff", "1"}} {
		if got := strings.TrimSpace(d.run(done, append(args, "--format", "json")...).stdout); got != want {
			t.Errorf("%v: got\n%s\nwant\n%s", args, got, want)
		}
	}
	if got := decode[answer.Diff](t, d.run(done, "diff", "0", "1", "--format", "json").stdout); len(got.Added) != 9 {
		t.Errorf("from nothing: %+v", got)
	}
	if got := decode[answer.Diff](t, d.run(done, "diff", "2", "0", "--format", "json").stdout); len(got.Removed) != 9 {
		t.Errorf("back to nothing: %+v", got)
	}
	for _, want := range []string{"≠ Fuel serves Ramp with Jet fuel: tolerance hours 4 → 8", "2 of 3 can stop a customer alone, as before."} {
		if got := d.run(done, "diff").stdout; !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
	d.run(wrong, "diff", "1", "9")
	d.run(wrong, "diff", "1", "x")
	d.run(wrong, "diff", "1", "2", "3")
}

func TestSourcesAndTheirRank(t *testing.T) {
	d := imported(t)
	other := append([]string{}, people...)
	other[1] = "fuel,Fuel,supplier,other@example.org,24"
	d.run(done, "import", "--source", "hr", d.file("other/nodes.csv", other...))
	got := decode[answer.Sources](t, d.run(done, "sources", "--format", "json").stdout)
	if len(got.Sources) != 3 || got.Sources[0].Name != "links" || got.Sources[2].Name != "hr" || len(got.Differences) != 1 {
		t.Fatalf("got %+v", got)
	}
	if v := got.Differences[0].Values; v[0].Value != "fuel@example.org" || v[0].Row != 2 || v[1].Source != "hr" {
		t.Errorf("got %+v", v)
	}
	got = decode[answer.Sources](t, d.run(done, "sources", "--rank", "hr,nodes", "--format", "json").stdout)
	if got.Sources[0].Name != "hr" || got.Sources[1].Name != "nodes" || got.Sources[2].Rank != 3 {
		t.Errorf("got %+v", got.Sources)
	}
	if v := got.Differences[0].Values[0]; v.Value != "other@example.org" {
		t.Errorf("now %q counts", v.Value)
	}
	if got := d.run(done, "history").stdout; !strings.Contains(got, "3  20") {
		t.Errorf("no version 3: %s", got)
	}
	d.run(done, "sources", "--rank", "hr") // so already: no version
	if h := decode[answer.History](t, d.run(done, "history", "--format", "json").stdout); len(h.Versions) != 3 {
		t.Errorf("%d versions", len(h.Versions))
	}
	d.run(wrong, "sources", "--rank", "nobody")
	d.run(done, "undo")
	if got := decode[answer.Sources](t, d.run(done, "sources", "--format", "json").stdout); got.Sources[0].Name != "links" {
		t.Errorf("undone: %+v", got.Sources)
	}
}

func TestTwoOrganisationsInOneStore(t *testing.T) {
	d := newDesk(t)
	links := d.file("links.csv", chain...)
	d.run(done, "import", "--org", "As is", links)
	d.run(done, "import", "--org", "To be", d.file("b/links.csv", chain[:3]...))
	if got := d.run(done, "orgs", "--org", "To be", "--format", "json").stdout; strings.TrimSpace(got) != `{"orgs":[{"name":"As is"},{"name":"To be"}]}` {
		t.Errorf("got %s", got)
	}
	a := decode[answer.Risks](t, d.run(done, "risks", "--org", "As is", "--format", "json").stdout)
	b := decode[answer.Risks](t, d.run(done, "risks", "--org", "To be", "--format", "json").stdout)
	if a.Links != 4 || b.Links != 2 {
		t.Errorf("%d and %d links", a.Links, b.Links)
	}
	for _, args := range [][]string{{"risks"}, {"serve", "--listen", "127.0.0.1:0"}, {"undo"}, {"history"}, {"sources", "--rank", "links"}, {"draw", "-o", "-"}} {
		if r := d.run(wrong, append(args, "--org", "nope")...); !strings.Contains(r.stderr, "As is, To be") {
			t.Errorf("%v: got %s", args, r.stderr)
		}
	}
	d.run(done, "orgs", "--org", "nope")
}

// One import, every question, in every format.
func TestQuestions(t *testing.T) {
	d := imported(t)
	for _, args := range [][]string{
		{"show", "Ramp"}, {"risks"}, {"risks", "--full", "--exact", "--limit", "0"}, {"bottlenecks", "--exact"}, {"ripple", "Fuel"},
		{"ripple", "--worse", "fuel"}, {"ripple", "ramp", "ramp-2"}, {"paths", "Fuel", "South Air", "--k", "2", "--by", "lead_time", "--via", "ramp", "--avoid", "ramp-2"},
		{"paths", "South Air", "Fuel"}, {"history"}, {"diff"}, {"sources"}, {"orgs"},
	} {
		for _, format := range formats {
			r := d.run(done, append(args, "--format", format)...)
			if r.stdout == "" || r.stderr != "" {
				t.Errorf("%v as %s: stdout %q, stderr %q", args, format, r.stdout, r.stderr)
			}
			if format == "json" && !json.Valid([]byte(r.stdout)) {
				t.Errorf("%v: %s", args, r.stdout)
			}
			for line := range strings.Lines(r.stdout) {
				if w := text.StringWidthWithoutEscSequences(line); format == "text" && w > 81 {
					t.Errorf("%v: %d columns: %s", args, w, line)
				}
			}
		}
	}
}

func TestRisksAnswers(t *testing.T) {
	d := imported(t)
	got := decode[answer.Risks](t, d.run(done, "risks", "--format", "json").stdout)
	if *got.Version != 1 || got.Nodes != 5 || got.Links != 4 || strings.Join(got.Customers, " ") != "north-air south-air" {
		t.Errorf("got %+v", got)
	}
	want := []answer.SPOF{
		{ID: "fuel", Name: "Fuel", Kind: "supplier", CustomersDown: []string{"north-air"}, CustomersDownCount: 1, CustomersDegraded: []string{},
			FirstImpactHours: 4, Exposed: true, Basis: "assumed",
			Chain: []answer.Link{{Provider: "fuel", Consumer: "ramp", Service: "Jet fuel"}, {Provider: "ramp", Consumer: "north-air", Service: "Loading"}}},
		{ID: "ramp", Name: "Ramp", Kind: "team", CustomersDown: []string{"north-air"}, CustomersDownCount: 1, CustomersDegraded: []string{},
			FirstImpactHours: 0, Exposed: true, Basis: "assumed", Chain: []answer.Link{{Provider: "ramp", Consumer: "north-air", Service: "Loading"}}},
	}
	if !reflect.DeepEqual(got.SPOFs, want) {
		t.Errorf("got %+v\nwant %+v", got.SPOFs, want)
	}
	if want := (graph.Assumed{Criticality: 4, Tolerance: 3, RecoveryHours: 0, Capacity: 3}); got.Assumed != want {
		t.Errorf("assumed %+v, want %+v", got.Assumed, want)
	}
	files := decode[answer.Risks](t, d.check(done, "risks", "--format", "json", "--from", filepath.Join(d.dir, "nodes.csv"), "--from", filepath.Join(d.dir, "links.csv")).stdout)
	if files.Version != nil {
		t.Errorf("version %d of files", *files.Version)
	}
	if files.Version = got.Version; !reflect.DeepEqual(files, got) {
		t.Errorf("straight from files: %+v\nwant %+v", files, got)
	}
}

// Reading a store that is not there is no error and makes no file.
func TestNoStore(t *testing.T) {
	d := newDesk(t)
	readNothing(d)
	if exists(d.store) {
		t.Error("reading made the store")
	}
}

// A file without a byte is a store without data.
func TestEmptyStore(t *testing.T) {
	d := newDesk(t)
	if err := os.WriteFile(d.store, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	readNothing(d)
	d.run(done, "import", d.file("links.csv", chain...))
	d.run(done, "show", "Ramp")
}

// readNothing reads from a store without data.
func readNothing(d *desk) {
	d.t.Helper()
	for _, args := range [][]string{{"risks"}, {"bottlenecks"}, {"history"}, {"sources"}, {"orgs"}, {"diff"}} {
		if r := d.run(done, args...); !strings.Contains(r.stderr, "no data yet") || r.stdout == "" {
			d.t.Errorf("%v: %+v", args, r)
		}
	}
	for _, args := range [][]string{{"show", "x"}, {"ripple", "x"}, {"paths", "x", "y"}, {"undo"}, {"sources", "--rank", "x"}} {
		d.run(wrong, args...)
	}
}

func TestWrongUsage(t *testing.T) {
	d := imported(t)
	for _, c := range []struct {
		want string
		args []string
	}{
		{"risks", []string{"risk"}},
		{"unknown command", []string{"frobnicate"}},
		{"--help", []string{"risks", "--fulll"}},
		{"text, json, csv", []string{"risks", "--format", "xml"}},
		{"too many", []string{"risks", "ramp"}},
		{"too many", []string{"show", "North", "Air"}},
		{"missing", []string{"show"}},
		{"missing", []string{"paths", "fuel"}},
		{"Did you mean Ramp", []string{"show", "Rampp"}},
		{"customer", []string{"ripple", "North Air"}},
		{"hops, lead_time", []string{"paths", "fuel", "ramp", "--by", "cost"}},
		{"whole number", []string{"paths", "fuel", "ramp", "--k", "x"}},
		{"--from", []string{"risks", "--from", filepath.Join(d.dir, "links.csv")}},
	} {
		if r := d.run(wrong, c.args...); !strings.Contains(r.stderr, c.want) {
			t.Errorf("%v: no %q in %s", c.args, c.want, r.stderr)
		}
	}
	for _, args := range [][]string{{"import"}, {"validate"}, {"import", "nothing.csv"}, {"validate", "nothing.csv"}, {"risks", "--from", "nothing.csv"}, {"version", "x"}} {
		d.check(wrong, args...)
	}
	d.check(wrong, "risks", "--store", "mysql://x/y")
}

func TestStoreTrouble(t *testing.T) {
	d := newDesk(t)
	for _, uri := range []string{"neo4j://localhost", "bolt+s://localhost"} {
		if r := d.check(trouble, "risks", "--store", uri); !strings.Contains(r.stderr, "Neo4j") {
			t.Errorf("got %s", r.stderr)
		}
	}
	foreign := d.file("notes.txt", "this is no store")
	d.check(trouble, "risks", "--store", foreign)
	links := d.file("links.csv", chain...)
	if r := d.check(trouble, "import", "--store", foreign, links); r.stdout != "" {
		t.Errorf("stdout %s", r.stdout)
	}
	d.check(trouble, "import", "--store", filepath.Join(d.dir, "no", "such", "folder", "x.db"), links)
	t.Setenv("WHOSERVES_STORE", foreign)
	d.check(trouble, "risks")
}

func TestStopped(t *testing.T) {
	d := imported(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, err bytes.Buffer
	if status := run(ctx, []string{"risks", "--store", d.store}, strings.NewReader(""), &out, &err); status != trouble || out.Len() > 0 {
		t.Errorf("status %d, stdout %s, stderr %s", status, &out, &err)
	}
}

// Every command explains itself, with examples.
func TestHelp(t *testing.T) {
	a := &app{}
	for _, c := range a.root().Commands() {
		if c.Hidden || c.Name() == "completion" {
			continue
		}
		if c.Example == "" || c.Short == "" {
			t.Errorf("%s has no example or no short description", c.Name())
		}
		r := runWith(c.Name(), "--help")
		if r.status != done || !strings.Contains(r.stdout, "Examples:") {
			t.Errorf("%s --help: %+v", c.Name(), r)
		}
		for line := range strings.Lines(r.stdout) {
			if w := text.StringWidthWithoutEscSequences(line); w > 81 {
				t.Errorf("%s --help: %d columns: %s", c.Name(), w, line)
			}
		}
	}
	for command, option := range map[string]string{"paths": "--k int", "risks": "--limit int"} {
		if r := runWith(command, "--help"); !strings.Contains(r.stdout, option) {
			t.Errorf("%s --help does not say %q: %s", command, option, r.stdout)
		}
	}
	r := runWith()
	if r.status != done || !strings.Contains(r.stdout, "whoserves demo") {
		t.Errorf("without a command: %+v", r)
	}
	for line := range strings.Lines(r.stdout) {
		if w := text.StringWidthWithoutEscSequences(line); w > 81 {
			t.Errorf("%d columns: %s", w, line)
		}
	}
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if r := runWith("completion", shell); r.status != done || r.stdout == "" {
			t.Errorf("completion %s: status %d", shell, r.status)
		}
	}
}

func TestCompletion(t *testing.T) {
	d := imported(t)
	r := d.check(done, "__complete", "show", "--store", d.store, "ra")
	if !strings.Contains(r.stdout, "ramp\tRamp\nramp-2\tRamp 2\n") || strings.Contains(r.stdout, "fuel") {
		t.Errorf("got %s", r.stdout)
	}
	if r := d.check(done, "__complete", "risks", "--format", ""); !strings.Contains(r.stdout, "json") {
		t.Errorf("got %s", r.stdout)
	}
}

// An import, before and after it is done, its undo and the difference of the versions say the same about the risks.
func TestWhatItDoesToTheRisks(t *testing.T) {
	d := imported(t)
	links := d.file("links.csv", append(chain[:4:4], "Ramp 2,North Air,Loading,")...) // Ramp alone serves South Air now, not North Air
	want := `"risks":{"spofs_before":2,"spofs_after":2,"nodes_before":3,"nodes_after":3,"customers":[` +
		`{"id":"north-air","before":2,"after":0,"new":[],"gone":["fuel","ramp"]},{"id":"south-air","before":0,"after":2,"new":["fuel","ramp"],"gone":[]}],"new":[],"gone":[]}`
	for _, args := range [][]string{{"import", "--dry-run", links}, {"import", links}, {"diff", "1", "2"}} {
		if got := d.run(done, append(args, "--format", "json")...).stdout; !strings.Contains(got, want) {
			t.Errorf("%v: got\n%s\nwant in it\n%s", args, got, want)
		}
	}
	for _, args := range [][]string{{"undo", "--dry-run"}, {"undo"}, {"diff"}} {
		got := d.run(done, args...).stdout
		for _, want := range []string{"What it does to the risks", "2 more can stop North Air alone (0 → 2); Fuel and Ramp now can.",
			"2 fewer can stop South Air alone (2 → 0); Fuel and Ramp no longer can."} {
			if !strings.Contains(got, want) {
				t.Errorf("%v: no %q in %s", args, want, got)
			}
		}
	}
	d.run(done, "import", links)
	strange := d.file("more.csv", "provider,consumer", "Nobody knows,Ramp")
	for _, r := range []result{
		d.run(done, "import", links, "--format", "json"), // changes nothing
		d.run(wrong, "import", strange, "--strict", "--format", "json"),
		d.check(done, "validate", links, "--format", "json"),
	} {
		if got := decode[importJSON](t, r.stdout); got.Risks != nil {
			t.Errorf("nothing was to be compared: %s", r.stdout)
		}
	}
}

// What import and its kin write keeps within 80 columns, and says what it is about.
func TestImportText(t *testing.T) {
	d := newDesk(t)
	long := d.file("links.csv", append(chain, ",Ramp,Nothing,", strings.Repeat("A very long name ", 8)+",Ramp,Nothing,", "Ramp,Ramp,Nothing,")...)
	for _, c := range []struct {
		status int
		args   []string
		want   string
	}{
		{wrong, []string{"validate", long}, "Rows that do not count (1)"},
		{wrong, []string{"import", "--dry-run", long, "--store", d.store}, "Would lead from version 0 to version 1"},
		{wrong, []string{"import", long, "--store", d.store}, "The store is at version 1 now"},
		{wrong, []string{"import", long, "--store", d.store}, "Nothing changes: the store stays at version 1."},
		{wrong, []string{"import", long, "--store", d.store, "--strict"}, "Nothing was imported."},
		{done, []string{"undo", "--dry-run", "--store", d.store}, "Would lead from version 1 to version 2"},
		{done, []string{"undo", "--store", d.store}, "The store is at version 2 now"},
	} {
		r := d.check(c.status, c.args...)
		if !strings.Contains(r.stdout, c.want) {
			t.Errorf("%v: no %q in %s", c.args, c.want, r.stdout)
		}
		for line := range strings.Lines(r.stdout) {
			if w := text.StringWidthWithoutEscSequences(strings.TrimSuffix(line, "\n")); w > 80 {
				t.Errorf("%v: %d columns: %s", c.args, w, line)
			}
		}
	}
}

// Files that cannot be read as a table are an error, and make no store.
func TestUnreadableFiles(t *testing.T) {
	d := newDesk(t)
	odd := d.file("odd.csv", "colour,weight", "red,3")
	got := decode[importJSON](t, d.run(wrong, "import", "--format", "json", odd).stdout)
	if n, _ := got.errors(); n == 0 || *got.Version != 0 {
		t.Errorf("got %+v", got)
	}
	if exists(d.store) {
		t.Error("it made a store")
	}
	good := d.file("links.csv", chain...)
	got = decode[importJSON](t, d.run(wrong, "import", "--format", "json", odd, good).stdout)
	if *got.Version != 1 || got.Added == 0 {
		t.Errorf("the good file did not go in: %+v", got)
	}
}
