package sqlitestore

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.com/whoserves/graph"
)

// The aims are set for -links 1000000; the default keeps a run of all benchmarks short.
var benchLinks = flag.Int("links", 100_000, "links in the benchmarks; a tenth as many nodes")

// benchSource makes a source of n/10 nodes and n links with about half of the usual columns filled in, and
// unknown columns in every fourth link.
func benchSource(n int) *graph.Source {
	r := rand.New(rand.NewPCG(1, 2))
	nodes, links := make([]*graph.NodeRecord, n/10), make([]*graph.LinkRecord, n)
	id := func(i int) string { return fmt.Sprintf("team-%06d", i) }
	services := make([]string, 300)
	for i := range services {
		services[i] = fmt.Sprintf("service number %d", i)
	}
	for i := range nodes {
		nodes[i] = &graph.NodeRecord{ID: id(i), Name: fmt.Sprintf("Team number %d", i), Kind: graph.Team, Unit: fmt.Sprintf("unit-%d", i%500),
			Headcount: graph.Given(float64(r.IntN(40))), RecoveryHours: graph.Given(float64(r.IntN(72))), Contact: fmt.Sprintf("team%d@example.com", i),
			From: graph.Origin{File: "nodes.csv", Row: i + 2}}
	}
	for i := range links {
		links[i] = &graph.LinkRecord{Provider: id(r.IntN(len(nodes))), Consumer: id(r.IntN(len(nodes))), Service: services[r.IntN(len(services))],
			Criticality: graph.Criticality(1 + r.IntN(3)), Tolerance: graph.Given(float64(r.IntN(48))), Volume: graph.Given(float64(r.IntN(1000))),
			Satisfaction: graph.Given(float64(r.IntN(101))), Channel: "#ops", From: graph.Origin{File: "links.csv", Row: i + 2}}
		if i%4 == 0 {
			links[i].Attrs = []graph.Attr{{Name: "Cost centre", Value: fmt.Sprint(i % 5000)}, {Name: "Region", Value: "EMEA"}}
		}
	}
	return graph.NewSource("bench", nodes, links)
}

// bareDB opens an empty file with the tables of the schema and the settings of a store.
func bareDB(b *testing.B) *sql.DB {
	db := connect(filepath.Join(b.TempDir(), "bare.db"), url.Values{"mode": {"rwc"}, "_pragma": {"journal_mode(wal)", "synchronous(full)", "cache_size(-32768)"}})
	db.SetMaxOpenConns(1)
	b.Cleanup(func() { db.Close() })
	for _, statement := range schema {
		if strings.HasPrefix(statement, "CREATE TABLE") {
			must[sql.Result](b)(db.Exec(statement))
		}
	}
	return db
}

// allRows makes the values of every row that a source gives.
func allRows(s *graph.Source) (nodes, links [][]any) {
	files := &fileNumbers{known: map[graph.Origin]int64{{}: 0, {File: "nodes.csv"}: 1, {File: "links.csv"}: 2}}
	take := func(v *values) []any {
		row := make([]any, len(v.args))
		for i, a := range v.args {
			row[i] = a.Value
		}
		return row
	}
	v := newValues(2 + len(nodeColumns))
	for _, r := range s.Nodes {
		v.start(1, 1)
		v.node(r, files)
		nodes = append(nodes, take(v))
	}
	v = newValues(2 + len(linkColumns))
	for _, r := range s.Links {
		v.start(1, 1)
		v.link(r, files)
		links = append(links, take(v))
	}
	return nodes, links
}

