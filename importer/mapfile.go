package importer

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"example.com/whoserves/graph/names"
	"github.com/goccy/go-yaml/ast"
)

// ParseMapping reads a mapping that is written in YAML, as [WriteMapping] writes it. An error names the line, and what may stand there.
func ParseMapping(text []byte) (*Mapping, error) {
	if err := checkYAML(text); err != nil {
		return nil, err
	}
	file, err := parseYAML(text)
	if err != nil {
		return nil, err
	}
	m := &Mapping{}
	for _, doc := range file.Docs {
		err := eachKey(doc.Body, "of a mapping", keys{
			"direction": {nil, func(n ast.Node) error { return direction(n, &m.Direction) }},
			"sheets":    {nil, func(n ast.Node) error { return eachItem(n, "sheets", m.sheet) }},
			"names":     {nil, func(n ast.Node) error { return eachItem(n, "names", m.name) }},
		}, "direction", "sheets", "names")
		if err != nil {
			return nil, err
		}
	}
	return m, nil
}

// keys say what is done with the value under each key that may stand in an object.
type keys map[string]struct {
	text *string
	take func(ast.Node) error
}

// sheet reads an entry of sheets.
func (m *Mapping) sheet(n ast.Node) error {
	var s SheetMapping
	shapeAt := n
	err := eachKey(n, "of a sheet", keys{
		"file":  {text: &s.File},
		"sheet": {text: &s.Sheet},
		"shape": {&s.Shape, func(n ast.Node) error {
			shapeAt = n
			return at(n, checkShape(s.Shape))
		}},
		"direction": {take: func(n ast.Node) error { return direction(n, &s.Direction) }},
		"header": {take: func(n ast.Node) error {
			return whole(n, &s.Header, -1, maxRows, "the row of the header, -1 where there is none")
		}},
		"header_rows": {take: func(n ast.Node) error { return whole(n, &s.HeaderRows, 1, maxHeader, "how many rows the header has") }},
		"columns": {take: func(n ast.Node) error {
			return eachItem(n, "columns", func(n ast.Node) error { return s.column(n) })
		}},
		"cells": {take: func(n ast.Node) error {
			return eachItem(n, "cells", func(n ast.Node) error { return s.cell(n) })
		}},
	}, "file", "sheet", "shape", "header", "header_rows", "direction", "columns", "cells")
	if err != nil {
		return err
	}
	m.Sheets = append(m.Sheets, s)
	return at(shapeAt, s.check())
}

// column reads an entry of columns.
func (s *SheetMapping) column(n ast.Node) error {
	var c ColumnMapping
	err := eachKey(n, "of a column", keys{"header": {text: &c.Header}, "field": {&c.Field, func(n ast.Node) error {
		return at(n, checkField(s.Shape, c.Field))
	}}}, "header", "field")
	if err != nil {
		return err
	}
	if c.Header == "" || c.Field == "" {
		return at(n, errors.New("a column needs header, as the sheet has it, and field, what it means"))
	}
	s.Columns = append(s.Columns, c)
	return nil
}

// cell reads an entry of cells.
func (s *SheetMapping) cell(n ast.Node) error {
	var c CellMapping
	err := eachKey(n, "of a cell", keys{
		"row":    {take: func(n ast.Node) error { return whole(n, &c.Row, 1, maxRows, "the row of the cell") }},
		"column": {text: &c.Column}, "old": {text: &c.Old}, "new": {text: &c.New},
	}, "row", "column", "old", "new")
	if err == nil && (c.Row == 0 || c.Column == "") {
		err = at(n, errors.New("the correction of a cell needs row, column, as the sheet calls it, old, what it holds, and new"))
	}
	s.Cells = append(s.Cells, c)
	return err
}

// at puts the line in front of an error.
func at(n ast.Node, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("line %d: %w", lineOf(n), err)
}

