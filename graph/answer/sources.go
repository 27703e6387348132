package answer

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/phrase"
)

var sources = Command{
	Name: "sources",
	Does: "where the facts come from, and where sources differ",
	ask:  askSources,
}

// Sources lists the sources and where they differ.
type Sources struct {
	Sources     []SourceInfo `json:"sources"` // by rank
	Differences []Difference `json:"differences"`

	s *graph.Snapshot
}

// SourceInfo is a file or system that facts come from.
type SourceInfo struct {
	Name    string     `json:"name"`
	Rank    int        `json:"rank"`    // the lower one wins where sources differ, but edits and neo4j win always
	Nodes   int        `json:"nodes"`   // rows about nodes, units and people
	Links   int        `json:"links"`   // rows about links
	Version *int64     `json:"version"` // of its last import; null: not imported
	Time    *time.Time `json:"time"`
	Files   []string   `json:"files"` // that its facts stand in, sorted
}

// Difference is a field about which sources differ.
type Difference struct {
	Key    graph.EntityKey `json:"key"`
	Field  string          `json:"field"`
	Values []Statement     `json:"values"` // the winning one first
}

// Statement is what one source states, and where.
type Statement struct {
	Source string `json:"source"`
	Value  string `json:"value"`
	File   string `json:"file"`
	Sheet  string `json:"sheet"`
	Row    int    `json:"row"`
}

func askSources(ctx context.Context, src *Source, _ *question) (Answer, error) {
	var records []graph.VersionRecord
	if src.Store != nil {
		var err error
		if records, err = src.Store.History(ctx); err != nil {
			return nil, err
		}
	}
	return NewSources(src.Snapshot, records), nil
}

// NewSources lists the sources of a snapshot; records are the versions, the newest first.
func NewSources(s *graph.Snapshot, records []graph.VersionRecord) *Sources {
	a := &Sources{Sources: []SourceInfo{}, Differences: make([]Difference, len(s.Differences)), s: s}
	for _, o := range s.Org.Sources {
		info := SourceInfo{Name: o.Name, Rank: o.Rank, Nodes: len(o.Nodes), Links: len(o.Links), Files: filesOf(o)}
		if i := slices.IndexFunc(records, func(r graph.VersionRecord) bool { return imports(r, o.Name) }); i >= 0 {
			info.Version, info.Time = &records[i].Number, &records[i].Time
		}
		a.Sources = append(a.Sources, info)
	}
	for i, d := range s.Differences {
		a.Differences[i] = Difference{Key: d.Entity, Field: d.Field, Values: make([]Statement, len(d.Values))}
		for j, v := range d.Values {
			a.Differences[i].Values[j] = Statement{v.Source, v.Value, v.From.File, v.From.Sheet, v.From.Row}
		}
		a.Differences[i].rankValues()
	}
	return a
}

// imports says that a version read a source from files. An undo and a change of rank do not.
func imports(r graph.VersionRecord, source string) bool {
	return len(r.Files) > 0 && slices.Contains(r.Sources, source)
}

// filesOf lists the files that the facts of a source stand in.
func filesOf(s *graph.Source) []string {
	has := map[string]bool{}
	for _, r := range s.Nodes {
		has[r.From.File] = true
	}
	for _, r := range s.Links {
		has[r.From.File] = true
	}
	delete(has, "")
	return append([]string{}, slices.Sorted(maps.Keys(has))...)
}

// rules say which of differing values counts where it is not the one of the source ranked first, and in which order they come
// then.
var rules = map[string]struct {
	words   string
	compare func(a, b string) int
}{
	"criticality":     {"The strictest counts.", func(a, b string) int { return cmp.Compare(criticality(b), criticality(a)) }},
	"min_providers":   {"The highest counts.", func(a, b string) int { return cmp.Compare(stated(b), stated(a)) }},
	"tolerance_hours": {"The lowest counts.", func(a, b string) int { return cmp.Compare(stated(a), stated(b)) }},
	"confirmed_on":    {"The latest counts.", func(a, b string) int { return cmp.Compare(b, a) }},
	"satisfaction":    {"Their average counts.", func(a, b string) int { return 0 }},
}

