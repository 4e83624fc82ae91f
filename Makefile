# 守望: `make demo` and `make test` do all the set-up on a fresh machine with git, make and Python 3.11.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOUSEHOLDS ?= 20000
PORT ?= 8000
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help install install-dev demo serve test test-fast test-postgres check format types bench docs clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

install: $(VENV)/.installed ## install the program into .venv from the lock files, and nothing else

install-dev: $(VENV)/.installed-dev ## the same with the tools for tests, checks and documents

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements/runtime.lock requirements/node.lock frontend/package-lock.json frontend/install.py pyproject.toml | $(VENV)/bin/python
	$(PIP) install --require-hashes --only-binary :all: -r requirements/runtime.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	command -v npm >/dev/null || $(PIP) install --require-hashes --only-binary :all: -r requirements/node.lock
	$(BIN)/python frontend/install.py
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements/dev.lock
	$(PIP) install --require-hashes --only-binary :all: -r requirements/dev.lock
	touch $@

demo: install ## build the demo county, run the main job, serve it (HOUSEHOLDS=20000 PORT=8000)
	$(BIN)/shouwang demo --households $(HOUSEHOLDS) --port $(PORT)

serve: install ## serve what is there on 127.0.0.1 (PORT=8000)
	$(BIN)/shouwang serve --port $(PORT)

test: install-dev ## run every test, on SQLite and on PostgreSQL
	$(BIN)/python tests/run.py

test-fast: install-dev ## the tests without browser and without slow ones, on SQLite
	$(BIN)/python -m pytest -n 2 -m "not browser and not slow"

check: install-dev ## format, lint, types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy shouwang
	$(BIN)/djlint shouwang --lint --quiet
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/shouwang check-rulebook

format: install-dev ## bring the code into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: install-dev ## measure speed and memory beside the alternatives; see docs/performance.md
	$(BIN)/python -m bench

docs: install-dev ## build the documents into site/
	$(BIN)/mkdocs build --strict --quiet

clean: ## remove what can be made again (not data/)
	rm -rf $(VENV) site frontend/node_modules shouwang/core/static/vendor
