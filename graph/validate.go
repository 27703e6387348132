package graph

import (
	"fmt"
	"math"
	"strings"
)

// Range says which values of a number can be right.
type Range struct {
	Min, Max float64 // both included
	Whole    bool
}

// The bounds of what is not bounded by its meaning. They keep sums finite and counts within 32 bits.
const (
	mostWhole = 1e9
	mostReal  = 1e15
)

// The ranges of the known numbers.
var (
	Counts    = Range{Min: 0, Max: mostWhole, Whole: true} // min_staff
	Providers = Range{Min: 1, Max: mostWhole, Whole: true} // min_providers
	Amounts   = Range{Min: 0, Max: mostReal}               // hours, volumes, capacities, heads
	Ratings   = Range{Min: 0, Max: 100}                    // satisfaction
	Money     = Range{Min: -mostReal, Max: mostReal}       // value, cost
)

// Check says what is wrong with a value, to follow the name of its field: "must be 1 or more"; "" when nothing is.
func (r Range) Check(v float64) string {
	switch {
	case r.Whole && v != math.Trunc(v):
		return "must be a whole number"
	case v < r.Min && r.Min > -mostReal:
		return fmt.Sprintf("must be %g or more", r.Min)
	case v > r.Max && r.Max < mostWhole:
		return fmt.Sprintf("must be %g at most", r.Max)
	case !(r.Min <= v && v <= r.Max):
		return "is too large a number"
	}
	return ""
}

// checked is a number that a record states, and what it may be.
type checked struct {
	field  string
	value  Number
	within Range
}

// Validate lists what is wrong with a record by itself: an Error where it cannot count, a Warning where one of its fields
// cannot. An importer leaves both out before they come this far; a Snapshot tells them of facts that came from elsewhere.
func (r *NodeRecord) Validate() []Problem {
	var ps []Problem
	if strings.TrimSpace(r.ID) == "" && strings.TrimSpace(r.Name) == "" {
		ps = append(ps, problemAt(r.From, "name", Error, "the row has neither id nor name: give one"))
	}
	if r.Kind > Unit || r.Segment > Temporary || r.CanFail > No {
		ps = append(ps, problemAt(r.From, "kind", Error, "“%s” has a kind, segment or can_fail that there is not", r.Name))
	}
	return checkNumbers(ps, r.From, []checked{
		{"headcount", r.Headcount, Amounts}, {"min_staff", r.MinStaff, Counts}, {"capacity", r.Capacity, Amounts},
		{"recovery_hours", r.RecoveryHours, Amounts}, {"failures_per_year", r.FailuresPerYear, Amounts}, {"value", r.Value, Money},
	})
}

// Validate lists what is wrong with a record by itself, as that of a NodeRecord does.
func (r *LinkRecord) Validate() []Problem {
	var ps []Problem
	if strings.TrimSpace(r.Provider) == "" {
		ps = append(ps, problemAt(r.From, "provider", Error, "the row names no provider: say who serves"))
	}
	if strings.TrimSpace(r.Consumer) == "" {
		ps = append(ps, problemAt(r.From, "consumer", Error, "the row names no consumer: say who is served"))
	}
	if isReserved(Fold(r.Service)) {
		ps = append(ps, problemAt(r.From, "service", Error, "the service “%s” is reserved for what follows from members and sites: name it otherwise", r.Service))
	}
	if r.Criticality > Critical {
		ps = append(ps, problemAt(r.From, "criticality", Error, "there is no such criticality: write critical, important or minor"))
	}
	return checkNumbers(ps, r.From, []checked{
		{"min_providers", r.MinProviders, Providers}, {"tolerance_hours", r.Tolerance, Amounts}, {"volume", r.Volume, Amounts},
		{"lead_time_hours", r.LeadTime, Amounts}, {"satisfaction", r.Satisfaction, Ratings},
		{"response_hours", r.ResponseHours, Amounts}, {"cost", r.Cost, Money},
	})
}

// isReserved says that a folded service belongs to needs that no link states.
func isReserved(folded string) bool {
	return folded == ServiceMembers || strings.HasPrefix(folded, ServiceSitePrefix)
}

func checkNumbers(ps []Problem, from Origin, numbers []checked) []Problem {
	for _, n := range numbers {
		if v, ok := n.value.Get(); ok {
			if wrong := n.within.Check(v); wrong != "" {
				ps = append(ps, problemAt(from, n.field, Warning, "%g was given: %s %s", v, n.field, wrong))
			}
		}
	}
	return ps
}

// Validate lists what is wrong with the records of an Org by themselves, sorted. [Snapshot.Problems] has this too, and what is
// wrong between records, such as names that mean two things. O(records).
func (o *Org) Validate() []Problem {
	var ps []Problem
	for _, s := range o.Sources {
		for _, r := range s.Nodes {
			ps = append(ps, r.Validate()...)
		}
		for _, r := range s.Links {
			ps = append(ps, r.Validate()...)
		}
	}
	SortProblems(ps)
	return ps
}
