package graph_test

import (
	"fmt"

	"example.com/whoserves/graph"
)

// Facts keep references as they were written; the snapshot finds out what they mean and merges what the sources state.
func ExampleNewSnapshot() {
	links := graph.NewSource("links", nil, []*graph.LinkRecord{
		{Provider: "payroll", Consumer: "Crew scheduling", Service: "Wages"},
		{Provider: "Crew scheduling", Consumer: "North Air", Service: "Crews", Tolerance: graph.Given(4)},
	})
	hr := graph.NewSource("hr", []*graph.NodeRecord{
		{ID: "T7", Name: "Payroll", Kind: graph.Team},
		{Name: "Crew scheduling", Kind: graph.Team},
		{Name: "North Air", Kind: graph.Customer},
	}, nil)
	s := graph.NewSnapshot(&graph.Org{Sources: []*graph.Source{links, hr}})

	for _, n := range s.Needs {
		fmt.Printf("%s needs %s (%s) from", s.Nodes[n.Consumer].Name, n.Service, n.Criticality)
		for _, p := range n.Providers {
			fmt.Printf(" %s (%s)", s.Nodes[p].Name, s.Nodes[p].ID)
		}
		fmt.Printf(", copes %g h\n", n.Tolerance)
	}
	fmt.Printf("%d customer, criticality assumed for %d of %d links\n", len(s.Customers), s.Assumed.Criticality, len(s.Links))
	// Output:
	// Crew scheduling needs Wages (critical) from Payroll (T7), copes 0 h
	// North Air needs Crews (critical) from Crew scheduling (crew-scheduling), copes 4 h
	// 1 customer, criticality assumed for 2 of 2 links
}

// Importing a source again replaces what that source states, and nothing else.
func ExampleDiff() {
	links := func(hours float64, more ...*graph.LinkRecord) *graph.Org {
		return &graph.Org{Sources: []*graph.Source{graph.NewSource("links", nil,
			append(more, &graph.LinkRecord{Provider: "Payroll", Consumer: "Crew scheduling", Tolerance: graph.Given(hours)}))}}
	}
	current, err := new(graph.Org).Apply(graph.Diff(new(graph.Org), links(4)))
	if err != nil {
		panic(err)
	}
	changes := graph.Diff(current, links(12, &graph.LinkRecord{Provider: "IT", Consumer: "Payroll"}))
	for _, c := range changes.Links {
		if c.Old == nil {
			fmt.Printf("%s: new: %s serves %s\n", c.Source, c.New.Provider, c.New.Consumer)
		} else {
			fmt.Printf("%s: %s serves %s: %s h, before %s h\n", c.Source, c.New.Provider, c.New.Consumer, c.New.Tolerance, c.Old.Tolerance)
		}
	}
	fmt.Println("the same again changes nothing:", graph.Diff(current, links(4)).Empty())
	// Output:
	// links: new: IT serves Payroll
	// links: Payroll serves Crew scheduling: 12 h, before 4 h
	// the same again changes nothing: true
}
