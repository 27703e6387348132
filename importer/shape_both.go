package importer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// bothSided is a sheet whose rows are teams (or processes, services, systems), with columns that list on whom the row depends and by
// whom it is required; one of the two is enough.
//
//   - The row is the consumer of whoever it depends on, and the provider of whoever requires it. It declares both: declared_by is the row.
//   - A column of systems or suppliers lists providers too, and says of what kind they are.
//   - A process or service beside the team is what the team does: the service of “required by”. What is needed of others it does not
//     say, so “depends on” has no service, but where the other side states it: when IT says that it serves HR with hosting, and with
//     nothing else, HR's “depends on IT” is that link, declared by both. A column “what is needed” says it too, and so does a service
//     behind “depends on” where there is no “required by”; one before it is kept as an attribute.
//   - Where there is no team, the process or service is the row; where there is neither, the department is.
//   - Criticality, tolerance and what else describes a link is of the only side; where there are two, of “required by”: the sheet says
//     how important the row is. A team with one row is described by it; of one with several, columns of no meaning describe the links.
var bothSided = newTable(table{name: "both-sided", title: "sheet of who depends on whom",
	fields: slices.Concat([]header{
		{field: "name", means: "whose row it is: a team, process, service or system", other: slices.Concat(teamWords, systemWords)},
		{field: "service", means: "what the row does for those that require it", other: processWords},
		{field: "depends_on", means: "those that serve the row", other: dependsWords, loose: []string{"dependencies", "dependency", "needs", "uses", "served by", "supported by", "relies on", "reliant on",
			"abhängigkeiten", "nutzt", "braucht", "dépendances", "utilise", "dependencias", "utiliza", "afhankelijkheden", "gebruikt", "dependências"}},
		{field: "required_by", means: "those that the row serves", other: requiredWords, loose: []string{"serves", "supports", "internal customers", "dependents"}},
		{field: "needed", means: "the service that the row gets from those that it depends on", other: []string{"what is needed", "what we need", "what do we need", "needed service", "service needed", "services needed", "dependency description",
			"was wird benötigt", "benötigte leistung", "ce qui est nécessaire", "qué se necesita", "wat is nodig", "o que é necessário"}},
		{field: "systems", means: "resources that serve the row", other: systemsWords},
		{field: "suppliers", means: "suppliers that serve the row", other: suppliersWords},
	}, rowHeaders, linkRowHeaders),
	arrange: arrangeBoth,
	fits: func(has map[string]bool) bool {
		return has["name"] && (has["depends_on"] || has["required_by"])
	},
	all: takeBoth})

// rowHeaders are the native columns that describe the team, process or service of a row.
var rowHeaders = []header{
	{field: "unit", other: unitWords},
	{field: "kind", other: []string{"kind"}},
	{field: "headcount", other: headcountWords},
	{field: "min_staff", other: minStaffWords},
	{field: "recovery_hours", hours: true, other: recoveryWords},
	{field: "contact", other: contactWords},
	{field: "site", other: siteWords},
	{field: "tags", other: []string{"tags"}},
}

// linkRowHeaders are those that describe the links of a row.
var linkRowHeaders = []header{
	{field: "criticality", other: priorityWords},
	{field: "tolerance_hours", hours: true, other: toleranceWords},
	{field: "channel", other: []string{"channel", "agreed channel", "kanal", "canal", "kanaal"}},
	{field: "agreement", other: []string{"agreement", "SLA", "OLA"}},
	{field: "satisfaction", other: []string{"satisfaction", "zufriedenheit", "satisfacción", "tevredenheid", "satisfação"}},
}

// fieldsOf names the fields of headers.
func fieldsOf(headers []header) []string {
	var names []string
	for _, h := range headers {
		names = append(names, h.field)
	}
	return names
}

