package importer

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// survey is what a survey program gives out: a row for each answer, a column for each question, or for each choice or row of a
// grid. A team that was ticked or rated serves the team of the respondent, unless the question asks whom that team serves. The answers of a
// team about another one become one link; who gave them is not kept.
var survey = newTable(table{name: "survey", title: "survey answers",
	fields: []header{
		{field: "team", means: "the team of the respondent"},
		{field: "providers", means: "teams that serve the team of the respondent"},
		{field: "consumers", means: "teams that the team of the respondent serves"},
		{field: "satisfaction", means: "how satisfied the respondent is with a team"},
		{field: "criticality", means: "how much depends on a team"},
		{field: "comments", means: "free text, which is not kept"}},
	find: findSurvey,
	all:  readSurvey})

// surveyForm is how a survey program writes its answers.
type surveyForm struct {
	name  string
	first int    // the place of the first header row among the rows looked at
	depth int    // rows of the header
	sep   string // between ticks in one cell
}

// question is a column of a survey.
type question struct {
	text     string // what is asked, without the choice or the row of the grid
	item     string // the choice or the row of the grid
	free     bool   // a choice to be filled in: “Other (please specify)”
	meta     bool   // the program's own: when and by whom
	field    string // of the table; "" not understood
	unclear  bool   // it does not say who serves
	provider string // whom a rating is about; "" the teams ticked in the same row
	values   map[string]bool
	scale    scale
}

// The bounds of what is looked at to understand questions: one with more different answers is free text.
const (
	maxChoices     = 5000
	maxAnswerText  = 2000    // bytes; a longer answer is no choice
	maxAnswersText = 8 << 20 // of all questions
)

// findSurvey knows a survey by the columns that its program adds, and by questions about teams.
func findSurvey(s *sheet, rows []row) (layout, bool) {
	f, ok := formOf(rows)
	if !ok || s.keyed {
		return layout{}, false
	}
	head := rows[f.first : f.first+f.depth]
	for _, t := range []*table{tableNamed("links"), tracker} {
		if t.fits(t.match(headerOf(rows[f.first : f.first+1])).has()) {
			return layout{}, false // a form whose questions are the columns of that table
		}
	}
	l := layout{form: "the columns that " + f.name + " adds", header: head[0].number, last: head[len(head)-1].number, even: 1}
	useful := false
	questions := f.questions(head)
	f.understand(s, l.last, questions)
	shown := headerOf(head[:min(2, f.depth)])
	for i, q := range questions {
		header := "" // a row of ids may be longer than those of the questions
		if i < len(shown.cells) {
			header = shown.cells[i].shown
		}
		c := column{index: i, header: header, named: header != "", field: cmp.Or(q.field, Ignore), match: match{field: q.field, rank: 1}, why: q.why()}
		if !c.named {
			c.header = letters(i)
		}
		l.columns = append(l.columns, c)
		if q.field != "" {
			l.known++
		}
		useful = useful || q.field == "providers" || q.field == "consumers" || q.field == "satisfaction" || q.field == "criticality"
	}
	return l, useful
}

// formOf knows the program by its own columns, in one of the first rows.
func formOf(rows []row) (surveyForm, bool) {
	looked := 0
	for i := range rows {
		if rows[i].blank() {
			continue
		}
		if looked++; looked > 5 {
			break
		}
		has := map[string]int{}
		for j, c := range rows[i].cells {
			if fold := foldHeader(headerText(c)); len(c) < 100 && has[fold] == 0 {
				has[fold] = j + 1
			}
		}
		at := func(names map[string]bool) int {
			least := 0
			for n := range names {
				if p := has[n]; p > 0 && (least == 0 || p < least) {
					least = p
				}
			}
			return least
		}
		switch {
		case has["responseid"] > 0 && i+2 < len(rows) && slices.ContainsFunc(rows[i+2].cells, isImportID):
			return surveyForm{"Qualtrics", i, 3, ","}, true
		case at(respondentIDs) > 0 && i+1 < len(rows) && (has["collectorid"] > 0 || has["startdate"] > 0 || len(rows[i+1].cells) > 0 && len(trim(rows[i+1].cells[0])) == 0):
			return surveyForm{"SurveyMonkey", i, 2, ","}, true
		case at(completionTimes) > 1 && has["id"] > 0:
			return surveyForm{"Microsoft Forms", i, 1, ";"}, true
		case at(timestamps) == 1:
			return surveyForm{"Google Forms", i, 1, ", "}, true
		}
	}
	return surveyForm{}, false
}

