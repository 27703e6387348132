package propertygraph

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// Outcome is what others changed in a graph.
type Outcome struct {
	Problems []graph.Problem // what could not be read and what was put back, sorted
	source   *graph.Source   // what neo4j states now; nil when that is what it stated before
	seen     *Comparer
}

// ChangeSet gives what the source neo4j states now, as a change of the organisation that was compared with; it is empty
// (see [graph.ChangeSet.Empty]) when nothing changes.
func (o *Outcome) ChangeSet() *graph.ChangeSet {
	if o.source == nil {
		return &graph.ChangeSet{Base: o.seen.Org.Version}
	}
	return graph.Diff(o.seen.Org, &graph.Org{Name: o.seen.Org.Name, Sources: []*graph.Source{o.source}})
}

// Delta gives what has to be written to the graph, as it was seen, so that it holds after: the snapshot of the organisation
// after ChangeSet, with its new Version; or the one that was compared with, when ChangeSet is empty. It takes the place of
// Diff(before, after) and adds what has to be put back, taken away because it was there twice, and adopted. Values that
// could not be read stay as they are. The Delta is empty when there is nothing to do. O(nodes + links).
func (o *Outcome) Delta(after *graph.Snapshot) *Delta {
	should := o.seen.projection
	if after != should.Snapshot {
		should = project(after)
	}
	return diff(o.seen.projection, should, o.seen)
}

// Finish gives the outcome. O(nodes + links).
func (c *Comparer) Finish() *Outcome {
	c.settle()
	f := &finisher{Comparer: c, gone: map[*graph.NodeRecord]bool{}, goneLinks: map[*graph.LinkRecord]bool{}, ties: map[int32]*ties{}}
	f.gatherTies()
	for i := range c.Nodes {
		f.node(int32(i))
	}
	for k, st := range c.newcome {
		f.newcomer(k, st)
	}
	f.links()
	f.made()
	f.twice()
	o := &Outcome{Problems: f.told(), seen: c}
	if f.changed {
		o.source = f.build()
	}
	return o
}

// told gives the problems, sorted; of very many the first.
func (f *finisher) told() []graph.Problem {
	const most = 1000
	graph.SortProblems(f.problems)
	if n := len(f.problems) - most; n > 0 {
		return append(f.problems[:most:most], graph.Problem{File: graph.Neo4jSource, Severity: graph.Warning,
			Message: fmt.Sprintf("%d more problems like these", n)})
	}
	return f.problems
}

// finisher turns what a Comparer saw into what neo4j states.
type finisher struct {
	*Comparer
	changed   bool
	gone      map[*graph.NodeRecord]bool // records of neo4j that give way
	goneLinks map[*graph.LinkRecord]bool
	nodeRecs  []*graph.NodeRecord // in their place, and new
	linkRecs  []*graph.LinkRecord
	ties      map[int32]*ties  // by end
	named     map[string]bool  // what references of records say, folded
	callers   map[string]int32 // who goes by a name, folded; several or one
}

// ties are what others changed about the unit, teams and manager of one node.
type ties struct {
	missing [relations][]int32 // ends of relationships that are gone
	added   [relations][]*relState
}

func (f *finisher) tiesOf(end int32) *ties {
	t := f.ties[end]
	if t == nil {
		t = &ties{}
		f.ties[end] = t
	}
	return t
}

// gatherTies collects which relationships but links are missing or new.
func (f *finisher) gatherTies() {
	for _, r := range []relation{partOf, memberOf, reportsTo} {
		for k, s := range f.rels[r].seen {
			if s == missing {
				e := f.ends(r, int32(k))
				f.tiesOf(e.from).missing[r] = append(f.tiesOf(e.from).missing[r], e.to)
			}
		}
	}
	slices.SortFunc(f.loners, func(a, b *relState) int { return strings.Compare(a.seen.ElementID, b.seen.ElementID) })
	for _, st := range f.loners {
		if st.relation == serves {
			continue
		}
		t := f.tiesOf(st.from)
		if slices.ContainsFunc(t.added[st.relation], func(o *relState) bool { return o.to == st.to }) {
			f.doubled = append(f.doubled, st)
			continue
		}
		t.added[st.relation] = append(t.added[st.relation], st)
	}
}

