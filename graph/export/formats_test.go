package export_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/export"
	"example.com/whoserves/graph/graphtest"
)

// small is an organisation whose every export can be read at a glance: two teams in one of two units, a site, a person in both
// teams, a customer, somebody described nowhere, and names that want to be markup.
func small() *graph.Snapshot {
	s := graph.NewSource("hr", []*graph.NodeRecord{
		{ID: "ops", Name: `R&D "<b>" \N`, Unit: "div", Sites: []string{"HQ"}, RecoveryHours: graph.Given(1.5), CanFail: graph.No,
			Attrs: []graph.Attr{{Name: "=cost centre", Value: "=1+1"}}},
		{ID: "pay", Name: "Payroll", Unit: "div", Tags: []string{"a", "b"}},
		{ID: "div", Name: "Division", Kind: graph.Unit, Unit: "top"},
		{ID: "top", Name: "Top", Kind: graph.Unit},
		{ID: "ann", Name: "Ann", Kind: graph.Person, Teams: []string{"ops", "Payroll"}, Manager: "Bob", Role: "-"},
		{ID: "shop", Name: "Shoppers", Kind: graph.Customer, Value: graph.Given(-3)},
	}, []*graph.LinkRecord{
		{Provider: "Payroll", Consumer: "ops", Service: "Pay", Criticality: graph.Minor, MinProviders: graph.Given(1)},
		{Provider: "ops", Consumer: "shop", Attrs: []graph.Attr{{Name: "relation", Value: "x"}}},
		{Provider: "ops", Consumer: "ops", Service: "itself"},
		{Provider: "ops", Consumer: "shop", Service: "Members"},
	})
	s.Rank = 1
	return graph.NewSnapshot(&graph.Org{Name: "acme", Sources: []*graph.Source{s}})
}

