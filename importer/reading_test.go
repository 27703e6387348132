package importer

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// readingText writes a reading in lines: the sheet, its columns, its examples and its cells.
func readingText(rd *Reading) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s/%s of %s: %s rows %d header %d-%d %s\n", rd.File, rd.Sheet, rd.Source, rd.Shape, rd.Rows, rd.Header, rd.Last, rd.Why)
	for _, c := range rd.Columns {
		sure := "?"
		if c.Sure {
			sure = "!"
		}
		fmt.Fprintf(&b, "  %s = %s%s (%s) %s\n", c.Header, c.Field, sure, c.Why, strings.Join(c.Samples, "|"))
	}
	for _, e := range rd.Examples {
		fmt.Fprintf(&b, "  %s\n", e)
	}
	for _, l := range rd.Cells {
		fmt.Fprintf(&b, "  %d: %s\n", l.Row, strings.Join(l.Cells, "|"))
	}
	return b.String()
}

func TestReadings(t *testing.T) {
	tests := []struct {
		name, file, content string
		want                []string
	}{
		{"links with a title above and vague, unknown and unnamed columns", "orgs-2026-11.csv", "Who serves whom,,,,\n\nfrom,Customer team,Zeal,,Provider\nX,Sales,9,a,Pay\nX,Sales,8,,Pay\n\nY,Ops,9,,HR\n", []string{
			"orgs-2026-11.csv/ of orgs: links rows 3 header 3-3 columns such as “Customer team”, “Provider”",
			"  from = attribute? (kept as it is, since “Provider” means provider already) X|Y",
			"  Customer team = consumer! (the header is another word for consumer) Sales|Ops",
			"  Zeal = attribute? (kept as it is: the header has no meaning of its own here) 9|8",
			"  column D = attribute? (kept as it is: it has no header) a",
			"  Provider = provider! (the header says so) Pay|HR",
			"  orgs-2026-11.csv, row 4 means: “Pay” serves “Sales”.",
			"  3: from|Customer team|Zeal||Provider", "  4: X|Sales|9|a|Pay", "  5: X|Sales|8||Pay", "  7: Y|Ops|9||HR"}},
		{"no table", "x.csv", "a,b\n1,2\n", []string{"x.csv/ of x:  rows 0 header 0-0 no row was recognised as a header…", "  1: a|b", "  2: 1|2"}},
		{"keys", "n.json", `{"nodes":[{"name":"A","kind":"team"}]}`, []string{"n.json/nodes of n: nodes rows 1 header 0-0 columns such as “name”, “kind”",
			"  name = name! (the header says so) A", "  kind = kind! (the header says so) team", "  0: name|kind", "  1: A|team"}},
		{"nodes and edges", "g.dot", "digraph { a -> b; c -> d }", []string{"g.dot/ of g: network rows 6 header 0-0 DOT: its nodes and edges", "  g.dot, row 1 means: “a” serves “b”."}},
		{"a shape", "t.csv", "Team name/focus,Depends on Team,Type (blocking/slowing/ok)\nA,B,slowing\n", []string{
			"t.csv/ of t: tracker rows 1 header 1-1 columns such as “Team name/focus”, “Depends on Team”, “Type (blocking/slowing/ok)”",
			"  Team name/focus = consumer! (the header is another word for consumer) A",
			"  Depends on Team = provider! (the header is another word for provider) B",
			"  Type (blocking/slowing/ok) = criticality! (the header is another word for criticality) slowing",
			"  t.csv, row 2 means: “B” serves “A”.", "  1: Team name/focus|Depends on Team|Type (blocking/slowing/ok)", "  2: A|B|slowing"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var b strings.Builder
			for _, rd := range read(t, test.file, test.content).Readings {
				b.WriteString(readingText(rd))
			}
			wantLines(t, "reading", b.String(), test.want)
		})
	}
}

// What a reading shows of a sheet does not grow with it.
func TestReadingStaysSmall(t *testing.T) {
	long := strings.Repeat("é", 5000)
	rd := read(t, "links.csv", "provider,consumer,note"+strings.Repeat(",", 500)+"\n"+strings.Repeat("A,B,"+long+"\n", 100)).Readings[0]
	if len(rd.Cells) != shownRows+1 || len(rd.Cells[0].Cells) != shownColumns || rd.Rows != 100 {
		t.Errorf("%d lines, %d cells, %d rows", len(rd.Cells), len(rd.Cells[0].Cells), rd.Rows)
	}
	if got := []rune(rd.Cells[1].Cells[2]); len(got) != shownText || got[shownText-1] != '…' {
		t.Errorf("%d characters shown", len(got))
	}
}

// Every shape has a name of its own, and every column of a native table says what it means.
func TestShapesAndFields(t *testing.T) {
	seen := map[string]bool{"": true, "ignore": true, Network: true}
	for _, s := range Shapes() {
		if seen[s.Name] || s.Title == "" {
			t.Errorf("the name %q is taken, or has no title", s.Name)
		}
		seen[s.Name] = true
		for _, f := range Fields(s.Name) {
			if f.Means == "" && slices.Contains(nativeOrder, s.Name) {
				t.Errorf("%s: nothing says what %s means", s.Name, f.Name)
			}
		}
	}
	if Fields("fields") != nil {
		t.Error("there is no such shape")
	}
}
