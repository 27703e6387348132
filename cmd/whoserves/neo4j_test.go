package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/graphtest"
	"example.com/whoserves/graph/neo4jstore"
	"example.com/whoserves/graph/neo4jstore/neo4jtest"
	"example.com/whoserves/graph/sqlitestore"
	"example.com/whoserves/graph/storetest"
)

// neo4jDesk gives a desk whose store is the Neo4j that tests share, empty.
func neo4jDesk(t *testing.T) (*desk, neo4jtest.Address) {
	t.Helper()
	server := neo4jtest.Server(t)
	d := newDesk(t)
	d.store = server.URI
	d.login(server.User, server.Password)
	return d, server
}

// login puts user and password into the environment.
func (d *desk) login(user, password string) {
	d.t.Setenv("NEO4J_USERNAME", user)
	d.t.Setenv("NEO4J_PASSWORD", password)
	d.t.Setenv("NEO4J_DATABASE", "")
}

// pair is a local file and a Neo4j that should give the same answers.
type pair struct {
	*testing.T
	file, neo4j *desk
}

func newPair(t *testing.T) pair {
	far, _ := neo4jDesk(t)
	near := *far
	near.store = filepath.Join(near.dir, "near.db")
	return pair{t, &near, far}
}

// who and when is all in which two stores may differ.
var whoAndWhen = regexp.MustCompile(`"(time|by)":"[^"]*"`)

// same runs a command on both stores and expects the same of it.
func (p pair) same(args ...string) string {
	p.Helper()
	var said [2]result
	for i, d := range []*desk{p.file, p.neo4j} {
		said[i] = runWith(append(args, "--store", d.store)...)
		said[i].stdout = whoAndWhen.ReplaceAllString(said[i].stdout, `"$1":""`)
		said[i].stderr = strings.ReplaceAll(said[i].stderr, d.store, "STORE")
	}
	if said[0] != said[1] {
		p.Fatalf("whoserves %s\nlocal file: %+v\nNeo4j:      %+v", strings.Join(args, " "), said[0], said[1])
	}
	return said[0].stdout
}

// questions asks both stores everything about an organisation that has a version 2.
func (p pair) questions(org string, s *graph.Snapshot) {
	p.Helper()
	json := []string{"--org", org, "--format", "json"}
	ask := func(args ...string) { p.same(append(args, json...)...) }
	first, last := s.Nodes[0].ID, s.Nodes[len(s.Nodes)-1].ID
	for _, args := range [][]string{{"risks", "--full", "--exact", "--limit", "0"}, {"bottlenecks", "--exact"}, {"show", first}, {"show", last}, {"ripple", first, "--worse", last},
		{"paths", first, last, "--k", "3"}, {"paths", last, first}, {"history"}, {"diff", "0", "1"}, {"diff"}, {"diff", "2", "0"}, {"sources"}, {"validate"}} {
		ask(args...)
	}
	p.same("draw", "--org", org, "-o", "-", "--as", "dot")
}

// TestSameAnswers puts 60 organisations made at random, the airline and the bakery into a local file and a Neo4j: every answer is the same, byte for
// byte, but for who did it when.
func TestSameAnswers(t *testing.T) {
	p := newPair(t)
	for seed := range uint64(60) {
		org := fmt.Sprintf("org %02d", seed)
		first, second := graphtest.Random(seed, 5+int(seed)/3), graphtest.Random(1000+seed, 8)
		second.Sources[0].Name = "second"
		for _, d := range []*desk{p.file, p.neo4j} {
			d.commit(org, first, second)
		}
		org0, err := (&graph.Org{}).Apply(graph.Diff(&graph.Org{}, &graph.Org{Sources: []*graph.Source{first.Sources[0], second.Sources[0]}}))
		if err != nil {
			t.Fatal(err)
		}
		p.questions(org, graph.NewSnapshot(org0))
		p.same("undo", "1", "--dry-run", "--org", org, "--format", "json")
		p.same("undo", "--org", org, "--format", "json")
		p.same("risks", "--org", org, "--format", "json")
	}
	p.same("orgs", "--format", "json")
}

