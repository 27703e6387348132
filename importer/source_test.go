package importer

import (
	"context"
	"fmt"
	"io"
	"math/rand"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/whoserves/graph"
)

func TestSourceName(t *testing.T) {
	tests := map[string]string{
		"orgs-2026-11 (2).xlsx": "orgs", "links.csv": "links", "/a/b/links.csv": "links", "ferrin_links (2).csv": "ferrin_links", "links-2026.csv": "links",
		"links-2026-11-02.csv": "links", "links_20261102.csv": "links", "links_20261102_1530.csv": "links", "links 02.11.2026.csv": "links", "links-11-2026.csv": "links",
		"links Nov 2026.csv": "links", "links 2 November 2026.csv": "links", "links-2026-Q3.csv": "links", "links Q3 2026.csv": "links", "links 2026-11-02T15-30.csv": "links",
		"links - Copy.csv": "links", "links - Copy (3).csv": "links", "Copy of links.csv": "links", "links copy 2.csv": "links", "links - Kopie.csv": "links",
		"links (2026-11).csv": "links", "Links (1) 2026-11.csv": "Links", "links_copy.csv": "links",
		"2026-11.csv": "2026-11", "team-42.csv": "team-42", "level 2.csv": "level 2", "photocopy.csv": "photocopy", "hardcopy.csv": "hardcopy", "links": "links",
		".csv": ".csv", "serves.v2.csv": "serves.v2", "route 66.csv": "route 66", "march.csv": "march", "財務-2026-11.csv": "財務", "may 2026.csv": "may 2026",
		"links-1234567890.csv": "links-1234567890", "room-2026-13.csv": "room-2026-13",
	}
	for file, want := range tests {
		if got := SourceName(file); got != want {
			t.Errorf("%s is the source %q, want %q", file, got, want)
		}
	}
}

