package importer

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"example.com/whoserves/graph"
)

// backstageStart is what tells a catalog from other YAML.
var backstageStart = regexp.MustCompile(`(?m)^["']?apiVersion["']?:\s*["']?(?:[\w.-]*\.)?backstage\.io/`)

// backstage reads a Backstage catalog: YAML with an entity in each document.
//
// Kinds: User is a person; Group a team, or a unit where its type says organization, department, division, sub-department, business unit or company, or
// other groups lie in it; Component, API, Resource, System and Domain are resources. Location and Template hold nothing of an organisation
// and are told. Ids are kind:name, or kind:namespace/name outside the namespace default, in lower case as Backstage compares them.
//
// Links: what an entity dependsOn serves it, and it serves what it names in dependencyOf; an API serves each component that consumes it, its component
// serves the API that it provides, and the owner of the API (of the component that provides it, where the API is described elsewhere) serves the owner
// of each component that consumes it, with the API as the service. That an owner, a system or a domain serves is not said, so these and all other
// relations are kept as attributes.
func backstage(ctx context.Context, x *exchange, text []byte) error {
	if err := checkYAML(text); err != nil {
		return err
	}
	parsed, err := parseYAML(text)
	if err != nil {
		return err
	}
	b := &catalog{exchange: x, byID: map[string]*catalogEntity{}}
	x.stable = true
	for _, doc := range parsed.Docs {
		if err := ctx.Err(); err != nil {
			return err
		}
		r := &yamlReader{ctx: ctx, anchors: map[string]ast.Node{}}
		v, err := r.value(doc.Body, 0)
		if err != nil {
			return fmt.Errorf("the YAML cannot be used: %w", err)
		}
		if v.kind == object {
			b.entity(firstLine(doc), v)
		} else if v.kind != null {
			x.tell(firstLine(doc), graph.Warning, "the document is no entity of a catalog and was left out: it needs apiVersion, kind and metadata")
		}
	}
	b.groups()
	for _, e := range b.list {
		b.connect(e)
	}
	b.owners()
	return nil
}

// firstLine gives the line in which a document begins.
func firstLine(doc *ast.DocumentNode) int {
	m, ok := doc.Body.(*ast.MappingNode)
	if ok && len(m.Values) > 0 {
		return max(1, lineOf(m.Values[0].Key))
	}
	if v, ok := doc.Body.(*ast.MappingValueNode); ok {
		return max(1, lineOf(v.Key))
	}
	if doc.Body == nil {
		return 1
	}
	return max(1, lineOf(doc.Body))
}

type catalog struct {
	*exchange
	list []*catalogEntity
	byID map[string]*catalogEntity
}

// catalogEntity is one document.
type catalogEntity struct {
	*entity
	what, namespace string
	spec            value
	owner           string
	provides        []string
	consumes        []string
}

// under gives what lies under keys.
func (v value) under(keys ...string) value {
	for _, k := range keys {
		next := value{}
		for _, f := range v.fields {
			if f.key == k {
				next = f.value
			}
		}
		v = next
	}
	return v
}

// texts gives a text, or the texts of a list.
func (v value) texts() []string {
	if v.kind == scalar {
		return []string{v.text}
	}
	var all []string
	for _, i := range v.items {
		if i.kind == scalar && i.text != "" {
			all = append(all, i.text)
		}
	}
	return all
}

// catalogKinds are the kinds of entities that are read, in lower case.
var catalogKinds = map[string]graph.Kind{"user": graph.Person, "group": graph.Team, "component": graph.Resource, "api": graph.Resource, "resource": graph.Resource,
	"system": graph.Resource, "domain": graph.Resource}

// unitTypes are the types of groups that hold teams.
var unitTypes = words("organization", "organisation", "department", "division", "sub-department", "business-unit", "business unit", "unit", "company", "area", "tribe")

