package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// journal is an append-only file of events, one line of JSON each. A nil journal
// keeps nothing.
type journal struct {
	file *os.File
	end  int64
}

// openJournal replays the events of a file and opens it for more. A last line
// that a kill has torn is cut off; damage anywhere else is an error.
func openJournal(path string, apply func(event)) (*journal, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) // #nosec G304 -- the operator's path
	if err != nil {
		return nil, fmt.Errorf("sandbox journal: %w", err)
	}
	end, err := replay(file, apply)
	if err == nil {
		err = file.Truncate(end)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("sandbox journal %s: %w", path, err), file.Close())
	}
	return &journal{file: file, end: end}, nil
}

// replay applies every whole line and returns where the last one ends.
func replay(file io.Reader, apply func(event)) (int64, error) {
	data, err := io.ReadAll(file)
	if err != nil {
		return 0, err
	}
	end := int64(0)
	for line := 1; ; line++ {
		n := bytes.IndexByte(data, '\n')
		if n < 0 {
			return end, nil // what is left was never finished
		}
		var e event
		if err := json.Unmarshal(data[:n], &e); err != nil {
			if n == len(data)-1 {
				return end, nil
			}
			return 0, fmt.Errorf("line %d: %w", line, err)
		}
		if err := e.check(); err != nil {
			return 0, fmt.Errorf("line %d: %w", line, err)
		}
		apply(e)
		data, end = data[n+1:], end+int64(n)+1
	}
}

// check makes sure that an event read from a file has what its kind needs.
func (e event) check() error {
	missing := false
	switch e.Kind {
	case accountSet:
		missing = e.Account == nil
	case requestIssued, requestGranted:
		missing = e.Request == nil
	case tokenIssued:
		missing = e.Token == nil
	case tweetMade:
		missing = e.Tweet == nil
	case repostMade:
		missing = e.Tweet == nil || e.Act == nil
	case likeMade, followMade:
		missing = e.Act == nil
	}
	if missing {
		return fmt.Errorf("an event %q without its subject", e.Kind)
	}
	return nil
}

// append writes one event at the end.
func (j *journal) append(e event) error {
	if j == nil {
		return nil
	}
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	// At a known place, so that a write that failed half-way is written over.
	n, err := j.file.WriteAt(append(line, '\n'), j.end)
	if err != nil {
		return fmt.Errorf("sandbox journal: %w", err)
	}
	j.end += int64(n)
	return nil
}

func (j *journal) close() error {
	if j == nil {
		return nil
	}
	return j.file.Close()
}
