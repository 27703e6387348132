package diagram

import (
	"fmt"
	"slices"
	"strings"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/analysis"
)

// LegendEntry explains one mark that occurs in a picture.
type LegendEntry struct {
	Key  string
	Text string
	Icon string // SVG, 28 × 16, without the svg element around it
}

// legend lists every mark in the order in which it is explained.
var legend = []LegendEntry{
	{"team", "team", roundBox(white, border, 1.1)},
	{"person", "person", `<ellipse cx="14" cy="8" rx="13" ry="6" fill="#ffffff" stroke="#4a5668" stroke-width="1.1"/>`},
	{"supplier", "supplier", `<path d="M4,2 H27 V14 H4 Z" fill="#eef2f7" stroke="#4a5668" stroke-width="1.1"/><path d="M2,4 h4 v2.4 h-4 Z M2,9.6 h4 v2.4 h-4 Z" fill="#eef2f7" stroke="#4a5668" stroke-width="0.9"/>`},
	{"resource", "resource", `<path d="M2,4 V12 C2,13.2 7,14.4 14,14.4 C21,14.4 26,13.2 26,12 V4" fill="#eef2f7" stroke="#4a5668" stroke-width="1.1"/><ellipse cx="14" cy="4" rx="12" ry="2.4" fill="#eef2f7" stroke="#4a5668" stroke-width="1.1"/>`},
	{"unit", "unit", `<path d="M2,14 V4 H16 L17.5,2 H24 L25.5,4 H26 V14 Z" fill="#ffffff" stroke="#4a5668" stroke-width="1.1"/>`},
	{"customer", "external customer", `<rect x="1" y="1" width="26" height="14" fill="none" stroke="#1f2d3d" stroke-width="1.1"/><rect x="3.5" y="3.5" width="21" height="9" fill="#1f2d3d" stroke="#1f2d3d" stroke-width="1.1"/>`},
	{"potential", "potential customer", `<rect x="1" y="1" width="26" height="14" fill="#ffffff" stroke="#1f2d3d" stroke-width="1.3" stroke-dasharray="4,2"/>`},
	{"temporary", "temporary customer", `<rect x="1" y="1" width="26" height="14" fill="none" stroke="#1f2d3d" stroke-width="1.3"/><rect x="3.5" y="3.5" width="21" height="9" fill="#ffffff" stroke="#1f2d3d" stroke-width="1.3"/>`},
	{"critical", "stops without it", arrowIcon(lineColour, 1.3, "")},
	{"important", "works worse without it", arrowIcon(lineColour, 1.1, "5,2")},
	{"minor", "notices", arrowIcon(lineColour, 1.5, "1,3")},
	{"agg", "thicker: more links", arrowIcon(lineColour, 3, "")},
	{"both", "links both ways", `<path d="M5,8 H22" stroke="#66758a" stroke-width="1.3" fill="none"/><polygon points="21,5.5 27,8 21,10.5" fill="#66758a"/><path d="M6,5.5 L1,8 L6,10.5" fill="none" stroke="#66758a" stroke-width="1.1"/>`},
	{"vol", "thicker: more volume", arrowIcon(lineColour, 3, "")},
	{"onward", "through others not shown", arrowIcon(quietColour, 1, "")},
	{"need", "alternates: 1 of 2 must work", pillIcon(border, "1 of 2", ink)},
	{"false", "one failure takes all alternates", pillIcon(red, "▲ 1 of 2", red)},
	{"spof", "can stop a customer alone", roundBox(white, red, 2.2) + iconText("▲", red)},
	{"exposed", "and is back too late, or nobody knows when", roundBox(redFill, red, 2.2) + iconText("▲▲", red)},
	{"stopsText", "can stop so many customers alone; ▲▲ and is back too late, or nobody knows when", iconText("▲", red)},
	{"heat", "stronger: more of them can stop a customer", `<rect x="1" y="2" width="6.5" height="12" fill="#fde5dd" stroke="#4a5668" stroke-width="0.5"/><rect x="7.5" y="2" width="6.5" height="12" fill="#fac0ae" stroke="#4a5668" stroke-width="0.5"/><rect x="14" y="2" width="6.5" height="12" fill="#f29478" stroke="#4a5668" stroke-width="0.5"/><rect x="20.5" y="2" width="6.5" height="12" fill="#c2410c" stroke="#4a5668" stroke-width="0.5"/>`},
	{"load", "fill: load against capacity; ■ 85 % or more", gaugeIcon(loadFill, amber)},
	{"share", "fill: share of all chains; ■ 10 % or more", gaugeIcon(shareFill, teal)},
	{"rating", "▼ rated below 60 of 100", roundBox(white, amber, 1.8) + iconText("▼", amber)},
	{"focus", "asked about", roundBox(blueFill, blue, 2.6)},
	{"path", "best chain", arrowIcon(blue, 3, "")},
	{"on-chain", "failing chain", arrowIcon(red, 3, "")},
	{"down", "stops", roundBox(downFill, downFill, 1.1) + iconText("×", white)},
	{"stopsToo", "stops too", roundBox(white, red, 2.2) + iconText("×", red)},
	{"degraded", "works worse", `<rect x="1" y="2" width="26" height="12" rx="5" fill="#fff2cc" stroke="#7a4b00" stroke-width="1.6" stroke-dasharray="4,2"/>` + iconText("▼", amber)},
	{"worse", "works worse", roundBox(white, amber, 1.8) + iconText("▼", amber)},
	{"hit", "the failure runs here", arrowIcon(red, 1.8, "")},
	{"chains", "a failing chain runs here", arrowIcon(lineColour, 1.8, "")},
	{"soft", "only makes it worse", `<path d="M1,8 H20" stroke="#7a4b00" stroke-width="1.8" fill="none"/><polygon points="20,5 27,8 20,11" fill="none" stroke="#7a4b00" stroke-width="1.1"/>`},
	{"loop", "loop: each needs the other", arrowIcon(violet, 1.3, "")},
	{"hub", "● serves most of the picture: marks instead of lines", iconText("●", border)},
}

