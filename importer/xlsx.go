package importer

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"iter"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"example.com/whoserves/graph"
)

// maxSheets is how many sheets of a workbook are read.
const maxSheets = 2000

// workbook is an Excel workbook (Office Open XML, ECMA-376). Its sheets are streamed out of the archive one after the other. This
// reader is ours because a table needs what a cell is, a date or a number, an error, a formula whose value was never stored,
// and where a sheet is cut off: streaming readers give texts alone.
type workbook struct {
	ctx      context.Context
	file     string
	parts    *archive
	sheets   []sheetRef
	formats  []numberFormat // of the cell styles
	date1904 bool
	text     []byte // of the shared strings
	strings  []span
	tooLong  map[int]bool // shared strings that are longer than a cell may be
	budget   *budget
}

type sheetRef struct {
	name, part string
	hidden     bool
	worksheet  bool
}

// numberFormat is what a cell's number stands for, as far as a table needs that.
type numberFormat struct {
	shows  shows
	digits int // zeros in front up to this many digits: 00042
}

type shows uint8

const (
	showsNumber shows = iota
	showsDate
	showsTime
	showsPercent
)

// xlsxSheets reads a workbook sheet by sheet.
func xlsxSheets(ctx context.Context, file string, a *archive) iter.Seq2[*sheet, error] {
	return func(yield func(*sheet, error) bool) {
		w := &workbook{ctx: ctx, file: file, parts: a, budget: newBudget(), tooLong: map[int]bool{}}
		if err := w.open(); err != nil {
			yield(nil, err)
			return
		}
		for i, ref := range w.sheets {
			s, err := w.sheet(ref)
			if err != nil {
				err = &sheetError{ref.name, err}
			} else {
				s.place = place{i, len(w.sheets)}
			}
			if !yield(s, err) {
				return
			}
		}
	}
}

