package importer

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// hr is a list of staff out of an HR system. Each row is a person. Where it has columns of departments, the lowest level of them makes
// teams and those above are units; else a manager and those who report to him are a team. A second manager is kept as an attribute. A
// vacant post is no person; its team counts it. Reporting lines are no needs, and no head count is made up.
var hr = newTable(table{name: "hr", title: "staff list", fields: hrHeaders, arrange: arrangeHR, fits: fitsHR,
	all: func(s *spread, rows []row) { newStaff(s).read(rows, false) }})

// hrByManager is hr with teams by manager, though there are departments: these are units then. It has to be chosen.
var hrByManager = newTable(table{name: "hr-by-manager", title: "staff list, teams by manager", fields: hrHeaders, arrange: leavePrivate, fits: fitsHR, byHand: true,
	all: func(s *spread, rows []row) { newStaff(s).read(rows, true) }})

// hrHeaders are the columns of staff lists. The native words are loose here: a sheet that has no others is a native table.
var hrHeaders = []header{
	{field: "id", other: []string{"person id", "employee id", "employee no", "employee no.", "employee number", "employee code", "associate id", "user id", "userid", "user/employee id", "worker id",
		"emp id", "staff id", "staff number", "personnel number", "position id", "post id", "box id",
		"personalnummer", "personal-nr.", "mitarbeiter-id", "mitarbeiternummer", "matricule", "id salarié", "numéro d'employé", "número de empleado", "id de empleado", "legajo",
		"personeelsnummer", "medewerkersnummer", "medewerker-id", "matrícula", "número de funcionário", "número do colaborador", "id do colaborador"}, loose: []string{"id"}},
	{field: "name", other: []string{"full name", "employee name", "employee", "worker", "associate name", "display name", "legal name", "person name", "staff name", "username", "user name",
		"mitarbeiter", "mitarbeitername", "vollständiger name", "salarié", "collaborateur", "nom complet", "nom et prénom", "empleado", "nombre completo", "nombre y apellidos",
		"medewerker", "volledige naam", "funcionário", "colaborador", "nome completo"}, loose: []string{"name", "nom", "nombre", "naam", "nome", "person"}},
	{field: "first_name", means: "the first name", other: []string{"first name", "firstname", "given name", "forename", "vorname", "prénom", "nombre de pila", "voornaam", "primeiro nome"}},
	{field: "last_name", means: "the last name", other: []string{"last name", "lastname", "surname", "family name", "nachname", "nom de famille", "apellido", "apellidos", "achternaam", "sobrenome", "apelido"}},
	{field: "manager", other: []string{"manager id", "manager user sys id", "manager position code", "manager employee id", "supervisor id", "supervisorid", "supervisor eid", "supervisor",
		"reports to", "reportsto", "reports to id", "reports to associate id", "reports to position id", "line manager", "line manager id", "direct manager",
		"vorgesetzter", "vorgesetzte", "vorgesetzte/r", "vorgesetzten-id", "personalnummer vorgesetzter", "berichtet an", "führungskraft", "responsable hiérarchique", "id manager", "matricule manager", "supérieur", "n+1",
		"supérieur hiérarchique", "rattaché à", "reporta a", "id de supervisor", "id del jefe", "jefe", "jefe directo", "rapporteert aan", "leidinggevende", "id leidinggevende", "manager-id", "gestor", "id do gestor", "chefe", "superior",
		"responde a", "reporta para"}, loose: []string{"manager", "responsable", "boss"}},
	{field: "manager_name", means: "the name of the manager", other: []string{"manager name", "supervisor name", "name des vorgesetzten", "nom du manager", "nom du responsable", "nombre del jefe", "nombre del supervisor",
		"naam leidinggevende", "nome do gestor"}},
	{field: "second_manager", means: "another boss, kept as it is", other: []string{"AltReportsTo", "alt reports to", "alternate reports to", "MATRIX_MANAGER", "matrix manager", "SECOND_MANAGER", "dotted line", "dotted line manager", "dotted-line to",
		"second manager id", "functional manager", "fachlicher vorgesetzter", "fachvorgesetzter", "responsable fonctionnel", "manager fonctionnel", "jefe funcional", "functioneel leidinggevende", "gestor funcional"}},
	{field: "role", other: []string{"job title", "business title", "position title", "position", "job", "designation", "stelle", "stellenbezeichnung", "position/titel", "berufsbezeichnung", "poste", "intitulé du poste",
		"fonction", "emploi", "puesto", "cargo", "functie", "functietitel", "função"}, loose: []string{"title", "role", "titel", "rolle", "rol", "titre"}},
	{field: "contact", other: []string{"e-mail", "email", "e-mail address", "work e-mail", "business e-mail", "dienstliche e-mail", "adresse e-mail", "courriel", "correo electrónico", "correo", "e-mailadres", "endereço de e-mail"},
		loose: []string{"contact"}},
	{field: "company", means: "the firm: the highest level of units", other: []string{"company", "company name", "legal entity", "legal employer", "organisation", "organization", "unternehmen", "gesellschaft", "firma", "société", "entreprise", "sociedad", "empresa",
		"bedrijf", "onderneming"}},
	{field: "division", means: "the division or parent department: a unit", other: []string{"division", "division name", "business unit", "BU name", "BU", "parent department", "parent department name", "parent unit", "geschäftsbereich", "direktion", "sparte", "direction",
		"división", "dirección", "unidad de negocio", "divisie", "directie", "divisão", "diretoria", "unidade de negócio"}},
	{field: "department", means: "the department: the team, or a unit where there is a lower level", other: []string{"department", "department name", "dept", "dept.", "functional area", "functional area / department", "supervisory organization", "org unit", "organizational unit",
		"organisational unit", "cost center name", "cost centre name", "abteilung", "abteilungsname", "bereich", "organisationseinheit", "département", "service", "departamento", "área", "afdeling", "setor"}},
	{field: "team", other: []string{"sub-department", "subdepartment", "sub department", "section", "squad", "team name", "gruppe", "sachgebiet", "équipe", "equipo", "sección", "groep", "equipe", "equipa", "seção", "secção"},
		loose: []string{"team", "group", "unit"}},
	{field: "status", means: "active, vacant, or left", other: []string{"employment status", "employee status", "worker status", "position status", "beschäftigungsstatus", "statut", "estado", "situação"}, loose: []string{"status"}},
}

