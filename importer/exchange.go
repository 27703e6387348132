package importer

import (
	"cmp"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// exchange is what a file of nodes and edges says, before it becomes rows of the native tables. Every reader of an exchange format
// fills one; sheets brings it into the form in which all tables are read, so that what a cell may hold is decided in one place.
//
// Which way an edge runs: what the edge says ("depends on", "serves") or what its format means decides; else [Options.Direction];
// else the source is taken for the provider, with a warning.
type exchange struct {
	file, what     string                       // the format's name
	nodePart, part string                       // sheet names of the origins of nodes and of edges; "" where the rows are lines of the file
	stable         bool                         // the ids mean the same things outside this file
	direction      func(sheet string) Direction // that a person chose
	nodes          []*entity
	edges          []edge
	notes          []note
}

// entity is a node, a unit or a person.
type entity struct {
	line       int    // of the file, or the place in its list
	id         string // as the edges refer to it
	ownID      string // the id that the native table has, where the file gives it apart from the one for drawing
	name       string
	kind       graph.Kind
	unit       string   // id of the unit that it is in
	teams      []string // people: ids
	manager    string   // people: an id
	properties []property
}

// property is something that the file says about a node or an edge.
type property struct {
	name, text string
	number     bool // the format says that it is a number
}

// edge is a connection of two nodes.
type edge struct {
	line       int
	from, to   string
	means      meaning
	relation   string // the word for it: "depends on"
	service    string
	properties []property
}

// meaning is which end of an edge serves the other.
type meaning uint8

const (
	unsaid      meaning = iota
	fromServes          // the source serves the target
	toServes            // the target serves the source
	bothServe           // each serves the other
	noDirection         // the file says that it has none
	noService           // a relation that is no service: kept as an attribute of the source
)

// Direction is which end of an edge serves the other, where a file does not say it.
type Direction string

const (
	ProviderFirst Direction = "provider-first" // the source, or the first name, serves the other
	ConsumerFirst Direction = "consumer-first" // the target, or the second name, serves the other
)

// ParseDirection takes "provider-first", "consumer-first" and "".
func ParseDirection(s string) (Direction, error) {
	switch d := Direction(s); d {
	case "", ProviderFirst, ConsumerFirst:
		return d, nil
	}
	return "", fmt.Errorf("“%s” is no direction: say provider-first (the first name serves the second) or consumer-first", shorten(s, 40))
}

// relationWords are names of relations that say which way they run, folded as headers are.
var relationWords = func() map[string]meaning {
	m := map[string]meaning{}
	for _, w := range said("serves; serving; supplies; supplies to; provides; provides to; provides for; supports; delivers; delivers to; feeds; enables; used by; is used by; needed by; required by; dependency of; provider of; supplier of",
		"bedient; beliefert; liefert an; versorgt; unterstützt; benötigt von; wird benötigt von; genutzt von; wird genutzt von; Lieferant von", "sert; fournit; fournit à; livre à; soutient; requis par; utilisé par; fournisseur de",
		"sirve a; provee; provee a; suministra a; apoya a; requerido por; usado por; utilizado por; proveedor de", "bedient; levert; levert aan; ondersteunt; nodig voor; gebruikt door; leverancier van",
		"serve; atende; fornece; fornece a; apoia; exigido por; usado por; utilizado por; fornecedor de") {
		for _, fold := range spellings(w) {
			m[fold] = fromServes
		}
	}
	for _, w := range said("depends on; depends upon; depend on; uses; use; needs; requires; consumes; relies on; served by; is served by; provided by; supplied by; supported by; buys from; customer of; consumer of; client of",
		"hängt ab von; ist abhängig von; abhängig von; benötigt; braucht; nutzt; verwendet; bezieht von; beliefert von; bedient von; Kunde von", "dépend de; utilise; requiert; a besoin de; consomme; servi par; fourni par; client de",
		"depende de; usa; utiliza; necesita; requiere; consume; servido por; provisto por; cliente de", "hangt af van; is afhankelijk van; afhankelijk van; gebruikt; heeft nodig; bediend door; geleverd door; klant van",
		"depende de; precisa de; necessita de; requer; consome; atendido por; fornecido por; cliente de") {
		for _, fold := range spellings(w) {
			m[fold] = toServes
		}
	}
	return m
}()

// say gives an edge its relation: a word that tells the direction, or else the name of the service.
func (e *edge) say(word string) {
	word = strings.Join(strings.Fields(word), " ")
	m, known := relationWords[foldHeader(word)]
	switch {
	case known && e.means == unsaid:
		e.means, e.relation = m, word
	case known:
		e.relation = word
	case e.service == "":
		e.service = word
	default:
		e.properties = append(e.properties, property{name: "label", text: word})
	}
}

// keep adds a property, unless it says nothing.
func (e *entity) keep(name, text string) {
	if text = strings.TrimSpace(text); text != "" {
		e.properties = append(e.properties, property{name: name, text: text})
	}
}

func (e *edge) keep(name, text string) {
	if text = strings.TrimSpace(text); text != "" {
		e.properties = append(e.properties, property{name: name, text: text})
	}
}

// isA takes a word for a kind where it is one; otherwise it is kept as a property.
func (e *entity) isA(property, word string) {
	if k := kindOf(word); k != graph.NoKind && e.kind == graph.NoKind {
		e.kind = k
		if graph.Fold(word) == k.String() {
			return
		}
	}
	e.keep(property, word)
}

// kindOf reads a kind, or what people call it; NoKind for other words.
func kindOf(word string) graph.Kind {
	if k, err := graph.ParseKind(word); err == nil {
		return k
	}
	return kindWords[graph.Fold(word)]
}

func (x *exchange) tell(line int, severity graph.Severity, format string, args ...any) {
	x.notes = append(x.notes, note{row: line, severity: severity, format: format, args: args, ofFile: line == 0})
}

// serial are ids that a program counts out for one drawing: n0, n0::n3, 17.
var serial = regexp.MustCompile(`^(?:(?:[a-zA-Z]{0,4}|cluster)[-_]?\d{1,9})(?:::?[a-zA-Z]{0,4}\d{1,9})*$`)

// sheets brings everything into the native tables. O(nodes and edges).
func (x *exchange) sheets() iter.Seq2[*sheet, error] {
	return func(yield func(*sheet, error) bool) {
		names := x.resolve()
		links := x.links(names)
		called := map[string]string{}
		for _, n := range x.nodes {
			called[cmp.Or(n.id, n.name)] = n.name
		}
		tables := []*made{madeTable(x.file, x.nodePart, "units"), madeTable(x.file, x.nodePart, "nodes"), madeTable(x.file, x.nodePart, "people")}
		for _, n := range x.nodes {
			m := tables[1]
			switch n.kind {
			case graph.Unit:
				m = tables[0]
			case graph.Person:
				m = tables[2]
			}
			m.node(n, names)
		}
		first := true
		tables = append(tables, links)
		x.nothing(tables)
		for _, m := range tables {
			if len(m.rows) == 0 && m.none == "" {
				continue
			}
			s := m.sheet()
			s.called, s.what = called, x.what
			if first {
				s.notes, first = x.notes, false
			}
			if !yield(s, nil) {
				return
			}
		}
	}
}

// nothing gives the first of empty tables a word for it.
func (x *exchange) nothing(tables []*made) {
	for _, m := range tables {
		if len(m.rows) > 0 {
			return
		}
	}
	tables[0].none = fmt.Sprintf("this is %s, and nothing in it makes a node or a link", x.what)
}

// resolve decides by what each node is called: by its id where that means something outside the file, or where its name is not
// its alone; else by its name, so that other files can speak of it. It gives what stands for each id.
func (x *exchange) resolve() map[string]string {
	called := map[string]int{}
	for _, n := range x.nodes {
		n.name = strings.Join(strings.Fields(strings.ReplaceAll(n.name, "\x00", "")), " ")
		if isNobody([]byte(n.name)) {
			n.name = ""
		}
		if n.name == "" && !x.stable {
			n.name = n.id
		}
		called[graph.Fold(n.name)]++
	}
	names := make(map[string]string, len(x.nodes))
	told := map[string]bool{}
	for _, n := range x.nodes {
		alone := n.name != "" && called[graph.Fold(n.name)] == 1
		if !x.stable && n.ownID == "" && n.name != n.id && alone && serial.MatchString(n.id) {
			x.name(names, n, n.name)
			n.id = ""
			continue
		}
		if fold := graph.Fold(n.name); n.name != "" && !alone && !told[fold] && !x.stable {
			told[fold] = true
			x.tell(n.line, graph.Info, "“%s” names %d things of the file, which are told apart by their ids there: give each a name of its own", n.name, called[fold])
		}
		if n.ownID == "" && n.name == n.id && alone {
			x.name(names, n, n.name)
			n.id = ""
			continue
		}
		own := cmp.Or(n.ownID, n.id)
		x.name(names, n, own)
		n.id = own
	}
	return names
}

// name notes what stands for the id of a node.
func (x *exchange) name(names map[string]string, n *entity, ref string) {
	if _, twice := names[n.id]; twice {
		x.tell(n.line, graph.Warning, "the id “%s” stands twice in the file; edges mean the first one: give each its own", shorten(n.id, 60))
		return
	}
	names[n.id] = ref
}

// ref gives what stands for an id; one that the file does not describe stands for itself.
func ref(names map[string]string, id string) string {
	if name, known := names[id]; known {
		return name
	}
	return id
}

// links makes the table of links, and attributes of what is no service.
func (x *exchange) links(names map[string]string) *made {
	m := madeTable(x.file, x.part, "links")
	byID := map[string]*entity{}
	for _, n := range x.nodes {
		for _, id := range []string{n.id, n.name} {
			if id != "" && byID[id] == nil {
				byID[id] = n
			}
		}
	}
	loose, flat, direction := 0, 0, x.direction(x.part)
	var rows [2]int // that say that the source serves, and that the target does
	var said, others []string
	for i := range x.edges {
		e := &x.edges[i]
		from, to := ref(names, e.from), ref(names, e.to)
		if e.means == noService {
			relation := cmp.Or(e.relation, "relation")
			others = append(others, relation)
			if n := byID[from]; n != nil {
				text := to
				if t := byID[to]; t != nil {
					text = cmp.Or(t.name, to)
				}
				n.keep(relation, text)
				for _, p := range e.properties {
					n.keep(relation+" "+p.name, p.text)
				}
			} else {
				x.tell(e.line, graph.Warning, "“%s” of “%s”, which the file does not describe, was left out: no attribute can hold it", cmp.Or(e.relation, "a relation"), shorten(from, 60))
			}
			continue
		}
		e.keep("relation", e.relation)
		if e.relation != "" && e.means != unsaid && e.means != noDirection {
			switch e.means {
			case fromServes:
				rows[0]++
			case toServes:
				rows[1]++
			}
			said = append(said, e.relation+"\x00"+[...]string{"", "the source serves the target", "the target serves the source", "each serves the other", ""}[e.means])
		}
		provider, consumer := from, to
		switch e.means {
		case noDirection:
			flat++
			e.keep("direction", "none")
			fallthrough
		case unsaid:
			if loose++; direction == ConsumerFirst {
				provider, consumer = to, from
			}
		case toServes:
			provider, consumer = to, from
		case bothServe:
			m.link(e, to, from)
		}
		m.link(e, provider, consumer)
		m.rows[len(m.rows)-1].open = direction == "" && (e.means == unsaid || e.means == noDirection)
	}
	if loose > 0 {
		m.open = &openEdges{what: x.what, flat: flat, rows: rows}
	}
	x.tellDirection(direction, loose, flat, said, others)
	return m
}

// tellDirection tells by what rule edges became links.
func (x *exchange) tellDirection(direction Direction, loose, flat int, said, others []string) {
	rule := "the source serves the target"
	if direction == ConsumerFirst {
		rule = "the target serves the source"
	}
	if loose > 0 && direction != "" {
		x.tell(0, graph.Info, "the edges that do not say who serves whom (%d) were read as “%s”, as --direction says", loose, rule)
	}
	if flat > 0 && direction != "" {
		x.tell(0, graph.Warning, "edges that are said to have no direction (%d): each became one link, “%s”; where the two serve each other, add the other link", flat, rule)
	}
	for i, s := range tally(said) {
		if word, means, _ := strings.Cut(s.text, "\x00"); i < 20 {
			x.tell(0, graph.Info, "“%s” (%d) was read as: %s", shorten(word, 60), s.n, means)
		}
	}
	for i, s := range tally(others) {
		if i < 20 {
			x.tell(0, graph.Info, "“%s” (%d) is no service and makes no link; it is kept as an attribute", shorten(s.text, 60), s.n)
		}
	}
}

type tallied struct {
	text string
	n    int
}

// tally counts texts, sorted.
func tally(texts []string) []tallied {
	slices.Sort(texts)
	var all []tallied
	for _, t := range texts {
		if n := len(all); n > 0 && all[n-1].text == t {
			all[n-1].n++
		} else {
			all = append(all, tallied{t, 1})
		}
	}
	return all
}

// made is a native table that was made, not found: what its columns mean is known.
type made struct {
	none       string // why there are no rows
	open       *openEdges
	file, part string
	table      *table
	columns    []column
	index      map[string]int
	rows       []madeRow
	of         *row // the row of a sheet that the last row is made of; nil where there is none
}

// openEdges are the edges of a file that does not say of all of them who serves whom.
type openEdges struct {
	what string // the format
	flat int    // those that are said to have no direction
	rows [2]int // others that say that the source serves, and that the target does
}

type madeRow struct {
	line  int
	open  bool // see row.open
	cells [][]byte
	kinds []cellKind
}

func madeTable(file, part, name string) *made {
	return &made{file: file, part: part, table: tableNamed(name), index: map[string]int{}}
}

// cell puts a text into a column of the last row; field is "" for an attribute. Of several texts a list is made.
func (m *made) cell(field, name, text string, number bool) {
	kind := textCell
	if plain, ok := plainNumber(text); ok && (number || field != "") {
		if field != "" {
			text = plain
		}
		kind = numberCell
	}
	m.write(len(m.rows)-1, column{header: name, field: field, match: match{field: field}}, kind, text)
}

// write puts a text into a row; c says the column by header and field.
func (m *made) write(row int, c column, kind cellKind, text string) {
	if text == "" {
		return
	}
	key := c.field + "\x00" + c.header
	i, known := m.index[key]
	if !known {
		if i = len(m.columns); i == maxColumns {
			return
		}
		m.index[key] = i
		c.index, c.named = i, true
		m.columns = append(m.columns, c)
	}
	r := &m.rows[row]
	for len(r.cells) <= i {
		r.cells, r.kinds = append(r.cells, nil), append(r.kinds, textCell)
	}
	if len(r.cells[i]) > 0 {
		kind, text = textCell, string(r.cells[i])+"|"+text
	}
	r.kinds[i] = kind
	r.cells[i] = []byte(text)
}

// native gives the native field that a property is. A number called value is the worth of a customer only where there is one.
func (m *made) native(p property, kind graph.Kind) string {
	f, ok := m.table.lookup(foldHeader(p.name))
	switch {
	case !ok, f.rank > 0, slices.Contains([]string{"id", "name", "kind", "unit", "parent", "team", "manager", "provider", "consumer", "service"}, f.field):
		return ""
	case (f.field == "value" || f.field == "segment") && kind != graph.Customer:
		return ""
	}
	return f.field
}

func (m *made) properties(list []property, kind graph.Kind) {
	for _, p := range list {
		name := headerText([]byte(p.name))
		field := m.native(p, kind)
		if field != "" {
			name = field
		}
		m.cell(field, cmp.Or(name, "attribute"), p.text, p.number)
	}
}

func (m *made) begin(line int) { m.rows = append(m.rows, madeRow{line: max(1, line)}) }

// node adds a row.
func (m *made) node(n *entity, names map[string]string) {
	m.begin(n.line)
	m.cell("id", "id", n.id, false)
	m.cell("name", "name", n.name, false)
	if m.table.kind == graph.NoKind && n.kind != graph.NoKind {
		m.cell("kind", "kind", n.kind.String(), false)
	}
	if n.unit != "" {
		field := "unit"
		if n.kind == graph.Unit {
			field = "parent"
		}
		m.cell(field, field, ref(names, n.unit), false)
	}
	if n.manager != "" {
		m.cell("manager", "manager", ref(names, n.manager), false)
	}
	for _, t := range n.teams {
		m.cell("team", "team", ref(names, t), false)
	}
	m.properties(n.properties, n.kind)
}

// link adds a row.
func (m *made) link(e *edge, provider, consumer string) {
	m.begin(e.line)
	m.cell("provider", "provider", provider, false)
	m.cell("consumer", "consumer", consumer, false)
	m.cell("service", "service", e.service, false)
	m.properties(e.properties, graph.NoKind)
}

// sheet gives the table as a sheet whose layout is known.
func (m *made) sheet() *sheet {
	l := layout{table: m.table, columns: m.columns, known: len(m.columns)}
	if m.none != "" {
		l = layout{}
	}
	return &sheet{none: m.none, open: m.open, file: m.file, name: m.part, size: max(1, len(m.rows)), given: &l, rows: func(yield func(*row) bool) {
		var r row
		for i := range m.rows {
			r.number, r.at, r.open, r.faults = m.rows[i].line, i, m.rows[i].open, r.faults[:0]
			r.cells, r.kinds = append(r.cells[:0], m.rows[i].cells...), append(r.kinds[:0], m.rows[i].kinds...)
			for j, c := range r.cells {
				if len(c) > maxCell {
					r.cells[j] = nil
					r.faults = append(r.faults, fault{j, graph.Error, "the text is longer than a million characters: shorten it"})
				}
			}
			if !yield(&r) {
				return
			}
		}
	}, nul: true}
}
