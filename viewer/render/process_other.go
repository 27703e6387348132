//go:build !linux

package render

import "syscall"

// processAttributes: a worker ends when its stdin does, after the picture that it is drawing.
func processAttributes() *syscall.SysProcAttr { return nil }
