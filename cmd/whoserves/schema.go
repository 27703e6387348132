package main

import (
	"example.com/whoserves/graph/propertygraph"
	"github.com/spf13/cobra"
)

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "what a Neo4j store looks like to Cypher",
		Long: `Prints the labels, relationships and properties by which an organisation stands
in Neo4j, what may be changed there by hand, and queries to begin with.`,
		Example: `  whoserves schema
  whoserves schema | less`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error { return propertygraph.WriteSchema(a.stdout) },
	}
}