// split takes apart what neo4j and what others state.
func split[S any, R any](stated []S, parts func(S) (string, *R)) (mine, others []statement[R]) {
	for _, s := range stated {
		source, r := parts(s)
		if source == graph.Neo4jSource {
			mine = append(mine, statement[R]{source, r})
		} else {
			others = append(others, statement[R]{source, r})
		}
	}
	return mine, others
}

func nodeParts(s graph.NodeSource) (string, *graph.NodeRecord) { return s.Source, s.Record }
func linkParts(s graph.LinkSource) (string, *graph.LinkRecord) { return s.Source, s.Record }

// node finds out what others changed about a node of the projection.
func (f *finisher) node(i int32) {
	t := f.ties[i]
	if f.nodeSeen[i] == exact && t == nil {
		return
	}
	n := &f.Nodes[i]
	x := &subject[graph.NodeRecord]{words: func() string { return f.ownWords(i) }, fields: nodeFields, names: nodeNames,
		attrs: func(r *graph.NodeRecord) []graph.Attr { return r.Attrs }, unstated: f.unstated(n)}
	x.mine, x.others = split(n.Stated, nodeParts)
	if f.nodeSeen[i] == missing {
		f.deleted(i, x)
		return
	}
	e := newEdit()
	if st := f.nodes[i]; st != nil {
		st.keep = map[string]bool{}
		x.want, x.have, x.keep = f.Comparer.node(nil, i), st.seen.Properties, st.keep
		examine(f.Comparer, x, e)
		f.label(i, st, x, e)
		if id, ok := textOf(x.have[PropertyID]); ok && id != valid(n.ID) {
			f.problem(PropertyID, graph.Warning, "%s was given the id “%s” in Neo4j: ids cannot be changed, so it is put back", x.words(), shorten(id))
		}
	}
	if t != nil {
		f.tie(i, t, x, e)
	}
	switch {
	case e.empty():
	case n.Placeholder && !f.isUnlike(i):
		f.problem("", graph.Warning, "%s is only referred to, and others are called alike, so that what was written there could be taken for them: it is put back. Describe it in a nodes table, with an id",
			x.words())
	default:
		f.restate(i, x, e)
	}
}

// isUnlike says whether nobody but one node goes by its name or id, in any way of writing it.
func (f *finisher) isUnlike(i int32) bool {
	if f.callers == nil {
		f.callers = map[string]int32{}
		for j := range f.Nodes {
			for _, s := range f.callingsOf(int32(j)) {
				if k, ok := f.callers[s]; ok && k != int32(j) {
					f.callers[s] = several
				} else {
					f.callers[s] = int32(j)
				}
			}
		}
	}
	return !slices.ContainsFunc(f.callingsOf(i), func(s string) bool {
		_, unit := f.callers["unit "+s] // a link that names it could mean the unit
		return f.callers[s] != i || unit
	})
}

// several stands for more than one node.
const several int32 = -2

// callingsOf lists all that a node goes by.
func (f *finisher) callingsOf(i int32) []string {
	n := &f.Nodes[i]
	space := "" // a node and a unit may share a name
	if n.Kind == graph.Unit {
		space = "unit "
	}
	all := []string{space + graph.Fold(n.ID)}
	call := func(s string) { all = append(all, space+graph.Fold(s), space+graph.Slug(s)) }
	call(n.Name)
	for _, st := range n.Stated {
		if st.Record.Name != "" {
			call(st.Record.Name)
		}
		for _, a := range st.Record.Aliases {
			call(a)
		}
	}
	return slices.DeleteFunc(all, func(s string) bool { return s == space })
}

