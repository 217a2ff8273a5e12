# `make help` lists each target that has a comment after ##.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CONSTRAINTS := .ci/constraints.txt
READY := $(VENV)/ready
WHEELHOUSE := $(VENV)/wheelhouse
SYSTEM_PACKAGES ?= yes
POSTGRESQL := /usr/lib/postgresql/*/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint types layers suite validate bench hostile mutation soak wheel wheelhouse clean postgresql

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY)  ## Install the project and its tools into .venv (PYTHON=python3.12 for another Python)

$(READY): pyproject.toml $(CONSTRAINTS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Unroll needs Python 3.11 or newer; say for example: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "This Python has no venv module; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	PIP_CONSTRAINT=$(CONSTRAINTS) $(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

demo: setup  ## Play one assignment through nbgrader's real loop
	$(BIN)/python -m tests.demo

test: lint types layers suite validate  ## Run every check, as CI does

lint: setup  ## Check style and layout of the code with ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup  ## Check types with mypy
	$(BIN)/mypy

layers: setup  ## Check that imports go downwards only
	$(BIN)/lint-imports --no-cache

suite: setup wheelhouse postgresql  ## Run all tests with pytest, on every core
	$(BIN)/pytest -q -n auto --dist loadfile --no-loadscope-reorder

# Wheels of all that a student installs, so that the test of an installation needs no network.
wheelhouse: $(WHEELHOUSE)/ready  ## Download what a student's installation needs, for its test

$(WHEELHOUSE)/ready: $(READY)
	rm -rf $(WHEELHOUSE)
	PIP_CONSTRAINT=$(CONSTRAINTS) $(BIN)/pip wheel --quiet --disable-pip-version-check -w $(WHEELHOUSE) . ipykernel nbclient
	@rm $(WHEELHOUSE)/unroll_course-*.whl
	@touch $@

# The tests of a gradebook on PostgreSQL start a server of their own; pytest skips them where
# PostgreSQL is not installed.
postgresql:  ## Install PostgreSQL for its tests (SYSTEM_PACKAGES=no: skip them)
	@if ls $(POSTGRESQL)/initdb >/dev/null 2>&1 || command -v initdb >/dev/null; then exit; fi; \
	if [ "$(SYSTEM_PACKAGES)" = yes ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing the system package postgresql with apt-get (SYSTEM_PACKAGES=no: skip this)"; \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >/dev/null && exit; fi; \
	echo "PostgreSQL is not installed, so its tests are skipped: sudo apt-get install postgresql"

validate: setup  ## Prove that solutions, tests and released assignments fit together
	$(BIN)/unroll release --check
	$(BIN)/unroll validate

bench: setup  ## Measure the sandbox, the assignments' tests and a class
	$(BIN)/python -m tests.benchmarks.sandbox
	$(BIN)/python -m tests.benchmarks.suites
	$(BIN)/python -m tests.benchmarks.class_grading
	$(BIN)/python -m tests.benchmarks.hardening

hostile: setup  ## Play attacks, here and in stock nbgrader
	$(BIN)/python -m tests.submissions.hostile

mutation: setup  ## Show small changes of the solutions that no hidden test notices
	PIP_CONSTRAINT=$(CONSTRAINTS) $(BIN)/pip install --quiet --disable-pip-version-check -e '.[mutation]'
	$(BIN)/python -m tests.mutation

# atheris finds inputs by coverage. It has no wheel for some Pythons; the leading - ignores that,
# and tests.fuzz then changes seeds at random.
soak: setup  ## Try a million strange inputs, and kill a class's run at 30 moments
	-PIP_CONSTRAINT=$(CONSTRAINTS) $(BIN)/pip install --quiet --disable-pip-version-check --only-binary atheris -e '.[fuzz]'
	$(BIN)/python -m tests.fuzz
	$(BIN)/python -W ignore -m tests.kit.classroom.faults 30 kills.log

wheel: setup  ## Build what students install, into dist/
	$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation -w dist .

clean:  ## Remove .venv and everything that tools left behind
	rm -rf $(VENV) dist mutants .pytest_cache .mypy_cache .ruff_cache .hypothesis
