package examples

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/importer"
)

// Each README.md states the answers of its example in tables. These tests read the tables and compare them with what the program finds.

// example is one of them, imported, with the tables of its README.md by their header rows.
type example struct {
	*graph.Snapshot
	findings *analysis.Findings
	tables   map[string][][]string
}

func open(t *testing.T, name string) *example {
	t.Helper()
	folder, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	var files []importer.File
	paths, err := fs.Glob(folder, "*.csv")
	if err != nil || len(paths) != 4 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		content, err := fs.ReadFile(folder, path)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, importer.Bytes(path, content))
	}
	read, err := importer.ReadFiles(context.Background(), files, importer.Options{Source: name})
	if err != nil {
		t.Fatal(err)
	}
	e := &example{Snapshot: graph.NewSnapshot(read.Org)}
	for _, p := range append(read.Problems, e.Problems...) {
		t.Error("an example has no problems:", p)
	}
	if e.findings, err = analysis.Analyse(context.Background(), e.Snapshot, analysis.Options{Limit: -1}); err != nil {
		t.Fatal(err)
	}
	readme, err := fs.ReadFile(folder, "README.md")
	if err != nil {
		t.Fatal(err)
	}
	e.tables = readTables(string(readme))
	return e
}

// readTables finds the tables of a Markdown text; the key is the header row, its cells joined by commas.
func readTables(text string) map[string][][]string {
	tables := map[string][][]string{}
	header := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			header = ""
			continue
		}
		var cells []string
		for cell := range strings.SplitSeq(strings.Trim(line, "|"), "|") {
			cells = append(cells, strings.TrimSpace(cell))
		}
		switch {
		case header == "":
			header = strings.Join(cells, ", ")
			tables[header] = [][]string{}
		case strings.HasPrefix(cells[0], "---"):
		default:
			tables[header] = append(tables[header], cells)
		}
	}
	return tables
}

// compare holds the program to the rows of a table, in whatever order.
func (e *example) compare(t *testing.T, header string, found []string, want func(cells []string) string) {
	t.Helper()
	rows, ok := e.tables[header]
	if !ok && len(found) == 0 {
		return
	}
	var wanted []string
	for _, cells := range rows {
		wanted = append(wanted, want(cells))
	}
	slices.Sort(wanted)
	slices.Sort(found)
	if !slices.Equal(found, wanted) {
		t.Errorf("%s\nfound\n  %s\nREADME.md\n  %s", header, strings.Join(found, "\n  "), strings.Join(wanted, "\n  "))
	}
}

var (
	code   = regexp.MustCompile("`([^`]+)`")
	number = regexp.MustCompile(`\d+(\.\d+)?`)
)

// ids lists the ids in a cell, in their order.
func ids(cell string) []string {
	found := []string{}
	for _, m := range code.FindAllStringSubmatch(cell, -1) {
		found = append(found, m[1])
	}
	return found
}

// figure gives the number in a cell, "" when it has none.
func figure(cell string) string { return number.FindString(cell) }

// sum adds up a cell such as "24 + 2 + 6".
func sum(cell string) string {
	total := 0.0
	for _, n := range number.FindAllString(cell, -1) {
		x, _ := strconv.ParseFloat(n, 64)
		total += x
	}
	return hours(total)
}

func hours(h float64) string { return strconv.FormatFloat(h, 'f', -1, 64) }

func (e *example) names(nodes ...int32) []string {
	found := []string{}
	for _, v := range nodes {
		found = append(found, e.Nodes[v].ID)
	}
	return found
}

func (e *example) id(v int32) string { return e.Nodes[v].ID }

func (e *example) consumer(need int32) string { return e.id(e.Needs[need].Consumer) }

func late(s analysis.SPOF) string {
	switch {
	case s.RecoveryUnknown:
		return "unknown"
	case s.Exposed:
		return "yes"
	}
	return "no"
}

func eachExample(t *testing.T, check func(t *testing.T, e *example)) {
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) { check(t, open(t, name)) })
	}
}

