package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"example.com/whoserves/graph"
)

// Error is trouble with the server, said in one sentence: which server, what is wrong, what to do. It never holds a
// password. errors.Is finds one of the Err… below, errors.As what the driver said.
type Error struct {
	Server string // its address without user and password
	What   error  // one of the Err… below, or what ended the context
	Advice string // what exactly is wrong and what to do
	Cause  error  // what the driver said
}

func (e *Error) Error() string {
	if e.Advice == "" {
		return e.Server + ": " + e.What.Error()
	}
	return e.Server + ": " + e.What.Error() + ": " + e.Advice
}

// Unwrap gives what errors.Is and errors.As look at.
func (e *Error) Unwrap() []error { return []error{e.What, e.Cause} }

// The troubles with a server that callers tell apart.
var (
	ErrUnreachable = errors.New("the server cannot be reached")
	ErrNoNeo4j     = errors.New("this is no Neo4j server")
	ErrEncryption  = errors.New("no secure connection")
	ErrTooOld      = errors.New("the server is too old")
	ErrLogin       = errors.New("the server refused the login")
	ErrForbidden   = errors.New("the user may not do this")
	ErrDatabase    = errors.New("the database cannot be used")
	ErrReadOnly    = errors.New("the database takes no changes here")
	ErrForeign     = errors.New("the database holds something else that is in the way")
	ErrServer      = errors.New("the server reports an error")

	// errTooLarge says that a transaction did not fit the server's transaction memory; nothing of it happened.
	errTooLarge = errors.New("the server has too little memory for this transaction")
	// errOutcomeUnknown says that the connection was lost during a commit: it may have happened or not.
	errOutcomeUnknown = errors.New("the connection was lost while the server saved the change, so it is not known whether it did")
	// errSlow ends calls that have taken as long as we let them.
	errSlow = errors.New("the server did not answer in time")
)

// FormatError says that the store has a format that cannot be used here.
type FormatError struct {
	Server      string
	Have, Known int64 // the format of the store, the format of this program
}

func (e *FormatError) Error() string {
	if e.Have > e.Known {
		return fmt.Sprintf("%s was written by a newer whoserves (format %d, this one knows up to %d): use the newer program", e.Server, e.Have, e.Known)
	}
	return fmt.Sprintf("%s holds a store of format %d, which there never was: go back to a copy (this program writes %d)", e.Server, e.Have, e.Known)
}

// explain puts what the driver says into words that name the server and what to do. An error that is explained already, or
// that is not about the server, stays as it is. A cancelled context stays what it is.
func (s *Store) explain(ctx context.Context, err error) error {
	var done *Error
	var format *FormatError
	var conflict *graph.ConflictError
	ended := ctx.Err() != nil && !errors.Is(context.Cause(ctx), errSlow)
	switch {
	case err == nil || errors.As(err, &done) || errors.As(err, &format) || errors.As(err, &conflict):
		return err
	case errors.Is(err, errOutcomeUnknown):
		return s.trouble(errOutcomeUnknown, "look at the history before you try again", err)
	case ended && errors.Is(context.Cause(ctx), ctx.Err()):
		return s.trouble(context.Cause(ctx), "", err)
	case ended:
		return s.trouble(context.Cause(ctx), "", errors.Join(ctx.Err(), err))
	}
	var answer *neo4j.Neo4jError
	if errors.As(innermost(err), &answer) {
		advice, what := s.answer(answer.Code, answer.Msg)
		if words, ours := strings.CutSuffix(err.Error(), answer.Error()); ours {
			advice = words + advice // where it happened, when a caller says so
		}
		return s.trouble(what, advice, err)
	}
	return s.noAnswer(ctx, err)
}

func (s *Store) trouble(what error, advice string, cause error) error {
	return &Error{Server: s.server.String(), What: what, Advice: advice, Cause: cause}
}

