package main

import "github.com/spf13/cobra"

func (a *app) orgsCommand() *cobra.Command {
	return a.question(&cobra.Command{
		Use:    "orgs",
		PreRun: func(*cobra.Command, []string) { a.anyOrg = true },
		Long: `Lists the organisations in the store. One store can hold several, such as the
clients of a consultant; every command takes --org NAME.`,
		Example: `  whoserves orgs
  whoserves import --org "Ferrin Air" links.csv`,
	})
}
