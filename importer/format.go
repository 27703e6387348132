package importer

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// format is what a file is, whatever its name says.
type format uint8

const (
	textFormat format = iota // delimited text: CSV, TSV, PSV
	xlsxFormat
	odsFormat
	jsonFormat
	jsonLinesFormat
	yamlFormat
	graphMLFormat
	gexfFormat
	backstageFormat
	kumuFormat
	archiMateFormat
	drawIOFormat
	dotFormat
)

// parents are the formats that others are written in: their files are called after them.
var parents = map[format]format{backstageFormat: yamlFormat, kumuFormat: jsonFormat, drawIOFormat: textFormat}

// String names the format with its article, as sentences need it.
func (f format) String() string {
	return [...]string{"text with a delimiter", "an Excel workbook", "an OpenDocument workbook", "JSON", "JSON lines", "YAML", "GraphML", "GEXF", "a Backstage catalog", "JSON of Kumu", "ArchiMate Open Exchange",
		"CSV of draw.io", "DOT"}[f]
}

// extensions are the ends of names of files that can be read. A folder's tables are the files that have one.
var extensions = map[string]format{
	".csv": textFormat, ".tsv": textFormat, ".tab": textFormat, ".psv": textFormat, ".ssv": textFormat,
	".xlsx": xlsxFormat, ".xlsm": xlsxFormat, ".ods": odsFormat,
	".json": jsonFormat, ".jsonl": jsonLinesFormat, ".ndjson": jsonLinesFormat, ".yaml": yamlFormat, ".yml": yamlFormat,
	".dot": dotFormat, ".gv": dotFormat,
	".xml": archiMateFormat, ".graphml": graphMLFormat, ".gexf": gexfFormat,
}

// readable names what can be read, for messages.
const readable = "CSV, XLSX, ODS, JSON, JSON lines, YAML, GraphML, GEXF, DOT and ArchiMate files"

func extension(name string) string { return strings.ToLower(path.Ext(name)) }

// isTableFile says whether the name is that of a file with tables.
func isTableFile(name string) bool {
	_, ok := extensions[extension(name)]
	return ok
}

const (
	saveAsXLSX = "open it in the program that it comes from, save it as .xlsx (or each table as CSV) and import that"
	fromWhat   = "ask for the workbook or the list that it was made from, or copy its tables into a spreadsheet and save that as .xlsx"
	unpack     = "unpack it and import the files in it"
)

// otherExtensions are the ends of names of files that cannot be read and that their content does not give away.
var otherExtensions = map[string]string{
	".html": "a web page", ".htm": "a web page",
}

// refuseName says why a file cannot be read, judged by its name; "" when it may be a table.
func refuseName(name string) string {
	if what, other := otherExtensions[extension(name)]; other {
		return fmt.Sprintf("this is %s, and only %s can be read: %s", what, readable, saveAsXLSX)
	}
	return ""
}

// magics are first bytes of files that are neither text nor a workbook, and what to do with them.
var magics = []struct{ start, what, advice string }{
	{"%PDF-", "a PDF", fromWhat}, {"{\\rtf", "a document", fromWhat},
	{"\x89PNG", "a picture", fromWhat}, {"\xff\xd8\xff", "a picture", fromWhat}, {"GIF8", "a picture", fromWhat}, {"RIFF", "a picture", fromWhat},
	{"II*\x00", "a picture", fromWhat}, {"MM\x00*", "a picture", fromWhat},
	{"\x1f\x8b", "an archive", unpack}, {"7z\xbc\xaf\x27\x1c", "an archive", unpack}, {"Rar!\x1a", "an archive", unpack}, {"\xfd7zXZ\x00", "an archive", unpack},
	{"\x28\xb5\x2f\xfd", "an archive", unpack}, {"BZh", "an archive", unpack},
	{"SQLite format 3\x00", "a database", "export its tables as CSV and import those"}, {"PAR1", "Parquet", "export it as CSV and import that"},
}

const oleMagic = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// refuseContent says why a file cannot be read, judged by its first bytes; "" when it may be a table.
func refuseContent(raw []byte) string {
	if bytes.HasPrefix(raw, []byte(oleMagic)) {
		return refuseOLE(raw)
	}
	for _, m := range magics {
		if bytes.HasPrefix(raw, []byte(m.start)) {
			return fmt.Sprintf("this is %s, whatever its name says, and cannot be read: %s", m.what, m.advice)
		}
	}
	return ""
}

// refuseOLE says what a compound file is: the names of its streams, in UTF-16, tell.
func refuseOLE(raw []byte) string {
	holds := func(stream string) bool {
		return bytes.Contains(raw, []byte(strings.Join(strings.Split(stream, ""), "\x00")+"\x00"))
	}
	switch {
	case holds("EncryptedPackage"):
		return "the workbook is protected by a password, so it cannot be read: open it with the password, take the password away " +
			"(in Excel: File, Info, Protect Workbook, Encrypt with Password, leave it empty), save it and import that"
	case holds("Workbook"), holds("Book"):
		return "this is a workbook of an old Excel (.xls), which cannot be read: open it in Excel or LibreOffice, save it as .xlsx and import that"
	case holds("WordDocument"):
		return "this is a Word document, which cannot be read: " + fromWhat
	}
	return "this is a file of an old Office program, which cannot be read: " + saveAsXLSX
}

