package viewer

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/phrase"
	"example.com/whoserves/importer"
	"example.com/whoserves/importer/kept"
	"example.com/whoserves/viewer/draft"
	"github.com/gofiber/fiber/v2"
)

// fixList is cells that can be corrected on the page.
type fixList struct {
	Action, Token string
	Caption       text
	Fixes         []fix
}

// fix is a problem with a cell.
type fix struct {
	ID     string
	State  run
	Where  text
	Wrong  string
	Place  importer.Place
	Rows   []int // that hold this
	Column string
	Old    string // what the cell holds
	Hidden [][2]string
	Other  []run // where else it can be mended
}

// applyForm imports a draft.
type applyForm struct {
	Action, Token string
	Base          int64
	Shown         string // what was shown: see shownOf
	Version       int64
	Shrinking     []text // what is asked first
	Off           text   // why it cannot be imported
	Errors        int    // rows that are left out
}

// mostFixes is how many cells can be corrected at once on the page.
const mostFixes = 50

// draftPreviewPage shows what a draft would change, what that does to the risks, and what is wrong.
func (s *Server) draftPreviewPage(r *request, d *draft.Draft) (*page, error) {
	if err := onlyKeys(r, "saw", keyList); err != nil {
		return nil, err
	}
	p := s.draftPage(r, d, "/preview", "Check before it changes anything")
	if len(d.Files) == 0 {
		return nil, moved{to: stepPath(d, "")}
	}
	c := s.compared(p, r, d)
	if c == nil {
		if p.Refresh == 0 {
			p.Sections = []section{{Parts: []part{{Acts: []run{link("Back to the files", stepPath(d, ""))}}}}}
		}
		return p, nil
	}
	p.Answer = []text{c.said(r.ed)}
	if list := r.query.Get(keyList); list != "" {
		s.listInFull(p, r, d, c, list)
		return p, nil
	}
	if saw := r.query.Get("saw"); saw != "" {
		s.tellMoved(p, r, saw)
	}
	s.tellFailed(p, d)
	s.tellOpen(p, d, c.result)
	c.tellNames(p, d)
	wrong, corrections, others := s.wrongSections(p, r, d, c)
	effect := c.effectPart(r.ed)
	s.addApply(&effect, p, d, c, r.ed)
	p.Sections = []section{wrong, {Columns: "two", Parts: []part{changesPart(p, r, c), effect}}, corrections, others}
	p.Sections = slices.DeleteFunc(p.Sections, func(x section) bool { return len(x.Parts) == 0 })
	return p, nil
}

// keyList asks for one of the lists of the preview in full.
const keyList = "list"

// The lists.
const (
	listChanges = "changed"
	listOthers  = "others"
	listAssumed = "assumed"
)

// listOf is a list of the preview: the beginning of it where all of it would hide the rest of the page.
func listOf[T any](t tableOf[T], label string, r *request) tableOf[T] {
	const beginning = 12
	t.label = label
	if r.query.Get(keyList) == "" && len(t.entries) > beginning+beginning/2 {
		t.most, t.all = beginning, r.with(keyList, t.id)
	}
	return t
}

// listInFull shows one list of the preview and nothing else.
func (s *Server) listInFull(p *page, r *request, d *draft.Draft, c *comparison, list string) {
	all := section{Intro: []text{say(link("Back to all that is to be checked", stepPath(d, "/preview")))}, Parts: []part{changesPart(p, r, c)}}
	if list != listChanges {
		_, _, others := s.wrongSections(p, r, d, c)
		all.Parts = slices.DeleteFunc(others.Parts, func(x part) bool { return x.Table == nil || x.Table.ID != list })
	}
	for i := range all.Parts {
		all.Parts[i].Fold = ""
	}
	p.Sections = []section{all}
}

