package web

import (
	"fmt"
	"net/http"
	"strings"

	"madeinlatino.net/madeinlatino/internal/httpmw"
)

// Route is one route of the REST surface, for the reference.
type Route struct {
	Method  string // GET, POST, …
	Path    string // as the table of routes spells it, such as /ranking/artist_id/:id/
	Who     string // "anyone", "token", "admin session", "Twitter"
	Summary string // one sentence
	Example string // a request's body and the answer, shown as it stands; may be empty
}

// Options is what the pages show beyond themselves.
type Options struct {
	// Sandbox is the address of the sandbox's page, linked from the front
	// page; empty where the real Twitter is used.
	Sandbox string
	Routes  []Route // the REST reference, in order
	Version string  // of the program, shown on the front page; may be empty
}

// group is the routes with one first segment, in order of appearance.
type group struct {
	Name   string
	Anchor string
	Routes []anchored
}

type anchored struct {
	Route
	Anchor string
}

// Register adds the pages to mux: /, /playground, /docs/, /demo/callback/
// (each with and without the trailing slash) and /assets/. It takes the root
// alone and not all that is under it, so unknown paths stay with the caller.
func Register(mux *http.ServeMux, o Options) error {
	serveAsset, err := assetHandler()
	if err != nil {
		return fmt.Errorf("embedded assets: %w", err)
	}
	mux.Handle("/assets/{name}", httpmw.ReadOnly(serveAsset))
	pages := []struct {
		path, file string
		data       any
	}{
		{"/", "home.html", o},
		{"/playground", "playground.html", nil},
		{"/docs", "docs.html", groupRoutes(o.Routes)},
		{"/demo/callback", "callback.html", nil},
	}
	for _, p := range pages {
		page, err := ParsePage(templates, "templates/"+p.file)
		if err != nil {
			return err
		}
		handler := httpmw.ReadOnly(func(w http.ResponseWriter, _ *http.Request) { page.Write(w, http.StatusOK, p.data) })
		if p.path != "/" {
			mux.Handle(p.path, handler)
		}
		mux.Handle(strings.TrimSuffix(p.path, "/")+"/{$}", handler)
	}
	return nil
}

func groupRoutes(routes []Route) []group {
	var groups []group
	index := map[string]int{}
	for i, r := range routes {
		name, _, _ := strings.Cut(strings.Trim(r.Path, "/"), "/")
		at, known := index[name]
		if !known {
			at = len(groups)
			index[name] = at
			groups = append(groups, group{Name: name, Anchor: "group-" + name})
		}
		groups[at].Routes = append(groups[at].Routes, anchored{Route: r, Anchor: fmt.Sprintf("route-%d", i+1)})
	}
	return groups
}
