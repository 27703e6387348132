package neo4jstore_test

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/neo4jstore"
	"example.com/whoserves/graph/neo4jstore/neo4jtest"
	"example.com/whoserves/importer"
)

// readmeQueries are the queries of the README, in its order.
func readmeQueries(t *testing.T) []string {
	t.Helper()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(readme), "```cypher\n")
	text, _, ended := strings.Cut(rest, "```")
	if !found || !ended {
		t.Fatal("the README has no queries")
	}
	return strings.Split(strings.TrimSpace(text), "\n\n")
}

// TestReadmeQueries runs what the README offers on the airline and compares it with what whoserves itself says.
func TestReadmeQueries(t *testing.T) {
	server := neo4jtest.Server(t)
	snap := importAirline(t, server)
	queries := readmeQueries(t)
	if len(queries) != 6 {
		t.Fatalf("%d queries, want 6", len(queries))
	}
	run := func(query string) (rows []string) {
		for _, row := range server.Run(t, query, nil) {
			rows = append(rows, fmt.Sprint(row))
		}
		return rows
	}
	name := func(x int32) string { return snap.Nodes[x].Name }
	crew, payroll, leisure := snap.ByID("crew-scheduling"), snap.ByID("payroll"), snap.ByID("leisure-travellers")

	var providers, silent, origins []string
	for _, site := range snap.Nodes[crew].Sites {
		providers = append(providers, fmt.Sprint(map[string]any{"p.name": name(site), "s.service": graph.ServiceSitePrefix + name(site), "criticality": "critical"}))
	}
	for _, l := range snap.Links {
		if l.Consumer == crew {
			providers = append(providers, fmt.Sprint(map[string]any{"p.name": name(l.Provider), "s.service": orNull(l.Service), "criticality": cmp.Or(l.Values.Criticality, graph.Critical).String()}))
		}
		if l.Values.Feedback == "" {
			silent = append(silent, fmt.Sprint(map[string]any{"p.name": name(l.Provider), "c.name": name(l.Consumer), "s.service": orNull(l.Service)}))
		}
		if l.Provider == payroll && l.Consumer == crew {
			from := l.Stated[0].Record.From
			origins = append(origins, fmt.Sprint(map[string]any{"s.service": orNull(l.Service), "s.sources": []any{"airline"},
				"s.rows": []any{fmt.Sprintf("%s:%d", from.File, from.Row)}, "s.stated": nil}))
		}
	}
	for i, want := range map[int][]string{0: providers, 3: silent, 5: origins} {
		got := run(queries[i])
		slices.Sort(got)
		slices.Sort(want)
		if len(want) == 0 || !slices.Equal(got, want) {
			t.Errorf("%s\ngives %q, want %q", queries[i], got, want)
		}
	}

	chains, err := analysis.Paths(t.Context(), snap, analysis.PathQuery{From: payroll, To: leisure, K: 1})
	if err != nil {
		t.Fatal(err)
	}
	chain := server.Run(t, queries[1], nil)
	if names := chain[0]["names"].([]any); len(chain) != 1 || len(names) != len(chains.Paths[0].Nodes) || names[0] != name(payroll) || names[len(names)-1] != name(leisure) {
		t.Errorf("a shortest chain: %v", chain)
	}

	candidates := server.Run(t, queries[2], nil)
	findings, err := analysis.Analyse(t.Context(), snap, analysis.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings.SPOFs {
		n := snap.Nodes[f.Node]
		listed := slices.ContainsFunc(candidates, func(row map[string]any) bool { return row["p.id"] == n.ID })
		if !listed && n.Kind != graph.Person {
			t.Errorf("%s can stop a customer alone and is no candidate", n.ID)
		}
	}

	changed := run(queries[4])
	if all := strings.Join(changed, "\n"); len(changed) != 3 || !strings.Contains(all, "what:Payroll → IT]") || !strings.Contains(all, "what:Payroll → Finance]") {
		t.Errorf("the second import changed %q", changed)
	}
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// importAirline imports the airline, and then two links by another source.
func importAirline(t *testing.T, server neo4jtest.Address) *graph.Snapshot {
	t.Helper()
	st, err := neo4jstore.Open(t.Context(), neo4jstore.Config{URI: server.URI, User: server.User, Password: server.Password}, graph.DefaultOrg)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	airline, err := importer.Read(t.Context(), []string{"../../examples/airline"}, importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	more := graph.NewSource("survey", nil, []*graph.LinkRecord{{Provider: "Payroll", Consumer: "IT"}, {Provider: "Payroll", Consumer: "Finance"}})
	for _, org := range []*graph.Org{airline.Org, {Sources: []*graph.Source{more}}} {
		if _, _, err := graph.Commit(t.Context(), st, org, graph.VersionRecord{By: "test"}, nil); err != nil {
			t.Fatal(err)
		}
	}
	org, err := st.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return graph.NewSnapshot(org)
}