// arrangeBoth finds whom a row is about. A sheet with a column for one end of a link, whatever else is in it, is a table of links.
func arrangeBoth(l *layout) {
	at := func(field string) int {
		return slices.IndexFunc(l.columns, func(c column) bool { return c.field == field })
	}
	for _, c := range l.columns {
		m, _ := tableNamed("links").lookup(foldHeader(c.header))
		if c.field == "" && m.rank < 2 && (m.field == "provider" || m.field == "consumer") && c.rival == "" {
			for i := range l.columns {
				l.columns[i].field = ""
			}
			return
		}
	}
	arrangeService(l)
	side := at("depends_on")
	if r := at("required_by"); side < 0 || r >= 0 && r < side {
		side = r
	}
	if side < 0 || at("name") >= 0 {
		return
	}
	for _, f := range []string{"service", "unit", "systems"} {
		if i := at(f); i >= 0 {
			l.columns[i].field, l.columns[i].match.field, l.columns[i].why = "name", "name", "no other column says whose row it is"
			return
		}
	}
	if both := at("depends_on") >= 0 && at("required_by") >= 0; both {
		for i := range l.columns[:side] {
			if c := &l.columns[i]; c.named && c.match.field == "" {
				c.field, c.match = "name", match{field: "name", rank: 2}
				return
			}
		}
	}
}

// arrangeService decides what a service column beside “depends on” alone means: behind it what is needed, before it what the row does,
// which no link says.
func arrangeService(l *layout) {
	name, service, depends := -1, -1, -1
	for i, c := range l.columns {
		switch c.field {
		case "name":
			name = i
		case "service":
			service = i
		case "depends_on":
			depends = i
		case "required_by":
			return
		}
	}
	if name < 0 || service < 0 || depends < 0 {
		return
	}
	switch c := &l.columns[service]; {
	case service > depends && !slices.ContainsFunc(l.columns, func(c column) bool { return c.field == "needed" }):
		c.field, c.match.field, c.why = "needed", "needed", fmt.Sprintf("it stands behind “%s”", l.columns[depends].header)
	default:
		c.field, c.why = "", "kept as it is: what the row does is the service of nobody here"
	}
}

// bothSheet is a both-sided sheet on its way into links.
type bothSheet struct {
	*spread
	lists             *nameLists
	name, service     *cells
	depends, required *cells
	linkFields        []string
	served            map[string]map[string]string // folded provider and consumer → the services that the provider states, by fold
	open              []openLink
}

// openLink is a link without a service, stated by the consumer.
type openLink struct {
	in                 *made
	row, number        int
	provider, consumer string
}

func takeBoth(s *spread, rows []row) {
	s.decideSides()
	b := &bothSheet{spread: s, name: s.column("name"), service: s.column("service"), depends: s.column("depends_on"), required: s.column("required_by"),
		linkFields: fieldsOf(linkRowHeaders), served: map[string]map[string]string{}}
	b.lists = s.listNames(rows, []*cells{b.name}, []*cells{b.depends, b.required, s.column("systems"), s.column("suppliers")})
	b.tell()
	for i := range rows {
		if s.row = &rows[i]; s.full() {
			break
		}
		b.take()
	}
	b.complete()
}

// tell tells how the sheet is read.
func (b *bothSheet) tell() {
	b.header()
	var how []string
	if b.depends != nil {
		how = append(how, fmt.Sprintf("whoever “%s” lists serves the “%s” of the row", b.depends.header, b.name.header))
	}
	if b.required != nil {
		how = append(how, fmt.Sprintf("the “%s” of the row serves whoever “%s” lists", b.name.header, b.required.header))
	}
	b.info(nil, "this was read as a %s: %s", b.layout.table.title, strings.Join(how, ", and "))
	if b.depends == nil || b.required == nil {
		return
	}
	if b.service != nil {
		b.info(b.service, "“%s” is what the row does: the service for whoever “%s” lists", b.service.header, b.required.header)
	}
	for _, f := range b.linkFields {
		if c := b.column(f); c != nil {
			b.info(c, "“%s” was read as said of the links to whoever “%s” lists", c.header, b.required.header)
		}
	}
}