// hrLevels are the levels of departments, from the top.
var hrLevels = []string{"company", "division", "department", "team"}

// arrangeHR decides whether a header is one of a staff list: it speaks of persons, and says of them what the native table of people
// does not. Where it is none its columns are loose, so that they tell no table.
func arrangeHR(l *layout) {
	strong, any := map[string]bool{}, map[string]bool{}
	native := map[string]bool{}
	for _, c := range l.columns {
		if c.field != "" {
			any[c.field] = true
			strong[c.field] = strong[c.field] || c.match.rank < 2
			native[c.header] = true
		}
	}
	person := any["first_name"] || strong["id"] && !any["kind"] || strong["name"] || any["role"] || any["manager"] || any["manager_name"] || any["second_manager"]
	departments := any["company"] || any["division"] || any["department"]
	more := departments || strong["manager"] && !any["team"] || any["second_manager"] || any["manager_name"] || any["first_name"] && any["last_name"] && (any["team"] || any["manager"])
	rank := 2
	if ours := native["team"] && (native["id"] || native["name"]); person && more && !ours {
		rank = 1
	}
	for i := range l.columns {
		if c := &l.columns[i]; c.field != "" && c.chosen == "" {
			c.match.rank = rank
		}
	}
	leavePrivate(l)
}

func fitsHR(has map[string]bool) bool {
	who := has["id"] || has["name"] || has["first_name"] && has["last_name"]
	return who && (has["manager"] || has["manager_name"] || has["second_manager"] || has["company"] || has["division"] || has["department"] || has["team"])
}

// employee is a row of a staff list: a person, or a vacant post.
type employee struct {
	row      *row
	id, name string
	vacant   bool
	boss     *employee
	bossRef  string   // as written
	bosses   []string // the others
	reports  int
	teams    []string
	unit     *box
	twins    []*employee // further rows about the same person
	sharers  []string    // who has the post too
}

// called is how messages speak of an employee.
func (e *employee) called() string {
	switch {
	case e.vacant:
		return "the vacant post " + cmp.Or(e.id, fmt.Sprint("in row ", e.row.number))
	case e.name == "":
		return e.id
	}
	return e.name
}

// ref is what other rows call an employee.
func (e *employee) ref() string { return cmp.Or(e.id, e.name) }

// box is a department, of any level, or a team.
type box struct {
	name      string // its own, or with that of its parent where several have it
	parent    *box
	team      bool
	row       *row
	column    *cells
	vacancies int
	extra     []property // what else is kept of it
}

