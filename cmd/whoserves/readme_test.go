package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadme runs every line of the README that says it runs as it stands, in its order, as a shell takes it.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(readme), "These run as they stand")
	_, rest, opened := strings.Cut(rest, "```\n")
	lines, _, closed := strings.Cut(rest, "```")
	if !found || !opened || !closed {
		t.Fatal("the README has no lines that run as they stand")
	}
	examples, err := filepath.Abs(filepath.Join("..", "..", "examples"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	t.Setenv("WHOSERVES_STORE", "")
	if err := os.CopyFS("examples", os.DirFS(examples)); err != nil {
		t.Fatal(err)
	}
	ran := map[string]bool{}
	for line := range strings.Lines(lines) {
		words := shellWords(t, line)
		if len(words) == 0 {
			continue
		}
		if r := runWith(words[1:]...); words[0] != "whoserves" || r.status != 0 {
			t.Errorf("%sstatus %d: %s", line, r.status, r.stderr)
		}
		ran[words[1]] = true
	}
	for _, command := range []string{"import", "map", "validate", "show", "risks", "bottlenecks", "ripple", "paths", "draw", "history", "diff", "undo", "edit", "sources", "reconcile", "orgs",
		"copy", "schema", "refresh", "export", "template"} {
		if !ran[command] {
			t.Errorf("the README has no line for %s", command)
		}
	}
}

// shellWords gives the words of a line as a shell would.
func shellWords(t *testing.T, line string) []string {
	t.Helper()
	out, err := exec.Command("sh", "-c", `set -- `+strings.TrimSpace(line)+"\n"+`printf '%s\n' "$@"`).Output()
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}
