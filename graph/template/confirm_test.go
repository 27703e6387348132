package template_test

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/graphtest"
	"example.com/whoserves/graph/template"
	"example.com/whoserves/importer"
)

var today = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

func airline(t testing.TB) *graph.Snapshot {
	t.Helper()
	r, err := importer.Read(t.Context(), []string{"../../examples/airline"}, importer.Options{Source: "client"})
	if err != nil {
		t.Fatal(err)
	}
	return graph.NewSnapshot(r.Org)
}

func confirmation(t testing.TB, c *template.Confirmation) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := c.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// answer says yes to every link.
func (f *form) answer(links int) {
	f.Helper()
	for row := 2; row < links+2; row++ {
		f.fill("links", row, map[string]any{"still_true": "yes", "confirmed_on": today})
	}
}

// together puts a source beside those of a snapshot.
func together(t testing.TB, s *graph.Snapshot, r *importer.Result) *graph.Snapshot {
	t.Helper()
	o, err := s.Org.Apply(graph.Diff(s.Org, r.Org))
	if err != nil {
		t.Fatal(err)
	}
	return graph.NewSnapshot(o)
}

// confirmAll gives what comes back when everybody who is asked says yes to all links, as one folder.
func confirmAll(t testing.TB, s *graph.Snapshot, teams []int32) *importer.Result {
	t.Helper()
	var files []importer.File
	for _, c := range template.Confirmations(s, teams) {
		f := open(t, confirmation(t, c))
		f.answer(c.Links)
		files = append(files, f.save("answers/"+c.File))
	}
	return read(t, "", files...)
}

// staysAsItIs compares an organisation before and after its links were confirmed: nothing differs but who says so and since when.
func staysAsItIs(t testing.TB, what string, s, after *graph.Snapshot) {
	t.Helper()
	number := cmp.Comparer(func(a, b graph.Number) bool {
		return a == b || a.IsGiven() && b.IsGiven() && math.Abs(a.Or(0)-b.Or(0)) < 1e-9 // means of means
	})
	if d := cmp.Diff(s.Nodes, after.Nodes, cmpopts.IgnoreFields(graph.Node{}, "Stated", "Placeholder"), number, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s: nodes: %s", what, d)
	}
	if d := cmp.Diff(s.Links, after.Links, cmpopts.IgnoreFields(graph.Link{}, "Stated", "Rated"), number,
		cmpopts.IgnoreFields(graph.LinkRecord{}, "DeclaredBy", "ConfirmedOn")); d != "" {
		t.Errorf("%s: links: %s", what, d)
	}
	if d := cmp.Diff(s.Needs, after.Needs, number); d != "" {
		t.Errorf("%s: needs: %s", what, d)
	}
}

// When every team confirms what it was sent, and does no more, the organisation stays as it is, but for who says so and since when.
func TestConfirmedUnchanged(t *testing.T) {
	s := airline(t)
	teams := template.WithLinks(s)
	if len(teams) != 50 {
		t.Fatalf("%d teams are asked", len(teams))
	}
	r := confirmAll(t, s, teams)
	if got := messages(r.Problems); len(got) > 0 {
		t.Errorf("problems: %q", got)
	}
	if len(r.Org.Sources) != 1 || r.Org.Sources[0].Name != "answers" {
		t.Fatalf("sources %+v", r.Sources)
	}
	for _, l := range r.Org.Sources[0].Links {
		if l.DeclaredBy == "" || l.ConfirmedOn != "2026-11-22" || len(l.Attrs) > 0 {
			t.Errorf("stated: %+v", l)
		}
	}
	after := together(t, s, r)
	staysAsItIs(t, "airline", s, after)
	if d := cmp.Diff(messages(s.Problems), messages(after.Problems)); d != "" {
		t.Errorf("problems: %s", d)
	}
	if len(after.Differences) > len(s.Differences) {
		t.Errorf("differences: %+v", after.Differences)
	}
	open := 0
	for _, l := range after.Links {
		if l.Values.ConfirmedOn != "2026-11-22" {
			open++
		}
	}
	if unasked := template.Unasked(s, teams); open != unasked {
		t.Errorf("%d links are not confirmed, %d stand in no workbook", open, unasked)
	}
}