// commit imports two organisations, one after the other, into the store of the desk.
func (d *desk) commit(org string, orgs ...*graph.Org) {
	d.t.Helper()
	a := &app{store: d.store, org: org}
	st, err := a.openToWrite(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	defer st.Close()
	for _, o := range orgs {
		if _, _, err := graph.Commit(d.t.Context(), st, o, graph.VersionRecord{By: "tester"}, nil); err != nil {
			d.t.Fatal(err)
		}
	}
}

// TestSameAirline does with an organisation what people do, on a local file and on a Neo4j, in every format.
func TestSameAirline(t *testing.T) {
	p := newPair(t)
	const airline = "../../examples/airline"
	for _, args := range [][]string{
		{"import", "--dry-run", airline}, {"import", airline}, {"import", airline}, {"risks"}, {"show", "Crew scheduling"}, {"ripple", "Sallow Reach Terminal"},
		{"ripple", "site:Operations House", "--worse", "payroll"}, {"paths", "payroll", "leisure-travellers", "--k", "5"}, {"bottlenecks"},
		{"import", "--source", "more", p.file.file("links.csv", "provider,consumer,service,volume,Kosten €", "payroll,IT operations,Extra,1e3,5", "Nobody,payroll,,,")},
		{"history"}, {"diff", "0", "1"}, {"diff"}, {"sources"}, {"sources", "--rank", "more"}, {"validate"}, {"undo", "--dry-run"}, {"undo"}, {"undo"}, {"undo", "2"}, {"diff", "1", "5"}, {"orgs"},
	} {
		for _, format := range []string{"json", "csv", "text"} {
			if format != "json" && (args[0] == "undo" || args[0] == "import" || args[0] == "history" || args[0] == "sources") {
				continue // a second time it does something else; times stand in the text
			}
			p.same(append(args, "--format", format)...)
		}
	}
	for _, view := range []string{"overview", "risks", "customer&customer=leisure-travellers", "bottlenecks", "compare&a=1&b=2"} {
		p.same("draw", "--view", view, "-o", "-")
		p.same("draw", "--view", view, "-o", "-", "--as", "dot")
	}
	for _, bad := range [][]string{{"show", "nobody"}, {"diff", "1", "99"}, {"undo", "99"}, {"undo", "1"}, {"risks", "--org", "nobody"}, {"sources", "--rank", "nobody"}} {
		p.same(bad...)
	}
}

// Looking at a Neo4j that holds nothing of ours leaves nothing there.
func TestNoStoreInNeo4j(t *testing.T) {
	d, server := neo4jDesk(t)
	server.DropSchema(t)
	readNothing(d)
	links := d.file("links.csv", chain...)
	d.run(done, "import", "--dry-run", links)
	d.run(wrong, "undo")
	d.run(wrong, "sources", "--rank", "a")
	d.run(done, "validate")
	d.check(wrong, "copy", "--from-store", d.store, "--to-store", filepath.Join(d.dir, "new.db"))
	if exists(filepath.Join(d.dir, "new.db")) {
		t.Error("a copy of nothing made a store")
	}
	for _, question := range []string{"MATCH (n) RETURN n", "SHOW CONSTRAINTS YIELD name RETURN name", "SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name"} {
		if rows := server.Run(t, question, nil); len(rows) > 0 {
			t.Errorf("%s: looking left %v behind", question, rows)
		}
	}
	if r := d.run(done, "risks"); !strings.Contains(r.stderr, "holds nothing of whoserves") {
		t.Errorf("got %s", r.stderr)
	}
	d.run(done, "import", links)
	if r := d.run(wrong, "risks", "--org", "other"); !strings.Contains(r.stderr, "default") {
		t.Errorf("got %s", r.stderr)
	}
}

// What people change in Neo4j by hand is taken over by refresh, import and undo, and said.
func TestHandEdits(t *testing.T) {
	d, server := neo4jDesk(t)
	links := d.file("links.csv", chain...)
	d.run(done, "import", d.file("nodes.csv", people...), links)
	r := d.run(done, "refresh", "--format", "json")
	if got := decode[importJSON](t, r.stdout); *got.Version != 1 || got.Added+got.Changed+got.Removed != 0 || len(got.Problems) != 0 {
		t.Fatalf("nobody changed anything: %s", r.stdout)
	}
	if r := d.run(done, "refresh"); !strings.Contains(r.stdout, "the store stays at version 1") {
		t.Errorf("got %s", r.stdout)
	}

	server.Run(t, "MATCH (n:Entity {id: 'fuel'}) SET n.contact = 'new@example.org'", nil)
	server.Run(t, "MATCH (a:Entity {id: 'fuel'}), (b:Entity {id: 'ramp-2'}) CREATE (a)-[:SERVES {service: 'Jet fuel'}]->(b)", nil)
	r = d.run(done, "refresh", "--format", "json")
	if got := decode[importJSON](t, r.stdout); *got.Version != 2 || got.Added != 1 || got.Changed != 1 || got.Removed != 0 {
		t.Fatalf("two changes by hand: %s", r.stdout)
	}
	if r := d.run(done, "sources", "--format", "json"); !strings.Contains(r.stdout, `"neo4j"`) {
		t.Errorf("got %s", r.stdout)
	}

	server.Run(t, "MATCH (n:Entity {id: 'ramp'}) SET n.recovery_hours = 99", nil)
	r = d.run(done, "import", "--source", "more", "--format", "json", d.file("more/links.csv", "provider,consumer,service", "Tug,Ramp,Towing"))
	if got := decode[importJSON](t, r.stdout); *got.Version != 4 || !strings.Contains(r.stderr, "0 added, 1 changed, 0 removed. That is version 3 now") {
		t.Errorf("got %s%s", r.stdout, r.stderr)
	}
	server.Run(t, "MATCH (n:Entity {id: 'ramp'}) SET n.recovery_hours = 98", nil)
	r = d.run(done, "undo", "4", "--format", "json")
	if got := decode[importJSON](t, r.stdout); *got.Version != 6 || !strings.Contains(r.stderr, "That is version 5 now") {
		t.Errorf("got %s%s", r.stdout, r.stderr)
	}
	if r := d.run(done, "show", "ramp", "--format", "json"); strings.Contains(r.stdout, "tug") {
		t.Errorf("got %s", r.stdout)
	}

	server.Run(t, "MATCH (:Entity {id: 'fuel'})-[r:SERVES]->(:Entity {id: 'ramp'}) SET r.criticality = 'very'", nil)
	for _, args := range [][]string{{"validate"}, {"refresh"}, {"validate"}} {
		r := runWith(append(args, "--store", d.store, "--format", "json")...)
		if got := decode[importJSON](t, r.stdout); len(got.Problems) == 0 || *got.Version != 6 || !strings.Contains(r.stdout, "very") {
			t.Errorf("%v: status %d, %s%s", args, r.status, r.stdout, r.stderr)
		}
	}
}

// TestCopyNeo4j copies histories both ways between a local file and a Neo4j.
func TestCopyNeo4j(t *testing.T) {
	server := neo4jtest.Server(t)
	far := func(t *testing.T) storetest.Opener {
		server.Empty(t)
		return func(ctx context.Context, org string) (graph.Store, error) {
			return neo4jstore.Open(ctx, neo4jstore.Config{URI: server.URI, User: server.User, Password: server.Password}, org)
		}
	}
	near := func(t *testing.T) storetest.Opener {
		path := filepath.Join(t.TempDir(), "store.db")
		return func(ctx context.Context, org string) (graph.Store, error) { return sqlitestore.Open(ctx, path, org) }
	}
	t.Run("to Neo4j", func(t *testing.T) { storetest.Copy(t, near, far) })
	t.Run("from Neo4j", func(t *testing.T) { storetest.Copy(t, far, near) })
}

// The commands that lead from a local file to a Neo4j and back.
func TestCopyAirline(t *testing.T) {
	p := newPair(t)
	p.file.run(done, "import", "../../examples/airline")
	p.file.run(done, "undo")
	p.file.run(done, "undo")
	back := filepath.Join(p.file.dir, "back.db")
	for _, ends := range [][2]string{{p.file.store, p.neo4j.store}, {p.neo4j.store, back}} {
		r := p.file.check(done, "copy", "--from-store", ends[0], "--to-store", ends[1], "--format", "json")
		if want := `{"org":"default","versions":3,"documents":0,"verified":true}`; strings.TrimSpace(r.stdout) != want {
			t.Errorf("got %s, want %s", r.stdout, want)
		}
	}
	for _, args := range [][]string{{"risks"}, {"history"}, {"diff", "0", "3"}, {"sources"}, {"validate"}} {
		args = append(args, "--format", "json")
		p.same(args...)
		first, again := p.file.run(done, args...), (&desk{t: t, store: back}).run(done, args...)
		if first.stdout != again.stdout {
			t.Errorf("%v: after copying there and back:\n%s\nwant\n%s", args, again.stdout, first.stdout)
		}
	}
	if r := p.neo4j.run(done, "refresh", "--format", "json"); !strings.Contains(r.stdout, `"version":3,"added":0,"changed":0,"removed":0,"problems":[]`) {
		t.Errorf("a copy looks as if others had changed it: %s", r.stdout)
	}
}

// oneLine expects an error that is one clear sentence, in time and without the password.
func (d *desk) oneLine(status int, words string, args ...string) {
	d.t.Helper()
	began := time.Now()
	r := d.check(status, args...)
	if took := time.Since(began); took > 10*time.Second {
		d.t.Errorf("%v took %v", args, took)
	}
	if strings.Count(r.stderr, "\n") != 1 || !strings.Contains(r.stderr, words) || strings.Contains(r.stderr, secret) {
		d.t.Errorf("%v says %q, want one line with %q", args, r.stderr, words)
	}
}

// deaf listens and never answers.
func deaf(t *testing.T) (address string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			if _, err := ln.Accept(); err != nil {
				return
			}
		}
	}()
	return ln.Addr().String()
}

