// Command bare times what SQLite alone needs for a local file of whoserves, in seconds: to insert each of its rows into an
// empty copy of its tables and to build the indexes then; to read each of its rows; and what whoserves needs to load it.
package main

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"example.com/whoserves/graph"
	"example.com/whoserves/graph/sqlitestore"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: bare FILE.db")
	}
	path := os.Args[1]
	insert := best(2, func() time.Duration { return insert(path) })
	reads := best(3, func() time.Duration { return timed(func() { read(path, func(string, []any) {}) }) })
	load := best(3, func() time.Duration { return load(path) })
	fmt.Printf("{\"insert\": %.3f, \"reads\": %.3f, \"load\": %.3f}\n", insert.Seconds(), reads.Seconds(), load.Seconds())
}

func must[T any](x T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return x
}

// best is the shortest of several times.
func best(n int, measure func() time.Duration) time.Duration {
	least := measure()
	for range n - 1 {
		least = min(least, measure())
	}
	return least
}

func timed(f func()) time.Duration {
	runtime.GC()
	start := time.Now()
	f()
	return time.Since(start)
}

func load(path string) time.Duration {
	st := must(sqlitestore.OpenReadOnly(context.Background(), path, graph.DefaultOrg))
	defer st.Close()
	return timed(func() { must(st.Load(context.Background())) })
}

// read gives every row of every table.
func read(path string, row func(table string, values []any)) {
	db := must(sql.Open("sqlite", "file:"+path+"?mode=ro"))
	defer db.Close()
	for _, table := range tables(db) {
		rows := must(db.Query("SELECT * FROM " + table))
		values := make([]any, len(must(rows.Columns())))
		to := make([]any, len(values))
		for i := range values {
			to[i] = &values[i]
		}
		for rows.Next() {
			if err := rows.Scan(to...); err != nil {
				log.Fatal(err)
			}
			row(table, values)
		}
		if err := rows.Err(); err != nil {
			log.Fatal(err)
		}
		rows.Close()
	}
}

// tables are those of a file, in order of making.
func tables(db *sql.DB) (names []string) {
	rows := must(db.Query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rootpage"))
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			log.Fatal(err)
		}
		names = append(names, name)
	}
	return names
}

// statements make the tables or the indexes of a file.
func statements(path, what string) (texts []string) {
	db := must(sql.Open("sqlite", "file:"+path+"?mode=ro"))
	defer db.Close()
	rows := must(db.Query("SELECT sql FROM sqlite_schema WHERE type = ? AND sql IS NOT NULL AND name NOT LIKE 'sqlite_%'", what))
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			log.Fatal(err)
		}
		texts = append(texts, text)
	}
	return texts
}

// insert times the insert of all rows, which are in memory, with the settings of a store.
func insert(path string) time.Duration {
	rows := map[string][][]any{}
	read(path, func(table string, values []any) { rows[table] = append(rows[table], append([]any(nil), values...)) })
	dir := must(os.MkdirTemp(filepath.Dir(path), "bare"))
	defer os.RemoveAll(dir)
	db := must(sql.Open("sqlite", "file:"+filepath.Join(dir, "bare.db")+"?_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=cache_size(-32768)"))
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, s := range statements(path, "table") {
		must(db.Exec(s))
	}
	indexes := statements(path, "index")
	return timed(func() {
		tx := must(db.Begin())
		for table, rows := range rows {
			add := must(tx.Prepare("INSERT INTO " + table + " VALUES (?" + strings.Repeat(", ?", len(rows[0])-1) + ")"))
			for _, row := range rows {
				must(add.Exec(row...))
			}
		}
		for _, s := range indexes {
			must(tx.Exec(s))
		}
		if err := tx.Commit(); err != nil {
			log.Fatal(err)
		}
	})
}
