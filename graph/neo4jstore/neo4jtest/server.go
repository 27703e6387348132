// Package neo4jtest gives tests a real Neo4j server: one that they share, named by the environment, or one of their own that
// they may stop, kill and configure. Where there is none the test is skipped with the command that runs it; nothing else in
// this module skips a test.
package neo4jtest

import (
	"context"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"
)

// The environment that names the shared server, as `.ci/neo4j run` sets it.
const (
	URIVariable      = "WHOSERVES_TEST_NEO4J"          // bolt://host:port
	PasswordVariable = "WHOSERVES_TEST_NEO4J_PASSWORD" // of the user neo4j
)

// Address says how to reach a server.
type Address struct{ URI, User, Password string }

// Server gives the server that tests share, emptied: without nodes, its constraints and indexes stay. Until the end of
// the test nobody else has it, also not the test of another package; so a test asks once, and its parallel tests wait.
func Server(t testing.TB) Address {
	t.Helper()
	a := Address{URI: os.Getenv(URIVariable), User: "neo4j", Password: os.Getenv(PasswordVariable)}
	if a.URI == "" {
		skip(t)
	}
	h := fnv.New64a()
	h.Write([]byte(a.URI))
	lock(t, filepath.Join(os.TempDir(), fmt.Sprintf("whoserves-neo4j-%x.lock", h.Sum64())))
	a.Empty(t)
	return a
}

// skip ends a test that needs a server where there is none.
func skip(t testing.TB) {
	t.Helper()
	t.Skip("this test needs a Neo4j server: .ci/neo4j run go test ./graph/... ./cmd/... (it installs Java and Neo4j first)")
}

// Empty removes all nodes and relationships.
func (a Address) Empty(t testing.TB) {
	t.Helper()
	a.Run(t, "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS", nil)
}

// DropSchema removes all constraints and indexes.
func (a Address) DropSchema(t testing.TB) {
	t.Helper()
	for _, what := range []string{"CONSTRAINT", "INDEX"} {
		for _, row := range a.Run(t, "SHOW "+what+" YIELD name, type WHERE type <> 'LOOKUP' RETURN name", nil) {
			a.Run(t, "DROP "+what+" `"+row["name"].(string)+"`", nil)
		}
	}
}

// Run executes one statement, as people do by hand, and gives its rows.
func (a Address) Run(t testing.TB, statement string, params map[string]any) []map[string]any {
	t.Helper()
	rows, err := a.Try(t.Context(), statement, params)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return rows
}

// Try is Run for statements that may fail, and for clean-ups, when the test's context has ended.
func (a Address) Try(ctx context.Context, statement string, params map[string]any) ([]map[string]any, error) {
	driver, err := neo4j.NewDriverWithContext(a.URI, neo4j.BasicAuth(a.User, a.Password, ""), func(c *config.Config) {
		c.TelemetryDisabled = true
	})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	defer driver.Close(ctx)
	session := driver.NewSession(ctx, neo4j.SessionConfig{})
	defer session.Close(ctx)
	result, err := session.Run(ctx, statement, params)
	if err != nil {
		return nil, err
	}
	records, err := result.Collect(ctx)
	rows := make([]map[string]any, len(records))
	for i, r := range records {
		rows[i] = r.AsMap()
	}
	return rows, err
}
