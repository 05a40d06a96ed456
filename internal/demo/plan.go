package demo

import "fmt"

const (
	// fansOfOthers is how many fans each artist but the first has.
	fansOfOthers = 1_000
	// maxFans and maxArtists keep the names within Twitter's 15 characters,
	// and a slip of the finger from filling the disk.
	maxFans    = 100_000_000
	maxArtists = 1_000_000
)

// Plan says how much Seed makes.
type Plan struct {
	Artists int
	Fans    int
	Entries int // ledger entries at least; fewer than Total gives are never made
}

// Check tells whether the plan can be carried out.
func (p Plan) Check() error {
	switch {
	case p.Artists < 0 || p.Fans < 0 || p.Entries < 0:
		return fmt.Errorf("artists, fans and entries cannot be negative")
	case p.Artists > maxArtists || p.Fans > maxFans:
		return fmt.Errorf("at most %d artists and %d fans can be made", maxArtists, maxFans)
	case p.pairs() == 0 && p.Entries > 0:
		return fmt.Errorf("ledger entries need at least one artist and one fan")
	default:
		return nil
	}
}

// Total is how many ledger entries there will be: Entries, but at least one
// for each pair of an artist and a fan of theirs.
func (p Plan) Total() int { return max(p.Entries, p.pairs()) }

// pairs is how many pairs of an artist and a fan of theirs there are.
func (p Plan) pairs() int {
	if p.Artists == 0 {
		return 0
	}
	return p.Fans + (p.Artists-1)*p.others()
}

func (p Plan) others() int { return min(p.Fans, fansOfOthers) }

// deed is one entry to be: artist and fan count from 1, round from 0.
type deed struct{ artist, fan, round int }

// deed gives the nth entry, from 0: rounds over all pairs, the last one over as
// many of them as are left, at even distances. The first Fans of them are of
// different fans.
func (p Plan) deed(n int) deed {
	pairs := p.pairs()
	round, i := n/pairs, n%pairs
	inRound := min(p.Total()-round*pairs, pairs)
	d := p.pair(i * pairs / inRound)
	d.round = round
	return d
}

// pair gives the nth pair, from 0: first all fans of the first artist.
func (p Plan) pair(n int) deed {
	if n < p.Fans {
		return deed{artist: 1, fan: n + 1}
	}
	n -= p.Fans
	return deed{artist: 2 + n/p.others(), fan: 1 + n%p.others()}
}

// hundredths is what the entry is worth: few are worth much. The numbers come
// from the deed alone, by splitmix64, so that every run makes the same.
func (d deed) hundredths() int64 {
	x := uint64(d.artist)<<44 ^ uint64(d.round)<<32 ^ uint64(d.fan) // #nosec G115 -- none is negative
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	x ^= x >> 31
	const (
		least = 5_00
		span  = 1 << 20
		top   = 512 // bounds the tail: the most is 10,240 points
	)
	return int64(least * span / (x%span + top)) // #nosec G115 -- below 2^30
}

func (d deed) cause() string { return fmt.Sprintf("seed:%d:%d:%d", d.artist, d.fan, d.round) }
