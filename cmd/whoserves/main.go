// Command whoserves shows who serves whom in an organisation, and where the chain to its customers can break or jam.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl+C ends the program at once
	status := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// The exit statuses.
const (
	done    = 0 // also with warnings, without path, risk, customer or data
	wrong   = 2 // wrong usage, bad input, or a question that nobody is there to answer
	trouble = 3 // of the store or the system
)

// run executes one command and gives its exit status. Results go to stdout, words about them to stderr.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr, asks: terminal(stdin) && terminal(stderr)}
	return a.run(ctx, args)
}

func (a *app) run(ctx context.Context, args []string) int {
	root := a.root()
	root.SetArgs(args)
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return done
	}
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		err = errors.New("stopped before it was done")
	}
	var s *statusError
	if !errors.As(err, &s) || s.err != nil {
		fmt.Fprintln(a.stderr, "whoserves:", strings.TrimSpace(err.Error()))
	}
	return a.status(err)
}

// root is the program with all its commands.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "whoserves",
		Short: "who serves whom, and what customers rely on",
		Long: `whoserves shows an organisation who serves whom: which teams, people and
suppliers each team relies on, and through them what every external customer
relies on. It reads spreadsheets, works out where the chain can break or jam,
and draws it.`,
		Example: `  whoserves demo                        an example in the browser, at once
  whoserves import links.csv            your own links: provider,consumer,service
  whoserves risks                       who can stop a customer alone
  whoserves serve                       the pages, on http://127.0.0.1:8080/`,
		SilenceUsage:      true,
		SilenceErrors:     true,
		RunE:              func(c *cobra.Command, _ []string) error { return c.Help() },
		PersistentPreRunE: a.begin,
	}
	root.PersistentFlags().StringVar(&a.org, "org", "default", "the organisation, where a store holds several")
	root.SetUsageTemplate(usageTemplate(root.UsageTemplate()))
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usage("%w. See: %s --help", err, c.CommandPath())
	})
	root.AddCommand(
		a.demoCommand(), a.importCommand(), a.mapCommand(), a.watchCommand(), a.validateCommand(), a.serveCommand(),
		a.showCommand(), a.risksCommand(), a.bottlenecksCommand(), a.rippleCommand(), a.pathsCommand(), a.drawCommand(), a.exportCommand(), a.templateCommand(),
		a.historyCommand(), a.diffCommand(), a.undoCommand(), a.editCommand(), a.sourcesCommand(), a.reconcileCommand(), a.orgsCommand(),
		a.refreshCommand(), a.copyCommand(), a.schemaCommand(), a.versionCommand(), a.workerCommand())
	return root
}
