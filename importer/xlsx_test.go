package importer

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"example.com/whoserves/graph"
)

// book makes a workbook; sheets are made in the order in which they are filled.
type book struct {
	t testing.TB
	*excelize.File
	used bool
}

func newBook(t testing.TB) *book { return &book{t: t, File: excelize.NewFile()} }

func (b *book) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// fill adds a sheet, its rows as in delimited text with |. Numbers become numbers.
func (b *book) fill(sheet string, rows ...string) *book {
	b.t.Helper()
	if b.used {
		_, err := b.NewSheet(sheet)
		b.must(err)
	} else {
		b.must(b.SetSheetName("Sheet1", sheet))
		b.used = true
	}
	for i, row := range rows {
		for j, text := range strings.Split(row, "|") {
			var n float64
			switch rest := ""; {
			case text == "":
				continue
			default:
				if k, _ := fmt.Sscanf(text+" ", "%g%s", &n, &rest); k == 1 {
					b.set(sheet, letters(j)+fmt.Sprint(i+1), n)
					continue
				}
			}
			b.set(sheet, letters(j)+fmt.Sprint(i+1), text)
		}
	}
	return b
}

func (b *book) set(sheet, cell string, value any) *book {
	b.t.Helper()
	b.must(b.SetCellValue(sheet, cell, value))
	return b
}

// style writes a value with a number format.
func (b *book) style(sheet, cell string, value any, code string) *book {
	b.t.Helper()
	id, err := b.NewStyle(&excelize.Style{CustomNumFmt: &code})
	b.must(err)
	b.set(sheet, cell, value)
	b.must(b.SetCellStyle(sheet, cell, cell, id))
	return b
}

func (b *book) merge(sheet, from, to string) *book {
	b.t.Helper()
	b.must(b.MergeCell(sheet, from, to))
	return b
}

func (b *book) bytes() []byte {
	b.t.Helper()
	var buffer bytes.Buffer
	b.must(b.Write(&buffer))
	return buffer.Bytes()
}

// edited gives the workbook with a text of one of its parts replaced.
func (b *book) edited(part, old, new string) []byte {
	b.t.Helper()
	found := false
	raw := rezip(b.t, b.bytes(), func(name string, content []byte) []byte {
		if name != part {
			return content
		}
		found = bytes.Contains(content, []byte(old))
		return bytes.ReplaceAll(content, []byte(old), []byte(new))
	})
	if !found {
		b.t.Fatalf("%s does not hold %s", part, old)
	}
	return raw
}

