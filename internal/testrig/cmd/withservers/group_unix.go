//go:build unix

package main

import (
	"os"
	"os/exec"
	"syscall"
)

// ownGroup puts the command into a process group of its own. A Ctrl-C in the
// terminal then reaches it once, through withservers, and a signal that only
// withservers gets reaches the test programs too and not just `go test`,
// which does not hand it on.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func signalGroup(cmd *exec.Cmd, received os.Signal) error {
	return syscall.Kill(-cmd.Process.Pid, received.(syscall.Signal))
}
