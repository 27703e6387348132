package main

import "github.com/spf13/cobra"

func (a *app) bottlenecksCommand() *cobra.Command {
	return a.question(&cobra.Command{
		Use: "bottlenecks",
		Long: `Lists how full each node is (measured: the volume of what it provides, of its
capacity) and how much of all shortest chains to customers runs through it
(structural).`,
		Example: `  whoserves bottlenecks
  whoserves bottlenecks --exact --format csv`,
	})
}
