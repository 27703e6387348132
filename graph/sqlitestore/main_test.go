package sqlitestore

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"example.com/whoserves/graph"
)

// children are what the test program does when it starts itself as another process. What one returns goes to stdout.
var children = map[string]func(args []string) (string, error){
	"import": childImport,
	"memory": childMemory,
	"denied": childDenied,
}

const childVariable = "SQLITESTORE_CHILD"

func TestMain(m *testing.M) {
	if job := os.Getenv(childVariable); job != "" {
		said, err := children[job](os.Args[1:])
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
func child(job string, args ...string) (cmd *exec.Cmd, stdout, stderr *bytes.Buffer) {
	program, err := os.Executable()
	if err != nil {
		panic(err)
	}
	cmd = exec.Command(program, args...)
	cmd.Env = append(os.Environ(), childVariable+"="+job)
	stdout, stderr = &bytes.Buffer{}, &bytes.Buffer{}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	return cmd, stdout, stderr
}

// childImport imports n links of a source that state seed: PATH SOURCE N SEED TIMES. Its writes go to the log early, so
// that a large import can be killed at many moments.
func childImport(args []string) (string, error) {
	ctx := context.Background()
	n, _ := strconv.Atoi(args[2])
	seed, _ := strconv.Atoi(args[3])
	times, _ := strconv.Atoi(args[4])
	st, err := Open(ctx, args[0], graph.DefaultOrg, func(o *options) { o.cache = 64 })
	if err != nil {
		return "", err
	}
	defer st.Close()
	for i := range times {
		_, _, err := graph.Commit(ctx, st, &graph.Org{Sources: []*graph.Source{someLinks(args[1], n, seed+i)}}, graph.VersionRecord{By: args[1]}, nil)
		if err != nil {
			return "", err
		}
	}
	return "done", nil
}

// someLinks makes a source of n links that all state seed.
func someLinks(name string, n, seed int) *graph.Source {
	links := make([]*graph.LinkRecord, n)
	for i := range links {
		links[i] = &graph.LinkRecord{Provider: fmt.Sprintf("provider %d", i/10), Consumer: fmt.Sprintf("consumer %d", i), Service: "service",
			Volume: graph.Given(float64(seed)), From: graph.Origin{File: name + ".csv", Row: i + 2}}
	}
	return graph.NewSource(name, nil, links)
}

func must[T any](t testing.TB) func(T, error) T {
	return func(x T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
}

func openStore(t testing.TB, path string, opts ...Option) *Store {
	t.Helper()
	st := must[*Store](t)(Open(t.Context(), path, graph.DefaultOrg, opts...))
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return st
}

// commit imports a source.
func commit(t testing.TB, st graph.Store, s *graph.Source) int64 {
	t.Helper()
	_, v, err := graph.Commit(t.Context(), st, &graph.Org{Sources: []*graph.Source{s}}, graph.VersionRecord{By: "test"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func contains(t testing.TB, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", words)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q does not say %q", err, w)
		}
	}
}
