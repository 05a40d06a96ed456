package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"

	"madeinlatino.net/madeinlatino/internal/httpmw"
)

//go:embed templates
var templates embed.FS

// Page is a page in the common layout.
type Page struct{ tmpl *template.Template }

// ParsePage reads a page from files. Its file defines the templates "title"
// and "main", and "scripts" where it has some.
func ParsePage(files fs.FS, name string) (*Page, error) {
	tmpl, err := template.ParseFS(templates, "templates/layout.html")
	if err != nil {
		return nil, fmt.Errorf("the layout: %w", err)
	}
	if tmpl, err = tmpl.ParseFS(files, name); err != nil {
		return nil, fmt.Errorf("the page %s: %w", name, err)
	}
	return &Page{tmpl: tmpl}, nil
}

// Write answers with the page. It is never cached, since pages depend on who
// is logged in. A template that fails is a programming fault: it panics, and
// the recovery middleware answers.
func (p *Page) Write(w http.ResponseWriter, status int, data any) {
	var body bytes.Buffer
	if err := p.tmpl.ExecuteTemplate(&body, "layout.html", data); err != nil {
		panic(fmt.Errorf("render %s: %w", p.tmpl.Name(), err))
	}
	h := w.Header()
	httpmw.SetPageHeaders(h)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // a reader that has gone away is no fault of ours
}
