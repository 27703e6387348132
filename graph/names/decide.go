package names

import (
	"cmp"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// Decision is what a person settled about a name of a source.
type Decision struct {
	// Name is the name as the source writes it, or the id that it gives.
	Name string `json:"name"`
	// Is names what it is, or, if Different, what it is not. ID is the id of that, where sources give one; it beats Is.
	Is string `json:"is,omitempty"`
	ID string `json:"id,omitempty"`
	// Kind is the kind of what it is, as a word of the files: a unit and what no
	// source describes need it.
	Kind      string `json:"kind,omitempty"`
	Different bool   `json:"different,omitempty"`
}

// Decisions are what people settled, by source.
type Decisions map[string][]Decision

// Same decides that the two names mean one thing. It goes with the decisions of p.Source.
func (p Pair) Same() Decision {
	d := Decision{Name: cmp.Or(p.ID, p.Name), Is: p.Like, ID: p.LikeID, Kind: p.kind.String()}
	return d
}

// Different decides that the two names mean two things. It goes with the decisions of p.Source.
func (p Pair) Different() Decision {
	d := p.Same()
	d.Different = true
	return d
}

type decidedKey struct{ source, name, other string }

// index makes decisions ready to be looked up, folded.
func (ds Decisions) index() map[decidedKey]bool {
	keys := map[decidedKey]bool{}
	for source, list := range ds {
		for _, d := range list {
			for _, is := range []string{d.Is, d.ID} {
				if is != "" {
					keys[decidedKey{source, graph.Fold(d.Name), graph.Fold(is)}] = true
				}
			}
		}
	}
	return keys
}

// isDecided says that a decision speaks of the two, whichever way round.
func (p *proposer) isDecided(x, y int32) bool {
	if len(p.decided) == 0 {
		return false
	}
	return p.isDecidedOf(x, y) || p.isDecidedOf(y, x)
}

func (p *proposer) isDecidedOf(x, y int32) bool {
	names := func(i int32) []string {
		all := []string{graph.Fold(p.snap.Nodes[i].ID)}
		for _, k := range p.called[i].callings {
			all = append(all, graph.Fold(k.text))
		}
		return all
	}
	sources := map[string]bool{}
	for _, k := range p.called[x].callings {
		sources[k.source] = true
	}
	for _, st := range p.snap.Nodes[x].Stated {
		sources[st.Source] = true
	}
	called, others := names(x), names(y)
	for source := range sources {
		for _, name := range called {
			for _, other := range others {
				if p.decided[decidedKey{source, name, other}] {
					return true
				}
			}
		}
	}
	return false
}

// Apply adds to what a source states the rows that make its names mean what was decided: each gives what a name is that name as
// an alias (or, where the source alone has an id for it, the other way round), and stands where the source mentions the name first. Decisions about names that the source does not mention add
// nothing, and neither does Different. The source itself is not changed; where there is nothing to add it is returned. O(records).
func Apply(source *graph.Source, decisions []Decision) *graph.Source {
	if len(decisions) == 0 {
		return source
	}
	said := mentionsOf(source)
	var added []*graph.NodeRecord
	for _, d := range decisions {
		name, id, from, ok := said.find(d.Name)
		if !ok || d.Different || d.Is == "" && d.ID == "" || name == d.ID {
			continue
		}
		r := &graph.NodeRecord{ID: d.ID, Aliases: []string{name}, From: from}
		r.Kind, _ = graph.ParseKind(d.Kind) // an unknown one is none
		switch {
		case d.ID != "":
		case id != "": // what has no id belongs to what has one
			r.ID, r.Aliases = id, []string{d.Is}
		default:
			r.Name = d.Is
		}
		added = append(added, r)
	}
	if len(added) == 0 {
		return source
	}
	return withRecords(source, added)
}

// withRecords adds records behind those that speak of the same.
func withRecords(source *graph.Source, added []*graph.NodeRecord) *graph.Source {
	next := map[graph.NodeKey]int{}
	key := func(r *graph.NodeRecord) graph.NodeKey {
		k := r.Key()
		k.Nth = 0
		return k
	}
	for _, r := range source.Nodes {
		k := key(r)
		next[k] = max(next[k], r.Nth+1)
	}
	type decided struct {
		graph.NodeKey
		alias string // each added row has one
	}
	all, twice := slices.Clone(source.Nodes), map[decided]bool{}
	for _, r := range added {
		k := key(r)
		if d := (decided{k, r.Aliases[0]}); twice[d] {
			continue
		} else {
			twice[d] = true
		}
		r.Nth = next[k]
		next[k]++
		all = append(all, r)
	}
	slices.SortFunc(all, (*graph.NodeRecord).Compare)
	return &graph.Source{Name: source.Name, Rank: source.Rank, Nodes: all, Links: source.Links}
}

// mentions are the names that a source speaks of, folded, with the place of the first.
type mentions map[string]*mention

type mention struct {
	text string
	from graph.Origin
	ids  []string // of the rows that describe it
}

func mentionsOf(source *graph.Source) mentions {
	m := mentions{}
	for _, r := range source.Nodes {
		m.add(r.ID, r.ID, r.From)
		m.add(r.Name, r.ID, r.From)
		m.add(r.Unit, "", r.From)
		m.add(r.Manager, "", r.From)
		for _, list := range [][]string{r.Sites, r.Teams} {
			for _, t := range list {
				m.add(t, "", r.From)
			}
		}
	}
	for _, l := range source.Links {
		m.add(l.Provider, "", l.From)
		m.add(l.Consumer, "", l.From)
	}
	return m
}

func (m mentions) add(text, id string, from graph.Origin) {
	text = strings.TrimSpace(text)
	key := graph.Fold(text)
	if key == "" {
		return
	}
	at := m[key]
	if at == nil {
		at = &mention{text: text, from: from}
		m[key] = at
	} else if c := compareOrigins(from, at.from); c < 0 || c == 0 && text < at.text {
		at.text, at.from = text, from
	}
	if id != "" && !slices.Contains(at.ids, id) {
		at.ids = append(at.ids, id)
	}
}

// find gives how the source names what a decision speaks of, which is its id where it gives one. ok is false where it does not
// mention it, or speaks of two things under this name.
func (m mentions) find(name string) (as, id string, from graph.Origin, ok bool) {
	at := m[graph.Fold(name)]
	if at == nil {
		return "", "", graph.Origin{}, false
	}
	switch {
	case slices.Contains(at.ids, name):
		return name, name, at.from, true
	case len(at.ids) == 0:
		return at.text, "", at.from, true
	case len(at.ids) == 1:
		return at.ids[0], at.ids[0], at.from, true
	}
	return "", "", graph.Origin{}, false
}
