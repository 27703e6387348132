// Package importer reads files into the facts of an organisation: files in, a [graph.Org] and [graph.Problem]s out. It knows
// no store, and it keeps references (provider, consumer, team, unit, manager) as they are written.
//
// The way of a file: the name says which source it belongs to (source.go), what it holds says which format it has (format.go),
// and the reader of the format yields its sheets of cells (csv.go, xlsx.go, ods.go, json.go, yaml.go). In each sheet the header
// says which table it is and what its columns mean (table.go), and every row becomes one record (records.go, fields.go; of long delimited text other processors read ahead, ahead.go). Sheets of
// other shapes, whose rows state several things at once, become rows of native tables first (shape.go and the files named after it).
// Formats of nodes and edges (graphml.go, gexf.go, backstage.go, kumu.go, archimate.go, neo4jcsv.go, drawio.go, dot.go) fill an exchange, which makes
// tables of the same form (exchange.go). A reader of another format only has to do one of the two.
//
// Workbooks that are handed out to be filled in have marks for what is no fact: examples, explanations, links that nobody answered for
// (handout.go).
//
// Files may be hostile: a workbook that unpacks too far, text that nests too deep, references that stand for millions of values are
// refused, nothing outside the file is opened, and no formula is computed.
//
// An apostrophe in front of what a spreadsheet would take for a formula ('=1+1), as exports have it, is taken away: package formula.
//
// Nothing is dropped silently: whatever is left out is told in a Problem with file, sheet, row and column.
package importer

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"example.com/whoserves/graph"
)

// Options say how files are read. The zero value is good.
type Options struct {
	// Source makes all files together this one source. When it is empty each file is a source of its own, named by
	// [SourceName], and a folder is one source, named by the folder.
	Source string
	// Encoding names the encoding of text files, such as "windows-1252"; "" finds out. A byte order mark wins over it.
	Encoding string
	// Direction says who serves whom where a file does not say it: the edges of most exchange formats (GraphML, GEXF, Kumu, …), and
	// tables whose headers are as vague as From and To, or Source and Target. "" takes the first for the provider, and tells it. It wins
	// over what a mapping says of them.
	Direction Direction
	// Mapping is what a person decided about how sheets are read; nil: nothing.
	Mapping *Mapping
	// Mappings gives what was decided for each source by its name, nil for nothing. It is asked where Mapping is nil, and may be nil.
	Mappings func(source string) *Mapping
	// Progress is told how many bytes of all have been worked through; it may be nil.
	Progress func(done, total int64)

	ahead int // bytes of the blocks that are read ahead; 0 as many as is good, -1 none: the result is the same
}

// Result is what files say.
type Result struct {
	Org      *graph.Org       // the facts, one source for each that could be read; Version 0
	Problems []graph.Problem  // sorted
	Files    []graph.FileHash // the files that were read, sorted by name
	Examples []Example        // for each sheet with links, one for each pair of columns that makes links: it states the direction
	Sources  []SourceFiles    // the sources of Org, in the same order, and the files that each was read from
	Rows     int              // rows of native tables read, those with problems too

	// Readings tell how each sheet was understood, in the order of the files and sheets. Questions are open while what the files hold
	// points both ways: the Org is then one of two that they may mean, and must not be imported.
	Readings []*Reading
	// Mappings holds, by source, what of the mappings its sheets were read by; sources without are not in it.
	Mappings  map[string]*Mapping
	Questions []Question

	// Headers gives what each sheet that was read calls the native columns: "provider" → "Provider team".
	Headers map[Place]map[string]string
}

// Place is a sheet of a file, as origins name them.
type Place struct{ File, Sheet string }

// NameColumns gives problems found in putting the facts together the headers that the files have: the graph knows the native
// columns only. What reading found has its headers already and stays, as does what is about other files.
func (r *Result) NameColumns(problems []graph.Problem) {
	read := map[graph.Problem]bool{}
	for _, p := range r.Problems {
		read[p] = true
	}
	for i := range problems {
		p := &problems[i]
		if header, ok := r.Headers[Place{p.File, p.Sheet}][p.Column]; ok && !read[*p] {
			p.Column = header
		}
	}
}

// SourceFiles names the files that a source was read from.
type SourceFiles struct {
	Name  string
	Files []string // as in Problems, sorted
}

// Example is the first link of a links file, for people to see which way its links run.
type Example struct {
	File, Sheet                 string
	Row                         int
	Provider, Consumer, Service string
}

// Turned is the example read the other way round.
func (e Example) Turned() Example {
	e.Provider, e.Consumer = e.Consumer, e.Provider
	return e
}

// String says it in a sentence: links.csv, row 2 means: “Finance” serves “Sales” with “Payroll”.
func (e Example) String() string {
	where := e.File
	if e.Sheet != "" {
		where += ", sheet " + e.Sheet
	}
	with := ""
	if e.Service != "" {
		with = fmt.Sprintf(" with “%s”", e.Service)
	}
	return fmt.Sprintf("%s, row %d means: “%s” serves “%s”%s.", where, e.Row, e.Provider, e.Consumer, with)
}

// File is a file to read that need not lie on a disk.
type File struct {
	// Name is its name, "links.csv". In "airline/2026/links.csv" the first part is a folder: the files below it are one
	// source.
	Name string
	// Source is the source that it is, together with all files that say so. "": what its name says. All files or none have one.
	Source string
	// Size is the number of bytes when it is known; it serves the progress only.
	Size int64
	// Open gives the content, which is read once.
	Open func() (io.ReadCloser, error)
}

// Bytes makes a File of content in memory.
func Bytes(name string, content []byte) File {
	return File{Name: name, Size: int64(len(content)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(content)), nil
	}}
}

// Read reads files and folders. The order of paths does not matter. What is wrong inside a file, or with a file as a whole,
// is a Problem; the error is for wrong use (no such file, two files that would be one source, a folder without tables) and for
// the context. A source none of whose files could be read is not in the Org, so that importing the result does not take its
// facts away. Time and memory are linear in the size of the files; the largest file is held in memory while it is read,
// of a workbook one sheet at a time.
func Read(ctx context.Context, paths []string, o Options) (*Result, error) {
	if len(paths) == 0 {
		return nil, fmt.Errorf("no file was named: name a file with tables (CSV, XLSX, ODS, JSON, YAML, GraphML and others), or a folder with such files")
	}
	inputs, problems, err := findInputs(paths, o.Source)
	if err != nil {
		return nil, err
	}
	return readInputs(ctx, inputs, problems, o)
}

// ReadFiles is Read for files that do not lie on a disk.
func ReadFiles(ctx context.Context, files []File, o Options) (*Result, error) {
	if len(files) == 0 {
		return nil, fmt.Errorf("no file was given: choose a file with tables (CSV, XLSX, ODS, JSON, YAML, GraphML and others)")
	}
	inputs, problems, err := inputsOf(files, o.Source)
	if err != nil {
		return nil, err
	}
	return readInputs(ctx, inputs, problems, o)
}
