package viewer

import (
	"cmp"
	"html/template"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/viewer/diagram"
)

// viewForm is the form in the bar of a picture. It keeps what the view already asks for, except the keys that it has fields for.
func viewForm(action string, v diagram.View, own ...string) *form {
	f := &form{Action: action, Label: "What the picture shows", Submit: "Show"}
	f.Hidden = hidden(v, append(own, "view")...)
	return f
}

// hidden gives the keys of a view as hidden fields, some left out.
func hidden(v diagram.View, without ...string) [][2]string {
	q := v.Values()
	keys := make([]string, 0, len(q))
	for k := range q {
		if !slices.Contains(without, k) {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	var out [][2]string
	for _, k := range keys {
		for _, x := range q[k] {
			out = append(out, [2]string{k, x})
		}
	}
	return out
}

func choose(options []option, value string) []option {
	for i := range options {
		options[i].Chosen = options[i].Value == value
	}
	if i := slices.IndexFunc(options, func(o option) bool { return o.Chosen }); i < 0 && len(options) > 0 {
		options[0].Chosen = true
	}
	return options
}

// linksField chooses which links are drawn.
func linksField(v diagram.View) field {
	usual := "critical"
	if v.Name == "node" || v.Name == "paths" {
		usual = "all"
	}
	return field{ID: "links", Name: "links", Label: "Links", Options: choose([]option{
		{Value: "critical", Label: "stops without"}, {Value: "important", Label: "stops or works worse"}, {Value: "all", Label: "all"},
	}, cmp.Or(v.Links, usual))}
}

func colourField(v diagram.View, options []option) field {
	return field{ID: "colour", Name: "colour", Label: "Colour by", Options: choose(options, v.Colour)}
}

// namesListed is how many names a form suggests; beyond that the page would be all names, and search finds them as well.
const namesListed = 500

// nameList gives the names that a form suggests.
func (ed *edition) nameList() []string {
	if len(ed.snap.Nodes) > namesListed {
		return nil
	}
	var names []string
	for i := range int32(len(ed.snap.Nodes)) {
		if !ed.snap.IsBox(i) {
			names = append(names, ed.nameOf(i))
		}
	}
	slices.SortFunc(names, compareNames)
	return slices.Compact(names)
}

// labelOf is what a form shows for a reference: the name of what it means, or the reference itself. The name only stands where
// it leads back to the same node.
func (ed *edition) labelOf(ref string) string {
	v, err := ed.snap.Lookup(ref)
	if err != nil {
		return ref
	}
	if again, err := ed.snap.Lookup(ed.nameOf(v)); err != nil || again != v {
		return ref
	}
	return ed.nameOf(v)
}

// groupLabel says what a group name means: "all of Technology", "all at Dallas", "all tagged night".
func (ed *edition) groupLabel(ref string) string {
	sort, name, ok := strings.Cut(ref, ":")
	if !ok {
		return ed.labelOf(ref)
	}
	switch sort {
	case "unit":
		return "all of " + ed.labelOf(name)
	case "site":
		return "all at " + ed.labelOf(name)
	case "tag":
		return "all tagged " + name
	}
	return ed.labelOf(ref)
}

// groupOptions lists the groups that can fail together: units, sites, tags.
func (ed *edition) groupOptions() []option {
	options := []option{{Label: "none"}}
	add := func(group, prefix string, items []option) {
		slices.SortStableFunc(items, func(a, b option) int { return compareNames(a.Label, b.Label) })
		for i, o := range items[:min(len(items), 200)] {
			o.Value = prefix + o.Value
			if i == 0 {
				o.Group = group
			}
			options = append(options, o)
		}
	}
	var units, sites, tags []option
	isSite := map[int32]bool{}
	for i := range int32(len(ed.snap.Nodes)) {
		for _, s := range ed.snap.Nodes[i].Sites {
			isSite[s] = true
		}
		if ed.snap.IsBox(i) {
			units = append(units, option{Value: ed.snap.Nodes[i].ID, Label: ed.nameOf(i)})
		}
	}
	for i := range int32(len(ed.snap.Nodes)) {
		if isSite[i] {
			sites = append(sites, option{Value: ed.snap.Nodes[i].ID, Label: ed.nameOf(i)})
		}
	}
	for _, t := range ed.snap.Tags() {
		tags = append(tags, option{Value: t, Label: t})
	}
	add("Unit", "unit:", units)
	add("Site", "site:", sites)
	add("Tag", "tag:", tags)
	return options
}

func compareNames(a, b string) int {
	return cmp.Or(strings.Compare(graph.Fold(a), graph.Fold(b)), strings.Compare(a, b))
}

// firstPicture is the one picture that is not drawn from data: what a chain is.
const firstPicture template.HTML = `<svg class="ws" viewBox="0 0 660 92" width="660" height="92" role="img" aria-label="PayBridge serves Payroll, Payroll serves Crew scheduling, Crew scheduling serves Passengers" font-family="Arial, Helvetica, sans-serif" font-size="13" text-anchor="middle">
<g fill="none" stroke="#66758a" stroke-width="1.4"><path d="M122 40h52"/><path d="M272 40h52"/><path d="M462 40h46"/></g>
<g fill="#66758a"><path d="M172 36l10 4-10 4z"/><path d="M322 36l10 4-10 4z"/><path d="M507 36l10 4-10 4z"/></g>
<g stroke="#4a5668"><rect x="12" y="20" width="110" height="40" fill="#eef2f7"/><rect x="7" y="27" width="10" height="6" fill="#eef2f7"/><rect x="7" y="47" width="10" height="6" fill="#eef2f7"/>
<rect x="182" y="20" width="90" height="40" rx="9" fill="#ffffff"/><rect x="332" y="20" width="130" height="40" rx="9" fill="#ffffff"/></g>
<g stroke="#1f2d3d"><rect x="522" y="20" width="120" height="40" fill="#1f2d3d"/><rect x="518" y="16" width="128" height="48" fill="none"/></g>
<g font-weight="bold"><text fill="#18222f" x="67" y="45">PayBridge</text><text fill="#18222f" x="227" y="45">Payroll</text><text fill="#18222f" x="397" y="45">Crew scheduling</text><g class="k-customer"><text fill="#ffffff" x="582" y="45">Passengers</text></g></g>
<g font-size="11"><text fill="#4a5668" x="67" y="82">supplier</text><text fill="#4a5668" x="227" y="82">team</text><text fill="#4a5668" x="397" y="82">team</text><text fill="#4a5668" x="582" y="82">customer</text></g></svg>`
