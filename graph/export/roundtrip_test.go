package export_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/export"
	"example.com/whoserves/graph/graphtest"
	"example.com/whoserves/importer"
)

// tableFormats can hold an organisation so that it can be read back.
var tableFormats = []export.Format{export.CSV, export.XLSX, export.JSON, export.YAML}

// write writes tables as files that can be read.
func write(t testing.TB, tables *export.Tables, f export.Format) []importer.File {
	t.Helper()
	var b bytes.Buffer
	if err := tables.Write(&b, f); err != nil {
		t.Fatal(err)
	}
	if f != export.CSV {
		return []importer.File{importer.Bytes("org."+string(f), b.Bytes())}
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var files []importer.File
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, importer.Bytes("org/"+part.Name, content))
	}
	return files
}

// read reads files as one source; a problem graver than an assumption fails the test.
func read(t testing.TB, files ...importer.File) *graph.Org {
	t.Helper()
	res, err := importer.ReadFiles(t.Context(), files, importer.Options{Source: "client"})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range res.Problems {
		if p.Severity != graph.Info {
			t.Errorf("%s: %s", p.Severity, p)
		}
	}
	return res.Org
}

// sameSnapshot compares all that answers rest on.
func sameSnapshot(t testing.TB, what string, want, got *graph.Snapshot) {
	t.Helper()
	options := cmp.Options{
		cmpopts.IgnoreFields(graph.Node{}, "Stated"),
		cmpopts.IgnoreFields(graph.Link{}, "Stated", "Rated"),
		cmpopts.IgnoreFields(graph.LinkRecord{}, "Provider", "Consumer", "Service", "Nth", "From"),
		cmpopts.EquateEmpty(),
		cmp.Comparer(func(a, b graph.Number) bool { return a == b }),
	}
	for _, part := range []struct {
		name string
		a, b any
	}{{"nodes", want.Nodes, got.Nodes}, {"links", want.Links, got.Links}, {"needs", want.Needs, got.Needs},
		{"customers", want.Customers, got.Customers}, {"assumptions", want.Assumed, got.Assumed}} {
		if d := cmp.Diff(part.a, part.b, options); d != "" {
			t.Errorf("%s: the %s differ: %s", what, part.name, d)
		}
	}
}

// roundTrips holds an organisation to both promises: what one source states comes back fact by fact, and what all say together
// gives the same Snapshot in an empty store.
func roundTrips(t *testing.T, what string, org *graph.Org) {
	t.Helper()
	before := graph.NewSnapshot(org)
	for i, f := range tableFormats {
		what := fmt.Sprintf("%s as %s", what, f)
		merged := export.Merged(before)
		if len(merged.Notes) > 0 {
			t.Errorf("%s: %q", what, merged.Notes)
		}
		sameSnapshot(t, what+", merged", before, graph.NewSnapshot(read(t, write(t, merged, f)...)))
		if len(org.Sources) > 1 {
			continue
		}
		first := read(t, write(t, export.Stated(org.Sources[0]), f)...) // white space around texts is gone
		first.Sources[0].Rank = 1
		sameSnapshot(t, what+", stated", before, graph.NewSnapshot(first))
		for _, g := range []export.Format{f, tableFormats[(i+1)%len(tableFormats)]} {
			again := read(t, write(t, export.Stated(first.Sources[0]), g)...)
			if cs := graph.Diff(first, again); !cs.Empty() {
				t.Errorf("%s, and again as %s, changes %d nodes and %d links: %+v", what, g, len(cs.Nodes), len(cs.Links), cs)
			}
		}
	}
}

func airline(t testing.TB) *graph.Org {
	t.Helper()
	res, err := importer.Read(t.Context(), []string{"../../examples/airline"}, importer.Options{Source: "client"})
	if err != nil {
		t.Fatal(err)
	}
	return res.Org
}

// What the airline's own files said is what the export says: importing it again changes no fact.
func TestAirline(t *testing.T) {
	org := airline(t)
	roundTrips(t, "airline", org)
	for _, f := range tableFormats {
		again := read(t, write(t, export.Stated(org.Sources[0]), f)...)
		if cs := graph.Diff(org, again); !cs.Empty() {
			t.Errorf("%s changes %d nodes and %d links", f, len(cs.Nodes), len(cs.Links))
		}
	}
}