func TestWorkbookShapes(t *testing.T) {
	links := func(b *book) *book { return b.fill("Sheet1", "provider|consumer|service", "A|B|S") }
	tests := []struct {
		name            string
		raw             []byte
		facts, problems []string
	}{
		{"several sheets, by name and by headers", newBook(t).fill("Links", "Provider|Consumer", "Pay|Crew").fill("Team list", "Team|Unit", "Pay|Finance").
			fill("People", "name", "Ann").fill("Suppliers", "name", "Acme").bytes(),
			[]string{"2 supplier name=Acme", "2 person name=Ann", "2 node name=Pay unit=Finance", "2 Pay > Crew"},
			[]string{"info o.xlsx, sheet Suppliers, row 1: the name of the sheet makes every row a supplier…"}},
		{"a sheet without a table beside one with", links(newBook(t)).fill("Read me", "Hello", "This is who serves whom").fill("Draft (ignore)", "provider|consumer", "X|Y").fill("Empty").bytes(),
			[]string{"2 A > B service=S"}, []string{"info o.xlsx, sheet Draft (ignore): the sheet was left out: its name says to leave it out",
				"info o.xlsx, sheet Empty: the sheet was left out: it is empty"}},
		{"no sheet with a table", newBook(t).fill("a", "x|y").fill("b", "z").bytes(), nil, []string{
			"error o.xlsx: none of its 2 sheets holds a table that was recognised…", "info o.xlsx, sheet a, row 1: no row was recognised…", "info o.xlsx, sheet b, row 1: no row…"}},
		{"only one sheet, and no table", newBook(t).fill("a", "x|y").bytes(), nil, []string{"error o.xlsx, sheet a, row 1: no row was recognised as a header…"}},
		{"title above, gap, notes below", newBook(t).fill("Sheet1", "Who serves whom", "", "provider|consumer|service", "A|B|S", "C|D|T", "", "Source: interviews").
			merge("Sheet1", "A1", "C1").merge("Sheet1", "A7", "C7").bytes(),
			[]string{"4 A > B service=S", "5 C > D service=T"}, []string{"info o.xlsx, sheet Sheet1, row 1: the text above the header in row 3 was left out",
				"info o.xlsx, sheet Sheet1, row 7: “Source: interviews” was taken for a note…"}},
		{"two header rows, merged across and down", newBook(t).fill("Sheet1", "Provider||Consumer||Service", "Team|Contact|Team|Contact", "A|a@x|B|b@x|S").
			merge("Sheet1", "A1", "B1").merge("Sheet1", "C1", "D1").merge("Sheet1", "E1", "E2").bytes(),
			[]string{"3 A > B service=S Consumer Contact:b@x Provider Contact:a@x"}, []string{"info o.xlsx, sheet Sheet1, row 1: 3 merged cells, the first of them A1:B1, count as filled…",
				"info o.xlsx, sheet Sheet1, row 1: rows 1 to 2 were read as one header"}},
		{"header spread over two rows", newBook(t).fill("Sheet1", "Provider|Consumer|Tolerance", "||hours", "A|B|4").merge("Sheet1", "A1", "A2").bytes(),
			[]string{"3 A > B tolerance=4"}, []string{"info o.xlsx, sheet Sheet1, row 1: rows 1 to 2 were read as one header",
				"info o.xlsx, sheet Sheet1, row 1: the merged cell A1:A2 counts as filled…"}},
		{"codes above, names below", newBook(t).fill("Sheet1", "USERID|MANAGER|Title|Name", "User ID|Manager ID|Job Title|Full Name", "7|8|Clerk|Ann").bytes(),
			[]string{"3 person id=7 name=Ann manager=8 role=Clerk"}, []string{"info o.xlsx, sheet Sheet1, row 1: rows 1 to 2 were read as one header",
				"info o.xlsx, sheet Sheet1, row 1: the list names no departments…", "info o.xlsx, sheet Sheet1, row 1, column MANAGER Manager ID: bosses who are not in the list (1)…"}},
		{"merged down", newBook(t).fill("Sheet1", "provider|consumer", "A|B", "|C", "|D", "E|F").merge("Sheet1", "A2", "A4").bytes(),
			[]string{"2 A > B", "3 A > C", "4 A > D", "5 E > F"}, []string{"info o.xlsx, sheet Sheet1, row 2: the merged cell A2:A4 counts as filled…"}},
		{"merged across", newBook(t).fill("Sheet1", "provider|consumer|volume|cost", "A|B|5").merge("Sheet1", "C2", "D2").bytes(),
			[]string{"2 A > B volume=5 cost=5"}, []string{"info o.xlsx, sheet Sheet1, row 2: the merged cell C2:D2 counts as filled…"}},
		{"a row merged from side to side is no data", newBook(t).fill("Sheet1", "name|kind|unit", "A|team|U", "Suppliers", "B|supplier|U").merge("Sheet1", "A3", "C3").bytes(),
			[]string{"2 team name=A unit=U", "3 node name=Suppliers", "4 supplier name=B unit=U"}, nil},
		{"groups named once", newBook(t).fill("Sheet1", "provider|consumer", "A|B", "|C", "D|E", "|F", "|G").bytes(),
			[]string{"2 A > B", "3 A > C", "4 D > E", "5 D > F", "6 D > G"},
			[]string{"info o.xlsx, sheet Sheet1, row 3, column provider: the blank cell was read as “A”, and those below it alike…"}},
		{"a blank that is no group", newBook(t).fill("Sheet1", "provider|consumer", "A|B", "A|C", "|D", "|E").bytes(), []string{"2 A > B", "3 A > C"},
			[]string{"error o.xlsx, sheet Sheet1, row 4, column provider: the link has no provider…", "error o.xlsx, sheet Sheet1, row 5, column provider: the link has no provider…"}},
		{"ditto", newBook(t).fill("Sheet1", "provider|consumer|volume", "A|B|5", "\"|C|\"", "as above|D|7").bytes(), []string{"2 A > B volume=5", "3 A > C volume=5", "4 A > D volume=7"},
			[]string{"info o.xlsx, sheet Sheet1, row 3, column provider: “\"” was read as the cell above, “A”…", "info o.xlsx, sheet Sheet1, row 3, column volume: “\"” was read as the cell above, “5”…"}},
		{"dates, times, shares, truth", newBook(t).fill("Sheet1", "provider|consumer|confirmed on|tolerance|response|satisfaction|note", "A|B").
			style("Sheet1", "C2", time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC), "d-mmm-yy").style("Sheet1", "D2", 1.5, "[h]:mm").style("Sheet1", "E2", 0.1875, "h:mm").
			style("Sheet1", "F2", 0.855, "0%").set("Sheet1", "G2", true).bytes(),
			[]string{"2 A > B tolerance=36 satisfaction=85.5 response=4.5 confirmed_on=2026-11-02 note:true"}, nil},
		{"1904", func() []byte {
			b := newBook(t).fill("Sheet1", "provider|consumer|confirmed on", "A|B")
			yes := true
			b.must(b.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}))
			return b.style("Sheet1", "C2", 44866, "yyyy-mm-dd").bytes()
		}(), []string{"2 A > B confirmed_on=2026-11-02"}, nil},
		{"a decimal point is no question in a number", newBook(t).fill("Sheet1", "provider|consumer|volume|cost", "A|B|1.234|x", "C|D|2|x").set("Sheet1", "C3", "1,5").bytes(),
			[]string{"2 A > B volume=1.234", "3 C > D volume=1.5"}, []string{"warning o.xlsx, sheet Sheet1, row 2, column cost: “x” is no number…", "warning o.xlsx, sheet Sheet1, row 3, column cost…"}},
		{"zeros in front that only the format shows", newBook(t).fill("People", "id|name", "|Ann").style("People", "A2", 42, "00000").bytes(), []string{"2 person id=00042 name=Ann"}, nil},
		{"long ids and numbers", newBook(t).fill("People", "id|name|x", "|Ann|").set("People", "A2", int64(123456789012345678)).set("People", "C2", 0.30000000000000004).bytes(),
			[]string{"2 person id=123456789012345678 name=Ann x:0.30000000000000004"}, nil},
		{"an error cell", newBook(t).fill("Sheet1", "provider|consumer|volume", "A|B|5").edited("xl/worksheets/sheet1.xml", `<c r="C2"><v>5</v></c>`, `<c r="C2" t="e"><v>#N/A</v></c>`),
			[]string{"2 A > B"}, []string{"warning o.xlsx, sheet Sheet1, row 2, column volume: the formula gives the error #N/A, so the cell counts as blank…"}},
		{"a formula with its value", newBook(t).fill("Sheet1", "provider|consumer|volume", "A|B|5").edited("xl/worksheets/sheet1.xml", `<c r="C2"><v>5</v></c>`, `<c r="C2"><f>2+2</f><v>5</v></c>`),
			[]string{"2 A > B volume=5"}, nil},
		{"a formula without a value", newBook(t).fill("Sheet1", "provider|consumer|volume", "A|B|5").edited("xl/worksheets/sheet1.xml", `<c r="C2"><v>5</v></c>`, `<c r="C2"><f>2+3</f></c>`),
			[]string{"2 A > B"}, []string{"warning o.xlsx, sheet Sheet1, row 2, column volume: the formula has no stored value…"}},
		{"a row of nothing but formulas without values", func() []byte {
			b := newBook(t).fill("Sheet1", "provider|consumer")
			b.must(b.SetCellFormula("Sheet1", "A2", "C9"))
			b.must(b.SetCellFormula("Sheet1", "B2", "C9"))
			return b.bytes()
		}(), nil, []string{"warning o.xlsx, sheet Sheet1, row 2, column consumer: the formula has no stored value…", "warning o.xlsx, sheet Sheet1, row 2, column provider: the formula…"}},
		{"hidden sheet, rows and columns", func() []byte {
			b := newBook(t).fill("Sheet1", "x").fill("Old", "provider|consumer|service", "A|B|S", "C|D|T")
			b.must(b.SetSheetVisible("Old", false))
			b.must(b.SetRowVisible("Old", 2, false))
			b.must(b.SetColVisible("Old", "C:Z", false))
			return b.bytes()
		}(), []string{"2 A > B service=S", "3 C > D service=T"}, []string{"info o.xlsx, sheet Old: hidden columns were read all the same: C", "info o.xlsx, sheet Old: the sheet is hidden in the workbook…",
			"info o.xlsx, sheet Old, row 2: the row is hidden, and was read all the same", "info o.xlsx, sheet Sheet1, row 1: no row was recognised…"}},
		{"far away", links(newBook(t)).edited("xl/worksheets/sheet1.xml", `<row r="2"><c r="A2"`, `<row r="900000"><c r="XFD900000" t="str"><v>x</v></c></row><row r="900002"><c r="A900002"`),
			[]string{"900002 A > B service=S"}, []string{"warning o.xlsx, sheet Sheet1, row 900000: the row has more cells than the header…",
				"error o.xlsx, sheet Sheet1, row 900000, column consumer: the link has no consumer…", "error o.xlsx, sheet Sheet1, row 900000, column provider: the link has no provider…"}},
		{"wide and long", links(newBook(t)).edited("xl/worksheets/sheet1.xml", `</sheetData>`, `<row r="1048576"><c r="XFD1048576" t="str"><v>end</v></c></row></sheetData>`),
			[]string{"2 A > B service=S"}, []string{"info o.xlsx, sheet Sheet1, row 1048576: “end” was taken for a note below the table and left out"}},
		{"a row that no spreadsheet has", links(newBook(t)).edited("xl/worksheets/sheet1.xml", `<row r="2"><c r="A2"`, `<row r="1048577"><c r="A2"`), nil,
			[]string{"error o.xlsx, sheet Sheet1: the sheet has a row 1048577, and a spreadsheet has no such row…"}},
		{"rich and inline text, with marks for pronunciation", func() []byte {
			b := newBook(t).fill("Sheet1", "provider|consumer", "A|B")
			b.must(b.SetCellRichText("Sheet1", "A2", []excelize.RichTextRun{{Text: "Pay"}, {Text: "roll", Font: &excelize.Font{Bold: true}}}))
			b.must(b.AddComment("Sheet1", excelize.Comment{Cell: "B2", Author: "x", Paragraph: []excelize.RichTextRun{{Text: "a comment"}}}))
			return rezip(t, b.bytes(), func(name string, content []byte) []byte {
				return bytes.Replace(content, []byte(`<c r="B2" t="s"><v>3</v></c>`), []byte(`<c r="B2" t="inlineStr"><is><r><t>Cr</t></r><r><t xml:space="preserve">ew_x000D_</t></r><rPh sb="0" eb="1"><t>KU</t></rPh></is></c>`), 1)
			})
		}(), []string{"2 Payroll > Crew"}, nil},
		{"a chart and no cells", func() []byte {
			b := links(newBook(t)).fill("Chart")
			b.must(b.AddChart("Chart", "A1", &excelize.Chart{Type: excelize.Col, Series: []excelize.ChartSeries{{Name: "x", Values: "Sheet1!$A$1:$B$1"}}}))
			b.must(b.AddChartSheet("Sheet of a chart", &excelize.Chart{Type: excelize.Col, Series: []excelize.ChartSeries{{Name: "x", Values: "Sheet1!$A$1:$B$1"}}}))
			return b.bytes()
		}(), []string{"2 A > B service=S"}, []string{"info o.xlsx, sheet Chart: the sheet was left out: it holds pictures or charts only",
			"info o.xlsx, sheet Sheet of a chart: the sheet was left out: it holds a chart, a dialogue or a macro, no cells"}},
		{"a text that the workbook lacks", links(newBook(t)).edited("xl/worksheets/sheet1.xml", `<c r="C2" t="s"><v>5</v></c>`, `<c r="C2" t="s"><v>99</v></c>`), nil,
			[]string{"error o.xlsx, sheet Sheet1, row 2, column service: the cell refers to a text that the workbook lacks…"}},
		{"cut off within a sheet", newBook(t).fill("a", "provider|consumer", "A|B").fill("b", "provider|consumer", "C|D").edited("xl/worksheets/sheet1.xml", `</row></sheetData>`, ``),
			[]string{"2 C > D"}, []string{"error o.xlsx, sheet a: the part xl/worksheets/sheet1.xml is damaged…"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := read(t, "o.xlsx", string(test.raw))
			wantLines(t, "facts", facts(r.Org), test.facts)
			wantLines(t, "problems", problems(r), test.problems)
			checkResult(t, r)
		})
	}
}

