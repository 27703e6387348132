package importer

import (
	"fmt"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// impact is a business impact analysis: processes of business units, how soon each must be back, and on whom it depends and by whom it
// is required; often with sub-processes beside them, under headers that stand there twice.
//
// What becomes what, and why:
//
//   - A business unit is a unit, and every process a node of kind team in it. Cells of dependencies name units as often as processes, and
//     a link may name either: a unit as provider stands while one of its processes does, as consumer all of them have the need.
//   - A sub-process is a node in the same unit that serves its process: without the parts there is no whole.
//   - The row is the consumer of what it depends on, and the provider of what requires it, and declares both. The node is the process
//     itself, so its links need no service.
//   - RTO is the recovery time of the process. MTPD is how long the firm copes without it, so it is the tolerance of those that require
//     it; so is its priority the criticality of these links. What has no link to go to is kept as an attribute of the process, as are
//     RPO and ranks. Systems and suppliers in columns of their own serve the row.
//   - A head count before the process is that of the unit, else that of the process.
//   - A column behind the sub-process that stands there twice, or that is named for it, is the sub-process's; in a row without
//     sub-process it is the process's.
//   - A process that several units have, or that is called as a unit is, gets the unit behind its name, in brackets; so does a
//     sub-process its process.
var impact = newTable(table{name: "impact", title: "business impact analysis",
	fields: []header{
		{field: "unit", means: "the business unit of the process", other: slices.Concat(unitWords, []string{"business unit name", "department / BU", "BU / department"})},
		{field: "name", means: "the process, which becomes a team of the unit", other: slices.Concat(processWords, []string{"parent process", "parent process name", "main process", "hauptprozess", "processus principal", "processus parent",
			"proceso principal", "hoofdproces", "processo principal", "processo pai"})},
		{field: "sub", means: "a part of the process, which serves it", other: []string{"sub-process", "sub process name", "subprocess name", "sub-activity", "sub-function", "teilprozess", "unterprozess", "sous-processus", "subproceso", "subproces", "deelproces", "subprocesso"}},
		{field: "headcount", means: "how many people the unit has, where it stands before the process, else that of the process", other: headcountWords},
		{field: "min_staff", other: minStaffWords},
		{field: "criticality", means: "how critical the process is to those that require it", other: priorityWords},
		{field: "recovery_hours", hours: true, other: recoveryWords},
		{field: "rpo", means: "how much data may be lost; kept as it is", other: []string{"RPO", "recovery point objective", "PDMA", "maximaler datenverlust", "perte de données maximale admissible", "punto objetivo de recuperación"}},
		{field: "tolerance_hours", means: "hours that those that require the process cope without it", hours: true, other: toleranceWords},
		{field: "depends_on", means: "those that serve the process", other: slices.Concat(dependsWords, []string{"PP depends on", "process depends on", "parent process depends on"}), loose: []string{"dependencies", "abhängigkeiten", "dépendances", "dependencias", "afhankelijkheden", "dependências"}},
		{field: "required_by", means: "those that the process serves", other: slices.Concat(requiredWords, []string{"PP required by", "process required by", "parent process required by"}), loose: []string{"used by", "dependents"}},
		{field: "sub_criticality", means: "how critical the sub-process is to those that require it", other: []string{"SP priority ranking", "SP priority", "sub-process priority"}},
		{field: "sub_recovery_hours", means: "hours until the sub-process is back when it fails", hours: true, other: []string{"SP RTO", "sub-process RTO"}},
		{field: "sub_rpo", means: "how much data of the sub-process may be lost; kept as it is", other: []string{"SP RPO", "sub-process RPO"}},
		{field: "sub_tolerance_hours", means: "hours that those that require the sub-process cope without it", hours: true, other: []string{"SP MTPD", "SP MTD", "sub-process MTPD"}},
		{field: "sub_depends_on", means: "those that serve the sub-process", other: []string{"SP depends on", "sub-process depends on", "sub process depends on"}},
		{field: "sub_required_by", means: "those that the sub-process serves", other: []string{"SP required by", "sub-process required by", "sub process required by"}},
		{field: "systems", means: "resources that serve the row", other: systemsWords},
		{field: "suppliers", means: "suppliers that serve the row", other: suppliersWords},
		{field: "contact", other: contactWords},
		{field: "site", other: siteWords},
	},
	arrange: arrangeImpact,
	fits: func(has map[string]bool) bool {
		any := func(fields ...string) bool {
			return slices.ContainsFunc(fields, func(f string) bool { return has[f] || has["sub_"+f] })
		}
		times := 0
		for _, f := range []string{"recovery_hours", "tolerance_hours", "rpo"} {
			if any(f) {
				times++
			}
		}
		return has["name"] && (any("depends_on", "required_by") && (times > 0 || has["sub"] || has["unit"] && any("criticality")) || has["unit"] && times > 1)
	},
	all: takeImpact})

// subFields are the fields that a sub-process has too, under the name with sub_ before it.
var subFields = []string{"criticality", "recovery_hours", "rpo", "tolerance_hours", "depends_on", "required_by"}

// arrangeImpact gives the columns behind the sub-process to it.
func arrangeImpact(l *layout) {
	at := func(field string) int {
		return slices.IndexFunc(l.columns, func(c column) bool { return c.field == field })
	}
	sub := at("sub")
	if sub < 0 {
		return
	}
	if at("name") < 0 {
		l.columns[sub].field, l.columns[sub].match.field, l.columns[sub].why = "name", "name", "there is no column of processes"
		return
	}
	for i := sub + 1; i < len(l.columns); i++ {
		c := &l.columns[i]
		if field := "sub_" + c.match.field; slices.Contains(subFields, c.match.field) && at(field) < 0 {
			if c.rival != "" {
				c.why = fmt.Sprintf("it stands behind “%s”, and “%s” before it has the process's", l.columns[sub].header, c.rival)
			} else {
				c.why = fmt.Sprintf("it stands behind “%s”", l.columns[sub].header)
			}
			c.field, c.rival, c.match.field = field, "", field
		}
	}
}

// impactRow is a row and whom it is about.
type impactRow struct {
	*row
	unit, process, sub string // as written; blank cells filled from above
}

// impactSheet is a business impact analysis on its way into nodes and links.
type impactSheet struct {
	*spread
	lists *nameLists
	rows  []impactRow
	owner map[string][]string // folded name of a process or sub-process → those that have it: units, or processes as they are called
	units map[string]bool     // folded
}

func takeImpact(s *spread, rows []row) {
	s.decideSides()
	m := &impactSheet{spread: s, owner: map[string][]string{}, units: map[string]bool{}}
	var lists []*cells
	for _, f := range []string{"depends_on", "required_by", "sub_depends_on", "sub_required_by", "systems", "suppliers"} {
		lists = append(lists, s.column(f))
	}
	m.lists = s.listNames(rows, []*cells{s.column("unit"), s.column("name"), s.column("sub")}, lists)
	m.fillDown(rows)
	m.tell()
	for _, r := range m.rows {
		if m.row = r.row; m.full() {
			return
		}
		m.take(r)
	}
}

// fillDown finds whom each row is about: a blank unit is that of the row above, and so is the process of a sub-process.
func (m *impactSheet) fillDown(rows []row) {
	var last impactRow
	for i := range rows {
		m.row = &rows[i]
		r := impactRow{m.row, m.names("unit"), m.names("name"), m.names("sub")}
		if r.unit == "" && last.unit != "" && (r.process != "" || r.sub != "") {
			r.unit = last.unit
			m.tellOnce(m.column("unit"), "the blank cell was read as “%s”, and those below it alike", r.unit)
		}
		if r.process == "" && r.sub != "" && last.process != "" && graph.Fold(r.unit) == graph.Fold(last.unit) {
			r.process = last.process
			m.tellOnce(m.column("name"), "the blank cell was read as “%s”, and those below it alike", r.process)
		}
		if r.process == "" {
			r.process, r.sub = r.sub, ""
		}
		if r.unit == "" && r.process == "" {
			m.reject(m.column("name"), "the row does not say which process it is about, so it was left out: fill “%s”", m.column("name").header)
			continue
		}
		m.rows, last = append(m.rows, r), r
		m.units[graph.Fold(r.unit)] = r.unit != ""
		m.own(r.process, r.unit)
	}
	for _, r := range m.rows {
		m.own(r.sub, m.called(r.process, r.unit))
	}
}

// own notes whose a process is.
func (m *impactSheet) own(name, owner string) {
	fold := graph.Fold(name)
	if fold != "" && !slices.ContainsFunc(m.owner[fold], func(o string) bool { return graph.Fold(o) == graph.Fold(owner) }) {
		m.owner[fold] = append(m.owner[fold], owner)
	}
}

// called gives the name of the node of a process: its own, with its owner behind it where it is not its alone.
func (m *impactSheet) called(name, owner string) string {
	fold := graph.Fold(name)
	if owner == "" || len(m.owner[fold]) < 2 && !m.units[fold] {
		return name
	}
	return name + " (" + owner + ")"
}

// tell tells how the sheet is read.
func (m *impactSheet) tell() {
	m.header()
	name := m.column("name").header
	how := []string{fmt.Sprintf("every “%s” is a team", name)}
	if c := m.column("unit"); c != nil {
		how[0] += fmt.Sprintf(" in the unit of its “%s”", c.header)
	}
	if c := m.column("sub"); c != nil {
		how = append(how, fmt.Sprintf("every “%s” serves its “%s”", c.header, name))
	}
	for _, f := range []string{"depends_on", "sub_depends_on"} {
		if c := m.column(f); c != nil {
			how = append(how, fmt.Sprintf("whoever “%s” lists serves it", c.header))
		}
	}
	for _, f := range []string{"required_by", "sub_required_by"} {
		if c := m.column(f); c != nil {
			how = append(how, fmt.Sprintf("it serves whoever “%s” lists", c.header))
		}
	}
	m.info(nil, "this was read as a %s: %s", m.layout.table.title, strings.Join(how, "; "))
	for _, about := range [][2]string{{"recovery_hours", "how long it takes to come back"}, {"tolerance_hours", "how long those that require it cope without it"}} {
		for _, prefix := range []string{"", "sub_"} {
			if c := m.column(prefix + about[0]); c != nil && m.first("column", c.header) {
				m.info(c, "“%s” was read as %s", c.header, about[1])
			}
		}
	}
}

// take brings a row into nodes and links.
func (m *impactSheet) take(r impactRow) {
	if unit := m.column("unit"); r.unit != "" {
		m.takeUnit(unit, r)
	}
	process := m.called(r.process, r.unit)
	if r.process == "" { // the row is about the unit
		m.links(r, m.column("unit"), r.unit, "", true)
		return
	}
	m.tellCalled(m.column("name"), r.process, process)
	if r.sub == "" {
		out := m.links(r, m.column("name"), process, "", true) + m.links(r, m.column("name"), process, "sub_", false)
		m.describe(r, m.column("name"), process, out, "", "sub_")
		return
	}
	sub := m.called(r.sub, process)
	m.tellCalled(m.column("sub"), r.sub, sub)
	out := m.links(r, m.column("name"), process, "", false)
	m.describe(r, m.column("name"), process, out, "")
	m.links(r, m.column("sub"), sub, "sub_", true)
	if m.first("sub", graph.Fold(sub), graph.Fold(process)) {
		l := m.link(m.column("sub"), sub, m.column("name"), process)
		l.put("declared_by", m.column("name"), process)
		m.speak(l, "sub_")
	}
	m.describe(r, m.column("sub"), sub, 1, "sub_")
}

// takeUnit makes the unit, once, with its head count.
func (m *impactSheet) takeUnit(c *cells, r impactRow) {
	count := m.column("headcount")
	heads := ""
	if count != nil && (count.index < m.column("name").index || r.process == "") {
		heads = m.says("headcount")
	}
	if !m.first("unit", graph.Fold(r.unit)) && (heads == "" || !m.first("unit", graph.Fold(r.unit), heads)) {
		return
	}
	if u := m.node(graph.Unit, c, r.unit); u != nil && heads != "" {
		m.first("unit", graph.Fold(r.unit), heads)
		u.put("headcount", count, heads)
	}
}

// tellCalled tells that a process has its owner in its name.
func (m *impactSheet) tellCalled(c *cells, name, called string) {
	if name != called && m.first("called", graph.Fold(called)) {
		m.info(c, "“%s” is here called “%s”, since others have that name too", name, called)
	}
}

// links makes the links of a row in both directions, and gives the number of those that go out. prefix says whose columns are read,
// others that those of systems and suppliers are too.
func (m *impactSheet) links(r impactRow, c *cells, name, prefix string, others bool) int {
	for _, p := range m.refs(m.column(prefix+"depends_on"), r) {
		m.linkIn(m.column(prefix+"depends_on"), p, c, name)
	}
	if others {
		m.linksOf(m.column("systems"), graph.Resource, c, name)
		m.linksOf(m.column("suppliers"), graph.Supplier, c, name)
	}
	consumers := m.refs(m.column(prefix+"required_by"), r)
	for _, to := range consumers {
		key := []string{"out", graph.Fold(name), graph.Fold(to), m.says(prefix + "criticality"), m.says(prefix + "tolerance_hours")}
		if m.first(key...) {
			l := m.link(c, name, m.column(prefix+"required_by"), to)
			l.put("declared_by", c, name)
			m.speak(l, prefix)
		}
	}
	return len(consumers)
}

// linksOf makes links to the node of the row from those that a cell lists, which are of a kind.
func (m *impactSheet) linksOf(from *cells, kind graph.Kind, c *cells, name string) {
	for _, p := range m.lists.of(from) {
		if m.first("kind", graph.Fold(p)) && m.lists.rows[graph.Fold(p)] == 0 {
			m.node(kind, from, p)
		}
		m.linkIn(from, p, c, name)
	}
}

// linkIn makes a link to the node of the row, once.
func (m *impactSheet) linkIn(from *cells, provider string, c *cells, name string) {
	if m.first("in", graph.Fold(provider), graph.Fold(name)) {
		m.link(from, provider, c, name).put("declared_by", c, name)
	}
}

// speak gives a link what the row says about those that require it.
func (m *impactSheet) speak(l *made, prefix string) {
	if c := m.column(prefix + "criticality"); c != nil {
		m.gradeAs(l, nil, c)
	}
	if c := m.column(prefix + "tolerance_hours"); c != nil {
		l.put("tolerance_hours", c, string(m.text(c)))
	}
}

// refs gives those that a cell names, as their nodes are called.
func (m *impactSheet) refs(c *cells, r impactRow) []string {
	var all []string
	for _, name := range m.lists.of(c) {
		fold := graph.Fold(name)
		owners := m.owner[fold]
		own := slices.IndexFunc(owners, func(o string) bool {
			return graph.Fold(o) == graph.Fold(r.unit) || graph.Fold(o) == graph.Fold(m.called(r.process, r.unit))
		})
		switch {
		case m.units[fold] || len(owners) < 2:
			all = append(all, name)
		case own >= 0:
			all = append(all, m.called(name, owners[own]))
		default:
			m.warn(c, "“%s” is a process of %s, so it makes no link: write which one, such as “%s”", name, strings.Join(owners, " and of "), m.called(name, owners[0]))
		}
	}
	return all
}

// describe makes the node of a process, once for all rows that say the same of it. Prefixes say whose columns are read.
func (m *impactSheet) describe(r impactRow, c *cells, name string, out int, prefixes ...string) {
	key := []string{"node", graph.Fold(name)}
	mine := m.columnsOf(r, c, prefixes)
	said := false
	for _, other := range mine {
		text := string(m.text(other))
		key = append(key, text)
		said = said || text != ""
	}
	if known := !m.first("named", graph.Fold(name)); known && (!said || !m.first(key...)) {
		return
	}
	m.first(key...)
	n := m.node(graph.Team, c, name)
	if r.unit != "" {
		n.put("unit", m.column("unit"), r.unit)
	}
	for _, other := range mine {
		text := string(m.text(other))
		switch field := strings.TrimPrefix(other.field, "sub_"); field {
		case "criticality":
			if rank.MatchString(text) || out == 0 || !isGrade(text) && !isNobody([]byte(text)) {
				n.cell("", other.header, text, false)
			}
		case "tolerance_hours":
			if out == 0 {
				n.cell("", other.header, text, false)
			}
		case "rpo":
			n.cell("", other.header, text, false)
		case "":
			m.attribute(n, other)
		default:
			n.put(field, other, text)
		}
	}
}

// columnsOf gives the columns that describe a process or a sub-process.
func (m *impactSheet) columnsOf(r impactRow, c *cells, prefixes []string) []*cells {
	sub, finest := m.column("sub"), slices.Contains(prefixes, "sub_")
	var all []*cells
	for _, other := range m.columns {
		field := other.field
		base, isSub := strings.CutPrefix(field, "sub_")
		prefix := ""
		if isSub {
			prefix = "sub_"
		}
		switch base {
		case "criticality", "recovery_hours", "rpo", "tolerance_hours":
			if slices.Contains(prefixes, prefix) {
				all = append(all, other)
			}
		case "contact", "site", "min_staff", "":
			behind := sub != nil && other.index > sub.index
			if field != "sub" && (behind && finest || !behind && slices.Contains(prefixes, "") || base == "" && r.sub == "" && finest && behind) {
				all = append(all, other)
			}
		case "headcount":
			if other.index > m.column("name").index && slices.Contains(prefixes, "") {
				all = append(all, other)
			}
		}
	}
	return all
}
