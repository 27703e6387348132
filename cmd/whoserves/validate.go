package main

import (
	"context"
	"fmt"
	"slices"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/answer"
	"github.com/spf13/cobra"
)

func (a *app) validateCommand() *cobra.Command {
	var o importing
	c := &cobra.Command{
		Use:   "validate FILE-OR-FOLDER...",
		Short: "list the problems of files, import nothing",
		Long: `Reads files as import does, together as one organisation, and lists what is
wrong: file, row, column, what it is and what to do. No store is touched.

Exit status: 0 nothing worse than warnings; 2 a row does not count.`,
		Example: `  whoserves validate links.csv
  whoserves validate --strict --format json nodes.csv links.csv`,
		RunE: func(c *cobra.Command, args []string) error { return a.validate(c.Context(), args, o) },
	}
	readOptions(c, &o.read)
	c.Flags().BoolVar(&o.strict, "strict", false, "names that are described nowhere are refused too")
	a.formatOption(c)
	return c
}

// validate writes the problems of files and of putting them together.
func (a *app) validate(ctx context.Context, paths []string, o importing) error {
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
	result := answer.NewValidation(problems)
	if err := a.imported(result); err != nil || !o.strict {
		return err
	}
	if names := answer.NewPlaceholders(p, res.Org); len(names) > 0 {
		return &statusError{wrong, fmt.Errorf("described nowhere, only referred to: %s (--strict)", someOf(names))}
	}
	return nil
}