// said sums up what would change.
func (c *comparison) said(ed *edition) text {
	if c.Changes.Empty() {
		return say(strong("Nothing changes."), " The files say what is known already: "+phrase.Plural(c.result.Rows, "row", "rows")+" of "+ed.versionWords()+".")
	}
	t := say(strong(upper(c.countsByKind())+"."), " ")
	lost, look := 0, 0
	for _, x := range c.problems {
		switch x.Severity {
		case graph.Error:
			lost++
		case graph.Warning:
			look++
		}
	}
	t = append(t, run{Text: phrase.Plural(c.result.Rows, "row was", "rows were") + " read"})
	if lost > 0 {
		t = append(t, say("; ", marked("warn", phrase.Count(lost)+either(lost, " does not count", " do not count")))...)
	}
	if look > 0 {
		t = append(t, say("; ", marked("warn", phrase.Count(look)+" to look at"))...)
	}
	return append(t, run{Text: "."})
}

// versionWords names the version that an edition shows.
func (ed *edition) versionWords() string { return fmt.Sprintf("version %d", ed.snap.Version) }

// countsByKind counts what would change: "4 links and 1 supplier added, 3 links changed, 1 link removed".
func (c *comparison) countsByKind() string {
	var all []string
	entities := map[graph.EntityKey]bool{}
	var changed []graph.EntityKey
	for _, x := range c.Effect.Changed {
		if !entities[x.Key] {
			entities[x.Key] = true
			changed = append(changed, x.Key)
		}
	}
	for _, x := range []struct {
		keys []graph.EntityKey
		in   *graph.Snapshot
		what string
	}{{c.Effect.Added, c.After, "added"}, {changed, c.After, "changed"}, {c.Effect.Removed, c.Before, "removed"}} {
		if words := kindsCounted(x.keys, x.in); words != "" {
			all = append(all, words+" "+x.what)
		}
	}
	return cmp.Or(strings.Join(all, ", "), "nothing but where facts stand and who says them changes")
}

// kindsCounted counts entities by kind: "4 links and 1 supplier".
func kindsCounted(keys []graph.EntityKey, in *graph.Snapshot) string {
	kinds, links := map[graph.Kind]int{}, 0
	for _, k := range keys {
		if v := in.ByID(k.ID); k.Entity == "link" {
			links++
		} else if v >= 0 {
			kinds[in.Nodes[v].Kind]++
		}
	}
	var items []text
	if links > 0 {
		items = append(items, say(phrase.Plural(links, "link", "links")))
	}
	for _, k := range graph.Kinds() {
		if kinds[k] > 0 {
			items = append(items, say(kindCount(kinds[k], k)))
		}
	}
	return enumerate(items, "and").String()
}

// tellMoved says that somebody else was faster.
func (s *Server) tellMoved(p *page, r *request, saw string) {
	before, err := strconv.ParseInt(saw, 10, 64)
	if err != nil {
		p.Asides = append(p.Asides, aside{Class: "warn", Heading: "This import changed meanwhile: nothing was imported yet", Paras: []text{
			say("Its files, or what was decided about them, are no longer what you saw: on another page, or by somebody else. Look again, then import.")}})
		return
	}
	a := aside{Class: "warn", Heading: "The facts changed meanwhile: nothing was imported yet", Paras: []text{
		say("What you saw was for version " + saw + "; this page shows what the import would do to " + r.ed.versionWords() + ". Look again, then import.")}}
	history, err := asked{s.keeper.store, s.keeper}.History(r.ctx)
	if err == nil {
		for i, v := range history {
			if v.Number <= before || i == 5 {
				break
			}
			a.Paras = append(a.Paras, say(link(fmt.Sprintf("Version %d", v.Number), versionHref(v.Number)), " by ", byWhom(&v), " on "+when(v.Time)+": "+countsSaid(&v)+"."))
		}
	}
	p.Asides = append(p.Asides, a)
}

