package fandom

import "time"

// PerformanceState is how far a performance has come.
type PerformanceState string

// The states. Pending and AwaitingFan are open; the others are final. Failed
// and Cancelled let the same recommendation be performed anew.
const (
	Pending     PerformanceState = "PENDING"      // to be done, or being done, on Twitter by the platform
	AwaitingFan PerformanceState = "AWAITING_FAN" // the fan does it themselves by a web intent
	Credited    PerformanceState = "CREDITED"     // done, and the points are in the ledger
	Failed      PerformanceState = "FAILED"       // given up, FailureReason says why
	Cancelled   PerformanceState = "CANCELLED"    // ended by the platform, without points
)

// PerformanceDeadline is how long an open performance is pursued.
const PerformanceDeadline = 24 * time.Hour

// Performance is a user carrying out a recommendation.
type Performance struct {
	ID               int
	UserID           int
	RecommendationID int
	ArtistID         *int
	Kind             Kind
	State            PerformanceState
	Worth            Points  // what it earns when credited
	Text             *string // the tweet as rendered; nil where nothing is posted
	ActsOn           *string // the tweet it acts on
	TweetID          *string // the post it created
	IntentURL        *string // where the fan does it themselves
	FailureReason    *string
	Attempts         int
	CreatedAt        time.Time
	DueAt            time.Time  // when it is tried (again)
	SentAt           *time.Time // when Twitter was first asked to do it
	CreditedAt       *time.Time
	DeadlineAt       time.Time
}

// RetryDelay is the pause before the next attempt after the given number of
// failed ones: 2 s, doubled each time, at most 15 minutes, and spread by a
// quarter either way. spread lies in [0, 1).
func RetryDelay(attempts int, spread float64) time.Duration {
	const first, most = 2 * time.Second, 15 * time.Minute
	delay := most
	if shift := max(attempts-1, 0); shift < 10 {
		delay = min(first<<shift, most)
	}
	return time.Duration(float64(delay) * (0.75 + spread/2))
}
