package neo4jstore

import (
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/neo4jstore/neo4jtest"
)

// What the benchmarks import. The aims for memory are set for -nodes 100000 -links 1000000.
var (
	benchNodes = flag.Int("nodes", 20_000, "nodes in the benchmarks")
	benchLinks = flag.Int("links", 100_000, "links in the benchmarks")
)

// benchOrg makes an organisation with about half of the usual columns filled in, and unknown columns in every fourth link.
func benchOrg(nodes, links int) *graph.Org {
	r := rand.New(rand.NewPCG(1, 2))
	ns, ls := make([]*graph.NodeRecord, nodes), make([]*graph.LinkRecord, links)
	id := func(i int) string { return fmt.Sprintf("team-%06d", i) }
	services := make([]string, 300)
	for i := range services {
		services[i] = fmt.Sprintf("service number %d", i)
	}
	for i := range ns {
		ns[i] = &graph.NodeRecord{ID: id(i), Name: fmt.Sprintf("Team number %d", i), Kind: graph.Team, Headcount: graph.Given(float64(r.IntN(40))),
			RecoveryHours: graph.Given(float64(r.IntN(72))), Contact: fmt.Sprintf("team%d@example.com", i), From: graph.Origin{File: "nodes.csv", Row: i + 2}}
	}
	for i := range ls {
		ls[i] = &graph.LinkRecord{Provider: id(r.IntN(nodes)), Consumer: id(r.IntN(nodes)), Service: services[r.IntN(len(services))],
			Criticality: graph.Criticality(1 + r.IntN(3)), Tolerance: graph.Given(float64(r.IntN(48))), Volume: graph.Given(float64(r.IntN(1000))),
			Satisfaction: graph.Given(float64(r.IntN(101))), Channel: "#ops", From: graph.Origin{File: "links.csv", Row: i + 2}}
		if i%4 == 0 {
			ls[i].Attrs = []graph.Attr{{Name: "Cost centre", Value: fmt.Sprint(i % 5000)}, {Name: "Region", Value: "EMEA"}}
		}
	}
	return &graph.Org{Name: graph.DefaultOrg, Sources: []*graph.Source{graph.NewSource("bench", ns, ls)}}
}

