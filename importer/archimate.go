package importer

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// views are parts of a model that say how it is shown, not what it is.
var views = map[string]bool{"views": true, "organization": true, "organizations": true, "metadata": true}

// archiMate reads the ArchiMate Model Exchange format of The Open Group, 2.1 and 3.x. Archi's own CSV files mean the same ([listSheet.archi]).
//
// Kinds: actors, roles and collaborations of business are teams, and an actor that is composed of actors a unit; everything else
// that acts, behaves or is worked on (components, nodes, devices, facilities, services, functions, processes, interfaces, objects)
// is a resource. Motivation and migration (principle, goal, driver, work package, …) are no part of who serves whom: they are told and left out.
//
// Links: in serving (used by, in 2.1), realization and assignment the source serves the target; a name of a serving relation is its
// service. All other relations (flow, triggering, access, association, …) say nothing of the kind and become attributes of their source.
// A junction hands on: each that leads to an Or serves what it leads to, as alternates of one service; to an And, each for itself.
// Views, folders and Dublin Core metadata are left out, which is told.
func archiMate(ctx context.Context, x *exchange, text []byte) error {
	root, err := readXML(ctx, text, views)
	if err != nil {
		return err
	}
	a := newModel(x)
	names := map[string]string{}
	for _, defs := range root.children {
		if strings.EqualFold(defs.name, "propertydefs") || strings.EqualFold(defs.name, "propertyDefinitions") {
			for _, d := range defs.children {
				names[d.attr("identifier")] = cmp.Or(d.attr("name"), d.words("name"), d.attr("identifier"))
			}
		}
	}
	for _, list := range root.all("elements") {
		for _, e := range list.all("element") {
			a.element(e.line, e.attr("identifier"), e.attr("type"), cmp.Or(e.words("name"), e.words("label")), describeModel(e, names))
		}
	}
	for _, list := range root.all("relationships") {
		for _, r := range list.all("relationship") {
			kept := describeModel(r, names)
			for _, flag := range []string{"accessType", "modifier", "isDirected"} {
				if v := r.attr(flag); v != "" {
					kept = append(kept, property{name: flag, text: v})
				}
			}
			a.relation(r.line, r.attr("type"), r.attr("source"), r.attr("target"), cmp.Or(r.words("name"), r.words("label")), kept)
		}
	}
	a.finish()
	x.tell(0, graph.Info, "views, folders and metadata of the model were left out")
	return nil
}

// describeModel gives the documentation and the properties of an element.
func describeModel(e *element, names map[string]string) []property {
	var all []property
	if d := e.words("documentation"); d != "" {
		all = append(all, property{name: "documentation", text: d})
	}
	for _, list := range e.all("properties") {
		for _, p := range list.all("property") {
			id := cmp.Or(p.attr("propertyDefinitionRef"), p.attr("identifierref"))
			if v := p.words("value"); v != "" {
				all = append(all, property{name: cmp.Or(names[id], id, "property"), text: v})
			}
		}
	}
	return all
}

// model is what ArchiMate says, wherever it is written.
type model struct {
	*exchange
	byID      map[string]*entity
	types     map[string]string // of elements, left out ones too
	junctions map[string]*junction
	outside   []string // what was left out
	parts     []edge   // actors in actors
}

// junction gathers what it joins.
type junction struct {
	line     int
	id, name string
	or       bool
	in, out  []edge
}

func newModel(x *exchange) *model {
	x.stable = true
	return &model{exchange: x, byID: map[string]*entity{}, types: map[string]string{}, junctions: map[string]*junction{}}
}

// unserving are the types of motivation and migration.
var unserving = words("stakeholder", "driver", "assessment", "goal", "outcome", "principle", "requirement", "constraint", "meaning", "value", "workpackage", "deliverable",
	"implementationevent", "plateau", "gap", "courseofaction", "valuestream", "grouping", "location")

var actingTypes = words("businessactor", "businessrole", "businesscollaboration")

func (a *model) element(line int, id, kind, name string, kept []property) {
	fold := strings.ToLower(kind)
	a.types[id] = fold
	if strings.HasSuffix(fold, "junction") {
		j := &junction{line: line, id: id, name: name, or: strings.HasPrefix(fold, "or")}
		for _, p := range kept {
			j.or = j.or || strings.EqualFold(p.text, "or")
		}
		a.junctions[id] = j
		return
	}
	if unserving[fold] {
		a.outside = append(a.outside, kind)
		return
	}
	e := &entity{line: line, id: id, name: name, kind: graph.Resource}
	if actingTypes[fold] {
		e.kind = graph.Team
	}
	e.keep("archimate type", kind)
	e.properties = append(e.properties, kept...)
	if a.byID[id] == nil {
		a.byID[id] = e
	}
	a.nodes = append(a.nodes, e)
}

// relationName is the form of 3.x in small letters: "used by" is serving.
func relationName(kind string) string {
	name := strings.TrimSuffix(strings.ToLower(kind), "relationship")
	switch name {
	case "usedby":
		return "serving"
	case "realisation", "specialisation":
		return strings.Replace(name, "isation", "ization", 1)
	}
	return name
}

