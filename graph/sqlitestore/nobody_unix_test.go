//go:build unix

package sqlitestore

import (
	"os"
	"os/exec"
	"syscall"
)

// asNobody has a process run as a user without special rights; for root no rights are denied.
func asNobody(cmd *exec.Cmd) {
	if os.Getuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
}
