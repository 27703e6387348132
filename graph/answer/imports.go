package answer

import (
	"fmt"
	"io"
	"regexp"
	"slices"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/phrase"
)

// Import says what an import, a validation or an undo did, or would do.
type Import struct {
	Version  *int64          `json:"version"` // of the store after it (before it for a dry run); null: no store
	Added    int             `json:"added"`   // entities
	Changed  int             `json:"changed"`
	Removed  int             `json:"removed"`
	Problems []graph.Problem `json:"problems"` // by file, sheet, row, column, the worst first
	Risks    *RiskChange     `json:"risks"`    // what it does to customers, as RisksOf gives it; null: nothing was compared

	outcome string // the first sentence of the text; "" none: a validation
	diff    *Diff  // listed in the text of a dry run
}

// NewImport describes what a preview did to a store that is at version, or would do when dry is set.
func NewImport(p *graph.Preview, version int64, problems []graph.Problem, dry bool) *Import {
	a := NewValidation(problems)
	a.Version = &version
	a.Added, a.Changed, a.Removed = len(p.Effect.Added), p.Effect.ChangedCount, len(p.Effect.Removed)
	switch {
	case p.Changes.Empty():
		a.outcome = staysAt(version)
	case dry:
		a.outcome = fmt.Sprintf("Would lead from version %d to version %d: %s.", version, version+1, changes(a.Added, a.Changed, a.Removed))
		a.diff = NewDiff(p.Before, p.After, p.Effect)
	default:
		a.outcome = a.isNowAt(version)
	}
	return a
}

// NewRefresh tells what reading what others wrote into the store led to: made is the version that it made, nil when there was nothing
// to take over.
func NewRefresh(made *graph.VersionRecord, version int64, problems []graph.Problem) *Import {
	a := NewValidation(problems)
	a.Version = &version
	if made == nil {
		a.outcome = staysAt(version)
		return a
	}
	a.Added, a.Changed, a.Removed = made.Added, made.Changed, made.Removed
	a.outcome = a.isNowAt(version)
	return a
}

func staysAt(version int64) string {
	return fmt.Sprintf("Nothing changes: the store stays at version %d.", version)
}

func (a *Import) isNowAt(version int64) string {
	return fmt.Sprintf("The store is at version %d now: %s.", version, changes(a.Added, a.Changed, a.Removed))
}

// NewValidation lists only problems.
func NewValidation(problems []graph.Problem) *Import {
	a := &Import{Problems: slices.Clone(problems)}
	if a.Problems == nil {
		a.Problems = []graph.Problem{}
	}
	graph.SortProblems(a.Problems)
	return a
}

// NothingDone makes it the result of an import that was refused: nothing was added, changed or removed.
func (a *Import) NothingDone() {
	a.Added, a.Changed, a.Removed, a.outcome, a.diff, a.Risks = 0, 0, 0, "Nothing was imported.", nil, nil
}

// Errors counts the problems of severity error.
func (a *Import) Errors() int { return a.severity(graph.Error) }

func (a *Import) severity(s graph.Severity) int {
	n := 0
	for _, p := range a.Problems {
		if p.Severity == s {
			n++
		}
	}
	return n
}

// WriteCSV writes the problems.
func (a *Import) WriteCSV(w io.Writer) error {
	t := newCSV(w, "file", "sheet", "row", "column", "severity", "message")
	for _, p := range a.Problems {
		row := ""
		if p.Row > 0 {
			row = fmt.Sprint(p.Row)
		}
		t.row(p.File, p.Sheet, row, p.Column, p.Severity.String(), p.Message)
	}
	return t.end()
}

