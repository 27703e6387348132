package importer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// The bounds of DOT: braces in one another, and edges, since a {group} -> {group} draws one for every pair.
const (
	maxDotDepth = 64
	maxDotEdges = 2_000_000
	maxDotNames = 200       // different attributes of one statement with its defaults
	maxDotTexts = 4_000_000 // attributes of all nodes and edges, defaults counted for each
)

// dot reads DOT, the language of Graphviz.
//
// A node is called by its label, else by its id. A subgraph whose name begins with cluster is a unit, called by its label, and a node lies in the
// first that names it; another subgraph groups nodes only. kind or type say the kind where they are one of ours; attributes of native names are
// native columns, all others attributes, the defaults of node and edge too. The label of an edge is its service, or a word such
// as "depends on"; an edge of an undirected graph (--) and one with dir=none have no direction, dir=both runs both ways, dir=back from the second end.
// Ports are left out. HTML labels are read without their marks.
func dot(ctx context.Context, x *exchange, text []byte) error {
	d := &dotReader{ctx: ctx, exchange: x, text: text, line: 1, byID: map[string]*entity{}, units: map[string]*entity{}, said: map[string]bool{}}
	if err := d.graphs(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("the DOT cannot be read, line %d: %w", d.line, err)
	}
	return nil
}

type dotReader struct {
	*exchange
	ctx      context.Context
	text     []byte
	pos      int
	line     int
	token    string // the present one
	quoted   bool   // it is a text, whatever it looks like
	end      bool
	directed bool
	byID     map[string]*entity
	units    map[string]*entity // clusters
	said     map[string]bool
	steps    int
	texts    int // attributes given to nodes, edges and defaults so far
}

// scope is what holds within braces.
type scope struct {
	unit       string
	node, edge []property
}

var errDotEnd = errors.New("the file ends too early: look for a brace, a bracket or a quote that is missing")

// next reads a token.
func (d *dotReader) next() error {
	if d.steps++; d.steps&4095 == 0 && d.ctx.Err() != nil {
		return d.ctx.Err()
	}
	d.quoted = false
	if err := d.skipSpace(); err != nil {
		return err
	}
	if d.pos >= len(d.text) {
		d.end, d.token = true, ""
		return nil
	}
	rest := d.text[d.pos:]
	switch c := rest[0]; {
	case c == '"':
		return d.quote()
	case c == '<':
		return d.markup()
	case bytes.HasPrefix(rest, []byte("->")), bytes.HasPrefix(rest, []byte("--")):
		d.token = string(rest[:2])
	case strings.IndexByte("{}[]=;,:+", c) >= 0:
		d.token = string(rest[:1])
	default:
		n := 0
		for n < len(rest) && strings.IndexByte("{}[]=;,:+\"<> \t\r\n", rest[n]) < 0 && (rest[n] != '-' || n == 0 || n+1 < len(rest) && rest[n+1] != '-' && rest[n+1] != '>') {
			n++
		}
		if n == 0 {
			return fmt.Errorf("“%c” stands where a name should", rest[0])
		}
		d.token = string(rest[:n])
	}
	d.pos += len(d.token)
	return nil
}

func (d *dotReader) skipSpace() error {
	for d.pos < len(d.text) {
		rest := d.text[d.pos:]
		switch {
		case rest[0] == '\n':
			d.line++
			d.pos++
		case rest[0] <= ' ':
			d.pos++
		case bytes.HasPrefix(rest, []byte("//")), rest[0] == '#' && (d.pos == 0 || d.text[d.pos-1] == '\n'):
			for d.pos < len(d.text) && d.text[d.pos] != '\n' {
				d.pos++
			}
		case bytes.HasPrefix(rest, []byte("/*")):
			n := bytes.Index(rest[:min(len(rest), maxMarkup)], []byte("*/"))
			if n < 0 {
				return errDotEnd
			}
			d.line += bytes.Count(rest[:n], []byte("\n"))
			d.pos += n + 2
		default:
			return nil
		}
	}
	return nil
}

