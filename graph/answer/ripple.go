package answer

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
	"example.com/whoserves/graph/phrase"
)

var ripple = Command{
	Name: "ripple",
	Does: "who is hit, by when, when these stop, and whom to tell",
	Keys: []Key{
		{Name: "fail", Does: "a node that stops, by id or name; or unit:ID, site:NAME, tag:NAME", Repeated: true},
		{Name: "worse", Does: "a node (or group) that gives poor service", Repeated: true},
	},
	Args: []string{"fail"},
	ask:  askRipple,
}

// Ripple lists whom a failure reaches.
type Ripple struct {
	Failed []string `json:"failed"` // the nodes that stop
	Hit    []Hit    `json:"hit"`    // by hours (null last), then id

	s     *graph.Snapshot
	worse []string
}

// Hit is a node that a failure reaches.
type Hit struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Kind    string   `json:"kind"`
	State   string   `json:"state"` // "down" or "degraded"
	Hours   *float64 `json:"hours"` // null where it does not go down
	Wave    int      `json:"wave"`
	Because Because  `json:"because"`
	Contact *string  `json:"contact"`
	Channel *string  `json:"channel"` // agreed on the link through which it is hit first
}

// Because names the link through which a node is hit first.
type Because struct {
	Provider string `json:"provider"`
	Service  string `json:"service"`
}

func askRipple(_ context.Context, src *Source, q *question) (Answer, error) {
	stopped, err := q.failing("fail")
	if err != nil {
		return nil, err
	}
	worse, err := q.failing("worse")
	if err != nil {
		return nil, err
	}
	worse = slices.DeleteFunc(worse, func(v int32) bool { // who stops gives no service at all
		_, stops := slices.BinarySearch(stopped, v)
		return stops
	})
	if len(stopped)+len(worse) == 0 {
		return nil, q.errorf("fail", "", "say which nodes stop, or with worse which give poor service")
	}
	s := src.Snapshot
	o := analysis.Spread(s, analysis.Failure{Stopped: stopped, Worse: worse})
	return NewRipple(s, o, stopped, worse), nil
}

