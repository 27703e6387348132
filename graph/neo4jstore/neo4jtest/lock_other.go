//go:build !unix

package neo4jtest

import "testing"

// lock does nothing here: run the packages one after the other (go test -p 1).
func lock(testing.TB, string) {}
