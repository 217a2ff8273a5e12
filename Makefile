# make demo   sets up and plays one assignment through the real loop
# make test   sets up and runs every check
# make hostile shows what attacks get, here and in stock nbgrader
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CONSTRAINTS := .ci/constraints.txt
READY := $(VENV)/ready
WHEELHOUSE := $(VENV)/wheelhouse

.PHONY: setup demo test lint types layers suite validate bench hostile mutation soak wheel wheelhouse clean postgresql

setup: $(READY)

$(READY): pyproject.toml $(CONSTRAINTS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Unroll needs Python 3.11 or newer; say for example: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "This Python has no venv module; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	PIP_CONSTRAINT=$(CONSTRAINTS) $(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

demo: setup
	$(BIN)/python -m tests.demo

test: lint types layers suite validate

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

layers: setup
	$(BIN)/lint-imports --no-cache

suite: setup wheelhouse postgresql
	$(BIN)/pytest -q -n auto --dist loadfile --no-loadscope-reorder

# What a student's installation consists of, so that the test of one needs no network.
wheelhouse: $(WHEELHOUSE)/ready

$(WHEELHOUSE)/ready: $(READY)
	rm -rf $(WHEELHOUSE)
	PIP_CONSTRAINT=$(CONSTRAINTS) $(BIN)/pip wheel --quiet --disable-pip-version-check -w $(WHEELHOUSE) . ipykernel nbclient
	@rm $(WHEELHOUSE)/unroll_course-*.whl
	@touch $@

# The server that the tests of a gradebook on PostgreSQL start; without it they are skipped.
postgresql:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || \
	  { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	    apt-get install -y -qq postgresql >/dev/null; } || \
	  echo "PostgreSQL is not installed, and its tests are skipped: sudo apt-get install postgresql"

validate: setup
	$(BIN)/unroll release --check
	$(BIN)/unroll validate

bench: setup
	$(BIN)/python -m tests.benchmarks.sandbox
	$(BIN)/python -m tests.benchmarks.suites
	$(BIN)/python -m tests.benchmarks.class_grading
	$(BIN)/python -m tests.benchmarks.hardening

hostile: setup
	$(BIN)/python -m tests.submissions.hostile

mutation: setup
	PIP_CONSTRAINT=$(CONSTRAINTS) $(BIN)/pip install --quiet --disable-pip-version-check -e '.[mutation]'
	$(BIN)/python -m tests.mutation

# atheris has no wheel for some Pythons: then inputs are changed at random
soak: setup
	-PIP_CONSTRAINT=$(CONSTRAINTS) $(BIN)/pip install --quiet --disable-pip-version-check --only-binary atheris -e '.[fuzz]'
	$(BIN)/python -m tests.fuzz
	$(BIN)/python -W ignore -m tests.faults 30 kills.log

wheel: setup
	$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation -w dist .

clean:
	rm -rf $(VENV) dist mutants .pytest_cache .mypy_cache .ruff_cache .hypothesis
