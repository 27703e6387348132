package graph

import (
	"fmt"
	"testing"
)

func TestTry(t *testing.T) {
	o := &Org{Sources: []*Source{NewSource("a",
		[]*NodeRecord{{Name: "Payroll", Unit: "Finance"}, {Name: "Crew scheduling", Unit: "Ops", Sites: []string{"Dallas"}}, {ID: "P9", Name: "Finance"}, {Name: "Ann", Kind: Person, Teams: []string{"payroll"}}, {Name: "Passengers", Kind: Customer}},
		[]*LinkRecord{{Provider: "payroll", Consumer: "Crew Scheduling", Service: "Hours"}, {Provider: "Crew sched", Consumer: "Passengers"}, {Provider: "Finance", Consumer: "Passengers", Service: "Bills"}, {Provider: "Ops", Consumer: "Passengers", Service: "bills", Criticality: Minor}})}}
	s := NewSnapshot(o)
	for _, n := range s.Nodes {
		fmt.Printf("%s %q %v unit %d canfail %v ph %v\n", n.ID, n.Name, n.Kind, n.Unit, n.CanFail, n.Placeholder)
	}
	for _, n := range s.Needs {
		fmt.Printf("%+v\n", n)
	}
	for _, p := range s.Problems {
		fmt.Println(p.Severity, p)
	}
}
