package viewer

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/names"
	"example.com/whoserves/graph/phrase"
	"example.com/whoserves/viewer/draft"
)

// nameList is names that may mean one thing, to be settled.
type nameList struct {
	Action, Token string
	Pairs         []namePair
}

// namePair is two names that may mean one thing.
type namePair struct {
	Name, Like       run
	Where, LikeWhere text
	For, Against     text
	Hidden           [][2]string
	Later            bool // it was put off
}

// mostPairs is how many pairs stand on the page at once; settling some brings the next.
const mostPairs = 40

// The answers to whether two names mean one thing.
const (
	sameThing = "same"
	different = "different"
	later     = "later"
	takeBack  = "back"
)

// draftNamesPage shows the names of a draft that may mean something that has another name.
func (s *Server) draftNamesPage(r *request, d *draft.Draft) (*page, error) {
	if err := onlyKeys(r); err != nil {
		return nil, err
	}
	p := s.draftPage(r, d, "/names", "Do two names mean one thing?")
	if len(d.Files) == 0 {
		return nil, moved{to: stepPath(d, "")}
	}
	c := s.compared(p, r, d)
	if c == nil {
		return p, nil
	}
	open, off := c.openPairs(d)
	p.Answer = []text{namesSaid(len(open), len(off))}
	next := section{Parts: []part{{Acts: []run{{Text: "Next: check and import", Href: stepPath(d, "/preview"), Class: "go"}}}}}
	if len(open) > 0 {
		p.Sections = append(p.Sections, pairsSection(p, d, "open", upper(inWords(len(open)))+either(len(open), " pair", " pairs")+" to settle", open))
	}
	if left := c.found.Left; left > 0 {
		p.Sections = append(p.Sections, section{Parts: []part{{Paras: []text{say("Names that are one of a series, such as Team 1 and Team 2, are not listed (", left, ").")}}}})
	}
	if len(off) > 0 {
		p.Sections = append(p.Sections, pairsSection(p, d, "later", "Put off", off))
	}
	if settled := settledPart(p, d); len(settled.Posts) > 0 {
		p.Sections = append(p.Sections, section{ID: "settled", Heading: "Settled", Intro: []text{say("It is kept with the source and holds for its next file.")}, Parts: []part{settled}})
	}
	p.Sections = append(p.Sections, next)
	return p, nil
}

// namesSaid sums up what is open.
func namesSaid(open, off int) text {
	t := say("No names of these files look like another spelling of something that is known, or of each other.")
	if open > 0 {
		t = say(strong(upper(inWords(open))+either(open, " pair of names is", " pairs of names are")), " alike. Nothing is joined unless you say so: what is not settled stays two things.")
	} else if off > 0 {
		t = say("All that is alike was settled or put off.")
	}
	return t
}

// openPairs gives the pairs that are to be settled, and those that were put off.
func (c *comparison) openPairs(d *draft.Draft) (open, off []names.Pair) {
	for _, x := range c.found.Pairs {
		if slices.Contains(d.Later, keyOfPair(x)) {
			off = append(off, x)
		} else {
			open = append(open, x)
		}
	}
	return open, off
}

// keyOfPair is short and plain: what else a browser would send back in another way.
func keyOfPair(x names.Pair) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{x.Source, graph.Fold(x.Name), graph.Fold(x.Like)}, "\x00")))
	return hex.EncodeToString(sum[:12])
}

// pairsSection lists pairs with what speaks for and against them.
func pairsSection(p *page, d *draft.Draft, id, heading string, pairs []names.Pair) section {
	list := &nameList{Action: stepPath(d, "/names"), Token: p.Token}
	for _, x := range pairs[:min(len(pairs), mostPairs)] {
		same := x.Same()
		pair := namePair{Name: run{Text: x.Name, Name: true, Strong: true}, Like: run{Text: x.Like, Name: true, Strong: true},
			Where: rowsSaid(x.Source, x.Origin, x.Uses), LikeWhere: rowsSaid(x.LikeSource, x.LikeOrigin, x.LikeUses), Later: id == "later",
			Hidden: [][2]string{{"source", x.Source}, {"name", same.Name}, {"is", same.Is}, {"id", same.ID}, {"kind", same.Kind}, {"key", keyOfPair(x)}}}
		for _, e := range x.Evidence {
			words := &pair.For
			if e.Against {
				words = &pair.Against
			}
			if len(*words) > 0 {
				*words = append(*words, run{Text: "; "})
			}
			*words = append(*words, run{Text: e.Text, Name: true})
		}
		list.Pairs = append(list.Pairs, pair)
	}
	sec := section{ID: id, Heading: heading, Parts: []part{{Import: &importPart{Names: list}}}}
	if more := len(pairs) - mostPairs; more > 0 {
		sec.After = []text{say(more, " more follow when these are settled, the most likely first.")}
	}
	return sec
}

