package action

import (
	"context"
	"fmt"
	"sync"
	"time"

	"madeinlatino.net/madeinlatino/ent"
	"madeinlatino.net/madeinlatino/ent/performance"
	"madeinlatino.net/madeinlatino/internal/fandom"
)

const (
	sweepEvery = time.Second
	// callsAtOnce bounds the calls to Twitter that sweeping makes at once:
	// enough that some that hang do not hold up the rest.
	callsAtOnce = 64
)

// Start pursues pending performances in the background until Stop: those
// that wait for another attempt, and those that a crash has interrupted.
func (s *Service) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	s.stop, s.done = cancel, make(chan struct{})
	go func() {
		defer close(s.done)
		slots := make(chan struct{}, callsAtOnce)
		ticker := time.NewTicker(sweepEvery)
		defer ticker.Stop()
		for {
			if err := s.sweepInBackground(ctx, slots); err != nil && ctx.Err() == nil {
				s.Log.ErrorContext(ctx, "cannot sweep the performances", "error", err)
			}
			select {
			case <-ticker.C:
			case <-ctx.Done():
				return
			}
		}
	}()
}

// Stop ends the background work and waits for the calls to Twitter that are
// under way, those of requests included; each has a time limit of its own.
func (s *Service) Stop() {
	if s.stop != nil {
		s.stop()
		<-s.done
	}
	s.calls.Wait()
}

// sweepInBackground takes on as many due performances as there are free slots
// and does not wait for them.
func (s *Service) sweepInBackground(ctx context.Context, slots chan struct{}) error {
	due, err := s.takeOn(ctx, cap(slots)-len(slots))
	for _, l := range due {
		slots <- struct{}{}
		s.calls.Go(func() {
			defer func() { <-slots }()
			s.pursue(context.WithoutCancel(ctx), l)
		})
	}
	return err
}

// Sweep makes one attempt at each of the performances that have been due
// longest, waits for them, and gives how many they were. Several processes
// may sweep.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	due, err := s.takeOn(ctx, callsAtOnce)
	var batch sync.WaitGroup
	for _, l := range due {
		batch.Go(func() { s.pursue(context.WithoutCancel(ctx), l) })
	}
	batch.Wait()
	return len(due), err
}

// takeOn ends what has waited too long and leases what is due.
func (s *Service) takeOn(ctx context.Context, most int) ([]leased, error) {
	if err := s.expireAwaiting(ctx); err != nil || most == 0 {
		return nil, err
	}
	return s.lease(ctx, most)
}

// expireAwaiting fails what fans were to do themselves and were not seen to.
func (s *Service) expireAwaiting(ctx context.Context) error {
	err := s.Store.Client(ctx).Performance.Update().
		Where(performance.State(string(fandom.AwaitingFan)), performance.DueAtLTE(s.Now())).
		SetState(string(fandom.Failed)).SetLive(false).
		SetFailureReason("It was not seen on Twitter within 24 hours.").Exec(ctx)
	if err != nil {
		return fmt.Errorf("expire performances: %w", err)
	}
	return nil
}

// lease takes on what is due and nobody else acts on.
func (s *Service) lease(ctx context.Context, most int) (due []leased, err error) {
	err = s.Store.WithTx(ctx, func(ctx context.Context) error {
		query := s.Store.Client(ctx).Performance.Query().
			Where(performance.State(string(fandom.Pending)), performance.DueAtLTE(s.Now())).
			Order(ent.Asc(performance.FieldDueAt, performance.FieldID)).Limit(most)
		if s.Store.Postgres() {
			query = forUpdateSkipLocked(query)
		}
		rows, err := query.All(ctx)
		if err != nil {
			return err
		}
		until := s.Now().Add(leaseFor)
		for _, row := range rows {
			l := leased{lease: leaseName(), until: until, unsure: row.SentAt != nil}
			row, err := s.Store.Client(ctx).Performance.UpdateOneID(row.ID).
				SetLease(l.lease).SetLeaseUntil(until).SetDueAt(until).AddAttempts(1).Save(ctx)
			if err != nil {
				return err
			}
			l.p = performanceFromRow(row)
			due = append(due, l)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("lease performances: %w", err)
	}
	return due, nil
}
