package graph

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestSortLinks holds that links are in the order of their texts and origins, whatever those have in common, and numbered.
func TestSortLinks(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		text := func() string {
			common := []string{"", "Team ", "a long name that all have in common "}[seed%3]
			return common + strings.Repeat(string(rune("ab\x00é"[r.IntN(4)])), r.IntN(12)) + []string{"", "x", "\xff", "é"}[r.IntN(4)]
		}
		var links []*LinkRecord
		n := int(seed) // as many as are sorted side by side, too
		if seed == 0 {
			n = 30_000
		}
		for i := range n {
			links = append(links, &LinkRecord{Provider: text(), Consumer: text(), Service: fmt.Sprint(r.IntN(2)), From: Origin{Row: i + 1}, Nth: r.IntN(3)})
		}
		want := slices.Clone(links)
		slices.SortFunc(want, func(a, b *LinkRecord) int {
			return cmp.Or(cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Consumer, b.Consumer), cmp.Compare(a.Service, b.Service), cmp.Compare(a.From.Row, b.From.Row))
		})
		sortLinks(links)
		if !slices.Equal(links, want) {
			t.Fatalf("seed %d: out of order", seed)
		}
		for i, l := range links {
			nth := 0
			if i > 0 && l.Provider == links[i-1].Provider && l.Consumer == links[i-1].Consumer && l.Service == links[i-1].Service {
				nth = links[i-1].Nth + 1
			}
			if l.Nth != nth {
				t.Fatalf("seed %d: link %d has number %d, not %d", seed, i, l.Nth, nth)
			}
		}
	}
}
