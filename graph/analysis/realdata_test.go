//go:build realdata

package analysis

// These tests read inputs that are not ours to ship: they lie beside the repository, in ../shared/data. They fail when a file
// is missing.

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"example.com/whoserves/graph"
)

// TestKnownCutSets holds single failures to cut sets that other programs worked out.
func TestKnownCutSets(t *testing.T) {
	folder := filepath.Join(repository(t), "../shared/data/needs")
	files, err := filepath.Glob(filepath.Join(folder, "*.csv"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no organisations in %s (%v)", folder, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			s := graph.NewSnapshot(readNeeds(t, file))
			want := readSingles(t, strings.TrimSuffix(file, ".csv")+".least.json")
			if len(want) == 0 || len(want) != len(s.Nodes)-1 {
				t.Fatalf("%d nodes and a customer, and answers for %d", len(s.Nodes)-1, len(want))
			}
			// Both ways: one failure after the other, and all at once with every node as a customer.
			everybody := *s
			everybody.Customers = nil
			singles := map[string][]string{}
			for v := range int32(len(s.Nodes)) {
				everybody.Customers = append(everybody.Customers, v)
				for x, state := range States(s, Failure{Stopped: []int32{v}}) {
					if state == Down && s.Nodes[v].CanFail {
						singles[s.Nodes[x].Name] = append(singles[s.Nodes[x].Name], s.Nodes[v].Name)
					}
				}
			}
			takes, err := takesOf(context.Background(), compile(&everybody), graph.Critical, true, nil)
			if err != nil {
				t.Fatal(err)
			}
			atOnce := map[string][]string{}
			for v := range int32(len(s.Nodes)) {
				customers, _, _ := takes.of(v)
				for _, c := range customers {
					atOnce[s.Nodes[c].Name] = append(atOnce[s.Nodes[c].Name], s.Nodes[v].Name)
				}
			}
			for name := range want {
				for _, got := range [][]string{singles[name], atOnce[name]} {
					if slices.Sort(got); !slices.Equal(got, want[name]) {
						t.Errorf("%s goes down with %q, want %q", name, got, want[name])
					}
				}
			}
		})
	}
}

func readNeeds(t *testing.T, file string) *graph.Org {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) < 2 || strings.Join(rows[0], ",") != "consumer,need,k,provider,critical" {
		t.Fatalf("%s is not what was expected (%v)", file, err)
	}
	var links []*graph.LinkRecord
	for _, row := range rows[1:] {
		k, err := strconv.Atoi(row[2])
		if err != nil {
			t.Fatal(err)
		}
		r := &graph.LinkRecord{Provider: row[3], Consumer: row[0], Service: row[1], MinProviders: graph.Given(float64(k)), Criticality: graph.Critical}
		if row[4] != "yes" {
			r.Criticality = graph.Minor
		}
		links = append(links, r)
	}
	// A customer without needs, so that nobody stands in for customers and cannot fail.
	customer := &graph.NodeRecord{ID: "nobody", Kind: graph.Customer}
	return &graph.Org{Sources: []*graph.Source{graph.NewSource("needs", []*graph.NodeRecord{customer}, links)}}
}

// readSingles gives, by entity, the cut sets of one.
func readSingles(t *testing.T, file string) map[string][]string {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var answers struct {
		CutSets map[string]map[string][][]string `json:"cutsets"`
	}
	if err := json.Unmarshal(text, &answers); err != nil {
		t.Fatal(err)
	}
	singles := map[string][]string{}
	for entity, byOrder := range answers.CutSets {
		singles[entity] = []string{}
		for _, set := range byOrder["1"] {
			singles[entity] = append(singles[entity], set...)
		}
		slices.Sort(singles[entity])
	}
	return singles
}

// The known betweenness of three published networks, on which NetworkX and igraph agree.
func TestSharesOfPublishedNetworks(t *testing.T) {
	for _, test := range []struct {
		edges, answers string
		bothWays       bool
	}{
		{"ht_advice.edges.csv", "ht_advice_directed.csv", false},
		{"ht_reports.edges.csv", "ht_reports_directed.csv", false},
		{"flo_marriage.edges.csv", "flo_marriage.csv", true},
	} {
		t.Run(test.edges, func(t *testing.T) {
			var nodes []*graph.NodeRecord
			var links []*graph.LinkRecord
			want := map[string]float64{}
			for _, row := range networkRows(t, test.answers) {
				nodes = append(nodes, teamRow(row[0]))
				raw, err := strconv.ParseFloat(row[3], 64)
				if err != nil {
					t.Fatal(err)
				}
				want[row[0]] = raw
			}
			for _, row := range networkRows(t, test.edges) {
				links = append(links, linkRow(row[0], row[1]))
				if test.bothWays {
					links = append(links, linkRow(row[1], row[0]))
				}
			}
			s := snapshotFrom(nodes, links)
			if len(s.Nodes) != len(want) || s.PairCount() != len(links) {
				t.Fatalf("%d nodes and %d pairs, want %d and %d", len(s.Nodes), s.PairCount(), len(want), len(links))
			}
			g := pairsOf(s)
			_, pairs, err := g.dependencies(context.Background(), everyNode(g), everyNode(g))
			if err != nil {
				t.Fatal(err)
			}
			shares, bound, err := ChainShare(context.Background(), s, everyNode(g), everyNode(g), false)
			if err != nil || bound != 0 {
				t.Fatal(bound, err)
			}
			for v, share := range shares {
				raw := share * float64(pairs)
				if test.bothWays {
					raw /= 2
				}
				if math.Abs(raw-want[s.Nodes[v].ID]) > 1e-6 {
					t.Errorf("%s: %v, want %v", s.Nodes[v].ID, raw, want[s.Nodes[v].ID])
				}
			}
		})
	}
}

// networkRows reads a file of the published networks, less its header.
func networkRows(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open(filepath.Join(repository(t), "../shared/data/networks", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) < 10 {
		t.Fatalf("%s: %d rows, %v", name, len(rows), err)
	}
	return rows[1:]
}

// repository gives the folder that go.mod lies in.
func repository(t *testing.T) string {
	t.Helper()
	folder, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		if folder == filepath.Dir(folder) {
			err = io.EOF
		}
		folder = filepath.Dir(folder)
	}
	t.Fatal("no go.mod above the test: ", err)
	return ""
}