// tellFailed says why the import that was asked for was not done.
func (s *Server) tellFailed(p *page, d *draft.Draft) {
	t := s.imports.applying.find(d.ID)
	if t == nil || t.err == nil || errors.As(t.err, new(*movedError)) {
		return
	}
	why := say("It was done as a whole or not at all; look at the history before you try again.")
	var gone *awayError
	if errors.As(t.err, &gone) {
		why = say("The data store did not answer, so nothing was imported. Try again when it does.")
	}
	if errors.Is(t.err, errNotKept) {
		p.Asides = append(p.Asides, aside{Class: "warn", Heading: "The import is done, but what was decided about it was not kept", Paras: []text{
			say("All facts are in. What was said about columns and names will be asked again of the next files. Throw this import away, or leave it."), say(run{Text: reason(t.err), Name: true})}})
		return
	}
	p.Asides = append(p.Asides, aside{Class: "risk", Heading: "The import was not done", Paras: []text{why, say(run{Text: reason(t.err), Name: true})}})
}

// changesPart lists what would be added, changed and removed.
func changesPart(p *page, r *request, c *comparison) part {
	out := part{ID: "changes", Heading: say("What will change")}
	if c.Changes.Empty() {
		out.Paras = []text{say("Nothing. Importing it would make no version.")}
		return out
	}
	var fresh []text
	for _, x := range c.Changes.Sources {
		if x.Old == 0 {
			fresh = append(fresh, say(run{Text: x.Name, Name: true, Strong: true}))
		}
	}
	if len(fresh) > 0 {
		out.Paras = []text{append(enumerate(fresh, "and"), run{Text: either(len(fresh), " is a new source", " are new sources") + "; where sources differ, those that were imported first win."})}
	}
	out.Table = listOf(changesTable(r, c), "What will change", r).build(p, r)
	return out
}

// draftChange is a line of what would change.
type draftChange struct {
	what    string // added, changed, removed
	key     graph.EntityKey
	changes []graph.FieldChange
}

// changesTable lists what would change, an entity a line.
func changesTable(r *request, c *comparison) tableOf[draftChange] {
	var lines []draftChange
	for _, k := range c.diff.Added {
		lines = append(lines, draftChange{what: "added", key: k})
	}
	for _, x := range c.diff.Changed {
		if n := len(lines); n > 0 && lines[n-1].what == "changed" && lines[n-1].key == x.Key {
			lines[n-1].changes = append(lines[n-1].changes, x)
			continue
		}
		lines = append(lines, draftChange{what: "changed", key: x.Key, changes: []graph.FieldChange{x}})
	}
	for _, k := range c.diff.Removed {
		lines = append(lines, draftChange{what: "removed", key: k})
	}
	base := r.ed.snap.Version
	t := tableOf[draftChange]{id: listChanges, what: [2]string{"change", "changes"}, entries: lines, fixed: true,
		empty: "Only where facts stand changes, or who says them.", caption: say(fmt.Sprintf("From version %d to %d.", base, base+1))}
	t.columns = []columnOf[draftChange]{
		{head: "Change", cell: func(x draftChange) cell {
			return cell{Head: true, Text: say(marked(x.what, changeSigns[x.what]+x.what)), Raw: x.what}
		}},
		{head: "What", cell: func(x draftChange) cell { return cell{Text: c.entitySaid(x)} }},
		{head: "From", cell: func(x draftChange) cell { return cell{Text: c.placeOf(x)} }},
	}
	return t
}

var changeSigns = map[string]string{"added": "+ ", "changed": "≠ ", "removed": "− "}

