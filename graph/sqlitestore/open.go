package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
	codes "modernc.org/sqlite/lib"

	"example.com/whoserves/graph"
)

// Store keeps one organisation in a file; it is a graph.Store. Use Open or OpenReadOnly.
type Store struct {
	path    string
	org     string
	wait    time.Duration
	readers *sql.DB
	writer  *sql.DB // nil: for reading only; holds one connection at most
}

// Option changes how a store is opened.
type Option func(*options)

type options struct {
	wait  time.Duration
	check bool
	cache int // KiB that a write may hold in memory before it goes to the write-ahead log
}

// Wait sets how long a change waits for another program that is writing to the file. It is 30 seconds when not said.
func Wait(d time.Duration) Option { return func(o *options) { o.wait = d } }

// Check has the whole file checked at opening, for files that come from elsewhere. It reads every page, about 100 MB a
// second. Files of up to 4 MB are always checked.
func Check() Option { return func(o *options) { o.check = true } }

// smallFile is the size in bytes up to which a file is checked whenever it is opened; it takes some 10 ms.
const smallFile = 4 << 20

// Open opens a store for one organisation and makes the file when there is none. The organisation comes into being with
// its first import or document. A store of an older format is brought up to date, after a copy of it was put beside it.
//
// Errors wrap ErrForeign when the file is something else, ErrDamaged when it is broken, and are a *FormatError when it is
// of a newer format; in all three cases the file stays as it is.
func Open(ctx context.Context, path, org string, opts ...Option) (*Store, error) {
	s, o, err := prepare(path, org, opts)
	if err != nil {
		return nil, err
	}
	isNew, err := lookAt(ctx, path)
	if err != nil {
		return nil, err
	}
	s.writer = connect(path, url.Values{"mode": {modes[isNew]}, "_pragma": {
		"busy_timeout(100)", "synchronous(full)", "trusted_schema(0)", "cell_size_check(1)", "journal_size_limit(67108864)",
		fmt.Sprintf("cache_size(-%d)", o.cache)}})
	s.writer.SetMaxOpenConns(1)
	s.readers = connect(path, readerQuery("rw"))
	if err := s.makeReady(ctx, o.check); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

var modes = map[bool]string{true: "rwc", false: "rw"}

// OpenReadOnly opens a store that is there and never changes what it holds; every change gives an error. A store in a folder that may
// not be written can be read as well, if nobody else is writing to it.
func OpenReadOnly(ctx context.Context, path, org string, opts ...Option) (*Store, error) {
	s, o, err := prepare(path, org, opts)
	if err != nil {
		return nil, err
	}
	isNew, err := lookAt(ctx, path)
	if err != nil {
		return nil, err
	}
	if isNew {
		return nil, fmt.Errorf("%s: there is no such store: import something first: %w", path, fs.ErrNotExist)
	}
	s.readers = connect(path, readerQuery("rw"))
	err = s.patiently(ctx, func() error { return s.verify(ctx, o.check) })
	if denied := code(err) == codes.SQLITE_CANTOPEN || code(err) == codes.SQLITE_READONLY; denied && !exists(path+"-wal") {
		// The files that the users of a store share cannot be made beside it, and nobody is writing to it now.
		s.readers.Close()
		query := readerQuery("ro")
		query.Set("immutable", "1")
		s.readers = connect(path, query)
		err = s.verify(ctx, o.check)
	}
	if err != nil {
		s.Close()
		return nil, explain(ctx, path, err)
	}
	return s, nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

func prepare(path, org string, opts []Option) (*Store, options, error) {
	o := options{wait: 30 * time.Second, cache: 32 << 10}
	for _, set := range opts {
		set(&o)
	}
	if err := graph.CheckOrgName(org); err != nil {
		return nil, o, err
	}
	if path == "" || strings.ContainsRune(path, 0) {
		return nil, o, fmt.Errorf("%q is no name for a file", path)
	}
	return &Store{path: path, org: org, wait: o.wait}, o, nil
}

// connect makes a pool of connections. The path may hold any character.
func connect(path string, query url.Values) *sql.DB {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/…
	}
	db, err := sql.Open("sqlite", "file://"+(&url.URL{Path: path}).EscapedPath()+"?"+query.Encode())
	if err != nil {
		panic(err) // only for an unknown driver
	}
	return db
}

func readerQuery(mode string) url.Values {
	return url.Values{"mode": {mode}, "_pragma": {
		"busy_timeout(5000)", "query_only(1)", "trusted_schema(0)", "cell_size_check(1)", "cache_size(-8192)"}}
}

// lookAt says whether a file is still to be made, and refuses one that is not ours without leaving a trace on or beside it.
// It goes through SQLite, since opening and closing a file by hand would drop the locks that this process has on it.
func lookAt(ctx context.Context, path string) (isNew bool, err error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		folder := filepath.Dir(path)
		if _, err := os.Stat(folder); err != nil {
			return false, fmt.Errorf("%s: its folder cannot be used: %w", path, err)
		}
		return true, nil
	case err != nil:
		return false, fmt.Errorf("%s: %w", path, err)
	case !info.Mode().IsRegular():
		return false, fmt.Errorf("%s: %w: not a file", path, ErrForeign)
	case info.Size() == 0:
		return true, nil
	}
	db := connect(path, url.Values{"mode": {"ro"}, "immutable": {"1"}})
	defer db.Close()
	var id int64
	for range 5 {
		if err = db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err == nil {
			break
		}
		if exists(path+"-wal") || exists(path+"-journal") {
			// Another program makes the file just now, or was killed while it moved its log into it: only together with that log it
			// is whole. Who opens it for good sees both, and looks for the mark again.
			return false, nil
		}
		time.Sleep(10 * time.Millisecond) // that log may have gone just now
	}
	if err != nil {
		return false, explain(ctx, path, err)
	}
	if id != applicationID {
		return false, fmt.Errorf("%s: %w: it bears the mark of another program or none", path, ErrForeign)
	}
	return false, nil
}

