package main

import "github.com/spf13/cobra"

func (a *app) rippleCommand() *cobra.Command {
	return a.question(&cobra.Command{
		Use: "ripple NODE...",
		Long: `Works out who is hit, by when and why, when these nodes stop, and whom to tell
through which channel: our own people first, then the customers. unit:ID,
site:NAME and tag:NAME name groups.`,
		Example: `  whoserves ripple "Sallow Reach Terminal"
  whoserves ripple unit:engineering --worse payroll
  whoserves ripple site:hangar-2 --format csv > notify.csv`,
	})
}
