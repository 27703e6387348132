package render

import "syscall"

// processAttributes: a worker ends with the program (more exactly, with the thread that started it; a worker lost that
// way is replaced), and Ctrl-C in a terminal is for the program alone, which then ends its workers in good order.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}
