# Two commands matter: `make run` and `make test`. Both do all of their own set-up.

PYTHON ?= python3
PORT ?= 8000
DATA ?= $(CURDIR)/data
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv

export TONGBAN_DATA = $(DATA)

# What touches the database is tested a second time on PostgreSQL.
ON_POSTGRES = $(wildcard $(addprefix tests/,api kernel desks actors registers oversight stories year))

.PHONY: run year test check bench lint types imports migrations messages docs lock clean front

$(VENV)/.made: ; deploy/make-venv $(PYTHON) $(VENV)

$(VENV)/.run: $(VENV)/.made requirements/run.txt pyproject.toml
	$(UV) pip install --quiet --requirement requirements/run.txt
	$(UV) pip install --quiet --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	$(UV) pip install --quiet --requirement requirements/dev.txt
	@touch $@

run: $(VENV)/.run ## the platform with its demo city on an embedded database
	@TONGBAN_DEMO=1 TONGBAN_YEAR=0.01 $(BIN)/tongban serve --port $(PORT) --demo

CITY ?= xianning-2023
SCALE ?= 1.0

year: $(VENV)/.run ## a whole city's year in a database of its own, replayed and compared with what was published
	@mkdir -p $(DATA)/$(CITY)
	TONGBAN_DATA=$(DATA)/$(CITY) $(BIN)/tongban migrate --verbosity 0
	TONGBAN_DATA=$(DATA)/$(CITY) $(BIN)/tongban year replay --city $(CITY) --scale $(SCALE)
	TONGBAN_DATA=$(DATA)/$(CITY) $(BIN)/tongban year report
	TONGBAN_DATA=$(DATA)/$(CITY) $(BIN)/tongban report annual --city $(CITY) --out $(DATA)/$(CITY)

test: $(VENV)/.dev ## every test, with its own browser and database server
	@deploy/test-tools
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder
	$(BIN)/python -m tests.postgres $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not browser" $(ON_POSTGRES)

check: lint types imports migrations messages docs

lint: $(VENV)/.dev
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks

types: $(VENV)/.dev
	$(BIN)/mypy

imports: $(VENV)/.dev
	$(BIN)/lint-imports

migrations: $(VENV)/.dev
	$(BIN)/tongban makemigrations --check --dry-run
	$(BIN)/tongban flow check

messages: $(VENV)/.dev
	$(BIN)/tongban translations check

docs: $(VENV)/.dev
	$(BIN)/tongban docs check

bench: $(VENV)/.dev ## every figure of the README, with its floor in the same run
	@deploy/test-tools
	$(BIN)/python -m benchmarks

lock: $(VENV)/.made ## renew the pinned versions
	$(UV) pip compile --quiet --generate-hashes --no-header --no-annotate --upgrade pyproject.toml --output-file requirements/run.txt
	$(UV) pip compile --quiet --generate-hashes --no-header --no-annotate --upgrade --constraint requirements/run.txt --group dev pyproject.toml --output-file requirements/dev.txt

front: ## rebuild the committed front-end files (needs Node)
	cd frontend && npm ci && npm run build

clean:
	rm -rf $(VENV) data .mypy_cache .ruff_cache .pytest_cache