func isImportID(cell []byte) bool {
	return strings.HasPrefix(strings.ReplaceAll(string(trim(cell[:min(len(cell), 40)])), " ", ""), `{"ImportId"`)
}

var bracketed = regexp.MustCompile(`^(.*\S)\s*\[([^\[\]]+)\]$`)

// questions takes the headers apart: what is asked, and for which choice or row of a grid.
func (f surveyForm) questions(head []row) []*question {
	width := 0
	for _, r := range head {
		width = max(width, len(r.cells))
	}
	at := func(row, column int) string {
		if column < len(head[row].cells) {
			cell := head[row].cells[column]
			return headerText(cell[:min(len(cell), maxAnswerText)])
		}
		return ""
	}
	list := make([]*question, width)
	asked := ""
	for i := range list {
		q := &question{text: at(0, i), values: map[string]bool{}}
		q.meta = surveyMeta[foldHeader(q.text)]
		switch f.name {
		case "Google Forms":
			if m := bracketed.FindStringSubmatch(q.text); m != nil {
				q.text, q.item = m[1], m[2]
			}
		case "Microsoft Forms":
			q.meta = q.meta || strings.HasPrefix(q.text, "Points - ") || strings.HasPrefix(q.text, "Feedback - ")
		case "SurveyMonkey":
			if q.text == "" {
				q.text = asked
			} else if asked = q.text; q.meta {
				asked = ""
			}
			q.item = at(1, i)
			if choice := plainText(q.item); choice == "response" || choice == "open-ended response" {
				q.item = ""
			}
		case "Qualtrics":
			q.meta = q.meta || !strings.HasPrefix(q.text, "Q") && strings.HasPrefix(at(2, i), `{"ImportId":"_`)
			q.text, q.item = qualtricsItem(at(1, i))
		}
		q.free = freeChoice.MatchString(plainText(q.item))
		list[i] = q
	}
	return list
}

// qualtricsItem parts the question from the choice: “Which teams …? - Payroll”.
func qualtricsItem(text string) (ask, item string) {
	text = strings.TrimSuffix(text, " - Selected Choice")
	if rest, free := strings.CutSuffix(text, " - Text"); free {
		ask, _, _ = strings.Cut(rest, " - ")
		return ask, "Other (please specify)"
	}
	for _, end := range []string{"? - ", ": - ", ". - "} {
		if a, b, ok := strings.Cut(text, end); ok {
			return a + end[:1], b
		}
	}
	if i := strings.LastIndex(text, " - "); i > 0 {
		return text[:i], text[i+3:]
	}
	return text, ""
}

// gather notes the different answers of each question.
func gather(s *sheet, last int, questions []*question) {
	room := maxAnswersText
	for r := range s.rows {
		if r.number <= last {
			continue
		}
		for i, q := range questions[:min(len(questions), len(r.cells))] {
			cell := trim(r.cells[i])
			if q.meta || len(cell) == 0 || len(cell) > maxAnswerText || len(q.values) > maxChoices || q.values[string(cell)] {
				continue
			}
			if room -= len(cell); room < 0 {
				return
			}
			q.values[string(cell)] = true
		}
	}
}

// understand finds what each question is about, by its words and its answers.
func (f surveyForm) understand(s *sheet, last int, questions []*question) {
	gather(s, last, questions)
	grids := map[string][]*question{}
	for _, q := range questions {
		if q.item != "" {
			grids[q.text] = append(grids[q.text], q)
		}
	}
	scales := map[string]scale{}
	for text, grid := range grids {
		scales[text] = scaleOf(text, grid)
	}
	team := false
	for _, q := range questions {
		if q.meta {
			q.field = Ignore
			continue
		}
		if q.scale = scales[q.text]; q.item == "" {
			q.scale = scaleOf(q.text, []*question{q})
		}
		if q.field = q.about(); q.field == "team" && team {
			q.field = ""
		}
		team = team || q.field == "team"
	}
	if f.name == "Microsoft Forms" {
		bareGrids(questions)
	}
	nameProviders(questions)
}

