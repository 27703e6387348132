package kept

import (
	"path/filepath"
	"testing"

	"example.com/whoserves/graph/names"
	"example.com/whoserves/graph/sqlitestore"
	"example.com/whoserves/importer"
)

func TestKept(t *testing.T) {
	st, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), "acme")
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if m, err := Get(t.Context(), st, "hr"); m != nil || err != nil {
		t.Errorf("before: %+v, %v", m, err)
	}
	m := &importer.Mapping{Direction: importer.ConsumerFirst, Names: []names.Decision{{Name: "Payrol", Is: "Payroll"}}}
	if err := Put(t.Context(), st, "hr", m); err != nil || m.Decided != "" {
		t.Errorf("put: %v, and %+v", err, m)
	}
	got, err := Get(t.Context(), st, "hr")
	if err != nil || got.Decided == "" || got.Direction != m.Direction || len(got.Names) != 1 || got.Names[0] != m.Names[0] {
		t.Errorf("kept: %+v, %v", got, err)
	}
	if err := Put(t.Context(), st, "hr", nil); err != nil {
		t.Error(err)
	}
	if m, err := Get(t.Context(), st, "hr"); m != nil || err != nil {
		t.Errorf("forgotten: %+v, %v", m, err)
	}
	if err := st.PutDocument(t.Context(), importer.MappingKind, "hr", []byte(`[]`)); err != nil {
		t.Fatal(err)
	}
	if m, err := Get(t.Context(), st, "hr"); m != nil || err == nil {
		t.Errorf("what is no mapping: %+v, %v", m, err)
	}
}
