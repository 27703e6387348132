package importer

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"math/rand"
	"runtime"
	"testing"
)

var benchRows = flag.Int("rows", 100_000, "rows of the file that BenchmarkRead reads")

// linksCSV makes a links file of n rows and eight columns.
func linksCSV(n int) []byte {
	random := rand.New(rand.NewSource(1))
	nodes := max(10, n/10)
	var b bytes.Buffer
	b.WriteString("provider,consumer,service,criticality,tolerance_hours,volume,satisfaction,channel\n")
	for range n {
		fmt.Fprintf(&b, "Team %d,Team %d,Service %d,%s,%d h,%.1f,%d,%s\n", random.Intn(nodes), random.Intn(nodes), random.Intn(500),
			[]string{"critical", "important", "minor", ""}[random.Intn(4)], random.Intn(100), random.Float64()*1000, random.Intn(101),
			[]string{"phone", "ticket", "mail", ""}[random.Intn(4)])
	}
	return b.Bytes()
}

func BenchmarkRead(b *testing.B) {
	content := linksCSV(*benchRows)
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		r, err := ReadFiles(context.Background(), []File{Bytes("links.csv", content)}, Options{})
		if err != nil || len(r.Org.Sources[0].Links) != *benchRows {
			b.Fatal(err, r.Problems)
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.Sys)/1e6, "MB-sys")
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(*benchRows), "ns/row")
}
