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
	ps = Amounts.validate(ps, r.From, "headcount", r.Headcount)
	ps = Counts.validate(ps, r.From, "min_staff", r.MinStaff)
	ps = Amounts.validate(ps, r.From, "capacity", r.Capacity)
	ps = Amounts.validate(ps, r.From, "recovery_hours", r.RecoveryHours)
	ps = Amounts.validate(ps, r.From, "failures_per_year", r.FailuresPerYear)
	return Money.validate(ps, r.From, "value", r.Value)
}

// Validate lists what is wrong with a record by itself, as that of a NodeRecord does.
func (r *LinkRecord) Validate() []Problem { return r.validate(isReserved(Fold(r.Service))) }

// validate is Validate for a caller who knows whether the service is reserved.
func (r *LinkRecord) validate(reserved bool) []Problem {
	var ps []Problem
	if strings.TrimSpace(r.Provider) == "" {
		ps = append(ps, problemAt(r.From, "provider", Error, "the row names no provider: say who serves"))
	}
	if strings.TrimSpace(r.Consumer) == "" {
		ps = append(ps, problemAt(r.From, "consumer", Error, "the row names no consumer: say who is served"))
	}
	if reserved {
		ps = append(ps, problemAt(r.From, "service", Error, "the service “%s” is reserved for what follows from members and sites: name it otherwise", r.Service))
	}
	if r.Criticality > Critical {
		ps = append(ps, problemAt(r.From, "criticality", Error, "there is no such criticality: write critical, important or minor"))
	}
	ps = Providers.validate(ps, r.From, "min_providers", r.MinProviders)
	ps = Amounts.validate(ps, r.From, "tolerance_hours", r.Tolerance)
	ps = Amounts.validate(ps, r.From, "volume", r.Volume)
	ps = Amounts.validate(ps, r.From, "lead_time_hours", r.LeadTime)
	ps = Ratings.validate(ps, r.From, "satisfaction", r.Satisfaction)
	ps = Amounts.validate(ps, r.From, "response_hours", r.ResponseHours)
	return Money.validate(ps, r.From, "cost", r.Cost)
}

// isReserved says that a folded service belongs to needs that no link states.
func isReserved(folded string) bool {
	return folded == ServiceMembers || strings.HasPrefix(folded, ServiceSitePrefix)
}

// validate adds what is wrong with a number that a record states.
func (r Range) validate(ps []Problem, from Origin, field string, n Number) []Problem {
	if v, ok := n.Get(); ok {
		if wrong := r.Check(v); wrong != "" {
			ps = append(ps, problemAt(from, field, Warning, "%g was given: %s %s", v, field, wrong))
		}
	}
	return ps
}

// Validate lists what is wrong with the records of an Org by themselves, sorted. [Snapshot.Problems] has this too, and what is
// wrong between records, such as names that mean two things. O(records).
func (o *Org) Validate() []Problem {
	var ps []Problem
	reserved := map[string]bool{} // by service as written: there are few, and folding is dear
	for _, s := range o.Sources {
		for _, r := range s.Nodes {
			ps = append(ps, r.Validate()...)
		}
		for _, r := range s.Links {
			is, known := reserved[r.Service]
			if !known {
				is = isReserved(Fold(r.Service))
				reserved[r.Service] = is
			}
			ps = append(ps, r.validate(is)...)
		}
	}
	SortProblems(ps)
	return ps
}
