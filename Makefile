# What a developer and the continuous integration call. `make` lists it.

LINTER_VERSION := v2.15.0
LINTER := $(CURDIR)/.tools/golangci-lint-$(LINTER_VERSION)/golangci-lint

# Runs a command with a PostgreSQL in TEST_POSTGRES_URL, started for it unless
# the variable is set already.
WITH_SERVERS := go run ./internal/testrig/cmd/withservers

.DEFAULT_GOAL := help
.PHONY: help run build generate migration verify lint fmt test bench deps

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: ## Serve on http://127.0.0.1:8080 with SQLite and the sandbox
	go run .

build: ## Build bin/madeinlatino
	CGO_ENABLED=0 go build -trimpath -o bin/madeinlatino .

generate: ## Regenerate ent/ from ent/schema, then graph/ from graph/schema
	go generate ./ent
	go generate ./graph

migration: deps ## Write the migrations of both databases: make migration NAME=add_rewards
	@test -n "$(NAME)" || { echo "give the name, as in: make migration NAME=add_rewards" >&2; exit 2; }
	$(WITH_SERVERS) go run ./internal/store/cmd/migration $(NAME)

verify: deps $(LINTER) ## Check generated code, go.mod, format, lint, and the migrations
	.ci/generated
	go mod tidy -diff
	.ci/format
	go vet ./...
	$(LINTER) run
	$(WITH_SERVERS) go test -count=1 -run TestMigrationsMatchSchema ./internal/store/...

lint: $(LINTER) ## Run the linters alone
	$(LINTER) run

fmt: $(LINTER) ## Format what is written by hand
	$(LINTER) fmt

test: deps ## Run every test with the race detector, on SQLite and PostgreSQL
	$(WITH_SERVERS) go test -json -race ./...

bench: deps ## Run the benchmarks, on SQLite and PostgreSQL
	$(WITH_SERVERS) go test -run '^$$' -bench . -benchmem ./...

deps: ## Install what the tests need and the machine lacks: PostgreSQL, a C compiler
	@.ci/deps

$(LINTER):
	GOBIN=$(@D) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINTER_VERSION)