func TestFirstExample(t *testing.T) {
	res, err := importer.Read(t.Context(), []string{"../../examples/first"}, importer.Options{Source: "client"})
	if err != nil {
		t.Fatal(err)
	}
	roundTrips(t, "first", res.Org)
}

func TestRandom(t *testing.T) {
	for seed := range uint64(100) {
		roundTrips(t, fmt.Sprintf("organisation %d", seed), graphtest.Random(seed, 6+int(seed%20)))
		if t.Failed() {
			return
		}
	}
}

// Several sources with names, references by name and contradictions give the same Snapshot when their merger is read.
func TestRandomSources(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 3))
		whole := graphtest.Random(seed, 10+int(seed%10)).Sources[0]
		org := &graph.Org{Name: "several"}
		for i, name := range []string{graph.EditsSource, "hr", "links"} {
			var nodes []*graph.NodeRecord
			var links []*graph.LinkRecord
			for _, n := range whole.Nodes {
				c := *n
				c.Name = "The " + strings.ToUpper(n.ID)
				if r.IntN(3) == 0 {
					c.ID = "" // named by what another source calls it, or a new one
				}
				if r.IntN(4) == 0 {
					c.Capacity, c.Attrs = graph.Given(float64(r.IntN(9))), []graph.Attr{{Name: "Team", Value: name}, {Name: "note", Value: "-1"}}
				}
				if r.IntN(2) == 0 {
					nodes = append(nodes, &c)
				}
			}
			for _, l := range whole.Links {
				c := *l
				if r.IntN(3) == 0 {
					c.Provider = "the " + c.Provider
				}
				if r.IntN(2) == 0 {
					c.Satisfaction = graph.Given(float64(r.IntN(101)))
				}
				if r.IntN(2) == 0 {
					links = append(links, &c)
				}
			}
			s := graph.NewSource(name, nodes, links)
			s.Rank = i + 1
			org.Sources = append(org.Sources, s)
		}
		roundTrips(t, fmt.Sprintf("sources %d", seed), org)
		if t.Failed() {
			return
		}
	}
}

// hard are texts that formats and spreadsheets stumble over.
var hard = []string{
	"=1+1", "+49 30 12", "-5", "@SUM(A1:A9)", "'=1", "''-1", "'tis", "=HYPERLINK(\"http://x\",\"y\")", "＝1", "a=b", "R&D <North>", "a,b;c\td", "say \"hi\"",
	"\"quoted\"", "two\nlines", "two\n=lines", "cr\r\nlf", "a|b", "#7", "007", "1e5", "1.234", "12:30", "2026-11-02", "true", "no", "null", "~", "NaN", "[x]", "{x: y}", "- x",
	"x: y", "x #y", "? x", "! x", "& x", "* x", "% x", "`x`", "\\", "\\n", "\\u0027", "_x0041_", "_x005F_x0041_", "Ünïcødé", "日本語", "שלום", "😀", "e\u0301", "a  b",
	"name", "provider", "None of these", strings.Repeat("long ", 300) + "x", "]]>", "<!--", strings.Repeat("[{", 150), strings.Repeat("- ", 300) + "x", "a\u2028b", "a\u00a0b", "\\'; MATCH (n) DETACH DELETE n; //",
}