// entitySaid says what is added, changed or removed: "Payroll serves Crew scheduling with Pay: copes 24 h, now 36 h".
func (c *comparison) entitySaid(x draftChange) text {
	in := c.After
	if x.what == "removed" {
		in = c.Before
	}
	name := func(id string) run {
		if v := in.ByID(id); v >= 0 && in.Nodes[v].Name != "" {
			id = in.Nodes[v].Name
		}
		return run{Text: id, Name: true, Strong: true}
	}
	var t text
	if x.key.Entity == "link" {
		t = say(name(x.key.Provider), " serves ", name(x.key.Consumer))
		if x.key.Service != "" {
			t = append(t, say(" with ", run{Text: x.key.Service, Name: true})...)
		}
	} else {
		t = say(name(x.key.ID))
		if v := in.ByID(x.key.ID); v >= 0 {
			n := &in.Nodes[v]
			t = append(t, run{Text: ", a " + kindWords[n.Kind][0]})
			if n.Placeholder {
				t = append(t, run{Text: " that is only referred to"})
			}
		}
	}
	for i, f := range x.changes {
		sign := "; "
		if i == 0 {
			sign = ": "
		}
		t = append(t, run{Text: sign + strings.ReplaceAll(f.Field, "_", " ") + " "})
		if f.Old != "" {
			t = append(t, run{Text: shortText(f.Old), Name: true, Class: "old"}, run{Text: " → "})
		}
		t = append(t, run{Text: cmp.Or(shortText(f.New), "blank"), Name: true, Class: "new"})
	}
	return t
}

