# `make help` lists every target. The two that a newcomer needs: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PLANS ?= samples/plans
PORT ?= 8138

.DEFAULT_GOAL := help
.PHONY: help install run test check format bench screenshots lock clean

help: ## List every target
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/ -/' | sort

$(VENV)/.installed: requirements.txt pyproject.toml
	@echo "Installing into $(VENV) from the hashed lock, half a minute ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	@echo "Installing the test and check tools ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

install: $(VENV)/.installed ## Make .venv from the hashed lock

run: $(VENV)/.installed ## Install, migrate, do the main job (PLANS=folder of plans) and serve it at 127.0.0.1 (PORT=8138)
	@$(BIN)/haidang serve --demo --plans "$(PLANS)" --port $(PORT)

ROOMS_WITH_ROWS := audit accounts agencies plans filings statistics reviews web

test: $(VENV)/.installed-dev ## Install what the tests need and run them, on SQLite and on a real PostgreSQL
	@echo "On SQLite:"
	@$(BIN)/python -m pytest -n auto
	@echo "The rooms with rows once more, on PostgreSQL:"
	@$(BIN)/python tools/with_postgres.py $(BIN)/python -m pytest -n auto -m "not browser" $(addprefix tests/,$(ROOMS_WITH_ROWS))

check: $(VENV)/.installed-dev ## Format, lint, types, import rules, migrations in step, specs valid, docs in step
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m django makemigrations --check --dry-run --settings haidang.project.settings
	$(BIN)/python tools/validate_specs.py
	$(BIN)/python -m pytest tests/codebase

format: $(VENV)/.installed-dev ## Format the code and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.installed-dev ## Measure: ratios against named baselines, written to docs/benchmarks.md
	$(BIN)/python tools/bench.py

screenshots: $(VENV)/.installed-dev ## Take the user guide's pictures from a running demonstration (make run in another window)
	$(BIN)/python tools/screenshots.py

lock: $(VENV)/.installed-dev ## Make the hashed locks anew from pyproject.toml
	$(BIN)/uv pip compile --universal --python-version 3.11 --no-header --no-annotate --generate-hashes --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --no-header --no-annotate --generate-hashes --no-emit-index-url --no-emit-find-links --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

clean: ## Remove the virtual environment and everything built; asks nothing
	rm -rf $(VENV) var build