func graphText(t *testing.T, f export.Format, s *graph.Snapshot) string {
	t.Helper()
	var b bytes.Buffer
	if err := export.WriteGraph(&b, f, s); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The tables of the small organisation, word for word: blank where nobody said anything, no self link lost from what is stated,
// no reserved service, none in the merger; nobody is described who was only referred to.
func TestTables(t *testing.T) {
	for _, c := range []struct {
		name   string
		tables *export.Tables
		links  string
	}{
		{"stated", export.Stated(small().Org.Sources[0]), "Payroll,ops,Pay,minor,1,,,,,,,,,,,,\nops,ops,itself,,,,,,,,,,,,,,\nops,shop,,,,,,,,,,,,,,,x\n"},
		{"merged", export.Merged(small()), "ops,shop,,,,,,,,,,,,,,,x\npay,ops,Pay,minor,1,,,,,,,,,,,,\n"},
	} {
		want := map[string]string{
			"links.csv": "provider,consumer,service,criticality,min_providers,tolerance_hours,volume,lead_time_hours,satisfaction,agreement,channel,feedback," +
				"response_hours,declared_by,confirmed_on,cost,relation\n" + c.links,
			"nodes.csv": "id,name,kind,unit,headcount,min_staff,capacity,recovery_hours,failures_per_year,value,segment,can_fail,contact,site,tags,aliases,'=cost centre\n" +
				"ops,\"R&D \"\"<b>\"\" \\N\",,div,,,,1.5,,,,no,,HQ,,,'=1+1\n" +
				"pay,Payroll,,div,,,,,,,,,,,a|b,,\n" +
				"shop,Shoppers,customer,,,,,,,-3,,,,,,,\n",
			"people.csv": "id,name,team,manager,role,contact\nann,Ann,ops|" + map[string]string{"stated": "Payroll", "merged": "pay"}[c.name] + ",Bob,'-,\n",
			"units.csv":  "id,name,parent\ndiv,Division,top\ntop,Top,\n",
		}
		got := map[string]string{}
		for _, f := range write(t, c.tables, export.CSV) {
			r, _ := f.Open()
			var b bytes.Buffer
			b.ReadFrom(r)
			got[strings.TrimPrefix(f.Name, "org/")] = b.String()
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

// The tables say what they cannot hold.
func TestNotes(t *testing.T) {
	s := graph.NewSource("x", []*graph.NodeRecord{
		{ID: "a", Name: "A", Tags: []string{"one|two"}},
		{ID: "b", Name: "B", Manager: "a"},
		{ID: "u", Name: "U", Kind: graph.Unit, Manager: "a"},
		{ID: "c", Name: "C", Contact: "bell \a", Role: strings.Repeat("x", 40_000), Kind: graph.Person},
	}, nil)
	tables := export.Stated(s)
	var b bytes.Buffer
	if err := tables.Write(&b, export.XLSX); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"“A”: the text “one|two” in the list tags holds a | or a line end and is read back as several",
		"“B” has a team, manager or role, and is read back as a person",
		"“U”: a unit has no team, manager or role in the tables, so they are left out",
		"sheet people, row 3, role: a cell of a workbook holds 32,767 characters; the text is cut. CSV, JSON and YAML hold all of it",
		"sheet people, row 3, contact: a workbook holds no control characters; they are lost",
	}
	if d := cmp.Diff(want, tables.Notes); d != "" {
		t.Error(d)
	}
	large := export.Merged(graph.NewSnapshot(graphtest.Random(1, 40_000)))
	if err := large.Write(io.Discard, export.YAML); err != nil || len(large.Notes) != 1 || !strings.Contains(large.Notes[0], "much for YAML") {
		t.Errorf("%q, %v", large.Notes, err)
	}
}

// A workbook has a sheet for each table with a frozen header, numbers as numbers, and no formula.
func TestWorkbook(t *testing.T) {
	var b bytes.Buffer
	if err := export.Stated(small().Org.Sources[0]).Write(&b, export.XLSX); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if d := cmp.Diff([]string{"nodes", "links", "units", "people"}, book.GetSheetList()); d != "" {
		t.Error(d)
	}
	for _, sheet := range book.GetSheetList() {
		panes, err := book.GetPanes(sheet)
		if err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("%s: the header is not frozen: %+v, %v", sheet, panes, err)
		}
	}
	for cell, want := range map[string]string{"H2": "1.5", "Q2": "'=1+1", "J4": "-3"} {
		got, err := book.GetCellValue("nodes", cell)
		typ, _ := book.GetCellType("nodes", cell)
		formula, _ := book.GetCellFormula("nodes", cell)
		if err != nil || got != want || formula != "" || (typ == excelize.CellTypeInlineString) != (cell == "Q2") {
			t.Errorf("%s is %q (type %d, formula %q), want %q: %v", cell, got, typ, formula, want, err)
		}
	}
	if width, _ := book.GetColWidth("nodes", "B"); width < 14 || width > 30 {
		t.Errorf("the names' column is %v wide", width)
	}
}

type graphML struct {
	Keys []struct {
		ID   string `xml:"id,attr"`
		For  string `xml:"for,attr"`
		Name string `xml:"attr.name,attr"`
		Type string `xml:"attr.type,attr"`
	} `xml:"key"`
	Nodes []graphMLThing `xml:"graph>node"`
	Edges []graphMLThing `xml:"graph>edge"`
}

type graphMLThing struct {
	ID     string `xml:"id,attr"`
	Source string `xml:"source,attr"`
	Target string `xml:"target,attr"`
	Data   []struct {
		Key   string `xml:"key,attr"`
		Value string `xml:",chardata"`
	} `xml:"data"`
}

func parseGraphML(t *testing.T, text string) (g graphML, lines []string) {
	t.Helper()
	if err := xml.Unmarshal([]byte(text), &g); err != nil {
		t.Fatal(err)
	}
	keys := map[string]string{}
	for _, k := range g.Keys {
		keys[k.ID] = k.Name
	}
	line := func(head string, th graphMLThing) {
		for _, d := range th.Data {
			if k := keys[d.Key]; k != "id" && k != "sources" && k != "rows" && k != "stated" {
				head += fmt.Sprintf(" %s=%q", k, d.Value)
			}
		}
		lines = append(lines, head)
	}
	for _, n := range g.Nodes {
		line(n.ID+":", n)
	}
	for _, e := range g.Edges {
		line(e.Source+" > "+e.Target+":", e)
	}
	return g, lines
}

func TestGraphML(t *testing.T) {
	g, lines := parseGraphML(t, graphText(t, export.GraphML, small()))
	want := []string{
		`shop: kind="customer" name="Shoppers" value="-3"`,
		`ann: kind="person" name="Ann" role="-"`,
		`bob: kind="person" name="Bob" placeholder="true"`,
		`hq: kind="resource" name="HQ" placeholder="true"`,
		`ops: =cost centre="=1+1" can_fail="no" kind="team" name="R&D \"<b>\" \\N" recovery_hours="1.5" site="hq"`,
		`pay: kind="team" name="Payroll" tags="a|b"`,
		`div: kind="unit" name="Division"`,
		`top: kind="unit" name="Top"`,
		`ops > shop: relation="SERVES" relation_="x"`,
		`pay > ops: criticality="minor" min_providers="1" relation="SERVES" service="Pay"`,
		`hq > ops: derived="true" relation="SERVES" service="site HQ"`,
		`div > top: relation="PART_OF"`,
		`ops > div: relation="PART_OF"`,
		`pay > div: relation="PART_OF"`,
		`ann > ops: relation="MEMBER_OF"`,
		`ann > pay: relation="MEMBER_OF"`,
		`ann > bob: relation="REPORTS_TO"`,
	}
	if d := cmp.Diff(want, lines); d != "" {
		t.Error(d)
	}
	for _, k := range g.Keys {
		if want := map[string]string{"recovery_hours": "double", "value": "long", "derived": "boolean", "name": "string"}[k.Name]; want != "" && k.Type != want {
			t.Errorf("%s is %s, want %s", k.Name, k.Type, want)
		}
	}
}

// Hard texts come through all three formats of graphs.
func hardSnapshot() *graph.Snapshot {
	var nodes []*graph.NodeRecord
	var links []*graph.LinkRecord
	for i, s := range hard {
		nodes = append(nodes, &graph.NodeRecord{ID: s, Name: s + "!", Attrs: []graph.Attr{{Name: s, Value: s}}})
		links = append(links, &graph.LinkRecord{Provider: s, Consumer: hard[(i+1)%len(hard)], Service: s})
	}
	source := graph.NewSource("hard", nodes, links)
	source.Rank = 1
	return graph.NewSnapshot(&graph.Org{Name: "hard 'org' \\", Sources: []*graph.Source{source}})
}

func TestHardGraphML(t *testing.T) {
	s := hardSnapshot()
	g, _ := parseGraphML(t, graphText(t, export.GraphML, s))
	if len(g.Nodes) != len(s.Nodes) || len(g.Edges) != len(s.Links) {
		t.Fatalf("%d nodes and %d edges, want %d and %d", len(g.Nodes), len(g.Edges), len(s.Nodes), len(s.Links))
	}
	for i, n := range g.Nodes {
		if n.ID != s.Nodes[i].ID {
			t.Errorf("node %q, want %q", n.ID, s.Nodes[i].ID)
		}
	}
	for i, e := range g.Edges {
		if l := s.Links[i]; e.Source != s.Nodes[l.Provider].ID || e.Target != s.Nodes[l.Consumer].ID {
			t.Errorf("edge %q > %q", e.Source, e.Target)
		}
	}
}

// Graphviz reads the DOT, finds as many nodes and edges, and draws the labels as they are.
func TestDOT(t *testing.T) {
	text := graphText(t, export.DOT, small())
	for _, want := range []string{
		`subgraph "cluster top" {`, `subgraph "cluster div" {`, `"ops" [label="R&amp;D \"<b>\" \\N", class="team", shape=box];`,
		`"pay" -> "ops" [label="Pay", class="minor", style=dashed];`, `"ops" -> "shop" [style=bold];`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %s in\n%s", want, text)
		}
	}
}

// The script is this, word for word.
func TestCypher(t *testing.T) {
	want := `// 8 nodes and 9 relationships. Run it with: cypher-shell -f FILE
CREATE CONSTRAINT entity_uid IF NOT EXISTS FOR (n:Entity) REQUIRE n.uid IS UNIQUE;
MERGE (n:Entity {uid: 'acme/shop'}) SET n:Customer SET n += {id: 'shop', name: 'Shoppers', org: 'acme', sources: ['hr'], uid: 'acme/shop', value: -3};
MERGE (n:Entity {uid: 'acme/ann'}) SET n:Person SET n += {id: 'ann', name: 'Ann', org: 'acme', role: '-', sources: ['hr'], uid: 'acme/ann'};
`
	got := graphText(t, export.Cypher, small())
	if !strings.HasPrefix(got, want) {
		t.Errorf("the script starts with %s", got[:min(len(got), len(want))])
	}
	for _, want := range []string{
		"`=cost centre`: '=1+1', can_fail: 'no', id: 'ops', name: 'R&D \"<b>\" \\\\N', org: 'acme', recovery_hours: 1.5, site: ['hq'],",
		"MATCH (a:Entity {uid: 'acme/pay'}), (b:Entity {uid: 'acme/ops'}) MERGE (a)-[r:SERVES {service: 'Pay'}]->(b) SET r += {criticality: 'minor', min_providers: 1, " +
			"org: 'acme', service: 'Pay', sources: ['hr']};\n",
		"MATCH (a:Entity {uid: 'acme/ops'}), (b:Entity {uid: 'acme/shop'}) OPTIONAL MATCH (a)-[old:SERVES]->(b) WHERE old.service IS NULL DELETE old " +
			"WITH DISTINCT a, b CREATE (a)-[r:SERVES]->(b) SET r += {org: 'acme', relation: 'x', sources: ['hr']};\n",
		"MERGE (a)-[r:SERVES {service: 'site HQ'}]->(b) SET r += {derived: true,", "MERGE (a)-[r:MEMBER_OF]->(b) SET r += {org: 'acme'};\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("there is no %s in\n%s", want, got)
		}
	}
}

