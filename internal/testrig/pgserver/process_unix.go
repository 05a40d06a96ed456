//go:build unix

package pgserver

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// owner is the user that the server runs as where this process is root, which
// PostgreSQL refuses to run as. Nil is this process's own user.
type owner struct{ uid, gid uint32 }

func serverOwner() (*owner, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(found.Uid, 10, 32)
		if err != nil {
			continue
		}
		gid, err := strconv.ParseUint(found.Gid, 10, 32)
		if err != nil {
			continue
		}
		return &owner{uid: uint32(uid), gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as")
}

// give makes the owner the owner of a directory.
func (o *owner) give(dir string) error {
	if o == nil {
		return nil
	}
	return os.Chown(dir, int(o.uid), int(o.gid))
}

// apply makes a command run as the owner, and in a process group of its own:
// a Ctrl-C in the terminal is for who uses the server, who stops it then.
func (o *owner) apply(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if o != nil {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: o.uid, Gid: o.gid}
	}
}

// quit ends a server at once; it ends its own children.
func quit(server *os.Process) error { return server.Signal(syscall.SIGQUIT) }

// quitLeft ends the server that a dead process left in its home, and tells
// whether none is left. A process id alone could be another program's by now:
// the socket in the directory answers only where the server still runs.
func quitLeft(h *home) bool {
	lines := h.processFile()
	if len(lines) < 5 {
		return true
	}
	socket := filepath.Join(h.dir, ".s.PGSQL."+lines[3])
	pid, err := strconv.Atoi(lines[0])
	if err != nil || !answers(socket) {
		return true
	}
	if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil {
		return false
	}
	for deadline := time.Now().Add(stopWithin); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			return true
		}
	}
	return false
}

func answers(socket string) bool {
	connection, err := net.DialTimeout("unix", socket, time.Second)
	if err != nil {
		return false
	}
	_ = connection.Close()
	return true
}

// lockNew makes a file that this process holds a lock on. It gets its name
// only when it is locked, so that nobody ever sees it free.
func lockNew(path string) (*os.File, error) {
	file, err := os.OpenFile(path+".new", os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lock(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if err := os.Rename(path+".new", path); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// lockLeft takes over the lock of a dead process.
func lockLeft(path string) (*os.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if err := lock(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func lock(file *os.File) error {
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return fmt.Errorf("lock %s: %w", file.Name(), err)
	}
	return nil
}