// Without a server every command says so within 10 seconds.
func TestNoServer(t *testing.T) {
	d := newDesk(t)
	d.login("neo4j", secret)
	links := d.file("links.csv", chain...)
	for _, uri := range []string{"bolt://127.0.0.1:1", "neo4j://127.0.0.1:1", "neo4j+s://127.0.0.1:1", "bolt+ssc://no-such-host.invalid"} {
		d.oneLine(trouble, "cannot be reached", "risks", "--store", uri)
	}
	const uri = "bolt://127.0.0.1:1"
	for _, args := range [][]string{{"undo"}, {"refresh"}, {"validate"}, {"orgs"}, {"show", "x"}, {"draw", "-o", "-"}} {
		d.oneLine(trouble, "cannot be reached", append(args, "--store", uri)...)
	}
	if r := d.check(trouble, "import", links, "--store", uri); r.stdout != "" || !strings.Contains(r.stderr, "cannot be reached") {
		t.Errorf("got %+v", r)
	}
	d.oneLine(trouble, "cannot be reached", "copy", "--from-store", uri, "--to-store", filepath.Join(d.dir, "x.db"))
	d.oneLine(trouble, "cannot be reached", "risks", "--store", "bolt://"+deaf(t))
}

// Each trouble with a server is one clear sentence.
func TestServerTrouble(t *testing.T) {
	d, server := neo4jDesk(t)
	rest := strings.TrimPrefix(server.URI, "bolt://")
	d.login("neo4j", secret)
	d.oneLine(trouble, "password", "risks", "--store", d.store)
	d.login("nobody", server.Password)
	d.oneLine(trouble, `"nobody"`, "risks", "--store", d.store)
	d.login("", "")
	d.oneLine(trouble, "$NEO4J_PASSWORD", "risks", "--store", d.store)
	d.login("neo4j", server.Password)
	d.oneLine(trouble, "nothing-here", "risks", "--store", d.store, "--neo4j-database", "nothing-here")
	t.Setenv("NEO4J_DATABASE", "nor-here")
	d.oneLine(trouble, "nor-here", "refresh", "--store", d.store)
	t.Setenv("NEO4J_DATABASE", "neo4j")
	d.oneLine(trouble, "encrypt", "risks", "--store", "bolt+s://"+rest)
	d.oneLine(trouble, "encrypt", "risks", "--store", "neo4j+ssc://"+rest)

	// It works with a file for the password as well, whatever the environment says.
	d.login("", secret)
	file := d.file("password", server.Password)
	if err := os.Chmod(file, 0o600); err != nil {
		t.Fatal(err)
	}
	d.run(done, "import", d.file("links.csv", chain...), "--neo4j-password-file", file)
	if r := d.run(done, "risks", "--neo4j-password-file", file); r.stderr != "" {
		t.Errorf("got %s", r.stderr)
	}
	t.Setenv("WHOSERVES_STORE", "neo4j://"+rest)
	d.check(done, "risks", "--neo4j-password-file", file, "--neo4j-user", "neo4j", "--neo4j-database", "neo4j")

	server.Run(t, "MATCH (s:WhoservesStore) SET s.format = 99", nil)
	for _, args := range [][]string{{"risks"}, {"undo"}, {"serve", "--listen", "127.0.0.1:0"}} {
		d.oneLine(trouble, "newer whoserves", append(args, "--neo4j-password-file", file)...)
	}
}

