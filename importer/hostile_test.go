package importer

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// TestRefusedFormats holds that what cannot be read is refused with what to do, whatever it is called.
func TestRefusedFormats(t *testing.T) {
	ole := func(stream string) string {
		return oleMagic + strings.Repeat("\x00", 500) + strings.Join(strings.Split(stream, ""), "\x00") + "\x00"
	}
	part := func(names ...string) string { return string(zipped(t, names, nil)) }
	tests := []struct{ name, file, content, want string }{
		{"old Excel", "o.xls", ole("Workbook"), "this is a workbook of an old Excel (.xls), which cannot be read: open it in Excel or LibreOffice, save it as .xlsx…"},
		{"encrypted", "o.xlsx", ole("EncryptedPackage"), "the workbook is protected by a password…"},
		{"Word of old", "o.csv", ole("WordDocument"), "this is a Word document…"},
		{"another of old", "o.csv", ole("x"), "this is a file of an old Office program…"},
		{"Word", "o.docx", part("[Content_Types].xml", "word/document.xml"), "this is a Word document…"},
		{"presentation", "o.xlsx", part("[Content_Types].xml", "ppt/presentation.xml"), "this is a presentation…"},
		{"binary workbook", "o.xlsb", part("[Content_Types].xml", "xl/workbook.bin"), "this is a binary workbook (.xlsb)…"},
		{"Numbers", "o.numbers", part("Index/Document.iwa"), "this is a Numbers, Pages or Keynote file…"},
		{"archive", "o.zip", part("links.csv"), "this is an archive, and no workbook is in its place: unpack it…"},
		{"PDF", "o.csv", "%PDF-1.7\n", "this is a PDF…"}, {"picture", "links.csv", "\x89PNG\r\n\x1a\n", "this is a picture…"}, {"photo", "links.csv", "\xff\xd8\xff\xe0", "this is a picture…"},
		{"gzip", "links.csv", "\x1f\x8b\x08", "this is an archive…"}, {"database", "o.db", "SQLite format 3\x00", "this is a database…"},
		{"web page called xls", "o.xls", "<html><table><tr><td>provider</td></tr></table>", "this is a web page…"},
		{"workbook of 2003", "o.xls", `<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>`, "this is a workbook of Excel 2003 in XML…"},
		{"rubbish called a workbook", "o.xlsx", "\x01ab\x00cd\x00\x00e", "the file is called a workbook, but is none…"},
		{"locked OpenDocument", "o.ods", string(zipped(t, []string{"mimetype", "content.xml", "META-INF/manifest.xml"}, map[string][]byte{
			"mimetype": []byte("application/vnd.oasis.opendocument.spreadsheet"), "META-INF/manifest.xml": []byte(`<m:manifest xmlns:m="m"><m:encryption-data/></m:manifest>`)})),
			"the workbook is protected by a password…"},
		{"a workbook without sheets", "o.xlsx", part("[Content_Types].xml", "xl/workbook.xml"), "the workbook has no sheets…"},
	}
	for _, test := range tests {
		wantLines(t, test.name, problems(read(t, test.file, test.content)), []string{"error " + test.file + ": " + test.want})
	}
}

func TestWrongExtension(t *testing.T) {
	book := string(newBook(t).fill("Sheet1", "provider|consumer", "A|B").bytes())
	for file, content := range map[string]string{"links.csv": book, "links.xls": "provider\tconsumer\nA\tB\n", "links.xlsx": "provider;consumer\nA;B\n", "links.ods": book} {
		r := read(t, file, content)
		wantLines(t, file, facts(r.Org), []string{"2 A > B"})
		wantLines(t, file, problems(r), []string{"info " + file + ": the name ends in ." + file[6:] + ", but this is …"})
	}
	drawing := problems(read(t, "links.tsv", `digraph { a -> b [label="serves"] }`))
	if want := "info links.tsv: the name ends in .tsv, but this is DOT, and so it was read"; !strings.Contains(drawing, want) {
		t.Errorf("a drawing called a table: %s", drawing)
	}
	if p := problems(read(t, "links.xlsm", book)); p != "" {
		t.Errorf("a workbook with macros: %s", p)
	}
}

// sheetOf makes a workbook of the XML of its only sheet, and of the shared strings.
func sheetOf(t testing.TB, sheet, shared string) string {
	book := newBook(t).fill("Sheet1", "provider|consumer", "A|B").bytes()
	return string(rezip(t, book, func(name string, content []byte) []byte {
		switch {
		case name == "xl/worksheets/sheet1.xml" && sheet != "":
			return []byte(sheet)
		case name == "xl/sharedStrings.xml" && shared != "":
			return []byte(shared)
		}
		return content
	}))
}