var (
	cypherText  = regexp.MustCompile("'(?:[^'\\\\]|\\\\['\\\\nrt])*'|`(?:[^`]|``)*`") // or a name in backticks
	cypherPlus  = regexp.MustCompile(`S \+ S`)
	cypherClean = regexp.MustCompile(`^(?:CREATE CONSTRAINT [\w .():]*|MERGE \(n:Entity \{uid: S\}\) SET n:\w+ SET n \+= M|` +
		`MATCH \(a:Entity \{uid: S\}\), \(b:Entity \{uid: S\}\) MERGE \(a\)-\[r:SERVES \{service: S\}\]->\(b\) SET r \+= M)$`)
	cypherMap = regexp.MustCompile(`\{\w+: [\w\[\], .:]*\}$`)
)

// No text gets out of its quotes: without texts, what is left of every statement is of one of the forms above, and the texts are those
// of the organisation.
func TestHardCypher(t *testing.T) {
	s := hardSnapshot()
	script := graphText(t, export.Cypher, s)
	if strings.Contains(script, `\u`) {
		t.Error(`the script holds a \u, which older servers turn into what it stands for wherever it is`)
	}
	_, script, _ = strings.Cut(script, "\n")
	found := map[string]bool{}
	script = cypherText.ReplaceAllStringFunc(script, func(q string) string {
		if q[0] == '`' {
			return "N"
		}
		text := strings.ReplaceAll(strings.ReplaceAll(q[1:len(q)-1], `\'`, `'`), `"`, `\"`)
		back, err := strconv.Unquote(`"` + strings.ReplaceAll(text, "\n", `\n`) + `"`)
		if err != nil {
			t.Errorf("%s is no text: %v", q, err)
		}
		found[back] = true
		return "S"
	})
	script = cypherPlus.ReplaceAllString(script, "S")
	statements := strings.Split(strings.TrimSuffix(script, ";\n"), ";\n")
	if want := 1 + len(s.Nodes) + len(s.Links); len(statements) != want {
		t.Fatalf("%d statements, want %d", len(statements), want)
	}
	for _, st := range statements {
		if !cypherClean.MatchString(cypherMap.ReplaceAllString(st, "M")) {
			t.Errorf("what is this: %s", st)
		}
	}
	for _, text := range hard {
		if !found[text] && !strings.Contains(text, `\u`) {
			t.Errorf("%q is not in the script", text)
		}
	}
}
