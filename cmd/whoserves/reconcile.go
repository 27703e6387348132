package main

import (
	"context"
	"net/url"
	"path/filepath"
	"strings"

	"example.com/whoserves/graph/answer"
	"example.com/whoserves/graph/phrase"
	"example.com/whoserves/graph/template"
	"github.com/spf13/cobra"
)

func (a *app) reconcileCommand() *cobra.Command {
	output := ""
	c := a.question(&cobra.Command{
		Use: "reconcile",
		Long: `Compares what the two sides of each link say, by the column declared_by of each
row: a name or id of the provider, the consumer or somebody else, or one of the
words provider, consumer and both. A member speaks for a team, a unit for what
lies in it. A side that names the unit instead of its team, or no service, says
the same in its own words. Listed are

  links that only one side declared, while the other one declared others,
  links on whose criticality, min_providers, tolerance or satisfaction the two
  sides differ, each with the file and row where it says so last,
  who declared nothing at all yet, with the links that wait for it.

-o FILE.xlsx (or .csv) writes what is open as a file to send to those who are to
be asked. Filled in and imported, it states what they answered; what both sides
agree on then is no longer listed. Give each round a name of its own: a file of
the same name takes the answers of the one before back.`,
		Example: `  whoserves reconcile
  whoserves reconcile --team Payroll -o payroll-round-1.xlsx
  whoserves import payroll-round-1.xlsx`,
	})
	c.Flags().StringVarP(&output, "output", "o", "", "write a file to be filled in: FILE.xlsx or FILE.csv; - writes CSV to stdout")
	c.RegisterFlagCompletionFunc("team", a.completeNode)
	list := c.RunE
	c.RunE = func(c *cobra.Command, args []string) error {
		if output == "" || len(args) > 0 {
			return list(c, args)
		}
		if c.Flags().Changed("format") {
			return usage("-o is for the file to send, --format for the list: say one of them")
		}
		team, _ := c.Flags().GetString("team")
		return a.writeReconciliation(c.Context(), team, output)
	}
	return c
}

// writeReconciliation writes the file that those fill in who are to be asked.
func (a *app) writeReconciliation(ctx context.Context, team, output string) error {
	end := strings.ToLower(filepath.Ext(output))
	if output != "-" && end != ".csv" && end != ".xlsx" {
		return usage("“%s” is no name of a file to fill in: end it in .xlsx or .csv", output)
	}
	src, closeStore, err := a.source(ctx)
	if err != nil {
		return err
	}
	defer closeStore()
	ans, err := answer.Ask(ctx, src, "reconcile", url.Values{"team": {team}})
	if err != nil {
		return err
	}
	list := ans.(*answer.Reconcile)
	header, rows := list.Sheet()
	write := list.WriteCSV
	if end == ".xlsx" {
		write = template.Questions{Whom: list.Whom(), Header: header, Rows: rows}.Write
	}
	if err := a.put(ctx, output, write); err != nil {
		return err
	}
	a.say("%s to be answered", phrase.Things(len(rows), "row"))
	return nil
}
