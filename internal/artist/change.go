package artist

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"madeinlatino.net/madeinlatino/ent"
	entartist "madeinlatino.net/madeinlatino/ent/artist"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/idempotency"
	"madeinlatino.net/madeinlatino/internal/store"
	"madeinlatino.net/madeinlatino/internal/twitter"
)

// Create makes an artist, with a board and a first cycle. The Twitter account
// is looked up before; where Twitter cannot be reached the artist is made all
// the same and the look-up repeated later. Errors: Unauthenticated, Forbidden,
// Invalid (Fields say what; reason TAKEN for a name in use).
func (s *Service) Create(ctx context.Context, change fandom.ArtistChange) (fandom.Artist, error) {
	if _, err := fandom.RequireAdmin(ctx); err != nil {
		return fandom.Artist{}, err
	}
	a := fandom.Artist{TimeZone: "UTC"}
	if err := fandom.InvalidOrNil(append(missing(change), apply(&a, change)...)); err != nil {
		return fandom.Artist{}, err
	}
	account, err := s.lookUp(ctx, a.TwitterUserName)
	if err != nil {
		return fandom.Artist{}, err
	}
	adopt(&a, account)
	err = s.store.WithTx(ctx, func(ctx context.Context) error {
		board, err := s.ledger.NewBoard(ctx)
		if err != nil {
			return err
		}
		row, err := s.store.Client(ctx).Artist.Create().
			SetName(a.Name).SetTwitterUserName(a.TwitterUserName).SetNameKey(fandom.NameKey(a.TwitterUserName)).
			SetNillableTwitterUserID(a.TwitterUserID).SetNillableProfileImage(a.ProfileImage).
			SetDueDay(int(a.DueDay)).SetTimeZone(a.TimeZone).SetBoardID(board).SetCreatedAt(s.now()).Save(ctx)
		if err != nil {
			return taken(err)
		}
		a = FromRow(row)
		if err := s.ledger.StartCycles(ctx, a.ID, a.DueDay, a.Location()); err != nil {
			return err
		}
		return idempotency.Record(ctx, a.ID)
	})
	return a, err
}

// Update changes an artist. A changed due day or time zone counts from now.
// Errors: as Create, and NotFound.
func (s *Service) Update(ctx context.Context, id int, change fandom.ArtistChange) (fandom.Artist, error) {
	if _, err := fandom.RequireAdmin(ctx); err != nil {
		return fandom.Artist{}, err
	}
	account, err := s.lookUpNew(ctx, id, change)
	if err != nil {
		return fandom.Artist{}, err
	}
	var after fandom.Artist
	err = s.store.WithTx(ctx, func(ctx context.Context) error {
		before, err := s.locked(ctx, id)
		if err != nil {
			return err
		}
		after = before
		if err := fandom.InvalidOrNil(apply(&after, change)); err != nil {
			return err
		}
		renamed := fandom.NameKey(after.TwitterUserName) != fandom.NameKey(before.TwitterUserName)
		if renamed { // without an account, LookUpMissing finds it
			after.TwitterUserID = nil
			adopt(&after, account)
		}
		if err := s.save(ctx, after); err != nil {
			return taken(err)
		}
		if renamed {
			if err := s.ledger.KeepOffOwnBoards(ctx, id); err != nil {
				return err
			}
		}
		if after.DueDay != before.DueDay || after.TimeZone != before.TimeZone {
			if err := s.ledger.Reschedule(ctx, id, after.DueDay, after.Location()); err != nil {
				return err
			}
		}
		return idempotency.Record(ctx, id)
	})
	return after, err
}

// lookUpNew asks Twitter for the account that a change names; nil where it
// names none but the artist's own. It comes before the transaction, in which
// there is no calling Twitter, so the artist it sees may change yet.
func (s *Service) lookUpNew(ctx context.Context, id int, change fandom.ArtistChange) (*twitter.Account, error) {
	before, err := s.ByID(ctx, id)
	if err != nil {
		return nil, err
	}
	after := before
	if err := fandom.InvalidOrNil(apply(&after, change)); err != nil {
		return nil, err
	}
	if fandom.NameKey(after.TwitterUserName) == fandom.NameKey(before.TwitterUserName) {
		return nil, nil
	}
	return s.lookUp(ctx, after.TwitterUserName)
}

// save writes all that can change of an artist that was read by locked.
func (s *Service) save(ctx context.Context, a fandom.Artist) error {
	update := s.store.Client(ctx).Artist.UpdateOneID(a.ID).
		SetName(a.Name).SetTwitterUserName(a.TwitterUserName).SetNameKey(fandom.NameKey(a.TwitterUserName)).
		SetDueDay(int(a.DueDay)).SetTimeZone(a.TimeZone)
	setOrClear(a.TwitterUserID, update.SetTwitterUserID, update.ClearTwitterUserID)
	setOrClear(a.ProfileImage, update.SetProfileImage, update.ClearProfileImage)
	return update.Exec(ctx)
}

func setOrClear(value *string, set func(string) *ent.ArtistUpdateOne, clear func() *ent.ArtistUpdateOne) {
	if value == nil {
		clear()
		return
	}
	set(*value)
}

func taken(err error) error {
	if store.IsUnique(err) {
		return fandom.InvalidFields(fandom.FieldError{
			Field: "twitter_user_name", Reason: fandom.ReasonTaken, Message: "There is an artist with this Twitter account.",
		}).Because(err)
	}
	return fmt.Errorf("save the artist: %w", err)
}