// quote reads a text in quotes, and what + adds to it.
func (d *dotReader) quote() error {
	var b strings.Builder
	for {
		d.pos++
		for {
			if d.pos >= len(d.text) || b.Len() > maxCell {
				return errDotEnd
			}
			c := d.text[d.pos]
			if c == '"' {
				d.pos++
				break
			}
			if c == '\n' {
				d.line++
			}
			if c == '\\' && d.pos+1 < len(d.text) {
				d.pos++
				switch c = d.text[d.pos]; c {
				case 'n', 'l', 'r':
					c = '\n'
				case '\n':
					d.line++
					d.pos++
					continue
				case '"', '\\':
				default:
					b.WriteByte('\\')
				}
			}
			b.WriteByte(c)
			d.pos++
		}
		at, line := d.pos, d.line
		if err := d.skipSpace(); err != nil {
			return err
		}
		if d.pos < len(d.text) && d.text[d.pos] == '+' {
			d.pos++
			if err := d.skipSpace(); err != nil {
				return err
			}
			if d.pos < len(d.text) && d.text[d.pos] == '"' {
				continue
			}
			return errors.New("+ joins texts in quotes only")
		}
		d.pos, d.line = at, line
		d.token, d.quoted = b.String(), true
		return nil
	}
}

// markup reads a label in HTML.
func (d *dotReader) markup() error {
	depth, start := 0, d.pos
	for ; d.pos < len(d.text); d.pos++ {
		switch d.text[d.pos] {
		case '\n':
			d.line++
		case '<':
			depth++
		case '>':
			if depth--; depth == 0 {
				inner := htmlTag.ReplaceAllString(string(d.text[start+1:d.pos]), " ")
				d.token, d.quoted = strings.Join(strings.Fields(html.UnescapeString(inner)), " "), true
				d.pos++
				return nil
			}
		}
	}
	return errDotEnd
}

func (d *dotReader) is(word string) bool {
	return !d.quoted && !d.end && strings.EqualFold(d.token, word)
}

// graphs reads all graphs of a file.
func (d *dotReader) graphs() error {
	if err := d.next(); err != nil {
		return err
	}
	for !d.end {
		if d.is("strict") {
			if err := d.next(); err != nil {
				return err
			}
		}
		if !d.is("graph") && !d.is("digraph") {
			return fmt.Errorf("“%s” stands where graph or digraph should", shorten(d.token, 40))
		}
		d.directed = d.is("digraph")
		if err := d.next(); err != nil {
			return err
		}
		if !d.is("{") {
			if err := d.next(); err != nil {
				return err
			}
		}
		if _, err := d.block(scope{}, 0); err != nil {
			return err
		}
	}
	return nil
}

// block reads what stands in braces, and gives the nodes in it.
func (d *dotReader) block(s scope, depth int) ([]string, error) {
	if depth > maxDotDepth {
		return nil, fmt.Errorf("braces lie more than %d deep in one another", maxDotDepth)
	}
	if !d.is("{") {
		return nil, fmt.Errorf("“%s” stands where { should", shorten(d.token, 40))
	}
	if err := d.next(); err != nil {
		return nil, err
	}
	var all []string
	for !d.is("}") {
		if d.end {
			return nil, errDotEnd
		}
		if d.is(";") || d.is(",") {
			if err := d.next(); err != nil {
				return nil, err
			}
			continue
		}
		nodes, err := d.statement(&s, depth)
		if err != nil {
			return nil, err
		}
		all = append(all, nodes...)
	}
	return all, d.next()
}

