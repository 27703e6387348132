package main

import (
	"context"
	"errors"
	"strconv"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/answer"
	"github.com/spf13/cobra"
)

func (a *app) undoCommand() *cobra.Command {
	dryRun := false
	c := &cobra.Command{
		Use:   "undo [VERSION]",
		Short: "take a version back, as a new version",
		Long: `Takes back what a version changed (the last one when none is named) and keeps
what came later. It is refused when later versions changed the same facts.
Undoing an undo is redo.`,
		Example: `  whoserves undo               take the last import back
  whoserves undo 3             take version 3 back, keep what came later
  whoserves undo --dry-run     see what that would change`,
		RunE: func(c *cobra.Command, args []string) error { return a.undo(c.Context(), args, dryRun) },
	}
	c.Flags().BoolVar(&dryRun, "dry-run", false, "show what would change, change nothing")
	a.storeOption(c)
	a.formatOption(c)
	return c
}

// undo takes a version back and writes what that did.
func (a *app) undo(ctx context.Context, args []string, dryRun bool) error {
	n, err := versionArgument(args)
	if err != nil {
		return err
	}
	st, err := a.storeThere(ctx, dryRun)
	if err != nil {
		return err
	}
	defer st.Close()
	if err := a.checkOrg(ctx, st); err != nil {
		return err
	}
	if !dryRun {
		if err := a.refreshFirst(ctx, st); err != nil {
			return err
		}
	}
	if now, err := st.Version(ctx); err != nil {
		return err
	} else if now == 0 {
		return usage("there is nothing to undo: nothing was imported yet")
	}
	record := graph.VersionRecord{By: who(), Program: version()}
	var result *answer.Import
	p, now, err := graph.Undo(ctx, st, n, record, func(p *graph.Preview) error {
		result = answer.NewImport(p, p.Changes.Base, answer.ImportProblems(p, nil, nil), dryRun)
		if !dryRun {
			return nil
		}
		if err := a.addRisks(ctx, result, p); err != nil {
			return err
		}
		return &keptError{}
	})
	var kept *keptError
	switch {
	case errors.As(err, &kept):
		return a.write(result)
	case errors.Is(err, graph.ErrNoVersion):
		return usage("%w: whoserves history lists those that there are", err)
	case err != nil:
		return err
	}
	return a.write(a.done(ctx, p, now, result.Problems))
}

func versionArgument(args []string) (int64, error) {
	switch len(args) {
	case 0:
		return 0, nil
	case 1:
		if n, err := strconv.ParseInt(args[0], 10, 64); err == nil && n > 0 {
			return n, nil
		}
		return 0, usage("“%s” is no version: write a number such as 3", args[0])
	}
	return 0, usage("undo takes one version at a time")
}

// storeThere opens a store that has to be there already.
func (a *app) storeThere(ctx context.Context, lookOnly bool) (graph.Store, error) {
	p, err := a.location()
	if err != nil {
		return nil, err
	}
	st, err := p.openIfThere(ctx, a.org)
	if err != nil {
		return nil, err
	}
	if _, none := st.(emptyStore); none {
		return nil, usage("%s %s: nothing was imported yet", p, p.whyEmpty())
	}
	if lookOnly {
		return st, nil
	}
	if err := st.Close(); err != nil {
		return nil, err
	}
	return p.open(ctx, a.org)
}
