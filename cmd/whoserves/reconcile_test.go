package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/answer"
	"example.com/whoserves/graph/formula"
	"example.com/whoserves/graph/sqlitestore"
	"example.com/whoserves/importer"
	"github.com/xuri/excelize/v2"
)

// bothSides is what two teams said in a survey: one knows of a link that the other one did not name, and on another one they differ. Legal
// said nothing.
var bothSides = []string{
	"provider,consumer,service,criticality,tolerance_hours,declared_by",
	"Payroll,Rostering,Pay,critical,72,Rostering",
	"Rostering,Payroll,Hours,critical,24,Rostering",
	"Rostering,Payroll,Hours,minor,24,Payroll",
	"Rostering,Payroll,Lists,critical,,both",
	"Legal,Payroll,Advice,,,Payroll",
	"Rostering,Legal,=Rotas,,,Rostering",
}

// answers are what those who are asked write into the file, by whom is asked and the service.
type answers map[[2]string]map[string]string

// fillIn answers the rows of a file that was sent.
func (a answers) fillIn(t *testing.T, rows [][]string, set func(row, column int, value string)) {
	t.Helper()
	at := map[string]int{}
	for i, h := range rows[0] {
		at[h] = i
	}
	filled := 0
	for i, row := range rows[1:] {
		values := a[[2]string{row[at["declared_by"]], string(formula.Original([]byte(row[at["service"]])))}]
		for name, value := range values {
			set(i+1, at[name], value)
		}
		if values != nil {
			filled++
		}
	}
	if filled != len(a) {
		t.Fatalf("%d of %d answers found their row in %q", filled, len(a), rows)
	}
}

