package main

import "github.com/spf13/cobra"

func (a *app) risksCommand() *cobra.Command {
	return a.question(&cobra.Command{
		Use: "risks",
		Long: `Lists who can stop a customer alone, how soon, and whether they are back in
time; needs that lack providers; backups that do not help; people whom a team
cannot spare; where the chain jams; and what of all this rests on assumptions.`,
		Example: `  whoserves risks
  whoserves risks --from nodes.csv --from links.csv
  whoserves risks --format csv > risks.csv
  whoserves risks --format json | jq '.spofs[0]'`,
	})
}
