package importer

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// mischief makes a table of links of n rows, of which one in rare is not as plain as the others.
func mischief(r *rand.Rand, n, rare int) string {
	odd := []string{
		"", ";;;;;", "Team 1", "ditto;Team 2;s;critical;4 h;1", "\";Team 2;s;;;", "\"Team\n1\";Team 2;s;;;", "\"Team; 1\";\"Team \"\"2\"\"\";s;;;", "Team 1;\"Te\nam;1;2\";s;hoch;;", ";Team 3;s;;;", "Team 1;;s;;;",
		"Team 1;Team 2;s;wichtig;2 Tage;3", "Team 1;Team 2;s;high;1,5;1.234", "Team 1;Team 2;members;;;", "provider;consumer;service;criticality;tolerance_hours;extra", "total;;;;;", "Team 1;n/a;;;;",
		"Team 1;Team 2;s;;;;more", "(example) A;B;;;;", "Team 1;Team 2;s;nonsense;many;?", "Team 1;Team 2;s;;;\xff", "\"never closed;Team 2;s;;;", "Source: a survey", "Team 1;as above;s;;;", "Team 1\rTeam 2;Team 3;s;;;",
	}
	var b strings.Builder
	b.WriteString("provider;consumer;service;criticality;tolerance_hours;extra\n")
	for range n {
		if rare > 0 && r.IntN(rare) == 0 {
			b.WriteString(odd[r.IntN(len(odd))])
		} else {
			fmt.Fprintf(&b, "Team %d;Team %d;Service %d;%s;%d h;%s", r.IntN(20), r.IntN(20), r.IntN(5), []string{"critical", "minor", ""}[r.IntN(3)], r.IntN(9), []string{"", "x"}[r.IntN(2)])
		}
		b.WriteString([]string{"\n", "\n", "\n", "\r\n"}[r.IntN(4)])
	}
	return b.String()
}

// groups makes a table of links in which, from the middle on, each provider is named in the first row of its group only.
func groups(r *rand.Rand, n int) string {
	var b strings.Builder
	b.WriteString("provider;consumer;service\n")
	for i := range n {
		provider := fmt.Sprint("Team ", i)
		if i > n/2 && r.IntN(4) > 0 {
			provider = ""
		}
		fmt.Fprintf(&b, "%s;Team %d;Service %d\n", provider, i+1, r.IntN(5))
	}
	return b.String()
}

// TestAhead holds that what is read ahead changes nothing: neither what is read nor what is told of it.
func TestAhead(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 5))
		text := mischief(r, r.IntN(200), []int{0, 100, 30, 5}[seed%4])
		if seed%10 == 9 {
			text = groups(r, r.IntN(200))
		}
		if r.IntN(5) == 0 {
			text = strings.TrimSuffix(text, "\n")
		}
		want := readBy(t, text, -1)
		for _, size := range []int{10, 100, 700} {
			if got := readBy(t, text, size); !reflect.DeepEqual(got, want) {
				t.Fatalf("seed %d, blocks of %d bytes:\n%s\nread\n%s\nby one reader\n%s", seed, size, text, told(got), told(want))
			}
		}
	}
}

// readBy reads a text with blocks of so many bytes read ahead.
func readBy(t testing.TB, text string, size int) *Result {
	t.Helper()
	result, err := ReadFiles(context.Background(), []File{Bytes("links.csv", []byte(text))}, Options{ahead: size})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// TestAheadTakesOver holds that blocks of a plain file are taken over, but for the first ones, and that a row that is not plain costs few.
func TestAheadTakesOver(t *testing.T) {
	plain := mischief(rand.New(rand.NewPCG(1, 1)), 10_000, 0)
	for _, c := range []struct {
		text  string
		least float64
	}{{plain, 0.95}, {plain[:len(plain)/2] + "\"Team\n1\";Team 2;s;nonsense\n" + plain[len(plain)/2:], 0.9}} {
		r := &reader{ctx: context.Background(), result: &Result{Headers: map[Place]map[string]string{}}}
		s := csvSheet("links.csv", []byte(c.text), ';')
		in := input{name: "links.csv", shown: "links.csv"}
		l := recognise(s)
		tr := newTableReader(r, in, s, l)
		tr.reading = r.newReading(in, s)
		links := newLinks(tr)
		links.options.ahead = 1000
		a := newAhead(links)
		defer a.stop()
		if err := links.eachRow(links.take, a.skip); err != nil {
			t.Fatal(err)
		}
		blocks := float64(len(c.text) / a.size)
		if float64(a.luck) < c.least*blocks {
			t.Errorf("%d of %g blocks", a.luck, blocks)
		}
	}
}

// told is what a file reads as, in lines.
func told(r *Result) string {
	var b strings.Builder
	for _, p := range r.Problems {
		fmt.Fprintln(&b, p)
	}
	for _, s := range r.Org.Sources {
		for _, l := range s.Links {
			fmt.Fprintf(&b, "%+v\n", *l)
		}
	}
	return b.String()
}
