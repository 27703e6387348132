package importer

import "testing"

// What is marked as no fact in a table that was handed out states nothing.
func TestHandouts(t *testing.T) {
	const asked = "what it means (ignore),still_true,provider,consumer,service,confirmed_on,declared_by\n"
	tests := []struct {
		name, file, content string
		facts, problems     []string
	}{
		{"an example below the header", "links.csv", "provider,consumer,service\n(example) Payroll,Crew,Pay\nA,B,S\n", []string{"3 A > B service=S"}, nil},
		{"an example in capitals, and a blank cell in front", "links.csv", "service,provider,consumer\n,(Example) Payroll,Crew\nS,A,B\n", []string{"3 A > B service=S"}, nil},
		{"an example further down", "links.csv", "provider,consumer\nA,B\n(example) Payroll,Crew\n", []string{"2 A > B"},
			[]string{"info links.csv, row 3: “(example) Payroll” is marked as an example, so the row was left out"}},
		{"the mark in another cell is no mark", "links.csv", "provider,consumer\nA,(example) B\n", []string{"2 A > (example) B"}, nil},
		{"examples in other tables", "nodes.csv", "name,id,kind\n(example) Payroll,,team\nA,,supplier\n", []string{"3 supplier name=A"}, nil},
		{"nothing but an example", "links.csv", "provider,consumer\n(example) Payroll,Crew\n", nil,
			[]string{"warning links.csv: nothing is filled in yet: there is no row below the headers, so the source “links” holds nothing"}},
		{"a column for people", "links.csv", "provider,note (ignore),consumer\nA,x,B\n", []string{"2 A > B"}, nil},
		{"a native column for people", "nodes.csv", "name,kind (Ignore),unit\nA,x,U\n", []string{"2 node name=A unit=U"}, nil},
		{"yes, a date, both", "links.csv", asked + "x,yes,A,B,S,,a\nx,,A,C,S,2026-11-02,a\nx,Y,A,D,S,2026-11-03,a\n",
			[]string{"2 A > B service=S declared_by=a", "3 A > C service=S declared_by=a confirmed_on=2026-11-02", "4 A > D service=S declared_by=a confirmed_on=2026-11-03"}, nil},
		{"no", "links.csv", asked + "x,no,A,B,S,,crew\nx,No,A,C,,2026-11-02,\nx,yes,A,D,,,\n", []string{"4 A > D"},
			[]string{"info links.csv, row 2, column still_true: “A” serves “B” with “S”: said not to be true any more by “crew”",
				"info links.csv, row 3, column still_true: “A” serves “C”: said not to be true any more"}},
		{"not answered", "links.csv", asked + "x,yes,A,B,,,\nx,,A,C,S,,a\nx,,A,D,S,,a\n", []string{"2 A > B"},
			[]string{"info links.csv, row 3, column still_true: 2 rows were not answered and state nothing, this one the first of them: still_true and confirmed_on are blank"}},
		{"neither yes nor no", "links.csv", asked + "x,yes,A,B,,,\nx,perhaps,A,C,S,2026-11-02,a\n", []string{"2 A > B"},
			[]string{"warning links.csv, row 3, column still_true: “perhaps” is neither yes nor no, so the row counts as not answered and was left out"}},
		{"another table keeps such a column", "nodes.csv", "name,kind,still_true\nA,team,\nB,team,no\n", []string{"2 team name=A", "3 team name=B still_true:no"}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := read(t, test.file, test.content)
			wantLines(t, "facts", facts(r.Org), test.facts)
			wantLines(t, "problems", problems(r), test.problems)
		})
	}
}

// What a person chose of a column wins over the mark in its header.
func TestChosenOverMark(t *testing.T) {
	m := &Mapping{Sheets: []SheetMapping{{Columns: []ColumnMapping{{Header: "note (ignore)", Field: Attribute}, {Header: "Answer", Field: "still_true"}}}}}
	r, err := ReadFiles(t.Context(), []File{Bytes("links.csv", []byte("provider,consumer,note (ignore),Answer\nA,B,x,yes\nC,D,y,no\n"))}, Options{Mapping: m})
	if err != nil {
		t.Fatal(err)
	}
	wantLines(t, "facts", facts(r.Org), []string{"2 A > B note (ignore):x"})
	wantLines(t, "problems", problems(r), []string{"info links.csv, row 3, column Answer: “C” serves “D”: said not to be true any more"})
}
