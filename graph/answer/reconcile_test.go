package answer_test

import (
	"bytes"
	"encoding/csv"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/answer"
	"example.com/whoserves/graph/graphtest"
	"github.com/google/go-cmp/cmp"
	"github.com/jedib0t/go-pretty/v6/text"
)

// sided is an organisation whose teams were asked whom they rely on and whom they serve. Payroll, Rostering and Finance answered, each in
// a row with its own declared_by; Legal and the shop said nothing.
func sided() *graph.Org {
	node := func(id, name string, kind graph.Kind, unit string) *graph.NodeRecord {
		return &graph.NodeRecord{ID: id, Name: name, Kind: kind, Unit: unit}
	}
	said := func(row int, p, c, service, by string, fill func(*graph.LinkRecord)) *graph.LinkRecord {
		r := &graph.LinkRecord{Provider: p, Consumer: c, Service: service, DeclaredBy: by, From: graph.Origin{File: "survey.xlsx", Sheet: "Both", Row: row}}
		if fill != nil {
			fill(r)
		}
		return r
	}
	critical := func(r *graph.LinkRecord) { r.Criticality, r.Tolerance = graph.Critical, graph.Given(4) }
	minor := func(r *graph.LinkRecord) { r.Criticality, r.Tolerance = graph.Minor, graph.Given(4) }
	bo := node("bo", "Bo", graph.Person, "")
	bo.Teams = []string{"payroll"}
	survey := graph.NewSource("survey", []*graph.NodeRecord{
		node("payroll", "Payroll", graph.Team, "fin"), node("rostering", "Rostering", graph.Team, ""), node("legal", "Legal", graph.Team, ""), node("books", "Books", graph.Team, "fin"),
		node("mill", "Mill", graph.Team, ""), node("hall", "Hall", graph.Resource, ""), node("shop", "Shop", graph.Customer, ""), node("fin", "Finance", graph.Unit, ""), bo,
	}, []*graph.LinkRecord{
		// agreed: one row of each side, and one row for both
		said(2, "payroll", "rostering", "Pay", "Payroll", critical), said(3, "payroll", "rostering", "Pay", "rostering", critical),
		said(4, "books", "rostering", "Books", "both", nil),
		// agreed: a member speaks for the provider, the unit for the consumer
		said(5, "payroll", "books", "Slips", "Bo", nil), said(6, "payroll", "books", "Slips", "finance", nil),
		// they differ on one field of two
		said(7, "rostering", "payroll", "Hours", "Rostering", critical), said(8, "rostering", "payroll", "Hours", "Payroll", minor),
		// only one side, where the other one answered
		said(9, "rostering", "books", "Lists", "Rostering", critical), said(10, "books", "payroll", "Totals", "payroll", nil),
		// only one side, and the other one said nothing at all
		said(11, "legal", "payroll", "Advice", "Payroll", nil), said(12, "rostering", "shop", "Goods", "provider", nil), said(13, "legal", "rostering", "Advice", "consumer", nil),
		// nobody to ask: a resource, a third side, nobody named
		said(14, "hall", "payroll", "Room", "Payroll", nil), said(15, "payroll", "legal", "Pay", "mill", nil), said(16, "mill", "legal", "", "an auditor", nil),
		said(17, "mill", "books", "", "", nil),
	})
	survey.Rank = 1
	return &graph.Org{Name: "default", Sources: []*graph.Source{survey}}
}