// failing gives the nodes that a key names, sorted, each once. One that cannot fail is refused; within a group it is left out.
func (q *question) failing(key string) ([]int32, error) {
	var out []int32
	for _, ref := range q.list(key) {
		group, err := q.s.Group(ref)
		if err != nil {
			return nil, err
		}
		able := slices.DeleteFunc(slices.Clone(group), func(v int32) bool { return !q.s.Nodes[v].CanFail })
		if len(able) == 0 {
			return nil, q.cannotFail(key, ref, group)
		}
		out = append(out, able...)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// cannotFail says why a name stands for nobody who can fail.
func (q *question) cannotFail(key, ref string, group []int32) error {
	if len(group) != 1 {
		return q.errorf(key, ref, "nobody in it can fail")
	}
	v := group[0]
	n := &q.s.Nodes[v]
	name := nameAt(q.s, v)
	switch {
	case n.Kind == graph.Customer:
		return q.errorf(key, ref, "%s is a customer: customers are served and never fail themselves. Ask for one of those who serve it", name)
	case q.s.IsBox(v):
		return q.errorf(key, ref, "%s is a unit of %s and cannot fail by itself: write unit:%s to stop all of them", name,
			phrase.Things(len(q.s.TeamsOf(v)), "team"), n.ID)
	case q.s.StandIn && slices.Contains(q.s.Customers, v):
		return q.errorf(key, ref, "%s serves no one and stands in for a customer, since no external customer is named: it cannot fail itself", name)
	}
	return q.errorf(key, ref, "%s cannot fail: its can_fail says no", name)
}

// NewRipple lists whom an outcome reaches.
func NewRipple(s *graph.Snapshot, o *analysis.Outcome, stopped, worse []int32) *Ripple {
	hits := o.Hits(s)
	a := &Ripple{Failed: idsOf(s, stopped), Hit: make([]Hit, len(hits)), s: s, worse: idsOf(s, worse)}
	for i, h := range hits {
		a.Hit[i] = hitOf(s, h)
	}
	return a
}

func hitOf(s *graph.Snapshot, h analysis.Hit) Hit {
	n := &s.Nodes[h.Node]
	out := Hit{ID: n.ID, Name: n.Name, Kind: n.Kind.String(), State: h.State.String(), Wave: int(h.Wave), Contact: textOrNull(n.Contact)}
	if !math.IsInf(h.Hours, 1) {
		out.Hours = &h.Hours
	}
	if h.Cause.Need >= 0 {
		need := &s.Needs[h.Cause.Need]
		out.Because = Because{s.Nodes[h.Cause.Provider].ID, need.Service}
		out.Channel = channelOf(s, need, h.Cause.Provider)
	}
	return out
}

// channelOf gives the channel agreed on the link from a provider of a need; nil when none is.
func channelOf(s *graph.Snapshot, need *graph.Need, provider int32) *string {
	i, ok := slices.BinarySearch(need.Providers, provider)
	if !ok || need.Links[i] < 0 {
		return nil
	}
	return textOrNull(s.Links[need.Links[i]].Values.Channel)
}

// blocks gives the two blocks of the notify plan: our own people are told first.
func (a *Ripple) blocks() (employees, customers []Hit) {
	for _, h := range a.Hit {
		if a.isCustomer(h) {
			customers = append(customers, h)
		} else {
			employees = append(employees, h)
		}
	}
	return employees, customers
}

func (a *Ripple) isCustomer(h Hit) bool {
	if h.Kind == graph.Customer.String() {
		return true
	}
	return a.s != nil && a.s.StandIn && slices.Contains(a.s.Customers, a.s.ByID(h.ID))
}

// WriteCSV writes the notify plan: employees first, then customers, each by hours, then id.
func (a *Ripple) WriteCSV(w io.Writer) error {
	t := newCSV(w, "id", "name", "kind", "state", "hours", "wave", "because_provider", "because_service", "contact", "channel")
	employees, customers := a.blocks()
	for _, h := range append(employees, customers...) {
		t.row(h.ID, h.Name, h.Kind, h.State, decimalOrBlank(h.Hours), fmt.Sprint(h.Wave), h.Because.Provider, h.Because.Service,
			textOrBlank(h.Contact), textOrBlank(h.Channel))
	}
	return t.end()
}

// WriteText says who stops and by when, then whom to tell: employees first, then customers.
func (a *Ripple) WriteText(w io.Writer, width int) error {
	p := newPage(w, width)
	employees, customers := a.blocks()
	p.say("%s", a.summary(customers))
	a.writeBlock(p, "Tell our own people first", employees)
	a.writeBlock(p, "Then the customers, before they call", customers)
	return p.end()
}

func (a *Ripple) summary(customers []Hit) string {
	var text string
	if len(a.Failed) > 0 {
		text = fmt.Sprintf("%s stopped", someNames(a.s, a.Failed, 5))
		if len(a.worse) > 0 {
			text += " and "
		}
	}
	if len(a.worse) > 0 {
		text += fmt.Sprintf("%s giving poor service", someNames(a.s, a.worse, 5))
	}
	if len(a.Hit) == 0 {
		return "With " + text + " nobody else is hit."
	}
	down, worse, first := 0, 0, math.Inf(1)
	for _, h := range customers {
		if h.Hours == nil {
			worse++
			continue
		}
		down++
		first = min(first, *h.Hours)
	}
	text = fmt.Sprintf("With %s, %s %s hit.", text, phrase.Things(len(a.Hit), "node"), are(len(a.Hit)))
	switch {
	case down > 0:
		text += " " + capital(ofAll(a.s, down, "stops", "stop")) + ", the first " + phrase.After(first)
		if worse > 0 {
			text += fmt.Sprintf("; %s more %s served worse", phrase.Count(worse), are(worse))
		}
		return text + "."
	case worse > 0:
		return text + " No customer stops, but " + ofAll(a.s, worse, "is served worse", "are served worse") + "."
	}
	return text + " No customer stops or is served worse."
}

func are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// capital begins a sentence.
func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func (a *Ripple) writeBlock(p *page, title string, hits []Hit) {
	if len(hits) == 0 {
		return
	}
	p.title("%s (%s)", title, phrase.Count(len(hits)))
	t := p.table(">Stops", "Who", "Because it loses", "Tell", "Through")
	for _, h := range hits[:min(len(hits), longest)] {
		when := "worse"
		if h.Hours != nil {
			when = phrase.When(*h.Hours)
		}
		t.row(when, h.Name, a.loses(h), orNone(h.Contact), orNone(h.Channel))
	}
	t.end()
	more(p, len(hits)-longest, "--format csv lists all")
}

// loses says what a node that is hit loses, and from whom.
func (a *Ripple) loses(h Hit) string {
	who := nameOf(a.s, h.Because.Provider)
	switch {
	case isBox(a.s, h.ID):
		return who + " as one of its teams"
	case h.Because.Service != "":
		return h.Because.Service + " from " + who
	}
	return who
}
