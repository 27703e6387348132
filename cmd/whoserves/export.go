package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/export"
)

// exporting holds the options of export.
type exporting struct {
	output, as, source string
}

func (a *app) exportCommand() *cobra.Command {
	var o exporting
	c := &cobra.Command{
		Use:   "export",
		Short: "write it as CSV, XLSX, JSON, YAML, GraphML, DOT or Cypher",
		Long: `Writes the organisation in another format, by the end of the file's name:

  FOLDER, .zip   the tables nodes, links, units and people as CSV files
  .xlsx          a workbook with a sheet for each table
  .json, .yaml   the tables as keys
  .graphml       the graph, for Gephi, yEd, Cytoscape or NetworkX
  .dot           the graph, for Graphviz
  .cypher        a script that makes the graph in a Neo4j without whoserves

One source is written as it stands, row by row: importing that as the same source
again changes nothing. Several are merged, one row for each node and link, as
every page shows them. Defaults are not written: what nobody said stays blank. A
text that a spreadsheet would run as a formula gets an apostrophe in front, which
import takes away again. What is at FILE is replaced.`,
		Example: `  whoserves export -o airline.xlsx
  whoserves export -o tables                  # a folder of CSV files
  whoserves export --source hr -o hr.xlsx     # what one source states
  whoserves export --from examples/airline -o - --as yaml
  whoserves export -o org.cypher && cypher-shell -f org.cypher`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return a.export(c.Context(), o) },
	}
	c.Flags().StringVarP(&o.output, "output", "o", "", "the file or folder to write; - writes to stdout")
	c.Flags().StringVar(&o.as, "as", "", formatList()+" (default: by the name of the file)")
	c.Flags().StringVar(&o.source, "source", "", "only what this source states")
	c.RegisterFlagCompletionFunc("as", cobra.FixedCompletions(strings.Split(formatList(), ", "), cobra.ShellCompDirectiveNoFileComp))
	a.storeOption(c)
	a.fromOption(c)
	return c
}

// formatList names the formats: "csv, xlsx, …".
func formatList() string {
	var names []string
	for _, f := range export.Formats() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}

// form is the format that is written.
func (o exporting) form() (export.Format, error) {
	f, known := export.FormatOf(o.output)
	if o.as != "" {
		f = export.Format(o.as)
		known = slices.Contains(export.Formats(), f)
	}
	end := strings.ToLower(filepath.Ext(o.output))
	switch {
	case o.output == "":
		return "", usage("say where to: -o FILE.xlsx, .zip, .json, .yaml, .graphml, .dot or .cypher, or a folder for CSV, or -o - --as FORMAT for stdout")
	case o.output == "-" && o.as == "":
		return "", usage("say in which format: -o - --as json, yaml, graphml, dot or cypher")
	case !known && o.as != "":
		return "", usage("there is no format “%s”: write %s", o.as, formatList())
	case !known:
		return "", usage("“%s” is no name of an export: end it in .xlsx, .zip, .json, .yaml, .graphml, .dot or .cypher, name a folder for CSV, or say --as", o.output)
	case o.output == "-" && !f.IsText():
		return "", usage("%s is not one text: name a file, or a folder for CSV", strings.ToUpper(string(f)))
	case f == export.CSV && end != "" && end != ".zip" && !isFolder(o.output):
		return "", usage("CSV is a file for each table: name a folder for them, or a .zip")
	}
	return f, nil
}

// export writes the organisation.
func (a *app) export(ctx context.Context, o exporting) error {
	form, err := o.form()
	if err != nil {
		return err
	}
	asFolder := form == export.CSV && strings.ToLower(filepath.Ext(o.output)) != ".zip"
	if err := o.checkPlace(asFolder); err != nil {
		return err
	}
	src, end, err := a.source(ctx)
	if err != nil {
		return err
	}
	defer end()
	s, err := o.part(src.Snapshot)
	if err != nil {
		return err
	}
	stop := a.working("Writing")
	defer stop()
	if !form.IsTable() {
		return a.put(ctx, o.output, func(w io.Writer) error { return export.WriteGraph(w, form, s) })
	}
	var tables *export.Tables
	if sources := s.Org.Sources; len(sources) == 1 {
		tables = export.Stated(sources[0])
	} else {
		tables = export.Merged(s)
	}
	if asFolder {
		err = putFolder(ctx, o.output, tables)
	} else {
		err = a.put(ctx, o.output, func(w io.Writer) error { return tables.Write(w, form) })
	}
	if err != nil {
		return err
	}
	stop()
	if names := sourceNames(s.Org); len(names) > 1 {
		a.say("Merged from %d sources: %s. --source NAME writes what one of them states", len(names), strings.Join(names, ", "))
	}
	for _, note := range tables.Notes {
		a.say("%s", note)
	}
	return nil
}

