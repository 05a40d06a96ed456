package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"time"
)

//go:embed assets
var assets embed.FS

type asset struct {
	body        []byte
	etag        string
	contentType string
}

// assetHandler serves /assets/NAME. Browsers ask again each time and mostly
// hear "not modified": after an upgrade nobody runs an old script.
func assetHandler() (http.HandlerFunc, error) {
	// Not mime.TypeByExtension: it depends on the machine's tables.
	types := map[string]string{
		".css": "text/css; charset=utf-8",
		".js":  "text/javascript; charset=utf-8",
		".svg": "image/svg+xml",
	}
	all := map[string]asset{}
	entries, err := fs.ReadDir(assets, "assets")
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		body, err := fs.ReadFile(assets, "assets/"+entry.Name())
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(body)
		contentType, ok := types[path.Ext(entry.Name())]
		if !ok {
			return nil, fmt.Errorf("the asset %s has no known type", entry.Name())
		}
		all[entry.Name()] = asset{body: body, etag: `"` + hex.EncodeToString(sum[:12]) + `"`, contentType: contentType}
	}
	return func(w http.ResponseWriter, r *http.Request) {
		a, ok := all[r.PathValue("name")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", a.contentType)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-cache")
		h.Set("ETag", a.etag)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.body))
	}, nil
}
