package pgserver

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// homePrefix begins the names of the directories of throw-away servers.
const homePrefix = "madeinlatino-postgres-"

// home is the directory of one throw-away server. A lock on a file in it
// tells other processes that it is in use; the system lets go of the lock
// with the process that holds it.
type home struct {
	dir   string
	lock  *os.File
	owner *owner
}

// newHome makes a directory, after removing those that dead processes left.
func newHome() (*home, error) {
	owner, err := serverOwner()
	if err != nil {
		return nil, err
	}
	base := tempDir(owner)
	sweep(base)
	dir, err := os.MkdirTemp(base, homePrefix)
	if err != nil {
		return nil, fmt.Errorf("make the server's directory: %w", err)
	}
	h := &home{dir: dir, owner: owner}
	if h.lock, err = lockNew(h.lockPath()); err != nil {
		return nil, errors.Join(fmt.Errorf("lock the server's directory: %w", err), os.RemoveAll(dir))
	}
	if err := owner.give(dir); err != nil {
		return nil, errors.Join(fmt.Errorf("hand the server's directory over: %w", err), h.remove())
	}
	return h, nil
}

func (h *home) data() string     { return filepath.Join(h.dir, "data") }
func (h *home) logPath() string  { return filepath.Join(h.dir, "log") }
func (h *home) lockPath() string { return filepath.Join(h.dir, "in-use") }

// socketDir is where the unix socket goes, or empty where the path would be
// longer than the system takes (104 bytes on macOS, 108 on Linux, with the
// socket's own name and a final zero).
func (h *home) socketDir() string {
	if len(h.dir)+len("/.s.PGSQL.65535") >= 104 {
		return ""
	}
	return h.dir
}

// prepare makes a command run as the server's owner, in its directory, and
// free of settings for PostgreSQL that this process was given.
func (h *home) prepare(cmd *exec.Cmd) {
	cmd.Dir = h.dir
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "PG") || strings.HasPrefix(variable, "LC_")
	}), "LC_ALL=C", "HOME="+h.dir)
	h.owner.apply(cmd)
}

// ready tells whether the server takes connections: the last line of its
// process file says so.
func (h *home) ready() bool {
	lines := h.processFile()
	return len(lines) >= 8 && lines[7] == "ready"
}

// processFile gives the lines of the file in which a running server keeps its
// process id, directory, start time, port, socket directory, address, shared
// memory and state.
func (h *home) processFile() []string {
	content, err := os.ReadFile(filepath.Join(h.data(), "postmaster.pid"))
	if err != nil {
		return nil
	}
	lines := strings.Split(string(content), "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return lines
}

func (h *home) openLog() (*os.File, error) {
	log, err := os.OpenFile(h.logPath(), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the server's log: %w", err)
	}
	return log, nil
}

// log gives the end of what the server wrote.
func (h *home) log() string {
	content, err := os.ReadFile(h.logPath())
	if err != nil {
		return err.Error()
	}
	return tail(content)
}

// remove deletes the directory and then lets go of it.
func (h *home) remove() error {
	err := os.RemoveAll(h.dir)
	if h.lock != nil {
		err = errors.Join(err, h.lock.Close())
	}
	if err != nil {
		return fmt.Errorf("remove the server's files: %w", err)
	}
	return nil
}

// sweep removes the directories of servers whose process is dead, and stops
// those that outlived it. It is a courtesy: what it can't do, it leaves.
func sweep(base string) {
	dirs, err := filepath.Glob(filepath.Join(base, homePrefix+"*"))
	if err != nil {
		return
	}
	for _, dir := range dirs {
		left := &home{dir: dir}
		if left.lock, err = lockLeft(left.lockPath()); err != nil {
			continue // in use, somebody else's, or being made
		}
		if quitLeft(left) {
			_ = left.remove()
		} else {
			_ = left.lock.Close()
		}
	}
}

// tempDir is where servers live: the system's directory for temporary files,
// or /tmp where the server's owner could not enter that.
func tempDir(owner *owner) string {
	base := os.TempDir()
	if owner == nil {
		return base
	}
	for dir := filepath.Clean(base); ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil || info.Mode().Perm()&0o001 == 0 {
			return "/tmp"
		}
		if dir == filepath.Dir(dir) {
			return base
		}
	}
}

// tail gives the last twenty lines of a program's output.
func tail(output []byte) string {
	lines := bytes.Split(bytes.TrimSpace(output), []byte("\n"))
	return string(bytes.Join(lines[max(0, len(lines)-20):], []byte("\n")))
}
