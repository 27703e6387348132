package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/answer"
	"example.com/whoserves/importer"
	"example.com/whoserves/importer/kept"
	"github.com/spf13/cobra"
)

// importing holds the options of import.
type importing struct {
	read                importer.Options
	dryRun, strict, yes bool
	cypher              string // file with a query; "": none
}

func (a *app) importCommand() *cobra.Command {
	var o importing
	c := &cobra.Command{
		Use:   "import FILE-OR-FOLDER...",
		Short: "import files into the store",
		Long: `Imports workbooks (XLSX, ODS), CSV, JSON, JSON lines and YAML files, or
folders of them. A table is known by the name of its file or sheet (nodes,
links, units, people) or by its headers; links need provider and consumer,
nodes an id or a name.

Also GraphML, GEXF, DOT, Backstage catalogs, Kumu, draw.io CSV, ArchiMate Open
Exchange and the CSV of Archi and neo4j-admin. Where such a file does not say
who serves whom, --direction does; an example sentence shows how it was read.

With --cypher the rows of a query on a Neo4j of your own are a table, called
after the file of the query; its columns are the headers.

Where what files hold points both ways, it asks who serves whom, or stops when
nobody is there to answer. What --direction, --map or an answer decided is kept
with the source, for its next file; --map none reads it afresh.

Each file is a source of its own, named by the file; a folder is one source.
Importing a source again replaces what it said before: rows that are gone from
the file go from the store. Other sources stay as they are. Rows that cannot be
understood are reported and left out.

It says what changed and what that does to the risks: who can stop a customer
alone now and could not before, and the other way round.

Exit status: 0 done, also with warnings; 2 a row was left out, or a question
stands open.`,
		Example: `  whoserves import links.csv
  whoserves import nodes.csv links.csv people.csv
  whoserves import --dry-run links-2026-12.csv    see what would change
  whoserves import --direction consumer-first a.graphml  arrows lead to providers
  whoserves import --map map.yaml orgs.xlsx       read as whoserves map wrote
  whoserves import neo4j://crm.example:7687 --cypher links.cypher
  whoserves import --strict --source hr export/   all or nothing, source “hr”`,
		RunE: func(c *cobra.Command, args []string) error { return a.importFiles(c.Context(), args, o) },
	}
	readOptions(c, &o.read)
	a.mapOption(c)
	c.Flags().BoolVar(&o.dryRun, "dry-run", false, "show what would change, change nothing")
	c.Flags().StringVar(&o.cypher, "cypher", "", "import the rows of the query in this `file` from a Neo4j")
	c.Flags().BoolVar(&o.strict, "strict", false, "import nothing when a row does not count or a name is described nowhere")
	c.Flags().BoolVar(&o.yes, "yes", false, "do not ask before a third of what a source said is removed")
	a.storeOption(c)
	a.formatOption(c)
	return c
}

func readOptions(c *cobra.Command, o *importer.Options) {
	c.Flags().StringVar(&o.Source, "source", "", "all files together are this source (default: each file its own)")
	c.Flags().StringVar((*string)(&o.Direction), "direction", "", "who serves where a file does not say it: provider-first or consumer-first")
	c.Flags().StringVar(&o.Encoding, "encoding", "", "the encoding of the files, such as windows-1252 (default: found out)")
}

// importFiles reads files, imports them and writes what that did.
func (a *app) importFiles(ctx context.Context, paths []string, o importing) error {
	res, before, err := a.readMapped(ctx, paths, o)
	if err != nil {
		return err
	}
	a.sayMappings(res)
	for _, e := range res.Examples {
		a.say("%s", e)
	}
	lookOnly := o.dryRun || len(res.Org.Sources) == 0 || len(res.Questions) > 0
	st, err := a.storeFor(ctx, lookOnly)
	if err != nil {
		return err
	}
	defer st.Close()
	if !lookOnly {
		if err := a.refreshFirst(ctx, st); err != nil {
			return err
		}
	}
	stop := a.working("Comparing")
	defer stop()
	var result *answer.Import
	confirm := func(p *graph.Preview) error {
		stop()
		problems := answer.ImportProblems(p, res.Problems, res.Files)
		res.NameColumns(problems)
		if !p.Changes.Empty() {
			problems = append(problems, nameProblems(nearNames(p.After, res))...)
		}
		result = answer.NewImport(p, p.Changes.Base, problems, o.dryRun)
		if o.dryRun {
			if err := a.addRisks(ctx, result, p); err != nil {
				return err
			}
		}
		return a.confirm(ctx, p, res, result, o)
	}
	record := graph.VersionRecord{By: who(), Program: version(), Files: res.Files, Mapping: kept.Text(res.Mappings)}
	p, now, err := graph.Commit(ctx, st, res.Org, record, confirm)
	var why *keptError
	switch {
	case errors.As(err, &why):
		return a.kept(result, why)
	case err != nil:
		return err
	}
	if err := a.keepMappings(ctx, st, res, before); err != nil {
		a.say("The import is done, but how its files were read was not kept (say --map again next time): %v", err)
	}
	return a.imported(a.done(ctx, p, now, result.Problems))
}

