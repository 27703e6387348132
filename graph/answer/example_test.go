package answer_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/answer"
)

// shop is a supplier who serves a bakery, which serves a shop.
func shop() *graph.Snapshot {
	source := graph.NewSource("links", []*graph.NodeRecord{
		{ID: "mill", Name: "Mill", Kind: graph.Supplier, RecoveryHours: graph.Given(48)},
		{ID: "shop", Name: "Corner shop", Kind: graph.Customer, Contact: "owner"},
	}, []*graph.LinkRecord{
		{Provider: "mill", Consumer: "Bakery", Service: "Flour", Tolerance: graph.Given(24)},
		{Provider: "Bakery", Consumer: "shop", Service: "Bread", Channel: "phone"},
	})
	source.Rank = 1
	return graph.NewSnapshot(&graph.Org{Sources: []*graph.Source{source}})
}

// A question has a command and keys, as on the command line and in an address.
func ExampleAsk() {
	src := &answer.Source{Snapshot: shop()}
	a, err := answer.Ask(context.Background(), src, "ripple", url.Values{"fail": {"Mill"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	a.WriteText(os.Stdout, 80)
	// Output:
	// With Mill stopped, 2 nodes are hit. 1 of 1 customer stops, the first after 24
	// hours.
	//
	// Tell our own people first (1)
	// ─────────────────────────────
	// Stops  Who     Because it loses  Tell  Through
	//  24 h  Bakery  Flour from Mill   none  none
	//
	// Then the customers, before they call (1)
	// ────────────────────────────────────────
	// Stops  Who          Because it loses   Tell   Through
	//  24 h  Corner shop  Bread from Bakery  owner  phone
}

// The same answer as JSON.
func ExampleAsk_json() {
	src := &answer.Source{Snapshot: shop()}
	a, err := answer.Ask(context.Background(), src, "show", url.Values{"node": {"Bakery"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	b, _ := json.Marshal(a)
	fmt.Println(string(b))
	// Output:
	// {"id":"bakery","name":"Bakery","kind":"team","unit":null,"providers":[{"id":"mill","service":"Flour","criticality":"critical"}],"consumers":[{"id":"shop","service":"Bread","criticality":"critical"}],"customers":["shop"]}
}

// What is asked wrongly is refused with what would be right.
func ExampleQuestionError() {
	src := &answer.Source{Snapshot: shop()}
	_, err := answer.Ask(context.Background(), src, "paths", url.Values{"from": {"mill"}, "to": {"shop"}, "by": {"cost"}})
	fmt.Println(err)
	// Output:
	// paths, by “cost”: there is no such choice. Right would be: hops, lead_time
}
