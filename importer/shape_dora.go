package importer

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"example.com/whoserves/graph"
)

// dora is a table of the register of information that EU financial firms keep of their ICT providers (DORA), as the sheets of its
// workbook or a CSV file for each, whose headers are codes such as b_06.01.0010 or c0010.
//
//   - A function (06.01) is a team: people do it, customers wait for it, it can fail. Its unit is the entity whose function it is, and entities
//     and branches (01.01 to 01.03) are units. A recovery time of 0 hours means that none is set.
//   - A provider (05.01) is a supplier. It serves the function that a contract names (02.02), or the entity where it names none; how far
//     the function relies on it is the criticality: full is critical, material important, low and not significant minor. A contract with a
//     reason for its end makes no link.
//   - A subcontractor serves the one whom it works for (05.02), so suppliers are as many tiers deep as the register says.
//   - Providers of one service to one function are all needed (min_providers): the register does not say that one can stand in for another.
//     An alternative that was identified (07.01) has no contract, so it serves nobody yet: it is kept as an attribute of the provider,
//     with its substitutability and exit plan.
//   - The other tables say nothing of who serves whom, and are left out.
var dora = newTable(table{name: "dora", title: "DORA register of information",
	fields: []header{
		{field: "entity", means: "the financial entity, by its LEI"},
		{field: "branch", means: "a branch, by its code"},
		{field: "function", means: "the function, by its identifier"},
		{field: "provider", means: "the ICT provider, by its code"},
		{field: "name", means: "its name"},
		{field: "parent", means: "the parent of the entity or provider, by its code"},
		{field: "critical", means: "whether the function is critical or important"},
		{field: "recovery_hours", means: "the recovery time objective of the function"},
		{field: "contract", means: "the reference of the contract"},
		{field: "service", means: "the type of ICT service"},
		{field: "ended", means: "why the contract ended"},
		{field: "reliance", means: "how far the function relies on the service"},
		{field: "rank", means: "1 for who has the contract, 2 for its subcontractors, and so on"},
		{field: "recipient", means: "who is served by the subcontractor, by its code"},
		{field: "substitutability", means: "how easily the provider can be replaced"},
		{field: "alternative", means: "providers that could replace it"},
	},
	find: findDORA, all: readDORA})

// doraFields says what the columns of each table mean, by the last four digits of their codes.
var doraFields = map[string]map[string]string{
	"01.01": {"0010": "entity", "0020": "name"},
	"01.02": {"0010": "entity", "0020": "name", "0060": "parent"},
	"01.03": {"0010": "branch", "0020": "parent", "0030": "name"},
	"02.02": {"0010": "contract", "0020": "entity", "0030": "provider", "0050": "function", "0060": "service", "0090": "ended", "0180": "reliance"},
	"05.01": {"0010": "provider", "0030": "name", "0080": "parent"},
	"05.02": {"0010": "contract", "0020": "service", "0030": "provider", "0050": "rank", "0060": "recipient"},
	"06.01": {"0010": "function", "0030": "name", "0040": "entity", "0050": "critical", "0080": "recovery_hours"},
	"07.01": {"0010": "contract", "0020": "provider", "0040": "service", "0050": "substitutability", "0120": "alternative"},
}

// doraProvidersLater are the columns of 05.01 in the later version of the register, which has 12 of them.
var doraProvidersLater = map[string]string{"0010": "provider", "0050": "name", "0110": "parent"}

var (
	doraCode  = regexp.MustCompile(`^(?i:b|rt)[_. ]?(\d\d)[._](\d\d)[._]?c?(\d{4})$`)
	doraShort = regexp.MustCompile(`^(?i:c)?(0\d{3})$`)
	doraSheet = regexp.MustCompile(`(?i)\b(?:b|rt)[_. ]?(\d\d)[._](\d\d)(?:\D|$)`)
)

