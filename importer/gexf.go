package importer

import (
	"cmp"
	"context"

	"example.com/whoserves/graph"
)

// shown are elements of GEXF that say only how things look.
var shown = map[string]bool{"color": true, "position": true, "size": true, "shape": true, "thickness": true}

// gexf reads GEXF 1.1 to 1.3, the format of Gephi.
//
// A node is called by its label. Its attvalues are read as the data of GraphML are; their titles are the names. A node that holds
// nodes, or that others name as pid, is a unit. The type of an edge: directed says nothing about who serves, undirected that there is no
// direction, mutual that each serves the other. Times (start, end, spells) are kept as attributes.
func gexf(ctx context.Context, x *exchange, text []byte) error {
	root, err := readXML(ctx, text, shown)
	if err != nil {
		return err
	}
	for _, m := range root.all("meta") {
		for _, c := range m.children {
			if c.text != "" {
				x.tell(m.line, graph.Info, "the %s of the file, “%s”, was left out", c.name, shorten(c.text, 60))
			}
		}
	}
	for _, top := range root.all("graph") {
		g := &gexfReader{exchange: x, keys: map[string]*graphMLKey{}, directed: cmp.Or(top.attr("defaultedgetype"), "undirected")}
		for _, list := range top.all("attributes") {
			for _, a := range list.all("attribute") {
				g.key(list.attr("class"), a)
			}
		}
		for _, list := range top.all("nodes") {
			g.list(list, "")
		}
		for _, list := range top.all("edges") {
			g.connect(list)
		}
		g.parents()
	}
	return nil
}

type gexfReader struct {
	*exchange
	keys     map[string]*graphMLKey // by class and id
	order    []*graphMLKey
	directed string
}

func (g *gexfReader) key(class string, e *element) {
	k := &graphMLKey{id: e.attr("id"), domain: class, name: cmp.Or(e.attr("title"), e.attr("id")), fallback: e.words("default")}
	switch e.attr("type") {
	case "integer", "int", "long", "float", "double", "short", "byte":
		k.number = true
	}
	if key := class + "\x00" + k.id; g.keys[key] == nil {
		g.keys[key] = k
		g.order = append(g.order, k)
	}
}

// list reads nodes that lie in a unit; "" for the top.
func (g *gexfReader) list(e *element, unit string) {
	for _, c := range e.all("node") {
		n := &entity{line: c.line, id: c.attr("id"), name: c.attr("label"), unit: cmp.Or(c.attr("pid"), unit)}
		n.describe(g.values(c, "node"))
		for _, a := range []string{"start", "end"} {
			n.keep(a, c.attr(a))
		}
		g.nodes = append(g.nodes, n)
		for _, inner := range c.all("nodes") {
			n.kind = graph.Unit
			g.list(inner, n.id)
		}
		for _, inner := range c.all("edges") {
			g.connect(inner)
		}
	}
}

// parents makes units of the nodes that others name as theirs.
func (g *gexfReader) parents() {
	units := map[string]bool{}
	for _, n := range g.nodes {
		units[n.unit] = true
	}
	for _, n := range g.nodes {
		if units[n.id] {
			n.kind = graph.Unit
		}
	}
}

func (g *gexfReader) values(e *element, class string) []property {
	var all []property
	has := map[string]bool{}
	for _, list := range e.all("attvalues") {
		for _, v := range list.all("attvalue") {
			id := cmp.Or(v.attr("for"), v.attr("id"))
			has[id] = true
			k := g.keys[class+"\x00"+id]
			if k == nil {
				k = &graphMLKey{name: cmp.Or(id, "attribute")}
			}
			if text := v.attr("value"); text != "" {
				all = append(all, property{k.name, text, k.number})
			}
		}
	}
	for _, k := range g.order {
		if k.domain == class && k.fallback != "" && !has[k.id] {
			all = append(all, property{k.name, k.fallback, k.number})
		}
	}
	for _, list := range e.all("spells") {
		for _, s := range list.children {
			all = append(all, property{name: "spell", text: s.attr("start") + " to " + s.attr("end")})
		}
	}
	return all
}

func (g *gexfReader) connect(list *element) {
	for _, c := range list.all("edge") {
		e := edge{line: c.line, from: c.attr("source"), to: c.attr("target")}
		for _, a := range []string{"label", "kind"} {
			if word := c.attr(a); word != "" {
				e.say(word)
			}
		}
		e.describe(g.values(c, "edge"))
		for _, a := range []string{"weight", "start", "end"} {
			e.keep(a, c.attr(a))
		}
		switch cmp.Or(c.attr("type"), g.directed) {
		case "undirected":
			if e.means == unsaid {
				e.means = noDirection
			}
		case "mutual":
			e.means = bothServe
		}
		g.edges = append(g.edges, e)
	}
}
