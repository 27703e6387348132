package main

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/answer"
	"example.com/whoserves/graph/sqlitestore"
	"example.com/whoserves/importer"
)

// storePath is the local file that --store or the environment names.
func (a *app) storePath() (string, error) {
	uri := cmp.Or(a.store, os.Getenv("WHOSERVES_STORE"), "whoserves.db")
	scheme, rest, ok := strings.Cut(uri, "://")
	switch {
	case !ok:
		return uri, nil
	case scheme == "file" || scheme == "sqlite":
		return rest, nil
	case slices.Contains([]string{"neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc"}, scheme):
		return "", &statusError{trouble, errors.New("this build cannot reach Neo4j yet: name a local file, such as whoserves.db")}
	}
	return "", usage("“%s” is no store: name a local file, such as whoserves.db", uri)
}

// openToWrite opens the store, making the file when there is none.
func (a *app) openToWrite(ctx context.Context) (graph.Store, error) {
	path, err := a.storePath()
	if err != nil {
		return nil, err
	}
	return sqlitestore.Open(ctx, path, a.org)
}

// openToRead opens the store to answer from it, and says so when there is none.
func (a *app) openToRead(ctx context.Context) (graph.Store, error) {
	st, err := a.openIfThere(ctx)
	if _, none := st.(emptyStore); none {
		path, _ := a.storePath()
		what := "does not exist"
		if exists(path) {
			what = "is empty"
		}
		a.say("There is no data yet: %s %s. Import something first: whoserves import links.csv", path, what)
	}
	return st, err
}

// openIfThere opens the store to look only; where there is no file, or one without a byte, an empty store stands for it and
// nothing is created.
func (a *app) openIfThere(ctx context.Context) (graph.Store, error) {
	path, err := a.storePath()
	if err != nil {
		return nil, err
	}
	st, err := sqlitestore.OpenReadOnly(ctx, path, a.org)
	var old *sqlitestore.FormatError
	switch {
	case errors.As(err, &old) && old.Have < old.Known: // brought up to date after a copy
		return sqlitestore.Open(ctx, path, a.org)
	case errors.Is(err, fs.ErrNotExist):
		return emptyStore{name: a.org}, nil
	case err != nil:
		return nil, err
	}
	return st, nil
}

// source opens what questions are put to: the store, or the files that --from names.
func (a *app) source(ctx context.Context) (*answer.Source, func(), error) {
	if len(a.from) > 0 {
		s, err := a.files(ctx)
		return &answer.Source{Snapshot: s}, func() {}, err
	}
	st, err := a.openToRead(ctx)
	if err != nil {
		return nil, nil, err
	}
	end := func() { st.Close() }
	org, err := a.load(ctx, st)
	if err != nil {
		end()
		return nil, nil, err
	}
	return &answer.Source{Snapshot: graph.NewSnapshot(org), Store: st}, end, nil
}

// load loads the organisation.
func (a *app) load(ctx context.Context, st graph.Store) (*graph.Org, error) {
	if err := a.checkOrg(ctx, st); err != nil {
		return nil, err
	}
	return st.Load(ctx)
}

// checkOrg refuses an organisation that a store does not hold although it holds others: --org is missing or wrong.
func (a *app) checkOrg(ctx context.Context, st graph.Store) error {
	names, err := st.Orgs(ctx)
	if err != nil || len(names) == 0 || a.anyOrg || slices.Contains(names, a.org) {
		return err
	}
	return usage("there is no organisation “%s” in this store. Say --org with one of: %s", a.org, strings.Join(names, ", "))
}

// files reads the files that --from names. A row that does not count is an error: the answers would be about less than the
// files say.
func (a *app) files(ctx context.Context) (*graph.Snapshot, error) {
	res, err := a.read(ctx, a.from, importer.Options{})
	if err != nil {
		return nil, err
	}
	res.Org.Name = a.org
	s := graph.NewSnapshot(res.Org)
	v := answer.NewValidation(slices.Concat(res.Problems, s.Problems))
	n := v.Errors()
	if n == 0 {
		return s, nil
	}
	const most = 100
	bad := slices.DeleteFunc(v.Problems, func(p graph.Problem) bool { return p.Severity != graph.Error })
	for _, p := range bad[:min(n, most)] {
		a.say("%s", p)
	}
	if n > most {
		a.say("and %d more (whoserves validate tells of them)", n-most)
	}
	return nil, usage("%s: correct the files, or import them to go on without that", errorCount(n))
}

// read reads files, with progress.
func (a *app) read(ctx context.Context, paths []string, o importer.Options) (*importer.Result, error) {
	progress, end := a.progress("Reading")
	defer end()
	o.Progress = progress
	res, err := importer.Read(ctx, paths, o)
	if err != nil && ctx.Err() == nil {
		return nil, &statusError{wrong, err}
	}
	return res, err
}

// emptyStore stands for a store that is not there: it can be read, and is not created by that.
type emptyStore struct {
	graph.Store // nil: whatever would write is never called
	name        string
}

func (s emptyStore) Version(context.Context) (int64, error) { return 0, nil }
func (s emptyStore) Load(context.Context) (*graph.Org, error) {
	return &graph.Org{Name: s.name}, nil
}
func (s emptyStore) Changes(_ context.Context, from, to int64) (*graph.ChangeSet, error) {
	if from != 0 || to != 0 {
		return nil, graph.ErrNoVersion
	}
	return &graph.ChangeSet{}, nil
}
func (s emptyStore) History(context.Context) ([]graph.VersionRecord, error) { return nil, nil }
func (s emptyStore) Orgs(context.Context) ([]string, error)                 { return nil, nil }
func (s emptyStore) DocumentKinds(context.Context) ([]string, error)        { return nil, nil }
func (s emptyStore) Close() error                                           { return nil }
