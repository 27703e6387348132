package analysis

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/graphtest"
)

// trials is how many random organisations a property is tried on.
const trials = 3000

// eachRandom calls f with random organisations of 4 to 20 nodes and what the oracle makes of them.
func eachRandom(t *testing.T, f func(t *testing.T, r *rand.Rand, s *graph.Snapshot, w *oracle)) {
	for seed := range uint64(trials) {
		r := rand.New(rand.NewPCG(seed, 1))
		o := graphtest.Random(seed, 4+r.IntN(17))
		f(t, r, graph.NewSnapshot(o), newOracle(o))
		if t.Failed() {
			t.Fatalf("organisation of seed %d", seed)
		}
	}
}

func nodeIDs(s *graph.Snapshot, xs []int32) []string {
	out := make([]string, 0, len(xs))
	for _, x := range xs {
		out = append(out, s.Nodes[x].ID)
	}
	return out
}

func chainOf(s *graph.Snapshot, steps []Step) (out []string) {
	for _, step := range steps {
		n := &s.Needs[step.Need]
		out = append(out, s.Nodes[step.Provider].ID+" "+graph.Fold(n.Service)+" "+s.Nodes[n.Consumer].ID)
	}
	return out
}

func TestSpreadAgainstOracle(t *testing.T) {
	eachRandom(t, func(t *testing.T, r *rand.Rand, s *graph.Snapshot, w *oracle) {
		if got, want := len(s.Nodes), len(w.nodes); got < want-4 { // units that nobody names
			t.Fatalf("%d nodes, oracle %d", got, want)
		}
		f := Failure{}
		for x := range s.Nodes {
			switch r.IntN(8) {
			case 0:
				f.Stopped = append(f.Stopped, int32(x))
			case 1:
				f.Worse = append(f.Worse, int32(x))
			}
		}
		if r.IntN(2) == 0 {
			f.Worse = nil
		}
		compareSpread(t, s, w, f)
	})
}

func compareSpread(t *testing.T, s *graph.Snapshot, w *oracle, f Failure) {
	o := Spread(s, f)
	if got := States(s, f); !slices.Equal(got, o.State) {
		t.Errorf("States %v, Spread %v", got, o.State)
	}
	want := w.fail(nodeIDs(s, f.Stopped), nodeIDs(s, f.Worse))
	for x := range s.Nodes {
		id := s.Nodes[x].ID
		is := want[id]
		if o.State[x] != is.state || o.Hours[x] != is.hours || o.Wave[x] != is.wave {
			t.Errorf("%s is %v after %v h in wave %d, want %v, %v, %d", id, o.State[x], o.Hours[x], o.Wave[x], is.state, is.hours, is.wave)
		}
		if got, want := chainOf(s, o.Chain(s, int32(x))), w.chain(want, id); !slices.Equal(got, want) {
			t.Errorf("chain to %s is %q, want %q", id, got, want)
		}
	}
}

func TestHitsAreSortedAndLeaveOutTheFailed(t *testing.T) {
	eachRandom(t, func(t *testing.T, r *rand.Rand, s *graph.Snapshot, w *oracle) {
		f := Failure{Stopped: []int32{int32(r.IntN(len(s.Nodes)))}, Worse: []int32{int32(r.IntN(len(s.Nodes)))}}
		o := Spread(s, f)
		hit := map[int32]bool{}
		last := Hit{Node: -1}
		for _, h := range o.Hits(s) {
			hit[h.Node] = true
			if h.Hours < last.Hours || h.Hours == last.Hours && h.Node < last.Node {
				t.Errorf("%v comes after %v", h, last)
			}
			last = h
			if h.State != o.State[h.Node] || h.Hours != o.Hours[h.Node] || h.Wave != o.Wave[h.Node] || h.Cause != o.Cause[h.Node] || h.State == Up {
				t.Errorf("%+v is not as the outcome says", h)
			}
		}
		for x := range int32(len(s.Nodes)) {
			changed := o.State[x] != Up && !slices.Contains(f.Stopped, x) && !(slices.Contains(f.Worse, x) && o.State[x] == Degraded)
			if changed != hit[x] {
				t.Errorf("%s is hit: %v, want %v", s.Nodes[x].ID, hit[x], changed)
			}
		}
	})
}

// org reads links like "A>B service critical 2h min2 vol30", one a line, and nodes like "C customer cap100 rec4 nofail at:Site of:Team".
// Kinds are told by the first word after the name; what no line describes is a team.
func org(t testing.TB, text string) *graph.Org {
	t.Helper()
	var nodes []*graph.NodeRecord
	var links []*graph.LinkRecord
	described := map[string]bool{}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if provider, consumer, ok := strings.Cut(words[0], ">"); ok {
			r := &graph.LinkRecord{Provider: provider, Consumer: consumer}
			for _, word := range words[1:] {
				readLink(t, r, word)
			}
			links = append(links, r)
			continue
		}
		r := &graph.NodeRecord{ID: words[0], Name: words[0]}
		for _, word := range words[1:] {
			readNode(t, r, word)
		}
		nodes = append(nodes, r)
		described[r.ID] = true
	}
	for _, l := range links {
		for _, id := range []string{l.Provider, l.Consumer} {
			if !described[id] {
				nodes = append(nodes, &graph.NodeRecord{ID: id, Name: id})
				described[id] = true
			}
		}
	}
	s := graph.NewSource("test", nodes, links)
	s.Rank = 1
	return &graph.Org{Sources: []*graph.Source{s}}
}

func readLink(t testing.TB, r *graph.LinkRecord, word string) {
	if c, err := graph.ParseCriticality(word); err == nil {
		r.Criticality = c
	} else if n, ok := number(word, "min"); ok {
		r.MinProviders = n
	} else if n, ok := number(word, "vol"); ok {
		r.Volume = n
	} else if n, ok := number(word, "tol"); ok {
		r.Tolerance = n
	} else {
		r.Service = word
	}
}

func readNode(t testing.TB, r *graph.NodeRecord, word string) {
	if k, err := graph.ParseKind(word); err == nil {
		r.Kind = k
	} else if n, ok := number(word, "cap"); ok {
		r.Capacity = n
	} else if n, ok := number(word, "rec"); ok {
		r.RecoveryHours = n
	} else if n, ok := number(word, "staff"); ok {
		r.MinStaff = n
	} else if n, ok := number(word, "heads"); ok {
		r.Headcount = n
	} else if site, ok := strings.CutPrefix(word, "at:"); ok {
		r.Sites = append(r.Sites, site)
	} else if team, ok := strings.CutPrefix(word, "of:"); ok {
		r.Teams = append(r.Teams, team)
	} else if unit, ok := strings.CutPrefix(word, "in:"); ok {
		r.Unit = unit
	} else if word == "nofail" {
		r.CanFail = graph.No
	} else {
		t.Fatalf("what is %q?", word)
	}
}

func number(word, prefix string) (graph.Number, bool) {
	v, err := strconv.ParseFloat(strings.TrimPrefix(word, prefix), 64)
	return graph.Given(v), err == nil && strings.HasPrefix(word, prefix)
}