// about says what a question asks for.
func (q *question) about() string {
	text := plainText(q.text)
	points := senseOf(text)
	rated := satisfactionWords.MatchString(text)
	switch {
	case rated && q.scale.ok():
		return "satisfaction"
	case comments.MatchString(text) && !q.scale.ok():
		return "comments"
	case points != noSense && !q.scale.ok() && q.ticks():
		q.unclear = points == unclear
		if points == asConsumer {
			return "consumers"
		}
		return "providers"
	case gradeWords.MatchString(text) && q.grades():
		return "criticality"
	case q.item == "" && ownTeam.MatchString(text) && !q.scale.ok():
		return "team"
	case q.item != "" && q.scale.words != nil:
		return "satisfaction"
	case teamNouns.MatchString(text) && !q.scale.ok() && q.ticks():
		q.unclear = true
		return "providers"
	}
	return ""
}

// why says how a question was understood.
func (q *question) why() string {
	switch q.field {
	case Ignore:
		return "the survey program's own column"
	case "team":
		return "it asks for the respondent's own team"
	case "providers", "consumers":
		if q.unclear {
			return "it asks for teams, and does not say who serves"
		}
		return map[string]string{"providers": "it asks who serves the respondent", "consumers": "it asks whom the respondent serves"}[q.field]
	case "satisfaction":
		return q.scale.why
	case "criticality":
		return "its answers are grades of it"
	case "comments":
		return "free text, which may show who wrote it: not kept"
	}
	return "left out: it was not understood as a question about teams that serve"
}

// ticks says that the answers can be names: of a question with choices in columns of their own, that each says its choice or a mark.
func (q *question) ticks() bool {
	if q.item == "" || q.free {
		return true
	}
	for v := range q.values {
		if !isTick(v) && graph.Fold(v) != graph.Fold(q.item) {
			return false
		}
	}
	return true
}

// grades says that all answers are grades of criticality.
func (q *question) grades() bool {
	for v := range q.values {
		if _, err := graph.ParseCriticality(v); err != nil && criticalityWords[graph.Fold(v)] == 0 && !noAnswer[plainText(v)] {
			return false
		}
	}
	return len(q.values) > 0
}

// bareGrids finds the rows of grids that stand as columns of their own, under the name of the row alone: columns side by side whose
// answers are ratings.
func bareGrids(questions []*question) {
	bare := func(i int) bool {
		if i < 0 || i >= len(questions) {
			return false
		}
		q := questions[i]
		return (q.item == "" || q.item == q.text) && (q.field == "" || q.field == "satisfaction") && q.scale.ok() && len(q.text) <= 80 && !strings.ContainsAny(q.text, "?:")
	}
	known := map[string]bool{}
	for _, q := range questions {
		for v := range q.values {
			if q.field == "team" || q.field == "providers" {
				for name := range strings.SplitSeq(v, ";") {
					known[graph.Fold(name)] = true
				}
			}
		}
	}
	var grid []*question
	settle := func() {
		if scale := scaleOf("", grid); len(grid) > 1 && scale.ok() {
			for _, g := range grid {
				g.scale = scale
			}
		}
		grid = nil
	}
	for i, q := range questions {
		if bare(i) && (bare(i-1) || bare(i+1) || known[graph.Fold(q.text)]) {
			q.field, q.item = "satisfaction", q.text
			grid = append(grid, q)
		} else {
			settle()
		}
	}
	settle()
}

// nameProviders finds whom each rating is about: the row of the grid, or a team that the question names.
func nameProviders(questions []*question) {
	known := map[string]string{}
	note := func(name string) {
		if fold := strings.Join(strings.Fields(strings.Map(wordsOnly, plainText(name))), " "); len(fold) > 1 {
			known[fold] = strings.TrimSpace(name)
		}
	}
	for _, q := range questions {
		switch {
		case q.field == "team", q.field == "providers" && q.item == "":
			for _, v := range slices.Sorted(maps.Keys(q.values)) {
				for name := range strings.FieldsFuncSeq(v, func(r rune) bool { return r == ';' || r == ',' && q.field != "team" }) {
					note(name)
				}
			}
		case q.item != "" && !q.free:
			note(q.item)
		}
	}
	for _, q := range questions {
		switch {
		case q.field != "satisfaction" && q.field != "criticality":
		case q.item != "":
			q.provider = q.item
		default:
			q.provider = providerIn(q.text, known)
		}
	}
}

