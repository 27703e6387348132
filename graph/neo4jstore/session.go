package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// session makes a session, which is good for one goroutine and one transaction after the other.
func (s *Store) session(ctx context.Context, mode neo4j.AccessMode) neo4j.SessionWithContext {
	return s.driver.NewSession(ctx, neo4j.SessionConfig{AccessMode: mode, DatabaseName: s.database, BookmarkManager: s.bookmarks, FetchSize: fetchSize})
}

// closeSession gives a session's connection back; a cancelled context must not keep it.
func closeSession(ctx context.Context, session neo4j.SessionWithContext) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer cancel()
	session.Close(ctx) // what went wrong was told already
}

// errReadOnly is what a store that was opened with OpenReadOnly says to changes.
var errReadOnly = errors.New("the store was opened for reading only")

// read runs f in a transaction that only reads; on a cluster any member that has seen this Store's writes may answer. f may
// run several times, when the connection or the member is lost: it starts afresh each time. Rows are streamed, so f reads
// one result to its end before it asks for the next.
//
// A transaction does not see one state of the database: each of its statements sees what was committed when it read.
func (s *Store) read(ctx context.Context, f func(tx neo4j.ManagedTransaction) error) error {
	limited, cancel := context.WithTimeoutCause(ctx, longestTime, errSlow)
	defer cancel()
	session := s.session(limited, neo4j.AccessModeRead)
	defer closeSession(limited, session)
	isRead := false
	_, err := session.ExecuteRead(limited, func(tx neo4j.ManagedTransaction) (any, error) {
		err := f(tx)
		isRead = err == nil
		return nil, err
	})
	if isRead && isLost(err) {
		return nil // all that was lost is the end of the transaction
	}
	return s.explain(ctx, err)
}

// write runs f in one transaction and commits it: all of it happens or nothing. It is tried a few times when the server
// could not do it just then (deadlocks, another leader, a connection lost before the commit), so f starts afresh each time.
// A transaction that does not fit the server's memory is not tried again: errors.Is(err, errTooLarge). When the connection
// was lost during the commit the outcome is not known: errors.Is(err, errOutcomeUnknown).
func (s *Store) write(ctx context.Context, f func(tx neo4j.ExplicitTransaction) error) error {
	if s.readOnly {
		return errReadOnly
	}
	limited, cancel := context.WithTimeoutCause(ctx, longestTime, errSlow)
	defer cancel()
	err := s.again(limited, retryTime, func() error { return s.tryWrite(limited, f) })
	return s.explain(ctx, err)
}

// tryWrite runs f in one transaction, once.
func (s *Store) tryWrite(ctx context.Context, f func(tx neo4j.ExplicitTransaction) error) error {
	session := s.session(ctx, neo4j.AccessModeWrite)
	defer closeSession(ctx, session) // rolls back what was not committed
	tx, err := session.BeginTransaction(ctx)
	if err != nil {
		return err
	}
	if err = f(tx); err != nil {
		return err
	}
	if err = ctx.Err(); err != nil {
		return err
	}
	// From here on a cancelled context would only hide the outcome.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTime)
	defer cancel()
	err = tx.Commit(ctx)
	var answer *neo4j.Neo4jError
	var misuse *neo4j.UsageError
	isAnswer := errors.As(err, &answer) && !strings.HasPrefix(answer.Code, "Neo.DatabaseError.") // the server does not know either
	if err != nil && !isAnswer && !errors.As(err, &misuse) {
		return fmt.Errorf("%w: %w", errOutcomeUnknown, err)
	}
	return err
}

// run executes statements one after the other, each in a transaction of its own: for the schema, which must not be changed
// together with data, and for CALL { … } IN TRANSACTIONS.
func (s *Store) run(ctx context.Context, statements ...string) error {
	limited, cancel := context.WithTimeoutCause(ctx, longestTime, errSlow)
	defer cancel()
	for _, statement := range statements {
		err := s.again(limited, retryTime, func() error {
			session := s.session(limited, neo4j.AccessModeWrite)
			defer closeSession(limited, session)
			result, err := session.Run(limited, statement, nil)
			if err == nil {
				_, err = result.Consume(limited)
			}
			return err
		})
		if err != nil {
			return s.explain(ctx, err)
		}
	}
	return nil
}

// again tries what may work the next time: a few times, and only so long when there is no server or no database.
func (s *Store) again(ctx context.Context, patience time.Duration, try func() error) error {
	until := time.Now().Add(patience)
	for n := 0; ; n++ {
		err := try()
		if err == nil || n+1 >= s.tries(err) {
			return err
		}
		wait := time.Duration(1+rand.IntN(2)) * (25 * time.Millisecond << n)
		if (isLost(err) || isUnavailable(code(err))) && time.Now().Add(wait).After(until) {
			return err
		}
		if sleep(ctx, wait) != nil {
			return err
		}
	}
}

// quick limits a small call.
func quick(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, quickTime, errSlow)
}
