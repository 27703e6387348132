package answer_test

import (
	"fmt"
	"strings"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/answer"
)

// Problems that are alike are told a few times and counted; errors come first, and many of them are told.
func TestProblemsThatAreAlike(t *testing.T) {
	var ps []graph.Problem
	add := func(n int, file, column string, severity graph.Severity, format string) {
		for i := range n {
			ps = append(ps, graph.Problem{File: file, Row: i + 2, Column: column, Severity: severity, Message: fmt.Sprintf(format, i)})
		}
	}
	add(151, "people.csv", "name", graph.Info, "“N/D %d” is no name")
	add(20, "people.csv", "team", graph.Info, "“N/D %d” is no name")
	add(21, "nodes.csv", "name", graph.Info, "“N/D %d” is no name")
	add(15, "people.csv", "team", graph.Warning, "“T%d” is described nowhere")
	add(6, "people.csv", "team", graph.Warning, "“T%d” is described nowhere (here and in 3 more rows)")
	add(90, "links.csv", "provider", graph.Error, "“A” can mean “B” (id b%d) or “B” (id c)")
	add(101, "links.csv", "consumer", graph.Error, "row %d has no consumer")
	a := answer.NewValidation(ps)
	text := asText(t, a, 200)
	for line, want := range map[string]int{
		"people.csv, row %d, column name: “N/D %d” is no name":                                  20,
		"people.csv, row %d, column team: “N/D %d” is no name":                                  20,
		"nodes.csv, row %d, column name: “N/D %d” is no name":                                   20,
		"people.csv, row %d, column team: “T%d” is described nowhere":                           14,
		"people.csv, row %d, column team: “T%d” is described nowhere (here and in 3 more rows)": 6,
		"links.csv, row %d, column provider: “A” can mean “B” (id b%d) or “B” (id c)":           90,
		"links.csv, row %d, column consumer: row %d has no consumer":                            100,
	} {
		got := 0
		for i := range 200 {
			got += strings.Count(text, "• "+fmt.Sprintf(line, i+2, i)+"\n")
		}
		if got != want {
			t.Errorf("%q stands there %d times, want %d", line, got, want)
		}
	}
	order := []string{"Rows that do not count (191)", "row 101, column consumer", "\n  and 1 more like it (--format json lists all)\n", "To look at (21)",
		"\n  and 1 more like it", "Assumed (192)", "nodes.csv, row 21,", "\n  and 1 more like it", "people.csv, row 21,", "\n  and 131 more like it (--format json lists all)\n"}
	rest := text
	for _, part := range order {
		_, after, ok := strings.Cut(rest, part)
		if !ok {
			t.Fatalf("%q is missing, or not where it belongs:\n%s", part, text)
		}
		rest = after
	}
	if n := strings.Count(text, "like it"); n != 4 {
		t.Errorf("%d kinds were cut, want 4", n)
	}
	if n := strings.Count(asJSON(t, a), `"severity"`); n != len(ps) {
		t.Errorf("the JSON lists %d of %d", n, len(ps))
	}
}
