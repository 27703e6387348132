//go:build realdata

package importer

import (
	"context"
	"io/fs"
	"path/filepath"
	"slices"
	"testing"
)

// TestRealFilesAreNoOtherShapes holds that no file of the samples is taken for a shape that it is not: none of them is a both-sided sheet, an
// impact analysis, a matrix, a SIPOC or a tracker.
func TestRealFilesAreNoOtherShapes(t *testing.T) {
	sheets := 0
	err := filepath.WalkDir(shared(t), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		r, err := Read(context.Background(), []string{path}, Options{})
		if err != nil {
			return err
		}
		for _, rd := range r.Readings {
			if sheets++; slices.Contains([]string{"both-sided", "impact", "matrix", "sipoc", "sipoc-rows", "tracker"}, rd.Shape) {
				t.Errorf("%s, sheet %q was read as %s: %s", path, rd.Sheet, rd.Title, rd.Why)
			}
		}
		return nil
	})
	if err != nil || sheets < 60 {
		t.Errorf("%d sheets, %v", sheets, err)
	}
}
