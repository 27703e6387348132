package export_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/export"
	"example.com/whoserves/graph/graphtest"
	"example.com/whoserves/graph/neo4jstore/neo4jtest"
	"example.com/whoserves/graph/propertygraph"
)

// A Neo4j that ran the script holds just the graph of package propertygraph, also when it ran it twice.
func TestCypherInNeo4j(t *testing.T) {
	server := neo4jtest.Server(t)
	for i, s := range []*graph.Snapshot{small(), hardSnapshot(), graph.NewSnapshot(graphtest.Random(5, 20))} {
		server.Empty(t)
		server.DropSchema(t)
		script := graphText(t, export.Cypher, s)
		for range 2 {
			for statement := range strings.SplitSeq(strings.TrimSuffix(script, ";\n"), ";\n") {
				server.Run(t, statement, nil)
			}
		}
		var got []string
		for _, r := range server.Run(t, "MATCH (n) RETURN labels(n) AS labels, properties(n) AS properties", nil) {
			var label string
			for _, l := range r["labels"].([]any) {
				if l != propertygraph.LabelEntity {
					label += l.(string)
				}
			}
			got = append(got, line(t, label, "", "", r["properties"].(map[string]any)))
		}
		for _, r := range server.Run(t, "MATCH (a)-[r]->(b) RETURN type(r) AS type, a.uid AS a, b.uid AS b, properties(r) AS properties", nil) {
			got = append(got, line(t, r["type"].(string), r["a"].(string), r["b"].(string), r["properties"].(map[string]any)))
		}
		var want []string
		for _, b := range propertygraph.Diff(&graph.Snapshot{}, s).Batches(1000) {
			for _, n := range b.Nodes() {
				want = append(want, line(t, b.Label, "", "", n.Properties))
			}
			for _, r := range b.Relationships() {
				want = append(want, line(t, b.Type, r.From, r.To, r.Properties))
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("organisation %d: %s", i, d)
		}
	}
	server.Empty(t)
}

// line writes a node or relationship. A name of a property holds no backslash.
func line(t *testing.T, what, from, to string, properties map[string]any) string {
	t.Helper()
	named := map[string]any{}
	for name, v := range properties {
		if name != propertygraph.PropertyVersion {
			named[strings.ReplaceAll(name, `\`, "/")] = v
		}
	}
	text, err := json.Marshal(named)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s %q %q %s", what, from, to, text)
}