// zipFormat tells what a zip archive is by what lies in it; why says why it cannot be read.
func zipFormat(a *archive) (f format, why string) {
	has := func(name string) bool { return a.parts[name] != nil }
	some := func(test func(string) bool) bool { return slices.ContainsFunc(a.names, test) }
	prefix := func(p string) bool { return some(func(n string) bool { return strings.HasPrefix(n, p) }) }
	suffix := func(s string) bool { return some(func(n string) bool { return strings.HasSuffix(n, s) }) }
	kind := a.start("mimetype", 100)
	switch {
	case has("xl/workbook.bin"):
		return 0, "this is a binary workbook (.xlsb), which cannot be read: open it in Excel, save it as .xlsx and import that"
	case strings.HasPrefix(kind, "application/vnd.oasis.opendocument.spreadsheet"):
		return odsFormat, ""
	case strings.HasPrefix(kind, "application/vnd.oasis.opendocument"):
		return 0, "this is a document, not a workbook, and cannot be read: " + fromWhat
	case prefix("word/"):
		return 0, "this is a Word document, which cannot be read: " + fromWhat
	case prefix("ppt/"):
		return 0, "this is a presentation, which cannot be read: " + fromWhat
	case suffix(".iwa"), has("index.zip"):
		return 0, "this is a Numbers, Pages or Keynote file, which cannot be read: open it, export it as Excel (File, Export To, Excel) and import that"
	case has("[content_types].xml"), prefix("xl/"):
		return xlsxFormat, ""
	case has("content.xml"):
		return odsFormat, ""
	}
	return 0, "this is an archive, and no workbook is in its place: " + unpack
}

var (
	jsonStart  = regexp.MustCompile(`^\s*(?:\{\s*(?:"|\}\s*$)|\[\s*(?:[\[{]|\]\s*$))`)
	jsonLines  = regexp.MustCompile(`^\s*\{[^\n\r]*\}[ \t]*[\n\r]+\s*\{`)
	yamlStart  = regexp.MustCompile(`(?i)^(?:\s*#[^\n]*\n|\s*\n)*(?:%YAML|---[ \t]*(?:#[^\n]*)?\r?\n|(?:nodes|links|units|people|teams|suppliers|resources|customers):[ \t]*(?:#[^\n]*)?\r?\n)`)
	htmlStart  = regexp.MustCompile(`(?i)^\s*(?:<!doctype html|<html|<table|<meta|<head)`)
	dotStart   = regexp.MustCompile(`^(?:\s*//[^\n]*\n|\s*/\*(?s:.*?)\*/)*\s*(?:strict\s+)?(?:di)?graph(?:\s+[\w]+|\s+"[^"\n]*")?\s*\{`)
	xmlStart   = regexp.MustCompile(`^\s*(?:<\?xml\s|<!DOCTYPE\s)`)
	oldXMLBook = regexp.MustCompile(`^\s*<\?xml[^>]*\?>\s*<\?mso-application`)
)

// rootFormats are the formats of XML by the name of the outermost element.
var rootFormats = map[string]format{"graphml": graphMLFormat, "gexf": gexfFormat}

// exchangeReaders read what is not a table.
var exchangeReaders = map[format]func(context.Context, *exchange, []byte) error{
	graphMLFormat: graphML, gexfFormat: gexf, backstageFormat: backstage, kumuFormat: kumu, archiMateFormat: archiMate, drawIOFormat: drawIO, dotFormat: dot,
}

// formatOfText tells what text is: by its beginning, and where that says nothing by the name. why says why it cannot be read.
func formatOfText(name string, text []byte) (f format, why string) {
	start := text[:min(len(text), 64<<10)]
	named := extensions[extension(name)]
	switch {
	case htmlStart.Match(start):
		return 0, "this is a web page, whatever its name says, and cannot be read: open it in Excel or LibreOffice, save it as .xlsx and import that"
	case rootOf(start) == "model" && bytes.Contains(start, []byte("archimate")):
		return archiMateFormat, ""
	case rootFormats[rootOf(start)] != 0:
		return rootFormats[rootOf(start)], ""
	case named == graphMLFormat || named == gexfFormat:
		return 0, fmt.Sprintf("the file is called %s, but holds none: export it again from the program that it comes from", named)
	case oldXMLBook.Match(start):
		return 0, "this is a workbook of Excel 2003 in XML, which cannot be read: open it in Excel or LibreOffice, save it as .xlsx and import that"
	case xmlStart.Match(start), extension(name) == ".xml":
		return 0, "this is XML of a kind that is not known (GraphML, GEXF and ArchiMate Open Exchange are): " + saveAsXLSX
	case jsonStart.Match(start):
		switch {
		case named == yamlFormat, named == jsonLinesFormat && start[0] != '[':
			return named, ""
		case jsonLines.Match(start):
			return jsonLinesFormat, ""
		}
		if isKumu(text) {
			return kumuFormat, ""
		}
		return jsonFormat, ""
	case isBackstage(text):
		return backstageFormat, ""
	case named == dotFormat || dotStart.Match(start):
		return dotFormat, ""
	case drawIOStart.Match(start):
		return drawIOFormat, ""
	case yamlStart.Match(start):
		return yamlFormat, ""
	case named == xlsxFormat, named == odsFormat:
		if bytes.IndexByte(start, 0) >= 0 {
			return 0, "the file is called a workbook, but is none, or it is damaged: save it again as .xlsx in the program that it comes from"
		}
		return textFormat, ""
	}
	return named, ""
}

// wrongExtension says that the name promises another format than the content has; "" when it does not.
func wrongExtension(name string, f format) string {
	ext := extension(name)
	named, known := extensions[ext]
	if ext == ".xls" || ext == ".xlsb" {
		named, known = xlsxFormat, f != xlsxFormat
	}
	parent, child := parents[f]
	if !known || named == f || child && named == parent || named == jsonFormat && f == jsonLinesFormat {
		return ""
	}
	return fmt.Sprintf("the name ends in %s, but this is %s, and so it was read", ext, f)
}