// TestBombs holds that files which unpack, nest or multiply beyond bounds are refused.
func TestBombs(t *testing.T) {
	merges := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `<mergeCell ref="A%d:XFD%d"/>`, i+1, i+1)
		}
		return b.String()
	}
	row := `<worksheet><sheetData><row r="1"><c t="str"><v>provider</v></c><c t="str"><v>consumer</v></c></row><row r="2"><c t="str"><v>A</v></c><c t="str"><v>B</v></c></row></sheetData>`
	tests := []struct{ name, file, content, want string }{
		{"a part that unpacks too far", "o.xlsx", string(zipBomb(t)), "error o.xlsx: the file unpacks to more than 200 times its size…"},
		{"entities", "o.xlsx", sheetOf(t, `<!DOCTYPE w [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><worksheet><sheetData><row><c t="str"><v>&c;</v></c></row></sheetData></worksheet>`, ""),
			"error o.xlsx, sheet Sheet1: the part xl/worksheets/sheet1.xml is damaged (it declares a document type…"},
		{"an outside entity", "o.xlsx", sheetOf(t, "", `<!DOCTYPE s SYSTEM "file:///etc/passwd"><sst/>`), "error o.xlsx: the part xl/sharedstrings.xml is damaged (it declares a document type…"},
		{"depth", "o.xlsx", sheetOf(t, strings.Repeat("<a>", 10_000), ""), "error o.xlsx, sheet Sheet1: the part xl/worksheets/sheet1.xml is damaged (its elements lie more than 100 deep)…"},
		{"a text without end", "o.xlsx", sheetOf(t, `<worksheet><sheetData><row><c t="str"><v>`+strings.Repeat("abcdefgh", 1<<20), ""),
			"error o.xlsx, sheet Sheet1: the part xl/worksheets/sheet1.xml is damaged (it is larger than any workbook)…"},
		{"rows out of order", "o.xlsx", sheetOf(t, `<worksheet><sheetData><row r="9"><c t="str"><v>x</v></c></row><row r="3"/></sheetData></worksheet>`, ""),
			"error o.xlsx, sheet Sheet1: row 3 comes after row 9…"},
		{"repeated cells", "o.ods", string(odsBook(t, `<table:table table:name="x"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row></table:table>`)),
			"error o.ods, sheet x: the file holds more than 10 million cells…"},
		{"merged cells all over", "o.xlsx", sheetOf(t, row+"<mergeCells>"+merges(1000)+"</mergeCells></worksheet>", ""), "…"},
	}
	for _, test := range tests {
		r := read(t, test.file, test.content)
		if test.want == "…" {
			checkResult(t, r)
			continue
		}
		wantLines(t, test.name, problems(r), []string{test.want})
	}
}

// zipBomb makes a workbook with a part of 200 MB of zeros.
func zipBomb(t testing.TB) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	p, err := w.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for range 200 {
		if _, err := p.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestNothingOutside holds that a workbook that refers to a part elsewhere gets none.
func TestNothingOutside(t *testing.T) {
	for _, target := range []string{"../../../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "http://example.com/x.xml"} {
		raw := rezip(t, newBook(t).fill("Sheet1", "provider|consumer", "A|B").bytes(), func(name string, content []byte) []byte {
			if name != "xl/_rels/workbook.xml.rels" {
				return content
			}
			return bytes.Replace(content, []byte(`worksheets/sheet1.xml`), []byte(target), 1)
		})
		r := read(t, "o.xlsx", string(raw))
		if len(r.Org.Sources) != 0 || !strings.Contains(problems(r), "is missing") {
			t.Errorf("%s: %s%s", target, problems(r), facts(r.Org))
		}
	}
}

// A cell that means the one above it means what is left of that without its NUL bytes.
func TestNULAbove(t *testing.T) {
	r := read(t, "links.csv", "provider,consumer,service\nA,B,Pa\x00y\nA,C,\"\"\"\"\n")
	wantLines(t, "facts", facts(r.Org), []string{"2 A > B service=Pay", "3 A > C service=Pay"})
	wantLines(t, "problems", problems(r), []string{"warning links.csv, row 2, column service: the cell holds NUL characters…", "info links.csv, row 3, column service: “\"” was read as the cell above…"})
}
