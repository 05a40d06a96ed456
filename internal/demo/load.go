package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"madeinlatino.net/madeinlatino/ent/setting"
	"madeinlatino.net/madeinlatino/internal/admin"
	"madeinlatino.net/madeinlatino/internal/app"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/ledger"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/twitter"
	"madeinlatino.net/madeinlatino/internal/twitter/sandbox"
)

const (
	// adminName is the admin that the demo makes.
	adminName = "demo"
	// marker names the setting that says that the demo data is there.
	marker = "demo_data"
	// programID acts as the admin: no person decided any of this.
	programID = -1
	// randomSeed makes every demo the same.
	randomSeed = 2026
)

// Load fills an empty database with the demo, in the sandbox alone: artists,
// fans, recommendations and scores, and the admin "demo", whose password it
// gives, this once; where there is an admin of that name the password is
// empty. loaded is false where the database is not empty: nothing is changed
// then.
//
// Artists come first, since making one asks Twitter, and all the rest in one
// transaction. Where that was interrupted the artists are all there is, which
// counts as empty: the next Load goes on from there.
//
// A sandbox that keeps nothing has forgotten the demo's accounts and posts
// after a restart; Load then gives it the same again.
func Load(ctx context.Context, a *app.App) (adminPassword string, loaded bool, err error) {
	if a.Sandbox == nil {
		return "", false, nil
	}
	ours, empty, err := look(ctx, a.Store)
	if err != nil || !ours && !empty {
		return "", false, err
	}
	if ours {
		if len(a.Sandbox.Accounts()) == 0 {
			_, err = stage(a.Sandbox)
		}
		return "", false, err
	}
	people, err := stage(a.Sandbox)
	if err != nil {
		return "", false, fmt.Errorf("set up the sandbox: %w", err)
	}
	ctx = fandom.WithActor(ctx, fandom.Actor{AdminID: programID})
	artists, err := makeArtists(ctx, a)
	if err != nil {
		return "", false, err
	}
	err = a.Store.WithTx(ctx, func(ctx context.Context) (err error) {
		if loaded, err = claim(ctx, a.Store); err != nil || !loaded {
			return err
		}
		adminPassword, err = fill(ctx, a, artists, people)
		return err
	})
	if err != nil {
		return "", false, err
	}
	return adminPassword, loaded, nil
}

// look tells whether the database holds the demo, and whether it is empty:
// without users, and with no artists but some of the demo's.
func look(ctx context.Context, s *store.Store) (ours, empty bool, err error) {
	c := s.Client(ctx)
	if ours, err = c.Setting.Query().Where(setting.Name(marker)).Exist(ctx); err != nil || ours {
		return ours, false, err
	}
	users, err := c.User.Query().Exist(ctx)
	if err != nil || users {
		return false, false, err
	}
	cast := stars()
	artists, err := c.Artist.Query().Limit(len(cast) + 1).All(ctx)
	for _, row := range artists {
		if !slices.ContainsFunc(cast, func(s star) bool { return fandom.NameKey(s.handle) == row.NameKey }) {
			return false, false, err
		}
	}
	return false, true, err
}

// claim marks the database as holding the demo. It reports false where
// another process has done so first.
func claim(ctx context.Context, s *store.Store) (bool, error) {
	result, err := s.Conn(ctx).ExecContext(ctx,
		`INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, marker, []byte("1"))
	if err != nil {
		return false, fmt.Errorf("mark the demo data: %w", err)
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// makeArtists makes the artists that are missing and gives the ids of all.
func makeArtists(ctx context.Context, a *app.App) (ids []int, err error) {
	for _, s := range stars() {
		artist, err := a.Artists.ByName(ctx, s.handle)
		if err != nil && fandom.CodeOf(err) == fandom.NotFound {
			artist, err = a.Artists.Create(ctx, fandom.ArtistChange{
				Name: &s.name, TwitterUserName: &s.handle, DueDay: &s.dueDay, TimeZone: &s.timeZone,
			})
		}
		if err != nil {
			return nil, fmt.Errorf("make the artist %s: %w", s.handle, err)
		}
		ids = append(ids, artist.ID)
	}
	return ids, nil
}

// fill makes all but the artists.
func fill(ctx context.Context, a *app.App, artists []int, people []sandbox.Account) (password string, err error) {
	users, err := makeFans(ctx, a, people)
	if err != nil {
		return "", err
	}
	for n, s := range stars() {
		if err := recommend(ctx, a.Actions, n, s, artists[n]); err != nil {
			return "", err
		}
	}
	if _, err := a.Ledger.AppendMany(ctx, awards(artists, users)); err != nil {
		return "", err
	}
	return makeAdmin(ctx, a.Admins)
}

// makeFans makes the accounts users who have logged in before, the later in
// the list the longer ago.
func makeFans(ctx context.Context, a *app.App, people []sandbox.Account) (ids []int, err error) {
	for i, p := range people {
		user, err := a.Accounts.EnsureAccount(ctx, twitter.Account{ID: p.ID, Name: p.Name, UserName: p.UserName})
		if err != nil {
			return nil, fmt.Errorf("make the fan %s: %w", p.UserName, err)
		}
		err = a.Store.Client(ctx).User.UpdateOneID(user.ID).
			SetRegisteredAt(a.Now().Add(-time.Duration(i+1) * 5 * time.Hour)).SetIsFlagAction(true).
			SetNillableFirstName(user.FirstName).SetNillableLastName(user.LastName).SetEmail(p.Email).Exec(ctx)
		if err != nil {
			return nil, fmt.Errorf("register the fan %s: %w", p.UserName, err)
		}
		ids = append(ids, user.ID)
	}
	return ids, nil
}

// awards gives the entries of the ledger: for each artist a few fans far
// ahead and many who have begun, each with their points from several acts.
func awards(artists, users []int) (list []ledger.Award) {
	random := rand.New(rand.NewPCG(randomSeed, randomSeed)) // #nosec G404 -- it is to be the same every time
	note := "demo data"
	for n, s := range stars() {
		for rank, i := range random.Perm(len(users))[:s.fans] {
			left := s.top/(rank+1) + random.IntN(4) + 1
			for act := 0; left > 0; act++ {
				part := 1 + random.IntN(left)
				if act == 3 { // four acts are enough
					part = left
				}
				left -= part
				list = append(list, ledger.Award{
					UserID: users[i], ArtistID: &artists[n], Points: fandom.Points(part) * 5_00,
					Reason: ledger.ForAdjustment, Note: &note, Cause: fmt.Sprintf("demo:%d:%d:%d", n, i, act),
				})
			}
		}
	}
	return list
}

func makeAdmin(ctx context.Context, admins *admin.Service) (password string, err error) {
	all, err := admins.List(ctx)
	if err != nil {
		return "", err
	}
	if slices.ContainsFunc(all, func(a admin.Admin) bool { return a.Username == adminName }) {
		return "", nil
	}
	password = admin.GeneratePassword()
	if _, err := admins.Create(ctx, adminName, password); err != nil {
		return "", err
	}
	return password, nil
}