// The same with organisations made at random, of units that serve, members, sites and nodes that nobody described.
func TestRandomConfirmedUnchanged(t *testing.T) {
	for seed := range uint64(12) {
		s := graph.NewSnapshot(graphtest.Random(seed, 5+int(seed%10)))
		teams := template.WithLinks(s)
		if len(teams) == 0 {
			continue
		}
		r := confirmAll(t, s, teams)
		for _, p := range r.Problems {
			t.Errorf("organisation %d: %s", seed, p)
		}
		staysAsItIs(t, fmt.Sprintf("organisation %d", seed), s, together(t, s, r))
	}
}

// A team denies, corrects, adds, and leaves something open: the file says just that, as its own source.
func TestConfirmedWithChanges(t *testing.T) {
	s := airline(t)
	c := template.Confirmations(s, []int32{s.ByID("crew-scheduling")})[0]
	if c.Team != "crew-scheduling" || c.File != "crew-scheduling-confirm.xlsx" || c.Links != 6 {
		t.Errorf("made %s for %s with %d links", c.File, c.Team, c.Links)
	}
	f := open(t, confirmation(t, c))
	if got := f.GetSheetList(); !slices.Equal(got, []string{"Read me", "links", "new links", "our team"}) {
		t.Fatal(got)
	}
	for _, sheet := range []string{"links", "new links", "our team"} {
		f.checkSheet(sheet)
	}
	var sentences []string
	for row := 2; row < 8; row++ {
		sentences = append(sentences, f.text("links", "what the row means (ignore)", row))
	}
	want := []string{"You serve Cabin crew with Rosters.", "You serve Operations control with Reserve crews.", "You serve Pilots with Rosters.",
		"Network planning serves you with Timetable.", "Operations systems serves you with Rostering system.", "Payroll serves you with Hours and pay rules."}
	if d := cmp.Diff(want, sentences); d != "" {
		t.Error(d)
	}
	// How we are rated is not ours to say; how we rate is.
	if got := f.text("links", "satisfaction", 2) + f.text("links", "satisfaction", 7); got != "48" {
		t.Errorf("ratings %q", got)
	}
	f.fill("links", 2, map[string]any{"confirmed_on": "2026-11-22"})
	f.fill("links", 3, map[string]any{"still_true": "no", "confirmed_on": today})
	f.fill("links", 7, map[string]any{"still_true": "yes", "confirmed_on": today, "tolerance_hours": 48, "satisfaction": 70, "channel": "phone"})
	f.fill("new links", 2, map[string]any{"provider": "Treasury", "consumer": "Crew scheduling", "service": "Allowances", "criticality": "minor", "declared_by": "crew-scheduling"})
	f.fill("our team", 2, map[string]any{"headcount": 9})
	r := read(t, "", f.save(c.File))
	wantProblems := []string{
		"info crew-scheduling-confirm.xlsx, sheet links, row 3, column still_true: “crew-scheduling” serves “ops-control” with “Reserve crews”: said not to be true any more by “crew-scheduling”",
		"info crew-scheduling-confirm.xlsx, sheet links, row 4, column still_true: 3 rows were not answered and state nothing, this one the first of them: still_true and confirmed_on are blank",
	}
	if d := cmp.Diff(wantProblems, messages(r.Problems)); d != "" {
		t.Error(d)
	}
	var stated []string
	for _, l := range r.Org.Sources[0].Links {
		stated = append(stated, fmt.Sprint(l.Provider, " > ", l.Consumer, " ", l.Service, " ", l.Tolerance, " ", l.Satisfaction, " ", l.Channel, " ", l.DeclaredBy, " ", l.ConfirmedOn))
	}
	wantLinks := []string{"Treasury > Crew scheduling Allowances    crew-scheduling ", "crew-scheduling > cabin-crew Rosters 24  crew app crew-scheduling 2026-11-22",
		"payroll > crew-scheduling Hours and pay rules 48 70 phone crew-scheduling 2026-11-22"}
	if d := cmp.Diff(wantLinks, stated); d != "" {
		t.Error(d)
	}
	if n := r.Org.Sources[0].Nodes; r.Org.Sources[0].Name != "crew-scheduling-confirm" || len(n) != 1 || n[0].ID != "crew-scheduling" || n[0].Headcount != graph.Given(9) || n[0].Unit != "flight-operations" {
		t.Errorf("%s says of itself %+v", r.Org.Sources[0].Name, n[0])
	}
}