// makeReady makes the tables in a new file, migrates an old one and checks what is there. Only then it turns the
// write-ahead log on, which stays on for good: a file that is refused stays as it is.
func (s *Store) makeReady(ctx context.Context, check bool) error {
	err := s.onWriter(ctx, func(c *sql.Conn) error {
		var id, format int
		err := s.patiently(ctx, func() (err error) {
			// In this order: who makes the file sets both at once.
			if format, err = pragma(ctx, c, "user_version"); err == nil {
				id, err = pragma(ctx, c, "application_id")
			}
			return err
		})
		switch {
		case err != nil:
		case format != 0 && id != applicationID:
			err = ErrForeign
		case format == 0:
			err = s.create(ctx, c)
		case format > currentFormat:
			err = &FormatError{s.path, format, currentFormat}
		case format < currentFormat:
			err = s.migrate(ctx, c)
		}
		if err == nil {
			err = s.patiently(ctx, func() error { return s.verify(ctx, check) })
		}
		if err == nil {
			err = s.probe(ctx, c)
		}
		if err == nil {
			err = s.patiently(ctx, func() error { return run(ctx, c, "PRAGMA journal_mode = wal") })
		}
		return err
	})
	return explain(ctx, s.path, err)
}

// create makes the tables in an empty file. That happens with a rollback journal, so that the mark in the file's header is
// there as soon as the file is not empty any more.
func (s *Store) create(ctx context.Context, c *sql.Conn) error {
	return s.transaction(ctx, c, func() error {
		var objects int
		if err := c.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&objects); err != nil || objects > 0 {
			return err // another process was faster
		}
		return run(ctx, c, slices.Concat(schema, []string{fmt.Sprintf("PRAGMA application_id = %d", applicationID),
			fmt.Sprintf("PRAGMA user_version = %d", currentFormat)})...)
	})
}

// probe finds out whether the file may be written; that somebody else is writing is a good sign.
func (s *Store) probe(ctx context.Context, c *sql.Conn) error {
	if err := run(ctx, c, "UPDATE orgs SET version = 0 WHERE false"); err != nil && code(err) != codes.SQLITE_BUSY {
		return err
	}
	return nil
}

// verify checks that a file holds the tables of the current format and nothing else, and on request every page of it.
func (s *Store) verify(ctx context.Context, check bool) error {
	return s.onReader(ctx, func(c *sql.Conn) error {
		id, err := pragma(ctx, c, "application_id")
		if err != nil {
			return err
		}
		format, err := pragma(ctx, c, "user_version")
		if err != nil {
			return err
		}
		if id != applicationID {
			return ErrForeign
		}
		if format != currentFormat {
			return &FormatError{s.path, format, currentFormat}
		}
		if err := sameSchema(ctx, c); err != nil {
			return err
		}
		if info, err := os.Stat(s.path); err != nil || !check && info.Size() > smallFile {
			return err
		}
		return checkPages(ctx, c)
	})
}

// sameSchema compares what the file defines with the schema of the current format.
func sameSchema(ctx context.Context, c *sql.Conn) error {
	wanted := map[string]bool{}
	for _, statement := range schema {
		wanted[squeeze(statement)] = true
	}
	rows, err := c.QueryContext(ctx, "SELECT type, name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, name")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var kind, name, text string
		if err := rows.Scan(&kind, &name, &text); err != nil {
			return err
		}
		if strings.HasPrefix(name, "sqlite_") { // what SQLite makes for itself, and the statistics of ANALYZE
			continue
		}
		if !wanted[squeeze(text)] {
			return fmt.Errorf("%w: its %s %q is not one of a store", ErrForeign, kind, name)
		}
		delete(wanted, squeeze(text))
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if len(wanted) > 0 {
		return fmt.Errorf("%w: %d of its tables and indexes are missing", ErrDamaged, len(wanted))
	}
	return nil
}

