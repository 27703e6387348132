package importer

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

const plainMatrix = ",HR,IT,Sales\nHR,,x,\nIT,X,,✓\nSales,,,\n"

func TestMatrix(t *testing.T) {
	read := "info sheet.csv, row 1: this was read as an adjacency matrix in which "
	tests := []shapeTest{
		// nothing says who serves: read as “row serves column”, and asked
		{name: "plain", content: plainMatrix,
			facts:    []string{"2 node name=HR", "3 node name=IT", "4 node name=Sales", "2 HR > IT", "3 IT > HR", "3 IT > Sales"},
			problems: []string{"info sheet.csv, row 1: this was read as an adjacency matrix, and it does not say which side serves"}, examples: []string{"2 means: “HR” serves “IT”."}},
		{name: "the title says it", content: "Who needs whom: rows depend on columns,,,\n\n" + plainMatrix,
			facts:    []string{"4 node name=HR", "5 node name=IT", "6 node name=Sales", "4 IT > HR", "5 HR > IT", "5 Sales > IT"},
			problems: []string{"info sheet.csv, row 1: the text above the header in row 3 was left out", "info sheet.csv, row 3: this was read as an adjacency matrix in which the column serves the row: “Who needs whom: rows depend on columns” says so"}},
		{name: "the corner says it", content: "provider \\ consumer" + plainMatrix, facts: []string{"2 node name=HR", "3 node name=IT", "4 node name=Sales", "2 HR > IT", "3 IT > HR", "3 IT > Sales"},
			problems: []string{read + "the row serves the column: “provider \\ consumer” says so"}},
		{name: "a note below says it", content: plainMatrix + "\nx = the column serves the row\n", facts: []string{"2 node name=HR", "3 node name=IT", "4 node name=Sales", "2 IT > HR", "3 HR > IT", "3 Sales > IT"},
			problems: []string{read + "the column serves the row: “x = the column serves the row” says so", "info sheet.csv, row 6: “x = the column serves the row” was taken for a note below the matrix"}},
		// words are criticalities, other texts services, the diagonal is told once; a name across only is a node too
		{name: "words, diagonal, other columns", content: "depends on,Floor,HR,IT,Sales,Legal\nHR,1,o,critical,payslips,\nIT,2,low,o,,-\nSales,3,,x,o,no\n",
			facts: []string{"1 node name=Legal", "2 node name=HR Floor:1", "3 node name=IT Floor:2", "4 node name=Sales Floor:3", "2 IT > HR criticality=critical", "2 Sales > HR service=payslips", "3 HR > IT criticality=minor", "4 IT > Sales"},
			problems: []string{read + "the column serves the row: “depends on” says so", "info sheet.csv, row 2, column HR: “o” on the diagonal, where “HR” meets itself, makes no link, and the like below",
				"info sheet.csv, row 2, column Sales: “payslips” and other texts in the cells were read as the service", "info sheet.csv, row 3, column HR: “low” was read as minor here and below"}},
		{name: "ones", content: "from/to,A,B,C\nA,0,1,0\nB,0,0,1\nC,0,0,1\n", facts: []string{"2 node name=A", "3 node name=B", "4 node name=C", "2 A > B", "3 B > C"}},
		{name: "numbers", content: "from/to,A,B,C,Total\nA,,3,,3\nB,,,7,7\nC,2,,,2\nTotal,2,3,7,12\n",
			facts: []string{"2 node name=A Total:3", "3 node name=B Total:7", "4 node name=C Total:2", "2 A > B mark:3", "3 B > C mark:7", "4 C > A mark:2"}},
		{name: "volumes", content: "\"Tickets a month, provider in the row\",,,\nprovider / customer,A,B,C\nA,,3,\nB,,,7.5\nC,2,,\n",
			facts: []string{"3 node name=A", "4 node name=B", "5 node name=C", "3 A > B volume=3", "4 B > C volume=7.5", "5 C > A volume=2"}},
		// not the same names on both sides, and nothing but ticks
		{name: "not square", content: "Team,SAP,Mail,Web shop\nHR,x,x,\nSales,,x,x\nLegal,,x,\n",
			facts: []string{"1 node name=SAP", "1 node name=Mail", "1 node name=Web shop", "2 node name=HR", "3 node name=Sales", "4 node name=Legal", "2 HR > SAP", "2 HR > Mail", "3 Sales > Mail", "3 Sales > Web shop", "4 Legal > Mail"}},
		{name: "German", content: "Zeile hängt ab von Spalte;A;B;C\nA;;x;\nB;;;x\nC;;;\n", facts: []string{"2 node name=A", "3 node name=B", "4 node name=C", "2 B > A", "3 C > B"}},
		{name: "French", content: "fournisseur \\ client;A;B;C\nA;;x;\nB;;;x\nC;;;\n", facts: []string{"2 node name=A", "3 node name=B", "4 node name=C", "2 A > B", "3 B > C"}},
		{name: "Spanish", content: "la fila depende de la columna;A;B;C\nA;;x;\nB;;;x\nC;;;\n", facts: []string{"2 node name=A", "3 node name=B", "4 node name=C", "2 B > A", "3 C > B"}},
		{name: "Dutch", content: "klant ↓ leverancier →;A;B;C\nA;;x;\nB;;;x\nC;;;\n", facts: []string{"2 node name=A", "3 node name=B", "4 node name=C", "2 B > A", "3 C > B"}},
		{name: "Portuguese", content: "fornecedor / cliente;A;B;C\nA;;x;\nB;;;x\nC;;;\n", facts: []string{"2 node name=A", "3 node name=B", "4 node name=C", "2 A > B", "3 B > C"}},
	}
	for _, test := range tests {
		test.run(t)
	}
}