// providerIn finds the team that a question names: the longest one that is known, else what stands behind “with”.
func providerIn(text string, known map[string]string) string {
	words := strings.Fields(strings.Map(wordsOnly, plainText(text)))
	for n := min(len(words), maxNameWords); n > 0; n-- {
		for i := range len(words) - n + 1 {
			if name, ok := known[strings.Join(words[i:i+n], " ")]; ok {
				return name
			}
		}
	}
	if m := satisfiedWith().FindStringSubmatch(text); m != nil && !noTeam.MatchString(plainText(m[1])) {
		return m[1]
	}
	return ""
}

// maxNameWords is of how many words the name of a team may be that is looked for in a question.
const maxNameWords = 10

// surveyReader reads the answers of a survey.
type surveyReader struct {
	*spread
	form      surveyForm
	questions []*question
	team      *cells
	known     map[string]bool // names of teams, folded: they may hold what parts ticks
	pairs     map[pairKey]*pair
	order     []pairKey
	skipped   int // answers that name no other team
	rows      int
}

// pairKey is who serves whom, as one of them says. Names are folded.
type pairKey struct{ provider, consumer, declaredBy string }

// pair is what the answers of a team say of another one.
type pair struct {
	provider, consumer *cells // the columns of the first answer
	names              [3]string
	row                *row // of the first answer
	answers, last      int
	ratings            []float64
	rated              []ratedQuestion
	grade              string
	gradeFrom          *cells
}

// ratedQuestion is a question by which a pair was rated.
type ratedQuestion struct {
	column *cells
	text   string
	sum    float64
	n      int
}

// readSurvey makes links of all answers.
func readSurvey(s *spread, rows []row) {
	v := newSurvey(s)
	for i := range rows {
		if v.row, v.rejected = &rows[i], false; v.team != nil {
			v.take()
		}
	}
	v.end()
}

// newSurvey looks at the questions again, as the columns are to be read now.
func newSurvey(s *spread) *surveyReader {
	v := &surveyReader{spread: s, known: map[string]bool{}, pairs: map[pairKey]*pair{}, team: s.column("team")}
	rows := s.sheet.firstRows()
	v.form, _ = formOf(rows)
	head := rows[v.form.first : v.form.first+v.form.depth]
	v.questions = v.form.questions(head)
	v.form.understand(s.sheet, s.layout.last, v.questions)
	for i, q := range v.questions {
		if c := s.columns[i]; q.field != "" || c.field != Ignore || c.chosen != "" {
			q.field = c.field
		}
		for value := range q.values {
			if q.field == "team" || q.field == "providers" && !strings.Contains(value, v.form.sep) {
				v.known[graph.Fold(value)] = true
			}
		}
		if q.item != "" && !q.free {
			v.known[graph.Fold(q.item)] = true
		}
	}
	v.tellQuestions()
	return v
}

// tellQuestions tells how the questions were understood.
func (v *surveyReader) tellQuestions() {
	v.header()
	var personal, left []string
	scales := map[string]bool{}
	for i, q := range v.questions {
		c := v.columns[i]
		switch {
		case q.meta && personalMeta[foldHeader(c.header)]:
			personal = append(personal, c.header)
		case q.field == Ignore || q.text == "" && q.item == "":
		case q.field == "comments":
			left = append(left, c.header)
		case q.field == "satisfaction" && q.scale.ok() && !scales[q.text+"\x00"+q.scale.why]:
			scales[q.text+"\x00"+q.scale.why] = true
			v.info(c, "%s", q.scale.why)
		case q.unclear && (q.field == "providers" || q.field == "consumers") && !scales[q.text]:
			scales[q.text] = true
			v.warn(c, "the question does not say who serves whom: a ticked team was read as the one that serves, and the respondent's team as the one served. Check the example sentence; "+
				"where it is the other way round, make the column “consumers”")
		case q.field == "":
			v.info(c, "the question was not understood as one about teams that serve, so its answers were left out")
		}
	}
	v.info(nil, "this was read as answers to a survey of %s: the answers of a team about another one become one link, in the row of the first of them", v.form.name)
	if len(personal) > 0 {
		v.info(nil, "who answered is not kept, only their teams: %s", quoted(personal))
	}
	if len(left) > 0 {
		v.info(nil, "comments are left out, for they may show who wrote them: %s", quoted(left))
	}
	if v.team == nil {
		v.tell(graph.Error, nil, "no question asks for the respondent's own team, so nobody knows whom the ticked teams serve: name the column with it “Your team”")
	}
}

