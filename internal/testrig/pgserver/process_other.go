//go:build !unix

package pgserver

import (
	"errors"
	"os"
	"os/exec"
)

// owner is always nil here: the server runs as this process's own user.
type owner struct{}

func serverOwner() (*owner, error)   { return nil, nil }
func (o *owner) give(string) error   { return nil }
func (o *owner) apply(cmd *exec.Cmd) {}
func quit(server *os.Process) error  { return server.Kill() }
func quitLeft(*home) bool            { return false }

// Without a lock that ends with its process nothing can be told apart that a
// dead process left, so it is left alone.
func lockNew(string) (*os.File, error)  { return nil, nil }
func lockLeft(string) (*os.File, error) { return nil, errors.ErrUnsupported }