// eachKey takes an object apart; allowed are its keys in the order in which an error lists them.
func eachKey(n ast.Node, what string, take keys, allowed ...string) error {
	var pairs []*ast.MappingValueNode
	switch n := n.(type) {
	case nil, *ast.NullNode, *ast.CommentGroupNode:
		return nil
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		return at(n, fmt.Errorf("here the keys %s are expected: %s", what, strings.Join(allowed, ", ")))
	}
	seen := map[string]bool{}
	slices.SortStableFunc(pairs, func(a, b *ast.MappingValueNode) int { // shape before columns: it says what they may be
		return slices.Index(allowed, keyOf(a.Key)) - slices.Index(allowed, keyOf(b.Key))
	})
	for _, p := range pairs {
		key := keyOf(p.Key)
		k, known := take[key]
		switch {
		case !known:
			return at(p.Key, fmt.Errorf("“%s” is no key %s: write %s", shorten(key, 40), what, strings.Join(allowed, ", ")))
		case seen[key]:
			return at(p.Key, fmt.Errorf("the key “%s” stands twice: write it once", key))
		}
		seen[key] = true
		if k.text != nil {
			text, err := scalarText(p.Value)
			if err != nil {
				return at(p.Key, fmt.Errorf("%s: %w", key, err))
			}
			*k.text = text
		}
		if k.take != nil {
			if err := k.take(p.Value); err != nil {
				return err
			}
		}
	}
	return nil
}

// eachItem takes a list apart.
func eachItem(n ast.Node, what string, take func(ast.Node) error) error {
	switch n := n.(type) {
	case nil, *ast.NullNode, *ast.CommentGroupNode:
		return nil
	case *ast.SequenceNode:
		for _, item := range n.Values {
			if err := take(item); err != nil {
				return err
			}
		}
		return nil
	}
	return at(n, fmt.Errorf("%s is a list: begin each entry with a dash", what))
}

// scalarText gives one text; null is "".
func scalarText(n ast.Node) (string, error) {
	r := &yamlReader{anchors: map[string]ast.Node{}}
	v, err := r.value(n, 0)
	if err == nil && v.kind != scalar && v.kind != null {
		err = errors.New("one text is expected, no list and no keys")
	}
	return strings.TrimSpace(v.text), err
}

func direction(n ast.Node, d *Direction) error {
	text, err := scalarText(n)
	if err == nil {
		*d, err = ParseDirection(text)
	}
	return at(n, err)
}

// whole reads a whole number.
func whole(n ast.Node, to *int, least, most int, means string) error {
	text, err := scalarText(n)
	if err != nil {
		return at(n, err)
	}
	v, err := strconv.Atoi(text)
	if err != nil || v < least || v > most {
		return at(n, fmt.Errorf("“%s” does not fit: %s, %d to %d", shorten(text, 40), means, least, most))
	}
	*to = v
	return nil
}

// WriteMapping writes how files were read as a mapping in YAML, with what a person needs to correct it: why each column was read so, what
// stands in it, and what the first links mean. Importing the same files with it gives the same organisation as without. What was assumed and
// would be asked for is written as a comment, to be decided, and so are near names that may mean one thing; decided are those of which that
// was settled.
func WriteMapping(w io.Writer, readings []*Reading, decided []names.Decision, near []names.Pair) error {
	b := &mapWriter{Writer: bufio.NewWriter(w)}
	b.line(0, "# How files are read: change what is wrong, then import with --map and the name of this file.")
	b.line(0, "# It holds for next month's files too: the date in a file name does not count, and columns are found by their headers. header and cells name rows.")
	b.line(0, "# field: a column of the shape (listed at the end), %s keeps the column as it is, %s leaves it out.", Attribute, Ignore)
	if len(readings) == 0 {
		b.line(0, "sheets: []")
		b.names(decided, near)
		return b.Flush()
	}
	b.line(0, "sheets:")
	shapes := map[string]bool{}
	for _, rd := range readings {
		b.line(0, "")
		b.sheet(rd)
		shapes[rd.Shape] = true
	}
	b.names(decided, near)
	b.fields(shapes)
	return b.Flush()
}

type mapWriter struct{ *bufio.Writer }

func (w *mapWriter) line(indent int, format string, args ...any) {
	fmt.Fprintln(w, strings.TrimRight(strings.Repeat(" ", indent)+fmt.Sprintf(format, args...), " "))
}

// comment writes words, whatever is in them, as a comment.
func (w *mapWriter) comment(indent int, words string) {
	w.line(indent, "# %s", strings.Join(strings.Fields(headerText([]byte(words))), " "))
}

