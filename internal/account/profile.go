package account

import (
	"context"
	"fmt"

	"madeinlatino.net/madeinlatino/ent"
	"madeinlatino.net/madeinlatino/ent/mobileprefix"
	"madeinlatino.net/madeinlatino/ent/user"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/idempotency"
	"madeinlatino.net/madeinlatino/internal/phone"
	"madeinlatino.net/madeinlatino/internal/store"
)

// Profile gives the acting user's profile. Errors: Unauthenticated.
func (s *Service) Profile(ctx context.Context) (fandom.Profile, error) {
	row, err := s.actingUser(ctx)
	if err != nil {
		return fandom.Profile{}, err
	}
	return profileOf(row), nil
}

// UpdateProfile changes the acting user's profile, all of the change or
// nothing, and gives the whole profile after it.
//
// Text is trimmed; what is empty then counts as null, which clears the field.
// Names in capitals only are stored in title case. A phone number is stored as
// it was typed; it has to be possible behind its prefix, whichever of the two
// the change brings, and without a prefix it only needs the form of a number.
//
// Errors: Unauthenticated; Invalid with every wrong field under its name.
func (s *Service) UpdateProfile(ctx context.Context, change fandom.ProfileChange) (p fandom.Profile, err error) {
	if _, err := fandom.RequireUser(ctx); err != nil {
		return fandom.Profile{}, err
	}
	err = s.store.WithTx(ctx, func(ctx context.Context) error {
		row, err := s.actingUser(ctx)
		if err != nil {
			return err
		}
		fields := checkProfile(&change, fandom.DateOf(s.now()))
		more, err := s.checkPhone(ctx, &change, row)
		if err != nil {
			return err
		}
		if err := fandom.InvalidOrNil(append(fields, more...)); err != nil {
			return err
		}
		row, err = s.saveProfile(ctx, row, change)
		if err != nil {
			return err
		}
		p = profileOf(row)
		return idempotency.Record(ctx, row.ID)
	})
	if err != nil {
		return fandom.Profile{}, err
	}
	return p, nil
}

// actingUser reads the acting user; within a transaction the row then stays
// as it is until its end. Errors: Unauthenticated, also where the account was
// deleted since the key was checked.
func (s *Service) actingUser(ctx context.Context) (*ent.User, error) {
	actor, err := fandom.RequireUser(ctx)
	if err != nil {
		return nil, err
	}
	query := s.store.Client(ctx).User.Query().Where(user.ID(actor.UserID), user.DeletedAtIsNil())
	if s.store.Postgres() && s.store.InTx(ctx) {
		query.ForUpdate()
	}
	row, err := query.Only(ctx)
	if store.IsNoRow(err) {
		return nil, badKey()
	}
	if err != nil {
		return nil, fmt.Errorf("read the acting user: %w", err)
	}
	return row, nil
}

// checkPhone checks prefix and number together, each as sent or else as stored.
func (s *Service) checkPhone(ctx context.Context, change *fandom.ProfileChange, row *ent.User) ([]fandom.FieldError, error) {
	prefixID, number := row.MobilePrefixID, row.MobileNumber
	if change.MobileNumberPrefix.Set {
		prefixID = change.MobileNumberPrefix.Value
	}
	if change.MobileNumber.Set {
		change.MobileNumber.Value = trimmed(change.MobileNumber.Value)
		number = change.MobileNumber.Value
	}
	if !change.MobileNumberPrefix.Set && !change.MobileNumber.Set {
		return nil, nil
	}
	if prefixID == nil {
		if number != nil && change.MobileNumber.Set && !phone.Plausible(*number) {
			return []fandom.FieldError{impossible("mobile_number")}, nil
		}
		return nil, nil
	}
	prefix, err := s.store.Client(ctx).MobilePrefix.Query().Where(mobileprefix.ID(*prefixID)).Only(ctx)
	if store.IsNoRow(err) {
		fields := []fandom.FieldError{{
			Field: "mobile_number_prefix", Reason: fandom.ReasonUnknown, Message: "There is no such mobile prefix.",
		}}
		if number != nil && change.MobileNumber.Set && !phone.Plausible(*number) {
			fields = append(fields, impossible("mobile_number"))
		}
		return fields, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read a mobile prefix: %w", err)
	}
	if number == nil || phone.Possible(prefix.DialCode, prefix.Region, *number) {
		return nil, nil
	}
	if !change.MobileNumber.Set {
		return []fandom.FieldError{{
			Field: "mobile_number_prefix", Reason: fandom.ReasonMismatch,
			Message: "Your mobile number is not possible with this prefix. Change both together.",
		}}, nil
	}
	return []fandom.FieldError{impossible("mobile_number")}, nil
}

func impossible(field string) fandom.FieldError {
	return fandom.FieldError{Field: field, Message: "This is not a possible mobile number for its prefix."}
}

// saveProfile writes a change that has been checked.
func (s *Service) saveProfile(ctx context.Context, row *ent.User, change fandom.ProfileChange) (*ent.User, error) {
	if change == (fandom.ProfileChange{}) {
		return row, nil
	}
	update := s.store.Client(ctx).User.UpdateOneID(row.ID)
	if f := change.FirstName; f.Set {
		setOrClear(f.Value, update.SetFirstName, update.ClearFirstName)
	}
	if f := change.LastName; f.Set {
		setOrClear(f.Value, update.SetLastName, update.ClearLastName)
	}
	if f := change.Email; f.Set {
		setOrClear(f.Value, update.SetEmail, update.ClearEmail)
	}
	if f := change.DateOfBirth; f.Set {
		var text *string
		if f.Value != nil {
			text = nonEmpty(f.Value.String())
		}
		setOrClear(text, update.SetDateOfBirth, update.ClearDateOfBirth)
	}
	if f := change.MobileNumberPrefix; f.Set {
		setOrClear(f.Value, update.SetMobilePrefixID, update.ClearMobilePrefixID)
	}
	if f := change.MobileNumber; f.Set {
		setOrClear(f.Value, update.SetMobileNumber, update.ClearMobileNumber)
	}
	if f := change.IsFlagAction; f.Set {
		update.SetIsFlagAction(*f.Value)
	}
	saved, err := update.Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("save a profile: %w", err)
	}
	return saved, nil
}

// profileOf makes the private value of a row.
func profileOf(row *ent.User) fandom.Profile {
	p := fandom.Profile{
		UserID:             row.ID,
		FirstName:          row.FirstName,
		LastName:           row.LastName,
		Gender:             row.Gender,
		Email:              row.Email,
		MobileNumberPrefix: row.MobilePrefixID,
		MobileNumber:       row.MobileNumber,
		IsFlagAction:       row.IsFlagAction,
	}
	if row.DateOfBirth != nil {
		if date, err := fandom.ParseDate(*row.DateOfBirth); err == nil {
			p.DateOfBirth = &date
		}
	}
	return p
}