// part is what is to be written: all, or what one source states.
func (o exporting) part(s *graph.Snapshot) (*graph.Snapshot, error) {
	if o.source == "" {
		return s, nil
	}
	source := s.Org.Source(o.source)
	if source == nil {
		return nil, usage("there is no source “%s”: say one of %s", o.source, strings.Join(sourceNames(s.Org), ", "))
	}
	return graph.NewSnapshot(&graph.Org{Name: s.Org.Name, Version: s.Org.Version, Sources: []*graph.Source{source}}), nil
}

func sourceNames(o *graph.Org) []string {
	var names []string
	for _, s := range o.Sources {
		names = append(names, s.Name)
	}
	return names
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// checkPlace refuses to write a file over a folder, a folder over a file, and into a folder that holds anything but an earlier export.
func (o exporting) checkPlace(asFolder bool) error {
	info, err := os.Stat(o.output)
	switch {
	case o.output == "-", errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !asFolder && info.IsDir():
		return usage("%s is a folder: name a file", o.output)
	case !asFolder:
		return nil
	case !info.IsDir():
		return usage("%s is a file: name a folder for the CSV files, or a .zip", o.output)
	}
	entries, err := os.ReadDir(o.output)
	for _, e := range entries {
		if !slices.Contains(export.Files(), e.Name()) || !e.Type().IsRegular() {
			return usage("the folder %s holds other things, such as %s: name a new folder", o.output, e.Name())
		}
	}
	return err
}

// put writes a file, or stdout, as a whole: what was there stays until the new one is finished.
func (a *app) put(ctx context.Context, path string, write func(io.Writer) error) error {
	if path == "-" {
		return write(stoppable{ctx, a.stdout})
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	mode := fs.FileMode(0o666)
	if info, err := os.Stat(path); err == nil {
		if !info.Mode().IsRegular() { // a device or a pipe
			return putInto(ctx, path, os.O_WRONLY, mode, write)
		}
		mode = info.Mode().Perm()
	}
	unfinished := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%d", filepath.Base(path), os.Getpid()))
	err := putInto(ctx, unfinished, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode, write)
	if err == nil {
		err = os.Rename(unfinished, path)
	}
	if err != nil {
		os.Remove(unfinished)
	}
	if wrong := (*fs.PathError)(nil); errors.As(err, &wrong) && wrong.Path == unfinished {
		wrong.Path = path // that people know
	}
	return err
}

func putInto(ctx context.Context, path string, how int, mode fs.FileMode, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, how, mode)
	if err != nil {
		return err
	}
	return errors.Join(write(stoppable{ctx, f}), f.Close())
}

// putFolder writes the CSV files. A new folder appears when it is whole; in one that is there each file is replaced by a whole one.
func putFolder(ctx context.Context, path string, tables *export.Tables) error {
	path = filepath.Clean(path)
	parent := path
	if !exists(path) {
		parent = filepath.Dir(path)
	}
	unfinished := filepath.Join(parent, fmt.Sprintf(".export.%d", os.Getpid()))
	if err := os.Mkdir(unfinished, 0o777); err != nil {
		return err
	}
	defer os.RemoveAll(unfinished)
	if err := errors.Join(tables.WriteFolder(unfinished), ctx.Err()); err != nil {
		return err
	}
	if parent != path {
		return os.Rename(unfinished, path)
	}
	for _, name := range export.Files() {
		if err := os.Rename(filepath.Join(unfinished, name), filepath.Join(path, name)); err != nil {
			return err
		}
	}
	return nil
}

// stoppable is a writer that fails when the program is told to stop.
type stoppable struct {
	ctx context.Context
	io.Writer
}

func (w stoppable) Write(b []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.Writer.Write(b)
}
