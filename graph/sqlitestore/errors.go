package sqlitestore

import (
	"context"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"
)

// The troubles with a file that callers tell apart; they come wrapped in an error that names the file.
var (
	// ErrForeign says that the file is something else than a store of whoserves. It was left as it is.
	ErrForeign = errors.New("this is no store of whoserves")
	// ErrDamaged says that the file is a store whose content is broken.
	ErrDamaged = errors.New("the store is damaged")
)

// FormatError says that a store has a format that cannot be used here: a newer one, or an older one where the file must not
// be changed.
type FormatError struct {
	Path        string
	Have, Known int // the format of the file, the format of this program
}

func (e *FormatError) Error() string {
	if e.Have > e.Known {
		return fmt.Sprintf("%s was written by a newer whoserves (format %d, this one knows up to %d): use the newer program", e.Path, e.Have, e.Known)
	}
	return fmt.Sprintf("%s was written by an older whoserves (format %d, now %d): open it for writing once, by an import, to bring it up to date", e.Path, e.Have, e.Known)
}

// errReadOnly is what a store that was opened with OpenReadOnly says to changes.
var errReadOnly = errors.New("the store was opened for reading only")

// constraint is the code of SQLite for a row that must not be there twice.
const constraint = codes.SQLITE_CONSTRAINT

// explain puts what SQLite says into words that name the file and what to do. A cancelled context stays what it is.
func explain(ctx context.Context, path string, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil && (errors.Is(err, ctx.Err()) || code(err) == codes.SQLITE_INTERRUPT) {
		return fmt.Errorf("%s: %w", path, context.Cause(ctx))
	}
	var format *FormatError
	if errors.As(err, &format) {
		return err
	}
	var what string
	switch code(err) {
	case 0:
		return fmt.Errorf("%s: %w", path, err)
	case codes.SQLITE_FULL:
		what = "the disk is full: nothing was changed; make room and try again"
	case codes.SQLITE_READONLY, codes.SQLITE_PERM:
		what = "the file may not be written: check the permissions of the file and of its folder"
	case codes.SQLITE_CANTOPEN:
		what = "the file cannot be opened: check that its folder is there and may be written"
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED:
		what = "another program is writing to the file for too long: try again when it is done"
	case codes.SQLITE_NOTADB:
		return fmt.Errorf("%s: %w: not an SQLite database", path, ErrForeign)
	case codes.SQLITE_CORRUPT:
		return fmt.Errorf("%s: %w: go back to a copy (%v)", path, ErrDamaged, err)
	case codes.SQLITE_IOERR:
		what = "the disk reports an error"
	case codes.SQLITE_TOOBIG:
		what = "a text is longer than a store can hold"
	default:
		return fmt.Errorf("%s: %w", path, err)
	}
	return fmt.Errorf("%s: %s: %w", path, what, err)
}

// code gives the primary result code of SQLite behind an error; 0 when there is none.
func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}