// shortText cuts what is too long for a line.
func shortText(s string) string {
	const most = 120
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// placeOf says which row a change comes from.
func (c *comparison) placeOf(x draftChange) text {
	if x.what == "removed" {
		return say(marked("mute", "no longer in the files"))
	}
	o, ok := c.origin(x.key)
	if !ok {
		return nil
	}
	o.File = strings.TrimSpace(o.File)
	p := graph.Problem{File: o.File, Sheet: o.Sheet, Row: o.Row}
	return placeOf(p)
}

// origin finds the first row of the import that states an entity.
func (c *comparison) origin(k graph.EntityKey) (graph.Origin, bool) {
	if k.Entity == "node" {
		v := c.After.ByID(k.ID)
		if v < 0 {
			return graph.Origin{}, false
		}
		for _, st := range c.After.Nodes[v].Stated {
			if c.incoming.Source(st.Source) != nil {
				return st.Record.From, true
			}
		}
		return graph.Origin{}, false
	}
	provider, consumer := c.After.ByID(k.Provider), c.After.ByID(k.Consumer)
	if provider < 0 || consumer < 0 {
		return graph.Origin{}, false
	}
	if l := c.After.FindLink(provider, consumer, k.Service); l >= 0 {
		for _, st := range c.After.Links[l].Stated {
			if c.incoming.Source(st.Source) != nil {
				return st.Record.From, true
			}
		}
	}
	return graph.Origin{}, false
}

// effectPart says what an import does to the risks.
func (c *comparison) effectPart(ed *edition) part {
	const most = 6
	out := part{ID: "effect", Heading: say("What that does")}
	if c.risks == nil {
		out.Paras = []text{say("Nothing: who can stop whom stays as it is.")}
		return out
	}
	out.Notes = []note{{Heading: ed.sentence(c.risks.Headline())}}
	details := c.risks.Details()
	for i, x := range details {
		if i == most && len(details) > most+1 {
			out.Notes = append(out.Notes, note{Heading: say(len(details)-most, " more customers are touched")})
			break
		}
		out.Notes = append(out.Notes, note{Heading: ed.sentence(x)})
	}
	out.Numbers = true
	return out
}

// wrongSections lists what is wrong: cells that can be corrected here, those that were, and all else.
func (s *Server) wrongSections(p *page, r *request, d *draft.Draft, c *comparison) (fixes, corrected, rest section) {
	list := &fixList{Action: stepPath(d, "/cell"), Token: p.Token}
	read := map[graph.Problem]bool{}
	for _, x := range c.result.Problems {
		read[x] = true
	}
	var others, assumed []graph.Problem
	mend := slices.Clone(c.problems)
	slices.SortStableFunc(mend, func(a, b graph.Problem) int { return cmp.Compare(b.Severity, a.Severity) })
	for _, x := range mend {
		f, ok := fixOf(d, c.result, x)
		switch {
		case x.Severity == graph.Info:
			assumed = append(assumed, x)
		case !ok || !read[x] || !list.take(f):
			others = append(others, x)
		}
	}
	fixes = section{ID: "wrong", Heading: "Nothing is wrong"}
	if n := toMend(c.problems); n > 0 {
		fixes.Heading = upper(inWords(n)) + either(n, " thing", " things") + " to look at"
	} else {
		fixes.Parts = []part{{Paras: []text{say("Every cell was understood.")}}}
	}
	if len(list.Fixes) > 0 && len(others) > 0 {
		fixes.Intro = []text{say(phrase.Count(toMend(c.problems)-len(others))+" of them can be corrected here; what else was noticed is listed ", link("below", "#rest"), ".")}
	}
	if len(list.Fixes) > 0 {
		list.Caption = say("Cells that can be corrected here, for this import and the next: the correction counts as long as the cell holds what it holds now. The file stays as it is.")
		fixes.Parts = append(fixes.Parts, part{Import: &importPart{Fixes: list}})
	}
	if len(others) > 0 && len(list.Fixes) == 0 {
		fixes.Parts = append(fixes.Parts, part{Paras: []text{say("All of it counts as well as possible and is listed ", link("below", "#rest"), ".")}})
	}
	if back := s.correctedPart(p, d); len(back.Posts) > 0 {
		corrected = section{ID: "corrected", Heading: "Corrected cells", Parts: []part{back}}
	}
	rest = section{ID: "rest", Heading: "What else was noticed"}
	if len(others) > 0 {
		rest.Parts = append(rest.Parts, part{Table: listOf(problemList(listOthers, "", others, ""), "Other things to look at", r).build(p, r)})
	}
	if n := len(assumed); n > 0 {
		t := listOf(problemList(listAssumed, "", assumed, ""), "What was assumed", r)
		rest.Parts = append(rest.Parts, part{Fold: upper(phrase.Plural(n, "thing was", "things were")) + " assumed in reading", Table: t.build(p, r)})
	}
	return fixes, corrected, rest
}

// take adds a cell to the list. Cells of one column that hold the same are corrected together, and what is wrong with one cell is said
// together. It is false where the list is full.
func (l *fixList) take(f fix) bool {
	for i := range l.Fixes {
		switch have := &l.Fixes[i]; {
		case have.Place != f.Place || have.Column != f.Column || have.Old != f.Old:
		case slices.Contains(have.Rows, f.Rows[0]):
			if !strings.Contains(have.Wrong, f.Wrong) {
				have.Wrong += ". " + f.Wrong
			}
			return true
		case f.Old != "":
			have.Rows = append(have.Rows, f.Rows[0])
			return true
		}
	}
	if len(l.Fixes) == mostFixes {
		return false
	}
	f.ID = "fix-" + strconv.Itoa(len(l.Fixes))
	l.Fixes = append(l.Fixes, f)
	return true
}

// fixOf makes the form for a cell that something is wrong with; ok is false where the cell is not known.
func fixOf(d *draft.Draft, res *importer.Result, x graph.Problem) (f fix, ok bool) {
	if x.Row == 0 || x.Column == "" {
		return f, false
	}
	i := slices.IndexFunc(res.Readings, func(rd *importer.Reading) bool { return rd.File == x.File && rd.Sheet == x.Sheet })
	if i < 0 {
		return f, false
	}
	rd := res.Readings[i]
	line := slices.IndexFunc(rd.Wrong, func(l importer.Line) bool { return l.Row == x.Row })
	column := slices.IndexFunc(rd.Columns, func(c importer.Column) bool { return c.Header == x.Column || c.Header == "column "+x.Column })
	if line < 0 || column < 0 {
		return f, false
	}
	f = fix{State: severityTag(x.Severity), Where: placeOf(x), Wrong: upper(x.Message), Place: rd.Place, Rows: []int{x.Row}, Column: rd.Columns[column].Header}
	if column < len(rd.Wrong[line].Cells) {
		f.Old = rd.Wrong[line].Cells[column]
	}
	f.Hidden = append(placeFields(rd), [2]string{"column", f.Column}, [2]string{"old", f.Old})
	f.Other = []run{link("what the column means", sheetPath(d, res, rd.Place))}
	return f, true
}

// correctedPart lists the cells that were corrected, each to be taken back.
func (s *Server) correctedPart(p *page, d *draft.Draft) part {
	var out part
	for _, source := range d.Sources() {
		m := d.Mappings[source]
		if m == nil {
			continue
		}
		for _, sheet := range m.Sheets {
			for _, c := range sheet.Cells {
				where := graph.Problem{File: sheet.File, Sheet: sheet.Sheet, Row: c.Row, Column: c.Column}
				out.Posts = append(out.Posts, &post{Action: stepPath(d, "/cell"), Token: p.Token, Quiet: true, Submit: "Take it back", Does: "Take back the correction in row " + strconv.Itoa(c.Row) + ", column " + c.Column,
					Says:   append(placeOf(where), say(": ", run{Text: cmp.Or(c.Old, "blank"), Name: true, Class: "old"}, " → ", run{Text: cmp.Or(c.New, "blank"), Name: true, Class: "new"})...),
					Hidden: [][2]string{{"source", source}, {"in", sheet.File}, {"sheet", sheet.Sheet}, {"row", strconv.Itoa(c.Row)}, {"column", c.Column}, {"old", c.Old}, {"back", "1"}}})
			}
		}
	}
	return out
}

// correctCell keeps the correction of a cell, or of several that hold the same, or takes it back.
func (s *Server) correctCell(r *request, d *draft.Draft) (string, error) {
	source := r.form.Get("source")
	if !slices.Contains(d.Sources(), source) {
		return stepPath(d, "/preview"), nil
	}
	var bad error
	err := s.imports.change(d.ID, func(d *draft.Draft) error {
		m := sheetOf(d, source, importer.Place{File: r.form.Get("in"), Sheet: r.form.Get("sheet")})
		for _, row := range r.form["row"] {
			n, err := strconv.Atoi(row)
			if err != nil {
				continue
			}
			m.correct(importer.CellMapping{Row: n, Column: r.form.Get("column"), Old: r.form.Get("old"), New: strings.TrimSpace(r.form.Get("new"))}, r.form.Get("back") != "")
		}
		bad = d.Mappings[source].Check()
		return bad
	})
	if bad != nil {
		return "", &problem{Status: fiber.StatusBadRequest, Heading: "The cell cannot be corrected like that", Say: say(run{Text: upper(bad.Error()) + ".", Name: true}), Acts: []run{link("Back", stepPath(d, "/preview"))}}
	}
	return stepPath(d, "/preview") + "#wrong", err
}

// correct keeps the correction of a cell, or takes it back. Of one that does not fit the cell any more it takes the place.
func (m sheetChoice) correct(fix importer.CellMapping, back bool) {
	same := func(c importer.CellMapping) bool { return c.Row == fix.Row && c.Column == fix.Column }
	if back {
		m.Cells = slices.DeleteFunc(m.Cells, func(c importer.CellMapping) bool { return same(c) && c.Old == fix.Old })
		return
	}
	// what was shown of a cell that is corrected already is the correction; the sheet holds what it held before
	if i := slices.IndexFunc(m.Cells, func(c importer.CellMapping) bool { return same(c) && c.New == fix.Old }); i >= 0 {
		m.Cells[i].New = fix.New
		return
	}
	m.Cells = append(slices.DeleteFunc(m.Cells, same), fix)
}

// addApply adds the button that imports, or why there is none.
func (s *Server) addApply(to *part, p *page, d *draft.Draft, c *comparison, ed *edition) {
	why := func(t text) { to.After = append(to.After, t) }
	switch {
	case len(c.result.Questions) > 0:
		place := c.result.Questions[0].Place
		to.Import = &importPart{Apply: &applyForm{Version: ed.snap.Version + 1,
			Off: say(marked("warn", "Nothing can be imported until it is decided who serves whom: "), link(placeSaid(place), sheetPath(d, c.result, place)), ".")}}
		return
	case len(c.incoming.Sources) == 0:
		why(say(marked("warn", "Nothing was read, so there is nothing to import."), " ", link("Look at the files", stepPath(d, ""))))
		return
	case c.Changes.Empty():
		why(say("There is nothing to import: " + ed.versionWords() + " says all of it already."))
		to.Posts = []*post{{Action: stepPath(d, "/remove"), Token: p.Token, Submit: "Throw this import away", Quiet: true}}
		return
	}
	f := &applyForm{Action: stepPath(d, "/apply"), Token: p.Token, Base: ed.snap.Version, Version: ed.snap.Version + 1, Shown: shownOf(d)}
	for _, x := range c.Shrinking {
		f.Shrinking = append(f.Shrinking, say("the source ", run{Text: x.Source, Name: true, Strong: true}, " loses ", x.Removed, " of ", x.Of, " facts"))
	}
	for _, x := range c.problems {
		if x.Severity == graph.Error {
			f.Errors++
		}
	}
	to.Import = &importPart{Apply: f}
}

// shownOf is equal for drafts that would be imported as the same facts.
func shownOf(d *draft.Draft) string {
	settled, err := json.Marshal(d.Names())
	if err != nil {
		return rand.Text()
	}
	sum := sha256.Sum256(append([]byte(d.Key()), settled...))
	return hex.EncodeToString(sum[:8])
}

// movedError says that the version which the preview was for is no longer the last.
type movedError struct{ now int64 }

func (e *movedError) Error() string { return fmt.Sprintf("the store is at version %d by now", e.now) }

// applyDraft imports a draft, as it was shown: where the facts moved since, it is shown again.
func (s *Server) applyDraft(r *request, d *draft.Draft) (string, error) {
	base, err := strconv.ParseInt(r.form.Get("base"), 10, 64)
	if err != nil {
		return stepPath(d, "/preview"), nil
	}
	again := fmt.Sprintf("%s?saw=%d", stepPath(d, "/preview"), base)
	if r.ed.snap.Version != base {
		return again, nil
	}
	if shown := r.form.Get("shown"); shown != "" && shown != shownOf(d) {
		return stepPath(d, "/preview") + "?saw=else", nil
	}
	comparing := s.compare(d, s.understand(d), r.ed)
	if !comparing.ready(r.ctx, taskPatience) || comparing.err != nil {
		return stepPath(d, "/preview"), nil
	}
	c := comparing.value
	switch {
	case len(c.result.Questions) > 0 || c.Changes.Empty() || len(c.incoming.Sources) == 0:
		return stepPath(d, "/preview") + "#effect", nil
	case len(c.Shrinking) > 0 && r.form.Get("shrink") == "":
		return "", &problem{Status: fiber.StatusConflict, Heading: "Much would be removed", Say: say("Nothing was imported. Tick the box beside the button when that is meant."), Acts: []run{link("Back to what will change", stepPath(d, "/preview")+"#effect")}}
	}
	t := s.imports.applying.again(d.ID, func(ctx context.Context, _ *task[int64]) (int64, error) { return s.commit(ctx, d, c, base) })
	if !t.ready(r.ctx, 10*time.Second) {
		return stepPath(d, "/preview"), nil
	}
	if errors.As(t.err, new(*movedError)) {
		return again, nil
	}
	if t.err != nil {
		return stepPath(d, "/preview"), nil // which says why
	}
	return done(versionHref(t.value), t.value), nil
}

// commit imports what was compared. It goes on when nobody waits any more.
func (s *Server) commit(ctx context.Context, d *draft.Draft, c *comparison, base int64) (int64, error) {
	select {
	case s.imports.writing <- struct{}{}:
		defer func() { <-s.imports.writing }()
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, applyLimit)
	defer cancel()
	record := s.record()
	record.Files, record.Mapping = c.result.Files, kept.Text(decisions(d, c.result))
	version, err := s.change(ctx, func(ctx context.Context, st graph.Store) (int64, error) {
		_, version, err := graph.Commit(ctx, st, c.incoming, record, func(p *graph.Preview) error {
			if p.Changes.Base != base {
				return &movedError{p.Changes.Base}
			}
			return nil
		})
		if err == nil {
			if err = s.keepDecisions(ctx, st, d, c.result); err != nil {
				err = fmt.Errorf("%w: %w", errNotKept, err)
			}
		}
		return version, err
	})
	if conflict := (*graph.ConflictError)(nil); errors.As(err, &conflict) {
		return 0, &movedError{conflict.Now}
	}
	if err != nil {
		return 0, err
	}
	s.finishDraft(d, version)
	return version, nil
}

// errNotKept says that an import is done, but that what was decided about it is lost for the next one.
var errNotKept = errors.New("what was decided was not kept")

// finishDraft remembers what became of a draft; its files are no longer needed. The import is done, whatever becomes of this: where it
// cannot be remembered, the draft stays and changes nothing any more.
func (s *Server) finishDraft(d *draft.Draft, version int64) {
	s.forgetDraft(d)
	if err := s.imports.shelf.Finish(d.ID, version); err != nil {
		s.log.Warn("a draft that was imported could not be put away", "draft", d.ID, "version", version, "error", err)
	}
}

// decisions gives by source what was decided and was of use: how its files were read, and what its names mean.
func decisions(d *draft.Draft, res *importer.Result) map[string]*importer.Mapping {
	all, settled := map[string]*importer.Mapping{}, d.Names()
	for _, source := range res.Sources {
		used, list := res.Mappings[source.Name], settled[source.Name]
		if used == nil && len(list) == 0 {
			continue
		}
		m := &importer.Mapping{}
		if used != nil {
			*m = *used
		}
		m.Names = list
		all[source.Name] = m
	}
	return all
}

// keepDecisions keeps with each source how it was read, for its next file.
func (s *Server) keepDecisions(ctx context.Context, st graph.Store, d *draft.Draft, res *importer.Result) error {
	used := decisions(d, res)
	for _, source := range res.Sources {
		m := d.Mappings[source.Name]
		if m == nil || m.Decided != "" {
			continue // nothing new was decided
		}
		if err := kept.Put(ctx, st, source.Name, used[source.Name]); err != nil {
			return fmt.Errorf("how the files of %s are read: %w", source.Name, err)
		}
	}
	return nil
}

// applyingPage says that a draft is being imported.
func (s *Server) applyingPage(r *request) *page {
	p := s.newPage(r, importPath, "Being imported")
	p.Crumbs = []text{say(link("Import", importPath))}
	p.Heading = say("Being imported")
	p.Answer = []text{say("It is done as a whole or not at all. The page looks again by itself. ", link("Look now", r.here()))}
	p.Sections = []section{{Parts: []part{{Import: &importPart{Progress: &progress{Done: -1, Label: "Importing"}}}}}}
	p.Refresh = 2
	return p
}

// Also says how many other cells hold the same.
func (f fix) Also() string {
	n := len(f.Rows) - 1
	if n == 0 {
		return ""
	}
	return "and " + phrase.Plural(n, "other row", "other rows") + " with the same cell"
}

// Tag says what becomes of what is wrong.
func (f fix) Tag() text { return say(f.State) }

// Others leads to where else it can be mended.
func (f fix) Others() text { return joinRuns(f.Other) }
