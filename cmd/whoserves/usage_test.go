package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An import that only looks does not tell people to import something first, and creates nothing.
func TestDryRunWithoutStore(t *testing.T) {
	dir := t.TempDir()
	links := filepath.Join(dir, "links.csv")
	if err := os.WriteFile(links, []byte("provider_team,consumer\nPayroll,Sales\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	store := filepath.Join(dir, "w.db")
	var stdout, stderr bytes.Buffer
	if got := run(t.Context(), []string{"import", "--dry-run", "--store", store, links}, nil, &stdout, &stderr); got != done {
		t.Fatalf("exit status %d: %s", got, &stderr)
	}
	if strings.Contains(stderr.String(), "no data yet") {
		t.Errorf("the words are misleading: %s", &stderr)
	}
	if !strings.Contains(stdout.String(), "column provider_team") {
		t.Errorf("the column is not named as in the file: %s", &stdout)
	}
	if exists(store) {
		t.Error("a dry run created the store")
	}
}

// An organisation's name that cannot be is wrong usage, not trouble with the store.
func TestNameOfOrganisation(t *testing.T) {
	for _, name := range []string{"a/b", ""} {
		var stdout, stderr bytes.Buffer
		if got := run(t.Context(), []string{"orgs", "--org", name, "--store", filepath.Join(t.TempDir(), "w.db")}, nil, &stdout, &stderr); got != wrong {
			t.Errorf("--org %q: exit status %d, want %d", name, got, wrong)
		}
		if stdout.Len() > 0 {
			t.Errorf("--org %q: stdout is %q, want none", name, &stdout)
		}
	}
}