// unstated gives what the name or kind of a node is when nobody states it.
func (f *finisher) unstated(n *graph.Node) func(string) []string {
	return func(field string) []string {
		switch {
		case field == "name":
			return scalar(n.ID)
		case field == "kind" && n.Kind == graph.Unit:
			return scalar(graph.Unit.String())
		case field == "kind":
			return scalar(graph.Team.String())
		}
		return nil
	}
}

// deleted sees to a node that is gone from the graph: neo4j states nothing more about it, and it is put back if others do.
func (f *finisher) deleted(i int32, x *subject[graph.NodeRecord]) {
	for _, st := range x.mine {
		f.changed, f.gone[st.record] = true, true
	}
	source, from := "", graph.Origin{}
	if len(x.others) > 0 {
		source, from = x.others[0].source, x.others[0].record.From
	} else if f.Nodes[i].Placeholder {
		source, from = f.whoRefers(i)
	}
	if source == "" {
		return
	}
	where := ""
	if at := from.String(); at != "" {
		where = " (" + at + ")"
	}
	f.problem("", graph.Warning, "%s was deleted in Neo4j, but source “%s”%s states it: it is put back, with its relationships. Delete it there", x.words(), source, where)
}

// whoRefers finds a row of others that names a placeholder in a link.
func (f *finisher) whoRefers(i int32) (string, graph.Origin) {
	for _, l := range slices.Concat(f.LinksFrom(i), f.LinksTo(i)) {
		for _, st := range f.Links[l].Stated {
			if st.Source != graph.Neo4jSource {
				return st.Source, st.Record.From
			}
		}
	}
	return "", graph.Origin{}
}

// goes says that a node was deleted and nobody else states it.
func (f *finisher) goes(i int32) bool {
	return f.nodeSeen[i] == missing && !f.Nodes[i].Placeholder &&
		!slices.ContainsFunc(f.Nodes[i].Stated, func(s graph.NodeSource) bool { return s.Source != graph.Neo4jSource })
}

// label reads the kind of a node from its labels.
func (f *finisher) label(i int32, st *nodeState, x *subject[graph.NodeRecord], e *edit) {
	kind := f.Nodes[i].Kind
	kinds := kindsOf(st.seen.Labels)
	switch {
	case len(kinds) > 1:
		st.keepLabels = true
		f.problem("", graph.Warning, "%s has the labels %s: its kind stays %s until it has only one of them", x.words(), labelWords(kinds), kind)
	case len(kinds) == 1 && (kinds[0] == graph.Unit) != (kind == graph.Unit) && (len(x.others) > 0 || len(f.InUnit(i)) > 0):
		st.keepLabels = true
		f.problem("", graph.Warning, "%s has the label %s: a unit that other sources state or that others belong to stays one, and no other kind becomes one. Put the label back, or change it there",
			x.words(), labelWords(kinds))
	case len(kinds) == 1:
		stateField(f.Comparer, x, e, &kindField, scalar(kinds[0].String()), scalar(kind.String()))
	default:
		stateField(f.Comparer, x, e, &kindField, nil, scalar(kind.String()))
	}
}

// tie reads the unit, teams and manager of a node from its relationships.
func (f *finisher) tie(i int32, t *ties, x *subject[graph.NodeRecord], e *edit) {
	n := &f.Nodes[i]
	single := func(r relation, fd *field[graph.NodeRecord], expected int32) {
		var want []int32
		if expected >= 0 {
			want = []int32{expected}
		}
		f.tieField(t, r, fd, want, x, e)
	}
	single(partOf, &unitField, n.Unit)
	single(reportsTo, &managerField, n.Manager)
	f.tieField(t, memberOf, &teamField, n.Teams, x, e)
}

