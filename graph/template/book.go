package template

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/export"
	"example.com/whoserves/graph/formula"
)

// lastRow is the last row whose cells offer lists and refuse what cannot be right.
const lastRow = 10_000

// readMe is the sheet that says what to do; the importer knows it by its name.
const readMe = "Read me"

// Colours of fills and texts, the same in every workbook and in the legend on its first sheet.
const (
	needed  = "C9DDF2" // a header of a column that a row does not count without
	may     = "E8ECF0" // any other header
	toFill  = "FFF6D6" // cells that wait for an answer
	notOurs = "E4E4E4" // cells that are somebody else's to fill
	pale    = "6B7280" // the text of examples and explanations
)

// column is a column of a sheet.
type column struct {
	export.About
	name string
	fill string // the colour of its cells; "" none
}

func columnsOf[R any](native []export.Column[R]) []column {
	columns := make([]column, len(native))
	for i, c := range native {
		columns[i] = column{About: c.About, name: c.Name}
	}
	return columns
}

// book is a workbook in the making. The first error stays, and what comes after it does nothing.
type book struct {
	*excelize.File
	err error
}

func newBook() *book {
	file, err := export.NewBook()
	b := &book{file, err}
	b.try(b.SetSheetName("Sheet1", readMe))
	return b
}

func (b *book) try(err error) { b.err = cmp.Or(b.err, err) }

// write writes the workbook, open at its first sheet.
func (b *book) write(w io.Writer) error {
	defer b.Close()
	b.SetActiveSheet(0)
	if b.err != nil {
		return b.err
	}
	return b.Write(w)
}

// at names a cell; columns count from 0, rows from 1.
func (b *book) at(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column+1, row)
	b.try(err)
	return name
}

func (b *book) letters(column int) string {
	name, err := excelize.ColumnNumberToName(column + 1)
	b.try(err)
	return name
}

// style makes a style of its parts.
func (b *book) style(parts ...func(*excelize.Style)) int {
	s := &excelize.Style{}
	for _, p := range parts {
		p(s)
	}
	id, err := b.NewStyle(s)
	b.try(err)
	return id
}

func fill(colour string) func(*excelize.Style) {
	return func(s *excelize.Style) {
		if colour != "" {
			s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
		}
	}
}

func font(f excelize.Font) func(*excelize.Style) {
	return func(s *excelize.Style) { s.Font = &f }
}

func wrapped(s *excelize.Style) {
	s.Alignment = &excelize.Alignment{WrapText: true, Vertical: "top"}
}

// form keeps a spreadsheet from turning texts into dates and numbers, and makes it show dates in one manner.
func (c column) form(s *excelize.Style) {
	const text = 49 // the built-in format of text
	date := "yyyy-mm-dd"
	switch {
	case c.Date:
		s.CustomNumFmt = &date
	case !c.IsNumber():
		s.NumFmt = text
	}
}

// sheet adds a sheet: the header in bold, frozen and explained, and columns that know what may stand in them. lists gives the range of
// the names of each table. frozen is how many columns stay in sight.
func (b *book) sheet(name string, columns []column, lists map[string]string, frozen int) {
	_, err := b.NewSheet(name)
	b.try(err)
	for i, c := range columns {
		letters := b.letters(i)
		b.try(b.SetColWidth(name, letters, letters, c.width()))
		b.try(b.SetColStyle(name, letters, b.style(c.form)))
		colour := may
		if c.Needed {
			colour = needed
		}
		b.put(name, i, 1, c.name, b.style(font(excelize.Font{Bold: true}), fill(colour)))
		b.explain(name, i, c)
		b.validate(name, i, c, lists)
	}
	panes := &excelize.Panes{Freeze: true, XSplit: frozen, YSplit: 1, TopLeftCell: b.at(frozen, 2), ActivePane: "bottomLeft"}
	if frozen > 0 {
		panes.ActivePane = "bottomRight"
	}
	b.try(b.SetPanes(name, panes))
	landscape, one, many, fit := "landscape", 1, 0, true
	b.try(b.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &landscape, FitToWidth: &one, FitToHeight: &many}))
	b.try(b.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}))
}

// put writes a text so that no program takes it for a formula, or another value; style 0 leaves it that of its column.
func (b *book) put(sheet string, column, row int, value any, style int) {
	if s, ok := value.(string); ok {
		value = formula.Neutral(s)
	}
	b.set(sheet, column, row, value, style)
}

// set writes a value as it is.
func (b *book) set(sheet string, column, row int, value any, style int) {
	cell := b.at(column, row)
	b.try(b.SetCellValue(sheet, cell, value))
	if style != 0 {
		b.try(b.SetCellStyle(sheet, cell, cell, style))
	}
}

// width is how wide a column is, in characters.
func (c column) width() float64 {
	least := 22
	switch {
	case c.Words != nil, c.IsNumber(), c.Date:
		least = 12
	}
	return float64(max(least, utf8.RuneCountInString(c.name)+3))
}