func squeeze(statement string) string { return strings.Join(strings.Fields(statement), " ") }

func checkPages(ctx context.Context, c *sql.Conn) error {
	var first string
	if err := c.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&first); err != nil {
		return err
	}
	if first != "ok" {
		return fmt.Errorf("%w: go back to a copy (%s)", ErrDamaged, strings.ReplaceAll(first, "\n", " "))
	}
	return nil
}

// Backup writes a copy of the whole store, with all its organisations, to a new file that can be handed over. Others may go on
// working meanwhile.
func (s *Store) Backup(ctx context.Context, path string) error {
	if exists(path) {
		return fmt.Errorf("%s: %w: give a new name", path, fs.ErrExist)
	}
	err := s.onReader(ctx, func(c *sql.Conn) error { return vacuumInto(ctx, c, path) })
	return explain(ctx, path, err)
}

// vacuumInto copies the database to a new file; a half-written one is removed again.
func vacuumInto(ctx context.Context, c *sql.Conn, path string) error {
	if err := run(ctx, c, "PRAGMA query_only = 0"); err != nil { // it counts the copy as well
		return err
	}
	_, err := c.ExecContext(ctx, "VACUUM INTO ?", path)
	if err != nil {
		os.Remove(path)
	}
	return errors.Join(err, run(context.WithoutCancel(ctx), c, "PRAGMA query_only = 1"))
}

// Close ends the use of the store.
func (s *Store) Close() error {
	err := s.readers.Close()
	if s.writer != nil {
		err = errors.Join(err, s.writer.Close())
	}
	return explain(context.Background(), s.path, err)
}

// onReader runs f on a connection that sees one state of the file, whatever others write meanwhile.
func (s *Store) onReader(ctx context.Context, f func(*sql.Conn) error) error {
	return s.on(ctx, s.readers, f)
}

// onWriter runs f on the one connection that writes.
func (s *Store) onWriter(ctx context.Context, f func(*sql.Conn) error) error {
	if s.writer == nil {
		return errReadOnly
	}
	return s.on(ctx, s.writer, f)
}

// on runs f on a connection. A new one reads the schema, for which it may have to wait.
func (s *Store) on(ctx context.Context, db *sql.DB, f func(*sql.Conn) error) error {
	var c *sql.Conn
	err := s.patiently(ctx, func() (err error) {
		c, err = db.Conn(ctx)
		return err
	})
	if err != nil {
		return err
	}
	defer c.Close()
	return f(c)
}

// read runs f in a transaction that only reads.
func (s *Store) read(ctx context.Context, f func(*sql.Conn) error) error {
	err := s.onReader(ctx, func(c *sql.Conn) error {
		defer run(context.WithoutCancel(ctx), c, "ROLLBACK")
		if err := run(ctx, c, "BEGIN"); err != nil {
			return err
		}
		return f(c)
	})
	return explain(ctx, s.path, err)
}

// write runs f in a transaction that writes: all of it happens or nothing.
func (s *Store) write(ctx context.Context, f func(*sql.Conn) error) error {
	err := s.onWriter(ctx, func(c *sql.Conn) error {
		return s.transaction(ctx, c, func() error { return f(c) })
	})
	return explain(ctx, s.path, err)
}

// patiently runs f again while another process keeps the file to itself, as long as the store was told to wait. SQLite's
// own waiting would not notice a cancelled context.
func (s *Store) patiently(ctx context.Context, f func() error) error {
	until := time.Now().Add(s.wait)
	for {
		err := f()
		if code(err) != codes.SQLITE_BUSY || time.Now().After(until) {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// transaction runs f between BEGIN and COMMIT. A transaction may have begun even if BEGIN gives the error of a cancelled
// context, and SQLite may have rolled back by itself, so that ROLLBACK fails: both are well.
func (s *Store) transaction(ctx context.Context, c *sql.Conn, f func() error) error {
	uncancelled := context.WithoutCancel(ctx)
	err := s.patiently(ctx, func() error { return run(ctx, c, "BEGIN IMMEDIATE") })
	if err == nil {
		err = f()
	}
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = run(uncancelled, c, "COMMIT")
	}
	if err != nil {
		run(uncancelled, c, "ROLLBACK")
	}
	return err
}

// run executes statements one after the other.
func run(ctx context.Context, c *sql.Conn, statements ...string) error {
	for _, statement := range statements {
		if _, err := c.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

func pragma(ctx context.Context, c *sql.Conn, name string) (int, error) {
	var text string
	if err := c.QueryRowContext(ctx, "PRAGMA "+name).Scan(&text); err != nil {
		return 0, err
	}
	return strconv.Atoi(text)
}