// tieField reads one field from relationships. Of a single one, what was added counts.
func (f *finisher) tieField(t *ties, r relation, fd *field[graph.NodeRecord], expected []int32, x *subject[graph.NodeRecord], e *edit) {
	missed := slices.DeleteFunc(slices.Clone(t.missing[r]), func(to int32) bool { // it comes back with the node
		return f.nodeSeen[to] == missing && !f.goes(to)
	})
	added := t.added[r]
	if len(missed) == 0 && len(added) == 0 {
		return
	}
	if fd.sort != list && len(added) > 1 {
		f.problem("", graph.Warning, "%s has %d new relationships %s: one is possible, so they do not count. Leave one of them", x.words(), len(added), r.typ())
		if len(missed) == 0 {
			return
		}
		added = nil
	}
	var want, have []string
	for _, to := range expected {
		want = append(want, f.Nodes[to].ID)
		if !slices.Contains(missed, to) && (fd.sort == list || len(added) == 0) {
			have = append(have, f.Nodes[to].ID)
		}
	}
	for _, st := range added {
		f.Comparer.made[madeKey{r, f.idOf(st.from), f.idOf(st.to), ""}] = st
		st.keepExtras()
		have = append(have, f.idOf(st.to))
	}
	stateField(f.Comparer, x, e, fd, have, want)
}

// keepExtras leaves what people write on relationships that have no properties of ours.
func (st *relState) keepExtras() {
	st.keep = map[string]bool{}
	for name := range st.seen.Properties {
		st.keep[name] = name != PropertyOrg
	}
}

func (f *finisher) idOf(end int32) string {
	if end >= 0 {
		return f.Nodes[end].ID
	}
	return f.newcome[newcomerAt(end)].id
}

// reference gives the text that names a node in a record.
func (f *finisher) reference(kind graph.Kind, id string) string {
	if i := f.ByID(id); i >= 0 {
		return f.Reference(i, kind)
	}
	return id
}

// from is where records of neo4j stand.
var from = graph.Origin{File: graph.Neo4jSource}

// restate makes the one record that neo4j states about a node from now on, or none.
func (f *finisher) restate(i int32, x *subject[graph.NodeRecord], e *edit) {
	r := combine(x.mine, allNodeFields, nodeAttrs)
	if len(x.mine) == 0 {
		r.From = from
	}
	applyTo(e, r, allNodeFields, &r.Attrs, f.reference)
	n := &f.Nodes[i]
	r.ID, r.Nth = "", 0
	othersName := only(nodeFields[0].merged(x.others))
	if n.Placeholder {
		othersName = n.Name
	}
	if len(x.others) > 0 && f.saysNothing(r, othersName, x.others) {
		f.replace(x.mine, nil)
		return
	}
	f.keepName(r, n, x)
	f.identify(r, n, othersName, x)
	f.replace(x.mine, r)
}

// keepName keeps the name that a node loses as an alias, where rows name it so and nobody else calls it that.
func (f *finisher) keepName(r *graph.NodeRecord, n *graph.Node, x *subject[graph.NodeRecord]) {
	old := graph.Fold(n.Name)
	is := func(name string) bool { return graph.Fold(name) == old }
	states := func(st statement[graph.NodeRecord]) bool {
		return is(st.record.Name) || slices.ContainsFunc(st.record.Aliases, is)
	}
	if slices.ContainsFunc(x.mine, states) && !slices.ContainsFunc(x.others, states) && !is(r.Name) && !slices.ContainsFunc(r.Aliases, is) && f.isNamed(old) {
		r.Aliases = append(slices.Clone(r.Aliases), n.Name)
	}
}

// isNamed says whether a reference of any record is written like a folded name.
func (f *finisher) isNamed(folded string) bool {
	if f.named == nil {
		f.named = map[string]bool{}
		for _, s := range f.Org.Sources {
			for _, r := range s.Nodes {
				for _, ref := range slices.Concat(r.Sites, r.Teams, []string{r.Unit, r.Manager}) {
					f.named[graph.Fold(ref)] = true
				}
			}
			for _, r := range s.Links {
				f.named[graph.Fold(r.Provider)], f.named[graph.Fold(r.Consumer)] = true, true
			}
		}
	}
	return f.named[folded]
}

