package answer

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"example.com/whoserves/graph"
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
	names := make([]string, 0, max)
	for _, id := range ids[:min(len(ids), max)] {
		names = append(names, nameOf(s, id))
	}
	if left := len(ids) - len(names); left > 0 {
		return strings.Join(names, ", ") + fmt.Sprintf(" and %d more", left)
	}
	return and(names)
}

// and joins words: "A, B and C".
func and(words []string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
}

// count writes a number with its noun: "1 team", "4 teams".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + plural(noun)
}

func plural(noun string) string {
	switch {
	case noun == "person":
		return "people"
	case strings.HasSuffix(noun, "y"):
		return strings.TrimSuffix(noun, "y") + "ies"
	}
	return noun + "s"
}

// number writes a count, "nobody" for 0.
func number(n int) string {
	if n == 0 {
		return "nobody"
	}
	return strconv.Itoa(n)
}

// countVerb writes who does something: "Nobody serves", "1 serves", "3 serve".
func countVerb(n int, one, many string) string {
	switch n {
	case 0:
		return "Nobody " + one
	case 1:
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// ofAll writes how many of all customers do something: "1 of 5 customers stops", "all 5 customers stop".
func ofAll(s *graph.Snapshot, n int, one, many string) string {
	all := count(len(s.Customers), customerWord(s))
	switch {
	case n == len(s.Customers) && n == 2:
		return "both " + plural(customerWord(s)) + " " + many
	case n == len(s.Customers) && n > 1:
		return "all " + all + " " + many
	case n == 1:
		return "1 of " + all + " " + one
	}
	return fmt.Sprintf("%d of %s %s", n, all, many)
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

// hours writes a time: hours below 72, then days.
func hours(h float64) string {
	switch {
	case math.IsInf(h, 1):
		return "never"
	case h == 0:
		return "at once"
	case h < 72:
		return figure(h) + " h"
	}
	return figure(h/24) + " d"
}

// hoursInWords writes a time in a sentence: "4 hours", "3.2 days".
func hoursInWords(h float64) string {
	n, unit := h, "hour"
	if h >= 72 {
		n, unit = h/24, "day"
	}
	if s := figure(n); s != "1" {
		return s + " " + unit + "s"
	}
	return "1 " + unit
}

// afterHours writes when something happens: "at once", "after 4 hours".
func afterHours(h float64) string {
	if h == 0 {
		return "at once"
	}
	return "after " + hoursInWords(h)
}

// comesBack compares how long a node takes to come back with when the first customer stops; impact below 0: none does.
func comesBack(recovery graph.Number, impact float64) string {
	r, ok := recovery.Get()
	switch {
	case !ok:
		return "Nobody has said how long it takes to come back."
	case impact < 0:
		return fmt.Sprintf("It takes %s to come back.", hoursInWords(r))
	case r > impact:
		return fmt.Sprintf("It takes %s to come back: %s too late.", hoursInWords(r), hoursInWords(r-impact))
	}
	return fmt.Sprintf("It takes %s to come back: in time.", hoursInWords(r))
}

// figure writes a number with at most one digit after the point; small ones with two that count.
func figure(v float64) string {
	if a := math.Abs(v); a >= 1 || a == 0 {
		return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
	}
	return strconv.FormatFloat(v, 'g', 2, 64)
}

// percent writes a share from 0 to 1.
func percent(share float64) string {
	switch p := share * 100; {
	case p > 0 && p < 1:
		return figure(p) + " %"
	default:
		return strconv.FormatFloat(math.Round(p), 'f', -1, 64) + " %"
	}
}

func percentOrDash(share *float64) string {
	if share == nil {
		return "–"
	}
	return percent(*share)
}

func figureOrDash(v *float64) string {
	if v == nil {
		return "–"
	}
	return figure(*v)
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
