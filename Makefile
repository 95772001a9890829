# `make` alone lists what can be made. Settings: docs/settings.md.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON := .venv/bin/python
# Images often forbid Python to keep what it compiled; every process would compile all modules again.
unexport PYTHONDONTWRITEBYTECODE
LOCK := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

.PHONY: help run test unit crash check format migrate seed admin build words worker doctor bench bench-data docs endpoints lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/installed ## Start everything and print where to sign in (Ctrl-C stops it)
	@exec $(PYTHON) -m lattis_app.cli up

test: .venv/installed-dev ## Everything CI runs: checks, a build of the pages, all tests
	@scripts/test-programs
	@$(MAKE) --silent --jobs 2 build unit
	@exec $(PYTHON) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -p no:randomly tests/crash tests/e2e

unit: check ## Checks and the tests that need no built pages
	@$(PYTHON) -m pytest -q -n 2 --dist loadgroup --ignore=tests/e2e --ignore=tests/crash

crash: .venv/installed-dev ## Kill servers and databases sixty times while payments are recorded
	@$(PYTHON) -m lattis_app.cli build
	@KILLS=50 $(PYTHON) -m pytest -q tests/crash -p no:randomly

check: .venv/installed-dev ## Format, lint, types, import rules
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/ruff check --quiet .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo

format: .venv/installed-dev ## Format the code and mend what can be mended by itself
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

migrate: .venv/installed ## Make the database, or bring it to this release
	@exec $(PYTHON) -m lattis_app.cli migrate

seed: .venv/installed ## Load the demo data into an empty database
	@exec $(PYTHON) -m lattis_app.cli seed

admin: .venv/installed ## Make an administrator's account; a new business begins with it
	@exec $(PYTHON) -m lattis_app.cli admin

build: .venv/installed ## Build the pages if their sources changed
	@exec $(PYTHON) -m lattis_app.cli build

worker: .venv/installed ## Run jobs in a process of their own (LATTIS_WORKER=external)
	@exec $(PYTHON) -m lattis_app.worker

words: .venv/installed ## Bring the catalogs of the languages (locale/) in step with the code
	@exec $(PYTHON) scripts/words.py

doctor: .venv/installed ## Say what is well and what is not
	@exec $(PYTHON) -m lattis_app.cli doctor

bench: .venv/installed-dev ## Measure this app beside a bare floor, in ratios
	@exec $(PYTHON) -m benchmarks

bench-data: .venv/installed-dev ## Make a database with a million delivery orders
	@exec $(PYTHON) -m benchmarks.large_set

docs: .venv/installed ## Write docs/settings.md from the settings
	@$(PYTHON) -m lattis_app.cli settings > docs/settings.md

endpoints: .venv/installed-dev ## Write docs/endpoints.md from OpenAPI and a run of the tests
	@exec $(PYTHON) scripts/endpoints.py

lock: .venv/installed-dev ## Write the lock files from requirements*.txt
	@$(LOCK) requirements.txt -o requirements.lock
	@$(LOCK) --constraints requirements.lock requirements-dev.txt -o requirements-dev.lock

clean: ## Remove what was built (not .lattis, which holds data)
	@rm -rf .venv .web .states .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis assets/external
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/installed: requirements.lock
	@scripts/environment requirements.lock $@

.venv/installed-dev: requirements-dev.lock requirements.lock
	@scripts/environment requirements-dev.lock $@
	@touch .venv/installed
