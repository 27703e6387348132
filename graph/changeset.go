package graph

// ChangeSet is what leads from one version of an Org to another: facts added, changed and removed, per source. It is the one
// mechanism behind preview, import, diff, history and undo.
type ChangeSet struct {
	Base    int64          `json:"base"` // the version that it applies to
	Sources []SourceChange `json:"sources,omitempty"`
	Nodes   []NodeChange   `json:"nodes,omitempty"` // sorted by source, then key
	Links   []LinkChange   `json:"links,omitempty"` // sorted by source, then key
}

// SourceChange is a source that appears (Old 0), changes its rank, or goes (New 0).
type SourceChange struct {
	Name string `json:"name"`
	Old  int    `json:"old,omitempty"` // rank
	New  int    `json:"new,omitempty"` // rank
}

// NodeChange is a record of a source that appears (Old nil), changes, or goes (New nil). Old and New have the same key.
type NodeChange struct {
	Source string      `json:"source"`
	Old    *NodeRecord `json:"old,omitempty"`
	New    *NodeRecord `json:"new,omitempty"`
}

// LinkChange is a record of a source that appears (Old nil), changes, or goes (New nil). Old and New have the same key.
type LinkChange struct {
	Source string      `json:"source"`
	Old    *LinkRecord `json:"old,omitempty"`
	New    *LinkRecord `json:"new,omitempty"`
}

// Key names the record that changes.
func (c NodeChange) Key() NodeKey {
	if c.New != nil {
		return c.New.Key()
	}
	return c.Old.Key()
}

// Key names the record that changes.
func (c LinkChange) Key() LinkKey {
	if c.New != nil {
		return c.New.Key()
	}
	return c.Old.Key()
}

// Empty says that nothing changes. Rows that only moved within their sheet do not count.
func (cs *ChangeSet) Empty() bool { panic("todo") }

// Inverse gives the change set that takes this one back; its Base is the version that this one led to (Base+1 unless the
// caller sets another).
func (cs *ChangeSet) Inverse() *ChangeSet { panic("todo") }

// Apply gives the Org after the change set; o stays as it is. It fails, naming the first record, when what the change set
// takes as old is not what o holds. The new Org's Version is o.Version; the store sets it.
func (o *Org) Apply(cs *ChangeSet) (*Org, error) { panic("todo") }

// Compose joins change sets that follow one another into one, so that a record appears once. The Base is that of the first.
func Compose(css ...*ChangeSet) *ChangeSet { panic("todo") }

// Diff compares an Org with freshly imported facts: for every source of incoming, what has to change in current so that the
// source states just what incoming says. Sources that incoming does not hold stay untouched.
func Diff(current, incoming *Org) *ChangeSet { panic("todo") }

// NewSource brings the records of a source into order and numbers rows about the same thing.
func NewSource(name string, nodes []*NodeRecord, links []*LinkRecord) *Source { panic("todo") }