// saysNothing says whether a record states nothing beside what its node is called.
func (f *finisher) saysNothing(r *graph.NodeRecord, othersName string, others []statement[graph.NodeRecord]) bool {
	bare := graph.NodeRecord{From: r.From, Name: r.Name, Aliases: r.Aliases}
	if r.Kind == graph.Unit {
		bare.Kind = graph.Unit
	}
	called := func(name string) bool {
		return slices.ContainsFunc(others, func(st statement[graph.NodeRecord]) bool { return graph.Fold(st.record.Name) == graph.Fold(name) })
	}
	return reflect.DeepEqual(&bare, r) && (r.Name == "" || r.Name == othersName) &&
		!slices.ContainsFunc(r.Aliases, func(a string) bool { return !called(a) })
}

// identify makes a record about a node certain to be about it: by its id or, where nobody gives one and it keeps its name, by
// that, so that a source which gives an id later still means the same.
func (f *finisher) identify(r *graph.NodeRecord, n *graph.Node, othersName string, x *subject[graph.NodeRecord]) {
	unit := n.Kind == graph.Unit
	if r.Kind == graph.NoKind && (unit || n.Placeholder && n.Kind != graph.Team) {
		r.Kind = n.Kind
	}
	r.ID = firstID(x.others)
	called := r.Name
	if called == "" {
		called = othersName
	}
	if r.ID == "" {
		r.ID = firstID(x.mine)
	}
	if r.ID == "" && called != "" && graph.Fold(called) == graph.Fold(n.Name) && (!n.Placeholder || graph.Slug(n.Name) == n.ID) {
		r.Name = called
		return
	}
	if r.ID == "" {
		r.ID = n.ID
	}
	f.tieNames(r, n, othersName, x.others)
}

func firstID(stated []statement[graph.NodeRecord]) string {
	for _, st := range stated {
		if st.record.ID != "" {
			return st.record.ID
		}
	}
	return ""
}

// tieNames lets a record with an id go by the names under which others speak of the node without giving its id.
func (f *finisher) tieNames(r *graph.NodeRecord, n *graph.Node, othersName string, others []statement[graph.NodeRecord]) {
	var names []string
	known := map[string]bool{}
	if n.Placeholder {
		names = append(names, n.Name)
	}
	for _, st := range others {
		if st.record.ID == "" {
			names = append(names, st.record.Name)
			continue
		}
		known[graph.Fold(st.record.Name)] = true
		for _, a := range st.record.Aliases {
			known[graph.Fold(a)] = true
		}
	}
	for _, name := range names {
		if known[graph.Fold(name)] {
			continue
		}
		if r.Name == "" {
			r.Name = othersName
		}
		known[graph.Fold(r.Name)] = true
		for _, a := range r.Aliases {
			known[graph.Fold(a)] = true
		}
		if !known[graph.Fold(name)] {
			r.Aliases = append(slices.Clone(r.Aliases), strings.TrimSpace(name))
		}
	}
}

// replace puts a record in the place of others, unless it is the same as the one there was.
func (f *finisher) replace(mine []statement[graph.NodeRecord], r *graph.NodeRecord) {
	if r != nil && len(mine) == 1 {
		old := *mine[0].record
		old.Nth = 0
		if reflect.DeepEqual(&old, r) {
			return
		}
	}
	for _, st := range mine {
		f.changed, f.gone[st.record] = true, true
	}
	if r != nil {
		f.changed = true
		f.nodeRecs = append(f.nodeRecs, r)
	}
}

// newcomer makes the record of a node that others made.
func (f *finisher) newcomer(k int, st *nodeState) {
	st.keep = map[string]bool{}
	x := &subject[graph.NodeRecord]{words: func() string { return nodeWords(st.seen) }, fields: nodeFields, names: nodeNames, have: st.seen.Properties,
		keep: st.keep, attrs: func(r *graph.NodeRecord) []graph.Attr { return r.Attrs }}
	e := newEdit()
	examine(f.Comparer, x, e)
	if t := f.ties[newcomer(k)]; t != nil {
		f.tieField(t, partOf, &unitField, nil, x, e)
		f.tieField(t, reportsTo, &managerField, nil, x, e)
		f.tieField(t, memberOf, &teamField, nil, x, e)
	}
	r := &graph.NodeRecord{Kind: st.kind, From: from}
	applyTo(e, r, allNodeFields, &r.Attrs, f.reference)
	if !st.byName {
		r.ID = st.id
	}
	f.changed = true
	f.nodeRecs = append(f.nodeRecs, r)
}

