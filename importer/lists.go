package importer

import (
	"iter"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// listSheet is a sheet of an exchange format: neither its headers nor its cells are those of our tables.
type listSheet struct {
	*exchange
	headers []string
	row     *row
}

// cell gives the trimmed cell under a header, whatever its case; "" when there is none.
func (l *listSheet) cell(header string) string {
	if i := l.index(header); i >= 0 && i < len(l.row.cells) {
		return string(trim(l.row.cells[i]))
	}
	return ""
}

func (l *listSheet) index(header string) int {
	return slices.IndexFunc(l.headers, func(h string) bool { return strings.EqualFold(h, header) })
}

// others gives the cells that are not under one of the headers.
func (l *listSheet) others(known ...string) []property {
	var all []property
	for i, c := range l.row.cells {
		text := string(trim(c))
		if text == "" || i < len(l.headers) && slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, l.headers[i]) }) {
			continue
		}
		name := "column " + letters(i)
		if i < len(l.headers) && l.headers[i] != "" {
			name = l.headers[i]
		}
		all = append(all, property{name: name, text: text})
	}
	return all
}

// listKind says which list of an exchange format a header row heads; what names the format, read takes a row of it. Nil: none.
func listKind(headers []string) (what string, read func(*listSheet)) {
	at := func(h string) int {
		return slices.IndexFunc(headers, func(s string) bool { return strings.EqualFold(s, h) })
	}
	has := func(h string) bool { return at(h) >= 0 }
	switch {
	case slices.ContainsFunc(headers, func(h string) bool { return neo4jColumn(h).what == "START_ID" }) &&
		slices.ContainsFunc(headers, func(h string) bool { return neo4jColumn(h).what == "END_ID" }),
		slices.ContainsFunc(headers, func(h string) bool { return neo4jColumn(h).what == "ID" }):
		return "CSV of neo4j-admin", (*listSheet).neo4j
	case at("ID") == 0 && at("Type") == 1 && at("Name") == 2 && has("Documentation") && (!has("Source") || has("Target")):
		return "CSV of Archi", (*listSheet).archi
	case at("From") == 0 && at("To") == 1 && has("Direction"):
		return "a sheet of Kumu", (*listSheet).kumuSheet
	case at("Label") == 0 && has("Type") && (has("Description") || has("Tags") || len(headers) == 2):
		return "a sheet of Kumu", (*listSheet).kumuSheet
	}
	return "", nil
}

// listOf reads a sheet as a list of an exchange format; nil when it is none.
func listOf(s *sheet, direction func(string) Direction) *exchange {
	if s.given != nil || s.keyed || s.none != "" {
		return nil
	}
	var headers []string
	first := 0
	for r := range s.rows {
		if !r.blank() {
			for _, c := range r.cells {
				headers = append(headers, headerText(c))
			}
			first = r.number
			break
		}
	}
	what, read := listKind(headers)
	if read == nil {
		return nil
	}
	x := &exchange{file: s.file, nodePart: s.name, part: s.name, what: what, direction: direction, stable: true}
	x.notes = append(x.notes, s.notes...)
	l := &listSheet{exchange: x, headers: headers}
	for l.row = range s.rows {
		if l.row.number <= first {
			continue
		}
		for _, f := range l.row.faults {
			x.tell(l.row.number, f.severity, "%s", f.message)
		}
		if !slices.ContainsFunc(l.row.faults, func(f fault) bool { return f.severity == graph.Error }) && !l.row.blank() {
			read(l)
		}
	}
	return x
}

// lists turns the sheets of a file that are lists of exchange formats into tables; others stay as they are, as do those of which a person
// says that they are something else.
func (r *reader) lists(in input, sheets iter.Seq2[*sheet, error]) iter.Seq2[*sheet, error] {
	direction := func(sheet string) Direction { return r.directionOf(r.mapping.choice(in, sheet)) }
	return func(yield func(*sheet, error) bool) {
		for s, err := range sheets {
			var x *exchange
			if err == nil {
				if shape := r.mapping.choice(in, s.name).shape(); shape == "" || shape == Network {
					x = listOf(s, direction)
				}
			}
			if x == nil {
				if !yield(s, err) {
					return
				}
				continue
			}
			for part, err := range x.sheets() {
				if !yield(part, err) {
					return
				}
			}
		}
	}
}
