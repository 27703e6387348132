package answer_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/answer"
	"example.com/whoserves/graph/formula"
	"github.com/google/go-cmp/cmp"
	"github.com/jedib0t/go-pretty/v6/text"
)

// bakery is a small organisation with one of everything: an oven that stops both shops, two mills that share a river, a baker
// whom nobody can replace, a loop, a unit, a member, a customer that needs two of three.
func bakery() *graph.Org {
	n := func(id, name string, kind graph.Kind) *graph.NodeRecord {
		return &graph.NodeRecord{ID: id, Name: name, Kind: kind}
	}
	l := func(p, c, service string) *graph.LinkRecord {
		return &graph.LinkRecord{Provider: p, Consumer: c, Service: service}
	}
	oven := n("oven", "Oven", graph.Team)
	oven.Unit, oven.RecoveryHours, oven.Capacity, oven.Contact = "kitchen", graph.Given(24), graph.Given(100), "oven@example.org"
	ana := n("ana", "Ana", graph.Person)
	ana.Teams = []string{"oven"}
	bread := l("oven", "corner", "Bread")
	bread.Tolerance, bread.Volume, bread.Channel = graph.Given(5), graph.Given(95), "phone"
	cake := l("oven", "market", "Cake")
	cake.Criticality = graph.Important
	flour1, flour2 := l("mill-a", "oven", "Flour"), l("mill-b", "oven", "Flour")
	flour1.Volume, flour2.Volume = graph.Given(10), graph.Given(10)
	flags := l("paper", "market", "Bags")
	flags.MinProviders = graph.Given(2)
	board := n("board", "Board", graph.Team)
	board.CanFail = graph.No
	nodes := []*graph.NodeRecord{
		oven, ana, board, n("mill-a", "Mill A", graph.Supplier), n("mill-b", "Mill B", graph.Supplier),
		n("river", "River", graph.Resource), n("paper", "=Paper", graph.Supplier), n("it", "IT", graph.Team), n("hr", "HR", graph.Team),
		{ID: "kitchen", Name: "Kitchen", Kind: graph.Unit},
		n("corner", "Corner shop", graph.Customer), n("market", "Market", graph.Customer),
	}
	links := []*graph.LinkRecord{
		bread, cake, flour1, flour2, flags, l("river", "mill-a", "Water"), l("river", "mill-b", "Water"), l("it", "hr", ""), l("hr", "it", "Pay"),
	}
	source := graph.NewSource("bakery", nodes, links)
	source.Rank = 1
	return &graph.Org{Name: "default", Sources: []*graph.Source{source}}
}

func ask(t *testing.T, src *answer.Source, command, query string) answer.Answer {
	t.Helper()
	q, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	a, err := answer.Ask(context.Background(), src, command, q)
	if err != nil {
		t.Fatalf("%s?%s: %v", command, query, err)
	}
	return a
}

