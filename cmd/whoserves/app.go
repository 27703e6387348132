package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/user"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/answer"
	"example.com/whoserves/viewer/diagram"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// app holds what all commands share: where words go, and the options that several commands have.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	asks           bool // somebody is there to answer a question

	org     string
	store   string // --store; "" not given
	neo4j   neo4jOptions
	from    []string // --from
	mapFile string   // --map
	format  string   // --format
	begun   bool     // the command line was understood
	anyOrg  bool     // it does not matter whether the store holds the organisation
	warned  bool     // of a password that others can read
}

// begin checks the options that several commands have.
func (a *app) begin(c *cobra.Command, _ []string) error {
	if f := c.Flags().Lookup("format"); f != nil && f.DefValue == "text" && !slices.Contains(formats, a.format) {
		return usage("there is no format “%s”: write %s", a.format, strings.Join(formats, ", "))
	}
	if a.store != "" && len(a.from) > 0 {
		return usage("give either --store or --from: one organisation comes from a store, the other from files")
	}
	if err := checkName(a.org); err != nil {
		return err
	}
	a.begun = true
	return nil
}

// checkName refuses what cannot be the name of an organisation.
func checkName(org string) error {
	if graph.CheckOrgName(org) != nil {
		return usage("“%s” is no name of an organisation: give it a name without /", org)
	}
	return nil
}

var formats = []string{"text", "json", "csv"}

func (a *app) storeOption(c *cobra.Command) {
	c.Flags().StringVar(&a.store, "store", "", "a file or a Neo4j (default $WHOSERVES_STORE, else whoserves.db)")
	a.neo4j.add(c)
}

func (a *app) fromOption(c *cobra.Command) {
	c.Flags().StringArrayVar(&a.from, "from", nil, "read this file or folder instead of a store; may be repeated")
	a.mapOption(c)
}

func (a *app) formatOption(c *cobra.Command) {
	c.Flags().StringVar(&a.format, "format", "text", "text, json or csv")
	c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
}

// write writes an answer in the format that was asked for.
func (a *app) write(ans answer.Answer) error {
	switch a.format {
	case "json":
		return a.writeJSON(ans)
	case "csv":
		return ans.WriteCSV(a.stdout)
	}
	return ans.WriteText(a.stdout, a.width())
}

func (a *app) writeJSON(v any) error {
	enc := json.NewEncoder(a.stdout)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// width is the width of text: that of the terminal up to 100 columns, else 80.
func (a *app) width() int {
	if f, ok := a.stdout.(*os.File); ok {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			return min(w, 100)
		}
	}
	return 80
}

// say writes a line of words to stderr.
func (a *app) say(format string, args ...any) {
	fmt.Fprintln(a.stderr, strings.TrimSpace(fmt.Sprintf(format, args...)))
}

// usage makes an error about how the program was used.
func usage(format string, args ...any) error {
	return &statusError{wrong, fmt.Errorf(format, args...)}
}

// statusError is an error with an exit status. Without err nothing is left to say.
type statusError struct {
	status int
	err    error
}

func (e *statusError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *statusError) Unwrap() error { return e.err }

// status gives the exit status of an error.
func (a *app) status(err error) int {
	var status *statusError
	var question *answer.QuestionError
	var unknown *graph.UnknownError
	var view *diagram.QueryError
	var later *graph.LaterChangesError
	var target *graph.TargetError
	var correction *graph.CorrectionError
	switch {
	case errors.As(err, &status):
		return status.status
	case errors.As(err, &question), errors.As(err, &unknown), errors.As(err, &view), errors.As(err, &later),
		errors.As(err, &target), errors.As(err, &correction), errors.Is(err, graph.ErrNoVersion), !a.begun:
		return wrong
	}
	return trouble
}

// terminal says whether a stream is a terminal.
func terminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// who is the person at the keyboard.
func who() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return os.Getenv("USER")
}

// exists says whether there is something at a path.
func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