// A web app takes over what others write into its Neo4j; what waiting cannot heal ends it at once.
func TestServeNeo4j(t *testing.T) {
	d, server := neo4jDesk(t)
	d.run(done, "import", d.file("nodes.csv", people...), d.file("links.csv", chain...))
	server.Run(t, "MATCH (n:Entity {id: 'fuel'}) SET n.contact = 'new@example.org'", nil)
	w := startWeb(t, "serve", "--listen", "127.0.0.1:0", "--store", d.store, "--refresh", "1s")
	w.ready()
	w.until("/api/v1/history", `"version":2`) // what others wrote is taken over at the start
	server.Run(t, "MATCH (n:Entity {id: 'ramp'}) SET n.recovery_hours = 99", nil)
	w.until("/api/v1/history", `"version":3`) // and again while it serves
	d.run(done, "import", "--source", "more", d.file("more/links.csv", "provider,consumer,service", "Tug,Ramp,Towing"))
	w.until("/api/v1/show?node=ramp", "tug")
	w.end()
	d.run(wrong, "serve", "--listen", "127.0.0.1:0", "--org", "nobody")
	d.login("neo4j", secret)
	d.oneLine(trouble, "password", "serve", "--listen", "127.0.0.1:0", "--store", d.store)
}

// The web app of a store that is not there says so without the password, and may be stopped at once.
func TestServeWaitsInVain(t *testing.T) {
	d := newDesk(t)
	d.login("neo4j", secret)
	w := startWeb(t, "serve", "--listen", "127.0.0.1:0", "--store", "bolt://127.0.0.1:1")
	var page bytes.Buffer
	_, body := w.get("/")
	page.WriteString(body)
	if _, api := w.get("/api/v1/risks"); strings.Contains(page.String()+api+w.stderr.String(), secret) || !strings.Contains(body, "127.0.0.1:1") {
		t.Errorf("the page says %s", body)
	}
	w.end()
}

