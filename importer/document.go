package importer

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"strings"

	"example.com/whoserves/graph"
)

// The bounds of JSON and YAML.
const (
	maxDepth = 64        // of values within values
	maxKeys  = 1_000_000 // of entries and values of one entry together
)

// value is a value of JSON or YAML: a scalar, a list, or fields with keys. The zero value is null.
type value struct {
	kind   valueKind
	text   string
	number bool
	items  []value
	fields []fieldOf
}

type valueKind uint8

const (
	null valueKind = iota
	scalar
	list_
	object
)

// fieldOf is a field of an object.
type fieldOf struct {
	key   string
	value value
}

// document gathers the tables of a file of JSON or YAML. A list of objects is a table, an object an entry of it. The rows are the
// entries, counted from 1; row 0 is the header, made of the keys.
type document struct {
	file   string
	order  []*keyedGrid
	byKey  map[string]*keyedGrid
	loose  []fieldOf // what stands beside the tables
	budget *budget
	notes  []note
}

// keyedGrid is a table whose columns are keys.
type keyedGrid struct {
	*grid
	columns map[string]int
	keys    []string
	written []int // the row in which each column was written last
	entries int   // those that are no objects too
}

func newDocument(file string) *document {
	return &document{file: file, byKey: map[string]*keyedGrid{}, budget: newBudget()}
}

// table gives the table under a key; "" is the document itself.
func (d *document) table(key string) *keyedGrid {
	t := d.byKey[key]
	if t == nil {
		t = &keyedGrid{grid: &grid{name: key, budget: d.budget}, columns: map[string]int{}}
		d.byKey[key] = t
		d.order = append(d.order, t)
	}
	return t
}

// add adds an entry to the table under a key. number is its row; 0 is the next one.
func (d *document) add(key string, number int, v value) error {
	t := d.table(key)
	if t.entries++; number == 0 {
		number = t.entries
	}
	if v.kind != object {
		if v.kind != null {
			t.tell(number, graph.Error, "the entry %s has no keys and was left out: write it with keys, such as name: …", v.quoted())
		}
		return nil
	}
	if err := t.row(number); err != nil {
		return errors.New("a list holds more than 1,048,576 entries: split the file")
	}
	return t.put("", v)
}

// put writes the fields of an object into the present row. Objects within it are told apart by keys with points.
func (t *keyedGrid) put(prefix string, v value) error {
	for _, f := range v.fields {
		key := prefix + f.key
		if f.value.kind == object {
			if err := t.put(key+".", f.value); err != nil {
				return err
			}
			continue
		}
		column, known := t.columns[key]
		if !known {
			if column = len(t.keys); column == maxColumns {
				return errors.New("the entries have more than 16,384 different keys: is this a list of tables?")
			}
			t.columns[key] = column
			t.keys, t.written = append(t.keys, key), append(t.written, 0)
		}
		text, kind := f.value.cell()
		if text == "" {
			continue
		}
		number := t.rows[len(t.rows)-1].number
		if t.written[column] == number {
			t.tell(number, graph.Warning, "the key “%s” stands twice in the entry; the last one counts: remove the others", shorten(key, 60))
		}
		t.written[column] = number
		if err := t.grid.add(column, kind, []byte(text)); err != nil {
			return err
		}
	}
	return nil
}

// cell writes a value as the cell of a spreadsheet would have it: a list with | between its texts.
func (v value) cell() (string, cellKind) {
	switch {
	case v.kind == scalar && v.number:
		if text, ok := plainNumber(v.text); ok {
			return text, numberCell
		}
	case v.kind == list_:
		var texts []string
		for _, item := range v.items {
			if item.kind == list_ || item.kind == object {
				return v.json(), textCell
			}
			texts = append(texts, item.text)
		}
		return strings.Join(texts, "|"), textCell
	}
	return v.text, textCell
}

// json writes a value that no cell can hold.
func (v value) json() string {
	var b strings.Builder
	v.write(&b)
	return b.String()
}

