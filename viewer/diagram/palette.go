package diagram

import (
	"fmt"
	"strings"
)

// The closed set of colours of all pictures (light). Text has a contrast of at least 4.5 on the grounds that it is used on,
// lines at least 3.
const (
	paper       = "#FFFFFF"
	white       = "#FFFFFF"
	ink         = "#18222F" // names
	muted       = "#4A5668" // badges, titles
	border      = "#4A5668"
	lineColour  = "#66758A"
	quietColour = "#7F8C9E"
	tint        = "#EEF2F7" // suppliers, resources
	panelFill   = "#F5F7FA"
	panelBorder = "#C3CCD8"
	customerInk = "#1F2D3D"
	red         = "#B3261E" // can break
	redFill     = "#FDECEA"
	downFill    = "#8C1D18" // is down
	amber       = "#7A4B00" // works worse, can jam
	amberFill   = "#FFF2CC"
	blue        = "#0B5CAD" // asked for
	blueFill    = "#E1EFFC"
	violet      = "#6B2FA0" // loop
	loadFill    = "#F6C77D"
	shareFill   = "#A5D8D1"
	teal        = "#0B6158"
	heat1       = "#FDE5DD"
	heat2       = "#FAC0AE"
	heat3       = "#F29478"
	heat4       = "#C2410C"
)

var heats = [5]string{white, heat1, heat2, heat3, heat4}

// Use says where a colour stands: the same light colour may turn into different dark ones.
type Use string

// The uses of a colour in the SVG: the attribute, and whether it is on a text.
const (
	Stroke Use = "stroke"
	Fill   Use = "fill" // of anything but a text
	Text   Use = "text"
	Stop   Use = "stop-color" // of a gradient
)

// Shade is one colour of the pictures in light and dark. Pictures hold only the light ones, in lower case, as presentation
// attributes; a style sheet turns them into the dark ones.
type Shade struct {
	Role        string
	Use         Use
	Light, Dark string
	Within      string // only inside this selector: a class of the node, "" everywhere
}

// Palette lists every colour that occurs in a picture, for every use that it is put to, the special cases last.
func Palette() []Shade {
	all := []Shade{
		{"node border", Stroke, border, "#8C9BB0", ""},
		{"link", Stroke, lineColour, "#8C9BB0", ""},
		{"quiet link", Stroke, quietColour, "#75849A", ""},
		{"panel border", Stroke, panelBorder, "#3A475A", ""},
		{"customer", Stroke, customerInk, "#DCE4EE", ""},
		{"can break", Stroke, red, "#FF9385", ""},
		{"down", Stroke, downFill, "#C4352B", ""},
		{"works worse", Stroke, amber, "#F2B84B", ""},
		{"asked for", Stroke, blue, "#6CB6FF", ""},
		{"loop", Stroke, violet, "#CDA8FA", ""},
		{"hot by share", Stroke, teal, "#5FD0BF", ""},
		{"gap in a line", Stroke, white, "#10161F", ""},

		{"node", Fill, white, "#1A2330", ""},
		{"arrow", Fill, lineColour, "#8C9BB0", ""},
		{"sign", Fill, border, "#8C9BB0", ""},
		{"quiet arrow", Fill, quietColour, "#75849A", ""},
		{"supplier, resource", Fill, tint, "#273445", ""},
		{"panel", Fill, panelFill, "#161E29", ""},
		{"customer", Fill, customerInk, "#DCE4EE", ""},
		{"can break", Fill, red, "#FF9385", ""},
		{"exposed", Fill, redFill, "#43191A", ""},
		{"down", Fill, downFill, "#C4352B", ""},
		{"works worse", Fill, amber, "#F2B84B", ""},
		{"works worse", Fill, amberFill, "#3B2B0A", ""},
		{"asked for", Fill, blue, "#6CB6FF", ""},
		{"asked for", Fill, blueFill, "#10304F", ""},
		{"loop", Fill, violet, "#CDA8FA", ""},
		{"hot by share", Fill, teal, "#5FD0BF", ""},
		{"load", Fill, loadFill, "#7D500F", ""},
		{"share", Fill, shareFill, "#1B5F56", ""},
		{"heat 1", Fill, heat1, "#4A2A22", ""},
		{"heat 2", Fill, heat2, "#6E3526", ""},
		{"heat 3", Fill, heat3, "#96432A", ""},
		{"heat 4", Fill, heat4, "#FF9B70", ""},

		{"name", Text, ink, "#E8EDF4", ""},
		{"second text", Text, muted, "#AAB6C6", ""},
		{"can break", Text, red, "#FF9385", ""},
		{"works worse", Text, amber, "#F2B84B", ""},
		{"asked for", Text, blue, "#6CB6FF", ""},
		{"loop", Text, violet, "#CDA8FA", ""},
		{"hot by share", Text, teal, "#5FD0BF", ""},
		{"on a dark ground", Text, white, "#FFFFFF", ""},

		{"load", Stop, loadFill, "#7D500F", ""},
		{"share", Stop, shareFill, "#1B5F56", ""},
		{"node", Stop, white, "#1A2330", ""},
		{"supplier, resource", Stop, tint, "#273445", ""},

		{"on a customer", Text, white, "#10161F", ".k-customer"},
		{"on a customer that stops", Text, white, "#FFFFFF", ".k-customer.s-down"},
		{"on heat 4", Text, white, "#10161F", ".heat-4"},
	}
	return all
}

// DarkRules gives the style rules that turn a picture dark, one for each shade, each below the selector scope (such as
// ".dark .ws"; "" for none). Ground and frame have the classes paper and sheet of their own.
func DarkRules(scope string) string {
	var b strings.Builder
	if scope != "" {
		scope += " "
	}
	for _, s := range Palette() {
		within := scope
		if s.Within != "" {
			within += s.Within + " "
		}
		light := strings.ToLower(s.Light)
		switch s.Use {
		case Text:
			fmt.Fprintf(&b, "%stext[fill=\"%s\"]{fill:%s}\n", within, light, s.Dark)
		case Fill:
			fmt.Fprintf(&b, "%s:not(text)[fill=\"%s\"]{fill:%s}\n", within, light, s.Dark)
		default:
			fmt.Fprintf(&b, "%s[%s=\"%s\"]{%s:%s}\n", within, s.Use, light, s.Use, s.Dark)
		}
	}
	fmt.Fprintf(&b, "%srect.paper[fill]{fill:#10161F}\n", scope)
	return b.String()
}
