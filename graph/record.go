package graph

// Origin is the place that a fact came from.
type Origin struct {
	File  string `json:"file,omitempty"`  // name below the imported folder, with /
	Sheet string `json:"sheet,omitempty"` // "" for a CSV file
	Row   int    `json:"row,omitempty"`   // the sheet's own number, from 1; 0: not from a sheet
}

// Attr is a column that whoserves does not know, kept as it is.
type Attr struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// NodeRecord is what one row of one source states about one node, unit or person. Fields left at their zero value are not
// stated. References (Unit, Teams, Manager) stay as they were written. Records are immutable once they are in an Org.
type NodeRecord struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
	// Nth tells apart several rows of one source about the same thing, from 0; NewSource sets it.
	Nth  int  `json:"nth,omitempty"`
	Kind Kind `json:"kind,omitempty"`

	Unit            string   `json:"unit,omitempty"` // the unit that it belongs to; the parent of a unit
	Headcount       Number   `json:"headcount,omitzero"`
	MinStaff        Number   `json:"min_staff,omitzero"`
	Capacity        Number   `json:"capacity,omitzero"`
	RecoveryHours   Number   `json:"recovery_hours,omitzero"`
	FailuresPerYear Number   `json:"failures_per_year,omitzero"`
	Value           Number   `json:"value,omitzero"` // customers: what they are worth a year
	Segment         Segment  `json:"segment,omitempty"`
	CanFail         Answer   `json:"can_fail,omitempty"`
	Contact         string   `json:"contact,omitempty"`
	Sites           []string `json:"site,omitempty"`
	Tags            []string `json:"tags,omitempty"`
	Aliases         []string `json:"aliases,omitempty"`
	Teams           []string `json:"team,omitempty"`    // people: the teams that they are members of
	Manager         string   `json:"manager,omitempty"` // people: whom they report to; a reporting line is not a need
	Role            string   `json:"role,omitempty"`    // people

	Attrs []Attr `json:"attributes,omitempty"` // unknown columns, sorted by name
	From  Origin `json:"from,omitzero"`
}

// LinkRecord is what one row of one source states about one link: Provider serves Consumer with Service. Provider and
// Consumer stay as they were written. Records are immutable once they are in an Org.
type LinkRecord struct {
	Provider string `json:"provider"`
	Consumer string `json:"consumer"`
	Service  string `json:"service,omitempty"`
	// Nth tells apart several rows of one source about the same link, from 0; NewSource sets it.
	Nth         int         `json:"nth,omitempty"`
	Criticality Criticality `json:"criticality,omitempty"`

	MinProviders  Number `json:"min_providers,omitzero"`
	Tolerance     Number `json:"tolerance_hours,omitzero"`
	Volume        Number `json:"volume,omitzero"`
	LeadTime      Number `json:"lead_time_hours,omitzero"`
	Satisfaction  Number `json:"satisfaction,omitzero"`
	ResponseHours Number `json:"response_hours,omitzero"`
	Cost          Number `json:"cost,omitzero"`
	Agreement     string `json:"agreement,omitempty"`
	Channel       string `json:"channel,omitempty"`
	Feedback      string `json:"feedback,omitempty"`
	DeclaredBy    string `json:"declared_by,omitempty"`
	ConfirmedOn   string `json:"confirmed_on,omitempty"`

	Attrs []Attr `json:"attributes,omitempty"` // unknown columns, sorted by name
	From  Origin `json:"from,omitzero"`
}

// NodeKey names a record within its source: by id, or by name where the row gives no id.
type NodeKey struct {
	Unit   bool // units have names of their own: a team and a unit may both be called Finance
	ByName bool
	Ref    string
	Nth    int
}

// Key names the record within its source.
func (r *NodeRecord) Key() NodeKey {
	if r.ID != "" {
		return NodeKey{Unit: r.Kind == Unit, Ref: r.ID, Nth: r.Nth}
	}
	return NodeKey{Unit: r.Kind == Unit, ByName: true, Ref: r.Name, Nth: r.Nth}
}

// LinkKey names a record within its source.
type LinkKey struct {
	Provider, Consumer, Service string // as written
	Nth                         int
}

// Key names the record within its source.
func (r *LinkRecord) Key() LinkKey { return LinkKey{r.Provider, r.Consumer, r.Service, r.Nth} }
