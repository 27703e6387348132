package importer

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.com/whoserves/graph"
)

// shapeTest is a small sheet of some shape, and what it says: the facts, what is told, and the sentences that state the direction.
type shapeTest struct {
	name, file, content string
	facts               []string
	problems            []string // nil: not looked at
	examples            []string
}

func (test shapeTest) run(t *testing.T) {
	t.Run(test.name, func(t *testing.T) {
		file := test.file
		if file == "" {
			file = "sheet.csv"
		}
		r := read(t, file, test.content)
		checkResult(t, r)
		wantLines(t, "facts", sorted(facts(r.Org)), slices.Sorted(slices.Values(test.facts)))
		if test.problems != nil {
			wantLines(t, "problems", sorted(problems(r)), slices.Sorted(slices.Values(test.problems)))
		}
		if test.examples != nil {
			wantLines(t, "examples", sentences(r), test.examples)
		}
	})
}

func sorted(text string) string {
	lines := strings.SplitAfter(text, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// sentences gives the examples, less the file.
func sentences(r *Result) string {
	var b strings.Builder
	for _, e := range r.Examples {
		_, s, _ := strings.Cut(e.String(), ", row ")
		b.WriteString(s + "\n")
	}
	return b.String()
}

func TestBothSided(t *testing.T) {
	tests := []shapeTest{
		// IT serves HR is stated by both, so it is one link: two records with the same ends and no service.
		{name: "both sides", content: "Team,Depends on,Required by\nHR,IT,Sales\nIT,,HR\n",
			facts:    []string{"2 node name=HR", "2 IT > HR declared_by=HR", "2 HR > Sales declared_by=HR", "3 node name=IT", "3 IT > HR declared_by=IT"},
			problems: []string{"info sheet.csv, row 1: this was read as a sheet of who depends on whom: whoever “Depends on” lists serves the “Team” of the row, and the “Team” of the row serves whoever “Required by” lists"},
			examples: []string{"2 means: “IT” serves “HR”.", "2 means: “HR” serves “Sales”."}},
		{name: "one side", content: "Team;Depends on\nHR;IT\nSales;HR, IT\n",
			facts:    []string{"2 node name=HR", "2 IT > HR declared_by=HR", "3 node name=Sales", "3 HR > Sales declared_by=Sales", "3 IT > Sales declared_by=Sales"},
			problems: []string{"info sheet.csv, row 1: this was read as…", "info sheet.csv, row 3, column Depends on: “HR, IT” was read as 2 names, and the like here and below: a comma between them separates names"}},
		{name: "the other side", content: "System,Required by\nSAP,Payroll; Sales\n",
			facts: []string{"2 resource name=SAP", "2 SAP > Payroll declared_by=SAP", "2 SAP > Sales declared_by=SAP"}},
		// the process is what the team does: it is the service that the team gives, not the one that it gets; IT says what HR gets from it
		{name: "a process beside the team", content: "Team,Process,Depends on,Required by\nHR,Payroll,\"IT, Bank\",Sales\nIT,Hosting,,HR\n",
			facts: []string{"2 node name=HR", "2 IT > HR service=Hosting declared_by=HR", "2 Bank > HR declared_by=HR", "2 HR > Sales service=Payroll declared_by=HR",
				"3 node name=IT", "3 IT > HR service=Hosting declared_by=IT"},
			problems: []string{"info sheet.csv, row 1: this was read as…", "info sheet.csv, row 1, column Process: “Process” is what the row does: the service for whoever “Required by” lists",
				"info sheet.csv, row 2, column Depends on: “IT” says that it serves “HR” with “Hosting”, and with nothing else, so this is that link, and the like here and below",
				"info sheet.csv, row 2, column Depends on: “IT, Bank” was read as 2 names…"}},
		// with two services from IT it is not known which one HR means; a team with several rows has its other columns on the links
		{name: "several processes of a team", content: "Team,Process,Depends on,Required by,Note\nHR,Payroll,IT,Sales,a\nHR,Hiring,IT,Sales,b\nIT,Hosting,,HR,\nIT,Mail,,HR,\n",
			facts: []string{"2 node name=HR", "2 IT > HR declared_by=HR Note:a Process:Payroll", "2 HR > Sales service=Payroll declared_by=HR Note:a", "3 IT > HR declared_by=HR Note:b Process:Hiring", "3 HR > Sales service=Hiring declared_by=HR Note:b",
				"4 node name=IT", "4 IT > HR service=Hosting declared_by=IT", "5 IT > HR service=Mail declared_by=IT"}},
		{name: "what is needed", content: "Team,Depends on,What is needed,Criticality\nHR,IT,laptops,high\n",
			facts: []string{"2 node name=HR", "2 IT > HR service=laptops criticality=critical declared_by=HR"}},
		{name: "a service behind depends on", content: "Team,Depends on,Service,RTO\nHR,IT,laptops,2 days\n",
			facts: []string{"2 node name=HR recovery=48", "2 IT > HR service=laptops declared_by=HR"}},
		{name: "the process is the row", content: "Process,Department,Depends on,Required by,Floor\nPayroll,HR,Mail,Sales,3\nMail,IT,,,\n",
			facts: []string{"2 unit name=HR", "2 node name=Payroll unit=HR Floor:3", "2 Mail > Payroll declared_by=Payroll", "2 Payroll > Sales declared_by=Payroll", "3 unit name=IT", "3 node name=Mail unit=IT"}},
		{name: "a first column of any name", content: "Crew,Depends on,Required by\nA,B,C\n", facts: []string{"2 node name=A", "2 B > A declared_by=A", "2 A > C declared_by=A"}},
		{name: "systems and suppliers", content: "Team,Depends on,Systems,Suppliers\nHR,IT,SAP; Excel,ADP\n",
			facts: []string{"2 node name=HR", "2 resource name=SAP", "2 resource name=Excel", "2 supplier name=ADP", "2 IT > HR declared_by=HR", "2 SAP > HR declared_by=HR", "2 Excel > HR declared_by=HR", "2 ADP > HR declared_by=HR"}},
		{name: "nobody and everybody", content: "Team,Depends on,Required by\nHR,None,All departments\nIT,-,HR\n,IT,HR\n",
			facts: []string{"2 node name=HR", "3 node name=IT", "3 IT > HR declared_by=IT"},
			problems: []string{"info sheet.csv, row 1: this was…", "warning sheet.csv, row 2, column Required by: “All departments” names no one in particular, so it makes no link: name them one by one",
				"error sheet.csv, row 4, column Team: the row does not say whose it is, so it was left out: fill “Team”"}},
		{name: "German", content: "Team;Prozess;Abhängig von;Benötigt von\nPersonal;Lohn;IT;Vertrieb\n", facts: []string{"2 node name=Personal", "2 IT > Personal declared_by=Personal", "2 Personal > Vertrieb service=Lohn declared_by=Personal"}},
		{name: "French", content: "Équipe;Dépend de;Requis par\nPaie;SI;Ventes\n", facts: []string{"2 node name=Paie", "2 SI > Paie declared_by=Paie", "2 Paie > Ventes declared_by=Paie"}},
		{name: "Spanish", content: "Equipo;Depende de;Requerido por\nNóminas;TI;Ventas\n", facts: []string{"2 node name=Nóminas", "2 TI > Nóminas declared_by=Nóminas", "2 Nóminas > Ventas declared_by=Nóminas"}},
		{name: "Dutch", content: "Team;Afhankelijk van;Nodig voor\nHR;ICT;Verkoop\n", facts: []string{"2 node name=HR", "2 ICT > HR declared_by=HR", "2 HR > Verkoop declared_by=HR"}},
		{name: "Portuguese", content: "Equipe;Depende de;Necessário para\nRH;TI;Vendas\n", facts: []string{"2 node name=RH", "2 TI > RH declared_by=RH", "2 RH > Vendas declared_by=RH"}},
		// one of the ends is named by its own column, so this is a table of links
		{name: "a table of links", content: "Team,Depends on,Consumer\nx,IT,HR\n", facts: []string{"2 IT > HR Team:x"}},
	}
	for _, test := range tests {
		test.run(t)
	}
}

// “Upstream” is used in both senses, so it is asked for; what people choose turns both sides round, and the service with them.
func TestVagueSides(t *testing.T) {
	const sheet = "Team,Process,Upstream dependencies,Downstream dependencies\nHR,Payroll,IT,Sales\n"
	r := read(t, "sheet.csv", sheet)
	if len(r.Questions) != 1 {
		t.Fatalf("questions %+v", r.Questions)
	}
	q := r.Questions[0]
	if want := "“Upstream dependencies” is used in both senses, and nothing here says who serves whom: does “IT” serve “HR”, or the other way round?"; q.Text != want ||
		q.Choices[0].Means.String() != "sheet.csv, row 2 means: “IT” serves “HR”." || q.Choices[1].Means.String() != "sheet.csv, row 2 means: “HR” serves “IT”." {
		t.Errorf("question %+v", q)
	}
	for d, want := range map[Direction]string{
		ProviderFirst: "2 HR > Sales service=Payroll declared_by=HR\n2 IT > HR declared_by=HR\n2 node name=HR\n",
		ConsumerFirst: "2 HR > IT service=Payroll declared_by=HR\n2 Sales > HR declared_by=HR\n2 node name=HR\n",
	} {
		r := readAll(t, Options{Direction: d}, Bytes("sheet.csv", []byte(sheet)))
		if got := sorted(facts(r.Org)); got != want || len(r.Questions) != 0 || r.Readings[0].Direction != d {
			t.Errorf("%s: got\n%s want\n%s", d, got, want)
		}
	}
}

// A sheet that says who serves whom is turned round only where people say so of that sheet.
func TestTurnedShapes(t *testing.T) {
	turned := &Mapping{Sheets: []SheetMapping{{Direction: ConsumerFirst}}}
	for _, test := range []struct {
		content, plain, turned string
	}{
		{"Team,Depends on\nHR,IT\n", "IT > HR", "HR > IT"},
		{"BU,Process,RTO,Depends on\nU,HR,1,IT\n", "IT > HR", "HR > IT"},
		{"Team,Waiting for,Description\nHR,IT,x\n", "IT > HR", "HR > IT"},
		{"Suppliers,Inputs,Process,Outputs,Customers\nIT,x,HR,,\n", "IT > HR", "HR > IT"},
	} {
		for want, o := range map[string]Options{test.plain: {}, test.plain + " ": {Direction: ConsumerFirst}, test.turned: {Mapping: turned}} {
			all := links(readAll(t, o, Bytes("sheet.csv", []byte(test.content))))
			if len(all) != 1 || all[0].Provider+" > "+all[0].Consumer != strings.TrimSpace(want) {
				t.Errorf("%q with %+v: got %v want %s", test.content, o, all, want)
			}
		}
	}
}

// How the names in a cell are told apart: by the column as a whole, and by the names that the sheet has alone.
func TestNamesInCells(t *testing.T) {
	tests := []struct {
		name  string
		cells []string // of “Depends on”, of the teams A, B, …
		want  string   // the providers of each row, sorted
	}{
		{"a semicolon beside a comma", []string{"Smith, Jones & Co; IT", "Smith, Jones & Co"}, "IT|Smith, Jones & Co|Smith, Jones & Co"},
		{"commas", []string{"IT, HR", "Legal"}, "HR|IT|Legal"},
		{"a known name with a comma", []string{"Legal, Risk; IT", "IT, Legal, Risk"}, "IT|Legal, Risk|IT|Legal, Risk"},
		{"known names between commas, although others have semicolons", []string{"IT; Legal; HR", "IT, HR"}, "HR|IT|Legal|HR|IT"},
		{"a company form", []string{"Acme, Inc., IT", "IT"}, "Acme, Inc.|IT|IT"},
		{"people", []string{"Doe, John", "Roe, Ann", "Poe, Ed"}, "Doe, John|Roe, Ann|Poe, Ed"},
		{"lines with dashes and numbers", []string{"- IT\n- HR", "1. Legal\n2) Risk"}, "HR|IT|Legal|Risk"},
		{"brackets", []string{"IT (mail, phones), HR", "Legal"}, "HR|IT (mail, phones)|Legal"},
		{"words for and", []string{"IT", "HR", "IT and HR", "IT / HR", "Research and Development"}, "IT|HR|HR|IT|HR|IT|Research and Development"},
		{"bars and repetition", []string{"IT|HR|it", "n/a"}, "HR|IT"},
	}
	for _, test := range tests {
		var b strings.Builder
		b.WriteString("Team\tDepends on\n")
		for i, c := range test.cells {
			b.WriteString(letters(i) + "\t\"" + c + "\"\n")
		}
		var got []string
		for _, l := range links(read(t, "sheet.tsv", b.String())) {
			got = append(got, l.Provider)
		}
		if text := strings.Join(got, "|"); text != test.want {
			t.Errorf("%s: got %s want %s", test.name, text, test.want)
		}
	}
}

// Cells that list more than anybody means are bounded, and told.
func TestTooManyNames(t *testing.T) {
	defer func(most int) { maxMade = most }(maxMade)
	maxMade = 5000
	var many strings.Builder
	for i := range 1500 {
		fmt.Fprintf(&many, "n%d;", i)
	}
	names := "\"" + many.String() + "\""
	r := read(t, "sheet.csv", "Team,Waiting for,Description\n"+names+","+names+",x\nA,B,y\n")
	want := "warning sheet.csv, row 2, column Team: the cell lists more than a thousand names, and the others were left out: it may not be a list of names\n" +
		"warning sheet.csv, row 2, column Waiting for: the cell lists more than a thousand names, and the others were left out: it may not be a list of names\n" +
		"error sheet.csv, row 2: the sheet makes more than half a million links and nodes, so what stands from this row on was left out: look whether cells list names that they should not, or split the sheet\n"
	if _, after, _ := strings.Cut(problems(r), "\n"); sorted(after) != sorted(want) {
		t.Errorf("got\n%s\nwant\n%s", after, want)
	}
	if n := len(links(r)); n != 6000 {
		t.Errorf("%d links, want the 5,000 and the rest of a team's", n)
	}
}

func links(r *Result) []*graph.LinkRecord {
	var all []*graph.LinkRecord
	for _, s := range r.Org.Sources {
		all = append(all, s.Links...)
	}
	slices.SortStableFunc(all, func(a, b *graph.LinkRecord) int { return a.From.Row - b.From.Row })
	return all
}

func TestTracker(t *testing.T) {
	tests := []shapeTest{
		{name: "a tracker", content: "Team name/focus,Depends on Team,Type (blocking/slowing/ok),Cross-streams (Yes/No),\"Short description of dependency (artifacts, approvals, other)\"\n" +
			"Web,Design; Legal,blocking,Yes,Mock-ups\nMobile,Web,slowing,No,API\nMobile,Design,ok,No,\nMobile,none,,,\n,Web,ok,No,x\n",
			facts: []string{"2 Design > Web service=Mock-ups criticality=critical declared_by=Web Cross-streams (Yes/No):Yes", "2 Legal > Web service=Mock-ups criticality=critical declared_by=Web Cross-streams (Yes/No):Yes",
				"3 Web > Mobile service=API criticality=important declared_by=Mobile Cross-streams (Yes/No):No", "4 Design > Mobile criticality=minor declared_by=Mobile Cross-streams (Yes/No):No"},
			problems: []string{"info sheet.csv, row 1: this was read as a team dependency tracker: whoever “Depends on Team” names serves the “Team name/focus” of the row",
				"info sheet.csv, row 2, column Type (blocking/slowing/ok): “blocking” was read as critical here and below", "info sheet.csv, row 3, column Type (blocking/slowing/ok): “slowing” was read as important here and below",
				"info sheet.csv, row 4, column Type (blocking/slowing/ok): “ok” was read as minor here and below", "info sheet.csv, row 5, column Depends on Team: “none” names nobody, so the row makes no link",
				"error sheet.csv, row 6, column Team name/focus: the row does not say who waits, so it was left out: fill “Team name/focus”"},
			examples: []string{"2 means: “Design” serves “Web” with “Mock-ups”."}},
		{name: "several teams wait", content: "Team,Waiting for,Description\n\"Web, Mobile\",Design,Icons\n", facts: []string{"2 Design > Web service=Icons declared_by=Web", "2 Design > Mobile service=Icons declared_by=Mobile"}},
		{name: "a team named once", content: "Team,Depends on Team,Type\nWeb,Design,blocking\n,Legal,technical\n,HR,ok\n",
			facts: []string{"2 Design > Web criticality=critical declared_by=Web", "3 Legal > Web declared_by=Web Type:technical", "4 HR > Web criticality=minor declared_by=Web"}},
		{name: "German", content: "Unser Team;Wartet auf;Beschreibung\nWeb;Design;Entwurf\n", facts: []string{"2 Design > Web service=Entwurf declared_by=Web"}},
		{name: "French", content: "Notre équipe;Dépend de l'équipe;Livrable\nWeb;Design;Maquette\n", facts: []string{"2 Design > Web service=Maquette declared_by=Web"}},
		{name: "Spanish", content: "Nuestro equipo;Depende del equipo;Descripción\nWeb;Design;Bocetos\n", facts: []string{"2 Design > Web service=Bocetos declared_by=Web"}},
		{name: "Dutch", content: "Ons team;Wacht op;Omschrijving\nWeb;Design;Schets\n", facts: []string{"2 Design > Web service=Schets declared_by=Web"}},
		{name: "Portuguese", content: "Nossa equipe;Depende da equipe;Descrição\nWeb;Design;Esboço\n", facts: []string{"2 Design > Web service=Esboço declared_by=Web"}},
	}
	for _, test := range tests {
		test.run(t)
	}
}