// links finds out what others changed about the links of the projection.
func (f *finisher) links() {
	for k := range f.Links {
		k := int32(k)
		if f.rels[serves].seen[k] != exact || f.rels[serves].more[k] != nil {
			f.link(k)
		}
	}
}

func (f *finisher) linkSubject(words func() string) *subject[graph.LinkRecord] {
	return &subject[graph.LinkRecord]{words: words, fields: linkFields, names: linkNames, attrs: func(r *graph.LinkRecord) []graph.Attr { return r.Attrs },
		keep: map[string]bool{}}
}

func (f *finisher) link(k int32) {
	l := &f.Links[k]
	x := f.linkSubject(func() string { return f.linkWords(k) })
	x.mine, x.others = split(l.Stated, linkParts)
	seconds := f.chooseOne(serves, k)
	st := f.rels[serves].states[k]
	if f.rels[serves].seen[k] == missing {
		f.deletedLink(l, x)
		return
	}
	x.want = f.relationship(nil, serves, k)
	x.have = created(x.want, f.Version)
	if st != nil {
		st.keep, x.have = x.keep, st.seen.Properties
	}
	e := newEdit()
	examine(f.Comparer, x, e)
	if st != nil && st.service != "" && st.service != f.service(serves, k) {
		f.respell(st.service, x, e)
	}
	for _, second := range seconds {
		f.second(second, x, e)
	}
	if !e.empty() {
		f.restateLink(l, x, e)
	}
}

// respell takes a service that is written otherwise, in capitals or spaces.
func (f *finisher) respell(service string, x *subject[graph.LinkRecord], e *edit) {
	if len(x.others) > 0 && strings.TrimSpace(x.others[0].record.Service) == service {
		if len(x.mine) > 0 {
			e.fields[PropertyService] = nil
		}
		return
	}
	e.fields[PropertyService] = scalar(service)
}

// second adds what another relationship for the same link gives, and lets that go if all of it could be read.
func (f *finisher) second(st *relState, x *subject[graph.LinkRecord], e *edit) {
	y := *x
	y.have, y.keep, y.words = map[string]any{}, map[string]bool{}, func() string { return f.relWords(st) }
	for _, p := range x.want { // what it does not give is as it should be
		y.have[p.name] = p.value
	}
	for name, v := range st.seen.Properties {
		if text, ok := textOf(v); !ok || strings.TrimSpace(text) != "" {
			y.have[name] = v
		}
	}
	mine := newEdit()
	examine(f.Comparer, &y, mine)
	for name, v := range mine.fields {
		if _, ok := e.fields[name]; !ok {
			e.fields[name] = v
		}
	}
	for name, v := range mine.attrs {
		if _, ok := e.attrs[name]; !ok {
			e.attrs[name] = v
		}
	}
	if len(y.keep) == 0 {
		f.doubled = append(f.doubled, st)
	}
}

// deletedLink sees to a link that is gone from the graph.
func (f *finisher) deletedLink(l *graph.Link, x *subject[graph.LinkRecord]) {
	for _, st := range x.mine {
		f.changed, f.goneLinks[st.record] = true, true
	}
	if len(x.others) == 0 || f.nodeSeen[l.Provider] == missing || f.nodeSeen[l.Consumer] == missing {
		return // it goes, or comes back with its ends
	}
	by := x.others[0]
	where := ""
	if at := by.record.From.String(); at != "" {
		where = " (" + at + ")"
	}
	f.problem("", graph.Warning, "%s was deleted in Neo4j, but source “%s”%s states it: it is put back. Delete it there", x.words(), by.source, where)
}

