package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/phrase"
	"example.com/whoserves/graph/template"
)

// templating holds the options of template.
type templating struct {
	output  string
	confirm bool
	teams   []string
}

func (a *app) templateCommand() *cobra.Command {
	var o templating
	c := &cobra.Command{
		Use:   "template",
		Short: "workbooks to fill in: an empty one, or one for each team",
		Long: `Makes a workbook to be filled in by people: a sheet that says what to do, and
sheets for links, nodes, units and people. Every header is explained by a note,
cells offer the words and names that fit, and each sheet has an example, which
import leaves out.

--confirm makes a workbook for each team and unit that has links, or for those
that --team names, in a new folder. It holds the links of the team as they
stand. The team says of each whether it is still true, writes the date,
corrects the row, adds what is missing, and sends the file back. Imported, a
file states the links that the team said yes to or dated, as declared by it, and
the row about the team itself, answered or not: each file is a source of its
own, a folder of them is one. A link that it denied goes when no other
source states it. Sources imported before rank before it: to have corrections
count, see whoserves sources --rank.

What is there already is never replaced.`,
		Example: `  whoserves template -o whoserves.xlsx
  whoserves import whoserves.xlsx               when it is filled in
  whoserves template --confirm -o to-send       a workbook for each team
  whoserves template --confirm --team payroll -o one
  whoserves import answers/                     the folder with what came back`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return a.template(c.Context(), o) },
	}
	c.Flags().StringVarP(&o.output, "output", "o", "", "the file to write, FILE.xlsx; with --confirm a new folder")
	c.Flags().BoolVar(&o.confirm, "confirm", false, "a workbook for each team, with its links as they stand")
	c.Flags().StringArrayVar(&o.teams, "team", nil, "with --confirm: only for this node; may be repeated")
	c.RegisterFlagCompletionFunc("team", a.completeNode)
	a.storeOption(c)
	a.fromOption(c)
	return c
}

// template makes the workbook, or the folder of them.
func (a *app) template(ctx context.Context, o templating) error {
	if err := a.checkTemplate(o); err != nil {
		return err
	}
	if o.confirm {
		return a.confirmations(ctx, o)
	}
	if err := a.put(ctx, o.output, template.Write); err != nil {
		return err
	}
	a.say("%s is ready to be filled in; then: whoserves import %[1]s", o.output)
	return nil
}

// checkTemplate refuses options that do not go together, and a place where something is.
func (a *app) checkTemplate(o templating) error {
	end := strings.ToLower(filepath.Ext(o.output))
	switch {
	case o.output == "" && o.confirm:
		return usage("say where to: -o FOLDER")
	case o.output == "":
		return usage("say where to: -o FILE.xlsx")
	case !o.confirm && (len(o.teams) > 0 || len(a.from) > 0 || a.store != "" || a.mapFile != ""):
		return usage("--team, --from, --map and --store go with --confirm: an empty workbook is the same for everybody")
	case o.output == "-":
		return usage("a workbook is not one text: name a file, or a folder with --confirm")
	case o.confirm && end == ".xlsx":
		return usage("--confirm makes a workbook for each team: name a folder for them")
	case !o.confirm && end != ".xlsx":
		return usage("“%s” is no name of a workbook: end it in .xlsx", o.output)
	case !o.confirm && exists(o.output):
		return usage("%s is there already, and somebody may have filled it in: name another file, or remove it", o.output)
	case o.confirm && exists(o.output):
		return checkEmpty(o.output)
	}
	return nil
}

// checkEmpty refuses a folder with something in it: workbooks that were filled in may lie there.
func checkEmpty(folder string) error {
	entries, err := os.ReadDir(folder)
	switch {
	case !isFolder(folder):
		return usage("%s is a file: name a new folder", folder)
	case err != nil:
		return err
	case len(entries) > 0:
		return usage("the folder %s holds something already, such as %s: name a new folder", folder, entries[0].Name())
	}
	return nil
}

// confirmations writes the workbooks of teams into a folder, which appears when it is whole.
func (a *app) confirmations(ctx context.Context, o templating) error {
	src, end, err := a.source(ctx)
	if err != nil {
		return err
	}
	defer end()
	s := src.Snapshot
	teams, err := o.asked(s)
	if err != nil {
		return err
	}
	progress, stop := a.progress("Writing", false)
	defer stop()
	all := template.Confirmations(s, teams)
	err = putNewFolder(o.output, func(folder string) error {
		for i, c := range all {
			if progress != nil {
				progress(int64(i), int64(len(all)))
			}
			if err := a.put(ctx, filepath.Join(folder, c.File), c.Write); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	stop()
	a.say("%s in %s, to be sent out. What comes back: whoserves import FOLDER", phrase.Things(len(all), "workbook"), o.output)
	if n := template.Unasked(s, teams); n > 0 && len(o.teams) == 0 {
		a.say("%s are between others than teams and units: --team NODE makes a workbook for one of these", phrase.Things(n, "link"))
	}
	return nil
}

// asked gives the nodes that workbooks are made for.
func (o templating) asked(s *graph.Snapshot) ([]int32, error) {
	if len(o.teams) == 0 {
		teams := template.WithLinks(s)
		if len(teams) == 0 {
			return nil, usage("no team has links to be confirmed: import some first")
		}
		return teams, nil
	}
	var teams []int32
	for _, name := range o.teams {
		v, err := s.Lookup(name)
		if err != nil {
			return nil, err
		}
		teams = append(teams, v)
	}
	return teams, nil
}

// putNewFolder makes a folder that appears when write has filled it. One that is there is empty.
func putNewFolder(path string, write func(folder string) error) error {
	path = filepath.Clean(path)
	unfinished := filepath.Join(filepath.Dir(path), fmt.Sprintf(".template.%d", os.Getpid()))
	if err := os.Mkdir(unfinished, 0o777); err != nil {
		return err
	}
	defer os.RemoveAll(unfinished)
	if err := write(unfinished); err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Rename(unfinished, path)
}