func (a *model) relation(line int, kind, from, to, name string, kept []property) {
	e := edge{line: line, from: from, to: to, means: noService, relation: relationName(kind), properties: kept}
	switch e.relation {
	case "serving":
		e.means, e.service = fromServes, name
	case "realization", "assignment":
		e.means = fromServes
		e.keep("label", name)
	case "composition", "aggregation":
		if a.types[from] == "businessactor" && a.types[to] == "businessactor" && from != to {
			a.parts = append(a.parts, e)
			return
		}
		e.keep("label", name)
	default:
		e.keep("label", name)
	}
	for _, end := range []string{from, to} {
		if unserving[a.types[end]] {
			a.outside = append(a.outside, e.relation+" of "+a.types[end])
			return
		}
	}
	source, target := a.junctions[from], a.junctions[to]
	switch {
	case target != nil && e.means == fromServes:
		target.in = append(target.in, e)
	case source != nil && e.means == fromServes:
	default:
		a.edges = append(a.edges, e)
	}
	if source != nil && e.means == fromServes {
		source.out = append(source.out, e)
	}
}

// finish makes units of actors, and links of what passes junctions.
func (a *model) finish() {
	for _, e := range a.parts {
		whole, part := a.byID[e.from], a.byID[e.to]
		if part.unit == "" && !a.within(e.from, e.to) {
			whole.kind, part.unit = graph.Unit, whole.id
			for _, p := range e.properties {
				part.keep(e.relation+" "+p.name, p.text)
			}
			continue
		}
		a.edges = append(a.edges, e)
	}
	ids := make([]string, 0, len(a.junctions))
	for id := range a.junctions {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	left := 1_000_000 // relations that are followed through junctions
	for _, id := range ids {
		j := a.junctions[id]
		var feeders []edge
		for _, out := range j.out {
			if a.junctions[out.to] != nil {
				continue // what the next junction leads to gets it
			}
			if feeders == nil {
				feeders = j.feeders(a, map[*junction]bool{}, &left)
			}
			if left -= len(feeders); left < 0 {
				a.tell(j.line, graph.Warning, "junctions lead to too many links, and the rest were left out: split the model")
				return
			}
			for _, in := range feeders {
				e := edge{line: in.line, from: in.from, to: out.to, means: fromServes, relation: out.relation, service: cmp.Or(out.service, in.service)}
				if j.or {
					e.service = cmp.Or(e.service, j.name, "one of "+j.id)
				}
				e.properties = append(slices.Clone(in.properties), out.properties...)
				a.edges = append(a.edges, e)
			}
		}
		if len(j.in) == 0 || len(j.out) == 0 {
			a.tell(j.line, graph.Info, "the junction %s leads nowhere, or nothing leads to it: it makes no link", shorten(j.id, 40))
		}
	}
	for _, o := range tally(a.outside) {
		a.tell(0, graph.Info, "“%s” (%d) is about motives or change, not about who serves whom, and was left out", shorten(o.text, 60), o.n)
	}
}

// feeders gives the edges that lead to a junction, through other junctions too.
func (j *junction) feeders(a *model, seen map[*junction]bool, left *int) []edge {
	if *left -= len(j.in); seen[j] || *left < 0 {
		return nil
	}
	seen[j] = true
	var all []edge
	for _, in := range j.in {
		if before := a.junctions[in.from]; before != nil {
			all = append(all, before.feeders(a, seen, left)...)
		} else {
			all = append(all, in)
		}
	}
	return all
}

// within says whether a unit lies in another, at any depth.
func (a *model) within(id, other string) bool {
	for range len(a.nodes) + 1 {
		if id == other {
			return true
		}
		if a.byID[id] == nil || a.byID[id].unit == "" {
			return false
		}
		id = a.byID[id].unit
	}
	return true
}

// archi reads Archi's elements.csv (ID, Type, Name, Documentation, Specialization) and relations.csv (the same with Source and Target), which mean what
// ArchiMate means ([archiMate]). The relations name ids of the elements' file: import both as one source. As each row is read by
// itself, a serving relation at a junction is a link to the id of the junction, and composition of actors is an attribute.
func (l *listSheet) archi() {
	kept := l.others("ID", "Type", "Name", "Source", "Target")
	id, kind, name := l.cell("ID"), l.cell("Type"), l.cell("Name")
	if l.index("Source") < 0 {
		if id == "" {
			l.tell(l.row.number, graph.Error, "the element has no ID and was left out")
			return
		}
		if fold := strings.ToLower(kind); unserving[fold] || strings.HasSuffix(fold, "junction") {
			l.tell(l.row.number, graph.Info, "“%s” of type %s is no part of who serves whom, and was left out", shorten(name, 60), shorten(kind, 40))
			return
		}
		m := newModel(l.exchange)
		m.element(l.row.number, id, kind, name, kept)
		return
	}
	from, to := l.cell("Source"), l.cell("Target")
	if from == "" || to == "" {
		l.tell(l.row.number, graph.Error, "the relation lacks Source or Target and was left out: write both")
		return
	}
	newModel(l.exchange).relation(l.row.number, kind, from, to, name, kept)
}
