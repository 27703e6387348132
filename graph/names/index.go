package names

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits that keep any input within bounds. Real names stay far below them; what they leave out is counted.
const (
	mostBucket  = 24        // words that are the same with letters left out: more are codes of a series
	mostPrefix  = 200       // words that begin alike
	mostNames   = 400       // names to compare one with
	mostSame    = 24        // names of the same letters: “Vacant” is nobody's name
	mostCompare = 4_000_000 // comparisons of words, and of names
	deletions   = 12        // letters from the start of a word that deletions are made of
)

// index finds names that may be alike without comparing all with all.
type index struct {
	spellings []*spelling
	fresh     []bool // by spelling: an incoming source says it
	words     []word
	wordOf    map[word]int32
	cores     [][]int32 // by spelling: the words of its core, each once
	alikes    [][]int32 // by word: the words that are like it, itself included
	byWord    [][]int32 // by word: the spellings that hold it
	newByWord [][]int32 // … of these the fresh ones
	byMark    map[string][]int32
	bySame    map[string][]int32 // by squeezed letters
	byFirst   map[string][]int32 // by first letters
	compared  int                // comparisons of words and names
	left      int                // comparisons not made
}

// newIndex indexes spellings. O(letters), but for words that are like many.
func newIndex(spellings []*spelling, fresh []bool) *index {
	x := &index{spellings: spellings, fresh: fresh, wordOf: map[word]int32{}, byMark: map[string][]int32{}, bySame: map[string][]int32{}, byFirst: map[string][]int32{}}
	x.cores = make([][]int32, len(spellings))
	for i, s := range spellings {
		x.bySame[s.squeezed] = append(x.bySame[s.squeezed], int32(i))
		if s.first != "" {
			x.byFirst[s.first] = append(x.byFirst[s.first], int32(i))
		}
		for m, mark := range s.marks {
			if m == 0 || s.marks[m-1] != mark {
				x.byMark[mark] = append(x.byMark[mark], int32(i))
			}
		}
		if len(s.core) > mostWords {
			continue
		}
		for _, w := range s.core {
			id, ok := x.wordOf[w]
			if !ok {
				id = int32(len(x.words))
				x.wordOf[w] = id
				x.words, x.byWord, x.newByWord = append(x.words, w), append(x.byWord, nil), append(x.newByWord, nil)
			}
			if slices.Contains(x.cores[i], id) {
				continue
			}
			x.cores[i] = append(x.cores[i], id)
			x.byWord[id] = append(x.byWord[id], int32(i))
			if fresh[i] {
				x.newByWord[id] = append(x.newByWord[id], int32(i))
			}
		}
	}
	x.relateWords()
	return x
}

// relateWords fills alikes.
func (x *index) relateWords() {
	x.alikes = make([][]int32, len(x.words))
	for i := range x.alikes {
		x.alikes[i] = []int32{int32(i)}
	}
	for _, by := range []func(try func(a, b int32)){x.byForms, x.byPrefixes, x.byDeletions} {
		compared := 0
		by(func(a, b int32) {
			if a == b {
				return
			}
			if compared == mostCompare {
				x.left++
				return
			}
			compared++
			if alike(x.words[a], x.words[b]).score > 0 {
				x.alikes[a], x.alikes[b] = append(x.alikes[a], b), append(x.alikes[b], a)
			}
		})
		x.compared += compared
	}
	for i := range x.alikes {
		slices.Sort(x.alikes[i])
		x.alikes[i] = slices.Compact(x.alikes[i])
	}
}

// byForms tries words of which one is a regular form of the other: with umlauts, in the plural, a known abbreviation.
func (x *index) byForms(try func(a, b int32)) {
	byText := map[string][]int32{}
	add := func(key string, w int32) {
		if ws := byText[key]; len(ws) == 0 || ws[len(ws)-1] != w {
			byText[key] = append(ws, w)
		}
	}
	for i, w := range x.words {
		add(w.text, int32(i))
		add(w.alt, int32(i))
		add(known(w.text), int32(i))
	}
	all := func(a int32, key string) {
		for _, b := range byText[key] {
			try(a, b)
		}
	}
	for i, w := range x.words {
		all(int32(i), w.text)
		all(int32(i), w.alt)
		all(int32(i), known(w.text))
		all(int32(i), w.text+"ー")
		for _, one := range singulars(w.text) {
			all(int32(i), one)
		}
	}
}

