package main

import (
	"context"
	"slices"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/answer"
	"example.com/whoserves/graph/neo4jstore"
	"github.com/spf13/cobra"
)

func (a *app) refreshCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "refresh",
		Short: "take over what others wrote into a Neo4j store",
		Long: `Looks for what others changed in the Neo4j that holds the organisation, by hand
or by a job of their own, and makes it a new version: facts of the source
“neo4j”. What cannot be right is reported. A local file has nothing to refresh:
only whoserves writes into it.

Exit status: 0 done, also with warnings; 2 something written there does not
count.`,
		Example: `  whoserves refresh --store neo4j://localhost
  whoserves refresh --format json`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return a.refresh(c.Context()) },
	}
	a.storeOption(c)
	a.formatOption(c)
	return c
}

// refresh takes over what others wrote and writes what that was.
func (a *app) refresh(ctx context.Context) error {
	p, err := a.location()
	if err != nil {
		return err
	}
	if p.neo4j == nil {
		return a.nothingToRefresh(ctx, p)
	}
	st, err := neo4jstore.Open(ctx, *p.neo4j, a.org)
	if err != nil {
		return err
	}
	defer st.Close()
	if err := a.checkOrg(ctx, st); err != nil {
		return err
	}
	stop := a.working("Comparing")
	result, err := refreshed(ctx, st)
	stop()
	if err != nil {
		return err
	}
	return a.imported(result)
}

// nothingToRefresh answers for a local file.
func (a *app) nothingToRefresh(ctx context.Context, p location) error {
	st, err := p.openIfThere(ctx, a.org)
	if err != nil {
		return err
	}
	defer st.Close()
	if err := a.checkOrg(ctx, st); err != nil {
		return err
	}
	now, err := st.Version(ctx)
	if err != nil {
		return err
	}
	a.say("There is nothing to refresh: only whoserves writes into a local file such as %s.", p)
	return a.write(answer.NewRefresh(nil, now, nil))
}

// refreshed takes over what others wrote and says what that was.
func refreshed(ctx context.Context, st *neo4jstore.Store) (*answer.Import, error) {
	before, err := st.Version(ctx)
	if err != nil {
		return nil, err
	}
	now, problems, err := st.Refresh(ctx, graph.VersionRecord{By: who(), Program: version()})
	if err != nil {
		return nil, err
	}
	history, err := st.History(ctx)
	if err != nil {
		return nil, err
	}
	made := graph.RecordOf(history, now)
	if now == before || made != nil && !slices.Equal(made.Sources, []string{graph.Neo4jSource}) { // somebody else imported just now
		made = nil
	}
	return answer.NewRefresh(made, now, problems), nil
}

// refreshFirst takes over what others wrote before something else is written, and says so: nothing of theirs is overwritten
// unseen.
func (a *app) refreshFirst(ctx context.Context, st graph.Store) error {
	n, ok := st.(*neo4jstore.Store)
	if !ok {
		return nil
	}
	result, err := refreshed(ctx, n)
	if err != nil {
		return err
	}
	if c := result.Added + result.Changed + result.Removed; c > 0 {
		a.say("Others changed the Neo4j meanwhile: %d added, %d changed, %d removed. That is version %d now, of the source “%s”.",
			result.Added, result.Changed, result.Removed, *result.Version, graph.Neo4jSource)
	}
	a.sayFirst(20, result.Problems, "refresh")
	return nil
}
