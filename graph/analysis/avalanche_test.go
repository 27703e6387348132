package analysis

import (
	"slices"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/graphtest"
)

// TestAvalanchesChangeNothing holds the rows worked out from an avalanche to those worked out without.
func TestAvalanchesChangeNothing(t *testing.T) {
	found := 0
	for seed := range uint64(12) {
		s := graph.NewSnapshot(graphtest.Large(seed, 2000, 8000+500*int(seed), true))
		c := contract(compile(s), graph.Important)
		var columns []int32
		for x := range int32(c.n) {
			if len(c.failing.of(x)) > 0 {
				columns = append(columns, x)
			}
		}
		start := findAvalanche(c, columns)
		if start == nil {
			continue
		}
		found++
		plain, quick := newBlock(c, nil), newBlock(c, start)
		for columns := range slices.Chunk(columns, blockSize) {
			plain.solve(columns)
			quick.solve(columns)
			if !slices.Equal(plain.rows, quick.rows) || !slices.Equal(plain.touched, quick.touched) {
				t.Fatalf("seed %d: the rows differ", seed)
			}
		}
	}
	if found < 3 {
		t.Errorf("only %d of 12 organisations have an avalanche", found)
	}
}

func TestBreaks(t *testing.T) {
	rows := []row{{0b0000_1111}, {0b0011_0011}, {0b0101_0101}, {0b0001_0111}, {0b0000_0001}}
	for _, test := range []struct {
		loss      int32
		providers []int32
		want      uint64
	}{
		{2, []int32{0, 1}, 0b0011},
		{2, []int32{0, 1, 2}, 0b0001_0111},
		{3, []int32{0, 1, 2}, 0b0001},
		{3, []int32{0, 1, 2, 3}, 0b0001_0111},
		{4, []int32{0, 1, 2, 3, 4}, 0b0001},
		{5, []int32{0, 1, 2, 3, 4}, 0b0001},
		{2, []int32{0, 0, 1}, 0b0000_1111},
		{3, []int32{0, 0, 1, 1}, 0b0000_0011},
	} {
		if got := breaks(test.loss, test.providers, rows); got != (row{test.want}) {
			t.Errorf("%d of %v: %b, want %b", test.loss, test.providers, got[0], test.want)
		}
	}
}