// rowsSaid says where a name stands.
func rowsSaid(source string, o graph.Origin, uses int) text {
	t := placeOf(graph.Problem{File: o.File, Sheet: o.Sheet, Row: o.Row})
	if o == (graph.Origin{}) {
		t = say("source ", run{Text: source, Name: true})
	}
	if uses > 1 {
		t = append(t, run{Text: " and " + phrase.Plural(uses-1, "other row", "other rows")})
	}
	return t
}

// settledPart lists what was settled, each to be taken back.
func settledPart(p *page, d *draft.Draft) part {
	var out part
	for _, source := range d.Sources() {
		for _, x := range d.Names()[source] {
			means := " is "
			if x.Different {
				means = " is not "
			}
			is := cmp.Or(x.Is, x.ID)
			out.Posts = append(out.Posts, &post{Action: stepPath(d, "/names"), Token: p.Token, Quiet: true, Submit: "Take it back", Does: fmt.Sprintf("Take back that %s%s%s", x.Name, means, is),
				Says:   say(run{Text: source, Name: true, Class: "mute"}, ": ", run{Text: x.Name, Name: true, Strong: true}, means, run{Text: is, Name: true, Strong: true}),
				Hidden: [][2]string{{"source", source}, {"name", x.Name}, {"is", x.Is}, {"id", x.ID}, {"kind", x.Kind}, {"verdict", takeBack}}})
		}
	}
	return out
}

// settleName keeps what somebody said about two names.
func (s *Server) settleName(r *request, d *draft.Draft) (string, error) {
	source, verdict := r.form.Get("source"), r.form.Get("verdict")
	x := names.Decision{Name: r.form.Get("name"), Is: r.form.Get("is"), ID: r.form.Get("id"), Kind: r.form.Get("kind"), Different: verdict == different}
	if !slices.Contains(d.Sources(), source) || x.Name == "" || x.Is == "" && x.ID == "" {
		return stepPath(d, "/names"), nil
	}
	const most = 10_000
	return stepPath(d, "/names"), s.imports.change(d.ID, func(d *draft.Draft) error {
		key := r.form.Get("key")
		d.Later = slices.DeleteFunc(d.Later, func(k string) bool { return k == key })
		if verdict == later {
			if len(d.Later) < most {
				d.Later = append(d.Later, key)
			}
			return nil
		}
		list := slices.DeleteFunc(slices.Clone(d.Names()[source]), func(y names.Decision) bool { return y.Name == x.Name && y.Is == x.Is && y.ID == x.ID })
		if verdict != takeBack && len(list) < most {
			list = append(list, x)
		}
		d.Settle(source, list)
		return nil
	})
}

// tellNames says that names are to be settled.
func (c *comparison) tellNames(p *page, d *draft.Draft) {
	open, _ := c.openPairs(d)
	if len(open) == 0 {
		return
	}
	a := aside{Heading: upper(inWords(len(open))) + either(len(open), " pair of names is", " pairs of names are") + " alike", Acts: []run{link("Settle the names", stepPath(d, "/names"))}}
	for _, x := range open[:min(len(open), 3)] {
		a.Paras = append(a.Paras, say(run{Text: x.Name, Name: true, Strong: true}, " may be ", run{Text: x.Like, Name: true, Strong: true}, "."))
	}
	p.Asides = append(p.Asides, a)
}

// decided gives what was read with the decisions about its names.
func decided(d *draft.Draft, o *graph.Org) *graph.Org {
	settled := d.Names()
	if len(settled) == 0 {
		return o
	}
	out := *o
	out.Sources = slices.Clone(o.Sources)
	for i, s := range out.Sources {
		out.Sources[i] = names.Apply(s, settled[s.Name])
	}
	return &out
}
