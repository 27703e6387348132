package neo4jstore

import (
	"errors"
	"strings"
	"testing"

	"example.com/whoserves/graph/neo4jstore/neo4jtest"
)

func TestRows(t *testing.T) {
	server := neo4jtest.Server(t)
	server.Run(t, `CREATE (:Dept {name: "Payroll", since: date("2020-02-03"), codes: ["a", "b"]})-[:FEEDS {hours: 2.5}]->(:Dept {name: "Crew"}),
		(:Dept {name: "Legal"})`, nil)
	for _, c := range []struct{ name, query, want string }{
		{"columns in the order of the query", `MATCH (a)-[r:FEEDS]->(b) RETURN b.name AS consumer, a.name AS provider, r.hours AS tolerance;`,
			`{"consumer":"Crew","provider":"Payroll","tolerance":2.5}` + "\n"},
		{"what is null is left out", `MATCH (a:Dept) RETURN a.name AS name, a.since AS since, a.codes AS tags ORDER BY name DESC`,
			`{"name":"Payroll","since":"2020-02-03","tags":["a","b"]}` + "\n" + `{"name":"Legal"}` + "\n" + `{"name":"Crew"}` + "\n"},
		{"nodes and relationships", `MATCH (a)-[r:FEEDS]->(b) RETURN b, r // both`,
			`{"b":{"labels":["Dept"],"name":"Crew"},"r":{"hours":2.5,"type":"FEEDS"}}` + "\n"},
		{"a row of nulls", `RETURN null AS a`, "{}\n"},
		{"no row", `MATCH (a:Nothing) RETURN a`, ""},
	} {
		got, err := Rows(t.Context(), configFor(server), c.query)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %q, %v, want %q", c.name, got, err, c.want)
		}
	}
}

func TestRowsChangeNothing(t *testing.T) {
	server := neo4jtest.Server(t)
	before := len(server.Run(t, "MATCH (n) RETURN n", nil))
	for query, words := range map[string]string{
		"CREATE (:Dept) RETURN 1 AS a": "",
		"MATCH (n) DETACH DELETE n":    "",
		"RETRUN 1":                     "RETRUN",
	} {
		_, err := Rows(t.Context(), configFor(server), query)
		var trouble *Error
		if !errors.As(err, &trouble) || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v", query, err)
		}
	}
	if after := len(server.Run(t, "MATCH (n) RETURN n", nil)); after != before {
		t.Errorf("%d nodes became %d", before, after)
	}
}