// What is open between the sides, worked out by hand.
func TestReconcile(t *testing.T) {
	src := &answer.Source{Snapshot: graph.NewSnapshot(sided())}
	row := func(n string) string { return `"source":"survey","file":"survey.xlsx","sheet":"Both","row":` + n + `}` }
	oneSided := func(p, c, service, missing, by, n string) string {
		return `{"provider":"` + p + `","consumer":"` + c + `","service":"` + service + `","missing":"` + missing + `","said":[{"declared_by":"` + by + `","confirmed_on":null,` + row(n) + `]}`
	}
	value := func(v, n string) string {
		return `{"source":"survey","value":"` + v + `","file":"survey.xlsx","sheet":"Both","row":` + n + `}`
	}
	differ := `{"provider":"rostering","consumer":"payroll","service":"Hours","fields":[{"field":"criticality","provider":` + value("critical", "7") + `,"consumer":` + value("minor", "8") + `}]}`
	counts := `{"version":null,"links":13,"agreed":3,"others":3,"unsaid":1,`
	lists, totals := oneSided("rostering", "books", "Lists", "consumer", "Rostering", "9"), oneSided("books", "payroll", "Totals", "provider", "payroll", "10")
	legal := oneSided("legal", "payroll", "Advice", "provider", "Payroll", "11") + "," + oneSided("legal", "rostering", "Advice", "provider", "consumer", "13")
	shop := oneSided("rostering", "shop", "Goods", "consumer", "provider", "12")
	for query, want := range map[string]string{
		"":               counts + `"one_sided":[` + totals + "," + lists + `],"differing":[` + differ + `],"not_answered":[{"id":"legal","links":[` + legal + `]},{"id":"shop","links":[` + shop + `]}]}`,
		"team=Legal":     counts + `"one_sided":[],"differing":[],"not_answered":[{"id":"legal","links":[` + legal + `]}]}`,
		"team=rostering": counts + `"one_sided":[],"differing":[` + differ + `],"not_answered":[]}`,
		"team=Finance":   counts + `"one_sided":[` + totals + "," + lists + `],"differing":[` + differ + `],"not_answered":[]}`,
		"team=mill":      counts + `"one_sided":[],"differing":[],"not_answered":[]}`,
	} {
		if diff := cmp.Diff(want, asJSON(t, ask(t, src, "reconcile", query))); diff != "" {
			t.Errorf("%q: %s", query, diff)
		}
	}
	text := asText(t, ask(t, src, "reconcile", ""), 300)
	for _, want := range []string{
		"Of 13 links 6 are open; both sides say the same of 3. Of 3 there is nobody else to ask, or only a third side spoke. Of 1 no row says who declared them.",
		"• Rostering says that it serves Books with Lists (survey.xlsx, sheet Both, row 9); Books does not\n",
		"• Payroll says that Books serves it with Totals (survey.xlsx, sheet Both, row 10); Books does not\n",
		"• Rostering serves Payroll with Hours\n  criticality: Rostering says critical (survey.xlsx, sheet Both, row 7), Payroll says minor (survey.xlsx, sheet Both, row 8)\n",
		"• Legal: 2 links wait for it, declared by Payroll and Rostering\n", "• Shop: 1 link waits for it, declared by Rostering\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// The file to send has a row for each side that is to be asked, and says what is open without importing that.
func TestReconcileSheet(t *testing.T) {
	src := &answer.Source{Snapshot: graph.NewSnapshot(sided())}
	rows := func(query string) [][]string {
		var b bytes.Buffer
		if err := ask(t, src, "reconcile", query).WriteCSV(&b); err != nil {
			t.Fatal(err)
		}
		all, err := csv.NewReader(&b).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	all := rows("")
	asked := slices.Index(all[0], "declared_by")
	var sent []string
	for _, r := range all[1:] {
		sent = append(sent, r[asked]+": "+r[0]+" > "+r[1])
	}
	want := []string{"Books: Books > Payroll", "Books: Rostering > Books", "Legal: Legal > Payroll", "Legal: Legal > Rostering", "Payroll: Rostering > Payroll",
		"Rostering: Rostering > Payroll", "Shop: Rostering > Shop"}
	if diff := cmp.Diff(want, sent); diff != "" {
		t.Error(diff)
	}
	at := "survey.xlsx, sheet Both, row "
	for query, want := range map[string][]string{
		"team=rostering": {"Rostering", "Payroll", "Hours", "the two sides differ", "criticality critical (" + at + "7)", "criticality minor (" + at + "8)", "", "", "", "", "", "", "Rostering", ""},
		"team=shop":      {"Rostering", "Shop", "Goods", "Shop has said nothing yet", "yes (" + at + "12)", "nothing", "", "", "", "", "", "", "Shop", ""},
		"team=books":     {"Books", "Payroll", "Totals", "only Payroll says so", "nothing", "yes (" + at + "10)", "", "", "", "", "", "", "Books", ""},
	} {
		if diff := cmp.Diff(want, rows(query)[1]); diff != "" {
			t.Errorf("%s: %s", query, diff)
		}
	}
}

// What a side said last counts, whatever source it stands in.
func TestReconcileTakesTheLatest(t *testing.T) {
	org := sided()
	later := graph.NewSource("later", nil, []*graph.LinkRecord{
		{Provider: "Rostering", Consumer: "Payroll", Service: "hours", DeclaredBy: "Payroll", ConfirmedOn: "2026-11-20", Criticality: graph.Critical},
		{Provider: "Books", Consumer: "Payroll", Service: "Totals", DeclaredBy: "Books", ConfirmedOn: "2026-11-20"},
		{Provider: "legal", Consumer: "payroll", Service: "Advice", DeclaredBy: "Legal"},
	})
	later.Rank = 2
	org.Sources = append(org.Sources, later)
	got := ask(t, &answer.Source{Snapshot: graph.NewSnapshot(org)}, "reconcile", "").(*answer.Reconcile)
	if len(got.Differing) != 0 || got.Agreed != 6 {
		t.Errorf("%d agreed, differing %+v", got.Agreed, got.Differing)
	}
	if len(got.OneSided) != 2 || got.OneSided[0].Service != "Advice" || got.OneSided[0].Missing != "provider" || len(got.NotAnswered) != 1 {
		t.Errorf("Legal answered, but not about Rostering: %+v, %+v", got.OneSided, got.NotAnswered)
	}
}

func TestReconcileWhereNobodyIsNamed(t *testing.T) {
	if got := asText(t, ask(t, files(), "reconcile", ""), 80); !strings.Contains(got, "No row says who declared it") {
		t.Error(got)
	}
	if got := asText(t, ask(t, &answer.Source{Snapshot: graph.NewSnapshot(&graph.Org{})}, "reconcile", ""), 80); !strings.Contains(got, "There are no links yet.") {
		t.Error(got)
	}
}

// Every link is counted once, whoever is named for it.
func TestReconcileCountsEveryLinkOnce(t *testing.T) {
	for seed := range uint64(60) {
		org := graphtest.Random(seed, int(5+seed%30))
		rnd := rand.New(rand.NewPCG(seed, 9))
		names := []string{"", "", "provider", "consumer", "both", "somebody", "provider|consumer", "provider | nobody"}
		for _, n := range org.Sources[0].Nodes {
			names = append(names, n.ID)
		}
		for _, l := range org.Sources[0].Links {
			if l.DeclaredBy = names[rnd.IntN(len(names))]; rnd.IntN(2) > 0 {
				l.DeclaredBy = []string{l.Provider, l.Consumer}[rnd.IntN(2)]
			}
		}
		s := graph.NewSnapshot(org)
		a := ask(t, &answer.Source{Snapshot: s}, "reconcile", "").(*answer.Reconcile)
		total, asked := a.Agreed+a.Others+a.Unsaid+len(a.OneSided)+len(a.Differing), len(a.OneSided)+2*len(a.Differing)
		for _, u := range a.NotAnswered {
			total, asked = total+len(u.Links), asked+len(u.Links)
		}
		if total != len(s.Links) || a.Links != total {
			t.Errorf("seed %d: %d of %d links are counted", seed, total, len(s.Links))
		}
		if _, rows := a.Sheet(); len(rows) != asked {
			t.Errorf("seed %d: %d rows are sent, want %d", seed, len(rows), asked)
		}
		toOne := 0
		for _, v := range a.WhomToAsk() {
			one := ask(t, &answer.Source{Snapshot: s}, "reconcile", "team="+url.QueryEscape(s.Nodes[v].ID)).(*answer.Reconcile)
			_, rows := one.Sheet()
			if len(rows) == 0 {
				t.Errorf("seed %d: %s is to be asked, but nothing", seed, s.Nodes[v].ID)
			}
			if s.Nodes[v].Kind != graph.Unit {
				toOne += len(rows)
			}
		}
		if toOne > asked {
			t.Errorf("seed %d: %d rows to one each, %d in all", seed, toOne, asked)
		}
	}
}

// The other side may name the unit in the place of its team, or no service; another service or another team is another link.
func TestReconcileInOtherWords(t *testing.T) {
	nodes := []*graph.NodeRecord{{ID: "it", Kind: graph.Unit}, {ID: "ops", Kind: graph.Unit}, {ID: "cloud", Kind: graph.Unit, Unit: "it"},
		{ID: "hosting", Kind: graph.Team, Unit: "cloud"}, {ID: "desk", Kind: graph.Team, Unit: "it"}, {ID: "rota", Kind: graph.Team, Unit: "ops"}, {ID: "stores", Kind: graph.Team}}
	type said struct{ provider, consumer, service, by string }
	for _, c := range []struct {
		name   string
		rows   []said
		agreed int
		asked  []string
	}{
		{"unit and team", []said{{"it", "rota", "", "rota"}, {"hosting", "ops", "", "hosting"}}, 2, nil},
		{"the same team of a unit twice", []said{{"hosting", "rota", "Mail", "rota"}, {"it", "rota", "mail", "it"}}, 2, nil},
		{"no service", []said{{"hosting", "stores", "Mail", "stores"}, {"hosting", "stores", "", "hosting"}}, 2, nil},
		{"another service", []said{{"hosting", "stores", "Mail", "stores"}, {"hosting", "stores", "Files", "hosting"}}, 0, []string{"hosting", "stores"}},
		{"another team of the unit", []said{{"hosting", "stores", "", "stores"}, {"desk", "stores", "", "desk"}}, 0, []string{"hosting", "stores"}},
		{"the other way round", []said{{"it", "ops", "", "ops"}, {"ops", "it", "", "ops"}}, 0, []string{"it"}},
		{"said by the same side", []said{{"it", "rota", "", "rota"}, {"hosting", "rota", "", "rota"}}, 0, []string{"hosting", "it"}},
		{"a unit answered through its team", []said{{"it", "rota", "", "rota"}, {"desk", "stores", "", "desk"}}, 0, []string{"it", "stores"}},
	} {
		var links []*graph.LinkRecord
		for _, r := range c.rows {
			links = append(links, &graph.LinkRecord{Provider: r.provider, Consumer: r.consumer, Service: r.service, DeclaredBy: r.by})
		}
		s := graph.NewSnapshot(&graph.Org{Sources: []*graph.Source{graph.NewSource("s", slices.Clone(nodes), links)}})
		a := ask(t, &answer.Source{Snapshot: s}, "reconcile", "").(*answer.Reconcile)
		var asked []string
		for _, v := range a.WhomToAsk() {
			asked = append(asked, s.Nodes[v].ID)
		}
		if a.Agreed != c.agreed || !slices.Equal(asked, c.asked) {
			t.Errorf("%s: %d agreed, to ask %q; want %d and %q", c.name, a.Agreed, asked, c.agreed, c.asked)
		}
		if c.name == "a unit answered through its team" && (len(a.OneSided) != 1 || a.OneSided[0].Provider != "it") {
			t.Errorf("%s: %+v", c.name, a.OneSided)
		}
	}
}

// Whatever names and services hold, the text keeps within its width and steers no terminal, and no cell of the file runs.
func TestReconcileOfHostileNames(t *testing.T) {
	org := sided()
	for _, n := range org.Sources[0].Nodes {
		n.Name = "=" + n.Name + "\x1b[31m\u202e" + strings.Repeat(" long", 30)
	}
	for _, l := range org.Sources[0].Links {
		l.Service, l.From.File = "@"+l.Service, "-x\u202e.xlsx"
	}
	a := ask(t, &answer.Source{Snapshot: graph.NewSnapshot(org)}, "reconcile", "")
	for line := range strings.Lines(asText(t, a, 60)) {
		if w := text.StringWidthWithoutEscSequences(strings.TrimSuffix(line, "\n")); w > 60 || strings.ContainsAny(line, "\x1b\u202e") {
			t.Errorf("%d columns: %q", w, line)
		}
	}
	var b bytes.Buffer
	if err := a.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(rows) < 5 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
				t.Errorf("would run: %q", cell)
			}
		}
	}
}
