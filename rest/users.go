package rest

import (
	"net/http"

	"github.com/99designs/gqlgen/graphql"

	"madeinlatino.net/madeinlatino/graph/model"
	"madeinlatino.net/madeinlatino/graph/relay"
	"madeinlatino.net/madeinlatino/graph/view"
	"madeinlatino.net/madeinlatino/internal/fandom"
)

func (c *call) authURL() error {
	payload, err := c.resolver().Mutation().StartLogin(c.ctx(), nil)
	if err := first(err, relay.Cause(payload.Errors)); err != nil {
		return err
	}
	return c.answer(http.StatusOK, map[string]*string{"redirect_url": payload.RedirectURL})
}

// login takes what the frontend's callback page has, under the documented
// names or under Twitter's own.
func (c *call) login() error {
	input := model.LoginInput{}
	if denied := c.body.text("denied"); denied != nil {
		input.Denied = graphql.OmittableOf(denied)
	} else {
		token := c.body.requiredText(c.either("access_token", "oauth_token"))
		secret := c.body.requiredText(c.either("token_secret", "oauth_verifier"))
		input.AccessToken, input.TokenSecret = graphql.OmittableOf(&token), graphql.OmittableOf(&secret)
	}
	if err := c.body.err(); err != nil {
		return err
	}
	payload, err := c.resolver().Mutation().Login(c.ctx(), input)
	if err := first(err, relay.Cause(payload.Errors)); err != nil {
		return err
	}
	return c.answer(http.StatusOK, map[string]*string{"key": payload.Key})
}

func (c *call) either(documented, twitters string) string {
	if !c.body.has(documented) && c.body.has(twitters) {
		return twitters
	}
	return documented
}

func (c *call) logout() error {
	payload, err := c.resolver().Mutation().Logout(c.ctx(), nil)
	if err := first(err, relay.Cause(payload.Errors)); err != nil {
		return err
	}
	writeBody(c.w, http.StatusOK, "text/plain; charset=utf-8", []byte("User logged out successfully"))
	return nil
}

// viewer gives the logged-in user; the key may have ended since it was
// checked, with the account.
func (c *call) viewer() (*view.Viewer, error) {
	viewer, err := c.resolver().Query().Viewer(c.ctx())
	if err == nil && viewer == nil {
		err = fandom.Errorf(fandom.Unauthenticated, "This access key has ended.")
	}
	return viewer, err
}

func (c *call) info() error {
	viewer, err := c.viewer()
	if err != nil {
		return err
	}
	profile, err := c.resolver().Viewer().Profile(c.ctx(), viewer)
	if err != nil {
		return err
	}
	points, err := c.resolver().User().GlobalPoints(c.ctx(), &viewer.User)
	if err != nil {
		return err
	}
	return c.answer(http.StatusOK, newInfoShape(viewer.User, profile, points))
}

func (c *call) profile() error {
	viewer, err := c.viewer()
	if err != nil {
		return err
	}
	profile, err := c.resolver().Viewer().Profile(c.ctx(), viewer)
	if err != nil {
		return err
	}
	return c.answer(http.StatusOK, newProfileShape(profile))
}

func (c *call) updateProfile() error {
	b := &c.body
	input := model.UpdateProfileInput{
		FirstName:          patch(b, "first_name", b.text),
		LastName:           patch(b, "last_name", b.text),
		Email:              patch(b, "email", b.text),
		DateOfBirth:        patch(b, "date_of_birth", b.date),
		MobileNumberPrefix: patch(b, "mobile_number_prefix", b.integer),
		MobileNumber:       patch(b, "mobile_number", b.text),
		IsFlagAction:       patch(b, "is_flag_action", b.boolean),
	}
	if err := b.err(); err != nil {
		return err
	}
	payload, err := c.resolver().Mutation().UpdateProfile(c.ctx(), input)
	if err := first(err, relay.Cause(payload.Errors)); err != nil {
		return err
	}
	return c.answer(http.StatusOK, newProfileShape(*payload.Profile))
}

// patch reads a field that is left alone where the request does not name it.
func patch[T any](b *body, field string, read func(string) *T) graphql.Omittable[*T] {
	if !b.has(field) {
		return graphql.Omittable[*T]{}
	}
	return graphql.OmittableOf(read(field))
}

// date reads a field that may be null or missing.
func (b *body) date(field string) *fandom.Date {
	text := b.text(field)
	if text == nil {
		return nil
	}
	date, err := fandom.ParseDate(*text)
	if err != nil {
		b.fail(field, "This has to be a date that exists, as YYYY-MM-DD.")
	}
	return &date
}

func (c *call) mobilePrefixes() error {
	prefixes, err := c.resolver().Query().MobilePrefixes(c.ctx())
	if err != nil {
		return err
	}
	shapes := make([]prefixShape, len(prefixes))
	for i, p := range prefixes {
		shapes[i] = prefixShape{PK: p.ID, DialCode: p.DialCode, Name: p.Name}
	}
	return c.answer(http.StatusOK, shapes)
}

// first gives the first error there is.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
