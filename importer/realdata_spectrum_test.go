//go:build realdata

package importer

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// spectrumAnswer reads the JSON beside a file of csv-spectrum.
func spectrumAnswer(t *testing.T, csv string) []map[string]string {
	t.Helper()
	name := strings.TrimSuffix(filepath.Base(csv), ".csv") + ".json"
	raw, err := os.ReadFile(filepath.Join(filepath.Dir(filepath.Dir(csv)), "json", name))
	if err != nil {
		t.Fatal(err)
	}
	var answer []map[string]string
	if err := json.Unmarshal(raw, &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}
