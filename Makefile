# Everything runs in a virtual environment of its own; nothing else needs to be prepared.
.DEFAULT_GOAL := help

# The first Python on the machine that is new enough.
PYTHON ?= $(firstword $(foreach python,python3 python3.13 python3.12 python3.11,\
	$(shell $(python) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(python))))
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
CONFIG ?= config.yaml

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## */\t/' | expand -t 14

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "alertd needs Python 3.11 or newer; set PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "No virtual environment could be made: on Debian and Ubuntu, apt-get install python3-venv" >&2; exit 1; }

$(VENV)/installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing alertd into $(VENV) ..."
	@$(PIP) --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@echo "Installing what its tests need ..."
	@$(PIP) --editable '.[dev]'
	@touch $@

$(VENV)/installed-bench: $(VENV)/installed
	@echo "Installing what its benchmarks need ..."
	@$(PIP) --editable '.[bench]'
	@touch $@

$(VENV)/installed-mutants: $(VENV)/installed-dev
	@echo "Installing what changes its code by way of trial ..."
	@$(PIP) --editable '.[mutants]'
	@touch $@

demo: $(VENV)/installed  ## watch alertd at work on a generated market, or on DATA=path/to/klines
	@$(BIN)/alertd demo $(if $(SCENARIO),--scenario $(SCENARIO)) $(foreach path,$(DATA),--data $(path))

run: $(VENV)/installed  ## run the daemon with CONFIG=config.yaml
	@$(BIN)/alertd run --config $(CONFIG)

test: $(VENV)/installed-dev  ## run the whole test suite
	@$(BIN)/python -m pytest

lint: $(VENV)/installed-dev  ## ruff and the import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache

types: $(VENV)/installed-dev  ## mypy --strict
	@$(BIN)/mypy

check: lint types test  ## all of that: what continuous integration runs

bench: $(VENV)/installed-bench  ## what a tick costs, beside others and from the socket to the message; what rules cost to load
	@$(BIN)/python -m benchmarks.tick
	@$(BIN)/python -m benchmarks.engine
	@$(BIN)/python -m benchmarks.load
	@$(BIN)/python -m benchmarks.recording --quick
	@$(BIN)/python -m benchmarks.feed --quick
	@$(BIN)/python -m benchmarks.delivery --quick
	@$(if $(DATA),$(BIN)/python -m benchmarks.replay $(DATA) --quick,echo 'make bench DATA=path/to/klines measures replays as well')
	@$(BIN)/python -m benchmarks.alert_pictures
	@$(BIN)/python -m benchmarks.start

packs: $(VENV)/installed-dev  ## replay the rule packs over DATA=path/to/klines
	@$(BIN)/python -m benchmarks.packs $(or $(DATA),$(error say which klines: make packs DATA=path/to/klines)) --path ohlc

crash: $(VENV)/installed-dev  ## kill the daemon 500 times wherever it writes or sends, and count what arrives (needs gcc)
	@$(BIN)/python -m tests.crash

flood: $(VENV)/installed  ## let a whole market fall within a minute, and see that one chat hears of all of it
	@$(BIN)/python -m tests.flood

mutants: $(VENV)/installed-mutants  ## change the engine in some 2,600 ways and see which of them its tests notice
	@$(BIN)/mutmut run --max-children $$(nproc)

clean:  ## remove the virtual environment and all caches
	rm -rf $(VENV) mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help demo run test lint types check bench packs crash flood mutants clean