// staff is what a staff list says.
type staff struct {
	*spread
	levels  []*cells // from the top
	people  []*employee
	byRef   map[string]*employee // by id, and by names that only one has
	boxes   []*box
	byPath  map[string]*box
	left    int      // people who have left
	unknown []string // bosses who are not in the file
	posts   bool     // its rows are posts, which may be shared, and whose holders may not be named
}

func newStaff(s *spread) *staff {
	f := &staff{spread: s, byRef: map[string]*employee{}, byPath: map[string]*box{}}
	for _, field := range hrLevels {
		if c := s.column(field); c != nil {
			f.levels = append(f.levels, c)
		}
	}
	return f
}

// read reads people, and makes teams of their departments or, where that was chosen or there are none, of their managers.
func (f *staff) read(rows []row, byManager bool) {
	byManager = byManager || len(f.levels) == 0
	f.tellPrivate()
	for i := range rows {
		if f.row, f.rejected = &rows[i], false; !f.hasLeft() {
			f.collect()
		}
	}
	f.splitBosses()
	f.findBosses()
	f.place(byManager)
	if byManager {
		f.teamsOfManagers()
	}
	f.tell(byManager)
	f.writeBoxes()
	for _, e := range f.people {
		f.write(e)
	}
}

// private are headers of what an organisation knows of its people and nobody here needs.
var private = anyOf(`\b(salary|wage|pay|compensation|bonus|birth|dob|age|gender|sex|ssn|social security|national id|passport|ethnic\w*|race|religion|nationality|marital|disability|iban|bank|home address|private|` +
	`gehalt|lohn|entgelt|geburt\w*|geschlecht|steuer\w*|familienstand|staatsangehorigkeit|salaire|naissance|sexe|nationalite|salario|sueldo|nacimiento|sexo|genero|nacionalidad|salaris|geboorte\w*|geslacht|nationaliteit|nascimento|nacionalidade|cpf|nif)\b`)

// leavePrivate leaves columns about private matters out, unless a person wants them.
func leavePrivate(l *layout) {
	for i := range l.columns {
		if c := &l.columns[i]; c.field == "" && c.named && len(c.header) < 200 && private.MatchString(strings.Map(wordsOnly, plainText(splitWords(c.header)))) {
			c.field, c.why = Ignore, whyPrivate
		}
	}
}

const whyPrivate = "left out: it is about private matters"

// tellPrivate tells which columns are left out.
func (f *staff) tellPrivate() {
	f.header()
	var headers []string
	for _, c := range f.columns {
		if c.field == Ignore && c.chosen == "" && c.why == whyPrivate {
			headers = append(headers, c.header)
		}
	}
	if len(headers) > 0 {
		f.info(nil, "these columns are about private matters and were left out: %s", quoted(headers))
	}
}

var wordEnd = regexp.MustCompile(`(\p{Ll})(\p{Lu})`)

// splitWords parts BirthDate and birth_date.
func splitWords(s string) string {
	return strings.ReplaceAll(wordEnd.ReplaceAllString(s, "$1 $2"), "_", " ")
}

var (
	leftWords = words("inactive", "terminated", "left", "former", "resigned", "retired", "deceased", "ausgeschieden", "inaktiv", "parti", "inactif", "inactivo", "baja", "uit dienst", "inactief", "inativo",
		"desligado")
	openWords = words("vacant", "open", "vacancy", "unfilled", "to be hired", "tbh", "vakant", "offen", "unbesetzt", "vacante", "poste vacant", "à pourvoir", "vacature", "vaga", "vago", "vaga aberta")
)

// hasLeft says that the person of the present row is no longer there.
func (f *staff) hasLeft() bool {
	left := leftWords[graph.Fold(f.says("status"))] || f.posts && graph.Fold(f.says("name")) == "eliminated"
	if left {
		f.left++
	}
	return left
}

// isVacant says that a name or a status says that nobody has the post.
func (f *staff) isVacant(name string) bool {
	return name != "" && (isWord(vacancies, []byte(name)) || openWords[graph.Fold(name)] || strings.HasPrefix(graph.Fold(name), "vacant")) || openWords[graph.Fold(f.says("status"))]
}