// findDORA knows a table of the register by the codes in its header.
func findDORA(s *sheet, rows []row) (layout, bool) {
	for i := range rows {
		table, codes := codesOf(s, &rows[i])
		if table == "" {
			continue
		}
		depth := 1
		for n := 1; n <= 2 && i+n < len(rows) && !s.keyed; n++ {
			if depth == n && rows[i+n].number == rows[i].number+n && rows[i+n].heads(codes) {
				depth = n + 1
			}
		}
		h := headerOf(rows[i : i+min(depth, 2)]) // codes and names; the types below say nothing of use
		l := layout{form: "the codes of table " + table + " in its header", header: rows[i].number, last: rows[i+depth-1].number, even: 1}
		fields := doraFields[table]
		if table == "05.01" && (slices.Contains(codes, "0110") || slices.Contains(codes, "0120")) {
			fields = doraProvidersLater
		}
		for j, cell := range h.cells {
			c := column{index: j, header: cell.shown, named: cell.shown != ""}
			if !c.named {
				c.header = letters(j)
			}
			if j < len(codes) && fields[codes[j]] != "" {
				c.field = fields[codes[j]]
				c.match, c.why = match{field: c.field, rank: 1}, "its code in the register says so"
				l.known++
			}
			l.columns = append(l.columns, c)
		}
		return l, true
	}
	return layout{}, false
}

// codesOf gives the table that a header row of codes is of, and the last digits of each code; "" where it is no such row.
func codesOf(s *sheet, r *row) (table string, codes []string) {
	filled, short := 0, 0
	codes = make([]string, len(r.cells))
	for i, cell := range r.cells {
		text := headerText(cell)
		if text == "" {
			continue
		}
		if filled++; len(text) > 20 || text[len(text)-1] < '0' || text[len(text)-1] > '9' {
			continue
		}
		if m := doraCode.FindStringSubmatch(text); m != nil && (table == "" || table == m[1]+"."+m[2]) {
			table, codes[i] = m[1]+"."+m[2], m[3]
		} else if m := doraShort.FindStringSubmatch(text); m != nil {
			codes[i] = m[1]
			short++
		}
	}
	found := 0
	for _, c := range codes {
		if c != "" {
			found++
		}
	}
	if found < 2 || 4*found < 3*filled {
		return "", nil
	}
	if table == "" && short > 0 && slices.Contains(codes, "0010") {
		for _, name := range []string{s.name, s.file} {
			if m := doraSheet.FindStringSubmatch(strings.ReplaceAll(name, "-", "_")); m != nil {
				return m[1] + "." + m[2], codes
			}
		}
	}
	return table, codes
}

// heads says that a row below the codes belongs to the header, since it names the columns or says of what type they are, in whatever
// language: what data have there holds digits, such as F1 or the code of an entity.
func (r *row) heads(codes []string) bool {
	filled, plain, first := 0, 0, true
	for i, code := range codes {
		if code == "" {
			continue
		}
		var text string
		if i < len(r.cells) {
			text = headerText(r.cells[i])
		}
		isPlain := text != "" && (len(text) > 80 || !strings.ContainsAny(doraCodeIn.ReplaceAllString(text, ""), "0123456789"))
		if first && !isPlain {
			return false
		}
		first = false
		if text != "" {
			filled++
		}
		if isPlain {
			plain++
		}
	}
	return 5*plain >= 4*filled && 2*filled > len(codes)/2
}

var doraCodeIn = regexp.MustCompile(`(?i)\b(?:b|rt)[_.]?\d\d[._]\d\d[._]\d{4}\b`)

// register reads one table of the register.
type register struct {
	*spread
	needs map[[2]string]map[string]bool // providers by consumer and service, folded
	about []*assessed                   // providers in 07.01
	byID  map[string]*assessed
}

func readDORA(s *spread, rows []row) {
	g := &register{spread: s, needs: map[[2]string]map[string]bool{}, byID: map[string]*assessed{}}
	take := g.taker()
	s.header()
	switch {
	case take == nil:
		s.info(nil, "this table of the register says nothing of who serves whom, so it was left out")
		return
	case len(rows) == 0:
		s.info(nil, "the table of the register has a header and no rows, so nothing came of it")
		return
	}
	if s.column("reliance") != nil || s.column("recipient") != nil {
		for i := range rows {
			s.row = &rows[i]
			g.count()
		}
	}
	for i := range rows {
		if s.row, s.rejected = &rows[i], false; g.filled() {
			take()
		}
	}
	g.assessments()
}

