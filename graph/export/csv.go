package export

import (
	"archive/zip"
	"bufio"
	"cmp"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/formula"
)

// Files gives the names of the CSV files, sorted: nodes.csv, …
func Files() []string { return []string{"links.csv", "nodes.csv", "people.csv", "units.csv"} }

// WriteFolder writes the CSV files into a folder, which must be there.
func (t *Tables) WriteFolder(folder string) error {
	for i := range t.tables {
		f, err := os.Create(filepath.Join(folder, t.tables[i].name+".csv"))
		if err != nil {
			return err
		}
		if err := cmp.Or(t.tables[i].writeCSV(f), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// writeZip writes an archive with the CSV files.
func (t *Tables) writeZip(w io.Writer) error {
	z := zip.NewWriter(w)
	for i := range t.tables {
		f, err := z.Create(t.tables[i].name + ".csv") // without a time
		if err != nil {
			return err
		}
		if err := t.tables[i].writeCSV(f); err != nil {
			return err
		}
	}
	return z.Close()
}

// writeCSV writes a table: UTF-8, commas, quotes where needed, line ends of Unix.
func (t *table) writeCSV(w io.Writer) error {
	buffered := bufio.NewWriter(w)
	out := csv.NewWriter(buffered)
	record := make([]string, len(t.header))
	for i, h := range t.header {
		record[i] = formula.Neutral(h)
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for _, row := range t.rows {
		for i, c := range row {
			record[i] = neutralText(c)
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return cmp.Or(out.Error(), buffered.Flush())
}

// neutralText writes what a cell holds for a spreadsheet. Numbers are no text: -5 stays a number.
func neutralText(c cell) string {
	switch c := c.(type) {
	case nil:
		return ""
	case graph.Number:
		return c.String()
	case []string:
		return formula.Neutral(strings.Join(c, "|"))
	}
	return formula.Neutral(c.(string))
}