// explain puts a note on a header.
func (b *book) explain(sheet string, column int, c column) {
	const perLine, wide, line = 42, 300, 19 // characters, and pixels
	text := c.Meaning
	if c.Needed {
		text += " Needed: a row does not count without it."
	}
	lines := utf8.RuneCountInString(text)/perLine + 2
	b.try(b.AddComment(sheet, excelize.Comment{Author: "whoserves", Cell: b.at(column, 1), Text: text, Width: wide, Height: uint(lines * line)}))
}

// validate makes the cells of a column offer what they may hold and refuse what cannot be right. A name that is on no list is asked about
// and may stay: it may be new.
func (b *book) validate(sheet string, at int, c column, lists map[string]string) {
	v := excelize.NewDataValidation(true)
	v.Sqref = fmt.Sprintf("%s2:%[1]s%d", b.letters(at), lastRow)
	stop, title := excelize.DataValidationErrorStyleStop, "Please look again"
	switch {
	case c.Words != nil:
		b.try(v.SetDropList(c.Words))
		v.SetError(stop, title, "Choose one from the list, or leave the cell blank.")
	case c.IsNumber():
		b.try(v.SetRange(bounds(c.Number)))
		v.SetError(stop, title, sayNumber(c.Number))
	case c.Date:
		b.try(v.SetRange(serial(1990), serial(2200), excelize.DataValidationTypeDate, excelize.DataValidationOperatorBetween))
		v.SetError(stop, title, "A date is needed here: year-month-day, as in 2026-11-02.")
	case lists[c.Names] != "":
		v.SetSqrefDropList(lists[c.Names])
		if c.List {
			break // several names are on no list
		}
		v.SetError(excelize.DataValidationErrorStyleWarning, "Is this a new name?",
			"It is not on the list of names. If it is meant to be one that is, choose it there, spelt the same; if it is new, keep it.")
	default:
		return
	}
	b.try(b.AddDataValidation(sheet, v))
}

// bounds gives the limits of a number as a validation has them.
func bounds(r graph.Range) (least, most any, of excelize.DataValidationType, operator excelize.DataValidationOperator) {
	of = excelize.DataValidationTypeDecimal
	if r.Whole {
		of = excelize.DataValidationTypeWhole
	}
	return r.Min, r.Max, of, excelize.DataValidationOperatorBetween
}

// sayNumber says which numbers are right.
func sayNumber(r graph.Range) string {
	what := "A number is needed here, in digits only"
	if r.Whole {
		what = "A whole number is needed here, in digits only"
	}
	switch {
	case r.Max <= 100:
		return fmt.Sprintf("%s: %g to %g.", what, r.Min, r.Max)
	case r.Min >= 0:
		return fmt.Sprintf("%s: %g or more.", what, r.Min)
	}
	return what + "."
}

// serial is the first day of a year as spreadsheets count days.
func serial(year int) int {
	day := func(y int, m time.Month, d int) int64 {
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86_400
	}
	return int(day(year, 1, 1) - day(1899, 12, 30))
}

// say writes the first sheet: a title and lines, and a legend of colours.
func (b *book) say(title string, lines []string, legend []legendLine) {
	b.try(b.SetColWidth(readMe, "A", "A", 110))
	b.put(readMe, 0, 1, title, b.style(font(excelize.Font{Bold: true, Size: 16})))
	row := 3
	for _, line := range lines {
		b.put(readMe, 0, row, line, b.style(wrapped))
		const perLine, height = 100, 16
		b.try(b.SetRowHeight(readMe, row, float64(height*(1+utf8.RuneCountInString(line)/perLine)+4)))
		row++
	}
	b.put(readMe, 0, row+1, "Colours", b.style(font(excelize.Font{Bold: true})))
	for i, l := range legend {
		b.put(readMe, 0, row+2+i, l.text, b.style(append(slices.Clone(l.look), wrapped)...))
	}
	hide := false
	b.try(b.SetSheetView(readMe, 0, &excelize.ViewOptions{ShowGridLines: &hide}))
}

// legendLine says what a colour means, in that colour.
type legendLine struct {
	text string
	look []func(*excelize.Style)
}

var (
	neededLine  = legendLine{"A header like this: a row does not count without a cell here.", []func(*excelize.Style){font(excelize.Font{Bold: true}), fill(needed)}}
	mayLine     = legendLine{"A header like this: the cells may stay blank.", []func(*excelize.Style){font(excelize.Font{Bold: true}), fill(may)}}
	exampleLine = legendLine{"Grey italics: an example. It may stay; it is not read.", []func(*excelize.Style){exampleFont}}
	toFillLine  = legendLine{"Yellow: your answer, please.", []func(*excelize.Style){fill(toFill)}}
	notOursLine = legendLine{"Grey: not yours to say.", []func(*excelize.Style){fill(notOurs)}}
)

var exampleFont = font(excelize.Font{Italic: true, Color: pale})
