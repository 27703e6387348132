package graph

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestSortLinks holds that links are in the order of their texts and origins, whatever those have in common.
func TestSortLinks(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		text := func() string {
			common := []string{"", "Team ", "a long name that all have in common "}[seed%3]
			return common + strings.Repeat(string(rune("ab\x00é"[r.IntN(4)])), r.IntN(12)) + []string{"", "x", "\xff", "é"}[r.IntN(4)]
		}
		var links []*LinkRecord
		for i := range 60 {
			links = append(links, &LinkRecord{Provider: text(), Consumer: text(), Service: fmt.Sprint(r.IntN(2)), From: Origin{Row: i + 1}})
		}
		want := slices.Clone(links)
		slices.SortFunc(want, func(a, b *LinkRecord) int {
			return cmp.Or(cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Consumer, b.Consumer), cmp.Compare(a.Service, b.Service), cmp.Compare(a.From.Row, b.From.Row))
		})
		sortLinks(links)
		if !slices.Equal(links, want) {
			t.Fatalf("seed %d: out of order", seed)
		}
	}
}
