//go:build unix

package importer

import (
	"syscall"
	"time"
)

// cpuTime is how long this process has had a processor: a machine that has other things to do does not make it longer.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
