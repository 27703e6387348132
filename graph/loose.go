package graph

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// lookalikes finds entities by names that are written in another manner: the same letters but for accents, spaces and signs, the
// same name with and without its company form, the same words in another order. It comes after all other ways of finding.
type lookalikes struct {
	straight map[string][]likeness // by the letters in the order of the words
	sorted   map[string][]likeness // by the words, sorted
	spelled  map[string][]spelling // made already; nil where several may ask at the same moment
}

// likeness is a name under one of its keys.
type likeness struct {
	entity int32  // unresolved for a name that means nothing yet: its form counts all the same
	form   string // the company form that was taken off
}

// mostAlike is how many names one key may have: what more share is nobody's.
const mostAlike = 64

// isFirm says that a node is a company: its company form is no word or country.
func isFirm(k Kind) bool { return k == Supplier || k == Customer }

func newLookalikes(spelled map[string][]spelling) *lookalikes {
	return &lookalikes{map[string][]likeness{}, map[string][]likeness{}, spelled}
}

// spellings is spellings, where that is remembered only once for each name.
func (a *lookalikes) spellings(name string) []spelling {
	if a.spelled == nil {
		return spellings(name)
	}
	s, ok := a.spelled[name]
	if !ok {
		s = spellings(name)
		a.spelled[name] = s
	}
	return s
}

// The ways in which a name can be found loosely, for messages.
const (
	likeLetters = "only accents, spaces or signs differ"
	likeForm    = "only the company form differs"
	likeOrder   = "only the order of the words differs"
)

// spelling is a name made ready for lookalikes.
type spelling struct {
	straight, sorted string
	form             string
	firm             bool
}

// spellings gives the keys of a name: as it is, and without a company form that may be a word.
func spellings(name string) []spelling {
	words := Words(turned(name))
	core, form, sure := CompanyForm(words)
	if form == "" {
		return []spelling{spell(words, "", false)}
	}
	if sure {
		return []spelling{spell(core, form, false)}
	}
	return []spelling{spell(words, "", false), spell(core, form, true)}
}

// turned gives “Crew Scheduling” for “Scheduling, Crew”.
func turned(name string) string {
	last, first, ok := strings.Cut(name, ",")
	if !ok || strings.Contains(first, ",") {
		return name
	}
	if w := Words(first); len(w) == 0 || longForms[w[0]]+shortForms[w[0]] != "" {
		return name // “Acme, Inc.”
	}
	return first + " " + last
}

// directions are words that give the order of the others a meaning.
var directions = []string{"to", "from", "for", "of", "vs", "nach", "von", "fur", "an", "zu", "de", "du", "des", "a", "au", "pour", "para", "por", "do", "da", "van", "voor", "naar", "by", "in", "on"}

func spell(words []string, form string, firm bool) spelling {
	s := spelling{form: form, firm: firm}
	ordered := false
	var b strings.Builder
	for i, w := range words {
		if w == "und" || w == "et" {
			w = "and"
		}
		if i > 0 && isDigit(words[i-1][len(words[i-1])-1]) && isDigit(w[0]) {
			b.WriteByte(' ')
		}
		b.WriteString(w)
		ordered = ordered || slices.Contains(directions, w)
	}
	s.straight = b.String()
	if len(words) > 1 && !ordered {
		sorted := slices.Sorted(slices.Values(words))
		s.sorted = strings.Join(sorted, " ")
	}
	return s
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// add registers a name. Only one of a company is found without a form that may be a word; of others that form counts.
func (a *lookalikes) add(e int32, name string, kind Kind) {
	for _, s := range a.spellings(name) {
		e := e
		if s.firm && !isFirm(kind) {
			e = unresolved
		}
		add := func(m map[string][]likeness, key string) {
			if key != "" && len(m[key]) <= mostAlike {
				m[key] = append(m[key], likeness{e, s.form})
			}
		}
		add(a.straight, s.straight)
		if kind != Person {
			add(a.sorted, s.sorted)
		}
	}
}

// find gives the one entity that a name can mean, and how; ok is false where there is none or more than one. Company forms
// count as the same only while no other form is about: “Acme” is neither “Acme Ltd” nor “Acme Inc” once both are there.
func (a *lookalikes) find(name string, kind Kind, fits func(e int32) bool, kindOf func(e int32) Kind) (e int32, how string, ok bool) {
	for _, s := range a.spellings(name) {
		suits := func(e int32) bool { return fits(e) && (!s.firm || isFirm(kindOf(e))) }
		if e, sameForm, ok := one(a.straight[s.straight], s.form, suits); ok {
			if sameForm {
				return e, likeLetters, true
			}
			return e, likeForm, true
		}
		if s.sorted == "" || kind == Person {
			continue
		}
		if e, _, ok := one(a.sorted[s.sorted], s.form, suits); ok {
			return e, likeOrder, true
		}
	}
	return -1, "", false
}

// one gives the only entity of a list that suits: of those with this very form, or of all while there is but one form.
func one(ls []likeness, form string, suits func(e int32) bool) (e int32, sameForm, ok bool) {
	if len(ls) > mostAlike {
		return unresolved, false, false
	}
	same, all := unresolved, unresolved
	several, severalSame, forms := false, false, form
	otherForms := false
	for _, l := range ls {
		if l.form != "" {
			otherForms = otherForms || forms != "" && forms != l.form
			forms = l.form
		}
		if l.entity == unresolved || !suits(l.entity) {
			continue
		}
		several = several || all != unresolved && all != l.entity
		all = l.entity
		if l.form == form {
			severalSame = severalSame || same != unresolved && same != l.entity
			same = l.entity
		}
	}
	switch {
	case same != unresolved:
		return same, true, !severalSame
	case all != unresolved:
		return all, false, !several && !otherForms
	}
	return unresolved, false, false
}

// likes gives what finds entities loosely, made from all that are there.
func (r *resolver) likes(unit bool) *lookalikes {
	at := &r.nodesAlike
	if unit {
		at = &r.unitsAlike
	}
	if *at == nil {
		if r.spelled == nil {
			r.spelled = map[string][]spelling{}
		}
		*at = newLookalikes(r.spelled)
		for i := range r.entities {
			if e := &r.entities[i]; e.unit == unit {
				(*at).addStated(int32(i), e.stated)
				if e.placeholder {
					(*at).add(int32(i), e.name, e.kind)
				}
			}
		}
	}
	return *at
}

// addStated registers the names and aliases that rows give.
func (a *lookalikes) addStated(e int32, stated []NodeSource) {
	kind := statedKind(stated)
	for _, st := range stated {
		a.add(e, st.Record.Name, kind)
		for _, alias := range st.Record.Aliases {
			a.add(e, alias, kind)
		}
	}
}

// likesFor is likes with the names of groups of rows that found no entity, and of those that links speak of: the forms of all count,
// whichever comes first. It is nil where no group can belong to another: see mayBeOne.
func (r *resolver) likesFor(unit bool, groups map[string][]NodeSource) *lookalikes {
	if len(groups) == 0 || !r.severalSpeak(unit, groups) {
		return nil
	}
	r.nodesAlike, r.unitsAlike = nil, nil // rows were added to entities
	likes := r.likes(unit)
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		if rows := groups[name]; !onlyCorrections(rows) {
			likes.addStated(unresolved, rows)
		}
	}
	for i := range r.refs { // of links: a name counts before something describes it, so that nothing changes when something does
		if ref := &r.refs[i]; !unit && len(r.nodes.find(ref.text)) == 0 {
			likes.add(unresolved, ref.text, ref.kind)
		}
	}
	return likes
}

// correctionsLast sorts names of groups, those of which only corrections speak behind the others: what they call something parts
// nothing that the files bring together.
func correctionsLast(groups map[string][]NodeSource) []string {
	names := slices.Sorted(maps.Keys(groups))
	slices.SortStableFunc(names, func(a, b string) int { return compareBools(onlyCorrections(groups[a]), onlyCorrections(groups[b])) })
	return names
}

func onlyCorrections(rows []NodeSource) bool {
	return !slices.ContainsFunc(rows, func(row NodeSource) bool { return !IsCorrection(row.Source) })
}