// collect takes the present row.
func (f *staff) collect() {
	name := f.fullName()
	e := &employee{row: f.row, id: f.says("id"), name: strings.Join(strings.Fields(name), " "), vacant: f.isVacant(strings.TrimSpace(name)), bossRef: f.bossOf()}
	if isNobody([]byte(e.id)) {
		e.id = ""
	}
	if isNobody([]byte(e.name)) || e.vacant {
		e.name = ""
	}
	if role := f.says("role"); f.posts && e.name == "" && !e.vacant && role != "" {
		f.tellOnce(f.column("name"), "“%s” is no name, so the post is called by its job title, and the like here and below", name)
		e.name = strings.Join(strings.Fields(role), " ")
	}
	for second := range strings.FieldsFuncSeq(f.says("second_manager"), func(r rune) bool { return r == '|' || r == ';' || r == '\n' }) {
		if second = strings.TrimSpace(second); !noBoss(second) {
			e.bosses = append(e.bosses, second)
		}
	}
	if e.vacant {
		f.info(f.column("name"), "nobody has this post, so it is no person; its team counts it as a vacancy")
	} else if e.ref() == "" {
		f.reject(nil, "the row has neither an id nor a name of a person and was left out: give it one of them")
		return
	}
	if first := f.byRef[e.ref()]; first != nil && e.ref() != "" && f.again(first, e) {
		return
	}
	f.people = append(f.people, e)
	if e.ref() != "" {
		f.byRef[e.ref()] = e
	}
}

// fullName puts the name of a person together. Beside a column of first names, one that is called no more than name holds the last ones,
// unless they have the first name in them.
func (f *staff) fullName() string {
	name, first, last := f.says("name"), f.says("first_name"), f.says("last_name")
	if last == "" && first != "" && name != "" {
		if strings.Contains(graph.Fold(name), graph.Fold(first)) {
			return name
		}
		last = name
	}
	return cmp.Or(strings.TrimSpace(first+" "+last), name)
}

// again decides what a second row with one id, or one name where there are no ids, is.
func (f *staff) again(first, e *employee) bool {
	switch {
	case f.posts && first.vacant == e.vacant:
		f.info(f.column("id"), "the post “%s” stands in row %d too, so it is one post that is shared", shorten(e.id, 60), first.row.number)
		if graph.Fold(first.name) != graph.Fold(e.name) && e.name != "" {
			first.sharers = append(first.sharers, e.name)
		}
	case first.vacant != e.vacant || first.id != "" && graph.Fold(first.name) != graph.Fold(e.name):
		f.reject(f.column("id"), "the id “%s” stands for %s in row %d already, so this row was left out: give each its own", shorten(e.id, 60), first.called(), first.row.number)
		return true
	case first.id == "":
		f.info(f.column("name"), "“%s” stands in row %d too, and without a column of ids the two count as one person", shorten(e.name, 60), first.row.number)
	default:
		f.info(f.column("id"), "“%s” stands in row %d too: one person with two posts", shorten(e.id, 60), first.row.number)
	}
	if !noBoss(e.bossRef) && e.bossRef != first.bossRef {
		first.bosses = append(first.bosses, e.bossRef)
	}
	for _, b := range e.bosses {
		if !slices.Contains(first.bosses, b) {
			first.bosses = append(first.bosses, b)
		}
	}
	first.twins = append(first.twins, e)
	return true
}

// bossOf gives to whom the person of the present row reports, as written: by id, else by name.
func (f *staff) bossOf() string {
	if ref := f.says("manager"); !noBoss(ref) {
		return ref
	}
	return f.says("manager_name")
}

// noBoss says that a text stands for nobody.
func noBoss(ref string) bool {
	return ref == "" || isNobody([]byte(ref)) || isWord(noBosses, []byte(ref))
}

// findBosses brings bosses and those who report to them together.
func (f *staff) findBosses() {
	byName, unknown := map[string]*employee{}, map[string]bool{}
	for _, e := range f.people {
		if fold := graph.Fold(e.name); fold != "" {
			if _, twice := byName[fold]; twice {
				byName[fold] = nil
			} else {
				byName[fold] = e
			}
		}
	}
	for _, e := range f.people {
		if noBoss(e.bossRef) || e.bossRef == e.ref() {
			e.bossRef = ""
			continue
		}
		if e.boss = f.byRef[e.bossRef]; e.boss == nil {
			e.boss = byName[graph.Fold(e.bossRef)]
		}
		switch {
		case e.boss == e:
			e.boss, e.bossRef = nil, ""
		case e.boss != nil:
			e.boss.reports++
		case !unknown[e.bossRef]:
			unknown[e.bossRef] = true
			f.unknown = append(f.unknown, e.bossRef)
		}
	}
}

