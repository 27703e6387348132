//go:build race

package drawing

// slower is how much slower the race detector makes everything.
const slower = 15
