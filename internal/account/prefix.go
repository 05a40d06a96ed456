package account

import (
	"context"
	"fmt"

	"madeinlatino.net/madeinlatino/ent"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/phone"
)

// MobilePrefixes lists every country and territory with a dialling code,
// ordered by name.
func (s *Service) MobilePrefixes(ctx context.Context) ([]fandom.MobilePrefix, error) {
	rows, err := s.store.Client(ctx).MobilePrefix.Query().All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the mobile prefixes: %w", err)
	}
	list := make([]fandom.MobilePrefix, len(rows))
	for i, row := range rows {
		list[i] = fandom.MobilePrefix{ID: row.ID, Region: row.Region, DialCode: row.DialCode, Name: row.Name}
	}
	phone.SortByName(list, func(p fandom.MobilePrefix) string { return p.Name })
	return list, nil
}

// SyncMobilePrefixes brings the table up to what the phone metadata knows:
// regions that are missing are added behind the others, in order of name, and
// names and codes are corrected where they stand. No row is ever renumbered or
// deleted, since profiles and clients refer to them. It is called at every
// start, and several processes may do it at once.
func (s *Service) SyncMobilePrefixes(ctx context.Context) error {
	regions := phone.Regions()
	known, _, err := s.prefixesByRegion(ctx)
	if err != nil {
		return err
	}
	if inStep(regions, known) {
		return nil
	}
	return s.store.WithTx(ctx, func(ctx context.Context) error {
		if s.store.Postgres() {
			// Excludes other writers, but neither readers nor profiles that refer to a row.
			if _, err := s.store.Conn(ctx).ExecContext(ctx, `LOCK TABLE mobile_prefixes IN SHARE ROW EXCLUSIVE MODE`); err != nil {
				return fmt.Errorf("lock the mobile prefixes: %w", err)
			}
		}
		known, last, err := s.prefixesByRegion(ctx)
		if err != nil {
			return err
		}
		for _, region := range regions {
			if _, ok := known[region.Code]; !ok {
				last++
			}
			if err := s.syncPrefix(ctx, known[region.Code], region, last); err != nil {
				return fmt.Errorf("sync the mobile prefix of %s: %w", region.Code, err)
			}
		}
		return s.advancePrefixIDs(ctx)
	})
}

// prefixesByRegion reads all rows, and the highest id.
func (s *Service) prefixesByRegion(ctx context.Context) (rows map[string]*ent.MobilePrefix, last int, err error) {
	list, err := s.store.Client(ctx).MobilePrefix.Query().All(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("read the mobile prefixes: %w", err)
	}
	rows = make(map[string]*ent.MobilePrefix, len(list))
	for _, row := range list {
		rows[row.Region] = row
		last = max(last, row.ID)
	}
	return rows, last, nil
}

// inStep reports whether there is nothing to do, as at almost every start.
func inStep(regions []phone.Region, known map[string]*ent.MobilePrefix) bool {
	for _, r := range regions {
		if row := known[r.Code]; row == nil || row.DialCode != r.DialCode || row.Name != r.Name {
			return false
		}
	}
	return true
}

// syncPrefix corrects a row, or makes it under the id. The id is given and not
// taken from the database, whose numbering has gaps after a rollback.
func (s *Service) syncPrefix(ctx context.Context, row *ent.MobilePrefix, region phone.Region, id int) error {
	c := s.store.Conn(ctx)
	switch {
	case row == nil:
		_, err := c.ExecContext(ctx, `INSERT INTO mobile_prefixes (id, region, dial_code, name) VALUES ($1, $2, $3, $4)`,
			id, region.Code, region.DialCode, region.Name)
		return err
	case row.DialCode != region.DialCode || row.Name != region.Name:
		_, err := c.ExecContext(ctx, `UPDATE mobile_prefixes SET dial_code = $1, name = $2 WHERE id = $3`,
			region.DialCode, region.Name, row.ID)
		return err
	default:
		return nil
	}
}

// advancePrefixIDs keeps PostgreSQL's own numbering behind the ids given here.
func (s *Service) advancePrefixIDs(ctx context.Context) error {
	if !s.store.Postgres() {
		return nil
	}
	_, err := s.store.Conn(ctx).ExecContext(ctx,
		`SELECT setval(pg_get_serial_sequence('mobile_prefixes', 'id'), MAX(id)) FROM mobile_prefixes`)
	if err != nil {
		return fmt.Errorf("advance the ids of mobile prefixes: %w", err)
	}
	return nil
}
