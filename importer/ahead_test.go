package importer

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"reflect"
	"runtime"
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

// processors sets how many there are for a test.
func processors(t *testing.T, n int) {
	was := runtime.GOMAXPROCS(n)
	t.Cleanup(func() { runtime.GOMAXPROCS(was) })
}

// TestAhead holds that what is read ahead changes nothing: neither what is read nor what is told of it.
func TestAhead(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 5))
		processors(t, 2+int(seed%7))
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
				t.Fatalf("seed %d, stretches of %d bytes:\n%s\nread\n%s\nby one reader\n%s", seed, size, text, told(got), told(want))
			}
		}
	}
}

// TestAheadBlankRow holds that a blank row, though it be the last of a stretch, makes what stands below the table a note.
func TestAheadBlankRow(t *testing.T) {
	processors(t, 4)
	const link = "Team 1;Team 2\n"
	for i := range 5 { // rows of a stretch
		text := "provider;consumer\n" + strings.Repeat(link, 40+i) + "\n" + strings.Repeat(link, 40) + "Source: a survey\n"
		got, want := readBy(t, text, 4*len(link)), readBy(t, text, -1)
		if !reflect.DeepEqual(got, want) || !strings.Contains(told(got), "taken for a note") {
			t.Errorf("%d: told\n%s\nby one reader\n%s", i, told(got), told(want))
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

// TestAheadTakesOver holds how many stretches are taken over: all but the first of a plain file, and few less where a row is not plain.
func TestAheadTakesOver(t *testing.T) {
	processors(t, 4)
	plain := mischief(rand.New(rand.NewPCG(1, 1)), 10_000, 0)
	for name, c := range map[string]struct {
		row   string // at every hundredth part
		least float64
	}{
		"nothing":         {"", 0.97},
		"a warning":       {"Team 1;Team 2;s;nonsense;;\n", 0.45},
		"two lines":       {"\"Team\n1\";Team 2;s;;;\n", 0.97},
		"what is a ditto": {"Team 1;as above;s;;;\n", 0},
	} {
		text := plain
		for i := range 100 {
			at := strings.Index(text[len(text)*i/100:], "\n") + len(text)*i/100 + 1
			text = text[:at] + c.row + text[at:]
		}
		r := &reader{ctx: context.Background(), options: Options{ahead: 1000}, result: &Result{Headers: map[Place]map[string]string{}}}
		s := csvSheet("links.csv", []byte(text), ';')
		in := input{name: "links.csv", shown: "links.csv"}
		tr := newTableReader(r, in, s, recognise(s))
		tr.reading = r.newReading(in, s)
		links := newLinks(tr)
		a := newAhead(links)
		taken, all := 0, len(text)/1000
		err := links.eachRow(links.take, func(seen *rowsSeen) iter.Seq[*row] {
			behind := a.skip(seen)
			if behind != nil {
				taken++
			}
			return behind
		})
		a.stop()
		if share := float64(taken) / float64(all); err != nil || share < c.least {
			t.Errorf("%s: %v, %d of %d stretches were taken over", name, err, taken, all)
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