// place puts everybody into his departments; the lowest level are teams unless these come from managers.
func (f *staff) place(byManager bool) {
	for _, e := range f.people {
		for _, r := range slices.Concat([]*employee{e}, e.twins) {
			f.row = r.row
			var at *box
			for i, c := range f.levels {
				team := i == len(f.levels)-1 && !byManager
				for name := range strings.SplitSeq(string(f.text(c)), " > ") {
					if name = strings.Join(strings.Fields(name), " "); name != "" && !isNobody([]byte(name)) && (team || at == nil || graph.Fold(at.name) != graph.Fold(name)) {
						at = f.box(at, name, team, c)
					}
				}
			}
			switch {
			case at == nil:
			case e.vacant:
				at.vacancies++
			case at.team && !slices.Contains(e.teams, at.path()):
				e.teams = append(e.teams, at.path())
			case !at.team && e.unit == nil:
				e.unit = at
			}
		}
	}
	f.nameBoxes()
}

// path tells a box from others of its name.
func (b *box) path() string {
	path := graph.Fold(b.name)
	if b.team {
		path += "\x01"
	}
	if b.parent != nil {
		path = b.parent.path() + "\x00" + path
	}
	return path
}

// box gives the department of a name in another one.
func (f *staff) box(parent *box, name string, team bool, c *cells) *box {
	b := &box{name: name, parent: parent, team: team, row: f.row, column: c}
	if known := f.byPath[b.path()]; known != nil {
		return known
	}
	f.byPath[b.path()] = b
	f.boxes = append(f.boxes, b)
	return b
}

// nameBoxes gives departments of one name in several others the name of the other as well.
func (f *staff) nameBoxes() {
	count := map[string]int{}
	key := func(b *box) string { return fmt.Sprint(b.team, graph.Fold(b.name)) }
	for _, b := range f.boxes {
		count[key(b)]++
	}
	keys := make([]string, len(f.boxes))
	for i, b := range f.boxes {
		keys[i] = key(b)
	}
	parents := make([]string, len(f.boxes))
	for i, b := range f.boxes {
		if b.parent != nil {
			parents[i] = b.parent.name
		}
	}
	for i, b := range f.boxes {
		if count[keys[i]] > 1 && parents[i] != "" {
			f.row = b.row
			f.info(b.column, "“%s” stands for several departments, so this one is called “%s (%s)”", b.name, b.name, parents[i])
			b.name += " (" + parents[i] + ")"
		}
	}
}

// teamsOfManagers makes a team of each manager and those who report to him.
func (f *staff) teamsOfManagers() {
	names := map[string]int{}
	for _, e := range f.people {
		if e.reports > 0 {
			names[graph.Fold(e.name)]++
		}
	}
	team := map[*employee]*box{}
	for _, e := range f.people {
		if e.reports == 0 {
			continue
		}
		f.row = e.row
		name, c := "Team of "+cmp.Or(e.name, e.id), f.column("name")
		switch role := f.says("role"); {
		case e.vacant && role != "":
			name, c = "Team of "+role+" (vacant)", f.column("role")
		case names[graph.Fold(e.name)] > 1 && e.id != "":
			name += " (" + e.id + ")"
		}
		b := &box{name: name, parent: e.unit, team: true, row: e.row, column: c}
		f.boxes = append(f.boxes, b)
		f.byPath[fmt.Sprint("\x02", e.row.number)] = b
		team[e] = b
		if e.vacant {
			b.vacancies++
		} else {
			e.teams = append(e.teams, fmt.Sprint("\x02", e.row.number))
		}
	}
	for _, e := range f.people {
		switch b := team[e.boss]; {
		case e.boss == nil:
		case e.vacant:
			b.vacancies++
		default:
			e.teams = append(e.teams, fmt.Sprint("\x02", e.boss.row.number))
		}
	}
}

// tell tells what holds for the list as a whole.
func (f *staff) tell(byManager bool) {
	f.header()
	switch {
	case byManager && len(f.levels) == 0:
		f.info(nil, "the list names no departments, so a manager and those who report to him were made a team")
	case byManager:
		f.info(nil, "a manager and those who report to him were made a team, as was chosen; departments are units")
	case f.posts:
		f.info(f.column("team"), "each “%s” was made a team, and the levels above it units", f.levels[len(f.levels)-1].header)
	default:
		lowest := f.levels[len(f.levels)-1]
		f.info(lowest, "each “%s” was made a team, and the levels above it units: choose the shape %s where a manager and those who report to him are the teams", lowest.header, hrByManagerName)
	}
	if f.left > 0 {
		what := "people who have left"
		if f.posts {
			what = "posts that were eliminated"
		}
		f.info(cmp.Or(f.column("status"), f.column("name")), "%s (%d) were left out", what, f.left)
	}
	if len(f.unknown) > 0 {
		f.info(cmp.Or(f.column("manager"), f.column("manager_name")), "bosses who are not in the list (%d): %s. They count as people of whom nothing else is known; import the list that they are in too",
			len(f.unknown), quoted(f.unknown))
	}
	f.tellLines()
}

