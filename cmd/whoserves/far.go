package main

import (
	"context"
	"errors"
	"slices"
	"sync"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/neo4jstore"
)

// far is an organisation in a Neo4j that may be away when the web app starts.
type far struct {
	config neo4jstore.Config
	org    string
	check  func(context.Context, graph.Store) error // refuses an organisation that is not there

	mu    sync.Mutex
	first *neo4jstore.Store // opened, but not yet asked for
	store *neo4jstore.Store // the one in use; nil before
}

// connect opens the organisation.
func (f *far) connect(ctx context.Context) (*neo4jstore.Store, error) {
	st, err := neo4jstore.Open(ctx, f.config, f.org)
	if err != nil {
		return nil, err
	}
	if err := f.check(ctx, st); err != nil {
		st.Close()
		return nil, err
	}
	return st, nil
}

// try opens the organisation to be asked for later.
func (f *far) try(ctx context.Context) (err error) {
	f.first, err = f.connect(ctx)
	return err
}

// open gives the organisation; who asks closes it.
func (f *far) open(ctx context.Context) (graph.Store, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	st := f.first
	f.first = nil
	if st == nil {
		var err error
		if st, err = f.connect(ctx); err != nil {
			return nil, err
		}
	}
	f.store = st
	return st, nil
}

// close closes what nobody asked for.
func (f *far) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.first != nil {
		f.first.Close()
		f.first = nil
	}
}

// refresh takes over what others wrote.
func (f *far) refresh(ctx context.Context) (int64, []graph.Problem, error) {
	f.mu.Lock()
	st := f.store
	f.mu.Unlock()
	return st.Refresh(ctx, graph.VersionRecord{By: who(), Program: version()})
}

// lasting says of an error of a store that waiting alone does not heal it.
func lasting(err error) bool {
	var trouble *neo4jstore.Error
	if !errors.As(err, &trouble) {
		return true // of the settings, the organisation or the format
	}
	return slices.ContainsFunc([]error{neo4jstore.ErrNoNeo4j, neo4jstore.ErrEncryption, neo4jstore.ErrTooOld, neo4jstore.ErrLogin, neo4jstore.ErrForbidden,
		neo4jstore.ErrForeign}, func(lasting error) bool { return errors.Is(err, lasting) })
}
