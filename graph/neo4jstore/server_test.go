package neo4jstore

import (
	"errors"
	"strings"
	"testing"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/neo4jstore/neo4jtest"
)

// configFor says how to open the store on a server for tests.
func configFor(a neo4jtest.Address) Config {
	return Config{URI: a.URI, User: a.User, Password: a.Password, Program: "whoserves-test"}
}

// opened opens the default organisation, to the end of the test.
func opened(t testing.TB, c Config) *Store {
	t.Helper()
	s, err := Open(t.Context(), c, graph.DefaultOrg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

// refused opens a store that cannot be opened: within 10 seconds, with one sentence that has all words and no password.
func refused(t testing.TB, c Config, what error, words ...string) error {
	t.Helper()
	start := time.Now()
	s, err := Open(t.Context(), c, graph.DefaultOrg)
	if err == nil {
		s.Close()
		t.Fatal("it was opened")
	}
	took := time.Since(start)
	t.Logf("%.1f s: %v", took.Seconds(), err)
	if took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
	if what != nil {
		isTrouble(t, err, what)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q does not say %q", err, w)
		}
	}
	if c.Password != "" && strings.Contains(err.Error(), c.Password) {
		t.Errorf("%q tells the password", err)
	}
	if strings.ContainsAny(err.Error(), "\n\r") {
		t.Errorf("%q is more than a line", err)
	}
	return err
}

// isTrouble fails when an error is not of a kind of trouble with the server.
func isTrouble(t testing.TB, err error, what error) {
	t.Helper()
	var trouble *Error
	if !errors.As(err, &trouble) || !errors.Is(err, what) {
		t.Errorf("%q (%T) is not an Error that says %q", err, err, what)
	}
}