// statement reads a node, a chain of edges, defaults, a subgraph or an attribute of what it stands in.
func (d *dotReader) statement(s *scope, depth int) ([]string, error) {
	if d.is("node") || d.is("edge") || d.is("graph") {
		what := strings.ToLower(d.token)
		if err := d.next(); err != nil {
			return nil, err
		}
		list, err := d.attributes()
		if err != nil {
			return nil, err
		}
		switch what {
		case "node":
			s.node, err = d.merge(s.node, list)
		case "edge":
			s.edge, err = d.merge(s.edge, list)
		default:
			for _, p := range list {
				d.ofGraph(s, p)
			}
		}
		return nil, err
	}
	line := d.line
	group, single, err := d.operand(s, depth)
	if err != nil {
		return nil, err
	}
	if single && d.is("=") {
		if err := d.next(); err != nil {
			return nil, err
		}
		d.ofGraph(s, property{name: group[0], text: d.token})
		return nil, d.next()
	}
	chain := [][]string{group}
	for d.is("->") || d.is("--") {
		if err := d.next(); err != nil {
			return nil, err
		}
		g, one, err := d.operand(s, depth)
		if err != nil {
			return nil, err
		}
		if one {
			err = d.node(d.line, g[0], s, nil)
		}
		if err != nil {
			return nil, err
		}
		chain = append(chain, g)
	}
	list, err := d.attributes()
	if err != nil {
		return nil, err
	}
	if len(chain) == 1 {
		if single {
			err = d.node(line, group[0], s, list)
		}
		return group, err
	}
	if single {
		if err := d.node(line, group[0], s, nil); err != nil {
			return nil, err
		}
	}
	if list, err = d.merge(s.edge, list); err != nil {
		return nil, err
	}
	all := group
	for i, g := range chain[1:] {
		if err := d.connect(line, chain[i], g, list); err != nil {
			return nil, err
		}
		all = append(all, g...)
	}
	return all, nil
}

// operand reads a node with its port, or a subgraph; single says that it is one name.
func (d *dotReader) operand(s *scope, depth int) (nodes []string, single bool, err error) {
	if d.is("subgraph") || d.is("{") {
		name := ""
		if d.is("subgraph") {
			if err := d.next(); err != nil {
				return nil, false, err
			}
			if !d.is("{") {
				name = d.token
				if err := d.next(); err != nil {
					return nil, false, err
				}
			}
		}
		inner := scope{unit: s.unit, node: s.node, edge: s.edge}
		if strings.HasPrefix(name, "cluster") {
			inner.unit = name
			if d.units[name] == nil {
				d.units[name] = &entity{line: d.line, id: inner.unit, unit: s.unit, kind: graph.Unit, name: strings.Trim(strings.TrimPrefix(name, "cluster"), "_- ")}
				d.nodes = append(d.nodes, d.units[name])
			}
		}
		nodes, err = d.block(inner, depth+1)
		return nodes, false, err
	}
	if !d.quoted && (d.end || strings.ContainsAny(d.token, "{}[]=;,:+") || d.token == "->" || d.token == "--") {
		return nil, false, fmt.Errorf("“%s” stands where a name should", shorten(d.token, 40))
	}
	nodes = []string{d.token}
	if err := d.next(); err != nil {
		return nil, false, err
	}
	for d.is(":") { // ports
		for range 2 {
			if err := d.next(); err != nil {
				return nil, false, err
			}
		}
	}
	return nodes, true, nil
}