func TestWhoCanStopACustomerAlone(t *testing.T) {
	eachExample(t, func(t *testing.T, e *example) {
		var found []string
		for _, s := range e.findings.SPOFs {
			var worked []string
			for _, step := range s.Chain {
				worked = append(worked, hours(e.Needs[step.Need].Tolerance))
			}
			back := cmp.Or(e.Nodes[s.Node].RecoveryHours.String(), "nobody has said")
			found = append(found, fmt.Sprint(e.names(s.Node), e.names(s.CustomersDown...), hours(s.FirstImpact), " = ", strings.Join(worked, " + "), " back ", back, " late ", late(s)))
		}
		e.compare(t, "who, stops, first after, worked out, comes back after, too late", found, func(c []string) string {
			stops := ids(c[1])
			if strings.HasPrefix(c[1], "everyone but") {
				stops = slices.DeleteFunc(e.names(e.Customers...), func(id string) bool { return slices.Contains(stops, id) })
			}
			if sum(c[3]) != figure(c[2]) {
				t.Errorf("%s: %s is not %s", c[0], c[3], c[2])
			}
			return fmt.Sprint(ids(c[0]), stops, figure(c[2]), " = ", c[3], " back ", cmp.Or(figure(c[4]), c[4]), " late ", c[5])
		})
		found = nil
		for _, c := range e.Customers {
			found = append(found, fmt.Sprint(e.id(c), e.findings.StoppedBy[c]))
		}
		e.compare(t, "customer, can be stopped by", found, func(c []string) string { return fmt.Sprint(ids(c[0])[0], c[1]) })
	})
}

func TestBackups(t *testing.T) {
	eachExample(t, func(t *testing.T, e *example) {
		f := e.findings
		var found []string
		for _, x := range f.FalseRedundancy {
			found = append(found, fmt.Sprint(e.consumer(x.Need), e.Needs[x.Need].Service, e.names(e.Needs[x.Need].Providers...), e.id(x.Node)))
		}
		e.compare(t, "consumer, need, one of, broken by", found, func(c []string) string { return fmt.Sprint(ids(c[0])[0], c[1], ids(c[2]), ids(c[3])[0]) })

		found = nil
		for _, x := range f.Circular {
			found = append(found, fmt.Sprint(e.consumer(x.Need), e.Needs[x.Need].Service, e.id(x.Provider)))
		}
		e.compare(t, "consumer, need, needs it back", found, func(c []string) string { return fmt.Sprint(ids(c[0])[0], c[1], ids(c[2])[0]) })

		found = nil
		for _, x := range f.Hollow {
			found = append(found, fmt.Sprint(e.consumer(x.Need), e.Needs[x.Need].Service, e.names(x.Failed, x.Survivor), hours(x.Extra), " of ", hours(x.Spare)))
		}
		e.compare(t, "consumer, need, when this fails, left, would take on, has room for", found, func(c []string) string {
			return fmt.Sprint(ids(c[0])[0], c[1], append(ids(c[2]), ids(c[3])...), c[4], " of ", c[5])
		})

		found = nil
		for _, n := range f.Unmet {
			found = append(found, fmt.Sprint(e.consumer(n), e.Needs[n].Service, e.names(e.Needs[n].Providers...), e.Needs[n].MinProviders))
		}
		e.compare(t, "consumer, need, has, must have", found, func(c []string) string {
			return fmt.Sprint(ids(c[0])[0], c[1], ids(c[2]), " ", c[3])
		})

		found = nil
		for _, x := range f.KeyPeople {
			found = append(found, fmt.Sprint(e.names(x.Person, x.Team)))
		}
		e.compare(t, "person, team", found, func(c []string) string { return fmt.Sprint(append(ids(c[0]), ids(c[1])...)) })
	})
}

func TestLoopsAndLoads(t *testing.T) {
	eachExample(t, func(t *testing.T, e *example) {
		var found []string
		for _, x := range e.findings.Loops {
			kind := "harmless"
			if x.Circular {
				kind = "circular"
			}
			found = append(found, fmt.Sprint(e.names(x.Nodes...), kind))
		}
		e.compare(t, "loop, kind", found, func(c []string) string { return fmt.Sprint(ids(c[0]), c[1]) })

		found = nil
		for _, b := range e.findings.Bottlenecks {
			if b.Measured {
				l := e.findings.Load[b.Node]
				found = append(found, fmt.Sprint(e.id(b.Node), l.Load, " of ", l.Capacity, " = ", math.Round(100*b.Utilisation.Or(0))))
			}
		}
		e.compare(t, "who, asked for, can do, load", found, func(c []string) string {
			return fmt.Sprint(ids(c[0])[0], c[1], " of ", c[2], " = ", figure(c[3]))
		})
	})
}

