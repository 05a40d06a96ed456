//go:build !linux

package pgserver

import "os/exec"

// endWithParent does nothing where the system has no such thing: the next
// Start stops what a dead process left.
func endWithParent(*exec.Cmd) {}