// attributes reads [a=b, c=d] any number of times.
func (d *dotReader) attributes() ([]property, error) {
	var all []property
	for d.is("[") {
		if err := d.next(); err != nil {
			return nil, err
		}
		for !d.is("]") {
			if d.end {
				return nil, errDotEnd
			}
			if d.is(",") || d.is(";") {
				if err := d.next(); err != nil {
					return nil, err
				}
				continue
			}
			p := property{name: d.token, text: "true"}
			if err := d.next(); err != nil {
				return nil, err
			}
			if d.is("=") {
				if err := d.next(); err != nil {
					return nil, err
				}
				p.text = d.token
				if err := d.next(); err != nil {
					return nil, err
				}
			}
			all = append(all, p)
		}
		if err := d.next(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (d *dotReader) add(n *entity) {
	d.byID[n.id] = n
	d.nodes = append(d.nodes, n)
}

// node notes a node, with the defaults that hold where it stands first.
func (d *dotReader) node(line int, id string, s *scope, list []property) error {
	n := d.byID[id]
	if n == nil {
		n = &entity{line: line, id: id, unit: s.unit}
		d.add(n)
		n.attributes(s.node)
		d.texts += len(s.node)
	}
	if n.unit == "" {
		n.unit = s.unit
	}
	list, err := d.merge(nil, list)
	n.attributes(list)
	if err == nil && len(n.properties) > maxDotNames {
		err = errDotNames
	}
	return err
}

var (
	errDotNames = fmt.Errorf("a node or a default has more than %d attributes: leave out what is no table of facts", maxDotNames)
	errDotTexts = fmt.Errorf("the nodes and edges have more than %d attributes together: split the file, or give fewer defaults", maxDotTexts)
)

// merge puts attributes over defaults: of several of one name the last counts. The defaults stay as they are.
func (d *dotReader) merge(defaults, list []property) ([]property, error) {
	if d.texts += len(defaults) + len(list); d.texts > maxDotTexts {
		return nil, errDotTexts
	}
	if len(list) == 0 {
		return defaults, nil
	}
	merged := slices.Clone(defaults)
	for _, p := range list {
		if i := slices.IndexFunc(merged, func(q property) bool { return q.name == p.name }); i >= 0 {
			merged[i] = p
		} else if merged = append(merged, p); len(merged) > maxDotNames {
			return nil, errDotNames
		}
	}
	return merged, nil
}

// attributes takes attributes; of several of one name the last counts.
func (e *entity) attributes(list []property) {
	for _, p := range list {
		switch text := strings.TrimSpace(p.text); strings.ToLower(p.name) {
		case "label", "name":
			if text != `\N` {
				e.name = text
			}
		case "id":
			e.ownID = text
		case "kind", "type":
			if kindOf(text) != graph.NoKind {
				e.kind = graph.NoKind // a default may have said another
			}
			e.isA(p.name, text)
		default:
			e.set(p.name, text)
		}
	}
}

// set keeps a property in place of what it said before.
func (e *entity) set(name, text string) {
	for i := range e.properties {
		if e.properties[i].name == name {
			e.properties[i].text = text
			return
		}
	}
	e.keep(name, text)
}

// ofGraph takes an attribute of a cluster; those of the graph as a whole are told.
func (d *dotReader) ofGraph(s *scope, p property) {
	switch n := d.units[s.unit]; {
	case n != nil && strings.EqualFold(p.name, "label"):
		n.name = strings.TrimSpace(p.text)
	case n != nil:
		n.set(p.name, strings.TrimSpace(p.text))
	case !d.said[p.name] && len(d.said) < 20:
		d.said[p.name] = true
		d.tell(d.line, graph.Info, "“%s” of the graph as a whole, “%s”, was left out", shorten(p.name, 40), shorten(p.text, 60))
	}
}

// connect draws an edge from every node of one group to every node of the other.
func (d *dotReader) connect(line int, from, to []string, list []property) error {
	if len(from)*len(to) > maxDotEdges-len(d.edges) {
		return fmt.Errorf("the file draws more than %d edges: split it", maxDotEdges)
	}
	if d.texts += len(from) * len(to) * len(list); d.texts > maxDotTexts {
		return errDotTexts
	}
	direction, rest := take(list, "dir")
	for _, a := range from {
		for _, b := range to {
			e := edge{line: line, from: a, to: b}
			e.describe(rest)
			switch {
			case direction == "both":
				e.means = bothServe
			case direction == "back":
				e.from, e.to = b, a
			case e.means == unsaid && (direction == "none" || direction == "" && !d.directed):
				e.means = noDirection
			}
			d.edges = append(d.edges, e)
		}
	}
	return nil
}
