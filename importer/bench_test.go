package importer

import (
	"bytes"
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"math/rand"
	"runtime"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
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

// BenchmarkRead reads a file of links into records, and says how that compares with the bare reading of its cells by encoding/csv.
func BenchmarkRead(b *testing.B) {
	content := linksCSV(*benchRows)
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	var ours, bare time.Duration
	for b.Loop() {
		runtime.GC() // neither clears up after the other
		start := time.Now()
		r, err := ReadFiles(context.Background(), []File{Bytes("links.csv", content)}, Options{})
		if err != nil || len(r.Org.Sources[0].Links) != *benchRows {
			b.Fatal(err, r.Problems)
		}
		ours += time.Since(start)
		runtime.GC()
		start = time.Now()
		if rows := bareRows(b, content); rows != *benchRows+1 {
			b.Fatal(rows)
		}
		bare += time.Since(start)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/1e6, "MB-sys")
	b.ReportMetric(ours.Seconds()/float64(b.N), "s/read")
	b.ReportMetric(ours.Seconds()/bare.Seconds(), "ratio-to-csv")
}

// bareRows reads all cells of a file and gives the number of its rows.
func bareRows(b *testing.B, content []byte) (rows int) {
	r := csv.NewReader(bytes.NewReader(content))
	for {
		switch _, err := r.Read(); err {
		case nil:
			rows++
		case io.EOF:
			return rows
		default:
			b.Fatal(err)
		}
	}
}

// bigBook makes a workbook of n links and twelve columns.
func bigBook(b *testing.B, n int) []byte {
	random := rand.New(rand.NewSource(1))
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	day := "yyyy-mm-dd"
	style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &day})
	if err != nil {
		b.Fatal(err)
	}
	row := []any{"provider", "consumer", "service", "criticality", "tolerance_hours", "volume", "satisfaction", "channel", "confirmed_on", "cost", "region", "note"}
	for i := range n + 1 {
		if err := w.SetRow(fmt.Sprintf("A%d", i+1), row); err != nil {
			b.Fatal(err)
		}
		row = []any{fmt.Sprint("Team ", random.Intn(n/10+1)), fmt.Sprint("Team ", random.Intn(n/10+1)), fmt.Sprint("Service ", random.Intn(500)), "critical", random.Intn(100),
			random.Float64() * 1000, random.Intn(101), "phone", excelize.Cell{StyleID: style, Value: 45000 + random.Intn(1000)}, random.Intn(10_000), "EMEA", fmt.Sprint("note ", i)}
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	var buffer bytes.Buffer
	if err := f.Write(&buffer); err != nil {
		b.Fatal(err)
	}
	return buffer.Bytes()
}

// bareRead reads all cells as excelize streams them.
func bareRead(b *testing.B, raw []byte) int {
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	rows, err := f.Rows("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	cells := 0
	for rows.Next() {
		row, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			b.Fatal(err)
		}
		cells += len(row)
	}
	return cells
}

// BenchmarkXLSX reads a workbook into records, and says how that compares with excelize's bare streaming of its cells.
func BenchmarkXLSX(b *testing.B) {
	n := *benchRows / 2
	raw := bigBook(b, n)
	b.ReportAllocs()
	var ours, bare time.Duration
	for b.Loop() {
		runtime.GC() // neither clears up after the other
		start := time.Now()
		r, err := ReadFiles(context.Background(), []File{Bytes("links.xlsx", raw)}, Options{})
		if err != nil || len(r.Org.Sources[0].Links) != n {
			b.Fatal(err, r.Problems)
		}
		ours += time.Since(start)
		runtime.GC()
		start = time.Now()
		if cells := bareRead(b, raw); cells != 12*(n+1) {
			b.Fatal(cells)
		}
		bare += time.Since(start)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/1e6, "MB-sys")
	b.ReportMetric(ours.Seconds()/float64(b.N), "s/read")
	b.ReportMetric(ours.Seconds()/bare.Seconds(), "ratio-to-excelize")
}
