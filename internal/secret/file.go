package secret

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// maxFile bounds what is read of a key file, in bytes.
const maxFile = 1 << 16

// LoadOrCreateFile reads the keys of a file, in the form of SECRET_KEY, and
// makes the file with a fresh key where there is none. When it returns, the
// key is on the disk: what is encrypted with it can be read after a power cut.
// Several processes may do it at once; all get the same key. A file that is
// there and holds no key is an error and stays as it is, since writing over it
// would make everything encrypted unreadable.
func LoadOrCreateFile(path string) (*Keyring, error) {
	k, err := loadFile(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	if err := createFile(path); err != nil {
		return nil, fmt.Errorf("make the key file %s: %w", path, err)
	}
	return loadFile(path)
}

func loadFile(path string) (*Keyring, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() || info.Size() > maxFile {
		return nil, fmt.Errorf("%s is not a key file", path)
	}
	data, err := os.ReadFile(path) // #nosec G304 -- the operator's path
	if err != nil {
		return nil, err
	}
	k, err := Parse(strings.TrimSpace(string(data)))
	if err != nil {
		return nil, fmt.Errorf("the key file %s: %w", path, err)
	}
	return k, nil
}

// createFile writes a key to a file beside the path and links it there once it
// is on the disk. Linking never replaces: who comes second leaves the first
// one's key alone.
func createFile(path string) (err error) {
	dir := filepath.Dir(path)
	file, err := os.CreateTemp(dir, "."+filepath.Base(path)+"-*") // of mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if remove := os.Remove(file.Name()); remove != nil && !errors.Is(remove, fs.ErrNotExist) {
			err = errors.Join(err, remove)
		}
	}()
	_, err = file.WriteString(Generate() + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := place(file.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(dir)
}

// place gives the file its name. A file system without links gets a rename,
// which is atomic too but does not tell whether another process was first.
func place(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	return os.Rename(from, to)
}

// syncDir puts a new name in the directory onto the disk.
func syncDir(path string) error {
	dir, err := os.Open(path) // #nosec G304 -- the operator's path
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
