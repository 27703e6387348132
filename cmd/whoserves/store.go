package main

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/answer"
	"example.com/whoserves/graph/neo4jstore"
	"example.com/whoserves/graph/sqlitestore"
	"example.com/whoserves/importer"
)

// location is where organisations are kept: a local file, or a Neo4j.
type location struct {
	path  string             // of the local file
	neo4j *neo4jstore.Config // nil: a local file
}

func (p location) String() string {
	if p.neo4j != nil {
		return p.neo4j.URI
	}
	return p.path
}

// location is the store that --store or the environment names.
func (a *app) location() (location, error) {
	return a.locationOf(cmp.Or(a.store, os.Getenv("WHOSERVES_STORE"), "whoserves.db"))
}

// locationOf is the store that an address names. What it says about a bad one does not repeat it: a password may stand in it.
func (a *app) locationOf(uri string) (location, error) {
	scheme, rest, ok := strings.Cut(uri, "://")
	switch {
	case ok && strings.Contains(rest, "@") && scheme != "file" && scheme != "sqlite":
		return location{}, usage("the address of a store must not hold a user or password: leave out what comes before the @, " +
			"and set $NEO4J_USERNAME and $NEO4J_PASSWORD or say --neo4j-password-file")
	case neo4jstore.IsURI(uri):
		c, err := a.neo4jConfig(uri)
		return location{neo4j: c}, err
	case !ok:
		return location{path: uri}, nil
	case scheme == "file" || scheme == "sqlite":
		return location{path: rest}, nil
	}
	return location{}, usage("“%s://” is no store: name a local file, such as whoserves.db, or a Neo4j, such as neo4j://host:7687", scheme)
}

// openToWrite opens the store, making it when there is none.
func (a *app) openToWrite(ctx context.Context) (graph.Store, error) {
	p, err := a.location()
	if err != nil {
		return nil, err
	}
	return p.open(ctx, a.org)
}

// open opens a store for an organisation, making it when there is none.
func (p location) open(ctx context.Context, org string) (graph.Store, error) {
	if p.neo4j != nil {
		lean()
		return neo4jstore.Open(ctx, *p.neo4j, org)
	}
	return sqlitestore.Open(ctx, p.path, org)
}

// lean keeps memory near what is needed, unless the environment says otherwise: what an import sends to a Neo4j is garbage
// soon. A million links need 1.4 GB so, and 2.2 GB else.
func lean() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(40)
	}
}

// openToRead opens the store to answer from it, and says so when there is none.
func (a *app) openToRead(ctx context.Context) (graph.Store, error) {
	p, err := a.location()
	if err != nil {
		return nil, err
	}
	st, err := p.openIfThere(ctx, a.org)
	if _, none := st.(emptyStore); none {
		a.say("There is no data yet: %s %s. Import something first: whoserves import links.csv", p, p.whyEmpty())
	}
	return st, err
}

// whyEmpty says why there is nothing in a store.
func (p location) whyEmpty() string {
	switch {
	case p.neo4j != nil:
		return "holds nothing of whoserves"
	case exists(p.path):
		return "is empty"
	}
	return "does not exist"
}

// openIfThere opens a store to look only; where there is no file, one without a byte, or a Neo4j without a store, an empty
// store stands for it and nothing is created.
func (p location) openIfThere(ctx context.Context, org string) (graph.Store, error) {
	st, err := p.openToLook(ctx, org)
	if errors.Is(err, fs.ErrNotExist) {
		return emptyStore{name: org}, nil
	}
	return st, err
}

// openToLook opens a store that is there and changes nothing, but for one of an older format: that is brought up to date after
// a copy.
func (p location) openToLook(ctx context.Context, org string) (st graph.Store, err error) {
	var oldFile *sqlitestore.FormatError
	var oldNeo4j *neo4jstore.FormatError
	if p.neo4j != nil {
		st, err = neo4jstore.OpenReadOnly(ctx, *p.neo4j, org)
	} else {
		st, err = sqlitestore.OpenReadOnly(ctx, p.path, org)
	}
	if errors.As(err, &oldFile) && oldFile.Have < oldFile.Known || errors.As(err, &oldNeo4j) && oldNeo4j.Have < oldNeo4j.Known {
		return p.open(ctx, org)
	}
	return st, err
}

// source opens what questions are put to: the store, or the files that --from names.
func (a *app) source(ctx context.Context) (*answer.Source, func(), error) {
	if len(a.from) > 0 {
		s, err := a.files(ctx)
		return &answer.Source{Snapshot: s}, func() {}, err
	}
	if a.mapFile != "" {
		return nil, nil, usage("--map is about files: name them with --from")
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
	m, err := a.mapping()
	if err != nil {
		return nil, err
	}
	res, err := a.read(ctx, a.from, importer.Options{Mapping: m})
	if err != nil {
		return nil, err
	}
	if err := openQuestions(res); err != nil {
		return nil, &statusError{wrong, err}
	}
	res.Org.Name = a.org
	s := graph.NewSnapshot(res.Org)
	v := answer.NewValidation(slices.Concat(res.Problems, s.Problems))
	n := v.Errors()
	if n == 0 {
		return s, nil
	}
	bad := slices.DeleteFunc(v.Problems, func(p graph.Problem) bool { return p.Severity != graph.Error })
	a.sayFirst(100, bad, "validate")
	return nil, usage("%s: correct the files, or import them to go on without that", errorCount(n))
}

// sayFirst says the first of many problems, and which command tells of the others.
func (a *app) sayFirst(most int, problems []graph.Problem, teller string) {
	for _, p := range problems[:min(len(problems), most)] {
		a.say("%s", p)
	}
	if more := len(problems) - most; more > 0 {
		a.say("and %d more (whoserves %s tells of them)", more, teller)
	}
}

// read reads files, with progress.
func (a *app) read(ctx context.Context, paths []string, o importer.Options) (*importer.Result, error) {
	progress, end := a.progress("Reading", true)
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