// sheet writes the entry of a sheet; of one that was not recognised, as a comment.
func (w *mapWriter) sheet(rd *Reading) {
	mark := ""
	if rd.Shape == "" {
		mark = "# "
	}
	file := path.Join(path.Dir(rd.File), SourceName(rd.File))
	w.line(2, "%s- file: %s", mark, yamlText(file))
	if rd.Sheet != "" {
		w.line(2, "%s  sheet: %s", mark, yamlText(rd.Sheet))
	}
	if rd.Shape == "" {
		w.comment(4, "left out: "+rd.Why)
		w.line(2, "#   shape: links")
		return
	}
	w.comment(4, "read as "+rd.Title+", known by "+rd.Why)
	for _, e := range rd.Examples {
		w.comment(4, e.String())
	}
	w.line(4, "shape: %s", rd.Shape)
	w.header(rd)
	w.direction(rd)
	w.columns(rd)
	w.cells(rd)
}

// header writes where the header is: as a comment, since it is found by its words, but where a person chose it.
func (w *mapWriter) header(rd *Reading) {
	switch {
	case rd.Chosen != nil && rd.Chosen.Header != 0:
		w.line(4, "header: %d", rd.Chosen.Header)
	case rd.Header > 0:
		w.line(4, "# header: %d", rd.Header)
	}
	switch rows := rd.Last - rd.Header + 1; {
	case rd.Chosen != nil && rd.Chosen.HeaderRows > 0:
		w.line(4, "header_rows: %d", rd.Chosen.HeaderRows)
	case rows > 1:
		w.line(4, "# header_rows: %d", rows)
	}
}

// direction writes which way links run, where the sheet itself does not say.
func (w *mapWriter) direction(rd *Reading) {
	if rd.Direction == "" {
		return
	}
	mark := "# "
	if rd.DirectionChosen {
		mark = ""
	}
	w.line(4, "%sdirection: %s  # %s; or %s", mark, rd.Direction, strings.Join(strings.Fields(rd.DirectionWhy), " "), turned(rd.Direction))
}

// columns writes what each column means. Ends of links that were guessed are for a person to decide.
func (w *mapWriter) columns(rd *Reading) {
	if len(rd.Columns) == 0 {
		return
	}
	w.line(4, "columns:")
	for _, c := range rd.Columns {
		mark := ""
		if !c.Sure && (c.Field == "provider" || c.Field == "consumer") {
			mark = "# "
		}
		w.line(6, "%s- header: %s", mark, yamlText(c.Header))
		w.line(6, "%s  field: %s  # %s", mark, c.Field, strings.Join(strings.Fields(c.Why), " "))
		if len(c.Samples) > 0 {
			var samples []string
			for _, s := range c.Samples {
				samples = append(samples, shorten(headerText([]byte(s)), 40))
			}
			w.comment(8, "such as "+strings.Join(samples, " | "))
		}
	}
}

// cells writes the cells that were corrected.
func (w *mapWriter) cells(rd *Reading) {
	if rd.Chosen == nil || len(rd.Chosen.Cells) == 0 {
		return
	}
	w.line(4, "cells:")
	for _, c := range rd.Chosen.Cells {
		w.line(6, "- row: %d", c.Row)
		w.line(6, "  column: %s", yamlText(c.Column))
		w.line(6, "  old: %s", yamlText(c.Old))
		w.line(6, "  new: %s", yamlText(c.New))
	}
}

// fields lists the columns of the shapes that were met.
func (w *mapWriter) fields(met map[string]bool) {
	for _, s := range Shapes() {
		if !met[s.Name] {
			continue
		}
		w.line(0, "")
		w.comment(0, "The columns of "+s.Name+" ("+s.Title+"):")
		for _, f := range Fields(s.Name) {
			w.comment(0, "  "+f.Name+": "+f.Means)
		}
	}
}

// unquoted is text that YAML takes as it is, and for a text.
var unquoted = regexp.MustCompile(`^\pL[\pL\pM\p{Nd} _/()+.-]*$`)

// yamlText writes a text so that YAML reads it as that text.
func yamlText(s string) string {
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "y", "n", "null":
	default:
		if unquoted.MatchString(s) && strings.TrimSpace(s) == s {
			return s
		}
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(s) // a text can always be written
	return strings.TrimSpace(b.String())
}
