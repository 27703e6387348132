package main

import "github.com/spf13/cobra"

func (a *app) historyCommand() *cobra.Command {
	return a.question(&cobra.Command{
		Use: "history",
		Long: `Lists the versions of the organisation, the newest first: when, by whom, from
which source and files.`,
		Example: `  whoserves history
  whoserves history --format json`,
	})
}