// answer says what a server's error code means, and what to do. The codes are those of the Neo4j status code reference.
func (s *Store) answer(code, message string) (advice string, what error) {
	title := code[strings.LastIndex(code, ".")+1:]
	switch {
	case title == "Unauthorized" && s.user == "":
		return "it wants a user and a password: set $NEO4J_USERNAME and $NEO4J_PASSWORD, or give --neo4j-password-file", ErrLogin
	case title == "Unauthorized":
		return fmt.Sprintf("the user %q or the password is wrong: check $NEO4J_USERNAME and $NEO4J_PASSWORD or --neo4j-password-file", s.user), ErrLogin
	case title == "AuthenticationRateLimit":
		return fmt.Sprintf("there were too many wrong passwords for the user %q: wait a minute, then try with the right one", s.user), ErrLogin
	case title == "CredentialsExpired":
		return fmt.Sprintf("the password of the user %q must be changed first: ALTER CURRENT USER SET PASSWORD in Browser or cypher-shell", s.user), ErrLogin
	case title == "Forbidden":
		return fmt.Sprintf("the user %q needs a role that may read and write the database %s and make constraints and indexes", s.user, s.databaseName()), ErrForbidden
	case strings.Contains(code, ".Security."):
		return message, ErrLogin
	case title == "DatabaseNotFound" && s.database == "":
		return fmt.Sprintf("the user %q has no home database: name one as $NEO4J_DATABASE", s.user), ErrDatabase
	case title == "DatabaseNotFound":
		return fmt.Sprintf("there is no database %q: SHOW DATABASES lists them; set $NEO4J_DATABASE, or leave it out to use the home database", s.database), ErrDatabase
	case isUnavailable(code):
		return fmt.Sprintf("the database %s is not started or still starting: SHOW DATABASES tells why", s.databaseName()), ErrDatabase
	case isMemory(code):
		return "raise db.memory.transaction.max, dbms.memory.transaction.total.max or server.memory.heap.max_size in its neo4j.conf", errTooLarge
	case isReadOnly(code) && routed(s.server):
		return "it is set to read-only (server.databases.read_only or default_to_read_only in neo4j.conf), or no member of the cluster leads just now", ErrReadOnly
	case isReadOnly(code):
		return "it is set to read-only (server.databases.read_only or default_to_read_only in neo4j.conf), or this member only follows: use neo4j:// to have changes sent to the one that leads", ErrReadOnly
	case strings.HasPrefix(title, "TransactionTimedOut"):
		return "it ended a transaction that took longer than its db.transaction.timeout: raise that", ErrServer
	case title == "Terminated" || title == "LockClientStopped":
		return "somebody ended our transaction there, or it is being stopped: try again", ErrServer
	case title == "ConstraintValidationFailed":
		return "remove it, or take the database back from its last backup (" + oneLine(message) + ")", ErrForeign
	case title == "ConstraintCreationFailed" || title == "IndexAlreadyExists":
		return "a constraint that a store needs could not be made: remove what the server names, or use another database (" + oneLine(message) + ")", ErrForeign
	}
	return oneLine(message) + " (" + code + ")", ErrServer
}

// noAnswer says what an error of the driver means that is no answer of the server.
func (s *Store) noAnswer(ctx context.Context, err error) error {
	var misuse *neo4j.UsageError
	switch {
	case errors.Is(context.Cause(ctx), errSlow), errors.Is(err, context.DeadlineExceeded):
		return s.trouble(ErrUnreachable, "it did not answer in time: check that it runs and is not overloaded", errors.Join(errSlow, err))
	case isLost(err):
		return s.trouble(ErrUnreachable, "check that it runs ("+oneLine(said(err))+")", err)
	case errors.As(err, &misuse) && strings.Contains(misuse.Message, "closed"):
		return s.trouble(errors.New("the store was closed already"), "", err)
	}
	return err // not about the server
}

// databaseName names the database in words.
func (s *Store) databaseName() string {
	if s.database == "" {
		return "that is the user's home"
	}
	return fmt.Sprintf("%q", s.database)
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// innermost gives the last error of a series of tries: the driver's own type hides it from errors.As.
func innermost(err error) error {
	var limit *neo4j.TransactionExecutionLimit
	for errors.As(err, &limit) && len(limit.Errors) > 0 {
		err = limit.Errors[len(limit.Errors)-1]
	}
	return err
}

// said gives what the driver says about a lost connection, without the names of its types.
func said(err error) string {
	err = innermost(err)
	var lost *neo4j.ConnectivityError
	if errors.As(err, &lost) {
		err = lost.Inner
	}
	return err.Error()
}

// code gives the server's code for an error, such as Neo.ClientError.Security.Unauthorized; "" when it is none of the server's.
func code(err error) string {
	var answer *neo4j.Neo4jError
	if errors.As(innermost(err), &answer) {
		return answer.Code
	}
	return ""
}

// isTooLarge tells whether the server ran out of memory for a transaction.
func isTooLarge(err error) bool { return isMemory(code(err)) }

func isMemory(code string) bool { return strings.Contains(code, "OutOfMemory") }

// isUnavailable tells whether a database is there but not running.
func isUnavailable(code string) bool { return strings.HasSuffix(code, ".DatabaseUnavailable") }

func isReadOnly(code string) bool {
	switch code {
	case "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase", "Neo.ClientError.General.WriteOnReadOnlyAccessDatabase", "Neo.ClientError.Cluster.NotALeader",
		"Neo.ClientError.Statement.AccessMode":
		return true
	}
	return false
}

// isLost tells whether the connection failed or could not be made.
func isLost(err error) bool {
	err = innermost(err)
	var lost *neo4j.ConnectivityError
	return errors.As(err, &lost) || code(err) == "" && neo4j.IsRetryable(err)
}

// tries is how often something is tried that failed so.
func (s *Store) tries(err error) int {
	var answer *neo4j.Neo4jError
	switch {
	case errors.Is(err, errOutcomeUnknown):
		return 1
	case isReadOnly(code(err)) && routed(s.server):
		return 3 // another member may lead now
	case isReadOnly(code(err)), isTooLarge(err):
		return 1
	case errors.As(err, &answer) && answer.IsRetriable(), isLost(err):
		return 8
	}
	return 1
}