func asJSON(t *testing.T, a any) string {
	t.Helper()
	b, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func asText(t *testing.T, a answer.Answer, width int) string {
	t.Helper()
	var b bytes.Buffer
	if err := a.WriteText(&b, width); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func files() *answer.Source { return &answer.Source{Snapshot: graph.NewSnapshot(bakery())} }

// The JSON of whole answers, worked out by hand.
func TestJSON(t *testing.T) {
	for _, c := range []struct{ command, query, want string }{
		{"show", "node=oven", `{"id":"oven","name":"Oven","kind":"team","unit":"kitchen","providers":[{"id":"ana","service":"members","criticality":"critical"},{"id":"mill-a","service":"Flour","criticality":"critical"},{"id":"mill-b","service":"Flour","criticality":"critical"}],"consumers":[{"id":"corner","service":"Bread","criticality":"critical"},{"id":"market","service":"Cake","criticality":"important"}],"customers":["corner","market"]}`},
		{"show", "node=IT", `{"id":"it","name":"IT","kind":"team","unit":null,"providers":[{"id":"hr","service":"Pay","criticality":"critical"}],"consumers":[{"id":"hr","service":"","criticality":"critical"}],"customers":[]}`},
		{"show", "node=corner", `{"id":"corner","name":"Corner shop","kind":"customer","unit":null,"providers":[{"id":"oven","service":"Bread","criticality":"critical"}],"consumers":[],"customers":[]}`},
		{"show", "node=kitchen", `{"id":"kitchen","name":"Kitchen","kind":"unit","unit":null,"providers":[],"consumers":[],"customers":["corner","market"]}`},
		{"ripple", "fail=oven", `{"failed":["oven"],"hit":[{"id":"corner","name":"Corner shop","kind":"customer","state":"down","hours":5,"wave":1,"because":{"provider":"oven","service":"Bread"},"contact":null,"channel":"phone"},{"id":"market","name":"Market","kind":"customer","state":"degraded","hours":null,"wave":1,"because":{"provider":"oven","service":"Cake"},"contact":null,"channel":null}]}`},
		{"ripple", "fail=mill-a", `{"failed":["mill-a"],"hit":[]}`},
		{"ripple", "worse=oven", `{"failed":[],"hit":[{"id":"corner","name":"Corner shop","kind":"customer","state":"degraded","hours":null,"wave":1,"because":{"provider":"oven","service":"Bread"},"contact":null,"channel":"phone"},{"id":"market","name":"Market","kind":"customer","state":"degraded","hours":null,"wave":1,"because":{"provider":"oven","service":"Cake"},"contact":null,"channel":null}]}`},
		{"paths", "from=river&to=corner&k=2", `{"from":"river","to":"corner","paths":[{"nodes":["river","mill-a","oven","corner"],"hops":3,"lead_time_hours":null},{"nodes":["river","mill-b","oven","corner"],"hops":3,"lead_time_hours":null}]}`},
		{"paths", "from=corner&to=river", `{"from":"corner","to":"river","paths":[],"reached":{"nodes":0,"nearest":[]}}`},
		{"orgs", "", `{"orgs":[{"name":"default"}]}`},
		{"sources", "", `{"sources":[{"name":"bakery","rank":1,"nodes":12,"links":9,"version":null,"time":null,"files":[]}],"differences":[]}`},
	} {
		t.Run(c.command+"?"+c.query, func(t *testing.T) {
			if got := asJSON(t, ask(t, files(), c.command, c.query)); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// Wrong questions are refused with what would be right.
func TestWrongQuestions(t *testing.T) {
	for _, c := range []struct{ command, query, want string }{
		{"shew", "", "Right would be: bottlenecks, diff"},
		{"risks", "ful=1", "Right would be: exact, full, limit"},
		{"risks", "full=maybe", "Right would be: 1, 0"},
		{"risks", "limit=ten", "whole number"},
		{"risks", "limit=-1", "0 (for all) or more"},
		{"risks", "full=1&full=1", "only once"},
		{"show", "", "this is missing"},
		{"show", "node=", "this is missing"},
		{"paths", "from=river&to=corner&by=cost", "Right would be: hops, lead_time"},
		{"paths", "from=river&to=corner&k=0", "1 to 100"},
		{"paths", "from=oven&to=Oven", "to itself"},
		{"paths", "from=river&to=corner&avoid=oven&via=oven", "avoided"},
		{"paths", "from=kitchen&to=corner", "Kitchen is a unit of 1 team"},
		{"ripple", "", "say which nodes stop"},
		{"ripple", "fail=corner", "Corner shop is a customer"},
		{"ripple", "fail=Board", "can_fail says no"},
		{"ripple", "fail=kitchen", "write unit:kitchen"},
		{"history", "", "files have no versions"},
		{"diff", "a=1", "files have no versions"},
	} {
		t.Run(c.command+"?"+c.query, func(t *testing.T) {
			q, _ := url.ParseQuery(c.query)
			_, err := answer.Ask(context.Background(), files(), c.command, q)
			var wrong *answer.QuestionError
			if !errors.As(err, &wrong) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want a QuestionError with %q", err, c.want)
			}
		})
	}
}

func TestUnknownNodeNamesTheNearest(t *testing.T) {
	for _, q := range []struct{ command, query string }{{"show", "node=Mill"}, {"ripple", "fail=Mill"}, {"paths", "from=Mill&to=corner"}, {"paths", "from=oven&to=corner&via=Mill"}} {
		values, _ := url.ParseQuery(q.query)
		_, err := answer.Ask(context.Background(), files(), q.command, values)
		var unknown *graph.UnknownError
		if !errors.As(err, &unknown) || !strings.Contains(err.Error(), "Mill A") {
			t.Errorf("%s?%s: %v", q.command, q.query, err)
		}
	}
}

func TestRippleOfGroups(t *testing.T) {
	a := ask(t, files(), "ripple", "fail=unit:kitchen&fail=mill-a&fail=oven").(*answer.Ripple)
	if want := []string{"mill-a", "oven"}; !reflect.DeepEqual(a.Failed, want) {
		t.Errorf("failed %v, want %v", a.Failed, want)
	}
}

func TestRisks(t *testing.T) {
	a := ask(t, files(), "risks", "").(*answer.Risks)
	if a.Version != nil || a.Nodes != 11 || a.Links != 9 || a.StandInCustomers {
		t.Errorf("version %v, %d nodes, %d links, stand-in %v", a.Version, a.Nodes, a.Links, a.StandInCustomers)
	}
	var ids []string
	for _, s := range a.SPOFs {
		ids = append(ids, s.ID)
	}
	if want := []string{"paper", "ana", "oven", "river"}; !slices.Equal(sorted(ids), sorted(want)) {
		t.Errorf("SPOFs %v, want %v", ids, want)
	}
	if want := `[{"consumer":"market","service":"Bags","providers":["paper"],"min_providers":2}]`; asJSON(t, a.Unmet) != want {
		t.Errorf("unmet %s, want %s", asJSON(t, a.Unmet), want)
	}
	if want := `[{"consumer":"oven","service":"Flour","providers":["mill-a","mill-b"],"node":"river"}]`; asJSON(t, a.FalseRedundancies) != want {
		t.Errorf("false redundancy %s, want %s", asJSON(t, a.FalseRedundancies), want)
	}
	if want := `[{"id":"ana","team":"oven","bus_factor":1}]`; asJSON(t, a.KeyPeople) != want {
		t.Errorf("key people %s, want %s", asJSON(t, a.KeyPeople), want)
	}
	if want := `[["hr","it"]]`; asJSON(t, a.Loops) != want {
		t.Errorf("loops %s, want %s", asJSON(t, a.Loops), want)
	}
	for _, s := range a.SPOFs {
		if s.ID == "oven" {
			want := `{"id":"oven","name":"Oven","kind":"team","customers_down":["corner"],"customers_down_count":1,"customers_degraded":["market"],"first_impact_hours":5,"exposed":true,"basis":"assumed","chain":[{"provider":"oven","consumer":"corner","service":"Bread"}]}`
			if got := asJSON(t, s); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		}
	}
}

// Beyond a million pairs the lists are null and the counts stay.
func TestTooManyToList(t *testing.T) {
	f, err := analysis.Analyse(context.Background(), graph.NewSnapshot(bakery()), analysis.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f.TooMany = true
	for i := range f.SPOFs {
		f.SPOFs[i].CustomersDown, f.SPOFs[i].CustomersDegraded = nil, nil
	}
	a := answer.NewRisks(f)
	if got := asJSON(t, a.SPOFs[0]); !strings.Contains(got, `"customers_down":null,"customers_down_count":1,"customers_degraded":null`) {
		t.Errorf("got %s", got)
	}
	asText(t, a, 80)
}

// Arrays are there even when they are empty, whatever is asked of an organisation without anything.
func TestNothing(t *testing.T) {
	src := &answer.Source{Snapshot: graph.NewSnapshot(&graph.Org{Name: "default"})}
	for _, c := range []string{"risks", "bottlenecks", "sources"} {
		if got := asJSON(t, ask(t, src, c, "")); strings.Contains(strings.NewReplacer(`"version":null`, "", `"first_to_saturate":null`, "").Replace(got), "null") {
			t.Errorf("%s: %s", c, got)
		}
		asText(t, ask(t, src, c, ""), 80)
	}
}

// Every answer reads the same back, and holds no field that the structs do not name.
func TestStrictJSON(t *testing.T) {
	for _, q := range everyQuestion {
		a := ask(t, files(), q[0], q[1])
		text := asJSON(t, a)
		again := reflect.New(reflect.TypeOf(a).Elem()).Interface()
		d := json.NewDecoder(strings.NewReader(text))
		d.DisallowUnknownFields()
		if err := d.Decode(again); err != nil {
			t.Fatalf("%s?%s: %v", q[0], q[1], err)
		}
		if back := asJSON(t, again); back != text {
			t.Errorf("%s?%s: got back\n%s\nwant\n%s", q[0], q[1], back, text)
		}
	}
}

var everyQuestion = [][2]string{
	{"show", "node=oven"}, {"show", "node=kitchen"}, {"risks", ""}, {"risks", "full=1&exact=1&limit=0"}, {"ripple", "fail=river&worse=it"},
	{"paths", "from=river&to=corner"}, {"paths", "from=corner&to=oven"}, {"bottlenecks", ""}, {"sources", ""}, {"orgs", ""}, {"reconcile", ""}, {"reconcile", "team=oven"},
}

func TestTextKeepsWithinTheWidth(t *testing.T) {
	org := bakery()
	long := strings.Repeat("A team with a long name ", 6)
	for _, r := range org.Sources[0].Nodes {
		if r.ID == "oven" {
			r.Name = long
		}
		if r.ID == "mill-a" {
			r.Name = "水産輸出株式会社水産輸出株式会社水産輸出株式会社水産輸出株式会社水産輸出株式会社水産輸出株式会社"
		}
		if r.ID == "river" {
			r.Name = strings.Repeat("Unbroken", 20)
		}
	}
	src := &answer.Source{Snapshot: graph.NewSnapshot(org)}
	for _, q := range everyQuestion {
		for _, width := range []int{40, 80, 100} {
			for line := range strings.Lines(asText(t, ask(t, src, q[0], q[1]), width)) {
				if w := text.StringWidthWithoutEscSequences(strings.TrimSuffix(line, "\n")); w > width {
					t.Errorf("%s?%s at %d: %d columns: %s", q[0], q[1], width, w, line)
				}
			}
		}
	}
}

func TestTextCannotSteerTheTerminal(t *testing.T) {
	org := bakery()
	for _, r := range org.Sources[0].Nodes {
		r.Name += "\x1b[31m\x07\u202e\u009b"
	}
	src := &answer.Source{Snapshot: graph.NewSnapshot(org)}
	for _, q := range everyQuestion {
		if got := asText(t, ask(t, src, q[0], q[1]), 80); strings.ContainsAny(got, "\x1b\x07\u202e\u009b") {
			t.Errorf("%s?%s: %q", q[0], q[1], got)
		}
	}
}

// A CSV has a header, rows of one length, and no cell that a spreadsheet would run.
func TestCSV(t *testing.T) {
	for _, q := range everyQuestion {
		var b bytes.Buffer
		if err := ask(t, files(), q[0], q[1]).WriteCSV(&b); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&b).ReadAll()
		if err != nil || len(rows) == 0 {
			t.Fatalf("%s: %d rows, %v", q[0], len(rows), err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if cell != formula.Cell(string(formula.Original([]byte(cell)))) {
					t.Errorf("%s: cell %q", q[0], cell)
				}
			}
		}
	}
	var b bytes.Buffer
	if err := ask(t, files(), "risks", "").WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	want := "oven,Oven,team,corner,1,market,5,true,assumed,oven→corner: Bread\n"
	if !strings.Contains(b.String(), want) || !strings.Contains(b.String(), "paper,'=Paper,supplier") {
		t.Errorf("got\n%swant a row\n%s", b.String(), want)
	}
}

// The notify plan tells employees before customers.
func TestNotifyPlan(t *testing.T) {
	var b bytes.Buffer
	if err := ask(t, files(), "ripple", "fail=river").WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	rows, _ := csv.NewReader(&b).ReadAll()
	var ids []string
	for _, r := range rows[1:] {
		ids = append(ids, r[0])
	}
	if want := []string{"mill-a", "mill-b", "oven", "corner", "market"}; !slices.Equal(ids, want) {
		t.Errorf("told %v, want %v", ids, want)
	}
	got := asText(t, ask(t, files(), "ripple", "fail=river"), 80)
	if strings.Index(got, "own people") > strings.Index(got, "before they call") || !strings.Contains(got, "oven@example.org") {
		t.Errorf("got\n%s", got)
	}
}

var update = flag.Bool("update", false, "write the golden files anew")

// The text and CSV of every question, word by word. Read the file after -update: it is what people see.
func TestGolden(t *testing.T) {
	var b bytes.Buffer
	for _, q := range everyQuestion {
		a := ask(t, files(), q[0], q[1])
		fmt.Fprintf(&b, "######## %s?%s\n%s-------- CSV\n", q[0], q[1], asText(t, a, 80))
		if err := a.WriteCSV(&b); err != nil {
			t.Fatal(err)
		}
	}
	const golden = "testdata/answers.golden"
	if *update {
		if err := os.MkdirAll("testdata", 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, b.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
		t.Errorf("the answers changed (-want +got); if that is right, run with -update:\n%s", diff)
	}
}

// Who stops does not give poor service too.
func TestStopsWins(t *testing.T) {
	for query, same := range map[string]string{
		"fail=oven&worse=oven":                  "fail=oven",
		"fail=unit:kitchen&worse=oven&worse=it": "fail=oven&worse=it",
	} {
		got, want := ask(t, files(), "ripple", query), ask(t, files(), "ripple", same)
		if asJSON(t, got) != asJSON(t, want) || asText(t, got, 80) != asText(t, want, 80) {
			t.Errorf("%s:\n%s\nwant that of %s:\n%s", query, asText(t, got, 80), same, asText(t, want, 80))
		}
	}
}

func TestTheOtherWayRound(t *testing.T) {
	if got := asText(t, ask(t, files(), "paths", "from=corner&to=oven"), 80); !strings.Contains(got, "other way round: Oven serves Corner shop") {
		t.Errorf("got\n%s", got)
	}
}

func sorted(s []string) []string { return slices.Sorted(slices.Values(s)) }