// workbook fills in a workbook.
func (a answers) workbook(t *testing.T, path string) []byte {
	t.Helper()
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("links")
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		rows[i] = append(rows[i], make([]string, len(rows[0])-len(rows[i]))...)
	}
	a.fillIn(t, rows, func(row, column int, value string) {
		cell, err := excelize.CoordinatesToCellName(column+1, row+1)
		if err == nil {
			err = book.SetCellValue("links", cell, value)
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// csv fills in a CSV file.
func (a answers) csv(t *testing.T, path string) []byte {
	t.Helper()
	sent, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(sent)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	a.fillIn(t, rows, func(row, column int, value string) { rows[row][column] = value })
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What is open is sent, filled in, imported into a real store file, and open no more when both sides confirm it.
func TestReconcileRoundTrip(t *testing.T) {
	first := answers{
		{"Payroll", "Pay"}:     {"still_true": "yes", "criticality": "critical", "tolerance_hours": "72", "confirmed_on": "2026-11-20"},
		{"Rostering", "Hours"}: {"still_true": "yes", "criticality": "minor", "confirmed_on": "2026-11-20", "remark": "less than we thought"},
		{"Legal", "Advice"}:    {"still_true": "no", "confirmed_on": "2026-11-20"},
	}
	second := answers{{"Legal", "=Rotas"}: {"still_true": "yes"}}
	for _, end := range []string{".xlsx", ".csv"} {
		t.Run(end, func(t *testing.T) {
			d := newDesk(t)
			d.run(done, "import", d.file("survey.csv", bothSides...))
			fill := map[string]func(answers, string) []byte{
				".xlsx": func(a answers, path string) []byte { return a.workbook(t, path) },
				".csv":  func(a answers, path string) []byte { return a.csv(t, path) },
			}[end]
			round := func(name string, a answers) []graph.Problem {
				sent := filepath.Join(d.dir, name+end)
				d.run(done, "reconcile", "-o", sent)
				return d.bring(name+end, fill(a, sent))
			}
			open := func() *answer.Reconcile {
				a := decode[answer.Reconcile](t, d.run(done, "reconcile", "--format", "json").stdout)
				return &a
			}
			if a := open(); a.Agreed != 1 || len(a.OneSided) != 1 || len(a.Differing) != 1 || len(a.NotAnswered) != 1 || len(a.NotAnswered[0].Links) != 2 {
				t.Fatalf("before: %+v", a)
			}
			problems := round("round-one", first)
			for _, want := range []string{"“Legal” serves “Payroll” with “Advice”: said not to be true any more by “Legal”", "2 rows were not answered and state nothing"} {
				if !strings.Contains(problemText(problems), want) {
					t.Errorf("no %q in %s", want, problemText(problems))
				}
			}
			// Legal said no, which states nothing, and Rostering alone knows of the rotas: Legal still has declared nothing.
			if a := open(); a.Agreed != 3 || len(a.OneSided)+len(a.Differing) != 0 || len(a.NotAnswered) != 1 || len(a.NotAnswered[0].Links) != 2 {
				t.Errorf("after the first round: %+v", a)
			}
			round("round-two", second)
			a := open()
			if a.Agreed != 4 || len(a.OneSided) != 1 || a.OneSided[0].Service != "Advice" || len(a.Differing)+len(a.NotAnswered) != 0 {
				t.Errorf("after the second round: %+v", a)
			}
			link := d.link("rostering", "payroll", "Hours")
			if got := link.Stated; len(got) != 3 || got[2].Record.DeclaredBy != "Rostering" || got[2].Record.Criticality != graph.Minor ||
				len(got[2].Record.Attrs) != 1 || got[2].Record.Attrs[0].Name != "remark" {
				t.Errorf("who said what is lost: %+v", got)
			}
		})
	}
}

func problemText(problems []graph.Problem) string {
	var b strings.Builder
	for _, p := range problems {
		b.WriteString(p.String() + "\n")
	}
	return b.String()
}

// bring imports a file into the store of the desk.
func (d *desk) bring(name string, content []byte) []graph.Problem {
	d.t.Helper()
	ctx := context.Background()
	res, err := importer.ReadFiles(ctx, []importer.File{importer.Bytes(name, content)}, importer.Options{})
	if err != nil {
		d.t.Fatal(err)
	}
	st, err := sqlitestore.Open(ctx, d.store, graph.DefaultOrg)
	if err != nil {
		d.t.Fatal(err)
	}
	defer st.Close()
	if _, _, err := graph.Commit(ctx, st, res.Org, graph.VersionRecord{Files: res.Files}, nil); err != nil {
		d.t.Fatal(err)
	}
	return res.Problems
}

// link gives a link as the store of the desk holds it.
func (d *desk) link(provider, consumer, service string) *graph.Link {
	d.t.Helper()
	ctx := context.Background()
	st, err := sqlitestore.Open(ctx, d.store, graph.DefaultOrg)
	if err != nil {
		d.t.Fatal(err)
	}
	defer st.Close()
	org, err := st.Load(ctx)
	if err != nil {
		d.t.Fatal(err)
	}
	s := graph.NewSnapshot(org)
	for i := range s.Links {
		if k := s.LinkKey(int32(i)); k.Provider == provider && k.Consumer == consumer && k.Service == service {
			return &s.Links[i]
		}
	}
	d.t.Fatalf("no link %s > %s: %s", provider, consumer, service)
	return nil
}

func TestReconcileCommand(t *testing.T) {
	d := newDesk(t)
	survey := d.file("survey.csv", bothSides...)
	if got := d.check(done, "reconcile", "--from", survey, "--team", "Payroll", "-o", "-").stdout; !strings.Contains(got, "\nPayroll,Rostering,Pay,only Rostering says so,nothing,") ||
		strings.Contains(got, "Legal,") {
		t.Errorf("got %s", got)
	}
	d.check(wrong, "reconcile", "--from", survey, "-o", filepath.Join(d.dir, "x.pdf"))
	d.check(wrong, "reconcile", "--from", survey, "-o", filepath.Join(d.dir, "x.csv"), "--format", "json")
	d.check(wrong, "reconcile", "--from", survey, "--team", "Nobody at all")
	d.check(wrong, "reconcile", "--from", survey, "--team", "Nobody at all", "-o", "-")
	d.check(wrong, "reconcile", "Payroll", "--from", survey, "-o", "-")
}