func criticality(s string) graph.Criticality {
	c, _ := graph.ParseCriticality(s)
	return c
}

func stated(s string) float64 {
	v, _ := strconv.ParseFloat(s, 64)
	return v
}

// rankValues puts the value that counts first.
func (d *Difference) rankValues() {
	if rule, ok := rules[d.Field]; ok && !d.corrected() {
		slices.SortStableFunc(d.Values, func(a, b Statement) int { return rule.compare(a.Value, b.Value) })
	}
}

// rule says in words which value counts.
func (d *Difference) rule() string { return RuleOf(d.Field, d.Values[0].Source) }

// RuleOf says in words which of several values of a field counts; first is the source ranked first of those that state one.
func RuleOf(field, first string) string {
	if rule, ok := rules[field]; ok && !graph.IsCorrection(first) {
		return rule.words
	}
	return "The first counts."
}

// corrected says that the first value was stated in the app or the database, where it beats every rule.
func (d *Difference) corrected() bool {
	return graph.IsCorrection(d.Values[0].Source)
}

// WriteCSV writes the sources.
func (a *Sources) WriteCSV(w io.Writer) error {
	t := newCSV(w, "name", "rank", "nodes", "links", "version", "time", "files")
	for _, v := range a.Sources {
		version, when := "", ""
		if v.Version != nil {
			version, when = fmt.Sprint(*v.Version), v.Time.Format(time.RFC3339)
		}
		t.row(v.Name, fmt.Sprint(v.Rank), fmt.Sprint(v.Nodes), fmt.Sprint(v.Links), version, when, list(v.Files))
	}
	return t.end()
}

// WriteText writes the sources, then where they differ.
func (a *Sources) WriteText(w io.Writer, width int) error {
	p := newPage(w, width)
	if len(a.Sources) == 0 {
		p.say("There are no sources yet: nothing was imported.")
		return p.end()
	}
	t := p.table(">Rank", "Source", ">Nodes", ">Links", "Last import (UTC)", "Files")
	for _, v := range a.Sources {
		when := "–"
		if v.Time != nil {
			when = fmt.Sprintf("version %d, %s", *v.Version, v.Time.Format("2006-01-02 15:04"))
		}
		rank := fmt.Sprint(v.Rank)
		if graph.IsCorrection(v.Name) {
			rank = "always"
		}
		t.row(rank, v.Name, fmt.Sprint(v.Nodes), fmt.Sprint(v.Links), when, strings.Join(v.Files, ", "))
	}
	t.end()
	if len(a.Differences) > 0 {
		p.title("Where sources differ (%s)", phrase.Count(len(a.Differences)))
		some(p, a.Differences, func(d Difference) {
			values := make([]string, len(d.Values))
			for i, v := range d.Values {
				values[i] = fmt.Sprintf("%s says %s%s", v.Source, orNothing(v.Value), place(v))
			}
			p.item("%s, %s: %s. %s", entity(a.s, d.Key), fieldWords(d.Field), strings.Join(values, "; "), d.rule())
		})
	}
	return p.end()
}

// place writes where a statement stands: " (links.csv, row 12)".
func place(v Statement) string {
	if v.File == "" || v.Row == 0 {
		return ""
	}
	if v.Sheet != "" {
		return fmt.Sprintf(" (%s, sheet %s, row %d)", v.File, v.Sheet, v.Row)
	}
	return fmt.Sprintf(" (%s, row %d)", v.File, v.Row)
}

// fieldWords writes the name of a field in words: "recovery hours".
func fieldWords(field string) string { return strings.ReplaceAll(field, "_", " ") }

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}
