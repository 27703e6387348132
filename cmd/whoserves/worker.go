package main

import (
	"example.com/whoserves/viewer/render"
	"github.com/spf13/cobra"
)

// workerCommand is how the program starts itself to draw pictures.
func (a *app) workerCommand() *cobra.Command {
	return &cobra.Command{
		Use:    render.WorkerArg,
		Short:  "draw pictures for another process of this program",
		Hidden: true,
		Args:   noArguments,
		RunE:   func(*cobra.Command, []string) error { return render.Work(a.stdin, a.stdout) },
	}
}
