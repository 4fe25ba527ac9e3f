# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
DEMO ?= autocode-demo
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check
# One thread a process for matrix products: the tests run in as many processes as there are cores.
PYTEST = OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist worksteal

.PHONY: demo test test-all test-slow test-oldest check eval clean

demo: $(VENV)/.installed
	$(BIN)/autocode demo $(DEMO)

test: $(VENV)/.installed-dev
	$(PYTEST) -m "not slow"

# The long ones too, with the share of lines tested in the layers that others rest on.
test-all: $(VENV)/.installed-dev
	$(PYTEST) --cov $(FLOOR)

# The long ones alone, after `PYTEST_ADDOPTS="--cov --cov-report=" make test`: the same share.
test-slow: $(VENV)/.installed-dev
	$(PYTEST) -m slow --cov --cov-append $(FLOOR)
FLOOR = --cov-report=term:skip-covered --cov-fail-under=97

# The oldest versions that pyproject.toml allows, in an environment of their own.
test-oldest: $(VENV)-oldest/.installed
	OMP_NUM_THREADS=1 $(VENV)-oldest/bin/python -m pytest -n auto -m "not slow"

check: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# The cheap benchmarks; each prints a table. The long ones are named in eval/README.md.
eval: $(VENV)/.installed-dev
	$(BIN)/python eval/bench_agreement.py --quick --out -
	$(BIN)/python eval/bench_online.py --segments 2000

$(VENV)/.installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) -c constraints.txt -e .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed constraints-dev.txt
	$(PIP) -c constraints.txt -c constraints-dev.txt -e ".[dev]"
	touch $@

$(VENV)-oldest/.installed: pyproject.toml constraints-oldest.txt
	test -x $(VENV)-oldest/bin/python || $(PYTHON) -m venv $(VENV)-oldest
	$(VENV)-oldest/bin/python -m pip install --quiet --disable-pip-version-check \
		-c constraints-oldest.txt -e ".[dev]"
	touch $@

clean:
	rm -rf $(VENV) $(VENV)-oldest $(DEMO) .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis
