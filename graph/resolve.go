package graph

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
)

// entity is a node or unit on the way to becoming a Node: the rows about it, before they are merged.
type entity struct {
	id, name    string
	unit        bool // a unit of the org chart
	kind        Kind
	placeholder bool
	stated      []NodeSource // the winning source first
	also        []string     // ids of others that a source says are this
}

// namespace finds entities by what people call them. Nodes and units have one each: a team and a unit may share a name.
type namespace struct {
	ids    map[string]int32
	names  map[string][]int32 // exact
	folded map[string][]int32 // folded names and aliases
	slugs  map[string][]int32 // the ids that names and aliases would have made: the old ids of placeholders
}

func newNamespace() *namespace {
	return &namespace{map[string]int32{}, map[string][]int32{}, map[string][]int32{}, map[string][]int32{}}
}

// find gives what ref means: by id, exact name, folded name or alias, old id; the first of these that gives anything counts.
func (n *namespace) find(ref string) []int32 {
	return n.findThat(ref, func(int32) bool { return true })
}

// findThat is find among the entities that fit.
func (n *namespace) findThat(ref string, fits func(e int32) bool) []int32 {
	if e, ok := n.ids[ref]; ok && fits(e) {
		return []int32{e}
	}
	for _, es := range [...][]int32{n.names[ref], n.folded[Fold(ref)], n.slugs[ref]} {
		var found []int32
		for _, e := range es {
			if fits(e) {
				found = append(found, e)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// call registers a name or alias of an entity; all those of one entity one after the other.
func (n *namespace) call(e int32, name string, exact bool) {
	add := func(m map[string][]int32, key string) {
		if es := m[key]; key != "" && (len(es) == 0 || es[len(es)-1] != e) {
			m[key] = append(es, e)
		}
	}
	if exact {
		add(n.names, name)
	}
	add(n.folded, Fold(name))
	add(n.slugs, Slug(name))
}

// resolver turns the records of all sources into entities and links between them.
type resolver struct {
	entities []entity
	nodes    *namespace
	units    *namespace
	problems []Problem

	refs    []reference // every distinct reference
	refKeys map[refKey]int32

	nodesAlike, unitsAlike *lookalikes // made when something is not found otherwise
	spelled                map[string][]spelling
}

// The columns that name the ends of a link.
const (
	columnProvider = "provider"
	columnConsumer = "consumer"
)

// refSort says what a reference is looked for among.
type refSort uint8

const (
	refUnit refSort = iota // units; an unknown one is taken as it is
	refSite                // resources; an unknown one is taken as it is
	refNode                // nodes, then units; an unknown one is a placeholder and reported
)

type refKey struct {
	sort refSort
	text string
}

// reference is a text that names an entity, however many rows hold it.
type reference struct {
	refKey
	kind   Kind // of the placeholder, if it comes to that
	first  Origin
	column string
	count  int
	ofLink bool  // it names an end of a link: the row stands and falls with it
	entity int32 // unresolved until settle
}

const unresolved int32 = -1 // not yet, or ambiguous

func (r *resolver) space(unit bool) *namespace {
	if unit {
		return r.units
	}
	return r.nodes
}

func (r *resolver) problem(from Origin, column string, severity Severity, format string, args ...any) {
	r.problems = append(r.problems, problemAt(from, column, severity, format, args...))
}

func (r *resolver) add(e entity) int32 {
	i := int32(len(r.entities))
	r.entities = append(r.entities, e)
	r.space(e.unit).ids[e.id] = i
	return i
}

// describe makes the entities of all rows that describe something: first those with an id, then those with only a name,
// which belong to what has that name already, or to a new entity with an id made from it.
func (r *resolver) describe(sources []*Source) {
	byName := map[bool][]NodeSource{}
	rank := map[string]int{}
	same := r.sameIDs(sources)
	for i, s := range sources {
		rank[s.Name] = i
		for _, rec := range s.Nodes {
			unit := rec.Kind == Unit
			if rec.ID == "" {
				byName[unit] = append(byName[unit], NodeSource{s.Name, rec})
				continue
			}
			id := rec.ID
			if is, ok := same[idOf{unit, id}]; ok {
				id = is
			}
			e, ok := r.space(unit).ids[id]
			if !ok {
				e = r.add(entity{id: id, unit: unit})
			}
			if at := &r.entities[e]; id != rec.ID && !slices.Contains(at.also, rec.ID) {
				at.also = append(at.also, rec.ID)
			}
			r.entities[e].stated = append(r.entities[e].stated, NodeSource{s.Name, rec})
		}
	}
	r.callByStated()
	r.nameAll(rank)
	r.describeByName(false, byName[false])
	r.describeByName(true, byName[true])
	if len(byName) > 0 {
		r.callByStated()
		r.nameAll(rank)
	}
}

// nameAll brings what is stated about the entities into order, the winning source first, and takes names and kinds from it.
func (r *resolver) nameAll(rank map[string]int) {
	for i := range r.entities {
		e := &r.entities[i]
		slices.SortStableFunc(e.stated, func(a, b NodeSource) int {
			return cmp.Or(cmp.Compare(rank[a.Source], rank[b.Source]), compareOrigins(a.Record.From, b.Record.From), a.Record.Compare(b.Record))
		})
		name := firstGiven(e.stated, func(r *NodeRecord) string { return strings.TrimSpace(r.Name) })
		e.name = cmp.Or(name, e.id)
		e.kind = cmp.Or(firstGiven(e.stated, func(r *NodeRecord) Kind { return r.Kind }), Team)
	}
}

// callByStated registers all names and aliases.
func (r *resolver) callByStated() {
	for _, n := range []*namespace{r.nodes, r.units} {
		clear(n.names)
		clear(n.folded)
		clear(n.slugs)
	}
	for i := range r.entities {
		e := &r.entities[i]
		for _, st := range e.stated {
			if st.Record.Name != "" {
				r.space(e.unit).call(int32(i), st.Record.Name, true)
			}
			for _, a := range st.Record.Aliases {
				r.space(e.unit).call(int32(i), a, false)
			}
		}
		for _, id := range e.also {
			r.space(e.unit).call(int32(i), id, false)
		}
	}
}

// describeByName adds rows without an id to what has their name already, in whatever spelling; the others make entities of
// their own.
func (r *resolver) describeByName(unit bool, rows []NodeSource) {
	groups := map[string][]NodeSource{}
	for _, row := range rows {
		if folded := Fold(row.Record.Name); folded != "" { // a blank name is reported by Validate
			groups[folded] = append(groups[folded], row)
		}
	}
	for try := slices.Sorted(maps.Keys(groups)); len(try) > 0; {
		try = r.describeCalled(unit, groups, try)
	}
	joinByAlias(groups)
	likes := r.likesFor(unit, groups)
	for _, folded := range correctionsLast(groups) {
		rows := groups[folded]
		name := ""
		for _, row := range rows {
			if n := row.Record.Name; Fold(n) == folded && (name == "" || n < name) {
				name = n
			}
		}
		if likes == nil { // nothing can be meant but what is called so
			r.add(entity{id: r.freeID(name, r.space(unit)), unit: unit, kind: statedKind(rows), stated: rows})
			continue
		}
		if e, how, ok := r.describedLike(likes, name, rows); ok {
			at := &r.entities[e]
			from := slices.MinFunc(rows, func(a, b NodeSource) int { return compareOrigins(a.Record.From, b.Record.From) }).Record.From
			r.problem(from, "name", Info, "“%s” is taken as “%s”: %s", name, at.called(), how)
			at.stated = append(at.stated, rows...)
			continue
		}
		likes.add(r.add(entity{id: r.freeID(name, r.space(unit)), unit: unit, kind: statedKind(rows), stated: rows}), name, statedKind(rows))
	}
}

// describeCalled adds the rows under some names to what is called so. It gives those of the remaining names that stand among
// the aliases of the rows that were added: they may have found theirs now.
func (r *resolver) describeCalled(unit bool, groups map[string][]NodeSource, names []string) []string {
	space := r.space(unit)
	called := map[int32][]string{}
	for _, name := range names {
		written, found, several := "", []int32(nil), "" // the rows of a group are called alike, most in one spelling
		rest := slices.DeleteFunc(groups[name], func(row NodeSource) bool {
			if row.Record.Name != written {
				written = row.Record.Name
				found = slices.Compact(slices.Sorted(slices.Values(space.find(written))))
				several = ""
			}
			switch len(found) {
			case 0:
				return false
			case 1:
				e := &r.entities[found[0]]
				e.stated = append(e.stated, row)
				if len(row.Record.Aliases) > 0 {
					called[found[0]] = append(called[found[0]], row.Record.Aliases...)
				}
			default:
				if several == "" {
					several = r.list(found)
				}
				r.problem(row.Record.From, "name", Error, "“%s” can mean %s; the row is left out. Give the id", written, several)
			}
			return true
		})
		if groups[name] = rest; len(rest) == 0 {
			delete(groups, name)
		}
	}
	var again []string
	for _, e := range slices.Sorted(maps.Keys(called)) {
		for _, a := range called[e] {
			space.call(e, a, false)
			if f := Fold(a); groups[f] != nil {
				again = append(again, f)
			}
		}
	}
	slices.Sort(again)
	return slices.Compact(again)
}

// joinByAlias puts the rows under a name together with those that give this name as their alias, unless several do.
func joinByAlias(groups map[string][]NodeSource) {
	owners := map[string][]string{} // two are enough to know that there are several
	for name, rows := range groups {
		for _, row := range rows {
			for _, a := range row.Record.Aliases {
				if f := Fold(a); f != name && groups[f] != nil && len(owners[f]) < 2 && !slices.Contains(owners[f], name) {
					owners[f] = append(owners[f], name)
				}
			}
		}
	}
	joined := map[string]string{}
	last := func(name string) string {
		for joined[name] != "" {
			if next := joined[joined[name]]; next != "" {
				joined[name] = next // halves the way for those who follow
			}
			name = joined[name]
		}
		return name
	}
	names := slices.Sorted(maps.Keys(owners))
	for _, name := range names {
		if len(owners[name]) > 1 {
			continue
		}
		if to := last(owners[name][0]); to != name { // each is called like the other
			joined[name] = to
		}
	}
	for _, name := range names {
		if to := last(name); to != name {
			groups[to] = append(groups[to], groups[name]...)
			delete(groups, name)
		}
	}
}

// freeID makes an id from a name. Different names that make the same id (“C++ team”, “C# team”) stay apart: the first in
// order keeps it, the others get a suffix that depends on their name only.
func (r *resolver) freeID(name string, spaces ...*namespace) string {
	id := Slug(name)
	taken := func(n *namespace) bool { _, ok := n.ids[id]; return ok }
	if id != "" && !slices.ContainsFunc(spaces, taken) {
		return id
	}
	h := fnv.New32a()
	for try := Fold(name); ; try = id {
		h.Write([]byte(try))
		id = strings.TrimLeft(fmt.Sprintf("%s-%08x", Slug(name), h.Sum32()), "-")
		if !slices.ContainsFunc(spaces, taken) {
			return id
		}
	}
}

// list writes the first few entities for a message: "“HR” (id P1) or “HR” (id P2)".
func (r *resolver) list(es []int32) string {
	const most = 5
	ws := make([]string, 0, len(es))
	for _, e := range es {
		ws = append(ws, fmt.Sprintf("“%s” (id %s)", r.entities[e].name, r.entities[e].id))
	}
	slices.Sort(ws)
	if n := len(ws) - most; n > 0 {
		ws = append(ws[:most], fmt.Sprintf("%d more", n))
	}
	return joinWords(ws, "or")
}

// note registers a reference; settle resolves it. A blank one refers to nothing: -1.
func (r *resolver) note(sort refSort, text string, kind Kind, column string, from Origin) int32 {
	if strings.TrimSpace(text) == "" {
		return -1
	}
	key := refKey{sort, text}
	i, ok := r.refKeys[key]
	if !ok {
		i = int32(len(r.refs))
		r.refKeys[key] = i
		r.refs = append(r.refs, reference{refKey: key, kind: kind, first: from, column: column, entity: unresolved})
	}
	r.noteAgain(i, kind, column, from)
	return i
}

// noteAgain registers one more row that has a reference.
func (r *resolver) noteAgain(i int32, kind Kind, column string, from Origin) {
	if i < 0 {
		return
	}
	ref := &r.refs[i]
	ref.count++
	ref.ofLink = ref.ofLink || column == columnProvider || column == columnConsumer
	if compareOrigins(from, ref.first) < 0 {
		ref.first, ref.column = from, column
	}
	if kind == Team { // a manager who is also said to serve
		ref.kind = kind
	}
}

// settle resolves all references, in an order that does not depend on that of the sources: units, then sites, then the
// others, so that a link may name a unit or site that stands only in a column.
func (r *resolver) settle() {
	order := make([]int32, len(r.refs))
	folds := make([]string, len(r.refs))
	for i := range order {
		order[i], folds[i] = int32(i), Fold(r.refs[i].text)
	}
	slices.SortFunc(order, func(a, b int32) int {
		x, y := &r.refs[a], &r.refs[b]
		return cmp.Or(cmp.Compare(x.sort, y.sort), strings.Compare(folds[a], folds[b]), strings.Compare(x.text, y.text))
	})
	held := map[int32]*reference{} // placeholders that have to be reported
	known := len(r.entities)
	renamed := false
	r.likesOfRefs(order)
	for _, i := range order {
		ref := &r.refs[i]
		if ref.sort == refNode && !renamed {
			r.renameUnits()
			renamed = true
		}
		found := r.candidates(ref)
		if len(found) == 0 {
			found = r.likeRef(ref)
		}
		switch len(found) {
		case 0:
			ref.entity = r.hold(ref)
			if ref.sort == refNode {
				c := *ref
				held[ref.entity] = &c
			}
		case 1:
			ref.entity = found[0]
			if h := held[ref.entity]; h != nil { // another spelling
				h.count += ref.count
				if compareOrigins(ref.first, h.first) < 0 {
					h.first, h.column = ref.first, ref.column
				}
			}
		default:
			severity, what := Warning, "cell"
			if ref.ofLink {
				severity, what = Error, "row"
			}
			r.problem(ref.first, ref.column, severity, "“%s” can mean %s; %s until you give the id", ref.text, r.list(found), doNotCount(what, ref.count))
		}
	}
	if !renamed {
		r.renameUnits()
	}
	r.reportPlaceholders(held, known)
}

func doNotCount(what string, n int) string {
	if n == 1 {
		return "the " + what + " does not count"
	}
	return fmt.Sprintf("this and %d more %s do not count", n-1, plural(what, n-1))
}

func plural(what string, n int) string {
	if n == 1 {
		return what
	}
	return what + "s"
}

// candidates gives what a reference can mean. What is described goes before what is not: a team called Dallas before the
// site Dallas that some rows stand at.
func (r *resolver) candidates(ref *reference) []int32 {
	switch ref.sort {
	case refUnit:
		return r.units.find(ref.text)
	case refSite:
		return r.nodes.findThat(ref.text, func(e int32) bool { return r.entities[e].kind == Resource })
	}
	found := r.nodes.find(ref.text)
	if len(found) == 0 {
		found = r.units.find(ref.text)
	}
	return describedFirst(found, func(e int32) bool { return r.entities[e].placeholder })
}

// describedFirst leaves out the placeholders where something else is found, too.
func describedFirst(found []int32, placeholder func(e int32) bool) []int32 {
	described := slices.DeleteFunc(slices.Clone(found), placeholder)
	if len(described) == 0 {
		return found
	}
	return described
}

// hold makes the entity of a reference that nothing describes.
func (r *resolver) hold(ref *reference) int32 {
	e := entity{name: strings.TrimSpace(ref.text), unit: ref.sort == refUnit, kind: ref.kind, placeholder: true}
	name := e.name
	if _, taken := r.nodes.ids[Slug(name)]; taken && ref.sort == refSite {
		name = ServiceSitePrefix + name // a team has the site's name
	}
	if e.unit { // renameUnits sees to those whose id a node has
		e.id = r.freeID(name, r.units)
	} else {
		e.id = r.freeID(name, r.nodes, r.units)
	}
	i := r.add(e)
	r.space(e.unit).call(i, e.name, true)
	r.likes(e.unit).add(i, e.name, e.kind)
	return i
}

// reportPlaceholders says which references nothing describes, with the described name that is most like each. Where fewer of a kind are
// described than are only referred to, as in a file of links alone, nobody has slipped: those of a sheet are told together.
func (r *resolver) reportPlaceholders(held map[int32]*reference, known int) {
	const most = 1000 // problems; files may hold any number
	var described []calling
	balance := map[Kind]int{} // how many more are described than are not
	for _, e := range r.entities[:known] {
		balance[e.kind]++
		if min(len(held), most)*known <= 250_000 { // about a quarter of a second
			described = append(described, calling{e.name, e.name})
		}
	}
	for _, ref := range held {
		balance[ref.kind]--
	}
	told, together := 0, map[heldPlace][]*reference{}
	for n, e := range slices.Sorted(maps.Keys(held)) {
		ref, hint := held[e], describeIt
		var near []string
		if n < most {
			near = nearest(described, ref.text, 1)
		}
		switch {
		case len(near) > 0:
			hint = fmt.Sprintf("Did you mean “%s”?", near[0])
		case balance[ref.kind] < 0:
			at := heldPlace{ref.first.File, ref.first.Sheet, ref.kind}
			together[at] = append(together[at], ref)
			continue
		}
		if told++; told <= most {
			r.reportPlaceholder(ref, hint)
		}
	}
	if told > most {
		r.problems = append(r.problems, Problem{Severity: Warning, Message: fmt.Sprintf("%d more nodes are only referred to and described nowhere", told-most)})
	}
	for at, refs := range together {
		r.reportTogether(at, refs)
	}
}

// heldPlace is where references of a kind stand first.
type heldPlace struct {
	file, sheet string
	kind        Kind
}

const describeIt = "Describe it in a nodes table, or correct the name"

func (r *resolver) reportPlaceholder(ref *reference, hint string) {
	r.problem(ref.first, ref.column, Warning, "“%s” is described nowhere and taken as a %s%s. %s", ref.text, ref.kind, alsoIn(ref.count), hint)
}

// reportTogether names the first of the references of one place that nothing describes.
func (r *resolver) reportTogether(at heldPlace, refs []*reference) {
	const most = 5
	if len(refs) == 1 {
		r.reportPlaceholder(refs[0], describeIt)
		return
	}
	slices.SortFunc(refs, func(a, b *reference) int {
		return cmp.Or(compareOrigins(a.first, b.first), strings.Compare(b.column, a.column), strings.Compare(a.text, b.text)) // the provider goes first
	})
	var texts []string
	for _, ref := range refs[:min(len(refs), most)] {
		texts = append(texts, fmt.Sprintf("“%s”", ref.text))
	}
	if more := len(refs) - most; more > 0 {
		texts = append(texts, fmt.Sprintf("%d more", more))
	}
	r.problem(refs[0].first, refs[0].column, Warning, "%s are described nowhere, and each is taken as a %s. Describe them in a nodes table, or correct the names", joinWords(texts, "and"), at.kind)
}

// renameUnits gives a unit whose id a node has another one: nodes and units share one id space. The old one stays an alias
// among units.
func (r *resolver) renameUnits() {
	for _, id := range slices.Sorted(maps.Keys(r.units.ids)) {
		if _, taken := r.nodes.ids[id]; !taken {
			continue
		}
		i := r.units.ids[id]
		e := &r.entities[i]
		for taken := true; taken; {
			e.id = "unit-" + e.id
			_, node := r.nodes.ids[e.id]
			_, unit := r.units.ids[e.id]
			taken = node || unit
		}
		from := Origin{}
		if len(e.stated) > 0 {
			from = e.stated[0].Record.From
		}
		r.problem(from, "", Info, "the unit “%s” gets the id %s, as a node has the id %s", e.name, e.id, id)
		delete(r.units.ids, id)
		r.units.ids[e.id] = i
		if !slices.Contains(r.units.slugs[id], i) {
			r.units.slugs[id] = append(r.units.slugs[id], i)
		}
	}
}