// taker gives what makes rows of those of the table; nil: nothing does.
func (g *register) taker() func() {
	has := func(fields ...string) bool {
		return !slices.ContainsFunc(fields, func(f string) bool { return g.column(f) == nil })
	}
	switch {
	case has("provider", "recipient"):
		return g.subcontractor
	case has("provider", "substitutability"):
		return g.assessment
	case has("provider", "function"):
		return g.contract
	case has("function", "name"):
		return g.function
	case has("provider", "name"):
		return g.provider
	case has("entity", "name"):
		return func() { g.entity("entity") }
	case has("branch", "name"):
		return func() { g.entity("branch") }
	}
	return nil
}

// filled says that the present row holds more than zeros, as formulas leave them.
func (g *register) filled() bool {
	for _, c := range g.row.cells {
		if text := string(trim(c)); text != "" && text != "0" {
			return true
		}
	}
	g.info(nil, "the row holds nothing but 0, so it was left out")
	return false
}

// code gives the text of a field, "" where it says that there is none.
func (g *register) code(field string) string {
	text := strings.TrimSpace(g.says(field))
	if isNobody([]byte(text)) || graph.Fold(text) == "not applicable" || text == "0" {
		return ""
	}
	return text
}

// decodeDORA gives the words for a code of the register's lists.
func decodeDORA(text string) string {
	_, code, found := strings.Cut(text, ":")
	if !found || !strings.HasPrefix(strings.ToLower(text), "eba_") {
		code = text
	}
	return cmp.Or(doraWords[strings.TrimSpace(code)], text)
}

// doraWords are codes of the register's closed lists. Our words for them are short.
var doraWords = map[string]string{
	"S01": "ICT project management", "S02": "ICT development", "S03": "ICT help desk", "S04": "ICT security", "S05": "Data provision", "S06": "Data analysis", "S07": "Hosting and facilities",
	"S08": "Computation", "S09": "Data storage", "S10": "Telecom carrier", "S11": "Network infrastructure", "S12": "Hardware", "S13": "Software licences", "S14": "ICT operations", "S15": "ICT consulting",
	"S16": "ICT risk management", "S17": "Cloud IaaS", "S18": "Cloud PaaS", "S19": "Cloud SaaS",
	"x28": "yes", "x29": "no", "x21": "not assessed", "x791": "low", "x792": "medium", "x793": "high", "x794": "not significant", "x795": "low", "x796": "material", "x797": "full",
	"x959": "not substitutable", "x960": "highly complex", "x961": "medium complexity", "x962": "easily substitutable", "x798": "easy", "x966": "difficult", "x967": "highly complex", "x799": "not assessed",
	"x963": "no real alternatives", "x964": "hard to migrate", "x965": "no real alternatives, and hard to migrate",
}

// reliances are levels of reliance, folded.
var reliances = map[string]graph.Criticality{
	"full": graph.Critical, "full reliance": graph.Critical, "material": graph.Important, "material reliance": graph.Important,
	"low": graph.Minor, "low reliance": graph.Minor, "not significant": graph.Minor,
}

// others keeps the cells of columns without a meaning, decoded.
func (g *register) others(m *made) {
	for _, c := range g.columns {
		if text := string(g.text(c)); c.field == "" && text != "" && graph.Fold(text) != "not applicable" && text != "9999-12-31" {
			m.cell("", cmp.Or(g.shortHeader(c), c.attr), decodeDORA(text), false)
			g.tellUnnamed(c)
		}
	}
}

// shortHeader is the name of a column without the code in front.
func (g *register) shortHeader(c *cells) string {
	code, name, _ := strings.Cut(c.header, " ")
	if doraCode.MatchString(code) || doraShort.MatchString(code) {
		return name
	}
	return ""
}