// byPrefixes tries abbreviations with the words that begin like them.
func (x *index) byPrefixes(try func(a, b int32)) {
	order := make([]int32, len(x.words))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(strings.Compare(x.words[a].text, x.words[b].text), cmp.Compare(a, b))
	})
	scan := func(a int32, prefix string, most int) {
		from, _ := slices.BinarySearchFunc(order, prefix, func(w int32, p string) int { return strings.Compare(x.words[w].text, p) })
		for n, b := range order[from:] {
			if !strings.HasPrefix(x.words[b].text, prefix) {
				break
			}
			if n == most {
				x.left++
				break
			}
			try(a, b)
		}
	}
	for i, w := range x.words {
		if n := utf8.RuneCountInString(w.text); w.dotted || 3 <= n && n <= 5 {
			scan(int32(i), w.text, mostPrefix)
		}
		if isVowelless(w.text) && len(w.text) >= 3 {
			scan(int32(i), w.text[:1], 10*mostPrefix)
		}
	}
}

// The hash of Fowler, Noll and Vo, letter by letter: the same on every run, as limits must cut in the same place.
const (
	fnvOffset uint64 = 14695981039346656037
	fnvPrime  uint64 = 1099511628211
)

// byDeletions tries words that are the same when one or two letters are left out of each: every pair within that distance is
// among them (symmetric deletion, Garbe 2012).
func (x *index) byDeletions(try func(a, b int32)) {
	type entry struct {
		hash uint64
		word int32
	}
	var entries []entry
	for i, w := range x.words {
		letters := []rune(w.text)
		if len(letters) < minTypo-1 || !alphabetic(w.text) {
			continue
		}
		// The first letter stays; words of one edit and of two have buckets of their own.
		add := func(kind byte, without ...int) {
			hash := (fnvOffset ^ uint64(kind)) * fnvPrime
			for at, r := range letters[:min(len(letters), deletions)] {
				if !slices.Contains(without, at) {
					hash = (hash ^ uint64(r)) * fnvPrime
				}
			}
			entries = append(entries, entry{hash, int32(i)})
		}
		add(1)
		n := min(len(letters), deletions)
		for a := 1; a < n; a++ {
			add(1, a)
		}
		if len(letters) < minTwo {
			continue
		}
		add(2)
		for a := 1; a < n; a++ {
			add(2, a)
			for b := a + 1; b < n; b++ {
				add(2, a, b)
			}
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.word, b.word)) })
	entries = slices.Compact(entries)
	for len(entries) > 0 {
		n := 1
		for n < len(entries) && entries[n].hash == entries[0].hash {
			n++
		}
		if n > mostBucket {
			x.left++
		} else {
			for i := range n {
				for j := range i {
					try(entries[j].word, entries[i].word)
				}
			}
		}
		entries = entries[n:]
	}
}

// candidates gives the spellings that may be like one, each once, sorted: whoever is like it has it among his, or is among its
// own. One that is not fresh gets fresh ones only.
func (x *index) candidates(of int32) []int32 {
	s := x.spellings[of]
	var found []int32
	add := func(list []int32) {
		if len(list) > mostNames {
			x.left += len(list) - mostNames
			list = list[:mostNames]
		}
		for _, c := range list {
			if c != of && (x.fresh[of] || x.fresh[c]) {
				found = append(found, c)
			}
		}
	}
	switch n := len(x.bySame[s.squeezed]); {
	case n > mostSame:
		x.left++
		return nil
	case s.squeezed != "":
		add(x.bySame[s.squeezed])
	}
	if len(s.core) == 1 && len(s.marks) == 0 {
		add(x.byFirst[s.core[0].text])
	}
	if len(s.core) > 0 && len(s.core) <= mostWords {
		for _, list := range x.rarest(of) {
			add(list)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// rarest gives the spellings that hold what is like that word of one, or that mark, which the fewest hold.
func (x *index) rarest(of int32) [][]int32 {
	byWord := x.byWord
	if !x.fresh[of] {
		byWord = x.newByWord
	}
	best := -1
	var lists [][]int32
	for _, w := range x.cores[of] {
		n := 0
		for _, like := range x.alikes[w] {
			n += len(byWord[like])
		}
		if best < 0 || n < best {
			best, lists = n, lists[:0]
			for _, like := range x.alikes[w] {
				lists = append(lists, byWord[like])
			}
		}
	}
	for _, m := range x.spellings[of].marks {
		if list := x.byMark[m]; len(list) < best {
			best, lists = len(list), [][]int32{list}
		}
	}
	return lists
}

// mayMatch says quickly that it is worth to compare two spellings: each word of the one with fewer has one like it in the other,
// or it is not words that count.
func (x *index) mayMatch(a, b int32) bool {
	few, many := x.cores[a], x.cores[b]
	if len(few) > len(many) {
		few, many = many, few
	}
	if len(few) <= 1 || x.spellings[a].squeezed == x.spellings[b].squeezed {
		return true
	}
	for _, w := range few {
		likes := x.alikes[w]
		if !slices.ContainsFunc(many, func(m int32) bool { return m == w || len(likes) > 1 && slices.Contains(likes, m) }) {
			return false
		}
	}
	return true
}
