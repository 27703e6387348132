package main

import (
	"context"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/answer"
	"github.com/spf13/cobra"
)

func (a *app) sourcesCommand() *cobra.Command {
	var rank []string
	c := a.question(&cobra.Command{
		Use: "sources",
		Long: `Lists the sources, the one that wins first, and every field about which they
differ.

Where sources differ, the one ranked first counts; of criticality,
min_providers and tolerance the strictest. Corrections (the source edits) and
what others wrote into a Neo4j always win. --rank moves sources to the front, in
the order given, as a new version.`,
		Example: `  whoserves sources
  whoserves sources --rank hr,sheet    hr wins, then sheet, then the others`,
	})
	c.Flags().StringSliceVar(&rank, "rank", nil, "put these sources first, in this order")
	list := c.RunE
	c.RunE = func(c *cobra.Command, args []string) error {
		if !c.Flags().Changed("rank") {
			return list(c, args)
		}
		if len(args) > 0 || len(a.from) > 0 {
			return usage("sources --rank changes a store: it takes no arguments and no --from")
		}
		if len(rank) == 0 {
			return usage("--rank: name the sources that come first, such as --rank hr,sheet")
		}
		return a.rank(c.Context(), rank)
	}
	return c
}

// rank makes a version in which sources come in another order, and lists them.
func (a *app) rank(ctx context.Context, first []string) error {
	st, err := a.storeThere(ctx, false)
	if err != nil {
		return err
	}
	defer st.Close()
	if err := a.checkOrg(ctx, st); err != nil {
		return err
	}
	if err := a.refreshFirst(ctx, st); err != nil {
		return err
	}
	p, _, err := graph.Change(ctx, st, graph.VersionRecord{By: who(), Program: version()}, nil, func(s *graph.Snapshot) (*graph.ChangeSet, error) {
		return graph.Rerank(s.Org, first...)
	})
	if err != nil {
		return err
	}
	records, err := st.History(ctx)
	if err != nil {
		return err
	}
	return a.write(answer.NewSources(p.After, records))
}
