package graph

import (
	"slices"
	"strings"
)

// Fact is a field of a node or link: the value that counts, and what each source states.
type Fact struct {
	Field  string
	Value  string
	Native bool          // whoserves knows the field: it can be corrected
	Stated []SourceValue // by rank of the sources; empty where none states it
}

// Differs says that sources state different values. Aliases add up.
func (f *Fact) Differs() bool {
	return f.Field != "aliases" && slices.ContainsFunc(f.Stated, func(v SourceValue) bool { return v.Value != f.Stated[0].Value })
}

// NodeFacts lists the fields of a node, native ones in the order of the files, stated or not, then the others by name.
func (s *Snapshot) NodeFacts(v int32) []Fact {
	n := &s.Nodes[v]
	stated := make([]statement[NodeRecord], len(n.Stated))
	for i, st := range n.Stated {
		stated[i] = statement[NodeRecord]{st.Source, st.Record, st.Record.From, st.Record.Attrs}
	}
	facts := factsAbout(stated, nodeFields, n.Attrs)
	for i := range facts {
		switch f := &facts[i]; f.Field {
		case "name":
			f.drop(n)
			f.Value = n.Name
		case "kind":
			f.drop(n)
			f.Value = n.Kind.String()
		case "site":
			f.Value = strings.Join(firstList(n.Stated, func(r *NodeRecord) []string { return r.Sites }), "|")
		case "tags":
			f.Value = strings.Join(n.Tags, "|")
		case "aliases":
			f.Value = strings.Join(n.Aliases, "|")
		case "team":
			f.Value = strings.Join(firstList(n.Stated, func(r *NodeRecord) []string { return r.Teams }), "|")
		}
	}
	return facts
}

// drop leaves out what the corrections state only to say which node they are about.
func (f *Fact) drop(n *Node) {
	if len(f.Stated) < 2 || f.Stated[0].Source != EditsSource {
		return
	}
	says := f.Stated[0].Value
	if slices.ContainsFunc(f.Stated[1:], func(v SourceValue) bool { return v.Source != EditsSource && v.Value == says }) {
		f.Stated = f.Stated[1:]
	}
}

// LinkFacts lists the fields of a link, native ones in the order of the files, stated or not, then the others by name.
func (s *Snapshot) LinkFacts(l int32) []Fact {
	link := &s.Links[l]
	stated := make([]statement[LinkRecord], len(link.Stated))
	for i, st := range link.Stated {
		stated[i] = statement[LinkRecord]{st.Source, st.Record, st.Record.From, st.Record.Attrs}
	}
	facts := factsAbout(stated, linkFields, link.Values.Attrs)
	for i := range linkFields {
		facts[i].Value = linkFields[i].get(link.Values)
	}
	return slices.DeleteFunc(facts, func(f Fact) bool { return f.Field == "service" })
}

// statement is a record and the source that states it, with its unknown columns.
type statement[R any] struct {
	source string
	record *R
	from   Origin
	attrs  []Attr
}

// factsAbout lists what is stated about an entity, field by field.
func factsAbout[R any](stated []statement[R], fields []field[R], attrs []Attr) []Fact {
	facts := make([]Fact, 0, len(fields)+len(attrs))
	for _, f := range fields {
		fact := Fact{Field: f.name, Native: true}
		for _, st := range stated {
			if f.given(st.record) {
				fact.Stated = append(fact.Stated, SourceValue{st.source, f.get(st.record), st.from})
			}
		}
		facts = append(facts, fact)
	}
	for _, a := range attrs {
		fact := Fact{Field: a.Name}
		for _, st := range stated {
			for _, x := range st.attrs {
				if x.Name == a.Name {
					fact.Stated = append(fact.Stated, SourceValue{st.source, x.Value, st.from})
				}
			}
		}
		facts = append(facts, fact)
	}
	for i := range facts {
		if len(facts[i].Stated) > 0 {
			facts[i].Value = facts[i].Stated[0].Value
		}
	}
	return facts
}
