// Package examples holds organisations to try, with answers worked out by hand in their README.md files.
package examples

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

//go:embed airline first
var files embed.FS

// names of the examples, the one that people see first in front.
var names = []string{"airline", "first"}

// Names lists the examples; the first is what a demo opens when nothing is said.
func Names() []string { return slices.Clone(names) }

// Open gives the folder of an example: its tables and its README.md.
func Open(name string) (fs.FS, error) {
	if !slices.Contains(names, name) {
		return nil, fmt.Errorf("there is no example “%s”: take one of %s", name, strings.Join(names, ", "))
	}
	return fs.Sub(files, name)
}
