//go:build !race

package drawing

const slower = 1
