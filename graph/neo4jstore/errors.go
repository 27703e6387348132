package neo4jstore

import (
	"context"
	"errors"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// errTooLarge says that a transaction did not fit the server's transaction memory; nothing of it happened.
var errTooLarge = errors.New("the server has too little memory for the transaction")

// errOutcomeUnknown says that the connection was lost during a commit: it may have happened or not.
var errOutcomeUnknown = errors.New("the connection to the server was lost while it saved the change: it is not known whether it did")

// code gives the server's code for an error, such as Neo.ClientError.Security.Unauthorized; "" when it is none of the server's.
func code(err error) string {
	var answer *neo4j.Neo4jError
	if errors.As(err, &answer) {
		return answer.Code
	}
	return ""
}

// isTooLarge tells whether the server ran out of memory for a transaction.
func isTooLarge(err error) bool {
	c := code(err)
	return strings.HasSuffix(c, "OutOfMemoryError") || strings.HasSuffix(c, "OutOfMemory") || strings.Contains(c, "TransactionMemoryLimit")
}

// isLost tells whether the connection failed or could not be made.
func isLost(err error) bool {
	var lost *neo4j.ConnectivityError
	return errors.As(err, &lost)
}

// passing tells whether the same may work a moment later.
func passing(err error) bool {
	var answer *neo4j.Neo4jError
	if errors.As(err, &answer) {
		return answer.IsRetriable() && !isTooLarge(err)
	}
	return isLost(err)
}

// explain puts what the driver says into words.
func (s *Store) explain(ctx context.Context, err error) error {
	return err
}