func (v value) write(b *strings.Builder) {
	open, end := "[", "]"
	switch v.kind {
	case null:
		b.WriteString("null")
		return
	case scalar:
		if v.number {
			b.WriteString(v.text)
		} else {
			fmt.Fprintf(b, "%q", v.text)
		}
		return
	case object:
		open, end = "{", "}"
	}
	b.WriteString(open)
	for i, item := range v.items {
		if i > 0 {
			b.WriteString(", ")
		}
		item.write(b)
	}
	for i, f := range v.fields {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(b, "%q: ", f.key)
		f.value.write(b)
	}
	b.WriteString(end)
}

func (v value) quoted() string { return "“" + shorten(v.json(), 40) + "”" }

// top takes a whole document: a list of entries, an object whose lists are tables, or one entry.
func (d *document) top(v value) error {
	switch v.kind {
	case list_:
		for _, item := range v.items {
			if err := d.add("", 0, item); err != nil {
				return err
			}
		}
		return nil
	case object:
		loose := len(d.loose)
		for _, f := range v.fields {
			if err := d.field(f); err != nil {
				return err
			}
		}
		if len(d.loose)-loose == len(v.fields) && len(v.fields) > 0 { // no table in it: it is an entry
			d.loose = d.loose[:loose]
			return d.add("", 0, v)
		}
		return nil
	case null:
		return nil
	}
	return errors.New("the file holds a single text: it needs a list of entries with keys, or the keys nodes, links, units and people with such lists")
}

// field takes what an object at the top holds under a key.
func (d *document) field(f fieldOf) error {
	if !f.value.isTable() {
		d.loose = append(d.loose, f)
		return nil
	}
	d.table(f.key)
	for _, item := range f.value.items {
		if err := d.add(f.key, 0, item); err != nil {
			return err
		}
	}
	return nil
}

// isTable says that a value is a list with an object in it.
func (v value) isTable() bool {
	for _, item := range v.items {
		if item.kind == object {
			return true
		}
	}
	return v.kind == list_ && len(v.items) == 0
}

// sheets gives the tables.
func (d *document) sheets(yield func(*sheet, error) bool) {
	for i, t := range d.order {
		s := t.sheet(d.file)
		s.place, s.keyed = place{i, len(d.order)}, true
		s.rows = t.withKeys
		if i == 0 {
			s.notes = append(s.notes, d.notes...)
		}
		switch {
		case isIgnored(t.name):
			s = ignoredSheet(d.file, t.name)
		case len(t.keys) == 0:
			s.none = "the list is empty"
		}
		if !yield(s, nil) {
			return
		}
	}
	if len(d.order) == 0 {
		yield(nil, errors.New("the file holds no entries: it needs a list of entries with keys, or the keys nodes, links, units and people with such lists"))
	}
}

// tellLoose tells what stands beside the tables.
func (d *document) tellLoose() {
	for _, f := range d.loose[:min(len(d.loose), 20)] {
		if f.value.kind != null {
			d.notes = append(d.notes, note{severity: graph.Info, ofFile: true, args: []any{shorten(f.key, 60)},
				format: "what stands under the key “%s” is no list of entries with keys and was left out"})
		}
	}
}

// withKeys goes through the entries, the keys first.
func (t *keyedGrid) withKeys(yield func(*row) bool) {
	header := row{kinds: make([]cellKind, len(t.keys))}
	for _, k := range t.keys {
		header.cells = append(header.cells, []byte(k))
	}
	if yield(&header) {
		t.each(yield)
	}
}

// positionOf gives line and column of a byte of a text, both from 1.
func positionOf(text []byte, at int) (line, column int) {
	before := text[:max(0, min(at, len(text)))]
	line = bytes.Count(before, []byte("\n")) + 1
	return line, len(before) - bytes.LastIndexByte(before, '\n')
}

// documentSheets gives the tables that read finds, or what is wrong.
func documentSheets(file string, read func(*document) error) iter.Seq2[*sheet, error] {
	return func(yield func(*sheet, error) bool) {
		d := newDocument(file)
		if err := read(d); err != nil {
			yield(nil, err)
			return
		}
		d.tellLoose()
		d.sheets(yield)
	}
}
