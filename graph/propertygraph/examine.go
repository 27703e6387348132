package propertygraph

import (
	"fmt"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// subject is an entity whose properties are compared: what the projection wants, what the graph has, who states what.
type subject[R any] struct {
	words        func() string // names it in messages
	fields       []field[R]
	names        names
	attrs        func(*R) []graph.Attr
	mine, others []statement[R] // what the source neo4j states, and what others do; the winning one first
	want         properties
	have         map[string]any
	keep         map[string]bool // gets the properties that could not be read
	// unstated gives the value of a field that no other source states.
	unstated func(field string) []string
}

// edit is what the source neo4j comes to state otherwise: fields and unknown columns; without a value they are no longer stated.
// Values of fields that name nodes are ids.
type edit struct {
	fields map[string][]string
	attrs  map[string]*string
}

func newEdit() *edit { return &edit{map[string][]string{}, map[string]*string{}} }

func (e *edit) empty() bool { return len(e.fields) == 0 && len(e.attrs) == 0 }

// examine compares the properties of an entity and adds to the edit.
func examine[R any](c *Comparer, x *subject[R], e *edit) {
	for i := range x.fields {
		examineField(c, x, e, &x.fields[i])
	}
	for name, v := range x.have {
		if x.names.own[name] || x.names.fields[name] {
			continue
		}
		if instead := x.names.elsewhere[name]; instead != "" {
			x.keep[name] = true
			c.problem(name, graph.Warning, "%s has a property %s, which does not count: %s. Take the property away", x.words(), name, instead)
			continue
		}
		examineAttr(c, x, e, name, v)
	}
	for _, p := range x.want {
		if _, there := x.have[p.name]; p.sort == attr && !there {
			examineAttr(c, x, e, p.name, nil)
		}
	}
}

func examineField[R any](c *Comparer, x *subject[R], e *edit, f *field[R]) {
	have, there := x.have[f.name]
	want := x.want.find(f.name)
	if there && want != nil && want.good(have) || !there && want == nil {
		return
	}
	v, err := f.read(have)
	if !there {
		v, err = nil, nil
	}
	if err != nil {
		x.keep[f.name] = true
		text, _ := textOf(have)
		c.problem(f.name, graph.Warning, "%s has %s “%s”: %s; the value does not count until it is corrected", x.words(), f.name, shorten(text), wrongWords(f, err))
		return
	}
	stateField(c, x, e, f, v, wantTexts(want))
}

// wrongWords completes what is wrong with a value to a clause.
func wrongWords[R any](f *field[R], err error) string {
	if f.sort == word {
		return err.Error()
	}
	return f.name + " " + err.Error()
}

// wantTexts gives a wanted property as the values of its field.
func wantTexts(p *property) []string {
	if p == nil {
		return nil
	}
	if all, ok := p.value.([]string); ok {
		return all
	}
	s, _ := textOf(p.value)
	return scalar(s)
}

// stateField decides what neo4j comes to state of a field that has the value v, where want was expected.
func stateField[R any](c *Comparer, x *subject[R], e *edit, f *field[R], v, want []string) {
	v = canonical(c, f, v)
	if sameValue(f, v, want) {
		return // only written otherwise
	}
	others := x.fromOthers(c, f, want)
	if f.rule == union { // all sources add to it: neo4j states what others do not
		extra := slices.DeleteFunc(slices.Clone(v), func(s string) bool { return slices.Contains(others, s) })
		for _, s := range others {
			if !slices.Contains(v, s) {
				source, from := whoStates(f, x.others, s)
				c.tellPutBack(x.words(), f.name, s, source, from)
			}
		}
		if !sameSet(extra, f.merged(x.mine)) {
			e.fields[f.name] = extra
		}
		return
	}
	switch {
	case len(v) == 0:
		if by, ok := f.who(x.others); ok {
			c.tellPutBack(x.words(), f.name, strings.Join(f.get(by.record), "|"), by.source, originOf(by.record))
		}
		x.unstate(e, f)
	case sameValue(f, v, others):
		x.unstate(e, f)
	default:
		e.fields[f.name] = v
		if by, ok := f.who(x.others); ok && by.source == graph.EditsSource {
			c.problem(f.name, graph.Warning, "%s was given %s “%s” in Neo4j, but a correction made in whoserves says “%s”, which counts. Change it there",
				x.words(), f.name, shorten(strings.Join(v, "|")), shorten(strings.Join(f.get(by.record), "|")))
		}
	}
}

// unstate takes a field out of what neo4j states, if it is in it.
func (x *subject[R]) unstate(e *edit, f *field[R]) {
	if _, ok := f.who(x.mine); ok {
		e.fields[f.name] = nil
	}
}

// fromOthers is what a field would be without the source neo4j.
func (x *subject[R]) fromOthers(c *Comparer, f *field[R], want []string) []string {
	if _, mine := f.who(x.mine); !mine && f.rule != union {
		return want
	}
	if v := f.merged(x.others); len(v) > 0 {
		return canonical(c, f, v)
	}
	if x.unstated != nil {
		return x.unstated(f.name)
	}
	return nil
}

// sameValue says whether two values of a field mean the same.
func sameValue[R any](f *field[R], a, b []string) bool {
	if f.sort == list {
		return sameSet(a, b)
	}
	return strings.TrimSpace(only(a)) == strings.TrimSpace(only(b))
}

// canonical writes references as ids, where they name one node. Others stay as they are.
func canonical[R any](c *Comparer, f *field[R], v []string) []string {
	if !f.refers {
		return v
	}
	ids := make([]string, 0, len(v))
	for _, ref := range v {
		if found := c.Means(strings.TrimSpace(ref), f.kind); len(found) == 1 && c.adopted[ref] == nil {
			ref = c.Nodes[found[0]].ID
		}
		ids = append(ids, ref)
	}
	return ids
}

// whoStates finds the first statement that holds one text of a list.
func whoStates[R any](f *field[R], stated []statement[R], text string) (string, graph.Origin) {
	for _, st := range stated {
		if slices.Contains(f.get(st.record), text) {
			return st.source, originOf(st.record)
		}
	}
	return "", graph.Origin{}
}

func originOf(record any) graph.Origin {
	switch r := record.(type) {
	case *graph.NodeRecord:
		return r.From
	case *graph.LinkRecord:
		return r.From
	}
	return graph.Origin{}
}

// examineAttr is examineField for a column that we do not know; have is nil where it was taken away.
func examineAttr[R any](c *Comparer, x *subject[R], e *edit, name string, have any) {
	want := x.want.find(name)
	if have != nil && want != nil && want.good(have) {
		return
	}
	s, ok := textOf(have)
	switch {
	case have != nil && !ok:
		x.keep[name] = true
		c.problem(name, graph.Warning, "%s has a value of %s that cannot be kept as text; it does not count", x.words(), name)
		return
	case s == "" && want == nil: // nothing, in either
		x.keep[name] = true
		return
	}
	column := x.names.column(name)
	by, others := x.attr(x.others, column)
	_, mine := x.attr(x.mine, column)
	switch {
	case s == "" || others != nil && *others == s:
		if s == "" && others != nil {
			c.tellPutBack(x.words(), name, *others, by.source, originOf(by.record))
		}
		if mine != nil {
			e.attrs[column] = nil
		}
	default:
		e.attrs[column] = &s
		if others != nil && by.source == graph.EditsSource {
			c.problem(name, graph.Warning, "%s was given %s “%s” in Neo4j, but a correction made in whoserves says “%s”, which counts. Change it there",
				x.words(), name, shorten(s), shorten(*others))
		}
	}
}

// attr finds the first statement of an unknown column.
func (x *subject[R]) attr(stated []statement[R], column string) (statement[R], *string) {
	for _, st := range stated {
		for _, a := range x.attrs(st.record) {
			if a.Name == column {
				return st, &a.Value
			}
		}
	}
	return statement[R]{}, nil
}

// applyTo writes an edit into a record of neo4j. refs gives the text that names a node in a record.
func applyTo[R any](e *edit, r *R, fields []field[R], attrs *[]graph.Attr, refs func(kind graph.Kind, id string) string) {
	for i := range fields {
		f := &fields[i]
		v, ok := e.fields[f.name]
		if !ok {
			continue
		}
		if f.refers {
			v = slices.Clone(v)
			for j := range v {
				v[j] = refs(f.kind, v[j])
			}
		}
		f.set(r, v)
	}
	if len(e.attrs) == 0 {
		return
	}
	kept := slices.DeleteFunc(slices.Clone(*attrs), func(a graph.Attr) bool { _, ok := e.attrs[a.Name]; return ok })
	for name, v := range e.attrs {
		if v != nil {
			kept = append(kept, graph.Attr{Name: name, Value: *v})
		}
	}
	slices.SortFunc(kept, func(a, b graph.Attr) int { return strings.Compare(a.Name, b.Name) })
	*attrs = kept
	if len(kept) == 0 {
		*attrs = nil
	}
}

// combine makes one record of all that neo4j states about an entity.
func combine[R any](mine []statement[R], fields []field[R], attrs func(*R) *[]graph.Attr) *R {
	if len(mine) == 0 {
		return new(R)
	}
	r := *mine[0].record
	for i := range fields {
		fields[i].set(&r, slices.Clone(fields[i].merged(mine)))
	}
	var all []graph.Attr
	for _, st := range mine {
		for _, a := range *attrs(st.record) {
			if !slices.ContainsFunc(all, func(b graph.Attr) bool { return a.Name == b.Name }) {
				all = append(all, a)
			}
		}
	}
	slices.SortFunc(all, func(a, b graph.Attr) int { return strings.Compare(a.Name, b.Name) })
	*attrs(&r) = all
	return &r
}

func nodeAttrs(r *graph.NodeRecord) *[]graph.Attr { return &r.Attrs }
func linkAttrs(r *graph.LinkRecord) *[]graph.Attr { return &r.Attrs }

// problem notes what is wrong in the graph.
func (c *Comparer) problem(column string, severity graph.Severity, format string, args ...any) {
	c.problems = append(c.problems, graph.Problem{File: graph.Neo4jSource, Column: column, Severity: severity, Message: fmt.Sprintf(format, args...)})
}

func (c *Comparer) tellPutBack(what, name, value, source string, from graph.Origin) {
	where := ""
	if at := from.String(); at != "" {
		where = " (" + at + ")"
	}
	c.problem(name, graph.Warning, "%s lost %s in Neo4j, but source “%s”%s says “%s”: it is put back. Change it there", what, name, source, where, shorten(value))
}

// shorten cuts a long text for a message.
func shorten(s string) string {
	const most = 60
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}

// nodeWords names a node of the graph in messages.
func nodeWords(n NodeSeen) string {
	words := labelWords(kindsOf(n.Labels))
	if words == "" {
		words = "node"
	}
	if name, _ := textOf(n.Properties["name"]); name != "" {
		words += " “" + shorten(name) + "”"
	}
	if uid, _ := n.Properties[PropertyUID].(string); uid != "" {
		return fmt.Sprintf("%s (uid %s, element %s)", words, shorten(uid), n.ElementID)
	}
	return fmt.Sprintf("%s (element %s)", words, n.ElementID)
}

func labelWords(kinds []graph.Kind) string {
	var words []string
	for _, k := range kinds {
		words = append(words, Label(k))
	}
	return strings.Join(words, " and ")
}

// ownWords names a node of the projection in messages.
func (c *Comparer) ownWords(i int32) string {
	n := &c.Nodes[i]
	return fmt.Sprintf("%s “%s” (uid %s)", Label(n.Kind), shorten(n.Name), shorten(c.uid(i)))
}

// relWords names a relationship in messages.
func (c *Comparer) relWords(st *relState) string {
	word := func(end int32, uid, element string) string {
		switch {
		case end >= 0:
			return c.Nodes[end].Name
		case end <= newcomer(0):
			return c.newcome[newcomerAt(end)].id
		case uid != "":
			return uid
		}
		return "element " + element
	}
	service := ""
	if st.service != "" {
		service = " {service: “" + shorten(st.service) + "”}"
	}
	return fmt.Sprintf("%s%s from “%s” to “%s” (element %s)", st.seen.Type, service, shorten(word(st.from, st.seen.FromUID, st.seen.FromElementID)),
		shorten(word(st.to, st.seen.ToUID, st.seen.ToElementID)), st.seen.ElementID)
}

// linkWords names a link of the projection in messages.
func (c *Comparer) linkWords(k int32) string {
	l := &c.Links[k]
	service := ""
	if l.Service != "" {
		service = " with “" + shorten(l.Service) + "”"
	}
	return fmt.Sprintf("“%s” serves “%s”%s (uids %s, %s)", shorten(c.Nodes[l.Provider].Name), shorten(c.Nodes[l.Consumer].Name), service,
		shorten(c.uid(l.Provider)), shorten(c.uid(l.Consumer)))
}