// severalSpeak says that two sources, or any and the corrections, describe something among nodes or among units.
func (r *resolver) severalSpeak(unit bool, groups map[string][]NodeSource) bool {
	first := ""
	another := func(st NodeSource) bool {
		first = cmp.Or(first, st.Source)
		return st.Source != first || IsCorrection(st.Source)
	}
	for i := range r.entities {
		if e := &r.entities[i]; e.unit == unit && slices.ContainsFunc(e.stated, another) {
			return true
		}
	}
	for _, rows := range groups {
		if slices.ContainsFunc(rows, another) {
			return true
		}
	}
	return false
}

// describedLike finds the one entity that rows under a name describe in another spelling. Two rows of one source, two kinds,
// two contacts speak of two things, and people are told apart by what they are called.
func (r *resolver) describedLike(likes *lookalikes, name string, rows []NodeSource) (e int32, how string, ok bool) {
	kind := statedKind(rows)
	if kind == Person {
		return -1, "", false
	}
	fits := func(e int32) bool { return mayBeOne(r.entities[e].stated, rows) }
	if onlyCorrections(rows) { // what they say decides about the one that is meant, not which one is
		fits = func(int32) bool { return true }
	}
	e, how, ok = likes.find(name, kind, fits, func(e int32) Kind { return cmp.Or(statedKind(r.entities[e].stated), kind) })
	return e, how, ok && mayBeOne(r.entities[e].stated, rows)
}

// statedKind gives the kind that decides how names are compared, whichever source wins: a person or a firm where any row says
// so, NoKind where no row says a kind.
func statedKind(rows []NodeSource) Kind {
	kind := NoKind
	for _, row := range rows {
		if k := row.Record.Kind; k == Person || kind != Person && (isFirm(k) || kind == NoKind) {
			kind = k
		}
	}
	return kind
}

// mayBeOne says that nothing in two groups of rows speaks against their being about one thing. Corrections count only where
// nothing else speaks, and a contact that they correct does not: they shall not part what was one when they were made.
func mayBeOne(a, b []NodeSource) bool {
	differ := func(x, y string) bool { return x != "" && y != "" && Fold(x) != Fold(y) }
	corrected, alsoCorrected := onlyCorrections(a), onlyCorrections(b)
	for _, x := range a {
		for _, y := range b {
			if IsCorrection(x.Source) && !corrected || IsCorrection(y.Source) && !alsoCorrected {
				continue
			}
			k, l := x.Record.Kind, y.Record.Kind
			if corrected || alsoCorrected { // it says a kind where files do not: see identify
				k, l = cmp.Or(k, Team), cmp.Or(l, Team)
			} else if differ(x.Record.Contact, y.Record.Contact) {
				return false
			}
			if x.Source == y.Source || k == Person || differ(k.String(), l.String()) {
				return false
			}
		}
	}
	return true
}

// likesOfRefs registers the references that mean nothing so far, before the first of them makes a placeholder.
func (r *resolver) likesOfRefs(order []int32) {
	r.nodesAlike, r.unitsAlike = nil, nil
	for _, i := range order {
		if ref := &r.refs[i]; len(r.candidates(ref)) == 0 {
			r.likes(ref.sort == refUnit).add(unresolved, ref.text, ref.kind)
		}
	}
}

// likeRef finds the one entity that a reference means in another spelling, and tells so.
func (r *resolver) likeRef(ref *reference) []int32 {
	spaces := []bool{false, true}
	if ref.sort == refUnit {
		spaces = []bool{true}
	}
	for _, unit := range spaces {
		if ref.sort == refSite && unit {
			break
		}
		e, how, ok := r.likes(unit).find(ref.text, ref.kind,
			func(e int32) bool { return ref.sort != refSite || r.entities[e].kind == Resource },
			func(e int32) Kind { return cmp.Or(statedKind(r.entities[e].stated), r.entities[e].kind) })
		if ok {
			r.problem(ref.first, ref.column, Info, "“%s” is taken as “%s”%s: %s", ref.text, r.entities[e].name, alsoIn(ref.count), how)
			return []int32{e}
		}
	}
	return nil
}

// alsoIn says in how many more rows something stands.
func alsoIn(count int) string {
	if count < 2 {
		return ""
	}
	return fmt.Sprintf(" (here and in %d more %s)", count-1, plural("row", count-1))
}

// called gives what the rows call an entity.
func (e *entity) called() string {
	return cmp.Or(firstGiven(e.stated, func(r *NodeRecord) string { return strings.TrimSpace(r.Name) }), e.id)
}