// Sent back as it came, a workbook denies nothing and confirms nothing.
func TestNothingAnswered(t *testing.T) {
	s := airline(t)
	c := template.Confirmations(s, []int32{s.ByID("payroll")})[0]
	r := read(t, "", importer.Bytes(c.File, confirmation(t, c)))
	if n := len(r.Org.Sources[0].Links); n != 0 || len(r.Problems) != 1 || r.Problems[0].Severity != graph.Info {
		t.Errorf("%d links, %q", n, messages(r.Problems))
	}
}

// Names that would be formulas, are markup, are alike, or are no names of files do no harm, and come back as they were.
func TestHostileNames(t *testing.T) {
	ids := []string{"=1+1", "@SUM(A1)", "a/b", "A b", "a b", "../x", "con", "team 2024", "team 2025", "…", "!", "'=x", "<b>&\"'", strings.Repeat("long ", 60), "日本", "a-b", "a-b-2"}
	var nodes []*graph.NodeRecord
	var links []*graph.LinkRecord
	for i, id := range ids {
		nodes = append(nodes, &graph.NodeRecord{ID: id, Name: "The " + strings.TrimSpace(id), Contact: "=HYPERLINK(\"x\")"})
		links = append(links, &graph.LinkRecord{Provider: id, Consumer: ids[(i+1)%len(ids)], Service: "=" + id, Channel: "-1"})
	}
	nodes[0].Unit = "+box"
	nodes = append(nodes, &graph.NodeRecord{ID: "+box", Kind: graph.Unit, Name: "The box"})
	links = append(links, &graph.LinkRecord{Provider: "+box", Consumer: "placeholder", Service: "s"})
	for i := range links {
		links[i].Service = strings.TrimSpace(links[i].Service)
	}
	for i := range nodes {
		nodes[i].ID = strings.TrimSpace(nodes[i].ID)
	}
	for i := range links {
		links[i].Provider, links[i].Consumer = strings.TrimSpace(links[i].Provider), strings.TrimSpace(links[i].Consumer)
	}
	source := graph.NewSource("client", nodes, links)
	source.Rank = 1
	s := graph.NewSnapshot(&graph.Org{Sources: []*graph.Source{source}})
	sources := map[string]string{}
	var files []importer.File
	for _, c := range template.Confirmations(s, template.WithLinks(s)) {
		f := open(t, confirmation(t, c))
		f.answer(c.Links)
		files = append(files, f.save("answers/"+c.File))
		name := importer.SourceName(c.File)
		if other := sources[name]; other != "" || name+".xlsx" != c.File || strings.ContainsAny(c.File, `/\:*?"<>|.`+"\x00") && strings.Count(c.File, ".") != 1 || len(c.File) > 255 {
			t.Errorf("the file for %q is %q, the source %q, which is also that of %q", c.Team, c.File, name, other)
		}
		sources[name] = c.Team
	}
	if len(sources) != len(ids)+2 {
		t.Errorf("%d workbooks for %d teams, a unit and what is only named", len(sources), len(ids))
	}
	r := read(t, "", files...)
	for _, p := range r.Problems {
		t.Errorf("%s", p)
	}
	after := together(t, s, r)
	if len(after.Links) != len(s.Links) {
		t.Fatalf("%d links became %d", len(s.Links), len(after.Links))
	}
	for i := range s.Links {
		a, b := s.Links[i], after.Links[i]
		if a.Provider != b.Provider || a.Consumer != b.Consumer || a.Service != b.Service || b.Values.Channel != a.Values.Channel || b.Values.ConfirmedOn == "" || len(b.Stated) != 3 {
			t.Errorf("%+v became %+v", a, b)
		}
	}
	for i := range s.Nodes {
		if a, b := s.Nodes[i], after.Nodes[i]; a.ID != b.ID || a.Name != b.Name || a.Contact != b.Contact || a.Unit != b.Unit || a.Kind != b.Kind {
			t.Errorf("%+v became %+v", a, b)
		}
	}
}

// Who has no link has no workbook, and links of nobody who is asked are counted.
func TestWhoIsAsked(t *testing.T) {
	s := airline(t)
	for _, v := range template.WithLinks(s) {
		if k := s.Nodes[v].Kind; k != graph.Team && k != graph.Unit {
			t.Errorf("%s, a %s, is asked", s.Nodes[v].ID, k)
		}
	}
	if n, all := template.Unasked(s, nil), len(s.Links); n != all {
		t.Errorf("with nobody asked %d of %d links are left", n, all)
	}
	one := template.Unasked(s, []int32{s.ByID("crew-scheduling")})
	if one != len(s.Links)-6 {
		t.Errorf("with one asked %d links are left", one)
	}
}
