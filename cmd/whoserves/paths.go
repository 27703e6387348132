package main

import "github.com/spf13/cobra"

func (a *app) pathsCommand() *cobra.Command {
	return a.question(&cobra.Command{
		Use: "paths FROM TO",
		Long: `Finds the shortest chains of service from one node to another, and whom all of
them need. Chains run from provider to consumer.`,
		Example: `  whoserves paths payroll "Sunlark Tours"
  whoserves paths payroll sunlark-tours --k 5 --by lead_time
  whoserves paths payroll sunlark-tours --via crew-scheduling --avoid pilots`,
	})
}