// timed runs f after the garbage of others was collected.
func timed(b *testing.B, f func() error) time.Duration {
	b.Helper()
	runtime.GC()
	start := time.Now()
	if err := f(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

// fastest keeps the shortest of several times; the zero value knows none.
type fastest time.Duration

func (f *fastest) add(d time.Duration) {
	if *f == 0 || fastest(d) < *f {
		*f = fastest(d)
	}
}

func (f fastest) seconds() float64 { return time.Duration(f).Seconds() }

// BenchmarkImport times the first import of an organisation, preview included, beside three others on the same warm server:
// bare-s is what the driver alone takes to write the same rows and properties (plain graph, facts, log and version) with
// the same UNWINDs of 10,000 rows in one transaction; plain-s is that of the plain graph alone; csv-s is LOAD CSV of the plain
// rows, one transaction for nodes and one for links. x-bare is import by bare. The times are the best of all rounds.
func BenchmarkImport(b *testing.B) {
	a, incoming := neo4jtest.Server(b), benchOrg(*benchNodes, *benchLinks)
	var commit, bare, plain, csv fastest
	files := serveCSV(b, incoming.Sources[0])
	round := func() (c, all, p, l time.Duration) {
		a.Empty(b)
		st := need[*Store](b)(Open(b.Context(), configFor(a), graph.DefaultOrg))
		defer st.Close()
		c = timed(b, func() error {
			_, _, err := graph.Commit(b.Context(), st, incoming, graph.VersionRecord{By: "bench"}, nil)
			return err
		})
		a.Empty(b)
		all = bareWrite(b, st, incoming, true)
		a.Empty(b)
		p = bareWrite(b, st, incoming, false)
		a.Empty(b)
		l = loadCSV(b, st, files)
		b.Logf("import %v, bare %v, plain graph alone %v, LOAD CSV %v", c, all, p, l)
		return c, all, p, l
	}
	round() // the server warms up
	for b.Loop() {
		c, all, p, l := round()
		commit.add(c)
		bare.add(all)
		plain.add(p)
		csv.add(l)
	}
	b.ReportMetric(commit.seconds(), "import-s")
	b.ReportMetric(bare.seconds(), "bare-s")
	b.ReportMetric(plain.seconds(), "plain-s")
	b.ReportMetric(csv.seconds(), "csv-s")
	b.ReportMetric(commit.seconds()/bare.seconds(), "x-bare")
	b.ReportMetric(0, "ns/op")
}

// bareWrite times the writing of finished rows: those of an import, or only those of its plain graph.
func bareWrite(b *testing.B, st *Store, incoming *graph.Org, everything bool) time.Duration {
	before := &facts{org: &graph.Org{Name: st.org}}
	w, err := prepare(before, graph.Diff(before.org, incoming), graph.VersionRecord{By: "bench", Number: 1})
	if err != nil {
		b.Fatal(err)
	}
	parts := []statements{graphStatements(w.delta, st.by.rows, false)}
	if everything {
		parts = append(parts, st.logged(w), st.fresh(w))
	}
	var finished []statement
	for _, part := range parts {
		for s, err := range part {
			if err != nil {
				b.Fatal(err)
			}
			finished = append(finished, s)
		}
	}
	session := st.session(b.Context(), neo4j.AccessModeWrite)
	defer session.Close(b.Context())
	return timed(b, func() error {
		tx, err := session.BeginTransaction(b.Context())
		if err != nil {
			return err
		}
		for _, s := range finished {
			if err := s.run(b.Context(), tx); err != nil {
				return err
			}
		}
		if everything {
			if _, err := st.lock(b.Context(), tx); err != nil {
				return err
			}
			if err := st.moveTo(b.Context(), tx, w.target()); err != nil {
				return err
			}
		}
		return tx.Commit(b.Context())
	})
}

// serveCSV serves nodes.csv and links.csv to the server.
func serveCSV(b *testing.B, s *graph.Source) string {
	handle := func(write func(w *csv.Writer)) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			rows := csv.NewWriter(w)
			write(rows)
			rows.Flush()
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/nodes.csv", handle(func(w *csv.Writer) {
		w.Write([]string{"id", "name", "headcount", "recovery_hours", "contact"})
		for _, r := range s.Nodes {
			w.Write([]string{r.ID, r.Name, r.Headcount.String(), r.RecoveryHours.String(), r.Contact})
		}
	}))
	mux.HandleFunc("/links.csv", handle(func(w *csv.Writer) {
		w.Write([]string{"provider", "consumer", "service", "criticality", "tolerance_hours", "volume", "satisfaction", "channel"})
		for _, r := range s.Links {
			w.Write([]string{r.Provider, r.Consumer, r.Service, r.Criticality.String(), r.Tolerance.String(), r.Volume.String(), r.Satisfaction.String(), r.Channel})
		}
	}))
	server := httptest.NewServer(mux)
	b.Cleanup(server.Close)
	return server.URL
}

func loadCSV(b *testing.B, st *Store, url string) time.Duration {
	return timed(b, func() error {
		return st.run(b.Context(),
			`LOAD CSV WITH HEADERS FROM '`+url+`/nodes.csv' AS row CREATE (n:Entity:Team {uid: 'default/' + row.id, org: 'default', id: row.id, name: row.name,
				headcount: toInteger(row.headcount), recovery_hours: toInteger(row.recovery_hours), contact: row.contact})`,
			`LOAD CSV WITH HEADERS FROM '`+url+`/links.csv' AS row MATCH (a:Entity {uid: 'default/' + row.provider}) MATCH (b:Entity {uid: 'default/' + row.consumer})
				CREATE (a)-[:SERVES {org: 'default', service: row.service, criticality: row.criticality, tolerance_hours: toInteger(row.tolerance_hours),
				volume: toInteger(row.volume), satisfaction: toInteger(row.satisfaction), channel: row.channel}]->(b)`)
	})
}

