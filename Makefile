# One-word commands. `make run` and `make test` need nothing but Python 3.11 and make.
PYTHON ?= python3
VENV := .venv
SPARK := .venv-spark
PY := $(VENV)/bin/python
SETTINGS ?= $(if $(BETA_SETTINGS),$(BETA_SETTINGS),$(wildcard beta.toml))
PORT ?= 8501
SIZE ?= 1m

.PHONY: run test check bench setup setup-dev setup-spark setup-bench lock docs clean

run: setup  ## open the dashboard: beta.toml where there is one, else the demo beta
	@BETA_SETTINGS="$(SETTINGS)" PORT=$(PORT) sh scripts/run

test: setup-dev setup-spark  ## everything, on real PostgreSQL, Prometheus, Chromium and Spark
	@sh scripts/debian-packages
	@$(PY) -m pytest -n 2 --dist worksteal

check: setup-dev  ## lint, format, structure rules
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m pytest tests/structure

bench: setup-bench  ## speed beside its peers, as ratios in one run; SIZE=small, 1m, 10m or 100m
	@$(PY) -m benchmarks --size $(SIZE)

docs: setup  ## regenerate docs/kpis.md
	@$(PY) -m kpis catalogue --write docs/kpis.md

setup: $(VENV)/.run
setup-dev: $(VENV)/.dev
setup-spark: $(SPARK)/.run
setup-bench: $(VENV)/.bench

$(VENV)/.run: requirements.txt
	@PYTHON="$(PYTHON)" sh scripts/setup $(VENV) requirements.txt && touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@PYTHON="$(PYTHON)" sh scripts/setup $(VENV) requirements-dev.txt && touch $@

# The whole of Spark, for the tests' cluster: apart, because its package and the client's overwrite each other.
$(SPARK)/.run: requirements-spark-server.txt
	@PYTHON="$(PYTHON)" sh scripts/setup $(SPARK) requirements-spark-server.txt && touch $@

$(VENV)/.bench: requirements-bench.txt $(VENV)/.run
	@PYTHON="$(PYTHON)" sh scripts/setup $(VENV) requirements-bench.txt && touch $@

lock:  ## pin every requirements*.in with hashes (needs uv)
	for name in requirements requirements-spark requirements-clickhouse requirements-fast requirements-spark-server requirements-dev requirements-bench; do \
		uv pip compile -q --generate-hashes --python-version 3.11 --no-emit-index-url --no-header $$name.in -o $$name.txt || exit 1; done

clean:
	rm -rf $(VENV) $(SPARK) .pytest_cache .ruff_cache .hypothesis
