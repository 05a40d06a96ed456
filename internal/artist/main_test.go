package artist_test

import (
	"testing"

	"madeinlatino.net/madeinlatino/internal/testrig/pgserver"
)

func TestMain(m *testing.M) { pgserver.Main(m) }
