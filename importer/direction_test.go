package importer

import (
	"strings"
	"testing"
)

// questions writes what is asked, and the sentences between which it is to be decided.
func questions(r *Result) string {
	var b strings.Builder
	for _, q := range r.Questions {
		b.WriteString(q.String() + "\n")
		for _, c := range q.Choices {
			b.WriteString(string(c.Direction) + ": " + c.Means.String() + "\n")
		}
	}
	return b.String()
}

// TestWhoServes: what the files say beside vague headers decides, what points both ways is asked, and answers count.
func TestWhoServes(t *testing.T) {
	const nodes = "name,kind\nAcme,supplier\nBolt,supplier\nCore,supplier\nBank,customer\n"
	tests := []struct {
		name, file, content, nodes      string
		direction                       Direction
		facts, problems, asks, examples []string
	}{
		{name: "nothing says it", file: "l.csv", content: "from,to\nA,B\n", facts: []string{"2 A > B"},
			problems: []string{"warning l.csv, row 1, column from: “from” was read as the provider and “to” as the consumer: check the example sentence, and import with --direction consumer-first…"}},
		{name: "the title says it", file: "l.csv", content: "Dependencies of teams,\nfrom,to\nA,B\n", facts: []string{"3 B > A"},
			problems: []string{"info l.csv, row 1: the text above…", "info l.csv, row 2, column to: “to” was read as the provider and “from” as the consumer, since “Dependencies of teams” says so: check…"},
			examples: []string{"l.csv, row 3 means: “B” serves “A”."}},
		{name: "the name of the file says it", file: "Abhängigkeiten 2026-11.csv", content: "von,nach\nA,B\n", facts: []string{"2 B > A"},
			problems: []string{"info Abhängigkeiten 2026-11.csv, row 1, column nach: …"}},
		{name: "a title that says who serves", file: "l.csv", content: "Who serves whom,\nfrom,to\nA,B\n", facts: []string{"3 A > B"},
			problems: []string{"info l.csv, row 1: the text above…", "info l.csv, row 2, column from: “from” was read as the provider and “to” as the consumer, since “Who serves whom” says so: check…"}},
		{name: "suppliers would be served", file: "l.csv", content: "from,to\nA,Acme\nA,B\n", nodes: nodes, facts: []string{"2 Acme > A", "3 B > A"},
			problems: []string{"info l.csv, row 1, column to: “to” was read as the provider and “from” as the consumer, since in 1 of them a supplier serves or a customer is served then: check…"}},
		{name: "customers are served", file: "l.csv", content: "from,to\nA,Bank\nA,B\n", nodes: nodes, facts: []string{"2 A > Bank", "3 A > B"},
			problems: []string{"info l.csv, row 1, column from: …"}},
		{name: "kinds both ways", file: "l.csv", content: "from,to\nA,Bank\nA,Acme\n", nodes: nodes, facts: []string{"2 A > Bank", "3 A > Acme"},
			asks: []string{"l.csv, row 2: “from” and “to” does not say who serves whom, and what was found points both ways. The first serves the second: in 1 of them a supplier serves or a customer is served then. The second serves the first: in 1…",
				"provider-first: l.csv, row 2 means: “A” serves “Bank”.", "consumer-first: l.csv, row 2 means: “Bank” serves “A”."}},
		{name: "the title against the kinds", file: "l.csv", content: "Dependencies,\nfrom,to\nA,Bank\n", nodes: nodes, facts: []string{"3 A > Bank"},
			problems: []string{"info l.csv, row 1: the text above…"},
			asks:     []string{"l.csv, row 3: …", "provider-first: l.csv, row 3 means: “A” serves “Bank”.", "consumer-first: …"}},
		{name: "an answer to that", file: "l.csv", content: "Dependencies,\nfrom,to\nA,Bank\n", nodes: nodes, direction: ConsumerFirst, facts: []string{"3 Bank > A"},
			problems: []string{"info l.csv, row 1: the text above…", "info l.csv, row 2, column to: “to” was read as the provider and “from” as the consumer, as was chosen: check…"}},
		{name: "rows that say it themselves", file: "l.csv", content: "from,to,type\nA,B,depends on\nC,D,serves\n", facts: []string{"2 B > A type:depends on", "3 C > D type:serves"},
			problems: []string{"info l.csv, row 1, column type: the words of this column say of each row who serves whom: “from” serves “to” in 1, and the other way round in 1"},
			examples: []string{"l.csv, row 2 means: “B” serves “A”."}},
		{name: "rows that say it, whatever was chosen", file: "l.csv", content: "from,to,type\nA,B,depends on\nC,D,serves\nE,F,\n", direction: ConsumerFirst,
			facts:    []string{"2 B > A type:depends on", "3 C > D type:serves", "4 F > E"},
			problems: []string{"info l.csv, row 1, column to: …", "info l.csv, row 1, column type: …"}},
		{name: "nearly all rows say the same", file: "l.csv", content: "from,to,type\nA,B,hängt ab von\nC,D,depends on\nE,F,dépend de\nG,H,needs\nI,J,\n",
			facts:    []string{"2 B > A type:hängt ab von", "3 D > C type:depends on", "4 F > E type:dépend de", "5 H > G type:needs", "6 J > I"},
			problems: []string{"info l.csv, row 1, column to: “to” was read as the provider and “from” as the consumer, since the other rows say so by their words: check…", "info l.csv, row 1, column type: …"}},
		{name: "clear headers that all kinds speak against", file: "l.csv", content: "provider,consumer\nA,Acme\nA,Bolt\nBank,B\n", nodes: nodes, facts: []string{"2 A > Acme", "3 A > Bolt", "4 Bank > B"},
			asks: []string{"l.csv, row 2: by their headers “provider” serves “consumer”, but in 3 of the 3 links whose names tell a supplier would be served or a customer would serve: which is right?",
				"provider-first: l.csv, row 2 means: “A” serves “Acme”.", "consumer-first: l.csv, row 2 means: “Acme” serves “A”."}},
		{name: "an answer to that, too", file: "l.csv", content: "provider,consumer\nA,Acme\nA,Bolt\nBank,B\n", nodes: nodes, direction: ConsumerFirst, facts: []string{"2 Acme > A", "3 Bolt > A", "4 B > Bank"},
			examples: []string{"l.csv, row 2 means: “Acme” serves “A”."}},
		{name: "clear headers that a few kinds speak against", file: "l.csv", content: "provider,consumer\nA,Acme\nA,Bolt\nA,Bank\n", nodes: nodes, facts: []string{"2 A > Acme", "3 A > Bolt", "4 A > Bank"}},
		{name: "edges", file: "g.dot", content: "digraph { A -> Acme; A -> B }", nodes: nodes, facts: []string{"1 node name=A", "1 node name=Acme", "1 node name=B", "1 Acme > A", "1 B > A"},
			problems: []string{"info g.dot: DOT does not say who serves whom: its edges (2) were read as “the target serves the source”, since in 1 of them…"}, examples: []string{"g.dot, row 1 means: “Acme” serves “A”."}},
		{name: "edges both ways", file: "g.dot", content: "digraph { A -> Acme; A -> Bank }", nodes: nodes, facts: []string{"1 node name=A", "1 node name=Acme", "1 node name=Bank", "1 A > Acme", "1 A > Bank"},
			asks: []string{"g.dot, row 1: DOT does not say who serves whom, and what was found points both ways. …", "provider-first: g.dot, row 1 means: “A” serves “Acme”.", "consumer-first: …"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := []File{Bytes(test.file, []byte(test.content))}
			if test.nodes != "" {
				files = append(files, Bytes("z.csv", []byte(test.nodes)))
			}
			r := readAll(t, Options{Direction: test.direction}, files...)
			first := &Result{Org: r.Org, Problems: r.Problems}
			got, _, _ := strings.Cut(facts(first.Org), "2 supplier name=Acme\n")
			wantLines(t, "facts", got, test.facts)
			wantLines(t, "problems", problems(first), test.problems)
			wantLines(t, "questions", questions(r), test.asks)
			if test.examples != nil {
				wantLines(t, "examples", r.Examples[0].String(), test.examples)
			}
			for _, rd := range r.Readings {
				chosen := test.direction != "" && rd.File != "z.csv"
				if rd.DirectionChosen != chosen {
					t.Errorf("%s: chosen %v, want %v", rd.File, rd.DirectionChosen, chosen)
				}
			}
			if m := r.Mappings[SourceName(test.file)]; (m != nil) != (test.direction != "") || m != nil && m.Direction != test.direction {
				t.Errorf("kept for the next file: %v", m)
			}
		})
	}
}