// The question has both sentences; the direction that people choose answers it.
func TestMatrixAsks(t *testing.T) {
	r := read(t, "sheet.csv", plainMatrix)
	if len(r.Questions) != 1 {
		t.Fatalf("questions %+v", r.Questions)
	}
	q := r.Questions[0]
	var b strings.Builder
	for _, c := range q.Choices {
		fmt.Fprintln(&b, c.Direction, c.Means)
	}
	want := "provider-first sheet.csv, row 2 means: “HR” serves “IT”.\nconsumer-first sheet.csv, row 2 means: “IT” serves “HR”.\n"
	if q.File != "sheet.csv" || q.Row != 2 || b.String() != want {
		t.Errorf("got %+v\n%s want\n%s", q, b.String(), want)
	}
	for _, d := range []Direction{ProviderFirst, ConsumerFirst} {
		r, err := ReadFiles(context.Background(), []File{Bytes("sheet.csv", []byte(plainMatrix))}, Options{Direction: d})
		if err != nil {
			t.Fatal(err)
		}
		link := map[Direction]string{ProviderFirst: "HR > IT", ConsumerFirst: "IT > HR"}[d]
		if rd := r.Readings[0]; !rd.DirectionChosen || rd.DirectionWhy == "" {
			t.Errorf("%s: reading %+v", d, rd)
		}
		if len(r.Questions) != 0 || !strings.Contains(facts(r.Org), "2 "+link) || r.Readings[0].Direction != d {
			t.Errorf("%s: questions %v, direction %s, facts\n%s", d, r.Questions, r.Readings[0].Direction, facts(r.Org))
		}
	}
}

// What a text about a matrix says; ConsumerFirst: the row is served.
func TestSaysDirection(t *testing.T) {
	tests := []struct {
		text   string
		corner bool
		want   Direction
	}{
		{"Rows depend on columns", false, ConsumerFirst}, {"Row serves column", false, ProviderFirst}, {"A column depends on the rows", false, ProviderFirst},
		{"Rows = providers, columns = consumers", false, ProviderFirst}, {"The teams in the rows need those in the columns", false, ConsumerFirst},
		{"Dependency matrix 2026", false, ""}, {"Rows and columns are teams", false, ""}, {"Team", true, ""},
		{"from \\ to", true, ProviderFirst}, {"Consumer / Provider", true, ConsumerFirst}, {"Provider → / Consumer ↓", true, ConsumerFirst}, {"depends on →", true, ConsumerFirst},
		{"serves", true, ProviderFirst}, {"serves", false, ""}, {"provider/provider", true, ""}, {"Team \\ serves", true, ""},
		{"Zeilen beliefern Spalten", false, ProviderFirst}, {"La ligne dépend de la colonne", false, ConsumerFirst}, {"Las filas dependen de las columnas", false, ConsumerFirst},
		{"De rij is afhankelijk van de kolom", false, ConsumerFirst}, {"A linha serve a coluna", false, ProviderFirst}, {"As linhas dependem das colunas", false, ConsumerFirst},
	}
	for _, test := range tests {
		if got := saysDirection(test.text, test.corner); got != test.want {
			t.Errorf("%q: got %q want %q", test.text, got, test.want)
		}
	}
}

// Sheets that are no matrices stay what they are.
func TestNoMatrix(t *testing.T) {
	for name, content := range map[string]string{
		"links":       "provider,consumer,service,criticality\nA,B,x,\nB,C,,\nC,D,x,\n",
		"nodes":       "name,kind,unit,can_fail\nA,team,x,x\nB,team,,x\nC,team,,\n",
		"a checklist": "Task,Done,Late,Dropped\nPlan,x,,\nBuild,,x,\n2026,,x,\n",
		"figures":     "Region,North,South,East\nJan,1,2,3\nFeb,2,3,4\nMar,5,6,7\n",
		"RACI":        "Activity,Ann,Bob,Cy\nPlan,R,A,C\nBuild,A,R,I\nTest,I,C,R\n",
		"two names":   ",A,B\nA,,x\nB,x,\n",
		"prose":       "A,B,C\nA,a very long text that goes on and on and on and on and on about something,x\nB,x,another very long text that goes on and on and on and on and on about it\nC,and one more very long text that goes on and on and on and on and on about,\n",
	} {
		if r := read(t, "sheet.csv", content); len(r.Readings) != 1 || r.Readings[0].Shape == "matrix" {
			t.Errorf("%s was taken for a matrix", name)
		}
	}
}

// A matrix of very many names makes rows of native tables that are no wider for it.
func TestWideMatrix(t *testing.T) {
	var b strings.Builder
	b.WriteString("rows serve columns")
	for i := range 1000 {
		fmt.Fprintf(&b, ",T%d", i)
	}
	for i := range 4 {
		fmt.Fprintf(&b, "\nT%d", i)
		for j := range 1000 {
			b.WriteString([]string{",", ",x"}[(i+j)%2])
		}
	}
	r := readAll(t, Options{}, Bytes("a.csv", []byte(b.String())))
	if links := r.Org.Sources[0].Links; len(links) != 2000 || links[0].Provider != "T0" || links[0].Consumer != "T1" {
		t.Fatalf("%d links, the first %v", len(links), links[0])
	}
}