// addRisks says in a result what the preview does to the risks.
func (a *app) addRisks(ctx context.Context, result *answer.Import, p *graph.Preview) (err error) {
	defer a.working("Working out the risks")()
	result.Risks, err = answer.RisksOf(ctx, p)
	return err
}

// done describes what an import or undo did, which led to version now. It is done also when there is no time left to work out what
// that does to the risks.
func (a *app) done(ctx context.Context, p *graph.Preview, now int64, problems []graph.Problem) *answer.Import {
	result := answer.NewImport(p, now, problems, false)
	if err := a.addRisks(ctx, result, p); err != nil {
		a.say("What this does to the risks was not worked out: %v", err)
	}
	return result
}

// storeFor opens the store; to look only, it is not created.
func (a *app) storeFor(ctx context.Context, lookOnly bool) (graph.Store, error) {
	p, err := a.location()
	if err != nil {
		return nil, err
	}
	if lookOnly {
		return p.openIfThere(ctx, a.org)
	}
	return p.open(ctx, a.org)
}

// keptError says why an import was not done. Without a reason it was not meant to be.
type keptError struct{ reason error }

func (e *keptError) Error() string {
	if e.reason == nil {
		return "dry run"
	}
	return e.reason.Error()
}

// confirm refuses what is not to be imported: a dry run, a strict one with problems, a large removal that nobody allows.
func (a *app) confirm(ctx context.Context, p *graph.Preview, res *importer.Result, result *answer.Import, o importing) error {
	if err := openQuestions(res); err != nil {
		return &keptError{err}
	}
	if o.strict {
		if n := result.Errors(); n > 0 {
			return &keptError{fmt.Errorf("nothing was imported (--strict): %s", errorCount(n))}
		}
		if names := answer.NewPlaceholders(p, res.Org); len(names) > 0 {
			return &keptError{fmt.Errorf("nothing was imported (--strict): described nowhere, only referred to: %s", someOf(names))}
		}
	}
	if o.dryRun {
		return &keptError{}
	}
	if len(p.Shrinking) > 0 && !o.yes {
		return a.allow(ctx, p.Shrinking)
	}
	return nil
}

// errorCount writes how many problems are errors.
func errorCount(n int) string {
	if n == 1 {
		return "1 problem is an error, and what it is about does not count"
	}
	return fmt.Sprintf("%d problems are errors, and what they are about does not count", n)
}

// someOf lists the first names, and how many more there are.
func someOf(names []string) string {
	const most = 10
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// allow asks whether a large removal is meant.
func (a *app) allow(ctx context.Context, shrinking []graph.Shrinking) error {
	var what []string
	for _, s := range shrinking {
		what = append(what, fmt.Sprintf("the source “%s” would lose %d of %d facts", s.Source, s.Removed, s.Of))
	}
	question := fmt.Sprintf("With this import %s (a fact is a row, or a field that it states). Import it all the same?", strings.Join(what, " and "))
	if !a.asks {
		return &keptError{errors.New(question + " Nobody is here to answer, so nothing was imported: say --yes, or look with --dry-run")}
	}
	fmt.Fprint(a.stderr, question+" [y/N] ")
	switch answer, err := a.answer(ctx); {
	case err != nil:
		return err
	case answer == "y" || answer == "yes":
		return nil
	}
	return &keptError{errors.New("nothing was imported")}
}

// answer reads a line from the person at the terminal, who may also end the program.
func (a *app) answer(ctx context.Context) (string, error) {
	line := make(chan string, 1)
	go func() {
		l, _ := bufio.NewReader(a.stdin).ReadString('\n') // an end without an answer is a no
		line <- l
	}()
	select {
	case l := <-line:
		return strings.ToLower(strings.TrimSpace(l)), nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// kept writes the result of an import that was not done.
func (a *app) kept(result *answer.Import, why *keptError) error {
	if why.reason == nil {
		return a.imported(result)
	}
	result.NothingDone()
	if err := a.write(result); err != nil {
		return err
	}
	return &statusError{wrong, why.reason}
}

// imported writes a result; rows that do not count make the exit status.
func (a *app) imported(result *answer.Import) error {
	if err := a.write(result); err != nil {
		return err
	}
	if n := result.Errors(); n > 0 {
		return &statusError{wrong, errors.New(errorCount(n))}
	}
	return nil
}
