package neo4jstore

import (
	"context"
	"crypto/x509"
	"net/url"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"example.com/whoserves/graph"
)

// Store keeps one organisation in a Neo4j database; it is a graph.Store. Use Open or OpenReadOnly.
type Store struct {
	org      string
	server   *url.URL // without user and password
	user     string
	database string // its name as the server says it
	readOnly bool   // opened to look only

	driver    neo4j.DriverWithContext
	bookmarks neo4j.BookmarkManager // so that every session sees what the others of this Store wrote

	cache cache    // what was read or written last
	by    settings // how large imports are written

	patience time.Duration // settleTime; tests change it
}

// Open connects to a server, makes the constraints and indexes of a store where they are missing and opens one organisation.
// The organisation comes into being with its first import or document. A store of an older format is brought up to date,
// after a copy of it was put beside it in the database.
//
// It takes at most 10 seconds to say that and why a server cannot be used, as an *Error. A store of a newer format is a
// *FormatError. A database that may only be read can be opened when it holds a store of the current format.
func Open(ctx context.Context, c Config, org string) (*Store, error) {
	return open(ctx, c, org, (*Store).makeReady)
}

// OpenReadOnly opens a store that is there and never changes what the database holds; every change gives an error. Where
// there is no store the error is fs.ErrNotExist.
func OpenReadOnly(ctx context.Context, c Config, org string) (*Store, error) {
	return open(ctx, c, org, func(s *Store, ctx context.Context, found state) error {
		s.readOnly = true
		return s.mustBeThere(found)
	})
}

func open(ctx context.Context, c Config, org string, prepare func(*Store, context.Context, state) error) (*Store, error) {
	if err := graph.CheckOrgName(org); err != nil {
		return nil, err
	}
	u, err := c.address()
	if err != nil {
		return nil, err
	}
	roots, err := c.roots(u)
	if err != nil {
		return nil, err
	}
	driver, err := c.driver(u, roots)
	if err != nil {
		return nil, err
	}
	s := &Store{org: org, server: u, user: c.user(), database: c.Database, driver: driver, by: usual, patience: settleTime,
		bookmarks: neo4j.NewBookmarkManager(neo4j.BookmarkManagerConfig{})}
	found, err := s.connect(ctx, roots)
	if err == nil {
		err = prepare(s, ctx, found)
	}
	if err != nil {
		s.Close()
		return nil, s.explain(ctx, err)
	}
	return s, nil
}

// connect makes the first connection and looks what the database holds. When no connection comes about it finds out why.
func (s *Store) connect(ctx context.Context, roots *x509.CertPool) (found state, err error) {
	limited, cancel := context.WithTimeoutCause(ctx, greetTime, errSlow)
	defer cancel()
	server, err := s.driver.GetServerInfo(limited)
	if err != nil && code(err) == "" && ctx.Err() == nil {
		return found, s.whyNot(ctx, roots, err)
	}
	if err == nil {
		err = s.checkAgent(server.Agent())
	}
	if err != nil {
		return found, err
	}
	limited, cancel = context.WithTimeoutCause(ctx, lookTime, errSlow)
	defer cancel()
	err = s.again(limited, 0, func() error {
		found, err = s.look(limited)
		return err
	})
	return found, s.explain(limited, err)
}

// whyNot says why no connection came about.
func (s *Store) whyNot(ctx context.Context, roots *x509.CertPool, err error) error {
	if told := s.probe(ctx, roots, err); told != nil {
		return told
	}
	said := oneLine(said(err))
	if routed(s.server) {
		return s.trouble(ErrUnreachable, "it answers, but the addresses that it gives for its database cannot be reached from here: "+
			"use bolt:// for this one server, or set server.bolt.advertised_address in its neo4j.conf ("+said+")", err)
	}
	return s.trouble(ErrUnreachable, "it answers, but no connection came about: try again ("+said+")", err)
}

// Close ends the use of the store.
func (s *Store) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	return s.driver.Close(ctx)
}