// folder writes files below a new folder called name, and gives its path.
func folder(t *testing.T, name string, files map[string]string) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), name)
	if err := os.MkdirAll(root, 0o755); err != nil {
		t.Fatal(err)
	}
	for f, content := range files {
		p := filepath.Join(root, f)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

const (
	someLinks = "provider,consumer\nA,B\n"
	someNodes = "name,kind\nA,team\n"
)

func TestFolder(t *testing.T) {
	dir := folder(t, "airline", map[string]string{"links.csv": someLinks, "nodes.CSV": someNodes, "more/links.tsv": "provider\tconsumer\nC\tD\n", "README.md": "# hi", "LICENSE": "yours", "more/notes.MD": "", "readme.txt": "",
		"picture.png": "x", ".hidden.csv": "x", ".git/links.csv": "x", "bad.csv": "x,y\n"})
	r, err := Read(context.Background(), []string{dir + "/"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantLines(t, "facts", facts(r.Org), []string{"2 A > B", "2 C > D", "2 team name=A"})
	wantLines(t, "problems", problems(r), []string{"error bad.csv, row 1: no row was recognised as a header…", "info picture.png: the file was left out…"})
	if want := []SourceFiles{{"airline", []string{"links.csv", "more/links.tsv", "nodes.CSV"}}}; !reflect.DeepEqual(r.Sources, want) {
		t.Errorf("sources %v, want %v", r.Sources, want)
	}
	if from := r.Org.Sources[0].Links[1].From; from != (graph.Origin{File: "more/links.tsv", Row: 2}) {
		t.Errorf("origin %v", from)
	}
	var hashed []string
	for _, f := range r.Files {
		hashed = append(hashed, f.Name+" "+f.SHA256[:8])
	}
	if len(hashed) != 4 || !slices.IsSorted(hashed) || hashed[1] != "links.csv 55df2a46" {
		t.Errorf("files %v", hashed)
	}
}

func TestFilesInMemoryBelowAFolder(t *testing.T) {
	r := readAll(t, Options{}, Bytes("airline/links.csv", []byte(someLinks)), Bytes("airline/sub/nodes.csv", []byte(someNodes)), Bytes("airline/.x/nodes.csv", nil),
		Bytes("airline/letter.txt", nil), Bytes("hr-2026-11.csv", []byte("name,team\nAnn,A\n")))
	want := []SourceFiles{{"airline", []string{"links.csv", "sub/nodes.csv"}}, {"hr", []string{"hr-2026-11.csv"}}}
	if !reflect.DeepEqual(r.Sources, want) {
		t.Errorf("sources %v, want %v", r.Sources, want)
	}
	wantLines(t, "problems", problems(r), []string{"info letter.txt: the file was left out…"})
	for i, s := range r.Org.Sources {
		if s.Name != want[i].Name || s.Rank != i+1 {
			t.Errorf("source %s of rank %d", s.Name, s.Rank)
		}
	}
}

func TestWrongUse(t *testing.T) {
	dir := folder(t, "org", map[string]string{"links.csv": someLinks, "links-2026.csv": someLinks, "edits.csv": someLinks, "sub/links.csv": someLinks, "docs/a.txt": "x"})
	in := func(names ...string) []string {
		for i, n := range names {
			names[i] = filepath.Join(dir, n)
		}
		return names
	}
	tests := []struct {
		name   string
		paths  []string
		source string
		want   string
	}{
		{"nothing", nil, "", "no file was named"},
		{"no such file", in("lynx.csv"), "", "there is no file or folder "},
		{"one source twice", in("links.csv", "links-2026.csv"), "", "would both be the source “links”"},
		{"one base name twice", in("links.csv", "sub/links.csv"), "", "would both be the source “links”"},
		{"one file twice", in("links.csv", "./links.csv"), "all", "was named twice"},
		{"a folder without tables", in("docs"), "", "holds no tables"},
		{"a reserved name", in("edits.csv"), "", "a source cannot be called “edits”"},
		{"a reserved name on purpose", in("links.csv"), "neo4j", "a source cannot be called “neo4j”"},
	}
	for _, test := range tests {
		_, err := Read(context.Background(), test.paths, Options{Source: test.source})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %s", test.name, err, test.want)
		}
	}
	if _, err := ReadFiles(context.Background(), nil, Options{}); err == nil {
		t.Error("no file at all must be an error")
	}
}

func TestOneSourceForAll(t *testing.T) {
	dir := folder(t, "org", map[string]string{"links.csv": someLinks, "sub/links.csv": "provider,consumer\nC,\n", "edits.csv": someNodes})
	r, err := Read(context.Background(), []string{dir + "/sub/links.csv", dir + "/links.csv", dir + "/edits.csv"}, Options{Source: "all"})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Org.Sources) != 1 || r.Org.Sources[0].Name != "all" || len(r.Org.Sources[0].Links) != 1 || len(r.Org.Sources[0].Nodes) != 1 {
		t.Fatalf("sources %v\n%s", r.Sources, facts(r.Org))
	}
	if p := r.Problems[0]; !strings.HasSuffix(p.File, "/sub/links.csv") {
		t.Errorf("files with one name must be told apart: %s", p)
	}
}

// TestUnreadableSource holds that a source of which nothing could be read is not taken for an empty one.
func TestUnreadableSource(t *testing.T) {
	r := readAll(t, Options{}, Bytes("links.csv", []byte(someLinks)), Bytes("hr.xlsx", []byte("PK\x03\x04")), Bytes("odd.csv", []byte("x,y\n")), Bytes("none.csv", []byte("provider,consumer\n")))
	var names []string
	for _, s := range r.Org.Sources {
		names = append(names, s.Name)
	}
	if !slices.Equal(names, []string{"links", "none"}) {
		t.Errorf("sources %v", names)
	}
}

func TestFileThatCannotBeRead(t *testing.T) {
	broken := File{Name: "links.csv", Open: Bytes("", nil).Open}
	broken.Size = maxFile + 1
	r := readAll(t, Options{}, broken, File{Name: "nodes.csv", Size: 4, Open: func() (io.ReadCloser, error) { return os.Open(t.TempDir()) }})
	wantLines(t, "problems", problems(r), []string{"error links.csv: the file is larger than 2 GB…", "error nodes.csv: the file cannot be read (…"})
}

// TestOrderOfPaths holds that any order of the paths gives one Result.
func TestOrderOfPaths(t *testing.T) {
	random := rand.New(rand.NewSource(7))
	files := map[string]string{}
	for i := range 6 {
		var b strings.Builder
		b.WriteString("provider,consumer,volume,note\n")
		for range 30 {
			fmt.Fprintf(&b, "T%d,T%d,%s,n%d\n", random.Intn(9), random.Intn(9), []string{"1", "x", `"1,234"`, ""}[random.Intn(4)], random.Intn(3))
		}
		files[fmt.Sprintf("links%c.csv", 'a'+i)] = b.String()
	}
	dir := folder(t, "org", files)
	var paths []string
	for f := range files {
		paths = append(paths, filepath.Join(dir, f))
	}
	slices.Sort(paths)
	paths = append(paths, folder(t, "airline", map[string]string{"linksa.csv": someLinks, "nodes.csv": someNodes, "x.md": ""}))
	for _, source := range []string{"", "all"} {
		var want *Result
		for range 20 {
			r, err := Read(context.Background(), paths, Options{Source: source})
			if err != nil {
				t.Fatal(err)
			}
			if want == nil {
				want = r
			}
			if d := cmp.Diff(want, r, cmp.AllowUnexported(Reading{}), cmp.Comparer(func(a, b graph.Number) bool { return a == b })); d != "" {
				t.Fatalf("another order gives another result: %s", d)
			}
			random.Shuffle(len(paths), func(i, j int) { paths[i], paths[j] = paths[j], paths[i] })
		}
	}
}

// TestSameFilesAgain holds that facts that come back from the same files are no change.
func TestSameFilesAgain(t *testing.T) {
	dir := folder(t, "org", map[string]string{"links.csv": someLinks + "A,B\nA,B\n", "nodes.csv": someNodes + "A,person\n", "people.csv": "name,team\nAnn,A|B\n"})
	var orgs []*graph.Org
	for range 2 {
		r, err := Read(context.Background(), []string{dir}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		orgs = append(orgs, r.Org)
	}
	if cs := graph.Diff(orgs[0], orgs[1]); !cs.Empty() {
		t.Errorf("changes: %+v", cs)
	}
	if cs := graph.Diff(&graph.Org{}, orgs[0]); len(cs.Nodes) != 3 || len(cs.Links) != 3 {
		t.Errorf("%d nodes and %d links are new", len(cs.Nodes), len(cs.Links))
	}
}
