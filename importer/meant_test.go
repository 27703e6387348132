package importer

import "testing"

// Rows and cells that a person understands although they look like something else.
func TestWhatPeopleMean(t *testing.T) {
	tests := []struct {
		name, file, content string
		facts, problems     []string
	}{
		{"a total", "l.csv", "provider,consumer,volume\nA,B,2\nTotal,,2\n,Summe,2\nTotal,B,2\n", []string{"2 A > B volume=2", "5 Total > B volume=2"},
			[]string{"info l.csv, row 3: “Total” sums up, so the row was left out", "info l.csv, row 4: “Summe” sums up…"}},
		{"numbers of staff", "x.csv", "Bezeichnung;Abteilung;Mitarbeiter\nLohn;Finanzen;7,5\nIT;Finanzen;\n", []string{"2 node name=Lohn unit=Finanzen headcount=7.5", "3 node name=IT unit=Finanzen"}, nil},
		{"staff", "x.csv", "Mitarbeiter;Abteilung;Vorgesetzter\nAnn;Lohn;\nBo;Lohn;Ann\n", []string{"2 person name=Ann team=Lohn", "2 team name=Lohn", "3 person name=Bo team=Lohn manager=Ann"},
			[]string{"info x.csv, row 1, column Abteilung: each “Abteilung” was made a team…"}},
		{"one id for two", "nodes.csv", "id,name\n1,A\n2,B\n1,a\n1,C\n", []string{"2 node id=1 name=A", "3 node id=2 name=B", "4 node id=1 name=a", "5 node id=1 name=C"},
			[]string{"warning nodes.csv, row 5, column id: the id “1” stands for “A” in row 2 already, and here for “C”, so the two count as one: give each its own id"}},
		{"units that come again name no groups", "nodes.csv", "unit,name\nU,A\nV,B\nU,C\n,D\n,E\n", []string{"2 node name=A unit=U", "3 node name=B unit=V", "4 node name=C unit=U", "5 node name=D", "6 node name=E"}, nil},
	}
	for _, test := range tests {
		r := read(t, test.file, test.content)
		wantLines(t, test.name, facts(r.Org), test.facts)
		wantLines(t, test.name, problems(r), test.problems)
	}
}
