# Marketbook. `make reports` regenerates every report, `make test` runs the tests; each sets up what it needs.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
UV_VERSION := 0.13.9
READY := .venv/.ready
FRONT := lib/marketbook/app/server/front

.PHONY: help setup reports test check lab apps bench lock environment front messages demo clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

$(READY): requirements.lock pyproject.toml Makefile
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit(f"Marketbook needs Python 3.11 or later; {sys.executable} is {sys.version.split()[0]}. Say which to use: make PYTHON=python3.12 ...")'
	@echo "Setting up .venv from requirements.lock ..."
	@$(BIN)/python -c '' 2>/dev/null || { rm -rf .venv && $(PYTHON) -m venv .venv; }
	@$(BIN)/uv --version 2>/dev/null | grep -q ' $(UV_VERSION) ' || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

setup: $(READY) ## make .venv from requirements.lock

reports: $(READY) ## regenerate every report (the main job)
	@$(BIN)/marketbook run --all

test: $(READY) ## run the tests
	@$(BIN)/python -m pytest

check: $(READY) ## ruff, mypy, import-linter, nbstripout
	@$(BIN)/ruff check lib tests
	@$(BIN)/ruff format --check lib tests
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/nbstripout --keep-count --verify $$(git ls-files -co --exclude-standard 'notebooks/*.ipynb')

lab: $(READY) ## open the notebooks in JupyterLab, on an extract of the records without contact data
	@MARKETBOOK_STORE_URL="$$($(BIN)/marketbook extract --url)" $(BIN)/jupyter lab --notebook-dir=notebooks

apps: $(READY) ## serve the reports as pages in the browser
	@$(BIN)/marketbook apps

demo: $(READY) ## make the demo company's data anew
	@$(BIN)/marketbook demo

bench: $(READY) ## time one thing beside its peer: make bench NAME=regenerate
	@test -n "$(NAME)" || { echo "Which? make bench NAME=$$(ls tests/benchmarks/*.py | sed 's|.*/||; s|\.py||' | paste -sd'|')"; exit 2; }
	@$(BIN)/python tests/benchmarks/$(NAME).py

lock: $(READY) ## compile requirements.lock from pyproject.toml
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --python-version 3.11 --no-header --quiet -o requirements.lock

environment: $(READY) ## generate environment.yml from pyproject.toml
	@$(BIN)/python -m marketbook.app.environment

front: ## build the pages' front end anew (needs Node's npm; the result is committed)
	@mkdir -p .front && rm -rf .front/src && cp -r $(FRONT)/. .front/
	@cd .front && npm ci --silent && node build.js
	@cp .front/built/* $(FRONT)/built/

messages: $(READY) ## bring the language catalogues up to date with the code and the notebooks
	@$(BIN)/marketbook messages

clean: ## remove .venv and caches (outputs and .marketbook stay)
	@rm -rf .venv .front .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
