package template_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/export"
	"example.com/whoserves/graph/template"
	"example.com/whoserves/importer"
)

// form is a workbook as a person has it open.
type form struct {
	*excelize.File
	testing.TB
}

func open(t testing.TB, content []byte) *form {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return &form{f, t}
}

func (f *form) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// headers gives the first row of a sheet.
func (f *form) headers(sheet string) []string {
	f.Helper()
	rows, err := f.GetRows(sheet)
	f.must(err)
	return rows[0]
}

// cell names the cell in a row below a header.
func (f *form) cell(sheet, header string, row int) string {
	f.Helper()
	i := slices.Index(f.headers(sheet), header)
	if i < 0 {
		f.Fatalf("%s has no column %s", sheet, header)
	}
	name, err := excelize.CoordinatesToCellName(i+1, row)
	f.must(err)
	return name
}

// fill types into the cells of a row.
func (f *form) fill(sheet string, row int, cells map[string]any) {
	f.Helper()
	for header, value := range cells {
		f.must(f.SetCellValue(sheet, f.cell(sheet, header, row), value))
	}
}

func (f *form) text(sheet, header string, row int) string {
	f.Helper()
	s, err := f.GetCellValue(sheet, f.cell(sheet, header, row))
	f.must(err)
	return s
}

// save gives the workbook as a file to read.
func (f *form) save(name string) importer.File {
	f.Helper()
	b, err := f.WriteToBuffer()
	f.must(err)
	return importer.Bytes(name, b.Bytes())
}

