package main

import "github.com/spf13/cobra"

func (a *app) diffCommand() *cobra.Command {
	return a.question(&cobra.Command{
		Use: "diff [A [B]]",
		Long: `Lists what was added (+), changed (≠) and removed (−) from version A to version
B, and what that did to the risks: who can stop a customer alone. B is the
latest version when it is not given, A the one before B. Version 0 is empty.`,
		Example: `  whoserves diff          what the last import did
  whoserves diff 3 5`,
	})
}
