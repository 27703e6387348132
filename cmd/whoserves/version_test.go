package main

import (
	"strings"
	"testing"
)

func TestLicences(t *testing.T) {
	r := runWith("version", "--licences")
	if r.status != done || !strings.Contains(r.stdout, "SIL OPEN FONT LICENSE") {
		t.Errorf("status %d: %.200s", r.status, r.stdout)
	}
}
