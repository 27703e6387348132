package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/answer"
	"example.com/whoserves/graph/neo4jstore"
	"github.com/spf13/cobra"
)

func (a *app) validateCommand() *cobra.Command {
	var o importing
	c := &cobra.Command{
		Use:   "validate [FILE-OR-FOLDER...]",
		Short: "list the problems of files or of a store, change nothing",
		Long: `Reads files as import does, together as one organisation, and lists what is
wrong: file, row, column, what it is and what to do. No store is touched, so
what was decided in earlier imports does not count.

With --store and no files it lists what is wrong with the facts in a store, and
what others wrote into a Neo4j that cannot be right.

Exit status: 0 nothing worse than warnings; 2 a row does not count, or it has to
be decided who serves whom.`,
		Example: `  whoserves validate links.csv
  whoserves validate --strict --format json nodes.csv links.csv
  whoserves validate --store whoserves.db`,
		RunE: func(c *cobra.Command, args []string) error {
			if a.store != "" {
				return a.validateStore(c.Context(), args, o)
			}
			return a.validate(c.Context(), args, o)
		},
	}
	readOptions(c, &o.read)
	a.mapOption(c)
	c.Flags().BoolVar(&o.strict, "strict", false, "names that are described nowhere are refused too")
	a.storeOption(c)
	a.formatOption(c)
	return c
}

// validate writes the problems of files and of putting them together.
func (a *app) validate(ctx context.Context, paths []string, o importing) error {
	var err error
	if o.read.Mapping, err = a.mapping(); err != nil {
		return err
	}
	res, err := a.read(ctx, paths, o.read)
	if err != nil {
		return err
	}
	for _, e := range res.Examples {
		a.say("%s", e)
	}
	p, err := graph.NewPreview(&graph.Org{Name: a.org}, res.Org)
	if err != nil {
		return err
	}
	problems := slices.Concat(res.Problems, p.After.Problems)
	res.NameColumns(problems)
	problems = append(problems, nameProblems(nearNames(p.After, res))...)
	result := answer.NewValidation(problems)
	if err := openQuestions(res); err != nil {
		return cmp.Or(a.write(result), error(&statusError{wrong, err}))
	}
	if err := a.imported(result); err != nil || !o.strict {
		return err
	}
	if names := answer.NewPlaceholders(p, res.Org); len(names) > 0 {
		return &statusError{wrong, fmt.Errorf("described nowhere, only referred to: %s (--strict)", someOf(names))}
	}
	return nil
}

// validateStore writes the problems of what a store holds.
func (a *app) validateStore(ctx context.Context, paths []string, o importing) error {
	if len(paths) > 0 {
		return usage("give either files or --store: validate looks at one or the other")
	}
	if o.read.Source != "" || o.read.Encoding != "" || o.read.Direction != "" || o.strict || a.mapFile != "" {
		return usage("--source, --encoding, --direction, --map and --strict are about files: leave them out with --store")
	}
	st, err := a.openToRead(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	org, err := a.load(ctx, st)
	if err != nil {
		return err
	}
	problems := graph.NewSnapshot(org).Problems
	if n, ok := st.(*neo4jstore.Store); ok {
		written, err := n.Check(ctx)
		if err != nil {
			return err
		}
		problems = slices.Concat(problems, written)
	}
	result := answer.NewValidation(problems)
	result.Version = &org.Version
	return a.imported(result)
}
