package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Store keeps one organisation: its current facts, the log of the change sets that led there, and small documents.
// It is opened for one organisation; other organisations may live in the same store. A Store may be used by several
// goroutines at once.
type Store interface {
	// Version is the number of the last change set; 0 before the first.
	Version(ctx context.Context) (int64, error)
	// Load gives all current facts. O(facts).
	Load(ctx context.Context) (*Org, error)
	// Changes gives what leads from one version to a later one, composed into one change set whose Base is from.
	// from > to gives the way back. An unknown version is ErrNoVersion. O(changes between).
	Changes(ctx context.Context, from, to int64) (*ChangeSet, error)
	// Apply makes the next version out of a change set and gives its number. It happens as a whole or not at all. When the
	// store is no longer at cs.Base it does nothing and gives a *ConflictError. An empty change set makes no version and
	// gives the current number. Apply fills in Number and Time of the record when they are zero.
	Apply(ctx context.Context, cs *ChangeSet, record VersionRecord) (int64, error)
	// History lists the versions, the newest first.
	History(ctx context.Context) ([]VersionRecord, error)
	// Orgs names the organisations in the store, sorted.
	Orgs(ctx context.Context) ([]string, error)

	// Document gives the JSON of a small document of this organisation; ErrNoDocument when there is none.
	Document(ctx context.Context, kind, key string) ([]byte, error)
	// DocumentKinds lists the kinds of which there are documents, sorted.
	DocumentKinds(ctx context.Context) ([]string, error)
	// Documents lists the keys of a kind, sorted.
	Documents(ctx context.Context, kind string) ([]string, error)
	// PutDocument stores or replaces a document; data must be valid JSON.
	PutDocument(ctx context.Context, kind, key string, data []byte) error
	// DeleteDocument removes a document; removing one that is not there is no error.
	DeleteDocument(ctx context.Context, kind, key string) error

	// Close ends the use of the store.
	Close() error
}

// DefaultOrg is the organisation that is meant when none is named.
const DefaultOrg = "default"

// CheckOrgName refuses names that cannot be part of an entity's address in every store.
func CheckOrgName(org string) error {
	switch {
	case strings.TrimSpace(org) == "":
		return errors.New("an organisation needs a name")
	case strings.Contains(org, "/"):
		return fmt.Errorf("organisation %q: a name has no /", org)
	case !utf8.ValidString(org) || strings.ContainsRune(org, 0):
		return fmt.Errorf("organisation %q: a name is plain text", org)
	}
	return nil
}

// VersionRecord says how a version came about.
type VersionRecord struct {
	Number  int64      `json:"version"`
	Time    time.Time  `json:"time"` // UTC, to the second
	By      string     `json:"by"`
	Program string     `json:"program,omitempty"` // version of whoserves that wrote it
	Sources []string   `json:"sources,omitempty"`
	Files   []FileHash `json:"files,omitempty"`
	Mapping string     `json:"mapping,omitempty"` // how columns were read, when a person chose
	// Counts are of entities, not of facts.
	Added   int   `json:"added"`
	Changed int   `json:"changed"`
	Removed int   `json:"removed"`
	Undoes  int64 `json:"undoes,omitempty"` // the version that this one takes back
}

// RecordOf finds the record of a version; nil when there is none.
func RecordOf(history []VersionRecord, version int64) *VersionRecord {
	if i := slices.IndexFunc(history, func(r VersionRecord) bool { return r.Number == version }); i >= 0 {
		return &history[i]
	}
	return nil
}

// FileHash names an imported file and its content.
type FileHash struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// The errors of a Store that callers tell apart.
var (
	ErrNoVersion  = errors.New("there is no such version")
	ErrNoDocument = errors.New("there is no such document")
)

// Between gives what leads from one version to another by a store's own way to read forward, taken back where to is the earlier.
func Between(from, to int64, forward func(from, to int64) (*ChangeSet, error)) (*ChangeSet, error) {
	if from <= to {
		return forward(from, to)
	}
	cs, err := forward(to, from)
	if err != nil {
		return nil, err
	}
	back := cs.Inverse()
	back.Base = from
	return back, nil
}

// CheckVersions gives ErrNoVersion, with its number, when a store at version now has one of the versions not.
func CheckVersions(now int64, versions ...int64) error {
	for _, v := range versions {
		if v < 0 || v > now {
			return fmt.Errorf("version %d: %w", v, ErrNoVersion)
		}
	}
	return nil
}

// ConflictError says that the store moved on since a change set was made.
type ConflictError struct{ Base, Now int64 }

func (e *ConflictError) Error() string {
	return fmt.Sprintf("somebody else imported meanwhile: the change was made for version %d, the store is at version %d", e.Base, e.Now)
}