// TestOriginsOfSheets holds that facts, examples and headers name the sheet.
func TestOriginsOfSheets(t *testing.T) {
	r := read(t, "o.xlsx", string(newBook(t).fill("One", "Provider team|consumer", "A|B").fill("Two", "provider|consumer", "", "C|D").bytes()))
	l := r.Org.Sources[0].Links
	if len(l) != 2 || l[0].From != (graph.Origin{File: "o.xlsx", Sheet: "One", Row: 2}) || l[1].From != (graph.Origin{File: "o.xlsx", Sheet: "Two", Row: 3}) {
		t.Errorf("origins %v", l)
	}
	if len(r.Examples) != 2 || r.Examples[1].String() != "o.xlsx, sheet Two, row 3 means: “C” serves “D”." {
		t.Errorf("examples %v", r.Examples)
	}
	if got := r.Headers[Place{"o.xlsx", "One"}]["provider"]; got != "Provider team" {
		t.Errorf("header %s", got)
	}
	if len(r.Files) != 1 || r.Rows != 2 {
		t.Errorf("%d files, %d rows", len(r.Files), r.Rows)
	}
}

func TestNumberFormats(t *testing.T) {
	for code, want := range map[string]numberFormat{
		"General": {}, "0.00": {}, "#,##0": {}, `"day" 0`: {}, `0.0"h"`: {}, `[Red]0`: {}, "0.00E+00": {}, `_-* #,##0.00\ "€"_-`: {}, "@": {}, "": {},
		"yyyy-mm-dd": {shows: showsDate}, "d.m.yy": {shows: showsDate}, `[$-407]d. mmmm yyyy;@`: {shows: showsDate}, "mmm": {shows: showsDate}, "m/d/yy h:mm AM/PM": {shows: showsDate},
		"h:mm": {shows: showsTime}, "[h]:mm:ss": {shows: showsTime}, "[mm]": {shows: showsTime}, "mm:ss": {shows: showsTime},
		"0%": {shows: showsPercent}, "0.00 %": {shows: showsPercent}, "00000": {digits: 5},
	} {
		if got := readFormat(code); got != want {
			t.Errorf("%s is %v, want %v", code, got, want)
		}
	}
	for v, want := range map[float64]string{1: "1900-01-01", 59: "1900-02-28", 61: "1900-03-01", 46328: "2026-11-02", 46328.5: "2026-11-02T12:00:00", 46327.9999999: "2026-11-02"} {
		if got := writeSerial(v, false); got != want {
			t.Errorf("%v is %s, want %s", v, got, want)
		}
	}
}
