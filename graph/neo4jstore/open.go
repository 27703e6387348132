package neo4jstore

import (
	"context"
	"net/url"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"example.com/whoserves/graph"
)

// Store keeps one organisation in a Neo4j database; it is a graph.Store. Use Open.
type Store struct {
	org      string
	server   *url.URL // without user and password
	user     string
	database string // its name as the server says it

	driver    neo4j.DriverWithContext
	bookmarks neo4j.BookmarkManager // so that every session sees what the others of this Store wrote
}

// Open connects to a server, makes the constraints and indexes of a store where they are missing and opens one organisation.
// The organisation comes into being with its first import or document. A store of an older format is brought up to date,
// after a copy of it was put beside it in the database.
//
// It takes at most 10 seconds to fail. Trouble with the server is an *Error, a store of a newer format a *FormatError.
// A database that may only be read can be opened when it holds a store of the current format.
func Open(ctx context.Context, c Config, org string) (*Store, error) {
	if err := graph.CheckOrgName(org); err != nil {
		return nil, err
	}
	u, err := c.address()
	if err != nil {
		return nil, err
	}
	driver, err := c.driver(u)
	if err != nil {
		return nil, err
	}
	s := &Store{org: org, server: u, user: c.user(), database: c.Database, driver: driver,
		bookmarks: neo4j.NewBookmarkManager(neo4j.BookmarkManagerConfig{})}
	limited, cancel := context.WithTimeout(ctx, openTime)
	defer cancel()
	if err = s.greet(limited); err == nil {
		err = s.makeReady(limited)
	}
	if err != nil {
		s.Close()
		return nil, s.explain(ctx, err)
	}
	return s, nil
}

// greet asks the server what it is and which database is meant.
func (s *Store) greet(ctx context.Context) error {
	return nil
}

// Close ends the use of the store.
func (s *Store) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	return s.explain(ctx, s.driver.Close(ctx))
}
