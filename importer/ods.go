package importer

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"regexp"
	"strconv"
	"strings"

	"example.com/whoserves/graph"
)

// odsSheets reads an OpenDocument workbook (OASIS OpenDocument 1.3, part 3) sheet by sheet: its tables all lie in one part.
func odsSheets(ctx context.Context, file string, a *archive) iter.Seq2[*sheet, error] {
	return func(yield func(*sheet, error) bool) {
		if odsEncrypted(ctx, a) {
			yield(nil, errors.New("the workbook is protected by a password, so it cannot be read: open it with the password, save it without one and import that"))
			return
		}
		m, err := a.markup(ctx, "content.xml")
		if err != nil {
			yield(nil, err)
			return
		}
		defer m.close()
		r := &odsReader{file: file, markup: m, budget: newBudget(), hiddenStyles: map[string]bool{}}
		for {
			s, err := r.next()
			if err == io.EOF {
				if r.tables == 0 {
					yield(nil, errors.New("the workbook has no sheets: "+resaveAdvice))
				}
				return
			}
			if !yield(s, err) || err != nil {
				return
			}
		}
	}
}

// odsEncrypted looks into the list of parts, which says how they are locked.
func odsEncrypted(ctx context.Context, a *archive) bool {
	m, err := a.markup(ctx, "META-INF/manifest.xml")
	if err != nil {
		return false
	}
	defer m.close()
	found := false
	_ = m.each(func(e xml.StartElement) { found = found || e.Name.Local == "encryption-data" }, nil, nil)
	return found
}

// odsReader reads the part with the content.
type odsReader struct {
	file         string
	markup       *markup
	budget       *budget
	tables       int
	hiddenStyles map[string]bool
	style        string // the style that is being declared

	grid      *grid
	hidden    hidden
	drawing   bool
	number    int // of the present row
	rowRepeat int
	column    int
	columns   int // table columns declared
	cell      odsCell
	skip      int // depth within what holds no cells of the table
	paragraph int
}

// odsCell is the cell that is being read.
type odsCell struct {
	open    bool
	start   xml.StartElement
	text    []byte
	written int // paragraphs
	covered bool
}

// next reads up to the end of the next table.
func (r *odsReader) next() (*sheet, error) {
	for {
		token, err := r.markup.next()
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := r.start(t); err != nil {
				return nil, err
			}
		case xml.CharData:
			if r.skip == 0 && r.paragraph > 0 && len(r.cell.text) <= maxCell {
				r.cell.text = append(r.cell.text, t...)
			}
		case xml.EndElement:
			s, err := r.end(t.Name.Local)
			if s != nil || err != nil {
				return s, err
			}
		}
	}
}

// holdsNoCells are the elements within a table whose content is none of it: notes, pictures, tables within cells.
var holdsNoCells = map[string]bool{"annotation": true, "shapes": true, "frame": true, "tracked-changes": true, "forms": true, "table-source": true,
	"scenario": true, "custom-shape": true, "g": true}

func (r *odsReader) start(e xml.StartElement) error {
	name := e.Name.Local
	if r.skip > 0 || holdsNoCells[name] && (r.grid != nil || name == "tracked-changes") {
		r.skip++
		r.drawing = r.drawing || name == "frame"
		return nil
	}
	switch name {
	case "style":
		r.style = attr(e, "name")
	case "table-properties":
		if attr(e, "display") == "false" {
			r.hiddenStyles[r.style] = true
		}
	case "table":
		if r.grid != nil { // a table within a cell
			r.skip++
			return nil
		}
		r.begin(e)
	}
	if r.grid == nil {
		return nil
	}
	return r.inTable(name, e)
}

// begin starts a sheet.
func (r *odsReader) begin(e xml.StartElement) {
	r.tables++
	r.grid = &grid{name: attr(e, "name"), budget: r.budget}
	r.hidden, r.drawing, r.number, r.rowRepeat, r.columns = hidden{}, false, 0, 0, 0
	if r.hiddenStyles[attr(e, "style-name")] {
		r.grid.tell(0, graph.Info, hiddenSheet)
	}
}

// inTable reads an element of a sheet.
func (r *odsReader) inTable(name string, e xml.StartElement) error {
	switch name {
	case "table-column":
		n := repeated(e, "number-columns-repeated")
		if v := attr(e, "visibility"); v == "collapse" || v == "filter" {
			r.hidden.column(r.columns, r.columns+n-1)
		}
		r.columns += n
	case "table-row":
		r.number += max(1, r.rowRepeat)
		r.rowRepeat, r.column = repeated(e, "number-rows-repeated"), 0
		if r.number > maxRows {
			return nil
		}
		if v := attr(e, "visibility"); (v == "collapse" || v == "filter") && r.rowRepeat < 10_000 {
			r.hidden.row(r.number)
		}
		return r.grid.row(r.number)
	case "table-cell", "covered-table-cell":
		r.cell = odsCell{open: true, start: e, text: r.cell.text[:0], covered: name == "covered-table-cell"}
	case "p":
		if r.cell.written++; r.cell.written > 1 {
			r.cell.text = append(r.cell.text, '\n')
		}
		r.paragraph++
	case "s":
		r.cell.text = append(r.cell.text, strings.Repeat(" ", min(repeated(e, "c"), 1000))...)
	case "tab":
		r.cell.text = append(r.cell.text, '\t')
	case "line-break":
		r.cell.text = append(r.cell.text, '\n')
	}
	return nil
}

