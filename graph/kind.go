package graph

import "fmt"

// Kind says what a node is. The zero value means that no source has said.
type Kind uint8

// The kinds of node. A unit is a box of the org chart; it shares one id space with the nodes.
const (
	NoKind Kind = iota
	Team
	Person
	Supplier
	Resource
	Customer
	Unit
)

var kindNames = [...]string{"", "team", "person", "supplier", "resource", "customer", "unit"}

// Kinds lists every kind in the order in which pages and tables show them.
func Kinds() []Kind { return []Kind{Team, Supplier, Resource, Person, Customer, Unit} }

// String gives the word of the files: "team", "supplier", …
func (k Kind) String() string { return word(kindNames[:], k) }

// ParseKind reads the word of the files; case and surrounding space do not count.
func ParseKind(s string) (Kind, error) { return parseWord[Kind](kindNames[:], s, "kind") }

// Criticality says what a consumer loses with a need. The zero value means that no source has said; it counts as Critical.
type Criticality uint8

// The criticalities, from weakest to strictest.
const (
	NoCriticality Criticality = iota
	Minor                     // the consumer notices
	Important                 // the consumer degrades
	Critical                  // the consumer stops without it
)

var criticalityNames = [...]string{"", "minor", "important", "critical"}

// String gives the word of the files: "critical", "important", "minor".
func (c Criticality) String() string { return word(criticalityNames[:], c) }

// OrDefault gives Critical where nothing was said.
func (c Criticality) OrDefault() Criticality {
	if c == NoCriticality {
		return Critical
	}
	return c
}

// ParseCriticality reads the word of the files; case and surrounding space do not count.
func ParseCriticality(s string) (Criticality, error) {
	return parseWord[Criticality](criticalityNames[:], s, "criticality")
}

// Segment says what sort of customer a customer is; it is for display only.
type Segment uint8

// The segments. The zero value counts as External.
const (
	NoSegment Segment = iota
	External
	Potential
	Temporary
)

var segmentNames = [...]string{"", "external", "potential", "temporary"}

// String gives the word of the files: "external", "potential", "temporary".
func (s Segment) String() string { return word(segmentNames[:], s) }

// ParseSegment reads the word of the files; case and surrounding space do not count.
func ParseSegment(s string) (Segment, error) {
	return parseWord[Segment](segmentNames[:], s, "segment")
}

// Answer is yes, no, or not said.
type Answer uint8

// The answers to a yes-or-no question.
const (
	NoAnswer Answer = iota
	Yes
	No
)

var answerNames = [...]string{"", "yes", "no"}

// String gives "yes", "no" or "".
func (a Answer) String() string { return word(answerNames[:], a) }

// ParseAnswer reads yes or no; case and surrounding space do not count.
func ParseAnswer(s string) (Answer, error) { return parseWord[Answer](answerNames[:], s, "answer") }

func word[T ~uint8](names []string, v T) string {
	if int(v) >= len(names) {
		return fmt.Sprintf("%d?", v)
	}
	return names[v]
}

func parseWord[T ~uint8](names []string, s, what string) (T, error) {
	folded := Fold(s)
	for i, n := range names {
		if n == folded {
			return T(i), nil
		}
	}
	return 0, fmt.Errorf("“%s” is no %s: write one of %s", s, what, joinWords(names[1:], "or"))
}
