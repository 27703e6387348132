package main

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"example.com/whoserves/examples"
	"example.com/whoserves/graph"
	"example.com/whoserves/graph/sqlitestore"
	"example.com/whoserves/importer"
	"example.com/whoserves/viewer"
	"github.com/spf13/cobra"
)

func (a *app) demoCommand() *cobra.Command {
	var o serving
	c := &cobra.Command{
		Use:   "demo [NAME]",
		Short: "an example in the browser, at once",
		Long: `Imports an example organisation into a temporary store and serves it until it
is stopped with Ctrl+C; then the store is gone. Examples:` + strings.Join(examples.Names(), ", ") + `.`,
		Example: `  whoserves demo
  whoserves demo --listen 127.0.0.1:9000`,
		ValidArgs: examples.Names(),
		RunE: func(c *cobra.Command, args []string) error {
			o.anyPort = !c.Flags().Changed("listen")
			return a.demo(c.Context(), args, o)
		},
	}
	o.options(c)
	return c
}

// demo serves an example.
func (a *app) demo(ctx context.Context, args []string, o serving) error {
	if len(args) > 1 {
		return usage("demo opens one example at a time")
	}
	name := examples.Names()[0]
	if len(args) == 1 {
		name = args[0]
	}
	if !slices.Contains(examples.Names(), name) {
		return usage("there is no example “%s”. There are: %s", name, strings.Join(examples.Names(), ", "))
	}
	if err := o.check(); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "whoserves-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	st, err := sqlitestore.Open(ctx, filepath.Join(dir, "demo.db"), a.org)
	if err != nil {
		return err
	}
	defer st.Close()
	tree, err := examples.Open(name)
	if err != nil {
		return err
	}
	if err := importExample(ctx, st, tree, name); err != nil {
		return err
	}
	return a.show(ctx, o, viewer.Config{Store: st, OrgName: titleOf(tree), Drafts: filepath.Join(dir, "drafts")})
}

// titleOf gives the heading of the README.md of an example: the name of its organisation.
func titleOf(tree fs.FS) string {
	readme, err := fs.ReadFile(tree, "README.md")
	if err != nil {
		return ""
	}
	first, _, _ := strings.Cut(string(readme), "\n")
	return strings.TrimSpace(strings.TrimLeft(first, "# "))
}

// importExample puts an example into a store.
func importExample(ctx context.Context, st graph.Store, tree fs.FS, name string) error {
	files, err := csvFiles(tree, name)
	if err != nil {
		return err
	}
	res, err := importer.ReadFiles(ctx, files, importer.Options{})
	if err != nil {
		return err
	}
	_, _, err = graph.Commit(ctx, st, res.Org, graph.VersionRecord{By: "demo", Program: version(), Files: res.Files}, nil)
	return err
}

// csvFiles lists the CSV files of an example, as one folder.
func csvFiles(tree fs.FS, folder string) ([]importer.File, error) {
	var files []importer.File
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".csv" {
			return err
		}
		files = append(files, importer.File{Name: path.Join(folder, name), Open: func() (io.ReadCloser, error) { return tree.Open(name) }})
		return nil
	})
	return files, err
}