// repeated reads how often something stands in a row.
func repeated(e xml.StartElement, name string) int {
	n, err := strconv.Atoi(attr(e, name))
	if err != nil || n < 1 {
		return 1
	}
	return min(n, maxRows)
}

// end ends an element; at the end of a table it gives the sheet.
func (r *odsReader) end(name string) (*sheet, error) {
	if r.skip > 0 {
		r.skip--
		return nil, nil
	}
	if r.grid == nil {
		return nil, nil
	}
	switch name {
	case "p":
		r.paragraph = max(0, r.paragraph-1)
	case "table-cell", "covered-table-cell":
		if r.cell.open && r.number > 0 && r.number <= maxRows {
			if err := r.keepCell(); err != nil {
				return nil, r.inSheet(err)
			}
		}
		r.cell.open = false
	case "table-row":
		if n := min(r.rowRepeat, maxRows-r.number+1) - 1; n > 0 {
			if err := r.grid.repeat(n); err != nil {
				return nil, r.inSheet(err)
			}
		}
	case "table":
		return r.endTable()
	}
	return nil, nil
}

func (r *odsReader) inSheet(err error) error { return &sheetError{r.grid.name, err} }

func (r *odsReader) endTable() (*sheet, error) {
	g := r.grid
	r.grid = nil
	r.hidden.tell(g)
	if isIgnored(g.name) {
		return ignoredSheet(r.file, g.name), nil
	}
	if err := g.fillMerges(); err != nil {
		return nil, &sheetError{g.name, err}
	}
	s := g.sheet(r.file)
	s.place = place{r.tables - 1, r.tables} // how many will come is not known
	if len(g.rows) == 0 {
		s.none = "it is empty"
		if r.drawing {
			s.none = "it holds pictures or charts only"
		}
	}
	return s, nil
}

// keepCell brings the cell that was read into the grid, as often as it stands there.
func (r *odsReader) keepCell() error {
	n := repeated(r.cell.start, "number-columns-repeated")
	kind, text := r.cell.value()
	defer func() { r.column += n }()
	if r.cell.covered || len(text) == 0 && kind == textCell {
		return nil
	}
	for i := range min(n, maxColumns-r.column) {
		if err := r.grid.add(r.column+i, kind, text); err != nil {
			return err
		}
	}
	down, across := repeated(r.cell.start, "number-rows-spanned"), repeated(r.cell.start, "number-columns-spanned")
	if down > 1 || across > 1 {
		r.grid.merge(area{r.number, r.column, r.number + down - 1, r.column + across - 1})
	}
	return nil
}

// value gives what is stored in the cell.
func (c *odsCell) value() (cellKind, []byte) {
	kind := attr(c.start, "value-type")
	for _, a := range c.start.Attr { // LibreOffice says here what the standard has no word for
		if a.Name.Local == "value-type" && a.Value == "error" {
			return errorCell, c.text
		}
	}
	value := attr(c.start, "value")
	v, err := strconv.ParseFloat(value, 64)
	switch kind {
	case "":
		if attr(c.start, "formula") != "" && len(c.text) == 0 {
			return noValue, nil
		}
	case "float", "currency":
		if text, ok := plainNumber(value); ok {
			return numberCell, []byte(text)
		}
	case "percentage":
		if err == nil {
			return numberCell, []byte(writePercent(v))
		}
	case "date":
		return textCell, []byte(strings.TrimSuffix(attr(c.start, "date-value"), "T00:00:00"))
	case "time":
		if text, ok := readPeriod(attr(c.start, "time-value")); ok {
			return textCell, []byte(text)
		}
	case "boolean":
		return textCell, []byte(attr(c.start, "boolean-value"))
	case "string":
		if s := attr(c.start, "string-value"); s != "" {
			return textCell, []byte(s)
		}
	}
	return textCell, c.text
}

var period = regexp.MustCompile(`^PT(?:(\d{1,7})H)?(?:(\d{1,7})M)?(?:(\d{1,7})(?:[.,]\d*)?S)?$`)

// readPeriod reads PT36H00M00S as 36:00:00.
func readPeriod(s string) (string, bool) {
	p := period.FindStringSubmatch(s)
	if p == nil {
		return "", false
	}
	hours, _ := strconv.Atoi(p[1])
	minutes, _ := strconv.Atoi(p[2])
	seconds, _ := strconv.Atoi(p[3])
	return writeClock(float64(hours)/24 + float64(minutes)/1440 + float64(seconds)/86_400), true
}
