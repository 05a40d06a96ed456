//go:build !unix

package main

import (
	"os"
	"os/exec"
)

func ownGroup(*exec.Cmd) {}

// signalGroup ends the command: there are no signals to hand on.
func signalGroup(cmd *exec.Cmd, _ os.Signal) error { return cmd.Process.Kill() }
