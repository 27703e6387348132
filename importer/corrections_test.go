package importer

import (
	"bytes"
	"strings"
	"testing"

	"example.com/whoserves/graph"
)

// TestCorrections holds that a cell is read as what somebody decided while it holds what it held then, and that both are told.
func TestCorrections(t *testing.T) {
	const links = "provider,consumer,service,MTPD\nPayroll,Crew,Pay,2-3 days\nFuel,Crew,Fuel,6h\n"
	m := func(c ...CellMapping) *Mapping {
		return &Mapping{Sheets: []SheetMapping{{File: "links.csv", Cells: c}}}
	}
	read := func(m *Mapping) *Result {
		t.Helper()
		res, err := ReadFiles(t.Context(), []File{Bytes("links-2026-11.csv", []byte(links))}, Options{Mapping: m})
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	for _, c := range []struct {
		name     string
		fix      CellMapping
		hours    graph.Number
		severity graph.Severity
		says     string
	}{
		{"used", CellMapping{2, "MTPD", "2-3 days", "2 days"}, graph.Given(48), graph.Info, "“2-3 days” was read as “2 days”, as was decided"},
		{"whatever its case", CellMapping{2, "mtpd", "2-3 days", "3 days"}, graph.Given(72), graph.Info, "as was decided"},
		{"to blank", CellMapping{2, "MTPD", "2-3 days", ""}, graph.Number{}, graph.Info, "“2-3 days” was read as “a blank cell”"},
		{"the cell holds another text", CellMapping{2, "MTPD", "2 to 3 days", "2 days"}, graph.Number{}, graph.Warning, "was not used: the cell does not hold “2 to 3 days”"},
		{"no such row", CellMapping{9, "MTPD", "2-3 days", "2 days"}, graph.Number{}, graph.Warning, "was not used"},
		{"no such column", CellMapping{2, "RTO", "2-3 days", "2 days"}, graph.Number{}, graph.Warning, "was not used"},
	} {
		t.Run(c.name, func(t *testing.T) {
			res := read(m(c.fix))
			for _, l := range res.Org.Sources[0].Links {
				if want := graph.Given(6); l.Provider == "Payroll" && l.Tolerance != c.hours || l.Provider == "Fuel" && l.Tolerance != want {
					t.Errorf("%s: tolerance %v", l.Provider, l.Tolerance)
				}
			}
			found := false
			for _, p := range res.Problems {
				found = found || p.Row == c.fix.Row && p.Severity == c.severity && strings.Contains(p.Message, c.says)
			}
			if !found {
				t.Errorf("no %q in %v", c.says, res.Problems)
			}
		})
	}
	res := read(nil)
	if w := res.Readings[0].Wrong; len(w) != 1 || w[0].Row != 2 || w[0].Cells[3] != "2-3 days" {
		t.Errorf("rows that something is wrong with: %v", w)
	}
	var b bytes.Buffer
	if err := WriteMapping(&b, read(m(CellMapping{2, "MTPD", "2-3 days", "2: days"})).Readings, nil, nil); err != nil {
		t.Fatal(err)
	}
	again, err := ParseMapping(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if c := again.Sheets[0].Cells; len(c) != 1 || c[0] != (CellMapping{2, "MTPD", "2-3 days", "2: days"}) {
		t.Errorf("written and read again: %v\n%s", c, b.String())
	}
	if err := m(CellMapping{0, "MTPD", "", ""}).Check(); err == nil {
		t.Error("a correction of no row passes")
	}
}

// TestFilesOfASource holds that files that say so are one source, whatever they are called.
func TestFilesOfASource(t *testing.T) {
	of := func(name, source, content string) File {
		f := Bytes(name, []byte(content))
		f.Source = source
		return f
	}
	res, err := ReadFiles(t.Context(), []File{of("a.csv", "tracker", "provider,consumer\nA,B\n"), of("b.csv", "hr", "person,team\nAnn,B\n"), of("c.csv", "tracker", "provider,consumer\nC,B\n")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s := res.Org.Sources; len(s) != 2 || s[0].Name != "hr" || s[1].Name != "tracker" || len(s[1].Links) != 2 {
		t.Errorf("sources %v", s)
	}
}