func TestImportRowsOfAQuery(t *testing.T) {
	server := neo4jtest.Server(t)
	server.Run(t, `CREATE (:Dept {name: "Payroll"})-[:FEEDS {copes: 24}]->(:Dept {name: "Crew scheduling"})`, nil)
	d := newDesk(t)
	d.login(server.User, server.Password)
	query := d.file("links-2026-11.cypher", "MATCH (a:Dept)-[r:FEEDS]->(b) RETURN a.name AS Provider, b.name AS Consumer, r.copes AS `Tolerance (hours)`;")
	r := d.run(done, "import", server.URI, "--cypher", query, "--store", d.store)
	if want := "links-2026-11.cypher, row 1 means: “Payroll” serves “Crew scheduling”."; !strings.Contains(r.stderr, want) {
		t.Errorf("said %q, want %q", r.stderr, want)
	}
	if r := d.run(done, "show", "Payroll", "--format", "json", "--store", d.store); !strings.Contains(r.stdout, `"consumers":[{"id":"crew-scheduling"`) {
		t.Errorf("show %s", r.stdout)
	}
	if r := d.run(done, "sources", "--store", d.store); !strings.Contains(r.stdout, " links  ") {
		t.Errorf("sources %s", r.stdout)
	}
	server.Run(t, `MATCH (a {name: "Payroll"}) DETACH DELETE a`, nil)
	for name, args := range map[string][]string{
		"no rows":          {server.URI, "--cypher", query},
		"no query":         {server.URI},
		"files beside it":  {server.URI, query, "--cypher", query},
		"a query only":     {"--cypher", query},
		"no file":          {server.URI, "--cypher", query + ".gone"},
		"a password in it": {"neo4j://a:b@localhost", "--cypher", query},
	} {
		if r := runWith(append([]string{"import", "--store", d.store}, args...)...); r.status != wrong || r.stdout != "" || r.stderr == "" {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if r := d.run(done, "history", "--format", "json", "--store", d.store); strings.Count(r.stdout, `"version"`) != 1 {
		t.Errorf("history %s", r.stdout)
	}
}
