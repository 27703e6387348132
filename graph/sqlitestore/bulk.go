package sqlitestore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
)

// database/sql converts every value of every row through reflection. With a million rows that costs as much as SQLite itself, so
// this file talks to the driver directly, through the interfaces of database/sql/driver alone.

// prepareBulk makes a statement of the driver that runs for many rows.
func prepareBulk(dc any, statement string) (driver.Stmt, error) {
	p, ok := dc.(driver.ConnPrepareContext)
	if !ok {
		return nil, errors.New("the SQLite driver prepares no statements")
	}
	return p.PrepareContext(context.Background(), statement)
}

// execBulk runs a prepared statement for one row. It takes no context: with one, the driver would start a goroutine for every row.
func execBulk(s driver.Stmt, args []driver.NamedValue) (driver.Result, error) {
	return s.(driver.StmtExecContext).ExecContext(context.Background(), args)
}

// batchRows is the number of rows that travel together from the goroutine that reads to the one that decodes.
const batchRows = 512

// scan runs a query and gives its rows one by one to each. SQLite reads the next rows on another goroutine meanwhile.
// The values are each's to keep, the slice is not.
func scan(ctx context.Context, c *sql.Conn, query string, args []any, each func(row []driver.Value) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	full, free := make(chan batch, 2), make(chan batch, 3)
	read := make(chan error, 1)
	go func() {
		read <- c.Raw(func(dc any) error { return readBatches(ctx, dc, query, args, full, free) })
	}()
	var failed error
	for b := range full {
		for ; failed == nil && len(b.values) > 0; b.values = b.values[b.width:] {
			if failed = each(b.values[:b.width]); failed != nil {
				cancel()
			}
		}
		select {
		case free <- b:
		default:
		}
	}
	if err := <-read; failed == nil {
		failed = err
	}
	return failed
}

// batch is a number of rows of equal width, one after the other.
type batch struct {
	memory, values []driver.Value
	width          int
}

// readBatches sends the rows of a query and closes full.
func readBatches(ctx context.Context, dc any, query string, args []any, full chan<- batch, free <-chan batch) error {
	defer close(full)
	named := make([]driver.NamedValue, len(args))
	for i, a := range args {
		named[i] = driver.NamedValue{Ordinal: i + 1, Value: a}
	}
	rows, err := dc.(driver.QueryerContext).QueryContext(ctx, query, named)
	if err != nil {
		return err
	}
	defer rows.Close()
	width := len(rows.Columns())
	for err == nil {
		var b batch
		select {
		case b = <-free:
		default:
			b = batch{memory: make([]driver.Value, batchRows*width), width: width}
		}
		n := 0
		for n < len(b.memory) {
			if err = rows.Next(b.memory[n : n+width]); err != nil {
				break
			}
			n += width
		}
		b.values = b.memory[:n]
		select {
		case full <- b:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if err == io.EOF {
		return nil
	}
	return err
}
