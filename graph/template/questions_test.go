package template_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/answer"
	"example.com/whoserves/graph/template"
)

func questions(t testing.TB, s *graph.Snapshot, team string) []byte {
	t.Helper()
	query := map[string][]string{}
	if team != "" {
		query["team"] = []string{team}
	}
	ans, err := answer.Ask(context.Background(), &answer.Source{Snapshot: s}, "reconcile", query)
	if err != nil {
		t.Fatal(err)
	}
	list := ans.(*answer.Reconcile)
	header, rows := list.Sheet()
	var b bytes.Buffer
	if err := (template.Questions{Whom: list.Whom(), Header: header, Rows: rows}).Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The workbook explains every column, offers the words that fit, and says whom it is for.
func TestQuestions(t *testing.T) {
	s := airline(t)
	content := questions(t, s, "payroll")
	if !bytes.Equal(content, questions(t, s, "payroll")) {
		t.Error("the same questions give other bytes")
	}
	f := open(t, content)
	if got := f.GetSheetList(); !slices.Equal(got, []string{"Read me", "links"}) {
		t.Fatal(got)
	}
	if title, err := f.GetCellValue("Read me", "A1"); err != nil || title != "Who serves whom: questions to Payroll" {
		t.Errorf("%q, %v", title, err)
	}
	comments, err := f.GetComments("links")
	f.must(err)
	explained := map[string]bool{}
	for _, c := range comments {
		text := c.Text
		for _, p := range c.Paragraph {
			text += p.Text
		}
		explained[c.Cell] = len(text) > 20
	}
	for i, h := range f.headers("links") {
		if cell, _ := excelize.CoordinatesToCellName(i+1, 1); !explained[cell] {
			t.Errorf("%s is not explained", h)
		}
	}
	validations, err := f.GetDataValidations("links")
	f.must(err)
	var offered []string
	for _, v := range validations {
		offered = append(offered, v.Type+" "+v.Formula1)
	}
	for _, want := range []string{`list <formula1>"yes,no"</formula1>`, `list <formula1>"critical,important,minor"</formula1>`} {
		if !slices.ContainsFunc(offered, func(o string) bool {
			return strings.Trim(o, " ") == want || strings.Contains(want, strings.TrimPrefix(o, "list "))
		}) {
			t.Errorf("no %s in %q", want, offered)
		}
	}
}

// Unanswered questions state nothing; answered ones state what was written, and nothing of what is there to be read.
func TestQuestionsAnswered(t *testing.T) {
	s := airline(t)
	f := open(t, questions(t, s, ""))
	if r := read(t, "", f.save("asked.xlsx")); len(r.Org.Sources[0].Links)+len(r.Org.Sources[0].Nodes) != 0 {
		t.Errorf("unanswered: %+v", r.Org.Sources[0])
	}
	asked := len(analysis.Reconcile(s).Open)
	if asked != 4 {
		t.Fatalf("%d links are open", asked)
	}
	for row := 2; row < 2+asked; row++ {
		f.fill("links", row, map[string]any{"still_true": "yes", "confirmed_on": today})
	}
	r := read(t, "", f.save("asked.xlsx"))
	if got := messages(r.Problems); len(got) > 0 {
		t.Errorf("problems: %q", got)
	}
	var stated []string
	for _, l := range r.Org.Sources[0].Links {
		if l.ConfirmedOn != "2026-11-22" || l.Criticality != graph.NoCriticality || len(l.Attrs) > 0 {
			t.Errorf("stated: %+v", l)
		}
		stated = append(stated, l.Provider+" > "+l.Consumer+": "+l.DeclaredBy)
	}
	want := []string{"Cobalt Timeclock > Payroll: Cobalt Timeclock", "Payroll > Crew scheduling: Payroll", "Sallow Reach Terminal > Kestrel Fuels: Sallow Reach Terminal",
		"Sallow Reach Terminal > Ocell Fuels: Sallow Reach Terminal"}
	if d := cmp.Diff(want, stated); d != "" {
		t.Error(d)
	}
	if after := analysis.Reconcile(together(t, s, r)); len(after.Open) != 0 || after.Agreed != 122 {
		t.Errorf("%d agreed, open %+v", after.Agreed, after.Open)
	}
}

// Where every team confirmed its links, nothing is open between teams.
func TestConfirmedByAllIsAgreed(t *testing.T) {
	s := airline(t)
	org := &graph.Org{Name: "default"}
	for _, c := range template.Confirmations(s, template.WithLinks(s)) {
		f := open(t, confirmation(t, c))
		f.answer(c.Links)
		r := read(t, "", f.save(c.File))
		source := r.Org.Sources[0]
		source.Rank = len(org.Sources) + 1
		org.Sources = append(org.Sources, source)
	}
	after := graph.NewSnapshot(org)
	r := analysis.Reconcile(after)
	for i := range r.Open {
		if o := &r.Open[i]; o.Why != analysis.NotAnswered {
			t.Errorf("%+v is open: %+v", after.LinkKey(o.Link), o)
		}
	}
	if r.Agreed < 60 {
		t.Errorf("only %d are agreed", r.Agreed)
	}
}

func TestTooManyQuestions(t *testing.T) {
	q := template.Questions{Header: []string{"provider", "consumer", "still_true"}, Rows: make([][]string, template.MostQuestions+1)}
	if err := q.Write(&bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "one team at a time") {
		t.Errorf("got %v", err)
	}
}
