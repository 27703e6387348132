package neo4jstore

import (
	"bytes"
	"context"
	"fmt"
	"os"
	process "os/exec"
	"strconv"
	"testing"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/neo4jstore/neo4jtest"
)

// children are what the test program does when it starts itself as another process. What one returns goes to stdout.
var children = map[string]func(a neo4jtest.Address, args []string) (string, error){
	"import": childImport,
	"memory": childMemory,
}

const (
	childVariable    = "NEO4JSTORE_CHILD"
	passwordVariable = "NEO4JSTORE_CHILD_PASSWORD"
)

func TestMain(m *testing.M) {
	if job := os.Getenv(childVariable); job != "" {
		said, err := children[job](neo4jtest.Address{URI: os.Args[1], User: "neo4j", Password: os.Getenv(passwordVariable)}, os.Args[2:])
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Print(said)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child prepares a job in another process.
func child(job string, a neo4jtest.Address, args ...any) (cmd *process.Cmd, stdout, stderr *bytes.Buffer) {
	program, err := os.Executable()
	if err != nil {
		panic(err)
	}
	texts := []string{a.URI}
	for _, arg := range args {
		texts = append(texts, fmt.Sprint(arg))
	}
	cmd = process.Command(program, texts...)
	cmd.Env = append(os.Environ(), childVariable+"="+job, passwordVariable+"="+a.Password)
	stdout, stderr = &bytes.Buffer{}, &bytes.Buffer{}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	return cmd, stdout, stderr
}

// childImport imports n links of the source "s" that state seed, with settings: N SEED MOST ROWS LEASE. It says "ready" when
// it begins to write and "done" at the end.
func childImport(a neo4jtest.Address, args []string) (string, error) {
	ctx := context.Background()
	var numbers []int
	for _, arg := range args[:4] {
		n, err := strconv.Atoi(arg)
		if err != nil {
			return "", err
		}
		numbers = append(numbers, n)
	}
	lease, err := time.ParseDuration(args[4])
	if err != nil {
		return "", err
	}
	st, err := Open(ctx, configFor(a), graph.DefaultOrg)
	if err != nil {
		return "", err
	}
	defer st.Close()
	st.by = settings{most: numbers[2], rows: numbers[3], lease: lease}
	_, _, err = graph.Commit(ctx, st, orgOf(someSource("s", numbers[0], numbers[1])), graph.VersionRecord{By: "child"}, func(*graph.Preview) error {
		fmt.Println("ready")
		return nil
	})
	return "done", err
}

func need[T any](t testing.TB) func(T, error) T {
	return func(x T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
}

// openStore opens the default organisation on a server until the end of the test.
func openStore(t testing.TB, a neo4jtest.Address, by settings) *Store {
	t.Helper()
	st := need[*Store](t)(Open(t.Context(), configFor(a), graph.DefaultOrg))
	st.by = by
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return st
}

// importSource imports a source.
func importSource(t testing.TB, st graph.Store, s *graph.Source) int64 {
	t.Helper()
	_, v, err := graph.Commit(t.Context(), st, orgOf(s), graph.VersionRecord{By: "test"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// checkGraph holds the plain graph to the facts.
func checkGraph(t testing.TB, st *Store) {
	t.Helper()
	if err := graphIs(t.Context(), st, need[*graph.Org](t)(st.Load(t.Context()))); err != nil {
		t.Error(err)
	}
}