// What decided a question decides it for next month's file.
func TestDecide(t *testing.T) {
	nodes := Bytes("z.csv", []byte("name,kind\nAcme,supplier\nBank,customer\n"))
	links := func(name string) File { return Bytes(name, []byte("from,to\nA,Bank\nA,Acme\n")) }
	r := readAll(t, Options{}, links("l-2026-11.csv"), nodes)
	if len(r.Questions) != 1 || r.Questions[0].Source != "l" {
		t.Fatalf("questions: %v", r.Questions)
	}
	var m *Mapping
	for _, d := range []Direction{ProviderFirst, ConsumerFirst} {
		m = m.Decide(r.Questions[0].Place, d)
	}
	if len(m.Sheets) != 1 {
		t.Errorf("two entries for one sheet: %v", m)
	}
	again := readAll(t, Options{Mapping: m}, links("l-2026-12.csv"), nodes)
	if len(again.Questions) > 0 || again.Examples[0].Provider != "Bank" || again.Mappings["l"] == nil {
		t.Errorf("%v %v %v", again.Questions, again.Examples, again.Mappings)
	}
	wide := &Mapping{Sheets: []SheetMapping{{Columns: []ColumnMapping{{"from", "provider"}}}}}
	if got := wide.Decide(Place{"b.xlsx", "Two"}, ConsumerFirst); len(wide.Sheets) != 1 || len(got.Sheets) != 2 || len(got.Sheets[1].Columns) != 1 || got.Sheets[1].Sheet != "Two" {
		t.Errorf("%v", got)
	}
}
