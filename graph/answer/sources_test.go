package answer_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/answer"
)

// differing is one link that two sources state differently; first is ranked first and says the milder things.
func differing(first string) *graph.Org {
	mild := &graph.LinkRecord{Provider: "a", Consumer: "b", Criticality: graph.Minor, MinProviders: graph.Given(1), Tolerance: graph.Given(12),
		Satisfaction: graph.Given(40), Channel: "phone", From: graph.Origin{File: first + ".csv", Row: 2}}
	strict := &graph.LinkRecord{Provider: "a", Consumer: "b", Criticality: graph.Critical, MinProviders: graph.Given(2), Tolerance: graph.Given(2),
		Satisfaction: graph.Given(80), Channel: "mail", From: graph.Origin{File: "survey.csv", Row: 7}}
	org := &graph.Org{Name: "default"}
	for i, s := range []*graph.Source{graph.NewSource(first, nil, []*graph.LinkRecord{mild}), graph.NewSource("survey", nil, []*graph.LinkRecord{strict})} {
		s.Rank = i + 1
		org.Sources = append(org.Sources, s)
	}
	return org
}

// Where sources differ the text names the rule that holds for the field, and the value that counts comes first.
func TestWhichValueCounts(t *testing.T) {
	for _, c := range []struct{ first, field, value, rule string }{
		{"hr", "criticality", "critical", "The strictest counts."},
		{"hr", "min_providers", "2", "The highest counts."},
		{"hr", "tolerance_hours", "2", "The lowest counts."},
		{"hr", "satisfaction", "40", "Their average counts."},
		{"hr", "channel", "phone", "The first counts."},
		{graph.EditsSource, "criticality", "minor", "The first counts."},
		{graph.EditsSource, "tolerance_hours", "12", "The first counts."},
	} {
		a := answer.NewSources(graph.NewSnapshot(differing(c.first)), nil)
		i := slices.IndexFunc(a.Differences, func(d answer.Difference) bool { return d.Field == c.field })
		if i < 0 {
			t.Fatalf("%s of %s: no difference told", c.field, c.first)
		}
		if got := a.Differences[i].Values[0].Value; got != c.value {
			t.Errorf("%s of %s: %s stands first, want %s", c.field, c.first, got, c.value)
		}
		var text bytes.Buffer
		if err := a.WriteText(&text, 1000); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(text.String()) {
			if strings.Contains(line, ", "+strings.ReplaceAll(c.field, "_", " ")+":") && !strings.HasSuffix(line, c.rule+"\n") {
				t.Errorf("%s of %s: %q does not end in %q", c.field, c.first, line, c.rule)
			}
		}
	}
}

// Of dates of confirmation the latest counts, unless a correction says otherwise.
func TestRuleOfConfirmation(t *testing.T) {
	if got := answer.RuleOf("confirmed_on", "hr"); got != "The latest counts." {
		t.Errorf("of files: %s", got)
	}
	if got := answer.RuleOf("confirmed_on", graph.EditsSource); got != "The first counts." {
		t.Errorf("of a correction: %s", got)
	}
}

// The last import of a source is not an undo, nor a change of rank, and its files are those that its own facts stand in.
func TestLastImportOfSource(t *testing.T) {
	records := []graph.VersionRecord{
		{Number: 4, Sources: []string{"hr", "survey"}}, // another rank
		{Number: 3, Sources: []string{"hr"}, Undoes: 2},
		{Number: 2, Sources: []string{"hr"}, Files: []graph.FileHash{{Name: "hr.csv"}}},
		{Number: 1, Sources: []string{"hr", "survey"}, Files: []graph.FileHash{{Name: "hr.csv"}, {Name: "survey.csv"}}},
	}
	a := answer.NewSources(graph.NewSnapshot(differing("hr")), records)
	for i, want := range []struct {
		version int64
		files   []string
	}{{2, []string{"hr.csv"}}, {1, []string{"survey.csv"}}} {
		got := a.Sources[i]
		if got.Version == nil || *got.Version != want.version || !slices.Equal(got.Files, want.files) {
			t.Errorf("%s: version %v, files %v; want %d, %v", got.Name, got.Version, got.Files, want.version, want.files)
		}
	}
}

// A second source that says the same is told as what it is, not as if nothing had been known.
func TestDiffNamesSource(t *testing.T) {
	both := differing("hr")
	one := &graph.Org{Name: "default", Sources: both.Sources[:1]}
	text := func(before, after *graph.Org) string {
		p, err := graph.NewPreview(before, after)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := answer.NewDiff(p.Before, p.After, p.Effect).WriteText(&b, 80); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if got, want := text(one, both), "≠ a serves b: channel nothing → mail, says survey\n"; !strings.Contains(got, want) {
		t.Errorf("%q is not in\n%s", want, got)
	}
	milder := differing("hr")
	milder.Sources = milder.Sources[:1]
	milder.Sources[0].Links[0].Channel = "letter"
	if got, want := text(one, milder), "≠ a serves b: channel phone → letter\n"; !strings.Contains(got, want) {
		t.Errorf("%q is not in\n%s", want, got)
	}
}
