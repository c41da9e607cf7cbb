# Everything a developer needs; `make help` lists it. Works with any Python from 3.11 on.

UV_VERSION := 0.13.8
BIN := .venv/bin
STAMP := .venv/.synced
TEST_PROCESSES ?= 2
SEED ?= 1
AUDIT_OPTIONS ?=
ROWS ?=

.DEFAULT_GOAL := help
.PHONY: help setup up test browser lint check audit mutants fmt bench simulate

help: ## This list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

setup: $(STAMP) ## Virtual environment with the locked packages (the first time half a minute, then nothing)

$(STAMP): pyproject.toml uv.lock
	@python=$$(for name in python3 python3.14 python3.13 python3.12 python3.11; do \
		"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$name"; break; }; done); \
	if [ -z "$$python" ]; then echo 'Python 3.11 or later is needed and was not found.' >&2; exit 1; fi; \
	if [ ! -x $(BIN)/python ]; then echo "Making .venv with $$($$python --version) …"; \
		"$$python" -m venv .venv || { echo 'Its venv module is missing: apt-get install python3-venv' >&2; rm -rf .venv; exit 1; }; fi
	@$(BIN)/uv --version 2>/dev/null | grep -q '^uv $(UV_VERSION)' \
		|| $(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv==$(UV_VERSION)'
	@echo 'Installing the locked packages …'
	@VIRTUAL_ENV= $(BIN)/uv sync --frozen --quiet --python $(BIN)/python
	@touch $@

up: setup ## Run everything in this terminal: database, web, worker, sandbox. Ctrl-C stops it
	@exec $(BIN)/hesabu up

test: setup browser ## All tests, on a real PostgreSQL and in a real browser
	$(BIN)/pytest -n $(TEST_PROCESSES) -q

browser: # Debian's Chromium for the browser tests
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo 'Installing chromium …'; { apt-get update && apt-get install -y --no-install-recommends chromium; } >/dev/null; \
		else echo 'The browser tests need Chromium: sudo apt-get install chromium' >&2; exit 1; fi; }

lint: setup ## Format, lint, types, floors
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint ## All that, and the building code: what needs no browser
	$(BIN)/pytest tests/house -q

audit: setup ## Ask OSV about every locked package (needs the network; docs/operations/updates.md)
	$(BIN)/uv audit --frozen --preview-features audit-command $(AUDIT_OPTIONS)

mutants: setup ## Take defences out of a copy, one at a time: does the test that docs/security.md names see it? (half an hour)
	$(BIN)/python tests/house/mutants.py $(ROWS)

fmt: setup ## Put the code in order
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format --quiet .

bench: setup ## Measure; writes var/bench.json
	$(BIN)/hesabu bench

simulate: setup ## Months of business with faults: make simulate SEED=7
	$(BIN)/hesabu simulate --seed $(SEED)
