package importer

import (
	"strings"
	"testing"
)

// TestGuesses: what columns look like counts where no header says what they are, is told, and is asked where it is about who serves whom.
func TestGuesses(t *testing.T) {
	tests := []struct {
		name, file, content   string
		direction             Direction
		facts, problems, asks []string
	}{
		{name: "two columns of names without a header", file: "x.csv", content: "Pay,Sales\nHR,Pay\nIT,HR\nSales,Bank\n",
			facts: []string{"1 Pay > Sales", "2 HR > Pay", "3 IT > HR", "4 Sales > Bank"},
			problems: []string{"info x.csv, column A: this column was read as provider, since several of its names stand in “column B” too: give…",
				"info x.csv, column B: this column was read as consumer, since several of its names stand in “column A” too: give…"},
			asks: []string{"x.csv, row 1: no header says who serves whom, but “A” and “B” hold the same names. Which serves the other?…",
				"provider-first: x.csv, row 1 means: “Pay” serves “Sales”.", "consumer-first: x.csv, row 1 means: “Sales” serves “Pay”."}},
		{name: "and an answer", file: "x.csv", content: "Pay,Sales\nHR,Pay\nIT,HR\nSales,Bank\n", direction: ConsumerFirst,
			facts:    []string{"1 Sales > Pay", "2 Pay > HR", "3 HR > IT", "4 Bank > Sales"},
			problems: []string{"info x.csv, column A: …", "info x.csv, column B: …", "info x.csv, column B: “B” was read as the provider and “A” as the consumer, as was chosen: check…"}},
		{name: "under headers that say nothing, with a grade", file: "x.csv", content: "Left,Weight,Right\nPay,critical,Sales\nHR,low,Pay\nIT,critical,HR\n",
			facts: []string{"2 Pay > Sales criticality=critical", "3 HR > Pay criticality=minor", "4 IT > HR criticality=critical"},
			problems: []string{"info x.csv, row 1, column Left: this column was read as provider…", "info x.csv, row 1, column Right: this column was read as consumer…",
				"info x.csv, row 1, column Weight: this column was read as criticality, since its cells are grades of criticality: give…", "info x.csv, row 3, column Weight: “low” was read as minor here and below"},
			asks: []string{"x.csv, row 2: …", "provider-first: …", "consumer-first: …"}},
		{name: "names that are not the same are no links", file: "x.csv", content: "Pay,Sales\nHR,Ops\nIT,Legal\n",
			problems: []string{"error x.csv, row 1: no row was recognised as a header…"}},
		{name: "numbers are no names", file: "x.csv", content: "1,2\n2,3\n3,1\n", problems: []string{"error x.csv, row 1: no row was recognised as a header…"}},
		{name: "grades under an unknown header", file: "links.csv", content: "provider,consumer,Stufe X\nA,B,kritisch\nC,D,gering\nE,F,wichtig\n",
			facts:    []string{"2 A > B criticality=critical", "3 C > D criticality=minor", "4 E > F criticality=important"},
			problems: []string{"info links.csv, row 1, column Stufe X: this column was read as criticality…", "info links.csv, row 2, column Stufe X: “kritisch”…", "info links.csv, row 3, column Stufe X: …", "info links.csv, row 4, column Stufe X: …"}},
		{name: "grades without a critical one may be of anything", file: "links.csv", content: "provider,consumer,Effort\nA,B,high\nC,D,low\nE,F,medium\n",
			facts: []string{"2 A > B Effort:high", "3 C > D Effort:low", "4 E > F Effort:medium"}},
		{name: "a header that says it keeps the field", file: "links.csv", content: "provider,consumer,criticality,Other\nA,B,minor,critical\nC,D,minor,critical\nE,F,minor,critical\n",
			facts: []string{"2 A > B criticality=minor Other:critical", "3 C > D criticality=minor Other:critical", "4 E > F criticality=minor Other:critical"}},
		{name: "two columns alike are neither", file: "links.csv", content: "provider,consumer,x,y\nA,B,critical,critical\nC,D,minor,minor\nE,F,critical,minor\n",
			facts: []string{"2 A > B x:critical y:critical", "3 C > D x:minor y:minor", "4 E > F x:critical y:minor"}},
		{name: "columns of links without a header", file: "links.csv", content: "provider,consumer,,\nA,B,2 days,2.3.2026\nC,D,4h,1.12.2026\nE,F,1 week,24.12.2025\n",
			facts: []string{"2 A > B tolerance=48 confirmed_on=2026-03-02", "3 C > D tolerance=4 confirmed_on=2026-12-01", "4 E > F tolerance=168 confirmed_on=2025-12-24"},
			problems: []string{"info links.csv, row 1, column C: this column was read as tolerance_hours, since its cells are durations: …",
				"info links.csv, row 1, column D: this column was read as confirmed_on, since its cells are dates: …"}},
		{name: "columns of nodes", file: "nodes.csv", content: "name,Gattung,Adresse,\nA,Lieferant,a@b.example,yes\nB,Kunde,c@d.example,no\nC,Gruppe,e@f.example,yes\n",
			facts: []string{"2 supplier name=A can_fail=yes contact=a@b.example", "3 customer name=B can_fail=no contact=c@d.example", "4 team name=C can_fail=yes contact=e@f.example"},
			problems: []string{"info nodes.csv, row 1, column Adresse: this column was read as contact, since its cells are e-mail addresses: …", "info nodes.csv, row 1, column D: this column was read as can_fail…",
				"info nodes.csv, row 1, column Gattung: this column was read as kind, since its cells are kinds of nodes: …", "info nodes.csv, row 2, column Gattung: …", "info nodes.csv, row 3, column Gattung: …",
				"info nodes.csv, row 4, column Gattung: …"}},
		{name: "dates and durations under a header stay what they are", file: "links.csv", content: "provider,consumer,Start,Travel\nA,B,2.3.2026,2 days\nC,D,1.12.2026,4h\nE,F,24.12.2025,1 week\n",
			facts: []string{"2 A > B Start:2.3.2026 Travel:2 days", "3 C > D Start:1.12.2026 Travel:4h", "4 E > F Start:24.12.2025 Travel:1 week"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := readAll(t, Options{Direction: test.direction}, Bytes(test.file, []byte(test.content)))
			wantLines(t, "facts", facts(r.Org), test.facts)
			wantLines(t, "problems", problems(r), test.problems)
			wantLines(t, "questions", questions(r), test.asks)
			for _, rd := range r.Readings {
				for _, c := range rd.Columns {
					if guess := strings.HasPrefix(c.Why, "a guess"); guess && c.Sure {
						t.Errorf("%s: a guess counts as sure", c.Header)
					}
				}
			}
		})
	}
}