// hrByManagerName is the name of the other shape, for messages.
const hrByManagerName = "hr-by-manager"

// tellLines tells of loops in reporting lines, and of several people at the top.
func (f *staff) tellLines() {
	c := cmp.Or(f.column("manager"), f.column("manager_name"))
	if c == nil {
		return
	}
	var tops, loops []string
	state := map[*employee]int{}
	for i, e := range f.people {
		if e.bossRef == "" && !e.vacant && e.reports > 0 {
			tops = append(tops, e.called())
		}
		at := e
		for ; at != nil && state[at] == 0; at = at.boss {
			state[at] = i + 1
		}
		if at == nil || state[at] != i+1 {
			continue
		}
		names := []string{at.called()}
		for next := at.boss; next != at; next = next.boss {
			names = append(names, next.called())
		}
		loops = append(loops, strings.Join(append(names[:min(len(names), 6)], names[0]), " → "))
	}
	if len(loops) > 0 {
		f.warn(c, "reporting lines run in a circle (%d): %s. They are kept as written; look which line is wrong", len(loops), quoted(loops))
	}
	if len(tops) > 1 {
		f.warn(c, "managers who report to nobody (%d): %s. Look whether a line is missing", len(tops), quoted(tops))
	}
}

// writeBoxes makes rows of units and teams. A unit whose name a team has too gets an id that no team has.
func (f *staff) writeBoxes() {
	teams := map[string]bool{}
	for _, b := range f.boxes {
		teams[graph.Slug(b.name)] = teams[graph.Slug(b.name)] || b.team
	}
	for _, b := range f.boxes {
		f.row = b.row
		kind, field := graph.Unit, "parent"
		if b.team {
			kind, field = graph.Team, "unit"
		}
		m := f.node(kind, b.column, b.name)
		if m == nil {
			continue
		}
		if slug := graph.Slug(b.name); !b.team && teams[slug] {
			m.put("id", nil, "unit-"+slug)
		}
		if b.parent != nil {
			m.put(field, b.parent.column, b.parent.name)
		}
		if b.vacancies > 0 {
			m.cell("", "vacancies", fmt.Sprint(b.vacancies), true)
		}
		for _, p := range b.extra {
			m.cell(m.native(p, kind), p.name, p.text, p.number)
		}
	}
}

// write makes a row of a person.
func (f *staff) write(e *employee) {
	if e.vacant {
		return
	}
	f.row = e.row
	m := f.begin("people")
	m.put("id", f.column("id"), e.id)
	m.put("name", cmp.Or(f.column("name"), f.column("last_name")), e.name)
	for _, t := range e.teams {
		var c *cells // that of the departments, where they are the teams
		if b := f.byPath[t]; slices.Contains(f.levels, b.column) {
			c = b.column
		}
		m.put("team", c, f.byPath[t].name)
	}
	if e.unit != nil && len(e.teams) == 0 {
		m.put("unit", e.unit.column, e.unit.name)
	}
	boss := cmp.Or(f.column("manager"), f.column("manager_name"))
	switch {
	case e.boss != nil && e.boss.vacant:
		f.info(boss, "the boss of %s is a vacant post, so no manager is given", e.called())
		m.cell("", "reports to the vacant post", cmp.Or(e.boss.id, e.bossRef), false)
	case e.boss != nil:
		m.put("manager", boss, e.boss.ref())
	case e.bossRef != "":
		m.put("manager", boss, e.bossRef)
	}
	for _, b := range e.bosses {
		m.cell("", "second_manager", b, false)
	}
	for _, name := range e.sharers {
		m.cell("", "shares the post with", name, false)
	}
	f.copy(m, false, "role", "status", "contact")
	if f.says("contact") == "" && f.column("phone") != nil && !noBoss(f.says("phone")) {
		m.put("contact", f.column("phone"), f.says("phone"))
	}
	for _, c := range f.columns {
		if c.field == "" {
			f.attribute(m, c)
		}
	}
}
