package answer

import (
	"fmt"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/phrase"
)

// idsOf gives the ids of nodes; never nil.
func idsOf(s *graph.Snapshot, nodes []int32) []string {
	out := make([]string, len(nodes))
	for i, v := range nodes {
		out[i] = s.Nodes[v].ID
	}
	return out
}

// nameOf gives the name of a node by its id; the id itself when there is no snapshot to look it up in.
func nameOf(s *graph.Snapshot, id string) string {
	if s != nil {
		if v := s.ByID(id); v >= 0 {
			return nameAt(s, v)
		}
	}
	return id
}

// nameAt gives the name of a node, its id when it has none.
func nameAt(s *graph.Snapshot, v int32) string {
	if n := &s.Nodes[v]; n.Name != "" {
		return n.Name
	}
	return s.Nodes[v].ID
}

// someNames lists names in a sentence, at most max of them: "A, B and 3 more".
func someNames(s *graph.Snapshot, ids []string, max int) string {
	names := make([]string, 0, max+1)
	for _, id := range ids[:min(len(ids), max)] {
		names = append(names, nameOf(s, id))
	}
	if left := len(ids) - len(names); left > 0 {
		names = append(names, phrase.Count(left)+" more")
	}
	return phrase.List(names, "and")
}

// number writes a count, "nobody" for 0.
func number(n int) string {
	if n == 0 {
		return "nobody"
	}
	return phrase.Count(n)
}

// changes writes how many entities are added, changed and removed.
func changes(added, changed, removed int) string {
	return phrase.Count(added) + " added, " + phrase.Count(changed) + " changed, " + phrase.Count(removed) + " removed"
}

// countVerb writes who does something: "Nobody serves", "1 serves", "3 serve".
func countVerb(n int, one, many string) string {
	switch n {
	case 0:
		return "Nobody " + one
	case 1:
		return "1 " + one
	}
	return phrase.Count(n) + " " + many
}

// ofAll writes how many of all customers do something: "1 of 5 customers stops", "all 5 customers stop".
func ofAll(s *graph.Snapshot, n int, one, many string) string {
	all := phrase.Things(len(s.Customers), customerWord(s))
	switch {
	case n == len(s.Customers) && n == 2:
		return "both " + phrase.PluralOf(customerWord(s)) + " " + many
	case n == len(s.Customers) && n > 1:
		return "all " + all + " " + many
	case n == 1:
		return "1 of " + all + " " + one
	}
	return phrase.Count(n) + " of " + all + " " + many
}

func article(noun string) string {
	if noun == "" {
		return "a node"
	}
	return "a " + noun
}

// customerWord says what the customers of a snapshot are called.
func customerWord(s *graph.Snapshot) string {
	if s != nil && s.StandIn {
		return "stand-in customer"
	}
	return "customer"
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func textOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func orNone(s *string) string {
	if s == nil {
		return "none"
	}
	return *s
}

// comesBack compares how long a node takes to come back with when the first customer stops; impact below 0: none does.
func comesBack(recovery graph.Number, impact float64) string {
	r, ok := recovery.Get()
	switch {
	case !ok:
		return "Nobody has said how long it takes to come back."
	case impact < 0:
		return fmt.Sprintf("It takes %s to come back.", phrase.HoursInWords(r))
	case r > impact:
		return fmt.Sprintf("It takes %s to come back: %s too late.", phrase.HoursInWords(r), phrase.HoursInWords(r-impact))
	}
	return fmt.Sprintf("It takes %s to come back: in time.", phrase.HoursInWords(r))
}

func percentOrDash(share *float64) string {
	if share == nil {
		return "–"
	}
	return phrase.Percent(*share)
}

func figureOrDash(v *float64) string {
	if v == nil {
		return "–"
	}
	return phrase.Figure(*v)
}

// chainInWords writes a chain of links: "A → B (jet fuel) → C".
func chainInWords(s *graph.Snapshot, chain []Link) string {
	var b strings.Builder
	for i, l := range chain {
		if i == 0 {
			b.WriteString(nameOf(s, l.Provider))
		}
		b.WriteString(" → " + nameOf(s, l.Consumer))
		if isBox(s, l.Consumer) {
			b.WriteString(" (as one of its teams)")
		} else if l.Service != "" {
			b.WriteString(" (" + l.Service + ")")
		}
	}
	return b.String()
}

// isBox says that an id is that of a unit that has teams. What takes it down is that the last of these stops.
func isBox(s *graph.Snapshot, id string) bool {
	if s == nil {
		return false
	}
	v := s.ByID(id)
	return v >= 0 && s.IsBox(v)
}