// Other sheets of a workbook are not taken for links by their looks; a mapping says no to a guess.
func TestGuessesOverruled(t *testing.T) {
	r := readAll(t, Options{}, Bytes("b.json", []byte(`{"links":[{"provider":"A","consumer":"B"}],"notes":[{"x":"Pay","y":"Sales"},{"x":"HR","y":"Pay"},{"x":"Sales","y":"HR"}]}`)))
	wantLines(t, "facts", facts(r.Org), []string{"1 A > B"})
	m, err := ParseMapping([]byte("sheets: [{columns: [{header: Stufe, field: attribute}]}]"))
	if err != nil {
		t.Fatal(err)
	}
	r = readAll(t, Options{Mapping: m}, Bytes("links.csv", []byte("provider,consumer,Stufe\nA,B,kritisch\nC,D,gering\nE,F,wichtig\n")))
	wantLines(t, "facts", facts(r.Org), []string{"2 A > B Stufe:kritisch", "3 C > D Stufe:gering", "4 E > F Stufe:wichtig"})
	m, err = ParseMapping([]byte("sheets: [{shape: links, header: -1, columns: [{header: column A, field: consumer}, {header: column B, field: provider}]}]"))
	if err != nil {
		t.Fatal(err)
	}
	r = readAll(t, Options{Mapping: m}, Bytes("x.csv", []byte("Pay,Sales\nHR,Pay\nIT,HR\n")))
	wantLines(t, "facts", facts(r.Org), []string{"1 Sales > Pay", "2 Pay > HR", "3 HR > IT"})
	wantLines(t, "questions", questions(r), nil)
}
