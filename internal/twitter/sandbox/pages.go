package sandbox

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
)

// maxShown is how many accounts and tweets the front page lists.
const maxShown = 100

// pageHead begins every page; the style stands in it, so that nothing has to be
// loaded from anywhere.
const pageHead = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sandbox Twitter</title>
<style>
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.4rem } fieldset { border: 1px solid #8888; border-radius: .5rem; margin: 0 0 1rem; padding: .5rem 1rem }
fieldset.list { max-height: 14rem; overflow-y: auto }
label { display: block; padding: .4rem 0 } input[type=text] { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem }
button { font: inherit; padding: .6rem 1.4rem; border-radius: 2rem; border: 1px solid #1d9bf0; cursor: pointer }
button.yes { background: #0f6fb0; color: #fff } .note { opacity: .75 } .bad { color: #c62828; font-weight: bold }
li { margin: .4rem 0; overflow-wrap: anywhere } time { opacity: .75; font-size: .85rem }
</style></head><body>
`

const consentPageText = pageHead + `<h1>Allow the app to use your account?</h1>
<p class="note">This is the sandbox, a stand-in for Twitter. Log in as anybody.</p>
{{with .Problem}}<p class="bad" role="alert">{{.}}</p>{{end}}
<form method="post" action="{{.Action}}">
<input type="hidden" name="oauth_token" value="{{.Token}}">
<fieldset><legend>Any account</legend><label>User name
<input type="text" name="username" maxlength="16" autocomplete="off" autocapitalize="none" spellcheck="false" autofocus></label>
<p class="note">Type any name; an account that is new is made. Left empty, the one below counts.</p></fieldset>
{{with .Accounts}}<fieldset class="list"><legend>Or one that is known</legend>
{{range $i, $a := .}}<label><input type="radio" name="account" value="{{$a.ID}}"{{if eq $i 0}} checked{{end}}> {{$a.Name}} <span class="note">@{{$a.UserName}}</span></label>
{{end}}</fieldset>{{end}}
<p><button class="yes" name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></p>
<p class="note">You will be sent back to {{.Callback}}</p>
</form></body></html>
`

const deadPageText = pageHead + `<h1>This login cannot go on</h1>
<p>The request token is missing, unknown, too old, or has been used already. Go back to the app and log in again.</p>
</body></html>
`

const indexPageText = pageHead + `<h1>Sandbox Twitter</h1>
<p class="note">A stand-in that keeps what the app does there. For scripts: <a href="{{.Base}}/tweets.json">tweets.json</a></p>
<h2>Latest posts</h2>
<ul>{{range .Tweets}}<li id="{{.ID}}"><b>@{{.Author}}</b> {{.Text}}<br><time>{{.At}}</time>{{with .About}} <span class="note">{{.}}</span>{{end}}</li>{{else}}<li>None yet.</li>{{end}}</ul>
<h2>Accounts ({{.Count}})</h2>
<ul>{{range .Accounts}}<li>{{.Name}} <span class="note">@{{.UserName}}, {{.ID}}{{if .Suspended}}, suspended{{end}}</span></li>{{else}}<li>None yet: log in to the app, and type a name.</li>{{end}}</ul>
</body></html>
`

func parsePages() (*template.Template, error) {
	pages := template.New("")
	for name, text := range map[string]string{"consent": consentPageText, "dead": deadPageText, "index": indexPageText} {
		if _, err := pages.New(name).Parse(text); err != nil {
			return nil, err
		}
	}
	return pages, nil
}

// page draws a page.
func (s *Sandbox) page(status int, name string, view any) answer {
	var b bytes.Buffer
	if err := s.pages.ExecuteTemplate(&b, name, view); err != nil {
		return brokenAnswer(err)
	}
	a := bodyAnswer(status, "text/html; charset=utf-8", b.Bytes())
	a.header.Set("Cache-Control", "no-store")
	return a
}

// shownTweet is a post on the front page and in tweets.json.
type shownTweet struct {
	ID        string `json:"id"`
	Author    string `json:"username"`
	AuthorID  string `json:"author_id"`
	Text      string `json:"text"`
	InReplyTo string `json:"in_reply_to,omitempty"`
	Quote     string `json:"quote,omitempty"`
	RepostOf  string `json:"repost_of,omitempty"`
	At        string `json:"created_at"`
}

// About says in words what a post refers to.
func (t shownTweet) About() string {
	switch {
	case t.InReplyTo != "":
		return "a reply to " + t.InReplyTo
	case t.Quote != "":
		return "quotes " + t.Quote
	case t.RepostOf != "":
		return "reposts " + t.RepostOf
	default:
		return ""
	}
}

// latest returns at most n posts and reposts that stand, newest first. The lock
// is held.
func (s *Sandbox) latest(n int) []shownTweet {
	list := []shownTweet{}
	for _, t := range slices.Backward(s.state.timeline) {
		if len(list) == n {
			break
		}
		if t.Deleted {
			continue
		}
		list = append(list, shownTweet{
			ID: t.ID, Author: s.state.accounts[t.AuthorID].UserName, AuthorID: t.AuthorID, Text: t.Text,
			InReplyTo: t.InReplyTo, Quote: t.Quote, RepostOf: t.RepostOf, At: t.CreatedAt.UTC().Format(timeLayout),
		})
	}
	return list
}

// indexPage is the front page.
func (s *Sandbox) indexPage(*call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	view := struct {
		Base     string
		Tweets   []shownTweet
		Accounts []*Account
		Count    int
	}{Base: s.cfg.BasePath, Tweets: s.latest(maxShown), Count: len(s.state.order)}
	for _, id := range slices.Backward(s.state.order) {
		if len(view.Accounts) == maxShown {
			break
		}
		view.Accounts = append(view.Accounts, s.state.accounts[id])
	}
	return s.page(http.StatusOK, "index", view)
}

// tweetsJSON is GET /tweets.json: the latest posts, newest first, with the text
// as it was sent; ?limit= takes up to 1000.
func (s *Sandbox) tweetsJSON(c *call) answer {
	limit, ok := c.intQuery("limit", 1, 1000, maxShown)
	if !ok {
		return invalid("limit is not between 1 and 1000")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return jsonAnswer(http.StatusOK, map[string]any{"tweets": s.latest(limit)})
}

// profileImage draws an account's image: its initial on a colour of its own.
func (s *Sandbox) profileImage(c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.state.accounts[c.r.PathValue("id")]
	if a == nil {
		return refuse(http.StatusNotFound, "Not Found", "about:blank", "No such image.")
	}
	svg := fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><rect width="48" height="48" fill="hsl(%d 55%% 40%%)"/>`+
		`<text x="24" y="33" font-family="sans-serif" font-size="26" fill="#fff" text-anchor="middle">%s</text></svg>`,
		number(a.ID)%360, strings.ToUpper(a.UserName[:1]))
	return bodyAnswer(http.StatusOK, "image/svg+xml", []byte(svg))
}
