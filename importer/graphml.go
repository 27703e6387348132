package importer

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"example.com/whoserves/graph"
)

// drawn are elements of yEd that say only how things look.
var drawn = map[string]bool{"Geometry": true, "Fill": true, "BorderStyle": true, "Shape": true, "LabelModel": true, "ModelParameter": true, "Path": true, "LineStyle": true,
	"Arrows": true, "BendStyle": true, "Resources": true, "State": true, "Insets": true, "BorderInsets": true, "NodeBounds": true, "Image": true, "StyleProperties": true}

// graphML reads GraphML as yEd, igraph, NetworkX and Gephi write it.
//
// A node is called by yEd's NodeLabel, else by its data name, label or description of those names, else by its id. A data kind or
// type that is one of ours (team, person, supplier, resource, customer, unit, or a word for one of them) is its kind. A node
// that holds a graph is a unit, and what is in it lies in that unit. Data with native names (criticality, headcount, …) are native
// columns, all other data attributes. An edge's label, service or relation is its service, or, where it is a word such as "depends on",
// says which end serves; GraphML itself does not say that. A hyperedge has no two ends, and a port no meaning of its own: both are told.
func graphML(ctx context.Context, x *exchange, text []byte) error {
	root, err := readXML(ctx, text, drawn)
	if err != nil {
		return err
	}
	g := &graphMLReader{exchange: x, keys: map[string]*graphMLKey{}}
	for _, k := range root.find("key") {
		g.key(k)
	}
	for _, top := range root.all("graph") {
		g.graph(top, "", top.attr("edgedefault") != "undirected")
	}
	for _, d := range root.all("data") {
		g.loose(d)
	}
	return nil
}

type graphMLReader struct {
	*exchange
	keys map[string]*graphMLKey
	list []*graphMLKey // those with defaults, in the order of the file
}

// graphMLKey declares what data mean.
type graphMLKey struct {
	id, name, domain string
	number           bool
	fallback         string // the value where there is no data; "" none
}

func (g *graphMLReader) key(e *element) {
	id := e.attr("id")
	k := &graphMLKey{id: id, name: cmp.Or(e.attr("attr.name"), e.attr("name"), id), domain: cmp.Or(e.attr("for"), "all"), fallback: e.words("default")}
	switch e.attr("attr.type") {
	case "int", "long", "float", "double":
		k.number = true
	}
	if g.keys[id] == nil {
		g.keys[id] = k
		if k.fallback != "" {
			g.list = append(g.list, k)
		}
	}
}

// graph reads a graph that lies in a unit; "" for the top.
func (g *graphMLReader) graph(e *element, unit string, directed bool) {
	if e.attr("edgedefault") != "" {
		directed = e.attr("edgedefault") != "undirected"
	}
	for _, c := range e.children {
		switch c.name {
		case "node":
			g.node(c, unit, directed)
		case "edge":
			g.edge(c, directed)
		case "hyperedge":
			g.hyperedge(c)
		case "data":
			g.loose(c)
		}
	}
}

// values are what data say, in the order of the file, what is only declared behind it.
func (g *graphMLReader) values(e *element, domain string) []property {
	var all []property
	has := map[string]bool{}
	for _, d := range e.all("data") {
		id := d.attr("key")
		k := g.keys[id]
		if k == nil {
			k = &graphMLKey{id: id, name: id}
		}
		has[id] = true
		if d.text != "" {
			all = append(all, property{k.name, d.text, k.number})
		}
	}
	for _, k := range g.list {
		if !has[k.id] && (k.domain == domain || k.domain == "all") {
			all = append(all, property{k.name, k.fallback, k.number})
		}
	}
	return all
}

// take gives the first property of one of the names, and the list without it.
func take(list []property, names ...string) (string, []property) {
	for _, name := range names {
		for i, p := range list {
			if strings.EqualFold(p.name, name) && p.text != "" {
				return p.text, slices.Delete(slices.Clone(list), i, i+1)
			}
		}
	}
	return "", list
}

func (g *graphMLReader) node(e *element, unit string, directed bool) {
	n := &entity{line: e.line, id: e.attr("id"), unit: unit}
	values := g.values(e, "node")
	for _, d := range e.all("data") {
		for _, label := range d.find("NodeLabel") {
			text := strings.Join(strings.Fields(label.text), " ")
			if n.name == "" {
				n.name = text
			} else if text != n.name {
				n.keep("label", text)
			}
		}
	}
	n.describe(values)
	inner := e.all("graph")
	if len(inner) > 0 {
		n.kind = graph.Unit
	}
	g.nodes = append(g.nodes, n)
	if len(e.all("port")) > 0 {
		g.tell(e.line, graph.Info, "the node has ports, which were left out: an edge to a port is one to the node")
	}
	for _, i := range inner {
		g.graph(i, n.id, directed)
	}
}

// describe takes out of properties what a node is, and keeps the rest.
func (n *entity) describe(values []property) {
	n.ownID, values = take(values, "id")
	if n.name == "" {
		n.name, values = take(values, "name", "label", "title")
	}
	for _, kind := range []string{"kind", "type"} {
		var word string
		if word, values = take(values, kind); word != "" {
			n.isA(kind, word)
		}
	}
	if n.unit == "" {
		n.unit, values = take(values, "unit", "parent")
	}
	if n.kind == graph.Person {
		var teams string
		if teams, values = take(values, "team"); teams != "" {
			n.teams = strings.Split(teams, "|")
		}
	}
	n.properties = append(n.properties, values...)
}

func (g *graphMLReader) edge(e *element, directed bool) {
	d := edge{line: e.line, from: e.attr("source"), to: e.attr("target")}
	if said := e.attr("directed"); said != "" {
		directed = said != "false"
	}
	for _, data := range e.all("data") {
		for _, label := range data.find("EdgeLabel") {
			if label.text != "" {
				d.say(label.text)
			}
		}
	}
	d.describe(g.values(e, "edge"))
	if !directed && d.means == unsaid {
		d.means = noDirection
	}
	g.edges = append(g.edges, d)
}

// describe takes out of properties what an edge means, and keeps the rest.
func (e *edge) describe(values []property) {
	for _, name := range []string{"service", "relation", "relationship", "label", "name", "type"} {
		var word string
		switch word, values = take(values, name); {
		case word == "":
		case name == "service":
			e.service = word
		case name == "type" && relationWords[foldHeader(word)] == unsaid && !strings.EqualFold(word, "directed"):
			e.keep("type", word)
		case name != "type" || relationWords[foldHeader(word)] != unsaid:
			e.say(word)
		}
	}
	e.properties = append(e.properties, values...)
}

func (g *graphMLReader) hyperedge(e *element) {
	var ends []string
	for _, p := range e.all("endpoint") {
		ends = append(ends, p.attr("node"))
	}
	g.tell(e.line, graph.Warning, "a hyperedge of %s nodes (%s) was left out: a link has one provider and one consumer, so draw an edge for each",
		strconv.Itoa(len(ends)), shorten(strings.Join(ends, ", "), 80))
}

// loose tells of data that are about no node and no edge.
func (g *graphMLReader) loose(e *element) {
	if e.text == "" {
		return
	}
	name := e.attr("key")
	if k := g.keys[name]; k != nil {
		name = k.name
	}
	g.tell(e.line, graph.Info, "“%s” of the graph as a whole, “%s”, was left out", shorten(name, 40), shorten(e.text, 60))
}
