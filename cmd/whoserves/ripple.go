package main

import "github.com/spf13/cobra"

func (a *app) rippleCommand() *cobra.Command {
	return a.question(&cobra.Command{
		Use: "ripple NODE...",
		Long: `Works out who is hit, by when and why, when these nodes stop, and whom to tell through which
channel: our own people first, then the customers. unit:ID, site:NAME and tag:NAME name groups.`,
		Example: `  whoserves ripple "Harbour depot"
  whoserves ripple unit:operations --worse payroll
  whoserves ripple site:Dallas --format csv > notify.csv`,
	})
}