// missing lists what creating an artist cannot do without and is not given.
func missing(change fandom.ArtistChange) (fields []fandom.FieldError) {
	for name, missing := range map[string]bool{
		"name": change.Name == nil, "twitter_user_name": change.TwitterUserName == nil, "due_day": change.DueDay == nil,
	} {
		if missing {
			fields = append(fields, fandom.FieldError{Field: name, Reason: fandom.ReasonRequired, Message: "This field is required."})
		}
	}
	return fields
}

// apply checks a change and makes it, all or nothing in effect: with an error
// the artist is not to be used.
func apply(a *fandom.Artist, change fandom.ArtistChange) (fields []fandom.FieldError) {
	fail := func(field, message string) {
		fields = append(fields, fandom.FieldError{Field: field, Message: message})
	}
	if change.Name != nil {
		a.Name = strings.TrimSpace(*change.Name)
		if n := utf8.RuneCountInString(a.Name); n < 1 || n > 50 {
			fail("name", "A name has 1 to 50 characters.")
		}
	}
	if change.TwitterUserName != nil {
		name, ok := fandom.ParseTwitterUserName(*change.TwitterUserName)
		if !ok {
			fail("twitter_user_name", "A Twitter name has 1 to 15 letters, digits or underscores.")
		}
		if fandom.NameKey(name) != fandom.NameKey(a.TwitterUserName) {
			a.TwitterUserName = name
		}
	}
	if change.ProfileImage.Set {
		a.ProfileImage = change.ProfileImage.Value
		if a.ProfileImage != nil && !fandom.ValidWebAddress(*a.ProfileImage) {
			fail("profile_image", "This is not an http or https URL.")
		}
	}
	if change.DueDay != nil {
		a.DueDay = fandom.DueDay(*change.DueDay)
		if !a.DueDay.Valid() {
			fail("due_day", "The due day is a day of the month, 1 to 31.")
		}
	}
	if change.TimeZone != nil {
		a.TimeZone = *change.TimeZone
		if _, err := time.LoadLocation(a.TimeZone); err != nil || a.TimeZone == "" || a.TimeZone == "Local" {
			fail("time_zone", "This is not the name of a time zone, such as America/Bogota.")
		}
	}
	return fields
}

// lookUp asks Twitter for an account; nil where Twitter cannot tell now. It
// must not run within a transaction.
func (s *Service) lookUp(ctx context.Context, name string) (*twitter.Account, error) {
	account, err := s.twitter.UserByName(ctx, twitter.Token{}, name)
	switch {
	case err == nil:
		return &account, nil
	case twitter.ClassOf(err) == twitter.NotFound:
		return nil, fandom.InvalidFields(fandom.FieldError{
			Field: "twitter_user_name", Reason: fandom.ReasonUnknown, Message: "Twitter has no such account.",
		}).Because(err)
	default:
		s.log.WarnContext(ctx, "cannot look up an artist on Twitter now", "artist", name, "error", err)
		return nil, nil
	}
}

// adopt takes over what Twitter says of the account: the spelling of its name
// and its id, and its picture where the admin gave none.
func adopt(a *fandom.Artist, account *twitter.Account) {
	if account == nil {
		return
	}
	a.TwitterUserID, a.TwitterUserName = &account.ID, account.UserName
	if a.ProfileImage == nil && account.ProfileImageURL != "" {
		a.ProfileImage = &account.ProfileImageURL
	}
}

// LookUpMissing asks Twitter for the accounts of artists whose id is not
// known yet. It is repeated in the background until none is left; what fails
// for one artist does not keep the others waiting.
func (s *Service) LookUpMissing(ctx context.Context) error {
	rows, err := s.store.Client(ctx).Artist.Query().
		Where(entartist.TwitterUserIDIsNil(), entartist.RetiredAtIsNil()).
		Order(ent.Asc(entartist.FieldID)).Limit(100).All(ctx)
	if err != nil {
		return fmt.Errorf("read artists without a Twitter id: %w", err)
	}
	var failed []error
	for _, row := range rows {
		account, err := s.twitter.UserByName(ctx, twitter.Token{}, row.TwitterUserName)
		if err != nil {
			s.log.WarnContext(ctx, "cannot look up an artist on Twitter now", "artist", row.TwitterUserName, "error", err)
			continue
		}
		err = s.adoptMissing(ctx, row.ID, row.NameKey, account)
		if store.IsUnique(err) { // one account entered twice: an admin has to decide
			s.log.WarnContext(ctx, "two artists have one Twitter account", "artist", row.TwitterUserName, "error", err)
		} else if err != nil {
			failed = append(failed, fmt.Errorf("save the Twitter account of artist %d: %w", row.ID, err))
		}
	}
	return errors.Join(failed...)
}

// adoptMissing gives an artist the account that was found by its name, unless
// an admin gave it another name meanwhile or the account is known already.
func (s *Service) adoptMissing(ctx context.Context, id int, nameKey string, account twitter.Account) error {
	return s.store.WithTx(ctx, func(ctx context.Context) error {
		a, err := s.locked(ctx, id)
		if err != nil || a.TwitterUserID != nil || fandom.NameKey(a.TwitterUserName) != nameKey {
			return err
		}
		adopt(&a, &account)
		if err := s.save(ctx, a); err != nil {
			return err
		}
		return s.ledger.KeepOffOwnBoards(ctx, id)
	})
}
