# Everything a developer, an office or continuous integration calls. `make` alone lists it.
# A clone, Python 3.11 or newer with pip, and make: nothing else is assumed to be there.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
PY := .venv/bin/python
ROOMS := $(wildcard scheduler calendars web jobs)
WORKERS ?= 3
TESTS ?= tests

.DEFAULT_GOAL := help
.PHONY: help run test lint style types imports unit coverage bench drills audit format clean venv tools chromium

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: venv ## the whole product on http://127.0.0.1:8000, with its jobs (LICHDAN_PORT, LICHDAN_VAR)
	@$(PY) start.py serve

test: tools chromium lint unit ## linters, types and every test, on both databases and in a real browser

lint: style types imports ## ruff, mypy and import-linter

style: tools
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .

types: tools
	@$(PY) -m mypy $(ROOMS) start.py

imports: tools
	@.venv/bin/lint-imports

unit: tools ## the tests alone: make unit TESTS=tests/rules WORKERS=0
	@$(PY) -m pytest $(TESTS) -q -n $(WORKERS) --dist worksteal

coverage: tools chromium ## the tests with the lines and branches they reach
	@$(PY) -m pytest tests -q -n $(WORKERS) --dist worksteal --cov --cov-report=term-missing

bench: tools ## figures from tests/bench, as one table and in var/bench.json
	@$(PY) -m tests.bench

drills: tools ## faults made on purpose, from tests/drills, as one table and in var/drills.json
	@$(PY) -m tests.drills

audit: venv ## known vulnerabilities in what the product runs on (asks an advisory service)
	@$(PY) start.py audit

format: tools ## ruff's formatter and its safe repairs
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

clean: ## what can be made again: .venv and caches (never var/, which holds the data)
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage .coverage.*
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

venv:
	@test -n "$(PYTHON)" || { echo "Cần Python 3.11 trở lên. / Python 3.11 or newer is needed." >&2; exit 2; }
	@$(PYTHON) start.py install requirements.txt

tools:
	@test -n "$(PYTHON)" || { echo "Cần Python 3.11 trở lên. / Python 3.11 or newer is needed." >&2; exit 2; }
	@$(PYTHON) start.py install requirements-test.txt

chromium: tools
	@$(PY) -m tests.browser