// Each README.md follows one failure all the way.
func TestRipple(t *testing.T) {
	const header = "who, stops after, worked out, because it loses, from"
	for name, failed := range map[string]string{"airline": "sallow-reach", "first": "oven"} {
		t.Run(name, func(t *testing.T) {
			e := open(t, name)
			var found []string
			for _, h := range analysis.Spread(e.Snapshot, analysis.Failure{Stopped: []int32{e.ByID(failed)}}).Hits(e.Snapshot) {
				found = append(found, fmt.Sprint(e.id(h.Node), h.State, hours(h.Hours), e.Needs[h.Cause.Need].Service, e.id(h.Cause.Provider)))
			}
			e.compare(t, header, found, func(c []string) string {
				if sum(c[2]) != figure(c[1]) {
					t.Errorf("%s: %s is not %s", c[0], c[2], c[1])
				}
				return fmt.Sprint(ids(c[0])[0], analysis.Down, figure(c[1]), c[3], ids(c[4])[0])
			})
		})
	}
}

func TestWays(t *testing.T) {
	eachExample(t, func(t *testing.T, e *example) {
		rows := e.tables["way, steps, lead time, worked out"]
		if len(rows) == 0 {
			t.Fatal("the README.md has no ways")
		}
		ends := ids(rows[0][0])
		answer, err := analysis.Paths(context.Background(), e.Snapshot, analysis.PathQuery{From: e.ByID(ends[0]), To: e.ByID(ends[len(ends)-1])})
		if err != nil || len(answer.Paths) != len(rows) {
			t.Fatal(answer, err)
		}
		for i, p := range answer.Paths {
			c := rows[i]
			if want := ids(c[0]); !slices.Equal(e.names(p.Nodes...), want) || strconv.Itoa(p.Hops) != c[1] || p.LeadTime.String() != figure(c[2]) {
				t.Errorf("way %d is %v, %v; README.md says %v", i+1, e.names(p.Nodes...), p.LeadTime, c)
			}
			if figure(c[2]) != "" && sum(c[3]) != figure(c[2]) {
				t.Errorf("%s is not %s", c[3], c[2])
			}
		}
	})
}

func TestWhatIsLeftOpen(t *testing.T) {
	eachExample(t, func(t *testing.T, e *example) {
		var left []string
		for _, c := range e.tables["what, for how many, which counts as"] {
			left = append(left, figure(c[1]))
		}
		a := e.Assumed
		if found := fmt.Sprint([]int{a.Criticality, a.Tolerance, a.RecoveryHours, a.Capacity}); found != fmt.Sprint(left) {
			t.Errorf("found %s, README.md says %s", found, left)
		}
	})
}

// The figures that the texts of the airline give beside its tables.
func TestTheAirlineIsAsLargeAsItSays(t *testing.T) {
	e := open(t, "airline")
	kinds := map[graph.Kind]int{}
	segments := map[graph.Segment]bool{}
	canFail, tooLate := 0, 0
	for _, n := range e.Nodes {
		kinds[n.Kind]++
		if n.Kind == graph.Customer {
			segments[n.Segment] = true
		}
		if n.CanFail {
			canFail++
		}
	}
	for _, s := range e.findings.SPOFs {
		if late(s) == "yes" {
			tooLate++
		}
	}
	share := func(id string) float64 { return math.Round(100 * e.findings.Shares[e.ByID(id)]) }
	found := fmt.Sprint(kinds[graph.Team], kinds[graph.Unit], kinds[graph.Supplier], kinds[graph.Resource], kinds[graph.Person], kinds[graph.Customer],
		len(segments), len(e.Links), canFail, len(e.findings.SPOFs), tooLate, share("ops-control"), share("charter-desk"), share("line-maintenance"))
	if want := fmt.Sprint(45, 7, 8, 5, 8, 6, 3, 123, 66, 17, 5, 76, 30, 14); found != want {
		t.Errorf("found %s, want %s", found, want)
	}
}

func TestTheFirstFitsOnOneScreen(t *testing.T) {
	e := open(t, "first")
	if e.NodeCount() != 10 || len(e.Links) != 10 {
		t.Errorf("%d nodes and %d links, want 10 and 10", e.NodeCount(), len(e.Links))
	}
}

func TestOpenNamesWhatThereIs(t *testing.T) {
	if _, err := Open("../airline"); err == nil || !strings.Contains(err.Error(), "take one of airline, first") {
		t.Error(err)
	}
}