// WriteText writes what was done, the change set of a dry run, what it does to the risks, and the problems: errors first, and of
// those that are alike only the first.
func (a *Import) WriteText(w io.Writer, width int) error {
	p := newPage(w, width)
	p.say("%s", a.outcome)
	if a.diff != nil {
		p.gap()
		a.diff.writeLines(p)
	}
	if a.Risks != nil {
		a.Risks.write(p)
	}
	if len(a.Problems) == 0 && a.outcome == "" {
		p.say("No problems.")
	}
	for _, g := range []struct {
		severity graph.Severity
		title    string
		most     int
	}{{graph.Error, "Rows that do not count", 100}, {graph.Warning, "To look at", shown}, {graph.Info, "Assumed", shown}} {
		if n := a.severity(g.severity); n > 0 {
			p.title("%s (%s)", g.title, phrase.Count(n))
			a.writeProblems(p, g.severity, g.most)
		}
	}
	return p.end()
}

// problemKind is what problems that are alike have in common.
type problemKind struct{ file, sheet, column, message string }

func kindOf(p graph.Problem) problemKind {
	return problemKind{p.File, p.Sheet, p.Column, particulars.ReplaceAllString(p.Message, "")}
}

// particulars are what differs between messages of one kind: what they quote, what stands in brackets, numbers.
var particulars = regexp.MustCompile(`“[^”]*”| ?\([^)]*\)|\d[\d,.]*`)

// writeProblems lists the problems of a severity, of each kind the first few.
func (a *Import) writeProblems(p *page, severity graph.Severity, most int) {
	left := map[problemKind]int{}
	for _, pr := range a.Problems {
		if pr.Severity == severity {
			left[kindOf(pr)]++
		}
	}
	written := map[problemKind]int{}
	for _, pr := range a.Problems {
		if pr.Severity != severity {
			continue
		}
		kind := kindOf(pr)
		if written[kind] == most {
			continue
		}
		p.item("%s", pr.String())
		written[kind]++
		if left[kind]--; written[kind] == most && left[kind] > 0 {
			p.detail("and %s more like it (--format json lists all)", phrase.Count(left[kind]))
		}
	}
}

// ImportProblems joins what reading files found with what resolving them together with all other facts found. Of the
// latter only those count that are about the files read or that are new.
func ImportProblems(p *graph.Preview, read []graph.Problem, files []graph.FileHash) []graph.Problem {
	mine := map[string]bool{}
	for _, f := range files {
		mine[f.Name] = true
	}
	known := map[graph.Problem]bool{}
	for _, pr := range p.Before.Problems {
		known[pr] = !mine[pr.File]
	}
	for _, pr := range read {
		known[pr] = true
	}
	out := slices.Clone(read)
	for _, pr := range p.After.Problems {
		if !known[pr] {
			out = append(out, pr)
		}
	}
	graph.SortProblems(out)
	return out
}

// NewPlaceholders names the nodes that an import refers to and that no source describes, by id. A unit and a site need no
// more description than the columns that name them, and are none.
func NewPlaceholders(p *graph.Preview, incoming *graph.Org) []string {
	var out []string
	referred := referredBy(p.After, incoming)
	for v := range p.After.Nodes {
		n := &p.After.Nodes[v]
		if !n.Placeholder || n.Kind == graph.Unit || n.Kind == graph.Resource {
			continue
		}
		before := p.Before.ByID(n.ID)
		if referred[v] || before < 0 || !p.Before.Nodes[before].Placeholder {
			out = append(out, n.ID)
		}
	}
	return out
}

// referredBy marks the nodes that the sources of incoming refer to.
func referredBy(s *graph.Snapshot, incoming *graph.Org) []bool {
	out := make([]bool, len(s.Nodes))
	mark := func(v int32) {
		if v >= 0 {
			out[v] = true
		}
	}
	for i := range s.Links {
		l := &s.Links[i]
		if slices.ContainsFunc(l.Stated, func(ls graph.LinkSource) bool { return incoming.Source(ls.Source) != nil }) {
			mark(l.Provider)
			mark(l.Consumer)
		}
	}
	for i := range s.Nodes {
		n := &s.Nodes[i]
		if slices.ContainsFunc(n.Stated, func(ns graph.NodeSource) bool { return incoming.Source(ns.Source) != nil }) {
			mark(n.Manager)
			for _, v := range n.Teams {
				mark(v)
			}
		}
	}
	return out
}
