# Every target works on a fresh clone: what it needs is installed into .venv first.
#
#   make align   align the seed documents into aligned.tsv
#   make test    run the tests
#   make lint    check style, types, which folder imports which, and every link of docs/
#   make bench   reproduce the figures of the README and of docs/
#   make docs    write the reference pages anew, and build the site from docs/ into site/
#   make setup   only install
#
# PYTHON        the interpreter to start from, 3.11 or newer
# CONSTRAINTS   versions to install; an empty file lets pip choose: make CONSTRAINTS=/dev/null align
# PYTEST_ARGS   options of pytest; one process, and BLAS with as many threads as a user has: make test PYTEST_ARGS=

PYTHON ?= python3
CONSTRAINTS ?= constraints.txt
# A worker a processor, up to four: one takes up to two gigabytes of memory. One that is done takes tests over.
PYTEST_ARGS ?= --numprocesses auto --maxprocesses 4 --dist worksteal

VENV := .venv
BIN := $(VENV)/bin
MARK := installed-with-$(notdir $(CONSTRAINTS))
# Modules are compiled when they are first imported: most of what is installed never is.
PIP_INSTALL := $(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --constraint $(CONSTRAINTS)

.PHONY: align setup test lint bench docs clean
.DEFAULT_GOAL := align

align: $(VENV)/$(MARK)
	$(BIN)/corpus align -o aligned.tsv

setup: $(VENV)/$(MARK)-all

test: $(VENV)/$(MARK)-all
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(VENV)/$(MARK)-all
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/zensical build --clean --strict

bench: $(VENV)/$(MARK)-all
	$(BIN)/python bench/startup.py
	$(BIN)/python bench/noise.py

docs: $(VENV)/$(MARK)-all
	$(BIN)/python bench/reference_pages.py
	$(BIN)/zensical build --clean --strict

clean:
	rm -rf $(VENV) build dist site .cache .mypy_cache .pytest_cache .ruff_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "make: $(PYTHON) is older than Python 3.11; name a newer one: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

# What a user needs, and what a developer needs besides. The marks are made last, so that an interrupted
# installation is taken up again; they name the constraints, so that other ones are taken up, too.
$(VENV)/$(MARK): pyproject.toml $(CONSTRAINTS) | $(BIN)/python
	@echo "installing into $(VENV) (once; some minutes)"
	$(PIP_INSTALL) --editable .
	@touch $@

$(VENV)/$(MARK)-all: pyproject.toml $(CONSTRAINTS) | $(BIN)/python
	@echo "installing into $(VENV), with what tests need (once; some minutes)"
	$(PIP_INSTALL) --editable '.[all]'
	@touch $@ $(VENV)/$(MARK)
