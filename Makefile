# One-word commands. `make run` and `make test` need nothing but Python 3.11 and make.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
SETTINGS ?= $(if $(BETA_SETTINGS),$(BETA_SETTINGS),$(wildcard beta.toml))
PORT ?= 8501
SIZE ?= 1m

.PHONY: run test check bench setup setup-dev setup-bench lock docs clean

run: setup  ## open the dashboard: beta.toml where there is one, else the demo beta
	@BETA_SETTINGS="$(SETTINGS)" PORT=$(PORT) sh scripts/run

test: setup-dev  ## everything, on real PostgreSQL, Prometheus and Chromium
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
setup-bench: $(VENV)/.bench

$(VENV)/.run: requirements.txt
	@PYTHON="$(PYTHON)" sh scripts/setup $(VENV) requirements.txt && touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@PYTHON="$(PYTHON)" sh scripts/setup $(VENV) requirements-dev.txt && touch $@

$(VENV)/.bench: requirements-bench.txt $(VENV)/.run
	@PYTHON="$(PYTHON)" sh scripts/setup $(VENV) requirements-bench.txt && touch $@

lock:  ## pin the three requirements*.in with hashes (needs uv)
	uv pip compile -q --generate-hashes --python-version 3.11 --no-emit-index-url --no-header requirements.in -o requirements.txt
	uv pip compile -q --generate-hashes --python-version 3.11 --no-emit-index-url --no-header requirements-dev.in -o requirements-dev.txt
	uv pip compile -q --generate-hashes --python-version 3.11 --no-emit-index-url --no-header requirements-bench.in -o requirements-bench.txt

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis
