package analysis

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/graphtest"
)

func analyse(t testing.TB, s *graph.Snapshot, o Options) *Findings {
	t.Helper()
	f, err := Analyse(context.Background(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// foundStop is a node that stops or degrades customers, in words, to compare findings by.
type foundStop struct {
	Node               string
	Down, Degraded     []string
	Hours              float64
	First              string
	Exposed, NotBack   bool
	Assumed            bool
	Chain              []string
	DownCount, DegrCnt int
}

func TestFindingsAgainstOracle(t *testing.T) {
	eachRandom(t, func(t *testing.T, _ *rand.Rand, s *graph.Snapshot, w *oracle) {
		f := analyse(t, s, Options{})
		if got, want := nodeIDs(s, s.Customers), w.customers(); !slices.Equal(got, want) {
			t.Fatalf("customers are %q, want %q", got, want)
		}
		compareStops(t, f, w)
		compareRedundancy(t, f, w)
		comparePlainFindings(t, f, w)
		compareHollow(t, f, w)
	})
}

func compareStops(t *testing.T, f *Findings, w *oracle) {
	s := f.Snapshot
	var stops []foundStop
	stoppedBy := map[string]int{}
	for _, p := range f.SPOFs {
		stops = append(stops, foundStop{s.Nodes[p.Node].ID, nodeIDs(s, p.CustomersDown), nodeIDs(s, p.CustomersDegraded), p.FirstImpact,
			s.Nodes[p.FirstCustomer].ID, p.Exposed, p.RecoveryUnknown, p.Assumed, chainOf(s, p.Chain), p.DownCount, p.DegradedCount})
		if f.SPOFOf[p.Node] < 0 || f.SPOFs[f.SPOFOf[p.Node]].Node != p.Node {
			t.Errorf("SPOFOf %s leads elsewhere", s.Nodes[p.Node].ID)
		}
	}
	for _, d := range f.Degrading {
		stops = append(stops, foundStop{Node: s.Nodes[d.Node].ID, Degraded: nodeIDs(s, d.Customers), DegrCnt: d.Count})
	}
	var want, degrading []foundStop
	for x := range s.Nodes { // for the order of ids only
		v := s.Nodes[x].ID
		if f.SPOFOf[x] >= 0 && s.Nodes[f.SPOFs[f.SPOFOf[x]].Node].ID != v {
			t.Errorf("SPOFOf %s is another node", v)
		}
		if w.nodes[v] == nil || !w.canFail(v) {
			continue
		}
		switch stop := w.stop(v); {
		case stop.DownCount > 0:
			want = append(want, stop)
			for _, c := range stop.Down {
				stoppedBy[c]++
			}
		case stop.DegrCnt > 0:
			degrading = append(degrading, stop)
		}
	}
	slices.SortStableFunc(want, func(a, b foundStop) int { return cmp.Compare(b.DownCount, a.DownCount) })
	want = append(want, degrading...)
	if got, want := fmt.Sprintf("%+v", stops), fmt.Sprintf("%+v", want); got != want {
		t.Errorf("stops are\n%s, want\n%s", got, want)
	}
	for x := range s.Nodes {
		if got, want := int(f.StoppedBy[x]), stoppedBy[s.Nodes[x].ID]; got != want {
			t.Errorf("%s is stopped by %d, want %d", s.Nodes[x].ID, got, want)
		}
	}
}

// stop says what the failure of v alone does to the customers.
func (w *oracle) stop(v string) foundStop {
	at := w.fail([]string{v}, nil)
	stop := foundStop{Node: v}
	for _, c := range w.customers() {
		switch at[c].state {
		case Down:
			stop.Down = append(stop.Down, c)
			if stop.First == "" || at[c].hours < stop.Hours {
				stop.First, stop.Hours = c, at[c].hours
			}
		case Degraded:
			stop.Degraded = append(stop.Degraded, c)
		}
	}
	stop.DownCount, stop.DegrCnt = len(stop.Down), len(stop.Degraded)
	if stop.First == "" {
		return stop
	}
	stop.Chain = w.chain(at, stop.First)
	for id := stop.First; at[id].need >= 0; id = at[id].provider {
		stop.Assumed = stop.Assumed || w.needs[at[id].need].assumed
	}
	recovery, ok := w.nodes[v].RecoveryHours.Get()
	stop.NotBack = !ok
	stop.Exposed = !ok || stop.Hours < recovery
	return stop
}

func compareRedundancy(t *testing.T, f *Findings, w *oracle) {
	s := f.Snapshot
	var falses, circular, wantFalse, wantCircular []string
	for _, r := range f.FalseRedundancy {
		falses = append(falses, needWords(s, r.Need)+" by "+s.Nodes[r.Node].ID)
	}
	for _, c := range f.Circular {
		circular = append(circular, needWords(s, c.Need)+" by "+s.Nodes[c.Provider].ID)
	}
	for v := range w.nodes {
		if !w.canFail(v) {
			continue
		}
		at := w.fail([]string{v}, nil)
		for _, n := range w.needs {
			if n.teams || n.k == len(n.providers) {
				continue
			}
			up := len(n.providers)
			for _, p := range n.providers {
				if at[p].state != Down {
					continue
				}
				if up--; v == n.consumer {
					wantCircular = append(wantCircular, n.words()+" by "+p)
				}
			}
			if up < n.k && v != n.consumer {
				wantFalse = append(wantFalse, n.words()+" by "+v)
			}
		}
	}
	sameList(t, "false redundancy", falses, wantFalse)
	sameList(t, "circular redundancy", circular, wantCircular)
	if f.FalseCount != len(wantFalse) {
		t.Errorf("%d of false redundancy, want %d", f.FalseCount, len(wantFalse))
	}
}

func needWords(s *graph.Snapshot, need int32) string {
	n := &s.Needs[need]
	return s.Nodes[n.Consumer].ID + "/" + graph.Fold(n.Service) + " of " + strings.Join(nodeIDs(s, n.Providers), ",")
}

func (n *oracleNeed) words() string {
	return n.consumer + "/" + n.service + " of " + strings.Join(n.providers, ",")
}

func sameList(t *testing.T, what string, got, want []string) {
	t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s:\ngot  %q\nwant %q", what, got, want)
	}
}

func comparePlainFindings(t *testing.T, f *Findings, w *oracle) {
	s := f.Snapshot
	var key, wantKey []string
	for _, k := range f.KeyPeople {
		key = append(key, fmt.Sprint(s.Nodes[k.Person].ID, " in ", s.Nodes[k.Team].ID, " ", k.BusFactor))
	}
	for _, n := range w.needs {
		for _, p := range n.providers {
			if n.members && n.k == len(n.providers) {
				wantKey = append(wantKey, fmt.Sprint(p, " in ", n.consumer, " 1"))
			}
		}
	}
	sameList(t, "key people", key, wantKey)
	for _, i := range f.Unmet {
		if n := &s.Needs[i]; int(n.MinProviders) <= len(n.Providers) {
			t.Errorf("%s is not unmet", needWords(s, i))
		}
	}
}

// compareHollow works out hollow redundancy from the definition, with the volumes and loads of the snapshot.
func compareHollow(t *testing.T, f *Findings, w *oracle) {
	s := f.Snapshot
	var got, want []string
	for _, h := range f.Hollow {
		got = append(got, fmt.Sprintf("%s: %s fails, %s gets %.4f, has %.4f", needWords(s, h.Need), s.Nodes[h.Failed].ID, s.Nodes[h.Survivor].ID, h.Extra, h.Spare))
	}
	for i := range s.Needs {
		n := &s.Needs[i]
		for j, v := range n.Providers {
			if n.Origin != graph.FromLinks || int(n.K) == len(n.Providers) || !s.Nodes[v].CanFail || !s.Links[n.Links[j]].Values.Volume.IsGiven() {
				continue
			}
			want = append(want, hollowOf(f, w, int32(i), v, s.Links[n.Links[j]].Values.Volume.Or(0))...)
		}
	}
	sameList(t, "hollow", got, want)
}

func hollowOf(f *Findings, w *oracle, need, v int32, volume float64) (out []string) {
	s := f.Snapshot
	at := w.fail([]string{s.Nodes[v].ID}, nil)
	spare, total := map[int32]float64{}, 0.0
	for _, p := range s.Needs[need].Providers {
		if at[s.Nodes[p].ID].state == Down {
			continue
		}
		if !s.Nodes[p].Capacity.IsGiven() {
			return nil
		}
		spare[p] = max(0, s.Nodes[p].Capacity.Or(0)-f.Load[p].Load.Or(0))
		total += spare[p]
	}
	if len(spare) < int(s.Needs[need].K) {
		return nil
	}
	for p, room := range spare {
		extra := volume / float64(len(spare))
		if total > 0 {
			extra = volume * room / total
		}
		if extra > room+1e-6 {
			out = append(out, fmt.Sprintf("%s: %s fails, %s gets %.4f, has %.4f", needWords(s, need), s.Nodes[v].ID, s.Nodes[p].ID, extra, room))
		}
	}
	return out
}

// TestFindingsOfManyBlocks checks what only shows with more nodes than fit into one block, against one failure at a time.
func TestFindingsOfManyBlocks(t *testing.T) {
	for _, mixed := range []bool{true, false} {
		s := graph.NewSnapshot(graphtest.Large(3, 1700, 6000, mixed))
		f := analyse(t, s, Options{})
		r := newRipple(compile(s))
		falses, circular := 0, 0
		for v := range int32(len(s.Nodes)) {
			if !s.Nodes[v].CanFail {
				continue
			}
			o := r.spread(Failure{Stopped: []int32{v}})
			var down, degraded []int32
			hours := math.Inf(1)
			for _, c := range s.Customers {
				switch o.State[c] {
				case Down:
					down = append(down, c)
					hours = min(hours, o.Hours[c])
				case Degraded:
					degraded = append(degraded, c)
				}
			}
			var got SPOF
			if i := f.SPOFOf[v]; i >= 0 {
				got = f.SPOFs[i]
			} else if i, ok := slices.BinarySearchFunc(f.Degrading, v, func(d Degrading, v int32) int { return cmp.Compare(d.Node, v) }); ok {
				got.CustomersDegraded = f.Degrading[i].Customers
			}
			if !slices.Equal(got.CustomersDown, down) || !slices.Equal(got.CustomersDegraded, degraded) {
				t.Fatalf("mixed %v: node %d stops %v and degrades %v, want %v and %v", mixed, v, got.CustomersDown, got.CustomersDegraded, down, degraded)
			}
			if len(down) > 0 && got.FirstImpact != hours {
				t.Fatalf("mixed %v: node %d stops somebody after %v hours, want %v", mixed, v, got.FirstImpact, hours)
			}
			for i := range s.Needs {
				n := &s.Needs[i]
				if int(n.K) == len(n.Providers) {
					continue
				}
				lost := 0
				for _, p := range n.Providers {
					if o.State[p] == Down {
						lost++
					}
				}
				if n.Consumer == v {
					circular += lost
				} else if lost > len(n.Providers)-int(n.K) {
					falses++
				}
			}
		}
		if falses != len(f.FalseRedundancy) || circular != len(f.Circular) {
			t.Errorf("mixed %v: %d false and %d circular, want %d and %d", mixed, len(f.FalseRedundancy), len(f.Circular), falses, circular)
		}
	}
}

// TestTooManyPairs holds the counts of a short answer to the lists of a full one.
func TestTooManyPairs(t *testing.T) {
	s := graph.NewSnapshot(graphtest.Large(4, 5500, 22000, false))
	short, full := analyse(t, s, Options{}), analyse(t, s, Options{Full: true})
	if !short.TooMany || !short.TooManyDegraded || full.TooMany || full.TooManyDegraded {
		t.Fatalf("too many: %v, %v; with Full %v, %v", short.TooMany, short.TooManyDegraded, full.TooMany, full.TooManyDegraded)
	}
	if len(short.SPOFs) != len(full.SPOFs) || !slices.Equal(short.StoppedBy, full.StoppedBy) {
		t.Fatal("the counts differ")
	}
	for i, a := range short.SPOFs {
		b := full.SPOFs[i]
		if a.CustomersDown != nil || a.CustomersDegraded != nil || a.Node != b.Node || a.DownCount != len(b.CustomersDown) || a.DegradedCount != len(b.CustomersDegraded) ||
			a.FirstCustomer != b.FirstCustomer || a.FirstImpact != b.FirstImpact || !slices.Equal(a.Chain, b.Chain) {
			t.Fatalf("%+v\nis not %+v", a, b)
		}
	}
}

// TestTooMuchFalseRedundancy has a line of 1,100 nodes that ends at both of two alternates, which 1,000 nodes need.
func TestTooMuchFalseRedundancy(t *testing.T) {
	var text strings.Builder
	for i := range 1099 {
		fmt.Fprintf(&text, "s%04d>s%04d critical\n", i, i+1)
	}
	text.WriteString("s1099>A critical\ns1099>B critical\nC customer\n")
	for i := range 1000 {
		fmt.Fprintf(&text, "A>x%03d it critical\nB>x%03d it critical\n", i, i)
	}
	s := graph.NewSnapshot(org(t, text.String()))
	short, full := analyse(t, s, Options{}), analyse(t, s, Options{Full: true})
	if short.FalseCount != 1_100_000 || full.FalseCount != 1_100_000 || len(full.FalseRedundancy) != 1_100_000 || len(short.FalseRedundancy) != 1000 {
		t.Fatalf("%d and %d of false redundancy, listed %d and %d", short.FalseCount, full.FalseCount, len(short.FalseRedundancy), len(full.FalseRedundancy))
	}
	for i, r := range short.FalseRedundancy {
		if first := full.FalseRedundancy[1100*i]; r != first || s.Nodes[r.Node].ID != "s0000" {
			t.Fatalf("%v is listed, want %v", r, first)
		}
	}
}

func TestFindingsByHand(t *testing.T) {
	tests := []struct{ name, org, want string }{
		{"a sole supplier far from the customer", "C customer\nS supplier rec9\nT team rec1\nS>T parts tol2\nT>C help critical tol3", `
			T stops C after 3h: T help C
			S stops C after 5h, exposed, assumed: S parts T, T help C`},
		{"two carriers, one fuel company", "C customer\nS supplier\nS>A fuel critical\nS>B fuel critical\nA>C flights critical\nB>C flights", `
			S stops C after 0h, exposed, not known when back: S fuel B, B flights C
			C flights breaks with S`},
		{"who is back before it shows is not exposed", "C customer\nA rec4\nB rec5\nA>C x critical tol4\nB>C y critical tol4", `
			A stops C after 4h: A x C
			B stops C after 4h, exposed: B y C`},
		{"the customer hit first, then by id", "C customer\nD customer\nE customer\nA rec1\nA>C x critical tol2\nA>E x critical tol1\nA>D x critical tol1", `
			A stops C D E after 1h: A x D`},
		{"the one hit most comes first", "C customer\nD customer\nA rec0\nB rec0\nA>C x critical\nB>C y critical\nB>D y critical", `
			B stops C D after 0h: B y C
			A stops C after 0h: A x C`},
		{"some only degrade", "C customer\nD customer\nA rec0\nA>C x important\nA>D x critical\nB>C y important", `
			A stops D after 0h: A x D; degrades C
			B degrades C`},
		{"a committee cannot fail, but goes down and stops others", "C customer\nA rec0\nK nofail\nA>K x critical\nK>C y critical", `
			A stops C after 0h: A x K, K y C`},
		{"circular: the stand-in leans on whom it stands in for", "C customer\nA rec0\nA>C x critical\nA>B help critical\nB>A it\nD>A it", `
			A stops C after 0h: A x C
			A it leans on A through B`},
		{"false for one node, circular for the other", "C customer\nX>C x critical\nA>X it\nB>X it\nX>A y critical\nS>A z critical\nS>B z critical\nS rec0\nX rec0", `
			S stops C after 0h, assumed: S z B, B it X, X x C
			X stops C after 0h: X x C
			X it breaks with S
			X it leans on X through A`},
		{"hollow: 30 do not fit into 10 and 10", "C customer\nA cap100\nB cap20\nD cap20\nA>C x vol30\nB>C x vol10\nD>C x vol10", `
			C x: when A fails, B gets 15 and has room for 10
			C x: when A fails, D gets 15 and has room for 10`},
		{"in proportion to room", "C customer\nA cap100\nB cap30\nD cap20\nA>C x vol60\nB>C x vol0\nD>C x vol10", `
			C x: when A fails, B gets 45 and has room for 30
			C x: when A fails, D gets 15 and has room for 10`},
		{"just enough room", "C customer\nA cap1\nB cap1\nA>C x vol0.1\nB>C x vol0.9", ``},
		{"nobody says how much room", "C customer\nA cap100\nA>C x vol30\nB>C x vol10", ``},
		{"no room at all", "C customer\nA cap50\nB cap20\nD cap20\nA>C x vol30\nB>C x vol20\nD>C x vol30", `
			C x: when A fails, B gets 15 and has room for 0
			C x: when A fails, D gets 15 and has room for 0
			C x: when D fails, A gets 30 and has room for 20`},
		{"the only member", "C customer\nT rec1\nT>C x critical\nann person of:T rec0\nbob person of:U\ncid person of:U\nU team staff2\nV team heads5\ndan person of:V", `
			T stops C after 0h, exposed: T x C
			ann stops C after 0h: ann members T, T x C
			T cannot spare ann, bus factor 1
			U cannot spare bob, bus factor 1
			U cannot spare cid, bus factor 1`},
		{"unmet", "C customer\nA>C x important min2\nB>C y important min2\nD>C y", `
			C x is unmet
			A degrades C
			B degrades C
			D degrades C`},
		{"a site", "C customer\nA rec0 at:Dallas\nB rec0 at:Dallas\nDallas resource rec0\nA>C x critical\nB>C x", `
			Dallas stops C after 0h: Dallas site dallas B, B x C
			C x breaks with Dallas`},
		{"a unit is no SPOF, and its teams are no redundancy", "C customer\nU unit\nP rec0 in:U\nQ rec0 in:U\nS rec0\nS>P it critical\nS>Q it critical\nU>C x critical", `
			S stops C after 0h: S it Q, Q teams U, U x C`},
		{"no customers at all", "A rec0\nB rec0\nA>B x critical\nB>D y critical", `
			A stops D after 0h: A x B, B y D
			B stops D after 0h: B y D`},
		{"nothing", "", ``},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := inWords(analyse(t, graph.NewSnapshot(org(t, test.org)), Options{}))
			var want []string
			for line := range strings.Lines(test.want) {
				if line = strings.TrimSpace(line); line != "" {
					want = append(want, line)
				}
			}
			sameList(t, "findings", got, want)
		})
	}
}