// open reads what all sheets share.
func (w *workbook) open() error {
	book := "xl/workbook.xml"
	for _, r := range w.relations("") {
		if strings.HasSuffix(r.kind, "/officeDocument") {
			book = r.part
		}
	}
	relations := w.relations(book)
	if err := w.readBook(book, relations); err != nil {
		return err
	}
	for _, r := range relations {
		var err error
		switch {
		case strings.HasSuffix(r.kind, "/styles"):
			err = w.readStyles(r.part)
		case strings.HasSuffix(r.kind, "/sharedStrings"):
			err = w.readStrings(r.part)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

type relation struct{ kind, part string }

// relations reads to which parts a part refers. What lies outside the archive is not among them.
func (w *workbook) relations(part string) map[string]relation {
	found := map[string]relation{}
	folder, name := path.Split(part)
	m, err := w.parts.markup(w.ctx, folder+"_rels/"+name+".rels")
	if err != nil {
		return found
	}
	defer m.close()
	_ = m.each(func(e xml.StartElement) { // a list that is cut off shows in what it lacks
		if target := attr(e, "Target"); e.Name.Local == "Relationship" && attr(e, "TargetMode") != "External" && len(found) < maxParts {
			if !strings.HasPrefix(target, "/") {
				target = folder + target
			}
			found[attr(e, "Id")] = relation{attr(e, "Type"), partName(target)}
		}
	}, nil, nil)
	return found
}

// readBook reads the list of sheets.
func (w *workbook) readBook(part string, relations map[string]relation) error {
	m, err := w.parts.markup(w.ctx, part)
	if err != nil {
		return err
	}
	defer m.close()
	err = m.each(func(e xml.StartElement) {
		switch e.Name.Local {
		case "workbookPr":
			w.date1904 = isTrue(attr(e, "date1904"))
		case "sheet":
			r := relations[attr(e, "id")]
			state := attr(e, "state")
			w.sheets = append(w.sheets, sheetRef{name: attr(e, "name"), part: r.part, hidden: state == "hidden" || state == "veryHidden",
				worksheet: strings.HasSuffix(r.kind, "/worksheet")})
		}
	}, nil, nil)
	switch {
	case err != nil:
		return err
	case len(w.sheets) == 0:
		return fmt.Errorf("the workbook has no sheets: %s", resaveAdvice)
	case len(w.sheets) > maxSheets:
		return fmt.Errorf("the workbook has %d sheets, and %d are read at most: split it", len(w.sheets), maxSheets)
	}
	return nil
}

// readStrings reads the texts that cells share. Marks for pronunciation do not belong to them.
func (w *workbook) readStrings(part string) error {
	m, err := w.parts.markup(w.ctx, part)
	if err != nil {
		return err
	}
	defer m.close()
	inText, phonetic := false, 0
	var text []byte
	var failed error
	err = m.each(func(e xml.StartElement) {
		switch e.Name.Local {
		case "si":
			text = text[:0]
		case "t":
			inText = phonetic == 0
		case "rPh":
			phonetic++
		}
	}, func(t []byte) {
		if inText && len(text) <= maxCell {
			text = append(text, t...)
		}
	}, func(name string) {
		switch name {
		case "t":
			inText = false
		case "rPh":
			phonetic--
		case "si":
			if len(text) > maxCell {
				w.tooLong[len(w.strings)], text = true, text[:0]
			}
			text = unescape(text)
			if w.budget.text -= len(text) + 8; w.budget.text < 0 {
				failed, text = errTooManyCells, nil
				return
			}
			w.strings = append(w.strings, span{uint32(len(w.text)), uint32(len(text))})
			w.text = append(w.text, text...)
		}
	})
	if failed != nil {
		return failed
	}
	return err
}

var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescape turns _x000D_ and the like into the characters that they stand for.
func unescape(text []byte) []byte {
	if !bytes.Contains(text, []byte("_x")) {
		return text
	}
	return escaped.ReplaceAllFunc(text, func(b []byte) []byte {
		n, _ := strconv.ParseUint(string(b[2:6]), 16, 16)
		if n == '\r' {
			return nil
		}
		return []byte(string(rune(n)))
	})
}

// readStyles reads which cell styles show a number as something else.
func (w *workbook) readStyles(part string) error {
	m, err := w.parts.markup(w.ctx, part)
	if err != nil {
		return err
	}
	defer m.close()
	codes := map[int]string{}
	inStyles := false
	return m.each(func(e xml.StartElement) {
		id, _ := strconv.Atoi(attr(e, "numFmtId"))
		switch e.Name.Local {
		case "numFmt":
			codes[id] = attr(e, "formatCode")
		case "cellXfs":
			inStyles = true
		case "xf":
			if inStyles && len(w.formats) < 1<<16 {
				w.formats = append(w.formats, formatOf(id, codes))
			}
		}
	}, nil, func(name string) { inStyles = inStyles && name != "cellXfs" })
}

// formatOf says what a number format shows: those with low numbers are built in.
func formatOf(id int, codes map[int]string) numberFormat {
	if code, ok := codes[id]; ok {
		return readFormat(code)
	}
	switch {
	case id >= 14 && id <= 17, id == 22, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return numberFormat{shows: showsDate}
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id >= 45 && id <= 47, id == 55, id == 56:
		return numberFormat{shows: showsTime}
	case id == 9, id == 10:
		return numberFormat{shows: showsPercent}
	}
	return numberFormat{}
}

var (
	formatNoise = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[[^hmsHMS\]][^\]]*\]|(?i:am/pm|a/p|general)`)
	onlyZeros   = regexp.MustCompile(`^0{2,15}$`)
)

// readFormat says what the code of a number format shows: yyyy-mm-dd a date, [h]:mm a time, 0 % a share.
func readFormat(code string) numberFormat {
	code, _, _ = strings.Cut(code[:min(len(code), 300)], ";")
	if onlyZeros.MatchString(code) {
		return numberFormat{digits: len(code)}
	}
	code = strings.ToLower(formatNoise.ReplaceAllString(code, ""))
	times := strings.ContainsAny(code, "hs")
	switch {
	case strings.ContainsAny(code, "yd"), strings.Contains(code, "m") && !times && !strings.Contains(code, "[m"):
		return numberFormat{shows: showsDate}
	case times, strings.Contains(code, "[m"):
		return numberFormat{shows: showsTime}
	case strings.Contains(code, "%"):
		return numberFormat{shows: showsPercent}
	}
	return numberFormat{}
}

// sheet reads the cells of a sheet.
func (w *workbook) sheet(ref sheetRef) (*sheet, error) {
	switch {
	case isIgnored(ref.name):
		return ignoredSheet(w.file, ref.name), nil
	case !ref.worksheet:
		return &sheet{file: w.file, name: ref.name, none: "it holds a chart, a dialogue or a macro, no cells"}, nil
	}
	m, err := w.parts.markup(w.ctx, ref.part)
	if err != nil {
		return nil, err
	}
	defer m.close()
	r := &xlsxReader{workbook: w, grid: &grid{name: ref.name, budget: w.budget, shared: w.text}, markup: m}
	if ref.hidden {
		r.grid.tell(0, graph.Info, hiddenSheet)
	}
	if err := r.read(); err != nil {
		return nil, err
	}
	if err := r.grid.fillMerges(); err != nil {
		return nil, err
	}
	s := r.grid.sheet(w.file)
	if len(r.grid.rows) == 0 {
		s.none = "it is empty"
		if r.drawing {
			s.none = "it holds pictures or charts only"
		}
	}
	return s, nil
}

const hiddenSheet = "the sheet is hidden in the workbook, and was read all the same: write “(ignore)” behind its name to leave it out"

// xlsxReader reads the part of one sheet.
type xlsxReader struct {
	*workbook
	*grid
	markup  *markup
	drawing bool
	hidden  hidden
	number  int // of the present row
	column  int
	cell    xlsxCell
	err     error
}

// xlsxCell is the cell that is being read.
type xlsxCell struct {
	kind            string // as the file says: s, str, inlineStr, b, e, d, n
	style           int
	value           []byte
	formula, stored bool
	inText          bool
	phonetic        int
}

func (r *xlsxReader) read() error {
	inData := false
	for r.err == nil {
		token, err := r.markup.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch {
			case inData:
				r.start(t)
			case t.Name.Local == "sheetData":
				inData = true
			default:
				r.about(t)
			}
		case xml.CharData:
			if r.cell.inText && len(r.cell.value) <= maxCell {
				r.cell.value = append(r.cell.value, t...)
			}
		case xml.EndElement:
			if inData {
				r.end(t.Name.Local)
			}
			inData = inData && t.Name.Local != "sheetData"
		}
	}
	r.hidden.tell(r.grid)
	return r.err
}

// about takes note of what stands around the cells.
func (r *xlsxReader) about(e xml.StartElement) {
	switch e.Name.Local {
	case "col":
		if first, err := strconv.Atoi(attr(e, "min")); err == nil && isTrue(attr(e, "hidden")) {
			last, _ := strconv.Atoi(attr(e, "max"))
			r.hidden.column(first-1, last-1)
		}
	case "mergeCell":
		if m, ok := readArea(attr(e, "ref")); ok {
			r.grid.merge(m)
		}
	case "drawing", "picture", "legacyDrawing":
		r.drawing = true
	}
}

// start begins a row, a cell or a part of one.
func (r *xlsxReader) start(e xml.StartElement) {
	switch e.Name.Local {
	case "row":
		r.number++
		r.column = -1
		hidden := false
		for _, a := range e.Attr {
			switch a.Name.Local {
			case "r":
				r.number, r.err = strconv.Atoi(a.Value)
				if r.err != nil {
					r.err = fmt.Errorf("“%s” is no number of a row: %s", shorten(a.Value, 20), resaveAdvice)
					return
				}
			case "hidden":
				hidden = isTrue(a.Value)
			}
		}
		if hidden {
			r.hidden.row(r.number)
		}
		r.err = r.grid.row(r.number)
	case "c":
		r.cell = xlsxCell{value: r.cell.value[:0]}
		r.column++
		for _, a := range e.Attr {
			switch a.Name.Local {
			case "r":
				if column, _, ok := readCellName(a.Value); ok {
					r.column = column
				}
			case "s":
				r.cell.style, _ = strconv.Atoi(a.Value)
			case "t":
				r.cell.kind = a.Value
			}
		}
	case "v":
		r.cell.inText, r.cell.stored = true, true
	case "is": // the text itself; a value beside it says the same in another way
		r.cell.value = r.cell.value[:0]
	case "f":
		r.cell.formula = true
	case "t":
		r.cell.inText = r.cell.phonetic == 0
	case "rPh":
		r.cell.phonetic++
	}
}

// end ends what start began.
func (r *xlsxReader) end(name string) {
	switch name {
	case "v", "t":
		r.cell.inText = false
	case "rPh":
		r.cell.phonetic--
	case "c":
		if len(r.grid.rows) == 0 {
			r.err = fmt.Errorf("a cell stands outside of any row: %s", resaveAdvice)
		} else if r.err == nil {
			r.err = r.keepCell()
		}
		r.cell = xlsxCell{value: r.cell.value[:0]}
	}
}

// keepCell brings the cell that was read into the grid.
func (r *xlsxReader) keepCell() error {
	c := &r.cell
	if c.formula && !c.stored {
		return r.grid.add(r.column, noValue, nil)
	}
	switch c.kind {
	case "s":
		return r.keepShared()
	case "str", "inlineStr", "d":
		return r.grid.add(r.column, textCell, unescape(c.value))
	case "e":
		return r.grid.add(r.column, errorCell, c.value)
	case "b":
		if len(c.value) == 0 {
			return nil
		}
		return r.grid.add(r.column, textCell, []byte(strconv.FormatBool(isTrue(string(trim(c.value))))))
	}
	if len(c.value) == 0 {
		return nil
	}
	return r.keepNumber(string(trim(c.value)))
}

// keepShared takes one of the texts that cells share. Nothing is copied.
func (r *xlsxReader) keepShared() error {
	i, err := strconv.Atoi(string(trim(r.cell.value)))
	switch {
	case err != nil || i < 0 || i >= len(r.workbook.strings):
		return r.grid.add(r.column, lostCell, r.cell.value[:min(len(r.cell.value), 20)])
	case r.workbook.tooLong[i]:
		return r.grid.add(r.column, longCell, nil)
	case r.workbook.strings[i].n == 0:
		return nil
	}
	return r.grid.put(r.column, textCell, r.workbook.strings[i])
}

// keepNumber takes a number as what its format shows.
func (r *xlsxReader) keepNumber(s string) error {
	var f numberFormat
	if r.cell.style > 0 && r.cell.style < len(r.formats) {
		f = r.formats[r.cell.style]
	}
	text, ok := plainNumber(s)
	if !ok {
		return r.grid.add(r.column, textCell, r.cell.value)
	}
	if f != (numberFormat{}) {
		v, err := strconv.ParseFloat(s, 64)
		switch {
		case err != nil:
		case f.shows == showsPercent:
			text = writePercent(v)
		case f.shows == showsTime && v >= 0 && v < 1e6:
			return r.grid.add(r.column, textCell, []byte(writeClock(v)))
		case f.shows == showsDate && v >= 0 && v < 1:
			return r.grid.add(r.column, textCell, []byte(writeClock(v)))
		case f.shows == showsDate && v >= 1 && v < 2_958_466:
			return r.grid.add(r.column, textCell, []byte(writeSerial(v, r.date1904)))
		case f.digits > len(text) && v >= 0 && !strings.Contains(text, "."):
			return r.grid.add(r.column, textCell, []byte(strings.Repeat("0", f.digits-len(text))+text))
		}
	}
	return r.grid.add(r.column, numberCell, []byte(text))
}

// writeSerial writes a number of days as a date. Day 1 is 1 January 1900, and there is a 29 February 1900 that never was; in
// workbooks of old Macs day 0 is 1 January 1904.
func writeSerial(v float64, date1904 bool) string {
	seconds := int64(v*86_400 + 0.5)
	days, seconds := seconds/86_400, seconds%86_400
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date1904:
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days < 60:
		start = start.AddDate(0, 0, 1)
	}
	t := start.AddDate(0, 0, int(days)).Add(time.Duration(seconds) * time.Second)
	if seconds == 0 {
		return t.Format(time.DateOnly)
	}
	return t.Format("2006-01-02T15:04:05")
}

// readCellName reads AB12 as column 27 and row 12.
func readCellName(s string) (column, row int, ok bool) {
	i := 0
	for ; i < len(s) && s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z' && i < 4; i++ {
		column = column*26 + int(s[i]|0x20-'a') + 1
	}
	for j := i; j < len(s); j++ {
		if s[j] < '0' || s[j] > '9' || j > i+7 {
			return 0, 0, false
		}
		row = row*10 + int(s[j]-'0')
	}
	return column - 1, row, i > 0 && i < len(s)
}

// readArea reads A2:B5.
func readArea(s string) (area, bool) {
	from, to, pair := strings.Cut(strings.ReplaceAll(s, "$", ""), ":")
	left, top, ok := readCellName(from)
	right, bottom, alsoOK := readCellName(to)
	return area{top, left, bottom, right}, pair && ok && alsoOK
}
