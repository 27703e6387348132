// Program is a minimal program that links render, for tests of its start. Without arguments it only starts; with
// "draw" it draws a picture in a worker, with "wait" and DOT text it goes on drawing that. It prints what it found.
package main

import (
	"context"
	"fmt"
	"os"

	"example.com/whoserves/viewer/render"
	"example.com/whoserves/viewer/render/privatetmp"
)

func main() {
	command := ""
	if len(os.Args) > 1 {
		command = os.Args[1]
	}
	switch command {
	case render.WorkerArg:
		if err := render.Work(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	case "wait": // until it is killed, drawing
		pool := render.NewPool(render.Options{Workers: 2})
		_, err := pool.SVG(context.Background(), "digraph { a -> b }")
		fmt.Println("ready", err)
		pool.SVG(context.Background(), os.Args[2])
	case "draw":
		pool := render.NewPool(render.Options{Workers: 1})
		svg, err := pool.SVG(context.Background(), "digraph { a -> b }")
		pool.Close()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Printf("bytes %d\n", len(svg))
		fallthrough
	default:
		tmp, set := os.LookupEnv("TMPDIR")
		original, wasSet := privatetmp.Original()
		fmt.Printf("private %q\ntmpdir %q %t\noriginal %q %t\n", privatetmp.Dir(), tmp, set, original, wasSet)
	}
}
