package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/importer"
	"example.com/whoserves/importer/kept"
	"github.com/spf13/cobra"
)

// afresh, in the place of a file, makes --map forget what was decided before.
const afresh = "none"

func (a *app) mapCommand() *cobra.Command {
	var o importer.Options
	output := "-"
	c := &cobra.Command{
		Use:   "map FILE-OR-FOLDER...",
		Short: "write how files are read, to be corrected",
		Long: `Writes how each sheet and column of files is read, and why, as YAML: correct
what is wrong and import with --map. It holds for next month's files as well:
the date in a file's name does not count, and columns are found by their
headers. An import keeps it with the source and reads the next file of the
source by it; so does map, unless --map says otherwise.

Names that may mean one thing, in the files or in the store, stand there as
comments with the reasons: take away the # of what is right.`,
		Example: `  whoserves map links.csv
  whoserves map orgs.xlsx -o map.yaml
  whoserves import --map map.yaml orgs.xlsx`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return a.writeMap(c.Context(), args, o, output) },
	}
	readOptions(c, &o)
	a.mapOption(c)
	a.storeOption(c)
	c.Flags().StringVarP(&output, "output", "o", "-", "the file to write; - is stdout")
	return c
}

// mapOption adds the option that names a mapping.
func (a *app) mapOption(c *cobra.Command) {
	c.Flags().StringVar(&a.mapFile, "map", "", "read sheets and columns as this `file` of whoserves map says; none: as if nothing had been decided before")
}

// writeMap writes how files are read.
func (a *app) writeMap(ctx context.Context, paths []string, o importer.Options, output string) error {
	m, err := a.mapping()
	if err != nil {
		return err
	}
	o.Mapping = m
	if a.mapFile == "" {
		before, err := a.keptMappings(ctx)
		if err != nil {
			return err
		}
		o.Mappings = func(source string) *importer.Mapping { return before[source] }
	}
	res, err := a.read(ctx, paths, o)
	if err != nil {
		return err
	}
	for _, e := range res.Examples {
		a.say("%s", e)
	}
	for _, q := range res.Questions {
		a.say("To be decided: %s", asked(q))
	}
	near, err := a.nearHere(ctx, res)
	if err != nil {
		return err
	}
	return a.put(ctx, output, func(w io.Writer) error { return importer.WriteMapping(w, res.Readings, settledNames(res), near) })
}

// mapping reads the file that --map names; nil where it names none.
func (a *app) mapping() (*importer.Mapping, error) {
	if a.mapFile == "" || a.mapFile == afresh {
		return nil, nil
	}
	text, err := os.ReadFile(a.mapFile)
	if err != nil {
		return nil, usage("--map: %w. Write one with: whoserves map FILE -o %s", err, a.mapFile)
	}
	m, err := importer.ParseMapping(text)
	if err != nil {
		return nil, usage("--map %s: %w", a.mapFile, err)
	}
	return m, nil
}

// keptMappings are what a store holds about how sources are read.
type keptMappings map[string]*importer.Mapping

// keptMappings gets what was decided in earlier imports, by source.
func (a *app) keptMappings(ctx context.Context) (keptMappings, error) {
	st, err := a.storeFor(ctx, true)
	if err != nil {
		return nil, err
	}
	defer st.Close()
	kinds, err := st.DocumentKinds(ctx)
	if err != nil || !slices.Contains(kinds, importer.MappingKind) {
		return nil, err
	}
	sources, err := st.Documents(ctx, importer.MappingKind)
	if err != nil {
		return nil, err
	}
	all := keptMappings{}
	for _, source := range sources {
		m, err := kept.Get(ctx, st, source)
		if err != nil {
			return nil, fmt.Errorf("what was decided for the source “%s” cannot be read (say --map none to read it afresh): %w", source, err)
		}
		if m == nil {
			continue // taken away meanwhile
		}
		all[source] = m
	}
	return all, nil
}

// readMapped reads what import names, as --map says or else as was decided in earlier imports, and asks what has to be decided. Questions that
// nobody answers are left in the result.
func (a *app) readMapped(ctx context.Context, paths []string, o importing) (*importer.Result, keptMappings, error) {
	m, err := a.mapping()
	if err != nil {
		return nil, nil, err
	}
	before, err := a.keptMappings(ctx)
	if err != nil && a.mapFile == "" {
		return nil, nil, err
	}
	now := keptMappings{} // what is asked for now
	if o.read.Mapping = m; a.mapFile == "" {
		for source, m := range before {
			now[source] = m
		}
	}
	o.read.Mappings = func(source string) *importer.Mapping { return now[source] }
	for {
		res, err := a.readGiven(ctx, paths, o)
		if err != nil || len(res.Questions) == 0 || !a.asks {
			return res, before, err
		}
		for _, q := range res.Questions {
			d, err := a.decide(ctx, q)
			if err != nil || d == "" {
				return res, before, err
			}
			if o.read.Mapping != nil {
				o.read.Mapping = o.read.Mapping.Decide(q.Place, d)
			} else {
				now[q.Source] = now[q.Source].Decide(q.Place, d)
			}
		}
	}
}

// sayMappings says which sources are read as was decided in earlier imports.
func (a *app) sayMappings(res *importer.Result) {
	if a.mapFile != "" {
		return
	}
	for _, s := range res.Sources {
		if m := res.Mappings[s.Name]; m != nil && m.Decided != "" {
			a.say("“%s” is read as was decided on %s; --map none reads it afresh.", s.Name, m.Decided)
		}
	}
}

// decide asks a question. "" is no answer.
func (a *app) decide(ctx context.Context, q importer.Question) (importer.Direction, error) {
	fmt.Fprint(a.stderr, asked(q)+" [1/2] ")
	answer, err := a.answer(ctx)
	if err != nil {
		return "", err
	}
	for i, c := range q.Choices {
		if answer == fmt.Sprint(i+1) || answer == string(c.Direction) {
			return c.Direction, nil
		}
	}
	return "", nil
}

// asked writes a question and its answers.
func asked(q importer.Question) string {
	var b strings.Builder
	b.WriteString(q.String())
	for i, c := range q.Choices {
		fmt.Fprintf(&b, "\n  %d  %-15s %s", i+1, c.Direction, c.Means)
	}
	return b.String()
}

// openQuestions gives the error for questions that nobody answered; nil where there are none.
func openQuestions(res *importer.Result) error {
	if len(res.Questions) == 0 {
		return nil
	}
	var all []string
	for _, q := range res.Questions {
		all = append(all, asked(q))
	}
	return fmt.Errorf("who serves whom has to be decided first:\n%s\nSay --direction provider-first or --direction consumer-first, or decide it for each sheet: whoserves map FILE -o map.yaml, then --map map.yaml",
		strings.Join(all, "\n"))
}

// keepMappings keeps with each source how it was read, and forgets what no longer holds; before is nil where that could not be read.
func (a *app) keepMappings(ctx context.Context, st graph.Store, res *importer.Result, before keptMappings) error {
	for _, s := range res.Sources {
		was, now := before[s.Name], res.Mappings[s.Name]
		had, has := kept.Text(keptMappings{s.Name: was}), kept.Text(keptMappings{s.Name: now})
		if a.mapFile == "" && now == nil || before != nil && had == has {
			continue
		}
		if err := kept.Put(ctx, st, s.Name, now); err != nil {
			return err
		}
	}
	return nil
}
