package export

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/formula"
)

// What a sheet of a workbook can hold.
const (
	maxRows = excelize.TotalRows
	maxText = excelize.TotalCellChars // in UTF-16 units
)

// writeXLSX writes a workbook with a sheet for each table: the header in bold and frozen, columns as wide as what they hold.
func (t *Tables) writeXLSX(w io.Writer) error {
	book, err := NewBook()
	if err != nil {
		return err
	}
	defer book.Close()
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8ECF0"}}})
	if err != nil {
		return err
	}
	for i := range t.tables {
		name := t.tables[i].name
		if i == 0 {
			err = book.SetSheetName("Sheet1", name)
		} else {
			_, err = book.NewSheet(name)
		}
		if err == nil {
			err = t.writeSheet(book, &t.tables[i], bold)
		}
		if err != nil {
			return err
		}
	}
	return book.Write(w)
}

// NewBook begins a workbook whose bytes depend on nothing but what is put into it.
func NewBook() (*excelize.File, error) {
	book := excelize.NewFile()
	book.SetZipWriter(func(w io.Writer) excelize.ZipWriter {
		return &sortedZip{out: zip.NewWriter(w), parts: map[string]*bytes.Buffer{}}
	})
	const author = "whoserves"
	return book, errors.Join(book.SetDocProps(&excelize.DocProperties{Creator: author}), book.SetAppProps(&excelize.AppProperties{Application: author}))
}

func (t *Tables) writeSheet(book *excelize.File, table *table, bold int) error {
	if len(table.rows) >= maxRows {
		return fmt.Errorf("%d %s are more than a sheet holds: write CSV", len(table.rows), table.name)
	}
	sheet, err := book.NewStreamWriter(table.name)
	if err != nil {
		return err
	}
	for i := range table.header {
		if err := sheet.SetColWidth(i+1, i+1, table.width(i)); err != nil {
			return err
		}
	}
	if err := sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	cells := make([]any, len(table.header))
	for i, h := range table.header {
		cells[i] = excelize.Cell{StyleID: bold, Value: formula.Neutral(h)}
	}
	if err := sheet.SetRow("A1", cells); err != nil {
		return err
	}
	for i, row := range table.rows {
		for j, c := range row {
			cells[j] = t.workbookCell(c, func() string { return fmt.Sprintf("sheet %s, row %d, %s", table.name, i+2, table.header[j]) })
		}
		at, err := excelize.CoordinatesToCellName(1, i+2)
		if err != nil {
			return err
		}
		if err := sheet.SetRow(at, cells); err != nil {
			return err
		}
	}
	return sheet.Flush()
}

// workbookCell gives what a cell of a workbook can hold: a number, or a text that no program takes for a formula.
func (t *Tables) workbookCell(c cell, where func() string) any {
	switch c := c.(type) {
	case nil:
		return nil
	case graph.Number:
		return c.Or(0)
	}
	s := neutralText(c)
	if strings.ContainsFunc(s, isControl) {
		t.note("%s: a workbook holds no control characters; they are lost", where())
	}
	if len(s) > maxText && utf16Len(s) > maxText {
		t.note("%s: a cell of a workbook holds 32,767 characters; the text is cut. CSV, JSON and YAML hold all of it", where())
	}
	return s
}

// isControl says that XML cannot hold a character.
func isControl(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}

func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		if n++; r > 0xFFFF {
			n++
		}
	}
	return n
}

// width is how wide a column has to be to show most of what it holds, in characters.
func (t *table) width(column int) float64 {
	const least, most, looked = 8, 48, 1000
	n := utf8.RuneCountInString(t.header[column])
	for _, row := range t.rows[:min(len(t.rows), looked)] {
		n = max(n, utf8.RuneCountInString(neutralText(row[column])))
	}
	return float64(min(max(n+2, least), most))
}

// sortedZip is an archive whose parts stand in order of their names, without times, so that the same workbook has the same bytes.
type sortedZip struct {
	out   *zip.Writer
	parts map[string]*bytes.Buffer
}

func (z *sortedZip) Create(name string) (io.Writer, error) {
	z.parts[name] = &bytes.Buffer{}
	return z.parts[name], nil
}

func (z *sortedZip) AddFS(fs.FS) error { return fmt.Errorf("a workbook is made of parts in memory") }

func (z *sortedZip) Close() error {
	for _, name := range slices.Sorted(maps.Keys(z.parts)) {
		part, err := z.out.Create(name)
		if err == nil {
			_, err = part.Write(z.parts[name].Bytes())
		}
		if err != nil {
			return err
		}
	}
	return z.out.Close()
}
