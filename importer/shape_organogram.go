package importer

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"example.com/whoserves/graph"
)

// organogram is the list of senior posts that British departments publish. A post is a person, by its reference; parent department and
// organisation are units, and each unit of theirs is a team. Who is not named is called by the job title. A post that is listed twice, with
// another boss, keeps the other one as an attribute.
var organogram = newTable(table{name: "organogram", title: "organogram of senior posts",
	fields: []header{
		{field: "id", means: "the reference of the post", other: []string{"post unique reference", "post unique ref", "post reference", "unique post reference"}},
		{field: "name", other: []string{"name"}},
		{field: "role", other: []string{"job title"}},
		{field: "manager", means: "the post that it reports to", other: []string{"reports to senior post", "reporting to senior post"}},
		{field: "company", means: "the department above", other: []string{"parent department"}},
		{field: "division", means: "the organisation in it", other: []string{"organisation", "organization"}},
		{field: "team", means: "the unit of the organisation, which is the team", other: []string{"unit"}},
		{field: "contact", other: []string{"contact e-mail", "contact email"}},
		{field: "phone", means: "the telephone, where there is no e-mail", other: []string{"contact phone"}},
	},
	arrange: func(l *layout) {
		leavePrivate(l)
		for i := range l.columns {
			if c := &l.columns[i]; !c.named && c.field == "" {
				c.field, c.why = Ignore, "left out: it has no header, and counts the rows"
			}
		}
	},
	fits: func(has map[string]bool) bool { return has["id"] && has["manager"] },
	all: func(s *spread, rows []row) {
		f := newStaff(s)
		f.posts = true
		f.read(rows, false)
	}})

// juniors is the other list that they publish: how many junior posts of each grade a unit has.
var juniors = newTable(table{name: "junior-posts", title: "organogram of junior posts",
	fields: []header{
		{field: "company", means: "the department above", other: []string{"parent department"}},
		{field: "division", means: "the organisation in it", other: []string{"organisation", "organization"}},
		{field: "team", means: "the unit of the organisation, which is the team", other: []string{"unit"}},
		{field: "manager", means: "the senior post that they report to", other: []string{"reporting senior post"}},
		{field: "grade", means: "the grade", other: []string{"grade"}},
		{field: "headcount", means: "how many of them", other: []string{"number of posts in FTE", "number of posts in full-time equivalents"}},
	},
	arrange: func(l *layout) {
		for i := range l.columns {
			if c := &l.columns[i]; c.field == "" {
				c.field, c.why = Ignore, "left out: it is about single posts, which are no people here"
			}
		}
	},
	fits: func(has map[string]bool) bool { return has["team"] && has["headcount"] && has["manager"] },
	all:  func(s *spread, rows []row) { newStaff(s).readJuniors(rows) }})

// splitBosses takes “5; 6” for two bosses, unless it is the reference of one post.
func (f *staff) splitBosses() {
	for _, e := range f.people {
		if f.byRef[e.bossRef] != nil || !strings.ContainsAny(e.bossRef, ";,/&") {
			continue
		}
		parts := strings.FieldsFunc(e.bossRef, func(r rune) bool { return strings.ContainsRune(";,/&", r) })
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		if all := !slices.ContainsFunc(parts, func(p string) bool { return f.byRef[p] == nil }); all && len(parts) > 1 {
			e.bossRef, e.bosses = parts[0], append(parts[1:], e.bosses...)
		}
	}
}

// juniorTeam is what the junior posts of a unit add up to.
type juniorTeam struct {
	box    *box
	posts  float64
	known  bool
	grades map[string]float64
	bosses []string
}

// readJuniors adds the junior posts of each unit up.
func (f *staff) readJuniors(rows []row) {
	teams := map[*box]*juniorTeam{}
	var order []*juniorTeam
	f.header()
	f.info(f.column("headcount"), "the posts of each “%s” were added up as the head count of that team: junior posts only, as senior ones are on another list", f.column("team").header)
	f.leaveOutOthers()
	for i := range rows {
		f.row, f.rejected = &rows[i], false
		b := f.boxOf()
		if b == nil {
			f.reject(f.column("team"), "the row names no unit, so its posts were left out: fill it in")
			continue
		}
		t := teams[b]
		if t == nil {
			t = &juniorTeam{box: b, grades: map[string]float64{}}
			teams[b], order = t, append(order, t)
		}
		f.add(t)
	}
	f.nameBoxes()
	for _, t := range order {
		t.describe()
	}
	f.writeBoxes()
}

// leaveOutOthers tells that what describes single posts is not kept.
func (f *staff) leaveOutOthers() {
	var others []string
	for _, c := range f.columns {
		if c.field == Ignore && c.named && c.chosen == "" {
			others = append(others, c.header)
		}
	}
	if len(others) > 0 {
		f.info(nil, "these columns are about single posts, which are no people here, and were left out: %s", quoted(others))
	}
}

// boxOf gives the team of the present row, nil where the lowest level is blank.
func (f *staff) boxOf() *box {
	var at *box
	for i, c := range f.levels {
		name := strings.Join(strings.Fields(string(f.text(c))), " ")
		team := i == len(f.levels)-1
		switch {
		case name == "" || isNobody([]byte(name)):
			if team {
				return nil
			}
		case team || at == nil || graph.Fold(at.name) != graph.Fold(name):
			at = f.box(at, name, team, c)
		}
	}
	return at
}

// add adds the posts of the present row.
func (f *staff) add(t *juniorTeam) {
	c := f.column("headcount")
	text := f.says("headcount")
	if boss := f.says("manager"); !noBoss(boss) && !slices.Contains(t.bosses, boss) {
		t.bosses = append(t.bosses, boss)
	}
	figure, ok := readFigure(text)
	posts := figure.value(pointMark)
	switch {
	case noBoss(text):
		f.info(c, "the row does not say how many posts, so it adds none")
		return
	case !ok || posts < 0 || posts > 1e7:
		f.warn(c, "“%s” is no number of posts, so it was left out: write digits, such as 12 or 12.5", shorten(text, 60))
		return
	}
	t.posts, t.known = t.posts+posts, true
	t.grades[cmp.Or(f.says("grade"), "no grade")] += posts
}

// describe brings the sums into the row of the team.
func (t *juniorTeam) describe() {
	if t.known {
		t.box.extra = append(t.box.extra, property{"headcount", writeNumber(math.Round(t.posts*1000) / 1000), true})
	}
	var grades []string
	for g, n := range t.grades {
		grades = append(grades, fmt.Sprintf("%s: %s", g, writeNumber(math.Round(n*1000)/1000)))
	}
	slices.Sort(grades)
	for _, g := range grades {
		t.box.extra = append(t.box.extra, property{"grades", g, false})
	}
	for _, b := range t.bosses {
		t.box.extra = append(t.box.extra, property{"senior posts", b, false})
	}
}