// quoted lists headers, the first of many.
func quoted(headers []string) string {
	var b strings.Builder
	for i, h := range headers {
		if i == 5 {
			return b.String() + fmt.Sprintf(" and %d more", len(headers)-i)
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("“" + shorten(h, 60) + "”")
	}
	return b.String()
}

// tick is a team that an answer names.
type tick struct {
	name   string
	column *cells // nil: the header names it
}

// take takes one answer.
func (v *surveyReader) take() {
	v.rows++
	if why := v.test(); why != "" {
		v.info(nil, "%s, so it was left out", why)
		return
	}
	var providers, consumers []tick
	for i, q := range v.questions {
		switch q.field {
		case "providers":
			providers = append(providers, v.ticked(q, v.columns[i])...)
		case "consumers":
			consumers = append(consumers, v.ticked(q, v.columns[i])...)
		}
	}
	own := string(v.text(v.team))
	if own == "" || isNobody([]byte(own)) {
		if len(providers)+len(consumers) > 0 || v.anyRating() {
			v.reject(v.team, "the answer does not say the respondent's team, so it was left out: fill it in")
		} else {
			v.skipped++
		}
		return
	}
	switch {
	case !v.answer(own, providers, consumers):
		v.skipped++
	case v.first("team", graph.Fold(own)):
		v.node(graph.NoKind, v.team, own)
	}
}

// answer notes what the present row says of other teams; false: nothing.
func (v *surveyReader) answer(own string, providers, consumers []tick) bool {
	seen := false
	for _, t := range consumers {
		seen = v.pair(v.team, own, t.column, t.name, own) != nil || seen
	}
	for _, t := range providers {
		seen = v.pair(t.column, t.name, v.team, own, own) != nil || seen
	}
	for i, q := range v.questions {
		if q.field != "satisfaction" && q.field != "criticality" {
			continue
		}
		c := v.columns[i]
		raw := string(v.text(c))
		if raw == "" || noAnswer[plainText(raw)] {
			continue
		}
		name := q.provider
		if name == "" && len(providers) == 1 {
			name = providers[0].name
		}
		if name == "" {
			if q.field == "satisfaction" {
				v.warn(c, "the rating “%s” names no team, and the answer does not name exactly one, so it was left out", raw)
			}
			continue
		}
		seen = true
		if q.field == "criticality" {
			if p := v.pair(nil, name, v.team, own, own); p != nil && p.grade == "" {
				p.grade, p.gradeFrom = raw, c
			}
			continue
		}
		rating, ok := q.scale.read(raw)
		if !ok {
			v.warn(c, "“%s” is no answer of the scale of this question, so it was left out", raw)
			continue
		}
		if p := v.pair(nil, name, v.team, own, own); p != nil {
			p.rate(c, q.text, rating)
		}
	}
	return seen
}

// anyRating says that the present row rates a team.
func (v *surveyReader) anyRating() bool {
	for i, q := range v.questions {
		if (q.field == "satisfaction" || q.field == "criticality") && len(v.text(v.columns[i])) > 0 {
			return true
		}
	}
	return false
}

// test says that the present row was made to try the survey out.
func (v *surveyReader) test() string {
	for i, q := range v.questions {
		if !q.meta {
			continue
		}
		c := v.columns[i]
		switch text := plainText(string(v.row.cell(c))); {
		case strings.HasPrefix(c.header, "Status") && (text == "survey preview" || text == "survey test" || text == "spam" || v.form.name == "Qualtrics" && (text == "1" || text == "2" || text == "8")):
			return "the answer is marked as a test or spam"
		}
	}
	if v.team != nil {
		if text := plainText(string(v.row.cell(v.team))); text == "test" || text == "testing" || text == "asdf" {
			return "the answer looks like a test"
		}
	}
	return ""
}

// ticked gives the teams that the present row ticks in a question.
func (v *surveyReader) ticked(q *question, c *cells) []tick {
	cell := string(v.text(c))
	switch {
	case cell == "" || noAnswer[plainText(cell)]:
		return nil
	case q.item != "" && !q.free:
		return []tick{{name: q.item}}
	case q.free:
		v.info(c, "“%s” was typed in, not ticked: check that it is the name of a team", shorten(cell, 60))
	}
	var list []tick
	for _, name := range v.split(cell, c) {
		switch plain := plainText(name); {
		case name == "" || noAnswer[plain]:
		case freeChoice.MatchString(plain):
			v.info(c, "“%s” names no team, so it was left out", shorten(name, 60))
		case !slices.ContainsFunc(list, func(t tick) bool { return t.name == name }):
			list = append(list, tick{name, c})
		}
	}
	return list
}

// split parts ticks. Names that hold the mark between ticks are kept whole where they are known from elsewhere.
func (v *surveyReader) split(cell string, c *cells) []string {
	sep := v.form.sep
	if strings.Contains(cell, "\n") {
		sep = "\n"
	}
	pieces := strings.Split(cell, sep)
	var names []string
	for i := 0; i < len(pieces); {
		n := 1
		for k := min(len(pieces)-i, 10); k > 1; k-- {
			if whole := strings.Join(pieces[i:i+k], sep); v.known[graph.Fold(whole)] {
				v.tellOnce(c, "“%s” was kept as one name, since it stands alone elsewhere, and the like here and below", whole)
				n = k
				break
			}
		}
		names = append(names, string(trim([]byte(strings.Join(pieces[i:i+n], sep)))))
		i += n
	}
	return names
}

// pair gives the pair that the present row speaks of, nil where a team names itself.
func (v *surveyReader) pair(pc *cells, provider string, cc *cells, consumer, declaredBy string) *pair {
	key := pairKey{graph.Fold(provider), graph.Fold(consumer), graph.Fold(declaredBy)}
	if key.provider == key.consumer {
		v.info(nil, "“%s” named itself, which was left out", shorten(provider, 60))
		return nil
	}
	p := v.pairs[key]
	if p == nil {
		p = &pair{provider: pc, consumer: cc, names: [3]string{provider, consumer, declaredBy}, row: v.row}
		v.pairs[key] = p
		v.order = append(v.order, key)
	}
	if p.last != v.row.number {
		p.last = v.row.number
		p.answers++
	}
	return p
}

// rate adds a rating from 0 to 100.
func (p *pair) rate(c *cells, question string, rating float64) {
	p.ratings = append(p.ratings, rating)
	i := slices.IndexFunc(p.rated, func(r ratedQuestion) bool { return r.text == question })
	if i < 0 {
		i = len(p.rated)
		p.rated = append(p.rated, ratedQuestion{column: c, text: question})
	}
	p.rated[i].sum += rating
	p.rated[i].n++
}

// end makes a link of each pair.
func (v *surveyReader) end() {
	if v.header(); v.skipped > 0 {
		v.info(nil, "of %d answers, %d name no other team, so nothing came of them", v.rows, v.skipped)
	}
	for _, key := range v.order {
		p := v.pairs[key]
		v.row = p.row
		m := v.link(p.provider, p.names[0], p.consumer, p.names[1])
		m.put("declared_by", v.team, p.names[2])
		m.put("criticality", p.gradeFrom, p.grade)
		m.cell("", "answers", fmt.Sprint(p.answers), true)
		if len(p.ratings) == 0 {
			continue
		}
		mean, low, high := 0.0, math.Inf(1), math.Inf(-1)
		for _, r := range p.ratings {
			mean, low, high = mean+r/float64(len(p.ratings)), min(low, r), max(high, r)
		}
		m.put("satisfaction", p.rated[0].column, roundedText(mean))
		if len(p.ratings) != p.answers {
			m.cell("", "ratings", fmt.Sprint(len(p.ratings)), true)
		}
		if len(p.ratings) > 1 {
			m.cell("", "spread", roundedText(low)+" to "+roundedText(high), false)
		}
		for _, r := range p.rated {
			name, text := "question", r.text
			if len(p.rated) > 1 {
				name, text = cmp.Or(r.text, "rating"), roundedText(r.sum/float64(r.n))
			}
			if r.text != "" && text != p.names[0] {
				m.cell("", name, text, false)
			}
		}
	}
}

// roundedText writes a rating with one digit behind the point.
func roundedText(v float64) string { return writeNumber(math.Round(v*10) / 10) }