// TestHardTexts gives every text that may hold anything every hard text: names, services, channels and attributes, and headers.
func TestHardTexts(t *testing.T) {
	var nodes []*graph.NodeRecord
	var links []*graph.LinkRecord
	one := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	for i, s := range hard {
		name := s
		switch {
		case len(name) > 900:
			name = name[:900] + "."
		case name == "null": // as a name it means nobody
			name += "."
		}
		id := fmt.Sprintf("id-%d", i)
		listed := strings.NewReplacer("|", "/", "\n", " ", "\r", "").Replace(name)
		nodes = append(nodes,
			&graph.NodeRecord{ID: id, Name: name + "§", Contact: s, Tags: []string{listed, "z"}, Aliases: []string{listed + " alias"}, Unit: "u" + id, Value: graph.Given(-0.1 - float64(i)),
				Attrs: []graph.Attr{{Name: "column " + one(name), Value: s}, {Name: "Team", Value: s}}},
			&graph.NodeRecord{ID: "u" + id, Name: name, Kind: graph.Unit, Attrs: []graph.Attr{{Name: "headcount", Value: s}, {Name: "kind", Value: "x"}}},
			&graph.NodeRecord{ID: "p" + id, Name: name + " person", Kind: graph.Person, Role: s, Teams: []string{id, "id-0.5"}, Contact: s},
			&graph.NodeRecord{ID: "c" + id, Name: name + "!", Kind: graph.Customer, Segment: graph.Potential, Attrs: []graph.Attr{{Name: one(name), Value: "v"}}})
		links = append(links, &graph.LinkRecord{Provider: id, Consumer: "c" + id, Service: name, Agreement: s, Channel: s, Feedback: s, DeclaredBy: s,
			Satisfaction: graph.Given(100. / 3), Cost: graph.Given(-1234.5), Volume: graph.Given(1.234), Attrs: []graph.Attr{{Name: "From", Value: s}, {Name: "service", Value: s}}},
			&graph.LinkRecord{Provider: "nobody but " + name, Consumer: "c" + id})
	}
	s := graph.NewSource("client", nodes, links)
	s.Rank = 1
	org := &graph.Org{Sources: []*graph.Source{s}}
	for _, f := range tableFormats {
		tables := export.Stated(s)
		again := readQuietly(t, write(t, tables, f)...)
		if len(tables.Notes) > 0 {
			t.Errorf("%s: %q", f, tables.Notes)
		}
		strip := cmp.Options{cmpopts.IgnoreFields(graph.NodeRecord{}, "From", "Nth"), cmpopts.IgnoreFields(graph.LinkRecord{}, "From", "Nth"),
			cmp.Comparer(func(a, b graph.Number) bool { return a == b }), cmpopts.EquateEmpty(),
			cmp.Transformer("kind", func(k graph.Kind) string { return k.String() })}
		if d := cmp.Diff(sortedAttrs(org.Sources[0]), sortedAttrs(again.Sources[0]), strip); d != "" {
			t.Errorf("%s: %s", f, d)
		}
	}
}

// readQuietly reads files in which attributes are called like columns of ours, which is warned of.
func readQuietly(t *testing.T, files ...importer.File) *graph.Org {
	t.Helper()
	res, err := importer.ReadFiles(t.Context(), files, importer.Options{Source: "client"})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range res.Problems {
		if p.Severity != graph.Info && !strings.Contains(p.Message, "kept as an attribute") {
			t.Errorf("%s: %s", p.Severity, p)
		}
	}
	return res.Org
}

func sortedAttrs(s *graph.Source) *graph.Source {
	for _, n := range s.Nodes {
		slices.SortFunc(n.Attrs, func(a, b graph.Attr) int { return strings.Compare(a.Name, b.Name) })
	}
	for _, l := range s.Links {
		slices.SortFunc(l.Attrs, func(a, b graph.Attr) int { return strings.Compare(a.Name, b.Name) })
	}
	return &graph.Source{Name: s.Name, Nodes: s.Nodes, Links: s.Links}
}

// The folder holds the files of the archive.
func TestFolder(t *testing.T) {
	tables := export.Stated(airline(t).Sources[0])
	dir := t.TempDir()
	if err := tables.WriteFolder(dir); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if d := cmp.Diff(export.Files(), names); d != "" {
		t.Error(d)
	}
	for _, f := range write(t, tables, export.CSV) {
		r, _ := f.Open()
		want, _ := io.ReadAll(r)
		got, err := os.ReadFile(filepath.Join(dir, filepath.Base(f.Name)))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s differs: %v", f.Name, err)
		}
	}
}

// The same organisation gives the same bytes.
func TestSameBytes(t *testing.T) {
	for _, f := range export.Formats() {
		var first []byte
		for range 5 {
			s := graph.NewSnapshot(airline(t))
			var b bytes.Buffer
			var err error
			if f.IsTable() {
				err = export.Merged(s).Write(&b, f)
			} else {
				err = export.WriteGraph(&b, f, s)
			}
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = b.Bytes()
			}
			if !bytes.Equal(first, b.Bytes()) {
				t.Errorf("%s differs from one time to the next", f)
			}
		}
	}
}
