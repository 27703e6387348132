// Package analysis answers questions about an organisation: what fails with what and when, who alone can stop a customer,
// where the chain jams, which chains lead from here to there. Everything is a pure function over a [graph.Snapshot]; nodes
// and needs are named by their index in it.
package analysis
