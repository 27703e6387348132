package importer

import (
	"cmp"

	"example.com/whoserves/graph"
)

// shapes are the tables that are no native ones: sheets whose rows state our nodes and links in a manner of their own, such as a business
// impact analysis with both sides of a link in one row. Their columns are found and read as those of native tables are; what a row says
// then becomes rows of native tables, which keep the number of the row and the headers of the cells they come from.
var shapes = []*table{
	tracker,
}

// spread is what a sheet of some shape becomes.
type spread struct {
	*tableReader
	tables map[string]*made // by native name
}

// shape reads a sheet of some shape: first its rows, then the native rows made of them.
func (r *reader) shape(t *tableReader) error {
	s := &spread{tableReader: t, tables: map[string]*made{}}
	for _, name := range nativeOrder {
		s.tables[name] = madeTable(t.in.name, t.sheet.name, name)
	}
	if err := t.eachRow(func() { t.layout.table.take(s) }); err != nil {
		return err
	}
	if t.row = nil; t.layout.table.end != nil {
		t.layout.table.end(s)
	}
	for _, name := range nativeOrder {
		if m := s.tables[name]; len(m.rows) > 0 {
			made := m.sheet()
			made.shaped = true
			if err := r.table(t.in, made, *made.given, t.reading); err != nil {
				return err
			}
		}
	}
	return nil
}

// nativeOrder is the order in which native tables are made.
var nativeOrder = []string{"units", "nodes", "people", "links"}

// begin begins a row of a native table ("nodes", "links", "units", "people") that comes from the present row.
func (s *spread) begin(native string) *made {
	m := s.tables[native]
	m.begin(s.row.number)
	return m
}

// put puts a text into a native field of the row that was begun last, as coming from a column of the sheet; c nil: from none.
func (m *made) put(field string, c *cells, text string) {
	header := field
	if c != nil {
		header = c.header
	}
	m.cell(field, header, text, false)
}

// link begins a link of the present row; provider and consumer are columns, or nil where the text is from elsewhere.
func (s *spread) link(provider *cells, providerText string, consumer *cells, consumerText string) *made {
	m := s.begin("links")
	m.put("provider", provider, providerText)
	m.put("consumer", consumer, consumerText)
	return m
}

// node begins a node of the present row. Blank names and words for nobody begin none, and give nil.
func (s *spread) node(kind graph.Kind, c *cells, name string) *made {
	if name == "" || isWord(nobodies, []byte(name)) {
		return nil
	}
	native := "nodes"
	switch kind {
	case graph.Unit:
		native = "units"
	case graph.Person:
		native = "people"
	}
	m := s.begin(native)
	m.put("name", c, name)
	if native == "nodes" && kind != graph.NoKind {
		m.put("kind", nil, kind.String())
	}
	return m
}

// copy puts the cells of the present row into the row of m that was begun last: the named fields, and with rest the columns that
// have no meaning, as attributes.
func (s *spread) copy(m *made, rest bool, fields ...string) {
	for _, f := range fields {
		if c := s.column(f); c != nil {
			m.put(f, c, string(s.text(c)))
		}
	}
	for _, c := range s.columns {
		if rest && c.field == "" {
			m.cell("", cmp.Or(c.attr, c.header), string(s.text(c)), false)
		}
	}
}

// tracker is a list of what teams wait for: the row is the consumer.
var tracker = newTable(table{name: "tracker", title: "team dependency tracker",
	fields: []header{
		{field: "consumer", other: []string{"team name/focus", "our team"}},
		{field: "provider", other: []string{"depends on team", "dependent on team", "waiting for"}},
		{field: "criticality", other: []string{"type (blocking/slowing/ok)", "type", "blocking/slowing/ok"}},
		{field: "service", other: []string{"short description of dependency (artifacts, approvals, other)", "short description of dependency", "dependency", "description"}},
	},
	fits: func(has map[string]bool) bool {
		return has["consumer"] && has["provider"] && (has["criticality"] || has["service"])
	},
	take: func(s *spread) {
		provider, consumer := s.column("provider"), s.column("consumer")
		m := s.link(provider, string(s.text(provider)), consumer, string(s.text(consumer)))
		m.put("declared_by", consumer, string(s.text(consumer)))
		s.copy(m, true, "criticality", "service")
	}})