// bareInsert times the insert of finished rows with database/sql into tables without indexes, and the indexes after them.
func bareInsert(b *testing.B, s *graph.Source) time.Duration {
	nodes, links := allRows(s)
	db := bareDB(b)
	runtime.GC()
	start := time.Now()
	tx := must[*sql.Tx](b)(db.Begin())
	for _, part := range []struct {
		t    table
		rows [][]any
	}{{nodeTable, nodes}, {linkTable, links}} {
		insert := must[*sql.Stmt](b)(tx.Prepare(part.t.insert()))
		for _, row := range part.rows {
			if _, err := insert.Exec(row...); err != nil {
				b.Fatal(err)
			}
		}
		insert.Close()
	}
	for _, statement := range schema {
		if !strings.HasPrefix(statement, "CREATE TABLE") {
			must[sql.Result](b)(tx.Exec(statement))
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

// bareInsertDriver is bareInsert without database/sql.
func bareInsertDriver(b *testing.B, s *graph.Source) time.Duration {
	nodes, links := allRows(s)
	db := bareDB(b)
	c := must[*sql.Conn](b)(db.Conn(b.Context()))
	defer c.Close()
	runtime.GC()
	start := time.Now()
	must[sql.Result](b)(c.ExecContext(b.Context(), "BEGIN"))
	for _, part := range []struct {
		t    table
		rows [][]any
	}{{nodeTable, nodes}, {linkTable, links}} {
		err := c.Raw(func(dc any) error {
			insert, err := prepareBulk(dc, part.t.insert())
			if err != nil {
				return err
			}
			defer insert.Close()
			args := newValues(2 + len(part.t.columns)).args
			for _, row := range part.rows {
				for i, x := range row {
					args[i].Value = x
				}
				if _, err := execBulk(insert, args); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	for _, statement := range schema {
		if !strings.HasPrefix(statement, "CREATE TABLE") {
			must[sql.Result](b)(c.ExecContext(b.Context(), statement))
		}
	}
	must[sql.Result](b)(c.ExecContext(b.Context(), "COMMIT"))
	return time.Since(start)
}

// BenchmarkApply times the first import of a large source, from the finished change set on. x-bare is its time in bare
// inserts of the same rows, x-driver in bare inserts without database/sql.
func BenchmarkApply(b *testing.B) {
	s := benchSource(*benchLinks)
	cs := graph.Diff(&graph.Org{}, &graph.Org{Sources: []*graph.Source{s}})
	var apply, bare, bareDriver time.Duration
	for b.Loop() {
		st := must[*Store](b)(Open(b.Context(), filepath.Join(b.TempDir(), "store.db"), graph.DefaultOrg))
		runtime.GC()
		start := time.Now()
		must[int64](b)(st.Apply(b.Context(), cs, graph.VersionRecord{By: "bench"}))
		apply += time.Since(start)
		b.StopTimer()
		st.Close()
		bare += bareInsert(b, s)
		bareDriver += bareInsertDriver(b, s)
		b.StartTimer()
	}
	b.ReportMetric(apply.Seconds()/float64(b.N), "s/apply")
	b.ReportMetric(apply.Seconds()/bare.Seconds(), "x-bare")
	b.ReportMetric(apply.Seconds()/bareDriver.Seconds(), "x-driver")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkChange times an import that changes one field of every link, and the way back by Changes.
func BenchmarkChange(b *testing.B) {
	var apply, changes time.Duration
	before := benchSource(*benchLinks)
	after := benchSource(*benchLinks)
	for _, l := range after.Links {
		l.Volume = graph.Given(l.Volume.Or(0) + 1)
	}
	first := graph.Diff(&graph.Org{}, &graph.Org{Sources: []*graph.Source{before}})
	for b.Loop() {
		st := must[*Store](b)(Open(b.Context(), filepath.Join(b.TempDir(), "store.db"), graph.DefaultOrg))
		must[int64](b)(st.Apply(b.Context(), first, graph.VersionRecord{By: "bench"}))
		cs := graph.Diff(must[*graph.Org](b)(st.Load(b.Context())), &graph.Org{Sources: []*graph.Source{after}})
		start := time.Now()
		must[int64](b)(st.Apply(b.Context(), cs, graph.VersionRecord{By: "bench"}))
		apply += time.Since(start)
		start = time.Now()
		back := must[*graph.ChangeSet](b)(st.Changes(b.Context(), 2, 1))
		changes += time.Since(start)
		if len(back.Links) != *benchLinks {
			b.Fatal(len(back.Links))
		}
		st.Close()
	}
	b.ReportMetric(apply.Seconds()/float64(b.N), "s/apply")
	b.ReportMetric(changes.Seconds()/float64(b.N), "s/changes")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkLoad times loading. x-bare is its time in bare reads of the same rows with database/sql.
func BenchmarkLoad(b *testing.B) {
	path := filepath.Join(b.TempDir(), "store.db")
	st := openStore(b, path)
	cs := graph.Diff(&graph.Org{}, &graph.Org{Sources: []*graph.Source{benchSource(*benchLinks)}})
	must[int64](b)(st.Apply(b.Context(), cs, graph.VersionRecord{By: "bench"}))
	var load, bare time.Duration
	for b.Loop() {
		runtime.GC()
		start := time.Now()
		must[*graph.Org](b)(st.Load(b.Context()))
		load += time.Since(start)
		b.StopTimer()
		bare += bareReads(b, st)
		b.StartTimer()
	}
	b.ReportMetric(load.Seconds()/float64(b.N), "s/load")
	b.ReportMetric(load.Seconds()/bare.Seconds(), "x-bare")
	b.ReportMetric(0, "ns/op")
}

// bareReads times a scan of all rows that stand, as they come.
func bareReads(b *testing.B, st *Store) time.Duration {
	runtime.GC()
	start := time.Now()
	for _, t := range []table{nodeTable, linkTable} {
		rows := must[*sql.Rows](b)(st.readers.QueryContext(b.Context(), t.selects("NOT INDEXED WHERE until IS NULL")))
		columns := must[[]string](b)(rows.Columns())
		row := make([]any, len(columns))
		for i := range row {
			row[i] = new(any)
		}
		n := 0
		for rows.Next() {
			if err := rows.Scan(row...); err != nil {
				b.Fatal(err)
			}
			n++
		}
		if rows.Err() != nil || n == 0 {
			b.Fatal(n, rows.Err())
		}
		rows.Close()
	}
	return time.Since(start)
}

// BenchmarkMemory imports and loads in a process of its own and gives the most memory that it ever held: of the import as
// the store sees it, and of graph.Commit with its preview.
func BenchmarkMemory(b *testing.B) {
	for _, by := range []string{"apply", "commit"} {
		b.Run(by, func(b *testing.B) {
			peak := 0
			for b.Loop() {
				cmd, stdout, stderr := child("memory", filepath.Join(b.TempDir(), "store.db"), strconv.Itoa(*benchLinks), by)
				if err := cmd.Run(); err != nil {
					b.Fatal(err, stderr)
				}
				kib := must[int](b)(strconv.Atoi(stdout.String()))
				peak = max(peak, kib)
			}
			b.ReportMetric(float64(peak)/1024, "MiB-peak")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// childMemory imports a large source into a new store, loads it and tells the most memory held, in KiB as Linux counts it:
// PATH LINKS apply|commit.
func childMemory(args []string) (string, error) {
	ctx := context.Background()
	n, err := strconv.Atoi(args[1])
	if err != nil {
		return "", err
	}
	st, err := Open(ctx, args[0], graph.DefaultOrg)
	if err != nil {
		return "", err
	}
	defer st.Close()
	incoming := &graph.Org{Sources: []*graph.Source{benchSource(n)}}
	if args[2] == "commit" {
		_, _, err = graph.Commit(ctx, st, incoming, graph.VersionRecord{By: "bench"}, nil)
	} else {
		_, err = st.Apply(ctx, graph.Diff(&graph.Org{}, incoming), graph.VersionRecord{By: "bench"})
	}
	if err != nil {
		return "", err
	}
	loaded, err := st.Load(ctx)
	if err != nil {
		return "", err
	}
	if got := len(loaded.Sources[0].Links); got != n {
		return "", fmt.Errorf("%d links of %d came back", got, n)
	}
	runtime.KeepAlive(incoming)
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "", err
	}
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	return strings.Fields(peak)[0], nil
}
