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
	sweepBatch = 8 // calls to Twitter at once
)

// Start pursues pending performances in the background until Stop: those
// that wait for another attempt, and those that a crash has interrupted.
func (s *Service) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	s.stop, s.done = cancel, make(chan struct{})
	go func() {
		defer close(s.done)
		ticker := time.NewTicker(sweepEvery)
		defer ticker.Stop()
		for {
			n, err := s.Sweep(ctx)
			if err != nil && ctx.Err() == nil {
				s.Log.ErrorContext(ctx, "cannot sweep the performances", "error", err)
			}
			if n == sweepBatch && ctx.Err() == nil {
				continue
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

// Sweep makes one attempt at each of the performances that have been due
// longest, and gives how many it took on. Several processes may sweep.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	if err := s.expireAwaiting(ctx); err != nil {
		return 0, err
	}
	due, err := s.lease(ctx)
	if err != nil {
		return 0, err
	}
	var batch sync.WaitGroup
	for _, l := range due {
		batch.Add(1)
		s.calls.Go(func() {
			defer batch.Done()
			s.pursue(context.WithoutCancel(ctx), l)
		})
	}
	batch.Wait()
	return len(due), nil
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
func (s *Service) lease(ctx context.Context) (due []leased, err error) {
	err = s.Store.WithTx(ctx, func(ctx context.Context) error {
		query := s.Store.Client(ctx).Performance.Query().
			Where(performance.State(string(fandom.Pending)), performance.DueAtLTE(s.Now())).
			Order(ent.Asc(performance.FieldDueAt, performance.FieldID)).Limit(sweepBatch)
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
