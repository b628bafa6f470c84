# `make demo` and `make test` set up all they need; everything lives in .venv and goes with it.
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
# The first interpreter that really runs and is new enough; PYTHON=… chooses another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
ARGS ?=

.PHONY: demo test check slow lint types docs examples bench wheel clean help

help:
	@echo "make demo      watch a crew of five play (ARGS='--seconds 60' and so on)"
	@echo "make test      the fast suite"
	@echo "make check     everything: tests, long simulations, lint, types, docs, examples, wheel"
	@echo "make docs      build the pages into site/"
	@echo "make bench     the benchmarks, side by side"

demo: $(VENV)/.run
	@$(BIN)/wingmate demo $(ARGS)

test: $(VENV)/.test
	$(BIN)/python -m pytest -m "not slow" -q -n auto $(ARGS)

slow: $(VENV)/.test
	$(BIN)/python -m pytest -m slow -q -n auto $(ARGS)

lint: $(VENV)/.lint
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.lint $(VENV)/.test
	$(BIN)/mypy
	$(BIN)/mypy tests/typing_api.py examples
	$(BIN)/pyright

docs: $(VENV)/.docs
	$(BIN)/mkdocs build --strict

examples: $(VENV)/.test
	$(BIN)/python -m pytest -q tests/test_examples.py

bench: $(VENV)/.bench
	@for name in prompts paths stores turns memory chat; do \
		echo; echo "== $$name"; $(BIN)/python bench/$$name.py || exit 1; done

wheel: $(VENV)/.test
	sh .ci/wheel "$(PYTHON)"

check: test slow lint types docs examples wheel

clean:
	rm -rf $(VENV) site dist

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "wingmate needs Python 3.11 or newer; none was found. Install one, or say make PYTHON=/path/to/python"; exit 1; }
	@echo "setting up $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "this Python cannot make virtual environments; on Debian: apt-get install python3-venv"; exit 1; }
	@$(PIP) install --upgrade "pip>=25.1"

$(VENV)/.run: pyproject.toml | $(VENV)/bin/python
	@echo "installing wingmate and what it needs"
	@$(PIP) install -e ".[cli]"
	@touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/bin/python
	@echo "installing wingmate and what its tests need"
	@$(PIP) install -e ".[cli,testing]" --group test
	@touch $@ $(VENV)/.run

$(VENV)/.lint: pyproject.toml | $(VENV)/bin/python
	@echo "installing the linters"
	@$(PIP) install --group lint
	@touch $@

$(VENV)/.docs: pyproject.toml $(VENV)/.test | $(VENV)/bin/python
	@echo "installing what builds the pages"
	@$(PIP) install --group docs
	@touch $@

$(VENV)/.bench: pyproject.toml $(VENV)/.test | $(VENV)/bin/python
	@echo "installing what we compare with"
	@$(PIP) install --group bench
	@touch $@
