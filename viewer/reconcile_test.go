package viewer

import (
	"net/http"
	"strings"
	"testing"

	"example.com/whoserves/graph"
)

// halfAsked is an organisation of which two teams said whom they serve and who serves them, and a third said nothing.
func halfAsked() *graph.Org {
	row := func(n int, p, c, service, by string, criticality graph.Criticality) *graph.LinkRecord {
		return &graph.LinkRecord{Provider: p, Consumer: c, Service: service, DeclaredBy: by, Criticality: criticality, From: graph.Origin{File: "survey.csv", Row: n}}
	}
	return &graph.Org{Name: "Asked", Sources: []*graph.Source{graph.NewSource("survey", nil, []*graph.LinkRecord{
		row(2, "Payroll", "Rostering", "Pay", "Rostering", graph.Critical),
		row(3, "Rostering", "Payroll", "Hours", "Rostering", graph.Critical), row(4, "Rostering", "Payroll", "Hours", "Payroll", graph.Minor),
		row(5, "Rostering", "Payroll", "Lists", "both", graph.NoCriticality), row(6, "Legal <b>", "Payroll", "Advice", "Payroll", graph.NoCriticality),
	})}}
}

func TestBothSidesPage(t *testing.T) {
	t.Parallel()
	s := serverOf(t, halfAsked())
	page := ask(t, s, "/reconcile")
	for _, want := range []string{
		"Three links are not confirmed by both sides", "1 of 4 links", "One is known to one side only.", "On one the two sides differ.", "One waits for somebody who has said nothing yet.",
		"Only one side says so", "survey.csv, row 2", "The two sides differ", "survey.csv, row 3", "survey.csv, row 4", "stops", "notices", "Nothing said yet", "Legal &lt;b&gt;",
		`href="/reconcile.csv"`, `<option value="payroll">Payroll</option>`, "<b>4 rows</b>",
	} {
		if !strings.Contains(page.body, want) {
			t.Errorf("no %q in %s", want, page.body)
		}
	}
	one := ask(t, s, "/reconcile?team=Payroll")
	for _, want := range []string{"Two links to ask <bdi>Payroll</bdi> about", `href="/reconcile.csv?team=payroll"`, `<option value="payroll" selected>`, "<b>2 rows</b>"} {
		if !strings.Contains(one.body, want) {
			t.Errorf("no %q in %s", want, one.body)
		}
	}
	if strings.Contains(one.body, "Nothing said yet") {
		t.Error("Payroll is shown what Legal is asked")
	}
	if r := ask(t, s, "/reconcile?csv=differing-list"); !strings.Contains(r.body, "Rostering,Payroll,Hours,criticality,\"critical (survey.csv, row 3)\",\"minor (survey.csv, row 4)\"\n") {
		t.Errorf("got %s", r.body)
	}
	for path, status := range map[string]int{"/reconcile?team=Nobody+knows": http.StatusNotFound, "/reconcile?x=1": http.StatusBadRequest, "/reconcile.pdf": http.StatusNotFound,
		"/reconcile.csv?team=Nobody+knows": http.StatusNotFound} {
		if r := ask(t, s, path); r.status != status {
			t.Errorf("%s: status %d, want %d", path, r.status, status)
		}
	}
}

func TestBothSidesWhereNobodyIsNamed(t *testing.T) {
	t.Parallel()
	if page := ask(t, serverOf(t, layers(12)), "/reconcile"); page.status != http.StatusOK || !strings.Contains(page.body, "Nobody is named who declared a link") {
		t.Errorf("status %d: %s", page.status, page.body)
	}
	if page := ask(t, serverOf(t, &graph.Org{}), "/reconcile"); page.status != http.StatusOK || !strings.Contains(page.body, "There are no links yet") {
		t.Errorf("status %d: %s", page.status, page.body)
	}
}

// The file holds the questions to one team, as CSV and as a workbook.
func TestFileToSend(t *testing.T) {
	t.Parallel()
	s := serverOf(t, halfAsked())
	r := ask(t, s, "/reconcile.csv?team=payroll")
	if got := r.header.Get("Content-Disposition"); got != `attachment; filename="both-sides-payroll.csv"` {
		t.Errorf("named %s", got)
	}
	if lines := strings.Split(strings.TrimSpace(r.body), "\n"); len(lines) != 3 || !strings.HasPrefix(lines[1], "Payroll,Rostering,Pay,only Rostering says so,nothing,") {
		t.Errorf("got %s", r.body)
	}
	r = ask(t, s, "/reconcile.xlsx")
	if r.status != http.StatusOK || !strings.HasPrefix(r.body, "PK") || r.header.Get("Content-Disposition") != `attachment; filename="both-sides.xlsx"` {
		t.Errorf("status %d, named %s", r.status, r.header.Get("Content-Disposition"))
	}
}