func read(t testing.TB, source string, files ...importer.File) *importer.Result {
	t.Helper()
	r, err := importer.ReadFiles(t.Context(), files, importer.Options{Source: source})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// messages gives problems as lines.
func messages(problems []graph.Problem) []string {
	var lines []string
	for _, p := range problems {
		lines = append(lines, p.Severity.String()+" "+p.String())
	}
	return lines
}

func written(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := template.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// names gives the names of native columns.
func names[R any](columns []export.Column[R]) []string {
	var all []string
	for _, c := range columns {
		all = append(all, c.Name)
	}
	slices.Sort(all)
	return all
}

// Every sheet has the native columns, frozen, each with a note, and cells that offer or refuse what the column says.
func TestSheets(t *testing.T) {
	f := open(t, written(t))
	if got := f.GetSheetList(); !slices.Equal(got, []string{"Read me", "links", "nodes", "units", "people"}) {
		t.Fatal(got)
	}
	for sheet, want := range map[string][]string{"links": names(export.LinkColumns), "nodes": names(export.NodeColumns), "units": names(export.UnitColumns), "people": names(export.PeopleColumns)} {
		if d := cmp.Diff(want, slices.Sorted(slices.Values(f.headers(sheet)))); d != "" {
			t.Errorf("%s: %s", sheet, d)
		}
		f.checkSheet(sheet)
	}
	for place, want := range map[string]string{
		"links criticality": `list "critical,important,minor"`, "links provider": "list OFFSET(nodes!$A$3,0,0,MAX(1,COUNTA(nodes!$A$3:$A$10000)),1)",
		"links satisfaction": "decimal 0 100", "links min_providers": "whole 1 1000000000", "links confirmed_on": "date 32874 109575",
		"nodes kind": `list "team,supplier,resource,person,customer"`, "nodes segment": `list "external,potential,temporary"`, "nodes can_fail": `list "yes,no"`,
		"nodes unit": "list OFFSET(units!$A$3,0,0,MAX(1,COUNTA(units!$A$3:$A$10000)),1)", "nodes headcount": "decimal 0 1000000000000000", "nodes min_staff": "whole 0 1000000000",
		"people manager": "list OFFSET(people!$A$3,0,0,MAX(1,COUNTA(people!$A$3:$A$10000)),1)", "people role": "", "nodes name": "",
	} {
		sheet, header, _ := strings.Cut(place, " ")
		if got := f.rule(sheet, header); got != want {
			t.Errorf("%s: %q, want %q", place, got, want)
		}
	}
	for _, sheet := range []string{"nodes", "units", "people"} {
		if f.headers(sheet)[0] != "name" {
			t.Errorf("%s begins with %s: the lists of names look there", sheet, f.headers(sheet)[0])
		}
	}
}

// rule says what a validation lets a column hold.
func (f *form) rule(sheet, header string) string {
	f.Helper()
	all, err := f.GetDataValidations(sheet)
	f.must(err)
	column := strings.TrimRight(f.cell(sheet, header, 1), "1")
	for _, v := range all {
		if v.Sqref == column+"2:"+column+"10000" {
			return strings.TrimSpace(strings.Join([]string{v.Type, v.Formula1, v.Formula2}, " "))
		}
	}
	return ""
}

// checkSheet holds a sheet to what Excel takes and people need.
func (f *form) checkSheet(sheet string) {
	f.Helper()
	panes, err := f.GetPanes(sheet)
	f.must(err)
	if !panes.Freeze || panes.YSplit != 1 {
		f.Errorf("%s: the header is not frozen: %+v", sheet, panes)
	}
	comments, err := f.GetComments(sheet)
	f.must(err)
	noted := map[string]string{}
	for _, c := range comments {
		noted[c.Cell] = c.Text
	}
	for _, h := range f.headers(sheet) {
		if note := noted[f.cell(sheet, h, 1)]; len(note) < 20 || !strings.HasSuffix(note, ".") {
			f.Errorf("%s: the note on %s is %q", sheet, h, note)
		}
	}
	all, err := f.GetDataValidations(sheet)
	f.must(err)
	for _, v := range all {
		if v.ErrorTitle != nil && utf8.RuneCountInString(*v.ErrorTitle) > 32 || v.Error != nil && utf8.RuneCountInString(*v.Error) > 225 || len(v.Formula1) > 255 {
			f.Errorf("%s: Excel refuses a workbook with %+v", sheet, v)
		}
	}
}

// What the columns say of themselves agrees with their examples, and so does the importer: read as rows, these give no problem.
func TestExamples(t *testing.T) {
	f := open(t, written(t))
	for _, sheet := range f.GetSheetList()[1:] {
		first := f.headers(sheet)[0]
		marked := f.text(sheet, first, 2)
		if !strings.HasPrefix(marked, "(example) ") {
			t.Errorf("%s: the example begins with %q", sheet, marked)
		}
		style, err := f.GetCellStyle(sheet, "A2")
		f.must(err)
		if look, err := f.GetStyle(style); err != nil || look.Font == nil || !look.Font.Italic || look.Font.Color == "" {
			t.Errorf("%s: the example looks like %+v, %v", sheet, look, err)
		}
		f.fill(sheet, 2, map[string]any{first: strings.TrimPrefix(marked, "(example) ")})
	}
	r := read(t, "", f.save("whoserves.xlsx"))
	if got := messages(r.Problems); len(got) > 0 || r.Rows != 4 {
		t.Errorf("%d rows, %q", r.Rows, got)
	}
	s := r.Org.Sources[0]
	for _, n := range s.Nodes {
		if len(n.Attrs) > 0 {
			t.Errorf("the importer does not know %v", n.Attrs)
		}
	}
	l := s.Links[0]
	if l.Provider != "Payroll" || l.Consumer != "Crew scheduling" || len(l.Attrs) > 0 || l.ConfirmedOn != "2026-11-02" || l.Tolerance != graph.Given(72) || l.Criticality != graph.Critical {
		t.Errorf("the example is read as %+v", l)
	}
}

// A workbook that nobody has filled in says so.
func TestUnfilled(t *testing.T) {
	r := read(t, "", importer.Bytes("whoserves.xlsx", written(t)))
	want := []string{"warning whoserves.xlsx: nothing is filled in yet: there is no row below the headers, so the source “whoserves” holds nothing"}
	if d := cmp.Diff(want, messages(r.Problems)); d != "" || r.Rows != 0 {
		t.Errorf("%d rows, %s", r.Rows, d)
	}
}

// Filled in and imported it gives no problem, with the examples where they were, sheets left empty, and texts that look like formulas.
func TestFilledIn(t *testing.T) {
	f := open(t, written(t))
	f.fill("links", 3, map[string]any{"provider": "=Pay & <wages>", "consumer": "Crews", "service": "+Hours", "criticality": "important", "min_providers": 1, "tolerance_hours": 12.5,
		"volume": 340, "lead_time_hours": 24, "satisfaction": 85, "agreement": "OLA-06", "channel": "@desk", "feedback": "review", "response_hours": 8, "declared_by": "Crews",
		"confirmed_on": time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), "cost": -1200.5})
	f.fill("links", 4, map[string]any{"provider": "007", "consumer": "Crews"})
	f.fill("links", 5, map[string]any{"provider": "Crews", "consumer": "Travellers"})
	f.fill("nodes", 3, map[string]any{"name": "=Pay & <wages>", "kind": "team", "unit": "Finance", "headcount": 5.5, "min_staff": 2, "capacity": 900, "recovery_hours": 24,
		"failures_per_year": 0.5, "can_fail": "yes", "contact": "-204", "tags": "a | b", "aliases": "Wages"})
	f.fill("nodes", 4, map[string]any{"name": "Crews"})
	f.fill("nodes", 5, map[string]any{"name": "007", "kind": "supplier"})
	f.fill("nodes", 6, map[string]any{"name": "Travellers", "kind": "customer", "value": 30000, "segment": "external"})
	f.fill("units", 3, map[string]any{"name": "Finance"})
	r := read(t, "", f.save("whoserves.xlsx"))
	s := graph.NewSnapshot(r.Org)
	if got := messages(slices.Concat(r.Problems, s.Problems)); len(got) > 0 {
		t.Errorf("problems: %q", got)
	}
	if len(s.Nodes) != 5 || len(s.Links) != 3 || len(r.Org.Sources[0].Links) != 3 {
		t.Fatalf("%d nodes, %d links", len(s.Nodes), len(s.Links))
	}
	pay, err := s.Lookup("=Pay & <wages>")
	if err != nil {
		t.Fatal(err)
	}
	if n := s.Nodes[pay]; n.Contact != "-204" || n.Headcount != graph.Given(5.5) || len(n.Tags) != 2 || s.Nodes[n.Unit].Name != "Finance" {
		t.Errorf("read as %+v", n)
	}
	l := s.Links[s.LinksFrom(pay)[0]].Values
	if l.Service != "+Hours" || l.Channel != "@desk" || l.ConfirmedOn != "2026-11-22" || l.Cost != graph.Given(-1200.5) || l.Tolerance != graph.Given(12.5) || l.Criticality != graph.Important {
		t.Errorf("read as %+v", l)
	}
}

// A person may write over the example.
func TestExampleWrittenOver(t *testing.T) {
	f := open(t, written(t))
	f.fill("links", 2, map[string]any{"provider": "A", "consumer": "B", "service": "S"})
	if r := read(t, "", f.save("x.xlsx")); len(r.Org.Sources[0].Links) != 1 || r.Org.Sources[0].Links[0].Provider != "A" {
		t.Errorf("read as %+v", r.Org.Sources[0].Links)
	}
}

// The same bytes every time.
func TestSameBytes(t *testing.T) {
	s := airline(t)
	var first [2][]byte
	for i := range 4 {
		one := template.Confirmations(s, []int32{s.ByID("crew-scheduling")})[0]
		for k, content := range [][]byte{written(t), confirmation(t, one)} {
			if i == 0 {
				first[k] = content
			}
			if !bytes.Equal(first[k], content) {
				t.Errorf("workbook %d differs from one time to the next", k)
			}
		}
	}
}

// The first sheet has its lines in sight, says the direction and fits the promise of eight.
func TestReadMe(t *testing.T) {
	f := open(t, written(t))
	rows, err := f.GetRows("Read me")
	f.must(err)
	text := fmt.Sprint(rows)
	for _, want := range []string{"provider serves consumer", "Payroll serves Crew scheduling", "Grey italics", "whoserves import"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q", want)
		}
	}
	lines := 0
	for _, r := range rows[1:] {
		if len(r) > 0 && r[0] != "" {
			if r[0] == "Colours" {
				break
			}
			lines++
		}
	}
	if lines != 8 {
		t.Errorf("%d lines", lines)
	}
}