// restateLink makes the one record that neo4j states about a link from now on, or none.
func (f *finisher) restateLink(l *graph.Link, x *subject[graph.LinkRecord], e *edit) {
	r := combine(x.mine, linkFields, linkAttrs)
	if len(x.mine) == 0 {
		r.Provider, r.Consumer = f.reference(graph.NoKind, f.Nodes[l.Provider].ID), f.reference(graph.NoKind, f.Nodes[l.Consumer].ID)
		r.Service, r.From = l.Service, from
	}
	r.Nth = 0
	applyTo(e, r, linkFields, &r.Attrs, f.reference)
	if service, ok := e.fields[PropertyService]; ok {
		r.Service = only(service)
		if r.Service == "" && len(x.others) > 0 {
			r.Service = strings.TrimSpace(x.others[0].record.Service)
		}
	}
	if len(x.others) > 0 && strings.TrimSpace(r.Service) == strings.TrimSpace(x.others[0].record.Service) &&
		reflect.DeepEqual(r, &graph.LinkRecord{Provider: r.Provider, Consumer: r.Consumer, Service: r.Service, From: r.From}) {
		r = nil
	}
	if r != nil && len(x.mine) == 1 {
		old := *x.mine[0].record
		old.Nth = 0
		if reflect.DeepEqual(&old, r) {
			return
		}
	}
	for _, st := range x.mine {
		f.changed, f.goneLinks[st.record] = true, true
	}
	if r != nil {
		f.changed = true
		f.linkRecs = append(f.linkRecs, r)
	}
}

// made makes the records of links that others made. The first of several for one link stands; the others add to it.
func (f *finisher) made() {
	seconds := map[madeKey][]*relState{}
	var keys []madeKey
	for _, st := range f.loners {
		if st.relation != serves {
			continue
		}
		k := madeKey{serves, f.idOf(st.from), f.idOf(st.to), graph.Fold(st.service)}
		if f.Comparer.made[k] == nil {
			f.Comparer.made[k] = st
			keys = append(keys, k)
		} else {
			seconds[k] = append(seconds[k], st)
		}
	}
	for _, k := range keys {
		st := f.Comparer.made[k]
		x := f.linkSubject(func() string { return f.relWords(st) })
		x.have = st.seen.Properties
		st.keep = x.keep
		e := newEdit()
		examine(f.Comparer, x, e)
		for _, second := range seconds[k] {
			f.second(second, x, e)
		}
		r := &graph.LinkRecord{Provider: f.reference(graph.NoKind, k.from), Consumer: f.reference(graph.NoKind, k.to), Service: st.service, From: from}
		applyTo(e, r, linkFields, &r.Attrs, f.reference)
		f.changed = true
		f.linkRecs = append(f.linkRecs, r)
	}
}

// twice lets seconds of relationships without values of their own go.
func (f *finisher) twice() {
	for r := range relations {
		if r == serves {
			continue
		}
		for k := range f.rels[r].more {
			f.doubled = append(f.doubled, f.chooseOne(r, k)...)
		}
	}
}

// build makes the source neo4j as it is from now on.
func (f *finisher) build() *graph.Source {
	if old := f.Org.Source(graph.Neo4jSource); old != nil {
		for _, r := range old.Nodes {
			if !f.gone[r] {
				c := *r
				f.nodeRecs = append(f.nodeRecs, &c)
			}
		}
		for _, r := range old.Links {
			if !f.goneLinks[r] {
				c := *r
				f.linkRecs = append(f.linkRecs, &c)
			}
		}
	}
	slices.SortStableFunc(f.nodeRecs, (*graph.NodeRecord).Compare)
	slices.SortStableFunc(f.linkRecs, (*graph.LinkRecord).Compare)
	return graph.NewSource(graph.Neo4jSource, f.nodeRecs, f.linkRecs)
}