// BenchmarkLoad times the first Load of a handle; x-bare is its time in streaming reads of the plain graph by the driver alone.
func BenchmarkLoad(b *testing.B) {
	a := neo4jtest.Server(b)
	writer := openStore(b, a, usual)
	importSource(b, writer, benchOrg(*benchNodes, *benchLinks).Sources[0])
	var load, bare, snapshot fastest
	round := func() (time.Duration, time.Duration) {
		st := need[*Store](b)(Open(b.Context(), configFor(a), graph.DefaultOrg))
		defer st.Close()
		l := timed(b, func() error {
			o, err := st.Load(b.Context())
			if err == nil && len(o.Sources[0].Links) != *benchLinks {
				err = fmt.Errorf("%d links", len(o.Sources[0].Links))
			}
			return err
		})
		return l, timed(b, func() error { return bareRead(b.Context(), st) })
	}
	round() // the server warms up
	for b.Loop() {
		l, p := round()
		load.add(l)
		bare.add(p)
		snapshot.add(timed(b, func() error { _, _, err := writer.Refresh(b.Context(), graph.VersionRecord{By: "bench"}); return err }))
	}
	b.ReportMetric(load.seconds(), "load-s")
	b.ReportMetric(bare.seconds(), "bare-s")
	b.ReportMetric(snapshot.seconds(), "refresh-s")
	b.ReportMetric(load.seconds()/bare.seconds(), "x-bare")
	b.ReportMetric(0, "ns/op")
}

// bareRead reads all nodes and relationships with their properties, as they come.
func bareRead(ctx context.Context, st *Store) error {
	return st.read(ctx, func(tx neo4j.ManagedTransaction) error {
		for _, cypher := range []string{"MATCH (n:Entity) RETURN n.uid, labels(n), properties(n)",
			"MATCH (a:Entity)-[r]->(b:Entity) RETURN a.uid, type(r), b.uid, properties(r)"} {
			result, err := tx.Run(ctx, cypher, nil)
			if err != nil {
				return err
			}
			n := 0
			for result.Next(ctx) {
				n++
			}
			if result.Err() != nil || n == 0 {
				return fmt.Errorf("%d rows: %w", n, result.Err())
			}
		}
		return nil
	})
}

// leanness is the $GOGC of BenchmarkMemory's processes, as the program sets it for imports: about two thirds of what they import is
// garbage soon.
const leanness = "40"

// BenchmarkMemory imports and loads, each in a process of its own, with a server of its own of 2 GB, and gives the most memory that
// each process ever held and the times.
func BenchmarkMemory(b *testing.B) {
	server := neo4jtest.Start(b, neo4jtest.Options{Heap: "2g"})
	for b.Loop() {
		server.Empty(b)
		for _, what := range []string{"import", "load"} {
			cmd, stdout, stderr := child("memory", server.Address, what, *benchNodes, *benchLinks)
			cmd.Env = append(cmd.Env, "GOGC="+leanness)
			if err := cmd.Run(); err != nil {
				b.Fatal(err, stderr)
			}
			var seconds, mb float64
			if _, err := fmt.Sscan(stdout.String(), &seconds, &mb); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(seconds, what+"-s")
			b.ReportMetric(mb, what+"-MB")
		}
	}
	b.ReportMetric(0, "ns/op")
}

// childMemory imports or loads an organisation and tells the seconds that it took and the most memory, in MB, that it held, as
// Linux counts it: import|load NODES LINKS.
func childMemory(a neo4jtest.Address, args []string) (string, error) {
	ctx := context.Background()
	nodes, _ := strconv.Atoi(args[1])
	links, _ := strconv.Atoi(args[2])
	var incoming *graph.Org
	if args[0] == "import" {
		incoming = benchOrg(nodes, links)
	}
	start := time.Now()
	st, err := Open(ctx, configFor(a), graph.DefaultOrg)
	if err != nil {
		return "", err
	}
	defer st.Close()
	if incoming != nil {
		_, _, err = graph.Commit(ctx, st, incoming, graph.VersionRecord{By: "bench"}, nil)
	} else {
		var o *graph.Org
		if o, err = st.Load(ctx); err == nil && len(o.Sources[0].Links) != links {
			err = fmt.Errorf("%d links of %d came back", len(o.Sources[0].Links), links)
		}
	}
	return fmt.Sprintf("%.3f %.0f", time.Since(start).Seconds(), peak()/1024), err
}

// peak is the most memory that this process held so far, in KiB; 0 where the system does not say.
func peak() float64 {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return 0
	}
	defer f.Close()
	status, err := io.ReadAll(f)
	if err != nil {
		return 0
	}
	_, text, _ := strings.Cut(string(status), "VmHWM:")
	kib, _ := strconv.ParseFloat(strings.Fields(text + " 0")[0], 64)
	return kib
}