func (b *catalog) entity(line int, v value) {
	what := strings.ToLower(v.under("kind").text)
	name := v.under("metadata", "name").text
	kind, known := catalogKinds[what]
	switch {
	case !known:
		b.tell(line, graph.Info, "“%s” of kind “%s” was left out: it is neither a person, a group nor a thing that serves", shorten(name, 60), shorten(v.under("kind").text, 40))
		return
	case name == "":
		b.tell(line, graph.Error, "the %s has no metadata.name and was left out: give it one", what)
		return
	}
	e := &catalogEntity{what: what, namespace: cmp.Or(v.under("metadata", "namespace").text, "default"), spec: v.under("spec")}
	id := b.refID(what, e.namespace, name)
	shown := strings.TrimSpace(cmp.Or(e.spec.under("profile", "displayName").text, v.under("metadata", "title").text, name))
	e.entity = &entity{line: line, id: id, name: shown, kind: kind}
	if kind != graph.Person && kind != graph.Team {
		e.keep("catalog kind", v.under("kind").text)
	}
	if b.byID[id] == nil {
		b.byID[id] = e
	}
	e.about(v)
	b.list = append(b.list, e)
	b.nodes = append(b.nodes, e.entity)
}

// about keeps what the document says beside its relations.
func (e *catalogEntity) about(v value) {
	for _, f := range v.under("metadata").fields {
		switch f.key {
		case "name", "title", "etag", "uid":
		case "tags":
			for _, tag := range f.value.texts() {
				e.keep("tags", tag)
			}
		default:
			e.flat(f.key, f.value)
		}
	}
	related := words("dependson", "dependencyof", "consumesapis", "providesapis", "children", "parent", "memberof", "members")
	for _, f := range e.spec.fields {
		switch {
		case related[strings.ToLower(f.key)]:
		case f.key == "profile":
			e.keep("contact", f.value.under("email").text)
			for _, p := range f.value.fields {
				if p.key != "displayName" && p.key != "email" {
					e.flat("profile."+p.key, p.value)
				}
			}
		case f.key == "definition" && len(f.value.text) > 1000:
			e.keep(f.key, fmt.Sprintf("%d characters, left out", len(f.value.text)))
		default:
			e.flat(f.key, f.value)
		}
	}
}

// flat keeps a value as properties, those of objects under keys with points.
func (e *entity) flat(key string, v value) {
	if v.kind == object {
		for _, f := range v.fields {
			e.flat(key+"."+f.key, f.value)
		}
		return
	}
	text, _ := v.cell()
	e.keep(key, text)
}

// refID is the form in which references are compared.
func (b *catalog) refID(kind, namespace, name string) string {
	if namespace = strings.ToLower(namespace); namespace == "default" || namespace == "" {
		return strings.ToLower(kind + ":" + name)
	}
	return strings.ToLower(kind + ":" + namespace + "/" + name)
}

// ref reads a reference [kind:][namespace/]name, made from an entity.
func (b *catalog) ref(from *catalogEntity, kind, text string) string {
	text = strings.TrimSpace(text)
	namespace, name := from.namespace, text
	if k, rest, ok := strings.Cut(name, ":"); ok {
		kind, name = k, rest
	}
	if ns, rest, ok := strings.Cut(name, "/"); ok {
		namespace, name = ns, rest
	}
	return b.refID(kind, namespace, name)
}

func (b *catalog) refs(from *catalogEntity, kind, key string) []string {
	var all []string
	for _, text := range from.spec.under(key).texts() {
		if strings.TrimSpace(text) != "" {
			all = append(all, b.ref(from, kind, text))
		}
	}
	return all
}

