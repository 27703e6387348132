package main

import "github.com/spf13/cobra"

func (a *app) showCommand() *cobra.Command {
	return a.question(&cobra.Command{
		Use: "show NODE",
		Long: `Shows one node, by id or name: who serves it, whom it serves, which customers
its work reaches, and what happens to them when it stops.`,
		Example: `  whoserves show "Crew scheduling"
  whoserves show payroll --format json
  whoserves show payroll --from links.csv`,
	})
}