func TestSpreadByHand(t *testing.T) {
	tests := []struct {
		name, org            string
		stopped, worse, want string // want: "node state hours wave <cause provider" in order of id, those that are up left out
	}{
		{"a chain adds its tolerances", "C customer\nA>B x tol2\nB>C y tol0.5", "A", "",
			"A down 0 0, B down 2 1 <A, C down 2.5 2 <B"},
		{"alternates hold", "C customer\nA>C x\nB>C x", "A", "", "A down 0 0"},
		{"the last of the alternates counts", "C customer\nA>B y tol3\nA>C x\nB>C x tol1", "A", "", "A down 0 0, B down 3 1 <A, C down 4 2 <B"},
		{"two of three", "C customer\nP>C x min2\nQ>C x\nR>C x", "P,Q", "", "C down 0 1 <Q, P down 0 0, Q down 0 0"},
		{"important degrades, minor does not", "A>B x important\nB>D y\nA>E z minor", "A", "", "A down 0 0, B degraded ∞ 1 <A, D degraded ∞ 2 <B"},
		{"poor service spreads as poor service", "A>B x\nB>C y important\nC>D z minor", "", "A", "A degraded ∞ 0, B degraded ∞ 1 <A, C degraded ∞ 2 <B"},
		{"a loop does not fail by itself, and falls as a whole", "A>B\nB>C\nC>B\nC>D", "A", "", "A down 0 0, B down 0 1 <A, C down 0 2 <B, D down 0 3 <C"},
		{"alternates that lean on each other hold each other up no more", "A>B x\nC>B x\nB>C y\nB>D z", "A,C", "",
			"A down 0 0, B down 0 1 <C, C down 0 0, D down 0 2 <B"},
		{"the earlier hour beats the earlier wave", "A>X x tol9\nA>B y tol1\nB>D y tol1\nD>X z tol1", "A", "",
			"A down 0 0, B down 1 1 <A, D down 2 2 <B, X down 3 3 <D"},
		{"of one hour the earlier wave", "A>X x tol2\nA>B y tol1\nB>X a tol1", "A", "", "A down 0 0, B down 1 1 <A, X down 2 1 <A"},
		{"then the smaller tolerance", "A>P tol2\nB>Q tol1\nP>X a tol0\nQ>X b tol1", "A,B", "",
			"A down 0 0, B down 0 0, P down 2 1 <A, Q down 1 1 <B, X down 2 2 <P"},
		{"then the service", "A>X zeta\nB>X Beta", "A,B", "", "A down 0 0, B down 0 0, X down 0 1 <B"},
		{"a site's service counts in the alphabet", "S resource\nX team at:S\nA>X zeta", "A,S", "", "A down 0 0, S down 0 0, X down 0 1 <S"},
		{"then the provider", "B>X\nA>X", "A,B", "", "A down 0 0, B down 0 0, X down 0 1 <A"},
		{"who is worse may go down", "A>B x tol1\nB>C y important", "A", "B", "A down 0 0, B down 1 1 <A, C degraded ∞ 2 <B"},
		{"a mixture of down and degraded alternates degrades", "A>X x\nB>X x\nB>Y y", "A", "B",
			"A down 0 0, B degraded ∞ 0, X degraded ∞ 1 <B, Y degraded ∞ 1 <B"},
		{"a unit is up while a team is", "U unit\nP team in:U\nQ team in:U\nU>C x\nC customer", "P", "", "P down 0 0"},
		{"and down with the last", "U unit\nP team in:U\nQ team in:U\nU>C x\nC customer", "P,Q", "",
			"C down 0 2 <U, P down 0 0, Q down 0 0, U down 0 1 <Q"},
		{"a team stops without enough members", "T team staff2\na person of:T\nb person of:T\nc person of:T", "a,b", "",
			"T down 0 1 <b, a down 0 0, b down 0 0"},
		{"decimal tolerances add up", "A>B tol0.1\nB>C tol0.2", "A", "", "A down 0 0, B down 0.1 1 <A, C down 0.3 2 <B"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := graph.NewSnapshot(org(t, test.org))
			o := Spread(s, Failure{Stopped: nodesOf(t, s, test.stopped), Worse: nodesOf(t, s, test.worse)})
			var got []string
			for x := range s.Nodes {
				if o.State[x] == Up {
					continue
				}
				hours := strings.Replace(fmt.Sprint(o.Hours[x]), "+Inf", "∞", 1)
				words := fmt.Sprint(s.Nodes[x].ID, " ", o.State[x], " ", hours, " ", o.Wave[x])
				if c := o.Cause[x]; c.Need >= 0 {
					words += " <" + s.Nodes[c.Provider].ID
				}
				got = append(got, words)
			}
			if g := strings.Join(got, ", "); g != test.want {
				t.Errorf("got  %s\nwant %s", g, test.want)
			}
		})
	}
}

func nodesOf(t testing.TB, s *graph.Snapshot, ids string) (nodes []int32) {
	for id := range strings.SplitSeq(ids, ",") {
		if id == "" {
			continue
		}
		x := s.ByID(id)
		if x < 0 {
			t.Fatalf("no node %q", id)
		}
		nodes = append(nodes, x)
	}
	return nodes
}

func TestTicks(t *testing.T) {
	for _, test := range []struct {
		hours []float64
		want  float64
	}{
		{[]float64{0.1, 0.2}, 0.3},
		{[]float64{1.0 / 3, 1.0 / 3, 1.0 / 3}, 1},
		{[]float64{0.7, 0.1}, 0.8},
		{[]float64{1e300, 1e300, 1e300}, (forever - 1).hours()},
		{nil, 0},
	} {
		var sum ticks
		for _, h := range test.hours {
			sum = sum.plus(toTicks(h))
		}
		if sum.hours() != test.want {
			t.Errorf("%v add up to %v, want %v", test.hours, sum.hours(), test.want)
		}
	}
	if !math.IsInf(forever.hours(), 1) {
		t.Error("forever ends")
	}
}

func TestSpreaderForgetsEarlierFailures(t *testing.T) {
	for seed := range uint64(100) {
		s := graph.NewSnapshot(graphtest.Random(seed, 12))
		failures := NewSpreader(s)
		for v := range int32(len(s.Nodes)) {
			f := Failure{Stopped: []int32{v}}
			if got, want := failures.Spread(f), Spread(s, f); !reflect.DeepEqual(got, want) {
				t.Fatalf("seed %d, node %d: %v, alone %v", seed, v, got, want)
			}
		}
	}
}