// entity makes a unit of a financial entity or a branch.
func (g *register) entity(field string) {
	id, name := g.code(field), g.code("name")
	if id == "" && name == "" {
		g.reject(g.column(field), "the row gives neither the code nor the name of the %s, so it was left out: fill it in", field)
		return
	}
	m := g.begin("units")
	m.put("id", g.column(field), id)
	m.put("name", g.column("name"), name)
	if parent := g.code("parent"); parent != id {
		m.put("parent", g.column("parent"), parent)
	}
	g.others(m)
}

// function makes a team of a function.
func (g *register) function() {
	id, name := g.code("function"), g.code("name")
	if id == "" && name == "" {
		g.reject(g.column("function"), "the row gives neither the identifier nor the name of the function, so it was left out: fill it in")
		return
	}
	m := g.begin("nodes")
	m.put("id", g.column("function"), id)
	m.put("name", g.column("name"), name)
	m.put("kind", nil, graph.Team.String())
	m.put("unit", g.column("entity"), g.code("entity"))
	m.put("recovery_hours", g.column("recovery_hours"), g.code("recovery_hours"))
	if g.says("recovery_hours") == "0" {
		g.tellOnce(g.column("recovery_hours"), "a recovery time of 0 hours means in the register that none is set, so it counts as blank, and the like here and below")
	}
	if critical := g.code("critical"); critical != "" {
		m.cell("", "critical or important", strings.ToLower(decodeDORA(critical)), false)
	}
	g.tellOnce(g.column("function"), "functions of the register were read as teams, and financial entities as their units")
	g.others(m)
}

// provider makes a supplier.
func (g *register) provider() {
	id, name := g.code("provider"), g.code("name")
	if id == "" && name == "" {
		g.reject(g.column("provider"), "the row gives neither the code nor the name of the provider, so it was left out: fill it in")
		return
	}
	m := g.begin("nodes")
	m.put("id", g.column("provider"), id)
	m.put("name", g.column("name"), name)
	m.put("kind", nil, graph.Supplier.String())
	if parent := g.code("parent"); parent != "" && parent != id {
		m.cell("", "ultimate parent", parent, false)
	}
	g.others(m)
}

// ends gives who serves whom in the present row, and the columns that say so.
func (g *register) ends() (provider, consumer string, from *cells) {
	provider = g.code("provider")
	for _, f := range []string{"recipient", "function", "entity"} {
		if c := g.column(f); c != nil {
			if consumer = g.code(f); consumer != "" || f == "recipient" {
				return provider, consumer, c
			}
			from = c
		}
	}
	return provider, consumer, from
}

// lives says that the present row is a link: a subcontract, or a contract that has not ended.
func (g *register) lives() bool {
	rank, err := strconv.ParseFloat(g.code("rank"), 64)
	return g.code("ended") == "" && (g.column("rank") == nil || err != nil && g.code("recipient") != "" || rank > 1)
}

// count notes the provider of the present row.
func (g *register) count() {
	provider, consumer, _ := g.ends()
	key := [2]string{graph.Fold(consumer), graph.Fold(decodeDORA(g.code("service")))}
	if provider == "" || consumer == "" || !g.lives() {
		return
	}
	if g.needs[key] == nil {
		g.needs[key] = map[string]bool{}
	}
	g.needs[key][provider] = true
}

// contract makes a link of a provider and the function that relies on it.
func (g *register) contract() {
	provider, consumer, from := g.ends()
	switch {
	case g.code("ended") != "":
		g.info(g.column("ended"), "the contract has ended, so it makes no link: %s", shorten(decodeDORA(g.code("ended")), 60))
		return
	case provider == "":
		g.reject(g.column("provider"), "the row does not say who provides the service, so it was left out: fill in the code of the provider")
		return
	case consumer == "":
		g.reject(g.column("function"), "the row does not say which function relies on the service, so it was left out: fill in the identifier of the function")
		return
	}
	if g.code("function") == "" {
		g.info(g.column("function"), "the row names no function, so the provider serves the whole entity “%s”", shorten(consumer, 60))
	}
	m := g.serve(provider, from, consumer)
	if said := g.code("reliance"); said != "" {
		c := g.column("reliance")
		if level, known := reliances[graph.Fold(decodeDORA(said))]; known {
			m.put("criticality", c, level.String())
			g.tellOnce(c, "how far a function relies on a service was read as: full critical, material important, low and not significant minor")
		} else {
			g.warn(c, "“%s” is no level of reliance (full, material, low, not significant), so it was left out", shorten(said, 60))
		}
	}
	g.others(m)
}

