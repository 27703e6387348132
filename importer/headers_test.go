package importer

import (
	"context"
	"slices"
	"testing"

	"example.com/whoserves/graph"
)

// A problem found after reading names the column as the file does, whatever the native column is called.
func TestNameColumns(t *testing.T) {
	res, err := ReadFiles(context.Background(), []File{
		Bytes("serves.csv", []byte("provider_team,customer_team,Criticality\nFinance,Sales,critical\nHR,,\n")),
	}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	problems := slices.Concat(res.Problems, graph.NewSnapshot(res.Org).Problems,
		[]graph.Problem{{File: "other.csv", Row: 2, Column: "provider"}})
	res.NameColumns(problems)
	var got []string
	for _, p := range problems {
		got = append(got, p.File+" "+p.Column)
	}
	want := []string{"serves.csv customer_team", "serves.csv provider_team", "other.csv provider"}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the columns are %q, want %q", got, want)
	}
}