// take brings one row into nodes and links.
func (b *bothSheet) take() {
	name := string(b.text(b.name))
	if name == "" || isNobody([]byte(name)) {
		b.reject(b.name, "the row does not say whose it is, so it was left out: fill “%s”", b.name.header)
		return
	}
	alone := b.lists.rows[graph.Fold(name)] == 1
	in := b.linksIn(b.depends, graph.NoKind, name, alone)
	in += b.linksIn(b.column("systems"), graph.Resource, name, alone)
	in += b.linksIn(b.column("suppliers"), graph.Supplier, name, alone)
	out := b.linksOut(name, alone)
	spoken := out
	if b.required == nil {
		spoken = in
	}
	b.describe(name, alone || in+out == 0, spoken == 0)
}

// linksIn makes links to the row from those that a cell lists, and nodes of a kind that the column says. It gives their number.
func (b *bothSheet) linksIn(c *cells, kind graph.Kind, name string, alone bool) int {
	providers := b.lists.of(c)
	for _, p := range providers {
		if kind != graph.NoKind && b.lists.rows[graph.Fold(p)] == 0 && b.first("kind", graph.Fold(p)) {
			b.node(kind, c, p)
		}
		m := b.link(c, p, b.name, name)
		needed := b.says("needed")
		m.put("service", b.column("needed"), needed)
		if needed == "" && c == b.depends {
			b.open = append(b.open, openLink{m, len(m.rows) - 1, b.row.number, p, name})
		}
		if b.service != nil && !alone {
			b.attribute(m, b.service)
		}
		b.finish(m, name, b.required == nil, alone)
	}
	return len(providers)
}

// linksOut makes links from the row to those that require it, and gives their number.
func (b *bothSheet) linksOut(name string, alone bool) int {
	consumers := b.lists.of(b.required)
	service := b.says("service")
	for _, c := range consumers {
		m := b.link(b.name, name, b.required, c)
		m.put("service", b.service, service)
		b.finish(m, name, true, alone)
		key := graph.Fold(name) + "\x00" + graph.Fold(c)
		if b.served[key] == nil {
			b.served[key] = map[string]string{}
		}
		b.served[key][graph.Fold(service)] = service
	}
	return len(consumers)
}

// finish says of a link who declared it, and what the row says about links where it speaks of this side.
func (b *bothSheet) finish(m *made, name string, speaks, alone bool) {
	m.put("declared_by", b.name, name)
	if speaks {
		b.copy(m, false, b.linkFields...)
	}
	if !alone {
		b.copy(m, true)
	}
}

// describe makes a node of the row. rest: what has no meaning describes the node; unspoken: what would describe links too, since the
// row makes none.
func (b *bothSheet) describe(name string, rest, unspoken bool) {
	fields := fieldsOf(rowHeaders)
	key := []string{"row", graph.Fold(name)}
	for _, f := range fields {
		key = append(key, b.says(f))
	}
	if !b.first(key...) && !rest {
		return
	}
	kind := graph.NoKind
	if b.column("kind") == nil && isSystemHeader(b.name.header) {
		kind = graph.Resource
	}
	m := b.node(kind, b.name, name)
	b.copy(m, rest, fields...)
	for _, f := range append([]string{"service", "needed"}, b.linkFields...) {
		silent := unspoken
		if f == "service" {
			silent = rest && len(b.text(cmp.Or(b.required, b.name))) == 0
		}
		if c := b.column(f); c != nil && silent {
			b.attribute(m, c)
		}
	}
	if unit := b.says("unit"); unit != "" && b.first("unit", graph.Fold(unit)) {
		b.node(graph.Unit, b.column("unit"), unit)
	}
}

// complete gives links that the consumer states the service with which the provider states that it serves that consumer, where it is one.
func (b *bothSheet) complete() {
	for _, o := range b.open {
		services := b.served[graph.Fold(o.provider)+"\x00"+graph.Fold(o.consumer)]
		if len(services) != 1 {
			continue
		}
		for _, service := range services {
			if service != "" {
				o.in.write(o.row, column{header: b.service.header, field: "service", match: match{field: "service"}}, textCell, service)
				b.row = &row{number: o.number}
				b.tellOnce(b.depends, "“%s” says that it serves “%s” with “%s”, and with nothing else, so this is that link, and the like here and below", o.provider, o.consumer, service)
			}
		}
	}
}
