package importer

import (
	"context"
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"testing"
)

// TestRandomMappings holds that whatever a person chooses for the sheets of any file, reading it panics nowhere, lets nothing wrong
// through and says the same twice.
func TestRandomMappings(t *testing.T) {
	good := samples(t)
	for i, seed := range shapeSeeds {
		good[fmt.Sprint(i, seed[0])] = []byte(seed[1])
	}
	shapes := append(Shapes(), ShapeHelp{Name: ""}, ShapeHelp{Name: Ignore})
	for _, name := range slices.Sorted(maps.Keys(good)) {
		plain, err := ReadFiles(context.Background(), []File{Bytes(name, good[name])}, Options{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		random := rand.New(rand.NewSource(int64(len(good[name]))))
		for range 40 {
			m := &Mapping{}
			for _, rd := range plain.Readings {
				m.Sheets = append(m.Sheets, randomChoice(random, rd, shapes))
			}
			if m.Check() != nil || !slices.ContainsFunc(m.Sheets, func(s SheetMapping) bool { return s.Shape != Ignore }) {
				continue
			}
			read := func() *Result {
				r, err := ReadFiles(context.Background(), []File{Bytes(name, good[name])}, Options{Mapping: m})
				if err != nil {
					t.Fatalf("%s: %v with %+v", name, err, m)
				}
				return r
			}
			r := read()
			checkResult(t, r)
			if again := read(); facts(again.Org) != facts(r.Org) || problems(again) != problems(r) {
				t.Errorf("%s: a second reading says something else with %+v", name, m)
			}
			if t.Failed() {
				t.Fatalf("%s with %+v", name, m)
			}
		}
	}
}

// randomChoice decides something about a sheet.
func randomChoice(random *rand.Rand, rd *Reading, shapes []ShapeHelp) SheetMapping {
	s := SheetMapping{File: rd.File, Sheet: rd.Sheet, Shape: shapes[random.Intn(len(shapes))].Name}
	if random.Intn(2) == 0 {
		s.Shape = rd.Shape
	}
	if random.Intn(4) == 0 {
		s.Header, s.HeaderRows = random.Intn(5)-1, random.Intn(3)
	}
	s.Direction = []Direction{"", ProviderFirst, ConsumerFirst}[random.Intn(3)]
	fields := Fields(s.Shape)
	for _, c := range rd.Columns {
		field := []string{Attribute, Ignore}[random.Intn(2)]
		if len(fields) > 0 && random.Intn(4) > 0 {
			field = fields[random.Intn(len(fields))].Name
		}
		if random.Intn(2) == 0 {
			s.Columns = append(s.Columns, ColumnMapping{Header: c.Header, Field: field})
		}
	}
	return s
}