// inWords writes the findings in words, one a line.
func inWords(f *Findings) (lines []string) {
	s := f.Snapshot
	id := func(v int32) string { return s.Nodes[v].ID }
	need := func(i int32) string { return id(s.Needs[i].Consumer) + " " + s.Needs[i].Service }
	for _, p := range f.SPOFs {
		line := fmt.Sprintf("%s stops %s after %vh", id(p.Node), strings.Join(nodeIDs(s, p.CustomersDown), " "), p.FirstImpact)
		for _, word := range []struct {
			so   bool
			text string
		}{{p.Exposed, ", exposed"}, {p.RecoveryUnknown, ", not known when back"}, {p.Assumed, ", assumed"}} {
			if word.so {
				line += word.text
			}
		}
		line += ": " + strings.Join(chainOf(s, p.Chain), ", ")
		if len(p.CustomersDegraded) > 0 {
			line += "; degrades " + strings.Join(nodeIDs(s, p.CustomersDegraded), " ")
		}
		lines = append(lines, line)
	}
	for _, d := range f.Degrading {
		lines = append(lines, id(d.Node)+" degrades "+strings.Join(nodeIDs(s, d.Customers), " "))
	}
	for _, r := range f.FalseRedundancy {
		lines = append(lines, need(r.Need)+" breaks with "+id(r.Node))
	}
	for _, c := range f.Circular {
		lines = append(lines, fmt.Sprintf("%s leans on %s through %s", need(c.Need), id(s.Needs[c.Need].Consumer), id(c.Provider)))
	}
	for _, h := range f.Hollow {
		lines = append(lines, fmt.Sprintf("%s: when %s fails, %s gets %g and has room for %g", need(h.Need), id(h.Failed), id(h.Survivor), h.Extra, h.Spare))
	}
	for _, k := range f.KeyPeople {
		lines = append(lines, fmt.Sprintf("%s cannot spare %s, bus factor %d", id(k.Team), id(k.Person), k.BusFactor))
	}
	for _, i := range f.Unmet {
		lines = append(lines, need(i)+" is unmet")
	}
	return lines
}

func TestBottlenecks(t *testing.T) {
	given := func(v float64) Load { return Load{Utilisation: graph.Given(v)} }
	loads := []Load{given(0.9), given(0.85), given(0.84), {}, {}}
	shares := []float64{0.2, 0, 0.3, 0.1, 0.2}
	for _, test := range []struct {
		limit int
		want  string
	}{
		{0, "[0 measured 0 structural 1 measured 2 structural 3 structural 4 structural]"},
		{2, "[0 measured 0 structural 1 measured 2 structural]"},
		{-1, "[0 measured 0 structural 1 measured 2 structural 3 structural 4 structural]"},
	} {
		var got []string
		for _, b := range bottlenecks(loads, shares, test.limit) {
			got = append(got, fmt.Sprint(b.Node, map[bool]string{true: " measured", false: " structural"}[b.Measured]))
		}
		if fmt.Sprint(got) != test.want {
			t.Errorf("limit %d: %v, want %s", test.limit, got, test.want)
		}
	}
}

func TestAnalyseStopsWhenTold(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Analyse(ctx, graph.NewSnapshot(graphtest.Large(1, 2000, 8000, true)), Options{}); err != context.Canceled {
		t.Errorf("got %v", err)
	}
}