func roundBox(fill, stroke string, pen float64) string {
	return fmt.Sprintf(`<rect x="1.5" y="2" width="25" height="12" rx="5" fill="%s" stroke="%s" stroke-width="%g"/>`, strings.ToLower(fill), strings.ToLower(stroke), pen)
}

func pillIcon(stroke, text, colour string) string {
	return fmt.Sprintf(`<rect x="0.5" y="2.5" width="27" height="11" rx="4.5" fill="#ffffff" stroke="%s" stroke-width="1.1"/><text x="14" y="10.6" text-anchor="middle" font-family="Arial" font-size="%s" fill="%s">%s</text>`,
		strings.ToLower(stroke), map[bool]string{true: "6", false: "7.5"}[strings.HasPrefix(text, "▲")], strings.ToLower(colour), text)
}

func iconText(text, colour string) string {
	return fmt.Sprintf(`<text x="14" y="11.2" text-anchor="middle" font-family="Arial" font-size="8.5" fill="%s">%s</text>`, strings.ToLower(colour), text)
}

func gaugeIcon(fill, stroke string) string {
	return fmt.Sprintf(`<rect x="1.5" y="2" width="25" height="12" rx="4" fill="#ffffff"/><rect x="2" y="2.5" width="16" height="11" rx="3" fill="%s"/><rect x="1.5" y="2" width="25" height="12" rx="4" fill="none" stroke="%s" stroke-width="2.2"/>`,
		strings.ToLower(fill), strings.ToLower(stroke))
}

func arrowIcon(colour string, pen float64, dash string) string {
	c := strings.ToLower(colour)
	if dash != "" {
		dash = ` stroke-dasharray="` + dash + `"`
	}
	return fmt.Sprintf(`<path d="M1,8 H21" stroke="%s" stroke-width="%g" fill="none"%s/><polygon points="20,5 27,8 20,11" fill="%s"/>`, c, pen, dash, c)
}

// Legend explains the marks that occur in the picture, and no others.
func (d *Diagram) Legend() []LegendEntry {
	on := map[string]bool{}
	for i := range d.Nodes {
		d.Nodes[i].legend(on)
	}
	for i := range d.Links {
		d.Links[i].legend(on, d.View.Name)
	}
	if on["degraded"] {
		delete(on, "worse")
	}
	if on["spof"] {
		delete(on, "stopsText")
	}
	var entries []LegendEntry
	for _, e := range legend {
		if on[e.Key] {
			entries = append(entries, e)
		}
	}
	return entries
}

func (n *Node) legend(on map[string]bool) {
	l := n.look
	switch n.form {
	case needPill:
		on["need"] = true
		if l.falsely {
			on["false"] = true
		}
		return
	case axisLabel, axisPoint:
		return
	}
	switch {
	case n.Kind == graph.Customer && n.Segment == graph.Potential:
		on["potential"] = true
	case n.Kind == graph.Customer && n.Segment == graph.Temporary:
		on["temporary"] = true
	case n.folded && n.Kind == graph.Team, n.Kind == graph.Unit && n.URL == "":
	default:
		on[n.Kind.String()] = true
	}
	on["spof"] = on["spof"] || l.spof
	on["exposed"] = on["exposed"] || l.spof && l.exposed
	on["heat"] = on["heat"] || l.heat > 0
	on["load"] = on["load"] || l.gaugeFill == loadFill
	on["share"] = on["share"] || l.gaugeFill == shareFill
	on["focus"] = on["focus"] || l.focus
	on["hub"] = on["hub"] || l.hub
	on["down"] = on["down"] || l.state == analysis.Down
	on["degraded"] = on["degraded"] || l.state == analysis.Degraded
	rated := slices.ContainsFunc(n.Badges, func(b Badge) bool { return strings.HasPrefix(b.Text, "▼ rated") })
	on["rating"] = on["rating"] || rated
	on["worse"] = on["worse"] || l.tone == Worse && !rated
	on["stopsToo"] = on["stopsToo"] || l.tone == Breaks && l.state != analysis.Down
	if !l.spof && n.Kind != graph.Customer && slices.ContainsFunc(n.Badges, func(b Badge) bool { return strings.HasPrefix(b.Text, "▲") }) {
		on["stopsText"] = true
	}
}

func (l *Link) legend(on map[string]bool, view string) {
	has := func(class string) bool { return slices.Contains(l.Classes, class) }
	switch {
	case l.hidden || has("axis"):
	case has("on-chain"):
		on["on-chain"] = true
	case has("soft"):
		on["soft"] = true
	case has("hit") && view == "risks":
		on["chains"] = true
		on["onward"] = on["onward"] || has("onward")
	case has("hit"):
		on["hit"] = true
	case has("loop"):
		on["loop"] = true
	case has("onward"):
		on["onward"] = true
	case has("agg"):
		on["agg"] = true
		on["both"] = on["both"] || has("both")
	case has("vol"):
		on["vol"] = true
	case has("path-1"):
		on["path"] = true
	default:
		for _, c := range []string{"critical", "important", "minor"} {
			on[c] = on[c] || has(c)
		}
	}
}