// subcontractor makes a link of a subcontractor and whom it works for.
func (g *register) subcontractor() {
	provider, consumer, from := g.ends()
	switch {
	case !g.lives() && provider != "":
		g.tellOnce(g.column("rank"), "who has the contract itself (rank 1) serves the functions that the table of contracts (02.02) names, so the row makes no link here, and the like here and below")
		return
	case provider == "":
		g.reject(g.column("provider"), "the row does not say who provides the service, so it was left out: fill in the code of the provider")
		return
	case consumer == "":
		g.reject(from, "the row does not say whom the subcontractor works for, so it was left out: fill in the code of the recipient")
		return
	}
	m := g.serve(provider, from, consumer)
	if rank := g.code("rank"); rank != "" {
		m.cell("", "rank", rank, true)
	}
	g.others(m)
}

// serve begins a link. All providers of a service are needed.
func (g *register) serve(provider string, from *cells, consumer string) *made {
	service := decodeDORA(g.code("service"))
	m := g.link(g.column("provider"), provider, from, consumer)
	m.put("service", g.column("service"), service)
	m.put("agreement", g.column("contract"), g.code("contract"))
	if n := len(g.needs[[2]string{graph.Fold(consumer), graph.Fold(service)}]); n > 1 {
		m.put("min_providers", nil, fmt.Sprint(n))
		g.tellOnce(g.column("provider"), "“%s” has several providers (%d) of “%s”: the register does not say that one can stand in for another, so all are needed, and the like here and below",
			consumer, n, cmp.Or(service, "the same"))
	}
	return m
}

// assessed is what the firm thinks of replacing a provider, put together of the rows about its services.
type assessed struct {
	row        *row
	id         string
	properties []property
}

// assessment keeps what the firm thinks of replacing a provider for a service.
func (g *register) assessment() {
	id := g.code("provider")
	if id == "" {
		g.reject(g.column("provider"), "the row does not name the provider, so it was left out: fill in its code")
		return
	}
	a := g.byID[id]
	if a == nil {
		a = &assessed{row: g.row, id: id}
		g.about, g.byID[id] = append(g.about, a), a
	}
	if g.code("alternative") != "" {
		g.tellOnce(g.column("alternative"), "an alternative that was identified has no contract, so it serves nobody yet: it is kept as an attribute of the provider, and the like here and below")
	}
	for _, c := range g.columns {
		text := string(g.text(c))
		if text == "" || text == "0" || text == "9999-12-31" || graph.Fold(text) == "not applicable" {
			continue
		}
		name := cmp.Or(g.shortHeader(c), c.attr)
		switch c.field {
		case "provider", "service", "contract":
			continue
		case "substitutability", "alternative":
			name = c.field
		}
		if service := decodeDORA(g.code("service")); service != "" {
			text = decodeDORA(text) + " (" + service + ")"
		}
		p := property{name: name, text: decodeDORA(text)}
		if !slices.Contains(a.properties, p) {
			a.properties = append(a.properties, p)
		}
	}
}

// assessments makes a supplier of each provider that was assessed.
func (g *register) assessments() {
	for _, a := range g.about {
		g.row = a.row
		m := g.begin("nodes")
		m.put("id", g.column("provider"), a.id)
		m.put("kind", nil, graph.Supplier.String())
		for _, p := range a.properties {
			m.cell("", p.name, p.text, false)
		}
	}
}
