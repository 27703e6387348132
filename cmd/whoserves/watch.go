package main

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"example.com/whoserves/importer"
	"github.com/spf13/cobra"
)

// watching holds the options of watch.
type watching struct {
	importing
	every time.Duration
}

func (a *app) watchCommand() *cobra.Command {
	var o watching
	c := &cobra.Command{
		Use:   "watch FOLDER",
		Short: "import the files of a folder whenever they are saved",
		Long: `Imports what lies in a folder, and imports each file again when it is saved,
until it is stopped with Ctrl+C. Each file is a source of its own, and so is
each folder in it, as if it were given to import; what was decided about a
source (map) holds. Of new files of one source only the one that changed last
counts. Pages that are open say that there is a new version.

A file that is still being written waits. A file that is gone changes nothing:
what it said stays. An import that would remove more than a third of what a
source said is not done, unless --yes was said; neither is one that has a
question. When the file is saved again it is tried again.

It looks at names, sizes and times, so it works on network drives too.`,
		Example: `  whoserves watch exports/
  whoserves watch --every 10s --store neo4j://localhost exports/`,
		Args: exactlyOneFolder,
		RunE: func(c *cobra.Command, args []string) error { return a.watch(c.Context(), args[0], o) },
	}
	c.Flags().DurationVar(&o.every, "every", time.Second, "how long between two looks at the folder")
	c.Flags().BoolVar(&o.yes, "yes", false, "import also what removes more than a third of what a source said")
	c.Flags().BoolVar(&o.strict, "strict", false, "import nothing of a file when a row of it does not count or a name is described nowhere")
	c.Flags().StringVar(&o.read.Encoding, "encoding", "", "the encoding of the files, such as windows-1252 (default: found out)")
	a.storeOption(c)
	a.formatOption(c)
	return c
}

func exactlyOneFolder(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usage("name the folder to watch: whoserves watch FOLDER")
	}
	switch info, err := os.Stat(args[0]); {
	case err != nil:
		return usage("%s cannot be watched: %w", args[0], errors.Unwrap(err))
	case !info.IsDir():
		return usage("%s is no folder: name the folder that the file lies in, or import the file", args[0])
	}
	return nil
}

// retry is after how long an import that the store did not take is tried again.
const retry = 15 * time.Second

// watch imports what settles in a folder. Only its end by the context ends it.
func (a *app) watch(ctx context.Context, folder string, o watching) error {
	if o.every < 10*time.Millisecond {
		return usage("--every: look at most a hundred times a second")
	}
	a.asks = false // nobody is there to answer
	a.say("Watching %s. Stop with Ctrl+C.", folder)
	f := watched{done: map[string]string{}}
	tick := time.NewTicker(o.every)
	defer tick.Stop()
	for {
		if time.Now().After(f.pause) {
			a.importSettled(ctx, &f, folder, o)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// watched is what is known of a folder.
type watched struct {
	seen   map[string]string // the last look: stamps by path
	done   map[string]string // what was imported, or refused
	pause  time.Time         // until then nothing is tried, since the store was in trouble
	silent bool              // that the folder cannot be looked at was said
}

// importSettled imports what is new and was the same in two looks.
func (a *app) importSettled(ctx context.Context, f *watched, folder string, o watching) {
	now, err := stampsOf(folder)
	if err != nil {
		if !f.silent {
			a.say("%s cannot be looked at just now: %v", folder, err)
		}
		f.silent = true
		return
	}
	f.silent = false
	for path := range f.done {
		if _, there := now[path]; !there {
			delete(f.done, path)
			a.say("%s is gone; what it said stays.", path)
		}
	}
	var settled []string
	for path, stamp := range now {
		if f.seen[path] == stamp && f.done[path] != stamp {
			settled = append(settled, path)
		}
	}
	f.seen = now
	for _, path := range settled {
		f.done[path] = now[path]
	}
	for _, path := range newest(settled) {
		if ctx.Err() != nil {
			return
		}
		err := a.importFiles(ctx, []string{path}, o.importing)
		if err != nil && ctx.Err() == nil {
			a.say("%s: %s", path, strings.TrimSpace(err.Error()))
		}
		if err != nil && a.status(err) == trouble {
			delete(f.done, path)
			f.pause = time.Now().Add(retry)
			a.say("It is tried again in %s.", retry)
		}
	}
}

// stampsOf looks at what lies in a folder.
func stampsOf(folder string) (map[string]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	stamps := map[string]string{}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		path := filepath.Join(folder, e.Name())
		stamp, err := importer.Stamp(path)
		switch {
		case errors.Is(err, os.ErrNotExist): // gone between two looks
		case err != nil:
			return nil, err
		case stamp != "":
			stamps[path] = stamp
		}
	}
	return stamps, nil
}

// newest gives of the paths of each source the one that changed last, such as the November of links-2026-10.csv and links-2026-11.csv:
// the other is what it replaces. Sorted by source.
func newest(paths []string) []string {
	changed, last := map[string]time.Time{}, map[string]string{}
	slices.Sort(paths)
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			continue // gone meanwhile
		}
		changed[p] = info.ModTime()
		source := importer.SourceName(p)
		if info.IsDir() {
			source = filepath.Base(p)
		}
		if other, ok := last[source]; !ok || !changed[p].Before(changed[other]) {
			last[source] = p
		}
	}
	return slices.Sorted(maps.Values(last))
}