// groups decides which groups are units, and puts teams and people where they belong.
func (b *catalog) groups() {
	parents := map[string]string{}
	units := map[string]bool{}
	for _, e := range b.list {
		if e.what != "group" {
			continue
		}
		if unitTypes[strings.ToLower(e.spec.under("type").text)] {
			units[e.id] = true
		}
		for _, parent := range b.refs(e, "group", "parent") {
			parents[e.id], units[parent] = parent, true
		}
	}
	for _, e := range b.list {
		if e.what != "group" {
			continue
		}
		for _, child := range b.refs(e, "group", "children") {
			units[e.id] = true
			switch c := b.byID[child]; {
			case c == nil:
				e.keep("children", child)
			case parents[child] == "":
				parents[child] = e.id
			case parents[child] != e.id:
				b.tell(e.line, graph.Warning, "“%s” has the group “%s” among its children, which names another parent, “%s”: the parent was taken", e.id, child, parents[child])
			}
		}
	}
	for _, e := range b.list {
		switch e.what {
		case "group":
			if units[e.id] {
				e.kind = graph.Unit
			}
			e.unit = parents[e.id]
			for _, m := range b.refs(e, "user", "members") {
				if p := b.byID[m]; p != nil {
					p.member(e.id, units)
				} else {
					e.keep("members", m)
				}
			}
		case "user":
			for _, team := range b.refs(e, "group", "memberOf") {
				e.member(team, units)
			}
		}
	}
}

// member makes a person a member of a group: of a team, or directly of a unit.
func (e *catalogEntity) member(group string, units map[string]bool) {
	for _, t := range e.teams {
		if t == group {
			return
		}
	}
	switch {
	case !units[group]:
		e.teams = append(e.teams, group)
	case e.unit == "" || e.unit == group:
		e.unit = group
	default:
		e.keep("memberOf", group)
	}
}

// connect makes links of the relations of an entity.
func (b *catalog) connect(e *catalogEntity) {
	link := func(provider, consumer, relation string) {
		b.edges = append(b.edges, edge{line: e.line, from: provider, to: consumer, means: fromServes, properties: []property{{name: "relation", text: relation}}})
	}
	for _, o := range b.refs(e, "group", "owner") {
		e.owner = o
	}
	for _, d := range b.refs(e, "component", "dependsOn") {
		link(d, e.id, "dependsOn")
	}
	for _, d := range b.refs(e, "component", "dependencyOf") {
		link(e.id, d, "dependencyOf")
	}
	e.consumes, e.provides = b.refs(e, "api", "consumesApis"), b.refs(e, "api", "providesApis")
	for _, a := range e.consumes {
		link(a, e.id, "consumesApis")
	}
	for _, a := range e.provides {
		link(e.id, a, "providesApis")
	}
}

// owners makes links between the owners of APIs and those of the components that consume them.
func (b *catalog) owners() {
	owner := map[string]string{}
	for _, e := range b.list {
		if e.what == "api" && e.owner != "" {
			owner[e.id] = e.owner
		}
	}
	for _, e := range b.list {
		for _, a := range e.provides {
			if owner[a] == "" {
				owner[a] = e.owner
			}
		}
	}
	done := map[[3]string]bool{}
	for _, e := range b.list {
		for _, a := range e.consumes {
			switch key := [3]string{owner[a], e.owner, a}; {
			case owner[a] == "":
				b.tell(e.line, graph.Info, "“%s” consumes “%s”, whose owner the file does not say: no link between the owners was made", e.id, a)
			case e.owner == "":
				b.tell(e.line, graph.Info, "“%s” has no owner: no link to the owner of “%s”, which it consumes, was made", e.id, a)
			case owner[a] != e.owner && !done[key]:
				done[key] = true
				service := a
				if n := b.byID[a]; n != nil {
					service = n.name
				}
				b.edges = append(b.edges, edge{line: e.line, from: owner[a], to: e.owner, means: fromServes, service: service,
					properties: []property{{name: "relation", text: "owners of API and component"}}})
			}
		}
	}
}

// isBackstage says whether YAML is a catalog.
func isBackstage(text []byte) bool {
	return backstageStart.Match(text[:min(len(text), 64<<10)]) && bytes.Contains(text, []byte("metadata"))
}
